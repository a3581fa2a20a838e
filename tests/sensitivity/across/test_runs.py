"""Studies of several datasets → what they share, and what is said of it."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.across.runs import shared_by
from sensitivity.across.tables import all_of
from sensitivity.commands.across import by_column
from sensitivity.language import speaking
from sensitivity.reading.frames import from_frame
from sensitivity.reporting.across import together
from sweeps.errors import StudyError
from sweeps.space import Choices, Setting, Space, Variant


def study(rates, fixed=None, at=0.1, sizes=(8, 32)):
    """Trials of two replicates, best at a rate, size 8 a little better; the size varies or is held fixed."""
    rows = [
        {
            "rate": rate,
            "size": size,
            "replicate": r,
            "value": (np.log10(rate / at)) ** 2 + size / 1e3 + r / 1e4,
        }
        for rate in rates
        for size in ([fixed] if fixed else sizes)
        for r in range(2)
    ]
    settings = [Setting("rate", (Variant(Choices(tuple(rates)), {}),))]
    if fixed is None:
        settings.append(Setting("size", (Variant(Choices(tuple(sizes)), {}),)))
    held = {} if fixed is None else {"size": fixed}
    frame = pd.DataFrame(rows).drop(columns=[] if fixed is None else "size")
    return from_frame(frame, Space(settings, held))


def test_only_what_all_share_counts():
    """A size held fixed in one is held in the other; rates that one lacks are left out."""
    one, other = study((0.001, 0.01, 0.1, 1.0)), study((0.01, 0.1, 1.0), fixed=8, at=1.0)
    shared = shared_by({"one": one, "other": other})
    assert shared.scores.settings == ("rate",)
    assert shared.fixed == ("size",)
    assert dict(shared.counts) == {"one": 8, "other": 3}
    assert len(shared.scores.configurations) == 3
    found = all_of(shared.scores)
    settings = found["across_settings"]
    assert settings["own_levels"].tolist() == ["one: 0.1; other: 1"]
    with speaking("en", voice=one.voice):
        said = together("both", shared, found, {"one": one, "other": other})
    assert any("3 of 8 configurations" in note for note in said.notes)


def test_runs_without_a_common_configuration_are_refused():
    """One sentence with what to do."""
    with pytest.raises(StudyError, match="no two configurations in common"):
        shared_by({"one": study((0.1, 1.0)), "other": study((0.2, 2.0))})


def test_a_dataset_whose_results_do_not_differ_is_left_out():
    """Nothing can be placed between two ends that are one."""
    flat = study((0.1, 1.0)).trials.assign(value=0.5)
    space = study((0.1, 1.0)).space
    studies = {
        "one": study((0.1, 1.0)),
        "flat": from_frame(flat[["rate", "size", "replicate", "value"]], space),
    }
    with pytest.raises(StudyError, match="the results of flat hardly differ"):
        shared_by(studies)
    shared = shared_by(studies | {"two": study((0.1, 1.0), at=1.0)})
    assert (shared.scores.datasets, shared.flat) == (("one", "two"), ("flat",))


def test_a_column_can_say_on_which_dataset():
    """Each value of it is a study of its own, in which it is no setting."""
    rows = pd.concat(
        [study((0.1, 1.0), at=at).trials.assign(task=name) for name, at in (("a", 0.1), ("b", 1.0))]
    )
    space = study((0.1, 1.0)).space
    whole = from_frame(
        rows[["rate", "size", "task", "replicate", "value"]],
        Space([*space.settings, Setting("task", (Variant(Choices(("a", "b")), {}),))], {}),
    )
    parts = by_column(whole, "task")
    assert list(parts) == ["a", "b"]
    assert all("task" not in part.space.names and len(part.trials) == 8 for part in parts.values())
    assert all_of(shared_by(parts).scores)["across"]["as_defined"][0] > 0
    with pytest.raises(StudyError, match="--datasets size2: two values"):
        by_column(whole, "size2")


def test_a_setting_called_dataset_is_not_written_over():
    """Its values would be lost under the names of the datasets."""
    frame = pd.DataFrame({"dataset": [1, 2, 3] * 2, "replicate": [0] * 3 + [1] * 3, "value": np.arange(6.0)})
    one = from_frame(frame, Space([Setting("dataset", (Variant(Choices((1, 2, 3)), {}),))]))
    with pytest.raises(StudyError, match="a setting is called dataset"):
        shared_by({"a": one, "b": one})
