"""Columns beside each other, many at once."""

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from sensitivity.reading.association import dependence, dependences, digits, packed
from sensitivity.reading.cells import Column, column, number


def test_many_at_once_are_pearsons_test_of_each():
    """P of SciPy's test without correction; groups of different number, rows without a value left out."""
    random = np.random.default_rng(1)
    one = random.integers(0, 4, 300)
    others = [random.integers(-1, size, 300) for size in (2, 4, 4, 7)]
    others[1] = np.where(random.random(300) < 0.5, one, others[1])
    found = dependences(packed(one), [packed(other) for other in others])
    for p, other in zip(found, others, strict=True):
        there = other >= 0
        counts = np.zeros((4, other.max() + 1))
        np.add.at(counts, (one[there], other[there]), 1)
        assert p == pytest.approx(chi2_contingency(counts, correction=False).pvalue, rel=1e-9)
        assert p == pytest.approx(dependence(one, other), rel=1e-12)


def test_nothing_is_told_of_a_column_without_values():
    """No rows, or one group."""
    none, one = np.full(50, -1), np.zeros(50, dtype=int)
    assert dependences(packed(one), [packed(none), packed(one)]).tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    "cells", [["1", "2.50", "-3e2", ""], [".5", "5.", " +1 "], ["1e999", "2", "3"], ["1 000", "3", "0.5"]]
)
def test_plain_numbers_are_read_as_each_cell_alone(cells):
    """The same as cell by cell, whether a column is plain (the first two) or not."""
    assert column(cells).values == [number(cell.strip()) for cell in cells]


def test_codes_number_equal_values_alike():
    """0.1 of single precision and 0.1 are one value, a zero with a sign another."""
    assert Column([0.1, float(np.float32(0.1)), 2, 2.0, None]).codes.tolist() == [0, 0, 1, 1, -1]
    assert Column([0.0, -0.0, 0.0]).codes.tolist() == [0, 1, 0]
    assert Column([2**24 + 1, 2**24]).codes.tolist() == [0, 1]


def test_digits_of_many_numbers():
    """Thousands of drawn numbers have many digits, thousands of round ones few."""
    random = np.random.default_rng(1)
    assert digits(Column(random.random(5000).tolist())) > 14
    assert digits(Column((np.arange(5000) / 10).tolist())) == 4
