"""Measures: trials and their space → tidy tables, no drawing.

::

    variance.py   variance decomposition: picks the right estimator; the one source of all shares
    ranking.py    settings in order of importance with their best value

    divergence.py       where training diverges and what decides it
    survivors.py        the ranking with diverged trials at the cap and without them
    tolerance.py        which range of a setting is good enough
    optimizer_comparison.py   optimizers side by side: numbers where notes draw stars
    optimizer_differences.py  what each optimizer forgives, reaches and how soon, against every other
    moving_optimum.py   where the best learning rate moves with another setting
    scaling_laws.py     which law a slope of it speaks for
    rate_and_beta.py    which settings are the learning rate and β of momentum
    momentum_rescaling.py  whether η / (1 − β) takes the interaction of the two away
    question.py         what the sweep was made to ask, answered
    tunability.py       what tuning a setting gains over its default
    isolation.py        the best at each value of a setting
    pairs.py            what each cell of two settings reaches, and an untuned rest gives there
    best_after_k.py     the expected best of k random trials
    advice.py           what to tune, what to fix, what cannot be judged
    among_best.py       what still matters once it is good
    training_speed.py   epochs to the target, area under the curve
    over_epochs.py      which settings matter early and which late
    stability.py        the ranking across replicates, metrics and numbers of trials
    concordance.py      the ranking across runs
    confirm.py          the best few of a sweep trained again
    confirm_words.py    what these say, in sentences

    measure.py    what a measure is: question, how to read it, tables with every column in words
    registry.py   MEASURES, in reading order: the one list that tables, show, page and tests read
    measuring.py  a study → all tables
    trials.py     the table of trials in words
"""
