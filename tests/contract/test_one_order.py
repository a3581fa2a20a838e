"""One order of rows and one colour for everything that has a name, in all pictures of a sweep."""

from itertools import pairwise

import pytest
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from test_pictures import measured

from sensitivity.branch import words
from sensitivity.pictures.notes import READABLE, width_words
from sensitivity.pictures.orders import branch_colours, colours_in_order
from sensitivity.pictures.picturing import PICTURES
from sensitivity.pictures.style import COLUMNS, SMALLEST

pytestmark = pytest.mark.usefixtures("few_trees")

SORTED = {"tolerance", "survivors", "among_best"}  # to sort is what they are for, and their caption says it


@pytest.fixture(scope="module")
def drawn():
    """Every picture of a sweep with all there is to draw."""
    study, tables = measured("everything")
    return study, tables, {name: one.draw(study, tables) for name, one in PICTURES.items()}


def lists(drawing):
    """Every list of names in a figure: ticks of each axis, a legend, titles of panels, texts beside."""
    figure = drawing.figure
    for axes in figure.axes:
        for name in ("x", "y"):
            yield [text.get_text() for text in getattr(axes, f"get_{name}ticklabels")()]
        if axes.get_legend() is not None:
            yield [text.get_text() for text in axes.get_legend().get_texts()]
        yield [text.get_text() for text in axes.texts]
    yield [
        title.split(":")[0] for axes in figure.axes for title in (axes.get_title(), axes.get_title("left"))
    ]


def orders(drawn, names):
    """Picture → the orders in which it lists at least two of some names."""
    found = {}
    for picture, drawing in drawn[2].items():
        for texts in lists(drawing):
            listed = list(dict.fromkeys(text for text in texts if text in names))
            if len(listed) > 1:
                found.setdefault(picture, []).append(listed)
    return found


def assert_one_order(found, names):
    """Each list has the names in this order, but for the pictures that say by what they are sorted."""
    for picture, all_lists in found.items():
        for listed in all_lists:
            if picture in SORTED:
                continue
            places = [names.index(one) for one in listed]
            assert all(one < other for one, other in pairwise(places)), (picture, listed)


def test_settings_stand_in_the_order_of_the_ranking(drawn):
    """In every picture that lists them."""
    study, tables, _ = drawn
    names = [words(name) for name in colours_in_order(study, tables)]
    found = orders(drawn, names)
    assert {"ranking", "decomposition", "interactions", "over_epochs", "tunability"} <= set(found)
    assert_one_order(found, names)


def test_branches_and_levels_stand_as_they_are_listed(drawn):
    """In every picture that lists them, whatever they reach."""
    study, _, _ = drawn
    names = [words(value) for value in study.axes["optimizer"].tried]
    found = orders(drawn, names)
    assert {"learning_rate_by_optimizer", "decomposition", "learning_curves", "best_after_k"} <= set(found)
    assert_one_order(found, names)


def test_pictures_that_sort_say_so(drawn):
    """Whoever finds another order there reads by what."""
    for name in SORTED:
        assert "orted by" in drawn[2][name].caption


def test_a_name_has_one_colour(drawn):
    """A bar, a line or a mark in a legend that bears a setting's name has its colour, in every picture."""
    study, tables, drawings = drawn
    colours = {words(name): colour for name, colour in colours_in_order(study, tables).items()}
    seen = set()
    for picture, drawing in drawings.items():
        for axes in drawing.figure.axes:
            legend = axes.get_legend()
            for text, handle in zip(legend.get_texts(), legend.legend_handles, strict=True) if legend else ():
                if text.get_text() in colours:
                    seen.add(picture)
                    own = handle.get_color() if isinstance(handle, Line2D) else handle.get_facecolor()
                    assert to_hex(own) == colours[text.get_text()], picture
    assert seen >= {"decomposition", "over_epochs"}
    bars = [patch for patch in drawings["ranking"].figure.axes[0].patches if isinstance(patch, Rectangle)]
    used = {to_hex(patch.get_facecolor()) for patch in bars if str(patch.get_gid()).startswith("total")}
    assert used & set(colours.values())


def test_no_branch_has_a_setting_s_colour(drawn):
    """Whatever the number of either."""
    study, tables, _ = drawn
    for count in range(1, 13):
        branches = branch_colours([f"optimizer={number}" for number in range(count)])
        assert len(set(branches.values())) == count
        assert not set(branches.values()) & set(colours_in_order(study, tables).values())


def test_letters_can_be_read_in_a_paper(drawn):
    """At the width of its columns none is below six points; a picture that is wider than these says so."""
    for name, drawing in drawn[2].items():
        texts = drawing.figure.findobj(lambda one: isinstance(one, Text) and one.get_text().strip())
        cells = [cell.size for axes in drawing.figure.axes for one in axes.artists for cell in one.cells]
        smallest = min([*(text.get_fontsize() for text in texts if text.get_visible()), *cells])
        assert smallest >= SMALLEST, name
        width = drawing.figure.get_figwidth()
        fits = smallest * min(COLUMNS[1] / width, 1) >= READABLE
        assert ("too wide" in width_words(width)) == (not fits), name
        assert fits or name == "pair_matrix"
