"""The critical batch size: known bends are found, power laws are not called bends."""

import numpy as np
import pytest

from sensitivity.estimators.curves.bend import bend
from sensitivity.measures.scaling_laws import (
    BELOW_ROOT,
    BENDS,
    BENDS_ABOVE,
    BETWEEN,
    NEAREST,
    ONE_LAW,
    SEVERAL_LAWS,
    STEEP,
    bends,
    held,
    told,
)
from sensitivity.remarks import Remarks

BATCHES = np.log10([8, 16, 32, 64, 128, 256, 512])


def drawn(heights, noise, rng):
    return [heights + noise * rng.normal(size=(200, len(heights))) for _ in range(2)]


@pytest.mark.parametrize("truth", [20.0, 90.0, 400.0])
def test_a_known_bend_is_found(truth):
    """ε_max / (1 + B / batch) with 0.02 decades of noise; without noise to a step of the search."""
    heights = 0.3 - np.log10(1 + truth / 10**BATCHES)
    exact = bend(BATCHES, heights, [])
    assert exact.value == pytest.approx(truth, rel=0.03)
    assert exact.seen
    assert np.isnan(exact.low)
    rng = np.random.default_rng(0)
    held_by = []
    for _ in range(40):
        seen = heights + 0.02 * rng.normal(size=len(heights))
        found = bend(BATCHES, seen, drawn(seen, 0.02, rng))
        held_by.append(found.low <= truth <= found.high)
        assert Remarks(bends(found)).has(BENDS)
    assert np.mean(held_by) >= 0.9


def test_a_power_law_is_no_bend():
    """Where the line fits better no bend is told; in proportion to the batch it lies beyond all of them."""
    for exponent in (0.0, 0.5, 1.0):
        found = bend(BATCHES, exponent * BATCHES, drawn(exponent * BATCHES, 0.02, np.random.default_rng(1)))
        assert not found.seen
        assert bends(found) is None
    rng = np.random.default_rng(2)
    seen = -np.log10(1 + 3e3 / 10**BATCHES)
    beyond = bend(BATCHES, seen, drawn(seen, 0.05, rng))
    assert np.isnan(beyond.high)
    assert Remarks(bends(beyond)).has(BENDS_ABOVE)
    assert np.isnan(bend(BATCHES[:2], seen[:2], []).value)


@pytest.mark.parametrize(
    ("slope", "low", "high", "remark"),
    [
        (0.60, 0.507, 1.007, BETWEEN),  # holds linear alone and is nearer to the square root
        (0.97, 0.80, 1.007, ONE_LAW),
        (0.45, 0.10, 0.70, ONE_LAW),
        (0.20, -0.10, 0.40, ONE_LAW),
        (0.30, -0.10, 0.40, BETWEEN),
        (0.60, 0.40, 1.10, SEVERAL_LAWS),
        (0.30, 0.10, 0.40, BELOW_ROOT),
        (1.20, 1.10, 1.40, STEEP),
        (0.60, np.nan, np.nan, NEAREST),
    ],
)
def test_a_law_is_named_where_it_is_the_only_one(slope, low, high, remark):
    """Held by the interval, alone, and nearest to the slope."""
    assert Remarks(*told(slope, held(slope, low, high), low, high)).has(remark)
