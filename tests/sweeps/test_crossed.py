"""Crossed noise: weights, order and split of a replicate drawn one by one."""

import itertools
import json
import tomllib
from dataclasses import replace

import numpy as np
import pytest

from sweeps.definition import load, parse
from sweeps.designs import plan
from sweeps.errors import DefinitionError
from sweeps.journal import LockedJournal
from sweeps.run import fingerprint, prepare, run
from sweeps.seeds import Draws, crossed, crossed_draws
from sweeps.trial import PlannedTrial

SMALL = {
    "dataset": "iris",
    "epochs": 3,
    "search": 4,
    "network": {"hidden": [5]},
    "space": {"optimizer": ["sgd", "adam"], "learning_rate": [0.01, 0.1], "batch_size": [16, 40]},
}
CROSSED = SMALL | {"noise": "crossed"}


def numbers(trials):
    """Everything about the trials but how long they took."""
    return [replace(trial, seconds=0.0) for trial in trials]


@pytest.mark.parametrize("size", range(3, 14))
def test_any_two_draws_of_two_sources_meet_once(size):
    """A Latin square, of even sizes too, whose diagonal holds the replicates that share nothing."""
    draws = [crossed(replicate, size) for replicate in range(size**2)]
    for one, other in itertools.combinations(range(3), 2):
        assert len({(draw[one], draw[other]) for draw in draws}) == size**2
    assert draws[:size] == [(draw, draw, draw) for draw in range(size)]
    assert {value for draw in draws for value in draw} == set(range(size))


def test_only_squares_from_nine_on_can_be_crossed():
    """Two draws of each source would leave nothing to tell interactions from."""
    assert [n for n in range(60) if crossed_draws(n)] == [9, 16, 25, 36, 49]


@pytest.mark.parametrize(("replicates", "nearest"), [(1, 9), (2, 9), (4, 9), (12, 9), (13, 16), (30, 25)])
def test_another_number_of_replicates_is_one_sentence(replicates, nearest):
    """It says what to type next."""
    with pytest.raises(DefinitionError, match=f"not {replicates}; set replicates = {nearest}$"):
        parse(CROSSED | {"replicates": replicates})


def test_crossed_noise_takes_the_replicates_it_needs():
    """Where the definition leaves them open, nine; the file says so and is read as the same sweep."""
    definition = parse(CROSSED)
    assert (definition.replicates, definition.replicates_apart) == (9, 3)
    again = parse(tomllib.loads(definition.to_toml()))
    assert again == definition
    assert fingerprint(again) == fingerprint(definition)
    assert definition.differences(parse(SMALL | {"replicates": 9})) == ["noise: 'crossed' → 'not set'"]
    with pytest.raises(DefinitionError, match=r"noise = 'cross'.*'together' or 'crossed'"):
        parse(SMALL | {"noise": "cross"})


@pytest.mark.parametrize("name", ["digits", "sobol", "tpe"])
def test_definitions_older_than_the_key_are_the_same_sweep(name):
    """Neither the file nor the fingerprint of noise that is not crossed knows of it."""
    old, new = parse(load(name)), parse(load(name) | {"noise": "together"})
    assert "noise" not in tomllib.loads(new.to_toml())
    assert fingerprint(old) == fingerprint(new)
    assert all(trial.draws is None and trial.phase == "plan" for trial in plan(new))


def test_a_crossed_sweep_begins_with_the_sweep_that_is_not(tmp_path):
    """Three replicates are the same to the bit, six more mix their draws; of trials there are as many."""
    plain, crossing = parse(SMALL | {"replicates": 3, "search": 0}), parse(CROSSED | {"search": 0})
    alone = run(prepare(plain), f"journal://{tmp_path / 'alone.journal'}")
    mixed = run(prepare(crossing), f"journal://{tmp_path / 'mixed.journal'}")
    first = mixed[: len(alone)]
    assert {trial.planned.phase for trial in first} == {"plan"}
    assert {trial.planned.phase for trial in mixed[len(alone) :]} == {"crossed"}
    same = [replace(trial, planned=replace(trial.planned, draws=None)) for trial in first]
    assert numbers(same) == numbers(alone)
    assert len(mixed) == len(plan(parse(SMALL | {"replicates": 9})))
    whole = {(str(trial.planned.configuration), trial.planned.draws) for trial in mixed}
    assert len(whole) == len(mixed)


def trained(draws, settings=None):
    """One network of the job with these draws."""
    job = prepare(parse(CROSSED)).work
    trial = PlannedTrial(0, {"optimizer": "sgd", "learning_rate": 0.1, "batch_size": 16}, 0, draws=draws)
    (task,) = job.tasks([trial], settings)
    return task, job.start()(task)[0]


def test_each_draw_decides_what_it_is_called_by():
    """Other weights: another start; another order: another course from there; another split: other data."""
    base_task, base = trained(Draws(0, 0, 0))
    _, plain = trained(None)
    assert numbers([plain])[0].curves == base.curves
    for changed, start in ((Draws(1, 0, 0), False), (Draws(0, 1, 0), True)):
        task, other = trained(changed)
        np.testing.assert_array_equal(task.parts[0], base_task.parts[0])
        same = [other.curves[name][0] == base.curves[name][0] for name in base.curves]
        assert all(same) if start else not all(same)
        assert other.curves["training_loss"][1:] != base.curves["training_loss"][1:]
    task, other = trained(Draws(0, 0, 1))
    assert set(task.parts[1].tolist()) != set(base_task.parts[1].tolist())
    # The split of draw 1 is that of replicate 1 where noise is not crossed.
    ones, _ = trained(Draws(1, 1, 1))
    np.testing.assert_array_equal(task.parts[0], ones.parts[0])


@pytest.mark.parametrize("design", [{}, {"design": "random", "trials": 40}, {"design": "tpe", "trials": 60}])
def test_workers_populations_and_interruptions_change_nothing(design, tmp_path):
    """Whatever trains together, and wherever the sweep was stopped, search included."""
    sweep = prepare(parse(CROSSED | design))

    def journal(name):
        return f"journal://{tmp_path / name}.journal"

    whole = run(sweep, journal("whole"))
    assert numbers(run(sweep, journal("alone"), population=1)) == numbers(whole)
    assert numbers(run(sweep, journal("two"), workers=2, population=5)) == numbers(whole)

    def stop(_):
        raise KeyboardInterrupt

    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            run(sweep, journal("parts"), on_record=stop, population=3)
    assert numbers(run(sweep, journal("parts"))) == numbers(whole)
    searched = [trial.planned for trial in whole if trial.planned.phase == "search"]
    assert searched
    assert all(trial.draws == (trial.replicate,) * 3 and trial.replicate < 3 for trial in searched)


def test_draws_are_recorded_where_noise_is_crossed_and_nowhere_else(tmp_path):
    """Three numbers in the study of a crossed sweep; that of another has the attributes it always had."""
    found = {}
    for name, raw in {"crossed": CROSSED, "together": SMALL}.items():
        path = tmp_path / f"{name}.journal"
        run(prepare(parse(raw | {"search": 0})), f"journal://{path}")
        with LockedJournal(path, read_only=True) as journal:
            found[name] = json.dumps(list(journal.read_logs(0)))
    assert "draw_of_split" in found["crossed"]
    assert "draw_of" not in found["together"]
