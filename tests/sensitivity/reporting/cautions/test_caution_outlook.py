"""What the ranking alone does not say, from tables made up here."""

import pandas as pd
import pytest

from sensitivity.reporting.cautions.outlook import no_gain, unsettled


def halves(first, three):
    """Halves, and a ranking whose first is told from the second where the halves agree on it."""
    apart = first > 0.9
    return {
        "ranking": pd.DataFrame(
            {
                "rank": [1, 2, 3],
                "judgement": ["above", "above", "above"],
                "total_effect": [0.6, 0.3, 0.28],
                "total_low": [0.5, 0.2, 0.18],
                "total_high": [0.7, 0.4 if apart else 0.6, 0.38],
            }
        ),
        "stability": pd.DataFrame(
            {
                "branch": ["all", "all", "optimizer=sgd"],
                "comparison": ["subsets", "halves", "halves"],
                "same_first": [0.1, first, 0.0],
                "same_top3": [0.1, three, 0.0],
            }
        ),
    }


@pytest.mark.parametrize(
    ("first", "three", "words"),
    [
        (1.0, 0.95, None),
        (
            0.95,
            0.4,
            "the order of the first three would not be with half of the trials. Two halves agree",
        ),
        (0.5, 0.2, "With half of the trials each, two halves name the same first setting in only 50.0 %"),
        (float("nan"), float("nan"), None),
    ],
)
def test_halves_say_how_far_the_ranking_is_settled(first, three, words):
    """The halves of all trials decide, no other comparison and no single optimizer."""
    text = unsettled(halves(first, three))
    assert text == "" if words is None else words in text


def test_what_the_intervals_tell_apart_is_not_called_unsettled():
    """Halves ask about a sweep of half the size; the intervals are about this one."""
    tables = halves(0.5, 0.2)
    assert unsettled(tables)
    assert not unsettled({**tables, "ranking": halves(1.0, 1.0)["ranking"]})
    nobody = tables["ranking"].assign(judgement="not above")
    assert "first three" not in unsettled({**halves(0.95, 0.2), "ranking": nobody})
    assert "first three" in unsettled(halves(0.95, 0.2))
    every = halves(0.95, 0.2)["ranking"].assign(total_effect=[0.6, 0.3, 0.1], total_low=[0.5, 0.2, 0.05])
    apart = every.assign(total_high=[0.7, 0.4, 0.15])
    assert not unsettled({**halves(0.95, 0.2), "ranking": apart})


def gains(together, alone):
    return {
        "tunability": pd.DataFrame(
            {
                "branch": "all",
                "setting": ["all together", "learning_rate", "learning_rate"],
                "kind": ["gain", "gain", "cost at default"],
                "default": ["", 0.01, 0.01],
                "amount": [0.008, 0.002, 0.9],
                "low": [0.0, 0.0, 0.8],
                "high": [0.019, 0.01, 1.0],
                "judgement": [together, alone, "above"],
            }
        )
    }


def test_no_gain_over_the_defaults_is_said_with_its_size():
    """Only where neither the whole nor any single gain is told from the noise; a cost is no gain."""
    text = no_gain(gains("not above", "not above"))
    assert text.startswith(
        "This tool’s defaults, or the nearest values tried (learning rate 0.01) may already do: "
        "tuning everything gains 0.008 [0, 0.019] over them, which may be nothing."
    )
    own = no_gain(gains("not above", "not above"), known=False)
    assert own.startswith("The middle of each range (learning rate 0.01) may already do: tuning everything")
    names = gains("not above", "not above")
    names["tunability"]["default"] = ["", "b", "b"]
    said = no_gain(names, known=False)
    assert said.startswith("The middle of each range or list of names (learning rate b) may already do")
    assert not no_gain(gains("above", "not above"))
    assert not no_gain(gains("not above", "above"))
    assert not no_gain(gains("unknown", "unknown"))
