"""Configurations of a replicate deviate together, and intervals know it."""

import numpy as np
import pytest

from sensitivity.estimators.cells import cell_table
from sensitivity.estimators.correlation import MOST, correlation
from sensitivity.estimators.factorial import decomposition
from sensitivity.study import Study
from sweeps.space import Space


@pytest.fixture
def table(setting, tabulate):
    """An empty factorial of 3 × 8 × 4 configurations."""
    space = Space([setting("a", *"xyz"), setting("b", *range(8)), setting("c", *range(4))])
    return cell_table(Study(tabulate(space, lambda *_: 0.0, 2), space))


def smooth(size, length):
    """Correlation exp(−|i − j| / length) of neighbours on an axis."""
    place = np.arange(size)
    return np.exp(-np.abs(place[:, None] - place) / length)


def together(table):
    """Correlation of all configurations, shape (C, C): a Kronecker product."""
    dense = np.ones((1, 1))
    for size, length in zip(table.sizes, (2.0, 3.0, 5.0), strict=True):
        dense = np.kron(dense, smooth(size, length))
    return dense


def drawn(table, rng, replicates, sd=0.1):
    """Responses with a common trend along b and deviations that are correlated as `together` says."""
    root = np.linalg.cholesky(together(table) + 1e-12 * np.eye(len(table.configurations)))
    mean = np.array([np.sin(c["b"]) + 0.3 * (c["a"] == "x") * c["c"] for c in table.configurations])
    noise = root @ rng.standard_normal((len(mean), replicates))
    return table.with_values(mean[:, None] + sd * noise)


def test_the_correlation_is_found(table):
    """Of 400 replicates every K_a is that of the model to .05; of independent noise there is none."""
    found = correlation(drawn(table, np.random.default_rng(0), 400), table.index())
    for matrix, size, length in zip(found.matrices, table.sizes, (2.0, 3.0, 5.0), strict=True):
        np.testing.assert_allclose(matrix, smooth(size, length), atol=0.05)
    rng = np.random.default_rng(1)
    alone = [
        correlation(table.with_values(rng.standard_normal((96, 3))), table.index()).none for _ in range(40)
    ]
    assert np.mean(alone) > 0.85  # three tests at 1 %, and the products of one level are not independent


def test_sums_are_those_of_the_whole_matrix(table):
    """Covariance, squares and effective number are those of the dense matrix; draws have its covariance."""
    found = correlation(drawn(table, np.random.default_rng(0), 400), table.index())
    dense = np.ones((1, 1))
    for matrix in found.matrices:
        dense = np.kron(dense, matrix)
    one, other = np.random.default_rng(2).random((2, 5, 96))
    np.testing.assert_allclose(found.covariance(one, other), np.einsum("kc,cd,kd->k", one, dense, other))
    np.testing.assert_allclose(found.squared(one), np.einsum("kc,cd,kd->k", one, dense**2, one))
    exact = one.sum(axis=1) ** 2 / found.squared(one)
    np.testing.assert_allclose(found.components(one), np.maximum(exact, 1))
    assert found.wild(one[0]) == MOST
    sample = found.draws(np.random.default_rng(3), 20_000)
    np.testing.assert_allclose(np.cov(sample.T), dense, atol=0.06)


def test_a_configuration_of_several_positions_deviates_with_variance_one(nested_space, tabulate):
    """Sgd has no β: its cell covers all of that axis and still has the variance of one configuration."""
    cells = cell_table(Study(tabulate(nested_space, lambda *_: 0.0, 2), nested_space))
    rng = np.random.default_rng(4)
    shared = rng.standard_normal((1, 50)) + 0.5 * rng.standard_normal((len(cells.configurations), 50))
    found = correlation(cells.with_values(shared), cells.index())
    unit = np.eye(len(cells.configurations))
    np.testing.assert_allclose(found.covariance(unit, unit), 1.0)
    assert not found.none


@pytest.mark.parametrize("replicates", [2, 4])
def test_intervals_cover_what_new_replicates_give(table, replicates):
    """80 sweeps whose deviations have a common origin: the truth is inside seven times in eight."""
    rng = np.random.default_rng(replicates)
    mean = drawn(table, rng, 1, sd=0.0)
    exact = decomposition(mean.with_values(np.repeat(mean.values, 2, axis=1))).set_index(["kind", "setting"])
    variance, noise = float(np.var(mean.values)), 0.1**2
    truth = exact["share"] * variance / (variance + noise)
    truth["noise", "seed"] = noise / (variance + noise)
    inside = []
    for _ in range(80):
        found = decomposition(drawn(table, rng, replicates)).set_index(["kind", "setting"])
        inside.append((found["low"] <= truth + 1e-9) & (truth <= found["high"] + 1e-9))
    covered = np.mean(inside, axis=0)
    rows = {kind: covered[found.index.get_level_values("kind") == kind] for kind in ("main", "total")}
    assert min(rows["main"].mean(), rows["total"].mean()) >= 0.88
    assert min(rows["main"].min(), rows["total"].min()) >= 0.8


@pytest.fixture
def conditional(setting, tabulate):
    """A factorial whose setting β two of three optimizers have, 8 levels of another: 8 · (1 + 4 + 4)."""
    beta = setting("beta", 0.0, 0.5, 0.9, 0.99, when={"optimizer": ("momentum", "adam")})
    space = Space([setting("optimizer", "sgd", "momentum", "adam"), setting("rate", *range(8)), beta])
    return cell_table(Study(tabulate(space, lambda *_: 0.0, 2), space))


def of_means(table, lengths=(2.0, 3.0, 1.0)):
    """Correlation of all configurations (C, C): of means over their boxes of an array, dense."""
    dense = np.ones((1, 1))
    for size, length in zip(table.sizes, lengths, strict=True):
        dense = np.kron(dense, smooth(size, length))
    inside = table.index().ravel() == np.arange(len(table.configurations))[:, None]
    mean = inside / inside.sum(axis=1, keepdims=True)
    covariance = mean @ dense @ mean.T
    sd = np.sqrt(np.diag(covariance))
    return covariance / sd[:, None] / sd


def with_deviations(table, rng, replicates, sd=0.1):
    """Responses whose deviations have the correlation `of_means`."""
    root = np.linalg.cholesky(of_means(table) + 1e-12 * np.eye(len(table.configurations)))
    shift = {"sgd": 0.6, "momentum": 0.2, "adam": 0.0}
    rise = [np.sin(c["rate"]) + shift[c["optimizer"]] * c["rate"] / 4 for c in table.configurations]
    mean = np.array([m + 0.2 * c.get("beta", 0.5) for m, c in zip(rise, table.configurations, strict=True)])
    return table.with_values(mean[:, None] + sd * (root @ rng.standard_normal((len(mean), replicates))))


def test_squares_are_those_of_means_over_boxes(conditional):
    """A correlation is averaged over a box before it is squared: with β inactive as with β."""
    found = correlation(with_deviations(conditional, np.random.default_rng(0), 200), conditional.index())
    unit = np.eye(len(conditional.configurations))
    dense = np.array([found.covariance(np.tile(row, (len(unit), 1)), unit) for row in unit])
    np.testing.assert_allclose(np.diag(dense), 1.0)
    one = np.random.default_rng(1).random((4, len(unit)))
    np.testing.assert_allclose(found.squared(one), np.einsum("kc,cd,kd->k", one, dense**2, one))
    sgd = np.array([[c["optimizer"] == "sgd" for c in conditional.configurations]], dtype=float)
    same = sgd[0] @ dense**2 @ sgd[0]
    np.testing.assert_allclose(found.components(sgd), sgd.sum() ** 2 / same)
    sample = found.draws(np.random.default_rng(3), 20_000)
    np.testing.assert_allclose(np.cov(sample.T), dense, atol=0.06)


def covered(table, replicates, sweeps):
    """Whether the interval of each row covers the truth, by kind: (sweeps, rows)."""
    rng = np.random.default_rng(replicates)
    mean = with_deviations(table, rng, 1, sd=0.0)
    exact = decomposition(mean.with_values(np.repeat(mean.values, 2, axis=1))).set_index(["kind", "setting"])
    variance = table.weights @ (mean.values[:, 0] - table.weights @ mean.values[:, 0]) ** 2
    truth = exact["share"] * variance / (variance + 0.1**2)
    truth["noise", "seed"] = 0.1**2 / (variance + 0.1**2)
    inside = []
    for _ in range(sweeps):
        found = decomposition(with_deviations(table, rng, replicates)).set_index(["kind", "setting"])
        inside.append((found["low"] <= truth + 1e-9) & (truth <= found["high"] + 1e-9))
    kinds = found.index.get_level_values("kind")
    return {kind: np.array(inside)[:, kinds == kind] for kind in ("main", "total", "noise")}


@pytest.mark.slow
@pytest.mark.parametrize("replicates", [2, 4])
def test_intervals_cover_with_a_setting_inactive(conditional, replicates):
    """300 sweeps whose deviations have a common origin, an optimizer without β: nine in ten cover."""
    found = covered(conditional, replicates, 300)
    print(
        "  ".join(f"{kind} {hits.mean():.3f} ({hits.mean(axis=0).min():.3f})" for kind, hits in found.items())
    )
    for kind in ("main", "total"):
        assert found[kind].mean() >= 0.9, kind
        assert found[kind].mean(axis=0).min() >= 0.8, kind  # β's main effect: .82 with two, .85 with four
