"""Shares of many subsets at once."""

import numpy as np
import pytest

from sensitivity.estimators.branches import BinnedProjection, binned_share
from sensitivity.estimators.subsets import random_subsets, shares_of_subsets


def test_shares_of_subsets_are_those_of_each_subset_alone():
    """Equal to the estimator of one subset, inactive settings, lost levels and too few trials included."""
    random = np.random.default_rng(1)
    levels = np.column_stack(
        [random.integers(0, 5, 90), random.integers(-1, 3, 90), random.integers(0, 80, 90)]
    )
    rows = np.arange(90)
    projection = BinnedProjection(("a", "b", "c"), rows, levels, rows, np.zeros(90, dtype=np.int64))
    response = 10 + levels[:, :1] + 0.5 * np.maximum(levels[:, 1:2], 0) + random.normal(0, 0.3, (90, 1))
    subsets = np.concatenate([random_subsets(random, 90, size, 5) for size in (15, 30, 60)])
    found, whole = shares_of_subsets(projection, response, subsets), float(np.var(response))
    for name, bins in enumerate(projection.bins):
        alone = [binned_share(response[subset, 0], bins[subset], whole)[0] for subset in subsets]
        assert found[name] == pytest.approx(alone, rel=1e-9, nan_ok=True)
