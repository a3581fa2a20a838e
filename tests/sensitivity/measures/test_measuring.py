"""All measures at once: the library's function, its columns, and what little data gives."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sensitivity
from sensitivity.measures import registry
from sensitivity.measures.concordance import compare
from sensitivity.measures.measuring import all_tables
from sensitivity.measures.registry import EVERY_TABLE, columns
from sensitivity.measures.trials import EACH_SETTING
from sensitivity.reading import read_csv_table
from sensitivity.reading.frames import from_frame
from sensitivity.remarks import REMARKS
from sensitivity.study import Study
from sweeps.errors import StudyError
from sweeps.space import FloatRange, Setting, Space, Variant


def test_every_table_has_exactly_the_documented_columns(nested_space, tabulate):
    """What is written is documented and what is documented is written, each column once and with words."""
    trials = tabulate(nested_space, lambda c, r: c["learning_rate"] + 0.01 * r, 2)
    tables = sensitivity.measure(trials, nested_space)
    shares = tables["variance_decomposition"]
    tables["comparison"] = compare({"a": shares, "b": shares})
    sometimes = {"evaluations": 3.0, "message": "why", EACH_SETTING: 0}
    tables["trials"] = trials.drop(columns=nested_space.names).assign(**sometimes)
    assert set(tables) == set(EVERY_TABLE)
    for name, table in tables.items():
        assert sorted(table.columns) == sorted(columns(name)), name
        assert REMARKS not in table or list(table.columns) == list(columns(name)), name
        assert len(table), name
        assert all(len(meaning) > 3 for meaning in columns(name).values())


def test_every_measure_has_a_table_and_words_for_little_data():
    """Each name of the registry is documented and has a column in which to say what is wrong."""
    for name in registry.TABLES:
        assert "verdict" in columns(name)


def test_every_table_has_a_line_of_its_own():
    """Who chooses among the tables is told what each says, in a sentence that fits beside its name."""
    lines = [EVERY_TABLE[name].summary for name in EVERY_TABLE]
    assert len(set(lines)) == len(EVERY_TABLE)
    assert all(line.endswith(".") and 20 < len(line) <= 96 for line in lines)


def test_a_frame_with_settings_and_values_is_enough():
    """What a table of trials lacks is filled in; NaN counts as diverged; the frame given stays as it is."""
    space = Space([Setting("x", (Variant(FloatRange(0, 1)),))])
    frame = pd.DataFrame({"x": np.linspace(0, 1, 200), "value": np.linspace(0, 1, 200) ** 2})
    frame.loc[7, "value"] = np.nan
    before = frame.copy()
    study = from_frame(frame, space, cap=3.0)
    assert study.trials["value"][7] == 3.0
    assert study.trials["outcome"].eq("diverged").sum() == 1
    ranking = sensitivity.measure(frame, space)["ranking"]
    assert ranking["setting"][0] == "x"
    assert ranking["main_effect"][0] > 0.8
    pd.testing.assert_frame_equal(frame, before)
    with pytest.raises(StudyError, match="lack the column value; they have x"):
        sensitivity.measure(frame[["x"]], space)
    with pytest.raises(StudyError, match="lack the column x; they have value"):
        sensitivity.measure(frame[["value"]], space)


def test_no_trials_and_no_settings_are_said_in_words(tabulate, nested_space):
    """A table with a row per setting and no number, not an exception and not an empty table."""
    none = sensitivity.measure(tabulate(nested_space, lambda *_: 0.0, 1, []), nested_space)
    for table in none.values():
        assert table.get("setting", pd.Series(nested_space.names)).tolist() == nested_space.names
        assert set(table["verdict"]) == {"cannot be judged: there are no trials"}
    fixed = sensitivity.measure(tabulate(Space([]), lambda *_: 0.0, 3), Space([]))
    assert set(fixed["ranking"]["verdict"]) == {"cannot be judged: no setting varies"}


def test_a_measure_that_fails_is_a_bug_however_few_the_trials(tabulate, setting, monkeypatch):
    """An exception comes out as it is: too few trials are said by the measures themselves."""

    def broken(study):
        raise ValueError(f"singular with {len(study.trials)}")

    monkeypatch.setitem(registry.TABLES, "ranking", replace(registry.TABLES["ranking"], compute=broken))
    space = Space([setting("a", 1, 2, 3, 4)])
    with pytest.raises(ValueError, match="singular with 4"):
        sensitivity.measure(tabulate(space, lambda c, _: c["a"]), space)


@pytest.mark.parametrize("count", [5, 20, 40])
def test_many_trials_on_the_lowest_value_are_measured(count):
    """Where a sampler clipped to the end of the range, the trials of all levels of a setting are all trials.

    10 of the 40 rates are 0.001, the lowest.
    """
    study = read_csv_table(Path(__file__).with_name("clipped_rates.csv"), "val_loss")
    study = replace(study, trials=study.trials.head(count))
    tables = all_tables(study)
    rows = tables["divergence_by_level"]
    assert rows[rows["setting"] == "lr"]["trials"].sum() == count
    assert all(len(table) for table in tables.values())


def test_importing_the_package_stays_light():
    """Worker processes import it; they must not pay for pandas, Optuna or matplotlib."""
    heavy = "{'pandas', 'optuna', 'matplotlib', 'rich'}"
    code = f"import sensitivity, sys; print(sorted({heavy} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_bar_is_shown_in_a_slow_terminal_only(monkeypatch):
    """Quick work never draws; work beyond the delay does, in a terminal; elsewhere nothing is written."""
    import io
    import time

    from rich.console import Console

    from sensitivity.reporting import slow_bar

    def draw(delay, *, terminal, shown=True):
        stream = io.StringIO()
        monkeypatch.setattr(slow_bar, "SECONDS_BEFORE_BAR", delay)
        monkeypatch.setattr(slow_bar, "Console", lambda **_: Console(file=stream, force_terminal=terminal))
        with slow_bar.SlowBar("measuring", 2, shown=shown) as bar:
            bar.next("noise_of_seed")
            time.sleep(0.3)
        return stream.getvalue()

    assert "noise of seed" in draw(0.01, terminal=True)
    assert draw(5.0, terminal=True) == ""
    assert draw(0.01, terminal=False) == ""
    assert draw(0.01, terminal=True, shown=False) == ""


def test_a_source_counts_its_plan(tabulate, setting):
    """Search trials are no part of the plan."""
    space = Space([setting("a", 1, 2)])
    trials = tabulate(space, lambda c, _: c["a"], 2)
    trials.loc[0, "phase"] = "search"
    assert Study(trials, space).plan_size == 3


def test_a_table_handed_out_can_be_changed_without_harm(nested_space, tabulate):
    """The study keeps its own: a table that was written over comes back as it was."""
    study = from_frame(tabulate(nested_space, lambda c, r: c["learning_rate"] + 0.01 * r, 2), nested_space)
    once = all_tables(study)
    kept = {name: table.copy(deep=True) for name, table in once.items()}
    for table in once.values():
        for column in table.columns:
            table[column] = None
    for name, table in all_tables(study).items():
        pd.testing.assert_frame_equal(table, kept[name])
