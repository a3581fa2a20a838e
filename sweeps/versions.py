"""What last bits depend on beside the definition: processes that share a sweep must agree on it."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from threadpoolctl import threadpool_info

from sweeps.engines import NUMBA, NUMPY
from sweeps.errors import ExecutionError
from sweeps.subnormals import handling

if TYPE_CHECKING:
    from collections.abc import Mapping

# Packages that draw plans, splits and proposals; a worker that only trains needs none of them.
_PLANNING: Final = ("optuna", "scipy", "scikit-learn")
_ADVICE: Final = {
    "engine": "give all the same --engine",
    "BLAS kernel": "set OPENBLAS_CORETYPE to one that all processors have, such as Haswell, for all of them",
    "machine": "use machines of one kind",
    "code": "install the same version of sensitivity everywhere",
}


def versions(engine: str = NUMPY) -> dict[str, str]:
    """What is recorded with a run: interpreter, NumPy, machine; of numba also SciPy, whose BLAS it calls."""
    found = {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "machine": platform.machine(),
        "subnormals": handling(),
    }
    return found | ({name: _version(name) for name in (NUMBA, "scipy")} if engine == NUMBA else {})


def terms(*, planning: bool = False, engine: str = NUMPY) -> dict[str, str]:
    """All on which processes that work on one sweep must agree, so that it does not matter which does what.

    Parameters
    ----------
    planning
        Whether the process draws plans and proposals too, and not only trains.
    engine
        Path that trains networks.
    """
    agreed = {"engine": engine, **versions(engine), "BLAS kernel": _kernel(), "code": _code()}
    return agreed | ({name: _version(name) for name in _PLANNING} if planning else {})


def check_terms(mine: Mapping[str, str], theirs: Mapping[str, str], who: str, others: str) -> None:
    """Compare what two processes have.

    Raises
    ------
    ExecutionError
        On the first term that differs: one sentence.
    """
    for name in {**theirs, **mine}:
        here, there = mine.get(name, "none"), theirs.get(name, "none")
        if here != there:
            advice = _ADVICE.get(name, f"install the same {name} everywhere")
            raise ExecutionError(
                f"{who} has {name} {here}, {others} {there}, so last digits may differ; {advice}"
            )


@cache
def _kernel() -> str:
    """Kernels of the BLAS that NumPy calls: which one is taken is decided by the processor."""
    np.ones((2, 2)) @ np.ones((2, 2))  # loads it
    found = [library for library in threadpool_info() if library.get("user_api") == "blas"]
    own = [library for library in found if "numpy" in str(library.get("filepath", ""))] or found
    names = {str(library.get("architecture") or library.get("internal_api")) for library in own}
    return ", ".join(sorted(names)) or "none"


@cache
def _code() -> str:
    """Digest of this package's own source: a version number says less while it is being worked on."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
