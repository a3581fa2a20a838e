"""What the update rules themselves do, step by step, with gradients that are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sweeps.optimizers import OPTIMIZERS, UpdateRule
from sweeps.settings import complete
from sweeps.subnormals import flushed

if TYPE_CHECKING:
    from sensitivity.arrays import Floats

SEED = 0
STEPS = 400


def rule(optimizer: str, coordinates: int, **settings: Any) -> UpdateRule:  # noqa: ANN401 (of any kind)
    """Update rule of one member in double precision, with its own defaults."""
    whole: dict[str, Any] = complete({"optimizer": optimizer, **settings})
    kind = OPTIMIZERS[optimizer]
    if not issubclass(kind, UpdateRule):
        raise TypeError(f"{optimizer} has no gradient to follow")
    return kind(kind.columns([whole]), np.zeros((1, coordinates)), np.zeros(coordinates, dtype=bool), STEPS)


@flushed()
def path(optimizer: str, gradients: Floats, rate: float, **settings: Any) -> Floats:  # noqa: ANN401 (of any kind)
    """Places after every step from 0, shape (steps, coordinates), under gradients of that shape."""
    moving = rule(optimizer, gradients.shape[1], **settings)
    place, places = np.zeros((1, gradients.shape[1])), np.empty_like(gradients)
    for step, gradient in enumerate(gradients):
        moving.step(place, gradient[None].copy(), np.array([[rate]]), np.empty_like(place))
        places[step] = place[0]
    return places


def difference_of_forms(beta: float) -> float:
    """Largest difference of the paths of plain and averaged form, relative to the largest place.

    Gradients are random; the plain form has the rate η, the averaged one η/(1 − β).
    """
    gradients = np.random.default_rng(SEED).standard_normal((STEPS, 5))
    plain = path("momentum", gradients, 0.1, beta=beta)
    averaged = path("momentum_ema", gradients, 0.1 / (1 - beta), beta=beta)
    return float(np.abs(plain - averaged).max() / np.abs(plain).max())


@flushed()
def uncorrected_moments(steps: int = 10) -> float:
    """Largest difference of Adam's m and s on a constant gradient of 1 from 1 − βᵗ, at t = 1 … steps.

    The rule keeps m/(1 − β₁) and s/(1 − β₂).
    """
    moving, place, worst = rule("adam", 1), np.zeros((1, 1)), 0.0
    for step in range(1, steps + 1):
        moving.step(place, np.ones((1, 1)), np.array([[0.1]]), np.empty((1, 1)))
        for name, beta in (("m", "beta"), ("s", "beta2")):
            factor = float(moving.c[beta][0, 0])
            worst = max(worst, abs((1 - factor) * float(moving.state[name][0, 0]) - (1 - factor**step)))
    return worst
