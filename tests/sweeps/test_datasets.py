from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy

from sweeps.datasets import DATASETS, Dataset, load
from sweeps.errors import DefinitionError
from sweeps.seeds import Purpose, generator, integer_seed
from sweeps.splits import split_indices, standardise

BUNDLED = [name for name, source in DATASETS.items() if not source.options]


def classes_of(*labels):
    """A dataset with these class indices and one meaningless feature."""
    return Dataset("made", "classification", np.arange(len(labels), dtype=float)[:, None], np.array(labels))


def column(*values):
    """A regression on one feature with these values."""
    features = np.array(values)[:, None]
    return Dataset("made", "regression", features, np.arange(len(values), dtype=float)[:, None])


@pytest.mark.parametrize(
    ("name", "examples", "features", "outputs"),
    [
        ("iris", 150, 4, 3),
        ("wine", 178, 13, 3),
        ("breast_cancer", 569, 30, 2),
        ("digits", 1797, 64, 10),
        ("diabetes", 442, 10, 1),
        ("linnerud", 20, 3, 3),
    ],
)
def test_bundled_shapes(name, examples, features, outputs):
    """The bundled datasets have the shapes their descriptions (scikit-learn's user guide) state."""
    dataset = load(name)
    assert dataset.features.shape == (examples, features)
    assert dataset.outputs == outputs
    assert dataset.classes == (outputs if dataset.task == "classification" else 0)


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("iris", [50, 50, 50]),
        ("wine", [59, 71, 48]),
        ("breast_cancer", [212, 357]),
        ("digits", [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]),
    ],
)
def test_class_counts(name, counts):
    """Every class of a bundled dataset has as many members as its description states."""
    assert np.bincount(load(name).targets).tolist() == counts


def test_spirals_without_noise_lie_on_two_archimedean_spirals():
    """Without noise the angle of a point is 3π times its radius, and half a turn more on the second arm."""
    dataset = load("spirals", noise=0.0)
    x, y = dataset.features.T
    radius = np.hypot(x, y)
    off = np.arctan2(y, x) - 3 * np.pi * radius - np.pi * dataset.targets
    assert np.cos(off) == pytest.approx(np.ones(1000), abs=1e-12)
    assert radius.max() <= 1


def test_friedman1_without_noise_is_friedmans_function():
    """Without noise the target is 10 sin(π x₁x₂) + 20 (x₃ − ½)² + 10 x₄ + 5 x₅."""
    dataset = load("friedman1", noise=0.0)
    x1, x2, x3, x4, x5 = dataset.features.T[:5]
    expected = 10 * np.sin(np.pi * x1 * x2) + 20 * (x3 - 0.5) ** 2 + 10 * x4 + 5 * x5
    assert dataset.targets[:, 0] == pytest.approx(expected)


def test_constant_prediction_of_a_classification():
    """The cap of the error is one minus the largest share, that of the loss the entropy."""
    cap = load("wine").constant_prediction()
    assert cap["validation_error"] == pytest.approx(1 - 71 / 178)
    assert cap["validation_loss"] == pytest.approx(entropy([59, 71, 48]))
    assert cap["training_loss"] == cap["validation_loss"]


def test_constant_prediction_of_balanced_classes_is_their_logarithm():
    """With three classes of equal size the entropy is log 3."""
    assert load("iris").constant_prediction()["validation_loss"] == pytest.approx(math.log(3))


@pytest.mark.parametrize("name", ["diabetes", "linnerud", "friedman2"])
def test_constant_prediction_of_a_regression_is_one(name):
    """Predicting the mean explains nothing, and leaves the variance of standardised targets: 1."""
    cap = load(name).constant_prediction()
    assert cap == {"validation_error": 1.0, "validation_loss": 1.0, "training_loss": 1.0}


@given(
    labels=st.lists(st.integers(0, 3), min_size=4, max_size=60),
    validation=st.floats(0.01, 0.7),
    seed=st.integers(0, 2**63 - 1),
    replicate=st.integers(0, 9999),
)
@settings(deadline=None)
def test_a_split_is_a_partition(labels, validation, seed, replicate):
    """Every example is in exactly one part, and the held-out part has its share, rounded up."""
    dataset = classes_of(*np.unique(labels, return_inverse=True)[1])
    train, held_out = split_indices(dataset, validation, seed, replicate)
    assert sorted([*train, *held_out]) == list(range(len(labels)))
    assert len(held_out) == math.ceil(validation * len(labels))


@pytest.mark.parametrize("replicate", range(5))
def test_a_split_is_stratified(replicate):
    """Each part of each class differs from its share by less than one example."""
    dataset = load("digits")
    _, held_out = split_indices(dataset, 0.2, seed=0, replicate=replicate)
    shares = np.bincount(dataset.targets) * len(held_out) / len(dataset.targets)
    assert np.abs(np.bincount(dataset.targets[held_out]) - shares).max() < 1


@pytest.mark.parametrize(
    "labels",
    [
        pytest.param([0] * 9 + [1], id="a class with one member"),
        pytest.param([0, 1, 2, 3, 4] * 2, id="two held-out examples, five classes"),
    ],
)
def test_a_split_is_plain_where_it_cannot_be_stratified(labels):
    """Too few members or too small a part is no reason to refuse: the split is then plain."""
    train, held_out = split_indices(classes_of(*labels), 0.2, seed=0, replicate=0)
    assert (len(train), len(held_out)) == (8, 2)


def test_replicates_and_seeds_split_differently():
    """A replicate has its own split, the same whenever it is drawn again; another seed, other splits."""
    dataset = load("iris")
    first, again = split_indices(dataset, 0.2, 7, 3)[1], split_indices(dataset, 0.2, 7, 3)[1]
    assert np.array_equal(first, again)
    assert not np.array_equal(first, split_indices(dataset, 0.2, 7, 4)[1])
    assert not np.array_equal(first, split_indices(dataset, 0.2, 8, 3)[1])


def test_a_split_without_training_examples_is_refused():
    """Holding out every example is a mistake with a sentence."""
    with pytest.raises(DefinitionError, match=r"0.96 leaves no training example .* lower data.validation"):
        split_indices(load("linnerud"), 0.96, 0, 0)


def test_a_regression_needs_two_validation_examples():
    """One example has no variance of which a part could be explained."""
    with pytest.raises(DefinitionError, match=r"1 − R² needs two; raise data.validation"):
        split_indices(load("linnerud"), 0.05, 0, 0)


@pytest.mark.parametrize("name", BUNDLED)
def test_standardising_is_scikit_learns(name):
    """Features, and the targets of a regression, are what StandardScaler makes of them."""
    from sklearn.preprocessing import StandardScaler

    dataset = load(name)
    train, held_out = split_indices(dataset, 0.2, 0, 0)
    split = standardise(dataset, train, held_out, np.float64)
    scaler = StandardScaler().fit(dataset.features[train])
    assert split.x_train == pytest.approx(scaler.transform(dataset.features[train]), abs=1e-12)
    assert split.x_validation == pytest.approx(scaler.transform(dataset.features[held_out]), abs=1e-12)
    if dataset.task == "regression":
        scaler = StandardScaler().fit(dataset.targets[train])
        assert split.y_train == pytest.approx(scaler.transform(dataset.targets[train]), abs=1e-12)
        assert split.y_validation == pytest.approx(scaler.transform(dataset.targets[held_out]), abs=1e-12)


def test_standardising_worked_by_hand():
    """1 and 3 have mean 2 and deviation 1, so 1, 3 and 6 become −1, 1 and 4."""
    split = standardise(column(1.0, 3.0, 6.0), np.array([0, 1]), np.array([2]), np.float64)
    assert split.x_train.tolist() == [[-1.0], [1.0]]
    assert split.x_validation.tolist() == [[4.0]]
    assert split.y_train.tolist() == [[-1.0], [1.0]]
    assert split.y_validation.tolist() == [[3.0]]
    assert split.labels_train is None


@pytest.mark.parametrize("value", [0.0, 0.1, -1e-9, 1e8 + 0.1, 1e150])
@pytest.mark.parametrize("count", [3, 10, 997])
def test_a_constant_feature_is_centred_only(value, count):
    """A column equal in the training part is not blown up by the rounding of its mean."""
    dataset = column(*[value] * count, value + 5.0)
    split = standardise(dataset, np.arange(count), np.array([count]), np.float64)
    assert np.abs(split.x_train).max() <= 1e-9 * max(1.0, abs(value))
    assert split.x_validation[0, 0] == pytest.approx(value + 5.0 - value, rel=1e-6)


def test_a_feature_of_small_spread_is_still_scaled():
    """A spread of a millionth of the value is a spread, not rounding."""
    split = standardise(column(1 - 1e-6, 1 + 1e-6, 1.0), np.array([0, 1]), np.array([2]), np.float64)
    assert split.x_train[:, 0] == pytest.approx([-1.0, 1.0], rel=1e-6)


def test_classes_come_as_indices_and_one_hot():
    """The one-hot rows of a split have their one at the class index, also for a class it never trains on."""
    split = standardise(classes_of(0, 1, 1, 2), np.array([0, 1, 2]), np.array([3]), np.float32)
    assert split.y_train.tolist() == [[1, 0, 0], [0, 1, 0], [0, 1, 0]]
    assert split.y_validation.tolist() == [[0, 0, 1]]
    assert split.labels_train.tolist() == [0, 1, 1]
    assert split.labels_validation.tolist() == [2]


@pytest.mark.parametrize("name", ["digits", "linnerud"])
def test_precision_is_cast_at_the_end(name):
    """float32 arrays are the rounded float64 ones, C-contiguous."""
    dataset = load(name)
    parts = split_indices(dataset, 0.2, 0, 0)
    single, double = standardise(dataset, *parts, np.float32), standardise(dataset, *parts, np.float64)
    for array in ("x_train", "x_validation", "y_train", "y_validation"):
        found = getattr(single, array)
        assert found.dtype == np.float32
        assert found.flags.c_contiguous
        assert np.array_equal(found, getattr(double, array).astype(np.float32))


def test_workers_do_not_need_scikit_learn():
    """Importing the module and standardising leave scikit-learn and scipy alone."""
    script = """
import sys
import numpy as np
from sweeps.datasets import DATASETS, Dataset
from sweeps.splits import standardise
data = Dataset("made", "regression", np.eye(4), np.eye(4))
standardise(data, np.arange(3), np.arange(3, 4), np.float32)
print([name for name in ("sklearn", "scipy", "optuna", "pandas") if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_purposes_keep_their_numbers():
    """The numbers of the purposes decide every recorded result and never change."""
    assert {purpose.name: int(purpose) for purpose in Purpose} == {
        "SPLIT": 0,
        "WEIGHTS": 1,
        "ORDER": 2,
        "DATA": 3,
        "DESIGN": 4,
        "SEARCH": 5,
        "TRIES": 6,
        "PRETRAINING": 7,
        "FUNCTION": 8,
    }


def test_streams_are_spawned_children_of_the_seed():
    """The stream of (seed, replicate, purpose) is that of the seed's grandchild in NumPy's own tree."""
    child = np.random.SeedSequence(11).spawn(3)[2].spawn(2)[1]
    expected = np.random.default_rng(child).random(5)
    assert np.array_equal(generator(11, 2, Purpose.WEIGHTS).random(5), expected)


def test_streams_differ():
    """Seeds, replicates and purposes, the largest seed included, give streams of their own."""
    seeds = (0, 1, 2**32, 2**63 - 1)
    drawn = {
        integer_seed(seed, replicate, purpose)
        for seed in seeds
        for replicate in range(10)
        for purpose in Purpose
    }
    assert len(drawn) == len(seeds) * 10 * len(Purpose)
