"""Numbers in sentences."""

import pytest

from sensitivity.words import interval, measured, percent


def test_percentages_show_negative_shares_but_no_negative_zero():
    """Small negative shares are results of the correction and stay; minus zero is none."""
    assert [percent(share) for share in (0.123, -0.002, -0.0001, float("nan"))] == [
        "12.3 %",
        "-0.2 %",
        "0.0 %",
        "–",
    ]


def test_intervals_stand_in_brackets():
    """Share and interval in percent; the share alone where there is no interval."""
    assert interval(0.7971, 0.789, 0.8041) == "79.7 % [78.9, 80.4]"
    assert interval(0.5, float("nan"), float("nan")) == "50.0 %"
    assert interval(float("nan"), float("nan"), float("nan")) == "–"


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((2.134, 2.031, 2.312), "2.1 [2, 2.3]"),
        ((2.134, 2.101, 2.162), "2.13 [2.1, 2.16]"),
        ((2.134, 2.1335, 2.1345), "2.13 [2.13, 2.13]"),
        ((2.134, 0.4, 4.1), "2.1 [0.4, 4.1]"),
        ((0.0, 0.0, 0.35), "0 [0, 0.3]"),
        ((2.134, float("nan"), float("nan")), "2.13"),
        ((float("nan"), 0.1, 0.2), "–"),
    ],
)
def test_a_measured_number_has_no_more_digits_than_its_interval_leaves(numbers, text):
    assert measured(*numbers) == text
