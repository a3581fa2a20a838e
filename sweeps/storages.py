"""Opening the storage of a study by its URL: a journal, or whatever Optuna takes."""

from __future__ import annotations

import re
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote

import optuna
import sqlalchemy
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalRedisBackend

from sweeps.errors import StudyError
from sweeps.grpc_proxy import SCHEME, open_proxy
from sweeps.journal import LockedJournal
from sweeps.search import quiet
from sweeps.urls import SECRET, USER_INFO, masked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from optuna.storages import BaseStorage

    from sweeps.databases import Database

_DRIVERS = {
    "psycopg2": "psycopg2-binary",
    "psycopg": "psycopg[binary]",
    "MySQLdb": "mysqlclient",
    "grpc": "grpcio protobuf",
    "google": "grpcio protobuf",  # protobuf is google.protobuf
}
_DRIVER_FAMILIES = {
    "sqlalchemy",
    "redis",
    "grpc",
    "sqlite3",
    "psycopg",
    "psycopg2",
    "asyncpg",
    "pymysql",
    "MySQLdb",
}


def absolute(url: str) -> str:
    """URL of a file with its whole path, so that it leads to the same file from another folder."""
    for scheme in ("sqlite:///", "journal://"):
        path = url.removeprefix(scheme)
        if url != path and path and not path.startswith(("/", ":memory:", "file:")):
            return f"{scheme}{Path(path).absolute()}"
    return url


class OpenStorage(NamedTuple):
    """A storage, what closes it, and how a sweep writes to it.

    Attributes
    ----------
    batch
        Context in which writes share one fsync.
    database
        Where it is one: who writes a batch in one transaction, and keeps other sweeps out.
    """

    storage: BaseStorage
    close: Callable[[], None]
    batch: Callable[[], AbstractContextManager[None]] = nullcontext
    database: Database | None = None


def open_storage(url: str, *, read_only: bool = False) -> OpenStorage:
    """Open a storage for writing, or ``read_only``: then nothing is created, locked or changed.

    Raises
    ------
    StudyError
        When the storage cannot be used, or, read only, is not there.
    """
    if url.startswith("journal:"):
        journal = _journal_to_read(url) if read_only else LockedJournal.at(url)
        return OpenStorage(journal.storage(), journal.close, journal.batch)
    with quiet(), storage_errors(url, ValueError, TypeError, RuntimeError):
        if url.startswith(("redis:", "rediss:", "unix:")):
            backend = JournalRedisBackend(url)
            return OpenStorage(JournalStorage(backend), backend._redis.close)  # noqa: SLF001 (it has no other way)
        if url.startswith(SCHEME):
            proxy = open_proxy(url, read_only=read_only)
            return OpenStorage(proxy, proxy.close)
        address = _sqlite_to_read(url) if read_only and url.startswith("sqlite") else url
        from sweeps.databases import Database  # noqa: PLC0415 (its tables take a while to import)

        _check_is_no_device(url)
        database = Database(address, read_only=read_only)
        return OpenStorage(database.storage, database.close, database=database)


def check_address(url: str) -> None:
    """Refuse what is no address of a storage, before anything is done; it is not opened.

    Raises
    ------
    StudyError
        When nobody knows what it is, or it is an SQLite file that is none, or that has no folder.
    """
    if url.startswith(("journal:", "redis:", "rediss:", "unix:", SCHEME)):
        return
    with quiet(), storage_errors(url, ValueError, TypeError, RuntimeError):
        address = sqlalchemy.make_url(url)
        address.get_dialect()
        _check_is_no_device(url)
    folder = Path(address.database or "").parent
    if url.startswith("sqlite:///") and not url.startswith("sqlite:///file:") and not folder.is_dir():
        raise StudyError(f"{url}: there is no folder {folder}; make it, or give another --storage")


def _journal_to_read(url: str) -> LockedJournal:
    path = url.removeprefix("journal://")
    if path == url or not path:
        raise StudyError(f"a journal is written journal://PATH, not {url}; use journal://study.journal")
    _check_is_there(path)
    return LockedJournal(path, read_only=True)


def _sqlite_to_read(url: str) -> str:
    """Address of an SQLite file that cannot be written through; a file that is not there is not made."""
    parts = sqlalchemy.make_url(url)
    path = parts.database
    if not path or path == ":memory:" or path.startswith("file:"):
        return url
    _check_is_there(path)
    query = {**parts.query, "mode": "ro", "uri": "true"}
    absolute = quote(str(Path(path).absolute()))
    return parts.set(database=f"file:{absolute}", query=query).render_as_string(hide_password=False)


def _check_is_no_device(url: str) -> None:
    """Refuse an SQLite file that is none: opening a pipe waits for ever."""
    path = sqlalchemy.make_url(url).database if url.startswith("sqlite") else None
    if path and Path(path).exists() and not Path(path).is_file():
        raise StudyError(f"{path} is no file but a folder, a device or a pipe; give another --storage")


def _check_is_there(path: str) -> None:
    if not Path(path).exists():
        raise StudyError(f"there is no file {path}; check the path in --storage")
    if not Path(path).is_file():
        raise StudyError(f"{path} is no file but a folder, a device or a pipe; check the path in --storage")


@contextmanager
def storage_errors(url: str, *also: type[Exception]) -> Iterator[None]:
    """Turn what databases and their drivers raise, and ``also``, into one sentence without the password."""
    try:
        yield
    except ImportError as error:
        missing = getattr(error.__cause__ or error, "name", None) or "its driver"
        packages = " ".join(f"'{name}'" for name in _DRIVERS.get(missing, missing).split())
        raise StudyError(f"{masked(url)} needs a package that is missing; pip install {packages}") from None
    except Exception as error:
        families = {kind.__module__.partition(".")[0] for kind in type(error).__mro__}
        internal = isinstance(error, optuna.exceptions.StorageInternalError)
        if not (internal or families & _DRIVER_FAMILIES or isinstance(error, also)):
            raise
        raise StudyError(
            f"the storage {masked(url)!r} cannot be used ({_reason(error, url)}); check the address and the "
            "server, or record into a file with journal://PATH"
        ) from None


def _reason(error: BaseException, url: str) -> str:
    """Quote the driver: the innermost error's first line, without the password."""
    while error.__cause__ is not None:
        error = error.__cause__
    details = getattr(error, "details", None)  # of gRPC, whose text is an address in memory
    said = str(details() if callable(details) else error)
    text = (said.strip() or type(error).__name__).splitlines()[0]
    found = re.match(USER_INFO, url, flags=re.DOTALL)
    secrets = {found[2]} if found else set()
    options = [option.partition("=") for option in url.partition("?")[2].split("&")]
    secrets |= {value for name, _, value in options if SECRET.search(unquote(name))}
    for secret in (secrets | {unquote(secret) for secret in secrets}) - {""}:
        text = text.replace(secret, "***")
    return text
