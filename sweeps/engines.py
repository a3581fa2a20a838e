"""Which path trains a network: NumPy, the reference, or machine code by numba, the extra ``[fast]``.

Both follow the same formulas and agree up to rounding, not to the last bit: so the path is chosen once for
a run, recorded with it, and kept when the run is resumed. At moderate rates a loss after three epochs differs
by less than 2e-5 of itself in single precision, 1e-12 in double (tests/sweeps/test_compiled.py). It differs
more at the edge of stability, where a training amplifies rounding: near the cliff of large rates a single
trial may turn, even from trained to diverged. And where a gradient is zero but for rounding and the rule
divides it by its own size: under batch normalisation, the weights of a feature that does not vary within the
batch. Adam's ε says how far they then go: on digits the validation loss differs by 4e-5 after five epochs for
ε = 1e-8, by 3e-8 for 1e-5.

Who trains by which: whatever adds to a run takes the engine of that run (a sweep that goes on, all who share
it, ``confirm``). A new sweep, and the pilot that says how long one takes, are free: ``auto``. All else is
NumPy's wherever it runs: rates that are found are part of a definition, which must not depend on what is
installed, and so must estimators, programs, trajectories and claims not, which train few networks or look
inside a step.
"""

from __future__ import annotations

import importlib.util
import os
from typing import TYPE_CHECKING, Final

from sweeps.errors import DefinitionError, StudyError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

NUMPY, NUMBA, AUTO = "numpy", "numba", "auto"
ENGINES: Final = (AUTO, NUMPY, NUMBA)
COMPILING: Final = "compiling"  # what networks wait for before they train: once on this machine
COMPILING_EACH: Final = "compiling in each process"  # as no folder can be written to keep it
VARIABLE: Final = "SENSITIVITY_ENGINE"  # stands in for ``auto``


def engine_named(name: str = AUTO) -> str:
    """``numpy`` or ``numba``; ``auto`` is what the environment says, else numba where it is installed.

    Raises
    ------
    DefinitionError
        When the name is none, or numba is asked for and not installed.
    """
    said = f"engine {name!r}"
    if name == AUTO and os.environ.get(VARIABLE):
        name = os.environ[VARIABLE]
        said = f"{VARIABLE}={name}"
    if name not in ENGINES:
        raise DefinitionError(f"{said} is not known{did_you_mean(name, ENGINES)}")
    if name == NUMBA and not is_installed(NUMBA):
        raise DefinitionError(f"{said} needs numba, which is not installed; pip install numba, or take numpy")
    if name == AUTO:
        return NUMBA if is_installed(NUMBA) else NUMPY
    return name


def engine_of(versions: Mapping[str, str] | None) -> str:
    """Engine that trained a run, from the versions that are recorded with it (`sweeps.versions`)."""
    return NUMBA if NUMBA in (versions or {}) else NUMPY


def engine_again(versions: Mapping[str, str] | None) -> str:
    """The same, to train more with.

    Raises
    ------
    StudyError
        When it is numba, which is not installed here.
    """
    engine = engine_of(versions)
    if engine == NUMBA and not is_installed(NUMBA):
        raise StudyError(
            "this run was trained with numba, which is not installed, and trials of two engines must not be "
            "mixed; pip install numba, or give another --out"
        )
    return engine


def is_installed(engine: str) -> bool:
    """Whether networks can be trained by it here."""
    return engine == NUMPY or importlib.util.find_spec(engine) is not None
