"""Lines and points of the agreement of rankings against their table."""

import pandas as pd
import pytest

from sensitivity.measures.measure import names
from sensitivity.measures.measuring import NO_TRIALS, all_tables, marked
from sensitivity.measures.stability import COLUMNS, HALVES_AGREE, LARGE
from sensitivity.pictures import stability
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.pictures.style import INK
from sensitivity.remarks import Remarks, worded
from sensitivity.study import Study

NAN = float("nan")


def table(*rows):
    """The table of rows of branch, comparison, against, trials, τ and the ends of its range."""
    ends = (1.0, 1.0, 1.0, Remarks(LARGE, HALVES_AGREE(100, 1.0)))
    return worded(pd.DataFrame([(*r[:4], 20, *r[4:], *ends) for r in rows], columns=names(COLUMNS)))


@pytest.fixture
def study(tabulate, nested_space):
    """28 configurations of three optimizers in two replicates."""
    trials = tabulate(nested_space, lambda c, r: c["learning_rate"] + 0.001 * r, 2)
    return Study(trials, nested_space, "validation error")


@pytest.fixture
def rows():
    """Two sizes of subsets, halves, a replicate and two metrics; one optimizer."""
    return table(
        ("all", "replicates", "0 and 1", 50, 0.9, NAN, NAN),
        ("all", "metrics", "validation_error", 100, 0.9, NAN, NAN),
        ("all", "metrics", "validation_loss", 100, 0.4, NAN, NAN),
        ("all", "subsets", "all trials", 75, 0.95, 0.8, 1.0),
        ("all", "subsets", "all trials", 25, 0.6, 0.2, 0.9),
        ("all", "halves", "the other half", 50, 0.7, 0.5, 0.9),
        ("optimizer=adam", "subsets", "all trials", 8, 0.1, 0.0, 1.0),
    )


def names_in(axes):
    """Words of the legend."""
    return [text.get_text() for text in axes.get_legend().get_texts()]


def test_lines_and_points_are_those_of_the_table(study, rows):
    """The whole plan thick in order of size, the optimizer faint, halves and others as points."""
    picture = stability.picture(study, {"stability": rows})
    (axes,) = picture.figure.axes
    drawn = {line.get_label(): line for line in axes.lines}
    whole = drawn["random subsets"]
    assert (whole.get_xdata().tolist(), whole.get_ydata().tolist()) == ([25, 75], [0.6, 0.95])
    half = drawn["two halves"]
    assert (half.get_xdata().tolist(), half.get_ydata().tolist()) == ([50], [0.7])
    faint = drawn["single optimizers"]
    assert faint.get_color() != INK
    assert faint.get_linewidth() < whole.get_linewidth()
    assert axes.get_xscale() == "log"
    assert axes.get_ylim()[0] > -0.1
    single = [
        ("replicates, 0 and 1: 0.90", 50, 0.9),
        ("validation error, uncapped: 0.90", 100, 0.9),
        ("validation loss: 0.40", 100, 0.4),
    ]
    for name, trials, tau in single:
        assert (drawn[name].get_xdata().tolist(), drawn[name].get_ydata().tolist()) == ([trials], [tau])
    assert len({drawn[name].get_marker() for name, *_ in single}) == 3
    low, high = axes.get_xlim()
    assert low < 25
    assert high > 100
    assert set(names_in(axes)) == {
        "random subsets",
        "two halves",
        "single optimizers",
        *(name for name, *_ in single),
    }
    assert "large enough for the first three" in picture.caption


def test_negative_agreement_opens_the_axis(study, rows):
    """From −1 where anything is below 0."""
    rows.loc[rows["against"] == "validation_loss", "tau"] = -0.3
    axes = stability.picture(study, {"stability": rows}).figure.axes
    assert axes[0].get_ylim()[0] < -1
    assert "validation loss: −0.30" in names_in(axes[0])


def test_many_replicates_are_one_point(study, rows):
    """Where all pairs are summed up, the pairs themselves are left out."""
    pairs = table(("all", "replicates", "all pairs", 50, 0.5, 0.2, 0.8))
    (axes,) = stability.picture(study, {"stability": pd.concat([rows, pairs])}).figure.axes
    assert [name for name in names_in(axes) if "replicates" in name] == ["replicates, all pairs: 0.50"]
    segments = [each.get_segments()[0].tolist() for each in axes.collections if hasattr(each, "get_segments")]
    assert [[50, 0.2], [50, 0.8]] in segments  # its range


def test_one_kind_of_comparison_is_enough(study, rows):
    """Points alone, or lines alone; nothing to compare with gives the reason."""
    beside = rows[rows["comparison"].isin(["replicates", "metrics"])]
    axes = stability.picture(study, {"stability": beside}).figure.axes
    assert len(axes) == 1
    assert axes[0].get_ylabel().startswith("Kendall")
    assert len(stability.picture(study, {"stability": rows.drop(beside.index)}).figure.axes) == 1
    with pytest.raises(NothingToDraw, match="there are no trials"):
        stability.picture(study, {"stability": marked("stability", study, NO_TRIALS())})
    same = Study(study.trials.assign(value=0.5), study.space)
    with pytest.raises(NothingToDraw, match="all shares are equal"):
        stability.picture(same, all_tables(same, only=("stability",)))
