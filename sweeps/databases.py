"""A database in which a study is kept: one sweep writes to it at a time, each batch in one transaction.

Optuna's own ``add_trial`` is a transaction and some forty statements per trial; here the rows of its tables
(`optuna.storages._rdb.models`) are written for a whole batch together, all or none of them. What plain Optuna
then reads is the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
import weakref
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy
from optuna.distributions import distribution_to_json
from optuna.storages import RDBStorage
from optuna.storages._rdb import models
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from sweeps.deadlines import answered_within
from sweeps.errors import StudyError
from sweeps.file_locks import take_lock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optuna.trial import FrozenTrial
    from sqlalchemy import Connection

_CONNECTING: Final = 10  # seconds within which a server must answer
_ANSWER: Final = 120.0  # seconds within which it must have written a batch
# What libpq asks of TCP, so that a server that is cut off is noticed: seconds, and milliseconds.
_KEEPALIVE: Final = {
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
_ROW_LOCK: Final = "30s"  # how long to wait for somebody who changes the study just now
_RELEASE: Final = 5.0  # seconds in which a server notices that the process of a lock is gone


class Database:
    """An open database: Optuna's storage of it, and the writing of our own.

    Parameters
    ----------
    url
        SQLAlchemy's address of the database.
    read_only
        Whether no tables are made.

    Attributes
    ----------
    storage
        Optuna's storage, for everything but the trials of a sweep.

    Raises
    ------
    StudyError
        When another sweep writes to the same SQLite file, or one of Optuna's tables was lost.
    """

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        self._writer: Connection | None = None
        address = sqlalchemy.make_url(url)
        self._file = None if read_only else _locked_file(address)
        if self._file is not None:
            _LOCKED.add(self)
        try:
            if not read_only:
                _check_tables(address)
            self.storage = RDBStorage(with_driver(address), _bounded(address), skip_table_creation=read_only)
        except BaseException:
            self._unlock()
            raise

    def claim(self, name: str) -> None:
        """Become the only sweep that writes to a study, until `close` or the end of this process.

        A server keeps the lock for the connection through which the trials are written: whoever has lost it
        cannot write either.

        Raises
        ------
        StudyError
            When another sweep writes to it.
        """
        self._writer = writer = self.storage.engine.connect()
        if writer.dialect.name != "postgresql":
            return
        digest = hashlib.blake2b(f"sweep {name}".encode(), digest_size=8).digest()
        lock = select(func.pg_try_advisory_lock(int.from_bytes(digest, signed=True)))
        deadline = time.monotonic() + _RELEASE
        while True:
            with answered_within(writer, _ANSWER):
                if writer.scalar(lock):
                    break
                writer.rollback()
            if time.monotonic() > deadline:
                raise StudyError(
                    f"another sweep is writing to study {name!r} of this database; wait until it has ended, "
                    "or give another name in the definition"
                )
            time.sleep(0.1)
        writer.commit()

    def add(self, study_id: int, trials: Sequence[FrozenTrial], present: int) -> int:
        """Write trials behind those present, in one transaction; without writing where those are not so many.

        Parameters
        ----------
        study_id
            The study in Optuna's tables.
        trials
            Finished trials.
        present
            How many trials the study should have.

        Returns
        -------
        How many it had.
        """
        if self._writer is None:
            raise StudyError("a study is claimed before it is written to")
        with answered_within(self._writer, _ANSWER), Session(self._writer) as session, session.begin():
            if self._writer.dialect.name == "postgresql":
                session.execute(text(f"SET LOCAL lock_timeout = '{_ROW_LOCK}'"))
            models.StudyModel.find_or_raise_by_id(study_id, session, for_update=True)
            last = (
                select(models.TrialModel.number)
                .where(models.TrialModel.study_id == study_id)
                .order_by(models.TrialModel.trial_id.desc())
                .limit(1)
            )
            found: int | None = session.scalar(last)
            there = 0 if found is None else found + 1
            if there == present:
                _insert(session, study_id, trials, present)
        return there

    def close(self) -> None:
        """Give up connections and locks."""
        if self._writer is not None:
            self._writer.invalidate()  # not back to the pool: the lock goes with the connection
            self._writer.close()
            self._writer = None
        self.storage.engine.dispose()
        self._unlock()

    def _unlock(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
            _LOCKED.discard(self)


_LOCKED: weakref.WeakSet[Database] = weakref.WeakSet()


def _unlock_in_forked_child() -> None:
    """Give up the files in a forked worker: it would keep the lock of a coordinator that was killed."""
    for database in list(_LOCKED):
        database._unlock()  # noqa: SLF001 (of this module)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_unlock_in_forked_child)


def _check_tables(address: sqlalchemy.URL) -> None:
    """Refuse a database in use that lacks a table: made anew and empty, it would belie the others."""
    engine = sqlalchemy.create_engine(with_driver(address), **_bounded(address))
    try:
        with engine.connect() as connection:
            there = set(sqlalchemy.inspect(connection).get_table_names())
            known = models.BaseModel.metadata.tables
            lost = [name for name in known if name not in there]
            used = [name for name in ("studies", "trials") if name in there]
            if lost and any(connection.execute(select(known[name]).limit(1)).first() for name in used):
                raise StudyError(
                    f"the database lacks the table {lost[0]}, which Optuna made; put back a copy of the "
                    "database, or give another --storage"
                )
    finally:
        engine.dispose()


def _insert(session: Session, study_id: int, trials: Sequence[FrozenTrial], first: int) -> None:
    """Write the rows of all trials, a table at a time."""
    added = [
        models.TrialModel(
            study_id=study_id,
            number=first + index,
            state=trial.state,
            datetime_start=trial.datetime_start,
            datetime_complete=trial.datetime_complete,
        )
        for index, trial in enumerate(trials)
    ]
    session.add_all(added)
    session.flush()  # gives them their ids
    rows: dict[Any, list[dict[str, Any]]] = {}
    for model, trial in zip(added, trials, strict=True):
        for table, content in _rows(trial):
            rows.setdefault(table, []).append({"trial_id": model.trial_id, **content})
    for table, contents in rows.items():
        session.execute(insert(table), contents)


def _rows(trial: FrozenTrial) -> list[tuple[Any, dict[str, Any]]]:
    """What Optuna keeps of a finished trial of one value, by table, in the form in which it keeps it."""
    rows: list[tuple[Any, dict[str, Any]]] = []
    if trial.value is not None:
        number, kind = models.TrialValueModel.value_to_stored_repr(trial.value)
        rows.append((models.TrialValueModel, {"objective": 0, "value": number, "value_type": kind}))
    for name, value in trial.params.items():
        distribution = trial.distributions[name]
        content = {
            "param_name": name,
            "param_value": distribution.to_internal_repr(value),
            "distribution_json": distribution_to_json(distribution),
        }
        rows.append((models.TrialParamModel, content))
    kinds = (
        (models.TrialUserAttributeModel, trial.user_attrs),
        (models.TrialSystemAttributeModel, trial.system_attrs),
    )
    for table, attributes in kinds:
        rows += [(table, {"key": key, "value_json": json.dumps(value)}) for key, value in attributes.items()]
    return rows


def with_driver(address: sqlalchemy.URL) -> str:
    """Address that names its driver: which one ``postgresql://`` means depends on SQLAlchemy's version."""
    if address.drivername == "postgresql":
        old = find_spec("psycopg") is None and find_spec("psycopg2") is not None
        address = address.set(drivername="postgresql+psycopg2" if old else "postgresql+psycopg")
    return address.render_as_string(hide_password=False)


def _bounded(address: sqlalchemy.URL) -> dict[str, Any]:
    """Engine options by which a server that does not answer is given up; it would be after minutes."""
    psycopg = address.drivername in {"postgresql", "postgresql+psycopg", "postgresql+psycopg2"}
    if not psycopg:
        return {}
    bounds = {"connect_timeout": _CONNECTING, **_KEEPALIVE}
    return {"connect_args": {name: value for name, value in bounds.items() if name not in address.query}}


def _locked_file(address: sqlalchemy.URL) -> int | None:
    """Descriptor that holds the lock of an SQLite file; None for what is no file, or cannot be opened.

    It is another kind of lock than SQLite's own, which come and go with each transaction. On macOS the two
    kinds exclude each other, so there is none.
    """
    path = address.database
    local = address.drivername.startswith("sqlite") and not address.host and path and path != ":memory:"
    if path is None or not local or path.startswith("file:") or sys.platform not in {"linux", "win32"}:
        return None
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
    except OSError:
        return None  # SQLite says why
    try:
        take_lock(descriptor, Path(path), "--storage")
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
