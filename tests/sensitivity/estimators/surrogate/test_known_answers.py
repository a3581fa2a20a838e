"""Accuracy and coverage on the ten functions with known answers, Optuna's evaluators beside them.

``pytest -m slow -s tests/sensitivity/test_known_answers.py`` prints the whole table. ``KNOWN_ANSWERS_SEEDS``
sets the repetitions at n = 100 (default 8); n = 300 has half of them, n = 1,000 a quarter.
"""

import os
import warnings

import numpy as np
import pandas as pd
import pytest
from problems import CAP, NULL, PROBLEMS

from sensitivity.estimators.surrogate.decomposition import surrogate_decomposition
from sensitivity.remarks import JUDGEMENT, Judgement
from sweeps.space import Choices, IntegerRange

pytestmark = pytest.mark.slow

SEEDS = int(os.environ.get("KNOWN_ANSWERS_SEEDS", "8"))
REPETITIONS = {100: SEEDS, 300: max(SEEDS // 2, 2), 1000: max(SEEDS // 4, 2)}
LIMIT = {100: (0.016, 0.033), 300: (0.008, 0.010), 1000: (0.003, 0.006)}
ROUNDING = 1e-5  # the truths have five digits


def scores(problem, count, seeds):
    """Per repetition: mean absolute error and share covered, of main and of total effects."""
    rows = []
    for seed in range(seeds):
        found = surrogate_decomposition(problem.draw(count, seed), problem.space, branches=False)
        row = []
        for kind, truth in (("main", problem.main), ("total", problem.total)):
            part = found[found["kind"] == kind].set_index("setting")
            assert part.index.tolist() == problem.space.names
            exact = np.array([truth[name] for name in part.index])
            covered = (part["low"] - ROUNDING <= exact) & (exact <= part["high"] + ROUNDING)
            row += [np.abs(part["share"] - exact).mean(), covered.mean()]
        rows.append(row)
    return np.mean(rows, axis=0)


@pytest.mark.parametrize("count", LIMIT)
def test_accuracy_and_coverage(count):
    """Mean error over the nine functions within the limits; from 300 on, intervals cover 90 %."""
    print(f"\nn = {count}: error of main, coverage, error of total, coverage")
    table = []
    for name, problem in PROBLEMS.items():
        row = scores(problem, count, REPETITIONS[count])
        print(f"{name:12s} {row[0]:.4f} {row[1]:.2f} {row[2]:.4f} {row[3]:.2f}")
        if name != NULL:
            table.append(row)
    main, main_cover, total, total_cover = np.mean(table, axis=0)
    print(f"{'mean of nine':12s} {main:.4f} {main_cover:.3f} {total:.4f} {total_cover:.3f}")
    assert main <= LIMIT[count][0]
    assert total <= LIMIT[count][1]
    assert count < 300 or min(main_cover, total_cover) >= 0.9


@pytest.mark.parametrize("count", [100, 300])
def test_the_null_function_stays_below_the_noise(count):
    """In at least 95 of 100 repetitions no setting of pure noise is called above the noise."""
    problem, quiet = PROBLEMS[NULL], 0
    for seed in range(100):
        found = surrogate_decomposition(problem.draw(count, seed), problem.space, branches=False)
        quiet += not (found[JUDGEMENT] == Judgement.ABOVE).any()
    print(f"\nn = {count}: {quiet} of 100 repetitions without a false alarm")
    assert quiet >= 95


def test_diverged_ranks_the_learning_rate_first():
    """Batch size never comes first in 20 repetitions at n = 100."""
    problem = PROBLEMS["diverged"]
    for seed in range(20):
        found = surrogate_decomposition(problem.draw(100, seed), problem.space, branches=False)
        total = found[found["kind"] == "total"].set_index("setting")["share"]
        assert total.idxmax() == "lr"


def study_of(problem, table):
    """The same trials as an Optuna study; diverged ones fail, as Optuna itself has it for NaN."""
    import optuna

    def distribution(setting):
        domain = setting.variants[0].domain
        if isinstance(domain, Choices):
            return optuna.distributions.CategoricalDistribution(domain.values)
        kind = (
            optuna.distributions.IntDistribution
            if isinstance(domain, IntegerRange)
            else optuna.distributions.FloatDistribution
        )
        return kind(domain.low, domain.high, log=domain.log)

    study = optuna.create_study()
    for row in table.astype("object").to_dict("records"):
        if problem.name == "diverged" and row["value"] >= CAP - 1e-9:
            continue
        given = {name: row[name] for name in problem.space.names if not pd.isna(row[name])}
        chosen = {s.name: distribution(s) for s in problem.space.settings if s.name in given}
        study.add_trial(
            optuna.trial.create_trial(params=given, distributions=chosen, value=float(row["value"]))
        )
    return study


@pytest.mark.parametrize("count", [100, 300])
def test_optuna_on_the_same_trials(count):
    """Optuna's importances against main and total effects: each is several times further off than ours."""
    import optuna
    from optuna import importance

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    evaluators = {
        "fANOVA": importance.FanovaImportanceEvaluator(seed=0),
        "MDI": importance.MeanDecreaseImpurityImportanceEvaluator(seed=0),
        "PED-ANOVA": importance.PedAnovaImportanceEvaluator(),
    }
    errors = {name: [] for name in (*evaluators, "ours")}
    for problem in (problem for name, problem in PROBLEMS.items() if name != NULL):
        table = problem.draw(count, 0)
        study = study_of(problem, table)
        found = surrogate_decomposition(table, problem.space, branches=False).set_index(["kind", "setting"])
        ours = [
            found.loc[(kind, name), "share"] for kind in ("main", "total") for name in problem.space.names
        ]
        exact = np.array([t[name] for t in (problem.main, problem.total) for name in problem.space.names])
        errors["ours"].append(np.abs(ours - exact).reshape(2, -1).mean(axis=1))
        for name, evaluator in evaluators.items():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                shares = importance.get_param_importances(study, evaluator=evaluator)
            theirs = np.tile([shares.get(setting, 0.0) for setting in problem.space.names], 2)
            errors[name].append(np.abs(theirs - exact).reshape(2, -1).mean(axis=1))
    print(f"\nn = {count}: mean absolute error of main, of total (one repetition, nine functions)")
    for name, rows in errors.items():
        print(f"{name:10s} {np.mean(rows, axis=0).round(4)}")
    ours = np.mean(errors["ours"], axis=0)
    assert all((np.mean(errors[name], axis=0) > 2 * ours).all() for name in evaluators)
