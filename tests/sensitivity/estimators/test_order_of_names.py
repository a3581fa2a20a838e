"""No number of a decomposition depends on how rows, levels or settings are ordered."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.estimators.factorial import exact_decomposition
from sensitivity.study import Study
from sweeps.space import FloatRange, Setting, Space, Variant

BEST = {"sgd": -0.7, "momentum": -1.5, "adam": -2.6}
ORDER = ("optimizer", "rate", "beta", "batch")


@pytest.fixture
def space_of(setting):
    """Space of the same settings in another order, with levels in another order."""

    def make(order, optimizers, batches):
        settings = {
            "optimizer": setting("optimizer", *optimizers),
            "rate": Setting("rate", (Variant(FloatRange(1e-4, 1.0, log=True, levels=7)),)),
            "beta": setting("beta", 0.5, 0.9, 0.99, when={"optimizer": ("momentum", "adam")}),
            "batch": setting("batch", *batches),
        }
        return Space([settings[name] for name in order])

    return make


def rows_of(trials, space):
    """Shares and their ends by branch, kind and setting; a pair is one whatever stands first in its name."""
    trials = trials.reset_index(drop=True)
    found = exact_decomposition(Study(trials.assign(number=np.arange(len(trials))), space))
    found["setting"] = [" × ".join(sorted(name.split(" × "))) for name in found["setting"]]
    return found.set_index(["branch", "kind", "setting"])[["share", "low", "high"]].sort_index()


@pytest.mark.parametrize("kept", [1.0, 0.95])
@pytest.mark.parametrize("replicates", [1, 2])
def test_order_changes_nothing(space_of, tabulate, replicates, kept):
    """Rows, names of levels and columns in another order, with holes and without: equal to 1e-9."""
    space, rng = space_of(ORDER, list(BEST), "xyz"), np.random.default_rng(1)

    def error(c, r):
        distance = np.log10(c["rate"]) - BEST[c["optimizer"]] + 0.2 * "xyz".index(c["batch"])
        return 0.05 * distance**2 + 0.5 * (c.get("beta", 0.9) - 0.9) ** 2 + 0.02 * rng.normal() + 0.01 * r

    trials = tabulate(space, error, replicates)
    trials = trials.sample(frac=kept, random_state=0)
    whole = rows_of(trials.sort_index(), space)
    for order, optimizers, batches in (
        (ORDER, list(BEST), "xyz"),
        (ORDER, ["adam", "momentum", "sgd"], "yzx"),
        (("batch", "optimizer", "beta", "rate"), list(BEST), "xyz"),
    ):
        again = rows_of(trials, space_of(order, optimizers, batches))
        pd.testing.assert_frame_equal(again, whole, rtol=0, atol=1e-9)
