"""Commands on a run that the compiled path trained: more trials of it are trained by that path too."""

import shutil

import pandas as pd
import pytest

pytestmark = pytest.mark.usefixtures("machine_code")

DEFINITION = """
name = "compiled"
dataset = "iris"
epochs = 2
search = 0
replicates = 2
network = { hidden = [3] }

[space]
optimizer = ["sgd", "adam"]
learning_rate = { low = 0.01, high = 0.1, log = true, levels = 2 }
batch_size = [8]
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """The definition."""
    path = tmp_path_factory.mktemp("compiled") / "compiled.toml"
    path.write_text(DEFINITION, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def run(source, machine_code):  # noqa: ARG001 (compiled before)
    """Folder of a run of eight trials, and its table."""
    from sensitivity.commands.overrides import Overrides
    from sensitivity.commands.sweep import sweep_command

    out = source.parent / "run"
    sweep_command(
        str(source), Overrides(), out, None, workers=1, population=None, report=False, engine="numba"
    )
    return out


def trials(folder):
    """Table without what the clock decides."""
    return pd.read_csv(folder / "tables" / "trials.csv").drop(columns="seconds")


def longer(source, engine):
    """Results of a sweep with more replicates on an engine."""
    import tomllib

    import sensitivity

    raw = tomllib.loads(source.read_text(encoding="utf-8")) | {"replicates": 4}
    return sensitivity.sweep(raw, engine=engine).trials


def test_confirm_trains_on_the_engine_of_the_run(source, run, command, tmp_path, monkeypatch):
    """Fresh seeds have the bits of more replicates on that engine, whatever the environment prefers."""
    from sweeps import engines

    folder = shutil.copytree(run, tmp_path / "run")
    monkeypatch.setattr(engines, "is_installed", lambda _: False)
    code, _, error = command("confirm", folder, "--top", 1, "--replicates", 2, "--workers", 1)
    assert code == 2
    assert "trained with numba, which is not installed" in error
    monkeypatch.undo()
    code, _, error = command("confirm", folder, "--top", 1, "--replicates", 2, "--workers", 1)
    assert code == 0, error
    again = pd.read_csv(folder / "confirm.csv")
    on = ["optimizer", "learning_rate", "replicate"]
    ours, reference = (again.merge(longer(source, engine), on=on) for engine in ("numba", "numpy"))
    assert len(ours) == len(again) >= 2
    assert (ours.value_x == ours.value_y).all()
    assert (reference.value_x - reference.value_y).abs().max() < 1e-4


def test_a_page_names_the_engine(run):
    """The page says what trained."""
    from sensitivity.reading.runs import read_run
    from sensitivity.reporting.provenance import versions

    said = dict(versions(read_run(run)))
    assert said["trained by"] == "numba"
    assert said["trained with numba"]
    assert said["trained with scipy"]


def test_who_shares_takes_the_engine_that_is_there(source, run, command, tmp_path):
    """Two worker processes load the machine code; the table is that of one; who joins need not name it."""
    from sweeps.engines import AUTO
    from sweeps.shared_folder import SharedFolder
    from sweeps.shared_terms import shared_engine

    share = tmp_path / "share"
    line = ("sweep", source, "--share", share, "--no-report", "--workers", 2)
    code, _, error = command(*line, "--engine", "numba")
    assert code == 0, error
    assert trials(share / "run").equals(trials(run))
    assert shared_engine(SharedFolder(share / "shared"), AUTO) == "numba"
    assert shared_engine(SharedFolder(tmp_path / "none"), AUTO) == "numpy"  # the environment of all tests


def test_a_cluster_must_have_the_same_numba(monkeypatch):
    """What the workers of a cluster must agree on includes numba where it trains."""
    from functools import partial

    from sweeps import versions
    from sweeps.definition import parse
    from sweeps.handed import work_of
    from sweeps.objective import begin
    from sweeps.run import prepare

    work = prepare(parse({"dataset": "iris", "space": {"learning_rate": [0.1, 0.2]}})).work
    assert work_of(partial(begin, work)).engine == "numpy"
    assert work_of(partial(begin, work.on("numba"))).engine == "numba"
    assert work_of(int) is None
    assert "numba" not in versions.terms()
    there = versions.terms(engine="numba")
    monkeypatch.setattr(versions, "_version", lambda _: "none")
    with pytest.raises(versions.ExecutionError, match=r"worker has numba none.*install the same numba"):
        versions.check_terms(versions.terms(engine="numba"), there, "the worker", "the command")
