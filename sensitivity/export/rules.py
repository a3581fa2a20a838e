"""Update rules as lines of array code: for frameworks that have another form of them, or none.

``g`` is the gradient, ``t`` the step from 1 as a number, ``k`` as an index from 0; ``xp`` stands for the
framework's module of arrays and ``at(table, k)`` for an element of a table of numbers. The formulas are those
of `sweeps.momentum` and `sweeps.adaptive`, with the averages as the papers write them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Rule:
    """What it remembers and how it moves: θ ← θ − rate · direction.

    ``tables`` are lines that make tables of numbers before training.
    """

    states: tuple[str, ...]
    lines: tuple[str, ...]
    direction: str
    start: float = 0.0
    tables: tuple[str, ...] = ()


def rule(c: Mapping[str, Any]) -> Rule:
    """Rule of a complete configuration, its coefficients written into the lines.

    Raises
    ------
    KeyError
        For an optimizer that is no single rule by gradients.
    """
    return {
        "sgd": _sgd,
        "momentum": _momentum,
        "momentum_ema": _momentum_ema,
        "nesterov": _nesterov,
        "adagrad": _adagrad,
        "rmsprop": _rmsprop,
        "adam": _adam,
        "adamw": _adam,
        "adamax": _adamax,
        "nadam": _nadam,
        "lion": _lion,
    }[c["optimizer"]](c)


def _sgd(c: Mapping[str, Any]) -> Rule:
    del c
    return Rule((), (), "g")


def _momentum(c: Mapping[str, Any]) -> Rule:
    return Rule(("v",), (f"v = {c['beta']!r} * v + g",), "v")


def _momentum_ema(c: Mapping[str, Any]) -> Rule:
    beta = c["beta"]
    direction = f"v / (1 - {beta!r} ** t)" if c["bias_correction"] else "v"
    return Rule(("v",), (f"v = {beta!r} * v + (1 - {beta!r}) * g",), direction)


def _nesterov(c: Mapping[str, Any]) -> Rule:
    return Rule(("v",), (f"v = {c['beta']!r} * v + g",), f"g + {c['beta']!r} * v")


def _adagrad(c: Mapping[str, Any]) -> Rule:
    return Rule(("s",), ("s = s + g**2",), f"g / (s**0.5 + {c['epsilon']!r})", c["initial_accumulator"])


def _rmsprop(c: Mapping[str, Any]) -> Rule:
    rho, mu = c["beta"], c["rmsprop_momentum"]
    states, lines, root = ["s"], [f"s = {rho!r} * s + (1 - {rho!r}) * g**2"], "s"
    if c["centered"]:
        states.append("m")
        lines.append(f"m = {rho!r} * m + (1 - {rho!r}) * g")
        root = "xp.maximum(s - m**2, 0 * s)"
    direction = f"g / ({root}**0.5 + {c['epsilon']!r})"
    if mu:
        states.append("b")
        lines.append(f"b = {mu!r} * b + {direction}")
        direction = "b"
    return Rule(tuple(states), tuple(lines), direction)


def _averages(c: Mapping[str, Any]) -> tuple[str, str]:
    one, two = c["beta"], c["beta2"]
    return f"m = {one!r} * m + (1 - {one!r}) * g", f"s = {two!r} * s + (1 - {two!r}) * g**2"


def _adam(c: Mapping[str, Any]) -> Rule:
    one, two, epsilon = c["beta"], c["beta2"], c["epsilon"]
    states, lines, second = ["m", "s"], [*_averages(c)], "s"
    if c["amsgrad"]:
        states.append("largest")
        lines.append("largest = xp.maximum(largest, s)")
        second = "largest"
    if not c["adam_bias_correction"]:
        return Rule(tuple(states), tuple(lines), f"m / ({second}**0.5 + {epsilon!r})")
    direction = f"m / (1 - {one!r} ** t) / (({second} / (1 - {two!r} ** t)) ** 0.5 + {epsilon!r})"
    return Rule(tuple(states), tuple(lines), direction)


def _adamax(c: Mapping[str, Any]) -> Rule:
    first, _ = _averages(c)
    second = f"s = xp.maximum({c['beta2']!r} * s, abs(g) + {c['epsilon']!r})"
    return Rule(("m", "s"), (first, second), f"m / (1 - {c['beta']!r} ** t) / s")


def _nadam(c: Mapping[str, Any]) -> Rule:
    tables = (
        f"mu = {c['beta']!r} * (1 - 0.5 * 0.96 ** ({c['momentum_decay']!r} * np.arange(1, steps + 2)))",
        "product = np.cumprod(mu)",
        "of_m, of_g = mu[1:] / (1 - product[1:]), (1 - mu[:-1]) / (1 - product[:-1])",
    )
    lines = (*_averages(c), "ahead = at(of_m, k) * m + at(of_g, k) * g")
    root = f"((s / (1 - {c['beta2']!r} ** t)) ** 0.5 + {c['epsilon']!r})"
    return Rule(("m", "s"), lines, f"ahead / {root}", tables=tables)


def _lion(c: Mapping[str, Any]) -> Rule:
    one, two = c["beta"], c["beta2"]
    lines = (f"ahead = {one!r} * m + (1 - {one!r}) * g", f"m = {two!r} * m + (1 - {two!r}) * g")
    return Rule(("m",), lines, "xp.sign(ahead)")


def spoken(found: Rule, module: str) -> Rule:
    """Rule in the words of a framework."""
    at = {
        "jnp": "jnp.asarray({0})[{1}]",
        "ops": "ops.take(ops.cast({0}, variable.dtype), {1})",
        "torch": "{0}[{1}]",
    }[module]

    def said(line: str) -> str:
        line = re.sub(r"\bat\((\w+), (\w+)\)", lambda match: at.format(match[1], match[2]), line)
        return line.replace("xp.", f"{module}.")

    return replace(found, lines=tuple(map(said, found.lines)), direction=said(found.direction))
