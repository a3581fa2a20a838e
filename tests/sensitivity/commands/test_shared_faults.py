"""What may happen to a shared folder: a clock set back, kills, no locks, a device in the place of a file."""

import os
import time

import pytest

from sweeps.definition import load, parse
from sweeps.owner import Owner
from sweeps.run import prepare
from sweeps.shared_folder import SharedFolder
from sweeps.sharing import join


@pytest.fixture
def sweep(tiny):
    """Eight planned trials and three searched ones: two blocks."""
    return prepare(parse(load(tiny)))


@pytest.fixture
def notes():
    """What the user was told."""
    return []


@pytest.fixture
def folder(sweep, tmp_path, notes):
    """The folder in which it is shared, where nothing is done yet."""
    made = SharedFolder(tmp_path / "share" / "shared", notes.append)
    join(sweep, made)
    return made


@pytest.mark.parametrize(("hours", "free"), [(-1, True), (0, False), (1, True)])
def test_a_clock_set_back_or_forward_keeps_no_ticket(folder, notes, hours, free):
    """Who lives touches what it holds by the clock as it is: a time far ahead is that of one who hangs."""
    elsewhere = Owner("elsewhere", "0" * 8, 1, "token")
    ticket, held = (folder.path / "tickets" / name for name in ("000000", f"000000@{elsewhere}"))
    ticket.rename(held)
    process, half = (
        folder.path / "processes" / str(elsewhere),
        folder.path / "results" / f".000000@{elsewhere}",
    )
    for left in (held, process, half):
        left.touch()
        os.utime(left, (time.time() + 3600 * hours,) * 2)
    with folder:
        assert folder.claim(["000000"]) == ("000000" if free else None)
        assert (process.exists(), half.exists()) == (not free, not free)
    said = [note.rpartition(" for ")[0] for note in notes]
    assert said == ["process 1 on elsewhere hangs or is cut off, no sign of it"] * free
