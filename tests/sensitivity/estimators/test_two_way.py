"""Configuration and block of the replicate in tables with gaps."""

import numpy as np
import pytest

from sensitivity.estimators.two_way import two_way


def least_squares(response, configuration, replicate):
    """Fitted values, rank and residual variance by numpy on the full matrix of indicators."""
    design = np.hstack(
        [np.eye(configuration.max() + 1)[configuration], np.eye(replicate.max() + 1)[replicate]]
    )
    effects, _, rank, _ = np.linalg.lstsq(design, response)
    residual = response - design @ effects
    df = len(response) - rank
    return residual, df, (residual**2).sum() / df


def chained(length, extra=1):
    """Configuration c was run with the replicates c … c + extra: parts hang together only as a chain."""
    configuration = np.repeat(np.arange(length), extra + 1)
    return configuration, configuration + np.tile(np.arange(extra + 1), length)


def layouts():
    """Configuration and replicate of each trial of tables of several kinds."""
    rng = np.random.default_rng(0)
    found = {f"chain {n} by {extra}": chained(n, extra) for n, extra in ((6, 2), (40, 2), (300, 2), (300, 4))}
    configuration, replicate = np.divmod(np.arange(60), 3)
    found["complete"] = configuration, replicate
    kept = rng.random(60) > 0.2
    kept[:3] = True
    found["gaps"] = np.unique(configuration[kept], return_inverse=True)[1], replicate[kept]
    found["two parts"] = (
        np.concatenate([configuration, configuration + 20]),
        np.concatenate([replicate, replicate + 3]),
    )
    found["more replicates than configurations"] = replicate, configuration
    twice = rng.integers(0, 12, 90), rng.integers(0, 8, 90)
    found["some cells twice"] = tuple(np.unique(part, return_inverse=True)[1] for part in twice)
    return found


@pytest.mark.parametrize("name", layouts())
def test_two_way_is_least_squares(name):
    """Residuals, σ² and degrees of freedom of any layout are those of numpy's least squares."""
    configuration, replicate = layouts()[name]
    rng = np.random.default_rng(1)
    response = 5 + rng.normal(0, 3, configuration.max() + 1)[configuration]
    response += rng.normal(0, 1, replicate.max() + 1)[replicate] + rng.normal(0, 0.01, len(configuration))
    found = two_way(response, configuration, replicate)
    residual, df, seed = least_squares(response, configuration, replicate)
    assert found.df == df
    np.testing.assert_allclose(found.residual, residual, atol=1e-9)
    np.testing.assert_allclose(found.seed, seed, rtol=1e-6)


def test_blocks_of_a_long_chain_are_taken_off():
    """A walk of the blocks along a chain of 2,000 is not noise, wherever the numbers start."""
    configuration, replicate = chained(2000, 2)
    rng = np.random.default_rng(2)
    walk = np.cumsum(rng.normal(0, 0.3, replicate.max() + 1))
    response = 1e3 + walk[replicate] + rng.normal(0, 0.0095, len(configuration))
    found = two_way(response, configuration, replicate)
    assert found.df == 6000 - 2000 - 2002 + 1
    assert found.seed == pytest.approx(9e-5, rel=0.1)


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_variance_of_the_block_is_unbiased(share):
    """Over 150 tables with and without gaps σ_b² is right in the mean to a seventh."""
    rng = np.random.default_rng(3)
    configuration, replicate = np.divmod(np.arange(20 * 6), 6)
    found = []
    for _ in range(150):
        kept = rng.random(120) >= share
        kept[:6] = True
        cell, block = np.unique(configuration[kept], return_inverse=True)[1], replicate[kept]
        noise = rng.normal(0, 0.5, 6)[block] + rng.normal(0, 1, len(cell))
        found.append(two_way(noise, cell, block).block)
    assert np.mean(found) == pytest.approx(0.25, rel=0.15)


def test_repetitions_without_shared_seeds_have_no_blocks():
    """One configuration seven times, one twice, three once: the noise has seven degrees of freedom."""
    configuration = np.array([0] * 7 + [1] * 2 + [2, 3, 4])
    replicate = np.array([*range(7), 0, 1, 0, 0, 0])
    response = np.random.default_rng(4).normal(configuration, 0.1)
    found = two_way(response, configuration, replicate)
    inside = [response[configuration == c] for c in range(5)]
    squares = sum(((part - part.mean()) ** 2).sum() for part in inside)
    assert found.df == 7
    assert found.seed == pytest.approx(squares / 7)
    assert np.isnan(found.block)
