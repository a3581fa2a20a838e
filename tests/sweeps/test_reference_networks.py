"""Whole trainings of perceptrons against the ones recorded from PyTorch.

Each recorded network is the middle one of a population of three and is trained by the loop that trains a
sweep. Compared: the first output and gradient, the parameters after one step, one epoch and all, the loss
before every update, and what the trained network says.
"""

from __future__ import annotations

import re

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, mean_squared_error, r2_score

from sweeps.activations import ACTIVATIONS
from sweeps.datasets import Dataset
from sweeps.network import Architecture
from sweeps.population import Population
from sweeps.settings import complete
from sweeps.splits import standardise
from sweeps.training import Order, Training, _Run

TOLERANCE = 1e-10
MIDDLE = 1
OTHER_ACTIVATIONS = "no such activation here"
CYCLED_MOMENTUM = "1cycle moves the learning rate only, here it moved the momentum as well"
# Which of our blocks a recorded name without its number is.
BLOCKS = {
    r"mean|^rm$": "mean",
    r"var|^rv$": "variance",
    r"^w": "weights",
    r"^b$|^bias": "bias",
    r"^g|weight$": "gamma",
    r"^be|shift|bias$": "shift",
}


class Recorded:
    """A recorded training with its arrays."""

    def __init__(self, case, reference) -> None:
        self.case = case
        prefix = case["key_prefix"] + "."
        arrays = reference.arrays(case["file"])
        self.arrays = {
            key.removeprefix(prefix): array for key, array in arrays.items() if key.startswith(prefix)
        }
        self.data = {
            key.removeprefix(case["dataset"] + "."): array
            for key, array in reference.arrays("data.npz").items()
            if key.startswith(case["dataset"] + ".")
        }
        self.regression = "cross_entropy" not in case["loss"]
        self.architecture = Architecture(
            case["sizes"][0],
            tuple(case["sizes"][1:-1]),
            case["sizes"][-1],
            case["hidden_activation"],
            bool(case["batch_norm"]),
        )
        self.order = Order(self.arrays["batch_perm"].astype(np.int64), case["batch_size"])

    def names(self, moment):
        """Recorded parameters at a moment by our (layer, block), running averages included."""
        names = {}
        for key in self.arrays:
            if not key.startswith(moment + "."):
                continue
            name = key.removeprefix(moment + ".")
            plain, layer = re.sub(r"[\d.]", "", name).lower(), int(re.search(r"\d+", name).group()) - 1
            block = next(ours for pattern, ours in BLOCKS.items() if re.search(pattern, plain))
            names[layer, block] = self.arrays[key]
        return names

    def configuration(self, translate_rule, one_cycle_settings):
        """Complete configuration of the training."""
        case, decay = self.case, self.case["weight_decay_on_W_only"]
        hyper = dict(case["hyper"])
        if isinstance(decay, dict):
            hyper |= {"weight_decay": decay.get("weight_decay", decay.get("value"))}
            hyper |= {"wd_mode": decay.get("wd_mode", decay.get("mode", hyper.get("wd_mode")))}
        elif decay and not isinstance(decay, bool):
            hyper |= {"weight_decay": decay}
        if hyper.get("weight_decay") and not hyper.get("wd_mode"):
            hyper["wd_mode"] = "decoupled" if case["optimizer"].endswith("AdamW") else "l2"
        cycle = case["onecycle"]
        translation = translate_rule(case["rule"], hyper, constant_rate=cycle is None)
        assert translation.reason is None
        schedule = {"learning_rate": case["lr"]}
        if cycle is not None:
            schedule = one_cycle_settings({"max_lr": case["lr"], **cycle})
        return complete({"optimizer": translation.optimizer, **translation.settings, **schedule})

    def split(self):
        """Standardised data, training part first, by our own function."""
        task = "regression" if self.regression else "classification"
        y = self.data["y_raw"].astype(float) if self.regression else self.data["y_raw"].astype(int)
        dataset = Dataset(self.case["dataset"], task, self.data["X_raw"].astype(float), y)
        rows = np.arange(len(y))
        return standardise(dataset, rows[: self.case["n_train"]], rows[self.case["n_train"] :], np.float64)

    def run(self, translate_rule, one_cycle_settings, loop=_Run):
        """The training at its start, the recorded network between two others."""
        c = self.configuration(translate_rule, one_cycle_settings)
        start = np.zeros((1, self.architecture.parameter_count))
        for layer, blocks in enumerate(self.architecture.views(start)):
            for block, view in blocks.items():
                view[0] = self.names("init")[layer, block]
        others = [c | {"learning_rate": c["learning_rate"] * factor} for factor in (0.5, 0.8)]
        population = Population(
            [others[0], c, others[1]],
            self.architecture,
            np.concatenate([start * 0.9, start, start + 0.01]),
            len(self.order.starts),
            self.order.epochs,
        )
        return loop(population, [Training(), Training(), Training()], self.split(), self.order)


def blocks_of(networks, array):
    """Blocks of the middle member by (layer, block), running averages included."""
    blocks = {
        (layer, block): view[MIDDLE]
        for layer, views in enumerate(networks.architecture.views(array))
        for block, view in views.items()
    }
    for layer, norm in enumerate(networks.norms):
        blocks |= {(layer, "mean"): norm.mean[MIDDLE], (layer, "variance"): norm.variance[MIDDLE]}
    return blocks


def worst(networks, array, recorded, scaled_error):
    """Largest error of any recorded block."""
    ours = blocks_of(networks, array)
    return max(scaled_error(ours[key].reshape(theirs.shape), theirs) for key, theirs in recorded.items())


@pytest.fixture
def training(network_case, reference, translate_rule, one_cycle_settings):
    """A recorded training, and ours at its start."""
    if network_case["hidden_activation"] not in ACTIVATIONS:
        pytest.skip(OTHER_ACTIVATIONS)
    cycle = network_case["onecycle"] or {}
    if cycle.get("cycle_momentum", "base_momentum" in cycle):
        pytest.skip(CYCLED_MOMENTUM)
    recorded = Recorded(network_case, reference)
    return recorded, recorded.run(translate_rule, one_cycle_settings)


def test_first_step(training, scaled_error):
    """The first minibatch gives the recorded output and gradient, and one step the recorded parameters."""
    recorded, run = training
    population, networks, split = run.population, run.population.networks, run.split
    rows = recorded.order.permutations[0][: recorded.order.batch_size]
    outputs = networks.forward(split.x_train[rows], training=True)
    assert scaled_error(outputs[MIDDLE], recorded.arrays["step0_output"]) <= TOLERANCE
    run.loss.loss(outputs, split.y_train[rows])
    networks.backward(split.x_train[rows], run.loss.delta())
    gradient = {
        key: g for key, g in recorded.names("step0_grad").items() if key[1] not in ("mean", "variance")
    }
    assert worst(networks, networks.gradients, gradient, scaled_error) <= TOLERANCE
    population.step(population.rates_of_epoch(0)[0])
    assert worst(networks, networks.parameters, recorded.names("after_step1"), scaled_error) <= TOLERANCE


def test_whole_training(training, scaled_error):
    """Losses of all steps, and parameters and running averages after an epoch and at the end, agree."""
    check_training(*training, scaled_error)


@pytest.mark.usefixtures("machine_code")
def test_whole_training_compiled(training, translate_rule, one_cycle_settings, scaled_error):
    """The same holds of the compiled path."""
    from sweeps.compiled.run import CompiledRun

    recorded, _ = training
    check_training(recorded, recorded.run(translate_rule, one_cycle_settings, CompiledRun), scaled_error)


def check_training(recorded, run, scaled_error):
    """Train to the end and compare all that was recorded."""
    networks, losses = run.population.networks, []
    for epoch in range(recorded.order.epochs):
        losses += list(run._epoch(epoch)[:, MIDDLE])
        if epoch == 0:
            after = recorded.names("after_epoch1")
            assert worst(networks, networks.parameters, after, scaled_error) <= TOLERANCE
    assert worst(networks, networks.parameters, recorded.names("final"), scaled_error) <= TOLERANCE
    assert scaled_error(np.array(losses), recorded.arrays["losses"]) <= TOLERANCE
    check_evaluation(recorded, run, scaled_error)


def check_evaluation(recorded, run, scaled_error):
    """What the trained network says, by our measures and by scikit-learn's."""
    case, split, networks = recorded.case, run.split, run.population.networks
    x = np.concatenate([split.x_train, split.x_validation])
    outputs = networks.forward(x, training=False)[MIDDLE].copy()
    assert scaled_error(outputs[-20:], recorded.arrays["final_eval_output_last20"]) <= TOLERANCE
    loss, error = (values[MIDDLE] for values in run._validate())
    assert loss == pytest.approx(case["final_test_loss_eval_mode"], abs=TOLERANCE)
    first = run.loss.loss(networks.forward(split.x_train, training=False), split.y_train)[MIDDLE]
    assert first == pytest.approx(case["final_train_loss_eval_mode"], abs=TOLERANCE)
    held = outputs[case["n_train"] :]
    if recorded.regression:
        assert loss == pytest.approx(mean_squared_error(split.y_validation, held))
        assert error == pytest.approx(1 - r2_score(split.y_validation, held))
        return
    assert 1 - error == pytest.approx(accuracy_score(split.labels_validation, held.argmax(axis=1)))
    assert 1 - error == pytest.approx(case["final_test_accuracy"])
