"""Measures: trials and their space → tidy tables, no drawing.

::

    variance.py   variance decomposition: picks the right estimator; the one source of all shares
    factorial.py  exact decomposition of a balanced, replicated factorial, with intervals and verdicts
    cells.py      the cells of a replicated factorial: which configuration stands where, with what weight
    forms.py      quadratic forms in the cell means: what a factorial's variance is made of
    noise.py      variance of the seed and of the replicate; Box's test against it; Holm's correction
    intervals.py  score intervals of the shares
    binning.py    main effects where the plan is no balanced factorial and there is no surrogate
    effects.py    columns, kinds and words of a variance decomposition
    ranking.py    settings in order of importance with their best value

    divergence.py       where training diverges and what decides it
    survivors.py        the ranking with diverged trials at the cap and without them
    among_best.py       what still matters once it is good
    training_speed.py   epochs to the target, area under the curve
    over_epochs.py      which settings matter early and which late
    stability.py        the ranking across replicates, metrics and numbers of trials
    concordance.py      the ranking across runs

    branches.py     all and each optimizer, with the estimator that the design allows
    projections.py  shares of many responses of one factorial at once, with standard errors
    subsets.py      shares from a part of the configurations
    levels.py       levels of every setting, and which trials sit there
    proportions.py  proportions and means with intervals that know of replicates
    curves.py       validation curves in one array
    responses.py    value, ranks, loss and error to rank by

    table_columns.py  every column of every table, in words
"""
