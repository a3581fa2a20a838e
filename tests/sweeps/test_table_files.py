"""Files of examples: what is read, and the sentence on what cannot be."""

import pytest

from sweeps.errors import DefinitionError
from sweeps.table_files import LARGEST_TABLE, located, number, read_table

GOOD = "x,city\n1,Rome\n,Paris\n"


def write(folder, content, name="t.csv"):
    """File with this text or these bytes."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD + "\n\n",
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        "\ufeff" + GOOD,
        GOOD.encode("utf-16"),
        'x,city\n1,"Rome"\n," Paris "\n',
    ],
)
def test_one_table_however_it_is_written(content, tmp_path):
    """Line ends, delimiters, encodings and quotes decide nothing."""
    table = read_table(write(tmp_path, content))
    assert dict(table.columns) == {"x": ("1", ""), "city": ("Rome", "Paris")}
    assert not table.remarks


def test_latin_1_is_read_and_said(tmp_path):
    """What is not UTF-8 is taken as Latin-1, aloud."""
    table = read_table(write(tmp_path, "x\nKöln\n".encode("latin-1")))
    assert table.columns["x"] == ("Köln",)
    assert "Latin-1" in table.remarks[0]


def test_a_row_is_called_by_its_place_and_its_line(tmp_path):
    """A text over two lines moves the lines, not the rows."""
    table = read_table(write(tmp_path, 'x,y\n"a\nb",1\nc,2\n'))
    assert table.row(1) == "row 2 (line 4)"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("x,y\n1,2\n1,2,3\n", "row 2 (line 3) has 3 cells where the header has 2"),
        ("x,y\n1,2\n1\n", "row 2 (line 3) has 1 cell where"),
        ("x,y,x\n1,2,3\n", "columns 1 and 3 have the same name 'x'"),
        ("1,2\n3,4\n", "begins with numbers"),
        ('x,y\n1,2\n"1,2\n', "the row that begins in line 3: a quote is not closed"),
        (bytes(range(256)), "is no text file"),
    ],
)
def test_what_is_no_table_is_named_in_a_sentence(content, said, tmp_path):
    """Each with its row or column."""
    with pytest.raises(DefinitionError) as caught:
        read_table(write(tmp_path, content))
    assert said in str(caught.value)


def test_what_is_no_file_is_refused(tmp_path):
    """Nothing there, a folder, a device, too large a file: none is opened."""
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "device.csv").symlink_to("/dev/zero")
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(LARGEST_TABLE + 1)
    for name, said in [
        ("none.csv", "there is no file"),
        ("folder.csv", "is a folder"),
        ("device.csv", "is a device"),
        ("large.csv", "more than 100"),
    ]:
        with pytest.raises(DefinitionError, match=said):
            read_table(tmp_path / name)


def test_a_parquet_file_is_read_with_its_types(tmp_path):
    """Numbers, gaps and texts as pyarrow gives them."""
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(arrow.table({"x": [1.5, None], "city": ["Rome", None]}), tmp_path / "t.parquet")
    assert dict(read_table(tmp_path / "t.parquet").columns) == {"x": [1.5, None], "city": ["Rome", None]}
    with pytest.raises(DefinitionError, match="cannot be read as Parquet"):
        read_table(write(tmp_path, "x,y\n", "bad.parquet"))


def test_without_pyarrow_parquet_says_what_to_install(tmp_path, monkeypatch):
    """The extra is named."""
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    with pytest.raises(DefinitionError, match="pip install pyarrow"):
        read_table(write(tmp_path, "PAR1", "t.parquet"))


def test_numbers_are_what_people_write():
    """Python's own liberties are no numbers, and a comma is a point only where it parts no cells."""
    assert [number(text) for text in ("1", "-1.5e3", ".5", "2.")] == [1, -1500, 0.5, 2]
    assert [number(text) for text in ("1_000", "0x10", "1,5", "٣", "abc")] == [None] * 5
    assert number("1,5", decimal_comma=True) == 1.5
    assert number("1e400") == float("inf")


def test_a_path_is_beside_its_definition_where_it_is(tmp_path):
    """Else it is left, and means the current folder; names of datasets are no paths."""
    write(tmp_path, GOOD)
    assert located("t.csv", tmp_path) == str(tmp_path / "t.csv")
    assert located("other.csv", tmp_path) == "other.csv"
    assert located("digits", tmp_path) == "digits"
