"""Results that look like failed trainings: a clear gap is told, where and how many; a long tail is not."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.language import speaking
from sensitivity.reading.frames import from_frame
from sensitivity.reporting.cautions.far import far_from_others, far_results
from sweeps.space import Choices, FloatRange, Setting, Space, Variant

RATES, KINDS = (0.001, 0.01, 0.1), ("adam", "rmsprop", "sgd")


def study_of(value, **changes):
    """Grid of a rate, an optimizer and six widths: 54 trials; ``value``: of a rate and an optimizer."""
    names = ["learning_rate", "optimizer", "width"]
    grid = pd.MultiIndex.from_product([RATES, KINDS, range(6)], names=names).to_frame(index=False)
    rng = np.random.default_rng(0)
    result = [value(*row[:2]) + 0.01 * rng.random() for row in grid.itertuples(index=False)]
    space = Space(
        [
            Setting(name, (Variant(Choices(tuple(levels))),))
            for name, levels in zip(names, (RATES, KINDS, tuple(range(6))), strict=True)
        ]
    )
    return from_frame(grid.assign(value=result), space, **changes)


def collapses(rate, kind):
    """An error of 0.25, and of 0.99 where adam or rmsprop meets the highest rate."""
    return 0.99 if rate == 0.1 and kind != "sgd" else 0.25


def test_results_behind_a_clear_gap_are_counted_and_placed():
    """12 of 54, at two optimizers with one rate; 0.26 is the most of all others."""
    study = study_of(collapses)
    found = far_from_others(study)
    assert len(found.rows) == 12
    assert 0.25 <= found.others <= 0.26
    assert 0.99 <= found.nearest <= found.worst <= 1.0
    (caution,) = far_results(study)
    assert caution.text.startswith("12 of 54 results (")
    assert "all those with learning rate 0.1 and optimizer adam or rmsprop." in caution.text
    assert "With --cap 0.26 " in caution.text
    with speaking("ko"):
        assert "54개 가운데 12개" in next(far_results(study)).text


def test_of_one_setting_only_its_level_is_named():
    """Whatever the optimizer is: nothing works at the highest rate."""
    (caution,) = far_results(study_of(lambda rate, _: 0.99 if rate == 0.1 else 0.25))
    assert "18 of 54 results" in caution.text
    assert "all those with learning rate 0.1." in caution.text


@pytest.mark.parametrize(
    "value",
    [
        lambda rate, kind: 1.0 - collapses(rate, kind),  # a few that are much better
        lambda rate, _: 0.25 if rate == 0.1 else 0.99,  # most are bad: a minority is good
        lambda rate, _: 0.2 * (np.log10(rate) + 3),  # equal steps
        lambda *_: 0.5,  # nothing happens
        lambda rate, kind: 0.1 if rate < 0.1 else 1.0 + 0.3 * KINDS.index(kind),  # bad, but not alike
        lambda _, kind: 0.99 if kind == "sgd" else 0.25,  # one choice is always worse: an effect
    ],
    ids=["better", "most", "steps", "flat", "loose", "choice"],
)
def test_what_is_no_few_bad_ones_is_not_told(value):
    """Only a minority on the bad side is."""
    assert far_from_others(study_of(value)) is None


def of_columns(domain=None, **columns):
    """Study of these columns; each setting has this domain, or is a list."""
    lists = {name: Choices(tuple(dict.fromkeys(given))) for name, given in columns.items()}
    names = [name for name in columns if name not in ("value", "replicate")]
    space = Space([Setting(name, (Variant(domain or lists[name]),)) for name in names])
    return from_frame(pd.DataFrame(columns), space)


@pytest.mark.parametrize("alike", [True, False])
def test_one_choice_that_always_ends_at_one_number_is_told(alike):
    """An activation whose accuracy is 0.1 each time learns nothing; one that differs is merely worse."""
    rng = np.random.default_rng(0)
    kinds = ["relu", "tanh", "dead"] * 9
    value = [0.9 + 0.02 * rng.random() * (not alike) if k == "dead" else 0.1 * rng.random() for k in kinds]
    study = of_columns(activation=kinds, depth=[at // 3 % 3 for at in range(27)], value=value)
    assert [len(found.rows) for found in [far_from_others(study)] if found] == ([9] if alike else [])


@pytest.mark.parametrize(("configurations", "told"), [(1, 0), (2, 0), (3, 12)])
def test_replicates_of_a_configuration_count_once(configurations, told):
    """Six good rates and one, two or three bad ones: one that is worst with every seed is an effect."""
    bad, good = (
        [1e-6 * 2**at for at in range(configurations)] * (12 // configurations),
        np.geomspace(1e-3, 1, 6),
    )
    rates = [*bad, *np.repeat(good, 4)]
    value = [0.9] * 12 + [0.1 + 0.01 * at for at in range(24)]
    seeds = [at // configurations for at in range(12)] + list(range(4)) * 6
    found = far_from_others(of_columns(rate=rates, replicate=seeds, value=value))
    assert (0 if found is None else len(found.rows)) == told


@pytest.mark.parametrize(
    ("bad", "where"),
    [
        ([1e-5, 1.01e-5, 2e-5, 1.4e-5], "They are all those with rate 1e-5 to 2e-5."),
        ([1e-5, 2e-5, 2.9e-4, 1.4e-5], ""),  # 1e-4 is between them, and ran well
    ],
)
def test_of_a_draw_the_trials_own_values_are_told(bad, where):
    """All in the lowest bin, 1e-5 … 2.5e-4, with others that ran well: their own ends."""
    good = [1e-4, 2e-4, 2.4e-4, *np.geomspace(3.1e-4, 1.0, 30).tolist()]
    value = [0.9] * 4 + [0.1 + 0.001 * at for at in range(33)]
    study = of_columns(FloatRange(1e-5, 1.0, log=True), rate=[*bad, *good], value=value)
    assert study.axes["rate"].bins is not None
    (caution,) = far_results(study)
    assert caution.text.startswith("4 of 37 results (0.9) are far")
    assert ("They are all" in caution.text) == bool(where)
    assert where in caution.text


def test_ordinary_long_tails_are_not_told():
    """None of thirty tables of heavy-tailed losses is; nor is a single outlier, however far."""
    rng = np.random.default_rng(1)
    space = Space([Setting("a", (Variant(Choices((1, 2))),))])
    drawn = (rng.lognormal(0, 1.5, 54), rng.pareto(1.5, 54), rng.exponential(size=54))
    told = 0
    for _ in range(10):
        for values in drawn:
            rng.shuffle(values)
            frame = pd.DataFrame({"a": [1, 2] * 27, "value": values * rng.lognormal(0, 1, 54)})
            told += far_from_others(from_frame(frame, space)) is not None
    assert told == 0
    outlier = pd.DataFrame({"a": [1, 2] * 27, "value": [*np.linspace(0, 1, 53), 50.0]})
    assert far_from_others(from_frame(outlier, space)) is None
