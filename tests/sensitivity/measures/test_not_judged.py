"""What the plan cannot judge comes last in the ranking, and the answer names it."""

import numpy as np
import pytest
from problems import PROBLEMS

from sensitivity.measures.measuring import all_tables
from sensitivity.reading.frames import from_frame
from sensitivity.remarks import Judgement
from sensitivity.reporting.answer import answer

PROBLEM = PROBLEMS["conditional"]


@pytest.fixture(scope="module")
def study():
    """γ belongs to one schedule of three, which 7 of 150 trials have."""
    rng = np.random.default_rng(0)
    drawn = [PROBLEM.space.configuration(unit) for unit in rng.random((600, len(PROBLEM.space.names)))]
    having = [configuration for configuration in drawn if "gamma" in configuration][:7]
    others = [configuration for configuration in drawn if "gamma" not in configuration][:143]
    return from_frame(PROBLEM.tabulate([*having, *others], rng), PROBLEM.space)


@pytest.fixture(scope="module")
def tables(study):
    only = ("ranking", "tolerance", "isolation_curves", "optimizer_differences", "question")
    return all_tables(study, only=only)


def test_it_comes_last_with_its_trials(tables):
    """Whatever its estimate; the others keep the order of their shares."""
    ranking = tables["ranking"].dropna(subset="rank")
    assert ranking["setting"].iloc[-1] == "gamma"
    assert ranking["trials"].iloc[-1] == 7
    assert ranking["judgement"].iloc[-1] == Judgement.UNKNOWN
    totals = ranking["total_effect"].iloc[:-1]
    assert totals.is_monotonic_decreasing
    assert set(ranking["trials"].iloc[:-1]) >= {150}


def test_the_answer_names_it(study, tables):
    """Beside what decides or matters most."""
    assert answer(study, tables)[0].endswith("Not judged, for want of trials: gamma.")


def test_the_branches_of_few_trials_are_not_judged(study):
    """Fewer than twenty trials of an optimizer say nothing about it, with a share or without."""
    few = from_frame(study.trials.groupby("optimizer").head(15), PROBLEM.space)
    shares = all_tables(few, only=["variance_decomposition"])["variance_decomposition"]
    inside = shares[(shares["branch"] != "all") & shares["kind"].isin(["main", "total"])]
    assert len(inside)
    assert (inside["judgement"] == Judgement.UNKNOWN).all()
