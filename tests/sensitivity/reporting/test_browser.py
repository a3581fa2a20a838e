"""Two pages: what is in their files; in a browser, silent, nothing cut or overlapping, sortable, legible."""

import base64
import json
import os
import re
import struct
from itertools import pairwise
from pathlib import Path

import pytest

from sensitivity.commands.cite import cite_command

WIDE, NARROW, PAPER = 1280, 390, 718  # pixels; the last is A4 without its margins
THEMES = ("light", "dark")
PAGES = ("sweep", "hostile")

# Every function below returns a list of what is wrong, in words.
SCRIPTS = (Path(__file__).parent / "layout_checks.js").read_text(encoding="utf-8")


@pytest.fixture
def opened(shown, page_files):
    """Open one of the pages in a theme and a width: (name, width, theme, medium) → browser."""

    def open_page(name="sweep", width=WIDE, theme="light", medium="screen"):
        return shown(page_files[name], width, theme, medium)

    return open_page


def ask(browser, call):
    """What one of the checks says."""
    return browser.execute_script(f"{SCRIPTS}\nreturn {call};")


def open_all(browser):
    """Open every fold."""
    browser.execute_script("for (const details of document.querySelectorAll('details')) details.open = true")


def titles(page):
    return [heading.text for heading in page.all("h2")]


def test_a_page_has_its_parts_in_their_order(page_files, checked):
    """What decides, the explorer, a fold per question with a link to each; every measure is in one."""
    page = checked(page_files["sweep"])
    found = titles(page)
    assert found[0].startswith("learning rate ")
    assert found[1:3] == ["Explore it yourself", "What decides?"]
    assert found[-3:] == ["What should I run next?", "What do the words mean?", "Where does this come from?"]
    answer = next(e for e in page.all("section") if e.attributes["id"] == "answer")
    for head in ("Best configuration", "How sure", "Caution", "Run next"):
        assert head in answer.text
    assert "python -m sensitivity report run" in page.text
    links = {e.attributes["href"][1:] for e in page.all("a") if e.attributes["href"].startswith("#")}
    folds = {e.attributes["id"] for e in page.all("details") if e.attributes.get("class") == "fold"}
    assert folds <= links
    sections = {e.attributes["id"] for e in page.all("section")}
    assert {"ranking", "advice", "tolerance", "stability", "warnings", "words", "origin"} <= sections


def test_hostile_names_are_shown_and_never_obeyed(page_files, checked, hostile_names):
    """Scripts, quotes, ends of elements, 300 letters, Korean: text, in tables, pictures and headings."""
    page = checked(page_files["hostile"])
    assert [e.text for e in page.all("h1")] == [hostile_names[0] + hostile_names[1]]
    cells = {e.text.strip() for e in page.all("td")}
    for name in (*hostile_names[:6], hostile_names[7], hostile_names[9]):
        assert name in cells, name
    drawn = " ".join(e.text for e in page.all("svg"))
    assert "배치 크기" in drawn
    assert "49" not in "".join(e.text for e in page.all("h1", "h3"))  # {{ 7 * 7 }} is no template
    assert "objective value (higher is better)" in page.text


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_silent(opened, name):
    """No message in the console, no request but for the page itself."""
    browser = opened(name)
    assert browser.get_log("browser") == []
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
    assert {url.split(":")[0] for url in asked} <= {"file", "data"}
    assert all(url.endswith("report.html") for url in asked if url.startswith("file"))
    policy = browser.execute_script("return document.querySelector('meta[http-equiv]').content")
    assert policy.startswith("default-src 'none'")
    assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_or_overlaps(opened, name, width):
    """Texts, headings of tables, pictures: all inside what holds them, none upon another."""
    browser = opened(name, width)
    browser.execute_script("for (const details of document.querySelectorAll('details')) details.open = true")
    assert ask(browser, "beyondThePage()") == []
    assert ask(browser, "cutTexts()") == []
    assert ask(browser, "overlappingBlocks()") == []
    assert ask(browser, "wrongPictures()") == []


@pytest.mark.parametrize("name", PAGES)
def test_on_paper_nothing_is_cut(opened, name):
    """Printed, everything is open and as wide as the paper; what is for a screen is gone."""
    browser = opened(name, PAPER, medium="print")
    browser.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert browser.execute_script("return document.querySelectorAll('details:not([open])').length") == 0
    assert browser.execute_script("return document.querySelector('nav').getClientRects().length") == 0
    assert ask(browser, "beyondThePage()") == []
    browser.execute_script("dispatchEvent(new Event('afterprint'))")
    assert browser.execute_script("return document.querySelectorAll('details[open]').length") == 0


@pytest.mark.parametrize("name", PAGES)
def test_the_first_screen_fits(opened, name):
    """At 1280 × 800 all of it is seen; on a phone nothing is wider than the screen, and no text is cut."""
    browser = opened(name)
    bottom = "return document.getElementById('answer').getBoundingClientRect().bottom"
    if name == "sweep":  # names of 300 letters take more
        assert browser.execute_script(bottom) <= 800
    assert browser.execute_script("return document.querySelectorAll('details.fold[open]').length") == 0
    assert ask(browser, "lowContrasts()") == []
    browser = opened(name, NARROW)
    assert ask(browser, "beyondThePage()") == []
    assert ask(browser, "cutTexts()") == []
    assert browser.execute_script("return document.documentElement.scrollWidth") == NARROW


def test_a_link_opens_the_fold_it_leads_into(opened, page_files):
    """From the first screen, by an address, and again after the fold was closed."""
    browser = opened()
    shown = (
        "const found = document.getElementById(arguments[0]);"
        "return found.checkVisibility() && found.closest('details').open"
    )
    assert not browser.execute_script("return document.getElementById('warnings').checkVisibility()")
    for _ in range(2):
        browser.execute_script("document.querySelector('nav a[href=\"#sure\"]').click()")
        wait = "const done = arguments[0]; requestAnimationFrame(() => setTimeout(done, 50))"
        browser.execute_async_script(wait)
        assert browser.execute_script(shown, "warnings")
        browser.execute_script("document.getElementById('sure').open = false")
    browser.get("about:blank")
    browser.get(f"{page_files['sweep'].as_uri()}#tolerance")
    assert browser.execute_script(shown, "tolerance")
    assert browser.execute_script("return document.querySelectorAll('details.fold[open]').length") == 1


def test_the_keyboard_opens_a_fold(opened):
    """The heading of a fold takes the focus, shows it, and the return key opens and closes it."""
    from selenium.webdriver.common.keys import Keys

    browser = opened()
    browser.execute_script("document.querySelector('#decides > summary').focus()")
    is_open = "return document.getElementById('decides').open"
    for expected in (True, False):
        browser.switch_to.active_element.send_keys(Keys.ENTER)
        assert browser.execute_script(is_open) is expected
    browser.switch_to.active_element.send_keys(Keys.TAB)
    assert browser.execute_script("return document.activeElement.closest('details').id") != "decides"
    assert browser.execute_script("return getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_headings_are_in_order(opened):
    """One title; no level is left out on the way down."""
    script = "return [...document.querySelectorAll('h1, h2, h3, h4')].map((head) => Number(head.tagName[1]))"
    levels = opened().execute_script(script)
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", PAGES)
def test_texts_stand_out_from_their_ground(opened, name, theme):
    """Contrast of at least 4.5 as in WCAG 2.1: texts, links, warnings, headings, words of pictures."""
    browser = opened(name, theme=theme)
    browser.execute_script("for (const details of document.querySelectorAll('details')) details.open = true")
    dark = ask(browser, "luminance(ground(document.body)) < 0.2")
    assert dark == (theme == "dark")
    assert ask(browser, "lowContrasts()") == []


def column(browser, table, place):
    """Values and heading of a column: as in the file, in the order shown, and how it says it is sorted."""
    script = """
      const table = document.getElementById(arguments[0]);
      const values = [...table.tBodies[0].rows].map((row) => row.cells[arguments[1]].dataset.value);
      return [values, table.tHead.rows[0].cells[arguments[1]].getAttribute("aria-sort")];
    """
    return browser.execute_script(script, table, place)


def click(browser, table, place):
    """Click the heading of a column."""
    browser.execute_script(
        "document.getElementById(arguments[0]).tHead.rows[0].cells[arguments[1]].querySelector('button').click()",
        table,
        place,
    )


def test_a_click_sorts_numbers_with_empty_cells_last(opened):
    """Ascending, then descending; cells without a value come last both times."""
    browser = opened()
    open_all(browser)
    before, unsorted = column(browser, "table-ranking", 0)
    numbers = sorted(float(value) for value in before if value)
    empty = [""] * (len(before) - len(numbers))
    assert unsorted == "none"
    assert empty
    assert len(numbers) > 2
    for way, expected in (("ascending", numbers), ("descending", numbers[::-1])):
        click(browser, "table-ranking", 0)
        values, said = column(browser, "table-ranking", 0)
        assert said == way
        assert [float(value) for value in values[: len(numbers)]] == expected
        assert values[len(numbers) :] == empty


def test_a_click_sorts_texts_and_moves_whole_rows(opened):
    """By letters; another column sorted before says so no longer, and rows stay together."""
    browser = opened()
    pairs = dict(
        zip(column(browser, "table-ranking", 1)[0], column(browser, "table-ranking", 2)[0], strict=True)
    )
    click(browser, "table-ranking", 0)
    for way in ("ascending", "descending"):
        click(browser, "table-ranking", 1)
        names, said = column(browser, "table-ranking", 1)
        assert said == way
        assert names == sorted(pairs, key=str.lower, reverse=way == "descending")
        assert dict(zip(names, column(browser, "table-ranking", 2)[0], strict=True)) == pairs
    assert column(browser, "table-ranking", 0)[1] == "none"


def test_the_keyboard_reaches_and_sorts(opened):
    """Tab leads from a table into its headings; the return key sorts."""
    from selenium.webdriver.common.keys import Keys

    browser = opened()
    open_all(browser)
    browser.execute_script("document.getElementById('table-ranking').parentElement.focus()")
    browser.switch_to.active_element.send_keys(Keys.TAB)
    browser.switch_to.active_element.send_keys(Keys.TAB)
    head = browser.execute_script("return document.activeElement.closest('th').cellIndex")
    assert head == 1
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    assert column(browser, "table-ranking", head)[1] == "ascending"
    outline = browser.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


@pytest.mark.parametrize(
    ("width", "theme"),
    [
        (WIDE, "light"),
        (NARROW, "dark"),
        pytest.param(WIDE, "dark", marks=pytest.mark.slow),
        pytest.param(NARROW, "light", marks=pytest.mark.slow),
    ],
)
def test_pictures_of_the_whole_page(opened, tmp_path, width, theme):
    """Taken from top to bottom; kept in the folder SCREENSHOTS, if that is set, for people to look at."""
    browser = opened(width=width, theme=theme)
    open_all(browser)
    height = browser.execute_script("return document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    shot = browser.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip})
    picture = base64.b64decode(shot["data"])
    for folder in filter(None, (tmp_path, os.environ.get("SCREENSHOTS"))):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"report-{width}-{theme}.png").write_bytes(picture)
    assert struct.unpack(">II", picture[16:24]) == (width, height)
    assert height > 3000


def test_the_page_cites_as_the_command_does(page_files, checked, capsys):
    """Every figure and every table has its text; that of the ranking is what ``cite`` prints."""
    page = checked(page_files["sweep"])
    cited = [e.text for e in page.all("details") if e.attributes.get("class") == "cited"]
    figures = [e.text for e in page.all("figure")]
    tables = [e for e in page.all("table") if e.attributes.get("id", "").startswith("table-")]
    assert len(figures) > 5
    assert len(cited) == len(figures) + len(tables)
    assert all("Text to cite this" in text for text in figures)
    cite_command(page_files["sweep"].parent, "ranking", [])
    printed = capsys.readouterr().out.partition("\n\n@")[0].splitlines()
    ranking = next(text for text in cited if printed[-1] in text and "Figure:" not in text)
    for line in printed:
        if not line.startswith(("seed:", "split and seed:")):  # they have no rank
            assert line in re.sub(r"\s+", " ", ranking)
    assert all("computed by sensitivity" in text for text in cited)


def test_one_click_chooses_all_of_it(shown, page_files):
    """What a person then copies is the whole text; on paper it is not there."""
    browser = shown(page_files["sweep"])
    browser.execute_script("for (const fold of document.querySelectorAll('details')) fold.open = true")
    text = browser.find_element("css selector", ".cited p")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", text)
    text.click()
    assert browser.execute_script("return String(getSelection())").strip() == text.text.strip()
    browser = shown(page_files["sweep"], medium="print")
    hidden = "return getComputedStyle(document.querySelector('.cited')).display"
    assert browser.execute_script(hidden) == "none"
