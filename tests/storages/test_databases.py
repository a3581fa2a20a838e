"""Studies in SQLite and in a real PostgreSQL server: whole batches, one writer, valid for plain Optuna."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import optuna
import pytest
from small_studies import finished, ours
from sqlalchemy import Connection, NullPool, make_url

from sweeps.databases import Database, with_driver
from sweeps.errors import StudyError

ROOT = Path(__file__).resolve().parents[2]


def plain(url, name="digits"):
    """The study as somebody without this tool opens it."""
    storage = optuna.storages.RDBStorage(with_driver(make_url(url)), {"poolclass": NullPool})
    return optuna.load_study(study_name=name, storage=storage)


def shown(trial):
    """What plain Optuna says of a trial, but for its ids and times."""
    return (
        trial.number,
        trial.state,
        trial.values,
        list(trial.params.items()),
        trial.distributions,
        trial.user_attrs,
        trial.system_attrs,
        trial.intermediate_values,
    )


def test_a_batch_is_what_optunas_add_trial_would_have_written(database, tmp_path):
    """Plain Optuna reads the same numbers, states, values, parameters and attributes, and goes on adding."""
    trials = [finished(number) for number in range(20)]
    with ours(database) as study:
        study.record(trials[:7])
        study.record(trials[7:])
        assert repr(study.finished()) == repr(trials)
    with ours(f"sqlite:///{tmp_path / 'other.db'}") as study:
        study._opened = study._opened._replace(database=None)  # by add_trial, one by one
        study.record(trials)
        expected = study.study.get_trials()
    stored = plain(database)
    assert [shown(trial) for trial in stored.get_trials()] == [shown(trial) for trial in expected]
    assert all(trial.datetime_complete >= trial.datetime_start for trial in stored.trials)
    assert abs(stored.trials[0].datetime_start.timestamp() - time.time()) < 600  # local, as Optuna has it
    stored.add_trial(optuna.trial.create_trial(value=1.0))
    assert [trial.number for trial in stored.get_trials()] == list(range(21))


def test_a_batch_is_one_transaction(database, monkeypatch):
    """However many trials a batch has: one commit, and a number of statements that does not grow."""
    counts = {}
    with ours(database) as study:
        execute, commit = Connection._execute_context, Connection._commit_impl
        seen = []
        monkeypatch.setattr(
            Connection, "_execute_context", lambda *a, **k: seen.append("execute") or execute(*a, **k)
        )
        monkeypatch.setattr(Connection, "_commit_impl", lambda *a: seen.append("commit") or commit(*a))
        done = 0
        for size in (10, 100):
            seen.clear()
            study.record([finished(done + index) for index in range(size)])
            done += size
            counts[size] = (seen.count("execute"), seen.count("commit"))
    assert counts[10] == counts[100]
    assert counts[10][1] == 1


def test_a_batch_that_cannot_be_written_leaves_nothing(database, monkeypatch):
    """When the last table fails, no row of the others is there, and the batch can be written again."""
    trials = [finished(number) for number in range(8)]
    with ours(database) as study:
        study.record(trials[:2])
        with monkeypatch.context() as patch:
            patch.setattr("sweeps.databases.insert", _broken)
            with pytest.raises(StudyError, match="cannot be used"):
                study.record(trials[2:])
        assert len(study.finished()) == 2
        study.record(trials[2:])
    assert [trial.number for trial in plain(database).get_trials()] == list(range(8))


def _broken(table):
    import sqlalchemy

    if table.__tablename__ == "trial_user_attributes":
        return sqlalchemy.text("insert into no_such_table values (:key)")
    return sqlalchemy.insert(table)


WRITER = """
import sys, time
sys.path.insert(0, sys.argv[1] + "/tests/storages")
from small_studies import finished, ours
study = ours(sys.argv[2])
done = len(study.finished())
print(done, flush=True)
while True:
    study.record([finished(done + index) for index in range(20)])
    done += 20
    print(done, flush=True)
"""


def writer(url):
    """A process that records batches of 20 until it is killed, saying how many; and what it found."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(ROOT), url],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return process, process.stdout.readline()


def killed(process):
    """End the process in whatever it does; how many trials it last said there are."""
    process.send_signal(signal.SIGKILL)
    process.wait()
    with process.stdout as pipe:
        return int((pipe.read().split() or [0])[-1])


def test_a_killed_writer_leaves_whole_batches_and_no_lock(database):
    """Of two writers the second is refused; killed, the first leaves multiples of 20 and the study free."""
    process, found = writer(database)
    try:
        assert found == "0\n"
        with pytest.raises(StudyError, match="another sweep is writing to") as caught:
            ours(database)
        assert "\n" not in str(caught.value)
    finally:
        killed(process)
    with ours(database) as study:
        count = len(study.finished())
        assert count % 20 == 0
        study.record([finished(count)])
    with ours(database):
        pass  # closing has given it up too


def test_studies_of_other_names_have_locks_of_their_own(postgres):
    """A server holds many studies; a sweep keeps others out of its own only."""
    with ours(postgres) as first, ours(postgres, "another") as second:
        first.record([finished(0)])
        second.record([finished(0), finished(1)])
        assert (len(first.finished()), len(second.finished())) == (1, 2)


def test_reading_needs_no_lock(database):
    """While a sweep writes, its study is read."""
    from sweeps.storages import open_storage

    with ours(database) as study:
        study.record([finished(0)])
        opened = open_storage(database, read_only=True)
        assert len(optuna.load_study(study_name="digits", storage=opened.storage).trials) == 1
        opened.close()


def test_a_server_that_ends_the_connection_is_a_sentence(postgres):
    """Who has lost its lock cannot write; what was recorded is there, and resuming goes on."""
    import psycopg

    with ours(postgres) as study:
        study.record([finished(0)])
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'")
        with pytest.raises(StudyError, match="cannot be used"):
            study.record([finished(1)])
    with ours(postgres) as study:
        assert len(study.finished()) == 1
        study.record([finished(1)])


def test_a_server_that_does_not_answer_is_given_up(monkeypatch):
    """One that takes a connection and says nothing would be waited for without end."""
    import socket

    pytest.importorskip("psycopg")
    monkeypatch.setattr("sweeps.databases._CONNECTING", 2)  # seconds; the least that libpq knows
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        with pytest.raises(StudyError, match=r"cannot be used \(.*timeout"):
            ours(f"postgresql://me:geheim@127.0.0.1:{silent.getsockname()[1]}/x")
        assert time.monotonic() - started < 60


def test_nothing_is_written_without_a_claim(sqlite):
    """To write is to be the only one who does."""
    database = Database(sqlite)
    with pytest.raises(StudyError, match="is claimed before"):
        database.add(1, [], 0)
    database.close()


@pytest.mark.slow
def test_kills_of_a_writer(database):
    """Killed at random moments (KILLS of them, 100 by default), it has lost and doubled nothing."""
    import random

    draw = random.Random(0)
    kills, known = int(os.environ.get("KILLS", "100")), 0
    for _ in range(kills):
        process, found = writer(database)
        try:
            assert int(found) >= known, "what was said to be recorded is lost"
            assert int(found) % 20 == 0, "half a batch"
            first = int(process.stdout.readline())
            time.sleep(draw.uniform(0, 0.3))
        finally:
            known = killed(process)
        known = max(known, first)
    with ours(database) as study:
        trials = study.finished()
    assert len(trials) >= max(known, 20 * kills)
    assert repr(trials) == repr([finished(number) for number in range(len(trials))])
    print(f"\n{database.partition(':')[0]}: {kills} kills, {len(trials)} trials, none lost, none twice")
