"""Heatmaps of shares: where training diverges, and what settings do together."""

import numpy as np
import pytest

from sensitivity.measures.measuring import all_tables
from sensitivity.pictures import divergence_map, interactions
from sensitivity.pictures.marks.texts import texts_of
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.study import Study
from sweeps.space import Space

DIVERGED = ["ranking", "divergence_by_level", "divergence_by_pair"]
SHARES = ["ranking", "variance_decomposition"]


@pytest.fixture
def study(nested_space, tabulate):
    rng = np.random.default_rng(0)
    trials = tabulate(nested_space, lambda c, _: np.log10(c["learning_rate"]) ** 2 + rng.random(), 3)
    fast = trials["learning_rate"] > 0.5
    trials.loc[fast & (trials["optimizer"] == "momentum"), "outcome"] = "diverged"
    trials.loc[fast & (trials["optimizer"] == "adam") & (trials["replicate"] > 0), "outcome"] = "diverged"
    return Study(trials, nested_space, "loss", name="toy")


def test_shares_of_diverged_trials_are_the_tables(study):
    """Optimizer down, rate across, per cent and interval in each cell, darker for more."""
    tables = all_tables(study, only=DIVERGED)
    drawn = divergence_map.picture(study, tables)
    axes, bar = drawn.figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["sgd", "momentum", "adam"]
    assert axes.get_xlabel() == "learning rate"
    assert bar.get_ylabel() == "diverged (%)"
    texts = [text.get_text() for text in texts_of(axes)]
    assert texts.count("0 %") == 10
    assert texts.count("100 %") == 1
    rows = tables["divergence_by_pair"]
    own = rows[
        (rows["branch"] == "all") & (rows["first_level"] == "adam") & (rows["second_level"] == "1")
    ].iloc[0]
    assert f"{own['fraction']:.0%}".replace("%", " %") in texts
    assert f"{100 * own['low']:.0f}–{100 * own['high']:.0f}" in texts
    mesh = axes.collections[0].get_array().reshape(3, 4)
    np.testing.assert_allclose(mesh[:, 3], [0, 100, 100 * own["fraction"]])
    assert "darker is more" in drawn.caption


def test_no_divergence_is_nothing_to_draw(study, tabulate, setting):
    """No trial diverged, or a single setting: said in words."""
    well = Study(study.trials.assign(outcome="trained"), study.space)
    with pytest.raises(NothingToDraw, match="no trial diverged"):
        divergence_map.picture(well, all_tables(well, only=DIVERGED))
    space = Space([setting("x", 1, 2)])
    single = Study(tabulate(space, lambda *_: 0.9, 2).assign(outcome="diverged"), space)
    with pytest.raises(NothingToDraw, match="no two settings vary together"):
        divergence_map.picture(single, all_tables(single, only=DIVERGED))


def test_other_settings_take_the_place_of_optimizer_and_rate(tabulate, setting):
    """The two most important, names with hostile letters included."""
    space = Space([setting("<b>", "a", "b"), setting("$y$", 1, 2), setting("z", 1, 2)])
    trials = tabulate(space, lambda c, r: c["$y$"] * 2 + (c["<b>"] == "a") + 0.001 * r, 3)
    trials.loc[trials["$y$"] == 2, "outcome"] = "diverged"
    study = Study(trials, space)
    axes = divergence_map.picture(study, all_tables(study, only=DIVERGED)).figure.axes[0]
    assert {axes.get_xlabel(), axes.get_ylabel()} == {"<b>", "$y$"}


@pytest.fixture
def factorial(tabulate, setting):
    space = Space([setting("a", 0, 1), setting("b", 0, 1), setting("c × d", 0, 1)])
    rng = np.random.default_rng(0)
    trials = tabulate(space, lambda c, _: 4 * c["a"] * c["b"] + 3 * c["a"] + rng.normal(0, 0.1), 4)
    return Study(trials, space, "loss", name="toy")


def test_main_effects_interactions_and_totals_have_their_places(factorial):
    """Diagonal, beneath it, last column; what is not above the noise is grey and keeps its number."""
    tables = all_tables(factorial, only=SHARES)
    drawn = interactions.picture(factorial, tables)
    axes = drawn.figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b", "c × d"]
    assert axes.get_xticklabels()[-1].get_text() == "total effect"
    shares = tables["variance_decomposition"].set_index(["branch", "kind", "setting"])["share"]
    mesh = axes.collections[0].get_array().reshape(3, 4)
    for place, kind, name in (
        ((0, 0), "main", "a"),
        ((1, 0), "interaction", "a × b"),
        ((1, 3), "total", "b"),
    ):
        assert mesh[place] == pytest.approx(100 * shares["all", kind, name])
    assert np.ma.getmaskarray(mesh)[2].all()  # c × d does nothing: grey patches instead
    assert len(axes.patches) >= 4
    assert f"{100 * shares['all', 'main', 'a']:.0f} %" in [text.get_text() for text in texts_of(axes)]
    assert "Grey: not above the noise" in drawn.caption


@pytest.mark.parametrize("names", ["ab", "abc", "abcd"])
def test_the_label_of_the_colour_bar_is_not_cut(tabulate, setting, names):
    """It stands beside the bar and nowhere beyond it, however few rows there are."""
    space = Space([setting(name, 0, 1) for name in names])
    rng = np.random.default_rng(0)
    trials = tabulate(space, lambda c, _: c["a"] + rng.normal(0, 0.1), 2)
    study = Study(trials, space)
    drawn = interactions.picture(study, all_tables(study, only=SHARES))
    drawn.figure.draw_without_rendering()
    bar = drawn.figure.axes[1]
    label = bar.yaxis.label.get_window_extent()
    assert bar.get_ylabel().replace("\n", " ") == "share of the variance (%)"
    assert bar.bbox.y0 <= label.y0 < label.y1 <= bar.bbox.y1


def test_no_interactions_is_nothing_to_draw(factorial):
    """Other plans, constant responses: the reason is said."""
    tables = all_tables(factorial, only=SHARES)
    main = tables["variance_decomposition"]
    with pytest.raises(NothingToDraw, match="complete grids only"):
        interactions.picture(
            factorial, {**tables, "variance_decomposition": main[main["kind"] != "interaction"]}
        )
    same = Study(factorial.trials.assign(value=0.5), factorial.space)
    with pytest.raises(NothingToDraw, match="every trial counts with the same value"):
        interactions.picture(same, all_tables(same, only=SHARES))
