"""The compiled path: the loop over the minibatches of an epoch as machine code, made by numba.

One call trains one member through a whole epoch, then the next member: matrix products by BLAS, and between
them each element is read and written once. `sweeps.engines` says which path a run takes; the NumPy path
(`sweeps.network`, `sweeps.optimizer`) is the reference. Nothing outside of this package imports numba.
"""
