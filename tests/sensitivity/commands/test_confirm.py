"""``confirm``: fresh seeds, recorded once, the same whoever trains them."""

import shutil

import pandas as pd
import pytest

ARGUMENTS = ("--top", 2, "--replicates", 3, "--workers", 1)


@pytest.fixture(scope="module")
def confirmed(trained, tmp_path_factory):
    """Folder of a run confirmed once, in this process."""
    from sensitivity.commands.confirm import confirm_command

    folder = shutil.copytree(trained, tmp_path_factory.mktemp("confirmed") / "run")
    confirm_command(folder, 2, 3, 1, None)
    return folder


def test_seeds_are_fresh_and_shared(confirmed):
    """No replicate of the sweep is used again, and every candidate has the same ones."""
    from sensitivity.reading.runs import read_run

    table = pd.read_csv(confirmed / "confirm.csv")
    assert not {*table.replicate} & {*read_run(confirmed).trials.replicate}
    counts = table.groupby(["optimizer", "learning_rate"]).replicate.agg(set)
    assert all(seeds == {2, 3, 4} for seeds in counts)


def test_results_are_those_of_a_longer_sweep(confirmed):
    """Training again is training: a sweep with more replicates has the same results in the same seeds."""
    import tomllib

    import sensitivity
    from sensitivity.reading.runs import read_run

    raw = tomllib.loads(read_run(confirmed).definition) | {"replicates": 5, "search": 0}
    longer = sensitivity.sweep(raw).trials
    again = pd.read_csv(confirmed / "confirm.csv")
    both = again.merge(longer, on=["optimizer", "learning_rate", "replicate"], suffixes=("", "_sweep"))
    assert len(both) == 9  # three configurations with three new seeds
    assert (both.value == both.value_sweep).all()


def test_two_workers_and_an_interruption_change_nothing(confirmed, finished, command):
    """The files are the same to the byte when half is there already and two processes do the rest."""
    lines = (confirmed / "confirm.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (finished / "confirm.csv").write_text("".join(lines[:4]), encoding="utf-8")
    code, output, _ = command("confirm", finished, *ARGUMENTS[:-1], 2)
    assert code == 0
    for name in ("confirm.csv", "tables/confirmed.csv"):
        assert (finished / name).read_bytes() == (confirmed / name).read_bytes()
    for words in ("Take ", "Winner's curse", "fresh seeds", "A, "):
        assert words in output


def test_it_fits_a_terminal(confirmed, command, monkeypatch):
    """No line is longer than 80 columns, but those that end in a path."""
    monkeypatch.setenv("COLUMNS", "80")
    _, output, _ = command("confirm", confirmed, *ARGUMENTS)
    assert all(len(line) <= 80 for line in output.splitlines() if "→ " not in line)


def test_strangers_trials_are_refused(tmp_path, command, assert_one_sentence):
    """Who trained them is not known, so they cannot be trained again."""
    path = tmp_path / "a.csv"
    path.write_text("lr,loss\n0.1,1\n0.2,2\n", encoding="utf-8")
    assert_one_sentence(command("confirm", path), "only their own program can repeat", path)
    assert_one_sentence(command("confirm", tmp_path / "nowhere"), "there is no file")


def test_a_record_of_another_sweep_is_refused(finished, command, assert_one_sentence):
    """Results of another definition are no replicates of this one's."""
    path = finished / "confirm.csv"
    path.write_text("optimizer,learning_rate,replicate,outcome,value,sweep\nsgd,1,2,trained,0.1,other\n")
    assert_one_sentence(command("confirm", finished), "not of this sweep", "move it away")


def test_any_objective_can_be_confirmed(tmp_path, command, monkeypatch):
    """A bowl instead of a network: through the same door."""
    import toys

    from sensitivity.commands.overrides import Overrides
    from sensitivity.commands.sweep import sweep_command
    from sweeps import objectives

    monkeypatch.setitem(objectives.OBJECTIVES, "bowl", toys.Bowl())
    source = tmp_path / "bowl.toml"
    source.write_text(
        'name = "bowl"\nobjective = "bowl"\nepochs = 3\nsearch = 0\n[space]\n'
        "rate = { low = 0.01, high = 0.3, log = true, levels = 4 }\nsteepness = [1.0, 2.0]\n",
        encoding="utf-8",
    )
    folder = tmp_path / "run"
    sweep_command(str(source), Overrides(), folder, None, workers=1, population=None, report=False)
    code, output, error = command("confirm", folder, *ARGUMENTS)
    assert code == 0, error
    assert "metres" in output
    code, output, _ = command("best", folder)
    assert code == 0
    assert "fresh seeds" in output


def test_a_seed_that_diverged_counts_against_who_diverged(confirmed, tmp_path):
    """The record says how each training ended, and its results lie between 0 and the cap."""
    from sensitivity.commands.confirming import confirming
    from sensitivity.reading.runs import read_run
    from sweeps.run_folder import RunFolder

    folder = shutil.copytree(confirmed, tmp_path / "run")
    record = folder / "confirm.csv"
    lines = record.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[1] = lines[1].replace(",trained,", ",diverged,")
    record.write_text("".join(lines), encoding="utf-8")
    study = read_run(folder)
    asked = confirming(study, RunFolder(folder), 2)
    fresh = asked.fresh(range(len(asked.chosen)), [2, 3, 4], study.chance)
    assert sorted(fresh.failed.tolist()) == [0] * (len(asked.chosen) - 1) + [1]
    low, high = fresh.intervals()
    assert low.min() == 0
    assert high.max() <= study.chance < 1
