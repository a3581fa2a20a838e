"""A sweep from Python, in one call."""

import pandas as pd
import pytest

import sensitivity
from sensitivity.measures.measuring import all_tables
from sensitivity.reading import read_study
from sensitivity.reading.opening import open_study
from sensitivity.request import Request
from sweeps.definition import parse
from sweeps.errors import DefinitionError, StudyError

TINY = {
    "name": "tiny",
    "dataset": "iris",
    "search": 0,
    "epochs": 2,
    "network": {"hidden": [4]},
    "space": {"learning_rate": [0.01, 0.1], "batch_size": [16, 32]},
}


def timeless(study):
    """Trials without the one column that differs from run to run."""
    return study.trials.drop(columns="seconds")


def test_a_dictionary_becomes_a_source_with_all_that_is_known():
    """2 × 2 configurations with 2 replicates; curves, unit and definition are there, measures take it."""
    study = sensitivity.sweep(TINY)
    assert len(study.trials) == len(study.curves) == 8
    assert (study.name, study.label) == ("tiny", "validation error (1 − accuracy)")
    assert study.definition == parse(TINY).to_toml()
    assert set(all_tables(study, only=["ranking"])["ranking"]["setting"]) >= {"learning_rate", "batch_size"}


def test_a_file_is_the_same_sweep(tmp_path):
    """Path of a TOML file, as Path or as text."""
    path = tmp_path / "tiny.toml"
    path.write_text(parse(TINY).to_toml(), encoding="utf-8")
    for given in (path, str(path)):
        pd.testing.assert_frame_equal(timeless(sensitivity.sweep(given)), timeless(sensitivity.sweep(TINY)))


def test_a_storage_keeps_the_trials_and_a_second_call_trains_nothing(tmp_path):
    """The times, which training again would change, stay."""
    storage = f"journal://{tmp_path}/study.journal"
    first, second = (sensitivity.sweep(TINY, storage=storage).trials for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
    pd.testing.assert_frame_equal(first, read_study(storage).trials)


def test_a_mistake_is_one_sentence():
    """As on the command line."""
    with pytest.raises(DefinitionError, match="did you mean 'quick'"):
        sensitivity.sweep("quik")


@pytest.mark.usefixtures("undrawn")
def test_a_report_is_the_command_s(tmp_path, command):
    """From a file with options, or from a study at hand: the tables that the command writes, and a page."""
    rows = [f"{0.001 * 2**place},{place % 3},{place * 0.1}" for place in range(12)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["lr,depth,score", *rows]), encoding="utf-8")
    tables = sensitivity.report(path, tmp_path / "one", metric="score", maximise=True)
    study = open_study(Request(path=path, metric="score", maximise=True))
    assert set(sensitivity.report(study, tmp_path / "two")) == set(tables)
    assert command("report", path, "--metric", "score", "--maximize", "--out", tmp_path / "three")[0] == 0
    written = [(tmp_path / name / "tables" / "ranking.csv").read_bytes() for name in ("one", "two", "three")]
    assert written[0] == written[1] == written[2]
    assert "--maximize --metric score" in (tmp_path / "one" / "report.html").read_text(encoding="utf-8")
    with pytest.raises(StudyError, match="did you mean 'score'"):
        sensitivity.report(path, tmp_path / "four", metric="scor")


def test_a_mistake_in_a_call_names_its_argument(tmp_path):
    """Whoever calls the library has no command line: the sentence speaks of metric, not of --metric."""
    (tmp_path / "a.csv").write_text("lr,outcome value\n" + "".join(f"{n},{n * n}\n" for n in range(1, 12)))
    (tmp_path / "b.csv").mkdir()
    for path, options, words in (
        ("a.csv", {}, "metric=NAME"),
        ("a.csv", {"metric": "outcome value"}, "add maximise=True or minimise=True"),
        ("b.csv", {"metric": "x"}, "b.csv is a folder, not a file"),
    ):
        with pytest.raises(StudyError, match=words) as caught:
            sensitivity.report(tmp_path / path, tmp_path / "out", **options)
        assert "--" not in str(caught.value)
