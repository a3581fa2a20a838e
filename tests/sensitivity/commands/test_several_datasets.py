"""A sweep of several datasets: a run folder each, as of the dataset alone, and what all say together."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from sweeps.definition import parse
from sweeps.errors import DefinitionError
from sweeps.several import dataset_names

DEFINITION = """
name = "mine"
dataset = ["moons", "circles"]
epochs = 2
search = 2
data.samples = 80

[network]
hidden = [4]

[space]
optimizer = ["sgd", "adam"]
learning_rate = [0.001, 0.1]
batch_size = 32
"""


def run(*words, folder, language="en", code=0):
    done = subprocess.run(
        [sys.executable, "-m", "sensitivity", *map(str, words)],
        check=False,
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "SENSITIVITY_LANGUAGE": language},
    )
    assert done.returncode == code, done.stdout + done.stderr
    return re.sub(r"\s+", " ", done.stdout + done.stderr)


def tables(folder):
    """Contents of the table of trials but for the seconds."""
    return pd.read_csv(folder / "tables" / "trials.csv").drop(columns="seconds")


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("several")
    (folder / "mine.toml").write_text(DEFINITION, encoding="utf-8")
    said = run("sweep", "mine.toml", "-w", 1, folder=folder)
    return folder, said


def test_each_dataset_has_a_run_folder_and_all_have_one_page(swept):
    """The pages link to each other's folders; the tables across lie beside the page."""
    folder, said = swept
    whole = folder / "runs" / "mine"
    page = (whole / "report.html").read_text(encoding="utf-8")
    for name in ("moons", "circles"):
        assert (whole / name / "report.html").is_file()
        assert f'href="{name}/report.html"' in page
    settings = pd.read_csv(whole / "tables" / "across_settings.csv")
    assert sorted(settings["setting"]) == ["learning_rate", "optimizer"]
    assert "mine: all datasets together" in said


def test_each_equals_the_sweep_of_that_dataset_alone(swept):
    """Also by the option, in either spelling."""
    folder, _ = swept
    run("sweep", "mine.toml", "--dataset", "circles", "--no-report", "-w", 1, folder=folder)
    alone = folder / "runs" / "mine-circles"
    pd.testing.assert_frame_equal(tables(alone), tables(folder / "runs" / "mine" / "circles"))
    definition = (alone / "sweep.toml").read_text(encoding="utf-8")
    assert definition == (folder / "runs" / "mine" / "circles" / "sweep.toml").read_text(encoding="utf-8")


def test_killed_and_resumed_by_its_folder_it_is_the_same(swept):
    """Killed in the first dataset, the folder alone goes on with both."""
    folder, _ = swept
    out = folder / "again"
    command = [
        sys.executable,
        "-m",
        "sensitivity",
        "sweep",
        "mine.toml",
        "--out",
        out,
        "--no-report",
        "-w",
        "1",
    ]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as process:
        while not (out / "moons" / "study.journal").exists() and process.poll() is None:
            time.sleep(0.01)
        process.kill()
    run("sweep", "--out", out, "--no-report", "-w", 1, folder=folder)
    for name in ("moons", "circles"):
        pd.testing.assert_frame_equal(tables(out / name), tables(folder / "runs" / "mine" / name))
    assert (out / "tables" / "across.csv").read_bytes() == (
        folder / "runs" / "mine" / "tables" / "across.csv"
    ).read_bytes()


def test_compare_says_the_same_of_finished_runs(swept):
    """Named one by one or by the folder of all; in Korean too."""
    folder, _ = swept
    whole = folder / "runs" / "mine"
    run("compare", whole / "moons", whole / "circles", "--out", "compared", folder=folder)
    for name in ("across", "across_settings", "across_datasets", "comparison"):
        mine, theirs = (at / "tables" / f"{name}.csv" for at in (whole, folder / "compared"))
        assert mine.read_bytes() == theirs.read_bytes()
    settings = pd.read_csv(whole / "tables" / "across_settings.csv")
    word = {"set once": "Set once for all: ", "tune per dataset": "Tune for each dataset: "}
    said = run("show", whole, "across_settings", folder=folder)
    assert all(word.get(verdict, "Cannot be judged with") in said for verdict in settings["verdict"])
    assert "of score" in run("show", whole, "across", folder=folder)
    assert "모든 데이터셋에" in run("compare", whole, folder=folder, language="ko")
    page = (whole / "report.html").read_bytes()
    run("report", whole, folder=folder)
    assert (whole / "report.html").read_bytes() == page
    assert "holds a run of each dataset" in run("zoom", whole, "--out", "x.toml", folder=folder, code=2)


def test_runs_that_differ_in_more_than_the_dataset_are_said_to(swept):
    """Other epochs are mixed into every difference."""
    folder, _ = swept
    how = ("--dataset", "moons", "--epochs", 1, "--out", "short", "--no-report", "-w", 1)
    run("sweep", "mine.toml", *how, folder=folder)
    said = run("compare", "short", folder / "runs" / "mine" / "circles", folder=folder)
    assert "differs from short in more than the dataset" in said
    assert "epochs: 1 → 2" in said


@pytest.mark.slow
def test_one_study_each_in_a_database(swept):
    """One storage holds the studies of all; the folder alone goes on."""
    folder, _ = swept
    storage = f"sqlite:///{folder}/studies.db"
    how = ("--storage", storage, "--out", "stored", "--no-report", "-w", 1)
    run("sweep", "mine.toml", *how, folder=folder)
    run("sweep", "--out", "stored", "--no-report", "-w", 1, folder=folder)
    stored = tables(folder / "stored" / "circles")
    pd.testing.assert_frame_equal(stored, tables(folder / "runs" / "mine" / "circles"))


@pytest.mark.slow
def test_a_shared_folder_holds_one_for_each(swept):
    """And who joins by the folder alone finds all of them done."""
    folder, _ = swept
    run("sweep", "mine.toml", "--share", "net", "--no-report", "-w", 1, folder=folder)
    said = run("sweep", "--share", "net", "--no-report", "-w", 1, folder=folder)
    assert "all datasets together" in said
    shared = tables(folder / "net" / "circles" / "run")
    pd.testing.assert_frame_equal(shared, tables(folder / "runs" / "mine" / "circles"))


def test_another_sweep_is_not_mixed_in(swept):
    """Other epochs are another sweep, refused before anything is written."""
    folder, _ = swept
    said = run("sweep", "mine.toml", "--epochs", 3, folder=folder, code=2)
    assert "holds another sweep (moons: epochs: 2 → 3)" in said


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([], "an empty list"),
        (["moons", "moons"], "'moons' twice"),
        (["moons", 3], "3, which is no name"),
        (["a/x.csv", "b/x.csv"], "both be kept in a folder x"),
    ],
)
def test_lists_that_are_refused(given, sentence):
    """One sentence each."""
    with pytest.raises(DefinitionError, match=sentence):
        dataset_names(given)


def test_different_kinds_of_metric_are_refused(tmp_path):
    """Nothing is left behind, and the sentence says how both can be seen all the same."""
    said = run("sweep", "quick", "-d", "moons,diabetes", folder=tmp_path, code=2)
    assert "moons is a classification and diabetes a regression" in said
    assert not list(Path(tmp_path).iterdir())


def test_a_list_of_one_is_that_name():
    """Elsewhere a list of several is refused."""
    raw = {"dataset": ["moons"], "space": {"learning_rate": [0.1, 0.2]}}
    assert parse(raw).dataset == "moons"
    with pytest.raises(DefinitionError, match="which only the command sweep takes"):
        parse(raw | {"dataset": ["moons", "circles"]})
