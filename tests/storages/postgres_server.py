"""A PostgreSQL server for tests, which are skipped where there is none to start."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest


def _binaries():
    """Folder of PostgreSQL's programs; Debian does not put them on the PATH."""
    found = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return Path(found).resolve().parent if found else debian[-1].parent if debian else None


@contextmanager
def running():
    """Folder of the socket of a server that runs as long, whose user is ``sweeper``; skips without one."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("no initdb: install postgresql")
    pytest.importorskip("psycopg")
    user = {"user": "postgres"} if os.geteuid() == 0 else {}  # it refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="postgres"))
    try:
        if user:
            shutil.chown(folder, "postgres")
        data, quiet = folder / "data", {"stdout": subprocess.DEVNULL, "cwd": folder, **user}
        made = [binaries / "initdb", "-D", data, "-U", "sweeper", "-A", "trust", "--no-sync"]
        subprocess.run(made, check=True, timeout=120, **quiet)
        options = ["-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"]
        control = [binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
        subprocess.run([*control, "-o", " ".join(map(str, options)), "start"], check=True, **quiet)
        try:
            yield folder
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, **quiet)
    finally:
        shutil.rmtree(folder)
