from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import optuna
import pytest
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

from sweeps import journal as journal_module
from sweeps import record_chain
from sweeps.errors import StudyError
from sweeps.journal import LockedJournal

ROOT = Path(__file__).resolve().parents[2]
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="uses fork and signals")


def record(text="x"):
    """One record as Optuna writes it: a user attribute of study 0."""
    return {"op_code": 2, "worker_id": "w", "study_id": 0, "user_attr": {"text": text}}


def texts(path):
    with LockedJournal(path, read_only=True) as journal:
        return [log["user_attr"]["text"] for log in journal.read_logs(0)]


def written(path, *contents):
    with LockedJournal(path) as journal:
        journal.append_logs([record(text) for text in contents])
    return path


def run_script(script, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_optuna_reads_what_we_write_and_we_read_what_optuna_writes(tmp_path):
    """A study begun by us, continued by plain Optuna and continued by us again holds all the trials."""
    path = tmp_path / "study.journal"
    with LockedJournal(path) as journal:
        study = optuna.create_study(storage=JournalStorage(journal), study_name="both")
        study.add_trial(optuna.trial.create_trial(value=1.0))
    stock = JournalStorage(JournalFileBackend(str(path)))
    optuna.load_study(storage=stock, study_name="both").add_trial(optuna.trial.create_trial(value=2.0))
    with LockedJournal(path) as journal:
        study = optuna.load_study(storage=JournalStorage(journal), study_name="both")
        study.add_trial(optuna.trial.create_trial(value=3.0))
    again = optuna.load_study(storage=JournalStorage(JournalFileBackend(str(path))), study_name="both")
    assert [trial.value for trial in again.trials] == [1.0, 2.0, 3.0]


def test_but_for_the_marks_our_bytes_are_optunas_bytes(tmp_path):
    """The same records give byte for byte the file that Optuna's own backend writes, and a mark in each."""
    logs = [record("plain"), record('ünïcode 🦉 \u2028 \n "quoted"'), record(["nested", {"a": 1.5e-300}])]
    with LockedJournal(tmp_path / "ours") as journal:
        journal.append_logs(logs[:1])
        journal.append_logs(logs[1:])
    JournalFileBackend(str(tmp_path / "theirs")).append_logs(logs)
    bare = re.sub(rb',"check":"[0-9]+-[0-9a-f]{8}"', b"", (tmp_path / "ours").read_bytes())
    assert bare == (tmp_path / "theirs").read_bytes()


KILLS = """
import os, random, signal, sys, time
from sweeps.journal import LockedJournal
path, rounds = sys.argv[1], int(sys.argv[2])
draw = random.Random(0)
acknowledged = seen = torn = 0
for _ in range(rounds):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        journal = LockedJournal(path)
        count = sum(1 for _ in journal.read_logs(0))
        while True:
            with journal.batch():
                for _ in range(3):
                    log = {"op_code": 2, "worker_id": "w", "study_id": 0,
                           "user_attr": {"count": [count, "x" * 200_000]}}
                    journal.append_logs([log])
                    count += 1
            os.write(writer, b"%d\\n" % count)
    os.close(writer)
    first = os.read(reader, 65536)
    time.sleep(draw.uniform(0, 0.03))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with open(reader, "rb") as pipe:
        acknowledged = int((first + pipe.read()).split()[-1])
    size = os.path.getsize(path)
    started = time.perf_counter()
    with LockedJournal(path) as journal:
        opened = time.perf_counter() - started
        torn += os.path.getsize(path) < size
        counts = [log["user_attr"]["count"][0] for log in journal.read_logs(1)]
    assert opened < 1, f"waited {opened} s"
    assert counts == list(range(1, len(counts) + 1)), "a record is missing or twice"
    assert len(counts) + 1 >= max(seen, acknowledged), "an acknowledged record is lost"
    seen = len(counts) + 1
print(seen, torn)
"""


@posix_only
def test_kill_at_any_moment_loses_nothing(tmp_path):
    """After each of 15 kills at random moments all acknowledged records are there, for Optuna too."""
    path = tmp_path / "study.journal"
    with LockedJournal(path) as journal:
        optuna.create_study(storage=JournalStorage(journal), study_name="killed")
    seen, _torn = map(int, run_script(KILLS, path, 15).split())
    started = time.perf_counter()
    study = optuna.load_study(storage=JournalStorage(JournalFileBackend(str(path))), study_name="killed")
    assert study.user_attrs["count"][0] == seen - 1
    study.set_user_attr("written by", "Optuna")
    assert time.perf_counter() - started < 10
    assert seen >= 45


def test_torn_last_line_is_cut_when_opened_for_writing(tmp_path):
    """The remains of a killed write go, every complete line stays, and the next record is whole."""
    path = written(tmp_path / "study.journal", "a", "b")
    complete = path.read_bytes()
    path.write_bytes(complete + json.dumps(record("c" * 200_000), separators=(",", ":")).encode()[:150_000])
    with LockedJournal(path) as journal:
        assert path.read_bytes() == complete
        journal.append_logs([record("d")])
    assert texts(path) == ["a", "b", "d"]


@pytest.mark.parametrize("tail", [b"", b'{"op_co'])
@pytest.mark.parametrize(
    "damage", [b'{"op_code":2,"worke', b"\0\0\0\0", b"[1]", b"", b"\xff\xfe", b"[" * 10_000]
)
def test_damage_in_the_middle_is_named_and_left_alone(tmp_path, damage, tail):
    """A damaged line is reported with file and line number; not a byte of the file changes."""
    path = written(tmp_path / "study.journal", "a", "b")
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + damage + b"\n" + second + tail)
    before = path.read_bytes()
    with pytest.raises(StudyError, match=r"study\.journal is damaged: line 2 is not a record"):
        JournalStorage(LockedJournal(path))
    with pytest.raises(StudyError, match="line 2"):
        texts(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("contents", [b"my only copy of a poem", b"{}", b"SQLite format 3\0"])
def test_a_strangers_file_is_not_cut(tmp_path, contents):
    """A file of one unfinished line that is no record is somebody's document, not a torn journal."""
    path = tmp_path / "poem.txt"
    path.write_bytes(contents)
    with pytest.raises(StudyError, match="is not the journal of a study"):
        LockedJournal(path)
    assert path.read_bytes() == contents


@pytest.mark.parametrize("torn", [b"{", b'{"op_code":0,"wor', b"\0" * 4096])
def test_a_journal_torn_in_its_first_line_begins_anew(tmp_path, torn):
    """A sweep killed during its very first write can be started again."""
    path = tmp_path / "study.journal"
    path.write_bytes(torn)
    assert texts(written(path, "a")) == ["a"]


def test_second_writer_is_refused_at_once(tmp_path):
    """While one sweep writes, another is told so without waiting; afterwards the file is free."""
    path = tmp_path / "study.journal"
    with LockedJournal(path):
        started = time.perf_counter()
        with pytest.raises(StudyError, match=r"another sweep is writing to .*study.journal; .*another --out"):
            LockedJournal(path)
        assert time.perf_counter() - started < 0.5
    LockedJournal(path).close()


ORPHAN = """
import os, signal, sys, time
from sweeps.errors import StudyError
from sweeps.journal import LockedJournal
reader, writer = os.pipe()
coordinator = os.fork()
if coordinator == 0:
    journal = LockedJournal(sys.argv[1])
    worker = os.fork()
    if worker == 0:
        os.write(writer, b"%d" % os.getpid())
        time.sleep(60)
    time.sleep(60)
worker = int(os.read(reader, 100))
try:
    LockedJournal(sys.argv[1])
    print("no lock while the coordinator lived")
except StudyError:
    pass
os.kill(coordinator, signal.SIGKILL)
os.waitpid(coordinator, 0)
LockedJournal(sys.argv[1]).close()
os.kill(worker, signal.SIGKILL)
"""


@posix_only
def test_lock_goes_with_its_process_even_when_a_forked_worker_lives_on(tmp_path):
    """A killed coordinator's lock is free at once although its orphaned worker still runs."""
    assert not run_script(ORPHAN, tmp_path / "study.journal")


def test_reading_changes_nothing(tmp_path):
    """A read-only journal skips the torn line, needs no lock, and leaves bytes and time stamp as they are."""
    path = written(tmp_path / "study.journal", "a", "b")
    with path.open("ab") as file:
        file.write(b'{"op_code":2,"torn')
    path.chmod(0o444)
    before = path.read_bytes(), path.stat().st_mtime_ns
    assert texts(path) == ["a", "b"]
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["study.journal"]


def test_reading_while_another_writes(tmp_path):
    """A reader needs no lock and sees each new record of the writer, asking only for what is new."""
    path = tmp_path / "study.journal"
    with LockedJournal(path) as writer, LockedJournal(path, read_only=True) as reader:
        assert list(reader.read_logs(0)) == []
        for number in range(5):
            writer.append_logs([record(number)])
            assert [log["user_attr"]["text"] for log in reader.read_logs(number)] == [number]


def test_new_records_are_read_without_reading_the_old_ones_again(tmp_path, monkeypatch):
    """After a full reading, a new record costs the parsing of one line."""
    path = written(tmp_path / "study.journal", *range(100))
    with LockedJournal(path) as journal:
        assert len(list(journal.read_logs(0))) == 100
        journal.append_logs([record("new")])
        parsed = []
        loads = json.loads
        monkeypatch.setattr(record_chain.json, "loads", lambda line: parsed.append(line) or loads(line))
        assert [log["user_attr"]["text"] for log in journal.read_logs(100)] == ["new"]
        assert len(parsed) == 1


def test_reading_cannot_write(tmp_path):
    """Appending to a journal opened for reading is refused and leaves the file alone."""
    path = written(tmp_path / "study.journal", "a")
    with LockedJournal(path, read_only=True) as journal, pytest.raises(OSError, match="not open for writing"):
        journal.append_logs([record()])
    assert texts(path) == ["a"]


def test_a_batch_has_one_fsync_and_is_visible_at_once(tmp_path, monkeypatch):
    """Records of a batch can be read as soon as they are appended, and are synced once, at its end."""
    path = tmp_path / "study.journal"
    synced = []
    with LockedJournal(path) as journal:
        monkeypatch.setattr(journal_module.os, "fsync", synced.append)
        with journal.batch():
            for number in range(10):
                journal.append_logs([record(number)])
                assert texts(path)[-1] == number
            assert synced == []
        assert len(synced) == 1
        journal.append_logs([record("alone")])
        assert len(synced) == 2


def test_full_disk_leaves_earlier_records_whole(tmp_path, monkeypatch):
    """A write that a full disk stops halfway raises OSError, leaves no torn line, and can be repeated."""
    path = tmp_path / "study.journal"
    write = os.write

    def half_then_full(descriptor, data):
        if len(data) < 50:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, data[: len(data) // 2])

    with LockedJournal(path) as journal:
        journal.append_logs([record("a")])
        before = path.read_bytes()
        with monkeypatch.context() as patch:
            patch.setattr(journal_module.os, "write", half_then_full)
            with pytest.raises(OSError, match="No space left") as caught:
                journal.append_logs([record("b" * 500)])
        assert caught.value.errno == errno.ENOSPC
        assert path.read_bytes() == before
        journal.append_logs([record("c")])
    assert texts(path) == ["a", "c"]


LIMITED = """
import resource, sys
from sweeps.journal import LockedJournal
log = {"op_code": 2, "worker_id": "w", "study_id": 0, "user_attr": {"text": "x" * 1000}}
journal = LockedJournal(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
for count in range(100):
    try:
        journal.append_logs([log])
    except OSError as error:
        print(count)
        break
"""


@posix_only
def test_a_real_short_write_leaves_whole_lines(tmp_path):
    """Where the kernel itself cuts a write short (a limit on the file's size), whole lines remain."""
    path = tmp_path / "study.journal"
    count = int(run_script(LIMITED, path))
    assert count == 9
    assert path.read_bytes().endswith(b"\n")
    assert len(texts(path)) == count


def test_nan_never_reaches_the_file(tmp_path):
    """NaN is not JSON: it is refused before anything is written."""
    path = written(tmp_path / "study.journal", "a")
    with LockedJournal(path) as journal, pytest.raises(ValueError, match="JSON"):
        journal.append_logs([record("b"), record(float("nan"))])
    assert texts(path) == ["a"]


def test_what_is_no_file_is_refused(tmp_path):
    """A folder, a device and a missing file each get a sentence; nothing is created for reading."""
    with pytest.raises(StudyError, match="is not a file"):
        LockedJournal(tmp_path)
    with pytest.raises(StudyError, match="there is no journal"):
        LockedJournal(tmp_path / "missing", read_only=True)
    assert list(tmp_path.iterdir()) == []
    if Path("/dev/full").exists():
        with pytest.raises(StudyError, match="is not a file"):
            LockedJournal("/dev/full")
