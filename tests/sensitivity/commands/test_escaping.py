"""Whatever a table holds, Markdown, LaTeX and JSON give it back: read again by others' or plainer rules."""

import json
import math
import re
import unicodedata
from html.parser import HTMLParser
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sensitivity.commands.escaping import in_latex, in_markdown, on_one_line
from sensitivity.commands.publishing import published
from sensitivity.measures.registry import EVERY_TABLE

NASTY = (
    "a|b \\| c\\",
    "`code` ``x``",
    "<b>bold</b> <!-- no --> &amp; &lt;",
    "[link](http://a.b) ![x](y) [^1] [ ] x",
    "*a* **b** _c_ __init__ snake_case_ ~~d~~",
    "two\nlines\tand\r\nmore\u2028end",
    "$x_1$ {{ 7 * 7 }} ${a}$ #1 @b :smile:",
    "50 % & 3 # ~ ^ \\ {x} _ $",
    "β ≥ −1 ± 2 → x² μ₁ “q” ‘s’ – — …",
    "--- -- <<a>> ,, '' `` ?` !` \"",
    "학습률, 배치 크기",
    "\x1b[31mred\x1b[0m \u202egnp\u202c \x00",
    "👩\u200d💻 résumé",
    "*[0.1, 0.2]",
    "",
)
texts = st.text(st.sampled_from("\\`*_{}[]<>()#+-.!|~&$^%'\",;:/=?@ \n\tab1βé학"), max_size=14) | st.text(
    max_size=9
)


class Cells(HTMLParser):
    """Text of each cell of a page's tables, and of its paragraphs; other elements are counted."""

    def __init__(self, page):
        super().__init__()
        self.rows, self.paragraphs, self.others, self._here = [], [], [], None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")
            self._here = self.rows[-1]
        elif tag == "p":
            self.paragraphs.append("")
            self._here = self.paragraphs
        elif tag not in {"table", "thead", "tbody"}:
            self.others.append((tag, attrs))

    def handle_data(self, data):
        if self._here:
            self._here[-1] += data


def rendered(markdown):
    """What a browser shows of Markdown with tables and struck text."""
    markdown_it = pytest.importorskip("markdown_it", reason="rich brings it")
    return Cells(markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown))


def spaced(text):
    """Text as a browser and TeX set it: white space is one space, none at the ends."""
    return " ".join(on_one_line(text).split(" ")).strip(" ")


NAMES = (
    "textbackslash \\ textasciitilde ~ textasciicircum ^ textless < textgreater > textbar | textasciigrave `"
)
NAMES += " ldots … textendash – textemdash — textquotedblleft “ textquotedblright ”"
MATHEMATICS = r"- − \pm ± \times × \cdot · \geq ≥ \leq ≤ \neq ≠ \approx ≈ \infty ∞ \surd √ \frac{1}{2} ½"
MATHEMATICS += r" \rightarrow → \leftarrow ← \leftrightarrow ↔"
DIGITS = ["ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE"]
TEX = {  # what is set, by what is written
    **{rf"\{sign}": sign for sign in "&%$#_{}"},
    **{f"{{{sign}}}": sign for sign in "[]*"},
    **{rf"\{name}{{}}": sign for name, sign in zip(*[iter(NAMES.split(" "))] * 2, strict=True)},
    **{f"${name}$": sign for name, sign in zip(*[iter(MATHEMATICS.split(" "))] * 2, strict=True)},
    **{f"$^{{{n}}}$": unicodedata.lookup(f"SUPERSCRIPT {name}") for n, name in enumerate(DIGITS)},
    **{f"$_{{{n}}}$": unicodedata.lookup(f"SUBSCRIPT {name}") for n, name in enumerate(DIGITS)},
    "{}": "",
    "`": "‘",
    r"\texttt{\char34}": '"',
}
for place in (*range(0x3B1, 0x3CA), *range(0x391, 0x3AA)):
    if place not in {0x3C2, 0x3A2}:
        greek = unicodedata.name(chr(place)).removeprefix("GREEK ").replace("LAMDA", "LAMBDA")
        size, _, called = greek.split(" ")
        TEX[f"$\\{called.lower() if size == 'SMALL' else called.capitalize()}$"] = chr(place)
SIGNS = re.compile("|".join(map(re.escape, sorted(TEX, key=len, reverse=True))))
LIGATURES = re.compile("--|``|''|,,|[?!]`|<<|>>")


def typeset(latex):
    """What TeX sets; a sign with a meaning that no rule above knows is an error."""
    found, place = [], 0
    for match in SIGNS.finditer(latex):
        found += [latex[place : match.start()], TEX[match[0]]]
        place = match.end()
    plain = [*found[::2], latex[place:]]
    assert not re.search(r'[\\{}$&#%^_~"\[\]*|<>\n]', "".join(plain)), latex
    assert not LIGATURES.search(latex), latex
    return "".join([*found, latex[place:]])


FEW = settings(max_examples=40, deadline=None)


@FEW
@given(st.lists(texts, min_size=1, max_size=3))
@example(list(NASTY))
def test_markdown_shows_a_text_as_it_is(told):
    """In a table and in a paragraph, beside whatever else, and no element comes of it."""
    line = f"| {' | '.join(map(in_markdown, told))} |"
    rule = f"|{' --- |' * len(told)}"
    page = rendered(f"{line}\n{rule}\n{line}\n\nTable: {' '.join(map(in_markdown, told))}\n")
    wanted = [spaced(text) for text in told]
    assert [[spaced(cell) for cell in row] for row in page.rows] == [wanted, wanted]
    assert [spaced(text) for text in page.paragraphs] == [spaced(" ".join(["Table:", *told]))]
    assert page.others == []


@FEW
@given(texts)
@example("".join(NASTY))
def test_latex_sets_a_text_as_it_is(text):
    """Every sign with a meaning is escaped, no two make a ligature, and what is escaped reads as before."""
    assert typeset(in_latex(text)) == on_one_line(text).replace("’", "'")


@pytest.mark.parametrize("sign", ["α", "Ω", "λ", "⁵", "½", "↔", "−", '"', "\\"])
def test_a_sign_has_one_command(sign):
    """Read by the names of Unicode."""
    assert typeset(in_latex(sign)) == sign
    assert in_latex(sign).isascii()


def test_what_does_not_print_is_shown():
    """A space for a line end; the escape of what would move the cursor or turn the direction of reading."""
    assert on_one_line("a\nb\x1b[1m\u202e\x00\ud800") == r"a b\x1b[1m\u202e\x00\ud800"


WHEN = ("2026-01-02 00:00:00", "2026-01-02 03:04:05", "1999-12-31 00:00:00")
TABLE = pd.DataFrame(
    {
        "name| *": pd.Series([*NASTY[:4], None], dtype="str"),
        "number": [0.1, math.nan, math.inf, -math.inf, 1e-300],
        "count": pd.array([1, None, 3, 2**62, 0], dtype="Int64"),
        "truth": [True, False, np.bool_(True), "true", None],
        "single": np.array([0.1, 1, 2, 3, 4], dtype=np.float32),
        "when": pd.to_datetime([*WHEN, None, None], format="ISO8601"),
    }
)


def test_any_table_is_json():
    """Nothing is null, an infinity its name, a date its text; numbers to the last digit; no sign of NumPy."""
    rows = json.loads(published("strange", TABLE, "json", None), parse_constant=pytest.fail)["rows"]
    found = {name: [row[name] for row in rows] for name in TABLE}
    assert found["name| *"] == [*NASTY[:4], None]
    assert found["number"] == [0.1, None, "inf", "-inf", 1e-300]
    assert found["count"] == [1, None, 3, 2**62, 0]
    assert found["truth"] == [True, False, True, True, None]
    assert np.array(found["single"], dtype=np.float32).tolist() == TABLE["single"].tolist()
    assert found["when"] == [*WHEN, None, None]


def test_our_own_words_need_no_engine_of_their_own():
    """Heads, summaries and verdicts in English are ASCII once they are escaped."""
    folder = files("sensitivity.language") / "en"
    said = [(folder / name).read_text("utf-8") for name in ("publish.ftl", "remarks.ftl", "values.ftl")]
    said += [measure.summary for measure in EVERY_TABLE.values()]
    said += [column.words for measure in EVERY_TABLE.values() for column in measure.columns]
    assert [text for text in said if not in_latex(text).isascii()] == []


@FEW
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=3))
def test_a_table_is_given_back(rows):
    """JSON to the letter; Markdown and LaTeX row by row, as many cells in each."""
    table = pd.DataFrame(rows, columns=["a", "b_c"], dtype="str")
    table.insert(0, "n", np.arange(len(rows)))
    written = json.loads(published("strange", table, "json", None))["rows"]
    texts_of = {"true": True, "false": False, "": None}
    assert [(row["a"], row["b_c"]) for row in written] == [
        tuple(texts_of.get(text, text) for text in row) for row in rows
    ]
    kept = [place for place in (0, 1) if any(row[place] for row in rows)]
    wanted = [[str(n), *(spaced(row[place]) for place in kept)] for n, row in enumerate(rows)]
    page = rendered(published("strange", table, "markdown", None))
    assert [[spaced(cell) for cell in row] for row in page.rows[1:]] == wanted
    latex = published("strange", table, "latex", None)
    body = latex.partition("\\midrule\n")[2].partition("\\bottomrule")[0].splitlines()
    lines = [[typeset(cell) for cell in re.split(r"(?<!\\) & ", line.removesuffix(r" \\"))] for line in body]
    assert [[spaced(cell) for cell in line] for line in lines] == [
        [cell.replace("’", "'") for cell in line] for line in wanted
    ]


@pytest.mark.parametrize("form", ["markdown", "latex"])
def test_no_row_is_a_table_too(form):
    """Its head alone; the name of a label holds no sign of TeX."""
    found = published("a%b{", TABLE.head(0), form, None)
    head = {"markdown": r"| name\| \* | number |", "latex": r"name\textbar{} {*} & number"}
    assert head[form] in found
    assert re.findall(r"\\label\{.*?\}", found) == ([r"\label{tab:a-b-}"] if form == "latex" else [])
