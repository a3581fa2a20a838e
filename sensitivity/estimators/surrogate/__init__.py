"""Surrogates: smooth or tree-like models of the response over the unit cube of a space.

::

    axes.py                a setting's variants as cells of the unit interval
    encoding.py            trials and latent points → unit-cube positions and a mask of what is active
    canonical.py           rows, settings and levels in an order that no file decides
    observed.py            replicates → one mean per draw, the block taken off, the noise of the seed
    polynomial_chaos.py    orthonormal polynomials and contrasts, chosen by analytic PRESS
    gaussian_process.py    product of RBF and Hamming kernels
    trees.py               ExtraTrees and histogram gradient boosting
    placed.py              trials as draws of an encoded design
    near_best.py           a surrogate that is fine near the best, for curves of what can be reached
    selection.py           the surrogate of largest cross-validated q²
    blend.py               weighted mean of two surrogates
    prior.py               averages of a surrogate over the prior
    one_step.py            debiased variance components with standard errors
    region.py              the same for the whole prior or one branch
    screening.py           which of very many settings are learned from
    missed.py              what residuals tell of effects that a surrogate has missed
    unexplained.py         noise and lack of fit, apart where replicates tell
    unknown.py             whose the rest of the lack of fit is
    design.py              do the trials follow the prior

A surrogate has ``predict(points)`` (`encoding.Points` → (N,)) and ``smooth``.
"""
