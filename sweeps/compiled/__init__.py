"""The compiled path: the loop over the minibatches of an epoch as machine code, made by numba.

One call trains one member through a whole epoch, then the next member: matrix products by BLAS, and between
them each element is read and written once. `sweeps.engines` says which path a run takes; the NumPy path
(`sweeps.network`, `sweeps.optimizer`) is the reference. Nothing outside of this package imports numba, and
`loops` does so only where it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sweeps.engines import COMPILING, COMPILING_EACH, NUMBA

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sweeps.objective import Work
    from sweeps.training import _Run


def loops(engine: str) -> Callable[[Mapping[str, Any]], type[_Run] | None] | None:
    """What gives the compiled loop of a complete configuration, if it has one; None: the engine is NumPy."""
    if engine != NUMBA:
        return None
    from sweeps.compiled.run import compiled_loop  # noqa: PLC0415 (an extra)

    return compiled_loop


def before_training(work: Work) -> str | None:
    """What the user has to wait for before networks train, as `sweeps.engines` calls it; None: nothing."""
    if work.engine != NUMBA:
        return None
    from sweeps.compiled.compiling import kept  # noqa: PLC0415 (an extra)
    from sweeps.compiled.kernels import SAY, TRAIN_EPOCH  # noqa: PLC0415 (an extra)

    precision = getattr(work, "precision", "float32")
    ready = kept([TRAIN_EPOCH[precision], SAY[precision]])
    if ready is None:
        return COMPILING_EACH
    return None if ready else COMPILING
