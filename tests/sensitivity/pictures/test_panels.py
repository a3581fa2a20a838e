"""β and batch size against the learning rate: panels, line of equal effective rate, moving optimum."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from sensitivity.measures.measuring import all_tables
from sensitivity.pictures import batch_size_and_learning_rate as batch
from sensitivity.pictures import beta_and_learning_rate as beta
from sensitivity.pictures.marks.cells import Grid
from sensitivity.pictures.marks.scales import position
from sensitivity.pictures.marks.texts import texts_of
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.study import Study
from sweeps.space import FloatRange, Setting, Space, Variant

NEEDED = ["pairs", "ranking", "moving_optimum", "momentum_rescaling"]


def rate(levels=7):
    return Setting("learning_rate", (Variant(FloatRange(1e-3, 1.0, log=True, levels=levels)),))


def bowl(where):
    """Response with its bottom at a learning rate that depends on the configuration."""
    return lambda c, r: 0.02 + 0.1 * np.log10(c["learning_rate"] / where(c)) ** 2 + 0.001 * r


@pytest.fixture
def momentum(tabulate, setting):
    space = Space(
        [
            setting("optimizer", "sgd", "adam", "momentum"),
            rate(),
            setting("beta", 0.0, 0.9, when={"optimizer": ("adam", "momentum")}),
            setting("batch_size", 16, 64),
        ]
    )
    return Study(tabulate(space, bowl(lambda c: 0.1 * (1 - (c.get("beta") or 0))), 2), space, name="toy")


def test_the_line_holds_the_effective_rate(momentum):
    """Through the best cell: a decade lower where 1 − β is a tenth, at the middles of the columns."""
    tables = all_tables(momentum, only=NEEDED)
    drawn = beta.picture(momentum, tables)
    panels = [axes for axes in drawn.figure.axes if axes.get_title()][::-1]
    assert [axes.get_title() for axes in panels] == ["momentum", "adam"]  # listed the other way round
    line = panels[0].lines[0]
    levels = [10 ** (-0.5 * step) for step in range(7)]
    np.testing.assert_allclose(line.get_xdata(), [0.5, 1.5])
    np.testing.assert_allclose(line.get_ydata(), position(levels, [0.1, 0.01], log=True), atol=1e-6)
    first = tables["momentum_rescaling"].set_index("axis")["interaction"]
    assert f"momentum {first['learning_rate']:.1%}".replace("%", " %") in drawn.caption
    assert len(texts_of(panels[0])) == 14
    assert panels[-1].get_yticklabels()[0].get_text() == "1"


def test_beta_needs_numbers_and_a_rate(tabulate, setting, momentum):
    """Words instead of numbers, or no β at all: the reason is said."""
    space = Space([setting("learning_rate", "low", "high"), setting("beta", "a", "b")])
    study = Study(tabulate(space, lambda *_: 0.5, 2), space)
    with pytest.raises(NothingToDraw, match="no numbers"):
        beta.picture(study, all_tables(study, only=NEEDED))
    tables = all_tables(momentum, only=NEEDED)
    pairs = tables["pairs"]
    without = {**tables, "pairs": pairs[(pairs["first"] != "beta") & (pairs["second"] != "beta")]}
    with pytest.raises(NothingToDraw, match="do not vary together"):
        beta.picture(momentum, without)


def test_without_optimizer_there_is_one_panel(tabulate, setting):
    """The whole plan in one panel without a title; the caption has no numbers that the table lacks."""
    space = Space([rate(), setting("beta", 0.5, 0.9)])
    study = Study(tabulate(space, bowl(lambda _: 0.1), 2), space)
    tables = all_tables(study, only=NEEDED)
    drawn = beta.picture(study, tables)
    assert len(drawn.figure.axes) == 2  # panel and colour bar
    shares = [f"{share:.1%}".replace("%", " %") for share in tables["momentum_rescaling"]["interaction"]]
    assert f"in its place: {' → '.join(shares)}." in drawn.caption
    tables["momentum_rescaling"]["interaction"] = np.nan
    assert "Interaction" not in beta.picture(study, tables).caption


def test_the_moving_optimum_stands_where_the_table_says(momentum):
    """A dot per batch size at the best rate, as a place between the levels; the branch's rows only."""
    tables = all_tables(momentum, only=NEEDED)
    drawn = batch.picture(momentum, tables)
    panels = {axes.get_title(): axes for axes in drawn.figure.axes if axes.get_title()}
    assert set(panels) == {"sgd", "adam", "momentum"}
    optima = tables["moving_optimum"]
    own = optima[(optima["branch"] == "optimizer=adam") & (optima["setting"] == "batch_size")]
    levels = [10 ** (-0.5 * step) for step in range(7)]
    line = panels["adam"].lines[0]
    np.testing.assert_allclose(
        line.get_ydata(), position(levels, own["best"].to_numpy(), log=True), atol=1e-6
    )
    bars = [each for each in panels["adam"].collections if len(each.get_paths()[0].vertices) == 2]
    assert sum(len(each.get_paths()) for each in bars) == 2
    assert drawn.figure.axes[0].get_ylabel() == "learning rate"


def test_an_optimum_at_the_edge_is_open():
    """Filled inside the range, open at its edge; no bar where there is no interval."""
    axes = Figure().add_subplot()
    cells = Grid([1.0, 0.1, 0.01], [16, 64], *[np.zeros((3, 2))] * 3)
    optima = pd.DataFrame(
        {
            "level": [16, 64],
            "best": [0.1, 1.0],
            "low": [0.05, np.nan],
            "high": [0.2, np.nan],
            "at_edge": [False, True],
        }
    )
    batch.draw(optima, axes, cells)
    filled, hollow = axes.lines[1:]
    assert filled.get_xdata().tolist() == [0.5]
    assert hollow.get_xdata().tolist() == [1.5]
    assert hollow.get_markerfacecolor() == "none"
    assert hollow.get_ydata().tolist() == [0.5]
    assert len(axes.collections[0].get_paths()) == 1


def test_without_batch_size_the_most_important_other_setting_stands_across(tabulate, setting):
    """Whatever the table follows, against the first of the ranking that is no optimizer."""
    space = Space([rate(5), setting("width", 8, 16, 32), setting("kind", "a", "b")])
    study = Study(
        tabulate(space, lambda c, r: bowl(lambda c: 0.1 * c["width"] / 8)(c, r) + (c["kind"] == "b"), 2),
        space,
    )
    drawn = batch.picture(study, all_tables(study, only=NEEDED))
    assert drawn.title.startswith("Best value by kind and learning rate")
    plain = Space([setting("x", "a", "b"), setting("y", "c", "d")])
    study = Study(tabulate(plain, lambda *_: 0.5, 2), plain)
    with pytest.raises(NothingToDraw, match="no number whose best value"):
        batch.picture(study, all_tables(study, only=NEEDED))
