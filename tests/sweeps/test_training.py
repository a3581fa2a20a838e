"""What training must keep: every member its own numbers, divergence a result, rules their definitions."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sweeps.activations import ACTIVATIONS
from sweeps.datasets import load
from sweeps.definition import parse
from sweeps.network import INITIALISERS, Architecture
from sweeps.optimizers import OPTIMIZERS
from sweeps.population import Population
from sweeps.run import prepare, run
from sweeps.schedules import SCHEDULES, ReduceOnPlateau, learning_rates
from sweeps.seeds import Purpose, generator
from sweeps.settings import KNOWN_SETTINGS, complete, condition, default
from sweeps.splits import Split
from sweeps.tasks import Job, Task, Trainer
from sweeps.training import Order, Training, _Run, train
from sweeps.trial import METRIC_NAMES, PlannedTrial, finish, judged_anew

EXAMPLES, TRAINED = 130, 97  # 97 examples leave one for the last batch of 8, 16, 32 or 96
PARTS = (np.arange(TRAINED), np.arange(TRAINED, EXAMPLES))
EPOCHS = 3
DIVERGING = {"optimizer": "nesterov", "beta": 0.99, "learning_rate": 100.0}
# Its weights overflow within the first epoch, in either precision and with any activation.
WILD = {"optimizer": "sgd", "learning_rate": 1e30, "weight_decay": 1e30}
# One member per optimizer, and their variants: every line of every rule is run.
MEMBERS = [
    *({"optimizer": optimizer, "learning_rate": 0.02} for optimizer in OPTIMIZERS),
    {"optimizer": "momentum_ema", "bias_correction": True, "learning_rate": 0.1},
    {"optimizer": "rmsprop", "centered": True, "rmsprop_momentum": 0.5, "beta": 0.8},
    {"optimizer": "adam", "amsgrad": True, "l2": 0.01},
    {"optimizer": "sgd", "weight_decay": 0.1, "schedule": "one_cycle"},
    {"optimizer": "sgd", "schedule": "performance", "performance_patience": 0.0},
]


def examples(name):
    """The first examples of a bundled dataset."""
    dataset = load(name)
    return replace(dataset, features=dataset.features[:EXAMPLES], targets=dataset.targets[:EXAMPLES])


DATASETS = {name: examples(name) for name in ("digits", "diabetes")}


def job(dataset="digits", precision="float32", **fixed):
    """A sweep's job: small networks, few epochs."""
    data = DATASETS[dataset] if isinstance(dataset, str) else dataset
    fixed = {"width": 6, "batch_size": 32, **fixed}
    cap = data.constant_prediction()["validation_loss"]
    return Job(data, fixed, None, 0, EPOCHS, precision, "validation_loss", cap, 0.2)


def results(trainer, configurations, replicate=0):
    """Finished trials of configurations that are trained together."""
    trials = tuple(PlannedTrial(number, c, replicate) for number, c in enumerate(configurations))
    return trainer(Task(trials, PARTS))


def numbers(trial):
    """Everything training gave a member."""
    fate = trial.outcome, trial.value, trial.diverged_at, trial.loss_rose
    return *fate, trial.final, trial.best, trial.curves


def table(coefficients, count=1):
    """Columns (count, 1) of coefficients for a rule, defaults filled in."""
    return {name: np.full((count, 1), float(value)) for name, value in coefficients.items()}


def path(optimizer, gradients, rate=0.1, steps=None, start=1.0, **coefficients):
    """Parameters (steps + 1, P) of one member that meets given gradients (steps, P)."""
    c = complete({"optimizer": optimizer, "weight_decay": 0.0, **coefficients})
    rule_type = OPTIMIZERS[optimizer]
    names = (*rule_type.coefficients_used, "weight_decay", "l2")
    gradients = np.asarray(gradients, float)
    parameters = np.full((1, gradients.shape[1]), start)
    rule = rule_type(
        table({n: c[n] for n in names}), parameters, np.ones(parameters.shape[1]), steps or len(gradients)
    )
    visited, scratch = [parameters[0].copy()], np.empty_like(parameters)
    for gradient in gradients:
        rule.step(parameters, gradient[None].copy(), np.array([[rate]]), scratch)
        visited.append(parameters[0].copy())
    return np.array(visited)


def rates_of(configuration, steps):
    """Learning rates of a member that trains for one epoch of so many steps."""
    architecture = Architecture(1, (), 1)
    population = Population([configuration], architecture, np.zeros((1, 2)), steps, 1)
    return population.rates_of_epoch(0)[:, 0, 0].tolist()


def gradient_rows(steps=20, parameters=5, seed=0):
    """Gradients of very different sizes."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((steps, parameters)) * 10.0 ** rng.integers(-3, 3, (steps, parameters))


# A member's numbers are its own


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("batch_norm", [False, True], ids=["plain", "batch_norm"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_member_is_the_same_alone_and_in_any_population(activation, batch_norm, precision):
    """Curves are equal to the last bit alone, among 7 and among 32, beside members that diverge.

    The last minibatch has one example; the number of hidden units and the batch size vary with the case.
    """
    batch_size, width = {False: (32, 5), True: (16, 8)}[batch_norm]
    dataset = {"float32": "digits", "float64": "diabetes"}[precision]
    shape = {"activation": activation, "batch_norm": batch_norm, "width": width}
    trainer = Trainer(job(dataset, precision, batch_size=batch_size, **shape))
    alone = [numbers(results(trainer, [member])[0]) for member in MEMBERS]
    strange = {"learning_rate": 1e30, "beta": 0.5, "beta2": 0.5, "epsilon": 1e-3}
    others = [WILD, DIVERGING, *({"optimizer": optimizer, **strange} for optimizer in OPTIMIZERS)]
    others += [{}] * (32 - len(MEMBERS) - len(others))
    for population in ([*others, *MEMBERS], [*MEMBERS[::-1], *others]):
        together = results(trainer, population)
        for trial in together:
            if trial.planned.configuration in MEMBERS:
                assert numbers(trial) == alone[MEMBERS.index(trial.planned.configuration)]
        assert len(together[population.index(WILD)].curves["training_loss"]) <= 1  # stopped at once
    for start in range(0, len(MEMBERS), 6):
        together = results(trainer, [*MEMBERS[start : start + 6], WILD])
        for trial, expected in zip(together[:-1], alone[start : start + 6], strict=True):
            assert numbers(trial) == expected


@pytest.mark.parametrize("batch_size", [1, 8, 48, 96, 97, 1000])
@pytest.mark.parametrize("depth", [0, 1, 3])
def test_a_member_is_the_same_for_every_batch_size_and_depth(batch_size, depth):
    """With any batch size and depth, one example to a batch or all, a member alone is itself among 7."""
    trainer = Trainer(job(batch_size=batch_size, depth=depth))
    chosen = MEMBERS[:6] if batch_size > 1 else MEMBERS[:2]
    together = results(trainer, [WILD, *chosen])
    for member, trial in zip(chosen, together[1:], strict=True):
        assert numbers(results(trainer, [member])[0]) == numbers(trial)


# Divergence


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("dataset", DATASETS)
def test_divergence_is_an_outcome_with_finite_numbers(dataset, precision):
    """Nesterov with β = 0.99 and a rate of 100 diverges: value capped, epoch known, all numbers finite."""
    the_job = job(dataset, precision)
    steady = {"optimizer": "sgd", "learning_rate": 0.01}
    trial, beside = results(Trainer(the_job), [DIVERGING, steady])
    assert trial.outcome == "diverged"
    assert trial.value == the_job.cap
    assert 0 < trial.diverged_at <= EPOCHS
    recorded = [*trial.final.values(), *trial.best.values(), *itertools.chain(*trial.curves.values())]
    assert all(math.isfinite(number) for number in recorded)
    assert beside.outcome == "trained"
    assert {len(curve) for curve in beside.curves.values()} == {EPOCHS + 1}


def test_curves_of_a_member_that_stops_end():
    """A member whose numbers overflow has no final metrics and one curve element per epoch it finished."""
    slow = {"optimizer": "sgd", "learning_rate": 100.0, "activation": "identity"}
    for configuration in (WILD, slow):
        (trial,) = results(Trainer(job("diabetes")), [configuration])
        assert trial.outcome == "diverged"
        assert trial.final == {}
        assert {len(curve) for curve in trial.curves.values()} == {math.ceil(trial.diverged_at)}
    (never,) = results(Trainer(job(initial_scale=1e30, activation="identity", depth=3)), [{}])
    assert (never.diverged_at, never.final, never.best) == (0.0, {}, {})


def test_a_member_that_stops_in_a_later_epoch_says_when():
    """The epoch of the first loss that is not finite has the minibatches before it as its fraction."""
    growing = {"optimizer": "sgd", "learning_rate": 30.0, "depth": 0}
    trial, beside = results(Trainer(job("diabetes", batch_size=30)), [growing, {"depth": 0}])
    assert trial.diverged_at > 1
    assert {len(curve) for curve in trial.curves.values()} == {math.ceil(trial.diverged_at)}
    assert (trial.diverged_at * 4).is_integer()
    assert beside.outcome == "trained"


def ended(error, loss, metric="validation_error", stopped_at=None):
    """A trial of three epochs with these final numbers; a constant prediction errs in 0.9, its loss is 2."""
    curves = {
        "validation_error": [0.9, 0.5, 0.4, error],
        "validation_loss": [2.0, 1.0, 1.0, 3.0],
        "training_loss": [2.0, 9.0, 1.0, 7.0],
    }
    final = {"validation_error": error, "validation_loss": 3.0, "training_loss": loss}
    cap = 0.9 if metric.endswith("error") else 2.0
    return finish(PlannedTrial(0, {}, 0), curves, {} if stopped_at else final, metric, cap, stopped_at, 0.0)


@pytest.mark.parametrize(
    ("error", "loss", "expected"),
    [
        (0.05, 1.0, ("trained", None, 0.05, False)),
        (0.05, 2.5, ("trained", None, 0.05, True)),  # sure where it is wrong, and right nearly always
        (0.05, 2.0, ("trained", None, 0.05, False)),  # no rise
        (0.05, 2.00001, ("trained", None, 0.05, False)),  # rounding
        (0.95, 1.0, ("trained", None, 0.9, False)),  # learned what does not carry over
        (0.9, 2.5, ("diverged", 3.0, 0.9, True)),
        (0.95, 2.5, ("diverged", 3.0, 0.9, True)),
    ],
)
def test_a_trial_counts_with_its_own_metric_and_the_label_changes_no_number(error, loss, expected):
    """Value min(error, 0.9); diverged at the end: loss above its start *and* no better than a constant."""
    trial = ended(error, loss)
    assert (trial.outcome, trial.diverged_at, trial.value, trial.loss_rose) == expected


def test_only_training_that_stopped_being_finite_counts_with_the_cap_whatever_it_had_reached():
    """Stopped at epoch 2.25 after an error of 0.4: the cap, also of the best epoch's error."""
    for metric in ("validation_error", "best_validation_error"):
        trial = ended(0.05, 1.0, metric, stopped_at=2.25)
        assert (trial.outcome, trial.diverged_at, trial.value, trial.loss_rose) == (
            *("diverged", 2.25, 0.9),
            False,
        )


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("best_validation_error", ("trained", 0.4)),  # the best epoch is better than a constant
        ("validation_loss", ("diverged", 2.0)),  # 3 is above a constant's 2
        ("best_validation_loss", ("trained", 1.0)),
        ("training_loss", ("diverged", 2.0)),
    ],
)
def test_another_metric_is_capped_and_judged_by_its_own_constant_prediction(metric, expected):
    """A loss that ended at 2.5 beside an error of 0.95: what counts as good is the sweep's own metric."""
    trial = ended(0.95, 2.5, metric)
    assert (trial.outcome, trial.value) == expected


def test_an_old_trial_is_judged_anew_from_what_was_recorded_of_it():
    """Recorded as diverged, at the cap, with an error of 0.05: its value is 0.05, and its loss rose."""
    trial = ended(0.05, 2.5)
    old = replace(trial, outcome="diverged", diverged_at=3.0, value=0.9, loss_rose=False)
    assert judged_anew(old, "validation_error", 0.9) == trial
    stopped = ended(0.05, 2.5, stopped_at=1.5)
    assert judged_anew(stopped, "validation_error", 0.9) == stopped


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("rate", [1e-12, 1e-9, 1e-4])
def test_training_next_to_nothing_is_no_divergence(batch_norm, rate):
    """A rate too small to move the loss leaves it where it was: trained, whatever rounding says."""
    small = [{"optimizer": name, "learning_rate": rate, "batch_norm": batch_norm} for name in ("sgd", "adam")]
    for trial in results(Trainer(job("diabetes", batch_size=4)), small):
        assert trial.outcome == "trained"
        assert trial.final["training_loss"] == pytest.approx(trial.curves["training_loss"][0], rel=0.2)


@pytest.mark.parametrize("scale", [1e20, 1e30])
@pytest.mark.parametrize("dataset", ["digits", "diabetes"])
def test_weights_too_large_to_begin_with_diverge_at_once(dataset, scale):
    """Loss not finite at initialisation: diverged at epoch 0, nothing recorded that is not finite."""
    trial, beside = results(Trainer(job(dataset)), [{"initial_scale": scale}, {}])
    assert trial.outcome == "diverged"
    numbers = [*trial.final.values(), *trial.best.values(), *(v for c in trial.curves.values() for v in c)]
    assert all(math.isfinite(number) for number in numbers)
    assert beside.outcome == "trained"


def test_a_rate_that_ends_above_the_first_loss_diverges_at_the_last_epoch_where_nothing_is_learned():
    """Rates too large that overflow nothing: diverged at the number of epochs, with final metrics."""
    (trial,) = results(Trainer(job(activation="tanh")), [{"optimizer": "adam", "learning_rate": 30.0}])
    assert trial.curves["training_loss"][-1] > trial.curves["training_loss"][0]
    assert trial.loss_rose
    assert trial.final["validation_loss"] > trial.value == job().cap
    assert (trial.outcome, trial.diverged_at) == ("diverged", float(EPOCHS))
    assert set(trial.final) == set(METRIC_NAMES)


def test_large_validation_loss_alone_is_no_divergence():
    """A network that learns its training set trained, though it knows nothing of the validation set."""
    digits = DATASETS["digits"]
    shuffled = digits.targets.copy()
    shuffled[TRAINED:] = (shuffled[TRAINED:] + 1) % 10
    trainer = Trainer(job(replace(digits, targets=shuffled), width=64, batch_size=4))
    (trial,) = results(trainer, [{"optimizer": "adam", "learning_rate": 0.02}])
    curves = trial.curves
    assert curves["validation_loss"][-1] > 1.5 * curves["validation_loss"][0]
    assert curves["training_loss"][-1] < curves["training_loss"][0]
    assert (trial.outcome, trial.diverged_at, trial.value) == ("trained", None, trainer.job.cap)


# Common random numbers


@pytest.mark.parametrize("batch_size", [1, 16, 97, 200])
def test_minibatches_use_every_example_once_per_epoch(batch_size):
    """An epoch's minibatches are a permutation of the training set, another each epoch."""
    order = Order.draw(np.random.default_rng(0), TRAINED, EPOCHS, batch_size)
    for permutation in order.permutations:
        seen = np.concatenate([permutation[start : start + batch_size] for start in order.starts])
        np.testing.assert_array_equal(np.sort(seen), np.arange(TRAINED))
    assert len({permutation.tobytes() for permutation in order.permutations}) == EPOCHS
    assert len(order.starts) == math.ceil(TRAINED / batch_size)
    same = Order.draw(np.random.default_rng(0), TRAINED, EPOCHS, 7)
    np.testing.assert_array_equal(order.permutations, same.permutations)


def test_configurations_of_a_replicate_share_weights_and_order():
    """All configurations of a replicate start from the same weights and see the same order; others do not."""
    rates = [{"optimizer": "sgd", "learning_rate": rate} for rate in (1e-3, 1e-2)]
    rows = [results(Trainer(job()), rates, replicate) for replicate in (0, 1)]
    first = [[trial.curves["training_loss"][0] for trial in trials] for trials in rows]
    assert first[0][0] == first[0][1]
    assert first[0][0] != first[1][0]
    trainer = Trainer(job())
    orders = [trainer._permutations(replicate, TRAINED) for replicate in (0, 1)]
    assert (orders[0] != orders[1]).any()
    np.testing.assert_array_equal(orders[0], Trainer(job(batch_size=8))._permutations(0, TRAINED))
    drawn = generator(0, 0, Purpose.ORDER).permutation(TRAINED)
    np.testing.assert_array_equal(orders[0][0], drawn)
    architecture = Architecture(64, (6,), 10)
    weights = architecture.initial_parameters(generator(0, 1, Purpose.WEIGHTS), "he").astype(np.float32)
    np.testing.assert_array_equal(trainer._weights([complete({})] * 2, architecture, 1, None), [weights] * 2)


def test_the_loss_at_initialisation_moves_no_running_average():
    """Measuring the first training loss leaves batch normalisation at mean 0 and variance 1."""
    architecture = Architecture(64, (5,), 10, batch_norm=True)
    split = Trainer(job())._split(0, *(part.tobytes() for part in PARTS), None)
    parameters = architecture.initial_parameters(np.random.default_rng(0), "he")[None].astype(np.float32)
    order = Order(np.empty((0, TRAINED), np.int64), 32)
    population = Population([complete({})], architecture, parameters, 4, 0)
    training = Training()
    _Run(population, [training], split, order).run()
    (norm,) = population.networks.norms
    assert not norm.mean.any()
    assert (norm.variance == 1).all()
    assert {len(curve) for curve in training.curves.values()} == {1}


def test_initialisers_are_scales_of_the_same_draws():
    """Two initialisers give the same standard normal numbers, each at its own scale."""
    architecture = Architecture(64, (32,), 10)
    he, glorot = (
        architecture.views(architecture.initial_parameters(np.random.default_rng(0), name)[None])[0][
            "weights"
        ]
        for name in ("he", "glorot")
    )
    np.testing.assert_allclose(he / math.sqrt(2 / 64), glorot / math.sqrt(2 / (64 + 32)))


@pytest.mark.parametrize(
    ("initialiser", "variance"), [("he", 2 / 64), ("glorot", 2 / 96), ("lecun", 1 / 64), ("normal", 0.05**2)]
)
@pytest.mark.parametrize("scale", [1.0, 3.0])
def test_initial_weights_have_the_stated_spread(initialiser, variance, scale):
    """Weights are normal with the stated variance (χ² interval of 99.8 %), biases zero, γ one."""
    assert initialiser in INITIALISERS
    architecture = Architecture(64, (32,), 10, batch_norm=True)
    rng = np.random.default_rng(7)
    layer, last = architecture.views(architecture.initial_parameters(rng, initialiser, scale)[None])
    weights = layer["weights"].ravel()
    low, high = stats.chi2.ppf([0.001, 0.999], weights.size)
    assert low <= np.sum(weights**2) / (variance * scale**2) <= high
    assert stats.kstest(weights / (math.sqrt(variance) * scale), "norm").pvalue > 0.001
    assert not layer["shift"].any()
    assert not last["bias"].any()
    assert (layer["gamma"] == 1).all()


# Rules


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.99])
def test_momentum_as_an_average_has_the_same_path_at_another_rate(beta):
    """momentum(η) and momentum_ema(η / (1 − β)) go the same way."""
    plain = path("momentum", gradient_rows(), 0.1, beta=beta)
    average = path("momentum_ema", gradient_rows(), 0.1 / (1 - beta), beta=beta)
    np.testing.assert_allclose(average, plain, rtol=1e-12)


@pytest.mark.parametrize("optimizer", ["momentum", "momentum_ema", "nesterov"])
def test_without_beta_momentum_is_sgd(optimizer):
    """β = 0 is plain gradient descent, to the last bit and in a whole training."""
    np.testing.assert_array_equal(path(optimizer, gradient_rows(), beta=0.0), path("sgd", gradient_rows()))
    pair = [{"optimizer": optimizer, "beta": 0.0}, {"optimizer": "sgd"}]
    momentum, sgd = results(Trainer(job(learning_rate=0.05)), pair)
    assert numbers(momentum) == numbers(sgd)


def test_full_batch_is_gradient_descent_whatever_the_order():
    """One batch of all examples gives the same path for two orders of the examples."""
    rng = np.random.default_rng(3)
    x, y = rng.standard_normal((40, 4)), rng.standard_normal((40, 2))
    split = Split(x[:30], x[30:], y[:30], y[30:], None, None)
    architecture = Architecture(4, (5,), 2, "tanh")
    start = architecture.initial_parameters(np.random.default_rng(0), "he")[None]
    c = complete({"optimizer": "momentum", "learning_rate": 0.05})
    one, other = (
        train([c], architecture, start.copy(), split, Order.draw(np.random.default_rng(seed), 30, 6, 30))[0]
        for seed in (1, 2)
    )
    for name in METRIC_NAMES:
        np.testing.assert_allclose(one.curves[name], other.curves[name], rtol=1e-12)


@pytest.mark.parametrize(("switch", "adam_steps"), [(0.0, 0), (0.3, 6), (0.5, 10), (1.0, 20)])
def test_adam_then_sgd_is_adam_and_then_sgd(switch, adam_steps):
    """Up to its part of the run it is Adam, from then on each step is −η g, and η is SGD's own."""
    gradients = gradient_rows(20)
    both = path("adam_then_sgd", gradients, 0.1, switch=switch)
    adam = path("adam", gradients, 0.1)
    np.testing.assert_array_equal(both[: adam_steps + 1], adam[: adam_steps + 1])
    np.testing.assert_allclose(
        np.diff(both, axis=0)[adam_steps:], -0.1 * gradients[adam_steps:], rtol=1e-9, atol=1e-12
    )
    c = complete({"optimizer": "adam_then_sgd", "switch": switch, "learning_rate": 0.01})
    assert rates_of(c | {"sgd_learning_rate": 0.5}, 20) == [0.01] * adam_steps + [0.5] * (20 - adam_steps)


def test_a_switch_counts_epochs_from_one_on(tmp_path):
    """After 1 of 4 epochs is after a quarter of the run, after all 4 never: Adam's own training."""

    def trained(**space):
        raw = {"dataset": "iris", "epochs": 4, "search": 0, "replicates": 1, "network": {"hidden": [3]}}
        space = {"learning_rate": [0.01, 0.1], "batch_size": 16} | space
        url = f"journal://{tmp_path / str(space)}"
        return [trial.curves for trial in run(prepare(parse({**raw, "space": space})), url)]

    both = {"optimizer": "adam_then_sgd"}
    assert trained(**both, switch=1) == trained(**both, switch=0.25)
    assert trained(**both, switch=4) == trained(optimizer="adam")
    assert trained(**both, switch=3) != trained(**both, switch=4)


def test_a_schedule_multiplies_the_rates_before_and_after_the_switch():
    """On a straight line to zero, of four steps: 1, ¾ of Adam's 0.01, then ½, ¼ of SGD's 0.4."""
    c = complete({"optimizer": "adam_then_sgd", "learning_rate": 0.01, "schedule": "linear"})
    assert rates_of(c | {"sgd_learning_rate": 0.4}, 4) == pytest.approx([0.01, 0.0075, 0.2, 0.1])


@pytest.mark.parametrize("beta", [0.5, 0.9, 0.99])
def test_centered_rmsprop_of_constant_gradients_is_finite(beta):
    """Rounding may leave s − m² below zero where a gradient never changes: its root is taken as 0."""
    gradients = np.tile(10.0 ** np.linspace(-3, 3, 200), (400, 1))
    visited = path("rmsprop", gradients, 1e-3, beta=beta, centered=True)
    assert np.isfinite(visited).all()
    assert (np.diff(visited, axis=0) < 0).all()


@given(
    gradients=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30),
    beta=st.floats(0, 0.95),
    beta2=st.floats(0.95, 0.9999),
)
@settings(max_examples=60, deadline=None)
def test_adams_step_is_bounded(gradients, beta, beta2):
    """No gradient moves a weight further than η times a bound that depends on β₁, β₂ and t only.

    By Cauchy and Schwarz |m| ≤ (1−β₁) √(Σ (β₁²/β₂)ⁱ) √(Σ β₂ⁱ g²), the last root being √(s / (1−β₂)).
    """
    visited = path("adam", [[g] for g in gradients], 0.1, start=0.0, beta=beta, beta2=beta2)
    steps = np.abs(np.diff(visited[:, 0]))
    t = np.arange(1, len(steps) + 1)
    series = np.array([np.sum((beta**2 / beta2) ** np.arange(n)) for n in t])
    bound = (1 - beta) / (1 - beta**t) * np.sqrt(series * (1 - beta2**t) / (1 - beta2))
    assert (steps <= 0.1 * bound * (1 + 1e-6) + 1e-9).all()


def test_adams_steps_of_two_known_gradients():
    """A gradient that never changes moves η; one after 999 zeros (1−β₁)/√(1−β₂) as much, corrected for t."""
    np.testing.assert_allclose(np.diff(path("adam", np.full((50, 1), 1e3), 0.1)[:, 0]), -0.1, rtol=1e-9)
    sparse = path("adam", [[0.0]] * 999 + [[5.0]], 0.1)[:, 0]
    assert (sparse[:-1] == 1.0).all()
    expected = 0.1 * (0.1 / math.sqrt(0.001)) * math.sqrt(1 - 0.999**1000) / (1 - 0.9**1000)
    assert sparse[-2] - sparse[-1] == pytest.approx(expected, rel=1e-6)


# Schedules


def test_performance_schedule_by_hand():
    """With patience 1 and a tenth to gain, the rate halves when the second bad epoch in a row is seen."""
    plateau = ReduceOnPlateau(np.array([0.8]), np.array([0.5]), np.array([1.0]), np.array([0.1]))
    seen = {  # loss: rate afterwards
        1.0: 0.8,  # the first is the best
        0.95: 0.8,  # less than a tenth better: bad, once
        0.89: 0.8,  # a tenth better: counting starts again
        0.88: 0.8,  # bad, once
        0.87: 0.4,  # bad, twice: halved, counting starts again
        0.86: 0.4,  # bad, once
        0.85: 0.2,  # bad, twice
        0.10: 0.2,  # better
    }
    for loss, rate in seen.items():
        plateau.update(np.array([loss]))
        assert plateau.rates[0] == pytest.approx(rate)


def test_performance_schedule_lowers_the_rate_of_its_member_only():
    """In a population the member that waits lowers its rate of the next epoch, its neighbour keeps it."""
    waits = {"schedule": "performance", "performance_patience": 0.2, "performance_factor": 0.1, "warmup": 0.5}
    configurations = [complete({"optimizer": "sgd", "learning_rate": 1.0, **c}) for c in ({}, waits)]
    architecture = Architecture(2, (), 1)
    parameters = np.zeros((2, architecture.parameter_count))
    population = Population(configurations, architecture, parameters, 2, 10)  # patience 0.2 · 10 = 2 epochs
    rates = []
    for epoch in range(10):
        rates.append(population.rates_of_epoch(epoch)[0, :, 0])
        population.observe(np.ones(2))
    # Warm-up to epoch 5. No loss is better than that of epoch 0: three bad ones end with epochs 3, 6 and 9.
    expected = [0.0, 0.2, 0.4, 0.6, 0.08, 0.1, 0.1, 0.01, 0.01, 0.01]
    np.testing.assert_allclose(np.array(rates), np.stack([np.ones(10), expected], axis=1))


def test_warm_up_by_hand():
    """Four of ten steps rise from a fifth to the whole rate; the schedule then has the other six."""
    c = complete({"learning_rate": 2.0, "warmup": 0.4, "warmup_start": 0.2})
    np.testing.assert_allclose(learning_rates(10, c), 2 * np.array([0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1, 1, 1]))
    falling = {"schedule": "exponential", "exponential_length": 1 / 6}
    tenths = [0.2, 0.4, 0.6, 0.8, 1, 0.1, 0.01, 1e-3, 1e-4, 1e-5]
    np.testing.assert_allclose(learning_rates(10, {**c, **falling}), 2 * np.array(tenths))


def permitted(name):
    """Values that a user may give a setting."""
    known = KNOWN_SETTINGS[name]
    if known.kind == "boolean":
        return st.booleans()
    if known.kind == "choice":
        return st.sampled_from(known.choices)
    low, high = max(known.low, -1e300), min(known.high, 1e300)
    numbers_ = st.floats(low, high, exclude_min=known.low_open, exclude_max=known.high_open)
    return numbers_ | st.just(default(name, "adam")) if known.kind == "float" else numbers_


@st.composite
def schedules(draw):
    """Any schedule with any permitted coefficients."""
    own = {name: known.kind for name, known in KNOWN_SETTINGS.items() if "schedule" in condition(name)}
    single = (name for name, kind in own.items() if kind != "numbers")
    c = {name: draw(permitted(name)) for name in (*single, "warmup", "warmup_start", "learning_rate")}
    count = draw(st.integers(1, 3))
    for name in ("piecewise_boundaries", "piecewise_factors"):
        c[name] = tuple(draw(st.lists(permitted(name), min_size=count, max_size=count)))
    return complete({**c, "schedule": draw(st.sampled_from(list(SCHEDULES)))})


@given(c=schedules(), steps=st.integers(1, 3) | st.integers(4, 200))
@settings(max_examples=400, deadline=None)
def test_rates_are_finite_and_not_negative(c, steps):
    """Every schedule, however short the run and whatever the coefficients, gives a rate for every step."""
    rates = learning_rates(steps, c)
    assert rates.shape == (steps,)
    assert np.isfinite(rates).all()
    assert (rates >= 0).all()


def test_split_is_the_jobs_data():
    """The job's dataset reaches training standardised by its training part."""
    split = Trainer(job("diabetes", "float64"))._split(0, *(part.tobytes() for part in PARTS), None)
    np.testing.assert_allclose(split.x_train.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(split.y_train.std(axis=0), 1)


def test_performance_scheduling_listens_to_the_validation_loss():
    """Training loss falls, validation loss rises: the rate falls after the patience; else it would not."""
    digits = DATASETS["digits"]
    shuffled = digits.targets.copy()
    shuffled[TRAINED:] = (shuffled[TRAINED:] + 1) % 10
    trainer = Trainer(job(replace(digits, targets=shuffled), width=32, batch_size=8))
    impatient = {"learning_rate": 0.02, "schedule": "performance", "performance_patience": 0.0}
    floor = {**impatient, "performance_factor": 1e-9}
    steady, lowered = results(trainer, [{"learning_rate": 0.02}, floor])
    steady_loss, lowered_loss = (trial.curves["training_loss"] for trial in (steady, lowered))
    validation = steady.curves["validation_loss"]
    rise = next(e for e in range(2, len(validation)) if validation[e] > validation[e - 1])
    assert lowered_loss[: rise + 1] == steady_loss[: rise + 1]
    # From there on the rate is next to nothing: the loss of the training set stays where it is.
    assert lowered.final["training_loss"] > steady.final["training_loss"]
    assert lowered.curves["validation_loss"][-1] == pytest.approx(validation[rise], rel=1e-3)


def test_defaults_are_those_promised():
    """Coefficients that a definition leaves open: the papers', and lengths relative to the run."""
    from sweeps.settings import complete

    expected = {
        "sgd": {"weight_decay": 0.0, "l2": 0.0, "batch_size": 32, "schedule": "constant", "warmup": 0.0},
        "momentum": {"beta": 0.9},
        "momentum_ema": {"beta": 0.9, "bias_correction": False},
        "adagrad": {"epsilon": 1e-10, "initial_accumulator": 0.0},
        "rmsprop": {"beta": 0.9, "epsilon": 1e-8, "centered": False, "rmsprop_momentum": 0.0},
        "adam": {"beta": 0.9, "beta2": 0.999, "epsilon": 1e-8, "amsgrad": False, "weight_decay": 0.0},
        "nadam": {"momentum_decay": 0.004, "beta2": 0.999},
        "adamw": {"weight_decay": 0.01, "beta": 0.9},
        "adam_then_sgd": {"switch": 0.5, "sgd_learning_rate": 0.1},
        "lion": {"beta": 0.9, "beta2": 0.99},
    }
    schedules = {
        "power_length": 0.1,
        "power_exponent": 1.0,
        "exponential_length": 0.5,
        "piecewise_boundaries": (0.5, 0.75),
        "piecewise_factors": (0.1, 0.01),
        "performance_factor": 0.5,
        "performance_patience": 0.1,
        "one_cycle_peak": 0.45,
        "one_cycle_divisor": 10.0,
        "one_cycle_final_divisor": 1000.0,
        "one_cycle_three_phases": True,
        "cosine_floor": 0.0,
    }
    for optimizer, values in expected.items():
        found = complete({"optimizer": optimizer})
        assert {name: found[name] for name in (*values, *schedules)} == {**values, **schedules}
