"""A journal edited by hand: whatever is done to a line is named, or only the journal's end is gone."""

from __future__ import annotations

import io
import json
import random
import re

import optuna
import pytest
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import create_trial

from sweeps.errors import StudyError
from sweeps.journal import LockedJournal
from sweeps.record_chain import BrokenChainError, RecordChain

MARK = re.compile(rb',"check":"[^"]*"')


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    """Lines of a journal that we wrote: a study, its attributes and 30 trials."""
    path = tmp_path_factory.mktemp("journal") / "study.journal"
    with LockedJournal(path) as journal:
        study = optuna.create_study(storage=JournalStorage(journal), study_name="edited")
        for number in range(6):
            study.set_user_attr(f"key {number}", number)
        for number in range(30):
            curve = [0.25 * number + step for step in range(8)]
            study.add_trial(create_trial(value=number / 7, user_attrs={"number": number, "curve": curve}))
    return path.read_bytes().splitlines(keepends=True)


def records(lines):
    chain = RecordChain()
    return [chain.read(line) for line in lines if line.endswith(b"\n")]


def bytes_changed(line, draw, count):
    """Single bytes replaced, and single digits."""
    digits = [place for place, byte in enumerate(line) if chr(byte).isdigit()]
    for place in draw.sample(range(len(line)), min(count, len(line))):
        new = draw.choice([byte for byte in range(256) if byte != line[place]])
        yield line[:place] + bytes([new]) + line[place + 1 :]
    for place in draw.sample(digits, min(count, len(digits))):
        new = draw.choice([digit for digit in b"0123456789" if digit != line[place]])
        yield line[:place] + bytes([new]) + line[place + 1 :]


def line_edits(line, draw, count):
    """One line in other ways of writing it, or with something else in it."""
    yield from bytes_changed(line, draw, count)
    place = draw.randrange(1, len(line) - 1)
    yield line[:place] + draw.choice([b"0", b" ", b",", b"x"]) + line[place:]  # a character more
    yield line[:place] + line[place + 1 :]  # and one less
    yield line[:place] + b"\n"  # cut
    yield line[:place] + b"\n" + line[place:]  # broken in two
    yield line[:-1] + b" \n"
    yield line[:-1] + b"\r\n"
    yield MARK.sub(b"", line)
    head, name, rest = MARK.sub(b"", line).partition(b'"study_')
    yield head + name + re.sub(rb"[0-9]", b"11", rest, count=1)
    yield line.replace(b'"check":"', b'"check":"0')
    yield line.replace(b'"check"', b'"chekk"')
    yield line[:-3].upper() + line[-3:]
    yield json.dumps(json.loads(line)).encode() + b"\n"  # written by another program
    yield b"\n"
    yield b"{}\n"


def file_edits(lines, place, draw):
    """Lines taken away, doubled, moved."""
    other = draw.choice([at for at in range(len(lines)) if at != place])
    yield lines[:place] + lines[place + 1 :]
    yield [*lines[: place + 1], *lines[place:]]
    yield [*lines[:place], lines[other], *lines[place:]]
    yield [*lines[:place], lines[other], *lines[place + 1 :]]
    swapped = list(lines)
    swapped[place], swapped[other] = lines[other], lines[place]
    yield swapped
    mark = MARK.search(lines[other])[0]
    yield [*lines[:place], MARK.sub(mark, lines[place]), *lines[place + 1 :]]


def undetected(lines, count, seed=0):
    """Number of edits, and those after which a record is read that was not written in that place."""
    draw, original, tried, missed = random.Random(seed), records(lines), 0, []
    for place, line in enumerate(lines):
        edits = [[*lines[:place], new, *lines[place + 1 :]] for new in line_edits(line, draw, count)]
        for edited in [*edits, *file_edits(lines, place, draw)]:
            if edited == lines:
                continue
            tried += 1
            try:
                read = records(io.BytesIO(b"".join(edited)))
            except BrokenChainError:
                continue
            if read != original[: len(read)]:
                missed.append((place, edited))
    return tried, missed


def test_no_edit_of_any_line_is_taken_as_it_is(lines):
    """Bytes, digits, marks and whole lines, changed, deleted, doubled or swapped: not one passes."""
    tried, missed = undetected(lines, count=4)
    assert tried > 800
    assert missed == []


@pytest.mark.slow
def test_no_edit_of_any_byte_is_taken_as_it_is(lines):
    """The same with 500 bytes and every digit of every line."""
    tried, missed = undetected(lines, count=500, seed=1)
    print(f"\n{tried} edits, {len(missed)} undetected")
    assert missed == []


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda lines: lines[16].replace(b"0", b"1", 1), "line 17 was changed since it was written"),
        (lambda _: b"", "line 17 was written as line 18: lines were deleted, inserted or swapped"),
        (lambda lines: lines[16] * 2, "line 18 was written as line 17: lines were deleted"),
        (lambda lines: MARK.sub(b"", lines[16]), "line 17 was changed"),
        (lambda _: b"\n", "line 17 is not a record"),
    ],
)
def test_what_was_done_to_a_line_is_said(lines, tmp_path, edit, words):
    """The sentence names the line, for a reader and for a writer, and not a byte of the file changes."""
    path = tmp_path / "study.journal"
    edited = b"".join([*lines[:16], edit(lines), *lines[17:]])
    path.write_bytes(edited)
    for read_only in (True, False):
        with pytest.raises(StudyError, match=rf"study\.journal is damaged: {words}"):
            LockedJournal(path, read_only=read_only).storage()
    assert path.read_bytes() == edited


@pytest.mark.parametrize("kept", [1, 20, 35])
def test_a_journal_without_its_last_lines_is_that_of_an_earlier_moment(lines, tmp_path, kept):
    """Nothing shows that lines at the end are gone: it is what a kill leaves, and it goes on from there."""
    path = tmp_path / "study.journal"
    path.write_bytes(b"".join(lines[:kept]))
    with LockedJournal(path) as journal:
        study = optuna.load_study(storage=journal.storage(), study_name="edited")
        study.set_user_attr("key 0", 0)
    assert len(records(path.read_bytes().splitlines(keepends=True))) == kept + 1


def plain(path):
    return optuna.load_study(storage=JournalStorage(JournalFileBackend(str(path))), study_name="edited")


def test_a_journal_without_marks_is_read_and_then_covered(lines, tmp_path):
    """One of plain Optuna, or from before there were marks, is taken; the first mark covers all of it."""
    path = tmp_path / "study.journal"
    path.write_bytes(MARK.sub(b"", b"".join(lines)))
    with LockedJournal(path) as journal:
        optuna.load_study(storage=journal.storage(), study_name="edited").set_user_attr("key 0", 7)
    assert plain(path).user_attrs["key 0"] == 7
    grown = path.read_bytes()
    path.write_bytes(grown.replace(b'"number":3', b'"number":4', 1))
    with pytest.raises(StudyError, match=f"line {len(lines) + 1} was changed .* or what stands before it"):
        LockedJournal(path, read_only=True).storage()


def test_records_of_plain_optuna_between_ours_are_read_and_covered(lines, tmp_path):
    """A note that a dashboard left is no damage; taking it away once a mark followed is."""
    path = tmp_path / "study.journal"
    path.write_bytes(b"".join(lines))
    plain(path).set_user_attr("note", "by a dashboard")
    with LockedJournal(path) as journal:
        study = optuna.load_study(storage=journal.storage(), study_name="edited")
        assert study.user_attrs["note"] == "by a dashboard"
        plain(path).set_user_attr("note", "while we write")
        study.set_user_attr("key 0", 8)
        assert study.user_attrs["note"] == "while we write"
    assert plain(path).user_attrs["key 0"] == 8
    grown = path.read_bytes().splitlines(keepends=True)
    assert len(records(grown)) == len(lines) + 3
    for place in (len(lines), len(lines) + 1):
        with pytest.raises(BrokenChainError):
            records(grown[:place] + grown[place + 1 :])


def test_a_journal_moved_under_its_writer_is_named(lines, tmp_path):
    """Nothing is written into a file that is not at its path any more, or was cut meanwhile."""
    path = tmp_path / "study.journal"
    path.write_bytes(b"".join(lines))
    with LockedJournal(path) as journal:
        study = optuna.load_study(storage=journal.storage(), study_name="edited")
        path.rename(tmp_path / "moved")
        with pytest.raises(StudyError, match="not there any more, moved or replaced while"):
            journal.append_logs([{"op_code": 2}])
        path.write_bytes(b"".join(lines))
        with pytest.raises(StudyError, match="moved or replaced while"):
            study.set_user_attr("key 0", 9)
        (tmp_path / "moved").replace(path)
        study.set_user_attr("key 0", 9)
        path.write_bytes(b"".join(lines[:5]))
        with pytest.raises(StudyError, match="changed while this sweep was writing"):
            journal.append_logs([{"op_code": 2}])


@pytest.mark.benchmark
def test_marks_cost_little(lines):
    """Marking and checking take at most a fourth of JSON alone, which is a small part of recording."""
    import time

    contents = [json.loads(MARK.sub(b"", line)) for line in lines[7:]] * 100
    large = [
        {**record, "user_attrs": {"curve": [number / 7] * 100}} for number, record in enumerate(contents)
    ]

    def seconds(work):
        started = time.process_time()
        work()
        return time.process_time() - started

    def stock():
        texts = [json.dumps(record, separators=(",", ":")) + "\n" for record in large]
        return [json.loads(text.encode()) for text in texts]

    def marked():
        writer, reader = RecordChain(), RecordChain()
        return [reader.read(line) for line in [writer.append(record) for record in large]]

    ratio = min(seconds(marked) for _ in range(7)) / min(seconds(stock) for _ in range(7))
    print(f"\nmarks: {ratio:.3f} × the JSON alone")
    assert ratio < 1.25
