"""Closed forms of the update rules as lines, what the rules themselves do as points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.language import say
from sensitivity.pictures.labels import in_picture
from sensitivity.pictures.marks.scales import log_axis
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import MUTED, SMALLEST, new_figure, setting_colours, styled
from sensitivity.words import short
from sweeps.closed_forms import (
    adam_step_bound,
    adam_step_supremum,
    best_beta,
    best_momentum_rate,
    largest_stable_rate,
    lone_step,
    momentum_contraction,
    speed,
    terminal_speed,
)
from sweeps.measured_forms import contractions, lone_gradient_step, speeds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from sweeps.surfaces import Surface

BETA: Final = 0.9
BETAS: Final = (0.5, 0.8, BETA)
QUIET: Final = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
STEPS: Final = 60  # of a run up to the terminal speed
_COLOURS: Final = setting_colours(["a", "b", "c", "d"])
FIRST, SECOND, THIRD = (_COLOURS[name] for name in "abd")


def _limit(axes: Axes, place: float, text: str, *, upright: bool = True, colour: str = MUTED) -> None:
    """Dashed line at what a formula says, with the formula."""
    (axes.axvline if upright else axes.axhline)(place, color=colour, linestyle="--", linewidth=1.0, zorder=1)
    at, turned = ((place, 0.03), 90) if upright else ((0.98, place), 0)
    axes.annotate(
        text,
        at,
        xycoords=("data", "axes fraction") if upright else ("axes fraction", "data"),
        xytext=(-2, 0) if upright else (0, 2),
        textcoords="offset points",
        rotation=turned,
        ha="right",
        va="bottom",
        fontsize=SMALLEST,
        color=colour,
    )


def _name(axes: Axes, title: str, across: str, up: str) -> None:
    """Title of a panel and names of its axes."""
    axes.set(xlabel=across, ylabel=up)
    axes.set_title(title, loc="left", fontsize=9.0)


def _points(axes: Axes, x: Sequence[float], y: Sequence[float], colour: str, label: str = "") -> None:
    axes.plot(x, y, "o", color=colour, markersize=3.5, label=label, zorder=3)


@styled
def draw_stable_rates(surface: Surface, axes: Axes) -> None:
    """Factor per step against the rate, of gradient descent and momentum: above 1 it runs away."""
    highest = surface.curvatures[-1]
    limits = {"sgd": (0.0, FIRST, "2/λ"), "momentum": (BETA, SECOND, "(2+2β)/λ")}
    last = 1.4 * largest_stable_rate("momentum", highest, BETA)
    line, dots = np.geomspace(last / 400, last, 300), np.geomspace(last / 400, last, 25)
    for name, (beta, colour, formula) in limits.items():
        exact = [max(momentum_contraction(r, beta, c) for c in surface.curvatures) for r in line.tolist()]
        axes.plot(line, exact, color=colour, linewidth=1.3)
        tried = [{"optimizer": name, "beta": beta, "learning_rate": rate} for rate in dots.tolist()]
        _points(axes, dots.tolist(), contractions(surface, tried).tolist(), colour, name)
        limit = largest_stable_rate(name, highest, beta)
        _limit(axes, limit, f"{formula} = {short(limit)}", colour=colour)
    axes.axhline(1, color=MUTED, linewidth=0.8)
    log_axis(axes, "x", last / 400, last)
    _name(
        axes,
        in_picture("rules.forms-stable"),
        in_picture("rules.forms-rate"),
        in_picture("rules.forms-factor"),
    )
    axes.set_ylim(0.72, 1.2)
    axes.legend(loc="upper left")


@styled
def draw_best_beta(surface: Surface, axes: Axes) -> None:
    """Factor per step against β, at the rate that goes with the best β."""
    low, high = surface.curvatures
    rate, best = best_momentum_rate(low, high), best_beta(high / low)
    line, dots = np.linspace(0, 0.999, 300), np.linspace(0, 0.95, 20)
    exact = [max(momentum_contraction(rate, b, c) for c in surface.curvatures) for b in line.tolist()]
    axes.plot(line, exact, color=SECOND, linewidth=1.3)
    tried = [{"optimizer": "momentum", "beta": b, "learning_rate": rate} for b in dots.tolist()]
    _points(axes, dots.tolist(), contractions(surface, tried).tolist(), SECOND)
    _limit(axes, best, f"((√κ−1)/(√κ+1))² = {short(best)}")
    title, at = (
        in_picture("rules.forms-beta", kappa=short(high / low)),
        in_picture("rules.forms-at", rate=short(rate)),
    )
    _name(axes, title, at, in_picture("rules.forms-factor"))
    axes.set_xlim(0, 1)
    axes.set_ylim(best**0.5 - 0.4, 1.02)


@styled
def draw_terminal_speeds(axes: Axes) -> None:
    """Speed on an even slope against the step."""
    steps = np.arange(1, STEPS + 1)
    for beta, colour in zip(BETAS, (FIRST, THIRD, SECOND), strict=True):
        axes.plot(steps, speed(beta, steps), color=colour, linewidth=1.3)
        _points(axes, steps[::3].tolist(), speeds(beta, STEPS)[::3].tolist(), colour)
        last = terminal_speed(beta)
        _limit(axes, last, f"β = {beta:g}: 1/(1−β) = {short(last)}", upright=False, colour=colour)
    _name(
        axes,
        in_picture("rules.forms-terminal"),
        in_picture("rules.forms-slope"),
        in_picture("rules.forms-speed"),
    )
    axes.set_ylim(0, 11.5)


@styled
def draw_adam_bound(axes: Axes) -> None:
    """Step of Adam at a single gradient against how long there was none before."""
    line = np.unique(np.round(np.geomspace(1, QUIET[-1] + 1, 200)))
    axes.plot(line, lone_step(line), color=FIRST, linewidth=1.3)
    _points(axes, [quiet + 1 for quiet in QUIET], [lone_gradient_step(quiet) for quiet in QUIET], FIRST)
    bound = adam_step_bound(1.0)
    _limit(axes, bound, f"(1−β₁)/√(1−β₂) = {short(bound)}", upright=False)
    _limit(axes, 1.0, in_picture("rules.forms-even"), upright=False)
    log_axis(axes, "x", 1, QUIET[-1])
    _name(
        axes, in_picture("rules.forms-adam"), in_picture("rules.forms-first"), in_picture("rules.forms-size")
    )
    axes.set_ylim(0, 3.7)


@styled
def picture(surface: Surface) -> Drawing:
    """Four panels, of a surface that is quadratic."""
    figure = new_figure(5.0)
    panels = figure.subplots(2, 2)
    draw_stable_rates(surface, panels[0, 0])
    draw_best_beta(surface, panels[0, 1])
    draw_terminal_speeds(panels[1, 0])
    draw_adam_bound(panels[1, 1])
    low, high = surface.curvatures
    ever = short(adam_step_supremum(1.0), 3)
    caption = say("rules.forms-how", low=short(low), high=short(high), ever=ever)
    return Drawing(figure, say("rules.forms"), caption)
