"""The explorer in a browser: by mouse, keyboard and touch, what it reads out is what the tables say."""

import json
import math
import random
import re
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

from sensitivity.branch import words
from sensitivity.measures.measuring import all_tables
from sensitivity.pictures.marks.colours import round_between
from sensitivity.reading.opening import open_study
from sensitivity.reporting.content import Report
from sensitivity.reporting.explorer import explorer
from sensitivity.reporting.page import write_page
from sensitivity.request import Request
from sensitivity.study import Study
from sensitivity.words import percent, short
from sweeps.space import Space

NEEDED = ("pairs", "ranking", "isolation_curves", "tolerance")
SCRIPTS = (Path(__file__).parent / "layout_checks.js").read_text(encoding="utf-8")
# All cells of the grid, each clicked and read out: level texts, number, spread, rows of the reading.
READ = """
  const section = document.getElementById("explorer");
  const table = section.querySelector('[role="grid"]');
  const across = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent);
  return [...table.tBodies[0].rows].flatMap((row) => [...row.cells].slice(1).map((td, place) => {
    td.click();
    const reading = section.querySelector('[data-part="reading"]');
    const listed = [...reading.querySelectorAll("dt")];
    const terms = listed.map((dt) => [dt.textContent, dt.nextSibling.textContent]);
    const number = reading.querySelector(".number b")?.textContent ?? null;
    return { down: row.cells[0].textContent, across: across[place], number, cell: td.textContent,
      marks: td.className, terms: Object.fromEntries(terms) };
  }));
"""


def written(study, path):
    """A page with the explorer and nothing else, and the tables that it was made of."""
    tables = all_tables(study, only=NEEDED)
    data = explorer(study, tables)
    write_page(Report(study.name, "", [], ["An answer."], [], explorer=data), path)
    return path, tables


@pytest.fixture(scope="module")
def sweep(sweep_source, tmp_path_factory):
    """Page and tables of a made-up sweep with curves and divergence."""
    return written(sweep_source(), tmp_path_factory.mktemp("explorer") / "sweep.html")


RESULTS = {  # of a, b, c and d; whoever is not here was not tried
    ("p", 1): {"xu": 0.1, "xv": 0.5, "yu": 0.2, "yv": 0.2},
    ("p", 2): {"xu": None, "xv": None, "yu": None, "yv": None},
    ("p", 3): {"xu": 0.4, "xv": None, "yu": 0.4, "yv": 0.4},
    ("q", 1): {"xu": 0.3, "xv": 0.3, "yu": 0.3, "yv": 0.3},
    ("q", 2): {"xu": 0.6, "xv": 0.2, "yu": 0.5, "yv": 0.1},
}


@pytest.fixture(scope="module")
def small(tabulate, setting, tmp_path_factory):
    """Page of a hand-made accuracy: two by three cells, one without trials, one of failures alone."""
    space = Space(
        [setting("a", "p", "q"), setting("b", 1, 2, 3), setting("c", "x", "y"), setting("d", "u", "v")]
    )
    trials = tabulate(space, lambda *_: 0.0, 1)
    keys = zip(trials["a"], trials["b"], trials["c"] + trials["d"], strict=True)
    found = [RESULTS.get((a, b), {}).get(cd, "untried") for a, b, cd in keys]
    trials = trials.assign(
        value=[0.0 if result in (None, "untried") else -result for result in found],
        outcome=["diverged" if result is None else "trained" for result in found],
    )[[result != "untried" for result in found]].reset_index(drop=True)
    study = Study(trials, space, "accuracy", 0.0, direction="accuracy is maximised")
    return written(study, tmp_path_factory.mktemp("explorer") / "small.html")[0]


def choose(browser, **choices):
    """Choose row and column by their places; ``how_2`` = tuned, averaged or the place of a level."""
    for name, value in choices.items():
        browser.execute_script(
            "const select = document.querySelector(`[data-choice='${arguments[0]}']`);"
            "select.value = arguments[1]; select.dispatchEvent(new Event('change'));",
            name.replace("_", "-"),
            str(value),
        )


def press(browser, name):
    button = browser.find_element("css selector", f"[data-choice='{name}']")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", button)
    button.click()


def numbers(cell):
    """The number and the spread that were read out."""
    if cell["number"] is None:
        return None, None
    number, _, spread = cell["number"].partition(" ± ")
    return number, spread


@pytest.mark.parametrize("way", ["tuned", "averaged"])
def test_every_cell_of_every_pair_reads_as_the_table(shown, sweep, way):
    """Number, spread, n and failed share of the page are those of pairs.csv, to the digits shown."""
    page, tables = sweep
    browser = shown(page)
    press(browser, f"all-{way}")
    pairs = tables["pairs"][tables["pairs"]["branch"] == "all"]
    columns = ("best", "best_sd", "replicates") if way == "tuned" else ("mean", "sd", "trials")
    names = ["optimizer", "learning_rate", "batch_size"]
    for down, across in [(0, 1), (0, 2), (1, 2), (2, 1)]:
        choose(browser, row=down, column=across)
        press(browser, f"all-{way}")
        found = browser.execute_script(READ)
        first, second = sorted((down, across))
        table = pairs[(pairs["first"] == names[first]) & (pairs["second"] == names[second])]
        assert len(found) == len(table)
        by_levels = {(text(row.first_level), text(row.second_level)): row for row in table.itertuples()}
        for cell in found:
            levels = (cell["down"], cell["across"])
            told = by_levels[levels if down < across else levels[::-1]]
            number, spread, n = (getattr(told, column) for column in columns)
            assert numbers(cell) == (short(number, 3), short(spread, 3))
            assert cell["terms"]["n (trials of the mean)"] == str(n)
            failed = round(told.diverged_share * told.trials)
            wanted = f"{percent(told.diverged_share)} ({failed} of {told.trials})"
            assert cell["terms"]["diverged in this cell"] == wanted
            assert ("hatched" in cell["marks"] or "dense" in cell["marks"]) == (told.diverged_share >= 0.1)


GOLD = Path(__file__).parents[2] / "gold"
INPUTS = {
    "factorial": {"path": "input/sweep"},
    "sobol": {"path": "input/sweep"},
    "stranger": {"path": "input/results.csv", "metric": "accuracy", "maximise": True},
}


def of_gold(name, path):
    """Page of trials whose tables lie in a file, without the slider; the table of pairs, and the study."""
    given = INPUTS[name]
    study = open_study(Request(**{**given, "path": GOLD / name / given["path"]}))
    tables = all_tables(study, only=("pairs",))
    curves = pd.DataFrame(columns=["setting", "branch", "level", "best"])
    ranking = pd.read_csv(GOLD / name / "tables" / "ranking.csv")
    data = explorer(study, {**tables, "ranking": ranking, "isolation_curves": curves, "tolerance": curves})
    write_page(Report(study.name, "", [], ["An answer."], [], explorer=data), path)
    levels = {"first_level": str, "second_level": str}
    table = pd.read_csv(GOLD / name / "tables" / "pairs.csv", dtype=levels)
    return study, table[table["branch"] == "all"]


@pytest.mark.parametrize("name", INPUTS)
def test_every_cell_reads_as_the_tables_of_three_inputs(shown, tmp_path, name):
    """A grid, Sobol points and a stranger's file: number, spread, n and failed share as in pairs.csv."""
    study, table = of_gold(name, tmp_path / "page.html")
    browser = shown(tmp_path / "page.html")
    content = browser.execute_script("return document.getElementById('explorer-data').textContent")
    names = [axis.name for axis in study.axes.values() if len(axis) > 1]
    names = [one for one in names if one in {*table["first"], *table["second"]}]
    assert [one["name"] for one in json.loads(content)["settings"]] == [words(one) for one in names]
    failed = "diverged in this cell" if name != "stranger" else "failed in this cell"
    for way, columns in (
        ("tuned", ["best", "best_sd", "replicates"]),
        ("averaged", ["mean", "sd", "trials"]),
    ):
        choose(browser, row=0, column=1)
        press(browser, f"all-{way}")
        found = browser.execute_script(READ)
        told = table[(table["first"] == names[0]) & (table["second"] == names[1])]
        seen = [cell for cell in found if cell["number"] is not None]
        assert len(seen) == len(told)
        for cell, row in zip(seen, told.to_dict("records"), strict=True):
            number, spread, n = (row[column] for column in columns)
            rounding = spread <= 1e-12 * abs(number)
            told_spread = "" if math.isnan(spread) else "0" if rounding else short(spread, 3)
            assert numbers(cell) == (short(number, 3), told_spread)
            assert cell["terms"]["n (trials of the mean)"] == f"{n:,}"
            count = round(row["diverged_share"] * row["trials"])
            wanted = f"{percent(row['diverged_share'])} ({count} of {row['trials']})"
            assert cell["terms"][failed] == wanted


def text(level):
    """A level as it stands at a grid."""
    return level if isinstance(level, str) else short(float(level), 2)


def grid(browser):
    """Numbers of the hand-made cells by row and column, as they are read out."""
    return {(cell["down"], int(cell["across"])): numbers(cell)[0] for cell in browser.execute_script(READ)}


def test_fixed_tuned_and_averaged_by_hand(shown, small):
    """Two settings beside the cells: whatever is done with them is what a pencil gives, as accuracy."""
    browser = shown(small)
    choose(browser, row=0, column=1)
    assert grid(browser) == {
        ("p", 1): "0.5", ("p", 2): "0", ("p", 3): "0.4", ("q", 1): "0.3", ("q", 2): "0.6", ("q", 3): None,
    }  # fmt: skip
    press(browser, "all-averaged")
    assert grid(browser)["p", 1] == "0.25"
    assert grid(browser)["p", 3] == "0.3"  # a failed trial counts with the cap, accuracy 0
    choose(browser, how_2="tuned")
    assert grid(browser)["p", 1] == "0.3"  # c = x: (0.1 + 0.5) / 2, c = y: 0.2
    assert grid(browser)["p", 3] == "0.4"
    assert grid(browser)["q", 2] == "0.4"
    choose(browser, how_2=1)
    assert grid(browser)["p", 1] == "0.2"
    assert grid(browser)["q", 2] == "0.3"  # c = y: (0.5 + 0.1) / 2
    choose(browser, how_3="tuned")
    assert grid(browser)["q", 2] == "0.5"
    choose(browser, how_2="averaged")
    assert grid(browser)["p", 1] == "0.35"  # d = v: (0.5 + 0.2) / 2
    cells = {(cell["down"], cell["across"]): cell for cell in browser.execute_script(READ)}
    assert cells["p", "2"]["cell"] == "all div."
    assert cells["q", "3"]["marks"] == "empty"
    assert "tuned to" in cells["p", "1"]["terms"]
    assert cells["p", "1"]["terms"]["tuned to"] == "d v"
    assert cells["p", "1"]["terms"]["averaged over"] == "c"
    assert browser.execute_script("return document.querySelector('.curves svg')") is None


def where(browser):
    return browser.execute_script("return document.querySelector('.reading .where').textContent")


def test_keyboard_mouse_and_finger_read_the_same_cells(shown, sweep):
    """Arrows move between cells, one of which Tab reaches; the mouse reads by pointing, a finger by a tap."""
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    browser = shown(sweep[0])
    browser.find_element("css selector", "[data-choice='how-2']").send_keys(Keys.TAB)
    active = browser.switch_to.active_element
    assert active.get_attribute("role") == "gridcell"
    assert len(browser.find_elements("css selector", "[role='gridcell'][tabindex='0']")) == 1
    outline = "return getComputedStyle(document.activeElement).outlineWidth"
    assert browser.execute_script(outline) == "4px"
    active.send_keys(Keys.HOME)
    for _ in range(3):
        browser.switch_to.active_element.send_keys(Keys.ARROW_UP)
    assert where(browser) == "optimizer sgd, learning rate 1e-4"
    browser.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    browser.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
    assert where(browser) == "optimizer adam, learning rate 0.001"
    browser.switch_to.active_element.send_keys(Keys.END, Keys.NULL)
    assert where(browser) == "optimizer adam, learning rate 1"
    cells = browser.find_elements("css selector", "[role='gridcell']")
    ActionChains(browser).move_to_element(cells[0]).move_to_element(cells[2]).perform()  # no mouse jumps
    assert where(browser) == "optimizer sgd, learning rate 0.01"
    shown(sweep[0], 390)
    browser.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    try:
        cell = browser.find_elements("css selector", "[role='gridcell']")[6]
        script = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'});"
        script += "return arguments[0].getBoundingClientRect()"
        box = browser.execute_script(script, cell)
        point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        tap = {"type": "touchStart", "touchPoints": [point]}
        browser.execute_cdp_cmd("Input.dispatchTouchEvent", tap)
        browser.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        browser.execute_async_script("setTimeout(arguments[0], 100)")
        assert where(browser) == "optimizer adam, learning rate 0.001"
    finally:
        browser.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})


def test_a_mouse_at_rest_takes_no_cell_from_the_keyboard(shown, sweep):
    """What scrolls beneath it is not pointed at; once it moves, it is."""
    browser = shown(sweep[0])
    found = browser.execute_script(
        "const [first, , other] = document.querySelectorAll('[role=gridcell]'); first.focus();"
        "const where = () => document.querySelector('.reading .where').textContent; const read = [where()];"
        "for (const [td, x] of [[other, 70], [first, 70], [other, 71]]) {"
        "  td.dispatchEvent(new PointerEvent('pointermove',"
        "    { bubbles: true, pointerType: 'mouse', clientX: x, clientY: 9 }));"
        "  read.push(where()); } return read"
    )
    assert found[0] == found[1] == found[2] != found[3]


def test_the_slider_reads_every_optimizer_out_of_the_tables(shown, sweep):
    """At every level: the response, what it loses, good or not by the bar, and the median over the rest."""
    from selenium.webdriver.common.keys import Keys

    page, tables = sweep
    browser = shown(page)
    slider = browser.find_element("css selector", "[data-part='slider']")
    slider.send_keys(Keys.HOME)
    rate = json.loads(browser.execute_script("return document.getElementById('explorer-data').textContent"))[
        "rate"
    ]
    curves = tables["isolation_curves"].query("setting == 'learning_rate' and branch != 'all'")
    bar = rate["branches"][0]["bar"]
    for place, value in enumerate(rate["places"]):
        said = (
            "return [...document.querySelectorAll('.valleys li')].map((card) => ['.value.tuned', '.verdict', "
        )
        said += "'.loss', '.value.untuned'].map((part) => card.querySelector(part).textContent))"
        cards = browser.execute_script(said)
        here = curves[(curves["level"].astype(float) / value - 1).abs() < 1e-9]
        for branch, card in zip(("sgd", "adam"), cards, strict=True):
            for told in here[here["branch"] == f"optimizer={branch}"].itertuples():
                lost = told.best - curves[curves["branch"] == told.branch]["best"].min()
                assert card[0] == short(told.best, 3)
                risky = "! acceptable at best"
                fine = "✓ acceptable" if told.diverged_share < 0.5 else risky
                assert card[1] == (fine if told.best <= bar else "✗ too bad")
                assert card[2] == (f"{short(lost, 3)} worse than its own best" if lost else "its own best")
                assert card[3] == short(told.untuned, 3)
        assert slider.get_attribute("aria-valuetext").startswith("learning rate ")
        assert int(slider.get_attribute("value")) == place
        slider.send_keys(Keys.ARROW_RIGHT)
    places = browser.execute_script(
        "return [...document.querySelectorAll('.marker')].map((l) => l.getAttribute('x1'))"
    )
    assert len(set(places)) == 1


def test_learning_curves_are_those_of_the_cell(shown, sweep):
    """Every trial of the cell is a line, those of the number are bold."""
    browser = shown(sweep[0])
    counted = (
        "return ['.curves .thin', '.curves .bold'].map((which) => document.querySelectorAll(which).length)"
    )
    assert browser.execute_script(counted) == [2, 2]  # two batch sizes of two replicates
    assert "4 of 4 drawn" in browser.find_element("css selector", ".curves p").text
    press(browser, "all-averaged")
    assert browser.execute_script(counted) == [4, 0]


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark"), (1280, "dark"), (390, "light")])
def test_nothing_is_cut_pale_or_asked_for(shown, sweep, small, width, theme):
    """No text cut or pale, no wide page, no request, nothing in the console; a finger finds every control."""
    for page in (sweep[0], small):
        browser = shown(page, width, theme)
        browser.get_log("performance")
        press(browser, "all-averaged")
        for check in ("beyondThePage()", "cutTexts()", "overlappingBlocks()", "lowContrasts()"):
            assert browser.execute_script(f"{SCRIPTS}\nreturn {check};") == [], check
        small_ones = browser.execute_script(
            "return [...document.querySelectorAll('#explorer select, #explorer button, #explorer input, "
            "#explorer td')].filter((e) => e.getClientRects().length)"
            ".map((e) => [e.tagName, e.getBoundingClientRect()])"
            ".filter(([, box]) => box.height < 40 || box.width < 40).map(([name]) => name)"
        )
        assert small_ones == []
        assert browser.get_log("browser") == []
        asked = [
            json.loads(entry["message"])["message"]["method"] for entry in browser.get_log("performance")
        ]
        assert "Network.requestWillBeSent" not in asked


def test_without_scripts_there_is_no_empty_explorer(shown, sweep, browser):
    """What only a script can fill is not shown, neither is the way to it; all else stands there."""
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get("about:blank")
        browser.get(sweep[0].as_uri())
        root = browser.execute_cdp_cmd("DOM.getDocument", {})["root"]["nodeId"]

        def has_box(selector):
            node = browser.execute_cdp_cmd("DOM.querySelector", {"nodeId": root, "selector": selector})
            try:
                return bool(browser.execute_cdp_cmd("DOM.getBoxModel", {"nodeId": node["nodeId"]}))
            except Exception:  # noqa: BLE001 (the driver's way to say that it has none)
                return False

        assert has_box("#answer")
        assert not has_box("#explorer")
        assert not has_box("a[href='#explorer']")
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert shown(sweep[0]).find_element("id", "explorer").is_displayed()


def test_numbers_are_written_as_python_writes_them(shown, sweep):
    """Halves to the even digit, powers of ten, thousands: the same text as in the tables."""
    values = [
        0.125,
        2.5,
        0.0005,
        1e-5,
        0.00099999999,
        99999.6,
        123456.0,
        -0.0312,
        0.03125,
        1.005,
        2.675,
        0.5,
        7.0,
    ]
    values += [math.pi * 10.0**power * sign for power in range(-12, 13) for sign in (1, -1)]
    source = files("sensitivity.reporting") / "templates" / "explorer_writing.js"
    script = (
        source.read_text(encoding="utf-8")
        + "return arguments[0].map((v) => [short(v, 2), short(v), percent(Math.abs(v))]);"
    )
    found = shown(sweep[0]).execute_script(script, values)
    for value, texts in zip(values, found, strict=True):
        wanted = [short(value, 2), short(value, 3), percent(abs(value))]
        assert texts == [re.sub("^-", "−", text) for text in wanted]


def test_ticks_are_as_round_as_those_of_the_figures(shown, sweep):
    """Between any two numbers the script finds the same round one as the figures' colour bars."""
    drawn = random.Random(0)
    pairs = [sorted(drawn.choice((1, -1)) * 10 ** drawn.uniform(-6, 6) for _ in range(2)) for _ in range(200)]
    pairs += [[value, value * 1.07] for value in (0.018, 0.72, 3.0, 950.0)]
    source = files("sensitivity.reporting") / "templates" / "explorer_writing.js"
    script = source.read_text(encoding="utf-8") + "return arguments[0].map((pair) => roundBetween(...pair));"
    found = shown(sweep[0]).execute_script(script, pairs)
    for tick, pair in zip(found, pairs, strict=True):
        assert tick == pytest.approx(round_between(*pair), rel=1e-9), pair
        assert pair[0] <= tick <= pair[1]
