"""Numbers in sentences."""

from sensitivity.words import interval, percent


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
