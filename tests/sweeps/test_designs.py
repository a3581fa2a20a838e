from __future__ import annotations

import itertools
import math
import subprocess
import sys
import time
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest

from sweeps.datasets import load as load_dataset
from sweeps.definition import load, parse, ready_made_names
from sweeps.designs import plan, search_trials
from sweeps.splits import split_indices

RATES = {"low": 1e-4, "high": 1.0, "log": True}
CONTINUOUS = {
    "optimizer": ["sgd", "momentum", "adam", "rmsprop"],
    "learning_rate": RATES,
    "beta": {"low": 0.0, "high": 0.99},
}


def sweep(design="factorial", **rest):
    """A definition with a small space for this design."""
    space = {
        "optimizer": ["momentum", "sgd"],
        "learning_rate": [0.1, 0.01],
        "batch_size": [64, 16],
        "beta": [0.9],
    }
    return parse({"design": design, "space": space if design == "factorial" else CONTINUOUS, **rest})


def frozen(trial):
    """Configuration and replicate of a trial, hashable."""
    return (trial.replicate, *trial.configuration.items())


def test_factorial_is_the_grid_in_every_replicate():
    """Every configuration of the grid is planned exactly once per replicate, with consecutive numbers."""
    definition = sweep(replicates=3)
    trials = plan(definition)
    grid = list(definition.build_space().grid())
    expected = Counter((replicate, *point.items()) for replicate in range(3) for point in grid)
    assert Counter(map(frozen, trials)) == expected
    assert [trial.number for trial in trials] == list(range(24))
    assert {trial.phase for trial in trials} == {"plan"}


def test_factorial_order_worked_by_hand():
    """Replicates are slowest; then small batches first, optimizers as listed, then the order of the grid."""
    order = [
        tuple(trial.configuration[name] for name in ("batch_size", "optimizer", "learning_rate"))
        for trial in plan(sweep(replicates=2))
    ]
    replicate = [
        (16, "momentum", 0.1),
        (16, "momentum", 0.01),
        (16, "sgd", 0.1),
        (16, "sgd", 0.01),
        (64, "momentum", 0.1),
        (64, "momentum", 0.01),
        (64, "sgd", 0.1),
        (64, "sgd", 0.01),
    ]
    assert order == replicate * 2


def test_trials_that_can_be_trained_together_are_neighbours():
    """Each combination of replicate, network shape and batch size stands in one unbroken run."""
    space = {
        "batch_size": [64, 16],
        "activation": ["tanh", "relu"],
        "learning_rate": [0.1, 0.01],
        "initialiser": ["he", "glorot"],
        "width": [32, 8],
        "batch_norm": [True, False],
        "depth": [2, 1],
    }
    shape = ("depth", "width", "activation", "batch_norm", "batch_size")
    trials = plan(parse({"space": space, "replicates": 2}))
    keys = [(trial.replicate, *(trial.configuration[name] for name in shape)) for trial in trials]
    assert len(list(itertools.groupby(keys))) == len(set(keys)) == 2 * 2**5


def test_a_conditional_batch_size_sorts_by_its_default_elsewhere():
    """Where the batch size is left open it is 32, between 16 and 64."""
    table = {
        "optimizer": ["sgd", "adam"],
        "only": [{"when": {"optimizer": "adam"}, "batch_size": [16, 64]}],
    }
    trials = plan(parse({"space": table, "replicates": 1}))
    assert [trial.configuration.get("batch_size") for trial in trials] == [16, None, 64]


@pytest.mark.parametrize("design", ["sobol", "random"])
@pytest.mark.parametrize(("trials", "replicates"), [(1, 1), (7, 3), (8, 2), (100, 1), (3, 5)])
def test_points_run_in_every_replicate(design, trials, replicates):
    """Each point runs in all replicates before the next, and the plan ends at the number asked for."""
    planned = plan(sweep(design, trials=trials, replicates=replicates))
    assert [trial.number for trial in planned] == list(range(trials))
    assert [trial.replicate for trial in planned] == [number % replicates for number in range(trials)]
    for _, together in itertools.groupby(planned, key=lambda trial: trial.number // replicates):
        assert len({frozen(trial)[1:] for trial in together}) == 1


@pytest.mark.parametrize("design", ["sobol", "random"])
def test_a_longer_plan_begins_with_the_shorter(design):
    """The number of trials decides where a plan ends, not what it is."""
    short, long = (plan(sweep(design, trials=trials)) for trials in (20, 200))
    assert short == long[:20]


@pytest.mark.parametrize("design", ["sobol", "random"])
def test_the_seed_decides_the_points(design):
    """Equal seeds give equal plans, another seed another plan."""
    assert plan(sweep(design, trials=16)) == plan(sweep(design, trials=16))
    assert plan(sweep(design, trials=16)) != plan(sweep(design, trials=16, seed=1))


def test_sobol_points_are_balanced():
    """2ᵐ points put exactly one into each of 2ᵐ equal slices of the logarithm of the learning rate."""
    for seed in range(5):
        trials = plan(sweep("sobol", trials=64, replicates=1, seed=seed))
        rates = np.array([trial.configuration["learning_rate"] for trial in trials])
        slices = np.floor((np.log10(rates) + 4) / 4 * 64).astype(int)
        assert sorted(slices) == list(range(64))
        assert set(Counter(trial.configuration["optimizer"] for trial in trials).values()) == {16}


def test_random_points_are_uniform_under_the_prior():
    """The logarithms of a thousand random learning rates pass the Kolmogorov–Smirnov test of uniformity."""
    trials = plan(sweep("random", trials=1000, replicates=1))
    exponents = [math.log10(trial.configuration["learning_rate"]) for trial in trials]
    assert kstest(exponents, "uniform", args=(-4, 4)).pvalue > 0.01


def test_conditions_hold_in_every_design():
    """β is planned exactly where the optimizer has one."""
    for design in ("sobol", "random", "tpe"):
        for trial in plan(sweep(design, trials=50)):
            assert ("beta" in trial.configuration) == (trial.configuration["optimizer"] != "sgd")


@pytest.mark.parametrize(("trials", "planned"), [(1, 1), (2, 1), (10, 3), (11, 4), (100, 30), (1000, 300)])
def test_an_adaptive_design_begins_with_three_tenths(trials, planned):
    """Three tenths of an adaptive design, rounded up, are Sobol points; its sampler proposes the others."""
    definition = sweep("tpe", trials=trials)
    assert plan(definition) == plan(sweep("sobol", trials=planned))
    assert search_trials(definition) == trials - planned


@given(trials=st.integers(1, 10**6), search=st.integers(0, 1000), replicates=st.integers(1, 7))
def test_an_adaptive_sweep_has_the_trials_asked_for(trials, search, replicates):
    """Planned and proposed trials add up to trials and search, with 30 % of the former planned at least."""
    definition = sweep("tpe", trials=trials, search=search, replicates=replicates)
    planned = trials + search - search_trials(definition)
    assert 10 * planned >= 3 * trials > 10 * (planned - 1)


@pytest.mark.parametrize(("design", "trials"), [("factorial", None), ("sobol", 64), ("random", 64)])
def test_search_of_other_designs_is_what_the_definition_says(design, trials):
    """Designs that are planned whole are followed by ``search`` trials."""
    assert search_trials(sweep(design, trials=trials, search=17)) == 17


def test_a_factorial_plan_loads_no_statistics():
    """Planning a factorial sweep waits for neither scipy's statistics nor scikit-learn."""
    script = """
import sys
from sweeps.definition import load, parse
from sweeps.designs import plan
plan(parse(load("digits")))
print([name for name in ("scipy.stats", "sklearn", "optuna", "pandas") if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


PLANNED = {
    "adam_then_sgd": 11 * (2 + 4 * 3) * 4,  # switches and rates of SGD for one of the three optimizers
    "batch_size": 3 * 16 * 7 * 3,  # optimizers, rates, batch sizes, replicates
    "digits": (2 * 11 + 7 * 11 * 3)
    * 3
    * 4
    * 2,  # two optimizers have no β; batch sizes, schedules, replicates
    "momentum": 3 * 16 * 7 * 3,
    "network": 9 * 4 * 3 * 2 * 3 * 2,
    "noise_sources": 3 * 7 * 2 * 25,
    "pretrained": 3 * 3 * 11 * 2 * 4,
    "quick": 4 * 7 * 2 * 2,
    "regression": 4 * 11 * 2 * 3 * 2 * 3,
    "schedules": 3 * 11 * 7 * 2 * 2,
    "small": 4 * 11 * 3 * 5,
    "sobol": 2000,
    "tpe": 180,
    "without_gradients": (2 * 9 + 1) * 8,  # a random search has no rate
}


def test_every_ready_made_sweep_is_counted_here():
    """The sizes above are those of all sweeps that ship with the tool; the default has 6,072 trials."""
    assert ready_made_names() == sorted(PLANNED)
    assert PLANNED["digits"] == 6072


@pytest.mark.parametrize("name", PLANNED)
def test_ready_made_sweeps_plan_what_they_say(name):
    """Each ready-made sweep is valid, carries its own name, a line of description and the trials counted."""
    definition = parse(load(name))
    assert definition.name == name
    assert 0 < len(definition.description) <= 110
    assert "\n" not in definition.description
    assert definition.build_space().never_active() == []
    assert len(plan(definition)) == PLANNED[name]


@pytest.mark.parametrize("dataset", ["iris", "wine", "linnerud"])
def test_the_small_sweep_works_for_small_datasets(dataset):
    """Its largest batch fits into the training part, and something is left to measure with."""
    definition = parse({**load("small"), "dataset": dataset})
    train, held_out = split_indices(load_dataset(dataset), definition.data.validation, definition.seed, 0)
    assert len(train) >= max(definition.space["batch_size"])
    assert len(held_out) >= 4


@pytest.mark.benchmark
@pytest.mark.parametrize("design", ["sobol", "random"])
def test_twenty_thousand_trials_are_planned_in_a_second(design):
    """Planning is no part of the time a sweep takes (scipy's import apart)."""
    plan(sweep(design, trials=1))
    begin = time.process_time()
    plan(sweep(design, trials=20_000, replicates=1))
    assert time.process_time() - begin < 1
