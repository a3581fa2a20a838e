"""Trials without a result count as failed trainings exactly where that depends on a setting."""

import math

import numpy as np
import optuna
import pytest
from scipy import stats

from sensitivity.reading import from_study, read_csv_table
from sensitivity.reading.missing import decide, dependence, rejected

RATES = 10 ** (-4 * ((np.arange(60) * 37 % 60) + 0.5) / 60)  # 60 from 1e-4 to 1, in no order


def test_the_p_of_a_table_is_that_of_its_margins():
    """Two levels, 5 of 5 and 0 of 5 missing: 2 of the 252 tables are as far apart, p = 0.0079."""
    levels = [{"optimizer": "sgd"}] * 5 + [{"optimizer": "adam"}] * 5
    found = dependence(levels, [True] * 5 + [False] * 5)
    assert found["optimizer"] == pytest.approx(2 / 252, rel=0.3)  # 10,000 random tables


def test_a_large_table_is_judged_by_chi_squared():
    """30 of 100 against 10 of 100 missing: χ² = 12.5 with one degree of freedom."""
    levels = [{"norm": True}] * 100 + [{"norm": False}] * 100
    lost = ([True] * 30 + [False] * 70) + ([True] * 10 + [False] * 90)
    assert dependence(levels, lost)["norm"] == pytest.approx(stats.chi2.sf(12.5, 1))


@pytest.mark.parametrize("nothing", [None, math.nan])
def test_nothing_is_a_choice_like_any_other(nothing):
    """Results are missing exactly where the weight decay is none: 0.1 and 0.2 never fail."""
    levels = [{"decay": nothing}, {"decay": 0.1}, {"decay": 0.2}] * 20
    assert dependence(levels, [True, False, False] * 20)["decay"] < 1e-6


def test_holm_corrects_for_the_number_of_settings():
    """0.002 · 4 and 0.003 · 3 are below 0.01, 0.006 · 2 is not, and nothing after it is."""
    found = {"a": 0.006, "b": 0.002, "c": 0.003, "d": 0.0099}
    assert rejected(found) == ["b", "c"]


def test_a_failure_in_the_middle_of_a_range_is_seen_too():
    """Missing where the value is between the quartiles: no trend, but the bins differ."""
    values = np.linspace(0, 1, 40)
    decision = decide([{"x": float(x)} for x in values], [0.3 < x < 0.7 for x in values])
    assert decision.count
    assert "depends on x" in decision.notes[0]


def test_chance_is_rarely_taken_for_dependence():
    """Of 200 sets of 60 trials, 30 missing by chance, five settings: one in a hundred may be called so."""
    rng = np.random.default_rng(1)
    wrong = 0
    for _ in range(200):
        drawn = rng.random((60, 5)).tolist()
        trials = [{"x": a, "y": b, "z": c, "kind": str(int(3 * d)), "on": e > 0.5} for a, b, c, d, e in drawn]
        wrong += decide(trials, list(rng.permutation([True] * 30 + [False] * 30))).count
    assert wrong <= 6  # expected 2; more than 6 has a probability of 0.5 %


def flaky(rates=(1e-4, 1e-3, 1e-2, 0.1, 1.0), fails=1.0):
    """A plan of five rates × three depths × two seeds; it fails at one rate, and twice elsewhere."""
    plan = [{"rate": rate, "depth": depth} for rate in rates for depth in (1, 2, 4) for _ in range(2)]
    return plan, [trial["rate"] == fails or place in {3, 13} for place, trial in enumerate(plan)]


@pytest.mark.parametrize("fails", [1e-4, 1e-2, 1.0])
def test_one_level_of_five_at_which_everything_fails_is_seen(fails):
    """6 of 6 fail at one rate, 2 of 24 elsewhere: by chance this rate's six all fail in 1 of 21,206 cases."""
    assert decide(*flaky(fails=fails)).count


def test_a_cliff_has_the_exact_probability_of_its_run():
    """The five highest of 20 values are all that fail: 1 / C(20, 5), two ends, three tests."""
    values = np.linspace(0, 1, 20)
    found = dependence([{"x": float(x)} for x in values], [place >= 15 for place in range(20)])
    assert found["x"] == pytest.approx(3 * 2 / math.comb(20, 5), rel=1e-9)


def test_a_search_that_avoids_what_fails_does_not_hide_it():
    """A plan fails at its highest rate; 100 trials of a search below it fail at random, one in seven."""
    plan, lost = flaky()
    rng = np.random.default_rng(0)
    search = [{"rate": float(10 ** rng.uniform(-4, -0.5)), "depth": 2} for _ in range(100)]
    failed = [number % 7 == 0 for number in range(100)]
    told = decide(plan + search, lost + failed, plan=[True] * 30 + [False] * 100)
    assert told.count
    assert "depends on rate (p < 0.001)" in told.notes[0]


def test_random_failures_of_a_plan_and_a_search_are_rarely_taken_for_dependence():
    """Of 60 plans with a search after them, failures at random: one in a hundred may be called dependent."""
    plan, _ = flaky()
    rng = np.random.default_rng(3)
    wrong = 0
    for _ in range(60):
        rates = (10 ** rng.uniform(-4, 0, 60)).tolist()
        trials = plan + [{"rate": rate, "depth": int(rng.choice([1, 2, 4]))} for rate in rates]
        lost = (rng.random(90) < rng.choice([0.05, 0.15, 0.3])).tolist()
        wrong += decide(trials, lost, plan=[True] * 30 + [False] * 60).count
    assert wrong <= 3  # expected 0.6 at most; more than 3 has a probability of 0.3 %


def test_settings_that_a_failed_trial_had_not_drawn_are_no_evidence():
    """Trials that died before y was drawn lack it: that says nothing about y."""
    trials = [{"x": place / 20, "y": place * 7 % 20} for place in range(20)]
    lost = [place % 4 == 0 for place in range(20)]
    cut = [{"x": t["x"]} if none else t for t, none in zip(trials, lost, strict=True)]
    assert set(dependence(cut, lost)) == {"x"}
    assert not decide(cut, lost).count


def test_nothing_missing_needs_no_word():
    """No sentence where every trial has a result; where none has, all failed: nobody calls that no trials."""
    assert decide([{"x": 1.0}, {"x": 2.0}], [False, False]).notes == []
    none = decide([{"x": 1.0}, {"x": 2.0}], [True, True])
    assert none.count
    assert none.foremost == "None of 2 trials has a result: all count as failed trainings."
    assert not decide([{"x": 1.0}, {"x": 2.0}], [True, True], "ignore").count


def written(path, metric, results):
    """A file of `RATES` and results; None is an empty cell."""
    rows = zip(RATES.tolist(), results, strict=True)
    lines = [f"{rate!r},{'' if result is None else repr(result)}" for rate, result in rows]
    path.write_text("\n".join([f"rate,{metric}", *lines]) + "\n", encoding="utf-8")
    return path


def test_a_file_and_an_optuna_study_of_the_same_trials_agree(tmp_path):
    """Where a rate above 0.1 gives NaN: both count 15 of 60 as failed, with the worst finite loss."""
    losses = [None if rate > 0.1 else (math.log10(rate) + 2) ** 2 for rate in RATES.tolist()]
    of_file = read_csv_table(written(tmp_path / "trials.csv", "loss", losses), "loss")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study()
    for rate in RATES.tolist():
        study.enqueue_trial({"rate": rate})

    def objective(trial):
        trial.suggest_float("rate", 1e-4, 1, log=True)
        return math.nan if losses[trial.number] is None else losses[trial.number]

    study.optimize(objective, 60)
    of_study = from_study(study)
    assert of_file.trials["outcome"].eq("diverged").tolist() == (RATES > 0.1).tolist()
    np.testing.assert_allclose(of_study.trials["value"], of_file.trials["value"])
    assert of_file.cap == of_study.cap == max(loss for loss in losses if loss is not None)
    sentence = "15 of 60 trials have no result, and whether one has depends on rate (p < 0.001)"
    assert of_file.notes[0].startswith(sentence)
    assert of_study.notes[0].startswith(sentence)
    assert of_study.foremost == of_study.notes[0]  # it stands above the answer


def test_half_without_a_result_is_left_out_where_no_setting_decides(tmp_path):
    """Half of 60 trials are unfinished, whatever their rate: 30 are measured, as if the others were not."""
    scores = [rate if number % 4 < 2 else None for number, rate in enumerate(RATES.tolist())]
    study = read_csv_table(written(tmp_path / "trials.csv", "score", scores), "score")
    assert study.trials["rate"].tolist() == [score for score in scores if score is not None]
    assert (study.trials["outcome"] == "trained").all()
    assert study.cap is None
    assert study.foremost == ""
    assert study.notes[0].startswith("30 of 60 trials have no result, which depends on no setting")
