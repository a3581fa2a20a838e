"""What every entry of DATASETS keeps, and that an entry is all a new one needs."""

import numpy as np
import pytest

from sweeps.datasets import DATASETS, Source, load
from sweeps.definition import load as load_definition
from sweeps.definition import parse
from sweeps.errors import DefinitionError, StudyError
from sweeps.objectives import objective_named
from sweeps.run import fingerprint, prepare, run

GENERATED = [name for name, source in DATASETS.items() if source.options]


@pytest.mark.parametrize("name", DATASETS)
def test_every_dataset_is_ready_for_training(name):
    """Every dataset loads as float64 features with int64 classes or float64 columns, all finite."""
    dataset = load(name)
    assert dataset.task == DATASETS[name].task
    assert dataset.features.dtype == np.float64
    assert np.isfinite(dataset.features).all()
    if dataset.task == "classification":
        assert dataset.targets.dtype == np.int64
        assert np.unique(dataset.targets).tolist() == list(range(dataset.classes))
    else:
        assert dataset.targets.dtype == np.float64
        assert dataset.targets.shape == (len(dataset.features), dataset.outputs)


@pytest.mark.parametrize("name", DATASETS)
def test_every_dataset_is_described_in_a_line(name):
    """Every entry has a summary of one line and options among samples and noise."""
    source = DATASETS[name]
    assert 0 < len(source.summary) <= 80
    assert "\n" not in source.summary
    assert set(source.options) <= {"samples", "noise"}


@pytest.mark.parametrize("name", GENERATED)
def test_generators_follow_the_seed(name):
    """The same seed gives the same 1,000 examples, another seed others."""
    first, again, other = load(name), load(name), load(name, seed=1)
    assert len(first.features) == 1000
    assert np.array_equal(first.features, again.features)
    assert np.array_equal(first.targets, again.targets)
    assert not np.array_equal(first.features, other.features)


@pytest.mark.parametrize("name", GENERATED)
@pytest.mark.parametrize("samples", [4, 50, 333])
def test_generators_draw_as_many_examples_as_asked_for(name, samples):
    """``samples`` is the number of examples, down to the fewest a definition permits."""
    assert len(load(name, samples=samples).features) == samples


@pytest.mark.parametrize("name", [name for name in GENERATED if "noise" in DATASETS[name].options])
def test_noise_changes_the_examples(name):
    """The noise asked for replaces the default, zero included."""
    default, none = load(name), load(name, noise=0.0)
    changed = not np.array_equal(default.features, none.features)
    assert changed or not np.array_equal(default.targets, none.targets)


def ring(n_samples, random_state):
    """A stranger's generator: points on a circle, the class is the half."""
    angle = 2 * np.pi * np.random.default_rng(random_state).random(n_samples)
    return np.stack([np.cos(angle), np.sin(angle)], axis=1), np.where(angle < np.pi, "upper", "lower")


RING = {
    "name": "ring",
    "dataset": "ring",
    "epochs": 20,
    "search": 0,
    "data": {"samples": 60},
    "space": {"learning_rate": [0.01, 0.1], "batch_size": 8},
}


def test_a_new_generator_is_one_entry(monkeypatch, tmp_path):
    """A function in DATASETS: its options count, its classes are learned, in workers as here."""
    monkeypatch.setitem(DATASETS, "ring", Source("classification", ("samples",), "a circle", ring))
    sweep = prepare(parse(RING))
    assert sweep.work.dataset.features.shape == (60, 2)
    trials = run(sweep, f"journal://{tmp_path / 'one.journal'}")
    two = run(sweep, f"journal://{tmp_path / 'two.journal'}", workers=2)
    assert [trial.final for trial in trials] == [trial.final for trial in two]
    assert min(trial.value for trial in trials) < 0.1 < sweep.work.cap


def test_contents_count_where_the_name_does_not_say_them(monkeypatch, tmp_path):
    """Data under the same name with another digest are another definition: its trials are not mixed in."""

    def with_digest(digest):
        source = Source("classification", ("samples",), "a circle", ring, digest=digest)
        monkeypatch.setitem(DATASETS, "ring", source)
        return parse(RING)

    url = f"journal://{tmp_path / 'study.journal'}"
    run(prepare(with_digest("abc")), url)
    known, other = fingerprint(with_digest("abc")), fingerprint(with_digest("abd"))
    assert known != other
    with pytest.raises(StudyError, match=r"contents of the dataset have changed .* must not be mixed"):
        run(prepare(with_digest("abd")), url)
    run(prepare(with_digest("abc")), url)


@pytest.mark.parametrize("name", DATASETS)
def test_the_default_sweep_fits_every_dataset(name):
    """Batch sizes above the training set are the whole set, once, and a sentence says so."""
    raw = {**load_definition("digits"), "dataset": name}
    definition, notes = objective_named("network").fitted(parse(raw))
    work = prepare(definition).work
    examples = len(work.parts(0)[0])
    expected = sorted({min(size, examples) for size in (16, 64, 256)})
    sizes = definition.space["batch_size"]
    assert (sizes if isinstance(sizes, list) else [sizes]) == expected
    assert [str(examples) in note for note in notes] == [True] * (examples < 256)


def test_a_range_and_a_default_are_cut_and_what_the_user_wrote_is_refused():
    """Linnerud has 16 examples to train on: 8 … 64 ends at 16, the default of 32 is 16; else refused."""
    raw = {"dataset": "linnerud", "space": {"learning_rate": [0.01, 0.1]}}
    ranged = {**raw["space"], "batch_size": {"low": 8, "high": 64, "log": True, "levels": 2}}
    fitted = objective_named("network").fitted
    assert fitted(parse(raw))[0].space["batch_size"] == 16
    assert fitted(parse({**raw, "space": ranged}))[0].space["batch_size"]["high"] == 16
    high = {**ranged, "batch_size": {"low": 32, "high": 64, "log": True, "levels": 2}}
    assert fitted(parse({**raw, "space": high}))[0].space["batch_size"] == 16
    with pytest.raises(DefinitionError, match="batch size 64 is above the 16 training examples"):
        prepare(parse({**raw, "space": ranged}))
