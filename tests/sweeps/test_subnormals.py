"""Subnormal numbers are zero where networks are trained, and nowhere else."""

import numpy as np
import pytest

from sweeps import subnormals
from sweeps.measured_forms import along_x
from sweeps.subnormals import flushed, handling
from sweeps.trajectories import paths
from sweeps.versions import versions

known = pytest.mark.skipif(handling() == "kept", reason="the switch of this platform is not known")
SMALL = np.full(64, 2.0**-100, np.float32)  # their products are subnormal
TINY = 2.0**-1000


def products():
    """The same subnormal product of vectors in single precision and of numbers in double."""
    return float((SMALL * np.float32(2.0**-40)).max()), TINY * 2.0**-60


@known
def test_products_are_zero_inside_and_not_outside():
    """Both precisions, results and operands; leaving an inner block does not leave the outer one."""
    expected = (2.0**-140, 2.0**-1060)
    assert products() == expected
    with flushed():
        assert products() == (0.0, 0.0)
        assert float(np.float32(expected[0]) * np.float32(2.0**60)) == 0.0
        with flushed():
            assert products() == (0.0, 0.0)
        assert products() == (0.0, 0.0)
    assert products() == expected


@known
def test_an_exception_gives_the_state_back():
    """Whatever ends the block."""
    with pytest.raises(KeyError), flushed():
        raise KeyError(products())
    assert products() == (2.0**-140, 2.0**-1060)


def test_an_unknown_platform_keeps_them_and_says_so(monkeypatch):
    """Nothing is switched there, and a run notes it down."""
    assert versions()["subnormals"] == handling()
    monkeypatch.setattr(subnormals, "_usable", lambda: None)
    with flushed():
        assert products() == (2.0**-140, 2.0**-1060)
    assert versions()["subnormals"] == "kept"


@known
def test_a_switch_that_does_not_switch_is_not_used(monkeypatch):
    """Where the state has another layout than was thought, the platform counts as unknown."""
    monkeypatch.setattr(subnormals, "_set", lambda *_: 0)
    assert subnormals._usable.__wrapped__() is None


@known
def test_paths_on_a_surface_have_none():
    """A slope that asks for the product gets zero, so the path stays where it is."""
    slope = along_x(np.zeros_like, lambda x: (0 * x + TINY) * 2.0**-60)
    found = paths(slope, {"optimizer": "sgd", "learning_rate": 1.0}, (1e-300, 0.0), 3)
    assert (found[0, :, 0] == 1e-300).all()
    assert products() == (2.0**-140, 2.0**-1060)
