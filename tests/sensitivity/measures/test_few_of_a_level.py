"""A search that left an optimizer after a few trials: which is as good as the other, and is not judged."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.estimators import effects as e
from sensitivity.measures.advice import UNKNOWN, advice
from sensitivity.measures.measuring import all_tables
from sensitivity.measures.optimizer_comparison import optimizer_comparison
from sensitivity.measures.optimizer_differences import FEW_OF, optimizer_differences
from sensitivity.measures.variance import variance_decomposition
from sensitivity.pictures.tolerance import by_branch
from sensitivity.remarks import Judgement, has
from sensitivity.reporting.answer import how_much_it_forgives, what_decides
from sensitivity.study import Study
from sweeps.space import Choices, FloatRange, Setting, Space, Variant


def search(*counts, seed=0):
    """Study of optimizers a, b, …: the first crowds at its best rate, those with few trials are off theirs.

    All reach 0.3 at their best rate, 10⁻³ for all; batch and decay do little.
    """
    rng, names = np.random.default_rng(seed), "abc"[: len(counts)]
    of = np.repeat(list(names), counts)
    few = np.repeat(np.array(counts) < 10, counts)
    rate = np.clip(np.where(few, rng.uniform(-1.4, -0.6, len(of)), rng.normal(-3, 0.5, len(of))), -5, 0)
    table = pd.DataFrame({"optimizer": of, "learning_rate": 10**rate, "decay": rng.uniform(size=len(of))})
    error = 0.3 + 0.1 * (rate + 3) ** 2 + 0.02 * table["decay"] + rng.normal(0, 0.005, len(of))
    table = table.assign(phase="plan", replicate=0, outcome="trained", number=range(len(of)))
    table = table.assign(value=error, epochs_to_target=np.nan)
    space = Space(
        [
            Setting("optimizer", (Variant(Choices(tuple(names))),)),
            Setting("learning_rate", (Variant(FloatRange(1e-5, 1.0, log=True)),)),
            Setting("decay", (Variant(FloatRange(0.0, 1.0)),)),
        ]
    )
    return Study(table, space)


@pytest.mark.parametrize("counts", [(56, 4), (60, 5, 3)])
def test_an_optimizer_of_a_few_trials_is_not_judged(counts):
    """No share, no place, no advice, no superlative and no never."""
    study = search(*counts)
    shares = variance_decomposition(study)
    mine = shares[(shares[e.SETTING] == "optimizer") & (shares[e.BRANCH] == "all")]
    mine = mine[mine[e.KIND].isin([e.MAIN, e.TOTAL, e.BETWEEN])]
    assert (mine["judgement"] == Judgement.UNKNOWN).all()
    assert all(has(mine["remarks"], e.ONE_LEVEL))
    assert (mine["low"] == 0).all()
    pairs = optimizer_differences(study)
    assert len(pairs) == 2 * (len(counts) * (len(counts) - 1) // 2)
    assert all(has(pairs["remarks"], FEW_OF))
    assert (pairs["better"] == "").all()
    places = optimizer_comparison(study).set_index("branch")
    assert (places.loc[["optimizer=b"], ["best_place", "decades_place", "gain_place"]] == "").all(axis=None)
    advised = advice(study).set_index("setting")["advice"]
    assert advised["optimizer"] == UNKNOWN
    tables = all_tables(study)
    assert "ptimizer decides" not in what_decides(tables["ranking"], "loss")
    texts = {band.label: band.text for band in by_branch(tables["tolerance"], "learning_rate", "black")}
    assert texts["b"] == f"not judged: only {counts[1]} trials"
    text = how_much_it_forgives(tables, study)
    assert "b is not judged: only" in text
    assert "never" not in text
    assert "forgives" not in text


def test_as_many_of_each_are_judged():
    """The same search with thirty trials of each: the difference is taken, and is none."""
    study = search(30, 30)
    shares = variance_decomposition(study)
    assert not any(has(shares["remarks"], e.ONE_LEVEL))
    best = optimizer_differences(study)
    best = best[best["quantity"] == "best"].iloc[0]
    assert not best["remarks"].has(FEW_OF)
    assert best["low"] <= 0 <= best["high"]
