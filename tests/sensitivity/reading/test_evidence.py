"""Each kind of fault met in public result files, with an example of its own: the column is what it is."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.reading import Reading, read_csv_table
from sensitivity.reading.directions import higher_is_better
from sensitivity.vocabulary import is_rate
from sweeps.errors import StudyError
from sweeps.space import Choices


@pytest.fixture
def read(tmp_path):
    """Read a text or a frame as a file: (table, metric, options) → study."""

    def from_file(table, metric, **options):
        path = tmp_path / "trials.csv"
        if isinstance(table, str):
            path.write_text(table, encoding="utf-8")
        else:
            table.to_csv(path, index=False)
        return read_csv_table(path, metric, Reading(**options))

    return from_file


@pytest.fixture
def drawn():
    """Forty random trials of rate, width and kind, with their loss."""
    rng = np.random.default_rng(3)
    table = pd.DataFrame(
        {
            "step size": 10 ** rng.uniform(-4, -1, 40),
            "width": rng.choice([8, 16, 32], 40),
            "kind": rng.choice(["a", "b"], 40),
        }
    )
    loss = (np.log10(table["step size"]) + 2.5) ** 2 + 3 / table["width"] + 0.2 * (table["kind"] == "a")
    return table.assign(loss=loss + rng.normal(0, 0.05, 40))


def domain(study, name):
    """Domain of a setting."""
    return next(each for each in study.space.settings if each.name == name).variants[0].domain


def test_other_results_and_times_are_no_settings(drawn, read):
    """By name, or because they go with the result or vary with the settings."""
    rng = np.random.default_rng(4)
    table = drawn.assign(
        **{
            "test mcc": np.exp(-drawn["loss"]),
            "q": 3 * drawn["loss"] + rng.normal(0, 0.2, 40),
            "wall time": rng.gamma(4, 30, 40),
            "params used": 100 * drawn["width"] + rng.integers(0, 9, 40),
            "process id": rng.integers(1000, 9999, 40),
        }
    )
    study = read(table, "loss")
    assert study.space.names == ["kind", "step size", "width"]
    why = {name: reason for reason, names in study.read.left_out.items() for name in names}
    assert why["q"] == why["test mcc"] == "another result"
    assert why["wall time"] == "time or resources"
    assert why["params used"] in {"in doubt", "another result"}


def test_a_precision_in_bits_is_a_setting(read):
    """What is called like a result and takes few whole values is planned."""
    rows = [(bits, rate, bits / 64 + rate) for bits in (16, 32) for rate in (0.1, 0.2, 0.4) for _ in range(2)]
    study = read(pd.DataFrame(rows, columns=["precision", "lr", "rmse"]), "rmse")
    assert study.space.names == ["lr", "precision"]


def test_a_column_blank_where_the_result_is_blank_is_another_result(drawn, read):
    """It was recorded together with it; nothing is set or unset by it."""
    lost = drawn.index % 7 == 0
    table = drawn.assign(z=drawn["width"].where(~lost), loss=drawn["loss"].where(~lost))
    assert read(table, "loss").space.names == ["kind", "step size", "width"]


def test_two_columns_that_change_together_are_one(drawn, read):
    """A model and its size cannot be told apart: the one with the plain numbers stays, the other is named."""
    table = drawn.assign(size=drawn["width"].map({8: 1.204, 16: 2.357, 32: 4.663}))
    study = read(table, "loss")
    assert "size" not in study.space.names
    assert study.read.left_out["goes one to one with another setting"] == ("size",)


@pytest.mark.parametrize(
    ("name", "higher"),
    [
        ("val_accuracy", True),
        ("mean_test_neg_mean_squared_error", True),
        ("neg_log_loss", True),
        ("F1", True),
        ("eval/mrr@10", True),
        ("r2", True),
        ("metric: x (maximize)", True),
        ("testLoss", False),
        ("error_rate", False),
        ("brier_score", False),
        ("1 - accuracy", False),
        ("accuracy_loss", False),
        ("reconstruction cost", False),
        ("y (lower is better)", False),
        ("value", None),
        ("result", None),
    ],
)
def test_the_direction_is_that_of_the_name(name, higher):
    """The last word that says it counts; a minus turns it round; a name that does not say it is no guess."""
    assert higher_is_better(name) is higher


def test_a_direction_that_nobody_says_is_asked_for(drawn, read):
    """One sentence with the two options; both at once are refused."""
    table = drawn.rename(columns={"loss": "outcome value"})
    with pytest.raises(StudyError, match="'outcome value' is better: add --maximize or --minimize"):
        read(table, "outcome value")
    assert read(table, "outcome value", minimise=True).direction == "lower is better"
    with pytest.raises(StudyError, match="both --maximize and --minimize"):
        read(table, "outcome value", minimise=True, maximise=True)


@pytest.mark.parametrize("name", ["lr", "lrate", "init_lr", "learningRate", "config/lr", "Lernrate", "eta0"])
def test_a_learning_rate_is_known_by_name(name):
    """However it is written."""
    assert is_rate(name)


@pytest.mark.parametrize(
    "name", ["lr_decay", "lr_scheduler", "dropout_rate", "learning_rate_warmup", "error rate"]
)
def test_what_belongs_to_a_learning_rate_is_none(name):
    """Its schedule, or another rate."""
    assert not is_rate(name)


def test_bad_cells_are_named_and_the_column_stays(drawn, read):
    """Row, column and what stands there; the trial is left out, also where the result is no number."""
    table = drawn.astype(object)
    table.loc[4, "step size"], table.loc[9, "loss"] = "#REF!", "oom"
    study = read(table, "loss")
    assert domain(study, "step size").log
    assert len(study.trials) == 38
    assert "step size: row 5 has '#REF!', which is no number: that trial was left out." in study.notes
    assert "loss: row 10 has 'oom', which is no number: that trial was left out." in study.notes


@pytest.mark.parametrize(
    "text",
    [
        "# made by hand\nlr,kind,loss\n",
        "Results of Monday\nlr,kind,loss\n",
        "% a, b, c\n\nlr;kind;loss\n",
        "lr\tkind, or so\tloss\n",
        "lr|kind|loss\n",
    ],
)
def test_comments_titles_and_separators(text, read):
    """The separator is the one that fits the rows; what is above the header is named."""
    mark = next(mark for mark in "\t|;," if mark in text.splitlines()[-1])
    rows = [
        f"{rate:g}{mark}{kind}{mark}{rate + (kind == 'a')}" for rate in (0.1, 0.2, 0.4) for kind in "aabb"
    ]
    study = read(text + "\n".join(rows), "loss")
    assert len(study.trials) == 12
    assert study.space.names in (["kind", "lr"], ["kind, or so", "lr"])


def test_rows_at_the_end_that_sum_up_are_no_trials(read):
    """Means, remarks, the header once more, a line cut off: each named by its line."""
    rows = [f"{rate},{kind},{rate * 2}" for rate in (0.1, 0.2, 0.4, 0.8) for kind in "abab"]
    study = read("\n".join(["lr,kind,loss", *rows, "average,,0.75", "done on Monday"]), "loss")
    assert len(study.trials) == 16
    assert "Left out as no trial: line 18 (average) and line 19 (a remark)." in study.notes
    again = read("\n".join(["lr,kind,loss", *rows[:8], "lr,kind,loss", *rows[8:], "0.1,a"]), "loss")
    assert len(again.trials) == 16
    assert "Left out: line 10, the header once more." in again.notes
    assert "Left out as no trial: line 19 (cut off)." in again.notes


def test_a_level_called_mean_is_no_summary(read):
    """Pooling by mean or by max: the last row is a trial."""
    rows = [f"{pool},{depth},{depth * 2}" for pool in ("max", "mean") for depth in (1, 2, 3, 4)]
    study = read("\n".join(["pooling,depth,loss", *rows]), "loss")
    assert len(study.trials) == 8
    assert domain(study, "pooling") == Choices(("max", "mean"))


def test_levels_sort_as_people_sort_them(read):
    """100 % after 20 %, lists by their numbers, texts by the numbers in them."""
    rows = [
        f"{part},{net},{place}"
        for place, part in enumerate(("10 px", "100 px", "20 px") * 4)
        for net in ("s2",)
    ]
    study = read("\n".join(["part,net,loss", *rows]), "loss")
    assert domain(study, "part") == Choices(("10 px", "20 px", "100 px"))


def test_none_is_missing_where_a_rule_says_so_and_a_level_elsewhere(read):
    """A momentum of None for adam is inactive; a depth limit of None is a value like the others."""
    rows = [
        f"{kind},{'None' if kind == 'adam' else beta},{depth},{beta}"
        for kind in ("adam", "sgd")
        for beta in (0.1, 0.5, 0.9)
        for depth in ("3", "None", "10")
    ]
    study = read("\n".join(["optimizer,momentum,max_depth,loss", *rows]), "loss")
    when = {setting.name: dict(setting.variants[0].when) for setting in study.space.settings}
    assert when == {"optimizer": {}, "momentum": {"optimizer": ("sgd",)}, "max_depth": {}}
    assert domain(study, "max_depth") == Choices(("3", "10", "None"))


def test_folds_by_any_name_are_replicates(read):
    """Columns whose mean is the result, row by row, are its folds: the noise of the grid is known."""
    rng = np.random.default_rng(5)
    rows = []
    for depth in (1, 2, 3):
        for rate in (0.1, 0.3):
            folds = depth / 10 + rate + rng.normal(0, 0.01, 3)
            rows.append((depth, rate, *folds.round(6), folds.mean().round(6)))
    table = pd.DataFrame(rows, columns=["depth", "lr", "auc fold 1", "auc fold 2", "auc fold 3", "auc"])
    study = read(table, "auc")
    assert study.space.names == ["depth", "lr"]
    assert len(study.trials) == 18
    assert study.trials["replicate"].tolist() == [0, 1, 2] * 6
    np.testing.assert_allclose(-study.trials["value"].to_numpy().reshape(6, 3), table.iloc[:, 2:5])


def test_of_a_multi_fidelity_log_the_largest_budget_is_explained(read):
    """The budget is no setting; rows with less are counted. Of a run's history the last row counts."""
    rows = [
        (number, budget, rate, rate / budget)
        for number, rate in enumerate(0.01 * 1.3 ** np.arange(20))
        for budget in (1, 3, 9)
    ]
    study = read(pd.DataFrame(rows, columns=["config_id", "budget", "lr", "loss"]), "loss")
    assert study.space.names == ["lr"]
    assert len(study.trials) == 20
    assert "Explained is the largest budget, 9: 40 rows with less were left out." in study.notes
    history = pd.DataFrame(rows, columns=["trial_id", "training_iteration", "lr", "loss"])
    last = read(history, "loss")
    np.testing.assert_allclose(last.trials["value"], [row[3] for row in rows if row[1] == 9])
    assert any("40 earlier rows" in note for note in last.notes)


def test_the_history_of_one_run_is_refused(read):
    """A row per epoch and no setting that varies: one sentence."""
    table = pd.DataFrame({"epoch": range(9), "lr": 0.1, "train_acc": np.arange(9) / 10, "val_loss": 1.0})
    with pytest.raises(StudyError, match=r"the history of one run \('epoch' counts up"):
        read(table, "val_loss")


def test_trials_that_did_not_end_are_left_out_and_counted(drawn, read):
    """Killed and running ones by their state; a finished one without a number diverged."""
    state = ["finished"] * 40
    state[3], state[5], state[8] = "killed", "running", "crashed"
    loss = drawn["loss"].astype(object)
    loss[8], loss[11] = "", "NaN"
    study = read(drawn.assign(loss=loss, State=state), "loss")
    assert len(study.trials) == 37
    assert (study.trials["outcome"] == "diverged").sum() == 1
    assert {"1 killed trial was left out.", "1 running trial was left out."} <= set(study.notes)


def test_every_option_is_obeyed(drawn, read):
    """Rate, branch, replicate, fidelity, scales and names, each by hand."""
    table = drawn.assign(again=np.arange(40) % 2, amount=np.where(np.arange(40) < 10, 1, 2))
    study = read(
        table, "loss", rate="width", branch="kind", replicate="again", fidelity="amount", linear=["step size"]
    )
    assert (study.rate, study.branch) == ("width", "kind")
    assert not domain(study, "step size").log
    assert {"again", "amount"}.isdisjoint(study.space.names)
    assert len(study.trials) == 30
    names = read(drawn, "loss", categorical=["width"], log=["step size"])
    assert domain(names, "width") == Choices(("8", "16", "32"))
    by_width = read(drawn, "loss", branch="width")
    assert domain(by_width, "width") == Choices((8, 16, 32))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"log": ["zero"]}, "--log 'zero': row 1 has 0, and a logarithmic scale has positive numbers only"),
        ({"log": ["kind"]}, "--log 'kind': it has no numbers"),
        ({"log": ["width"], "linear": ["width"]}, "'width' cannot be both --log and --linear"),
        ({"log": ["loss2"]}, "--log: 'loss2' was not read as a setting; add --setting 'loss2'"),
        ({"rate": "kind"}, "--rate 'kind' has no numbers"),
        ({"branch": "step size"}, "--branch 'step size' has 40 values; branches need 2 to"),
        ({"fidelity": "kind"}, "--fidelity 'kind' has no numbers"),
        ({"settings": ["width"], "ignore": ["width"]}, "'width' cannot be --setting and --ignore"),
        ({"ignore": ["loss"]}, "'loss' cannot be --metric and --ignore"),
        ({"replicate": "sed"}, "no column 'sed' for --replicate"),
    ],
)
def test_an_option_that_cannot_be_obeyed_is_refused(drawn, read, options, words):
    """One sentence that names the option, the column and the row."""
    table = drawn.assign(zero=np.arange(40) % 4, loss2=drawn["loss"] * 2)
    with pytest.raises(StudyError, match=words.replace("(", r"\(")):
        read(table, "loss", **options)


@pytest.mark.parametrize(
    ("columns", "settings"),
    [
        (["algo:2", "ent_coef:3", "n_steps:3", "learning_rate", "ep_len", "fps", "best_epoch:5"], 4),
        (["chunk:3", "overlap:3", "reranker:3", "latency_ms", "index_size_mb", "nDCG@10"], 3),
        (["eta", "max_depth:6", "subsample", "lambda", "train-logloss", "model params"], 4),
        (["Batch Size:3", "Dropout", "Weight Decay", "Train Acc", "wall clock", "stopped_epoch:9"], 3),
    ],
)
def test_columns_of_other_fields(read, columns, settings):
    """The settings come first in each of these; what follows are costs, results and how far a run came."""
    rng = np.random.default_rng(11)
    table = {}
    for column in columns:
        name, _, levels = column.partition(":")
        table[name] = rng.integers(1, int(levels) + 1, 60) if levels else rng.uniform(0.01, 1, 60)
    table["reward"] = table[columns[0].partition(":")[0]] + rng.normal(0, 0.1, 60)
    if "ep_len" in table:
        table["ep_len"] = 100 * table["reward"] + rng.normal(0, 3, 60)
    names = {column.partition(":")[0] for column in columns[:settings]}
    assert set(read(pd.DataFrame(table), "reward").space.names) == names


def test_inner_and_outer_folds_are_replicates_together(read):
    """A nested cross-validation: six tries of every configuration, and neither fold is a setting."""
    rows = [
        (o, i, c, g) for o in range(3) for i in range(2) for c in (0.1, 1, 10, 100) for g in (0.01, 0.1, 1)
    ]
    table = pd.DataFrame(rows, columns=["outer_fold", "inner_fold", "C", "gamma"])
    rng = np.random.default_rng(2)
    study = read(table.assign(auc=np.log10(table["C"]) / 10 + rng.normal(0, 0.01, len(table))), "auc")
    assert study.space.names == ["C", "gamma"]
    assert study.trials["replicate"].nunique() == 6
    assert study.read.replicates == ("outer_fold", "inner_fold")


@pytest.mark.parametrize(
    ("columns", "metric", "settings"),
    [
        (
            ("hp/units", "hp/learning_rate", "hp/dropout", "best_step"),
            "score",
            {"units", "learning_rate", "dropout"},
        ),
        (
            ("Batchgröße", "Lernrate", "Ausfallrate", "Bemerkung"),
            "Genauigkeit",
            {"Batchgröße", "Lernrate", "Ausfallrate"},
        ),
        (
            ("data.batch_size", "optim.lr", "model.dropout", "hydra.job.num"),
            "val/loss",
            {"data.batch_size", "optim.lr", "model.dropout"},
        ),
        (("batch_size", "lr", "dropout", "_runtime"), "val_acc", {"batch_size", "lr", "dropout"}),
    ],
)
def test_tables_of_many_tools_and_languages(read, columns, metric, settings):
    """Tuners, a sheet kept by hand, sweeps of configuration files: settings without the bookkeeping."""
    rng = np.random.default_rng(11)
    values = [rng.choice([16, 32, 64], 50), 10 ** rng.uniform(-4, -1, 50), rng.uniform(0, 0.5, 50), range(50)]
    table = pd.DataFrame(dict(zip(columns, values, strict=True)))
    study = read(table.assign(**{metric: np.log10(values[1]) + values[2]}), metric)
    assert set(study.space.names) == settings


def test_a_column_of_texts_is_no_result_before_anything_else_is_asked(drawn, read):
    """The row is named; which way is better is not the question."""
    with pytest.raises(StudyError, match=r"the metric 'kind' is not numeric: row 1 has '[ab]'"):
        read(drawn, "kind")
