"""Adaptive samplers on the ten test functions: what is printed covers, and nothing idle is called a finding.

    pytest -m slow -s tests/sensitivity/estimators/surrogate/test_adaptive_coverage.py

prints coverage, false alarms and widths for each function and number of trials.
"""

import numpy as np
import optuna
import pandas as pd
import pytest
from adaptive import IDLE, distribution, searched, with_idle
from problems import PROBLEMS

from sensitivity.estimators import effects as e
from sensitivity.estimators.surrogate.decomposition import study_decomposition, surrogate_decomposition
from sensitivity.reading.studies import from_study
from sensitivity.remarks import Judgement, has

optuna.logging.set_verbosity(optuna.logging.ERROR)
ROUNDING = 2e-3
SIZES = (120, 300)


def judged(name, table):
    """Rows of main effects and totals of the whole, each with its true share."""
    problem = with_idle(name)
    rows = surrogate_decomposition(table, problem.space, branches=False)
    rows = rows[rows[e.KIND].isin([e.MAIN, e.TOTAL]) & rows[e.SHARE].notna()]
    truth = {e.MAIN: problem.main, e.TOTAL: problem.total}
    true = [
        truth[kind].get(setting, 0.0) for kind, setting in zip(rows[e.KIND], rows[e.SETTING], strict=True)
    ]
    return rows.assign(true=true, name=name, trials=len(table))


def summary(rows):
    """Coverage, false alarms and median width."""
    held = (rows[e.LOW] - ROUNDING <= rows["true"]) & (rows["true"] <= rows[e.HIGH] + ROUNDING)
    above = rows["judgement"] == Judgement.ABOVE
    idle = rows["true"] < 1e-9
    width = float((rows[e.HIGH] - rows[e.LOW]).median())
    return {
        "rows": len(rows),
        "covered": float(held.mean()),
        "idle": int(idle.sum()),
        "idle above": int((idle & above).sum()),
        "settings above": int((above & ~idle & (rows[e.KIND] == e.TOTAL)).sum()),
        "width": width,
    }


@pytest.mark.slow
def test_coverage_and_false_alarms_of_a_search():
    """TPE, 120 and 300 trials, three idle settings beside those of the function."""
    found = [judged(name, searched(name, size, 0)) for size in SIZES for name in PROBLEMS]
    rows = pd.concat(found, ignore_index=True)
    each = [{"name": one["name"].iloc[0], "trials": one["trials"].iloc[0], **summary(one)} for one in found]
    print(pd.DataFrame(each).round(3).to_string(index=False))
    for size in SIZES:
        whole = summary(rows[rows["trials"] == size])
        print(size, whole)
        assert whole["covered"] >= 0.9
        assert whole["idle above"] == 0


@pytest.mark.slow
def test_random_trials_make_a_search_useful():
    """With 90 of 120 random trials the leader of an additive function is found above the noise."""
    rows = judged("additive", searched("additive", 120, 0, random=90))
    assert summary(rows)["covered"] >= 0.9
    leader = rows[rows[e.KIND] == e.TOTAL].sort_values("true").iloc[-1]
    assert leader["judgement"] == Judgement.ABOVE


def crowded(trials=150, seed=3):
    """A search that settled near one corner after ten random trials; the response has a kink far from it."""
    problem = with_idle("sobol_g")
    rng = np.random.default_rng(seed)
    units = rng.random((trials, len(problem.space.names)))
    units[10:] = 0.5 + 0.03 * rng.standard_normal((trials - 10, units.shape[1]))
    units = np.clip(units, 0, 1 - 1e-9)
    return problem.tabulate([problem.space.configuration(unit) for unit in units], rng)


def test_nothing_idle_is_above_the_noise_where_trials_crowd():
    """And every interval that is printed holds the true share."""
    rows = judged("sobol_g", crowded())
    idle = rows[e.SETTING].isin([setting.name for setting in IDLE])
    assert not (rows.loc[idle, "judgement"] == Judgement.ABOVE).any()
    assert summary(rows)["covered"] == 1


def test_the_verdict_is_that_of_the_interval():
    """Under an adaptive sampler nothing is above the noise whose printed interval holds 0."""
    rows = judged("sobol_g", crowded())
    above = rows["judgement"] == Judgement.ABOVE
    assert (rows.loc[above, e.LOW] > 0).all()


def test_a_setting_that_few_trials_have_is_not_judged():
    """γ belongs to one schedule of three, tried 7 times of 200: its share may be anything."""
    problem = PROBLEMS["conditional"]
    rng = np.random.default_rng(0)
    drawn = [problem.space.configuration(unit) for unit in rng.random((900, len(problem.space.names)))]
    having = [configuration for configuration in drawn if "gamma" in configuration][:7]
    others = [configuration for configuration in drawn if "gamma" not in configuration][:193]
    rows = surrogate_decomposition(problem.tabulate([*having, *others], rng), problem.space, branches=False)
    gamma = rows[(rows[e.SETTING] == "gamma") & rows[e.KIND].isin([e.MAIN, e.TOTAL])]
    assert (gamma["judgement"] == Judgement.UNKNOWN).all()
    assert all(has(gamma["remarks"], e.FEW_HAVE_IT))
    assert gamma["remarks"].iloc[0][0].words == "not judged, as only 7 configurations have it"
    np.testing.assert_array_equal(gamma[[e.LOW, e.HIGH]], [[0.0, 1.0]] * 2)


def test_a_pruned_study_does_not_follow_the_prior():
    """Random trials of which the worse two thirds were stopped: what is left says so, and covers."""
    problem, rng = with_idle("sobol_g"), np.random.default_rng(0)
    configurations = [
        problem.space.configuration(unit) for unit in rng.random((150, len(problem.space.names)))
    ]
    values = problem.tabulate(configurations, rng)["value"]
    study = optuna.create_study()
    ends = optuna.trial.TrialState
    for configuration, value in zip(configurations, values, strict=True):
        stopped = value > np.quantile(values, 1 / 3)
        study.add_trial(
            optuna.trial.create_trial(
                params=configuration,
                distributions={s.name: distribution(s.variants[0].domain) for s in problem.space.settings},
                state=ends.PRUNED if stopped else ends.COMPLETE,
                value=float(value),
            )
        )
    rows = study_decomposition(from_study(study), branches=False)
    rows = rows[rows[e.KIND].isin([e.MAIN, e.TOTAL]) & rows[e.SHARE].notna()]
    assert len(rows)
    assert all(has(rows["remarks"], e.ADAPTIVE))
    truth = {e.MAIN: problem.main, e.TOTAL: problem.total}
    for row in rows.to_dict("records"):
        true = truth[row[e.KIND]].get(row[e.SETTING], 0.0)
        assert row[e.LOW] - ROUNDING <= true <= row[e.HIGH] + ROUNDING
        assert true > 0 or row["judgement"] != Judgement.ABOVE
