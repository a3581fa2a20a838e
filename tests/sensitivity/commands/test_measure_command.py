"""The commands measure and compare: what they write, what they print, and one sentence per mistake."""

import shutil

import optuna
import pandas as pd
import pytest

from sensitivity.measures.registry import TABLES

TINY = """
name = "{name}"
dataset = "{dataset}"
epochs = 2
search = 0
network = {{ hidden = [3] }}

[space]
optimizer = ["sgd", "adam"]
learning_rate = {{ low = 0.01, high = 0.1, log = true, levels = 2 }}
batch_size = 8
"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two run folders, trained once."""
    from sensitivity.commands.overrides import Overrides
    from sensitivity.commands.sweep import sweep_command

    folder = tmp_path_factory.mktemp("runs")
    for dataset in ("iris", "wine"):
        (folder / "a.toml").write_text(TINY.format(name=dataset, dataset=dataset))
        sweep_command(
            str(folder / "a.toml"),
            Overrides(),
            folder / dataset,
            None,
            workers=1,
            population=None,
            report=False,
        )
    return folder / "iris", folder / "wine"


@pytest.fixture
def run_folder(runs, tmp_path):
    """Copy of a run folder."""
    return shutil.copytree(runs[0], tmp_path / "run")


@pytest.fixture
def csv_file(tmp_path):
    """Forty trials of a stranger with hostile names."""
    path = tmp_path / "trials.csv"
    rows = [f"{x},{'p' if x % 3 else 'q'},{x * x % 17}" for x in range(40)]
    path.write_text("\n".join(["[bold]x,\x1b[31mred,loss", *rows]))
    return path


def test_measure_of_a_run_writes_its_tables_beside_the_others(command, run_folder):
    """One file per measure in the run's own folder; what the sweep wrote stays the same to the byte."""
    before = {path: path.read_bytes() for path in run_folder.rglob("*") if path.is_file()}
    code, output, error = command("measure", run_folder)
    assert (code, error) == (0, "")
    written = {path.stem for path in (run_folder / "tables").glob("*.csv")}
    assert written == {"trials", *TABLES}
    assert {path: path.read_bytes() for path in before} == before
    assert "learning rate" in output
    assert f"→ {run_folder}/tables" in output


def test_measure_of_a_file_writes_its_trials_too(command, csv_file, tmp_path):
    """The trials as they were understood stand beside the measures; markup in a name is only text."""
    code, output, _ = command("measure", csv_file, "--metric", "loss", "--out", tmp_path / "out", "--cap", 10)
    assert code == 0
    assert {path.stem for path in (tmp_path / "out" / "tables").glob("*.csv")} == {"trials", *TABLES}
    trials = pd.read_csv(tmp_path / "out" / "tables" / "trials.csv")
    assert trials["value"].max() == 10
    assert "[bold]x" in output
    assert r"\x1b[31mred" in output
    assert "\x1b" not in output
    assert "worse than the cap 10" in output


def test_measure_of_a_study_by_url_and_by_file(command, tmp_path):
    """URL and name, or the path of the file alone, give the same tables."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    url = f"sqlite:///{tmp_path / 'a.db'}"
    study = optuna.create_study(storage=url, study_name="s", direction="maximize")
    for place in range(5):
        study.add_trial(
            optuna.trial.create_trial(
                value=place,
                params={"x": place / 5},
                distributions={"x": optuna.distributions.FloatDistribution(0, 1)},
            )
        )
    code, output, _ = command("measure", "--storage", url, "--study", "s", "-o", tmp_path / "one")
    assert code == 0
    assert "objective value is maximised" in output
    assert command("measure", tmp_path / "a.db", "-o", tmp_path / "two")[0] == 0
    tables = [(tmp_path / name / "tables" / "ranking.csv").read_bytes() for name in ("one", "two")]
    assert tables[0] == tables[1]


def test_compare_shows_runs_side_by_side(command, runs, tmp_path):
    """A column per run, and a table where one is asked for."""
    code, output, _ = command("compare", *runs, "--out", tmp_path / "out")
    assert code == 0
    assert "iris" in output
    assert "wine" in output
    table = pd.read_csv(tmp_path / "out" / "tables" / "comparison.csv")
    assert sorted(set(table["run"])) == ["iris", "wine"]
    assert len(table[table["branch"] == "all"]) == 4


def test_runs_of_one_name_are_told_apart_by_their_path(command, runs, tmp_path):
    """Two folders called the same are shown with as much of their paths as tells them apart."""
    again = shutil.copytree(runs[1], tmp_path / "other" / "iris")
    _, output, _ = command("compare", runs[0], again)
    assert "other/iris" in output


def test_a_copy_of_a_run_is_no_second_witness(command, runs, tmp_path):
    """A copy among other runs is left out and named; a run and its copy alone are nothing to compare."""
    again = shutil.copytree(runs[0], tmp_path / "copy")
    code, output, _ = command("compare", *runs, again)
    assert code == 0
    assert "copy holds the same trials as iris: left out." in output
    assert "2 runs" in output
    assert "3 runs" not in output
    code, _, error = command("compare", runs[0], again)
    assert (code, error.count("\n")) == (2, 1)
    assert "iris and copy hold the same trials" in error


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "say what to measure"),
        (["missing.csv", "-o", "OUT"], "there is no file missing.csv"),
        (["missing.csv"], "there is no file missing.csv"),
        (["HEADER", "--metric", "loss", "-o", "OUT"], "holds no trials: it has a header only"),
        (["FILE", "-o", "OUT"], "--metric NAME"),
        (["FILE", "--metric", "loss"], "say where the tables shall go: --out DIR"),
        (["FILE", "--metric", "los", "-o", "OUT"], "did you mean 'loss'?"),
        (["FILE", "--metric", "loss", "-o", "OUT", "--tolerance", "2"], "tolerance is a share above 0"),
        (["FILE", "--metric", "loss", "-o", "OUT", "--cap", "nan"], "a cap is a finite number"),
        (["FILE", "--metric", "loss", "-o", "OUT", "--cap", "-1"], "worse than the cap -1"),
        (["FILE", "--metric", "loss", "-o", "OUT", "--study", "s"], "a CSV file has no study"),
        (["FILE", "--metric", "loss", "-o", "OUT", "--objective", "0"], "a CSV file has no objective"),
        (["RUN", "--metric", "loss"], "a run folder has its own metric"),
        (["RUN", "--maximize"], "says itself whether it is maximised"),
        (["RUN", "--log", "x"], "leave out --log"),
        (["--storage", "sqlite:////nowhere.db", "-o", "OUT"], "there is no file /nowhere.db"),
        (["--storage", "sqlite:////nowhere.db", "--maximize", "-o", "OUT"], "leave out --maximize"),
        (["OUT", "-o", "OUT"], "no file"),
    ],
    ids=" ".join,
)
def test_a_mistake_is_one_sentence(command, run_folder, csv_file, tmp_path, arguments, words):
    """Exit code 2, one line on standard error, nothing written."""
    header = tmp_path / "header.csv"
    header.write_text("lr,loss\n", encoding="utf-8")
    places = {"FILE": csv_file, "RUN": run_folder, "OUT": tmp_path / "out", "HEADER": header}
    code, _, error = command("measure", *(places.get(argument, argument) for argument in arguments))
    assert code == 2
    assert error.startswith("Error: ")
    assert error.count("\n") == 1
    assert words in error
    assert not (tmp_path / "out").exists()


def test_mistakes_of_compare_are_one_sentence(command, runs, tmp_path):
    """One run, the same run twice, a folder that is no run."""
    for arguments, words in (
        ([runs[0]], "two runs at least"),
        ([runs[0], runs[0]], "named twice"),
        ([runs[0], tmp_path], "is no run folder"),
    ):
        code, _, error = command("compare", *arguments)
        assert (code, error.count("\n")) == (2, 1)
        assert words in error


@pytest.mark.parametrize("name", ["measure", "compare"])
def test_help_has_examples(command, name):
    """Each command says what it does and shows how it is typed."""
    code, output, _ = command(name, "--help")
    assert code == 0
    assert f"python -m sensitivity {name} " in output
