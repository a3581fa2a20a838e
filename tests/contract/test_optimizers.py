"""What every entry of OPTIMIZERS keeps, and that a rule and its line are all a new one needs."""

import itertools

import numpy as np
import pytest

from sweeps.definition import parse
from sweeps.network import Architecture
from sweeps.optimizer import SHARED
from sweeps.optimizers import OPTIMIZERS, UpdateRule
from sweeps.population import Population
from sweeps.run import prepare, run
from sweeps.settings import KNOWN_SETTINGS, complete


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_rule_reads_known_settings_and_says_what_it_is(optimizer):
    """Coefficients and defaults are settings, those permitted, and the first line of the docstring tells."""
    rule = OPTIMIZERS[optimizer]
    assert {*rule.coefficients_used, *SHARED} <= set(KNOWN_SETTINGS)
    assert not set(rule.coefficients_used) & set(SHARED)
    assert set(rule.unread) <= set(SHARED)
    assert all(KNOWN_SETTINGS[name].permits(value) for name, value in rule.defaults.items())
    assert 20 < len(rule.summary) <= 110


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_active_settings_are_the_coefficients_of_the_rule(optimizer):
    """Of all settings that some rule reads, a configuration has exactly those that its own rule reads.

    Whether the rule is the only one of the sweep, or one of all.
    """
    read = sorted({*SHARED, *(name for rule in OPTIMIZERS.values() for name in rule.coefficients_used)})
    rule = OPTIMIZERS[optimizer]
    active = {*rule.coefficients_used, *SHARED} - set(rule.unread)
    for choices in (optimizer, [*OPTIMIZERS]):
        space = {name: [KNOWN_SETTINGS[name].default] for name in read} | {"depth": [0, 1]}
        configurations = parse({"space": space | {"optimizer": choices}}).build_space().grid()
        own = [c for c in configurations if c.pop("optimizer", optimizer) == optimizer]
        assert [set(configuration) for configuration in own] == [active | {"depth"}] * 2


@pytest.mark.parametrize("setting", ["weight_decay", "l2"])
@pytest.mark.parametrize("batch_norm", [False, True], ids=["plain", "batch_norm"])
@pytest.mark.parametrize("optimizer", [name for name, rule in OPTIMIZERS.items() if not rule.searches])
def test_decay_leaves_biases_alone(optimizer, batch_norm, setting):
    """Without a gradient weight decay shrinks every weight and moves no bias, γ or shift."""
    architecture = Architecture(3, (4,), 2, batch_norm=batch_norm)
    rates = {"learning_rate": 0.01, "sgd_learning_rate": 0.01}
    c = complete({"optimizer": optimizer, "weight_decay": 0.0, setting: 0.1, **rates})
    start = np.ones((1, architecture.parameter_count))
    population = Population([c], architecture, start, 1, 1)
    population.step(population.rates_of_epoch(0)[0])
    for name, block in itertools.chain(*(layer.items() for layer in population.networks._layers)):
        if name != "weights":
            assert (block == 1).all(), name
        elif setting == "weight_decay":
            np.testing.assert_allclose(block, 1 - 0.01 * 0.1, rtol=1e-15)
        else:
            assert (block < 1).all()


class Normalised(UpdateRule):
    """A stranger's rule: θ ← θ − η g / (√s + ε) with s ← β₂ s + g²."""

    coefficients_used = ("beta2", "epsilon")
    defaults = {"beta2": 0.5}  # noqa: RUF012 (as a stranger would write it)
    states = ("s",)

    def direction(self, gradient, scratch):  # noqa: ARG002 (not needed)
        """G / (√s + ε)."""
        s = self.average("s", "beta2", gradient * gradient)
        return gradient / (np.sqrt(s) + self.k["epsilon"]), 1.0


def test_a_new_rule_with_beta2_has_its_settings_active(monkeypatch, tmp_path):
    """A rule and one line in OPTIMIZERS: β₂ and ε vary where it is the optimizer, and change what it gives.

    The rule's own default holds where the sweep leaves β₂ open: those trials are the ones with β₂ = 0.5.
    """
    monkeypatch.setitem(OPTIMIZERS, "normalised", Normalised)
    raw = {"dataset": "iris", "epochs": 2, "replicates": 1, "search": 0, "network": {"hidden": [3]}}
    space = {"optimizer": ["sgd", "normalised"], "learning_rate": 0.01, "batch_size": 16}
    varied = parse(raw | {"space": space | {"beta2": [0.5, 0.9], "epsilon": [1e-8, 0.1]}})
    trials = run(prepare(varied), f"journal://{tmp_path / 'varied.journal'}")
    given = [(t.planned.configuration.get("beta2"), t.planned.configuration.get("epsilon")) for t in trials]
    assert given == [(None, None), (0.5, 1e-8), (0.5, 0.1), (0.9, 1e-8), (0.9, 0.1)]
    losses = [trial.final["training_loss"] for trial in trials]
    assert len(set(losses)) == 5
    open_beta2 = run(prepare(parse(raw | {"space": space})), f"journal://{tmp_path / 'open.journal'}")
    assert [trial.final["training_loss"] for trial in open_beta2] == losses[:2]
