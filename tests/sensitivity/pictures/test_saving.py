"""Words of a picture's file: where their lines end."""

from dataclasses import replace

import pytest

from sensitivity.pictures.saving import Rendered, wrapped, write


def test_no_line_ends_before_a_per_cent_sign():
    """At every width a number keeps its sign, and not a letter is added or lost."""
    text = "Whiskers and brackets: 95 % intervals. Hatched: 10 % of the trials or more."
    for width in range(10, 80):
        lines = wrapped(text, width).split("\n")
        assert not [line for line in lines if line.startswith("%")]
        assert " ".join(lines) == text
        assert max(map(len, lines)) <= width


@pytest.mark.usefixtures("without_png")
def test_identifiers_do_not_follow_the_last_bits_of_a_layout():
    """The solver adds in another order from call to call: four panels of unlike labels, drawn ten times."""
    from sensitivity.pictures.saving import Drawing, rendered
    from sensitivity.pictures.style import new_figure

    found = set()
    for _ in range(10):
        figure = new_figure(3.0)
        for place, axes in enumerate(figure.subplots(2, 2).ravel()):
            axes.plot([0, 10**place], [0, 1 / (place + 3)])
            axes.set(xlabel="x" * place, ylabel=f"label {place}")
            axes.legend(["a line"], loc="upper left")
        found.add(rendered(Drawing(figure, "title", "caption")).svg)
        for axes in figure.axes:
            assert axes.get_in_layout()
    assert len(found) == 1


def test_without_a_png_an_older_one_is_removed(tmp_path):
    """A picture of these trials never lies beside one of others."""
    (tmp_path / "a.png").write_bytes(b"of other trials")
    files = Rendered("title", "caption", "<svg/>", (0.0, 0.0, 1.0, 1.0))
    assert write(files, tmp_path / "a") == [tmp_path / "a.svg"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.svg"]
    assert write(replace(files, png=b"new"), tmp_path / "a") == [tmp_path / "a.png", tmp_path / "a.svg"]
    assert (tmp_path / "a.png").read_bytes() == b"new"
