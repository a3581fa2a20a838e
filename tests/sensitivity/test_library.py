"""A sweep from Python, in one call."""

import pandas as pd
import pytest

import sensitivity
from sensitivity.measures.measuring import all_tables
from sensitivity.reading import read_study
from sweeps.definition import parse
from sweeps.errors import DefinitionError

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
