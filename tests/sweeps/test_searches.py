"""Baselines without gradients: what they try, what they keep, and what it costs."""

from dataclasses import replace

import numpy as np
import pytest

from sweeps.datasets import load
from sweeps.definition import parse
from sweeps.network import Architecture, Perceptrons
from sweeps.run import prepare, run
from sweeps.seeds import Purpose, generator
from sweeps.settings import complete
from sweeps.tasks import Job, Task, Trainer
from sweeps.training import Order, loss_of, train
from sweeps.trial import PlannedTrial

SEARCHES = ("random_search", "random_local_search")
EPOCHS = 8


def job(dataset="iris", **fixed):
    """A sweep's job: small networks, few epochs, in double precision."""
    data = load(dataset)
    cap = data.constant_prediction()["training_loss"]
    return Job(data, {"width": 5, **fixed}, None, 0, EPOCHS, "float64", "training_loss", cap, 0.2)


def results(trainer, *configurations, replicate=0):
    """Finished trials of configurations that are trained together."""
    trials = tuple(PlannedTrial(number, c, replicate) for number, c in enumerate(configurations))
    return trainer(Task(trials, trainer.job.parts(replicate)))


def watched(trainer, configuration):
    """Parameters before the first epoch and after each, (epochs + 1, P), and the split."""
    seen = []
    task = Task((PlannedTrial(0, configuration, 0),), trainer.job.parts(0))
    trainer(task, lambda _, parameters, split: seen.append((parameters[0], split)))
    return np.array([parameters for parameters, _ in seen]), seen[0][1]


def by_hand(trainer, configuration, move):
    """The kept parameters after each epoch: three tries each, every one of the whole training set."""
    start, split = watched(trainer, configuration)
    architecture = trainer.job.architecture(trainer.job.complete(configuration))
    draws, loss = generator(0, 0, Purpose.TRIES), loss_of(split)

    def training_loss(parameters):
        outputs = Perceptrons(architecture, parameters[None]).forward(split.x_train, training=True)
        return loss.loss(outputs, split.y_train)[0]

    kept, path = start[0], [start[0]]
    for _ in range(EPOCHS):
        for _ in range(3):
            tried = move(kept, draws.standard_normal(len(kept)), architecture)
            kept = min((kept, tried), key=training_loss)
        path.append(kept)
    return np.array(path), start


def test_random_search_keeps_the_best_of_fresh_weights():
    """He's weights of the fresh draws, zero biases; what is kept has the lowest training loss so far."""

    def fresh(_, normal, architecture):
        blocks, start = [], 0
        for fan_in, fan_out in architecture.sizes:
            stop = start + fan_in * fan_out
            blocks += [normal[start:stop] * np.sqrt(2 / fan_in), np.zeros(fan_out)]
            start = stop + fan_out
        return np.concatenate(blocks)

    expected, path = by_hand(Trainer(job()), {"optimizer": "random_search"}, fresh)
    np.testing.assert_allclose(path, expected, rtol=1e-14)
    assert len(np.unique(path, axis=0)) > 1


def test_random_local_search_moves_by_the_rate_and_only_downhill():
    """θ + 0.3 z on every weight and bias where that lowers the training loss, else θ stays to the bit."""
    configuration = {"optimizer": "random_local_search", "learning_rate": 0.3}
    expected, path = by_hand(Trainer(job()), configuration, lambda kept, normal, _: kept + 0.3 * normal)
    np.testing.assert_allclose(path, expected, rtol=1e-14)
    stayed = (np.diff(path, axis=0) == 0).all(axis=1)
    assert 0 < stayed.sum() < EPOCHS


@pytest.mark.parametrize("optimizer", SEARCHES)
@pytest.mark.parametrize("dataset", ["wine", "diabetes"])
@pytest.mark.parametrize("batch_norm", [False, True])
def test_the_training_loss_never_rises(optimizer, dataset, batch_norm):
    """Whatever is tried, even steps of 10³⁰; so nothing ever diverges."""
    trainer = Trainer(job(dataset, batch_norm=batch_norm))
    for trial in results(trainer, *({"optimizer": optimizer, "learning_rate": r} for r in (1e-9, 0.1, 1e30))):
        assert trial.outcome == "trained"
        assert not trial.loss_rose
        losses = np.array([*trial.curves["training_loss"][1:], trial.final["training_loss"]])
        assert (np.diff(losses) <= 1e-12).all()


def test_settings_that_a_search_does_not_read_change_nothing():
    """Batch size, decay and penalty change no search, nor rate and schedule a random one."""
    everywhere = {"batch_size": 7, "weight_decay": 0.1, "l2": 0.1}
    paced = {"learning_rate": 3.0, "schedule": "exponential", "warmup": 0.5}
    for optimizer, others in (("random_search", everywhere | paced), ("random_local_search", everywhere)):
        plain, other = (
            watched(Trainer(job()), {"optimizer": optimizer, **settings})[0] for settings in ({}, others)
        )
        np.testing.assert_array_equal(plain, other)


def test_a_schedule_shortens_the_steps_of_a_local_search():
    """A rate that falls to a tenth by the middle of the run: the last steps are a hundredth of the first."""
    falling = {"optimizer": "random_local_search", "learning_rate": 1e-3, "schedule": "exponential"}
    path, _ = watched(Trainer(job()), falling)
    constant, _ = watched(Trainer(job()), {**falling, "schedule": "constant"})
    last, same = (np.abs(np.diff(one, axis=0)[-1]).max() for one in (path, constant))
    assert 0 < last < 0.05 * same


def test_batch_normalisation_judges_by_the_kept_network():
    """Validation uses mean and variance of the kept network over the training set, not of those tried."""
    trainer = Trainer(job(batch_norm=True))
    configuration = {"optimizer": "random_search"}
    path, split = watched(trainer, configuration)
    (trial,) = results(trainer, configuration)
    architecture = trainer.job.architecture(trainer.job.complete(configuration))
    weights = architecture.views(path[-1:])
    z, v = (x @ weights[0]["weights"][0] for x in (split.x_train, split.x_validation))
    hidden = (v - z.mean(axis=0)) / np.sqrt(z.var(axis=0, ddof=1) + 1e-5)
    hidden = np.maximum(weights[0]["gamma"][0] * hidden + weights[0]["shift"][0], 0)
    outputs = hidden @ weights[1]["weights"][0] + weights[1]["bias"][0]
    wrong = outputs.argmax(axis=1) != split.labels_validation
    assert trial.final["validation_error"] == pytest.approx(wrong.mean())


def test_searches_and_gradients_train_together_and_cost_the_same():
    """Mixed, alone, in any order: the same numbers; three evaluations an epoch, fewer for who stopped."""
    trainer = Trainer(job(batch_size=32))
    wild = {"optimizer": "sgd", "learning_rate": 1e30, "weight_decay": 1e30}
    members = [{"optimizer": "random_search"}, {"optimizer": "sgd", "learning_rate": 0.1}, wild]
    members += [{"optimizer": "random_local_search", "learning_rate": rate} for rate in (0.01, 0.3)]
    together = results(trainer, *members)
    backwards = results(trainer, *members[::-1])[::-1]
    for member, one, other in zip(members, together, backwards, strict=True):
        (alone,) = results(trainer, member)
        assert replace(alone, seconds=0, planned=one.planned) == replace(one, seconds=0)
        assert replace(other, seconds=0, planned=one.planned) == replace(one, seconds=0)
    costs = [trial.evaluations for trial in together]
    assert costs == [3 * EPOCHS, 3 * EPOCHS, costs[2], 3 * EPOCHS, 3 * EPOCHS]
    assert costs[2] == pytest.approx(3 * together[2].diverged_at)
    assert costs[2] < 3


def test_replicates_try_other_weights():
    """Each replicate draws for itself."""
    trainer = Trainer(job())
    first, second = (results(trainer, {"optimizer": "random_search"}, replicate=r)[0] for r in (0, 1))
    assert first.final["training_loss"] != second.final["training_loss"]


SWEEP = {
    "dataset": "iris",
    "epochs": 5,
    "search": 4,
    "network": {"hidden": [4]},
    "space": {
        "optimizer": ["sgd", *SEARCHES],
        "learning_rate": [0.01, 0.1],
        "beta": [0.5, 0.9],
        "batch_size": [8, 16],
        "schedule": ["constant", "linear"],
    },
}


def test_a_sweep_gives_the_same_whatever_its_workers_and_populations(tmp_path):
    """Recorded, interrupted by nothing, in two processes or one by one: equal trials and equal costs."""
    raw = {**SWEEP, "space": {name: value for name, value in SWEEP["space"].items() if name != "beta"}}
    sweep = prepare(parse(raw))
    ways = [{"population": 1}, {"workers": 2}, {"population": 3}]
    runs = [
        [replace(trial, seconds=0.0) for trial in run(sweep, f"journal://{tmp_path / str(k)}", **way)]
        for k, way in enumerate(ways)
    ]
    assert runs[0] == runs[1] == runs[2]
    assert {trial.evaluations for trial in runs[0]} == {15.0}
    settings = {
        trial.planned.configuration["optimizer"]: set(trial.planned.configuration) for trial in runs[0]
    }
    assert settings["random_search"] == {"optimizer"}
    assert settings["random_local_search"] == {"optimizer", "learning_rate", "schedule"}
    assert settings["sgd"] == {"optimizer", "learning_rate", "schedule", "batch_size"}


def test_a_setting_that_no_search_reads_is_never_active_where_all_are_searches():
    """A rate that varies for random search alone is known to change nothing, and β for either search."""
    space = {"optimizer": [*SEARCHES], "learning_rate": [0.1, 0.2], "beta": [0.5, 0.9], "depth": [0, 1]}
    assert parse({**SWEEP, "space": space}).build_space().never_active() == ["beta"]
    space["optimizer"] = "random_search"
    assert parse({**SWEEP, "space": space}).build_space().never_active() == ["learning_rate", "beta"]


def test_a_search_that_reads_no_schedule_reads_no_setting_of_one():
    """Held fixed, the schedule would else leave its lengths active for a random search, where none counts."""
    space = {"optimizer": ["sgd", *SEARCHES], "schedule": "exponential", "exponential_length": [0.2, 0.5]}
    configurations = list(parse({**SWEEP, "space": space}).build_space().grid())
    assert [c["optimizer"] for c in configurations] == ["sgd"] * 2 + [SEARCHES[0]] + [SEARCHES[1]] * 2
    assert "exponential_length" not in configurations[2]


def test_train_takes_members_of_both_kinds():
    """The order of the results is that of the configurations, whichever loop trained them."""
    trainer = Trainer(job(batch_size=32))
    _, split = watched(trainer, {"optimizer": "sgd"})
    architecture = Architecture(split.x_train.shape[1], (5,), 3)
    cs = [complete({"optimizer": name}) for name in ("random_search", "sgd", "random_local_search")]
    parameters = np.zeros((3, architecture.parameter_count))
    order = Order.draw(np.random.default_rng(0), len(split.x_train), 2, 32)
    trainings = train(cs, architecture, parameters, split, order)
    assert len({training.final_training_loss for training in trainings}) == 3
