"""Training, page, files and terminal agree: one tiny sweep, trained here and now."""

import csv
import math
import platform
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

FACTORIAL = Path(__file__).parents[2] / "gold" / "factorial"
# The command line with small pictures: that they are the same twice does not depend on their dots.
PROGRAM = """
from sensitivity.commands.cli import main
from sensitivity.pictures import saving

saving.DOTS_PER_INCH = 40
main()
"""
COMMAND = ("-c", PROGRAM)


@pytest.fixture(scope="module")
def run(tmp_path_factory, ours):
    """Folder of the sweep with its report; what it printed is beside it."""
    if platform.machine() != "x86_64":
        pytest.skip("the gold numbers are of x86_64: a cliff of divergence does not forgive other last bits")
    folder = tmp_path_factory.mktemp("trained") / "run"
    definition = FACTORIAL / "input" / "sweep" / "sweep.toml"
    printed = ours(COMMAND, "sweep", definition, "--out", folder, "--workers", 1)
    (folder.parent / "printed.txt").write_text(printed, encoding="utf-8")
    return folder


def rows_of(path):
    """Rows of a CSV file, without the seconds, and without a column that older runs do not have."""
    with path.open(encoding="utf-8") as file:
        return [
            {name: cell for name, cell in row.items() if name not in {"seconds", "evaluations"}}
            for row in csv.DictReader(file)
        ]


def same(one, other):
    """Whether two cells agree: numbers to five digits, text exactly."""
    try:
        return math.isclose(float(one), float(other), rel_tol=1e-5, abs_tol=1e-7)
    except ValueError:
        return one == other


def test_training_gives_the_trials_that_were_stored(run):
    """The definition in ``tests/gold`` trains to the trials beside it; see there how to store others.

    Another version of NumPy may round the last bits differently, so numbers are compared to five digits.
    """
    rows, gold = (rows_of(folder / "tables" / "trials.csv") for folder in (run, FACTORIAL))
    assert len(rows) == len(gold) > 100
    for row, wanted in zip(rows, gold, strict=True):
        assert list(row) == list(wanted)
        assert not [(name, row[name], was) for name, was in wanted.items() if not same(row[name], was)], row


class Cells(HTMLParser):
    """Tables of the page: name → list of rows of {column: (value, text)}."""

    def __init__(self):
        super().__init__()
        self.tables, self._rows, self._columns, self._cell = {}, None, [], None
        self._of_a_file = False

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "table":
            self._columns = []
            self._of_a_file = attributes.get("id", "").startswith("table-")  # not the first screen's
        if not self._of_a_file:
            return
        if tag == "table":
            self._rows = self.tables.setdefault(attributes["id"].removeprefix("table-"), [])
        elif tag == "th":
            self._columns.append(attributes["data-column"])
        elif tag == "tr":
            self._rows.append({})
        elif tag == "td":
            self._cell = [attributes["data-value"], ""]

    def handle_data(self, data):
        if self._cell is not None:
            self._cell[1] += data.replace("\N{NO-BREAK SPACE}", " ")

    def handle_endtag(self, tag):
        if tag == "td" and self._cell is not None:
            row = self._rows[-1]
            row[self._columns[len(row)]] = tuple(self._cell)
            self._cell = None


def test_page_file_and_terminal_show_the_same_numbers(run, command):
    """Every cell of the page stands in its file to the last digit, and ``show`` prints the same text."""
    parser = Cells()
    parser.feed((run / "report.html").read_text(encoding="utf-8"))
    assert len(parser.tables) > 10
    compared = 0
    for name, rows in parser.tables.items():
        with (run / "tables" / f"{name}.csv").open(encoding="utf-8") as file:
            written = list(csv.DictReader(file))
        _, printed, _ = command("show", run, name)
        flat = "".join(printed.split())
        for row in filter(None, rows):
            values = {column: value for column, (value, _) in row.items()}
            assert any(values.items() <= line.items() for line in written), (name, values)
            for value, text in row.values():
                if "[" in text and value:
                    number, _, interval = text.partition(" [")
                    assert "".join(number.split()) in flat, (name, text)
                    assert "".join(interval.split()) in flat, (name, text)
                    compared += 1
    assert compared > 60


def test_the_terminal_shows_the_ranking_of_the_page(run):
    """The line of each setting holds total effect, interval and main effect as in the page."""
    parser = Cells()
    parser.feed((run / "report.html").read_text(encoding="utf-8"))
    output = (run.parent / "printed.txt").read_text(encoding="utf-8")
    lines = [line for line in output.splitlines() if line[:1].isdigit() and "%" in line]
    ranked = [row for row in parser.tables["ranking"] if row and row["rank"][0]]
    assert len(ranked) == 4
    for row in ranked:
        (line,) = (one for one in lines if one[1:].lstrip().startswith(row["setting"][1]))
        assert row["total_effect"][1] in line
        assert row["main_effect"][1].partition(" [")[0] in line


def test_sweep_and_report_write_the_same(run, tmp_path, ours):
    """``report`` on the finished folder gives the same tables, pictures and page, to the byte."""
    again = shutil.copytree(run, tmp_path / "run")
    ours(COMMAND, "report", again)
    for path in sorted(run.rglob("*")):
        if path.suffix in {".csv", ".png", ".svg"}:
            assert (again / path.relative_to(run)).read_bytes() == path.read_bytes(), path.name
    pages = [(folder / "report.html").read_text(encoding="utf-8") for folder in (run, again)]
    assert pages[0].replace(str(run), "RUN") == pages[1].replace(str(again), "RUN")
