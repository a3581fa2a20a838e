"""A PostgreSQL server of its own for the tests of databases; skipped where there is none to start."""

from __future__ import annotations

import uuid

import pytest
from postgres_server import running


@pytest.fixture(scope="session")
def server():
    """Folder of the socket of a running server, whose user is ``sweeper``."""
    with running() as folder:
        yield folder


@pytest.fixture
def postgres(server):
    """Address of a new, empty database."""
    import psycopg

    name = f"study_{uuid.uuid4().hex}"
    with psycopg.connect(f"host={server} user=sweeper dbname=postgres", autocommit=True) as connection:
        connection.execute(f"create database {name}")
        yield f"postgresql://sweeper@/{name}?host={server}"
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture
def sqlite(tmp_path):
    """Address of a new SQLite file."""
    return f"sqlite:///{tmp_path / 'a.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database(request):
    """Address of an empty database of every kind."""
    return request.getfixturevalue(request.param)
