"""The end of a shared sweep, and what hands do to its folder: recorded once, or a sentence."""

import json
import os
import shutil
import time

import pytest

from sweeps import shared_folder, sharing
from sweeps.definition import load, parse
from sweeps.errors import StudyError
from sweeps.journal import LockedJournal
from sweeps.run import prepare
from sweeps.shared_folder import SharedFolder
from sweeps.shared_terms import RECORD, join
from sweeps.sharing import Member


@pytest.fixture
def sweep(tiny):
    """Eight planned trials and three searched ones: two blocks."""
    return prepare(parse(load(tiny)))


@pytest.fixture
def folder(sweep, tmp_path):
    """The folder in which it is shared, where nothing is done yet."""
    made = SharedFolder(tmp_path / "share" / "shared")
    join(sweep, made)
    return made


def results(folder):
    """Names of the results there are."""
    return sorted(path.name for path in (folder.path / "results").iterdir())


def tickets(folder):
    """Names of the tickets there are."""
    return sorted(path.name for path in (folder.path / "tickets").iterdir())


def test_a_run_that_was_deleted_is_a_sentence(folder, tmp_path, command, assert_one_sentence):
    """The sweep is done, but what was recorded is not there: nobody is sent to an empty folder."""
    with folder:
        folder.deliver(RECORD, b"")
    outcome = command("sweep", "--share", tmp_path / "share")
    assert_one_sentence(outcome, "its results are not in", tmp_path / "share" / "run", folder.path)


def test_a_result_copied_to_another_name_is_done_again(sweep, folder, tmp_path):
    """Its digest is not that block's; and neither are its trials, should the digest be."""
    notes = []
    folder.on_note = notes.append
    with folder:
        member = Member(sweep, folder)
        member.train()
        kept = (folder.path / "results" / "000000").read_bytes()
        shutil.copy(folder.path / "results" / "000000", folder.path / "results" / "000001")
        assert folder.result("000001") is None
        folder.deliver("000001", kept.partition(b"\n")[2])
        assert folder.result("000001") is not None
        assert member._result("000001") is None
        assert member.is_recorder()
        found = member.record(f"journal://{tmp_path / 'a.journal'}")
    assert [trial.number for trial in found] == list(range(11))
    assert ["000001 is damaged" in note for note in notes] == [True, True]


def test_a_recorder_that_hangs_is_followed_by_another(sweep, folder, monkeypatch):
    """While it explains as well: without progress it no longer touches its ticket."""
    monkeypatch.setattr(shared_folder, "LEASE", 0.2)
    monkeypatch.setattr(shared_folder, "BEAT", 0.05)
    monkeypatch.setattr(sharing, "RECORDING", 0.1)
    other = SharedFolder(folder.path)
    with folder, other:
        assert Member(sweep, folder).is_recorder()
        time.sleep(0.6)
        assert other.claim([RECORD]) == RECORD


def test_who_finds_the_study_in_use_waits(sweep, folder, tmp_path, monkeypatch):
    """A recorder that was stopped for longer than its lease may go on: the other gives it back."""
    monkeypatch.setattr(sharing, "LONGEST_WAIT", 0.01)
    notes, url = [], f"journal://{tmp_path / 'a.journal'}"
    with folder:
        member = Member(sweep, folder, on_note=notes.append)
        member.train()
        with LockedJournal.at(url):
            for _ in range(2):
                assert member.is_recorder()
                assert member.record(url) is None
            assert tickets(folder) == [RECORD]
        assert len(notes) == 1
        assert "still writes to the study" in notes[0]
        assert member.is_recorder()
        assert len(member.record(url)) == 11


def test_what_a_killed_recorder_left_is_cleared(sweep, folder):
    """It was killed after it had said that all is done: results and tickets are of no use any more."""
    with folder:
        for name in ("000000", "000001", RECORD):
            folder.deliver(name, b"")
        assert RECORD in tickets(folder)
        assert not Member(sweep, folder).is_recorder()
        assert results(folder) == [RECORD]
        assert tickets(folder) == []


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "[]",
        "{}",
        '{"definition": 3, "terms": {}}',
        '{"definition": "a =", "terms": {}}',
        '{"definition": "", "terms": 3}',
        "\xff\x00",
    ],
)
def test_damaged_terms_are_a_sentence(folder, tmp_path, tiny, command, assert_one_sentence, text):
    """Whatever stands there instead of them."""
    (folder.path / "terms.json").write_text(text, encoding="latin-1")
    for source in ((), (tiny,)):
        outcome = command("sweep", *source, "--share", tmp_path / "share")
        assert_one_sentence(outcome, "terms.json is damaged; share another folder")


def test_other_data_under_the_same_name_are_refused(sweep, folder):
    """The definition may be the same and the file another."""
    file = folder.path / "terms.json"
    known = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**known, "fingerprint": "0"}), encoding="utf-8")
    with pytest.raises(StudyError, match="has other data, or another function"):
        join(sweep, folder)


def test_what_another_took_meanwhile_is_not_claimed(folder, monkeypatch):
    """Between the look and the rename somebody else was faster."""
    other = SharedFolder(folder.path)
    with folder, other:
        assert other.claim(["000000"]) == "000000"
        monkeypatch.setattr(folder, "_listed", lambda: {"000000": ["000000"]})
        assert folder.claim(["000000"]) is None


def test_a_lease_runs_from_the_moment_of_taking(folder):
    """A ticket that lay there for an hour is not free again as soon as it is taken."""
    other = SharedFolder(folder.path)
    with folder, other:
        os.utime(folder.path / "tickets" / "000000", (time.time() - 3600,) * 2)
        assert folder.claim(["000000"]) == "000000"
        assert other.claim(["000000"]) is None


def test_a_result_that_comes_after_the_record_is_not_kept(sweep, folder, monkeypatch):
    """All was recorded and cleared away while this process was stopped; nobody would clear again."""
    other = SharedFolder(folder.path)

    def recorded():
        other.deliver(RECORD, b"")
        other.clear(["000000", "000001"])

    monkeypatch.setattr(folder, "progress", recorded)
    with folder, other:
        Member(sweep, folder).train()
        assert results(folder) == [RECORD]


def test_a_lost_ticket_is_replaced(sweep, folder, monkeypatch):
    """Who took it away was killed before the result was there; nobody could claim the block any more."""
    looks = []

    def sleep(_):
        looks.append(1)
        assert len(looks) < 5, "waits for ever"

    monkeypatch.setattr(sharing.time, "sleep", sleep)
    (folder.path / "tickets" / "000000").unlink()
    with folder:
        Member(sweep, folder).train()
        assert results(folder) == ["000000", "000001"]


def test_planned_blocks_come_first_and_the_longest_of_them(sweep, folder):
    """As long as one is missing, in the order of their costs."""
    with folder:
        member = Member(sweep, folder)
        member.blocks = {"000000": range(3), "000001": range(3, 8), "000002": range(8, 11)}
        member._longest_first = ["000001", "000000"]
        assert member._possible() == ["000001", "000000"]
        folder.deliver("000000", b"")
        assert member._possible() == ["000001"]
        folder.deliver("000001", b"")
        assert member._possible() == ["000002"]
