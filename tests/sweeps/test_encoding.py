"""Gaps, numbers and texts as inputs: worked by hand, and fitted on the training part alone."""

import numpy as np
import pytest

from sweeps.datasets import Dataset
from sweeps.encoding import MOST_CATEGORIES, Encoding
from sweeps.splits import standardise

# A number with gaps, and a text of the three kinds 0, 1, 2.
FEATURES = np.array([[1.0, 0], [3.0, 1], [np.nan, 0], [5.0, 1], [np.nan, 2], [100.0, 0]])
TRAIN, HELD = np.arange(4), np.array([4, 5])
MIXED = Encoding(categories=(0, 3), gaps=(True, False))


def test_inputs_are_those_worked_by_hand():
    """Train 1, 3, –, 5: median 3, mean 3, deviation √2; a gap in one of four: mean 1/4, deviation √3/4."""
    found = MIXED.fit(FEATURES[TRAIN]).inputs_of(FEATURES)
    spread, gap = np.sqrt(2.0), np.sqrt(3.0) / 4
    expected = [
        [-2 / spread, -0.25 / gap, 1, 0, 0],
        [0, -0.25 / gap, 0, 1, 0],
        [0, 0.75 / gap, 1, 0, 0],
        [2 / spread, -0.25 / gap, 0, 1, 0],
        [0, 0.75 / gap, 0, 0, 0],  # kind 2 is unknown to the training part
        [97 / spread, -0.25 / gap, 1, 0, 0],
    ]
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_the_scaler_knows_the_training_rows_only():
    """Its means and medians are theirs, whatever stands in the others."""
    fitted = MIXED.pipeline().fit(FEATURES[TRAIN]).named_transformers_["numbers"]
    assert fitted["simpleimputer"].statistics_.tolist() == [np.nanmedian(FEATURES[TRAIN, 0])]
    assert fitted["standardscaler"].mean_.tolist() == [3.0, 0.25]
    changed = FEATURES.copy()
    changed[HELD] = [[-1e6, 2], [7.0, 2]]
    one, other = (MIXED.fit(x[TRAIN]).inputs_of(x)[TRAIN] for x in (FEATURES, changed))
    assert np.array_equal(one, other)


def test_numpy_does_with_what_was_fitted_what_scikit_learn_does():
    """Equal to the last bit, with gaps, rare and unknown texts and many columns."""
    rng = np.random.default_rng(0)
    numbers = rng.normal(5, 100, (300, 4))
    numbers[rng.random((300, 4)) < 0.1] = np.nan
    texts = rng.geometric(0.05, (300, 2)) % 60
    features = np.column_stack([texts[:, 0], numbers, texts[:, 1]]).astype(float)
    encoding = Encoding((60, 0, 0, 0, 0, 60), (False, True, True, True, True, False))
    expected = encoding.pipeline().fit(features[:200]).transform(features)
    found = encoding.fit(features[:200]).inputs_of(features)
    assert np.array_equal(found[:, : expected.shape[1]], expected)
    assert not found[:, expected.shape[1] :].any()


def test_every_training_part_gives_as_many_inputs():
    """One without gaps or a kind is filled up with zeros, so that networks have one shape."""
    found = MIXED.fit(FEATURES[[0, 5]]).inputs_of(FEATURES)
    assert found.shape == (6, MIXED.inputs) == (6, 5)
    assert not found[:, 2:].any()


def test_a_column_without_a_number_in_the_training_part_is_zero():
    """Its median is unknown: nothing can be said of it."""
    found = MIXED.fit(FEATURES[[2, 4]]).inputs_of(FEATURES)
    assert not found[:, :1][[2, 4]].any()
    assert np.isfinite(found).all()


def test_rare_texts_share_one_input():
    """Of 50 kinds the 19 most frequent have an input of their own, all others one together."""
    codes = np.concatenate([np.repeat(np.arange(19), 3), np.arange(19, 50)]).astype(float)[:, None]
    encoding = Encoding((50,), (False,))
    found = encoding.fit(codes).inputs_of(codes)
    assert found.shape[1] == encoding.inputs == MOST_CATEGORIES
    assert found.sum(axis=0).tolist() == [3] * 19 + [31]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_split_holds_the_inputs_of_its_training_part(dtype):
    """`standardise` cuts encoded features where it cuts others."""
    targets = np.array([0, 1, 0, 1, 0, 1])
    split = standardise(Dataset("d", "classification", FEATURES, targets, MIXED), TRAIN, HELD, dtype)
    expected = MIXED.fit(FEATURES[TRAIN]).inputs_of(FEATURES).astype(dtype)
    assert np.array_equal(split.x_train, expected[TRAIN])
    assert np.array_equal(split.x_validation, expected[HELD])
    assert split.x_train.dtype == dtype
