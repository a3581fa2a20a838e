"""The best that is printed is the best of the ranking: a configuration's mean where seeds were repeated."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.commands.summary import foremost, title
from sensitivity.measures.measuring import all_tables
from sensitivity.measures.ranking import BEST_VALUE, ranking
from sensitivity.reading import read_csv_table
from sensitivity.remarks import JUDGEMENT, REMARKS, Judgement, Remarks
from sensitivity.reporting.decision import decision
from sensitivity.reporting.first import first_screen
from sensitivity.study import Study
from sweeps.space import Space


def sweep(tabulate, setting, response, replicates):
    """Study of a sweep over optimizers, batch sizes and schedules."""
    space = Space(
        [
            setting("optimizer", "adam", "sgd"),
            setting("batch_size", 16, 64, 256),
            setting("schedule", "a", "b"),
        ]
    )
    return Study(tabulate(space, response, replicates), space, definition="[sweep]")


NEEDED = ("ranking", "advice", "best", "tolerance", "isolation_curves", "variance_decomposition")


def best_of(study):
    """The best configuration as page and terminal say it."""
    found = first_screen(study, decision(study, all_tables(study, only=NEEDED), ()))
    return found.best[0]


def in_ranking(study):
    """The column "in best config." as a configuration is told."""
    column = ranking(study).set_index("setting")[BEST_VALUE]
    return ", ".join(f"{name.replace('_', ' ')} {column[name]}" for name in study.space.names)


def test_a_lucky_seed_is_not_the_best(tabulate, setting):
    """Of one seed sgd has the lowest trial and adam the lowest mean."""

    def error(c, r):
        if c["optimizer"] == "sgd" and c["batch_size"] == 256:
            return 0.0 if r == 0 else 0.4
        return (
            0.1
            + 0.01 * (c["batch_size"] != 64)
            + 0.02 * (c["optimizer"] == "sgd")
            + 0.01 * (c["schedule"] == "b")
        )

    study = sweep(tabulate, setting, error, 2)
    said = best_of(study)
    assert said.head == "Best configuration"
    assert said.result.startswith("value 0.1 [")
    assert "mean of 2 seeds; worst neighbour 0.11" in said.result
    assert said.chosen == "optimizer adam, batch size 64, schedule a" == in_ranking(study)


def test_equal_means_are_counted_and_taken_as_the_ranking_takes_them(tabulate, setting):
    """Of four equal configurations that the plan runs in another order than the grid: the same one."""
    study = sweep(tabulate, setting, lambda c, _: 0.0 if c["batch_size"] == 256 else 0.3, 3)
    rows = np.random.default_rng(5).permutation(len(study.trials))
    shuffled = Study(study.trials.iloc[rows].reset_index(drop=True), study.space, definition="[sweep]")
    for one in (study, shuffled):
        said = best_of(one)
        assert "mean of 3 seeds" in said.result
        assert said.result.endswith("one of 4 equal ones")
        assert said.chosen == in_ranking(one)


@pytest.mark.parametrize("seed", range(4))
def test_error_rates_of_few_samples_agree_with_the_ranking(tabulate, setting, seed):
    """Rates in steps of a tenth, with many equal ones and one replicate that is missing."""
    rng = np.random.default_rng(seed)
    study = sweep(tabulate, setting, lambda _c, _r: round(rng.integers(0, 3) / 10, 1), 3)
    study = Study(study.trials.drop(index=len(study.trials) - 1), study.space, definition="[sweep]")
    assert best_of(study).chosen == in_ranking(study)


def test_without_replicates_it_is_the_best_trial(tabulate, setting):
    """Of one seed nothing can be said of means."""
    study = sweep(tabulate, setting, lambda c, _: float(c["batch_size"]), 1)
    said = best_of(study)
    assert said.head == "Best single trial"
    assert said.result.startswith("value 16, one run, so without an interval; ")
    assert said.result.endswith("one of 4 equal ones")
    assert said.chosen == in_ranking(study)


def test_trials_beside_the_plan_are_counted_as_such(tabulate, setting):
    """Most sections do not look at crossed draws, nor at what a search tried."""
    study = sweep(tabulate, setting, lambda *_: 0.1, 3)
    assert str(title(study)) == "trials: 36 trials, 3 settings, value"
    phases = ["plan"] * 12 + ["crossed"] * 20 + ["search"] * 4
    mixed = Study(study.trials.assign(phase=phases), study.space, definition="[sweep]")
    said = "36 trials (20 of them with crossed draws, 4 of them by a search), 3 settings, value"
    assert str(title(mixed)) == f"trials: {said}"


def test_a_setting_held_at_one_value_is_not_counted(tabulate, setting):
    """What does not vary is no setting that is compared."""
    study = sweep(tabulate, setting, lambda *_: 0.1, 3)
    one = study.trials.assign(batch_size=study.trials["batch_size"].iloc[0])
    assert str(title(Study(one, study.space, definition="[sweep]"))) == "trials: 36 trials, 2 settings, value"


@pytest.mark.parametrize(
    ("table", "head", "values", "result"),
    [
        ("accuracy\n0\n", "The only trial", "", "accuracy 0, one run, so without an interval"),
        ("lr,accuracy\n0.1,0.5\n", "The only trial", "", "accuracy 0.5, one run, so without an interval"),
        ("lr,accuracy\n0.1,0\n0.2,-1\n", "Best single trial", "lr 0.1", "accuracy 0, one run, "),
    ],
)
def test_one_trial_is_no_best_one_and_a_zero_has_no_sign(table, head, values, result, tmp_path):
    """Nothing was compared; a maximised 0 is no −0."""
    (tmp_path / "t.csv").write_text(table)
    said = best_of(read_csv_table(tmp_path / "t.csv", "accuracy"))
    assert (said.head, said.chosen) == (head, values)
    assert said.result.startswith(result)


def test_of_many_settings_those_that_matter_are_shown():
    """All of twenty-five; of two hundred those told from the noise, at least ten and at most twenty-five."""
    for told_, shown in ((3, 10), (17, 17), (90, 25)):
        judgement = [Judgement.ABOVE.value] * told_ + [Judgement.UNKNOWN.value] * (200 - told_)
        table = pd.DataFrame({JUDGEMENT: judgement, REMARKS: [Remarks()] * 200})
        assert len(foremost(table)) == shown
        assert len(foremost(table[:25])) == 25
