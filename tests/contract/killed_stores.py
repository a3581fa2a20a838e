"""The sweep that is killed, wherever its study is kept and whoever trains it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from functools import partial
from typing import TYPE_CHECKING

from kills import Sweep, in_peace, recorded_in_journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kills import Times

DEFINITION = """
name = "mixed"
dataset = "iris"
epochs = 2
search = {search}
replicates = {replicates}

[network]
hidden = [5]

[space]
optimizer = ["sgd", "nesterov", "adam"]
learning_rate = {{ low = 1e-3, high = 1e3, log = true, levels = 3 }}
beta = [0.5, 0.99]
batch_size = [7, 32]
"""
A_REPLICATE = (1 + 2 * 2) * 3 * 2
REPLICATES, SEARCH = 4, 60
OF_TRIALS = (
    "trial_values",
    "trial_params",
    "trial_user_attributes",
    "trial_system_attributes",
    "trial_intermediate_values",
    "trial_heartbeats",
)
STORES = ("journal", "sqlite", "postgresql", "dask", "share")


def written(home: Path, replicates: int = REPLICATES, search: int = SEARCH) -> Path:
    """Definition with conditional settings, divergence, uneven batches and a search, as a file."""
    definition = home / "mixed.toml"
    definition.write_text(DEFINITION.format(replicates=replicates, search=search), encoding="utf-8")
    return definition


def line(definition: Path, out: Path, *how: object, report: bool, to: str = "--out") -> list[object]:
    """Words after ``sensitivity`` that start the sweep in a folder, or go on there."""
    shown = [] if report else ["--no-report"]
    return ["sweep", definition, to, out, "--workers", 2, "--population", 4, *how, *shown]


def sweep_in(
    store: str, home: Path, server: Path | None, start: Callable, *, report: bool
) -> tuple[Sweep, Times]:
    """The sweep in a store of that kind, run in peace once, and the times it took."""
    definition, reference, planned = written(home), home / "reference", REPLICATES * A_REPLICATE
    how: dict = {"kept": store, "start": start, "command": partial(line, definition, report=report)}
    if store in {"sqlite", "postgresql"}:
        kept = SQLite() if server is None else PostgreSQL(server)
        how["command"] = lambda out: line(definition, out, "--storage", kept.url(out), report=report)
        how |= {"recorded": kept.recorded, "begun": kept.begun, "forget": kept.forget, "place": kept.name}
        kept.create(reference)
    elif store == "dask":
        how["command"] = lambda out: line(definition, out, "--cluster", "local:2", report=report)
    elif store == "share":
        how["command"] = partial(line, definition, report=report, to="--share")
        how |= {"recorded": recorded_in_share, "begun": begun_from_share, "results": "run"}
        train_and_share(definition, home / "trained")
        if report:  # made of the very trials that are explained again and again
            shutil.copytree(home / "trained", reference)
    sweep = Sweep(reference=reference, planned=planned, total=planned + SEARCH, **how)
    return sweep, in_peace(sweep, home)


class Kept:
    """Studies of run folders in databases of their own, one each."""

    def url(self, out: Path) -> str:
        """Address of the database of a run folder."""
        raise NotImplementedError

    def name(self, out: Path) -> str:
        """Of the database of a run folder."""
        raise NotImplementedError

    def copy(self, reference: Path, out: Path) -> None:
        """Make the database of a run folder as that of another is."""
        raise NotImplementedError

    def create(self, out: Path) -> None:
        """Make an empty one."""
        raise NotImplementedError

    def ask(self, out: Path, *statements: str) -> Iterator[tuple]:
        """Carry out statements; what the last one finds."""
        raise NotImplementedError

    def recorded(self, out: Path) -> int:
        """Number of trials in the study of a folder."""
        with suppress(Exception):  # there is no database, or no table, yet
            return next(self.ask(out, "select count(*) from trials"))[0]
        return 0

    def begun(self, reference: Path, out: Path, trials: int) -> None:
        """A folder, and a database with the first trials of that of another."""
        if not trials:
            self.create(out)
            return
        out.mkdir(parents=True)
        shutil.copy(reference / "sweep.toml", out)
        self.copy(reference, out)
        later = f"in (select trial_id from trials where number >= {trials})"  # noqa: S608 (our numbers)
        every = (*OF_TRIALS, "trials")
        self.ask(out, *(f"delete from {table} where trial_id {later}" for table in every))  # noqa: S608


class SQLite(Kept):
    """Each in a file beside the folder."""

    def name(self, out: Path) -> str:
        """Its file."""
        return f"{out}.db"

    def url(self, out: Path) -> str:
        """Address of the file."""
        return f"sqlite:///{out}.db"

    def copy(self, reference: Path, out: Path) -> None:
        """Copy the file."""
        shutil.copy(f"{reference}.db", f"{out}.db")

    def create(self, out: Path) -> None:
        """The sweep does."""

    def ask(self, out: Path, *statements: str) -> Iterator[tuple]:
        """In one transaction."""
        with closing(sqlite3.connect(f"file:{out}.db?mode=rw", uri=True)) as connection, connection:
            for statement in statements:
                found = connection.execute(statement)
            return iter(found.fetchall())

    def forget(self, out: Path) -> None:
        """Remove the folder and the file."""
        shutil.rmtree(out)
        for path in out.parent.glob(f"{out.name}.db*"):
            path.unlink()


class PostgreSQL(Kept):
    """Each a database of a server.

    Parameters
    ----------
    server
        Folder of its socket.
    """

    def __init__(self, server: Path) -> None:
        self._server = server
        self._asked: tuple = (None, None)  # a connection is kept: to make one takes longer than to ask

    def url(self, out: Path) -> str:
        """Address of the database."""
        return f"postgresql://sweeper@/{self.name(out)}?host={self._server}"

    def name(self, out: Path) -> str:
        """Letters of its path."""
        words = f"{out.parent.parent.name}_{out.parent.name}_{out.name}"
        return "".join(letter for letter in words if letter.isalnum()).lower()[-60:]

    def _connected(self, name: str):
        import psycopg

        address = f"host={self._server} user=sweeper dbname={name}"
        return psycopg.connect(address, autocommit=True)

    def _manage(self, statement: str) -> None:
        self._part()
        with closing(self._connected("postgres")) as connection:
            connection.execute(statement)

    def _part(self) -> None:
        if self._asked[1] is not None:
            self._asked[1].close()
        self._asked = None, None

    def create(self, out: Path) -> None:
        """An empty database."""
        self._manage(f"create database {self.name(out)}")

    def copy(self, reference: Path, out: Path) -> None:
        """The server copies it."""
        self._manage(f"create database {self.name(out)} template {self.name(reference)}")

    def ask(self, out: Path, *statements: str) -> Iterator[tuple]:
        """One after the other."""
        if self._asked[0] != out:
            self._part()
            self._asked = out, self._connected(self.name(out))
        for statement in statements:
            found = self._asked[1].execute(statement)
        return iter(found.fetchall() if found.description else ())

    def forget(self, out: Path) -> None:
        """Remove the folder and the database."""
        shutil.rmtree(out)
        self._manage(f"drop database if exists {self.name(out)} with (force)")


def train_and_share(definition: Path, share: Path) -> None:
    """Make a shared folder in which all is trained and nothing recorded."""
    from sweeps.definition import load, parse
    from sweeps.run import prepare
    from sweeps.shared_folder import SharedFolder
    from sweeps.shared_terms import join
    from sweeps.sharing import Member

    sweep, folder = prepare(parse(load(definition))), SharedFolder(share / "shared")
    join(sweep, folder)
    with folder:
        Member(sweep, folder).train()


def recorded_in_share(out: Path) -> int:
    """Trials that have a result in a shared folder, or are in the study."""
    results = out / "shared" / "results"
    counts = {path.name: _lines(path) for path in results.glob("0*")} if results.exists() else {}
    return max(sum(counts.values()), recorded_in_journal(out / "run"))


def _lines(path: Path) -> int:
    """Trials of a block; its first line is the digest."""
    with suppress(FileNotFoundError):  # recorded, it is taken away
        return len(path.read_bytes().splitlines()) - 1
    return 0


def begun_from_share(reference: Path, out: Path, trials: int) -> None:
    """Make a shared folder that holds the results of the first trials, in whole blocks."""
    if not trials:
        return
    shutil.copytree(reference.with_name("trained"), out)
    count = 0
    for path in sorted((out / "shared" / "results").iterdir()):
        count += _lines(path)
        if count > trials:
            path.unlink()
            (out / "shared" / "tickets" / path.name).touch()
