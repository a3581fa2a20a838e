"""A drawing → PNG, SVG, PDF and its words, the same bytes every time: no dates, no random identifiers.

A picture has no title and no caption in it: a page, a notebook and a paper set these in their own way. They
stand beside it in ``NAME.txt``. Text in an SVG stays text: it can be read aloud, searched and edited, and a
browser has letters that our font lacks. Fonts in a PDF are embedded as TrueType, as publishers want them.
"""

from __future__ import annotations

import io
import re
import warnings
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from html import escape
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl

from sensitivity.pictures.light_fonts import light_fonts
from sensitivity.pictures.notes import note
from sensitivity.pictures.style import INK, MUTED, PAPER, RULE, STYLE
from sensitivity.pictures.ticks_once import ticks_once

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DOTS_PER_INCH: Final = 160
KINDS: Final = ("png", "svg", "pdf", "txt")  # files of a picture
_METADATA: Final[dict[str, dict[str, Any]]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": "sensitivity"},
    "pdf": {"CreationDate": None, "Creator": "sensitivity", "Producer": None},
}
# 5 % larger files in two thirds of the time.
_PACKED: Final[dict[str, dict[str, Any]]] = {"png": {"pil_kwargs": {"compress_level": 3}}}
_BYTES: Final[Any] = {"svg.hashsalt": "sensitivity", "pdf.fonttype": 42}
_THEMED: Final = {INK: "ink", MUTED: "muted", RULE: "rule", PAPER: "paper"}


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

    def save(self, stem: Path | str) -> list[Path]:
        """Write ``stem.png``, ``.svg``, ``.pdf`` and ``.txt``, its title and caption; returns their paths."""
        return save(self, stem)

    def _repr_png_(self) -> bytes:
        """The picture alone, for whoever shows pictures only."""
        return png(self)

    def _ipython_display_(self) -> None:
        """The picture in a notebook, its title above and its caption beneath it."""
        show = import_module("IPython.display").display  # who calls this has it; nobody else needs it
        words = f"<small>{escape(self.caption)}</small>"
        show({"text/html": f"<strong>{escape(self.title)}</strong>", "text/plain": self.title}, raw=True)
        show({"image/png": png(self), "text/plain": repr(self)}, raw=True)
        show({"text/html": f'<p style="max-width: 60em">{words}</p>', "text/plain": self.caption}, raw=True)


@dataclass(frozen=True)
class Rendered:
    """A picture as files.

    Attributes
    ----------
    title, caption
        Of the picture; in none of the files but ``text``.
    svg, text
        Contents of ``NAME.svg`` and ``NAME.txt``.
    png, pdf
        Contents of these files; None: not drawn yet.
    """

    title: str
    caption: str
    svg: str
    text: str = ""
    png: bytes | None = None
    pdf: bytes | None = None


class Draft:
    """A picture laid out once: an SVG at once, PNG and PDF when there is time for them.

    Parameters
    ----------
    drawing
        Its figure belongs to the draft until it is closed: then it is as it was.
    facts
        Lines of its text besides title and caption: of what trials it is.

    Attributes
    ----------
    files
        The picture without PNG and PDF.
    """

    def __init__(self, drawing: Drawing, facts: Sequence[str] = ()) -> None:
        self._held = ExitStack()
        self._figure = self._held.enter_context(_ready(drawing.figure))
        text = note(drawing.title, drawing.caption, facts, self._figure)
        self.files = Rendered(drawing.title, drawing.caption, _bytes(self._figure, "svg").decode(), text)

    def png(self) -> bytes:
        """The PNG."""
        return _bytes(self._figure, "png")

    def pdf(self) -> bytes:
        """The PDF."""
        return _bytes(self._figure, "pdf")

    def close(self) -> None:
        """Give the figure back."""
        self._held.close()


def rendered(drawing: Drawing, facts: Sequence[str] = ()) -> Rendered:
    """Render a picture as SVG, PNG and PDF; it is laid out once."""
    with closing(Draft(drawing, facts)) as draft:
        return replace(draft.files, png=draft.png(), pdf=draft.pdf())


def save(drawing: Drawing, stem: Path | str) -> list[Path]:
    """Write ``stem.png``, ``.svg``, ``.pdf`` and ``.txt``, its title and caption; returns their paths."""
    return write(rendered(drawing), stem)


def write(files: Rendered, stem: Path | str) -> list[Path]:
    """Write the files of a picture, an older PNG or PDF removed where there is none; returns their paths."""
    contents = {"png": files.png, "svg": files.svg.encode(), "pdf": files.pdf, "txt": files.text.encode()}
    for kind, content in contents.items():
        if content is None:
            Path(f"{stem}.{kind}").unlink(missing_ok=True)
        else:
            Path(f"{stem}.{kind}").write_bytes(content)
    return [Path(f"{stem}.{kind}") for kind, content in contents.items() if content is not None]


def png(drawing: Drawing) -> bytes:
    """The PNG alone."""
    with _ready(drawing.figure) as figure:
        return _bytes(figure, "png")


def inline_svg(files: Rendered, prefix: str) -> str:
    """An ``<svg>`` element for a page, in the colours of the page's style sheet.

    Parameters
    ----------
    prefix
        Of every identifier in it, so that several pictures can stand in one page.
    """
    text = files.svg[files.svg.index("<svg") :]
    box = re.search(r'viewBox="([^"]*)"', text)
    if box is None:
        raise ValueError("the SVG of a picture has no viewBox")
    text = re.sub(r"<(metadata|style)\b.*?</\1>", "", text, flags=re.DOTALL)  # the page has its own
    text = re.sub(r"<[a-z][^>]*>", lambda tag: _of_the_page(tag[0], prefix), text)
    start = (
        f'<svg role="img" aria-label="{escape(files.title)}" viewBox="{box[1]}" '
        f'style="--width: {float(box[1].split()[2]) * 4 / 3:.0f}px" '
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
    with mpl.rc_context({**STYLE, **_BYTES}), _missing_letters(), light_fonts():
        look: dict[str, Any] = {"dpi": DOTS_PER_INCH, "metadata": _METADATA[kind], "facecolor": PAPER}
        figure.savefig(buffer, format=kind, **look, **_PACKED.get(kind, {}))
    return buffer.getvalue()


@contextmanager
def _missing_letters() -> Iterator[None]:
    """Say nothing of letters that no font of this machine has: they become boxes, in a PNG and a PDF only."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


@contextmanager
def _ready(figure: Figure) -> Iterator[Figure]:
    """The figure laid out once and then held, without identifiers; as it was afterwards."""
    with ticks_once(figure), _laid_out(figure), _unnamed(figure):
        yield figure


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
def _laid_out(figure: Figure) -> Iterator[None]:
    """Lay the Axes out for the resolution of the files, once."""
    engine: Any = figure.get_layout_engine()
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
        figure.set_layout_engine(engine)
