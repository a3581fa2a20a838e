"""1cycle that moves β against the rate: the rules, written down here, with another β in every step."""

import numpy as np
import pytest

from sweeps.network import Architecture
from sweeps.population import Population
from sweeps.schedules import betas, learning_rates
from sweeps.settings import complete

STEPS, SIZE = 24, Architecture(2, (), 1).parameter_count
MOVING = {"schedule": "one_cycle", "one_cycle_moves_beta": True, "one_cycle_lowest_beta": 0.7}


def path(members, gradients, epochs=4):
    """Parameters (K, P) after every step of a population, for gradients that are given; epochs are known."""
    whole = [complete({"learning_rate": 0.02, **member}) for member in members]
    population = Population(
        whole, Architecture(2, (), 1), np.zeros((len(members), SIZE)), STEPS // epochs, epochs
    )
    found = []
    for epoch in range(epochs):
        for step, rates in enumerate(population.rates_of_epoch(epoch)):
            population.networks.gradients[:] = gradients[epoch * STEPS // epochs + step]
            population.step(rates)
            found.append(population.networks.parameters.copy())
    return np.array(found)


def momentum(g, rate, beta):
    """V ← β v + g."""
    v = place = np.zeros(SIZE)
    for gradient, eta, b in zip(g, rate, beta, strict=True):
        v = b * v + gradient
        place = place - eta * v
        yield place


def nesterov(g, rate, beta):
    """The same, and g + β v."""
    v = place = np.zeros(SIZE)
    for gradient, eta, b in zip(g, rate, beta, strict=True):
        v = b * v + gradient
        place = place - eta * (gradient + b * v)
        yield place


def momentum_ema(g, rate, beta):
    """V ← β v + (1 − β) g."""
    v = place = np.zeros(SIZE)
    for gradient, eta, b in zip(g, rate, beta, strict=True):
        v = b * v + (1 - b) * gradient
        place = place - eta * v
        yield place


def adam(g, rate, beta):
    """As PyTorch does it: the correction takes today's β to the power t."""
    m = s = place = np.zeros(SIZE)
    for t, (gradient, eta, b) in enumerate(zip(g, rate, beta, strict=True), 1):
        m = b * m + (1 - b) * gradient
        s = 0.999 * s + 0.001 * gradient**2
        place = place - eta * m / (1 - b**t) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
        yield place


def adamax(g, rate, beta):
    """Likewise."""
    m = s = place = np.zeros(SIZE)
    for t, (gradient, eta, b) in enumerate(zip(g, rate, beta, strict=True), 1):
        m = b * m + (1 - b) * gradient
        s = np.maximum(0.999 * s, abs(gradient) + 1e-8)
        place = place - eta * m / (1 - b**t) / s
        yield place


def lion(g, rate, beta):
    """β₁ weighs, β₂ remembers."""
    m = place = np.zeros(SIZE)
    for gradient, eta, b in zip(g, rate, beta, strict=True):
        place = place - eta * np.sign(b * m + (1 - b) * gradient)
        m = 0.99 * m + 0.01 * gradient
        yield place


RULES = {rule.__name__: rule for rule in (momentum, nesterov, momentum_ema, adam, adamax, lion)}


@pytest.fixture
def gradients():
    """One for each step."""
    return np.random.default_rng(2).standard_normal((STEPS, SIZE))


@pytest.mark.parametrize("warmup", [0.0, 0.25])
@pytest.mark.parametrize("name", RULES)
def test_a_rule_takes_the_beta_of_its_step(name, warmup, gradients):
    """To twelve digits; an average keeps its value when its β moves."""
    member = {"optimizer": name, "beta": 0.95, "warmup": warmup, **MOVING}
    whole = complete({"learning_rate": 0.02, **member})
    moved, rate = betas(STEPS, whole), learning_rates(STEPS, whole)
    assert (moved[0], moved.min(), moved[-1]) == (0.95, pytest.approx(0.7, abs=0.02), 0.95)
    assert moved.argmin() == rate.argmax()
    expected = np.array(list(RULES[name](gradients, rate, moved)))
    np.testing.assert_allclose(path([member], gradients)[:, 0], expected, rtol=1e-12, atol=1e-14)


def test_a_beta_below_the_lowest_stays(gradients):
    """Nothing rises while the rate rises."""
    low = {"optimizer": "momentum", "beta": 0.5, **MOVING}
    np.testing.assert_array_equal(betas(STEPS, complete(low)), 0.5)
    still = low | {"one_cycle_moves_beta": False}
    np.testing.assert_array_equal(path([low], gradients), path([still], gradients))


def test_members_beside_one_whose_beta_moves_keep_every_bit(gradients):
    """A population of both gives what each gives alone; ρ of rmsprop and rules without β do not move."""
    still = [
        {"optimizer": name, "beta": 0.9, "schedule": "one_cycle"} for name in ("momentum", "adam", "lion")
    ]
    moving = [member | MOVING for member in still]
    pairs = [member for pair in zip(still, moving, strict=True) for member in pair]
    together = path(pairs, gradients)
    for place, member in enumerate(pairs):
        np.testing.assert_array_equal(together[:, place], path([member], gradients)[:, 0])
        differs = not np.array_equal(together[:, place], path([still[place // 2]], gradients)[:, 0])
        assert differs == bool(place % 2)
    for name in ("rmsprop", "sgd", "adagrad"):
        fixed = {"optimizer": name, "schedule": "one_cycle"}
        np.testing.assert_array_equal(path([fixed], gradients), path([fixed | MOVING], gradients))


def test_members_that_drop_out_take_their_beta_along(gradients):
    """Who stays goes on with its own."""
    members = [{"optimizer": "momentum", "beta": beta, **MOVING} for beta in (0.9, 0.95, 0.99)]
    whole = [complete({"learning_rate": 0.02, **member}) for member in members]
    population = Population(whole, Architecture(2, (), 1), np.zeros((3, SIZE)), STEPS, 1)
    for step, rates in enumerate(population.rates_of_epoch(0)):
        if step == 5:
            population.keep(np.array([False, True, True]))
        population.networks.gradients[:] = gradients[step]
        population.step(rates[-len(population) :])
    alone = path(members, gradients, epochs=1)[-1]
    np.testing.assert_array_equal(population.networks.parameters, alone[1:])
