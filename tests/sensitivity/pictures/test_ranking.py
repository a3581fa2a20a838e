"""The picture of the ranking against its table."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.estimators.effects import FROM_SCATTER, NO_REPLICATES
from sensitivity.measures.measuring import NO_TRIALS, all_tables, marked
from sensitivity.pictures import ranking
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.pictures.style import MISSING, new_figure
from sensitivity.remarks import Remarks, worded
from sensitivity.study import Study

NAMES = ["learning_rate", "optimizer", "idle"]


def table(**changes):
    """Two settings above the noise, one not, and the seed beneath."""
    columns = {
        "rank": [1, 2, 3, pd.NA],
        "setting": [*NAMES, "seed"],
        "main_effect": [0.5, 0.1, -0.002, 0.05],
        "main_low": [0.45, 0.08, -0.01, 0.03],
        "main_high": [0.55, 0.12, 0.01, 0.07],
        "total_effect": [0.8, 0.3, 0.01, 0.05],
        "total_low": [0.78, 0.25, 0.0, 0.03],
        "total_high": [0.82, 0.35, 0.03, 0.07],
        "trials": [100, 100, 100, pd.NA],
        "judgement": ["above"] * 2 + ["not above", None],
        "remarks": [Remarks()] * 4,
    }
    return worded(pd.DataFrame({**columns, **changes}).astype({"rank": "Int64", "trials": "Int64"}))


def drawn(rows):
    """Axes of the picture, laid out."""
    colours = {"learning_rate": "#0000ff", "optimizer": "#00ff00", "idle": "#ff0000"}
    figure = new_figure(3.0)
    axes = figure.add_subplot()
    ranking.draw(rows, axes, colours)
    figure.draw_without_rendering()
    return axes


def bars(axes, kind):
    """Patches of a kind by their place."""
    return {patch.get_gid(): patch for patch in axes.patches if str(patch.get_gid()).startswith(kind)}


def test_bars_have_the_lengths_of_the_table():
    """Totals and main effects, in rank order from the top, each with its number and interval."""
    axes = drawn(table())
    assert [patch.get_width() for patch in bars(axes, "total").values()] == [0.8, 0.3, 0.01]
    assert [patch.get_width() for patch in bars(axes, "main").values()] == [0.5, 0.1, -0.002]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["learning rate", "optimizer", "idle"]
    texts = [text.get_text() for text in axes.texts]
    assert "80.0 % [78.0, 82.0]" in texts
    assert "1.0 % [0.0, 3.0]\nnot above the noise" in texts
    assert "noise of the seed 5.0 %" in texts
    assert axes.get_ylim()[0] > axes.get_ylim()[1]


def test_what_is_not_above_the_noise_is_grey_and_hatched():
    """The others keep their colour."""
    total = bars(drawn(table()), "total")
    assert [bool(patch.get_hatch()) for patch in total.values()] == [False, False, True]
    assert total["total-2"].get_facecolor()[:3] == pytest.approx(
        [int(MISSING[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    )


def test_a_bar_says_on_how_few_trials_it_rests():
    """Where others have more."""
    texts = [text.get_text() for text in drawn(table(trials=[100, 7, 100, pd.NA])).texts]
    assert "30.0 % [25.0, 35.0]\n7 trials" in texts
    assert "80.0 % [78.0, 82.0]" in texts


def test_without_totals_the_main_effects_are_ranked():
    """No pale bar; the numbers are the main effects, and the caption says so."""
    nothing = [np.nan] * 4
    rows = table(total_effect=nothing, total_low=nothing, total_high=nothing)
    axes = drawn(rows)
    assert not bars(axes, "total")
    assert "50.0 % [45.0, 55.0]" in [text.get_text() for text in axes.texts]
    assert "Total effects are unknown" in ranking.caption(rows)


def test_without_intervals_the_caption_says_why():
    """One replicate: no whisker, no bracket."""
    nothing = dict.fromkeys(("main_low", "main_high", "total_low", "total_high"), [np.nan] * 4)
    rows = table(**nothing, judgement=["unknown"] * 4, remarks=[Remarks(NO_REPLICATES)] * 4)
    axes = drawn(rows)
    assert "80.0 %\nnot judged" in [text.get_text() for text in axes.texts]
    assert "No intervals: no replicates." in ranking.caption(rows)
    assert not axes.containers


def test_nothing_known_is_nothing_to_draw(tabulate, nested_space):
    """A marked table gives its reason."""
    study = Study(tabulate(nested_space, lambda *_: 0.0, 1, []), nested_space)
    with pytest.raises(NothingToDraw, match="there are no trials"):
        ranking.picture(
            study,
            {"ranking": marked("ranking", study, NO_TRIALS())},
        )


def test_a_picture_of_real_trials(tabulate, nested_space):
    """Title, caption and a figure with one bar per setting."""
    trials = tabulate(nested_space, lambda c, r: c["learning_rate"] + 0.01 * r * (c["optimizer"] == "sgd"), 2)
    study = Study(trials, nested_space)
    picture = ranking.picture(study, all_tables(study, only=("ranking",)))
    assert picture.title == "Which settings matter"
    assert "95 % interval" in picture.caption
    assert len(bars(picture.figure.axes[0], "total")) == 3


def test_without_replicates_the_line_is_noise_or_misfit():
    """What scatters about a surrogate is not called the seed's."""
    table = pd.DataFrame(
        {
            "rank": pd.array([1, pd.NA], dtype="Int64"),
            "trials": pd.array([100, pd.NA], dtype="Int64"),
            "setting": ["x", "seed"],
            "main_effect": [0.5, 0.1],
            "main_low": [0.4, 0.05],
            "main_high": [0.6, 0.2],
            "total_effect": [0.6, 0.1],
            "total_low": [0.5, 0.05],
            "total_high": [0.7, 0.2],
            "judgement": ["above", None],
            "remarks": [Remarks(), Remarks(FROM_SCATTER)],
        }
    )
    for said, words in ((Remarks(FROM_SCATTER), "noise or misfit"), (Remarks(), "noise of the seed")):
        axes = new_figure(2.0).add_subplot()
        ranking.draw(worded(table.assign(remarks=[Remarks(), said])), axes, {"x": "#0173b2"})
        assert any(text.get_text() == f"{words} 10.0 %" for text in axes.texts)
