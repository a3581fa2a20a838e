"""One rule says which values are a level: hand-worked."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.axis import axes_of
from sensitivity.coding import coded, configurations_of
from sensitivity.estimators.levels import level_columns
from sweeps.space import Choices, FloatRange, IntegerRange, Setting, Space, Variant


@pytest.fixture
def mixed(setting):
    """Settings of every kind: names, truth values, few numbers, a range, and one under a condition."""
    uniform = Setting("rate", (Variant(FloatRange(1e-4, 1.0, log=True)),))
    return Space(
        [
            setting("rule", "sgd", "adam"),
            setting("norm", True, False),
            setting("batch", 64, 16, 256),
            uniform,
            setting("beta", 0.9, 0.5, when={"rule": ("adam",)}),
        ]
    )


def of(name, domain, values):
    """Axis of one setting alone."""
    space = Space([Setting(name, (Variant(domain),))])
    plan = pd.DataFrame({name: values, "replicate": 0})
    return axes_of(plan, space)[name]


def test_levels_of_every_kind(mixed, tabulate):
    """Names in the order of the range, numbers ascending, ranges in ten bins, inactive settings nowhere."""
    points = [mixed.configuration(u) for u in np.random.default_rng(0).random((500, 5))]
    table = tabulate(mixed, lambda _c, _r: 0.1, 1, points)
    rule, norm, batch, rate, beta = axes_of(table, mixed).values()
    assert (rule.texts, norm.texts) == (("sgd", "adam"), ("true", "false"))
    assert batch.texts == ("16", "64", "256")
    assert beta.texts == ("0.5", "0.9")
    assert ((beta.level < 0) == (table["rule"] == "sgd")).all()
    assert level_columns(rate, [0])["level"] == ["1e-4 … 2.5e-4"]


def test_bins_have_equal_width_on_the_scale_and_meet():
    """A log range of four decades: bins of 0.4 decades whose ends and middles follow from the range alone."""
    rates = 10 ** np.random.default_rng(1).uniform(-4, 0, 300)
    axis = of("rate", FloatRange(1e-4, 1.0, log=True), rates)
    edges = 10 ** np.linspace(-4, 0, 11)
    np.testing.assert_allclose(axis.ends, np.column_stack([edges[:-1], edges[1:]]), rtol=1e-11)
    np.testing.assert_allclose(axis.levels, 10 ** (np.linspace(-4, 0, 11)[:-1] + 0.2), rtol=1e-11)
    np.testing.assert_array_equal(axis.level, np.searchsorted(edges[1:], rates))


@pytest.mark.parametrize(("count", "bins"), [(25, 5), (30, 6), (50, 10), (5000, 10)])
def test_few_trials_have_few_bins(count, bins):
    """Five configurations a bin, at least five bins and at most ten."""
    assert len(of("x", FloatRange(0.0, 1.0), (np.arange(count) + 0.5) / count)) == bins


def test_a_value_per_level_up_to_twenty_four():
    """24 different numbers are levels, however few trials; 25 are not."""
    assert len(of("x", FloatRange(0.0, 30.0), np.arange(24.0))) == 24
    assert len(of("x", FloatRange(0.0, 30.0), np.arange(25.0))) == 5


def test_a_draw_is_binned_from_eleven_values_on():
    """Twenty drawn numbers are no twenty levels; a grid of as many, a list, or each of them twice, is."""
    drawn = np.random.default_rng(0).random(20)
    unit = FloatRange(0.0, 1.0)
    assert len(of("x", unit, drawn)) == 5
    assert len(of("x", unit, drawn[:10])) == 10
    assert len(of("x", unit, (np.arange(20) + 0.5) / 20)) == 20
    assert len(of("x", Choices(tuple(drawn.tolist())), drawn)) == 20
    space = Space([Setting("x", (Variant(unit),)), Setting("y", (Variant(Choices((1, 2))),))])
    plan = pd.DataFrame({"x": [*drawn, *drawn], "y": [1] * 20 + [2] * 20, "replicate": 0})
    assert len(axes_of(plan, space)["x"]) == 20


@pytest.mark.parametrize(("replicates", "levels"), [(1, 5), (2, 12), (5, 12)])
def test_numbers_that_were_tried_again_are_levels(replicates, levels):
    """Twelve uneven widths, one setting alone: a grid has a level per width once each has two seeds."""
    widths = [16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024]
    axis = of("width", IntegerRange(16, 1024, log=True), widths * replicates)
    assert len(axis) == levels
    assert axis.texts[-1] == ("1024" if levels == 12 else "444 … 1024")


def test_bins_of_whole_numbers_hold_whole_numbers():
    """1 … 100 in ten bins of ten; on a log scale the bins' ends are whole and nothing lies in two."""
    axis = of("n", IntegerRange(1, 100), np.arange(1, 101))
    assert axis.ends.tolist() == [[10 * k + 1, 10 * k + 10] for k in range(10)]
    assert axis.texts[0] == "1 … 10"
    axis = of("n", IntegerRange(1, 1000, log=True), np.arange(1, 1001))
    for place, (low, high) in enumerate(axis.ends.tolist()):
        inside = np.arange(1, 1001)[axis.level == place]
        assert (inside.min(), inside.max()) == (low, high)


def test_a_long_list_of_numbers_is_binned_by_its_order():
    """Forty choices, each twice: eight bins of five choices, named by their ends."""
    axis = of("n", Choices(tuple(2**k for k in range(40))), [2**k for k in range(40)] * 2)
    assert np.bincount(axis.level).tolist() == [10] * 8
    assert axis.ends[1].tolist() == [2**5, 2**9]


def test_many_trials_on_the_lowest_value_make_no_empty_level():
    """A third of the trials at the lowest of a hundred values: it is in the first bin, and none is empty."""
    axis = of("rate", FloatRange(1.0, 100.0), [float(max(1, place - 50)) for place in range(1, 151)])
    counts = np.bincount(axis.level, minlength=len(axis))
    assert (axis.ends[0, 0], counts.sum()) == (1.0, 150)
    assert (counts > 0).all()


def test_a_setting_that_never_varies_or_never_acts(setting, tabulate):
    """One value is one level; a setting without any value has none."""
    space = Space([setting("a", 1), setting("b", 2, when={"a": (3,)})])
    one, never = axes_of(tabulate(space, lambda _c, _r: 0.1), space).values()
    assert (one.texts, len(never), never.level.tolist()) == (("1",), 0, [-1])


def test_values_of_mixed_types_have_levels(setting, tabulate):
    """A stranger's setting of words, numbers and truth values has a level for each."""
    space = Space([setting("odd", "none", 0.5, False)])
    (found,) = axes_of(tabulate(space, lambda _c, _r: 0.1), space).values()
    assert found.texts == ("none", "0.5", "false")


def test_a_range_of_its_own_is_compared_by_position(setting):
    """Adam's rates lie two decades lower: one axis for tables, the place in the own range for shares."""
    low = Variant(FloatRange(1e-4, 1e-2, log=True), {"rule": ("adam",)})
    space = Space(
        [setting("rule", "sgd", "adam"), Setting("rate", (low, Variant(FloatRange(1e-2, 1.0, log=True))))]
    )
    places = (np.arange(60) + 0.5) / 60
    rates = np.concatenate([10 ** (-2 + 2 * places), 10 ** (-4 + 2 * places)])
    plan = pd.DataFrame({"rule": ["sgd"] * 60 + ["adam"] * 60, "rate": rates, "replicate": 0})
    axis = axes_of(plan, space)["rate"]
    assert axis.level.tolist() == [k // 12 for k in range(60, 120)] + [k // 12 for k in range(60)]
    assert axis.relative_level.tolist() == [k // 6 for k in range(60)] * 2


def test_values_compare_as_after_a_trip_through_a_file():
    """0.1 in single precision is 0.1; 1, true and a text are different; missing is no value."""
    codes, values = coded(pd.Series([0.1, float(np.float32(0.1)), np.nan]))
    assert (codes.tolist(), values) == ([0, 0, -1], [0.1])
    codes, values = coded(pd.Series([1, True, "1", None, 1], dtype=object))
    assert (codes.tolist(), values) == ([0, 1, 2, -1, 0], [1, True, "1"])


def test_the_same_draw_twice_in_a_replicate_is_another_configuration():
    """Cells a, b, a of replicate 0 and a of replicate 1: the second a of replicate 0 stands alone."""
    found = configurations_of(np.array([[0], [1], [0], [0]]), np.array([0, 0, 0, 1]))
    assert found.tolist() == [0, 1, 2, 0]
