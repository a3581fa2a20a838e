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
"""
