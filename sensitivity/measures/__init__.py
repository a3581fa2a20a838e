"""Measures: trials and their space → tidy tables, no drawing.

::

    cells.py      the cell means of a replicated factorial as an array, and quadratic forms on it
    noise.py      variance of the seed and of the replicate; F tests against it; Holm's correction
    effects.py    columns and words of a table of effects
    variance.py   exact main and total effects of a balanced factorial; ``effects`` picks the right estimator
    binning.py    main effects where the plan is no balanced factorial
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
"""
