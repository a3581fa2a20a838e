"""Results that look like failed trainings: a clear gap is told, where and how many; a long tail is not."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.language import speaking
from sensitivity.reading.frames import from_frame
from sensitivity.reporting.cautions.far import far_from_others, far_results
from sweeps.space import Choices, Setting, Space, Variant

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
    ],
    ids=["better", "most", "steps", "flat"],
)
def test_what_is_no_few_bad_ones_is_not_told(value):
    """Only a minority on the bad side is."""
    assert far_from_others(study_of(value)) is None


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
