"""Re-used hidden layers: which classes teach them, which examples are left, what moves and what does not."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from sklearn.datasets import load_digits

from sweeps.datasets import load
from sweeps.definition import load as load_definition
from sweeps.definition import parse
from sweeps.errors import DefinitionError
from sweeps.optimizers import OPTIMIZERS
from sweeps.run import fingerprint, prepare, run
from sweeps.tasks import Task, Trainer
from sweeps.transfer import of_classes, parts, pretrain
from sweeps.trial import PlannedTrial

RAW = {
    "dataset": "digits",
    "epochs": 3,
    "search": 0,
    "data": {"classes": [9, 5, 7], "per_class": 10},
    "network": {"hidden": [7, 5], "precision": "float64"},
    "space": {"pretrained": ["none", "frozen", "finetuned"], "learning_rate": [0.01, 0.1], "batch_size": 10},
}


def work(**changes):
    """Job of the sweep above, with changes."""
    return prepare(parse({**RAW, **changes})).work


def watched(trainer, replicate=0, **configuration):
    """Parameters before the first epoch and after each, (epochs + 1, P), and the split."""
    seen, splits = [], []

    def watch(_, parameters, split):
        seen.append(parameters[0])
        splits.append(split)

    trial = PlannedTrial(0, {"learning_rate": 0.05, **configuration}, replicate)
    (finished,) = trainer(Task((trial,), trainer.job.parts(replicate)), watch)
    return np.array(seen), splits[0], finished


def test_classes_are_told_apart_and_numbered_anew():
    """Digits 9, 5 and 7 become 0, 1 and 2; all other digits stay together to pretrain on."""
    digits = load_digits()
    chosen, others = of_classes(load("digits"), [9, 5, 7])
    for number, digit in enumerate((9, 5, 7)):
        np.testing.assert_array_equal(
            chosen.features[chosen.targets == number], digits.data[digits.target == digit]
        )
    assert chosen.classes == 3
    assert others.classes == 7
    assert len(chosen.features) + len(others.features) == len(digits.data)
    np.testing.assert_array_equal(others.features[others.targets == 6], digits.data[digits.target == 8])


@pytest.mark.parametrize("per_class", [1, 10])
def test_so_many_of_each_class_train_and_all_others_validate(per_class):
    """Exactly; another replicate has others; the same replicate the same."""
    chosen, _ = of_classes(load("digits"), [9, 5, 7])
    train, held = parts(chosen, 0.2, per_class, 3, 0)
    assert np.bincount(chosen.targets[train]).tolist() == [per_class] * 3
    assert sorted([*train, *held]) == list(range(len(chosen.features)))
    np.testing.assert_array_equal(parts(chosen, 0.2, per_class, 3, 0)[0], train)
    assert not np.array_equal(parts(chosen, 0.2, per_class, 3, 1)[0], train)


def test_features_are_scaled_as_the_pretrained_layers_saw_them():
    """By mean and spread of the other classes' examples, also where nothing is pretrained."""
    _, others = of_classes(load("digits"), [9, 5, 7])
    chosen = work().dataset
    spread = others.features.std(axis=0)
    expected = (chosen.features - others.features.mean(axis=0)) / np.where(spread > 0, spread, 1)
    for kind in ("none", "frozen"):
        _, split, _ = watched(Trainer(work()), pretrained=kind)
        np.testing.assert_allclose(split.x_train, expected[work().parts(0)[0]], atol=1e-12)


def test_pretrained_layers_know_the_other_classes():
    """A linear read-out by least squares on them tells the other digits apart, on fresh layers hardly."""
    job = work(epochs=20)
    architecture = job.architecture(job.complete({}))
    others = job.pretraining
    spread = others.features.std(axis=0)
    x = (others.features - others.features.mean(axis=0)) / np.where(spread > 0, spread, 1)

    def read_out(parameters):
        a = x
        for layer in architecture.views(parameters[None])[:-1]:
            a = np.maximum(a @ layer["weights"][0] + layer["bias"][0], 0)
        a = np.column_stack([a, np.ones(len(a))])
        fit = a @ np.linalg.lstsq(a, np.eye(others.classes)[others.targets], rcond=None)[0]
        return (fit.argmax(axis=1) == others.targets).mean()

    fresh, trained = (watched(Trainer(job), pretrained=kind)[0][0] for kind in ("none", "frozen"))
    assert read_out(trained) > read_out(fresh) + 0.3


@pytest.mark.parametrize("kind", ["frozen", "finetuned"])
def test_networks_begin_with_the_pretrained_layers_and_the_output_layer_of_a_fresh_one(kind):
    """To the bit, in every replicate; the output layer starts as that of the network without."""
    trainer = Trainer(work())
    architecture = trainer.job.architecture(trainer.job.complete({}))
    hidden = architecture.hidden_count
    assert hidden == (64 + 1) * 7 + (7 + 1) * 5
    for replicate in (0, 1):
        path, _, _ = watched(trainer, replicate, pretrained=kind)
        fresh, _, _ = watched(trainer, replicate, pretrained="none")
        expected = pretrain(trainer.job.pretraining, architecture, 3, 0, replicate, np.float64)
        np.testing.assert_array_equal(path[0, :hidden], expected)
        np.testing.assert_array_equal(path[0, hidden:], fresh[0, hidden:])
        assert not np.array_equal(path[0, :hidden], fresh[0, :hidden])


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_frozen_layers_stay_to_the_bit_and_the_others_move(optimizer, batch_norm):
    """Under every optimizer, with decay and penalty; finetuned, every layer moves."""
    trainer = Trainer(work(epochs=8))
    asked = {"optimizer": optimizer, "batch_norm": batch_norm, "weight_decay": 0.1, "l2": 0.1}
    hidden = trainer.job.architecture(trainer.job.complete(asked)).hidden_count
    path, _, _ = watched(trainer, pretrained="frozen", **asked)
    assert (path[:, :hidden] == path[0, :hidden]).all()
    assert (path[0, hidden:] != path[-1, hidden:]).all() or optimizer == "random_search"
    path, _, _ = watched(trainer, pretrained="finetuned", **asked)
    moved = path[0] != path[-1]
    assert moved[hidden:].any()
    assert moved[:hidden].mean() > 0.5 or optimizer in {"random_search", "random_local_search"}


def test_layers_are_pretrained_once_for_a_shape_and_a_replicate():
    """Whatever else differs; another depth or replicate has layers of its own."""
    trainer = Trainer(work())
    for replicate, activation in ((0, "relu"), (0, "tanh"), (1, "relu")):
        for kind, rate in itertools.product(("frozen", "finetuned"), (0.01, 0.1)):
            watched(trainer, replicate, pretrained=kind, learning_rate=rate, activation=activation)
    assert trainer._pretrained.cache_info().misses == 3


def test_what_the_layers_learned_before_is_paid_for():
    """In passes over the 30 examples trained on: 3 epochs of 1,256 others cost 3 · 3 · 1256/30 of them."""
    trainer = Trainer(work())
    costs = {
        kind: watched(trainer, pretrained=kind)[2].evaluations for kind in ("none", "frozen", "finetuned")
    }
    assert len(trainer.job.pretraining.targets) == (~np.isin(load_digits().target, [5, 7, 9])).sum() == 1256
    whole = 3 * (3 + 3 * 1256 / 30)
    assert costs == {
        "none": 9.0,
        "frozen": pytest.approx(whole, abs=1e-8),
        "finetuned": pytest.approx(whole, abs=1e-8),
    }


def test_members_are_themselves_beside_others(tmp_path):
    """Populations of one, of all, and two workers: the same trials; a frozen one beside one that stops."""
    space = {
        **RAW["space"],
        "optimizer": ["sgd", "adam"],
        "learning_rate": [0.1, 1e20],
        "weight_decay": [0.0, 1e20],
    }
    sweep = prepare(parse({**RAW, "space": space}))
    runs = [
        [replace(trial, seconds=0.0) for trial in run(sweep, f"journal://{tmp_path / str(k)}", **way)]
        for k, way in enumerate([{"population": 1}, {}, {"workers": 2}])
    ]
    assert runs[0] == runs[1] == runs[2]
    assert {trial.outcome for trial in runs[0]} == {"trained", "diverged"}


def test_definitions_without_classes_are_what_they_were():
    """The younger keys do not stand in a file, nor in a fingerprint, where they are not given."""
    definition = parse(load_definition("quick"))
    assert set(definition.model_dump()["data"]) == {"validation", "samples", "noise"}
    with_classes = parse({**load_definition("quick"), "data": {"classes": [0, 1]}})
    assert "classes = [" in with_classes.to_toml()
    assert fingerprint(with_classes) != fingerprint(definition)


MISTAKES = {
    "no classes": ({"data": {}}, "choose those to train on"),
    "a class it lacks": ({"data": {"classes": [3, 10]}}, "'digits' has no class 10; its classes are 0 to 9"),
    "none left": ({"data": {"classes": list(range(9))}}, "fewer than two classes of 'digits'"),
    "twice": ({"data": {"classes": [1, 1]}}, "lists a class twice"),
    "too many": ({"data": {"classes": [0, 1], "per_class": 178}}, "smallest class of 'digits' has 178"),
    "regression": ({"dataset": "diabetes", "data": {"classes": [0, 1]}}, "'diabetes' is a regression"),
    "regression with few": (
        {"dataset": "diabetes", "data": {"per_class": 3}, "space": {"learning_rate": [0.1, 0.2]}},
        "smallest class of 'diabetes' has 0",
    ),
}


@pytest.mark.parametrize(("changes", "words"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_one_sentence(changes, words):
    """What does not fit is refused with what to do."""
    with pytest.raises(DefinitionError, match=words):
        prepare(parse({**RAW, **changes}))
