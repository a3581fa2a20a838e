"""Claims on surfaces against what is known in closed form."""

import numpy as np
import pytest

from sensitivity.claims.ledger import CLAIMS
from sensitivity.claims.surfaces import SEED, STARTS
from sensitivity.claims.verdicts import measured
from sensitivity.claims.world import World


def number(claim, place, seed=0):
    """Part of a claim, measured."""
    return measured(CLAIMS[claim].parts[place], {"": World("", {SEED: seed})}, seed)


def test_a_saddle_is_left_as_the_eigenvalues_say():
    """From y₀ to 1 at rate 0.05: gradient descent grows by 1.1 per step, momentum by its equation's root.

    r² − (1 + β + 2η) r + β = 0 with β = 0.9, η = 0.05: r = 1.3702. Over many steps the ratio of steps is
    ln 1.3702 / ln 1.1 = 3.3; the first steps of momentum are slower, so it lies below.
    """
    found = number("saddle-stall", 0)
    root = max(np.roots([1, -(1.9 + 0.1), 0.9]))
    assert 2 < np.exp(found.estimate.value) < np.log(root) / np.log(1.1)
    assert found.estimate.freedom == STARTS - 1


def test_swings_across_a_ravine_are_alike_from_every_start():
    """The surface is quadratic: the ratio does not depend on the start, so its interval is a point."""
    found = number("momentum-damps", 0)
    low, high = found.estimate.interval()
    assert low == pytest.approx(high, abs=1e-9)
    ball, still, plain = 1.0, 0.0, 1.0
    heavy, light = [ball], [plain]
    for _ in range(200):  # both rules by hand on 5 y², rate 0.18, β = 0.9
        still = 0.9 * still + 0.1 * 10 * ball
        ball -= 0.18 * still
        plain -= 0.18 * 10 * plain
        heavy.append(ball)
        light.append(plain)
    assert found.estimate.value == pytest.approx(np.log(np.std(heavy) / np.std(light)))


def test_other_seeds_are_other_starts():
    """The ledger's seed decides where the paths begin."""
    one, other = (number("momentum-jumps", 0, seed).estimate.value for seed in (0, 1))
    assert one != other
    assert -1 <= one <= 1
