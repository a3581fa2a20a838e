"""Raw rows read as the file was, whatever read them."""

import math

import numpy as np
import pandas as pd
import pytest

from sweeps.raw_rows import RawRows

ROWS = RawRows(("age", "zip", "paid"), ((), ("", "123", "45"), ("FALSE", "TRUE")), decimal_comma=True)


def test_cells_are_what_the_file_wrote():
    """Numbers with a decimal comma, gaps of several kinds, texts that pandas made numbers or truths of."""
    frame = pd.DataFrame(
        {
            "paid": [True, False, True],
            "other": [1, 2, 3],
            "zip": [123.0, math.nan, 45.0],
            "age": ["3,5", "?", 7],
        }
    )
    found = ROWS.fit(frame).transform(frame)
    assert found[:, 1:].tolist() == [["123", "TRUE"], ["", "FALSE"], ["45", "TRUE"]]
    assert np.array_equal(found[:, 0].astype(float), [3.5, math.nan, 7.0], equal_nan=True)


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pd.DataFrame({"age": [1], "zip": ["123"]}), "there is no column 'paid'"),
        (np.ones((2, 3)), "there is no column 'age'"),
        (
            pd.DataFrame({"age": ["old"], "zip": ["123"], "paid": ["TRUE"]}),
            "column age holds numbers, and 'old' is none",
        ),
    ],
)
def test_what_cannot_be_read_is_said(frame, said):
    """A column that is missing, an array without names, a word among numbers."""
    with pytest.raises(ValueError, match=said):
        ROWS.transform(frame)
