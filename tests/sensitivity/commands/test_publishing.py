"""Tables and numbers as they go elsewhere: Markdown, LaTeX, JSON, and a number that is cited."""

import io
import itertools
import json
import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from sensitivity.about import About, read_about
from sensitivity.commands.across import explain_together
from sensitivity.commands.cite import BIBTEX
from sensitivity.commands.escaping import in_latex
from sensitivity.commands.rows import rows_asked
from sensitivity.language import Voice, speaking
from sensitivity.pictures.notes import facts_of
from sensitivity.reading.opening import open_study
from sensitivity.reporting.shown import columns_of
from sensitivity.request import Request
from sensitivity.version import __version__
from sensitivity.words import short
from sweeps.errors import StudyError
from sweeps.run_folder import RunFolder


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Folder with the tables of twelve configurations, two replicates each; a name with signs of LaTeX."""
    from sensitivity.reporting.results import write_tables

    folder = tmp_path_factory.mktemp("published")
    rows = [
        f"{rate},{depth},{seed},{abs(place - 1) * 0.2 + depth * 0.01 + 0.003 * seed}"
        for place, rate in enumerate((0.001, 0.01, 0.1, 1.0))
        for depth in (1, 2, 3)
        for seed in (0, 1)
    ]
    (folder / "a.csv").write_text("\n".join(["learning_rate,de_p&th,seed,loss", *rows]), encoding="utf-8")
    study = open_study(Request(path=folder / "a.csv", metric="loss"))
    run = RunFolder(folder / "out")
    run.tables.mkdir(parents=True)
    write_tables(run, study, trials=True)
    return run.path


def test_what_the_tables_are_of_lies_beside_them(tables):
    """How many trials, over which ranges; a file of somebody else is as good as none."""
    known = read_about(RunFolder(tables).about)
    assert (known.plan, known.configurations, known.replicates) == (24, 12, 2)
    assert known.ranges == {
        "learning_rate": {"low": 0.001, "high": 1.0, "log": True},
        "de_p&th": {"low": 1, "high": 3, "log": False},
    }
    (tables / "other.json").write_text('{"of": 1}', encoding="utf-8")
    assert read_about(tables / "other.json") is None
    assert read_about(tables / "none.json") is None
    (tables / "deep.json").write_text("[" * 200_000)
    (tables / "device.json").symlink_to("/dev/zero")
    assert read_about(tables / "deep.json") is None
    assert read_about(tables / "device.json") is None


def test_json_has_every_digit_and_null_where_nothing_is(command, tables):
    """Numbers are those of the file; the metadata says of what they are."""
    code, output, error = command("show", tables, "ranking", "--format", "json")
    assert (code, error) == (0, "")
    content = json.loads(output)
    assert (content["table"], content["trials"], content["version"]) == ("ranking", 24, __version__)
    assert content["metric"] == "loss"
    file = pd.read_csv(tables / "tables" / "ranking.csv")
    assert [row["total_effect"] for row in content["rows"]] == file["total_effect"].tolist()
    assert [row["rank"] is None for row in content["rows"]] == file["rank"].isna().tolist()
    assert set(content["rows"][0]) == set(file.columns)


def test_markdown_is_the_table_as_it_is_shown(command, tables):
    """As many cells in every row; numbers rounded, with per cent and interval."""
    output = command("show", tables, "ranking", "--format", "markdown")[1]
    lines = [line for line in output.splitlines() if line.startswith("|")]
    assert len({line.count(" | ") for line in lines}) == 1
    assert re.search(r"\d\.\d % \[\d+\.\d, \d+\.\d\]", lines[2])
    assert f"sensitivity {__version__}" in output
    assert "24 trials" in output


def test_latex_needs_nothing_but_booktabs(command, tables):
    """Every letter with a meaning is escaped, no row begins with a bracket, rules come from booktabs."""
    output = command("show", tables, "ranking", "--format", "latex")[1]
    assert [rule in output for rule in (r"\toprule", r"\midrule", r"\bottomrule")] == [True] * 3
    assert r"de p\&th" in output  # an underscore reads as a space
    body = output[output.index(r"\toprule") : output.index(r"\bottomrule")]
    assert not re.search(r"(?<!\\)[%#]", body)
    assert not re.search(r"(?<!\{)\[", body)
    columns = len(re.search(r"tabular\}\{(\w+)\}", output)[1])
    for line in body.splitlines()[1:]:
        if line.endswith(r"\\"):
            assert len(re.findall(r"(?<!\\)&", line)) == columns - 1
    assert in_latex("β ≥ −1 \\ 50 %") == r"$\beta$ $\geq$ $-$1 \textbackslash{} 50 \%"
    assert output.isascii()


def test_csv_is_the_file(command, tables):
    """--raw and --format csv alike; another form is one sentence."""
    file = (tables / "tables" / "ranking.csv").read_text(encoding="utf-8")
    assert command("show", tables, "ranking", "--raw")[1] == file
    assert command("show", tables, "ranking", "--format", "csv")[1] == file
    code, _, error = command("show", tables, "ranking", "--format", "latx")
    assert (code, error.count("\n")) == (2, 1)
    assert "did you mean 'latex'?" in error


def test_a_number_is_cited_with_all_that_belongs_to_it(command, tables):
    """The number as it is shown, kind of interval, trials, replicates, ranges, version, and the software."""
    code, output, error = command("cite", tables, "ranking", "learning_rate")
    assert (code, error) == (0, "")
    file = pd.read_csv(tables / "tables" / "ranking.csv").set_index("setting")
    assert f"total effect {100 * file.loc['learning_rate', 'total_effect']:.1f} %" in output.splitlines()[0]
    for words in (
        "score intervals",
        "24 of 12 configurations",
        "up to 2",
        "0.001 to 1 (log scale)",
        "de_p&th",
    ):
        assert words in output
    assert f"sensitivity {__version__}" in output
    assert output.endswith(BIBTEX)
    with speaking("ko"):
        korean = command("cite", tables, "ranking", "learning rate")[1]
    assert "시행: 24개, 구성 12개" in korean


CURVES = pd.DataFrame(
    [
        ("all", "optimizer", "adam", 0.1),
        ("all", "learning_rate", 0.01, 0.2),
        ("optimizer=adam", "learning_rate", 0.01, 0.3),
        ("optimizer=adam", "learning_rate", 0.1, 0.4),
        ("optimizer=sgd", "learning_rate", 0.01, 0.5),
    ],
    columns=["branch", "setting", "level", "best"],
)
PAIRS = pd.DataFrame(
    [("all", "b", "x", "a", 1.0, 0.1), ("all", "b", "x", "c", "a", 0.2), ("all", "a", 1.0, "c", "x", 0.3)],
    columns=["branch", "first", "first_level", "second", "second_level", "best"],
)


@pytest.mark.parametrize(
    ("name", "table", "words", "rows"),
    [
        ("isolation_curves", CURVES, ["learning_rate"], [1]),  # of all trials where no word asks for a branch
        ("isolation_curves", CURVES, ["learning rate", "ADAM"], [2, 3]),
        ("isolation_curves", CURVES, ["adam", "1e-1"], [3]),
        ("isolation_curves", CURVES, ["branch=adam", "level=0.01"], [2]),
        ("isolation_curves", CURVES, ["optimizer=sgd"], [4]),
        ("isolation_curves", CURVES, ["branch=optimizer=sgd"], [4]),
        ("isolation_curves", CURVES, ["level=adam"], [0]),
        ("isolation_curves", CURVES, ["optimizer", "adam"], [0]),
        ("isolation_curves", CURVES, ["all", "0.01"], [1]),
        ("isolation_curves", CURVES, [], [0, 1]),
        ("pairs", PAIRS, ["a"], "'a' stands as setting and as level; say setting=a or level=a"),
        ("pairs", PAIRS, ["setting=a"], [0, 2]),
        ("pairs", PAIRS, ["setting=a", "b"], [0]),
        ("pairs", PAIRS, ["first=a"], [2]),
        ("isolation_curves", CURVES, ["adam"], "'adam' stands as branch and as level"),
        ("isolation_curves", CURVES, ["optimizer", "0.01"], "no row holds optimizer and 0.01 together"),
        ("isolation_curves", CURVES, ["level=2"], "no row holds 'level=2'"),
        ("isolation_curves", CURVES, ["nadam"], "did you mean 'adam'?"),
    ],
)
def test_which_rows_words_ask_for(name, table, words, rows):
    """A word has one reading in all rows that are found, or the readings are told."""
    if isinstance(rows, str):
        with pytest.raises(StudyError, match=re.escape(rows)):
            rows_asked(table, columns_of(name, table), words)
    else:
        assert rows_asked(table, columns_of(name, table), words).index.tolist() == rows


def test_too_many_rows_name_what_would_tell_them_apart():
    """As it can be typed: a number that counts, a name with a space in quotes."""
    table = pd.DataFrame({"branch": "all", "k": range(1, 10), "best": 0.1})
    columns = columns_of("best_after_k", table)
    with pytest.raises(StudyError, match=r"9 rows fit, and at most 8 are cited; name one, such as k=1$"):
        rows_asked(table, columns, [])
    assert rows_asked(table, columns, ["k=3"]).index.tolist() == [2]


def test_shares_of_a_range_are_no_shares_of_a_variance(command, tables):
    """Only a table of variances says so; a count that names the row stands in the sentence."""
    assert "of the variance" in command("cite", tables, "ranking", "rank=1")[1]
    output = command("cite", tables, "tolerance", "learning_rate", "method=re-tuned")[1]
    assert "share of the range" in output
    assert "variance" not in output
    assert re.match(r"all, .*k 2: ", command("cite", tables, "best_after_k", "k=2")[1])


def test_an_entry_of_bibtex_is_well_formed():
    """Braces in pairs, each field once, no sign of TeX alone."""
    kind, key, fields = re.fullmatch(r"@(\w+)\{([\w-]+),\n(.*)\n\}\n", BIBTEX, re.DOTALL).groups()
    assert (kind, key) == ("software", "sensitivity")
    pairs = re.findall(r"^ *(\w+) *= \{(.*)\},?$", fields, re.MULTILINE)
    assert [name for name, _ in pairs] == ["author", "title", "year", "version", "note"]
    assert dict(pairs)["version"] == __version__
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    assert dict(pairs)["author"] == f"{{{project['authors'][0]['name']}}}"  # one name, in braces of its own
    assert re.fullmatch(r"20\d\d", dict(pairs)["year"])
    for _, value in pairs:
        assert value.count("{") == value.count("}")
        assert not re.search(r"(?<!\\)[&%$#_~^]", value)


def test_a_number_across_datasets_is_cited_with_all_of_them(command, tmp_path):
    """Trials of all, their names, the score that it is in; ranges that differ are told apart."""
    studies = {}
    for name, rates in (("one", (0.01, 0.1)), ("two", (0.01, 0.1, 1.0))):
        grid = itertools.product(rates, (1, 2), (0, 1))
        results = ((*row, row[0] + (2 - row[1] if name == "one" else row[1]) + 0.01 * row[2]) for row in grid)
        rows = [",".join(map(str, row)) for row in results]
        (tmp_path / f"{name}.csv").write_text("\n".join(["learning_rate,depth,seed,loss", *rows]))
        studies[name] = open_study(Request(path=tmp_path / f"{name}.csv", metric="loss"))
    folder = RunFolder(tmp_path / "both")
    explain_together(Console(file=io.StringIO()), studies, folder, {}, page=False)
    code, output, error = command("cite", folder.path, "across_settings", "depth")
    assert (code, error) == (0, "")
    cost = pd.read_csv(folder.tables / "across_settings.csv").set_index("setting").loc["depth"]
    ends = f"[{short(cost['cost_low'], 3)}, {short(cost['cost_high'], 3)}]"
    assert f"cost {short(cost['cost'], 3)} {ends}" in output.splitlines()[0]
    for words in (
        "Trials: 20 of 6 configurations (both)",
        "Dataset: one, two",
        "depth 1, 2;",
        "scores: 0 is",
    ):
        assert words in output
    assert "learning_rate (one) 0.01, 0.1;" in output
    assert "learning_rate (two) 0.01 to 1" in output
    assert "20 trials" in command("show", folder.path, "across", "--format", "latex")[1]


def test_a_row_that_is_not_there_is_one_sentence(command, tables):
    """With what there is; so are more rows than anybody cites, and trials."""
    for words, told in (
        (("ranking", "learning_rat"), "did you mean 'learning_rate'?"),
        (("best_after_k",), "rows fit"),
        (("trials", "1"), "trials are no estimate"),
        (("rankin",), "did you mean 'ranking'?"),
    ):
        code, _, error = command("cite", tables, *words)
        assert (code, error.count("\n")) == (2, 1)
        assert told in error


def test_korean_knows_one_without_a_plural():
    """What was tried once is not "up to 1 times": Korean has no plural that would tell."""
    known = About(replicates=1, voice=Voice(trial="trial", noise="unknown"))
    with speaking("ko"):
        assert "반복: 없음" in "\n".join(facts_of(known, ["ranking"], "?"))
