"""What all pictures share: colours, sizes, and how a stranger's name becomes a label.

Three colours are the page's own. The report replaces them in an SVG by variables of its style sheet, so that
a picture is light on light and dark on dark: `INK`, `MUTED`, `RULE` and `PAPER`. Nothing that lies on a
coloured ground may use them: there, `ON_DARK` and `ON_LIGHT`.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, NamedTuple, ParamSpec, TypeVar

import matplotlib as mpl
import seaborn as sns
from matplotlib.colors import ListedColormap, to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from matplotlib.colors import Colormap
    from matplotlib.typing import ColorType

P = ParamSpec("P")
R = TypeVar("R")


class Room(NamedTuple):
    """What a picture has of somebody's figure, in inches."""

    width: float
    height: float


_narrow: ContextVar[bool] = ContextVar("narrow", default=False)
_target: ContextVar[Any] = ContextVar("target", default=None)
_room: ContextVar[Room | None] = ContextVar("room", default=None)

MOST_DRAWN: Final = 30  # settings that one picture has a row for
INK: Final = "#1f2328"
MUTED: Final = "#57606a"
RULE: Final = "#d0d7de"
PAPER: Final = "#ffffff"

ON_DARK: Final = "#fdfdfd"
ON_LIGHT: Final = "#1a1a1a"
FRAME: Final = "#f08a3c"  # round the best cell of a row
MISSING: Final = "#e9e9e9"  # the ground of a cell in which everything diverged
HATCH: Final = "#9a9a9a"

COLUMNS: Final = (85 / 25.4, 178 / 25.4)  # inches: one column of a paper, and two
WIDTH: Final = COLUMNS[1]
SMALLEST: Final = 7.0  # points: the smallest text at that width
READABLE: Final = 6.0  # points: the smallest text in one column, and the smallest that publishers take
NARROW_ROOM: Final = 4.5  # inches: less is drawn as one column is
NARROWER: Final = 0.8  # size of letters in one column, in parts of that in two

# Dark is good, in every heatmap of a response; dark is much, too, in every heatmap of a share.
HEAT: Final[Colormap] = ListedColormap(sns.color_palette("mako", 256)[40:246], name="response")
SHARES: Final[Colormap] = ListedColormap(sns.color_palette("crest", 256), name="share")
_QUALITATIVE: Final = tuple(to_hex(colour) for colour in sns.color_palette("colorblind", 10))
# The noise of the seed and what belongs to no setting: greys, so that no setting can be taken for them.
NOISE: Final = "#8c959f"
REST: Final = "#c3c9cf"


def _other_fonts() -> list[str]:
    """First known font of this machine with letters that DejaVu lacks: Korean, Chinese, Japanese."""
    known = ("Noto Sans CJK KR", "Noto Sans KR", "NanumGothic", "Malgun Gothic", "Apple SD Gothic Neo")
    here = set(fontManager.get_font_names())
    return [name for name in known if name in here][:1]


OTHER_FONTS: Final = _other_fonts()
STYLE: Final[Any] = {
    "font.family": ["DejaVu Sans", *OTHER_FONTS],
    "font.size": 9.0,
    "axes.titlesize": 10.5,
    "axes.labelsize": 9.0,
    "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.0,
    "legend.fontsize": 8.0,
    "figure.titlesize": 12.0,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.edgecolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "axes.facecolor": PAPER,
    "figure.facecolor": PAPER,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "text.parse_math": False,  # a dollar in a stranger's name is a dollar
    "axes.unicode_minus": True,
    "svg.fonttype": "none",
    "hatch.linewidth": 0.8,
}


def styled(draw: Callable[P, R]) -> Callable[P, R]:
    """Run a drawing function under our style; the user's own settings stay as they were."""

    @wraps(draw)
    def run(*arguments: P.args, **options: P.kwargs) -> R:
        with mpl.rc_context(STYLE):
            return draw(*arguments, **options)

    return run


def new_figure(height: float, width: float = WIDTH) -> Figure:
    """Figure of a size in inches, outside pyplot: nothing to close, nothing shown by accident.

    Inside `drawn_on` what was given there, inside `one_column` as wide as one column of a paper.
    """
    given = _target.get()
    width = COLUMNS[0] if _narrow.get() else width
    return Figure(figsize=(width, height), layout="constrained") if given is None else given


@contextmanager
def drawn_on(target: Any, room: Room) -> Iterator[None]:  # noqa: ANN401 (a figure, or what pictures ask of one)
    """Let the next picture be drawn on this and on no new figure, with so much room."""
    before, had = _target.set(target), _room.set(room)
    try:
        yield
    finally:
        _target.reset(before)
        _room.reset(had)


def given_room() -> Room | None:
    """What there is of somebody's figure; None: the picture has a figure of its own, as large as it likes."""
    return _room.get()


@contextmanager
def one_column() -> Iterator[None]:
    """Let the next picture be as wide as one column of a paper; see `with_smaller_letters`."""
    before = _narrow.set(True)
    try:
        yield
    finally:
        _narrow.reset(before)


def is_narrow() -> bool:
    """Whether what is drawn now shall be as wide as one column."""
    return _narrow.get()


def with_smaller_letters(figure: Figure) -> None:
    """Make the letters of a figure those of one column."""
    for text in figure.findobj(Text):
        text.set_fontsize(max(float(text.get_fontsize()) * NARROWER, READABLE))


def setting_colours(names: Sequence[str]) -> dict[str, str]:
    """Colour of each setting, the same in every picture of a report: by its place in the space.

    Ten colours that people with a colour-vision deficiency tell apart; more settings than that share them.
    """
    return {name: _QUALITATIVE[place % len(_QUALITATIVE)] for place, name in enumerate(names)}


def luminance(colour: ColorType) -> float:
    """Relative luminance as in WCAG 2, its transfer curve rounded to a power of 2.2."""
    red, green, blue = (part**2.2 for part in to_rgb(colour))
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def ink_on(ground: ColorType) -> str:
    """Colour of text on a coloured ground: contrast of at least 4.5 either way."""
    return ON_DARK if luminance(ground) < 0.18 else ON_LIGHT
