"""What processes that share a sweep must agree on: the library and the code that give the last bits."""

from __future__ import annotations

import numpy as np
import pytest

from sweeps import versions as module
from sweeps.errors import ExecutionError
from sweeps.versions import check_terms, terms, versions


@pytest.fixture(autouse=True)
def asked_anew():
    """Nothing is remembered from another test, nor for one."""
    for known in (module._kernel, module._functions):
        known.cache_clear()
    yield
    for known in (module._kernel, module._functions):
        known.cache_clear()


def test_numba_brings_what_makes_and_what_multiplies():
    """Its machine code is llvmlite's, its matrix products are SciPy's."""
    pytest.importorskip("numba")
    assert versions("numba").keys() - versions().keys() == {"numba", "llvmlite", "scipy"}
    assert terms(engine="numba").keys() - terms().keys() == {"numba", "llvmlite", "scipy", "processor"}


def test_the_kernel_is_that_of_the_library_which_multiplies(monkeypatch):
    """NumPy's file bears SciPy's name; its folder tells them apart."""
    found = [
        {
            "user_api": "blas",
            "filepath": f"/x/site-packages/{name}/libscipy_openblas.so",
            "architecture": kernel,
        }
        for name, kernel in (("numpy.libs", "Haswell"), ("scipy.libs", "SkylakeX"))
    ]
    monkeypatch.setattr(module, "threadpool_info", lambda: found)
    assert module._kernel("numpy") == "Haswell"
    assert module._kernel("numba") == "SkylakeX"
    monkeypatch.setattr(module, "threadpool_info", lambda: [{**found[0], "filepath": "/usr/lib/libblas.so"}])
    module._kernel.cache_clear()
    assert module._kernel("numba") == "Haswell"


@pytest.mark.parametrize("name", ["exp", "log", "tanh", "expm1"])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_another_last_bit_of_a_function_is_refused(monkeypatch, name, kind):
    """As where NumPy has code of its own for a processor: one bit of one value in one precision."""
    mine, own = terms(), getattr(np, name)

    def other(x):
        result = own(x)
        if x.dtype == kind:
            result[7] = np.nextafter(result[7], kind(1e30))
        return result

    monkeypatch.setattr(np, name, other)
    module._functions.cache_clear()
    with pytest.raises(ExecutionError, match=r"NumPy's functions .*set NPY_DISABLE_CPU_FEATURES"):
        check_terms(terms(), mine, "this process", "the others")


def test_the_processor_is_the_one_that_is_compiled_for(monkeypatch):
    """As numba itself chooses it."""
    pytest.importorskip("numba")
    monkeypatch.delenv("NUMBA_CPU_NAME", raising=False)
    here = terms(engine="numba")
    monkeypatch.setenv("NUMBA_CPU_NAME", "generic")
    with pytest.raises(ExecutionError, match=r"has processor generic.*set NUMBA_CPU_NAME"):
        check_terms(terms(engine="numba"), here, "this process", "the others")
