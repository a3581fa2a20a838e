"""The two pictures of two rankings, among the best and among the survivors, against their tables."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.measures.among_best import COLUMNS as AMONG_BEST
from sensitivity.measures.measure import names
from sensitivity.measures.measuring import NO_TRIALS, all_tables, marked
from sensitivity.measures.survivors import COLUMNS as SURVIVORS
from sensitivity.pictures import among_best, survivors
from sensitivity.pictures.marks.two_rankings import GAP
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.remarks import Remarks, worded
from sensitivity.study import Study
from sweeps.space import Space


@pytest.fixture
def study(tabulate, setting):
    """Three settings, of which fast ones diverge in part."""
    space = Space([setting("a", 1, 2, 3), setting("b", 1, 2, 3), setting("$<c>", 1, 2)])
    trials = tabulate(space, lambda c, r: c["a"] + 0.3 * c["b"] + 0.01 * r, 2)
    return Study(trials, space, "validation error")


def best_table(*rows):
    """Rows of setting, global share, share among the best, and their ranks; intervals ± 0.1."""
    found = []
    for name, overall, best, first, second in rows:
        ends = (best, best - 0.1, best + 0.1, second, overall, overall - 0.1, overall + 0.1, first)
        found.append(("all", name, *ends, 10.0, 12.5, 0.02, Remarks()))
    return pd.DataFrame(found, columns=names(AMONG_BEST))


def bars(axes):
    """Bars by the name of their share and place from the top: signed length, height of the middle, hatch."""
    named = {patch.get_gid(): patch for patch in axes.patches if patch.get_gid()}
    return {
        name: (patch.get_width(), patch.get_y() + patch.get_height() / 2, patch.get_hatch())
        for name, patch in named.items()
    }


def test_sides_have_their_order_and_their_scale(study):
    """Bars in parts of each side's longest whisker, by rank; grey where the interval reaches 0."""
    table = best_table(("a", 0.6, 0.2, 1, 2), ("b", 0.3, 0.4, 2, 1), ("$<c>", -0.01, 0.05, 3, 3))
    picture = among_best.picture(study, {"among_best": table})
    axes = picture.figure.axes[0]
    drawn = bars(axes)
    assert drawn["global_main_share-0"] == (pytest.approx(-0.6 / 0.7), pytest.approx(0), None)
    assert drawn["among_best_share-1"] == (pytest.approx(0.2 / 0.5), pytest.approx(1), None)
    assert drawn["among_best_share-0"][:2] == (pytest.approx(0.4 / 0.5), pytest.approx(0))
    assert drawn["among_best_share-2"][2] == "////"
    assert drawn["global_main_share-2"][0] == pytest.approx(0)
    joins = {line.get_gid(): line for line in axes.lines if str(line.get_gid()).startswith("join")}
    assert joins["join-0"].get_ydata().tolist() == [0, 1]
    assert joins["join-0"].get_xdata().tolist() == [-GAP / 2, GAP / 2]
    assert joins["join-0"].get_linewidth() > joins["join-2"].get_linewidth()
    assert axes.get_yticklabels()[0].get_text() == "1  a\n60.0 % [50.0, 70.0]"
    assert "1  b\n40.0 % [30.0, 50.0]" in [text.get_text() for text in axes.texts]
    assert "12.5 % of them" in picture.caption
    assert "reaches 0" in picture.caption


def test_survivors_share_one_scale(study):
    """Both sides are as long as the longer one; settings without a rank are left out."""
    rows = [
        ("all", "a", "total", 0.9, 0.9, 0.9, 1, 0.45, 0.45, 0.45, 1, 0.4, 30, Remarks()),
        ("all", "b", "total", 0.3, 0.3, 0.3, 2, 0.1, 0.1, 0.1, 2, 0.1, 30, Remarks()),
        ("all", "$<c>", "total", 0.1, 0.1, 0.1, 3, np.nan, np.nan, np.nan, None, np.nan, 30, Remarks()),
    ]  # fmt: skip
    table = worded(pd.DataFrame(rows, columns=names(SURVIVORS)))
    picture = survivors.picture(study, {"capped_and_survivors": table})
    drawn = bars(picture.figure.axes[0])
    assert drawn["capped_share-0"][0] == pytest.approx(-1)
    assert drawn["survivors_share-0"][0] == pytest.approx(0.5)
    assert len(drawn) == 4
    assert "30 of 36 trials" in picture.caption


def test_without_replicates_there_are_no_whiskers(study):
    """Bars without an interval keep their colours, and the caption says why there is none."""
    once = Study(study.trials[study.trials["replicate"] == 0], study.space)
    tables = all_tables(once, only=("among_best",))
    table = tables["among_best"]
    ends = [name for name in table if name.endswith(("_low", "_high"))]
    picture = among_best.picture(once, {**tables, "among_best": table.assign(**dict.fromkeys(ends, np.nan))})
    axes = picture.figure.axes[0]
    assert bars(axes)["global_main_share-0"][2] is None
    assert len(axes.collections) == 2  # the two grids
    assert "nothing was run twice" in picture.caption


def test_nothing_diverged_and_nothing_known(study):
    """Survivors need divergences and survivors; both pictures pass on the reason of a marked table."""
    with pytest.raises(NothingToDraw, match="no trial diverged"):
        survivors.picture(study, all_tables(study, only=("capped_and_survivors",)))
    lost = Study(study.trials.assign(outcome="diverged", value=0.9), study.space)
    with pytest.raises(NothingToDraw, match="0 of 36 trials survived"):
        survivors.picture(lost, all_tables(lost, only=("capped_and_survivors",)))
    for module in (survivors, among_best):
        tables = {module.NAME: marked(module.NAME, study, NO_TRIALS())}
        with pytest.raises(NothingToDraw, match="there are no trials"):
            module.picture(study, tables)
