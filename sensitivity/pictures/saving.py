"""A drawing → PNG and SVG, the same bytes every time: no dates, no random identifiers.

Text in an SVG stays text: it can be read aloud, searched and edited, and a browser has letters that our font
lacks.
"""

from __future__ import annotations

import io
import re
import textwrap
import warnings
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl

from sensitivity.pictures.style import INK, MUTED, PAPER, RULE, STYLE
from sensitivity.pictures.ticks_once import ticks_once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DOTS_PER_INCH: Final = 160
_METADATA: Final[dict[str, dict[str, Any]]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": "sensitivity"},
}
# 5 % larger files in two thirds of the time.
_PACKED: Final[dict[str, dict[str, Any]]] = {"png": {"pil_kwargs": {"compress_level": 3}}}
_THEMED: Final = {INK: "ink", MUTED: "muted", RULE: "rule", PAPER: "paper"}
_TITLE_HEIGHT: Final = 0.34  # inches
_LINE_HEIGHT: Final = 0.165  # inches, of the caption
_LETTERS: Final = 14.5  # of the caption, per inch
_POINTS: Final = 72.0  # per inch: the unit of an SVG
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_WORDS: Final = "words"  # identifies title and caption in an SVG


@dataclass(frozen=True, eq=False)
class Drawing:
    """A figure and its words.

    Attributes
    ----------
    figure
        Of `sensitivity.pictures.style.new_figure`, without title and caption: page, notebook and file set
        these in their own way.
    title
        What is shown, in a line.
    caption
        Sentences: how to read every mark that the axes do not explain themselves, and which way is better.
    """

    figure: Figure
    title: str
    caption: str

    @classmethod
    def on(cls, axes: Axes, title: str, caption: str) -> Drawing:
        """Drawing of the figure of some Axes."""
        figure = axes.get_figure(root=True)
        if figure is None:
            raise ValueError("the axes have no figure")
        return cls(figure, title, caption)

    def _repr_png_(self) -> bytes:
        """The picture with its words, in a notebook."""
        return png(self)


@dataclass(frozen=True)
class Rendered:
    """A picture as files, its title and caption in them.

    Attributes
    ----------
    title, caption
        Of the picture.
    svg
        Contents of the file.
    inside
        Left, top, width and height of the picture without its words, in the units of the SVG.
    png
        Contents of the file; None: not drawn yet.
    """

    title: str
    caption: str
    svg: str
    inside: tuple[float, float, float, float]
    png: bytes | None = None


class Draft:
    """A picture laid out once with its words: an SVG at once, a PNG when there is time for it.

    Parameters
    ----------
    drawing
        Its figure belongs to the draft until it is closed: then it is as it was.

    Attributes
    ----------
    files
        The picture without a PNG.
    """

    def __init__(self, drawing: Drawing) -> None:
        self._held = ExitStack()
        self._figure, inside = self._held.enter_context(_with_words(drawing))
        self.files = Rendered(drawing.title, drawing.caption, _bytes(self._figure, "svg").decode(), inside)

    def png(self) -> bytes:
        """The PNG."""
        return _bytes(self._figure, "png")

    def close(self) -> None:
        """Give the figure back."""
        self._held.close()


def rendered(drawing: Drawing) -> Rendered:
    """Render a picture as SVG and PNG; it is laid out once."""
    with closing(Draft(drawing)) as draft:
        return replace(draft.files, png=draft.png())


def save(drawing: Drawing, stem: Path | str) -> list[Path]:
    """Write ``stem.png`` and ``stem.svg`` with title and caption; returns their paths."""
    return write(rendered(drawing), stem)


def write(files: Rendered, stem: Path | str) -> list[Path]:
    """Write ``stem.png`` and ``stem.svg``, an older PNG removed where there is none; returns their paths."""
    image, vector = Path(f"{stem}.png"), Path(f"{stem}.svg")
    vector.write_text(files.svg, encoding="utf-8", newline="\n")
    if files.png is None:
        image.unlink(missing_ok=True)
        return [vector]
    image.write_bytes(files.png)
    return [image, vector]


def png(drawing: Drawing) -> bytes:
    """The PNG with title and caption."""
    with _with_words(drawing) as (figure, _):
        return _bytes(figure, "png")


def inline_svg(files: Rendered, prefix: str) -> str:
    """An ``<svg>`` element for a page: without title and caption, in the colours of the page's style sheet.

    Parameters
    ----------
    prefix
        Of every identifier in it, so that several pictures can stand in one page.
    """
    text = files.svg[files.svg.index("<svg") :]
    text = re.sub(r"<(metadata|style)\b.*?</\1>", "", text, flags=re.DOTALL)  # the page has its own
    text = re.sub(rf'<g id="{_WORDS}-\d">.*?</g>', "", text, flags=re.DOTALL)
    text = re.sub(r"<[a-z][^>]*>", lambda tag: _of_the_page(tag[0], prefix), text)
    box = " ".join(f"{number:g}" for number in files.inside)
    start = (
        f'<svg role="img" aria-label="{escape(files.title)}" viewBox="{box}" '
        f'style="--width: {files.inside[2] * 4 / 3:.0f}px" '
        f'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    )
    return start + text[text.index(">") + 1 :]


def _of_the_page(tag: str, prefix: str) -> str:
    """A tag with the page's font and colours and identifiers of its own; what stands between tags is kept."""
    for name in re.findall(r""" id=(?:'[^']*'|"[^"]*")""", tag):
        # A stranger's name is no identifier, and an image is named by its contents: two alike would share it.
        if tag.startswith("<image") or not re.fullmatch(r' id="[\w.-]+"', name, flags=re.ASCII):
            tag = tag.replace(name, "")
    tag = re.sub(r"font-family: [^;\"]*", "font-family: var(--figure-font)", tag)
    tag = re.sub(r'(?<=\bid=")|(?<=href="#)|(?<=url\(#)', prefix, tag)
    for colour, name in _THEMED.items():
        tag = tag.replace(colour, f"var(--{name})")
    return tag


def _bytes(figure: Figure, kind: str) -> bytes:
    """The file of a figure."""
    buffer = io.BytesIO()
    with mpl.rc_context({**STYLE, "svg.hashsalt": "sensitivity"}), _missing_letters():
        look: dict[str, Any] = {"dpi": DOTS_PER_INCH, "metadata": _METADATA[kind], "facecolor": PAPER}
        figure.savefig(buffer, format=kind, **look, **_PACKED.get(kind, {}))
    return buffer.getvalue()


@contextmanager
def _missing_letters() -> Iterator[None]:
    """Say nothing of letters that no font of this machine has: they become boxes, in a PNG only."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def wrapped(text: str, width: int) -> str:
    """Text in lines of at most so many letters; a number and its per cent sign stay on one line."""
    return textwrap.fill(re.sub(r"(?<=\d) (?=%)", _NO_BREAK, text), width).replace(_NO_BREAK, " ")


@contextmanager
def _with_words(drawing: Drawing) -> Iterator[tuple[Figure, tuple[float, float, float, float]]]:
    """The figure, taller by its title and caption, and the box of the rest in points; restored afterwards."""
    figure = drawing.figure
    width, height = (float(inches) for inches in figure.get_size_inches())
    title = wrapped(drawing.title, int(width * _LETTERS * 0.72))
    caption = wrapped(drawing.caption, int(width * _LETTERS))
    above = _TITLE_HEIGHT * (title.count("\n") + 1) + 0.04
    below = _LINE_HEIGHT * (caption.count("\n") + 1) + 0.12
    whole = height + above + below
    with ticks_once(figure), _laid_out(figure, whole, below, height), _unnamed(figure):
        with mpl.rc_context(STYLE):
            texts = [
                figure.text(0.08 / width, 1 - 0.08 / whole, title, va="top", fontsize=12.0),
                figure.text(0.08 / width, 0.06 / whole, caption, va="bottom", fontsize=8.0, color=MUTED),
            ]
        for number, text in enumerate(texts):
            text.set_gid(f"{_WORDS}-{number}")
        try:
            yield figure, (0.0, above * _POINTS, width * _POINTS, height * _POINTS)
        finally:
            for text in texts:
                text.remove()


@contextmanager
def _unnamed(figure: Figure) -> Iterator[None]:
    """Take the identifiers off: an SVG writes them unescaped, and a stranger's name may be one."""
    named = [(one, one.get_gid()) for one in figure.findobj(lambda one: bool(one.get_gid()))]
    for artist, _ in named:
        artist.set_gid(None)
    try:
        yield
    finally:
        for artist, identifier in named:
            artist.set_gid(identifier)


def _round_places(figure: Figure) -> None:
    """Round where the Axes lie: last bits of a layout vary from call to call, and identifiers follow."""
    for axes in figure.axes:
        counts = axes.get_in_layout()
        axes.set_position([round(part, 9) for part in axes.get_position(original=True).bounds])  # type: ignore[arg-type]
        axes.set_in_layout(counts)


@contextmanager
def _laid_out(figure: Figure, whole: float, below: float, height: float) -> Iterator[None]:
    """Make a figure ``whole`` inches high with its Axes in ``height`` of it, laid out once and then held."""
    width, before = (float(inches) for inches in figure.get_size_inches())
    engine: Any = figure.get_layout_engine()
    figure.set_size_inches(width, whole)
    engine.set(rect=(0, below / whole, 1, height / whole))
    dots = figure.get_dpi()
    figure.set_dpi(DOTS_PER_INCH)  # letters are a little wider or narrower at another resolution
    with _missing_letters():
        engine.execute(figure)  # what `draw_without_rendering` does before it draws all of it for nobody
    figure.set_dpi(dots)
    figure.set_layout_engine(None)  # its placeholder, "none", draws once more per file
    _round_places(figure)
    try:
        yield
    finally:
        figure.set_size_inches(width, before)
        figure.set_layout_engine(engine)
        engine.set(rect=(0, 0, 1, 1))
