"""Lines of the expected best against their table."""

from dataclasses import replace

import pytest

from sensitivity.measures.measuring import NO_TRIALS, all_tables, marked
from sensitivity.pictures import best_after_k
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.study import Study


@pytest.fixture
def study(tabulate, nested_space):
    """28 configurations of three optimizers in two replicates."""
    trials = tabulate(nested_space, lambda c, r: c["learning_rate"] + 0.001 * r, 2)
    return Study(trials, nested_space, "validation error")


def test_lines_are_those_of_the_table(study):
    """One line per branch over k, the whole plan thickest; log axes where the values span far."""
    tables = all_tables(study, only=("best_after_k",))
    picture = best_after_k.picture(study, tables)
    axes = picture.figure.axes[0]
    table = tables["best_after_k"]
    whole = table[table["branch"] == "all"]
    assert axes.lines[0].get_xdata() == pytest.approx(whole["k"].to_numpy(float))
    assert axes.lines[0].get_ydata() == pytest.approx(whole["best"].to_numpy())
    assert axes.lines[0].get_linewidth() == max(line.get_linewidth() for line in axes.lines)
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert axes.get_ylabel() == "expected best validation error"
    assert {text.get_text() for text in axes.get_legend().get_texts()} == {
        "all optimizers", "sgd", "momentum", "adam",
    }  # fmt: skip
    assert len(axes.collections) == 1 + 4  # the deciles, and few enough branches for bands
    assert "eight of ten" in picture.caption
    assert "Lower is better" in picture.caption


def test_the_name_of_a_maximised_metric_keeps_its_letters(study):
    """The caption says rocAUC, not Rocauc."""
    turned = replace(
        study, metric="rocAUC", direction="rocAUC was maximised and has its sign changed; lower is better"
    )
    caption = best_after_k.picture(turned, all_tables(study, only=("best_after_k",))).caption
    assert "Higher rocAUC is better. A line" in caption


def test_one_trial_is_a_point_and_none_is_nothing(study):
    """A single configuration still shows; a marked table gives its reason."""
    one = study.trials.iloc[:1]
    alone = Study(one, study.space)
    axes = best_after_k.picture(alone, all_tables(alone, only=("best_after_k",))).figure.axes[0]
    assert axes.lines[0].get_marker() == "o"
    with pytest.raises(NothingToDraw, match="there are no trials"):
        best_after_k.picture(alone, {"best_after_k": marked("best_after_k", alone, NO_TRIALS())})
