"""A finished sweep is explained once: what was made of the same trials is found, else made anew."""

import pytest

from sensitivity.reporting import kept
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
    assert "learning_rate" in second


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
        patch.setattr(kept, "_code", lambda: "another")
        assert again("--scale", "log")[1]
    journal = finished / "study.journal"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:-2]))  # the last trial is not told any more
    assert again("--scale", "log")[1]


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
    ):
        note.write_text(content, encoding="utf-8")
        assert kept.recalled(folder, "x", page=False) is None
