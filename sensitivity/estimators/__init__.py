"""Estimators: how a share, a proportion or a mean gets its number and its interval.

Measures are made of them; the arrow goes from `sensitivity.measures` to here, never back.

::

    effects.py    columns, kinds and words of a variance decomposition
    factorial.py  exact decomposition of a balanced, replicated factorial, with intervals and verdicts
    cells.py      the cells of a replicated factorial: which configuration stands where, with what weight
    forms.py      quadratic forms in the cell means: what a factorial's variance is made of
    noise.py      variance of the seed and of the replicate; Box's test against it; Holm's correction
    intervals.py  score intervals of the shares

    surrogate.py       decomposition of any other plan, through `sensitivity.estimators.surrogate`
    surrogate_rows.py  its shares as rows of the table
    binning.py         bins and means of configurations, for main effects of plans that are no factorial

    branches.py     all and each optimizer, with the estimator that the design allows
    projections.py  shares of many responses of one factorial at once, with standard errors
    subsets.py      shares from a part of the configurations
    levels.py       levels of every setting, and which trials sit there
    proportions.py  proportions and means with intervals that know of replicates
    curves.py       validation curves in one array
    responses.py    value, ranks, loss and error to rank by
"""
