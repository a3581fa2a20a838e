"""Components of crossed noise: planted ones come back, and intervals hold them."""

from functools import cache

import numpy as np
import pytest

from sensitivity.estimators.noise_sources import components
from sweeps.seeds import crossed

CONFIGURATIONS = 40
SIZES = (3, pytest.param(4, marks=pytest.mark.slow), 5)  # four lies between


def latin(size):
    """Draws of the crossed replicates, shape (k², 3)."""
    return np.array([crossed(replicate, size) for replicate in range(size**2)])


def planted(rng, size, variances, common, unlike=0.0, configurations=CONFIGURATIONS):
    """Responses of variance 1 between configurations, with planted components of the noise.

    ``common``: which part of each component all configurations share. ``unlike``: spread of the logarithm of
    the configurations' own noise.
    """
    draws = latin(size)
    between = rng.standard_normal(configurations)
    values = np.tile(((between - between.mean()) / between.std())[:, None], size**2)
    own = np.exp(unlike * rng.standard_normal(configurations))
    own /= np.sqrt((own**2).mean())
    for place, (variance, shared) in enumerate(zip(variances, common, strict=True)):
        count = size if place < 3 else size**2
        effect = np.sqrt(shared) * rng.standard_normal((1, count))
        effect = effect + np.sqrt(1 - shared) * rng.standard_normal((configurations, count))
        at = draws[:, place] if place < 3 else np.arange(count)
        values = values + np.sqrt(variance) * own[:, None] * effect[:, at]
    return values, np.full(configurations, 1 / configurations), draws


# Components of weights, order, split and rest, the part shared by all configurations, how unlike these are.
CASES = {
    "each by itself": (0.4, 0.2, 0.1, 0.3, 0.0, 0.0),
    "partly alike": (0.4, 0.2, 0.1, 0.3, 0.4, 0.0),
    "weights rule": (0.9, 0.0, 0.0, 0.1, 0.3, 0.0),
    "split rules and is alike": (0.0, 0.0, 0.8, 0.2, 0.8, 0.0),
    "a few are wild": (0.1, 0.5, 0.1, 0.3, 0.2, 1.0),
}
SPLIT_ALIKE = (0.2, 0.1, 0.5, 0.2), (0.2, 0.2, 0.95, 0.1)


@cache
def many(size, variances, common, unlike, count=150):
    """Components of many planted sweeps."""
    rng = np.random.default_rng(7)
    return [components(*planted(rng, size, variances, common, unlike)) for _ in range(count)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("case", CASES)
def test_planted_components_come_back(case, size):
    """On average within a fifth of each, or of a twentieth of the noise; so does the variance between."""
    *variances, shared, unlike = CASES[case]
    found = many(size, tuple(variances), (shared,) * 4, unlike)
    mean = np.mean([one.variance for one in found], axis=0)
    error = np.std([one.variance for one in found], axis=0) / np.sqrt(len(found))
    np.testing.assert_array_less(abs(mean - variances), 0.2 * np.array(variances) + 0.01 + 2 * error)
    assert np.mean([one.between for one in found]) == pytest.approx(1.0, rel=0.05)
    assert np.mean([one.noise for one in found]) == pytest.approx(1.0, rel=0.2)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("case", [*CASES, "split alike alone"])
def test_intervals_hold_what_was_planted(case, size):
    """Nine of ten at least, of the noise and of the variance, however alike configurations are."""
    *variances, shared, unlike = CASES.get(case, (0,) * 6)
    variances, common = (tuple(variances), (shared,) * 4) if case in CASES else SPLIT_ALIKE
    true = np.array(variances)
    inside = []
    for one in many(size, variances, common, unlike):
        for (_, low, high), whole in ((one.of_noise(), 1.0), (one.of_variance(), 2.0)):
            inside.append((low <= true / whole) & (true / whole <= high))
    assert np.mean(inside, axis=0).min() >= 0.9


def test_more_draws_and_unlike_configurations_narrow_the_intervals():
    """What all configurations share has the degrees of freedom of the draws, what each has by itself more."""

    def width(size, shared):
        found = many(size, (0.4, 0.2, 0.1, 0.3), (shared,) * 4, 0.0, 20)
        return np.mean([high[0] - low[0] for _, low, high in (one.of_noise() for one in found)])

    assert width(5, 0.9) < width(3, 0.9)
    assert width(4, 0.0) < width(4, 0.9) / 1.5
    alike = components(*planted(np.random.default_rng(1), 4, (0.4, 0.2, 0.1, 0.3), [1.0] * 4))
    np.testing.assert_allclose(alike.degrees, [3, 3, 3, 6], rtol=1e-6)


def test_a_latin_square_is_taken_apart_exactly():
    """By hand: two configurations, one square of whole numbers without anything random."""
    draws = latin(3)
    weights, order, split = np.array([0.0, 3, 6]), np.array([1.0, 0, -1]), np.array([0.0, 0, 0])
    values = weights[draws[:, 0]] + order[draws[:, 1]] + split[draws[:, 2]]
    found = components(np.stack([values, values + 5]), np.array([0.5, 0.5]), draws)
    np.testing.assert_allclose(found.variance, [9.0, 1.0, 0.0, 0.0], atol=1e-12)
    assert found.between == pytest.approx(6.25)


def test_neither_the_order_of_configurations_nor_of_replicates_changes_a_number():
    """Up to rounding."""
    values, weights, draws = planted(np.random.default_rng(3), 4, (0.4, 0.2, 0.1, 0.3), [0.3] * 4)
    rows, columns = (
        np.random.default_rng(4).permutation(len(values)),
        np.random.default_rng(5).permutation(16),
    )
    one, other = (
        components(values, weights, draws),
        components(values[rows][:, columns], weights, draws[columns]),
    )
    for first, second in zip(one.of_noise(), other.of_noise(), strict=True):
        np.testing.assert_allclose(first, second, rtol=1e-9, atol=1e-12)


def test_a_weight_counts_as_that_many_configurations():
    """A configuration of twice the weight is as good as two that are the same."""
    values, _, draws = planted(np.random.default_rng(3), 3, (0.4, 0.2, 0.1, 0.3), [0.3] * 4, configurations=6)
    twice = components(np.concatenate([values, values[:1]]), np.full(7, 1 / 7), draws)
    once = components(values, np.array([2, 1, 1, 1, 1, 1]) / 7, draws)
    np.testing.assert_allclose(twice.variance, once.variance)
    np.testing.assert_allclose(twice.between, once.between)
