"""Paths of the update rules over a surface: a panel each, and how fast each comes down."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import seaborn as sns
from matplotlib.colors import ListedColormap
from matplotlib.patheffects import Normal, Stroke
from matplotlib.ticker import MaxNLocator

from sensitivity.branch import words
from sensitivity.language import say, say_of
from sensitivity.pictures.labels import in_picture
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import INK, PAPER, SMALLEST, new_figure, setting_colours, styled
from sensitivity.words import short

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from matplotlib.axes import Axes
    from matplotlib.contour import QuadContourSet

    from sensitivity.arrays import Floats
    from sweeps.surfaces import Surface
    from sweeps.trajectories import Followed

LEVELS: Final = 12
POINTS: Final = 161  # of the grid of a surface, each way
PER_ROW: Final = 3
# Low ground is darker, but never so dark that a path is lost on it.
GROUND: Final = ListedColormap(sns.light_palette("#8fa3b8", LEVELS + 1, reverse=True), name="ground")
CASING: Final = [Stroke(linewidth=3.2, foreground=PAPER), Normal()]
LEAP: Final = 100.0  # times the lowest height, from which a path that rises again is explained
LOWEST: Final = 1e-8  # of the heights drawn, in parts of the first: below, paths differ in nothing to see


def view_of(followed: Followed) -> tuple[tuple[float, float], tuple[float, float]]:
    """Ranges of x and y: the surface's, wider where the start lies outside."""
    start = followed.paths[0, 0]
    found = []
    for (low, high), place in zip(followed.surface.view, start.tolist(), strict=True):
        room = 0.06 * (max(high, place) - min(low, place))
        found.append((low if place > low else place - room, high if place < high else place + room))
    return found[0], found[1]


def draw_ground(axes: Axes, surface: Surface, view: tuple[tuple[float, float], ...]) -> QuadContourSet:
    """Contours, as many square inches between any two as between any others; a star at each minimum."""
    x, y = np.meshgrid(*(np.linspace(*ends, POINTS) for ends in view))
    height = surface.function(x, y)
    levels = np.unique(np.quantile(height, np.linspace(0, 1, LEVELS + 1)))
    filled = axes.contourf(x, y, height, levels=levels, cmap=GROUND, zorder=0)
    axes.contour(x, y, height, levels=levels, colors=[PAPER], linewidths=0.6, zorder=0.5)
    for minimum in surface.minima:
        axes.plot(*minimum, marker="*", color=PAPER, markersize=9, markeredgecolor=INK, zorder=5)
    axes.set(xlim=view[0], ylim=view[1])
    axes.tick_params(length=2, labelsize=SMALLEST)
    return filled


def _draw_path(axes: Axes, path: Floats, colour: str) -> None:
    """Line with a point at every step, a ring at the start and a disc at the end."""
    x, y = path.T
    axes.plot(x, y, color=colour, linewidth=1.5, path_effects=CASING, zorder=2)
    axes.plot(x, y, ".", color=colour, markersize=3.5, zorder=3)
    axes.plot(x[:1], y[:1], "o", color=colour, markerfacecolor=PAPER, markersize=5.5, zorder=4)
    known = np.flatnonzero(np.isfinite(x))
    axes.plot(
        x[known[-1:]], y[known[-1:]], "o", color=colour, markeredgecolor=PAPER, markersize=6.5, zorder=4
    )


def label_of(followed: Followed, place: int) -> str:
    """Optimizer with its rate, marked where it was tuned and others were not."""
    name = followed.names[place]
    return f"{words(name)}, η = {short(followed.rates[place])}{tuned_mark(followed, name)}"


def tuned_mark(followed: Followed, name: str) -> str:
    """Star at a rate that was tuned, where not all were."""
    return "*" if name in followed.tuned and len(followed.tuned) < len(followed.names) else ""


@styled
def draw_heights(followed: Followed, axes: Axes, colours: Mapping[str, str]) -> None:
    """Height above the lowest minimum, or the height, against the step; named at the right."""
    surface, values = followed.surface, followed.values()
    bottom = float(surface.value(np.array(surface.minima[0]))) if surface.minima else 0.0
    above = values - bottom
    for place, (name, line) in enumerate(zip(followed.names, above, strict=True)):
        dashes = "--" if place % 2 else "-"
        axes.plot(np.arange(len(line)), line, dashes, color=colours[name], linewidth=1.5, label=words(name))
    axes.set(xlim=(0, followed.steps), xlabel=in_picture("rules.step"))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    first = float(above[0, 0])
    if surface.minima and first > 0:
        ticks = 10.0 ** np.arange(math.floor(math.log10(first)), math.floor(math.log10(LOWEST * first)), -2)
        axes.set_yscale("log")
        axes.set_yticks(ticks, [short(tick) for tick in ticks.tolist()])
        axes.minorticks_off()
        axes.set_ylim(LOWEST * first, 10 * first)
        axes.set_title(in_picture("rules.height-above"), loc="left", fontsize=8.5)
    else:
        low, high = (float(np.nanquantile(surface.value(_corners(followed)), q)) for q in (0, 1))
        axes.set_ylim(low - 0.05 * (high - low), high + 0.05 * (high - low))
        axes.set_title(in_picture("rules.height"), loc="left", fontsize=8.5)
    beside: dict[str, Any] = (
        {"loc": "center left", "bbox_to_anchor": (1.02, 0.5)} if len(followed.names) > 1 else {}
    )
    axes.legend(handlelength=2.0, **beside).set_in_layout(False)


def _corners(followed: Followed) -> Floats:
    """Points on the edge and in the middle of what is in view, (n, 2)."""
    x, y = view_of(followed)
    return np.array([[a, b] for a in (*x, sum(x) / 2) for b in (*y, sum(y) / 2)])


@styled
def picture(name: str, followed: Followed) -> Drawing:
    """A panel per rule, and beneath how fast each comes down."""
    colours = setting_colours(followed.names)
    lines = math.ceil(len(followed.names) / PER_ROW)
    across = min(PER_ROW, len(followed.names))
    figure = new_figure(1.75 * lines + 1.6)
    grid = figure.add_gridspec(lines + 1, across, height_ratios=[1.75] * lines + [1.6])
    lower = figure.add_subplot(grid[lines, : max(across - 1, 1)])
    panels = [figure.add_subplot(grid[place]) for place in np.ndindex(lines, across)]
    view = view_of(followed)
    each = zip(followed.names, followed.paths, followed.arrivals(), strict=True)
    for place, (axes, (rule, path, steps)) in enumerate(zip(panels, each, strict=False)):
        draw_ground(axes, followed.surface, view)
        _draw_path(axes, path, colours[rule])
        axes.set_title(f"{label_of(followed, place)}: {_arrived(followed, steps)}", fontsize=8.5, pad=3)
        axes.tick_params(labelleft=place % across == 0, labelbottom=place + across >= len(followed.names))
    for axes in panels[len(followed.names) :]:
        axes.set_visible(False)
    draw_heights(followed, lower, colours)
    return Drawing(figure, say("rules.title", surface=words(name, 40)), _caption(followed))


def _arrived(followed: Followed, steps: float) -> str:
    """After how many steps a path arrived, if it did."""
    if math.isfinite(steps):
        return in_picture("rules.arrived", steps=int(steps))
    return in_picture("rules.not-arrived", steps=str(followed.steps))


def _caption(followed: Followed) -> str:
    surface = followed.surface
    marks = say("rules.marks", steps=str(followed.steps), minimum="yes" if surface.minima else "no")
    parts = [surface_words(surface), marks, goal_words(surface), rate_words(followed), leap_words(followed)]
    return " ".join(part for part in parts if part)


def surface_words(surface: Surface) -> str:
    """What a surface is, in a sentence that ends with its formula."""
    return say_of("rules", f"surface-{surface.name}", formula=surface.formula)


def goal_words(surface: Surface) -> str:
    """Sentence on what the steps count."""
    return say("rules.goal-minimum") if surface.minima else say_of("rules", f"goal-{surface.name}")


def leap_words(followed: Followed) -> str:
    """Why a path of RMSProp leaves the minimum again; empty where it does not."""
    if "rmsprop" not in followed.names or not followed.surface.minima:
        return ""
    heights = followed.values()[followed.names.index("rmsprop")]
    lowest = int(np.nanargmin(heights))
    if not np.nanmax(heights[lowest:]) > LEAP * max(heights[lowest], LOWEST * heights[0]):
        return ""
    return say("rules.leap")


def rate_words(followed: Followed) -> str:
    """Sentence on where the rates come from; empty for a single one that was given."""
    if len(followed.tuned) == len(followed.names):
        return say("rules.rates-tuned")
    if followed.tuned:
        return say("rules.rates-some")
    if len(set(followed.rates)) > 1:
        return say("rules.rates-known")
    return say("rules.rates-alike") if len(followed.names) > 1 else ""
