"""The best few trained again: what the table and the sentences say."""

import numpy as np
import pytest

from sensitivity.estimators.fresh_seeds import Fresh
from sensitivity.estimators.tried import Tried
from sensitivity.measures.confirm import Candidate, confirmed, curse
from sensitivity.measures.confirm_words import sentences
from sweeps.space import FloatRange, Setting, Space, Variant

SPACE = Space((Setting("rate", (Variant(FloatRange(0.1, 0.3)),)),), {})
CONFIGURATIONS = [{"rate": 0.1}, {"rate": 0.2}, {"rate": 0.3}]


def swept(values):
    """Three configurations of a sweep by their results, and the same as candidates."""
    values = np.asarray(values, dtype=np.float64)
    found = Tried(SPACE, CONFIGURATIONS, values, np.ones(3, np.bool_), np.zeros(3, np.int64))
    return found, [Candidate(CONFIGURATIONS[row], (f"best {row + 1}",), row) for row in range(3)]


def fresh(values, failed=(0, 0, 0), worst=(0.3, 0.2, 0.1), **limits):
    """Results with fresh seeds; the worse by mean, the more forgiving."""
    return Fresh(np.asarray(values), np.array(worst), np.array(failed), **limits)


def test_who_failed_is_named():
    """The second is as good and more forgiving, but diverged once."""
    found, chosen = swept(np.full((3, 2), 0.2))
    values = np.array([[0.1, 0.3, 0.2, 0.2], [0.3, 0.1, 0.2, 0.21], [0.9, 0.9, 0.8, 0.8]])
    assert "Take B: within one standard error" in sentences(found, chosen, fresh(values))[1]
    said = sentences(found, chosen, fresh(values, failed=(0, 1, 0)))[1]
    assert said.startswith("Take A: B diverged or failed with more of the seeds")
    table = confirmed(found, chosen, fresh(values, failed=(0, 1, 0)))
    assert table["take"].tolist() == [True, False, False]


def test_intervals_of_the_table_hold_together_and_end_where_results_do():
    """Three means at once: t for one degree of freedom and 0.05 / 6 in each tail is 38.188."""
    found, chosen = swept(np.full((3, 2), 0.2))
    values = np.array([[0.01, 0.03], [0.5, 0.502], [0.87, 0.89]])
    table = confirmed(found, chosen, fresh(values, least=0.0, most=0.9))
    assert table["confirmed_low"][0] == 0
    assert table["confirmed_high"][2] == 0.9
    assert table["confirmed_high"][1] - 0.501 == pytest.approx(0.001 * 38.188459)
    # Less the mean of two results of the sweep: √(1 + 2/2) times as wide, and a difference has no such ends.
    assert table["optimism_low"][0] == pytest.approx(-0.18 - 0.01 * 38.188459 * np.sqrt(2))


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (0.1, "; measurable."),
        (0.001, "too small to be measured with 4 fresh seeds"),
        (-0.1, "none is measurable"),
    ],
)
def test_the_curse_is_measurable_or_not(gap, words):
    """No word of chance: chance is what a curse is."""
    found, chosen = swept(np.full((3, 2), 0.2))
    values = 0.2 + gap + 0.01 * np.array([[1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]])
    said = sentences(found, chosen, fresh(values))[2]
    assert curse(found, chosen, values).size == pytest.approx(gap)
    assert words in said
    assert "chance" not in said
