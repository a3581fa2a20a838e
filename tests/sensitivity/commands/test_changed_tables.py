"""Tables and names that somebody has changed since: an answer or one sentence, never a traceback."""

import os

import pytest


@pytest.mark.parametrize(
    ("table", "content", "words"),
    [
        ("learning_curves", b"x\nfalse\n", "has no column"),
        ("advice", b"\xc0\x80\n", "is damaged"),
        ("trials", b"\xff\xfe", "is damaged"),
        ("trials", b"", "is damaged"),
        ("trials", b'a,b\n1,"2', "is damaged"),
        ("ranking", b"", "is damaged"),
        ("tolerance", b"a,b\n1,2,3\n1,2\n1,2,3,4\n", ""),
    ],
)
def test_a_table_that_was_changed_is_one_sentence(
    command, finished, table, content, words, assert_one_sentence
):
    """Whoever mends a table by hand is told what it lacks and how to have it again."""
    (finished / "tables" / f"{table}.csv").write_bytes(content)
    assert_one_sentence(command("show", finished, table), words, "measure", finished)


def test_a_number_that_is_none_in_a_table_is_one_sentence(command, finished, assert_one_sentence):
    """A cell of a column of numbers was overwritten."""
    file = finished / "tables" / "learning_curves.csv"
    header, row, *_ = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([header, ",".join("false" for _ in row.split(","))]), encoding="utf-8")
    assert_one_sentence(command("show", finished, "learning_curves"), "is damaged", "'false'")


def test_an_end_of_an_interval_that_is_no_number_is_one_sentence(command, finished, assert_one_sentence):
    """A column that is shown as a part of another one."""
    file = finished / "tables" / "tolerance.csv"
    header, row, *rest = file.read_text(encoding="utf-8").splitlines()
    cells = dict(zip(header.split(","), row.split(","), strict=False)) | {"decades_low": "2^-5"}
    file.write_text("\n".join([header, ",".join(cells.values()), *rest]), encoding="utf-8")
    assert_one_sentence(command("show", finished, "tolerance"), "is damaged", "2^-5")


def test_an_end_of_an_interval_that_is_missing_is_one_sentence(command, finished, assert_one_sentence):
    """The column of the number alone is half of what is shown."""
    file = finished / "tables" / "tolerance.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("decades_low", "decades_x", 1), encoding="utf-8")
    assert_one_sentence(command("show", finished, "tolerance"), "has no column decades_low")


def test_a_pipe_is_no_table(command, finished, assert_one_sentence):
    """It would be read for ever."""
    os.mkfifo(finished / "tables" / "pipe.csv")
    assert_one_sentence(command("show", finished, "pipe"), "no table 'pipe'")


def test_a_name_that_is_no_text_is_shown(process, tmp_path):
    """A file's name may hold any bytes; what of them is no letter is shown as its escape."""
    rows = [f"{0.001 * 2**place},{place % 3},{place * 0.1}" for place in range(12)]
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.csv")
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123 (pathlib takes it as well)
        file.write("\n".join(["lr,depth,loss", *rows]))
    running = process("measure", path, "--metric", "loss", "--out", tmp_path / "\udcff")
    out, errors = running.communicate()
    assert (running.returncode, errors) == (0, "")
    assert r"\udcff" in out
