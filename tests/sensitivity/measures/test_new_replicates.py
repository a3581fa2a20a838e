"""Intervals mean a new replicate: 40 replicates of one sweep, split into sweeps of two, four and eight.

``pytest -m slow -s tests/sensitivity/measures/test_new_replicates.py`` trains them (17,600 networks, some
five minutes on two cores) and prints, for every interval of every table, how often that of a part holds what
all 40 replicates say. As many minutes again go into the tables of sixty parts.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import sensitivity
from sensitivity.measures.measuring import all_tables
from sensitivity.measures.registry import TABLES
from sensitivity.measures.tolerance import tolerance

SWEEP = {
    "name": "forty",
    "dataset": "digits",
    "design": "factorial",
    "replicates": 40,
    "seed": 1,
    "epochs": 10,
    "search": 0,
    "network": {"hidden": [32]},
    "space": {
        "optimizer": ["sgd", "momentum", "adam", "rmsprop"],
        "learning_rate": {"low": 1e-4, "high": 10.0, "log": True, "levels": 11},
        "batch_size": [32, 128],
        "schedule": ["constant", "exponential", "one_cycle", "cosine", "power"],
    },
}
# What names the rows of a table beside its branch, and the column by whose values they are pooled.
ASKED = {
    "variance_decomposition": (["kind", "setting"], "kind"),
    "sensitivity_over_epochs": (["kind", "setting", "epoch"], "kind"),
    "early_or_late": (["kind", "setting"], "kind"),
    "tolerance": (["setting", "method", "against"], "method"),
    "optimizer_differences": (["quantity", "setting", "one", "other"], "quantity"),
    "tunability": (["setting", "kind"], "kind"),
    "isolation_curves": (["setting", "level"], None),
    "moving_optimum": (["of", "setting", "level"], None),
    "moving_optimum_slopes": (["of", "setting"], None),
    "among_best": (["setting"], None),
    "divergence_by_level": (["setting", "level"], None),
    "divergence_effects": (["kind", "setting"], "kind"),
    "training_speed": (["setting", "level"], None),
}
PARTS = 20


@pytest.fixture(scope="module")
def forty():
    return sensitivity.sweep(SWEEP, workers=2)


@pytest.fixture(scope="module")
def truth(forty):
    return all_tables(forty, only=ASKED)


def part(study, replicates):
    """The sweep as if it had only some of the replicates."""
    trials = study.trials[study.trials["replicate"].isin(replicates)]
    numbers = set(trials["number"].tolist())
    return replace(study, trials=trials, curves={n: c for n, c in study.curves.items() if n in numbers})


def parts(study, size):
    """Twenty parts of so many replicates; as many of them as can be have none in common."""
    orders = [np.random.default_rng(seed).permutation(40) for seed in range(PARTS * size // 40)]
    return [part(study, order[at : at + size]) for order in orders for at in range(0, 40, size)]


def estimates(tables):
    """Every estimate that has an interval, by table, column, pool and row."""
    found = []
    for name, (names, pool) in ASKED.items():
        rows = tables[name]
        keys = ["branch", *names] if "branch" in rows else names
        labels = rows[keys].astype(str).agg(" | ".join, axis=1)
        whole = rows["branch"].eq("all") if "branch" in rows else True
        pools = rows[pool].astype(str) if pool else ""
        for column in (column for column in TABLES[name].columns if column.ends):
            numbers = rows[[column.name, *column.ends]].astype(float).set_axis(["at", "low", "high"], axis=1)
            found.append(numbers.assign(table=name, column=column.name, pool=pools, whole=whole, row=labels))
    return pd.concat(found).set_index(["table", "column", "pool", "whole", "row"])


def covered(study, truth, size):
    """Whether the interval of each row of each part holds the truth, NaN where there is none."""
    at = estimates(truth)["at"].dropna()
    inside = []
    for one in parts(study, size):
        rows = estimates(all_tables(one, only=ASKED)).reindex(at.index)
        known = rows["low"].notna() & rows["high"].notna()
        held = (rows["low"] <= at + 1e-9) & (at - 1e-9 <= rows["high"])
        inside.append(held.astype(float).where(known))
    return pd.concat(inside, axis=1)


@pytest.mark.slow
@pytest.mark.parametrize("size", [2, 4, 8])
def test_another_sweep_lies_inside(forty, truth, size):
    """Pooled over the rows of a kind 93 % of the intervals hold the truth; no row falls below 80 %.

    Of 20 parts one misses in 5 %: a row whose intervals are right is below 80 % once in 400, and there are
    1,200 rows, neighbours of each other: three of them by chance, and the worst at 75 % or less in 19 of 20
    such tables. So one row in fifty may be there, none below two thirds. Measured with two replicates: two
    rows, both at 75 %. In 60 other pairs of the same replicates both hold the truth in 83 % (the best within
    sgd at a rate near 3e-4, and the interaction of its rate and schedule), another rate of sgd in 82 %, all
    others of these two tables in more than 90 %: so they are a little short themselves, above 80 %, and
    chance made 75 of it.
    """
    found = covered(forty, truth, size)
    rows = pd.DataFrame({"held": found.sum(axis=1), "parts": found.notna().sum(axis=1)})
    often = rows.query("parts >= @PARTS / 2")
    often = often["held"] / often["parts"]
    kinds = ["table", "column", "pool", "whole"]
    pooled = rows.groupby(kinds).sum().assign(worst=often.groupby(kinds).min()).query("parts > 0")
    pooled.insert(0, "mean", pooled["held"] / pooled["parts"])
    print(f"\n{size} replicates\n{pooled.round(3).to_string()}")
    assert pooled["mean"].min() >= 0.93
    assert (often < 0.8 - 1e-9).mean() <= 0.02
    assert often.min() >= 0.65


@pytest.mark.slow
def test_twice_as_many_rates_lie_inside(forty):
    """Eleven rates against twenty-one, the same trainings at every other: 90 % of the widths lie inside.

    Measured on two pairs and a quartet of replicates, 19 rows each: 56 of 57 held; bands by the common bar
    move by -.03 to +.26 decades, all inside.
    """
    rates = {**SWEEP["space"]["learning_rate"], "levels": 21}
    fine = {**SWEEP, "replicates": 2, "space": {**SWEEP["space"], "learning_rate": rates}}
    keys = ["branch", "method", "against"]
    tables = [tolerance(one) for one in (part(forty, [0, 1]), sensitivity.sweep(fine, workers=2))]
    rows, other = (
        table[(table["setting"] == "learning_rate") & (table["method"] != "slice")].set_index(keys)
        for table in tables
    )
    found = rows[["decades", "decades_low", "decades_high"]].assign(fine=other["decades"])
    held = (found["decades_low"] <= found["fine"]) & (found["fine"] <= found["decades_high"])
    print(f"\n{found.assign(held=held).round(2).to_string()}")
    assert held.mean() >= 0.9
    assert held.xs("common bar", level="against").all()
