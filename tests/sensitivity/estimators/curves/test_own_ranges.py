"""Bands where ranges differ between branches: each lies inside the range that its own branch declares."""

import numpy as np
import pytest

from sensitivity.estimators.curves.responses import responses
from sensitivity.estimators.curves.untuned import untuned
from sensitivity.measures.tolerance import tolerance
from sensitivity.pictures import tolerance as picture
from sensitivity.study import Study
from sweeps.space import Choices, FloatRange, IntegerRange, Setting, Space, Variant

OPTIMIZER = Setting("optimizer", (Variant(Choices(("sgd", "adam"))),))


def rate(low, high, levels, optimizer="sgd", log=True, **when):
    conditions = {"optimizer": optimizer, **when}
    return Variant(FloatRange(low, high, log, levels), {name: (value,) for name, value in conditions.items()})


def width(low, high, levels, optimizer):
    return Variant(IntegerRange(low, high, True, levels), {"optimizer": (optimizer,)})


SPACES = {
    "the same steps": ("learning_rate", rate(1e-4, 1.0, 9), rate(1e-5, 0.1, 9, "adam")),
    "other steps": ("learning_rate", rate(1e-3, 1.0, 7), rate(1e-5, 0.1, 6, "adam")),
    "apart": ("learning_rate", rate(0.1, 10.0, 5), rate(1e-5, 1e-3, 5, "adam")),
    "inside": ("learning_rate", rate(1e-4, 10.0, 11), rate(1e-3, 0.1, 4, "adam")),
    "linear": ("momentum", rate(0.0, 0.5, 6, log=False), rate(0.2, 1.0, 5, "adam", log=False)),
    "whole numbers": ("width", width(4, 64, 4, "sgd"), width(16, 256, 5, "adam")),
    "two in one branch": (
        "learning_rate",
        rate(1e-2, 1.0, 5),
        rate(1e-5, 1e-2, 7, "adam", batch=16),
        rate(1e-4, 0.1, 7, "adam", batch=64),
    ),
}


def declared(variants, optimizer):
    """Lowest and highest value of the ranges that hold for an optimizer; all of them for None."""
    held = [v.domain for v in variants if optimizer in {None, *v.when["optimizer"]}]
    return min(domain.low for domain in held), max(domain.high for domain in held)


def place(value, name):
    """Logarithm of a value, or the value itself where the range is linear."""
    return value if name == "momentum" else np.log10(value)


def study(tabulate, setting, which, tilt):
    """Trials whose result falls or rises along the range, or does not move at all."""
    name, *variants = SPACES[which]
    space = Space([OPTIMIZER, setting("batch", 16, 64), Setting(name, tuple(variants))])
    noise = np.random.default_rng(0)

    def response(c, _):
        return 0.5 + 0.01 * tilt * place(c[name], name) + 0.002 * noise.normal()

    return name, variants, Study(tabulate(space, response, 2), space, tolerance=0.3, cap=0.9)


@pytest.mark.parametrize("tilt", [-1, 0, 1, 12])
@pytest.mark.parametrize("which", SPACES)
def test_every_band_lies_in_the_range_of_its_own_branch(tabulate, setting, which, tilt):
    """Whatever the method and the bar; a band that the range cuts ends where the branch's own range ends."""
    name, variants, trials = study(tabulate, setting, which, tilt)
    table = tolerance(trials)
    rows = table[table["setting"] == name]
    assert set(rows["method"]) == {"re-tuned", "untuned", "slice"}
    for row in rows.to_dict("records"):
        branch = None if row["branch"] == "all" else row["branch"].split("=")[1]
        low, high = declared(variants, branch)
        if row["method"] != "slice":  # a slice of two ranges lies in one of them
            assert row["cut_low"] == (row["from"] <= low * (1 + 1e-9)), row
            assert row["cut_high"] == (row["to"] >= high * (1 - 1e-9)), row
        if row["intervals"]:
            assert low * (1 - 1e-9) <= row["from"] <= row["to"] <= high * (1 + 1e-9), row
        if name == "learning_rate" and row["method"] != "slice":
            assert row["decades"] <= np.log10(high / low) + 1e-9
            assert row["decades"] == pytest.approx(row["fraction"] * np.log10(high / low))


@pytest.mark.parametrize("which", SPACES)
def test_so_do_those_of_the_picture(tabulate, setting, which):
    """Both bars of each optimizer, and the heads of arrows where its own range ends."""
    name, variants, trials = study(tabulate, setting, which, 0)
    for bar in picture.by_branch(tolerance(trials), name):
        low, high = declared(variants, None if bar.label == "all optimizers" else bar.label)
        assert bar.cut == (True, True)
        assert bar.ends == pytest.approx((low, high))
        assert bar.untuned == pytest.approx((low, high))


def test_the_median_of_two_ranges_counts_both_at_every_place(tabulate, setting):
    """Where sgd is 1 (0.01 … 1) and adam 2 (0.001 … 0.1, in other steps): 1.5 where both are, else 1 or 2.

    Where one has more levels in its range than the other each still counts as one half.
    """
    space = Space(
        [
            OPTIMIZER,
            setting("batch", 16, 64),
            Setting("lr", (rate(1e-2, 1.0, 9), rate(1e-3, 0.1, 4, "adam"))),
        ]
    )
    trials = tabulate(space, lambda c, _: 1.0 if c["optimizer"] == "sgd" else 2.0)
    found = responses(Study(trials, space))
    curve = untuned(found, "lr", np.ones(len(found.codes), dtype=bool))
    levels = np.array(curve.levels, dtype=float)
    assert len(levels) == 13 - 1  # 0.1 belongs to both
    np.testing.assert_allclose(curve.best[levels < 0.0099], 2)
    np.testing.assert_allclose(curve.best[levels > 0.101], 1)
    np.testing.assert_allclose(curve.best[(levels > 0.0099) & (levels < 0.101)], 1.5)
