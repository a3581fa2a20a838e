"""What to do, as data: of small tables whose answer can be worked by hand; the words are the data's."""

import math

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from sensitivity.commands.first_words import first_text
from sensitivity.language import speaking
from sensitivity.measures.measuring import all_tables
from sensitivity.reading import read_csv_table
from sensitivity.reading.frames import from_frame
from sensitivity.remarks import Judgement
from sensitivity.reporting.cautions.finding import cautions
from sensitivity.reporting.decision import decision
from sensitivity.reporting.first import first_screen
from sensitivity.reporting.following import Step
from sensitivity.reporting.leading import Lead
from sensitivity.study import Study
from sweeps.space import Choices, FloatRange, Setting, Space, Variant

NEEDED = ("ranking", "advice", "best", "tolerance", "isolation_curves", "variance_decomposition", "question")
RATES = (0.001, 0.01, 0.1, 1.0, 10.0)


def decided(study, source=(), only=NEEDED):
    tables = all_tables(study, only=only)
    return decision(study, tables, cautions(study, tables), source)


@pytest.fixture(scope="module")
def one_decides(tabulate, setting):
    """Four replicates: the error is the distance of the rate from 0.1 in decades; the width does nothing."""
    rate = Setting("learning_rate", (Variant(FloatRange(0.001, 10.0, log=True, levels=5)),))
    space = Space([rate, setting("width", 8, 16, 32)])
    noise = np.random.default_rng(0)

    def error(c, _):
        return 0.1 * abs(math.log10(c["learning_rate"]) + 1) + noise.normal(0, 1e-3)

    return Study(tabulate(space, error, 4), space, "validation error", 0.9, name="one", definition="[sweep]")


@pytest.fixture(scope="module")
def found(one_decides):
    """The decision of it."""
    return decided(one_decides, ("runs/one",))


def test_a_setting_that_decides_is_tuned_and_one_that_is_noise_is_fixed(found):
    """All of the variance is the rate's; the good band is around 0.1; 0.2 is what the worst rate costs."""
    assert found.lead is Lead.DECIDES
    assert [share.setting for share in found.shares] == ["learning_rate"]
    assert found.shares[0].share[0] > 0.99
    assert [(row.setting, row.advice) for row in found.rows] == [("learning_rate", "tune"), ("width", "fix")]
    rate, width = found.rows
    (place,) = rate.places
    assert place.value == pytest.approx(0.1)
    assert rate.cost.worst_at in (pytest.approx(0.001), pytest.approx(10.0))
    cost, low, high = rate.cost.amount
    assert cost == pytest.approx(0.2, abs=2e-3)
    assert low <= cost <= high
    assert low > 0.19
    assert high < 0.21
    low, _, high = place.good.partition(" to ")
    assert 0.01 < float(low) < 0.1 < float(high or low) < 1.0
    assert width.judgement == Judgement.NOT_ABOVE
    assert width.cost.amount[1] <= 0  # its worst value is not told from its best


def test_the_best_is_the_best_mean_and_the_forgiving_one_is_as_good(found, one_decides):
    """By a plain mean over the four replicates; its interval holds it; the neighbours are a decade away."""
    means = one_decides.trials.groupby(["learning_rate", "width"])["value"].mean()
    assert found.best.mean[0] == pytest.approx(means.min())
    assert tuple(found.best.chosen.values()) == means.idxmin()
    assert found.best.mean[1] <= found.best.mean[0] <= found.best.mean[2]
    assert (found.best.replicates, found.best.of) == (4, 15)
    assert found.best.worst_neighbour == pytest.approx(0.1, abs=2e-3)
    if found.forgiving is not None:
        assert found.forgiving.worst_neighbour <= found.best.worst_neighbour
        assert found.forgiving.mean[0] > found.best.mean[0]


def test_the_next_command_is_the_next_sweep(found):
    """Something is left to tune: zoom; the best can be confirmed too."""
    assert found.following.step is Step.ZOOM
    assert found.following.command == "python -m sensitivity zoom runs/one --out next.toml"
    assert found.following.others == ((Step.CONFIRM, "python -m sensitivity confirm runs/one"),)


def test_two_settings_that_do_the_same_are_tied(tabulate, setting):
    """A and b add the same: half of the variance each; neither is called the first alone."""
    space = Space([setting("a", 0, 1, 2), setting("b", 0, 1, 2)])
    noise = np.random.default_rng(1)
    trials = tabulate(space, lambda c, _: 0.1 * (c["a"] + c["b"]) + noise.normal(0, 0.01), 4)
    study = Study(trials, space, "loss", 0.9)
    found = decided(study)
    assert found.tied
    assert {share.setting for share in found.shares} == {"a", "b"}
    assert "Which matters more is open: it cannot be told from" in first_screen(study, found).lead
    assert {row.advice for row in found.rows} == {"fix"}  # 0 alone is good, in either
    assert {row.places[0].value for row in found.rows} == {0}


def test_pure_noise_decides_nothing(tabulate, setting):
    """Nothing is called decisive, and nothing is to be tuned."""
    space = Space([setting("a", 0, 1, 2), setting("b", 0, 1, 2)])
    noise = np.random.default_rng(3)
    study = Study(tabulate(space, lambda *_: noise.normal(0.5, 0.05), 6), space, "loss", 0.9)
    found = decided(study)
    assert found.lead in {Lead.NOT_SHOWN, Lead.CANNOT_SAY}
    assert "tune" not in {row.advice for row in found.rows}


@pytest.mark.parametrize("rows", [["0.1,0.5"], ["0.1,0.5", "0.2,0.4"]], ids=["one trial", "two trials"])
def test_one_trial_or_two_pretend_nothing(rows, tmp_path):
    """Nothing is judged, no cost is told from the noise, and the next step is more trials."""
    (tmp_path / "t.csv").write_text("\n".join(["lr,loss", *rows]))
    study = read_csv_table(tmp_path / "t.csv", "loss")
    found = decided(study, ("t.csv", "--metric", "loss"))
    screen = first_screen(study, found)
    if len(rows) == 1:  # its setting has one value
        assert (found.lead, found.rows, found.following.step) == (Lead.NOTHING_VARIES, (), Step.START)
        assert (screen.best[0].head, screen.best[0].result[:8]) == ("The only trial", "loss 0.5")
        return
    assert found.lead is Lead.CANNOT_SAY
    assert [row.advice for row in found.rows] == ["cannot be judged"]
    assert found.following.step is Step.MORE
    assert found.following.command == "python -m sensitivity zoom t.csv --metric loss"
    assert screen.rows[0].cost == "0.1 at 0.1, not told from the noise"
    assert screen.best[0].head == "Best single trial"


@pytest.mark.parametrize(("cell", "step"), [("nan", Step.MEND), ("", Step.NAME)])
def test_all_failed_says_so_and_what_to_do(tmp_path, cell, step):
    """A table without a single result is read; no row, no best, a next step; an empty column is named."""
    (tmp_path / "t.csv").write_text("lr,loss\n" + "".join(f"0.{n},{cell}\n" for n in range(1, 9)))
    study = read_csv_table(tmp_path / "t.csv", "loss")
    found = decided(study, ("t.csv",))
    assert (found.lead, found.rows, found.best, found.failed) == (Lead.ALL_FAILED, (), None, 8)
    assert found.following.step is step
    screen = first_screen(study, found)
    if cell:
        assert screen.lead == "All 8 trials failed: nothing can be compared, and no setting can be judged."
    else:
        assert screen.lead.startswith("The column loss is empty in all 8 rows: nothing can be compared")
        assert "--metric" in screen.why_next
    assert screen.caution == ""


def test_no_trials_and_no_settings():
    """Each says so in a sentence."""
    space = Space([Setting("x", (Variant(Choices((1, 2))),))])
    frame = pd.DataFrame({"x": [1, 2] * 4, "value": np.arange(8.0)})
    study = from_frame(frame, space)
    none = Study(study.trials.head(0), space)
    assert decided(none).lead is Lead.NO_TRIALS
    still = Study(study.trials.drop(columns="x"), Space([]))
    assert decided(still).lead is Lead.NOTHING_VARIES


def test_words_have_the_numbers_of_the_data_and_the_terminal_those_of_the_page(found, one_decides):
    """Every text of the first screen stands in the terminal, in its order, in 25 lines of 80 columns."""
    screen = first_screen(one_decides, found)
    assert screen.lead.startswith("learning rate decides: ")
    assert found.rows[0].places[0].good in screen.rows[0].where
    console = Console(width=80, no_color=True, force_terminal=False)
    with console.capture() as capture:
        console.print(first_text(screen))
    lines = capture.get().splitlines()
    assert len(lines) <= 25
    assert max(map(len, lines)) <= 80
    words = " ".join(capture.get().split())
    assert words.startswith(screen.lead)
    for row in screen.rows:
        line = next(line for line in lines if line.startswith(row.advice) and row.setting in line)
        assert row.where.split(";")[0][:20] in line
        assert row.cost[:12] in line
    assert screen.command in capture.get()
    for text in (*screen.sure, screen.caution, screen.why_next):
        assert all(word in words for word in text.split())


def test_in_korean_the_numbers_are_the_same(found, one_decides):
    """Another language says the same values, shares and costs."""
    with speaking("ko"):
        other = first_screen(one_decides, found)
    english = first_screen(one_decides, found)
    assert other.rows[0].advice == "조정"
    for one, two in zip(english.rows, other.rows, strict=True):
        assert (one.setting, one.share) == (two.setting, two.share)
    assert english.best[0].chosen == other.best[0].chosen
