"""Small multiples of learning curves against their table."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.measures.measuring import NO_TRIALS, all_tables, marked
from sensitivity.pictures import learning_curves
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.pictures.saving import save
from sensitivity.pictures.style import FRAME, new_figure
from sensitivity.study import Study
from sweeps.space import Space


@pytest.fixture
def study(setting, tabulate):
    """Two optimizers, best at 0.1 and at 0.01; rate 1 diverges after 1.5 of 3 epochs; two replicates."""
    space = Space([setting("optimizer", "sgd", "adam"), setting("learning_rate", 0.01, 0.1, 1.0)])
    trials = tabulate(
        space, lambda c, r: 0.1 + abs(c["learning_rate"] - (0.1 if c["optimizer"] == "sgd" else 0.01)) / 2
        + 0.01 * r + 0.01 * (c["optimizer"] == "sgd"), 2,
    )  # fmt: skip
    lost = trials["learning_rate"] == 1.0
    trials.loc[lost, ["outcome", "diverged_at", "value"]] = ["diverged", 1.5, 0.9]
    curves = {
        number: [0.9, 0.4] if gone else [0.9, 0.4, 0.3, value]
        for number, gone, value in zip(trials["number"], lost, trials["value"], strict=True)
    }
    return Study(trials, space, "validation error", 0.9, curves=curves, unit="1 − accuracy")


def test_lines_are_those_of_the_table(study):
    """The best is thick and in the accent's colour; a line ends where all replicates have diverged."""
    table = all_tables(study, only=("learning_curves",))["learning_curves"]
    axes = new_figure(2.0).add_subplot()
    rows = table[table["branch"] == "optimizer=adam"]
    learning_curves.draw(rows, axes, learning_curves.level_colours([0.01, 0.1, 1.0]))
    lines = [line for line in axes.lines if line.get_marker() != "x"]
    assert [len(line.get_xdata()) for line in lines] == [4, 4, 3]
    best = rows[rows["is_best"]]
    assert lines[0].get_ydata() == pytest.approx(best["mean"].to_numpy())
    assert lines[0].get_color() == FRAME
    assert lines[0].get_linewidth() > lines[1].get_linewidth()
    crosses = [line for line in axes.lines if line.get_marker() == "x" and len(line.get_xdata())]
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in crosses] == [(2, 0.9)]
    assert len(axes.collections) == 3


def test_panels_share_their_axes_and_stand_as_the_optimizers_are_listed(study, tmp_path):
    """Titles say where the best lies; files are written without a warning."""
    picture = learning_curves.picture(study, all_tables(study, only=("learning_curves",)))
    sgd, adam, bar = picture.figure.axes
    assert adam.get_title("left") == "adam: best at 0.01"
    assert sgd.get_title("left") == "sgd: best at 0.1"
    assert adam.get_ylim() == sgd.get_ylim()
    assert sgd.get_ylabel() == "validation error"
    assert adam.get_xlabel() == sgd.get_xlabel() == "epoch"
    assert [text.get_text() for text in bar.get_yticklabels()] == ["0.01", "0.1", "1"]
    assert bar.get_ylabel() == "learning rate"
    assert "1 − accuracy" in picture.caption
    assert "lower is better" in picture.caption
    assert "diverged" in picture.caption
    *drawn, words = save(picture, tmp_path / "curves")
    assert all(path.stat().st_size > 1000 for path in drawn)
    assert picture.caption in words.read_text(encoding="utf-8")
    assert adam.get_position().y0 < 0.5  # back in the figure's own size


def test_many_optimizers_and_many_levels_are_thinned():
    """At most twelve panels and sixteen lines each, the best always among them."""
    rows = [
        {"branch": f"optimizer=o{b}", "setting": "learning_rate", "level": 10.0**-k, "epoch": 1,
         "mean": 0.01 * b, "low": 0.0, "high": 1.0, "replicates": 2, "diverged": 0, "is_best": k == 7}
        for b in range(15) for k in range(40)
    ]  # fmt: skip
    found = learning_curves.panels(pd.DataFrame(rows))
    assert list(found) == [f"optimizer=o{b}" for b in range(12)]
    for panel in found.values():
        assert panel["level"].nunique() in {16, 17}
        assert panel["is_best"].sum() == 1


def test_one_configuration_alone_and_no_curves(setting, tabulate, study):
    """One line without a legend; without curves there is nothing to draw."""
    space = Space([setting("kind", "a", "b")])
    trials = tabulate(space, lambda c, _: float(c["kind"] == "a"))
    alone = Study(trials, space, curves={number: [2.0, 1.5] for number in trials["number"]})
    picture = learning_curves.picture(alone, all_tables(alone, only=("learning_curves",)))
    assert picture.title == "How training goes at the best configuration"
    assert len(picture.figure.axes) == 1
    none = Study(study.trials, study.space)
    with pytest.raises(NothingToDraw, match="no trial has a curve"):
        learning_curves.picture(
            none, {"learning_curves": marked("learning_curves", none, NO_TRIALS(), each=False)}
        )


def test_everything_diverged(setting, tabulate):
    """No best is claimed where every run of the panel diverged."""
    space = Space([setting("learning_rate", 1.0, 10.0)])
    trials = tabulate(space, lambda *_: 0.9, 2).assign(outcome="diverged", diverged_at=0.5)
    lost = Study(trials, space, cap=0.9, curves={number: [0.9, np.nan] for number in trials["number"]})
    picture = learning_curves.picture(lost, all_tables(lost, only=("learning_curves",)))
    assert picture.figure.axes[0].get_title("left") == "every run diverged"
