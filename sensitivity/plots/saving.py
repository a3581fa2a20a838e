"""A picture → PNG and SVG, the same bytes every time: no dates, no random identifiers.

Text in an SVG stays text: it can be read aloud, searched and edited, and a browser has letters that our font
lacks.
"""

from __future__ import annotations

import io
import re
import textwrap
import warnings
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl

from sensitivity.plots.style import INK, MUTED, PAPER, RULE, STYLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

    from sensitivity.plots.picture import Picture

DOTS_PER_INCH: Final = 160
_METADATA: Final[dict[str, dict[str, Any]]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": "sensitivity"},
}
_THEMED: Final = {INK: "ink", MUTED: "muted", RULE: "rule", PAPER: "paper"}
_TITLE_HEIGHT: Final = 0.34  # inches
_LINE_HEIGHT: Final = 0.165  # inches, of the caption
_LETTERS: Final = 14.5  # of the caption, per inch


def save(picture: Picture, stem: Path | str) -> list[Path]:
    """Write ``stem.png`` and ``stem.svg`` with title and caption; returns their paths."""
    written = []
    with _with_words(picture) as figure:
        for kind in _METADATA:
            path = Path(f"{stem}.{kind}")
            path.write_bytes(_bytes(figure, kind))
            written.append(path)
    return written


def png(picture: Picture) -> bytes:
    """The PNG with title and caption."""
    with _with_words(picture) as figure:
        return _bytes(figure, "png")


def inline_svg(picture: Picture, prefix: str) -> str:
    """An ``<svg>`` element for a page: without title and caption, in the colours of the page's style sheet.

    Parameters
    ----------
    prefix
        Of every identifier in it, so that several pictures can stand in one page.
    """
    text = _bytes(picture.figure, "svg").decode()
    text = text[text.index("<svg") :]
    text = re.sub(r"<(metadata|style)\b.*?</\1>", "", text, flags=re.DOTALL)  # the page has its own
    text = re.sub(r"font-family: [^;\"]*", "font-family: var(--figure-font)", text)
    text = re.sub(r'(?<=\bid=")|(?<=href="#)|(?<=url\(#)', prefix, text)
    for colour, name in _THEMED.items():
        text = text.replace(colour, f"var(--{name})")
    width, height = (float(inches) * 96 for inches in picture.figure.get_size_inches())
    start = (
        f'<svg role="img" aria-label="{escape(picture.title)}" style="--width: {width:.0f}px" '
        f'viewBox="0 0 {width * 0.75:g} {height * 0.75:g}" xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink">'
    )
    return start + text[text.index(">") + 1 :]


def _bytes(figure: Figure, kind: str) -> bytes:
    """The file of a figure; letters that no font of this machine has become boxes, in a PNG only."""
    buffer = io.BytesIO()
    with mpl.rc_context({**STYLE, "svg.hashsalt": "sensitivity"}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(buffer, format=kind, dpi=DOTS_PER_INCH, metadata=_METADATA[kind], facecolor=PAPER)
    return buffer.getvalue()


@contextmanager
def _with_words(picture: Picture) -> Iterator[Figure]:
    """The figure, taller by its title and its caption; as before afterwards."""
    figure = picture.figure
    width, height = (float(inches) for inches in figure.get_size_inches())
    title = textwrap.fill(picture.title, int(width * _LETTERS * 0.72))
    caption = textwrap.fill(picture.caption, int(width * _LETTERS))
    above = _TITLE_HEIGHT * (title.count("\n") + 1) + 0.04
    below = _LINE_HEIGHT * (caption.count("\n") + 1) + 0.12
    whole = height + above + below
    engine = figure.get_layout_engine()
    figure.set_size_inches(width, whole)
    boxes = [] if engine is not None else [(axes, axes.get_position()) for axes in figure.axes]
    for axes, box in boxes:
        axes.set_position((box.x0, (below + box.y0 * height) / whole, box.width, box.height * height / whole))
    if engine is not None:
        engine.set(rect=(0, below / whole, 1, height / whole))  # type: ignore[call-arg]
    with mpl.rc_context(STYLE):
        texts = [
            figure.text(0.08 / width, 1 - 0.08 / whole, title, va="top", fontsize=12.0),
            figure.text(0.08 / width, 0.06 / whole, caption, va="bottom", fontsize=8.0, color=MUTED),
        ]
    for text in texts:
        text.set_in_layout(False)
    try:
        yield figure
    finally:
        for text in texts:
            text.remove()
        figure.set_size_inches(width, height)
        for axes, box in boxes:
            axes.set_position(box)
        if engine is not None:
            engine.set(rect=(0, 0, 1, 1))  # type: ignore[call-arg]
