"""Dots of gains and costs against their table."""

import io

import matplotlib as mpl
import matplotlib.image
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from sensitivity.measures.measure import names
from sensitivity.measures.measuring import NO_TRIALS, all_tables, marked
from sensitivity.measures.tunability import COLUMNS
from sensitivity.pictures import tunability
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.pictures.saving import png
from sensitivity.pictures.style import NOISE, PAPER, setting_colours
from sensitivity.remarks import Remarks
from sensitivity.study import Study


def row(setting, kind, amount, judgement="above", branch="all", level=1.0, default=0.1):
    """One row of the table, its interval 20 % to either side."""
    return (branch, setting, default, kind, amount, 0.8 * amount, 1.2 * amount, level, judgement, Remarks())


def table(*rows):
    """The table of some rows."""
    return pd.DataFrame(rows, columns=names(COLUMNS))


@pytest.fixture
def study(tabulate, nested_space):
    """28 configurations of three optimizers in two replicates, with everything the table needs."""
    trials = tabulate(nested_space, lambda c, r: c["learning_rate"] + 0.001 * r, 2)
    return Study(trials, nested_space, "validation error", unit="1 − accuracy")


def dots(axes):
    """Marker, amount and fill of each dot from the top down."""
    found = [line for line in axes.lines if line.get_marker() in {"o", "s", "D"}]
    found.sort(key=lambda line: line.get_ydata()[0])
    return [(d.get_marker(), float(d.get_xdata()[0]), to_hex(d.get_markerfacecolor())) for d in found]


def test_dots_are_those_of_the_table(study):
    """Joint gain first, then settings by their largest amount; open and grey where noise may explain it."""
    rows = table(
        row("beta", "gain", 0.02, "not above"),
        row("beta", "cost at default", 0.03),
        row("learning_rate", "gain", 0.01, level=0.5),
        row("learning_rate", "cost re-tuned", 0.2),
        row("all together", "gain", 0.04, level=None, default=None),
    )
    picture = tunability.picture(study, {"tunability": rows})
    axes = picture.figure.axes[0]
    colour = setting_colours(study.space.names)
    drawn = dots(axes)
    assert [(marker, amount) for marker, amount, _ in drawn] == [
        ("o", 0.04), ("o", 0.01), ("D", 0.2), ("o", 0.02), ("s", 0.03),
    ]  # fmt: skip
    assert [fill for _, _, fill in drawn[1:]] == [
        colour["learning_rate"], colour["learning_rate"], PAPER, colour["beta"],
    ]  # fmt: skip
    lines = axes.collections[0]
    ends = [path.vertices[:, 0] for path in lines.get_paths()]
    assert [ends[k] for k, ink in enumerate(lines.get_color()) if to_hex(ink) == NOISE] == [
        pytest.approx([0.016, 0.024])
    ]
    texts = [text.get_text() for text in axes.texts]
    assert "0.01 [0.008, 0.012]  at 0.5" in texts
    assert "learning rate" in texts
    assert [text.get_text() for text in axes.get_yticklabels()][:3] == ["gain", "gain", "cost re-tuned"]
    assert "validation error (1 − accuracy)" in axes.get_xlabel()
    assert axes.get_xscale() == "linear"
    assert "learning rate 0.1, beta 0.1" in picture.caption
    assert "not above the noise" in picture.caption


def test_far_apart_amounts_stand_on_a_log_axis(study):
    """Beyond a power of ten, with 0 still on the axis."""
    rows = table(row("beta", "gain", 0.002), row("beta", "cost at default", 0.8))
    axes = tunability.picture(study, {"tunability": rows}).figure.axes[0]
    assert axes.get_xscale() == "symlog"
    assert [text.get_text() for text in axes.get_xticklabels()] == ["0", "0.001", "0.01", "0.1"]
    assert "log scale beyond 0.001" in axes.get_xlabel()
    low, high = axes.get_xlim()
    assert low < 0
    assert high > 1.2 * 0.8


def test_without_a_default_another_branch_is_shown(study):
    """A branch that knows its gains wins over ``all`` without; where none does, costs re-tuned are left."""
    unknown = row("beta", "gain", np.nan, "unknown")
    rows = table(
        unknown, row("beta", "cost re-tuned", 0.5), row("beta", "gain", 0.1, branch="optimizer=adam")
    )
    assert "adam" in tunability.picture(study, {"tunability": rows}).title
    picture = tunability.picture(study, {"tunability": rows.iloc[:2]})
    assert [marker for marker, _, _ in dots(picture.figure.axes[0])] == ["D"]
    assert "Gains are unknown: the default configuration was not trained." in picture.caption


def test_real_table_and_nothing(study):
    """The table of real trials draws; one value everywhere and a marked table give their reason."""
    tables = all_tables(study, only=("tunability",))
    picture = tunability.picture(study, tables)
    assert len(dots(picture.figure.axes[0])) == len(tunability.shown(tables["tunability"])) == 10
    same = Study(study.trials.assign(value=0.5), study.space)
    with pytest.raises(NothingToDraw, match="makes a difference"):
        tunability.picture(same, all_tables(same, only=("tunability",)))
    with pytest.raises(NothingToDraw, match="there are no trials"):
        tunability.picture(study, {"tunability": marked("tunability", study, NO_TRIALS())})


def test_long_numbers_are_not_cut_off_in_the_file(study):
    """The room beside the axes is found at the resolution of the PNG: its last columns are paper."""
    rows = table(*(row("beta", kind, 0.012345, level="a_long_level") for kind in ("gain", "cost at default")))
    picture = tunability.picture(study, {"tunability": rows})
    pixels = mpl.image.imread(io.BytesIO(png(picture)))
    assert (pixels[:, -2:, :3] == 1).all()
    assert (pixels[:, -20:, :3] < 1).any()  # the text does come close
