"""Adam whose averages are not corrected, against its rule written down here step by step."""

import numpy as np
import pytest

from sweeps.definition import parse
from sweeps.optimizers import OPTIMIZERS
from sweeps.run import prepare, run
from sweeps.settings import complete


def path(optimizer, gradients, rate, **settings):
    """Parameters after each step along given gradients, shape (steps, P), from 0."""
    rule = OPTIMIZERS[optimizer]
    whole = complete({"optimizer": optimizer, "weight_decay": 0.0, **settings})
    names = (*rule.coefficients_used, "weight_decay", "l2")
    columns = {name: np.array([[float(whole[name])]]) for name in names}
    parameters = np.zeros((1, gradients.shape[1]))
    ours = rule(columns, parameters, np.ones(gradients.shape[1]), len(gradients))
    found = []
    for gradient in gradients:
        ours.step(parameters, gradient[None].copy(), np.array([[rate]]), np.empty_like(parameters))
        found.append(parameters[0].copy())
    return np.array(found)


def by_hand(gradients, rate, beta, beta2, epsilon, *, corrects, amsgrad=False):
    """θ ← θ − η m / (√s + ε), each average divided by 1 − βᵗ where it is corrected."""
    m = s = largest = place = np.zeros(gradients.shape[1])
    found = []
    for t, gradient in enumerate(gradients, 1):
        m = beta * m + (1 - beta) * gradient
        s = beta2 * s + (1 - beta2) * gradient**2
        largest = np.maximum(largest, s)
        first, second = (1 - beta**t, 1 - beta2**t) if corrects else (1.0, 1.0)
        root = np.sqrt((largest if amsgrad else s) / second)
        place = place - rate * m / first / (root + epsilon)
        found.append(place)
    return np.array(found)


@pytest.fixture
def gradients():
    """Sixty gradients whose size changes, so that the largest s is not the last."""
    rng = np.random.default_rng(5)
    return rng.standard_normal((60, 4)) * np.geomspace(3, 0.1, 60)[:, None]


@pytest.mark.parametrize("optimizer", ["adam", "adamw"])
@pytest.mark.parametrize("amsgrad", [False, True])
@pytest.mark.parametrize("corrects", [False, True])
@pytest.mark.parametrize(("beta", "beta2"), [(0.9, 0.999), (0.0, 0.9), (0.99, 0.5)])
def test_a_path_is_that_of_the_rule(optimizer, amsgrad, corrects, beta, beta2, gradients):
    """To twelve digits, with and without."""
    settings = {"beta": beta, "beta2": beta2, "epsilon": 1e-3, "amsgrad": amsgrad}
    found = path(optimizer, gradients, 0.01, adam_bias_correction=corrects, **settings)
    expected = by_hand(gradients, 0.01, beta, beta2, 1e-3, corrects=corrects, amsgrad=amsgrad)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)


def test_the_first_step_is_as_long_as_the_rule_says(gradients):
    """η (1 − β₁) / √(1 − β₂) in place of η: 3.2 times as long with the default β."""
    first = path("adam", gradients, 0.01, epsilon=1e-300, adam_bias_correction=False)[0]
    np.testing.assert_allclose(abs(first), 0.01 * 0.1 / np.sqrt(0.001), rtol=1e-12)
    np.testing.assert_allclose(abs(path("adam", gradients, 0.01, epsilon=1e-300)[0]), 0.01, rtol=1e-12)


def test_it_varies_for_adam_alone_and_members_of_a_population_can_differ(tmp_path):
    """Corrected members are those of a definition that does not know of it."""
    raw = {"dataset": "iris", "epochs": 2, "replicates": 1, "search": 0, "network": {"hidden": [3]}}
    space = {"optimizer": ["sgd", "adam", "nadam"], "learning_rate": [0.01, 0.1]}
    varied = parse(raw | {"space": space | {"adam_bias_correction": [True, False]}})
    found = run(prepare(varied), f"journal://{tmp_path / 'varied.journal'}")
    plain = run(prepare(parse(raw | {"space": space})), f"journal://{tmp_path / 'plain.journal'}")

    def losses(trials, flag):
        kept = [t for t in trials if t.planned.configuration.get("adam_bias_correction", flag) is flag]
        return [t.final["training_loss"] for t in kept if t.planned.configuration["optimizer"] == "adam"]

    assert {t.planned.configuration["optimizer"] for t in found if len(t.planned.configuration) > 2} == {
        "adam"
    }
    assert losses(found, True) == losses(plain, True)
    assert set(losses(found, False)).isdisjoint(losses(found, True))
