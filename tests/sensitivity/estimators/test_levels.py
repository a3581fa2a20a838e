import numpy as np
import pytest

from sensitivity.estimators.levels import level_columns, levels
from sweeps.space import FloatRange, Setting, Space, Variant


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


def test_levels_of_every_kind(mixed, tabulate):
    """Names in the order of the range, numbers ascending, ranges in ten bins, inactive settings nowhere."""
    points = [mixed.configuration(u) for u in np.random.default_rng(0).random((500, 5))]
    table = tabulate(mixed, lambda _c, _r: 0.1, 1, points)
    rule, norm, batch, rate, beta = levels(table, mixed)
    assert (rule.texts, norm.texts) == (("sgd", "adam"), ("true", "false"))
    assert batch.texts == ("16", "64", "256")
    assert beta.texts == ("0.5", "0.9")
    assert ((beta.code < 0) == (table["rule"] == "sgd")).all()
    assert np.bincount(rate.code).tolist() == [50] * 10
    for place in range(10):
        inside = table["rate"][rate.code == place]
        assert rate.ends[place].tolist() == [inside.min(), inside.max()]
    columns = level_columns(rate, [0])
    assert columns["level"][0].count(" … ") == 1


def test_many_trials_on_the_lowest_value_make_no_empty_level(tabulate):
    """A third of the trials at the lowest of a hundred values: it is in the first bin, and none is empty."""
    space = Space([Setting("rate", (Variant(FloatRange(1.0, 100.0)),))])
    points = [{"rate": float(max(1, place - 50))} for place in range(1, 151)]
    (found,) = levels(tabulate(space, lambda _c, _r: 0.1, 1, points), space)
    counts = np.bincount(found.code, minlength=len(found))
    assert (found.ends[0, 0], len(counts), counts.sum()) == (1.0, len(found), 150)
    assert (counts > 0).all()


def test_a_setting_that_never_varies_or_never_acts(setting, tabulate):
    """One value is one level; a setting without any value has none."""
    space = Space([setting("a", 1), setting("b", 2, when={"a": (3,)})])
    one, never = levels(tabulate(space, lambda _c, _r: 0.1), space)
    assert (one.texts, len(never), never.code.tolist()) == (("1",), 0, [-1])


def test_values_of_mixed_types_have_levels(setting, tabulate):
    """A stranger's setting of words, numbers and truth values has a level for each."""
    space = Space([setting("odd", "none", 0.5, False)])
    (found,) = levels(tabulate(space, lambda _c, _r: 0.1), space)
    assert found.texts == ("none", "0.5", "false")
