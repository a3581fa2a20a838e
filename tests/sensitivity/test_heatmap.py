import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from sensitivity.plots.heatmap import colour_scale, decimals, grid, percent
from sensitivity.plots.learning_rate_by_optimizer import axes_of, draw, figure, heatmap_table
from sensitivity.plots.picture import Picture
from sensitivity.plots.saving import save
from sweeps.errors import SweepError
from sweeps.space import FloatRange, Setting, Space, Variant


@pytest.fixture
def table(nested_space, tabulate):
    rng = np.random.default_rng(0)
    made = tabulate(nested_space, lambda _c, _r: rng.uniform(0.02, 0.2), 3)
    fast = made["learning_rate"] > 0.5
    made.loc[fast & (made["optimizer"] == "momentum") & (made["replicate"] > 0), "outcome"] = "diverged"
    made.loc[fast & (made["optimizer"] == "sgd"), ["outcome", "value"]] = ["diverged", 0.9]
    return made


def test_cells_are_the_best_configuration_and_all_divergences(table):
    """The table equals two plain pandas lines: lowest mean over replicates, share diverged of all trials."""
    found = heatmap_table(table).set_index(["optimizer", "learning_rate"])
    means = (
        table.fillna({"beta": -1})
        .groupby(["optimizer", "learning_rate", "beta"])["value"]
        .agg(["mean", "std"])
    )
    best = means.loc[means["mean"].groupby(level=[0, 1]).idxmin()].droplevel("beta")
    share = (table["outcome"] == "diverged").groupby([table["optimizer"], table["learning_rate"]]).mean()
    assert len(found) == 12
    np.testing.assert_allclose(found["retuned_mean"], best["mean"].reindex(found.index))
    np.testing.assert_allclose(found["retuned_sd"], best["std"].reindex(found.index), atol=1e-15)
    np.testing.assert_allclose(found["diverged_share"], share.reindex(found.index))
    assert found.loc[("momentum", 1.0), ["diverged_share", "trials"]].tolist() == [pytest.approx(2 / 3), 9]


def test_search_trials_and_lonely_replicates_do_not_win(table):
    """A lucky search trial, or a configuration of which one replicate is left, is not what is reachable."""
    before = heatmap_table(table)
    lucky = table.iloc[:1].assign(phase="search", value=0.0001)
    pd.testing.assert_frame_equal(heatmap_table(pd.concat([table, lucky])), before)
    index = table[(table["optimizer"] == "adam") & (table["beta"] == 0.5)].index
    cut = table.drop(index[4:]).assign(value=lambda t: t["value"].where(t.index != index[0], 0.0001))
    assert heatmap_table(cut)["retuned_mean"].min() > 0.0001


def test_many_learning_rates_are_binned(tabulate, setting):
    """A continuous range falls into 11 log bins whose middles stand for them."""
    space = Space(
        [setting("optimizer", "a", "b"), Setting("learning_rate", (Variant(FloatRange(1e-4, 1, log=True)),))]
    )
    points = np.random.default_rng(0).random((500, 2))
    table = tabulate(space, lambda c, _: c["learning_rate"], 1, [space.configuration(p) for p in points])
    found = heatmap_table(table)
    middles = found["learning_rate"].unique()
    assert len(middles) == 11
    np.testing.assert_allclose(np.diff(np.log10(middles)), 4 / 11, rtol=0.01)
    assert found["trials"].sum() == 500


def test_axes_fall_back_to_what_varies(tabulate, setting):
    """Without optimizer or learning rate the most important settings take their place; one gives one row."""
    space = Space([setting("x", 1, 2, 3), setting("y", "a", "b"), setting("z", "c", "d")])
    table = tabulate(space, lambda c, _: c["x"], 2)
    assert axes_of(table) == ("y", "x")
    assert axes_of(table, ["z", "x", "y"]) == ("z", "x")
    assert axes_of(table[["number", "phase", "y", *table.columns[5:]]]) == ("all trials", "y")
    with pytest.raises(SweepError, match="needs a setting that varies"):
        axes_of(table[table["number"] == 0])
    for case in (table, table[["number", "phase", "y", *table.columns[5:]]]):
        drawn = figure(case)
        assert drawn.axes[0].texts


def test_rows_are_ordered_by_their_best_and_gaps_stay_empty(table):
    """The best optimizer stands on top; a cell without trials has no number."""
    tidy = heatmap_table(table)
    cells = grid(tidy[(tidy["optimizer"] != "adam") | (tidy["learning_rate"] > 0.002)])
    assert np.all(np.diff(np.nanmin(cells.mean, axis=1)) >= 0)
    assert np.isnan(cells.mean).sum() == 1


def test_texts_and_marks(table):
    """Every cell shows its mean and spread; where all diverged it says so; from half on it is hatched."""
    axes = Figure().add_subplot()
    draw(heatmap_table(table), axes, "validation error")
    texts = [text.get_text() for text in axes.texts]
    assert sum(text.startswith("±") for text in texts) == 11
    assert [text for text in texts if "diverged" in text or "div." in text] == [
        "div. 67 %",
        "all\ndiverged",
    ] or [text for text in texts if "diverged" in text or "div." in text] == ["all\ndiverged", "div. 67 %"]
    assert sum(patch.get_hatch() == "///" for patch in axes.patches) == 2


def test_everything_diverged_still_draws(table):
    """A sweep that diverged everywhere gives a figure that says so, without a warning."""
    drawn = figure(table.assign(outcome="diverged", value=0.9))
    assert {text.get_text() for text in drawn.axes[0].texts} == {"all\ndiverged"}


def test_small_words():
    """Nearly all is not all, nearly none not none; the best cell has two significant digits."""
    assert [percent(share) for share in (0.001, 0.75, 0.999)] == ["div. 1 %", "div. 75 %", "div. 99 %"]
    assert [decimals(np.array(v)) for v in ([0.023, 0.9], [0.0083], [2.3], [0.0])] == [3, 4, 1, 2]


def test_colours_resolve_the_good_cells(table):
    """A fifth of the colours separates two cells that differ by four times the noise, far from the cliff."""
    tidy = heatmap_table(table).assign(retuned_sd=0.002)
    tidy["retuned_mean"] = [0.02, 0.028, *[0.5] * 9, 0.9]
    scale = colour_scale(grid(tidy.assign(diverged_share=0.0)))
    assert float(scale(0.02)) == 0
    assert float(scale(0.9)) == pytest.approx(1)
    assert float(scale(0.028)) > 0.2


def test_the_same_figure_gives_the_same_bytes(table, tmp_path):
    """PNG and SVG hold no date and no random identifier, and the global state of matplotlib is left alone."""
    before = dict(mpl.rcParams)
    first = [path.read_bytes() for path in save(Picture(figure(table), "t", "c"), tmp_path / "a")]
    second = [path.read_bytes() for path in save(Picture(figure(table), "t", "c"), tmp_path / "b")]
    assert first == second
    assert dict(mpl.rcParams) == before
