"""The heatmap of ranks across runs against its table."""

import pandas as pd
import pytest

from sensitivity.measures.concordance import compare
from sensitivity.pictures import comparison
from sensitivity.pictures.marks.texts import texts_of
from sensitivity.pictures.picture import NothingToDraw


def shares(**totals):
    """Variance decomposition with these totals."""
    rows = [("all", kind, name, share) for kind in ("main", "total") for name, share in totals.items()]
    return pd.DataFrame(rows, columns=["branch", "kind", "setting", "share"])


def test_cells_show_rank_and_share():
    """Settings by mean rank, runs in their order, Kendall's W in the caption."""
    runs = {"wine": shares(a=0.1, b=0.7, c=0.2), "digits": shares(a=0.05, b=0.6, c=0.3)}
    picture = comparison.picture_of(compare(runs))
    axes = picture.figure.axes[0]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["wine", "digits"]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["b", "c", "a"]
    texts = {text.get_text() for text in texts_of(axes)}
    assert {"1", "2", "3", "70.0 %", "5.0 %"} <= texts
    assert axes.collections[0].get_array().count() == 6
    assert "W = 1.00" in picture.caption
    assert "largest total effect" in picture.caption


def test_a_setting_that_a_run_lacks_stays_blank():
    """And the caption says so."""
    picture = comparison.picture_of(compare({"one": shares(a=0.5, b=0.2), "two": shares(a=0.4)}))
    assert picture.figure.axes[0].collections[0].get_array().count() == 3
    assert "Blank" in picture.caption


def test_many_runs_with_long_names_are_turned():
    """Twelve names of forty letters do not lie on each other."""
    runs = {f"{'n' * 40}{k}": shares(a=0.5, b=0.2 + k / 100) for k in range(12)}
    picture = comparison.picture_of(compare(runs))
    picture.figure.draw_without_rendering()
    labels = picture.figure.axes[0].get_xticklabels()
    assert {label.get_rotation() for label in labels} == {40.0}


def test_one_run_is_nothing_to_compare():
    """An empty table as well."""
    with pytest.raises(NothingToDraw, match="fewer than two runs"):
        comparison.picture_of(compare({"one": shares(a=0.5)}))
    with pytest.raises(NothingToDraw, match="fewer than two runs"):
        comparison.picture_of(compare({}))
