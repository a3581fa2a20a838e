"""What the columns of the tables hold is said in every language, with nothing lost of the English."""

import re
from collections import Counter

import pytest

from sensitivity.estimators.effects import NOISE
from sensitivity.language import LANGUAGES, Voice, marking, say_of, speaking
from sensitivity.language.marks import bare
from sensitivity.measures.registry import EVERY_TABLE
from sensitivity.reporting.meanings import ids, meaning_of
from sensitivity.reporting.shown import OUR_WORDS

OTHERS = sorted(set(LANGUAGES) - {"en"})
VOICES = [Voice(), Voice("trial", "unknown", "failure", "step", "reference")]
COLUMNS = [
    pytest.param(column, id=f"{name}--{column.name}")
    for name, table in EVERY_TABLE.items()
    for column in table.columns
    if column.shown
]
QUOTED = re.compile(r"``(.+?)``")


def quoted(text):
    """Words as the files have them."""
    return Counter(QUOTED.findall(text))


def numbers(text):
    """Numbers of a sentence, those in quoted words aside."""
    return Counter(re.findall(r"\d+(?:\.\d+)?", QUOTED.sub("", text)))


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("column", COLUMNS)
def test_a_meaning_is_said_with_the_numbers_and_the_words_of_the_files(column, language):
    """Whatever trials are spoken of; without marks, which an attribute of the page cannot have."""
    for voice in VOICES:
        with speaking(language, voice), marking():
            said = meaning_of(column)
        assert said != column.meaning
        assert said == bare(said)
        assert quoted(said) == quoted(column.meaning)
        assert numbers(said) == numbers(column.meaning)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("column", [one for one in COLUMNS if one.values[0].name in OUR_WORDS])
def test_a_word_of_the_files_stands_beside_what_the_cells_say(column, language):
    """A cell says 주효과 where the file has ``main``: who reads the cell finds it explained."""
    words = set(quoted(column.meaning)) & {*OUR_WORDS[column.name]} - {NOISE}
    with speaking(language):
        said = meaning_of(column)
        for word in words:
            assert say_of("values", word.replace(" ", "-")) in said, word


def test_english_is_that_of_the_code():
    """The page says in English what the files say, marks or not."""
    with speaking("en"), marking():
        assert all(meaning_of(one.values[0]) == one.values[0].meaning for one in COLUMNS)


def test_different_sentences_have_different_messages():
    """Two sentences of one message would be one explanation of two things."""
    assert len(set(ids().values())) == len(ids()) == len({one.values[0].meaning for one in COLUMNS})
