"""Everything that is shown of three small sets of trials, against what it was when somebody last looked.

``tests/gold`` has a folder per set: a factorial sweep with replicates and divergence, a Sobol sweep without
replicates, a stranger's CSV file with gaps. In each: ``input``, ``tables`` (what the product writes),
``figures`` (what each picture shows, see ``figure_digest.py``), the text of the page and of the terminal.

How to look and accept: ``pytest tests/sensitivity/reporting/test_gold.py --accept`` writes anew what
differs; ``git diff tests/gold`` shows what changed. Commit it if every change is meant. The trials are
stored, so that no change of training changes these files; to store others, remove the ``study.journal``
beside a ``sweep.toml``, run ``python -m sensitivity sweep --no-report --out`` on that folder, and remove its
``tables``.

The same to the byte, if this machine does its arithmetic to the same last bits as the one of the gold
(``arithmetic.txt``: NumPy, SciPy and the processor decide); else numbers to `CLOSE`, and no mark of numbers.
"""

import difflib
import json
import math
import platform
import re
import shutil
from html.parser import HTMLParser
from itertools import islice
from pathlib import Path

import pytest

GOLD = Path(__file__).parents[2] / "gold"
REPORTS = {
    "factorial": ("sweep",),
    "sobol": ("sweep",),
    "stranger": ("results.csv", "--metric", "accuracy", "--maximize"),
}
CLOSE = 1e-5
MOST = 40  # lines of a difference that are printed
BLOCKS = {"h1", "h2", "h3", "h4", "p", "li", "dt", "dd", "figcaption", "summary", "pre", "tr"}
SILENT = {"svg", "script", "style"}


class Words(HTMLParser):
    """Text of a page, a line per paragraph, row or item; a column with what it means."""

    def __init__(self):
        super().__init__()
        self.lines, self._text, self._silent = [], "", 0

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self._silent += tag in SILENT
        if tag in {"figure", "table", "section"}:
            self.lines.append(f"[{tag} {attributes.get('id', '')}]")
        elif tag == "th":
            self.lines.append(f"column {attributes.get('data-column', '')}: ")
        elif tag == "button":
            self.lines[-1] += attributes.get("title", "") + " = "
        elif tag == "td":
            self._text += " | "

    def handle_data(self, data):
        if not self._silent:
            self._text += data

    def handle_endtag(self, tag):
        self._silent -= tag in SILENT
        text = " ".join(self._text.split())
        if tag == "th":
            self.lines[-1] += text
        elif tag in BLOCKS and text:
            self.lines.append(f"{tag} {text}")
        if tag == "th" or tag in BLOCKS:
            self._text = ""


def page_words(path):
    """Text of a page, without the versions of the libraries that made it."""
    parser = Words()
    parser.feed(path.read_text(encoding="utf-8"))
    text = "\n".join(parser.lines) + "\n"
    made = re.search(r"(?<=h4 Versions\n).*?(?=h\d )", text, flags=re.DOTALL)[0]
    kept = re.sub(r"^dt (?!trained with)(.*)\ndd .*$", r"dt \1", made, flags=re.MULTILINE)
    return text.replace(made, kept)


@pytest.fixture(scope="module")
def folders(tmp_path_factory, ours):
    """Folders of the three reports, made one after the other in one process: its start takes long."""
    if platform.machine() != "x86_64":
        pytest.skip("the gold is of x86_64: a cliff of divergence does not forgive other last bits")
    whole = tmp_path_factory.mktemp("gold")
    made = {name: whole / name for name in REPORTS}
    for name, folder in made.items():
        shutil.copytree(GOLD / name / "input", folder)
    asked = {str(made[name]): ["report", *words, "--out", "out"] for name, words in REPORTS.items()}
    ours((Path(__file__).with_name("figure_digest.py"),), json.dumps(asked), cwd=whole)
    return made


def reported(folder):
    """All that a report of one of the three shows: path below ``tests/gold/NAME`` → text."""
    out = folder / "out"
    tables = {f"tables/{path.name}": path.read_text("utf-8") for path in out.glob("tables/*.csv")}
    figures = {f"figures/{path.stem}.txt": path.read_text("utf-8") for path in out.glob("figures/*.png")}
    texts = {"terminal.txt": folder / "terminal.txt", "arithmetic.txt": folder.parent / "arithmetic.txt"}
    page = {"page.txt": page_words(out / "report.html")}
    return tables | figures | page | {name: path.read_text("utf-8") for name, path in texts.items()}


def accepted(name):
    """The gold of one of the three, as `reported` gives it."""
    folder = GOLD / name
    found = [path for path in folder.rglob("*.*") if path.is_file() and folder / "input" not in path.parents]
    return {path.relative_to(folder).as_posix(): path.read_bytes().decode() for path in found}


def accept_all(name, found):
    """Write the gold of one of the three anew, and remove what is no more."""
    for path in accepted(name).keys() - found.keys():
        (GOLD / name / path).unlink()
    for path, text in found.items():
        (GOLD / name / path).parent.mkdir(exist_ok=True)
        (GOLD / name / path).write_bytes(text.encode())


def same(one, other):
    """Whether two words agree: numbers about, marks of numbers unseen, text exactly."""
    try:
        return math.isclose(float(one), float(other), rel_tol=CLOSE, abs_tol=1e-7)
    except ValueError:
        return one == other or (one[:1] == other[:1] == "~")


def alike(one, other):
    """Whether two texts agree but for last bits."""
    words, others = (re.split(r"([\s,;|\[\]]+)", text) for text in (one, other))
    return len(words) == len(others) and all(map(same, words, others))


def difference(path, found, gold):
    """What differs in a file, as lines of a diff."""
    lines = difflib.unified_diff(
        gold.splitlines(), found.splitlines(), f"accepted {path}", f"found {path}", lineterm="", n=0
    )
    shown = [line[:300] for line in islice(lines, MOST)]
    return "\n".join(shown)


@pytest.mark.parametrize("name", REPORTS)
def test_nothing_shown_has_changed(name, folders, accept):
    """Tables, pictures, page and terminal say what was accepted, and none is missing or new."""
    found = reported(folders[name])
    if accept:
        accept_all(name, found)
    gold = accepted(name)
    exact = found.pop("arithmetic.txt") == gold.pop("arithmetic.txt")
    assert sorted(found) == sorted(gold)
    changed = [path for path in gold if found[path] != gold[path]]
    if not exact:
        changed = [path for path in changed if not alike(found[path], gold[path])]
    told = "\n\n".join(difference(path, found[path], gold[path]) for path in sorted(changed))
    assert not changed, f"{len(changed)} of {len(gold)} files differ; --accept takes them:\n{told}"
