"""Cells of the median epochs against their table."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.measures.measuring import NO_TRIALS, marked
from sensitivity.measures.training_speed import training_speed as measure
from sensitivity.pictures import training_speed
from sensitivity.pictures.marks.texts import texts_of
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.pictures.style import HEAT, ink_on
from sensitivity.study import Study
from sweeps.space import FloatRange, Setting, Space, Variant

RANKING = pd.DataFrame({"setting": ["b", "a"], "rank": [1, 2]})


@pytest.fixture
def study(tabulate, setting):
    """SGD arrives after 4 epochs at the largest rate only, adam after 1, 2 and 3."""
    space = Space([setting("optimizer", "sgd", "adam"), setting("learning_rate", 0.01, 0.1, 1.0)])
    trials = tabulate(space, lambda _c, _r: 0.1, 2)
    epochs = {"sgd": {1.0: 4}, "adam": {0.01: 1, 0.1: 2, 1.0: 3}}
    pairs = zip(trials["optimizer"], trials["learning_rate"], strict=True)
    reached = [epochs[name].get(rate) for name, rate in pairs]
    return Study(trials.assign(epochs_to_target=pd.array(reached, dtype="Int64")), space, "validation error")


def tables(study):
    """The two tables that the picture needs."""
    return {"training_speed": measure(study), "ranking": RANKING}


def test_cells_are_those_of_the_table(study):
    """All optimizers first, then each as listed; a dash and the share where fewer than half arrive."""
    found = tables(study)
    picture = training_speed.picture(study, found)
    axes = picture.figure.axes[0]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["all optimizers", "sgd", "adam"]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["0.01", "0.1", "1"]
    lines = {tuple(np.floor(text.get_position())): text.get_text().split("\n") for text in texts_of(axes)}
    table = found["training_speed"].set_index(["branch", "setting", "level"])
    adam = table.loc[("optimizer=adam", "learning_rate", "0.1")]
    assert lines[1, 2] == ["2", f"[{adam['median_low']:g}, –]"]
    assert np.isnan(adam["median_high"])
    assert lines[0, 1] == ["–", "0 %"]
    assert [lines[column, 2][0] for column in range(3)] == ["1", "2", "3"]
    grey = next(part for part in axes.collections if part.get_gid() == "slow")
    assert len(grey.get_paths()) == 2
    mesh = axes.collections[0]
    fastest = HEAT(mesh.norm(1.0))
    assert next(text for text in texts_of(axes) if text.get_text()[0] == "1").get_color() == ink_on(fastest)
    assert picture.figure.axes[1].get_ylabel().endswith("(fewer is better)")
    assert "fewer than half" in picture.caption


def test_bins_are_named_by_their_middles(tabulate):
    """Ten bins of a continuous range, on its log scale; without optimizers there is one row."""
    space = Space([Setting("learning_rate", (Variant(FloatRange(1e-4, 1.0, log=True)),))])
    points = np.linspace(0.005, 0.995, 100)[:, None]
    trials = tabulate(space, lambda _c, _r: 0.1, 1, [space.configuration(point) for point in points])
    trials = trials.assign(epochs_to_target=pd.array([3] * 100, dtype="Int64"))
    picture = training_speed.picture(Study(trials, space), tables(Study(trials, space)))
    axes = picture.figure.axes[0]
    names = [float(text.get_text().replace("−", "-")) for text in axes.get_xticklabels()]
    assert names == pytest.approx(np.geomspace(1e-4, 1, 11)[:-1] * 10**0.2, rel=0.06)
    assert [text.get_text() for text in axes.get_yticklabels()] == ["all trials"]
    assert "middles of bins" in picture.caption


def test_another_setting_takes_the_place_of_the_rate(tabulate, setting):
    """The most important one; texts are levels, too."""
    space = Space([setting("a", 1, 2), setting("b", "$", "<i>", "학습률")])
    trials = tabulate(space, lambda _c, _r: 0.1)
    trials = trials.assign(epochs_to_target=pd.array([2] * 6, dtype="Int64"))
    axes = training_speed.picture(Study(trials, space), tables(Study(trials, space))).figure.axes[0]
    assert axes.get_xlabel() == "b"
    assert [text.get_text() for text in axes.get_xticklabels()] == ["$", "<i>", "학습률"]


def test_nothing_is_drawn_where_half_never_arrive(study):
    """No target reached, one trial in twelve, and no trials at all: each its reason."""
    never = study.trials.assign(epochs_to_target=pd.array([None] * 12, dtype="Int64"))
    with pytest.raises(NothingToDraw, match="no trial reached a target"):
        training_speed.picture(study, tables(Study(never, study.space)))
    never.loc[0, "epochs_to_target"] = 3
    never.loc[:, "optimizer"] = "sgd"
    one = Space([part for part in study.space.settings if part.name == "learning_rate"])
    with pytest.raises(NothingToDraw, match="nowhere do half"):
        training_speed.picture(study, tables(Study(never, one)))
    empty = {
        "training_speed": marked("training_speed", study, NO_TRIALS()),
        "ranking": RANKING,
    }
    with pytest.raises(NothingToDraw, match="there are no trials"):
        training_speed.picture(study, empty)
