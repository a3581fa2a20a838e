"""Whatever the trials are and whatever they are called: the page is whole, escaped and small."""

import re
import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sensitivity.commands.report import again
from sensitivity.language.marks import bare
from sensitivity.measures.measuring import all_tables
from sensitivity.reading.frames import from_frame
from sensitivity.reporting.building import build
from sensitivity.reporting.content import Head, Report, ShownTable
from sensitivity.reporting.page import column_kinds, page, unbroken
from sensitivity.reporting.provenance import provenance
from sensitivity.reporting.shown import Cell
from sensitivity.request import Request
from sensitivity.study import Study
from sensitivity.trials import trials_table
from sweeps.space import FloatRange, Setting, Space, Variant


@pytest.fixture
def empty(setting):
    """Study with a number of the same trials, each with the next value."""

    def make(trials, **changes):
        space = Space([setting("optimizer", "sgd", "adam"), setting("batch_size", 16, 64)])
        return Study(
            trials_table(trials, space.names, 0.9, 1, None), space, "validation error", 0.9, **changes
        )

    return make


def titles(page):
    return [heading.text for heading in page.all("h2")]


def test_two_categorical_settings_only(written, tabulate, setting):
    """No axis has numbers: what needs one says so, and nothing is drawn empty."""
    space = Space([setting("activation", "relu", "tanh", "gelu"), setting("initialiser", "he", "glorot")])
    values = {"relu": 0.1, "tanh": 0.2, "gelu": 0.15, "he": 0.0, "glorot": 0.02}
    trials = tabulate(space, lambda c, r: sum(values[v] for v in c.values()) + 0.003 * r, replicates=3)
    page = written(Study(trials, space, "validation error", 0.9, name="two"))
    assert "activation decides" in page.text
    assert len(page.all("figure")) >= 2
    assert "“Divergence”" in page.text  # among what was left out: none of them did
    assert "No picture of survivors" not in page.text
    assert "schedule by optimizer" not in page.text
    assert "all optimizers" not in page.text
    links = [e.attributes["href"] for e in page.all("a")]
    for title, anchor in (
        ("Learning rate and β", "momentum"),
        ("Where the best value moves", "moving-optimum"),
        ("Early and late", "epochs"),
    ):
        assert title not in titles(page)
        assert f"#{anchor}" not in links
        assert f"“{title}”" in page.text
    assert "Left out, because these trials have nothing of the kind: " in page.text


def test_trials_without_curves_have_no_section_of_curves():
    """Somebody's table of settings and results says nothing of how training went, in no word of the page."""
    space = Space([Setting("x", (Variant(FloatRange(0, 1)),))])
    frame = pd.DataFrame({"x": np.linspace(0, 1, 40), "value": np.linspace(0, 1, 40) ** 2})
    source = from_frame(frame, space)
    report = build(source, all_tables(source), {})
    assert not {"speed", "epochs"} & {section.anchor for section in report.sections}
    assert "“Learning curves and speed”, “Early and late”." in report.notes[-1]


def test_a_section_that_cannot_be_judged_stays_and_says_why(sweep_source):
    """Too few trials are no reason to hide what was asked."""
    source = sweep_source()
    few = replace(source, trials=source.trials.head(3), curves={})
    sections = {section.anchor: section for section in build(few, all_tables(few), {}).sections}
    assert "stability" in sections
    same = [tuple(map(bare, pair)) for pair in sections["among-best"].tables[0].same]
    assert ("verdict", "cannot be judged: only 3 trials") in same


def test_every_trial_diverged(written, empty, make):
    """Nothing moved anything: the page says how many diverged."""
    grid = [{"optimizer": o, "batch_size": b} for o in ("sgd", "adam") for b in (16, 64)]
    trials = [
        make(n, c, n // 4, 0.9, outcome="diverged", diverged_at=0.5, final={}, best={}, curves={})
        for n, c in enumerate(grid * 2)
    ]
    page = written(empty(trials))
    assert "All 8 trials diverged" in page.text


@pytest.mark.parametrize("number", [0, 1])
def test_no_trial_and_one(written, empty, make, number):
    """What cannot be said is said to be so, in every section."""
    page = written(empty([make(n, {"optimizer": "sgd", "batch_size": 16}) for n in range(number)]))
    assert "cannot say which setting matters" in page.text
    assert not [e for e in page.all("td") if e.text == "nan"]


def test_words_in_a_picture_are_no_part_of_its_style(written, tabulate, setting):
    """A value that looks like a colour, an identifier or a font of the SVG stays as it is."""
    space = Space([setting("colour", "#ffffff", 'id="x', "url(#y)"), setting("size", 1, 2, 4)])
    trials = tabulate(space, lambda c, r: len(c["colour"]) + c["size"] + 0.1 * r, replicates=2)
    page = written(Study(trials, space, name="words"))
    drawn = " ".join(e.text for e in page.all("svg"))
    assert "#ffffff" in drawn
    assert 'id="x' in drawn
    assert "url(#y)" in drawn


def test_a_password_of_a_storage_never_appears(sweep_source):
    """Neither in the command that makes the page again nor anywhere else."""
    asked = Request(storage="postgresql+psycopg2://me:s3cr3t@host:5432/db?password=0ther", study="mine")
    command = again(asked)
    assert "***@host" in command
    made = replace(sweep_source(), trained_with={"python": "3.12"})
    told = provenance(made, command)
    text = page(Report("t", "s", [], ["a"], [], provenance=told))
    assert "host" in text
    assert "s3cr3t" not in text
    assert "0ther" not in text


@pytest.mark.usefixtures("undrawn")
def test_a_maximised_metric_is_turned_round_and_the_page_says_so(written, sweep_source):
    """Whoever maximised an accuracy reads that lower is better here."""
    direction = "accuracy was maximised and is shown with its sign changed; lower is better"
    source = sweep_source(rates=3, batch_sizes=(16,))
    source.trials["value"] *= -1
    page = written(replace(source, metric="accuracy", direction=direction, cap=None, curves={}))
    assert f"{direction}." in page.text


def test_numbers_are_not_torn_apart_and_texts_are_escaped():
    """An interval, a power of ten and a percentage stay on one line; a tag in the text is no tag."""
    assert unbroken("80.1 % [79.0, 81.2]") == (
        '<span class="one">80.1 %</span> <span class="one">[79.0, 81.2]</span>'
    )
    assert unbroken("-1.86e-4 <b>") == '-<span class="one">1.86e-4</span> &lt;b&gt;'
    assert "<i>" not in unbroken("[<i>, 1]")


def test_columns_of_numbers_and_of_long_texts_are_told_apart():
    """The style sheet keeps numbers flush right and long texts wide enough to read."""
    columns = [Head(name, name, "", numeric=name == "n") for name in ("n", "short", "long")]
    cells = [[Cell("1", "1"), Cell("adam", "adam"), Cell("a sentence of some length", "")]]
    assert column_kinds(ShownTable("t", "T", columns, cells, 1)) == ["number", "", "long"]


def test_control_characters_are_shown_as_their_escapes(written, tabulate, setting):
    """Neither in texts nor in pictures: nothing that moves a terminal's cursor or breaks an SVG."""
    space = Space([setting("a\x1b[31m", "\x00x", "\x9by\x7f", "tab\tand\nline"), setting("size", 1, 2, 4)])
    trials = tabulate(space, lambda c, r: len(c["a\x1b[31m"]) + c["size"] + 0.1 * r, replicates=2)
    page = written(Study(trials, space, name="red\x1b[0m"))
    assert not re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", page.source)
    cells = {element.text for element in page.all("td")}
    assert {r"a\x1b[31m", r"\x00x", r"\x9by\x7f", "tab\tand\nline"} <= cells
    assert page.all("h1")[0].text == r"red\x1b[0m"


def test_a_page_without_warnings_says_what_was_looked_for():
    """It does not claim more than that nothing was found."""
    text = page(Report("t", "s", [], ["a"], []))
    assert "No warning was found. Looked for: too few trials, " in text
    assert "No warning was found" not in page(Report("t", "s", [], ["a"], [], cautions=["Beware."]))


@pytest.mark.slow
def test_twenty_thousand_trials(written, sweep_source):
    """The page stays small; the time is printed."""
    optimizers = tuple(f"optimizer {n}" for n in range(25))
    source = sweep_source(optimizers, 40, tuple(range(10, 20)), replicates=2, steps=20)
    assert len(source.trials) == 20_000
    start = time.perf_counter()
    page = written(source)
    print(f"{time.perf_counter() - start:.1f} s, {len(page.source.encode()) / 1e6:.2f} MB")
    assert "20,000" in page.text
