"""Lines of effects over epochs against their table."""

import pytest

from sensitivity.measures.measuring import NO_TRIALS, all_tables, marked
from sensitivity.pictures import over_epochs
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.study import Study
from sweeps.space import Space


@pytest.fixture
def study(setting, tabulate):
    """Setting a matters early, b late; three epochs, two replicates."""
    space = Space([setting("a", 1, 2, 3), setting("b", 1, 2, 3)])
    trials = tabulate(space, lambda c, r: c["b"] + 0.1 * r * c["a"], 2)
    curves = {
        number: [4.0, a + 0.01 * b * r, a + b + 0.02 * a * r, value]
        for number, a, b, r, value in zip(
            *(trials[name] for name in ("number", "a", "b", "replicate", "value")), strict=True
        )
    }
    return Study(trials, space, "loss", curves=curves)


def test_lines_are_the_totals_of_the_table(study):
    """In percent, one per setting and the noise dashed, named in the order of the ranking."""
    tables = all_tables(study, only=("sensitivity_over_epochs", "ranking"))
    table = tables["sensitivity_over_epochs"]
    picture = over_epochs.picture(study, tables)
    axes = picture.figure.axes[0]
    total = table[(table["kind"] == "total") & (table["setting"] == "a")]
    assert axes.lines[0].get_ydata() == pytest.approx(100 * total["share"].to_numpy())
    assert axes.lines[0].get_xdata().tolist() == [1, 2, 3]
    assert [line.get_linestyle() for line in axes.lines] == ["-", "-", "--"]
    ends = {line.get_label(): line.get_ydata()[-1] for line in axes.lines}
    assert set(ends) == {"a", "b", "noise of the seed"}
    named = [text.get_text() for text in axes.get_legend().get_texts()]
    ranked = tables["ranking"].dropna(subset="rank").sort_values("rank")["setting"].tolist()
    assert named == [*ranked, "noise of the seed"]
    assert "95 % intervals" in picture.caption


def test_main_effects_where_there_are_no_totals(study):
    """The caption says that interactions are not seen."""
    table = all_tables(study, only=("sensitivity_over_epochs",))["sensitivity_over_epochs"]
    bins = table[table["kind"] != "total"].replace({"kind": {"main": "binned"}})
    assert set(over_epochs.shown(bins)["kind"]) == {"binned", "noise"}
    assert (
        "interactions are not seen" in over_epochs.picture(study, {"sensitivity_over_epochs": bins}).caption
    )


def test_no_curves_are_nothing_to_draw(study):
    """A marked table, with and without curves."""
    name = "sensitivity_over_epochs"
    none = Study(study.trials, study.space)
    with pytest.raises(NothingToDraw, match="no trial has a curve"):
        over_epochs.picture(none, {name: marked(name, none, NO_TRIALS())})
    with pytest.raises(NothingToDraw, match="there are no trials"):
        over_epochs.picture(study, {name: marked(name, study, NO_TRIALS())})
