"""Names and values that a program might obey: in page, explorer, figures, files, terminal they are text."""

import io
import itertools
import json
from urllib.parse import unquote, urljoin, urlsplit

import optuna
import pandas as pd
import pytest
from matplotlib.cbook import is_math_text
from matplotlib.figure import Figure
from matplotlib.text import Text
from optuna.distributions import CategoricalDistribution
from optuna.trial import TrialState, create_trial
from rich.console import Console

from sensitivity import draw
from sensitivity.branch import words
from sensitivity.commands.across import _address
from sensitivity.commands.progress import SweepProgress
from sensitivity.commands.refusals import bounded
from sensitivity.commands.terminal import ranking_text
from sensitivity.files import make_folder
from sensitivity.measures.measuring import all_tables
from sensitivity.reading import from_study
from sensitivity.reporting.content import Report
from sensitivity.reporting.explorer import LONGEST_LEVEL, explorer
from sensitivity.reporting.glance import Reported
from sensitivity.reporting.page import write_page
from sensitivity.reporting.results import write_tables
from sensitivity.words import short
from sweeps.run_folder import RunFolder

PWNED = "window.pwned = 1"
# Names of JavaScript's objects, ends of scripts and comments, templates, mark-up of a terminal and of
# matplotlib, formulas of a spreadsheet, letters that turn the direction or end a line.
LEVELS = {
    "__proto__": ["4", "__proto__", "toString"],
    "constructor": [4, "__proto__"],
    f"</script><!--<script>{PWNED}</script>": [
        f"'\"><img src=x onerror='{PWNED}'>",
        "{{ 7 * 7 }} {level} ${9 * 9}",
    ],
    "[red]$x_1$ {n}[/]\x1b[31m\u2028": ["\u202eevil 🙂", "=1+1", "_" * 200],
}
METRIC = f"<b onclick='{PWNED}'>m</b> {{n}} {{constructor}} $m_1$ [red]"
NAME = f"<img src=x onerror='{PWNED}'> [bold]s[/bold] $s_1$"


@pytest.fixture(scope="module")
def study():
    """Every combination twice, and a trial that failed with a nasty word."""
    found = optuna.create_study(study_name=NAME)
    found.set_metric_names([METRIC])
    kinds = {name: CategoricalDistribution(levels) for name, levels in LEVELS.items()}
    for seed, combination in itertools.product(range(2), itertools.product(*LEVELS.values())):
        params = dict(zip(LEVELS, combination, strict=True))
        places = [levels.index(params[name]) for name, levels in LEVELS.items()]
        value = 0.1 + sum(place * step for place, step in zip(places, (0.2, 0.1, 0.03, 0.007), strict=True))
        user = {"seed": seed, "__proto__": NAME}
        found.add_trial(
            create_trial(value=value + 0.0013 * seed, params=params, distributions=kinds, user_attrs=user)
        )
    failed = {"fail_reason": f"[red]<script>{PWNED}</script>"}
    found.add_trial(
        create_trial(
            state=TrialState.FAIL, params=params, distributions=kinds, user_attrs=user, system_attrs=failed
        )
    )
    return from_study(found)


@pytest.fixture(scope="module")
def tables(study):
    """Tables of it."""
    return all_tables(study)


@pytest.fixture(scope="module")
def folder(study, tables, tmp_path_factory):
    """Tables as files, and a page with the explorer."""
    found = RunFolder(tmp_path_factory.mktemp("strange"))
    make_folder(found)
    write_tables(found, study, trials=True)
    answer = [f"{name}: {', '.join(map(str, levels))}" for name, levels in LEVELS.items()]
    write_page(
        Report(study.name, study.label, [], answer, [], explorer=explorer(study, tables)),
        found.path / "p.html",
    )
    return found


# Head of each row and column, and the number and the spread that each cell reads out.
READ = """
  const section = document.getElementById("explorer");
  const table = section.querySelector('[role="grid"]');
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  return [heads[0], [...table.tBodies[0].rows].flatMap((row) => [...row.cells].slice(1).map((td, place) => {
    td.click();
    const read = section.querySelector('[data-part="reading"]');
    return [row.cells[0].textContent, heads[place + 1], read.querySelector(".number b").textContent,
      read.querySelector(".where").textContent];
  }))];
"""


def test_the_explorer_shows_every_pair_as_the_table(shown, folder, study, tables):
    """No script but ours runs, nothing is asked for, and each cell of each pair has its own numbers."""
    browser = shown(folder.path / "p.html")
    names = list(study.axes)
    shown_as = {name: [words(text, LONGEST_LEVEL) for text in study.axes[name].texts] for name in names}
    pairs = tables["pairs"][tables["pairs"]["branch"] == "all"]
    for down, across in itertools.combinations(range(len(names)), 2):
        for name, place in (("row", down), ("column", across)):
            script = f"""const e = document.querySelector("[data-choice='{name}']"); e.value = "{place}";"""
            browser.execute_script(script + 'e.dispatchEvent(new Event("change"))')
        head, cells = browser.execute_script(READ)
        assert head == f"{words(names[down])} ↓ {words(names[across])} →"
        rows = pairs[(pairs["first"] == names[down]) & (pairs["second"] == names[across])]
        wanted = []
        for row in rows.itertuples():
            places = [
                study.axes[name].texts.index(str(level))
                for name, level in ((names[down], row.first_level), (names[across], row.second_level))
            ]
            texts = [shown_as[names[down]][places[0]], shown_as[names[across]][places[1]]]
            wanted.append([*texts, f"{short(row.best, 3)} ± {short(row.best_sd, 3)}"])
        assert sorted(cell[:3] for cell in cells) == sorted(wanted)
    assert browser.execute_script("return window.pwned ?? null") is None
    assert browser.get_log("browser") == []
    text = browser.find_element("tag name", "body").text
    assert "native code" not in text
    assert "{{ 7 * 7 }} {level} ${9 * 9}" in text
    assert browser.find_element("tag name", "h1").text == NAME
    asked = [json.loads(entry["message"])["message"]["method"] for entry in browser.get_log("performance")]
    assert asked.count("Network.requestWillBeSent") <= 1


def test_files_give_names_and_values_back(folder):
    """A formula stays what it was; nobody added a sign to it."""
    trials = pd.read_csv(folder.tables / "trials.csv", dtype=str, keep_default_na=False)
    for name, levels in LEVELS.items():
        assert set(trials[name]) == set(map(str, levels)), name
    ranking = pd.read_csv(folder.tables / "ranking.csv")
    assert set(ranking["setting"]) - {"seed", "split and seed"} == set(LEVELS)


def test_a_terminal_is_told_nothing(tables, study):
    """Marks of rich are letters; no escape sequence comes through."""
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=400, color_system="truecolor")
    console.print(ranking_text(tables["ranking"], tables["variance_decomposition"], study.label))
    output = stream.getvalue()
    assert "\x1b[31m" not in output
    assert "\u202e" not in output
    assert "\u2028" not in output
    assert "[red]$x1$" in "".join(output.split())  # an underscore reads as a space


def test_what_a_training_raised_is_told_as_text():
    """The note above the bar and a refusal quote it: no escape sequence, no mark-up, one line."""
    raised = "[red]a[/red]\x1b[31m \u202eb\nc"
    stream = io.StringIO()
    SweepProgress(Console(file=stream, width=400), 1).note(f"trial 0 failed: {raised}")
    wanted = r"[red]a[/red]\x1b[31m \u202eb c"
    assert stream.getvalue() == f"Note: trial 0 failed: {wanted}\n"
    assert bounded(raised) == wanted


@pytest.mark.parametrize("name", ["ranking", "decomposition"])
def test_figures_draw_letters_and_no_formula(study, name):
    """Texts of a figure are the names, where matplotlib would have set mathematics."""
    figure = Figure(figsize=(8, 8))
    draw(study, name, figure=figure)
    found = [text for text in figure.findobj(Text) if text.get_text()]
    told = " ".join(text.get_text().replace("\\$", "$") for text in found)
    assert "[red]$x 1$ {n}[/]·[31m·" in told
    assert "__proto__" in told
    assert not [one.get_text() for one in found if one.get_parse_math() and is_math_text(one.get_text())]


def test_a_notebook_shows_text(study, tables):
    """What a study and its tables show of themselves has no element of a stranger's."""
    for shows in (study, Reported(tables, study)):
        html = shows._repr_html_()
        for tag in ("<script", "<img", "<b ", "<!--"):
            assert tag not in html
        assert "&lt;img src=x" in html


def test_the_address_of_a_page_is_no_scheme(tmp_path):
    """A folder may be called as it likes: the link leads there."""
    for name in ("javascript:alert(1)", "a#b?c%41", '"><b>'):
        address = _address(tmp_path / name / "report.html", tmp_path)
        assert urlsplit(urljoin("file:///x/report.html", address)).scheme == "file"
        assert unquote(urlsplit(address).path) == f"{name}/report.html"
        assert not set(address) & set('"<>#?:')
