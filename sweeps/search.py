"""Asking an Optuna sampler which configurations to train next.

The sampler sees an in-memory study, built afresh from finished trials each time, and is seeded by the sweep's
seed and the number of the generation. So its proposals depend on nothing but these, whatever was interrupted
in between.

A setting whose range depends on a condition is, for the sampler, one parameter per range
(``learning_rate@0``, ``learning_rate@1``): Optuna permits one list of choices per parameter, and a
model over two ranges at once would smear one over the other.
"""

from __future__ import annotations

import importlib.util
import json
import math
import re
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import optuna
from optuna import samplers
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import TrialState, create_trial

from sweeps.errors import DefinitionError, did_you_mean
from sweeps.seeds import Purpose, integer_seed
from sweeps.space import Choices, IntegerRange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from optuna.samplers import BaseSampler

    from sweeps.space import Configuration, Domain, Setting, Space, Value
    from sweeps.trial import FinishedTrial

LARGEST_HISTORY = 400  # planned trials shown to a sampler: the cost of a proposal grows with their number
BEST_KEPT = 100  # of which so many for their value, the rest for covering the sweep

_CLASSES: dict[str, Callable[..., BaseSampler]] = {
    # group: conditional settings are modelled together with those they occur with; constant liar: proposals
    # of one generation keep away from each other
    "tpe": partial(samplers.TPESampler, multivariate=True, group=True, constant_liar=True),
    "gp": partial(samplers.GPSampler, warn_independent_sampling=False),
    "cmaes": partial(samplers.CmaEsSampler, warn_independent_sampling=False),
    "nsgaii": samplers.NSGAIISampler,
    "nsgaiii": samplers.NSGAIIISampler,
    "random": samplers.RandomSampler,
    # scrambled: the first points of the plain sequence are the same in every generation, and one is a corner
    "qmc": partial(samplers.QMCSampler, scramble=True, warn_independent_sampling=False),
}
SAMPLERS = tuple(_CLASSES)
_PACKAGES = {"gp": "torch", "cmaes": "cmaes"}
_REFUSED = {
    "grid": "a grid is the design of a plan; use design = 'factorial'",
    "bruteforce": "every combination is the design of a plan; use design = 'factorial'",
    "partialfixed": "hold settings fixed in [space] and use 'tpe'",
}


@dataclass(frozen=True)
class Proposal:
    """A configuration that a sampler asks for, and what the sampler wants to find again beside its result."""

    number: int
    configuration: Configuration
    sampler_state: Mapping[str, Any]


def sampler_class(name: str) -> Callable[..., BaseSampler]:
    """Look up an Optuna sampler by name: ``tpe``, ``TPESampler``, ``cma_es``, ``NSGA-II``.

    Returns
    -------
    Callable
        Makes the sampler; called with ``seed``.

    Raises
    ------
    DefinitionError
        When there is no such sampler, it makes no sense here, or a package it needs is missing.
    """
    plain = re.sub(r"[\W_]", "", name).lower().removesuffix("sampler")
    if plain in _REFUSED:
        raise DefinitionError(f"the sampler {name!r} proposes nothing from results: {_REFUSED[plain]}")
    if plain not in _CLASSES:
        raise DefinitionError(f"{name!r} is not a sampler of Optuna{did_you_mean(plain, SAMPLERS)}")
    package = _PACKAGES.get(plain)
    if package is not None and importlib.util.find_spec(package) is None:
        raise DefinitionError(f"the sampler {name!r} needs a package that is missing; pip install {package}")
    return _CLASSES[plain]


def propose(
    space: Space,
    sampler: str,
    history: Sequence[FinishedTrial],
    count: int,
    seed: int,
    generation: int,
    first_number: int,
) -> list[Proposal]:
    """Ask a sampler for the next ``count`` configurations.

    Parameters
    ----------
    history
        Finished trials that the sampler may know, in any order. Of those of the plan it is shown at most
        `LARGEST_HISTORY`: the `BEST_KEPT` best, and others spaced evenly over the sweep; all of the search.
        One without a result is shown with the worst value that there is, so that it is avoided; that is told
        to the sampler and recorded nowhere.
    seed, generation
        Together they seed the sampler.
    first_number
        Number of the first proposal.

    Returns
    -------
    list of Proposal
        The same for the same arguments, always.
    """
    make = sampler_class(sampler)
    with quiet():
        study = optuna.create_study(sampler=make(seed=integer_seed(seed, generation, Purpose.SEARCH)))
        for finished in shown_history(_with_values(history)):
            study.add_trial(_known(space, finished))
        configurations = [_suggested(space, study.ask()) for _ in range(count)]
        asked = study.get_trials(deepcopy=False, states=(TrialState.RUNNING,))
    # Through JSON now, so that a resumed sweep shows the sampler exactly what an uninterrupted one does.
    states = [json.loads(json.dumps(trial.system_attrs)) for trial in asked]
    return [
        Proposal(first_number + index, configuration, state)
        for index, (configuration, state) in enumerate(zip(configurations, states, strict=True))
    ]


def _with_values(history: Sequence[FinishedTrial]) -> Sequence[FinishedTrial]:
    """Trials that all have a value; none where no trial has one."""
    values = [trial.value for trial in history if not math.isnan(trial.value)]
    if len(values) == len(history) or not values:
        return history if values else []
    worst = max(values)
    return [replace(trial, value=worst) if math.isnan(trial.value) else trial for trial in history]


def shown_history(history: Sequence[FinishedTrial]) -> list[FinishedTrial]:
    """Trials that a sampler is shown, ordered by number.

    A model of 10,000 trials takes ten times as long per proposal as one of 400 and hardly knows more. Best
    alone would bias it, so the others kept are spaced evenly by number. Trials of the search are all kept:
    samplers that go by generations must find their own.
    """
    ordered = sorted(history, key=lambda trial: trial.number)
    plan = [trial for trial in ordered if trial.planned.phase != "search"]
    if len(plan) <= LARGEST_HISTORY:
        return ordered
    best = sorted(plan, key=lambda trial: (trial.value, trial.number))[:BEST_KEPT]
    kept = {trial.number for trial in best}
    others = [trial.number for trial in plan if trial.number not in kept]
    gaps = LARGEST_HISTORY - BEST_KEPT - 1
    kept |= {others[index * (len(others) - 1) // gaps] for index in range(gaps + 1)}
    return [trial for trial in ordered if trial.number in kept or trial.planned.phase == "search"]


def _known(space: Space, finished: FinishedTrial) -> optuna.trial.FrozenTrial:
    """Finished trial in the sampler's own parameters."""
    configuration = finished.planned.configuration
    known = {**space.fixed, **configuration}
    params: dict[str, Value] = {}
    distributions: dict[str, BaseDistribution] = {}
    for setting in space.settings:
        domain = setting.domain(known)
        if domain is not None:
            parameter = _parameter(setting, domain)
            params[parameter] = configuration[setting.name]
            distributions[parameter] = distribution(domain)
    return create_trial(
        state=TrialState.COMPLETE,
        value=finished.value,
        params=params,
        distributions=distributions,
        system_attrs=dict(finished.planned.sampler_state),
    )


def _suggested(space: Space, trial: optuna.Trial) -> Configuration:
    """Let the sampler fill in a configuration, parents first."""
    chosen: Configuration = {}
    for setting in space.settings:
        domain = setting.domain({**space.fixed, **chosen})
        if domain is not None:
            chosen[setting.name] = _suggest(trial, _parameter(setting, domain), domain)
    return chosen


def _suggest(trial: optuna.Trial, parameter: str, domain: Domain) -> Value:
    if isinstance(domain, Choices):
        return cast("Value", trial.suggest_categorical(parameter, domain.values))
    if isinstance(domain, IntegerRange):
        return trial.suggest_int(parameter, domain.low, domain.high, log=domain.log)
    return trial.suggest_float(parameter, domain.low, domain.high, log=domain.log)


def _parameter(setting: Setting, domain: Domain) -> str:
    """Sampler's name for a setting under one of its ranges; variants with equal ranges share it."""
    ranges: list[BaseDistribution] = []
    for variant in setting.variants:
        if (known := distribution(variant.domain)) not in ranges:
            ranges.append(known)
    return setting.name if len(ranges) == 1 else f"{setting.name}@{ranges.index(distribution(domain))}"


def distribution(domain: Domain) -> BaseDistribution:
    """Optuna's form of a domain."""
    if isinstance(domain, Choices):
        return CategoricalDistribution(domain.values)
    if isinstance(domain, IntegerRange):
        return IntDistribution(domain.low, domain.high, log=domain.log)
    return FloatDistribution(domain.low, domain.high, log=domain.log)


def recorded_distribution(setting: Setting, domain: Domain) -> BaseDistribution:
    """Distribution under which a setting is recorded.

    Optuna lets a numeric range differ from trial to trial, choices must be the same in a whole study: they
    are those of all variants together, in order of appearance.
    """
    if not isinstance(domain, Choices):
        return distribution(domain)
    lists = (variant.domain.values for variant in setting.variants if isinstance(variant.domain, Choices))
    return CategoricalDistribution(list(dict.fromkeys(value for values in lists for value in values)))


@contextmanager
def quiet() -> Iterator[None]:
    """Keep Optuna's own remarks out of the terminal: news of trials, and SQL that it tries otherwise."""
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            yield
    finally:
        optuna.logging.set_verbosity(before)
