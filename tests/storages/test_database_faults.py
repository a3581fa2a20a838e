"""Databases that are not as they should be: a stopped server, a lost table, a lock that a child inherits."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import optuna
import pytest
from small_studies import finished, ours
from sqlalchemy import make_url

from sweeps import databases
from sweeps.databases import Database
from sweeps.errors import StudyError

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(sys.platform != "linux", reason="stops a process")
def test_a_server_that_is_stopped_is_given_up(postgres, monkeypatch):
    """Neither its own time limits nor those of TCP end the waiting; what was recorded is there."""
    import psycopg

    monkeypatch.setattr(databases, "_ANSWER", 0.5)
    with ours(postgres) as study:
        study.record([finished(0)])
        with psycopg.connect(postgres, autocommit=True) as connection:
            found = connection.execute("select pid from pg_locks where locktype = 'advisory'")
            (pid,) = found.fetchone()
        os.kill(pid, signal.SIGSTOP)
        try:
            with pytest.raises(StudyError, match="cannot be used"):
                study.record([finished(1)])
        finally:
            os.kill(pid, signal.SIGCONT)
    with ours(postgres) as study:
        assert len(study.finished()) == 1


def test_connections_are_kept_alive():
    """A server that was cut off is noticed; what the address itself says counts."""
    given = databases._bounded(make_url("postgresql://host/x?tcp_user_timeout=5&connect_timeout=3"))
    assert given["connect_args"].keys() >= {"keepalives", "keepalives_idle"}
    assert not given["connect_args"].keys() & {"tcp_user_timeout", "connect_timeout"}
    assert databases._bounded(make_url("sqlite:///a.db")) == {}


@pytest.mark.parametrize("table", ["trial_params", "studies", "trials"])
def test_a_lost_table_is_named_and_not_made_anew(sqlite, table):
    """The wrong cause would be told otherwise, and the database would look sound."""
    with ours(sqlite) as study:
        study.record([finished(0)])
    with sqlite3.connect(make_url(sqlite).database) as connection:
        connection.execute(f"drop table {table}")
    for _ in range(2):
        with pytest.raises(StudyError, match=f"lacks the table {table}, which Optuna made"):
            ours(sqlite)
    connection.close()


def test_tables_that_a_kill_cut_short_are_completed(sqlite):
    """Killed while it made them, a sweep goes on: nothing is in them yet."""
    Database(sqlite).close()
    with sqlite3.connect(make_url(sqlite).database) as connection:
        connection.execute("drop table trial_params")
    connection.close()
    with ours(sqlite) as study:
        study.record([finished(0)])


HOLDER = """
import os, sys, time
from sweeps.databases import Database
database = Database(sys.argv[1])
child = os.fork()
if child == 0:
    time.sleep(60)
    os._exit(0)
time.sleep(1)  # the child has run by then
print(child, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="forks")
def test_a_forked_child_does_not_keep_the_lock(sqlite):
    """Its coordinator was killed, and it lives on for a moment: the file is free."""
    line = [sys.executable, "-c", HOLDER, sqlite]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, env=environment) as process:
        child = int(process.stdout.readline())
        with pytest.raises(StudyError, match="another sweep is writing to"):
            Database(sqlite)
        process.kill()
        process.wait()
        try:
            Database(sqlite).close()
        finally:
            os.kill(child, signal.SIGKILL)


def test_a_batch_is_written_only_behind_as_many_trials_as_expected(sqlite):
    """Whoever has added some since: nothing is written, and it is told how many there are."""
    with ours(sqlite) as study:
        study.record([finished(0), finished(1)])
        database, number = study._opened.database, study.study._study_id
        trial = optuna.trial.create_trial(value=1.0)
        for wrong in (0, 1, 3):
            assert database.add(number, [trial], wrong) == 2
        assert len(study.study.get_trials()) == 2


def test_the_row_of_the_study_is_locked_meanwhile(postgres, monkeypatch):
    """Plain Optuna, which adds a trial at this moment, locks it as well: no number is given twice."""
    import psycopg

    monkeypatch.setattr(databases, "_ROW_LOCK", "100ms")
    with ours(postgres) as study, psycopg.connect(postgres) as connection:
        study.record([finished(0)])
        connection.execute("select 1 from studies for no key update")
        with pytest.raises(StudyError, match="lock timeout"):
            study.record([finished(1)])
        connection.rollback()
        study.record([finished(1)])
