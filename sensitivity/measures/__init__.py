"""Measures: trials and their space → tidy tables, no drawing.

::

    cells.py      the cell means of a replicated factorial as an array, and quadratic forms on it
    noise.py      variance of the seed and of the replicate; F tests against it; Holm's correction
    effects.py    columns and words of a table of effects
    variance.py   exact main and total effects of a balanced factorial; ``effects`` picks the right estimator
    binning.py    main effects where the plan is no balanced factorial
    ranking.py    settings in order of importance with their best value
"""
