"""What a study shows of itself in a notebook."""

from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

import sensitivity
from sensitivity.language import speaking
from sensitivity.reporting.glance import Reported, glance
from sensitivity.study import Study
from sensitivity.words import interval
from sweeps.space import Space


class Tags(HTMLParser):
    """Elements, and whether each that is opened is closed in its turn."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.text = [], [], ""

    def handle_starttag(self, tag, attributes):
        self.seen.append((tag, dict(attributes)))
        if tag != "br":
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.seen.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def parsed(html):
    """Elements of a well-formed text that is small enough for a notebook."""
    tags = Tags()
    tags.feed(html)
    assert not tags.open
    assert len(html.encode()) < 50_000
    return tags


@pytest.fixture(scope="module")
def study(setting, tabulate):
    """Two settings, one with a stranger's name, and two seeds."""
    space = Space([setting("a", 1, 2, 3), setting("<b>&", "x", "y")])
    return Study(tabulate(space, lambda c, r: 0.1 * c["a"] + 0.02 * (c["<b>&"] == "x") + 0.001 * r, 2), space)


def test_a_study_shows_its_ranking(study):
    """Number and interval of each setting are those of the table, the name is text, the bars fit them."""
    tags = parsed(study._repr_html_())
    table = sensitivity.measure(study.trials, study.space, cap=study.cap, progress=False)["ranking"]
    for row in table.dropna(subset="rank").to_dict("records"):
        assert row["setting"] in tags.text
        assert interval(row["total_effect"], row["total_low"], row["total_high"]) in tags.text.replace(
            "\N{NO-BREAK SPACE}", " "
        )
    assert "b" not in {tag for tag, _ in tags.seen}
    assert "12 trials of 6 configurations, 2 seeds each" in tags.text
    assert "The seed alone explains" in tags.text
    bars = [float(given["width"]) for tag, given in tags.seen if tag == "rect" and given.get("opacity")]
    assert bars == sorted(bars, reverse=True)
    assert len(bars) == 2


def test_its_colours_are_those_of_the_page_around_it(study):
    """Nothing but the bars has a colour of its own: it reads on light and on dark."""
    styles = [given.get("style", "") for _, given in parsed(glance(study)).seen]
    assert not any("color:" in style.replace("color: inherit", "") for style in styles)


def test_tables_that_are_handed_out_show_the_same(study):
    """They are still a dictionary of tables."""
    tables = sensitivity.measure(study.trials, study.space, cap=study.cap, progress=False)
    assert isinstance(tables, Reported)
    assert isinstance(dict(tables)["ranking"], pd.DataFrame)
    assert parsed(tables._repr_html_()).text.count("%") >= 3


def test_printed_tables_are_their_names(study):
    """Not hundreds of lines; of a report the place of the page besides."""
    tables = Reported({f"table_{place}": study.trials for place in range(27)}, study)
    lines = repr(tables).split("\n")
    assert lines[0].startswith("27 tables")
    assert " ".join(lines[1:]).split(", ") == list(tables)
    assert max(map(len, lines)) <= 100
    page = Path("out") / "report.html"
    placed = Reported({"ranking": sensitivity.measure(study.trials, study.space)["ranking"]}, study, page)
    assert str(placed).splitlines()[-1] == f"The page: {page}"
    assert str(page) in parsed(placed._repr_html_()).text


def test_without_a_ranking_it_says_why(study):
    """No setting, no trial: a sentence."""
    none = Study(study.trials.head(0), study.space)
    assert "cannot be ranked" in parsed(none._repr_html_()).text


def test_it_speaks_korean(study):
    """In the chosen language, with the same numbers."""
    with speaking("ko"):
        assert "시행 12개, 구성 6개, 구성마다 시드 2개" in parsed(glance(study)).text
