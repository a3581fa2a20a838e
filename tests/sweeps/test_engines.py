"""Which path trains: chosen once, recorded with the run, kept when it is resumed."""

from __future__ import annotations

import importlib.util

import optuna
import pytest

from sweeps import engines
from sweeps.definition import parse
from sweeps.engines import AUTO, NUMBA, NUMPY, VARIABLE, engine_named
from sweeps.errors import DefinitionError, ExecutionError, StudyError
from sweeps.run import prepare, run

RAW = {
    "name": "two",
    "dataset": "iris",
    "design": "factorial",
    "epochs": 1,
    "network": {"hidden": [4]},
    "space": {"optimizer": ["sgd", "adam"], "learning_rate": 0.01, "batch_size": 50},
    "replicates": 2,
}


@pytest.fixture
def without_numba(monkeypatch):
    """As if numba were not installed."""
    found = importlib.util.find_spec
    monkeypatch.setattr(
        engines.importlib.util, "find_spec", lambda name: None if name == "numba" else found(name)
    )


@pytest.fixture
def by_itself(monkeypatch):
    """Without the variable by which all other tests run on the NumPy path."""
    monkeypatch.delenv(VARIABLE)


@pytest.fixture
def sweep():
    """Four networks of one epoch."""
    return prepare(parse(RAW))


def versions(url):
    """What a study says it was trained with."""
    storage = optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(url[10:]))
    return optuna.load_study(study_name="two", storage=storage).user_attrs["versions"]


def values(trials):
    return [trial.curves for trial in trials]


@pytest.mark.usefixtures("by_itself")
def test_numba_is_picked_up_by_itself():
    """Where numba is installed auto means numba."""
    pytest.importorskip("numba")
    assert engine_named(AUTO) == NUMBA
    assert engine_named(NUMPY) == NUMPY


@pytest.mark.usefixtures("by_itself", "without_numba")
def test_without_numba_there_is_numpy():
    """Where it is not, auto means NumPy and its name is refused in a sentence that says what to install."""
    assert engine_named(AUTO) == NUMPY
    with pytest.raises(DefinitionError, match=r"not installed; pip install numba, or take numpy"):
        engine_named(NUMBA)


def test_a_variable_stands_in_for_auto(monkeypatch):
    """The environment decides where nothing else does; a misspelt name is refused."""
    assert engine_named(AUTO) == NUMPY
    monkeypatch.setenv(VARIABLE, "nunba")
    assert engine_named(NUMPY) == NUMPY
    with pytest.raises(DefinitionError, match=r"SENSITIVITY_ENGINE=nunba.*did you mean 'numba'"):
        engine_named(AUTO)


@pytest.mark.usefixtures("by_itself", "machine_code")
def test_a_run_records_its_engine_and_keeps_it(sweep, tmp_path):
    """A run begun on a path goes on there, and has then the bits of one that was never interrupted."""
    for engine, other in ((NUMPY, NUMBA), (NUMBA, NUMPY)):
        whole, half = (f"journal://{tmp_path}/{engine}-{part}.journal" for part in ("whole", "half"))
        finished = run(sweep, whole, engine=engine)
        assert ({NUMBA, "llvmlite", "scipy"} <= versions(whole).keys()) == (engine == NUMBA)

        def stop(_):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(sweep, half, engine=engine, population=1, on_record=stop)
        with pytest.raises(StudyError, match=f"begun with engine {engine}.*leave --engine {other} out"):
            run(sweep, half, engine=other)
        notes = []
        assert values(run(sweep, half, on_note=notes.append)) == values(finished)
        assert not notes


@pytest.mark.usefixtures("machine_code")
def test_resuming_needs_the_engine(sweep, tmp_path, monkeypatch):
    """A run begun with numba goes on with numba; where that is gone, it is refused and not mixed."""
    url = f"journal://{tmp_path}/study.journal"

    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(sweep, url, engine=NUMBA, population=1, on_record=stop)
    with monkeypatch.context() as patch:
        patch.setattr(engines.importlib.util, "find_spec", lambda _: None)
        with pytest.raises(StudyError, match=r"not installed.*pip install numba, or give another --out"):
            run(sweep, url)
    finished = run(sweep, url)
    with monkeypatch.context() as patch:  # a finished one needs nothing
        patch.setattr(engines.importlib.util, "find_spec", lambda _: None)
        assert values(run(sweep, url)) == values(finished)
    with pytest.raises(StudyError, match=r"begun with engine numba.*leave --engine numpy out"):
        run(sweep, url, engine=NUMPY)


def test_the_command_refuses_an_unknown_engine(command, tmp_path):
    """One sentence, exit 2, no folder."""
    code, _, errors = command("sweep", "digits", "--engine", "nunba", "--out", tmp_path / "run")
    assert code == 2
    assert "did you mean 'numba'" in errors
    assert not (tmp_path / "run").exists()


def test_processes_must_agree_on_kernel_and_code():
    """Both decide last bits: they are among the terms, and who has another is refused by name."""
    from sweeps.versions import check_terms, terms

    mine = terms()
    for name, advice in (("BLAS kernel", "OPENBLAS_CORETYPE"), ("code", "same version of sensitivity")):
        assert mine[name]
        with pytest.raises(ExecutionError, match=f"has {name} .*{advice}"):
            check_terms(mine, {**mine, name: "other"}, "this process", "the sweep")
