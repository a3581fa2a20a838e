"""Gradients against finite differences, losses and errors against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax
from sklearn.metrics import accuracy_score, log_loss, mean_squared_error, r2_score

from sweeps.activations import ACTIVATIONS
from sweeps.losses import SoftmaxCrossEntropy, SquaredError
from sweeps.network import Architecture, Perceptrons

MEMBERS, ROWS, STEP, TOLERANCE = 2, 6, 1e-5, 1e-6
ROUNDING = 1e-10  # of a difference of two losses near 1, over 2 · STEP


def problem(loss_type, rng):
    """Inputs, targets and the number of outputs."""
    x = rng.standard_normal((ROWS, 3))
    if loss_type is SquaredError:
        return x, rng.standard_normal((ROWS, 2)), 2
    return x, np.eye(3)[rng.integers(3, size=ROWS)], 3


def kinks(networks):
    """Which side of the kink each hidden unit is on after the last pass."""
    return [a > 0 for a in networks._buffers[ROWS].after]


def differences(networks, loss, x, y):
    """Central differences (K, P) of the loss, NaN where a kink lies between the two points."""

    def pass_at(parameter, offset):
        networks.parameters[:, parameter] += offset
        value = loss.loss(networks.forward(x, training=True, averaging=0.0), y)
        return value, kinks(networks)

    result = np.full_like(networks.parameters, np.nan)
    for parameter in range(networks.parameters.shape[1]):
        (above, sides_above), (below, sides_below) = pass_at(parameter, STEP), pass_at(parameter, -2 * STEP)
        networks.parameters[:, parameter] += STEP
        smooth = np.ones(MEMBERS, bool)
        for one, other in zip(sides_above, sides_below, strict=True):
            smooth &= (one == other).all(axis=(1, 2))
        result[smooth, parameter] = ((above - below) / (2 * STEP))[smooth]
    return result


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
@pytest.mark.parametrize("batch_norm", [False, True], ids=["plain", "batch_norm"])
@pytest.mark.parametrize("loss_type", [SoftmaxCrossEntropy, SquaredError])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradient_is_the_derivative_of_the_loss(activation, loss_type, batch_norm, depth):
    """Back-propagation gives what central differences give, for two members with different weights."""
    rng = np.random.default_rng([depth, batch_norm])
    x, y, outputs = problem(loss_type, rng)
    architecture = Architecture(3, (4, 5, 3)[:depth], outputs, activation, batch_norm)
    # Biases, γ and shifts off their initial values; one member larger than the other.
    parameters = rng.normal(0.1, [[0.5], [0.9]], (MEMBERS, architecture.parameter_count))
    networks, loss = Perceptrons(architecture, parameters), loss_type()
    loss.loss(networks.forward(x, training=True), y)
    networks.backward(x, loss.delta())
    expected = differences(networks, loss, x, y)
    assert np.isnan(expected).mean() <= 0.05
    error = np.abs(networks.gradients - expected) - ROUNDING
    # Relative to the largest derivative of the member's block: single ones can be zero.
    for errors, block in zip(architecture.views(error), architecture.views(expected), strict=True):
        for name in block:
            largest = np.nanmax(np.abs(block[name]), axis=(1, 2), keepdims=True)
            assert np.nanmax(errors[name] - TOLERANCE * largest) <= 0, name


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cross_entropy_is_scikit_learns(dtype):
    """Cross-entropy, its derivative and the error rate of three members are scikit-learn's numbers."""
    rng = np.random.default_rng(1)
    outputs = rng.normal(0, 2, (3, 50, 4)).astype(dtype)
    labels = rng.integers(4, size=50)
    targets = np.eye(4, dtype=dtype)[labels]
    loss, tolerance = SoftmaxCrossEntropy(), 10 * float(np.finfo(dtype).eps)
    for value, error, logits in zip(
        loss.loss(outputs, targets), loss.error(outputs, targets), outputs, strict=True
    ):
        probabilities = softmax(logits.astype(float), axis=1)
        assert value == pytest.approx(log_loss(labels, probabilities), rel=tolerance)
        assert error == pytest.approx(1 - accuracy_score(labels, logits.argmax(axis=1)))
    expected = (softmax(outputs.astype(float), axis=2) - targets) / 50
    np.testing.assert_allclose(loss.delta(), expected, atol=tolerance)


def test_cross_entropy_of_huge_logits_is_finite():
    """Logits of ±10³⁰ overflow nothing: a sure and right answer costs 0, a sure and wrong one 10³⁰."""
    logits = np.array([[[1e30, 0.0]], [[-1e30, 0.0]]], np.float32)
    np.testing.assert_allclose(SoftmaxCrossEntropy().loss(logits, np.array([[1, 0]], np.float32)), [0, 1e30])


@pytest.mark.parametrize("outputs", [1, 2])
def test_squared_error_is_scikit_learns(outputs):
    """Squared error and 1 − R², averaged over outputs, are scikit-learn's numbers."""
    rng = np.random.default_rng(2)
    targets = rng.standard_normal((40, outputs))
    predictions = targets + rng.normal(0, [[[0.1]], [[2.0]]], (2, 40, outputs))
    loss = SquaredError()
    values, errors = loss.loss(predictions, targets), loss.error(predictions, targets)
    for value, error, prediction in zip(values, errors, predictions, strict=True):
        assert value == pytest.approx(mean_squared_error(targets, prediction))
        assert error == pytest.approx(1 - r2_score(targets, prediction))


@pytest.mark.parametrize("offset", [0.0, 1.0])
def test_r2_of_constant_targets_is_scikit_learns(offset):
    """Where targets do not vary, 1 − R² is 0 for the exact answer and 1 for any other."""
    targets = np.full((5, 1), 3.0)
    error = SquaredError.error(targets[None] + offset, targets)
    np.testing.assert_allclose(error, 1 - r2_score(targets, targets + offset))


def test_batch_norm_uses_running_averages_outside_training():
    """After one training batch inference normalises by 0.9 · start + 0.1 · batch, the variance unbiased."""
    rng = np.random.default_rng(3)
    x = rng.standard_normal((ROWS, 3))
    networks = Perceptrons(Architecture(3, (4,), 2, "identity", batch_norm=True), rng.normal(size=(2, 30)))
    weights, head = (layer["weights"] for layer in networks._layers)
    z = x @ weights
    networks.forward(x, training=True, averaging=0.0)
    networks.forward(x, training=True)
    mean, variance = 0.1 * z.mean(axis=1), 0.9 + 0.1 * z.var(axis=1, ddof=1)
    normalised = (z - mean[:, None]) / np.sqrt(variance + 1e-5)[:, None]
    hidden = normalised * networks._layers[0]["gamma"] + networks._layers[0]["shift"]
    expected = hidden @ head + networks._layers[1]["bias"]
    np.testing.assert_allclose(networks.forward(x, training=False), expected, rtol=1e-12)
