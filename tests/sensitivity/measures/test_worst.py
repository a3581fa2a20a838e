"""What the worst value costs: of new replicates of sweeps whose truth is known."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.measures.worst import worst_of
from sensitivity.study import Study
from sweeps.space import FloatRange, Setting, Space, Variant

NOISE = 0.02


def study_of(values):
    """Study of results of shape (levels of a, levels of b, replicates)."""
    index = pd.MultiIndex.from_product([range(n) for n in values.shape], names=["a", "b", "replicate"])
    table = pd.DataFrame({"value": values.ravel()}, index=index).reset_index()
    table = table.sort_values(["replicate", "a", "b"], kind="stable", ignore_index=True)
    names = [name for name, size in zip("ab", values.shape[:2], strict=True) if size > 1]
    ranges = {
        name: FloatRange(0, size - 1, levels=size)
        for name, size in zip("ab", values.shape[:2], strict=True)
        if size > 1
    }
    table = table[[*names, "replicate", "value"]].astype(dict.fromkeys(names, float))
    table = table.assign(number=range(len(table)), phase="plan", outcome="trained")
    return Study(table, Space([Setting(name, (Variant(ranges[name]),)) for name in names]))


def truth_of(kind, levels, others):
    """Expected response, shape (levels, others)."""
    a, b = np.linspace(-1, 1, levels)[:, None], np.arange(others) - others // 2
    flat = np.zeros((levels, others))
    return {
        "null": flat,
        "null, rest tuned": flat + 0.03 * b**2,
        "one bad": flat + 0.1 * (a == a[levels // 2]),
        "valley": flat + 0.1 * a**2 + 0.03 * b**2,
        "slope": flat + 0.015 * (a + 1),
    }[kind]


def noise_of(kind, rng, shape):
    """Noise of each trial; ``alike``: neighbouring levels resemble each other, and all of a level do."""
    drawn = rng.standard_normal(shape)
    if kind == "uneven":
        return np.linspace(0.004, 0.064, shape[0])[:, None, None] * drawn
    if kind == "skewed":
        return NOISE * (rng.exponential(1.0, shape) - 1)
    if kind == "alike":
        apart = np.abs(np.subtract.outer(np.arange(shape[0]), np.arange(shape[0])))
        of_level = np.linalg.cholesky(np.exp(-apart / 2)) @ rng.standard_normal((shape[0], shape[2]))
        return NOISE * (np.sqrt(0.6) * of_level[:, None] + np.sqrt(0.4) * drawn)
    return NOISE * drawn


def repeated(kind, noise, shape, times):
    """Share of intervals that hold the truth of the named pair, share above 0, mean error, and raw."""
    truth = truth_of(kind, *shape[:2])
    reached, found = truth.min(axis=1), []
    for seed in range(times):
        values = truth[..., None] + noise_of(noise, np.random.default_rng([seed, *shape]), shape)
        row = worst_of(study_of(values), "a")
        assert row["worst_low"] <= row["worst_cost"] <= row["worst_high"]
        seen = values.mean(axis=2).min(axis=1)
        assert row["worst_at"] == np.argmax(seen)
        cost = reached[np.argmax(seen)] - reached[np.argmin(seen)]
        held = row["worst_low"] <= cost + 1e-12 and cost <= row["worst_high"] + 1e-12
        found.append((held, row["worst_low"] > 0, row["worst_cost"] - cost, np.ptp(seen) - cost))
    return np.mean(found, axis=0)


def test_of_values_that_do_the_same_none_is_worse():
    """Eight levels, two replicates, forty sweeps: the named pair lies 0.04 apart and nothing is claimed."""
    held, above, error, raw = repeated("null", "even", (8, 1, 2), 40)
    assert held >= 0.9
    assert above <= 0.1
    assert raw > 0.03
    assert abs(error) < 0.2 * raw


def test_a_bad_value_costs_what_it_costs():
    """One level of eight is 0.1 worse, in any sweep told from 0."""
    held, above, error, _ = repeated("one bad", "even", (8, 5, 3), 20)
    assert (held >= 0.9, above) == (True, 1.0)
    assert abs(error) < 0.01


def test_without_noise_it_is_the_difference():
    """1, 4 and 6 in both replicates, the best of b at each: 5, for certain."""
    values = np.array([[1.0, 2.0], [4.0, 9.0], [7.0, 6.0]])[..., None] + np.zeros(2)
    row = worst_of(study_of(values), "a")
    assert row["worst_at"] == 2.0
    assert [row[f"worst_{end}"] for end in ("cost", "low", "high")] == pytest.approx([5.0, 5.0, 5.0])


def test_of_single_trials_there_is_no_interval():
    """Nor is there anything of a setting that does not vary."""
    row = worst_of(study_of(np.arange(6.0).reshape(3, 2, 1)), "a")
    assert row["worst_at"] == 2.0
    assert np.isnan([row["worst_low"], row["worst_high"]]).all()
    assert worst_of(study_of(np.arange(3.0).reshape(3, 1, 1)), "b") == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "noise", "shape", "least"),
    [
        *[("null", "even", (levels, 1, seeds), 0.92) for levels in (2, 3, 8, 24) for seeds in (2, 3, 5)],
        ("null", "even", (8, 5, 2), 0.92),
        ("null", "even", (3, 25, 2), 0.92),
        ("null, rest tuned", "even", (8, 5, 2), 0.92),
        ("null", "skewed", (8, 5, 3), 0.92),
        ("null", "uneven", (8, 5, 3), 0.9),
        ("null", "alike", (8, 5, 3), 0.92),
        ("null", "alike", (8, 5, 2), 0.87),
        ("null", "alike", (3, 25, 2), 0.84),
        ("one bad", "even", (8, 5, 2), 0.92),
        ("one bad", "even", (8, 1, 3), 0.92),
        ("one bad", "alike", (5, 10, 2), 0.9),
        ("valley", "even", (8, 5, 2), 0.92),
        ("valley", "uneven", (9, 5, 3), 0.92),
        ("valley", "alike", (9, 5, 3), 0.92),
        ("slope", "even", (8, 5, 3), 0.92),
        ("slope", "even", (8, 1, 2), 0.92),
        ("slope", "alike", (8, 5, 2), 0.9),
        ("slope", "uneven", (8, 5, 3), 0.86),
    ],
)
def test_new_replicates(kind, noise, shape, least):
    """300 sweeps of each kind: how often the interval holds the true cost of the pair it names.

    Measured: 93 to 99.8 % where trials scatter independently and evenly; worst where two replicates move all
    of a level alike, which leaves two or three deviations to tell the noise by (88 to 91 %).
    """
    held, above, error, raw = repeated(kind, noise, shape, 300)
    print(
        f"{kind}, {noise}, {shape}: {held:.1%}, above 0 {above:.1%}, error {error:+.4f}, unallowed {raw:+.4f}"
    )
    assert held >= least - 0.02  # of 300 sweeps, one standard error
    assert abs(error) < max(abs(raw), 0.015)
