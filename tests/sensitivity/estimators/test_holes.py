"""Factorials that lack some trials keep their exact sums."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.estimators.cells import cell_table
from sensitivity.estimators.factorial import exact_decomposition
from sensitivity.study import Study
from sweeps.space import FloatRange, Setting, Space, Variant

BEST = {"sgd": -0.7, "momentum": -1.5, "adam": -2.6}


@pytest.fixture
def grid(setting, tabulate):
    """Space with a conditional setting and its 294 trials of two replicates."""
    rate = Setting("rate", (Variant(FloatRange(1e-4, 1.0, log=True, levels=7)),))
    beta = setting("beta", 0.5, 0.9, 0.99, when={"optimizer": ("momentum", "adam")})
    space = Space([setting("optimizer", *BEST), rate, beta, setting("batch", 16, 32, 64)])
    rng = np.random.default_rng(1)

    def error(c, r):
        distance = np.log10(c["rate"]) - BEST[c["optimizer"]] + 0.2 * np.log2(c["batch"] / 16)
        return 0.05 * distance**2 + 0.5 * (c.get("beta", 0.9) - 0.9) ** 2 + 0.02 * rng.normal() + 0.01 * r

    return space, tabulate(space, error, 2)


def shares(trials, space):
    """Decomposition of the whole by kind and setting; None where it is no factorial."""
    found = exact_decomposition(Study(trials.reset_index(drop=True), space), branches=False)
    return None if found is None else found.set_index(["kind", "setting"])


def drop(trials, name):
    """Trials without those that a case lacks."""
    rng = np.random.default_rng(2)
    lost = {
        "one trial": pd.Series(np.arange(len(trials)) == 100),
        "a configuration": (trials["optimizer"] == "adam")
        & np.isclose(trials["rate"], 1e-2)
        & (trials["batch"] == 32)
        & (trials["beta"] == 0.9),
        "a corner": (trials["optimizer"] == "adam") & (trials["rate"] < 2e-4) & (trials["batch"] == 16),
    }
    lost |= {
        f"{part:.0%}": pd.Series(rng.permutation(len(trials)) < int(part * len(trials)))
        for part in (0.05, 0.1, 0.15)
    }
    return trials[~lost[name].to_numpy()]


@pytest.mark.parametrize(
    ("name", "off"),
    [("one trial", 0.002), ("a configuration", 0.002), ("a corner", 0.01), ("5%", 0.005), ("10%", 0.01)],
)
def test_shares_of_a_grid_with_holes_are_those_of_the_grid(grid, name, off):
    """What few trials are missing moves shares little, and the shares of the whole are inside."""
    space, trials = grid
    whole, found = shares(trials, space), shares(drop(trials, name), space)
    kept = whole.index.get_level_values("kind") != "replicate"
    assert len(drop(trials, name)) < len(trials)
    np.testing.assert_allclose(found["share"][kept], whole["share"][kept], atol=off)
    share = whole["share"].clip(lower=0)
    assert ((found["low"] <= share) & (share <= found["high"]))[kept].all()


def test_more_than_a_tenth_missing_is_no_factorial(grid):
    """Fifteen in a hundred missing are left to the surrogate."""
    space, trials = grid
    assert shares(drop(trials, "15%"), space) is None


def test_a_trial_without_a_value_is_a_missing_trial(grid):
    """NaN as a value and no row at all give the same shares."""
    space, trials = grid
    values = trials["value"].where(trials.index != 100)
    empty = shares(trials.assign(value=values), space)
    pd.testing.assert_frame_equal(empty, shares(drop(trials, "one trial"), space))


def test_a_missing_configuration_is_as_uncertain_as_its_prediction(grid):
    """A configuration that was never run has a doubt, others none, and is predicted as well as that."""
    space, trials = grid
    whole = cell_table(Study(trials, space))
    table = cell_table(Study(drop(trials, "a configuration").reset_index(drop=True), space))
    empty = table.counts == 0
    assert empty.sum() == 1
    assert (table.doubt[empty] > 0).all()
    assert not table.doubt[~empty].any()
    miss = (table.means()[empty] - whole.means()[empty])[0]
    assert abs(miss) < 3 * np.sqrt(table.doubt[empty][0])
