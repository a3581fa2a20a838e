"""Ticks of the colour bars: round numbers, as evenly apart as the scale lets them be."""

import numpy as np
import pytest
from matplotlib.colors import LogNorm, Normalize

from sensitivity.pictures.marks.cells import Grid
from sensitivity.pictures.marks.colours import colour_scale, even_ticks


def scale_of(values, spread=np.nan):
    """Scale of one row of cells."""
    numbers = np.array([values], dtype=float)
    return colour_scale([Grid(["row"], list(values), numbers, np.full_like(numbers, spread), 0 * numbers)])


def test_a_linear_scale_has_equal_steps():
    """As any axis."""
    assert even_ticks(Normalize(0, 100)) == [0, 20, 40, 60, 80, 100]
    assert even_ticks(Normalize(0.018, 0.032)) == [0.02, 0.025, 0.03]


@pytest.mark.parametrize(
    "scale",
    [
        scale_of([0.018, 0.025, 0.03, 0.03, 0.86], 0.004),
        scale_of([-0.93, -0.91, -0.9, -0.1], 0.01),
        scale_of([0.43, 0.5, 0.6, 0.7, 0.95]),
        scale_of([0.0, 0.1, 1000.0]),
        LogNorm(1, 17),
    ],
)
def test_bent_scales_have_even_ticks_of_two_digits(scale):
    """No gap is thrice another, none of the bar's ends is far from a tick, and no number is long."""
    ticks = even_ticks(scale)
    places = np.array([float(scale(tick)) for tick in ticks])
    gaps = np.diff(places)
    assert len(ticks) >= 4
    assert gaps.max() < 3 * gaps.min()
    assert places[0] < 0.35
    assert places[-1] > 0.65
    assert all(float(f"{tick:.1e}") == tick for tick in ticks)


def test_one_value_has_ticks_too():
    """Nothing but zero, or a range of no width that became one."""
    assert len(even_ticks(scale_of([0.0]))) > 1
    assert len(even_ticks(scale_of([0.5, 0.5]))) > 1
