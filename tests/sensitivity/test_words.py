"""Numbers in sentences."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.language import speaking
from sensitivity.measures.measure import TEXT, Column
from sensitivity.reporting.shown import cells
from sensitivity.words import exact, exact_texts, interval, level_text, measured, percent


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


def test_a_column_of_numbers_is_written_as_each_of_them():
    """Signed zeros, singles and doubles, whole numbers, what is beyond single precision, and nothing."""
    random = np.random.default_rng(0)
    doubles = 10 ** random.uniform(-37, 37, 200) * random.choice([-1, 1], 200)
    singles = doubles.astype(np.float32).astype(np.float64)
    special = [0.0, -0.0, 0.1, 1e-40, 1e40, 1.0, 2.0**24, 2.0**25 + 4, 1e300, -1e-300, np.inf, -np.inf]
    numbers = np.concatenate([doubles, singles, special])
    assert exact_texts(numbers) == [exact(number) for number in numbers.tolist()]
    assert exact_texts(np.array([0.5, np.nan])) == ["0.5", ""]
    assert exact_texts(np.array([2**60, -1])) == [str(2**60), "-1"]


@pytest.mark.parametrize(
    ("value", "text"), [(0.9999, "0.9999"), (0.999, "0.999"), (0.9, "0.9"), (1.0, "1"), (np.True_, "true")]
)
def test_levels_just_below_one_are_told_apart(value, text):
    """0.9999 is another β than 1, and than 0.999."""
    assert level_text(value) == text


def test_a_range_in_a_name_of_theirs_is_no_range_of_ours():
    """A level called "1 to 3" stays as it is in every language; good values are written as ranges."""
    table = pd.DataFrame({"setting": ["size"], "best_at": ["1 to 3"], "good": ["1 to 3"]})
    columns = (Column("best_at", "", TEXT), Column("good", "", TEXT))
    with speaking("ko"):
        ((level, good),) = cells(table, columns)
    assert level.text == "1 to 3"
    assert good.text == "1~3"
