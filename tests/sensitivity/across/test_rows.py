"""What a table of several datasets says follows from its trials, not from how they are written down."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.across.runs import shared_by
from sensitivity.across.scores import scores_of
from sensitivity.across.tables import all_of
from sensitivity.commands.across import by_column
from sensitivity.language import speaking
from sensitivity.reading.opening import open_study
from sensitivity.reporting.across import together
from sensitivity.request import Request
from sweeps.errors import StudyError
from sweeps.space import FloatRange, Setting, Space, Variant

BEST = {"b": 1e-4, "a": 1e-2, "c": 1e-1}


def trials(times, seeds=False, digits=6):
    """A grid of rates and sizes on three datasets, some results lost; each configuration so many times."""
    rng = np.random.default_rng(1)
    rows = [
        {"task": task, "rate": rate, "size": size, **({"seed": r} if seeds else {}), "loss": loss}
        for task, best in BEST.items()
        for rate in (1e-4, 1e-3, 1e-2, 1e-1)
        for size in (16, 32, 64)
        for r in range(times[task])
        for loss in [
            {"a": 1, "b": 50, "c": 1}[task]
            * (0.2 + 0.1 * np.log10(rate / best) ** 2 + 0.01 * np.log2(size / 32) ** 2 + 0.02 * rng.normal())
        ]
    ]
    found = pd.DataFrame(rows).round({"loss": digits})
    return found.assign(loss=found["loss"].where((found["task"] != "a") | (found["rate"] < 0.1)))


@pytest.fixture
def read(tmp_path):
    def reader(table, **how):
        table.to_csv(tmp_path / "trials.csv", index=False)
        asked = Request(path=tmp_path / "trials.csv", metric="loss", failed="diverged", **how)
        return open_study(asked)

    return reader


@pytest.mark.parametrize(
    ("times", "seeds", "digits"),
    [((1, 1, 1), False, 6), ((2, 2, 2), True, 2), ((4, 2, 3), True, 6), ((4, 1, 2), False, 2)],
)
def test_the_same_trials_say_the_same(read, times, seeds, digits):
    """Rows in another order, every row twice, a file for each dataset: the same tables."""
    table = trials(dict(zip(BEST, times, strict=True)), seeds, digits)
    mixed = table.sample(frac=1, random_state=0)
    twice = pd.concat([table, mixed])

    def whole(rows):
        return shared_by(by_column(read(rows, categorical=("task",)), "task"))

    def parted(rows):
        parts = sorted(rows.groupby("task"), key=lambda part: part[0])
        return shared_by({name: read(part.drop(columns="task")) for name, part in parts})

    first = all_of(whole(table).scores)
    for found in (whole(mixed), whole(twice), parted(table), parted(twice)):
        for name, other in all_of(found.scores).items():
            pd.testing.assert_frame_equal(first[name], other, rtol=1e-9)
    assert whole(twice).copies == dict.fromkeys(sorted(BEST), 2)


def test_every_result_counts_also_where_one_dataset_has_more(read):
    """The best configuration of each dataset is that of the means over all its rows."""
    table = trials({"a": 3, "b": 1, "c": 2})
    shared = shared_by(by_column(read(table, categorical=("task",)), "task"))
    worst = table.groupby("task")["loss"].transform("max")
    means = table.assign(loss=table["loss"].fillna(worst)).groupby(["task", "rate", "size"])["loss"].mean()
    found = all_of(shared.scores)["across_datasets"].set_index("dataset")
    assert found["tuned_value"].to_dict() == pytest.approx(means.groupby("task").min().to_dict())
    assert shared.scores.counts.max(axis=0).tolist() == [3, 1, 2]


def test_a_failure_counts_as_the_worst_of_its_own_dataset(read):
    """Not as that of another, whose results are fifty times as large."""
    table = trials({"a": 2, "b": 2, "c": 2})
    part = by_column(read(table, categorical=("task",)), "task")["a"]
    assert part.cap == table.loc[table["task"] == "a", "loss"].max()
    assert part.trials["value"].max() == part.cap
    told = by_column(read(table, categorical=("task",), cap=60.0), "task")["a"]
    assert told.trials["value"].max() == told.cap == 60.0


def test_values_of_one_bin_are_different_configurations():
    """Forty rates are cut into bins, yet each keeps its own result; two results of one seed stay two."""
    rates = np.geomspace(1e-4, 1, 40)
    rows = pd.DataFrame(
        [(rate, name, 0, at + n) for n, name in enumerate("ab") for at, rate in enumerate(rates)],
        columns=["rate", "dataset", "replicate", "value"],
    )
    space = Space([Setting("rate", (Variant(FloatRange(1e-4, 1.0, True), {}),))], {})
    found = scores_of(pd.concat([rows, rows.assign(value=rows["value"] + 4)]), space, normalise=False)
    assert found.means.shape == (40, 2)
    assert -found.means == pytest.approx(np.arange(40.0)[:, None] + [2.0, 3.0])
    assert len(found.texts[0]) < 40


def test_of_equally_good_configurations_the_same_is_taken(read):
    """Whatever row comes first."""
    rows = pd.DataFrame(
        [(x, y, task, 1.0 if x + y > 2 else 0.0) for task in "ab" for x in (1, 2, 3) for y in (1, 2, 3)],
        columns=["x", "y", "task", "loss"],
    ).assign(loss=lambda table: table["loss"] + (table["x"] == 3))
    best = {1: rows, 2: rows.iloc[::-1], 3: rows.sample(frac=1, random_state=3)}
    found = [shared_by(by_column(read(each, categorical=("task",)), "task")) for each in best.values()]
    assert len({all_of(each.scores)["across"]["configuration"][0] for each in found}) == 1


def test_what_is_left_out_is_said(read):
    """A dataset without any result, trials that name none, copies: a sentence each."""
    table = trials({"a": 2, "b": 2, "c": 2})
    lost = table.assign(loss=table["loss"].where(table["task"] != "b"))
    studies = by_column(read(pd.concat([lost, lost]), categorical=("task",)), "task")
    shared = shared_by(studies)
    assert (shared.failed, shared.scores.datasets) == (("b",), ("a", "c"))
    with speaking("en", voice=studies["a"].voice):
        notes = " ".join(together("all", shared, all_of(shared.scores), studies).notes)
    assert "no trial there has a result: b" in notes
    assert "worst result of their dataset: a 12" in notes
    assert "a, c: every result stands 2 times" in notes
    only = table.assign(loss=table["loss"].where(table["task"] == "a"))
    alone = by_column(read(only, categorical=("task",)), "task")
    with pytest.raises(StudyError, match="no trial of b and c has a result"):
        shared_by(alone)


def test_a_setting_that_one_dataset_lacks_is_named(read):
    """Rather than a search blamed."""
    table = trials({"a": 1, "b": 1, "c": 1}).query("rate < 0.1")
    some = table.assign(size=table["size"].where(table["task"] == "a"))
    parts = by_column(read(some, categorical=("task",)), "task")
    with pytest.raises(StudyError, match="size has no value on b and c"):
        shared_by(parts)
    one = table.query("task == 'a' or size == 32")
    shared = shared_by(by_column(read(one, categorical=("task",)), "task"))
    assert (shared.scores.settings, shared.fixed) == (("rate",), ("size",))
    alone = by_column(read(table.query("rate == 0.001 and size == 32"), categorical=("task",)), "task")
    with pytest.raises(StudyError, match="have one configuration each"):
        shared_by(alone)


def test_sentences_call_settings_as_all_others_do(read):
    """A space for an underscore and no sign of equality, in the answer and in every cell."""
    table = trials({"a": 2, "b": 2, "c": 2}).rename(columns={"rate": "learning_rate"})
    studies = by_column(read(table, categorical=("task",)), "task")
    shared = shared_by(studies)
    found = all_of(shared.scores)
    with speaking("en", voice=studies["a"].voice):
        said = together("all", shared, found, studies)
    cells = [cell for rows in (said.settings, said.datasets) for row in rows.cells for cell in row]
    every = [*said.answer, *said.notes, *cells]
    assert not [text for text in every if "learning_rate" in text or " = " in text]
    own = found["across_datasets"]["own_configuration"][0]
    assert said.datasets.cells[0][1] == own.replace("learning_rate", "learning rate").replace(" = ", " ")


@pytest.mark.parametrize(
    ("same", "text"), [(True, "for all costs nothing: it is the best"), (False, "luck is included")]
)
def test_what_the_definition_gives_can_be_followed(read, same, text):
    """One configuration that is best everywhere costs 0, and of no luck is said; else how it comes in."""
    table = trials({"a": 2, "b": 2, "c": 2})
    if same:
        table["loss"] = np.log10(table["rate"]) ** 2 + table["size"] + np.resize([0.0, 0.1], len(table))
    studies = by_column(read(table, categorical=("task",)), "task")
    shared = shared_by(studies)
    with speaking("en", voice=studies["a"].voice):
        notes = together("all", shared, all_of(shared.scores), studies).notes
    assert [text in note for note in notes if "Adkins" in note] == [True]
