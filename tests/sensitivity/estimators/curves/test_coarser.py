"""What the grid does to the width of a band is a part of its interval."""

import numpy as np
import pandas as pd
import pytest
from cliff import choices, error_rate

from sensitivity.estimators.curves.coarser import coarser, every_other, widened
from sensitivity.estimators.curves.responses import responses
from sensitivity.measures.tolerance import tolerance
from sensitivity.study import Study
from sweeps.space import FloatRange, Setting, Space, Variant


def rate(levels, low=1e-4, high=1.0, name="learning_rate"):
    return Setting(name, (Variant(FloatRange(low, high, log=True, levels=levels)),))


def test_every_other_level_keeps_the_ends_of_each_range(tabulate, setting):
    """Of nine rates 1, 3, 5, 7, 9 and 1, 2, 4, 6, 8, 9; of four 1, 3, 4 and 1, 2, 4; other settings whole."""
    ranges = (
        Variant(FloatRange(1e-4, 1.0, True, 9), {"optimizer": ("sgd",)}),
        Variant(FloatRange(1e-3, 0.1, True, 4), {"optimizer": ("adam",)}),
    )
    space = Space([setting("optimizer", "sgd", "adam"), Setting("lr", ranges), setting("batch", 1, 2)])
    found = responses(Study(tabulate(space, lambda _c, _r: 0.0), space))
    masks = dict(found.branches())
    for offset, sgd, adam in ((0, [0, 2, 4, 6, 8], [0, 2, 3]), (1, [0, 1, 3, 5, 7, 8], [0, 1, 3])):
        kept = every_other(found, "lr", offset)
        for branch, wanted in (("optimizer=sgd", sgd), ("optimizer=adam", adam)):
            column = found.column("lr")[masks[branch]]
            used = np.unique(column[kept[masks[branch]]])
            np.testing.assert_array_equal(used, np.unique(column)[wanted])
        assert kept.sum() == 2 * len(sgd) + 2 * len(adam)
    assert coarser(found, "optimizer") == coarser(found, "batch") == []


def test_an_interval_grows_to_the_side_to_which_the_number_moves():
    """Half of what goes with the levels, beside the noise: √(0.3² + 0.4²) = 0.5; never beyond the range."""
    assert widened(2.0, (1.9, 2.3), [1.2, 1.5], 0, 5) == pytest.approx((1.9, 2.5))
    assert widened(2.0, (1.7, 2.1), [2.8, 2.2], 0, 5) == pytest.approx((1.5, 2.1))
    assert widened(2.0, (2.0, 2.0), [1.0, 2.5], 0, 2.2) == pytest.approx((1.75, 2.2))
    assert widened(2.0, (2.0, 2.0), [], 0, 5) == (2.0, 2.0)
    assert all(np.isnan(widened(2.0, (np.nan, np.nan), [1.0], 0, 5)))


def valley(levels, shift, low=1e-4, high=10.0):
    """Space of a sweep whose rates lie ``shift`` decades higher."""
    return Space(
        [
            choices("optimizer", "sgd", "momentum", "adam"),
            rate(levels, low * 10**shift, high * 10**shift),
            choices("beta", 0.5, 0.99, when={"optimizer": ("momentum", "adam")}),
            choices("batch_size", 16, 64, 256),
            choices("schedule", "a"),
        ]
    )


def sweep(space, noise):
    """Study of as many replicates of `error_rate` as ``noise`` has rows, in standard deviations."""
    frame = pd.DataFrame(list(space.grid())).assign(phase="plan", outcome="trained")
    truth = np.array([error_rate(c) for c in space.grid()])
    sd = np.where(truth < 0.85, 0.002 + 0.1 * (truth - 0.02), 0.002)
    values = [np.clip(truth + sd * row, 0, 0.9) for row in noise(len(truth))]
    parts = [frame.assign(replicate=r, value=one) for r, one in enumerate(values)]
    return Study(
        pd.concat(parts, ignore_index=True).assign(number=range(len(values) * len(frame))), space, cap=0.9
    )


def widths(study):
    """Decades of the rate and their interval, tuned and untuned, by branch; against the common bar."""
    table = tolerance(study)
    rows = table[(table["setting"] == "learning_rate") & (table["against"] == "common bar")]
    rows = rows[rows["method"] != "slice"].set_index(["branch", "method"])
    return rows[["decades", "decades_low", "decades_high"]]


@pytest.mark.parametrize(("noise", "covered"), [(0.0, 0.9), (1.0, 0.95)])
def test_eleven_rates_cover_what_twenty_one_give(noise, covered):
    """Simulated sweeps with rates at eight phases; without noise the interval is all grid.

    64 rows each. More than half of the numbers move when there are more levels, on average upward.
    """
    rng = np.random.default_rng(1)
    held, moved = [], []
    for shift in np.arange(8) / 16:
        found = widths(sweep(valley(11, shift), lambda size: noise * rng.normal(size=(2, size))))
        fine = widths(sweep(valley(21, shift), lambda size: np.zeros((1, size))))["decades"]
        held += ((found["decades_low"] - 1e-6 <= fine) & (fine <= found["decades_high"] + 1e-6)).tolist()
        moved += (fine - found["decades"]).tolist()
    assert np.mean(held) >= covered
    assert np.mean(np.abs(moved) > 1e-3) > 0.5
    assert np.mean(moved) > 0
