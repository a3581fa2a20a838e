"""Settings that only some branches have: what they do there counts, however little it is of the whole."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.language.marks import bare
from sensitivity.measures.advice import FIX, advice
from sensitivity.measures.measuring import all_tables
from sensitivity.measures.ranking import INSIDE, effects_by_branch, effects_in, ranking, told
from sensitivity.measures.variance import variance_decomposition
from sensitivity.reporting.answer import answer
from sensitivity.study import Study
from sweeps.space import Choices, Setting, Space, Variant

NOISE = np.random.default_rng(3).normal(0, 0.001, (3, 3, 3, 4))
OPTIMIZERS = ("plain", "fixed", "switched")


def study_of(tabulate, response):
    """Grid of three optimizers and three rates; the last optimizer has a rate after the switch as well."""
    space = Space(
        [
            Setting("optimizer", (Variant(Choices(OPTIMIZERS)),)),
            Setting("learning_rate", (Variant(Choices((1, 2, 3))),)),
            Setting("later_rate", (Variant(Choices((1, 2, 3)), {"optimizer": ("switched",)}),)),
        ]
    )
    return Study(tabulate(space, response, 4), space, "validation error")


def response(later):
    """Large differences between optimizers and rates; the later rate does ``later`` times its level."""

    def value(c, r):
        place = OPTIMIZERS.index(c["optimizer"])
        rate = c["learning_rate"] - 1
        level = 0 if np.isnan(float(c.get("later_rate") or np.nan)) else int(c["later_rate"]) - 1
        inside = later * level + 0.01 * rate if c["optimizer"] == "switched" else 10.0 * (place + 1) * rate
        return inside + NOISE[place, int(rate), level, r]

    return value


@pytest.fixture
def switched(tabulate):
    """The later rate moves 0.03 of 60, but nine tenths of the variance of the optimizer that has it."""
    return study_of(tabulate, response(0.03))


def test_what_counts_inside_a_branch_is_told(switched):
    """Inside, the later rate has 0.03² of 0.03² + 0.01² of the variance of two additive settings: 90 %."""
    table = ranking(switched).set_index("setting")
    assert table.loc["later_rate", "judgement"] == "not above"
    assert told(table)[["optimizer", "learning_rate", "later_rate"]].all()
    (said,) = table.loc["later_rate", "remarks"].only(INSIDE)
    shares = variance_decomposition(switched)
    here = shares[(shares["branch"] == "optimizer=switched") & (shares["setting"] == "later_rate")]
    share = here.loc[here["kind"] == "total", "share"].item()
    assert share == pytest.approx(0.9, abs=0.01)
    assert said.given[0] == "switched"
    assert said.given[1].startswith(f"{100 * share:.1f} % [")


def test_the_answer_says_where_and_does_not_call_it_noise(switched):
    """One sentence names the branch; the last one no longer lists the setting."""
    sentences = answer(switched, all_tables(switched))
    (where,) = [text for text in sentences if "Inside switched, later rate involves 9" in text]
    assert "of the variance." in where
    assert not [text for text in sentences if "Later rate" in text or "later rate is not told" in text]


def test_the_advice_is_for_the_branch_that_has_it(switched):
    """Its best level is the first, 0.03 below the next, there alone."""
    row = advice(switched).set_index("setting").loc["later_rate"]
    assert (row["branch"], row["best_at"], row["judgement"]) == ("optimizer=switched", 1, "above")
    assert row["trials"] == 3 * 3 * 4
    assert row["share"] == pytest.approx(0.9, abs=0.01)


def test_a_setting_that_does_nothing_inside_either_stays_noise(tabulate):
    """No remark, and the advice is to fix it."""
    study = study_of(tabulate, response(0.0))
    table = ranking(study).set_index("setting")
    assert not table.loc["later_rate", "remarks"].has(INSIDE)
    assert not told(table)["later_rate"]
    assert any("later rate is not told from" in bare(text) for text in answer(study, all_tables(study)))
    assert advice(study).set_index("setting").loc["later_rate", "advice"] == FIX


def test_effects_of_all_branches_at_once_are_those_of_each(tabulate):
    """One pass over the shares gives what each branch by itself gives, judgements and remarks included."""
    study = study_of(tabulate, response(1.0))
    shares = variance_decomposition(study)
    every = effects_by_branch(study)
    assert list(every) == [branch for branch in shares["branch"].unique() if branch != "all"]
    for branch, found in every.items():
        alone = effects_in(shares, branch)
        made = pd.DataFrame.from_dict(found, orient="index")[list(alone.columns)]
        pd.testing.assert_frame_equal(made, alone, check_names=False, check_dtype=False)
