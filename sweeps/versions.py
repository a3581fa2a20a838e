"""What last bits depend on beside the definition: processes that share a sweep must agree on it."""

from __future__ import annotations

import hashlib
import importlib
import os
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
_COMPILED: Final = (NUMBA, "llvmlite", "scipy")
_ADVICE: Final = {
    "engine": "give all the same --engine",
    "BLAS kernel": "set OPENBLAS_CORETYPE to one that all processors have, such as Haswell, for all of them",
    "NumPy's functions": "set NPY_DISABLE_CPU_FEATURES to what some processors lack, such as X86_V4, for all",
    "processor": "set NUMBA_CPU_NAME to one that all processors have, such as haswell, for all of them",
    "machine": "use machines of one kind",
    "code": "install the same version of sensitivity everywhere",
}


def versions(engine: str = NUMPY) -> dict[str, str]:
    """What is recorded with a run: interpreter, NumPy, kind of machine.

    Where numba trains it is named, with what makes its machine code and SciPy, whose BLAS it calls.
    """
    found = {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "machine": platform.machine(),
        "subnormals": handling(),
    }
    return found | ({name: _version(name) for name in _COMPILED} if engine == NUMBA else {})


def terms(*, planning: bool = False, engine: str = NUMPY) -> dict[str, str]:
    """All on which processes that work on one sweep must agree, so that it does not matter which does what.

    Parameters
    ----------
    planning
        Whether the process draws plans and proposals too, and not only trains.
    engine
        Path that trains networks.
    """
    agreed = {"engine": engine, **versions(engine), "BLAS kernel": _kernel(engine), "code": _code()}
    agreed |= {"NumPy's functions": _functions()} | ({"processor": _processor()} if engine == NUMBA else {})
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
def _kernel(engine: str = NUMPY) -> str:
    """Kernels of the BLAS that an engine calls: which one is taken is decided by the processor.

    NumPy brings its own, numba calls SciPy's. Their files lie in numpy.libs or numpy/.dylibs, and alike.
    """
    np.ones((2, 2)) @ np.ones((2, 2))  # loads it
    if engine == NUMBA:
        importlib.import_module("scipy.linalg")
    package = "scipy" if engine == NUMBA else "numpy"
    found = [library for library in threadpool_info() if library.get("user_api") == "blas"]
    folders = [Path(library.get("filepath", "")).parts[-3:-1] for library in found]
    chosen = [any(part.startswith(package) for part in parts) for parts in folders]
    own = [library for library, mine in zip(found, chosen, strict=True) if mine] or found
    names = {str(library.get("architecture") or library.get("internal_api")) for library in own}
    return ", ".join(sorted(names)) or "none"


@cache
def _functions() -> str:
    """Digest of what NumPy's exp, log, tanh and expm1 give: it has code of its own for some processors."""
    digest = hashlib.sha256()
    for kind in (np.float32, np.float64):
        x, below = (np.asarray(np.linspace(0.01, end, 1000), dtype=kind) for end in (20, -20))
        for found in (np.exp(below), np.log(x), np.tanh(x), np.expm1(below)):
            digest.update(found.tobytes())
    return digest.hexdigest()[:12]


def _processor() -> str:
    """Name of the processor that numba compiles for."""
    binding = importlib.import_module("llvmlite.binding")  # of the extra that trains
    return os.environ.get("NUMBA_CPU_NAME") or str(binding.get_host_cpu_name())


@cache
def _code() -> str:
    """Digest of this package's own source: a version number says less while it is being worked on."""
    return contents(Path(__file__).parent, "*.py")[:12]


def contents(folder: Path, pattern: str = "*") -> str:
    """Digest of the files of a package and of their places in it, but for what Python compiled."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob(pattern)):
        if path.is_file() and path.parent.name != "__pycache__":
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
