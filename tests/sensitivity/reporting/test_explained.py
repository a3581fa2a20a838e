"""Each term of the page is explained where it first stands; no name or value of the trials ever is."""

import re

import pandas as pd
import pytest

from sensitivity.language import LANGUAGES, marking, say, speaking
from sensitivity.language.marks import MARKED, bare, terms
from sensitivity.measures.measuring import all_tables
from sensitivity.reading import Reading, read_csv_table
from sensitivity.reporting.building import build
from sensitivity.reporting.content import Word
from sensitivity.reporting.explained import explained
from sensitivity.reporting.glossary import glossary
from sensitivity.reporting.page import page
from sensitivity.study import Study

DFN = re.compile(r"<dfn([^>]*)>(.*?)</dfn>")
NAMES = ("noise", "main effect", "trials", "interval")  # of settings, each a term of ours


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A stranger's grid whose settings and values are called as our terms are."""
    levels = [["setting", "variance"], [1, 2, 4], ["replicate", "noise"], [0.1, 0.2]]
    table = pd.MultiIndex.from_product(levels, names=NAMES).to_frame(index=False)
    score = table["main effect"] + 3 * (table["noise"] == "variance") + table["interval"]
    path = tmp_path_factory.mktemp("terms") / "t.csv"
    table.assign(score=score + 0.01 * (table.index % 5)).to_csv(path, index=False)
    return read_csv_table(path, "score", Reading(settings=NAMES))


@pytest.fixture(scope="module", params=LANGUAGES)
def html(request, study):
    """Its page."""
    with speaking(request.param):
        return page(build(study, all_tables(study), {}))


def test_each_term_is_explained_once_and_points_to_the_list(html):
    """Reached with the keyboard; its number and its words are those of the list of all terms."""
    found = DFN.findall(html)
    pointed = [re.search(r'aria-describedby="word-([\w-]+)"', marks)[1] for marks, _ in found]
    assert len(pointed) == len(set(pointed)) >= 8
    listed = dict(re.findall(r'<dt data-number="(\d+)">.*?</dt><dd id="word-([\w-]+)">', html))
    for marks, _ in found:
        number, name = (re.search(p, marks)[1] for p in (r'data-number="(\d+)"', r"word-([\w-]+)"))
        assert listed[number] == name
        assert 'tabindex="0"' in marks
        assert re.search(r'data-meaning="[^"]{10,}"', marks)


def test_the_first_sentence_explains_its_terms(html):
    """What stands first is explained there, not further down."""
    assert html.index("<dfn") < html.index('id="decision"')


def test_no_mark_is_left_and_none_is_in_a_name(html):
    """Names and values stand as they are: none is in a message's own text."""
    assert not re.search("[\ue000-\uf8ff]", html)
    rows = html[html.index("<tbody>") : html.index("</tbody>")]
    assert "<dfn" not in "".join(re.findall(r'<td class="name">.*?</td>', rows))
    values = re.findall(r'<span class="values">.*?</span>', html)
    assert values
    assert "<dfn" not in "".join(values)


def test_what_is_pressed_and_what_is_an_attribute_is_not_explained():
    """A link, a button, a title and an attribute lose their marks; text keeps the first."""
    with marking():
        term = say("page.setting")
    assert MARKED.fullmatch(term)
    text = f'<a href="#x">{term}</a><p title="{term}">{term} and {term}</p><svg><text>{term}</text></svg>'
    made = explained(text, [Word("setting", "setting", 'what "you" set')])
    assert made.count("<dfn") == 1
    assert re.sub("</?dfn[^>]*>", "", made) == bare(text)
    assert '<p title="setting"><dfn' in made
    assert "&#34;you&#34;" in made
    assert explained(text, []) == bare(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_has_words_and_a_meaning(language):
    """The same terms in every language, no word for two of them."""
    assert {name for name, _ in terms(language)} == {name for name, _ in terms("en")}
    forms = [form for _, every in terms(language) for form in every]
    assert len(forms) == len(set(forms))


def test_the_list_has_every_term(nested_space, tabulate):
    """Of a sweep of networks all of them."""
    trials = tabulate(nested_space, lambda c, r: c["learning_rate"] + 0.01 * r, 2)
    assert {word.name for word in glossary(Study(trials, nested_space))} == {name for name, _ in terms("en")}


def test_nothing_is_marked_elsewhere():
    """The terminal and files say the same words without marks."""
    assert say("page.setting") == "setting"
