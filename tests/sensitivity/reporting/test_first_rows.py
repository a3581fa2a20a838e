"""One row per setting, free of contradictions: small tables whose right answer is known, in words."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from sensitivity.branch import level_of
from sensitivity.commands.summary import show
from sensitivity.measures.advice import TOO_FEW
from sensitivity.measures.measuring import all_tables
from sensitivity.measures.possible import UNDECIDED
from sensitivity.reading.frames import from_frame
from sensitivity.remarks import Remarks
from sensitivity.reporting.advised import rows
from sensitivity.reporting.answer import what_decides
from sensitivity.reporting.building import build
from sensitivity.reporting.cautions.finding import cautions
from sensitivity.reporting.decision import decision
from sensitivity.reporting.first import first_screen, next_words
from sensitivity.reporting.following import Step, following
from sensitivity.reporting.leading import lead_of
from sensitivity.reporting.results import Results
from sensitivity.study import Study
from sensitivity.words import level_text
from sweeps.space import Choices, FloatRange, Setting, Space, Variant

NEEDED = ("ranking", "advice", "best", "tolerance", "isolation_curves", "variance_decomposition", "question")
KINDS = ("sgd", "rmsprop", "adam")
RATE = Setting("learning_rate", (Variant(FloatRange(1e-4, 1.0, log=True, levels=5)),))
BETA = Setting("beta", (Variant(Choices((0.5, 0.9, 0.99))),))


def grid(tabulate, error, replicates=3, kinds=KINDS, more=(), noise=0.002, seed=0):
    """Study of a rate and optimizers, all levels; ``error``: of a configuration."""
    space = Space([RATE, Setting("optimizer", (Variant(Choices(kinds)),)), *more])
    rng = np.random.default_rng(seed)
    trials = tabulate(space, lambda c, _: error(c) + noise * rng.standard_normal(), replicates)
    return Study(trials, space, "error", name="grid")


def decided(study, source=("t.csv",)):
    tables = all_tables(study, only=NEEDED)
    return tables, decision(study, tables, cautions(study, tables), source)


def away(c, **best):
    """Decades between the rate and the best one of its optimizer."""
    return abs(np.log10(c["learning_rate"]) - best.get(c["optimizer"], -2))


def shown(study, tables=None):
    """Rows of the first screen by setting."""
    tables = all_tables(study, only=NEEDED) if tables is None else tables
    found = decision(study, tables, ())
    screen = first_screen(study, found)
    return {row.setting: row for row in screen.rows}, found, screen


@pytest.fixture(scope="module")
def alike(tabulate):
    """Each optimizer reaches the same with its own rate, rmsprop a hair less."""
    best = {"sgd": -1, "rmsprop": -2, "adam": -3}
    hair = {"sgd": 1e-4, "rmsprop": 0, "adam": 1e-4}
    return grid(tabulate, lambda c: 0.1 * away(c, **best) ** 2 + hair[c["optimizer"]], 2, noise=1e-6)


def test_the_best_configuration_and_the_first_branch_agree(alike):
    """Rmsprop is best: it is named first, and its range, and that each optimizer has its own rate."""
    found_rows, found, _ = shown(alike)
    assert found.best.chosen["optimizer"] == "rmsprop"
    assert found_rows["optimizer"].where.startswith(
        "rmsprop, or any other tried, each with its own learning rate"
    )
    assert found.rows[0].places[0].branches[0] == "optimizer=rmsprop"


def mixed(tables, branches):
    """Tables in which beta has these rows: branch → advice, good, best, judgement, cost."""
    names = ("advice", "good", "best_at", "judgement", "worst_cost", "worst_low", "worst_high", "worst_at")
    advice = tables["advice"].assign(cost_low=np.nan)
    kept = advice[advice["setting"] != "beta"]
    own = [
        {**advice[advice["setting"] == "beta"].iloc[0], "branch": f"optimizer={branch}"}
        | dict(zip(names, values, strict=True))
        for branch, values in branches.items()
    ]
    return {**tables, "advice": pd.concat([kept, pd.DataFrame(own)], ignore_index=True)}


def not_all_good(tables):
    """Tables in which not every value of beta is within the tolerance."""
    band = tables["tolerance"]
    return {
        **tables,
        "tolerance": band.assign(fraction=band["fraction"].mask(band["setting"] == "beta", 0.5)),
    }


@pytest.fixture(scope="module")
def with_beta(tabulate):
    """Rmsprop is a little better than adam, sgd far worse; and the tables of it, beta by branch."""
    worse = {"sgd": 0.5, "rmsprop": 0.0, "adam": 0.01}
    study = grid(tabulate, lambda c: 0.1 * away(c) + worse[c["optimizer"]], more=(BETA,))
    tables = all_tables(study, only=NEEDED)
    tables["tolerance"].loc[
        (tables["tolerance"]["setting"] == "optimizer") & (tables["tolerance"]["branch"] == "all"),
        ["intervals", "fraction"],
    ] = [2, 2 / 3]
    tables["advice"].loc[tables["advice"]["setting"] == "optimizer", "advice"] = "tune"
    return study, tables


def test_a_setting_has_one_row_and_the_other_branches_stand_in_it(with_beta):
    """Tuned with rmsprop, fixed with adam, sgd not worth going on with. The largest cost has its branch."""
    study, tables = with_beta
    tables = mixed(
        tables,
        {
            "sgd": ("tune", "0.9 to 0.99", 0.9, "above", 0.9, 0.8, 1.0, 0.5),
            "rmsprop": ("tune", "0.5 to 0.9", 0.9, "above", 0.1, 0.05, 0.2, 0.99),
            "adam": ("fix", None, 0.5, "not above", 0.3, 0.2, 0.4, 0.99),
        },
    )
    found_rows, found, _ = shown(study, tables)
    assert [row.setting for row in found.rows].count("beta") == 1
    row = found_rows["beta"]
    assert (row.advice, row.where, row.more) == (
        "tune",
        "0.5 to 0.9 (rmsprop); 0.5, or any other tried (adam)",
        1,
    )
    assert row.cost == "0.3 [0.2, 0.4] at 0.99 (adam)"


def test_not_above_the_noise_names_the_branches_whose_own_row_says_so(with_beta):
    """Also those that are not worth going on with; not the one that is fixed for another reason."""
    study, tables = with_beta
    tables = mixed(
        tables,
        {
            "sgd": ("fix", None, 0.9, "not above", 0.0, 0.0, 0.1, 0.5),
            "rmsprop": ("fix", None, 0.9, "above", 0.0, 0.0, 0.1, 0.5),
            "adam": ("fix", None, 0.5, "not above", 0.0, 0.0, 0.1, 0.99),
        },
    )
    _, found, screen = shown(study, tables)
    assert next(row.idle for row in found.rows if row.setting == "beta") == (
        "optimizer=sgd",
        "optimizer=adam",
    )
    assert "Not above the noise of the seed: beta (sgd, adam)." in screen.sure


def test_what_matters_is_tuned_where_no_branch_knows_its_good_values(with_beta):
    """Its range is said as not known yet, with how few trials, the values tried and the best so far."""
    study, tables = with_beta
    unknown = ("tune", None, 0.5, "unknown", 0.3, np.nan, np.nan, 0.99)
    tables = mixed(tables, {"rmsprop": unknown, "adam": unknown})
    found_rows, found, _ = shown(study, tables)
    row, best = found_rows["beta"], found.best.chosen["beta"]
    assert row.advice == "tune"
    assert row.where == f"not known yet; tried 0.5, 0.9, 0.99; best so far {best}"
    assert row.cost == "0.3 at 0.99 (rmsprop), not told from the noise of the seed"


def test_a_random_search_of_few_trials_by_optimizer_is_to_be_tuned():
    """A rate whose best differs by optimizer, fourteen trials of each: above the noise, its range open."""
    rng = np.random.default_rng(3)
    rate = 10 ** rng.uniform(-4, -1, 28)
    kind = np.where(np.arange(28) % 2, "adam", "sgd")
    value = 0.2 * (np.log10(rate) - np.where(kind == "adam", -3.0, -1.5)) ** 2
    space = Space(
        [
            Setting("learning_rate", (Variant(FloatRange(1e-4, 0.1, log=True)),)),
            Setting("optimizer", (Variant(Choices(("adam", "sgd"))),)),
        ]
    )
    study = from_frame(pd.DataFrame({"learning_rate": rate, "optimizer": kind, "value": value}), space)
    tables, found = decided(study, ("t.csv", "--metric", "loss"))
    own = tables["advice"][tables["advice"]["setting"] == "learning_rate"]
    assert own["branch"].tolist() == ["optimizer=adam", "optimizer=sgd"]
    row = next(row for row in first_screen(study, found).rows if row.setting == "learning rate")
    assert row.advice == "tune"
    assert "not known yet (14 trials with adam, 14 trials with sgd)" in row.where
    assert found.following.step is Step.DRAW
    assert found.following.command == "python -m sensitivity zoom t.csv --metric loss"


def test_fewer_than_ten_trials_of_each_optimizer_are_said_with_the_range_tried():
    """Two optimizers, four rates, two seeds: eight trials of each say no good values, and that is why."""
    rng = np.random.default_rng(0)
    rows = [
        (kind, rate, seed, 0.2 * (np.log10(rate) - best) ** 2 + 0.01 * rng.standard_normal())
        for kind, best in (("adam", -3.0), ("sgd", -1.5))
        for rate in (1e-4, 1e-3, 1e-2, 1e-1)
        for seed in (0, 1)
    ]
    frame = pd.DataFrame(rows, columns=["optimizer", "learning_rate", "replicate", "value"])
    rate = FloatRange(1e-4, 0.1, log=True, levels=4)
    space = Space(
        [
            Setting("optimizer", (Variant(Choices(("adam", "sgd"))),)),
            Setting("learning_rate", (Variant(rate),)),
        ]
    )
    row = shown(from_frame(frame, space))[0]["learning rate"]
    few = "8 trials with adam, 8 trials with sgd"
    assert row.where == f"not known yet ({few}); tried 1e-4 to 0.1; best so far 0.001"
    assert (row.advice, row.more) == ("tune", 0)


def test_where_only_one_branch_has_too_few_trials_both_reasons_are_said(with_beta):
    """Nine of adam stand beside the values tried; why the many of rmsprop do not tell, in how sure it is."""
    study, tables = with_beta
    unknown = ("tune", None, 0.5, "unknown", 0.3, np.nan, np.nan, 0.99)
    few = ("tune", None, 0.5, None, 0.3, np.nan, np.nan, 0.99)
    tables = mixed(tables, {"rmsprop": unknown, "adam": few})
    own = tables["advice"]["setting"] == "beta"
    tables["advice"].loc[own, "trials"] = [24, 9]
    said = [Remarks(UNDECIDED), Remarks(TOO_FEW(9))]
    tables["advice"].loc[own, "remarks"] = pd.Series(said, index=tables["advice"].index[own], dtype=object)
    found_rows, found, screen = shown(study, tables)
    best = found.best.chosen["beta"]
    assert found_rows["beta"].where == (
        f"not known yet (9 trials with adam); tried 0.5, 0.9, 0.99; best so far {best}"
    )
    assert [text for text in screen.sure if text.startswith("Which values of beta are good: ")]


def test_only_the_first_value_tried_is_said_without_what_lies_between(tabulate):
    """Good is 1e-4 alone, the lowest tried: not the stretch to where a straight line crosses the bar."""
    study = grid(tabulate, lambda c: (np.log10(c["learning_rate"]) + 4) / 4, kinds=("adam",), noise=1e-3)
    found_rows, *_ = shown(study)
    assert found_rows["learning rate"].where == "1e-4 and lower: the lowest tried is best"


def test_the_rule_is_told_in_the_metrics_units(tabulate):
    """A tenth of the way from the best, 0, to the median of 0.1 |x|, x = −2 … 2 decades: 0.1 · 0.1 = 0.01."""
    study = grid(tabulate, lambda c: 0.1 * away(c), kinds=("adam", "sgd"), noise=1e-5)
    _, found, screen = shown(study)
    assert found.good == (pytest.approx(0.01, abs=1e-3), pytest.approx(0.01, abs=1e-3))
    assert screen.rule.startswith("Good: within 0.01 of the best, everything else tuned again. Tune: ")


@pytest.mark.parametrize(
    ("told", "run", "step", "command"),
    [
        (["tune", "fix"], True, Step.ZOOM, "zoom t --out next.toml"),
        (["tune", "cannot be judged"], False, Step.DRAW, "zoom t"),
        (["fix", "cannot be judged"], False, Step.MORE, "zoom t"),
        (["fix", "cannot be judged"], True, Step.PLAN, "plan t --more 400"),
        (["cannot be judged"], False, Step.MORE, "zoom t"),
        (["fix", "fix"], False, Step.AGAIN, "report t"),
        (["fix"], True, Step.CONFIRM, "confirm t"),
    ],
)
def test_nothing_is_left_to_tune_only_where_all_is_fixed(alike, told, run, step, command):
    """The next command by what is advised, of a run of ours and of other trials."""
    study = replace(alike, definition="[sweep]") if run else alike
    found = following(study, told, False, ["t"])
    assert (found.step, found.command) == (step, f"python -m sensitivity {command}")


def test_where_all_failed_the_failures_by_level_can_be_looked_at(alike):
    """The tables lie in a folder; without one there is nothing to type."""
    assert following(alike, [], True, ["t"], "out").command.endswith("show out divergence_by_level")
    assert following(alike, [], True, ["t"]).command == ""


def test_ties_are_told_by_one_rule(with_beta):
    """Two shares without intervals are tied only where they are equal; sentence and data say the same."""
    study, tables = with_beta
    ranking = tables["ranking"].copy()
    ranking[["total_low", "total_high"]] = np.nan
    ranking["judgement"] = "above"
    for share, tied in ((0.6, True), (0.59, False)):
        ranking.loc[ranking["rank"].notna(), "total_effect"] = [0.6, share, 0.1]
        assert lead_of(study, ranking)[2] is tied
        assert ("is open" in what_decides(ranking, "error")) is tied


def test_rows_are_ordered_by_what_to_do(with_beta):
    """Tuned first, then fixed, then what cannot be judged."""
    study, tables = with_beta
    found = [row.advice for row in rows(study, tables, {})]
    assert found == sorted(found, key=("tune", "fix", "cannot be judged").index)


def test_calls_without_a_result_are_counted(alike):
    """Two trials that count nowhere are said beside those that do."""
    study = replace(alike, lost=2)
    _, found, screen = shown(study)
    assert found.left_out == 2
    assert "2 more failed, or have no result, and are left out." in screen.sure


def test_the_terminal_shows_a_long_command_whole(alike):
    """It is copied: nothing is cut at the width of the terminal."""
    path = "a_folder/" * 12 + "t.csv"
    tables = all_tables(alike, only=(*NEEDED, "optimizer_differences"))
    found = decision(alike, tables, (), (path,))
    console = Console(width=80, no_color=True)
    with console.capture() as capture:
        show(console, alike, Results(tables, [], found, None, []))
    assert found.following.command.endswith(path)
    assert found.following.command in capture.get()


def test_where_all_failed_the_page_says_nothing_of_a_best(tabulate):
    """Neither first screen nor folds, nor the words that the folds would need; where it failed is there."""
    study = grid(tabulate, lambda _: 0.9, kinds=("adam", "sgd"), noise=0.0)
    failed = replace(study, trials=study.trials.assign(outcome="diverged"))
    page = build(failed, all_tables(failed), {})
    assert [section.anchor for section in page.sections] == ["divergence"]
    assert (page.explorer, page.words, page.first.rows, page.first.best) == ("", [], (), ())
    texts = [*page.answer, page.first.lead, page.first.why_next, *page.first.sure]
    assert not any("best" in text.lower() for text in texts)
    assert all_tables(failed, only=("ranking",))["ranking"]["value_in_best_configuration"].isna().all()


@pytest.mark.parametrize(("good", "bad"), [(True, False), (2.0, 1.0), (0.9999, 0.999)])
def test_branches_of_numbers_and_truths_are_called_alike_in_all_tables(tabulate, good, bad):
    """The row of the rate begins with the branch to take, whose good rate is 0.001; the other's is 0.1."""
    switch = Setting("switch", (Variant(Choices((bad, good))),))
    rate = Setting("learning_rate", (Variant(FloatRange(1e-4, 1.0, log=True, levels=5)),))
    space = Space([rate, switch])
    rng = np.random.default_rng(1)

    def error(c, _):
        place, floor = (-3, 0.0) if c["switch"] == good else (-1, 0.3)
        return floor + 0.1 * (np.log10(c["learning_rate"]) - place) ** 2 + 0.01 * rng.standard_normal()

    study = Study(tabulate(space, error, 3), space, "error", branch="switch")
    tables, found = decided(study)
    labels = [
        set(tables[name]["branch"]) for name in ("variance_decomposition", "tolerance", "isolation_curves")
    ]
    assert labels[0] == labels[1] == labels[2]
    assert len(labels[0]) == 3
    (row,) = [one for one in found.rows if one.setting == "learning_rate"]
    assert level_of(row.places[0].branches[0]) == level_text(good)
    assert row.places[0].value == pytest.approx(1e-3)
    assert row.places[0].good


def test_what_is_not_shown_to_cost_is_fixed_and_no_value_is_blamed(with_beta):
    """An interval that reaches 0: the best value, that no other is shown to be worse, the most it costs."""
    study, tables = with_beta
    beta = ("fix", None, 0.9, "above", 0.001, -0.01, 0.02, 0.99)
    tables = mixed(not_all_good(tables), {"sgd": beta, "rmsprop": beta, "adam": beta})
    found_rows, *_ = shown(study, tables)
    row = found_rows["beta"]
    assert (row.advice, row.where) == ("fix", "0.9; no other is shown to be worse (rmsprop, adam)")
    assert row.cost == "between 0 and 0.02 (rmsprop)"


def test_where_the_worst_may_cost_nothing_a_blind_choice_that_costs_is_told(with_beta):
    """The worst value scatters, so its own cost may be nothing; the mean over all values is no doubt more."""
    study, tables = with_beta
    beta = ("tune", "0.5 to 0.9", 0.9, "above", 0.3, -0.1, 0.8, 0.99)
    tables = mixed(not_all_good(tables), {"rmsprop": beta, "adam": beta})
    blind = {"cost": 0.05, "cost_low": 0.02, "cost_high": 0.08}
    own = tables["advice"]["setting"] == "beta"
    tables["advice"].loc[own, list(blind)] = list(blind.values())
    found_rows, *_ = shown(study, tables)
    assert found_rows["beta"].advice == "tune"
    assert found_rows["beta"].cost == "0.05 [0.02, 0.08] in the mean of all values (rmsprop)"


def test_between_nothing_and_nothing_is_none(with_beta):
    """An upper end that is 0 as well is no range."""
    study, tables = with_beta
    beta = ("fix", None, 0.9, "above", 0.0, -0.01, 0.0, 0.99)
    found_rows, *_ = shown(study, mixed(tables, {"rmsprop": beta, "adam": beta}))
    assert found_rows["beta"].cost == "none is shown"


def test_a_branch_to_fix_decides_what_its_settings_are(with_beta):
    """Rmsprop is to be fixed: beta is not tuned because of adam, nor does it cost what it costs there."""
    study, tables = with_beta
    advice = tables["advice"].copy()
    advice.loc[advice["setting"] == "optimizer", ["advice", "best_at"]] = ["fix", "rmsprop"]
    tables = mixed(
        {**not_all_good(tables), "advice": advice},
        {
            "rmsprop": ("fix", None, 0.9, "above", 0.001, -0.01, 0.02, 0.99),
            "adam": ("tune", "0.5 to 0.9", 0.9, "above", 0.1, 0.05, 0.2, 0.99),
        },
    )
    row = shown(study, tables)[0]["beta"]
    assert (row.advice, row.where, row.more) == ("fix", "0.9; no other is shown to be worse (rmsprop)", 1)
    assert row.cost == "between 0 and 0.02 (rmsprop)"


def test_the_next_sweep_is_said_by_its_settings(with_beta):
    """What is tuned is finer, what is not known is as tried, what is fixed is the rest."""
    study, tables = with_beta
    beta = ("fix", None, 0.9, "above", 0.001, -0.01, 0.02, 0.99)
    _, found, _ = shown(study, mixed(tables, {"rmsprop": beta, "adam": beta}))
    zoom = replace(found, following=replace(found.following, step=Step.ZOOM))
    text = "The next sweep: learning rate finer, the good values of optimizer, the rest fixed:"
    assert next_words(study, zoom) == text
    last = replace(zoom.rows[-1], advice="cannot be judged")
    text = "The next sweep: learning rate finer, the good values of optimizer, beta as tried:"
    assert next_words(study, replace(zoom, rows=(*zoom.rows[:-1], last))) == text


@pytest.mark.parametrize(
    ("searched", "even", "said"),
    [
        (100, True, "145 trials: 15 configurations, 3 runs of each, and 100 by a search; none failed."),
        (0, True, "45 trials, 15 configurations, 3 runs of each; none failed."),
        (0, False, "45 trials, 15 configurations, at most 3 runs of each; none failed."),
    ],
)
def test_counts_add_up(alike, searched, even, said):
    """Trials of a search are none of the plan: 15 configurations three times are 45."""
    _, found, _ = shown(alike)
    counts = {"trials": 45 + searched, "configurations": 15, "replicates": 3, "failed": 0}
    found = replace(found, **counts, searched=searched, even=even)
    (first, *_) = first_screen(alike, found).sure
    assert first.replace("diverged", "failed") == said
