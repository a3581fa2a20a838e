"""Trials of a function of the user's own, from the run to what is said of them."""

import re
import shutil
import tomllib

import numpy as np
import pytest
import toys

import sensitivity
from sensitivity.measures.measuring import all_tables
from sensitivity.pictures import saving
from sensitivity.reading.runs import read_run
from sensitivity.reporting.answer import answer
from sweeps.errors import DefinitionError, StudyError

SPACE = {"a": [1, 2, 3, 4], "b": [0.0, 0.5, 1.0]}


def swept(train, space=None, **more):
    """Study of a small sweep of a function in this process."""
    raw = {"name": "own", "search": 0, "replicates": 3, "space": space or SPACE, **more}
    return sensitivity.sweep(raw, objective=train)


def additive(configuration, seed):
    """The sum of both settings and a little noise."""
    return configuration["a"] + configuration["b"] + (seed % 100) * 1e-4


def test_shares_are_those_worked_out_by_hand():
    """Variance of a: 5/4, of b: 1/6; there is no cap, and nothing failed."""
    study = swept(additive)
    ranking = all_tables(study)["ranking"].set_index("setting")
    whole = 5 / 4 + 1 / 6
    assert ranking.loc["a", "total_effect"] == pytest.approx(5 / 4 / whole, abs=1e-3)
    assert ranking.loc["b", "total_effect"] == pytest.approx(1 / 6 / whole, abs=1e-3)
    assert (study.cap, study.chance, study.foremost, study.metric) == (None, None, "", "value")


def test_no_result_where_it_depends_on_a_setting_counts_as_failed():
    """The worst finite value stands for it, said above the answer; the table keeps it without a value."""

    def fails(configuration, seed):
        if configuration["a"] == 4:
            raise ValueError("a is 4")
        return additive(configuration, seed)

    study = swept(fails)
    assert study.cap == study.trials["value"].max() == pytest.approx(4, abs=0.02)
    assert (study.trials.query("a == 4")["outcome"] == "diverged").all()
    lost = study.every.query("a == 4")
    assert (lost["outcome"] == "failed").all()
    assert lost["value"].isna().all()
    assert lost["message"].str.startswith("ValueError: a is 4 (test_functions.py, line ").all()
    assert study.foremost.startswith(
        "9 of 36 trials have no result, and whether one has depends on a (p < 0.001)"
    )
    assert "9 raised an error or gave no number (ValueError: a is 4" in study.foremost
    assert study.worst_as_cap


def test_no_result_by_chance_is_left_out_and_told():
    """Of six trials spread evenly over the settings nothing can be said but that they are missing."""
    calls = []

    def fails(configuration, seed):
        calls.append(seed)
        if len(calls) % 7 == 0:
            raise ValueError("now and then")
        return additive(configuration, seed)

    study = swept(fails)
    assert (len(study.trials), len(study.every)) == (31, 36)
    assert study.cap is None
    assert "5 of 36 trials have no result, which depends on no setting" in study.foremost
    assert "0 of the other 31 trials" in answer(study, all_tables(study))[2]


def test_trials_of_two_metrics_are_not_compared(monkeypatch):
    """Recorded before the sweep itself refused them: half of the losses would be accuracies."""
    monkeypatch.setattr("sweeps.recorder.not_compared", lambda trial, _: trial)

    def mixed(configuration, seed):
        return {"accuracy" if configuration["a"] == 4 else "loss": additive(configuration, seed)}

    with pytest.raises(StudyError, match=r"'loss' in 27 trials and 'accuracy' in 9 trials; sweep again with"):
        swept(mixed)


def test_infinite_results_are_diverged_and_count():
    """NaN is a result of training, and a bad one: whatever the settings say, it counts with the worst."""

    def explodes(configuration, seed):
        return float("nan") if configuration["a"] == 4 else additive(configuration, seed)

    study = swept(explodes)
    assert (study.trials["outcome"] == "diverged").sum() == 9
    assert set(study.every["outcome"]) == {"trained", "diverged"}
    assert study.foremost == ""
    assert any("Diverged trials count with the worst finite value" in note for note in study.notes)


def test_a_maximised_metric_is_shown_in_its_own_sign():
    """The value is turned round, the metric's own column is not; other metrics stand beside it."""

    def score(configuration, seed):
        return {"score": -additive(configuration, seed), "value": 1.0, "a": 3}

    study = swept(score, metric="score", maximise=True)
    assert study.turned
    assert np.allclose(study.trials["value"], -study.trials["score"])
    assert (study.trials["metric_a"] == 3).all()
    assert any("score is maximised and shown as it was recorded" in remark for remark in study.remarks)
    assert "value" in study.trials


def test_the_first_metric_names_itself():
    """Without a metric asked for, the first of the mapping counts, under its name."""
    assert swept(lambda c, _: {"regret": c["a"], "other": 0}).metric == "regret"


def test_curves_begin_with_the_first_epoch():
    """Tables of epochs count from 1; there is no epoch 0, for nobody knows what was before."""

    def falls(configuration, seed):
        for epoch in range(1, 5):
            yield additive(configuration, seed) / epoch

    study = swept(falls)
    tables = all_tables(study)
    curves = tables["learning_curves"]
    assert sorted(set(curves["epoch"])) == [1, 2, 3, 4]
    best = curves[curves["is_best"]].sort_values("epoch")
    assert best["mean"].to_numpy() == pytest.approx(best["mean"].iloc[0] / np.arange(1, 5))
    assert sorted(set(tables["sensitivity_over_epochs"]["epoch"])) == [1, 2, 3, 4]
    area = tables["training_speed"].iloc[0]["area"]
    mean = study.trials["value"].mean() * 4
    assert area == pytest.approx(mean * (1 / 2 + 1 / 2 + 1 / 3 + 1 / 8) / 3)


def test_words_speak_of_no_networks():
    """Nothing on the page of a function is about networks, weights or minibatches."""
    study = swept(additive)
    assert study.spoken("12 networks diverged with this seed after an epoch") == (
        "12 trials failed with this seed after an step"
    )
    assert study.spoken("split and seed") == "replicate"


@pytest.mark.parametrize("options", [{"workers": 2}, {"timeout": 5}], ids=["workers", "timeout"])
def test_a_closure_goes_to_no_other_process(options):
    """One sentence says where to put it."""
    raw = {"space": SPACE, **{key: value for key, value in options.items() if key != "workers"}}
    with pytest.raises(DefinitionError, match=r"cannot be sent to another process.*define it in a module"):
        sensitivity.sweep(raw, objective=lambda c, _: c["a"], workers=options.get("workers", 1))


def test_a_function_of_a_module_goes_to_workers():
    """A function at hand that stands in a module gives the same trials with two workers."""
    raw = {"space": {"a": [1, 2]}, "search": 0}
    one, two = (sensitivity.sweep(raw, objective=toys.distance, workers=workers) for workers in (1, 2))
    assert one.trials.drop(columns="seconds").equals(two.trials.drop(columns="seconds"))


MINE = """
def train(configuration, seed):
    if configuration["a"] == 4:
        raise ValueError("a is 4")
    return {"error": configuration["a"] + configuration["b"], "other": seed % 5}
"""
TOML = """
name = "mine"
objective = "mine_by_name:train"
search = 5
[space]
a = [1, 2, 3, 4]
b = [0.0, 0.5, 1.0]
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Folder with a module, its definition and the run of it."""
    from typer.testing import CliRunner

    from sensitivity.commands.cli import app

    folder = tmp_path_factory.mktemp("mine")
    (folder / "mine_by_name.py").write_text(MINE, encoding="utf-8")
    (folder / "mine.toml").write_text(TOML, encoding="utf-8")
    out = folder / "run"
    with pytest.MonkeyPatch.context() as patch:  # nobody looks at the pictures
        patch.setattr(
            saving, "_bytes", lambda _, kind: b"" if kind != "svg" else b'<svg viewBox="0 0 1 1"></svg>'
        )
        line = ["sweep", str(folder / "mine.toml"), "--out", str(out), "--workers", "1"]
        done = CliRunner().invoke(app, line)
    assert done.exit_code == 0, done.output
    return folder, out, " ".join(done.output.split())


def test_the_command_finds_the_module_beside_the_definition(run):
    """From another folder; the first failure is told at once, all of them above the answer."""
    _, out, said = run
    assert "mine: 24 trials planned (factorial) and 5 searched, objective mine_by_name:train" in said
    assert "Note: trial 9 failed: ValueError: a is 4 (mine_by_name.py, line 4)" in said
    assert "trials have no result, and whether one has depends on a" in said
    assert "network" not in said
    table = (out / "tables/trials.csv").read_text(encoding="utf-8").splitlines()
    assert table[0].startswith(
        "number,phase,a,b,replicate,outcome,message,diverged_at,loss_rose,value,error,other"
    )
    assert table[10].startswith(
        '9,plan,4,0.0,0,failed,"ValueError: a is 4 (mine_by_name.py, line 4)",,false,,,'
    )


def test_the_page_speaks_of_no_networks(run):
    """Neither in words nor in left-over sections."""
    page = (run[1] / "report.html").read_text(encoding="utf-8")
    words = re.sub(r"<(script|style|svg).*?</\1>", "", page, flags=re.DOTALL)
    assert not re.findall(r"[^<>]*\b(?:networks?|minibatch|weights|epochs?)\b[^<>]*", words)
    assert "6 raised an error or gave no number (ValueError: a is 4" in words


def test_a_run_is_read_again_without_the_module(run, command, tmp_path):
    """Explaining never imports or even looks for the function; --failed decides by hand."""
    out = tmp_path / "copy"
    shutil.copytree(run[1], out)
    (out / "study.journal").rename(out / "kept.journal")
    from_table = read_run(out)  # the table alone
    assert from_table.trials["value"].notna().all()
    assert from_table.metric == "error"
    assert from_table.cap == read_run(run[1]).cap
    (out / "kept.journal").rename(out / "study.journal")
    ignored = read_run(out, failed="ignore")
    assert set(ignored.trials["a"]) == {1, 2, 3}
    assert ignored.every.drop(columns="seconds").equals(read_run(out).every.drop(columns="seconds"))
    code, said, _ = command("measure", out, "--failed", "ignore")
    assert code == 0
    assert "left out, as --failed ignore says." in " ".join(said.split())
    assert tomllib.loads((out / "sweep.toml").read_text())["objective"] == "mine_by_name:train"


def test_a_finished_run_resumes_by_its_folder(run, command, monkeypatch, tmp_path):
    """The module beside the definition is found again, from anywhere; edited, it is refused."""
    folder, out, _ = run
    monkeypatch.chdir(tmp_path)
    code, said, _ = command("sweep", "--out", out, "--no-report", "--workers", "1")
    assert code == 0
    assert "Already complete: 29 trials." in said
    (folder / "mine_by_name.py").write_text(MINE + "\n# edited\n", encoding="utf-8")
    code, _, error = command("sweep", "--out", out, "--no-report")
    (folder / "mine_by_name.py").write_text(MINE, encoding="utf-8")
    assert (code, error.count("\n")) == (2, 1)
    assert "the contents of the function have changed since study 'mine' began" in error


def test_a_network_has_results_always(tmp_path):
    """--failed means nothing to a run of networks."""
    (tmp_path / "sweep.toml").write_text("name = 'a'\n[space]\nlearning_rate = [0.1, 0.2]\n")
    with pytest.raises(StudyError, match="a run folder knows how each trial ended; leave out --failed"):
        read_run(tmp_path, failed="ignore")
