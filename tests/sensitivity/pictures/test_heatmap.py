"""Heatmaps of what can be reached: texts, marks and colours against the table."""

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

from sensitivity.measures.measuring import all_tables
from sensitivity.measures.pairs import pairs
from sensitivity.pictures import learning_rate_by_optimizer, pair_matrix, schedule_by_optimizer
from sensitivity.pictures.learning_rate_by_optimizer import picture
from sensitivity.pictures.marks.cells import Grid, foremost_pair, grid
from sensitivity.pictures.marks.colours import colour_scale
from sensitivity.pictures.marks.numbers import common_decimals, decimals, percent
from sensitivity.pictures.marks.scales import position
from sensitivity.pictures.marks.texts import texts_of
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.pictures.reachable import draw
from sensitivity.pictures.saving import save
from sensitivity.study import Study
from sweeps.space import Choices, FloatRange, Setting, Space, Variant

NEEDED = ["pairs", "ranking"]


@pytest.fixture
def study(nested_space, tabulate):
    rng = np.random.default_rng(0)
    made = tabulate(nested_space, lambda _c, _r: rng.uniform(0.02, 0.2), 3)
    fast = made["learning_rate"] > 0.5
    made.loc[fast & (made["optimizer"] == "momentum") & (made["replicate"] > 0), "outcome"] = "diverged"
    made.loc[fast & (made["optimizer"] == "sgd"), ["outcome", "value"]] = ["diverged", 0.9]
    return Study(made, nested_space, "validation error", name="digits")


@pytest.fixture
def table(study):
    return pairs(study)


def cells_like(number, spread=np.nan, diverged=0.0):
    """One row of cells."""
    numbers = np.array([number], dtype=float)
    full = [np.full(numbers.shape, value) for value in (spread, diverged)]
    return Grid(["a"], list(range(numbers.size)), numbers, *full)


def test_axes_fall_back_to_what_varies(tabulate, setting):
    """Without optimizer or learning rate the most important settings take their place."""
    space = Space([setting("x", 1, 2, 3), setting("y", "a", "b"), setting("z", "c", "d")])
    found = pairs(Study(tabulate(space, lambda c, _: c["x"], 2), space))
    assert foremost_pair(found) == ("y", "x")
    assert foremost_pair(found, ["z", "x", "y"]) == ("z", "x")
    assert foremost_pair(found[found["first"] == "y"]) == ("z", "y")
    assert foremost_pair(found, ["x", "y", "z"], branch="z", rate="y") == ("z", "y")


def test_rows_are_ordered_as_listed_and_gaps_stay_empty(table):
    """An optimizer stands where the space has it, however good; a cell without trials has no number."""
    lacking = (table["first_level"] == "adam") & (table["second_level"].map(str) == "0.001")
    cells = grid(table[~lacking], "optimizer", "learning_rate")
    assert cells.rows == ["sgd", "momentum", "adam"]
    assert np.isnan(cells.number).sum() == 1
    assert grid(table, "learning_rate", "optimizer").number.shape == (4, 3)
    assert grid(table, "optimizer", "nothing") is None


def test_texts_and_marks(table):
    """Every cell shows its mean and spread; where all diverged it says so; hatching is denser for more."""
    axes = Figure().add_subplot()
    draw(table, axes)
    texts = [text.get_text() for text in texts_of(axes)]
    assert sum(text.startswith("±") for text in texts) == 11
    assert sorted(text for text in texts if "%" in text or "div" in text) == ["67 %", "all\ndiv."]
    cells = grid(table, "optimizer", "learning_rate")
    wanted = {f"{value:.3f}" for value in cells.number[cells.shown]}
    assert wanted == {text for text in texts if text.startswith("0.")}
    hatched = [patch for patch in axes.collections if patch.get_hatch()]
    assert [patch.get_hatch() for patch in hatched] == ["/////", "/////"]
    assert len(axes.patches) == 3
    assert axes.get_ylabel() == "optimizer"


def test_a_tenth_diverged_is_hatched_lightly(table):
    """From 10 % light, from 50 % dense, less is not hatched."""
    axes = Figure().add_subplot()
    draw(table.assign(diverged_share=np.where(table["first_level"] == "sgd", 0.2, 0.05)), axes)
    assert {patch.get_hatch() for patch in axes.collections if patch.get_hatch()} == {"//"}
    corners = sum(len(patch.get_paths()) for patch in axes.collections if patch.get_hatch())
    assert corners == 4


def test_the_picture_says_what_it_shows(study):
    """Title: what, of what, how many; caption: every mark that there is."""
    drawn = picture(study, all_tables(study, only=NEEDED))
    assert drawn.title == "Best validation error by learning rate and optimizer: digits, 84 trials"
    for words in ("all other settings tuned", "lower is better", "Hatched", "Per cent", "Framed"):
        assert words in drawn.caption
    assert drawn.figure.axes[0].get_xlabel() == "learning rate"
    assert drawn.figure.axes[1].get_ylabel() == "validation error\n(lower is better)"


def test_an_optimizer_without_a_rate_is_named_beneath(tabulate, setting):
    """Random search has no rate and so no cell: the caption says so, of a heatmap and of the pair matrix."""
    rate = Setting("learning_rate", (Variant(Choices((0.1, 1.0)), {"optimizer": ("sgd", "adam")}),))
    space = Space([setting("optimizer", "sgd", "random_search", "adam"), rate])
    made = Study(tabulate(space, lambda c, r: c.get("learning_rate", 3.0) + r / 10, 3), space)
    tables = all_tables(made, only=[*NEEDED, "isolation_curves"])
    for drawn in (picture, pair_matrix.picture):
        assert "Not shown: random search, which has no learning rate." in drawn(made, tables).caption
    both = Study(made.trials[made.trials["optimizer"] != "random_search"], space)
    assert "Not shown" not in picture(both, all_tables(both, only=NEEDED)).caption


def test_everything_diverged_still_draws(study):
    """A sweep that diverged everywhere gives a figure that says so, without a warning and without a scale."""
    trials = study.trials.assign(outcome="diverged", value=0.9)
    drawn = picture(Study(trials, study.space), all_tables(Study(trials, study.space), only=NEEDED))
    assert {text.get_text() for text in texts_of(drawn.figure.axes[0])} == {"all\ndiv."}
    assert len(drawn.figure.axes) == 1
    assert "Framed" not in drawn.caption


def test_a_metric_that_was_maximised_is_shown_with_its_sign(study):
    """Values are turned round, so the label has a minus and the caption says why."""
    turned = Study(study.trials, study.space, "accuracy", direction="accuracy is maximised; turned round")
    drawn = picture(turned, all_tables(turned, only=NEEDED))
    assert drawn.figure.axes[1].get_ylabel() == "−accuracy\n(lower is better)"
    assert "Higher accuracy is better." in drawn.caption


def test_nothing_to_draw_is_said_in_words(tabulate, setting, nested_space):
    """One setting, no trials, no schedule."""
    single = Space([setting("x", 1, 2)])
    for space, trials, words in (
        (single, tabulate(single, lambda c, _: c["x"], 2), "no two settings vary together"),
        (nested_space, tabulate(nested_space, None, 1, []), "there are no trials"),
    ):
        lone = Study(trials, space)
        with pytest.raises(NothingToDraw, match=words):
            learning_rate_by_optimizer.picture(lone, all_tables(lone, only=NEEDED))
    whole = Study(tabulate(nested_space, lambda *_: 0.5, 2), nested_space)
    with pytest.raises(NothingToDraw, match="optimizer and schedule do not vary together"):
        schedule_by_optimizer.picture(whole, all_tables(whole, only=NEEDED))


def test_a_colour_bar_is_as_high_as_the_heatmap(tabulate, setting):
    """In a low figure; in a tall one it ends after four inches."""
    for count in (3, 20):
        names = [f"o{number:02}" for number in range(count)]
        space = Space([setting("optimizer", *names), setting("schedule", "constant", "one_cycle")])
        lone = Study(tabulate(space, lambda c, r: 0.1 + 0.01 * int(c["optimizer"][1:]) + 0.01 * r, 2), space)
        figure = schedule_by_optimizer.picture(lone, all_tables(lone, only=NEEDED)).figure
        figure.draw_without_rendering()
        cells, bar = (axes.get_position().height * figure.get_figheight() for axes in figure.axes)
        assert bar == pytest.approx(min(cells, 4.2), rel=0.15)


def test_schedules_stand_across(tabulate, setting):
    """Optimizer down, schedule across, names readable."""
    space = Space([setting("optimizer", "sgd", "adam"), setting("schedule", "constant", "one_cycle")])
    trials = tabulate(space, lambda c, r: 0.1 + 0.1 * (c["optimizer"] == "sgd") + 0.01 * r, 2)
    lone = Study(trials, space)
    drawn = schedule_by_optimizer.picture(lone, all_tables(lone, only=NEEDED))
    axes = drawn.figure.axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["constant", "one cycle"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["sgd", "adam"]


@pytest.mark.parametrize("name", ["<script>", "$x^2", 'a"b\nc', "x" * 300, "학습률"])
def test_hostile_names_draw(tabulate, setting, name):
    """Names of strangers are one line of plain text, cut if they are long."""
    space = Space([setting(name, name, "b"), setting("y", *range(40))])
    lone = Study(tabulate(space, lambda c, _: float(c["y"]), 1), space, name=name)
    drawn = picture(lone, all_tables(lone, only=NEEDED))
    axes = drawn.figure.axes[0]
    assert "\n" not in axes.get_ylabel()
    assert 0 < len(axes.get_ylabel()) <= 26
    assert len(axes.get_xticklabels()) == 10  # bins
    assert "y in bins" in drawn.caption


def test_forty_optimizers_draw(tabulate, setting):
    """A row for each; text in the cells as long as these are wide enough."""
    space = Space(
        [
            setting("optimizer", *[f"number {n}" for n in range(40)]),
            Setting("learning_rate", (Variant(FloatRange(1e-4, 1, log=True, levels=3)),)),
        ]
    )
    lone = Study(tabulate(space, lambda c, _: c["learning_rate"], 1), space)
    axes = picture(lone, all_tables(lone, only=NEEDED)).figure.axes[0]
    assert len(axes.get_yticklabels()) == 40
    assert len(texts_of(axes)) == 120


def test_small_words():
    """Nearly all is not all, nearly none not none; the best cell has two significant digits."""
    assert [percent(share) for share in (0, 0.001, 0.75, 0.999, 1)] == ["0 %", "1 %", "75 %", "99 %", "100 %"]
    assert [decimals(np.array(v)) for v in ([0.023, 0.9], [0.0083], [2.3], [0.0])] == [3, 4, 1, 2]
    assert common_decimals([cells_like([0.023, 0.9])]) == 3
    assert common_decimals([cells_like([-0.0079, 6.75])]) == 3
    assert common_decimals([cells_like([-0.981, -0.0001])]) == 3
    assert common_decimals([cells_like([0.00001, 0.9])]) is None


def test_colours_resolve_the_good_cells():
    """A fifth of the colours separates two cells that differ by four times the noise, far from the cliff."""
    scale = colour_scale([cells_like([0.02, 0.028, *[0.5] * 9, 0.9], 0.002)])
    assert float(scale(0.02)) == 0
    assert float(scale(0.9)) == pytest.approx(1)
    assert float(scale(0.028)) > 0.2


def test_numbers_have_a_place_between_levels():
    """As on the setting's scale, whatever the levels; beyond the ends as between the last two."""
    levels = [0.001, 0.01, 0.1]
    np.testing.assert_allclose(position(levels, [0.001, 10**-1.5, 1.0], log=True), [0.5, 2.0, 3.5])
    np.testing.assert_allclose(position(levels[::-1], [0.001, 10**-1.5, 1.0], log=True), [2.5, 1.0, -0.5])
    np.testing.assert_allclose(position(levels, [0.001, 0.055, 0.19], log=False), [0.5, 2.0, 3.5])
    np.testing.assert_allclose(position([1, 2, 4], [3.0, 0.0], log=False), [2.0, -0.5])
    np.testing.assert_allclose(position([5], [7.0], log=True), [0.5])


def test_the_same_figure_gives_the_same_bytes(study, tmp_path):
    """PNG and SVG hold no date and no random identifier, and the global state of matplotlib is left alone."""
    before = dict(mpl.rcParams)
    tables = all_tables(study, only=NEEDED)
    first = [path.read_bytes() for path in save(picture(study, tables), tmp_path / "a")]
    second = [path.read_bytes() for path in save(picture(study, tables), tmp_path / "b")]
    assert first == second
    assert dict(mpl.rcParams) == before
