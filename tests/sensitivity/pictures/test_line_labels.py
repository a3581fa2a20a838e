"""Labels that do not lie on each other."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensitivity.pictures.marks.lines import apart


def test_labels_that_have_room_stay():
    """Order of the input is kept."""
    assert apart([0.9, 0.1, 0.5], 0.1, 0.0, 1.0) == pytest.approx([0.9, 0.1, 0.5])


def test_labels_that_touch_move_as_little_as_they_can():
    """Two in one place stand on either side of it; at the end they move inside."""
    assert apart([0.5, 0.5], 0.1, 0.0, 1.0) == pytest.approx([0.45, 0.55])
    assert apart([1.0, 1.0], 0.1, 0.0, 1.0) == pytest.approx([0.9, 1.0])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9))
def test_always_apart_in_order_and_inside(places):
    """Nine labels with a gap of a tenth always fit."""
    heights = apart(places, 0.1, 0.0, 1.0)
    ordered = [height for _, height in sorted(zip(places, heights, strict=True))]
    assert all(second - first > 0.1 - 1e-9 for first, second in pairwise(sorted(heights)))
    assert ordered == sorted(ordered)
    assert min(heights) > -1e-9
    assert max(heights) < 1 + 1e-9
