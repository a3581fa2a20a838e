from __future__ import annotations

import json
import random
import warnings

import numpy as np
import optuna
import pytest

from sweeps import search
from sweeps.errors import DefinitionError
from sweeps.search import SAMPLERS, Proposal, propose, sampler_class, shown_history
from sweeps.space import Choices, FloatRange, IntegerRange, Setting, Space, Variant
from sweeps.study import open_study
from sweeps.trial import FinishedTrial, PlannedTrial

ADAM, MOMENTUM = {"optimizer": ("adam",)}, {"optimizer": ("momentum",)}
SPACE = Space(
    [
        Setting("optimizer", (Variant(Choices(("sgd", "momentum", "adam"))),)),
        Setting(
            "learning_rate",
            (Variant(FloatRange(1e-6, 1e-3, log=True), ADAM), Variant(FloatRange(1e-2, 1, log=True))),
        ),
        Setting("beta", (Variant(Choices((0.9, 0.95)), ADAM), Variant(Choices((0.5, 0.9)), MOMENTUM))),
        Setting(
            "batch_size",
            (Variant(IntegerRange(8, 512, log=True), ADAM), Variant(IntegerRange(1, 7, log=True))),
        ),
        Setting("one_cycle_peak", (Variant(FloatRange(0.1, 0.9), {"schedule": ("one_cycle",)}),)),
        Setting("cosine_floor", (Variant(FloatRange(0.1, 0.9), {"schedule": ("cosine",)}),)),
    ],
    {"schedule": "one_cycle"},
)
PLAIN = Space([Setting("x", (Variant(FloatRange(-1, 1)),)), Setting("n", (Variant(IntegerRange(1, 9)),))])


def lies_in(domain, value):
    if isinstance(domain, Choices):
        return value in domain.values
    return domain.low <= value <= domain.high


def assert_belongs(space, configuration):
    """The configuration has exactly its active settings, each inside its range under these conditions."""
    for setting in space.settings:
        domain = setting.domain({**space.fixed, **configuration})
        if domain is None:
            assert setting.name not in configuration
        else:
            assert lies_in(domain, configuration[setting.name])
    assert set(configuration) <= set(space.names)


def result(number, configuration, value, phase="plan", state=None):
    planned = PlannedTrial(number, configuration, 0, phase, state or {})
    return FinishedTrial(planned, "trained", value, None, {}, {}, {}, 0.1)


def planned_history(space, count, seed=0):
    """Random trials whose value is best near learning_rate = 1e-4 (adam) or x = 0.5."""
    draw = np.random.default_rng(seed)
    trials = []
    for number in range(count):
        configuration = space.configuration(draw.random(len(space.settings)))
        rate = configuration.get("learning_rate")
        value = abs(np.log10(rate) + 4) if rate else (configuration["x"] - 0.5) ** 2
        trials.append(result(number, configuration, float(value)))
    return trials


@pytest.mark.parametrize("sampler", ["tpe", "random", "nsgaii", "nsgaiii", "qmc"])
@pytest.mark.parametrize("known", [0, 40])
def test_proposals_lie_in_the_space(sampler, known):
    """Every proposal has its active settings and no other, each inside its range under these conditions."""
    history = planned_history(SPACE, known)
    proposals = propose(SPACE, sampler, history, 12, 0, 0, known)
    assert [proposal.number for proposal in proposals] == list(range(known, known + 12))
    for proposal in proposals:
        assert_belongs(SPACE, proposal.configuration)
        assert "one_cycle_peak" in proposal.configuration
        assert "cosine_floor" not in proposal.configuration


@pytest.mark.parametrize("sampler", ["tpe", "random", "nsgaii", "qmc"])
def test_same_history_same_proposals(sampler):
    """The same arguments give the same proposals, in whatever order the history comes."""
    history = planned_history(SPACE, 40)
    shuffled = random.Random(1).sample(history, len(history))
    first = propose(SPACE, sampler, history, 8, 5, 2, 40)
    assert propose(SPACE, sampler, shuffled, 8, 5, 2, 40) == first
    configurations = [proposal.configuration for proposal in first]
    for seed, generation in ((6, 2), (5, 3), (2**63 - 1, 2)):
        other = propose(SPACE, sampler, history, 8, seed, generation, 40)
        assert [proposal.configuration for proposal in other] != configurations


def test_history_may_come_from_the_study(tmp_path):
    """Recorded and read again, a history with its sampler state gives the very same proposals."""
    history = planned_history(SPACE, 30)
    for generation in range(2):
        for proposal in propose(SPACE, "nsgaii", history, 25, 0, generation, len(history)):
            history.append(
                result(proposal.number, proposal.configuration, 0.5, "search", proposal.sampler_state)
            )
    with open_study(f"journal://{tmp_path / 'a.journal'}", "s", SPACE, "f") as study:
        study.record(history)
        back = study.finished()
    assert back == history
    for sampler in ("tpe", "nsgaii"):
        assert propose(SPACE, sampler, back, 10, 0, 9, 80) == propose(SPACE, sampler, history, 10, 0, 9, 80)


@pytest.mark.parametrize("sampler", ["tpe", "nsgaii", "nsgaiii"])
def test_sampler_state_survives_json(sampler):
    """What a sampler wants to find again is exactly what JSON gives back."""
    for proposal in propose(SPACE, sampler, planned_history(SPACE, 40), 5, 0, 0, 40):
        assert json.loads(json.dumps(proposal.sampler_state, allow_nan=False)) == proposal.sampler_state
        assert proposal.sampler_state


def test_tpe_searches_where_the_plan_was_good():
    """After a plan whose best trials are adam's near 1e-4, most proposals are adam's near there."""
    proposals = propose(SPACE, "tpe", planned_history(SPACE, 200), 20, 0, 0, 200)
    near = [
        proposal
        for proposal in proposals
        if proposal.configuration["optimizer"] == "adam"
        and 1e-5 < proposal.configuration["learning_rate"] < 1e-3
    ]
    assert len(near) >= 14


def test_tpe_proposals_of_a_generation_differ():
    """Proposals made together keep away from each other."""
    proposals = propose(PLAIN, "tpe", planned_history(PLAIN, 100), 16, 0, 0, 100)
    assert len({proposal.configuration["x"] for proposal in proposals}) == 16


def test_qmc_does_not_repeat_itself():
    """Each generation of the quasi-random sampler brings other points, none of them the corner."""
    points = [
        proposal.configuration["x"]
        for generation in range(3)
        for proposal in propose(PLAIN, "qmc", planned_history(PLAIN, 20), 8, 0, generation, 0)
    ]
    assert len(set(points)) == 24
    assert -1 not in points


def test_no_proposals_asked_for_none_given():
    """A count of zero is an empty list; a single proposal is a Proposal with the number asked for."""
    assert propose(PLAIN, "tpe", [], 0, 0, 0, 0) == []
    (proposal,) = propose(PLAIN, "random", [], 1, 0, 0, 77)
    assert isinstance(proposal, Proposal)
    assert proposal.number == 77


def test_short_histories_are_shown_whole():
    """Up to 400 trials of the plan the sampler sees everything, ordered by number."""
    history = planned_history(PLAIN, 400)
    assert shown_history(history[::-1]) == history


def test_long_histories_are_thinned():
    """Of a long plan 400 trials are shown: the 100 best and an even spread; the search is shown whole."""
    plan = planned_history(PLAIN, 5000)
    hunt = [result(5000 + index, plan[index].planned.configuration, 9.0, "search") for index in range(300)]
    shown = shown_history([*hunt, *plan])
    numbers = [trial.number for trial in shown]
    assert numbers == sorted(set(numbers))
    assert len(shown) == 700
    assert numbers[-300:] == list(range(5000, 5300))
    best = {trial.number for trial in sorted(plan, key=lambda trial: trial.value)[:100]}
    assert best <= set(numbers)
    spread = sorted(set(numbers[:400]) - best)
    assert len(spread) == 300
    assert max(np.diff(spread)) <= 25


@pytest.mark.parametrize("length", [401, 402, 499, 500, 501, 999])
def test_thinning_always_leaves_400(length):
    """However many trials a long plan has, exactly 400 different ones remain."""
    assert len({trial.number for trial in shown_history(planned_history(PLAIN, length))}) == 400


@pytest.mark.parametrize(
    "name", ["tpe", "TPE", "TPESampler", "tpe_sampler", "nsga-ii", "NSGAIISampler", "Random", "qmc"]
)
def test_samplers_are_found_under_their_usual_names(name):
    """Upper and lower case, dashes, underscores and the word Sampler do not matter."""
    with search.quiet():
        assert isinstance(sampler_class(name)(seed=0), optuna.samplers.BaseSampler)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("tpee", "did you mean 'tpe'"),
        ("nsga", "did you mean 'nsgaii'"),
        ("", "choose from tpe, gp, cmaes"),
        ("base", "is not a sampler"),
        ("grid", "use design = 'factorial'"),
        ("BruteForceSampler", "use design = 'factorial'"),
        ("partial_fixed", r"hold settings fixed in \[space\]"),
    ],
)
def test_other_names_are_refused_with_advice(name, words):
    """An unknown sampler gets the closest name; one that makes no sense here gets what to use instead."""
    with pytest.raises(DefinitionError, match=words):
        sampler_class(name)


@pytest.mark.parametrize(("name", "package"), [("gp", "torch"), ("cma_es", "cmaes")])
def test_missing_packages_are_named(name, package, monkeypatch):
    """A sampler whose package is not installed says what to install."""
    monkeypatch.setattr(search.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(DefinitionError, match=f"pip install {package}"):
        sampler_class(name)


def test_every_sampler_of_optuna_is_known_or_refused():
    """No sampler of the installed Optuna is forgotten: each is offered, or refused with advice."""
    theirs = [name for name in optuna.samplers.__all__ if name.endswith("Sampler") and "Base" not in name]
    known = set(SAMPLERS) | set(search._REFUSED)
    assert {name.lower().removesuffix("sampler") for name in theirs} == known


@pytest.mark.parametrize("name", ["gp", "cmaes"])
def test_optional_samplers_propose(name):
    """With their packages installed, the optional samplers propose inside the space too."""
    pytest.importorskip(search._PACKAGES[name])
    for proposal in propose(PLAIN, name, planned_history(PLAIN, 20), 4, 0, 0, 20):
        assert_belongs(PLAIN, proposal.configuration)


def test_optuna_says_nothing(capfd):
    """Neither logging nor warnings of Optuna reach the terminal, and its verbosity is as before."""
    before = optuna.logging.get_verbosity()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for sampler in ("tpe", "qmc", "nsgaii"):
            propose(SPACE, sampler, planned_history(SPACE, 20), 3, 0, 0, 20)
    assert caught == []
    assert capfd.readouterr() == ("", "")
    assert optuna.logging.get_verbosity() == before
