"""Factorials that lack some trials keep their exact sums."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.estimators import effects as e
from sensitivity.estimators.cells import cell_table
from sensitivity.estimators.factorial import decomposition, exact_decomposition
from sensitivity.estimators.projections import factorial_projection
from sensitivity.remarks import has
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
    [("one trial", 0.002), ("a configuration", 0.002), ("a corner", 0.03), ("5%", 0.005), ("10%", 0.01)],
)
def test_shares_of_a_grid_with_holes_are_those_of_the_grid(grid, name, off):
    """What few trials are missing moves shares little, and the shares of the whole are inside."""
    space, trials = grid
    whole, found = shares(trials, space), shares(drop(trials, name), space)
    kept = ~whole.index.get_level_values("kind").isin(["replicate", "noise" if name == "a corner" else ""])
    assert len(drop(trials, name)) < len(trials)
    np.testing.assert_allclose(found["share"][kept], whole["share"][kept], atol=off)
    share = whole["share"].clip(lower=0)
    if name == "a corner":
        assert found["low"].isna().all()
    else:
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


def test_a_corner_is_more_in_doubt_than_the_middle(grid):
    """Where nothing lies beyond, the mean miss is that of other corners: of (x + y)² it is larger."""
    space, trials = grid
    bent = trials.assign(value=(np.log10(trials["rate"]) + trials["batch"] / 16) ** 2)
    doubt = []
    for rate, batch in ((1e-4, 64), (1e-2, 32)):
        lost = (bent["optimizer"] == "sgd") & np.isclose(bent["rate"], rate) & (bent["batch"] == batch)
        table = cell_table(Study(bent[~lost].reset_index(drop=True), space))
        doubt.append(table.doubt.max())
    assert doubt[0] > doubt[1] > 0


@pytest.mark.parametrize("replicates", [1, 2])
@pytest.mark.parametrize("where", ["corner", "middle"])
def test_a_hole_does_not_narrow(setting, tabulate, replicates, where):
    """Over 20 grids the widths are the complete grid's or more in the mean, but for a fiftieth of them."""
    rate = Setting("rate", (Variant(FloatRange(1e-4, 1.0, log=True, levels=8)),))
    space = Space([setting("optimizer", *BEST), rate])
    whole = cell_table(Study(tabulate(space, lambda *_: 0.0, replicates), space))
    distance = np.array([np.log10(c["rate"]) - BEST[c["optimizer"]] for c in whole.configurations])
    at, rng, widths = {"corner": 0, "middle": 12}[where], np.random.default_rng(3), []
    for _ in range(20):
        values = 0.05 * distance[:, None] ** 2 + 0.1 * rng.normal(size=(len(distance), replicates))
        holed = values.copy()
        holed[at] = np.nan
        found = [decomposition(whole.with_values(one)) for one in (values, holed)]
        kept = found[0]["kind"].isin(["main", "total"])
        widths.append([(one["high"] - one["low"])[kept].mean() for one in found])
    complete, lacking = np.mean(widths, axis=0)
    assert lacking >= 0.98 * complete, lacking / complete


def test_the_projections_know_the_hole(grid):
    """Standard errors with three corners missing are those of the complete grid or larger."""
    space, trials = grid
    errors = []
    for part in (trials, drop(trials, "a corner")):
        study = Study(part.reset_index(drop=True), space)
        found = factorial_projection(study).shares(study.plan[["value"]].to_numpy())
        errors.append(np.array([found.main_error, found.total_error]))
    assert (errors[1] >= 0.95 * errors[0]).all()
    assert errors[1].sum() > errors[0].sum()


@pytest.mark.parametrize("replicates", [1, 2])
def test_nothing_is_above_pure_noise_with_holes(setting, tabulate, replicates):
    """Of 40 grids of noise that lack 7 % of their configurations at most two have any judgement "above"."""
    rate = Setting("rate", (Variant(FloatRange(1e-4, 1.0, log=True, levels=7)),))
    space = Space([rate, setting("optimizer", *BEST), setting("batch", 16, 32)])
    table = cell_table(Study(tabulate(space, lambda *_: 0.0, replicates), space))
    rng, wrong = np.random.default_rng(0), 0
    for _ in range(40):
        values = rng.normal(size=(42, replicates))
        values[rng.permutation(42)[:3]] = np.nan
        wrong += bool((decomposition(table.with_values(values))["judgement"] == "above").any())
    assert wrong <= 2


@pytest.mark.parametrize("replicates", [1, 2])
def test_nothing_is_said_where_a_corner_was_not_run(tabulate, replicates):
    """Training diverges at the corner that is missing: shares without it are others, and none is judged."""
    rate = Setting("rate", (Variant(FloatRange(1e-4, 1.0, log=True, levels=7)),))
    decay = Setting("decay", (Variant(FloatRange(1e-4, 1.0, log=True, levels=8)),))
    table = cell_table(
        Study(tabulate(Space([rate, decay]), lambda *_: 0.0, replicates), Space([rate, decay]))
    )
    places = [(c["rate"], c["decay"]) for c in table.configurations]
    rng = np.random.default_rng(0)
    values = np.array([[0.03 * (np.log10(rate) + 2) ** 2] * replicates for rate, _ in places])
    values += 0.01 * rng.normal(size=values.shape)
    for place, known in (((1.0, 1e-4), False), ((1e-4, 1e-2), True), ((1e-2, 1e-2), True)):
        holed = values.copy()
        holed[int(np.argmin([abs(np.log10(np.divide(one, place))).sum() for one in places]))] = np.nan
        found = decomposition(table.with_values(holed))
        assert found[found["kind"] == "total"]["low"].notna().all() == known
        assert (found["judgement"] == "above").any() == known
        assert has(found["remarks"], e.CORNER)[0] != known
