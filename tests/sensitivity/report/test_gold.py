"""One tiny seeded sweep against what it gave when somebody last looked: tables, page structure, sentences.

How to look and accept: ``python -m pytest tests/sensitivity/report/test_gold.py --accept`` writes what the
sweep gives now into ``tests/gold``; ``git diff tests/gold`` shows what changed. Commit it if every change is
meant.

Numbers are compared to five digits: another version of NumPy may round the last bits differently.
"""

import csv
import io
import math
import os
import platform
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

GOLD = Path(__file__).parents[2] / "gold"
TABLES = (
    "ranking",
    "variance_decomposition",
    "tolerance",
    "divergence_by_level",
    "isolation_curves",
    "tunability",
)
# One kind of BLAS kernel adds in one order on every x86 machine.
SAME_NUMBERS = {"OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_NUM_THREADS": "1"}
DEFINITION = """
name = "gold"
dataset = "iris"
epochs = 4
search = 0
replicates = 2
network = { hidden = [4] }

[space]
optimizer = ["sgd", "momentum", "adam"]
learning_rate = { low = 0.001, high = 10.0, log = true, levels = 5 }
batch_size = [8, 32]
beta = 0.9
"""


class Outline(HTMLParser):
    """Headings, sentences of the answer, pictures, tables with columns and number of rows."""

    def __init__(self):
        super().__init__()
        self.lines, self._text, self._open = [], None, None

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag in {"h1", "h2", "h3"} or (tag == "li" and attributes.get("class") is None):
            self._open, self._text = tag, ""
        elif tag == "figure":
            self.lines.append(f"  {attributes['id']}")
        elif tag == "table":
            self.lines.append(f"  {attributes['id']}: ")
        elif tag == "th":
            self.lines[-1] += f"{attributes['data-column']} "
        elif tag == "tr":
            self.lines[-1] += "|"

    def handle_data(self, data):
        if self._text is not None:
            self._text += data

    def handle_endtag(self, tag):
        if tag == self._open:
            self.lines.append(f"{tag} {' '.join(self._text.split())}")
            self._open = self._text = None
        elif tag == "table":
            self.lines[-1] = f"{self.lines[-1].rstrip('|')} {self.lines[-1].count('|') - 1} rows".replace(
                "|", ""
            )


def ours(*arguments):
    """Run a command in a process of its own, with the kernel above."""
    line = [sys.executable, "-m", "sensitivity", *map(str, arguments)]
    subprocess.run(line, check=True, capture_output=True, env=os.environ | SAME_NUMBERS)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Folder of the sweep with its report."""
    if platform.machine() != "x86_64":
        pytest.skip("the gold numbers are of x86_64: a cliff of divergence does not forgive other last bits")
    folder = tmp_path_factory.mktemp("gold")
    (folder / "gold.toml").write_text(DEFINITION)
    ours("sweep", folder / "gold.toml", "--out", folder / "run", "--workers", 1)
    return folder / "run"


def outline(page):
    parser = Outline()
    parser.feed(page.read_text(encoding="utf-8"))
    return "\n".join(line.rstrip() for line in parser.lines if not line.startswith("li python")) + "\n"


def same(one, other):
    """Whether two cells agree: numbers to five digits, text exactly."""
    try:
        return math.isclose(float(one), float(other), rel_tol=1e-5, abs_tol=1e-7)
    except ValueError:
        return one == other


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_as_they_were(name, run, accept):
    """Every cell of the table is the one that was accepted."""
    found, gold = run / "tables" / f"{name}.csv", GOLD / f"{name}.csv"
    if accept:
        gold.write_bytes(found.read_bytes())
    rows, wanted = (list(csv.reader(io.StringIO(path.read_text(encoding="utf-8")))) for path in (found, gold))
    assert rows[0] == wanted[0]
    assert len(rows) == len(wanted)
    for row, old in zip(rows, wanted, strict=True):
        cells = zip(rows[0], row, old, strict=True)
        assert not [(head, new, was) for head, new, was in cells if not same(new, was)], row


def test_the_page_is_built_as_it_was(run, accept):
    """Headings, sentences, pictures and tables of the page, in their order."""
    found, gold = outline(run / "report.html"), GOLD / "page.txt"
    if accept:
        gold.write_text(found, encoding="utf-8")
    assert found.splitlines() == gold.read_text(encoding="utf-8").splitlines()


class Cells(HTMLParser):
    """Tables of the page: name → list of rows of {column: (value, text)}."""

    def __init__(self):
        super().__init__()
        self.tables, self._rows, self._columns, self._cell = {}, None, [], None

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "table":
            self._columns = []
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
        if tag == "td":
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


def test_the_terminal_shows_the_ranking_of_the_page(run, command):
    """The line of each setting holds total effect, interval and main effect as in the page."""
    parser = Cells()
    parser.feed((run / "report.html").read_text(encoding="utf-8"))
    _, output, _ = command("measure", run, "--out", run.parent / "again")
    lines = {line.split()[1]: line for line in output.splitlines() if line[:1].isdigit() and "%" in line}
    ranked = [row for row in parser.tables["ranking"] if row and row["rank"][0]]
    assert len(ranked) == 3
    for row in ranked:
        line = lines[row["setting"][0]]
        assert row["total_effect"][1] in line
        assert row["main_effect"][1].partition(" [")[0] in line


def test_sweep_and_report_write_the_same(run, tmp_path):
    """``report`` on the finished folder gives the same tables, pictures and page, to the byte."""
    import shutil

    again = shutil.copytree(run, tmp_path / "run")
    ours("report", again)
    for path in sorted(run.rglob("*")):
        if path.suffix in {".csv", ".png", ".svg"}:
            assert (again / path.relative_to(run)).read_bytes() == path.read_bytes(), path.name
    pages = [(folder / "report.html").read_text(encoding="utf-8") for folder in (run, again)]
    assert pages[0].replace(str(run), "RUN") == pages[1].replace(str(again), "RUN")
