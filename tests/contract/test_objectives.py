"""What every entry of OBJECTIVES keeps, and that a class and its line are all a new one needs."""

import pickle
import tomllib
from dataclasses import replace

import numpy as np
import optuna
import pytest
import toys

from sweeps.definition import load, parse
from sweeps.errors import DefinitionError
from sweeps.objectives import OBJECTIVES
from sweeps.run import fingerprint, prepare, run
from sweeps.seeds import Purpose, generator
from sweeps.space import Choices
from sweeps.storages import open_storage

BOWL = {
    "name": "bowl",
    "objective": "bowl",
    "epochs": 6,
    "search": 5,
    "space": {
        "ball": ["light", "heavy"],
        "rate": {"low": 0.01, "high": 10.0, "log": True, "levels": 4},
        "momentum": [0.0, 0.5],
    },
}
NETWORK = {"epochs": 2, "dataset": "iris", "search": 5, "space": {"learning_rate": [0.01, 0.1]}}
SMALL = {"network": NETWORK, "bowl": BOWL}


@pytest.fixture(autouse=True)
def bowl(monkeypatch):
    """The toy, in the registry as anybody's objective would be."""
    monkeypatch.setitem(OBJECTIVES, "bowl", toys.Bowl())


def journal(folder, name="study"):
    """URL of a journal in the folder."""
    return f"journal://{folder / name}.journal"


def numbers(trials):
    """Everything about the trials but how long they took."""
    return [replace(trial, seconds=0.0) for trial in trials]


def test_every_objective_is_tried_here():
    """The definitions above cover the registry."""
    assert set(SMALL) == set(OBJECTIVES)


@pytest.mark.parametrize("name", SMALL)
def test_a_definition_survives_writing_and_reading(name):
    """Written as TOML and read again, it is the same, with the same fingerprint."""
    definition = parse(SMALL[name])
    again = parse(tomllib.loads(definition.to_toml()))
    assert again == definition
    assert fingerprint(again) == fingerprint(definition)
    assert definition.metric == OBJECTIVES[name].metrics[0]


@pytest.mark.parametrize("name", SMALL)
def test_two_workers_one_worker_and_tasks_of_one_trial_give_the_same(name, tmp_path):
    """Neither workers nor how many trials are trained together change a number, in the plan or the search."""
    sweep = prepare(parse(SMALL[name]))
    alone = run(sweep, journal(tmp_path, "alone"), population=1)
    two = run(sweep, journal(tmp_path, "two"), workers=2)
    assert numbers(alone) == numbers(two)
    assert len(alone) == sweep.total
    assert {trial.planned.phase for trial in alone} == {"plan", "search"}


@pytest.mark.parametrize("name", SMALL)
def test_a_sweep_interrupted_anywhere_goes_on(name, tmp_path):
    """Stopped after every few recorded trials and started again, it ends with the very same trials."""
    sweep = prepare(parse(SMALL[name]))
    expected, parts = run(sweep, journal(tmp_path, "whole")), journal(tmp_path, "parts")

    def stop(_):
        raise KeyboardInterrupt

    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            run(sweep, parts, on_record=stop, population=1)
    found = []
    assert numbers(run(sweep, parts, on_open=found.extend)) == numbers(expected)
    assert len(found) == 3


@pytest.mark.parametrize("name", SMALL)
def test_work_goes_to_workers_and_covers_every_trial_once(name):
    """Work survives pickling; its tasks hold each planned trial once, whatever the largest task may be."""
    sweep = prepare(parse(SMALL[name]))
    work = pickle.loads(pickle.dumps(sweep.work))  # noqa: S301 (our own)
    for largest in (None, 1, 3):
        train = work.start()
        trained = [trial for task in work.tasks(sweep.planned, largest) for trial in train(task)]
        assert sorted(trial.number for trial in trained) == list(range(len(sweep.planned)))
        assert all(np.isfinite(trial.value) and trial.value <= work.cap for trial in trained)


@pytest.mark.parametrize("name", SMALL)
def test_settings_permit_their_defaults_and_conditions(name):
    """A default is permitted, and a condition speaks of another setting and of values that it can take."""
    settings = OBJECTIVES[name].settings(SMALL[name]["space"])
    for known in settings.values():
        assert known.permits(known.default)
        for parent, values in known.when.items():
            assert all(settings[parent].permits(value) for value in values)


def test_a_new_objective_is_recorded_as_it_ran(tmp_path):
    """A toy in the registry: Optuna's study holds the heights that the formula gives, worked out here again.

    On a round bowl of curvature 1 a light ball's height shrinks by (1 − 2 rate)² in every epoch.
    """
    definition = parse(BOWL)
    run(prepare(definition), journal(tmp_path))
    opened = open_storage(journal(tmp_path), read_only=True)
    study = optuna.load_study(study_name="bowl", storage=opened.storage)
    light = [trial for trial in study.trials if trial.params["ball"] == "light"]
    assert {trial.user_attrs["outcome"] for trial in light} == {"trained", "diverged"}
    for trial in light:
        assert "momentum" not in trial.params
        start = 1 + 0.1 * generator(0, trial.user_attrs["replicate"], Purpose.WEIGHTS).standard_normal(2)
        factor = (1 - 2 * trial.params["rate"]) ** 2
        heights = [float(start @ start) * factor**epoch for epoch in range(7)]
        recorded = trial.user_attrs["curve_height"]
        assert recorded == pytest.approx(heights[: len(recorded)])
        diverged = max(heights) > 1e6
        assert (trial.user_attrs["outcome"] == "diverged") == diverged
        assert trial.value == pytest.approx(toys.CAP if diverged else min(heights[-1], toys.CAP))
    opened.close()


def test_a_new_objective_is_planned_by_its_own_settings():
    """Its conditions hold, its settings come in its own order, and the grid is the whole of it."""
    definition = parse(BOWL)
    space = definition.build_space()
    assert space.names == ["ball", "rate", "momentum"]
    assert space.settings[2].variants[0].domain == Choices((0.0, 0.5))
    assert len(prepare(definition).planned) == (4 + 4 * 2) * 2


MISTAKES = {
    "misspelt objective": ({"objective": "bowel"}, "objective 'bowel' is not known; did you mean 'bowl'"),
    "no objective": ({"objective": "ox"}, "objective 'ox' is not known; choose from network, bowl"),
    "a key of another objective": ({"dataset": "iris"}, "objective 'bowl' has no dataset; remove it"),
    "a metric of another objective": ({"metric": "validation_error"}, "did you mean|choose from height"),
    "a setting of another objective": ({"space": {"learning_rate": [0.1, 0.2]}}, "not a setting"),
}


@pytest.mark.parametrize(("changes", "words"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_one_sentence(changes, words):
    """A definition that does not fit its objective is refused with what to type next."""
    with pytest.raises(DefinitionError, match=words):
        parse(BOWL | changes)


def test_what_the_network_is_called_changes_no_run():
    """Definitions older than the key are the same sweep: neither the file nor the fingerprint knows it."""
    old, new = parse(load("quick")), parse(load("quick") | {"objective": "network"})
    assert old == new
    assert "objective" not in old.to_toml()
    # Written down when the second value rule began: runs recorded since then must go on.
    assert fingerprint(new) == "9d28135c14d71be44568ef8e2408ae527e414bf9357c12b7fb856b8d856b647b"
