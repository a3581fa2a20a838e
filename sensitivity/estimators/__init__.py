"""Estimators: how a share, a proportion or a mean gets its number and its interval.

Measures are made of them; the arrow goes from `sensitivity.measures` to here, never back.

::

    effects.py    columns, kinds and words of a variance decomposition
    factorial.py  exact decomposition of a balanced, replicated factorial, with intervals and verdicts
    cells.py      the cells of a replicated factorial: which configuration stands where, with what weight
    forms.py      quadratic forms in the cell means: what a factorial's variance is made of
    noise.py      the one estimate of the noise of the seed, and of the replicate's block
    identical.py  the same training twice in a grid that was run once
    alike.py      how much neighbours can share of its noise
    significance.py  Box's test against it; Holm's correction
    intervals.py  score intervals of the shares
    shares.py     shares with their intervals in every world of the noise

    surrogate/  decomposition of any other plan
    curves/     what stays good when everything else is tuned again

    tried.py        the configurations of a study, each once, with their results
    choosing.py     the best by mean on equal terms, and the most forgiving of those as good
    chosen.py       what the choice of the best, or of the worst and the best, does to their numbers
    neighbourhood.py  who is next to whom among them
    defaults.py     the default configuration of a space
    fresh_seeds.py  a few candidates by results that did not choose them: who is best, whom to take

    branches.py     all and each optimizer, with the estimator that the design allows
    projections.py  shares of many responses of one factorial at once, with standard errors
    subsets.py      shares from a part of the configurations
    levels.py       which trials sit at each level of every setting
    proportions.py  proportions and means with intervals that know of replicates
    rankable.py     value, ranks, loss and error to rank by
    training_curves.py  validation curves in one array
"""
