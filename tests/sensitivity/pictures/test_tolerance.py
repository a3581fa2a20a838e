"""Bands of the learning rate against the table of tolerances."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.measures.measuring import NO_TRIALS, all_tables, marked
from sensitivity.pictures import tolerance
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.pictures.style import new_figure
from sensitivity.study import Study
from sweeps.space import FloatRange, IntegerRange, Setting, Space, Variant


def row(branch, against, ends, best, cut=(False, False), intervals=1, share=None):
    """Row of the table ``tolerance`` for a learning rate over four decades."""
    fraction = np.log10(ends[1] / ends[0]) / 4 if share is None else share
    decades = 4 * fraction
    return {
        "branch": branch, "setting": "learning_rate", "method": "re-tuned", "against": against,
        "fraction": fraction, "low": fraction / 2, "high": fraction, "decades": decades,
        "decades_low": decades / 2, "decades_high": decades, "from": ends[0], "to": ends[1],
        "intervals": intervals, "best_at": best, "cut_low": cut[0], "cut_high": cut[1],
    }  # fmt: skip


TABLE = pd.DataFrame(
    [
        row("all", "own best", (0.01, 1.0), 0.1),
        row("optimizer=sgd", "own best", (0.01, 0.1), 0.1),
        row("optimizer=sgd", "overall best", (np.nan, np.nan), 0.1, intervals=0, share=0.0),
        row("optimizer=adam", "own best", (0.02, 1.0), 0.03),
        row("optimizer=adam", "overall best", (0.01, 10.0), 0.03, (False, True), 2),
    ]
)  # fmt: skip


def drawn(bars):
    """Axes with the bars on a log axis."""
    axes = new_figure(2.0).add_subplot()
    axes.set_xscale("log")
    tolerance.draw(bars, axes)
    return axes


def test_bands_by_one_bar_for_all_the_widest_first():
    """The whole plan, then adam with three decades, then sgd, which is nowhere good enough."""
    bars = tolerance.by_branch(TABLE, "learning_rate")
    assert [bar.label for bar in bars] == ["all optimizers", "adam", "sgd"]
    assert bars[1].ends == (0.01, 10.0)
    assert bars[1].text == "≥ 3.0 decades [1.5, 3.0]"
    assert bars[2].text == "nowhere: 0.0 decades [0.0, 0.0]"


@pytest.mark.parametrize(
    ("cut", "low", "text"),
    [
        ((True, True), 4.0, "≥ 4.0 decades"),
        ((True, True), 3.5, "≥ 4.0 decades [3.5, 4.0]"),
        ((True, False), 3.9, "≥ 4.0 decades [3.9, 4.0]"),
        ((False, False), 4.0, "4.0 decades [4.0, 4.0]"),
    ],
)
def test_the_range_is_no_certainty(cut, low, text):
    """All of the range whatever the seed: at least that, and no interval that looks exact."""
    table = pd.DataFrame([row("all", "own best", (0.001, 10.0), 0.1, cut) | {"decades_low": low}])
    assert tolerance.by_branch(table, "learning_rate")[0].text == text


def test_with_the_rest_untuned_the_dark_bar_gives_order_and_number():
    """By the common bar adam is wider with the rest tuned, sgd with it untuned: sgd comes first."""
    rows = [
        row("optimizer=sgd", "common bar", (0.01, 0.1), 0.1),
        row("optimizer=adam", "common bar", (0.01, 10.0), 0.03),
        row("optimizer=sgd", "common bar", (0.02, 0.09), 0.1, share=0.2) | {"method": "untuned"},
        row("optimizer=adam", "common bar", (0.03, 0.05), 0.03, share=0.1) | {"method": "untuned"},
    ]
    bars = tolerance.by_branch(pd.DataFrame(rows), "learning_rate")
    assert [(bar.label, bar.ends, bar.untuned) for bar in bars] == [
        ("sgd", (0.01, 0.1), (0.02, 0.09)),
        ("adam", (0.01, 10.0), (0.03, 0.05)),
    ]
    assert [bar.text for bar in bars] == ["0.8 decades [0.4, 0.8]", "0.4 decades [0.2, 0.4]"]
    dark = [patch for patch in drawn(bars).patches if patch.get_height() == pytest.approx(0.3)]
    assert [patch.get_x() for patch in dark] == [0.02, 0.03]


def test_cut_off_and_holes_are_drawn():
    """An arrow at the end that is cut off, hatching over several bands."""
    bars = tolerance.by_branch(TABLE, "learning_rate")
    assert [bar.cut for bar in bars] == [(False, False), (False, True), (False, False)]
    axes = drawn(bars)
    whole, adam = axes.patches
    assert (whole.get_x(), whole.get_width()) == pytest.approx((0.01, 0.99))
    assert not whole.get_hatch()
    assert adam.get_hatch() == "////"
    assert [tuple(line.get_xdata()) for line in axes.lines if line.get_marker() == ">"] == [(10.0,)]
    assert [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "D"] == [0.1, 0.03, 0.1]


def test_without_optimizers_every_numeric_setting_has_a_bar(tabulate, setting):
    """Places are parts of each range: 0.01 on a log range from 0.0001 to 1 stands in the middle."""
    rate = Setting("learning_rate", (Variant(FloatRange(1e-4, 1.0, log=True, levels=9)),))
    space = Space([rate, setting("width", 10, 20, 30), setting("kind", "a", "b")])
    trials = tabulate(
        space, lambda c, r: abs(np.log10(c["learning_rate"]) + 2) + c["width"] / 1000 + 0.001 * r, 2
    )
    study = Study(trials, space)
    tables = all_tables(study, only=("tolerance", "ranking"))
    axes = tolerance.picture(study, tables).figure.axes[0]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["learning rate", "width"]
    assert next(line.get_xdata()[0] for line in axes.lines if line.get_marker() == "D") == pytest.approx(0.5)


@pytest.mark.parametrize("branched", [False, True])
def test_a_band_beyond_the_trials_that_are_left_is_on_the_axes(tabulate, setting, branched):
    """The range has three decades, and of those trials that have a result two values: the axis shows all."""
    rate = Setting("learning_rate", (Variant(FloatRange(1e-3, 1.0, log=True)),))
    kind = "optimizer" if branched else "kind"
    space = Space([rate, setting(kind, "a", "b"), Setting("depth", (Variant(IntegerRange(0, 2)),))])
    places = [(1e-2, "a"), (1e-3, "b")]
    tried = [{"learning_rate": x, kind: name, "depth": depth} for x, name in places for depth in range(3)]
    study = Study(tabulate(space, lambda c, _: 1e-2 - c["learning_rate"], 1, tried), space)
    axes = tolerance.picture(study, all_tables(study, only=("tolerance", "ranking"))).figure.axes[0]
    low, high = axes.get_xlim()
    assert axes.patches
    assert all(low <= bar.get_x() <= bar.get_x() + bar.get_width() <= high for bar in axes.patches)


def test_a_picture_of_real_trials(tabulate, nested_space):
    """The learning rate's axis, a row per optimizer and one for all."""
    trials = tabulate(nested_space, lambda c, r: abs(np.log10(c["learning_rate"]) + 2) + 0.001 * r, 2)
    study = Study(trials, nested_space, "validation error", cap=4.0)
    tables = all_tables(study, only=("tolerance", "ranking"))
    picture = tolerance.picture(study, tables)
    axes = picture.figure.axes[0]
    assert axes.get_xlabel() == "learning rate (log scale)"
    assert axes.get_xscale() == "log"
    assert len(axes.get_yticklabels()) == 4
    assert "Dark:" in picture.caption


def test_no_numeric_setting_is_nothing_to_draw(tabulate, setting, nested_space):
    """Choices have no range; no trials have nothing."""
    space = Space([setting("kind", "a", "b"), setting("form", "x", "y")])
    study = Study(tabulate(space, lambda c, r: float(c["kind"] == "a") + r, 2), space)
    with pytest.raises(NothingToDraw, match="no numeric setting varies"):
        tolerance.picture(study, all_tables(study, only=("tolerance", "ranking")))
    empty = Study(tabulate(nested_space, lambda *_: 0.0, 1, []), nested_space)
    tables = {name: marked(name, empty, NO_TRIALS()) for name in ("tolerance", "ranking")}
    with pytest.raises(NothingToDraw, match="there are no trials"):
        tolerance.picture(empty, tables)
