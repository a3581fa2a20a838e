"""The matrix of all pairs: which table stands on which side, isolation curves between them."""

from dataclasses import replace

import numpy as np
import pytest

from sensitivity.language import speaking
from sensitivity.measures.measuring import all_tables
from sensitivity.pictures import best_after_k, pair_matrix, tolerance
from sensitivity.pictures.marks.cells import grid
from sensitivity.pictures.marks.texts import texts_of
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.study import Study
from sweeps.space import FloatRange, Setting, Space, Variant

NEEDED = ["pairs", "ranking", "isolation_curves"]


def boxes(figure):
    """Panels by (row, column), from their places; colour bars left out."""
    panels = [axes for axes in figure.axes if axes.get_label() != "<colorbar>" and axes.get_visible()]
    rows = sorted({round(axes.get_position().y1, 6) for axes in panels}, reverse=True)
    columns = sorted({round(axes.get_position().x0, 6) for axes in panels})
    return {
        (rows.index(round(axes.get_position().y1, 6)), columns.index(round(axes.get_position().x0, 6))): axes
        for axes in panels
    }


@pytest.fixture
def study(tabulate, setting):
    space = Space([setting("x", "a", "b"), setting("y", 1, 2, 3), setting("z", 10, 20)])
    rng = np.random.default_rng(0)
    return Study(tabulate(space, lambda c, _: c["y"] + rng.random(), 3), space, "loss", name="toy")


def test_tuned_below_and_untuned_above(study):
    """Best of the pair in the lower triangle, mean over all trials in the upper, cells of one size."""
    tables = all_tables(study, only=NEEDED)
    drawn = pair_matrix.picture(study, tables)
    panels = boxes(drawn.figure)
    assert len(panels) == 9
    names = [panels[row, 0].get_ylabel() for row in range(3)]
    assert [panels[2, column].get_xlabel() for column in range(3)] == names
    below = grid(tables["pairs"], names[1], names[0])
    above = grid(tables["pairs"], names[0], names[1], of=("mean", "sd"))
    for axes, cells in ((panels[1, 0], below), (panels[0, 1], above)):
        texts = [text.get_text().split("\n") for text in texts_of(axes)]
        written = np.array([float(text[0]) for text in texts]).reshape(cells.number.shape)
        np.testing.assert_allclose(written, cells.number, atol=0.05)
        assert all(text[1].startswith("±.") for text in texts)
        np.testing.assert_allclose(axes.collections[0].get_array().ravel(), cells.number.ravel())
    sizes = {
        (round(axes.get_position().width / np.ptp(axes.get_xlim()), 4)) for place, axes in panels.items()
    }
    assert len(sizes) == 1


def test_the_diagonal_is_the_isolation_curve(study):
    """Best against level, from the table; its numbers stand at the top."""
    tables = all_tables(study, only=NEEDED)
    panels = boxes(pair_matrix.picture(study, tables).figure)
    names = [panels[row, 0].get_ylabel() for row in range(3)]
    place = names.index("y")
    curves = tables["isolation_curves"]
    own = curves[(curves["branch"] == "all") & (curves["setting"] == "y")]
    line = panels[place, place].lines[0]
    np.testing.assert_allclose(line.get_xdata(), [0.5, 1.5, 2.5])
    np.testing.assert_allclose(line.get_ydata(), own["best"])
    assert [text.get_text() for text in texts_of(panels[place, place])] == [
        f"{best:.1f}" for best in own["best"]
    ]


def test_the_six_most_important_are_shown(tabulate, setting):
    """The others are named in the caption."""
    space = Space([setting(f"s{n}", 1, 2) for n in range(7)])
    weights = {f"s{n}": n for n in range(7)}
    rng = np.random.default_rng(0)
    trials = tabulate(space, lambda c, _: sum(weights[k] * v for k, v in c.items()) + rng.normal(0, 0.1), 2)
    study = Study(trials, space)
    drawn = pair_matrix.picture(study, all_tables(study, only=NEEDED))
    assert len(boxes(drawn.figure)) == 36
    assert "Left out, less important: s0." in drawn.caption


def test_too_many_levels_lose_their_numbers(tabulate):
    """Bins of three continuous settings do not fit with numbers; the curve keeps an axis."""
    space = Space([Setting(name, (Variant(FloatRange(0, 1)),)) for name in "abcd"])
    points = np.random.default_rng(0).random((300, 4))
    trials = tabulate(space, lambda c, _: c["a"] + c["b"], 1, [space.configuration(p) for p in points])
    study = Study(trials, space)
    drawn = pair_matrix.picture(study, all_tables(study, only=NEEDED))
    panels = boxes(drawn.figure)
    assert "Too many cells for numbers" in drawn.caption
    assert drawn.figure.get_size_inches()[0] <= 15
    assert not texts_of(panels[1, 0])
    assert len(panels[0, 0].get_yticks())


def test_all_diverged_and_nothing(study, tabulate, setting):
    """Grey cells without a scale; one setting has no pairs."""
    lost = Study(study.trials.assign(outcome="diverged", value=0.9), study.space)
    drawn = pair_matrix.picture(lost, all_tables(lost, only=NEEDED))
    assert not [axes for axes in drawn.figure.axes if axes.get_label() == "<colorbar>"]
    assert {text.get_text() for text in texts_of(boxes(drawn.figure)[1, 0])} == {"all\ndiv."}
    assert not [axes for axes in drawn.figure.axes if axes.lines]  # nothing was reached at any level
    strange = replace(lost, of_networks=False)
    with speaking(voice=strange.voice):
        drawn = pair_matrix.picture(strange, all_tables(strange, only=NEEDED))
    assert {text.get_text() for text in texts_of(boxes(drawn.figure)[1, 0])} == {"all\nfailed"}
    for empty in (best_after_k, tolerance):
        with pytest.raises(NothingToDraw, match="every trial diverged"):
            empty.picture(lost, all_tables(lost, only=["best_after_k", "tolerance", "ranking"]))
    space = Space([setting("x", 1, 2)])
    single = Study(tabulate(space, lambda c, _: c["x"], 2), space)
    with pytest.raises(NothingToDraw, match="no two settings vary together"):
        pair_matrix.picture(single, all_tables(single, only=NEEDED))
