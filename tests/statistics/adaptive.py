"""The ten test functions searched by an adaptive sampler of Optuna's, as people's studies are."""

import math
from dataclasses import replace

import numpy as np
import optuna
from problems import CAP, FUNCTIONS, PROBLEMS

from sweeps.space import Choices, FloatRange, IntegerRange, Setting, Space, Variant

IDLE = (
    Setting("idle_number", (Variant(FloatRange(0.0, 1.0)),)),
    Setting("idle_rate", (Variant(FloatRange(1e-4, 1.0, log=True)),)),
    Setting("idle_choice", (Variant(Choices(("one", "two", "three"))),)),
)


def with_idle(name):
    """A test function with three more settings, on which it does not depend."""
    problem = PROBLEMS[name]
    return replace(problem, space=Space([*problem.space.settings, *IDLE]))


def searched(name, count, seed, random=0):
    """Table of the trials of TPE on a test function, the first ``random`` of them drawn from the prior.

    Optuna's TPE draws its first ten at random whatever is asked.
    """
    problem = with_idle(name)
    rng = np.random.default_rng(seed)
    sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=max(random, 10))
    study = optuna.create_study(sampler=sampler)
    configurations, values = [], []
    for _ in range(count):
        trial = study.ask()
        configuration = _suggest(problem.space, trial)
        value = FUNCTIONS[name](configuration)
        value = (CAP if math.isnan(value) else value) + math.sqrt(problem.noise) * rng.standard_normal()
        study.tell(trial, value)
        configurations.append(configuration)
        values.append(value)
    return problem.tabulate(configurations, rng).assign(value=values)


def _suggest(space, trial):
    """A configuration, each setting asked for where it is active."""
    found = dict(space.fixed)
    for setting in space.settings:
        domain = setting.domain(found)
        if domain is None:
            continue
        if isinstance(domain, Choices):
            found[setting.name] = trial.suggest_categorical(setting.name, domain.values)
        elif isinstance(domain, IntegerRange):
            found[setting.name] = trial.suggest_int(setting.name, domain.low, domain.high, log=domain.log)
        else:
            found[setting.name] = trial.suggest_float(setting.name, domain.low, domain.high, log=domain.log)
    return found


def distribution(domain):
    """A domain as Optuna has it."""
    if isinstance(domain, Choices):
        return optuna.distributions.CategoricalDistribution(domain.values)
    if isinstance(domain, IntegerRange):
        return optuna.distributions.IntDistribution(domain.low, domain.high, log=domain.log)
    return optuna.distributions.FloatDistribution(domain.low, domain.high, log=domain.log)
