"""Every picture on Axes of somebody's own figure."""

import pytest
from matplotlib.figure import Figure
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
    for options, told in (({"ax": "left"}, "'left' is none"), ({"figure": axes}, "figure= takes a figure")):
        with pytest.raises(StudyError, match=told):
            sensitivity.draw(study, "ranking", **options)
    with pytest.raises(StudyError, match="no picture schedule_by_optimizer of these trials: no two settings"):
        sensitivity.draw(measured("one setting")[0], "schedule_by_optimizer", ax=axes)
