"""``best``: what is said, what is written, what is refused."""

import joblib
import numpy as np
import pytest


def test_it_says_what_to_take_and_why(trained, command):
    """Configuration, rule, its interval, which allows for its luck, and the worst neighbour."""
    code, output, _ = command("best", trained)
    assert code == 0
    for words in (
        "optimizer",
        "learning rate",
        "chosen by",
        "worst neighbour",
        "its interval allows for that",
        "too good by some",
    ):
        assert words in output
    assert "[" in output


def test_the_best_by_mean_is_that_of_the_table(trained, command):
    """--by mean: the lowest mean over the replicates of the plan."""
    from sensitivity.reading.runs import read_run

    trials = read_run(trained).trials
    plan = trials[trials.phase == "plan"]
    means = plan.groupby(["optimizer", "learning_rate"]).value.mean()
    _, output, _ = command("best", trained, "--by", "mean")
    assert f"{means.min():.3g}"[:5] in output
    assert means.idxmin()[0] in output


def test_strangers_trials_have_a_best_and_no_code(tmp_path, command, assert_one_sentence):
    """A table has configurations to choose from, but nobody knows how they were trained."""
    path = tmp_path / "a.csv"
    rows = [
        f"{rate},{seed},{(rate - 0.2) ** 2 + 0.001 * seed}" for rate in (0.1, 0.2, 0.3) for seed in (0, 1)
    ]
    path.write_text("\n".join(["lr,seed,loss", *rows]), encoding="utf-8")
    code, output, _ = command("best", path, "--metric", "loss")
    assert code == 0
    assert "lr 0.2" in output
    assert_one_sentence(command("best", path, "--as", "torch"), "only their own program", path)


def test_mistakes_are_one_sentence(trained, tmp_path, command, assert_one_sentence):
    """Unknown framework and rule, code without a language, no folder for the model, nothing confirmed."""
    assert_one_sentence(command("best", trained, "--as", "tourch"), "torch")
    assert_one_sentence(command("best", trained, "--by", "luck"), "forgiving")
    assert_one_sentence(command("best", trained, "--out", tmp_path), "--as torch")
    assert_one_sentence(command("best", trained, "--fit", tmp_path / "no" / "m.joblib"), "no folder")
    assert_one_sentence(command("best", trained, "--fit", tmp_path), "is a folder")
    assert_one_sentence(command("best", trained, "--by", "confirmed"), "confirm")
    (tmp_path / "file").touch()
    assert_one_sentence(command("best", trained, "--as", "torch", "--out", tmp_path / "file"), "is a file")


def test_a_fitted_model_can_be_loaded(trained, tmp_path, command):
    """It predicts the classes of the data it was fitted on, far better than guessing."""
    from sklearn.datasets import load_iris

    goal = tmp_path / "model.joblib"
    code, output, _ = command("best", trained, "--fit", goal)
    assert code == 0
    assert "150 examples" in output
    x, y = load_iris(return_X_y=True)
    model = joblib.load(goal)
    assert np.allclose(model.predict_proba(x).sum(axis=1), 1)
    assert model.score(x, y) > 0.5


@pytest.mark.parametrize("framework", ["torch", "optax", "keras", "toml"])
def test_code_goes_to_the_screen_or_to_a_folder(framework, trained, tmp_path, command):
    """Printed it is nothing but code; in a folder it is the same text."""
    _, printed, _ = command("best", trained, "--as", framework, "--by", "mean")
    code, _, _ = command("best", trained, "--as", framework, "--by", "mean", "--out", tmp_path / "code")
    assert code == 0
    (written,) = (tmp_path / "code").iterdir()
    assert written.read_text(encoding="utf-8") == printed
    if framework == "toml":
        import tomllib

        assert tomllib.loads(printed)["space"]["batch_size"] == 8
    else:
        compile(printed, "best.py", "exec")
