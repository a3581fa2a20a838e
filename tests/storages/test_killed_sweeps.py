"""Whole sweeps whose study is in a database, killed again and again: the loop of the journal, and its table.

``KILLS=100 pytest -m slow -s tests/storages/test_killed_sweeps.py``.
"""

from __future__ import annotations

import shutil
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

import kills
import pytest
import sqlalchemy
from test_kills import DEFINITION, KILLS, PHASES, PLANNED, line, undisturbed

from sweeps.databases import with_driver

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]
SEARCH = 30
OF_TRIALS = (
    "trial_values",
    "trial_params",
    "trial_user_attributes",
    "trial_system_attributes",
    "trial_intermediate_values",
    "trial_heartbeats",
)


class Kept:
    """Studies of run folders in databases of their own, one each.

    Parameters
    ----------
    server
        Folder of the socket of PostgreSQL; None: a file of SQLite beside each folder.
    """

    def __init__(self, server=None):
        self._server = server

    def url(self, out):
        """Address of the database of a run folder."""
        if self._server is None:
            return f"sqlite:///{out}.db"
        return f"postgresql://sweeper@/{self._name(out)}?host={self._server}"

    def _name(self, out):
        return "".join(
            letter for letter in f"{out.parent.parent.name}_{out.name}" if letter.isalnum()
        ).lower()

    def _ask(self, out, *statements):
        """Carry out statements, and give the first cell of the last; None where there is no database."""
        engine = sqlalchemy.create_engine(
            with_driver(sqlalchemy.make_url(self.url(out))), poolclass=sqlalchemy.NullPool
        )
        try:
            with engine.begin() as connection:
                for statement in statements:
                    found = connection.execute(sqlalchemy.text(statement))
                return found.scalar() if found.returns_rows else None
        except sqlalchemy.exc.SQLAlchemyError:
            return None

    def _manage(self, *statements):
        import psycopg

        address = f"host={self._server} user=sweeper dbname=postgres"
        with closing(psycopg.connect(address, autocommit=True)) as connection:
            for statement in statements:
                connection.execute(statement)

    def prepare(self, out):
        """An empty database."""
        if self._server is not None:
            self._manage(f"create database {self._name(out)}")

    def command(self, definition, out, *, report):
        """Command line that starts a sweep there, or goes on."""
        return [*line(definition, out, report=report), "--storage", self.url(out)]

    def recorded(self, out):
        """Number of trials in the study of a folder."""
        if self._server is None and not Path(f"{out}.db").exists():
            return 0
        return self._ask(out, "select count(*) from trials") or 0

    def begun(self, reference, out, trials):
        """A folder, and a database with the first trials of that of another."""
        if not trials:
            self.prepare(out)
            return
        out.mkdir(parents=True)
        shutil.copy(reference / "sweep.toml", out)
        if self._server is None:
            shutil.copy(f"{reference}.db", f"{out}.db")
        else:
            self._manage(f"create database {self._name(out)} template {self._name(reference)}")
        later = f"in (select trial_id from trials where number >= {trials})"  # noqa: S608 (our numbers)
        every = (*OF_TRIALS, "trials")
        self._ask(out, *(f"delete from {table} where trial_id {later}" for table in every))  # noqa: S608

    def forget(self, out):
        """Remove a folder and its database."""
        shutil.rmtree(out, ignore_errors=True)
        if self._server is None:
            for path in out.parent.glob(f"{out.name}.db*"):
                path.unlink()
        else:
            self._manage(f"drop database if exists {self._name(out)} with (force)")


@pytest.fixture(scope="module")
def made():
    """What has been made of each kind: kept, the sweep, its times."""
    return {}


@pytest.fixture(scope="module")
def tallies():
    """What every kind of kill has done; printed at the end."""
    found = {}
    yield found
    for kind, of in found.items():
        print(f"\n\n{kind}\n{kills.table_of(of)}")


def sweep_in(kind, report, request, tmp_path_factory):
    """The sweep in a database of that kind, run in peace once, and the times it takes."""
    home = tmp_path_factory.mktemp(f"{kind}{report}")
    kept = Kept(None if kind == "sqlite" else request.getfixturevalue("server"))
    definition, reference = home / "mixed.toml", home / "in" / "reference"
    reference.parent.mkdir()
    definition.write_text(DEFINITION.format(replicates=4, search=SEARCH), encoding="utf-8")
    kept.prepare(reference)
    how = {"recorded": kept.recorded, "begun": kept.begun, "forget": kept.forget}
    sweep = undisturbed(
        partial(kept.command, definition, report=report), reference, 4 * PLANNED, SEARCH, **how
    )
    kept.prepare(home / "in" / "timed")
    return sweep, kills.times_of(sweep, home / "in")


@pytest.mark.parametrize("victim", kills.VICTIMS)
@pytest.mark.parametrize("phase", kills.PHASES)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_kills_in_every_phase_cost_nothing(
    kind, phase, victim, made, tallies, request, tmp_path_factory, tmp_path
):
    """So many kills in each phase, of each: nothing lost, doubled, changed, no process and no file left."""
    report = PHASES[phase]
    if (kind, report) not in made:
        made[kind, report] = sweep_in(kind, report, request, tmp_path_factory)
    sweep, times = made[kind, report]
    tally = kills.kill_often(sweep, phase, victim, KILLS, tmp_path / "killed", times)
    tallies.setdefault(kind, []).append(tally)
    assert tally.clean, tally
