"""Tables and numbers as they go elsewhere: Markdown, LaTeX, JSON, and a number that is cited."""

import json
import re

import pandas as pd
import pytest

from sensitivity.about import About, read_about
from sensitivity.commands.cite import BIBTEX
from sensitivity.commands.publishing import escaped
from sensitivity.language import Voice, speaking
from sensitivity.pictures.notes import facts_of
from sensitivity.version import __version__
from sweeps.run_folder import RunFolder


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Folder with the tables of twelve configurations, two replicates each; a name with signs of LaTeX."""
    from sensitivity.reading.opening import open_study
    from sensitivity.reporting.results import write_tables
    from sensitivity.request import Request

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
    assert (
        known.ranges["de_p&th"] == {"low": 1, "high": 3, "log": False} or known.ranges["de_p&th"]["of"] == 3
    )
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
    assert r"de\_p\&th" in output
    body = output[output.index(r"\toprule") : output.index(r"\bottomrule")]
    assert not re.search(r"(?<!\\)[%#]", body)
    assert not re.search(r"(?<!\{)\[", body)
    columns = len(re.search(r"tabular\}\{(\w+)\}", output)[1])
    for line in body.splitlines()[1:]:
        if line.endswith(r"\\"):
            assert len(re.findall(r"(?<!\\)&", line)) == columns - 1
    assert escaped("β ≥ −1 \\ 50 %") == r"$\beta$ $\geq$ $-$1 \textbackslash{} 50 \%"
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
