"""What is said where there is no variance to share out: that all agree only where they do."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.estimators.effects import CONSTANT, NO_DIFFERENCE
from sensitivity.measures.divergence import NONE_DIVERGED, divergence_effects
from sensitivity.measures.variance import variance_decomposition
from sensitivity.reading.frames import from_frame
from sensitivity.remarks import has
from sweeps.space import Choices, FloatRange, Setting, Space, Variant

LISTS = Space([Setting(name, (Variant(Choices((1, 2, 3))),)) for name in "ab"])
RANGES = Space([Setting(name, (Variant(FloatRange(0.0, 1.0)),)) for name in "ab"])


def grid(replicates):
    """Every combination of two lists, replicated."""
    levels = [(1, 2, 3), (1, 2, 3), range(replicates)]
    return pd.MultiIndex.from_product(levels, names=["a", "b", "replicate"]).to_frame(index=False)


def places(replicates):
    """Forty random places, replicated."""
    table = pd.DataFrame(np.random.default_rng(1).random((40, 2)), columns=["a", "b"])
    return table.merge(pd.DataFrame({"replicate": range(replicates)}), how="cross")


@pytest.mark.parametrize(("table", "space"), [(grid(2), LISTS), (places(2), RANGES)], ids=["grid", "random"])
@pytest.mark.parametrize("level", [0.0, 0.25, 1e6])
def test_equal_results_are_called_equal(table, space, level):
    """Every trial gave the same."""
    found = variance_decomposition(from_frame(table.assign(value=level), space))
    assert found["share"].isna().all()
    assert all(has(found["remarks"], CONSTANT))


@pytest.mark.parametrize(("table", "space"), [(grid(2), LISTS), (places(3), RANGES)], ids=["grid", "random"])
@pytest.mark.parametrize("step", [0.5, 3.0])
def test_results_that_differ_between_replicates_alone_are_not(table, space, step):
    """The configurations agree, the replicates do not: nobody says that every trial gave the same value."""
    found = variance_decomposition(from_frame(table.assign(value=1 + step * table["replicate"]), space))
    settings = found[found["kind"].isin(["main", "total"])]
    assert settings["share"].isna().all()
    assert not any(has(found["remarks"], CONSTANT))
    assert all(has(settings["remarks"], NO_DIFFERENCE))


def test_nothing_that_diverged_is_still_said_so():
    """The indicator is constant."""
    found = divergence_effects(from_frame(grid(2).assign(value=1.0 + np.arange(18)), LISTS))
    assert all(has(found["remarks"], NONE_DIVERGED))
