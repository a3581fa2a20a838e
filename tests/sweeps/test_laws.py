"""Laws that the study notes state of the rules: each from a closed form or a few lines of arithmetic."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from sweeps.datasets import load
from sweeps.losses import SquaredError
from sweeps.network import Architecture
from sweeps.optimizers import OPTIMIZERS
from sweeps.settings import complete
from sweeps.tasks import Job, Task, Trainer
from sweeps.trial import PlannedTrial

EPOCHS = 12


def path(optimizer, gradients, rate=0.1, **coefficients):
    """Values after every step, (steps + 1,), of one weight that starts at 0 and meets these gradients."""
    c = complete({"optimizer": optimizer, "weight_decay": 0.0, **coefficients})
    names = (*OPTIMIZERS[optimizer].coefficients_used, "weight_decay", "l2")
    theta, scratch, visited = np.zeros((1, 1)), np.empty((1, 1)), [0.0]
    columns = {name: np.full((1, 1), float(c[name])) for name in names}
    rule = OPTIMIZERS[optimizer](columns, theta, np.ones(1), len(gradients))
    for gradient in gradients:
        rule.step(theta, np.full((1, 1), float(gradient)), np.full((1, 1), rate), scratch)
        visited.append(theta[0, 0])
    return np.array(visited)


def trained(dataset, hidden, configuration, **changes):
    """Parameters before the first epoch and after each, (epochs + 1, P), the split, and the trial."""
    data = load(dataset)
    parts = np.arange(0, len(data.features), 2), np.arange(1, len(data.features), 2)
    fixed = {"batch_size": len(parts[0]), "optimizer": "sgd", **configuration}
    job = replace(Job(data, fixed, hidden, 0, EPOCHS, "float64", "validation_loss", 1.0, 0.5), **changes)
    seen, splits = [], []

    def watch(_, parameters, split):
        seen.append(parameters[0])
        splits.append(split)

    (trial,) = Trainer(job)(Task((PlannedTrial(0, {}, 0),), parts), watch)
    return np.array(seen), splits[0], trial


def test_sgd_on_the_whole_set_is_gradient_descent_on_a_linear_model():
    """θ_t = θ* + (I − η H)ᵗ (θ₀ − θ*), with θ* the least squares and H = 2 AᵀA/n: no step is seen twice."""
    visited, split, _ = trained("diabetes", (), {"learning_rate": 0.1})
    a = np.column_stack([split.x_train, np.ones(len(split.x_train))])
    best = np.linalg.lstsq(a, split.y_train, rcond=None)[0][:, 0]
    hessian = 2 * a.T @ a / len(a)
    for t, theta in enumerate(visited):
        shrunk = np.linalg.matrix_power(np.eye(len(best)) - 0.1 * hessian, t) @ (visited[0] - best)
        np.testing.assert_allclose(theta, best + shrunk, rtol=1e-9, atol=1e-12)


def test_sgd_on_the_whole_set_is_gradient_descent_on_a_network():
    """Each epoch is one step along central differences of the loss over the whole training set."""
    visited, split, _ = trained("linnerud", (3,), {"learning_rate": 0.2, "activation": "tanh"})

    def loss(theta):
        w, b, v, c = np.split(theta, [9, 12, 21])
        outputs = np.tanh(split.x_train @ w.reshape(3, 3) + b) @ v.reshape(3, 3) + c
        return np.mean((outputs - split.y_train) ** 2)

    for before, after in itertools.pairwise(visited):
        nudges = 1e-5 * np.eye(len(before))
        gradient = [(loss(before + nudge) - loss(before - nudge)) / 2e-5 for nudge in nudges]
        np.testing.assert_allclose(after, before - 0.2 * np.array(gradient), atol=1e-9)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.99])
def test_averaged_momentum_at_a_rate_is_plain_momentum_at_that_rate_times_one_minus_beta(beta):
    """In a whole training, to rounding: η for the averaged form is η (1 − β) for the plain one."""
    settings = {"beta": beta, "batch_size": 16}
    average, _, _ = trained("wine", (4,), {"optimizer": "momentum_ema", "learning_rate": 0.5, **settings})
    plain, _, _ = trained(
        "wine", (4,), {"optimizer": "momentum", "learning_rate": 0.5 * (1 - beta), **settings}
    )
    np.testing.assert_allclose(average, plain, rtol=1e-7, atol=1e-10)
    assert np.abs(average[-1] - average[0]).max() > 0.1


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("optimizer", ["momentum", "nesterov"])
def test_terminal_speed(optimizer, beta):
    """On a slope that never changes the speed ends at η g / (1 − β): ten times sgd's at 0.9."""
    speed = -np.diff(path(optimizer, [3.0] * 4000, beta=beta))
    assert speed[-1] == pytest.approx(0.1 * 3.0 / (1 - beta))
    assert (np.diff(speed) >= -1e-12).all()  # it gathers speed and never overshoots


def test_terminal_speed_of_the_averaged_form_is_that_of_sgd():
    """η g, whatever β; after t steps (1 − βᵗ) of it, and with bias correction the whole at once."""
    speed = -np.diff(path("momentum_ema", [3.0] * 50, beta=0.9))
    np.testing.assert_allclose(speed, 0.3 * (1 - 0.9 ** np.arange(1, 51)))
    np.testing.assert_allclose(-np.diff(path("momentum_ema", [3.0] * 50, bias_correction=True)), 0.3)


def test_adagrads_effective_rate_falls_as_one_over_the_root_of_t():
    """Step t along a gradient that never changes is η / √t, whatever the gradient; 1e4 steps go 2 η √t."""
    for gradient in (1e-3, 1.0, 1e3):
        visited = path("adagrad", [gradient] * 10_000)
        np.testing.assert_allclose(-np.diff(visited), 0.1 / np.sqrt(np.arange(1, 10_001)), rtol=1e-6)
    assert -visited[-1] == pytest.approx(2 * 0.1 * 100, rel=0.01)


@pytest.mark.parametrize(("beta", "beta2"), [(0.9, 0.999), (0.0, 0.999), (0.9, 0.99), (0.5, 0.9)])
def test_adams_step_is_bounded_as_the_paper_says_for_steady_and_for_rare_gradients(beta, beta2):
    """η · max(1, (1−β₁)/√(1−β₂)) (Kingma & Ba 2015, section 2.1): for noise, and one gradient after zeros."""
    bound = 0.1 * max(1, (1 - beta) / np.sqrt(1 - beta2)) * (1 + 1e-9)
    noise = np.random.default_rng(0).standard_normal(3000)
    for gradients in (noise, noise * 1e-4, [5.0] * 300, [0.0] * 20_000 + [7.0]):
        assert np.abs(np.diff(path("adam", gradients, beta=beta, beta2=beta2))).max() <= bound


def test_gradients_that_grow_take_adam_beyond_the_papers_bound():
    """Growing by β₂/β₁ a step they reach (1−β₁)/√((1−β₂)(1−β₁²/β₂)) η = 7.3 η, against the paper's 3.2 η.

    That is the bound by Cauchy and Schwarz, and these gradients are where it is an equality: m̂/√ŝ is
    largest for g ∝ (β₂/β₁)ᵗ.
    """
    beta, beta2 = 0.9, 0.999
    gradients = np.concatenate([np.zeros(6000), 1e-20 * (beta2 / beta) ** np.arange(200)])
    largest = np.abs(np.diff(path("adam", gradients, epsilon=1e-100))).max()
    limit = 0.1 * (1 - beta) / np.sqrt((1 - beta2) * (1 - beta**2 / beta2))
    assert largest == pytest.approx(limit, rel=0.01)
    assert limit > 2.2 * 0.1 * (1 - beta) / np.sqrt(1 - beta2)


def test_the_loss_of_the_networks_above_is_what_is_said():
    """Mean over examples and outputs, without ½: for one output of 3 against 1 it is 4, its slope 4."""
    loss = SquaredError()
    assert loss.loss(np.array([[[3.0]]]), np.array([[1.0]]))[0] == 4.0
    assert loss.delta()[0, 0, 0] == 4.0
    assert Architecture(3, (3,), 3).parameter_count == 24
