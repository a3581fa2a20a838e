"""Every picture on Axes of somebody's own figure."""

from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from test_pictures import measured

import sensitivity
from sensitivity.pictures.picturing import PICTURES
from sweeps.errors import StudyError

pytestmark = pytest.mark.usefixtures("few_trees")


def marks(axes):
    """How much is drawn on Axes."""
    return len(axes.lines) + len(axes.patches) + len(axes.collections) + len(axes.artists) + len(axes.texts)


def panels_of(name):
    """How many panels a picture has, by the sentence that refuses another number."""
    with pytest.raises(StudyError, match=r"was given 7 Axes; give axes=\[…\]") as refused:
        sensitivity.draw(measured("everything")[0], name, axes=list(Figure().subplots(1, 7)))
    assert "\n" not in str(refused.value)
    return int(str(refused.value).split(" has ")[1].split(" panel")[0])


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_is_drawn_on_what_is_given(name):
    """On Axes, one for each panel, and in a SubFigure; what stands beside it stays as it was."""
    study, _ = measured("everything")
    count = panels_of(name)
    figure = Figure(figsize=(80, 20), layout="constrained")
    left, right = figure.subfigures(1, 2)
    own = left.subplots(1, count + 1, squeeze=False).ravel().tolist()
    own[0].set_title("the seed of mine")
    words = sensitivity.draw(study, name, axes=own[1:])
    assert words.title
    assert words.caption.endswith((".", "%"))
    assert sum(map(marks, own[1:])) > 0
    assert (marks(own[0]), own[0].get_title()) == (0, "the seed of mine")
    assert sensitivity.draw(study, name, figure=right) == words
    assert sum(map(marks, right.axes)) > 0
    figure.draw_without_rendering()


def test_one_pair_of_axes_is_enough_for_a_picture_of_one_panel():
    """With ax=; where nothing or two things are given, where there is no such picture, it is said."""
    study, _ = measured("everything")
    axes = Figure().add_subplot()
    assert sensitivity.draw(study, "learning_rate_by_optimizer", ax=axes).title.startswith("Best validation")
    assert axes.get_xlabel() == "learning rate"
    for options, told in (
        ({}, "one of ax=, axes=[…] and figure="),
        ({"ax": axes, "figure": axes.figure}, "one of ax="),
    ):
        with pytest.raises(StudyError) as caught:
            sensitivity.draw(study, "ranking", **options)
        assert told in str(caught.value)
    with pytest.raises(StudyError, match="did you mean 'ranking'"):
        sensitivity.draw(study, "rankin", ax=axes)
    with pytest.raises(StudyError, match="there is no picture 3; there are: ranking"):
        sensitivity.draw(study, 3, ax=axes)
    for options, told in (
        ({"ax": "left"}, "'left' is none"),
        ({"figure": axes}, "figure= takes a figure"),
        ({"axes": []}, "holds no Axes"),
    ):
        with pytest.raises(StudyError, match=told):
            sensitivity.draw(study, "ranking", **options)
    with pytest.raises(StudyError, match="no picture schedule_by_optimizer of these trials: no two settings"):
        sensitivity.draw(measured("one setting")[0], "schedule_by_optimizer", ax=axes)


def beyond(figure):
    """Labels of ticks that no axis shows: they have a box and are not drawn."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                if not low <= tick.get_loc() <= high:
                    yield from (tick.label1, tick.label2)


def letters(figure):
    """Every text that is drawn, with its box in pixels."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    hidden = set(map(id, beyond(figure)))
    shown = [text for text in figure.findobj(Text) if text.get_visible() and id(text) not in hidden]
    boxes = [
        (text, text.get_window_extent(canvas.get_renderer())) for text in shown if text.get_text().strip()
    ]
    return [(text, box) for text, box in boxes if box.width]


@pytest.mark.parametrize("name", [one.name for one in PICTURES.values() if one.narrow])
def test_one_column_of_a_paper_is_legible(name, tmp_path):
    """85 mm, no letter below 6 points, none cut off, none on another; its words say so beside it."""
    drawing = sensitivity.draw(measured("everything")[0], name, width="single")
    figure = drawing.figure
    assert figure.get_figwidth() * 25.4 == pytest.approx(85)
    found = letters(figure)
    assert found
    assert min(text.get_fontsize() for text, _ in found) >= 6
    for text, box in found:
        inside = (
            box.x0 >= -1 and box.y0 >= -1 and box.x1 <= figure.bbox.x1 + 1 and box.y1 <= figure.bbox.y1 + 1
        )
        assert inside, text.get_text()
    for (one, its), (other, own) in combinations(found, 2):
        both = its.intersection(its, own)
        if both is not None:
            part = both.width * both.height / min(its.width * its.height, own.width * own.height)
            assert part < 0.2, (one.get_text(), other.get_text())
    paths = drawing.save(tmp_path / "figure")
    assert [path.suffix for path in paths] == [".png", ".svg", ".pdf", ".txt"]
    assert "85 mm" in paths[-1].read_text(encoding="utf-8")


def test_what_one_column_cannot_hold_is_refused():
    """Two columns hold everything; a width nobody has is named."""
    study = measured("everything")[0]
    assert sensitivity.draw(study, "pair_matrix", width="double").figure.get_figwidth() * 25.4 <= 178.1
    with pytest.raises(StudyError, match="pair_matrix cannot be read in one column"):
        sensitivity.draw(study, "pair_matrix", width="single")
    with pytest.raises(StudyError, match="there is no width 'tripl'"):
        sensitivity.draw(study, "ranking", width="tripl")
