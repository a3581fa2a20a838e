"""What may happen to a shared folder: a clock set back, kills, no locks, a device in the place of a file."""

import errno
import os
import sys
import time
from dataclasses import replace

import pytest

from sweeps import file_locks
from sweeps.deaths import SUSPICIOUS
from sweeps.definition import load, parse
from sweeps.execution import EXECUTORS, Here
from sweeps.objective import begin, end, train_task
from sweeps.owner import Owner
from sweeps.run import prepare
from sweeps.shared_folder import SharedFolder
from sweeps.shared_terms import RECORD, join
from sweeps.sharing import Member
from sweeps.storages import open_storage

GONE = replace(Owner.me(), pid=2**22 + 1)  # a number that no process has


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


def test_a_block_that_two_have_trained_is_counted_once(sweep, folder):
    """One is cut off in the middle of a block, another does that and all others; then the first goes on."""
    mine, elsewhere = [], []
    first = Member(sweep, folder, on_record=mine.extend, on_elsewhere=elsewhere.append)
    with folder:
        tasks = first._tasks()
        task = next(tasks)
        (held,) = (folder.path / "tickets").glob("000000@*")
        os.utime(held, (time.time() - 3600,) * 2)
        with SharedFolder(folder.path) as other:
            Member(sweep, other).train()
        assert first._missing() == []
        assert (len(mine), sum(elsewhere)) == (0, sweep.total)
        begin(sweep.work)
        for each in [task, *tasks]:
            first._take(each, train_task(each))
        (folder.path / "results" / "000000").write_bytes(b"damaged")
        assert folder.result("000000") is None
        first.train()
    assert (len(mine), sum(elsewhere)) == (0, sweep.total)


def test_processes_that_are_killed_again_and_again_condemn_no_block(sweep, folder, notes, monkeypatch):
    """Whoever holds it when a machine is pre-empted: it is trained, and what is known is said."""
    monkeypatch.setitem(EXECUTORS, "processes", Here)
    with folder:
        for number in range(8 * 36):
            (ticket,) = (folder.path / "tickets").glob("000000*")
            ticket.rename(ticket.with_name(f"000000@{replace(GONE, token=str(number))}"))
            assert folder.claim(["000000"]) == "000000"
        folder.release("000000")
        notes.clear()
        Member(sweep, folder, on_note=notes.append).train()
        assert folder.done() == {"000000", "000001"}
        assert folder.deaths.of("000000") == 0
    (said,) = [note for note in notes if "have died" in note]
    assert said.startswith("288 processes have died that held block 000000, with nothing of it done since; ")


def test_what_was_done_of_a_block_clears_it(sweep, folder, monkeypatch):
    """Those that died before it made progress are not counted with those that die afterwards."""
    monkeypatch.setitem(EXECUTORS, "processes", Here)
    with folder:
        for number in range(SUSPICIOUS):
            folder.deaths.add("000000", str(number))
        member = Member(sweep, folder, population=1)
        take, counts = member._take, []

        def taken(task, results):
            counts.append(folder.deaths.of("000000"))
            take(task, results)

        monkeypatch.setattr(member, "_take", taken)
        searched = list(member._tasks())
        end()
        assert len(searched) == 3  # the search; the planned ones were trained under observation
    assert counts == [0] * 8


@pytest.mark.skipif(sys.platform != "linux", reason="no /dev/zero")
def test_a_device_in_a_shared_folder_is_not_read(
    sweep, folder, tmp_path, notes, command, assert_one_sentence
):
    """It has no end: in the place of a result, that is made again; else a sentence."""
    with folder:
        Member(sweep, folder).train()
        result = folder.path / "results" / "000001"
        result.unlink()
        result.symlink_to("/dev/zero")
        Member(sweep, folder)._know(sweep.total)
        assert "000001 is damaged; piece 000001 is done again" in notes[0]
        Member(sweep, folder).train()
        assert result.is_file()
    for name, sentence in (
        ("given-up.txt", "given-up.txt is damaged; delete it and go on"),
        ("terms.json", "terms.json is damaged; share another folder"),
    ):
        (folder.path / name).unlink(missing_ok=True)
        (folder.path / name).symlink_to("/dev/zero")
        assert_one_sentence(command("sweep", "--share", tmp_path / "share", "--workers", 1), sentence)


@pytest.fixture
def no_locks(monkeypatch, request):
    """A file system without locks, as Lustre is where it is mounted without ``flock``."""

    def refuse(_):
        raise OSError(request.param, os.strerror(request.param))

    monkeypatch.setattr(file_locks, "_lock", refuse)


def numbers(path):
    """Of the trials in a journal."""
    opened = open_storage(f"journal://{path}", read_only=True)
    (study,) = opened.storage.get_all_studies()
    found = [trial.number for trial in opened.storage.get_all_trials(study._study_id)]
    opened.close()
    return found


@pytest.mark.parametrize("no_locks", [errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP], indirect=True)
@pytest.mark.usefixtures("no_locks")
def test_a_folder_without_locks_is_shared_all_the_same(sweep, folder, tmp_path):
    """All trials are recorded, and nothing else is left: neither its own nor that of one who was killed."""
    journal = tmp_path / "study.journal"
    left = journal.with_name(f".study.journal.{Owner('elsewhere', '0' * 8, 1, 'token')}.part")
    left.touch()
    with folder:
        member = Member(sweep, folder)
        member.train()
        assert member.is_recorder()
        assert [trial.number for trial in member.record(f"journal://{journal}")] == list(range(sweep.total))
        member.recorded()
    assert numbers(journal) == list(range(sweep.total))
    assert [path.name for path in tmp_path.glob("*study*")] == ["study.journal"]


@pytest.mark.parametrize("no_locks", [errno.ENOSYS], indirect=True)
@pytest.mark.parametrize("ended", [True, False])
@pytest.mark.usefixtures("no_locks")
def test_two_recorders_without_locks_write_to_two_files(sweep, folder, tmp_path, monkeypatch, ended):
    """One is stopped while it records, another records all; the first goes on, before that ends or after."""
    journal = tmp_path / "study.journal"
    first, result = Member(sweep, folder), folder.result

    def stopped(name):
        monkeypatch.setattr(folder, "result", result)
        (held,) = (folder.path / "tickets").glob(f"{RECORD}@*")
        os.utime(held, (time.time() - 3600,) * 2)
        with SharedFolder(folder.path) as other:
            second = Member(sweep, other)
            assert second.is_recorder()
            assert len(second.record(f"journal://{journal}")) == sweep.total
            if ended:
                second.recorded()
        return result(name)

    with folder:
        first.train()
        assert first.is_recorder()
        monkeypatch.setattr(folder, "result", stopped)
        assert first.record(f"journal://{journal}") is None
        assert first.is_recorder() is not ended
    assert numbers(journal) == list(range(sweep.total))
    assert [path.name for path in tmp_path.glob("*study*")] == ["study.journal"]
