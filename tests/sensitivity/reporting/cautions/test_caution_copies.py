"""A second result in a CSV file is told from a setting by its ranks."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sensitivity.reading import Reading, from_frame, read_csv_table
from sensitivity.reporting.cautions.copies import copies, rank_correlation
from sensitivity.reporting.cautions.finding import cautions
from sensitivity.reporting.cautions.kinds import COPIES
from sweeps.space import FloatRange, Setting, Space, Variant


@pytest.fixture
def frame():
    """Forty trials of a rate and a dropout, with accuracy and its loss, which is called like a setting."""
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"rate": 10 ** rng.uniform(-4, 0, 40), "dropout": rng.uniform(0, 0.6, 40)})
    loss = (np.log10(table["rate"]) + 2) ** 2 + table["dropout"]
    return table.assign(gamma=loss, accuracy=np.exp(-loss) + rng.normal(0, 1e-3, 40))


@pytest.fixture
def read(tmp_path):
    """Read a frame as somebody's CSV file of accuracies: (frame, options) → study."""

    def from_file(table, **options):
        table.to_csv(tmp_path / "trials.csv", index=False)
        return read_csv_table(tmp_path / "trials.csv", "accuracy", Reading(maximise=True, **options))

    return from_file


def guessed(study):
    """As if nothing but its place in the file had said of `gamma` that it is a setting."""
    return replace(study, guessed=True)


def test_what_follows_the_settings_and_the_result_is_no_setting(frame, read):
    """Where the file shows it by itself, nobody has to be told: the column is left out."""
    assert read(frame).space.names == ["dropout", "rate"]


def test_another_result_is_told_first(frame, read):
    """The correlation is with the result as it stands in the file, not turned round."""
    found = cautions(guessed(read(frame, settings=list(frame)[:3])), {})
    assert (found[0].kind, found[0].setting) == (COPIES, "gamma")
    rho = frame["gamma"].rank().corr(frame["accuracy"].rank())
    assert rho < -0.95
    assert found[0].text == (
        f"gamma goes with the result almost one to one (rank correlation −{-rho:.2f}): it is probably "
        "another result, not a setting; leave it out with --ignore gamma."
    )
    assert [item.setting for item in found if item.kind == COPIES] == ["gamma"]


def test_settings_that_somebody_named_are_settings(frame, read):
    """Left out, or chosen by name, it is nobody's mistake; nor where a space says what the settings are."""
    assert not list(copies(read(frame, ignore=["gamma"])))
    assert not list(copies(read(frame, settings=["rate", "gamma"])))
    space = Space([Setting(name, (Variant(FloatRange(0, 20)),)) for name in ("rate", "dropout", "gamma")])
    named = from_frame(frame.assign(value=frame["accuracy"])[[*space.names, "value"]], space)
    assert not list(copies(named))


def test_few_trials_and_few_values_are_no_copy(frame, read):
    """Nine trials, ten values, text: 0; what diverged counts with the cap and is not looked at."""
    line = pd.Series(np.arange(40.0))
    assert rank_correlation(line, -(line**3)) == pytest.approx(-1.0)
    assert rank_correlation(line[:9], line[:9]) == 0.0
    assert rank_correlation(line // 4, line) == 0.0
    assert rank_correlation(line.astype(str), line) == 0.0
    diverged = frame.assign(accuracy=frame["accuracy"].where(frame.index < 20), gamma=frame["gamma"])
    every = guessed(read(diverged, settings=list(frame)[:3]))
    assert [item.setting for item in copies(every)] == ["gamma"]
