"""Optuna's gRPC proxy: over a database it keeps a study, over a journal it is refused; nobody waits long."""

from __future__ import annotations

import socket
import sys
import time

import optuna
import pytest
from optuna.storages import JournalStorage, RDBStorage, get_storage
from optuna.storages.journal import JournalFileBackend
from small_studies import finished, ours

from sweeps import grpc_proxy
from sweeps.errors import StudyError
from sweeps.storages import open_storage

pytest.importorskip("grpc")


@pytest.fixture
def serve():
    """Start Optuna's proxy over a storage in this process; gives its address."""
    from optuna.storages._grpc.server import make_server

    servers = []

    def started(storage):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        servers.append(make_server(storage, "127.0.0.1", port))
        servers[-1].start()
        return f"grpc://127.0.0.1:{port}"

    yield started
    for server in servers:
        server.stop(None).wait()


def test_a_proxy_over_a_database_keeps_a_study(serve, sqlite):
    """What is recorded through it comes back, from it and from the database, and can be read only."""
    storage = get_storage(sqlite)
    url = serve(storage)
    trials = [finished(number) for number in range(6)]
    for start in (0, 3):
        with ours(url) as study:
            assert repr(study.finished()) == repr(trials[:start])
            study.record(trials[start : start + 3])
    opened = open_storage(url, read_only=True)
    assert [study.study_name for study in opened.storage.get_all_studies()] == ["digits"]
    opened.close()
    with ours(sqlite) as study:
        assert repr(study.finished()) == repr(trials)
    storage._backend.engine.dispose()


@pytest.mark.parametrize("before", ["nothing", "a study", "a study that was deleted"])
@pytest.mark.parametrize("kind", ["journal", "memory"])
def test_a_proxy_over_a_journal_is_refused(serve, tmp_path, kind, before):
    """Whatever the journal or the memory has held, it is known, in one sentence, and no study is left."""
    backend = JournalFileBackend(str(tmp_path / "a.journal"))
    storage = JournalStorage(backend) if kind == "journal" else optuna.storages.InMemoryStorage()
    if before != "nothing":
        study = optuna.create_study(storage=storage, study_name="theirs")
        study.add_trial(optuna.trial.create_trial(value=1.0))
        if before != "a study" and kind == "journal":
            optuna.delete_study(storage=storage, study_name="theirs")
    held = [study.study_name for study in storage.get_all_studies()]
    url = serve(storage)
    with pytest.raises(StudyError, match=r"stands over a journal or over memory.*start it over a database"):
        ours(url)
    assert [study.study_name for study in storage.get_all_studies()] == held


def test_where_nobody_listens_nobody_waits(monkeypatch):
    """No server, or one that takes a connection and says nothing: a sentence within the time allowed."""
    monkeypatch.setattr(grpc_proxy, "_CONNECTING", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(StudyError, match=r"nobody answers at grpc://127.0.0.1:.* within 0\.5 seconds"):
            ours(f"grpc://127.0.0.1:{port}")
    started = time.monotonic()
    with pytest.raises(StudyError, match="nobody answers"):
        ours(f"grpc://127.0.0.1:{port}")
    assert time.monotonic() - started < 60


def test_a_proxy_that_goes_or_hangs_is_a_sentence(serve, sqlite, monkeypatch):
    """A request that is not answered in time ends the sweep, which can be resumed."""
    monkeypatch.setattr(grpc_proxy, "_ANSWER", 1.0)
    storage = RDBStorage(sqlite)
    url = serve(storage)
    with ours(url) as study:
        monkeypatch.setattr(RDBStorage, "create_new_trial", lambda *_: time.sleep(3))
        with pytest.raises(StudyError, match=r"cannot be used \(.*[Dd]eadline"):
            study.record([finished(0)])
    storage.engine.dispose()


@pytest.mark.parametrize(
    "url",
    [
        "grpc://",
        "grpc://host",
        "grpc://host:port",
        "grpc://me@host:1",
        "grpc://h:1/x",
        "grpc://me:geheim@host:1",
    ],
)
def test_what_is_no_address_is_refused(url):
    """Host and port, and nothing else."""
    with pytest.raises(StudyError, match=r"written grpc://HOST:PORT, not") as caught:
        ours(url)
    assert "geheim" not in str(caught.value)


def test_without_grpc_its_package_is_named(monkeypatch):
    """The extra is optional."""
    monkeypatch.setitem(sys.modules, "grpc", None)
    monkeypatch.setattr(
        "optuna.storages._grpc.client.grpc", __import__("optuna")._imports._LazyImport("grpc")
    )
    with pytest.raises(StudyError, match="pip install 'grpcio' 'protobuf'"):
        ours("grpc://127.0.0.1:1")


def test_without_protobuf_the_package_is_named_and_no_other():
    """Its module is google.protobuf, and a package google is something else."""
    from sweeps.storages import storage_errors

    error = ModuleNotFoundError("No module named 'google'", name="google")
    with (
        pytest.raises(StudyError, match="pip install 'grpcio' 'protobuf'"),
        storage_errors("grpc://localhost:1"),
    ):
        raise error
