"""How functions are compiled: once a machine, kept on disk, and anew when one of them has changed.

numba keeps what it compiled in the folder that NUMBA_CACHE_DIR names, or in its own one of the user's. It
looks at the content of the file of the function that is called, whatever its time, and not at the files that
this one calls; so the names of kernels, and with them of what is kept, hold a digest of them all, constants
included.
"""

from __future__ import annotations

import contextlib
import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numba
from llvmlite import binding
from numba import njit
from numba.core import config

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Function = TypeVar("Function")

_HERE = Path(__file__).parent
_KERNELS = sorted(path for path in _HERE.glob("*.py") if path.name not in {"__init__.py", "run.py"})
_SOURCES = (*_KERNELS, _HERE.parent / "activations.py", _HERE.parent / "batch_norm.py")
_PLACES: Final = "UserProvidedCacheLocator,UserWideCacheLocator"
# And what else numba asks for before it takes machine code: its own version, Python's, and the processor.
_MADE_BY = (numba.__version__, str(sys.implementation.cache_tag), binding.get_host_cpu_name())
_CONTENT = b"".join([*map(Path.read_bytes, _SOURCES), *map(str.encode, _MADE_BY)])
DIGEST: Final = hashlib.sha256(_CONTENT).hexdigest()[:14]


def inlined(function: Function) -> Function:
    """Compile as a part of whatever calls it: an operation on one element."""
    made: Function = njit(forceinline=True, error_model="numpy")(function)
    return made


def compiled(function: Function) -> Function:
    """Compile as a function that a kernel calls. A division by zero gives what IEEE 754 says."""
    made: Function = njit(error_model="numpy", nogil=True)(function)
    return made


def kernel(function: Any, precision: str) -> Any:
    """Compile as a function that Python calls, and keep it on disk.

    Each precision has files of its own: two processes that compile at once write the same to one file, or
    write two.
    """
    function.__qualname__ = f"{function.__name__}_{precision}_{DIGEST}"
    made = njit(error_model="numpy", nogil=True)(function)
    with (
        _outside_the_package(),
        contextlib.suppress(RuntimeError),
    ):  # no folder can be written: it is made anew
        made.enable_caching()
    return made


@contextlib.contextmanager
def _outside_the_package() -> Iterator[None]:
    """Let numba keep nothing beside the source, where it would stay when the package is removed.

    The folder that was left would stand for the package wherever this is installed anew (PEP 420).
    """
    before = config.CACHE_LOCATOR_CLASSES
    config.CACHE_LOCATOR_CLASSES = before or _PLACES
    try:
        yield
    finally:
        config.CACHE_LOCATOR_CLASSES = before


def kept(kernels: Iterable[Any]) -> bool | None:
    """Whether kernels as they are now were compiled on this machine before; None: they cannot be kept."""
    for each in kernels:
        folder = each.stats.cache_path
        if folder is None:
            return None
        if not any(Path(folder).glob(f"*.{each.py_func.__qualname__}-*.nbi")):
            return False
    return True
