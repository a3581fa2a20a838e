"""A valley narrower than the levels are apart is covered by its interval, a wide one stays as it is."""

import numpy as np
import pandas as pd
import pytest
from cliff import choices

from sensitivity.estimators.curves import goals
from sensitivity.estimators.curves.curves import Curve
from sensitivity.estimators.curves.valley import _deepest
from sensitivity.measures.tolerance import tolerance
from sensitivity.study import Study
from sweeps.space import FloatRange, Setting, Space, Variant

CAP, BEST, DECADES = 0.9, 0.1, 5


def bowls(step, offset, widths, seed, replicates=2, finer=1, noise=0.003):
    """Quadratic valleys in log η: at a tenth of the way to the cap as many decades wide as ``widths``."""
    low = 1e-4 * 10 ** (offset * step)
    levels = round(DECADES / step) * finer + 1
    span = FloatRange(low, low * 10**DECADES, log=True, levels=levels)
    space = Space(
        [
            choices("optimizer", *widths),
            Setting("learning_rate", (Variant(span),)),
            choices("batch_size", 16, 64, 256),
        ]
    )

    def error(c):
        bend = 0.4 * (CAP - BEST) / widths[c["optimizer"]] ** 2
        return BEST + 0.01 * np.log2(c["batch_size"] / 16) + bend * (np.log10(c["learning_rate"]) + 1.5) ** 2

    cells = list(space.grid())
    truth, rng = np.array([error(c) for c in cells]), np.random.default_rng(seed)
    parts = [
        pd.DataFrame(cells).assign(
            phase="plan",
            outcome="trained",
            replicate=r,
            value=np.minimum(truth + noise * rng.normal(size=len(cells)), CAP),
        )
        for r in range(replicates)
    ]
    trials = pd.concat(parts, ignore_index=True)
    return Study(trials.assign(number=range(len(trials))), space, cap=CAP)


def widths_of(study):
    """Decades of the rate and their interval, everything tuned, by optimizer and bar."""
    table = tolerance(study)
    rows = table[(table["setting"] == "learning_rate") & (table["method"] == "re-tuned")]
    rows = rows[rows["branch"] != "all"].set_index(["branch", "against"])
    return rows[["decades", "decades_low", "decades_high"]]


@pytest.mark.parametrize("step", [0.5, pytest.param(0.25, marks=pytest.mark.slow)])
def test_narrow_valleys_are_covered(step):
    """Twenty-four tables for each distance of the levels: 0.6 to 1.6 steps wide, at eight places."""
    covered = {"common bar": [], "overall best": [], "own best": []}
    for seed, (offset, part) in enumerate((k / 8, w) for k in range(8) for w in (0.6, 0.9, 1.6)):
        widths = {"sgd": part * step, "adam": 2.2 * part * step}
        found = widths_of(bowls(step, offset, widths, seed, 2 + seed % 2))
        fine = widths_of(bowls(step, offset, widths, 0, 1, 10, noise=0.0))["decades"]
        inside = (found["decades_low"] <= fine) & (fine <= found["decades_high"])
        for against, among in covered.items():
            among.append(inside.xs(against, level="against")["optimizer=sgd"])
        assert fine["optimizer=sgd", "common bar"] == pytest.approx(part * step, rel=0.05)
        assert (found["decades_high"] - found["decades_low"] < 1.6 * step).all()
    assert {against: np.mean(among) >= 0.9 for against, among in covered.items()} == dict.fromkeys(
        covered, True
    )


def test_wide_valleys_stay_as_they_were(monkeypatch):
    """Four and more levels in each band: the number is known by its levels, whatever is said of a valley."""
    studies = [bowls(0.25, k / 4, {"sgd": 1.0, "adam": 2.0}, k) for k in range(4)]
    now = [widths_of(study).xs("common bar", level="against") for study in studies]
    monkeypatch.setattr(goals, "spread_between", lambda *_: (np.nan, np.nan))
    for study, found in zip(studies, now, strict=True):
        before = widths_of(study).xs("common bar", level="against")
        pd.testing.assert_frame_equal(found, before)
        assert (found["decades_high"] - found["decades_low"] < 0.25).all()


def test_a_worse_optimizer_between_whose_levels_nothing_good_can_be_has_no_band():
    """A flat valley that ends above the bar: its chords, prolonged, do not reach it."""
    study = bowls(0.5, 0.0, {"sgd": 1.0, "adam": 1.0}, 1)
    worse = study.trials["optimizer"] == "sgd"
    trials = study.trials.assign(value=study.trials["value"].where(~worse, 0.4 + study.trials["value"] / 9))
    found = widths_of(Study(trials, study.space, cap=CAP))
    assert found.loc[("optimizer=sgd", "common bar")].tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("best", "expected"),
    [
        ([2.5, 1.5, 0.5, 0.5, 1.5], 0.5),  # two lines that meet at 0
        ([6.25, 2.25, 0.25, 0.25, 2.25], 1.0),  # a parabola of floor 0: chords go on to -0.75
        ([2.0, 1.0, 0.0, 1.0, 2.0], 0.0),  # the level is the floor
        ([1.0, 1.0, 1.0], 0.0),
        ([1.0, 0.0], 0.0),
    ],
)
def test_what_levels_can_hide(best, expected):
    """Worked by hand: chords prolonged to where they meet."""
    best = np.array(best)
    levels = tuple(range(len(best)))
    curve = Curve(
        FloatRange(0, len(best) - 1),
        np.linspace(0, 1, len(best)),
        levels,
        best,
        np.empty((0, len(best))),
        best,
        np.array(levels),
    )
    assert best.min() - _deepest(curve) == pytest.approx(expected, abs=0.02)
