"""Stacked bars against the decomposition."""

import pandas as pd
import pytest

from sensitivity.estimators.effects import COLUMNS
from sensitivity.measures.measuring import NO_TRIALS, all_tables, marked
from sensitivity.pictures import decomposition
from sensitivity.pictures.decomposition import MORE, PAIRS, REMAINDER, SEED, parts
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.pictures.style import new_figure
from sensitivity.remarks import Remarks
from sensitivity.study import Study


def shares(rows):
    """Table from branch, kind, setting and share."""
    table = pd.DataFrame([(*row, 0.0, 1.0, "above", Remarks()) for row in rows], columns=list(COLUMNS))
    return table.astype({"share": float})


WHOLE = shares(
    [
        ("optimizer=adam", "main", "b", 0.9),
        ("optimizer=adam", "noise", "seed", 0.1),
        ("all", "main", "a", 0.5),
        ("all", "main", "b", -0.02),
        ("all", "total", "a", 0.7),
        ("all", "interaction", "a × b", 0.3),
        ("all", "interaction", "higher orders", 0.12),
        ("all", "noise", "seed", 0.1),
        ("all", "between", "a", 0.5),
        ("all", "replicate", "split and seed", 0.4),
    ]
)


def test_parts_add_up_to_one_and_negative_ones_are_nothing():
    """Totals, between and the replicate stand beside the sum; the whole plan comes first."""
    found = parts(WHOLE)
    assert list(found) == ["all", "optimizer=adam"]
    assert found["all"] == pytest.approx(
        {"a": 0.5 / 1.02, PAIRS: 0.3 / 1.02, MORE: 0.12 / 1.02, SEED: 0.1 / 1.02}
    )
    assert found["optimizer=adam"] == pytest.approx({"b": 0.9, SEED: 0.1})


def test_main_effects_alone_leave_a_remainder():
    """Bins see no interactions: what is missing from 100 % has a name of its own."""
    found = parts(shares([("all", "main", "a", 0.6), ("all", "noise", "seed", 0.1)]))
    assert found["all"] == pytest.approx({"a": 0.6, SEED: 0.1, REMAINDER: 0.3})


def test_segments_lie_end_to_end_and_large_ones_have_their_number():
    """Widths add up to 1 in each row; text from 6 % on."""
    figure = new_figure(2.0)
    axes = figure.add_subplot()
    decomposition.draw(WHOLE, axes, {"a": "#0173b2", "b": "#de8f05"})
    widths = [patch.get_width() for patch in axes.patches]
    ends = [patch.get_x() + patch.get_width() for patch in axes.patches]
    assert sum(widths) == pytest.approx(2.0)
    assert [patch.get_x() for patch in axes.patches][1:4] == pytest.approx(ends[:3])
    assert [text.get_text() for text in axes.texts] == ["49", "29", "12", "10", "90", "10"]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["all optimizers", "adam"]


def test_branches_that_are_no_optimizers_are_called_so():
    """Where another choice decides which settings there are, nobody reads of optimizers."""
    table = shares([("all", "main", "a", 1.0), ("kind=cnn", "main", "a", 1.0)])
    axes = new_figure(2.0).add_subplot()
    decomposition.draw(table, axes, {"a": "#0173b2"})
    assert [text.get_text() for text in axes.get_yticklabels()] == ["all trials", "kind=cnn"]
    assert "optimizer" not in decomposition.caption(table)


def test_nothing_known_is_nothing_to_draw(tabulate, nested_space):
    """A marked table gives its reason."""
    study = Study(tabulate(nested_space, lambda *_: 0.0, 1, []), nested_space)
    table = marked("variance_decomposition", study, NO_TRIALS())
    with pytest.raises(NothingToDraw, match="there are no trials"):
        decomposition.picture(study, {"variance_decomposition": table})


def test_a_picture_of_real_trials(tabulate, nested_space):
    """One bar for all and one per optimizer; the legend names what is drawn."""
    trials = tabulate(nested_space, lambda c, r: c["learning_rate"] + 0.01 * r * (c["optimizer"] == "sgd"), 2)
    study = Study(trials, nested_space)
    picture = decomposition.picture(study, all_tables(study, only=("variance_decomposition",)))
    axes = picture.figure.axes[0]
    assert len(axes.get_yticklabels()) == 4
    assert "learning rate" in [text.get_text() for text in axes.get_legend().get_texts()]
    assert "100 % of the variance" in picture.caption
