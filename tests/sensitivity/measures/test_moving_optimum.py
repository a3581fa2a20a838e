import numpy as np
import pytest

from sensitivity.measures.measure import names
from sensitivity.measures.momentum_rescaling import FEW_VALUES, GROWS, NO_GRID, SHRINKS, momentum_rescaling
from sensitivity.measures.moving_optimum import (
    BOUND,
    COLUMNS,
    SLOPE_COLUMNS,
    moving_optimum,
    slopes,
)
from sensitivity.measures.scaling_laws import log_axis
from sensitivity.measures.variance import variance_decomposition
from sensitivity.remarks import Remarks, worded
from sensitivity.study import Study
from sweeps.space import Choices, FloatRange, Setting, Space, Variant


def rate(levels=13, low=1e-4, high=100.0, name="learning_rate"):
    return Setting(name, (Variant(FloatRange(low, high, log=True, levels=levels)),))


@pytest.fixture
def scaling(setting):
    """Space of learning rate, batch size, β and optimizer."""
    return Space(
        [
            setting("optimizer", "sgd", "momentum", "adam"),
            rate(),
            setting("batch_size", 16, 64, 256),
            setting("beta", 0.5, 0.9, 0.99, when={"optimizer": ("momentum", "adam")}),
        ]
    )


def log_best(c):
    """Known optimum: linear in the batch for sgd, square-root for adam, flat and ∝ 1 − β for momentum."""
    batch = np.log10(c["batch_size"] / 64)
    return {
        "sgd": -0.13 + batch,
        "momentum": 0.21 + np.log10(1 - c.get("beta", 0)),
        "adam": -2.07 + batch / 2,
    }[c["optimizer"]]


def bowl(c, _replicate=0):
    return 0.1 * (np.log10(c["learning_rate"]) - log_best(c)) ** 2


def test_parabolas_are_followed_between_levels(scaling, tabulate):
    """For parabolas in log η the best rate is exact between levels of half a decade."""
    found = moving_optimum(Study(tabulate(scaling, lambda c, _: bowl(c), 2), scaling))
    assert list(found.columns) == names(COLUMNS)
    assert (found["of"] == "learning_rate").all()
    inside = found[found["setting"].isin(["batch_size", "beta"])]
    for branch in ("sgd", "adam"):
        rows = inside[(inside["branch"] == f"optimizer={branch}") & (inside["setting"] == "batch_size")]
        truth = [10 ** log_best({"optimizer": branch, "batch_size": batch}) for batch in (16, 64, 256)]
        np.testing.assert_allclose(rows["best"].to_numpy(), truth, rtol=1e-6)
    rows = inside[(inside["branch"] == "optimizer=momentum") & (inside["setting"] == "beta")]
    np.testing.assert_allclose(rows["best"].to_numpy(), 10**0.21 * np.array([0.5, 0.1, 0.01]), rtol=1e-6)
    by_optimizer = found[found["setting"] == "optimizer"]
    assert by_optimizer["level"].tolist() == ["sgd", "momentum", "adam"]
    assert not found["at_edge"].any()
    assert (found["low"] <= found["best"]).all()
    assert (found["best"] <= found["high"]).all()


def test_slopes_are_named(scaling, tabulate):
    """Linear, square-root and flat are recognised, with replicates that leave no doubt."""
    found = slopes(Study(tabulate(scaling, lambda c, r: bowl(c) + r, 2), scaling))
    assert list(found.columns) == names(SLOPE_COLUMNS)
    named = found.set_index(["branch", "axis"])["laws"]
    assert named["optimizer=sgd", "log10(batch_size)"] == "linear"
    assert named["optimizer=adam", "log10(batch_size)"] == "square-root"
    assert named["optimizer=momentum", "log10(batch_size)"] == "flat"
    assert named["optimizer=momentum", "log10(1 − beta)"] == "linear"
    assert named["optimizer=adam", "log10(1 − beta)"] == "flat"
    words = worded(found).set_index(["branch", "axis"])["verdict"]
    assert words["optimizer=adam", "log10(batch_size)"] == "square-root (½)"
    values = found.set_index(["branch", "axis"])["slope"]
    assert values["optimizer=adam", "log10(batch_size)"] == pytest.approx(0.5, abs=1e-9)


def test_without_replicates_the_nearest_law_is_named(scaling, tabulate):
    """A plan that is no grid, run once, gives the slope and its nearest law, and says it has no interval."""
    trials = tabulate(
        scaling, lambda c, _: bowl(c) + 1e-3 * np.log(c["batch_size"]) + 1e-3 * c.get("beta", 0)
    )
    once = slopes(Study(trials, scaling))
    law = worded(once).set_index(["branch", "setting"])["verdict"]
    assert law["optimizer=adam", "batch_size"] == "square-root (½)"  # noise from smoothness: there is none
    some = trials.drop(trials.index[::6])
    found = worded(slopes(Study(some, scaling))).set_index(["branch", "setting"])
    assert (
        "no interval: nothing was run twice, so the noise is unknown"
        in found.loc[("optimizer=adam", "batch_size"), "verdict"]
    )


def test_an_optimum_at_the_edge_is_a_bound(setting, tabulate):
    """Where the response falls to the end of the range, the end is given and marked."""
    space = Space([rate(5), setting("batch_size", 16, 256)])
    trials = tabulate(space, lambda c, _: -np.log10(c["learning_rate"]))
    found = moving_optimum(Study(trials, space))
    assert found["at_edge"].all()
    assert all(cell.only(BOUND) == Remarks(BOUND("high")) for cell in found["remarks"])
    assert found["remarks"][0].only(BOUND).words == (
        "best at the high end of the range, so the optimum may lie beyond and this is a "
        "bound, not an estimate"
    )
    np.testing.assert_allclose(found["best"].to_numpy(dtype=float), 100)
    slope = worded(slopes(Study(trials, space))).iloc[0]
    assert slope["at_edge"] == 2
    assert "2 of the best values lie at an end of the range, so this is a bound" in slope["verdict"]


def test_another_setting_takes_the_part_of_the_rate(setting, tabulate):
    """A study without learning rate follows its log setting of the largest effect."""
    space = Space([rate(9, name="alpha"), rate(9, name="gamma"), setting("kind", "a", "b")])
    trials = tabulate(
        space, lambda c, _: (np.log10(c["alpha"]) - 1) ** 2 + 0.01 * (np.log10(c["gamma"]) + 1) ** 2
    )
    found = moving_optimum(Study(trials, space))
    assert set(found["of"]) == {"alpha"}
    assert set(found["setting"]) == {"gamma", "kind"}


@pytest.mark.parametrize(("levels", "followed"), [(20, 20), (21, 0)])
def test_where_a_setting_is_inactive_is_no_level_of_it(setting, tabulate, levels, followed):
    """Only values at which a best rate could lie count among those that are too many to be followed."""
    betas = [round(0.04 * number, 2) for number in range(levels)]
    space = Space(
        [
            setting("optimizer", "sgd", "momentum"),
            rate(3),
            setting("beta", *betas, when={"optimizer": "momentum"}),
        ]
    )
    found = moving_optimum(Study(tabulate(space, lambda c, _: np.log10(c["learning_rate"]) ** 2, 1), space))
    assert ((found["branch"] == "all") & (found["setting"] == "beta")).sum() == followed
    assert (found["setting"] == "optimizer").any()


@pytest.mark.parametrize("size", [0, 1, 3])
def test_few_trials(scaling, tabulate, size):
    """Too few trials give tables of the right columns and no error."""
    trials = tabulate(scaling, bowl, 1, list(scaling.grid())[:size])
    study = Study(trials, scaling)
    assert list(moving_optimum(study).columns) == names(COLUMNS)
    assert list(slopes(study).columns) == names(SLOPE_COLUMNS)
    assert len(momentum_rescaling(study)) <= 1


def momentum_space(setting):
    return Space(
        [
            setting("optimizer", "sgd", "momentum", "momentum_ema"),
            rate(25),
            setting("beta", 0.5, 0.9, 0.99, when={"optimizer": ("momentum", "momentum_ema")}),
            setting("batch_size", 16, 64),
        ]
    )


def effective(c, replicate=0):
    """Bowl in the effective rate of `momentum`, in the rate itself for `momentum_ema`."""
    shift = np.log10(1 - c["beta"]) if c["optimizer"] == "momentum" else 0
    return (
        0.1 * (np.log10(c["learning_rate"]) - shift - 0.3) ** 2 + 0.01 * (c["batch_size"] == 16) + replicate
    )


def test_rescaling_takes_the_interaction_of_momentum_away(setting, tabulate):
    """Where the response depends on η / (1 − β) only, the interaction is all on η and none on η / (1 − β).

    For momentum_ema, the other way round. sgd has no β and no row.
    """
    space = momentum_space(setting)
    found = momentum_rescaling(Study(tabulate(space, effective, 2), space)).set_index(["branch", "axis"])
    plain, rescaled = "learning_rate", "learning_rate / (1 − beta)"
    assert len(found) == 4
    assert found.loc[("optimizer=momentum", plain), "interaction"] > 0.2
    assert found.loc[("optimizer=momentum", rescaled), "interaction"] == pytest.approx(0, abs=1e-3)
    assert found.loc[("optimizer=momentum", rescaled), "remarks"].has(SHRINKS)
    assert found.loc[("optimizer=momentum_ema", plain), "interaction"] == pytest.approx(0, abs=1e-9)
    assert found.loc[("optimizer=momentum_ema", rescaled), "remarks"].has(GROWS)
    # Both windows are as wide as the range all β share: [1e-4 / 0.01, 100 / 0.5].
    widths = np.log10(found["to"] / found["from"])
    np.testing.assert_allclose(widths, np.log10(200 / 0.01))


def test_interaction_on_the_plain_axis_is_that_of_the_exact_decomposition(setting, tabulate):
    """On the η axis, with a window that is the whole grid, the share is the exact one of `variance`.

    Two β so close together that both windows are the grid: 0 and 1e-9; replicates without noise.
    """
    space = Space(
        [
            setting("optimizer", "momentum", "sgd"),
            rate(7, 1e-3, 1.0),
            setting("beta", 0.0, 1e-9, when={"optimizer": ("momentum",)}),
        ]
    )
    rng = np.random.default_rng(0)
    drawn = {}
    trials = tabulate(space, lambda c, _: drawn.setdefault(tuple(c.values()), rng.normal()), 2)
    shares = variance_decomposition(Study(trials, space))
    inside = shares[(shares["branch"] == "optimizer=momentum") & (shares["kind"] == "interaction")]
    exact = inside.set_index("setting")["share"]["learning_rate × beta"]
    # 13 points on 7 levels: every second point is a level; compare on the levels by a grid of their own.
    from sensitivity.measures import momentum_rescaling as module

    module_points, module.PER_DECADE = module.PER_DECADE, 2
    try:
        found = momentum_rescaling(Study(trials, space))
    finally:
        module.PER_DECADE = module_points
    assert found["interaction"][0] == pytest.approx(exact, abs=1e-6)


def test_rescaling_without_noise_bias(setting, tabulate):
    """Pure noise has no interaction on average: products of different replicates hold none.

    40 sweeps, standard error 0.005.
    """
    space = momentum_space(setting)
    rng = np.random.default_rng(3)
    shares = [
        momentum_rescaling(Study(tabulate(space, lambda _c, _r: rng.normal(), 2), space))[
            "interaction"
        ].to_numpy()
        for _ in range(40)
    ]
    assert np.mean(shares) == pytest.approx(0, abs=0.015)


def test_a_rounded_interaction_has_no_sign(setting, tabulate):
    """What is 0 to three digits reads 0.000, also from below."""
    space = momentum_space(setting)
    rng = np.random.default_rng(0)
    trials = tabulate(space, lambda c, _r: np.log10(c["learning_rate"]) + 1e-3 * rng.normal(), 2)
    found = momentum_rescaling(Study(trials, space))
    assert ((found["interaction"] > -5e-4) & (found["interaction"] < 0)).any()
    verdicts = worded(found)["verdict"]
    assert not verdicts.str.contains("-0.000", regex=False).any()
    assert verdicts.str.contains("0.000 → 0.000", regex=False).any()


def test_rescaling_says_why_it_cannot(setting, tabulate):
    """A sweep cut short, or a single β, gives one row with the reason."""
    space = momentum_space(setting)
    trials = tabulate(space, effective)
    found = momentum_rescaling(Study(trials.head(len(trials) - 1), space)).set_index("branch")["remarks"]
    assert found["optimizer=momentum_ema"] == Remarks(NO_GRID)
    single = momentum_rescaling(Study(trials[trials["beta"].isna() | (trials["beta"] == 0.9)], space))
    assert set(single["remarks"]) == {Remarks(FEW_VALUES("beta"))}
    assert set(worded(single)["verdict"]) == {"cannot be judged: beta has fewer than two values"}


@pytest.mark.parametrize(
    ("slope", "words"),
    [
        (lambda x: 1.0 * (x < 0.3), "anywhere from 0.0.* up: the curve is flat there"),
        (lambda x: 1.0 * (x > 0.7), "anywhere up to 0.*: the curve is flat there"),
        (lambda x: 0.0 * x, "anywhere .*: the curve is flat there"),
        (lambda x: 20.0 * (x - 0.5) ** 2, ""),
    ],
    ids=["flat above", "flat below", "flat", "bowl"],
)
def test_a_flat_bottom_is_told(setting, tabulate, slope, words):
    """Where noise decides between an end of the range and the best, the verdict says how far it goes."""
    space = Space([rate(11, 1e-3, 1.0), setting("batch_size", *range(1, 7))])
    rng = np.random.default_rng(3)

    def response(c, _):
        return slope(np.log10(c["learning_rate"]) / 3 + 1) + 0.01 * rng.normal()

    verdicts = worded(moving_optimum(Study(tabulate(space, response, 3), space)))["verdict"]
    flat = verdicts[verdicts.str.contains("anywhere")]
    assert flat.str.contains(words).all()
    assert bool(len(flat)) == bool(words)


def plateau(c, noise):
    """Flat from 1e-3 to 0.1, lower by nothing but noise somewhere in between; steep beside it."""
    beyond = max(abs(np.log10(c["learning_rate"]) + 2) - 1, 0)
    return 0.1 + 0.5 * beyond + 0.004 * noise.normal()


def test_the_middle_of_a_flat_bottom_does_not_jump(setting, tabulate):
    """Twenty sweeps: the place is about 1e-2 and scatters by a fraction of what the lowest level does."""
    space, rng = Space([rate(13, 1e-4, 1.0), setting("batch_size", 16, 64, 256)]), np.random.default_rng(5)
    places, lowest, held, seen = [], [], [], []
    for _ in range(20):
        trials = tabulate(space, lambda c, _r: plateau(c, rng), 3)
        found = moving_optimum(Study(trials, space))
        places += np.log10(found["best"].astype(float)).tolist()
        held += ((found["low"] <= 0.01) & (found["high"] >= 0.01)).tolist()
        means = trials.groupby(["batch_size", "learning_rate"])["value"].mean().unstack()
        lowest += np.log10(means.idxmin(axis=1)).tolist()
        row = slopes(Study(trials, space)).query("branch == 'all'").iloc[0]
        seen.append(row["low"] <= 0 <= row["high"])
    assert np.mean(places) == pytest.approx(-2, abs=0.1)
    assert np.std(places) < 0.5 * np.std(lowest)
    assert np.mean(held) >= 0.9
    assert np.mean(seen) >= 0.9


def test_width_and_depth_have_slopes_too(setting, tabulate):
    """The best rate falls as 1 / width and as one over the root of the depth."""
    space = Space([rate(), setting("width", 16, 64, 256), setting("depth", 1, 2, 4)])

    def response(c, _):
        best = 1 - np.log10(c["width"] / 64) - np.log10(c["depth"]) / 2
        return 0.1 * (np.log10(c["learning_rate"]) - best) ** 2

    at = {"width": lambda c: c["depth"] == 1, "depth": lambda c: c["width"] == 64}
    for name, slope in (("width", -1.0), ("depth", -0.5)):
        part = [c for c in space.grid() if at[name](c)]
        found = slopes(Study(tabulate(space, response, 1, part), space)).set_index("axis")
        assert found["slope"][f"log10({name})"] == pytest.approx(slope, abs=1e-6)
        assert np.isnan(found["critical"][f"log10({name})"])


@pytest.mark.parametrize(
    ("values", "axis"),
    [
        ((0.5, 0.9, 0.99), "log10(1 − m)"),
        ((0, 0.9), "log10(1 − m)"),
        ((0.9, 0.99, 0.999), "log10(1 − m)"),
        ((0.1, 0.3, 0.5), "log10(m)"),  # a dropout: its distances to 1 hardly differ
        ((1e-4, 1e-3, 0.5), "log10(m)"),
        ((0.5, 1.0, 2.0), "log10(m)"),
        ((0, 0.1, 0.2), ""),
        ((0, 0.5, 2), ""),
    ],
)
def test_numbers_that_crowd_below_one_are_followed_by_their_distance_to_it(values, axis):
    """Whatever the setting is called: a β acts through 1 / (1 − β), anything else by itself."""
    found, places = log_axis("m", list(values))
    assert found == axis
    numbers = np.array(values)
    expected = np.log10(1 - numbers if "1 −" in axis else numbers) if axis else []
    np.testing.assert_allclose(places, expected)


@pytest.mark.parametrize(
    ("name", "bent"),
    [("batch_size", True), ("per_device_train_batch_size", True), ("bs", True), ("width", False)],
)
def test_a_batch_size_of_any_name_has_a_critical_one(setting, tabulate, name, bent):
    """Best rates of 0.1 / (1 + 64 / batch): 64 under whatever name, and nothing for what is no batch size."""
    space = Space([rate(41, 1e-4, 1.0), setting(name, 8, 32, 128, 512)])

    def response(c, r):
        return (np.log10(c["learning_rate"]) - np.log10(0.1 / (1 + 64 / c[name]))) ** 2 + r

    row = slopes(Study(tabulate(space, response, 2), space)).iloc[0]
    assert (row["critical"] == pytest.approx(64, rel=0.1)) == bent
    assert np.isnan(row["critical"]) != bent


def test_the_same_optimum_everywhere_has_no_slope(tabulate):
    """Rounding of a sum of equal numbers is no fall: the slope is 0 to the bit, and so are its ends."""
    rate = Setting("learning_rate", (Variant(FloatRange(1e-3, 0.1, log=True, levels=3)),))
    size = Setting("batch_size", (Variant(Choices((16, 64, 256))),))
    space = Space([rate, size])
    study = Study(tabulate(space, lambda c, r: np.log10(c["learning_rate"]) + 1e-9 * r, 2), space)
    table = slopes(study)
    assert table[["slope", "low", "high"]].to_numpy().tolist() == [[0.0, 0.0, 0.0]] * len(table)
    assert len(table)
