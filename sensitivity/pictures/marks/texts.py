"""Texts in the cells of a heatmap as one artist: hundreds of them are laid out once for each that differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from matplotlib.artist import Artist
from matplotlib.colors import to_rgba
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, IdentityTransform

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase
    from matplotlib.typing import ColorType

_PAD: Final = 0.4  # points of a box around its text
_CENTRED: Final[dict[str, Any]] = {"ha": "center", "va": "center"}


@dataclass
class CellText:
    """A text and where it stands, asked as matplotlib's `Text` is.

    Attributes
    ----------
    x, y
        Of its middle, in data units.
    text
        One line or several.
    size
        In points.
    colour, box
        Of the letters, and of the ground behind them; None: no box.
    spacing
        Height of a line, in parts of the font's own.
    """

    x: float
    y: float
    text: str
    size: float
    colour: ColorType
    box: ColorType | None = None
    spacing: float = 1.05

    def get_text(self) -> str:
        """The text."""
        return self.text

    def set_text(self, text: str) -> None:
        """Let it say something else."""
        self.text = text

    def get_position(self) -> tuple[float, float]:
        """Its middle, in data units."""
        return self.x, self.y

    def get_color(self) -> ColorType:
        """Colour of the letters."""
        return self.colour

    def on(self, axes: Axes) -> Text:
        """The same as matplotlib's own, which is not drawn: to ask what it does not know itself."""
        look: dict[str, Any] = {"fontsize": self.size, "color": self.colour, "linespacing": self.spacing}
        text = Text(self.x, self.y, self.text, transform=axes.transData, **_CENTRED, **look)
        text.set_figure(axes.get_figure())  # type: ignore[arg-type]
        return text


@dataclass(frozen=True)
class _Block:
    """A text laid out about its middle, in pixels: lines with their width and baseline, the size of all."""

    lines: tuple[tuple[str, float, float], ...]
    width: float
    height: float


class CellTexts(Artist):
    """All texts in the cells of one pair of Axes, in the order in which they were added."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[CellText] = []
        self.set_zorder(5)
        self.set_in_layout(False)

    def draw(self, renderer: RendererBase) -> None:
        """Draw every box, then every text."""
        if self.get_visible() and self.cells and self.axes is not None:
            places = self.axes.transData.transform([(cell.x, cell.y) for cell in self.cells])
            blocks = self._blocks(renderer)
            self._draw_boxes(renderer, places, blocks)
            self._draw_letters(renderer, places, blocks)
        self.stale = False

    def _blocks(self, renderer: RendererBase) -> list[_Block]:
        """Each text laid out; the same text of the same size once."""
        found: dict[tuple[str, float, float], _Block] = {}
        heights: dict[float, float] = {}
        pen = self._pen()
        for cell in self.cells:
            known = cell.text, cell.size, cell.spacing
            if known not in found:
                pen.set_fontsize(cell.size)
                if cell.size not in heights:
                    # A line of the font's own height: what two lines have more than one.
                    heights[cell.size] = _height(pen, "0\n0", renderer) - _height(pen, "0", renderer)
                found[known] = _laid_out(cell.text, heights[cell.size] * cell.spacing, pen, renderer)
        return [found[cell.text, cell.size, cell.spacing] for cell in self.cells]

    def _pen(self) -> Text:
        """What a renderer asks of a text; its place is in pixels."""
        pen = Text(0, 0, "", transform=IdentityTransform(), linespacing=1.0, **_CENTRED)
        pen.set_figure(self.get_figure())  # type: ignore[arg-type]
        return pen

    def _draw_boxes(self, renderer: RendererBase, places: Any, blocks: list[_Block]) -> None:  # noqa: ANN401 (pixels)
        gc = renderer.new_gc()
        gc.set_linewidth(0.0)
        pad: Any = renderer.points_to_pixels(_PAD)
        for cell, (x, y), block in zip(self.cells, places, blocks, strict=True):
            if cell.box is not None:
                width, height = block.width + 2 * pad, block.height + 2 * pad
                box = Affine2D().scale(width, height).translate(x - width / 2, y - height / 2)
                renderer.draw_path(gc, Path.unit_rectangle(), box, to_rgba(cell.box))
        gc.restore()

    def _draw_letters(self, renderer: RendererBase, places: Any, blocks: list[_Block]) -> None:  # noqa: ANN401 (pixels)
        gc, pen = renderer.new_gc(), self._pen()
        top = renderer.get_canvas_width_height()[1]
        fonts = {cell.size: _of_size(pen, cell.size) for cell in self.cells}
        for cell, (x, y), block in zip(self.cells, places, blocks, strict=True):
            gc.set_foreground(to_rgba(cell.colour), isRGBA=True)
            pen.set_position((x, y))
            for line, width, baseline in block.lines:
                height = y + baseline
                height = top - height if renderer.flipy() else height
                renderer.draw_text(gc, x - width / 2, height, line, fonts[cell.size], 0.0, mtext=pen)
        gc.restore()


def _of_size(pen: Text, size: float) -> Any:  # noqa: ANN401 (font properties)
    font = pen.get_fontproperties().copy()
    font.set_size(size)
    return font


def _height(pen: Text, text: str, renderer: RendererBase) -> float:
    pen.set_text(text)
    return float(pen.get_window_extent(renderer).height)


def _laid_out(text: str, line: float, pen: Text, renderer: RendererBase) -> _Block:
    """Lay lines of one height out about a middle, each with its letters in the middle of its line."""
    lines, font = text.split("\n"), pen.get_fontproperties()
    found = []
    for place, words in enumerate(lines):
        width, height, descent = renderer.get_text_width_height_descent(words, font, ismath=False)
        middle = (len(lines) / 2 - place - 0.5) * line
        found.append((words, width, middle - height / 2 + descent))
    return _Block(tuple(found), max(width for _, width, _ in found), line * len(lines))


def cell_texts(axes: Axes) -> CellTexts:
    """The artist of the texts in the cells of these Axes, put there if there is none."""
    for artist in axes.artists:
        if isinstance(artist, CellTexts):
            return artist
    texts = CellTexts()
    axes.add_artist(texts)
    return texts


def texts_of(axes: Axes) -> list[Text | CellText]:
    """Every text that stands in these Axes, in cells or elsewhere, in the order in which they were added."""
    cells = [cell for artist in axes.artists if isinstance(artist, CellTexts) for cell in artist.cells]
    return [*cells, *axes.texts]
