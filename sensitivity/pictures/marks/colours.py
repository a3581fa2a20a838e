"""Numbers → colours: the scale of responses, that of shares, and the bars that show them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import FuncNorm, Normalize
from matplotlib.ticker import MaxNLocator

from sensitivity.pictures.style import HEAT, INK, MUTED, SHARES, given_room
from sensitivity.words import distinct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.colorbar import Colorbar

    from sensitivity.arrays import Floats
    from sensitivity.pictures.marks.cells import Grid

TALLEST: Final = 4.2  # inches of a colour bar
MOST_TICKS: Final = 6
SHORT: Final = 2.6  # inches of a figure whose colour bar has room for few ticks
BENT: Final = 2.0  # widest step over the narrowest, up to which numbers in equal steps look even
UNROUND: Final = 0.2  # cost of a digit, in squares of a step
FAR: Final = 0.35  # of a bar that may be without a tick at its end
_STEPS: Final = (5.0, 2.0, 1.0)


def colour_scale(grids: Sequence[Grid]) -> Normalize:
    """Scale on which the good cells differ visibly although bad ones are many times as high.

    log(1 + (v − best)/s): the excess over the best cell, linear up to about s and logarithmic above. s is
    the median spread between replicates in the better half of the cells, so that differences smaller than
    the noise of the seed hardly show; at least a tenth of the best value if that is positive, and 1/300 of
    the range, which is also what holds without replicates; 1/20 where neither is there.

    Parameters
    ----------
    grids
        All panels that share the scale.
    """
    values = np.concatenate([cells.number[cells.shown] for cells in grids])
    spreads = np.concatenate([cells.spread[cells.shown] for cells in grids])
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 0.0)
    if high <= low:
        return Normalize(low, low + (abs(low) or 1.0))
    spreads = spreads[(values <= np.median(values)) & ~np.isnan(spreads)]
    least = (high - low) / (300 if low > 0 or len(spreads) else 20)
    soft = max(float(np.median(spreads)) if len(spreads) else 0.0, low / 10, least)

    def forward(value: Floats) -> Floats:
        excess: Floats = np.log1p(np.maximum(np.asarray(value) - low, 0.0) / soft)
        return excess

    def inverse(excess: Floats) -> Floats:
        value: Floats = low + soft * np.expm1(excess)
        return value

    return FuncNorm((forward, inverse), low, high)


def colour_bar(scale: Normalize, label: str, axes: Axes | Sequence[Axes], *, lying: bool = False) -> None:
    """Colour bar of responses beside some Axes, or ``lying`` beneath them; the good end up, or left.

    Ticks at round numbers as even as the scale lets them be, see `even_ticks`.
    """
    drawn = _bar(ScalarMappable(scale, HEAT), label, axes, lying=lying)
    ticks = even_ticks(scale, MOST_TICKS - 1 if lying else MOST_TICKS - _few(drawn))
    drawn.set_ticks(ticks, labels=[text.replace("-", "−") for text in distinct(ticks)])
    if not lying:
        drawn.ax.invert_yaxis()


def even_ticks(scale: Normalize, most: int = MOST_TICKS) -> list[float]:
    """Round numbers at even distances along a scale, ascending.

    In equal steps where these are even on the scale, too; elsewhere as even as numbers of few digits are.
    """
    low, high = float(scale.vmin or 0.0), float(scale.vmax or 0.0)
    steps = MaxNLocator(most - 1, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    equal = [float(f"{tick:.9g}") for tick in steps if low <= tick <= high]
    places = np.array([float(scale(tick)) for tick in equal])
    gaps = np.diff(places)
    if len(gaps) > 1 and gaps.max() <= BENT * gaps.min() and places[0] < FAR and places[-1] > 1 - FAR:
        return equal
    return _evenest(scale, most)


def _evenest(scale: Normalize, most: int) -> list[float]:
    """The best compromise between even places and round numbers, ascending."""
    step = 1 / (most - 1)
    known = _candidates(scale, most)
    places = [float(scale(tick)) for tick in known]
    cost = [UNROUND * _unroundness(tick) for tick in known]
    chains = [(cost[at] + (place / step) ** 2, [at]) for at, place in enumerate(places)]
    for _ in range(most - 1):
        chains = [
            min(
                (before + cost[at] + ((place - places[chain[-1]]) / step - 1) ** 2, [*chain, at])
                for before, chain in chains
                if chain[-1] < at or at == 0
            )
            for at, place in enumerate(places)
        ]
    _, best = min((total + ((1 - places[chain[-1]]) / step) ** 2, chain) for total, chain in chains)
    return [known[at] for at in dict.fromkeys(best)]


def _candidates(scale: Normalize, most: int) -> list[float]:
    """The roundest number close to each of many places of a scale, ascending."""
    fine = 1 / (6 * (most - 1))
    ends = np.array([[at - fine / 2, at + fine / 2] for at in np.arange(0, 1 + fine / 2, fine)]).clip(0, 1)
    return sorted({round_between(*map(float, scale.inverse(pair))) for pair in ends})


def _unroundness(tick: float) -> float:
    """How many digits a number needs besides its first, and a bit where the last is not 1, 2 or 5."""
    digits = f"{abs(tick):.6e}".partition("e")[0].replace(".", "").rstrip("0")
    return max(len(digits) - 1, 0) + (0.5 if digits and digits[-1] not in "125" else 0.0)


def round_between(low: float, high: float) -> float:
    """The number with the coarsest step, of those between two, that is nearest their middle."""
    power = math.floor(math.log10(max(abs(low), abs(high), 1e-300)))
    for step in (part * 10.0**at for at in range(power + 1, power - 9, -1) for part in _STEPS):
        for tick in (round((low + high) / 2 / step) * step, math.ceil(low / step) * step):
            if low <= tick <= high:
                return float(f"{tick:.9g}")
    return (low + high) / 2


def _few(drawn: Colorbar) -> int:
    """How many ticks less a short colour bar has room for."""
    return 2 if _height(drawn.ax.figure) < SHORT else 0


def _height(figure: Any) -> float:  # noqa: ANN401 (a figure or a part of one)
    """Inches that there are for a picture, upwards."""
    room = given_room()
    return float(figure.bbox.height / figure.dpi) if room is None else room.height


def share_bar(scale: Normalize, label: str, axes: Axes) -> None:
    """Colour bar of per cents, beside the Axes."""
    _bar(ScalarMappable(scale, SHARES), label, axes)


def _bar(
    colours: ScalarMappable, label: str, axes: Axes | Sequence[Axes], *, lying: bool = False
) -> Colorbar:
    figure: Any = np.ravel(axes)[0].figure  # type: ignore[arg-type]
    tallest = min(1.0, TALLEST / _height(figure))
    upright = {"pad": 0.02, "fraction": 0.04, "aspect": 24, "shrink": tallest, "anchor": (0.0, 1.0)}
    where: dict[str, Any] = {"location": "bottom", "aspect": 28} if lying else upright
    drawn: Colorbar = figure.colorbar(colours, ax=axes, **where)
    drawn.set_label(label, color=INK)
    drawn.outline.set_visible(False)
    drawn.minorticks_off()
    drawn.ax.tick_params(length=2, color=MUTED)
    return drawn
