"""Numbers → colours: the scale of responses, that of shares, and the bars that show them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import FuncNorm, Normalize

from sensitivity.pictures.style import HEAT, INK, MUTED, SHARES
from sensitivity.words import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.colorbar import Colorbar

    from sensitivity.arrays import Floats
    from sensitivity.pictures.marks.cells import Grid

_POSITIVE = np.outer(10.0 ** np.arange(-9, 10), [1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9]).ravel()
_TICKS: Final = np.concatenate([-_POSITIVE, [0.0], _POSITIVE])
TALLEST: Final = 4.2  # inches of a colour bar


def colour_scale(grids: Sequence[Grid]) -> Normalize:
    """Scale on which the good cells differ visibly although bad ones are many times as high.

    log(1 + (v − best)/s): the excess over the best cell, linear up to about s and logarithmic above. s is
    the median spread between replicates in the better half of the cells, so that differences smaller than
    the noise of the seed hardly show; at least a tenth of the best value if that is positive, and 1/300 of
    the range, which is also what holds without replicates.

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
    soft = max(float(np.median(spreads)) if len(spreads) else 0.0, low / 10, (high - low) / 300)

    def forward(value: Floats) -> Floats:
        excess: Floats = np.log1p(np.maximum(np.asarray(value) - low, 0.0) / soft)
        return excess

    def inverse(excess: Floats) -> Floats:
        value: Floats = low + soft * np.expm1(excess)
        return value

    return FuncNorm((forward, inverse), low, high)


def colour_bar(scale: Normalize, label: str, axes: Axes | Sequence[Axes], *, lying: bool = False) -> None:
    """Colour bar of responses beside some Axes, or ``lying`` beneath them; the good end up, or left.

    Ticks at round numbers, well apart, besides the best and the worst.
    """
    drawn = _bar(ScalarMappable(scale, HEAT), label, axes, lying=lying)
    low, high = float(scale.vmin or 0), float(scale.vmax or 1)
    chosen, apart = [low, high], 1 / 7 if lying else 1 / 10
    for tick in sorted(_between(low, high), key=_roundness):
        if all(abs(float(scale(tick)) - float(scale(other))) > apart for other in chosen):
            chosen.append(float(tick))
    drawn.set_ticks(sorted(chosen), labels=[short(tick).replace("-", "−") for tick in sorted(chosen)])
    if not lying:
        drawn.ax.invert_yaxis()


def share_bar(scale: Normalize, label: str, axes: Axes) -> None:
    """Colour bar of per cents, beside the Axes."""
    _bar(ScalarMappable(scale, SHARES), label, axes)


def _bar(
    colours: ScalarMappable, label: str, axes: Axes | Sequence[Axes], *, lying: bool = False
) -> Colorbar:
    figure: Any = np.ravel(axes)[0].figure  # type: ignore[arg-type]
    tallest = min(1.0, TALLEST * figure.dpi / figure.bbox.height)
    upright = {"pad": 0.02, "fraction": 0.04, "aspect": 24, "shrink": tallest, "anchor": (0.0, 1.0)}
    where: dict[str, Any] = {"location": "bottom", "aspect": 28} if lying else upright
    drawn: Colorbar = figure.colorbar(colours, ax=axes, **where)
    drawn.set_label(label, color=INK)
    drawn.outline.set_visible(False)
    drawn.minorticks_off()
    drawn.ax.tick_params(length=2, color=MUTED)
    return drawn


def _between(low: float, high: float) -> list[float]:
    """Round numbers inside a range; 0, but none so near it that only its digits are many."""
    inside = _TICKS[np.logical_and(low < _TICKS, high > _TICKS)]
    far = np.abs(inside) > (abs(low) if low > 0 else (high - low) / 500)
    return [float(tick) for tick in inside[far | (inside == 0)]]


def _roundness(tick: float) -> tuple[int, float]:
    """Sort key: 1, 2, 5 before 3 and 1.5 before the rest."""
    if tick == 0:
        return 0, tick
    size = abs(tick)
    first = round(size / 10.0 ** math.floor(math.log10(size) + 1e-9), 6)
    return {1.0: 0, 2.0: 1, 5.0: 1, 3.0: 2, 1.5: 2, 2.5: 2}.get(first, 3), tick
