"""Schedules as lines of NumPy: what the rate is multiplied by in every step, as `sweeps.schedules` has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def factors(c: Mapping[str, Any]) -> list[str]:
    """Lines that make ``factors``, what the rate is multiplied by in each of ``steps`` steps."""
    warm = c["warmup"] > 0
    lines = ["t, T = np.arange(steps), steps"]
    if warm:
        lines = [
            f"warm = round({c['warmup']!r} * steps)",
            "t, T = np.maximum(np.arange(steps) - warm, 0), max(steps - warm, 1)",
        ]
    lines += _SHAPES[c["schedule"]](c)
    if warm:
        start = c["warmup_start"]
        lines.append(f"factors[:warm] *= {start!r} + (1 - {start!r}) * np.arange(warm) / warm")
    return lines


def _piecewise(c: Mapping[str, Any]) -> list[str]:
    pieces = zip(c["piecewise_boundaries"], c["piecewise_factors"], strict=True)
    return [
        "factors = np.ones(steps)",
        *(f"factors[t >= round({at!r} * T)] = {value!r}" for at, value in pieces),
    ]


def _one_cycle(c: Mapping[str, Any]) -> list[str]:
    first = 1 / c["one_cycle_divisor"]
    last = first / c["one_cycle_final_divisor"]
    peak = c["one_cycle_peak"]
    three = c["one_cycle_three_phases"]
    knots = f"[0, {peak!r} * T - 1, {f'2 * {peak!r} * T - 2, ' if three else ''}T - 1]"
    heights = [first, 1.0, first, last] if three else [first, 1.0, last]
    where = f"first, peak{', back' if three else ''}, last"
    lines = [f"knots = np.minimum(np.maximum.accumulate({knots}), T - 1)  # {where}"]
    if c["one_cycle_shape"] == "linear":
        return [*lines, f"factors = np.interp(t, knots, {heights})"]
    return [
        *lines,
        "phase = np.interp(t, knots, np.arange(len(knots)))",
        f"heights, at = np.array({heights}), np.minimum(phase.astype(int), len(knots) - 2)",
        "part = (1 - np.cos(np.pi * (phase - at))) / 2",
        "factors = heights[at] + (heights[at + 1] - heights[at]) * part",
    ]


def _cosine(c: Mapping[str, Any]) -> list[str]:
    floor = c["cosine_floor"]
    return [f"factors = {floor!r} + (1 - {floor!r}) * (1 + np.cos(np.pi * np.minimum(t / T, 1))) / 2"]


def _wsd(c: Mapping[str, Any]) -> list[str]:
    lines = ["factors = np.ones(steps)"]
    for steps, name in (("t + 1", "wsd_warmup"), ("T - t", "wsd_decay")):
        if c[name] > 0:
            lines.append(f"factors = np.minimum(factors, ({steps}) / ({c[name]!r} * T))")
    return lines


_ONES: Final = ["factors = np.ones(steps)"]
_SHAPES: Final[dict[str, Callable[[Mapping[str, Any]], list[str]]]] = {
    "constant": lambda _: _ONES,
    "performance": lambda _: _ONES,
    "power": lambda c: [
        f"factors = (1 + t / ({c['power_length']!r} * T)) ** -{float(c['power_exponent'])!r}"
    ],
    "exponential": lambda c: [f"factors = 0.1 ** (t / ({c['exponential_length']!r} * T))"],
    "piecewise": _piecewise,
    "one_cycle": _one_cycle,
    "cosine": _cosine,
    "linear": lambda _: ["factors = (T - t) / T"],
    "wsd": _wsd,
    "ramp": lambda c: [f"factors = {float(c['ramp_span'])!r} ** (t / max(T - 1, 1) - 1)"],
}
