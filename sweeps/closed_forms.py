"""What can be said of the update rules with pen and paper: speeds, bounds and stable rates.

On a quadratic with curvatures λ every coordinate is a linear recurrence by itself; it is stable while its
roots lie inside the unit circle (Polyak 1964; Goh 2017, "Why momentum really works").
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


STABLE = (
    "sgd",
    "momentum",
    "momentum_ema",
    "nesterov",
)  # rules with a closed form of the largest stable rate


def largest_stable_rate(optimizer: str, curvature: float, beta: float = 0.9) -> float:
    """Rate above which gradient descent or momentum runs away on a quadratic of that largest curvature λ.

    ``sgd``: 2/λ. ``momentum``: (2 + 2β)/λ. ``momentum_ema``: the same over 1 − β, for its steps are that
    much smaller. ``nesterov``: (2 + 2β)/((1 + 2β) λ), less than momentum's, because it looks ahead.
    """
    heavy_ball = (2 + 2 * beta) / curvature
    return {
        "sgd": 2 / curvature,
        "momentum": heavy_ball,
        "momentum_ema": heavy_ball / (1 - beta),
        "nesterov": heavy_ball / (1 + 2 * beta),
    }[optimizer]


def best_beta(condition: float) -> float:
    """β at which momentum is fastest on a quadratic of condition number κ: ((√κ − 1)/(√κ + 1))²."""
    root = math.sqrt(condition)
    return ((root - 1) / (root + 1)) ** 2


def best_momentum_rate(lowest: float, highest: float) -> float:
    """Rate that goes with the best β on a quadratic of curvatures from lowest to highest: 4/(√μ + √L)²."""
    return 4 / (math.sqrt(lowest) + math.sqrt(highest)) ** 2


def momentum_contraction(rate: float, beta: float, curvature: float) -> float:
    """Factor per step, in the long run, of a coordinate of curvature λ under momentum: its largest root.

    The roots of r² − (1 + β − ηλ) r + β.
    """
    middle = (1 + beta - rate * curvature) / 2
    inside = middle**2 - beta
    return math.sqrt(beta) if inside <= 0 else abs(middle) + math.sqrt(inside)


def terminal_speed(beta: float) -> float:
    """Speed of momentum on an even slope, in units of gradient descent's: 1/(1 − β)."""
    return 1 / (1 - beta)


def speed(beta: float, steps: NDArray[np.int64]) -> Floats:
    """Speed of momentum on an even slope in step t = 1, 2, …, in the same units: (1 − βᵗ)/(1 − β)."""
    return np.asarray((1 - beta**steps) / (1 - beta))


def lone_step(steps: Floats, beta: float = 0.9, beta2: float = 0.999) -> Floats:
    """Step of Adam, in units of η, at a gradient in step t after none before.

    (1 − β₁)/(1 − β₁ᵗ) over √((1 − β₂)/(1 − β₂ᵗ)).
    """
    first, second = (1 - beta) / (1 - beta**steps), (1 - beta2) / (1 - beta2**steps)
    return np.asarray(first / np.sqrt(second))


def adam_step_bound(rate: float, beta: float = 0.9, beta2: float = 0.999) -> float:
    """Largest step of Adam by its paper: η · max(1, (1 − β₁)/√(1 − β₂)).

    Kingma & Ba (2015), section 2.1. It holds for gradients that are steady, and for one after zeros (the
    second case); others can pass it, see `adam_step_supremum`.
    """
    return rate * max(1.0, (1 - beta) / math.sqrt(1 - beta2))


def adam_step_supremum(rate: float, beta: float = 0.9, beta2: float = 0.999) -> float:
    """Least bound of Adam's steps under any gradients: η (1 − β₁)/√((1 − β₂)(1 − β₁²/β₂)).

    By Cauchy and Schwarz step t is at most this times √((1 − rᵗ)(1 − β₂ᵗ))/(1 − β₁ᵗ), r = β₁²/β₂, with
    equality for gradients that grow by β₂/β₁ a step; for r β₂ = β₁² that factor is at most 1, and tends to 1.
    Infinite where β₁² ≥ β₂.
    """
    rest = 1 - beta**2 / beta2 if beta2 else (0.0 if beta else 1.0)
    return rate * (1 - beta) / math.sqrt((1 - beta2) * rest) if rest > 0 else math.inf
