"""The simple noise scale against gradients written out by hand, and training that does not notice."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import softmax

from sweeps.definition import parse
from sweeps.errors import DefinitionError
from sweeps.gradient_noise import GradientNoise, gradient_noise
from sweeps.network import Perceptrons
from sweeps.run import prepare
from sweeps.tasks import Task, Trainer
from sweeps.training import loss_of
from sweeps.trial import PlannedTrial

EPOCHS = 3
RATES = {"low": 1e-3, "high": 1e30, "log": True, "levels": 3}


def sweep(dataset="diabetes", hidden=(), **space):
    """A small sweep in double precision."""
    return parse(
        {
            "dataset": dataset,
            "epochs": EPOCHS,
            "replicates": 2,
            "search": 0,
            "network": {"hidden": list(hidden), "precision": "float64"},
            "space": {"optimizer": ["sgd", "momentum"], "learning_rate": RATES, "batch_size": 32, **space},
        }
    )


def trained_parameters(definition, configuration, replicate=0):
    """Parameters (P,) after each epoch that training shows, and the data."""
    job, shown = prepare(definition).work, []
    trial = PlannedTrial(0, configuration, replicate)
    task = Task((trial,), job.parts(replicate))
    Trainer(job)(task, lambda epoch, parameters, split: shown.append((epoch, parameters[0], split)))
    return shown


def unbiased(gradients):
    """|G|² and tr Σ of per-example gradients (n, P): the usual variance, and the mean without its noise."""
    trace = gradients.var(axis=0, ddof=1).sum()
    return (gradients.mean(axis=0) ** 2).sum() - trace / len(gradients), trace


def of_squares(weights, x, y):
    """Linear regression: d (xW + b − y)² = 2 (xW + b − y) (x, 1)."""
    error = x @ weights[:-1] + weights[-1] - y[:, 0]
    return 2 * error[:, None] * np.column_stack([x, np.ones(len(x))])


def of_entropy(weights, x, y):
    """Softmax regression: (p − y) for the biases, x (p − y)ᵀ for the weights."""
    features, classes = x.shape[1], y.shape[1]
    matrix, bias = weights[: features * classes].reshape(features, classes), weights[-classes:]
    error = softmax(x @ matrix + bias, axis=1) - y
    return np.column_stack([(x[:, :, None] * error[:, None, :]).reshape(len(x), -1), error])


@pytest.mark.parametrize(
    ("dataset", "by_hand", "rate"),
    [("diabetes", of_squares, 1e-3), ("iris", of_entropy, 0.3), ("wine", of_entropy, 0.01)],
)
@pytest.mark.parametrize("optimizer", ["sgd", "momentum"])
def test_a_linear_model_has_the_gradients_of_the_textbook(dataset, by_hand, rate, optimizer):
    """Every epoch and replicate: |G|² and tr Σ of the gradients in closed form."""
    definition = sweep(dataset)
    configuration = {"optimizer": optimizer, "learning_rate": rate}
    measured = gradient_noise(definition, configuration, range(EPOCHS + 1))
    for replicate in range(2):
        shown = trained_parameters(definition, configuration, replicate)
        assert [epoch for epoch, _, _ in shown] == [noise.epoch for noise in measured]
        for noise, (_, weights, split) in zip(measured, shown, strict=True):
            squared_norm, trace = unbiased(by_hand(weights, split.x_train, split.y_train))
            scale = squared_norm + trace / len(split.x_train)  # of the subtraction
            assert noise.trace[replicate] == pytest.approx(trace, rel=1e-9)
            assert noise.squared_norm[replicate] == pytest.approx(squared_norm, abs=1e-9 * scale)


def test_two_batch_sizes_say_the_same_of_a_network_with_hidden_layers():
    """Appendix A.1 from gradients of random batches of 8 and 64, on average over many."""
    definition = sweep("moons", (5,))
    configuration = {"optimizer": "sgd", "learning_rate": 0.1}
    noise = gradient_noise(definition, configuration, [2])[0]
    _, parameters, split = trained_parameters(definition, configuration)[2]
    job = prepare(definition).work
    networks, loss = Perceptrons(job.architecture(job.complete({})), parameters[None]), loss_of(split)
    rng, sizes, squares = np.random.default_rng(0), (8, 64), []
    for size in sizes:
        rows = [rng.permutation(len(split.x_train))[:size] for _ in range(6000)]
        squares.append(np.mean([_square(networks, loss, split, batch) for batch in rows]))
    (small, large), (few, many) = squares, sizes
    assert noise.trace[0] == pytest.approx((small - large) / (1 / few - 1 / many), rel=0.1)
    assert noise.squared_norm[0] == pytest.approx((many * large - few * small) / (many - few), rel=0.1)


def _square(networks, loss, split, rows):
    """Squared norm of a batch's gradient."""
    loss.loss(networks.forward(split.x_train[rows], training=True), split.y_train[rows])
    networks.backward(split.x_train[rows], loss.delta())
    return float((networks.gradients**2).sum())


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", ["sgd", "adam", "nesterov"])
def test_training_does_not_notice(optimizer, precision):
    """Numbers with and without a look at every epoch are equal to the bit."""
    definition = sweep("iris", (6,), optimizer=[optimizer, "rmsprop"], schedule="one_cycle")
    definition = parse({**definition.model_dump(), "network": {"hidden": [6], "precision": precision}})
    job = prepare(definition).work
    looked, alone = Trainer(job), Trainer(job)
    trial = PlannedTrial(0, {"optimizer": optimizer, "learning_rate": 0.03}, 0)
    seen = []

    def look(epoch, parameters, _):
        seen.append(epoch)
        parameters[:] = math.nan  # a rude look: it has a copy

    one = looked(Task((trial,), job.parts(0)), look)[0]
    other = alone(Task((trial,), job.parts(0)))[0]
    assert seen == list(range(EPOCHS + 1))
    assert (one.curves, one.final, one.value) == (other.curves, other.final, other.value)


def test_a_replicate_that_stopped_has_no_noise():
    """Weights that overflow leave nothing to measure after them; before, there is."""
    first, last = gradient_noise(sweep(hidden=[4]), {"optimizer": "sgd", "learning_rate": 1e30}, [0, EPOCHS])
    assert np.isfinite(first.each).all()
    assert np.isnan(last.each).all()
    assert math.isnan(last.value)


def test_both_estimates_are_averaged_before_they_are_divided():
    """A replicate whose |G|² is noise has no scale of its own, but counts; one that stopped does not."""
    noise = GradientNoise(4, np.array([3.0, -1.0, math.nan]), np.array([10.0, 30.0, math.nan]))
    np.testing.assert_equal(noise.each, [10 / 3, math.inf, math.nan])
    assert noise.value == 20.0
    assert GradientNoise(4, np.array([-3.0]), np.array([1.0])).value == math.inf


def test_the_order_of_the_epochs_is_the_callers():
    """Epochs come back as asked, and a number does not depend on which others are asked for."""
    configuration = {"optimizer": "momentum", "learning_rate": 0.01}
    later, earlier = gradient_noise(sweep(), configuration, [3, 1])
    assert (later.epoch, earlier.epoch) == (3, 1)
    np.testing.assert_array_equal(earlier.trace, gradient_noise(sweep(), configuration, [1])[0].trace)


@pytest.mark.parametrize(
    ("configuration", "epochs", "sentence"),
    [
        ({"optimizer": "sgd"}, [0], "no learning_rate"),
        ({"optimizer": "sgd", "learning_rate": [0.1, 0.2]}, [0], "one value of learning_rate"),
        ({"optimizer": "sgd", "learning_rat": 0.1}, [0], "did you mean 'learning_rate'"),
        ({"optimizer": "sgd", "learning_rate": -0.1}, [0], "not permitted"),
        ({"optimizer": "sgd", "learning_rate": 0.1, "batch_size": 4000}, [0], "batch size 4000 is above"),
        ({"optimizer": "sgd", "learning_rate": 0.1}, [EPOCHS + 1], "not one of 0 to 3"),
        ({"optimizer": "sgd", "learning_rate": 0.1, "batch_norm": True}, [0], "batch normalisation"),
    ],
)
def test_what_cannot_be_measured_is_said(configuration, epochs, sentence):
    """One sentence each."""
    with pytest.raises(DefinitionError, match=sentence):
        gradient_noise(sweep(), configuration, epochs)
