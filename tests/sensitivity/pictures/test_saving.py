"""Files of a picture: what stands in them, and the same bytes every time."""

from dataclasses import replace

import pytest
from fontTools.subset import Options

from sensitivity.pictures import light_fonts
from sensitivity.pictures.saving import Drawing, Rendered, rendered, write
from sensitivity.pictures.style import COLUMNS, new_figure
from sensitivity.version import __version__


@pytest.mark.usefixtures("without_png")
def test_identifiers_do_not_follow_the_last_bits_of_a_layout():
    """The solver adds in another order from call to call: four panels of unlike labels, drawn ten times."""
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
    for kind in ("png", "pdf"):
        (tmp_path / f"a.{kind}").write_bytes(b"of other trials")
    files = Rendered("title", "caption", "<svg/>", "words\n")
    assert write(files, tmp_path / "a") == [tmp_path / "a.svg", tmp_path / "a.txt"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.svg", "a.txt"]
    kinds = [path.suffix for path in write(replace(files, png=b"new", pdf=b"too"), tmp_path / "a")]
    assert kinds == [".png", ".svg", ".pdf", ".txt"]
    assert (tmp_path / "a.png").read_bytes() == b"new"


def drawing(text="a line"):
    """A small figure with letters of two fonts and a hatch."""
    axes = new_figure(1.5, COLUMNS[0]).add_subplot()
    axes.bar([0, 1], [1, 2], hatch="//", label="β − 학습률")
    axes.legend()
    axes.set_title(text)
    return Drawing.on(axes, "A long title that explains", "Caption: what the bars are.")


def test_words_stand_beside_a_picture_and_not_in_it():
    """Title and caption are in the text file, with the facts, the width on paper and the version; once."""
    made = rendered(drawing(), ["Seeds: 3"])
    for words in ("A long title that explains", "Caption: what the bars are.", "Seeds: 3", "85 mm"):
        assert made.text.count(words) == 1
        assert words not in made.svg
    assert made.text.endswith(f"sensitivity {__version__}\n")


def test_a_pdf_has_its_fonts_as_truetype_and_the_same_bytes_every_time():
    """Nothing in it says when it was made, whatever the order in which Python hashes."""
    first, again = (rendered(drawing()).pdf for _ in range(2))
    assert first == again
    assert first.startswith(b"%PDF")
    assert b"Date" not in first
    assert b"/Subtype /Type3" not in first
    assert b"/FontFile2" in first


def test_without_the_list_of_tables_fonts_are_embedded_whole(monkeypatch):
    """A fontTools that keeps it elsewhere costs time, and the list is as it was afterwards."""
    before = list(Options._drop_tables_default)
    light = rendered(drawing()).pdf
    assert before == Options._drop_tables_default
    monkeypatch.setattr(light_fonts, "_LIST", "_gone")
    assert len(rendered(drawing()).pdf) > len(light)


def test_a_notebook_shows_title_picture_and_caption(monkeypatch):
    """What IPython calls: a picture between its words, which are escaped."""
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **_: shown.append(data))
    replace(drawing(), title="a < b")._ipython_display_()
    assert [next(iter(data)) for data in shown] == ["text/html", "image/png", "text/html"]
    assert "a &lt; b" in shown[0]["text/html"]
    assert shown[1]["image/png"].startswith(b"\x89PNG")
    assert "what the bars are" in shown[2]["text/html"]
