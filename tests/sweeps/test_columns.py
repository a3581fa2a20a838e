"""What the columns of a table are read as, and the sentences on what cannot be read."""

import numpy as np
import pytest

from sweeps.cell_values import Wish
from sweeps.columns import examples_of
from sweeps.errors import DefinitionError
from sweeps.table_files import Table

ROWS = 40
LETTERS = ["ab"[i % 2] for i in range(ROWS)]
NUMBERS = [str(i % 7) for i in range(ROWS)]


def read(columns, target="y", task=None, text=()):
    """Examples of these columns."""
    return examples_of(Table("t.csv", {"x": NUMBERS, "y": LETTERS} | columns), Wish(target, task, text))


def test_numbers_texts_and_classes():
    """Numbers stay, texts are codes in the order of the alphabet, classes too."""
    data = read({"c": [("red", "blue", "")[i % 3] for i in range(ROWS)]}).dataset
    assert data.features[:3].tolist() == [[0, 2], [1, 1], [2, 0]]
    assert data.encoding.categories == (0, 3)
    assert data.targets[:3].tolist() == [0, 1, 0]
    assert (data.task, data.classes) == ("classification", 2)


@pytest.mark.parametrize("gap", ["", "NA", "n/a", "NaN", "null", "?", None, float("nan")])
def test_gaps_by_all_their_names(gap):
    """An empty cell is a gap however it is written."""
    assert np.isnan(read({"x": [gap, *NUMBERS[1:]]}).dataset.features[0, 0])


def test_what_teaches_nothing_is_left_out_and_said():
    """Columns that count the rows, are constant or empty, or name every row."""
    columns = {
        "": [str(i) for i in range(ROWS)],
        "id": [str(7 * i) for i in range(ROWS)],
        "country": ["Korea"] * ROWS,
        "empty": [""] * ROWS,
        "name": [f"n{i}" for i in range(ROWS)],
    }
    found = read(columns)
    assert found.dataset.features.shape == (ROWS, 1)
    for said in (
        ", id (counts the rows)",
        "country (the same in every row)",
        "empty (empty)",
        "name (another",
    ):
        assert said in found.described


def test_an_index_in_any_order_counts_the_rows_and_a_measurement_does_not():
    """1 … n shuffled is an index; different numbers with gaps between them are not."""
    shuffled = [str(1 + 3 * i % ROWS) for i in range(ROWS)]
    kept = [str(i * i) for i in range(ROWS)]
    assert "left out: a (counts the rows)." in read({"a": shuffled, "b": kept}).described


def test_an_index_has_holes_where_rows_without_a_target_are_left_out():
    """It counts the rows of the table all the same."""
    index = {"nr": [str(i) for i in range(ROWS)], "y": ["", *LETTERS[1:20], "", *LETTERS[21:]]}
    assert "left out: nr (counts the rows)" in read(index).described


def test_where_a_value_is_missing_can_teach():
    """A column with one value and gaps is kept."""
    assert read({"c": ["1" if i % 3 else "" for i in range(ROWS)]}).dataset.features.shape[1] == 2


@pytest.mark.parametrize(
    ("cells", "task", "expected"),
    [
        ([str(i % 3) for i in range(ROWS)], None, "classification"),
        ([f"{i % 3}.0" for i in range(ROWS)], None, "classification"),
        ([str(i % 3) for i in range(ROWS)], "regression", "regression"),
        ([f"{i % 3}.5" for i in range(ROWS)], None, "regression"),
        ([f"{i % 3}.5" for i in range(ROWS)], "classification", "classification"),
        ([str(i % 15) for i in range(ROWS)], None, "regression"),
        ([bool(i % 2) for i in range(ROWS)], None, "classification"),
    ],
)
def test_few_whole_numbers_are_classes_and_the_definition_has_the_last_word(cells, task, expected):
    """At most 20 of them, each three times in the mean."""
    data = read({"y": cells}, task=task).dataset
    assert data.task == expected
    assert data.targets.shape == ((ROWS,) if expected == "classification" else (ROWS, 1))


def test_rows_without_a_target_are_left_out_and_counted():
    """They can neither train nor validate."""
    found = read({"y": ["", *LETTERS[1:]]})
    assert len(found.dataset.features) == ROWS - 1
    assert "1 row without y left out" in found.described


DAYS = [f"2024-{i % 12 + 1:02d}-{i % 28 + 1:02d}" for i in range(ROWS)]


@pytest.mark.parametrize("cells", [DAYS, [f"{day}T07:{i:02d}:00Z" for i, day in enumerate(DAYS)]])
def test_dates_are_left_out_and_said_unless_they_are_texts_by_hand(cells):
    """An input per date would teach nothing; gaps are no reason to take them for texts."""
    found = read({"signup": ["", *cells[1:]]})
    assert found.dataset.features.shape == (ROWS, 1)
    assert "left out: signup (dates; give them as a number, such as days since the first)" in found.described
    assert read({"signup": cells}, text=("signup",)).dataset.features.shape == (ROWS, 2)
    assert "dates" not in read({"age": [*cells[:20], *LETTERS[20:]]}).described


def test_a_text_that_hardly_comes_again_is_left_out():
    """36 of 40 texts come once: left out with their number; 20 different ones are kept."""
    once = [f"n{i % 36}" for i in range(ROWS)]
    assert "left out: note (36 different texts in 40 rows)" in read({"note": once}).described
    assert read({"note": [f"n{i % 20}" for i in range(ROWS)]}).dataset.encoding.categories == (0, 20)


def test_the_line_names_the_columns_of_each_kind():
    """Names behind the counts, of texts with how many there are."""
    found = read({"c": [("red", "blue", "")[i % 3] for i in range(ROWS)]})
    assert "from 1 column of numbers (x) and 1 of text (c 3), 4 inputs" in found.described


def test_a_mistake_in_a_target_of_numbers_is_not_to_be_read_as_text():
    """A regression predicts numbers: mend the cell, or leave it empty."""
    cells = [str(0.37 * i) for i in range(ROWS - 1)]
    with pytest.raises(DefinitionError, match="mend it, or leave the cell empty, and its row") as caught:
        read({"price": [*cells, "12,5 EUR"]}, target="price")
    assert "data.text" not in str(caught.value)


def with_typo(count):
    """Forty cells, so many of which are no numbers, from row 17 on."""
    return [f"abc{i}" if 16 <= i < 16 + count else cell for i, cell in enumerate(NUMBERS)]


def test_one_bad_number_is_a_typo_and_many_are_texts():
    """Below a twentieth: refused with column, row and value; told otherwise, or with more, it is text."""
    with pytest.raises(DefinitionError) as caught:
        read({"age": with_typo(1)})
    assert "column age, row 17: 'abc16' among 39 numbers" in str(caught.value)
    assert "data.text" in str(caught.value)
    assert read({"age": with_typo(1)}, text=("age",)).dataset.encoding.categories == (0, 8)
    assert read({"age": with_typo(2)}).dataset.encoding.categories == (0, 9)


@pytest.mark.parametrize(
    ("columns", "wish", "said"),
    [
        ({}, {"target": "Y"}, "no column 'Y'; did you mean 'y'?"),
        ({"price": NUMBERS}, {"target": "prise"}, "did you mean 'price'?"),
        ({}, {"text": ("zip",)}, "data.text: t.csv has no column 'zip'; it has x, y"),
        ({"y": ["a"] * ROWS}, {}, "column y is 'a' in every row"),
        ({"y": ["a", "b", *[""] * (ROWS - 2)]}, {}, "has 2 rows (38 more have no y); 10 are needed"),
        ({"x": ["inf", *NUMBERS[1:]]}, {}, "column x, row 1: inf is infinite or too large"),
        ({"x": [*NUMBERS[1:], "1e300"]}, {}, "column x, row 40: 1e300 is infinite or too large"),
        ({"x": ["1"] * ROWS}, {}, "has no column to learn from beside y; left out: x (the same"),
        ({"y": [f"n{i}" for i in range(ROWS)]}, {}, "40 different values in 40 rows, too many for classes"),
        ({}, {"task": "regression"}, "column y, row 1 is 'a'; use data.task = 'classification'"),
    ],
)
def test_what_cannot_be_read_is_named_in_a_sentence(columns, wish, said):
    """With the column, the row and what was there."""
    with pytest.raises(DefinitionError) as caught:
        read(columns, **wish)
    assert said in str(caught.value)


def test_the_digest_is_of_what_training_sees():
    """Another cell, name or category is another; what is left out is none of it."""
    known = read({"c": ["uv"[i % 2] for i in range(ROWS)]}).digest
    others = [
        read({"c": ["uv"[(i + (i == 3)) % 2] for i in range(ROWS)]}),
        read({"c": ["uw"[i % 2] for i in range(ROWS)]}),
        read({"d": ["uv"[i % 2] for i in range(ROWS)]}),
        read({"c": ["uv"[i % 2] for i in range(ROWS)], "y": ["bc"[i % 2] for i in range(ROWS)]}),
        read({"c": ["uv"[i % 2] for i in range(ROWS)], "x": ["0.5", *NUMBERS[1:]]}),
    ]
    assert len({known, *(other.digest for other in others)}) == 6
    same = read({"c": ["uv"[i % 2] for i in range(ROWS)], "country": ["Korea"] * ROWS})
    assert same.digest == known
