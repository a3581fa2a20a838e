"""A finished sweep is explained once: what was made of the same trials is found, else made anew."""

import os
import shutil
import sys
from dataclasses import replace
from functools import partial

import pytest

from sensitivity.commands.explaining import Explaining
from sensitivity.commands.sweep import identity
from sensitivity.files import whole
from sensitivity.reporting import kept
from sensitivity.request import Request
from sweeps.owner import Owner
from sweeps.run import prepare
from sweeps.run_folder import RunFolder


@pytest.fixture
def again(command, finished):
    """Command that resumes a finished run; returns what it printed and whether trials were measured."""

    def run(*options):
        ranking = finished / "tables" / "ranking.csv"
        before = ranking.stat().st_ino if ranking.is_file() else None
        code, text, error = command("sweep", "--no-report", "--out", finished, "--workers", 1, *options)
        assert code == 0, error
        return text, ranking.stat().st_ino != before

    return run


def test_the_same_trials_are_not_measured_again_and_say_the_same(again, finished, contents):
    """Twice: the second time no file is written, and the answer stands there all the same."""
    first, _ = again()
    before = contents(finished)
    second, measured = again()
    assert not measured
    assert contents(finished) == before
    assert second == first
    assert "learning rate" in second


def test_a_changed_or_deleted_table_is_made_again(again, finished):
    """By hand or by a kill: the next resume sees it."""
    again()
    table = finished / "tables" / "tolerance.csv"
    content = table.read_bytes()
    for damage in (lambda: table.write_bytes(content + b"x"), table.unlink):
        damage()
        assert again()[1]
        assert table.read_bytes() == content
        assert not again()[1]


def test_another_version_another_trial_and_other_options_measure_again(again, finished, monkeypatch):
    """All that decides a number is in the digest."""
    again()
    assert again("--scale", "log")[1]
    with monkeypatch.context() as patch:
        patch.setattr(kept, "software", lambda: [("numpy", "0.0")])
        kept._code.cache_clear()
        assert again("--scale", "log")[1]
    kept._code.cache_clear()
    journal = finished / "study.journal"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:-2]))  # the last trial is not told any more
    assert again("--scale", "log")[1]


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """Our own files, copied, so that they can be changed."""
    for package in ("sensitivity", "sweeps"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(kept._PACKAGES / package, tmp_path / package, ignore=ignored)
    monkeypatch.setattr(kept, "_PACKAGES", tmp_path)
    yield tmp_path
    kept._code.cache_clear()


def test_every_file_of_the_packages_counts(copied, tmp_path):
    """One byte of a module, of what the page is made of, of a ready-made sweep; not what Python compiled."""
    trials = tmp_path / "trials"
    trials.write_text("x", encoding="utf-8")

    def digest():
        kept._code.cache_clear()
        return kept.made_of(trials, "definition")

    before = digest()
    page = copied / "sensitivity/reporting/templates"
    for path in (
        copied / "sensitivity/measures/tolerance.py",
        copied / "sweeps/trial.py",
        *(page / name for name in ("report.js", "report.css", "report.html.jinja")),
        copied / "sweeps/ready_made/digits.toml",
    ):
        content = path.read_bytes()
        path.write_bytes(content[:-1] + b" ")
        assert digest() != before
        path.write_bytes(content)
    assert digest() == before
    (copied / "sweeps/__pycache__").mkdir(exist_ok=True)
    (copied / "sweeps/__pycache__/trial.pyc").write_bytes(b"x")
    assert digest() == before
    assert kept.made_of(trials, "another") != before
    trials.write_text("y", encoding="utf-8")
    assert digest() != before


def test_another_definition_is_another_sweep(finished):
    """Its words too: they stand on the page."""
    folder, definition = RunFolder(finished), RunFolder(finished).definition()
    sweep = prepare(definition)
    described = replace(sweep, definition=definition.model_copy(update={"description": "Other words."}))
    request = Request(path=finished)
    assert identity(sweep, request) != identity(described, request)
    one, other = (Explaining(folder, request, identity(each, request), True) for each in (sweep, described))
    assert one._made_of() != other._made_of()


def test_a_page_that_is_gone_or_changed_is_made_again(finished):
    """The page and each picture are looked at, where there is a page; and it serves who wants none."""
    folder = RunFolder(finished)
    folder.figures.mkdir(exist_ok=True)
    page, picture = finished / "report.html", folder.figures / "ranking.svg"
    page.write_text("page", encoding="utf-8")
    picture.write_text("picture", encoding="utf-8")
    kept.remember(folder, "x", kept.Explained("said", page=True, folders=[]))
    for path in (page, picture):
        content = path.read_bytes()
        for damage in (partial(path.write_bytes, content + b"x"), path.unlink):
            assert kept.recalled(folder, "x", page=True).page
            assert kept.recalled(folder, "x", page=False).page
            damage()
            assert kept.recalled(folder, "x", page=True) is None
            path.write_bytes(content)


def test_half_a_table_of_a_living_process_stays(finished):
    """Two resumes of a finished run at once: neither takes the other's half away, nor writes into it."""
    folder, table = RunFolder(finished), finished / "tables" / "ranking.csv"
    dead = Owner(Owner.me().host, Owner.me().machine, 2**22 + 1, "0" * 8)
    left = table.with_name(f".{table.name}.{dead}.part")
    left.write_text("half", encoding="utf-8")
    with whole(table) as one:
        assert not left.exists()
        one.write("one")
        kept.clear(folder)
        with whole(table) as other:
            other.write("other")
        assert table.read_text(encoding="utf-8") == "other"
    assert table.read_text(encoding="utf-8") == "one"
    left.write_text("half", encoding="utf-8")
    kept.clear(folder)
    assert not list(table.parent.glob(".*.part"))


def test_what_a_kill_left_beside_the_tables_is_cleared(again, finished):
    """Half a table, of this or an older version."""
    again()
    for name in (".trials.csv.part", ".trials.csv.x7_a.tmp"):
        (finished / "tables" / name).write_text("half", encoding="utf-8")
    again()
    assert not [path for path in (finished / "tables").iterdir() if path.suffix in {".part", ".tmp"}]


def test_a_damaged_note_is_none(finished):
    """Whatever stands in it."""
    folder = RunFolder(finished)
    kept.remember(folder, "x", kept.Explained("said", page=False, folders=[("tables", "3 tables")]))
    note = finished / "tables" / kept.NOTE
    whole = note.read_text(encoding="utf-8")
    assert kept.recalled(folder, "x", page=False).said == "said"
    assert kept.recalled(folder, "x", page=True) is None
    for content in (
        "",
        "[]",
        "{}",
        whole.replace('"files"', '"file"'),
        whole.replace('"tables/', '"tables/no/'),
        "[" * 100_000,
    ):
        note.write_text(content, encoding="utf-8")
        assert kept.recalled(folder, "x", page=False) is None


@pytest.mark.skipif(sys.platform == "win32", reason="no FIFO")
def test_a_pipe_in_the_place_of_the_note_or_of_a_table_is_not_waited_for(finished):
    """Nobody writes to it, and a device in its place has no end: then nothing was made."""
    folder = RunFolder(finished)
    for name in (kept.NOTE, "ranking.csv"):
        kept.remember(folder, "x", kept.Explained("said", page=False, folders=[]))
        assert kept.recalled(folder, "x", page=False) is not None
        (folder.tables / name).unlink()
        os.mkfifo(folder.tables / name)
        assert kept.recalled(folder, "x", page=False) is None
        (folder.tables / name).unlink()


def test_another_language_is_said_anew_and_the_tables_stay(again, finished, monkeypatch):
    """What was said in English is not repeated to who asks for Korean; files are the same to the byte."""
    english, _ = again()
    tables = {path.name: path.read_bytes() for path in (finished / "tables").glob("*.csv")}
    monkeypatch.setenv("SENSITIVITY_LANGUAGE", "ko")
    korean, measured = again()
    assert measured
    assert "주효과" in korean
    assert "주효과" not in english
    assert {path.name: path.read_bytes() for path in (finished / "tables").glob("*.csv")} == tables
    assert not again()[1]
