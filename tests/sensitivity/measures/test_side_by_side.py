"""Tables of a study laid side by side: one quantity has one number and one interval wherever it stands."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.measures.measuring import all_tables
from sensitivity.study import Study
from sweeps.space import FloatRange, Setting, Space, Variant

SHARES = ("variance_decomposition", "ranking", "capped_and_survivors", "among_best", "early_or_late")
TABLES = (*SHARES, "sensitivity_over_epochs")
ENDS = ["share", "low", "high"]


def error(c, rng):
    """A bowl whose best rate depends on the optimizer, a cliff to 0.9, noise that grows with the error."""
    distance = np.log10(c["learning_rate"]) + (1 if c["optimizer"] == "sgd" else 2)
    value = 0.05 + 0.1 * distance**2 + 0.03 * np.log2(c["batch_size"] / 16)
    return 0.9 if distance > 1.5 else min(value * (1 + 0.2 * rng.normal()), 0.9)


def tables_of(design, setting, tabulate, diverging):
    """Every table with a share of a factorial of two replicates, or of random trials."""
    levels = 7 if design == "factorial" else None
    rate = Setting("learning_rate", (Variant(FloatRange(1e-4, 1.0, log=True, levels=levels)),))
    space = Space([setting("optimizer", "sgd", "adam"), rate, setting("batch_size", 16, 64, 256)])
    rng = np.random.default_rng(0)
    points = [space.configuration(point) for point in rng.random((96, 3))] if levels is None else None
    trials = tabulate(space, lambda c, _: error(c, rng), 1 if points else 2, points)
    lost = trials["value"] >= 0.9
    trials["outcome"] = np.where(lost & diverging, "diverged", "trained")
    last = dict(zip(trials["number"].tolist(), trials["value"].tolist(), strict=True))
    curves = {number: [0.9, (0.9 + value) / 2, value] for number, value in last.items()}
    study = Study(trials, space, curves=curves, cap=0.9)
    return all_tables(study, only=TABLES)


def laid_out(tables):
    """All shares of the value's variance: branch, kind, setting → share, low and high, by table."""
    found = {name: {} for name in TABLES}

    def put(name, row, kind, columns, branch=None):
        where = (branch or row["branch"], kind, row["setting"])
        found[name][where] = [float(row[column]) for column in columns]

    for row in tables["variance_decomposition"].to_dict("records"):
        put("variance_decomposition", row, row["kind"], ENDS)
    for row in tables["ranking"].dropna(subset="rank").to_dict("records"):
        for kind in ("main", "total"):
            put("ranking", row, kind, [f"{kind}_effect", f"{kind}_low", f"{kind}_high"], "all")
    for row in tables["capped_and_survivors"].to_dict("records"):
        put("capped_and_survivors", row, row["kind"], ["capped_share", "capped_low", "capped_high"])
    for row in tables["among_best"].to_dict("records"):
        put("among_best", row, "main", ["global_main_share", "global_main_low", "global_main_high"])
    for row in tables["early_or_late"].to_dict("records"):
        put("early_or_late", row, row["kind"], ["late_share", "late_low", "late_high"])
    over = tables["sensitivity_over_epochs"]
    for row in over[over["epoch"] == over["epoch"].max()].to_dict("records"):
        put("sensitivity_over_epochs", row, row["kind"], ENDS)
    return found


@pytest.mark.parametrize("diverging", [True, False])
@pytest.mark.parametrize("design", ["factorial", "random"])
def test_one_share_has_one_interval(design, diverging, setting, tabulate):
    """Every share that stands in two tables is the same to the digit, and so are the ends of its interval."""
    found = laid_out(tables_of(design, setting, tabulate, diverging))
    first = found["variance_decomposition"]
    shared = 0
    for name, shares in found.items():
        for where in set(shares) & set(first):
            np.testing.assert_allclose(
                shares[where], first[where], rtol=1e-9, atol=1e-12, err_msg=str((name, where))
            )
            shared += name != "variance_decomposition"
    kinds = {where[1] for shares in found.values() for where in shares}
    own = {"binned", "binned_noise"}  # what is something else has a name of its own
    assert kinds <= {kind for _, kind, _ in first} | own
    assert shared >= 20
    courses = pd.Index(found["early_or_late"])
    assert found["sensitivity_over_epochs"].keys() >= set(courses)
    for where in courses:
        np.testing.assert_array_equal(found["early_or_late"][where], found["sensitivity_over_epochs"][where])


@pytest.mark.parametrize("design", ["factorial", "random"])
def test_without_divergence_the_survivors_are_everybody(design, setting, tabulate):
    """Then the two shares of the table are one quantity, whatever estimates it."""
    table = tables_of(design, setting, tabulate, False)["capped_and_survivors"]
    for end in ("share", "low", "high"):
        np.testing.assert_array_equal(table[f"capped_{end}"], table[f"survivors_{end}"])
