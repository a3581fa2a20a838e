"""Columns in any order, without names, beside bookkeeping; damaged tables; tables of unusual size."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sensitivity.measures.measuring import all_tables
from sensitivity.reading import Reading, read_csv_table
from sweeps.errors import SweepError

pytestmark = pytest.mark.usefixtures("few_trees")

FOLDER = Path(__file__).parent / "strangers"
READINGS = json.loads((FOLDER / "readings.json").read_text(encoding="utf-8"))


def grid():
    """Every combination of a rate, a batch size, a dropout and a name."""
    levels = [[1e-3, 1e-2, 1e-1], [16, 64, 256], [0.0, 0.2, 0.5], ["a", "b"]]
    return pd.MultiIndex.from_product(levels, names=["rate", "size", "drop", "kind"]).to_frame(index=False)


def mixed(rng, rows):
    """Random rates and dropouts, sizes and names from a list."""
    return pd.DataFrame(
        {
            "rate": 10 ** rng.uniform(-4, -1, rows),
            "size": rng.choice([16, 32, 64, 128], rows),
            "kind": rng.choice(["a", "b"], rows),
            "drop": rng.uniform(0, 0.5, rows).round(3),
        }
    )


def spread(rng, rows):
    """Numbers only, no two equal."""
    return pd.DataFrame(
        {
            "rate": 10 ** rng.uniform(-4, -1, rows),
            "decay": 10 ** rng.uniform(-6, -2, rows),
            "drop": rng.uniform(0, 0.5, rows),
            "size": rng.integers(16, 512, rows),
        }
    )


def nameless(seed):
    """Table of a design whose settings are called x1 … x4 and whose result is r; names of the settings."""
    rng = np.random.default_rng(seed)
    rows = int(rng.choice([30, 60, 120]))
    table = [grid(), mixed(rng, rows), spread(rng, rows)][seed % 3]
    rows = len(table)
    result = (np.log10(table["rate"]) + 2.5) ** 2 + 6 * (table["drop"] - 0.2) ** 2 + 0.001 * table["size"]
    result += 0.4 * (table["kind"] == "a") if "kind" in table else 0.0
    result += rng.normal(0, 0.1, rows)
    names = [f"x{place + 1}" for place in range(table.shape[1])]
    found = table[rng.permutation(table.columns)].set_axis(names, axis=1).assign(r=result)
    found["x9"] = np.exp(-result) + rng.normal(0, 0.01, rows)
    if seed % 2:
        found["x8"] = 50 + 30 * table["size"] + rng.normal(0, 20, rows)
    return bookkept(found, rng), set(names)


def bookkept(table, rng):
    """The same with five columns of bookkeeping, rows and columns in any order."""
    rows = len(table)
    columns = {
        "row": np.arange(rows),
        "when": [f"2031-03-{1 + row % 28:02} 10:{row % 60:02}:00" for row in range(rows)],
        "host": "box",
        "hash": [f"{rng.integers(1 << 60):x}" for _ in range(rows)],
        "stamp": 1.93e9 + np.cumsum(rng.gamma(4, 10, rows)),
        "runtime": rng.gamma(5, 20, rows),
        "train_loss": table["r"] * 0.8 + rng.normal(0, 0.03, rows),
        "pid": rng.integers(1000, 9999, rows),
    }
    kept = {name: columns[name] for name in rng.choice(list(columns), 5, replace=False)}
    whole = table.assign(**kept)
    return whole[rng.permutation(whole.columns)].sample(frac=1, random_state=int(rng.integers(1000)))


def test_settings_are_found_without_names(tmp_path):
    """In ninety of a hundred tables exactly the settings; in the rest the doubt is said."""
    right = 0
    for seed in range(100):
        table, names = nameless(seed)
        table.to_csv(tmp_path / "t.csv", index=False)
        study = read_csv_table(tmp_path / "t.csv", "r", Reading(minimise=True))
        found = set(study.space.names)
        right += found == names
        assert not found - names, seed
        assert names - found <= set(study.read.left_out.get("in doubt", ())), seed
    assert right >= 90


CELLS = [
    "",
    "nan",
    "inf",
    "-inf",
    "1e999",
    "#DIV/0!",
    "None",
    "0",
    "-1",
    "1,5",
    "abc",
    "[1, 2",
    '"',
    "1e-320",
    "½",
]


def mutated(text, rng):
    """Text of a table, damaged once to four times."""
    rows = list(csv.reader(io.StringIO(text)))
    for _ in range(int(rng.integers(1, 5))):
        row, column = int(rng.integers(len(rows))), int(rng.integers(max(len(rows[0]), 1)))
        kind = int(rng.integers(9))
        if kind == 0:
            rows = [[*r[:column], *r[column + 1 :]] for r in rows]
        elif kind == 1:
            rows = rows[: max(row, 1)]
        elif kind == 2:
            rows = [r + r[column : column + 1] for r in rows]
        elif kind == 3:
            rows[row] = rows[row][: int(rng.integers(len(rows[row]) + 1))] or [""]
        elif kind == 4:
            rows.insert(row, list(rows[int(rng.integers(len(rows)))]))
        elif kind == 5:
            value = str(rng.choice(CELLS))
            rows = [[*r[:column], value, *r[column + 1 :]] if rng.random() < 0.5 else r for r in rows]
        elif column < len(rows[row]):
            rows[row] = [*rows[row][:column], str(rng.choice(CELLS)), *rows[row][column + 1 :]]
    out = io.StringIO()
    csv.writer(out, delimiter=str(rng.choice([",", ",", ";", "\t"]))).writerows(rows)
    found = out.getvalue()
    return found if rng.random() < 0.8 else found[: int(rng.integers(len(found) + 1))]


def survives(tmp_path, seed, *, measured):
    """Read a damaged table; a refusal is one sentence. Whether it was read."""
    rng = np.random.default_rng(seed)
    name = list(READINGS)[seed % len(READINGS)]
    path = tmp_path / "t.csv"
    path.write_text(mutated((FOLDER / name).read_text(encoding="utf-8-sig"), rng), encoding="utf-8")
    words = READINGS[name]["command"]
    try:
        study = read_csv_table(path, words[1] if words else None, Reading(maximise=rng.random() < 0.5))
    except SweepError as error:
        refused = str(error)
    else:
        refused = ""
    assert "\n" not in refused, seed
    if refused:
        return False
    if measured and len(study.trials):
        all_tables(study)
    return True


def test_damaged_tables_are_read_or_refused(tmp_path):
    """Cells, rows and columns lost, doubled or replaced in 150 tables; a few are measured."""
    read = [survives(tmp_path, seed, measured=seed % 30 == 0) for seed in range(150)]
    assert 15 < sum(read) < 150


@pytest.mark.slow
def test_many_damaged_tables_are_read_measured_or_refused(tmp_path):
    """The same for two thousand, each of them measured where it is read."""
    for seed in range(2000):
        survives(tmp_path, seed, measured=True)


def test_five_hundred_levels_and_two_hundred_settings_are_read(tmp_path):
    """A name of 500 levels, and 200 columns of settings: all of them are settings."""
    rng = np.random.default_rng(0)
    many = pd.DataFrame(
        {"model": [f"m{place % 500}" for place in range(1500)], "lr": 10 ** rng.uniform(-4, -1, 1500)}
    )
    many.assign(loss=rng.normal(size=1500)).to_csv(tmp_path / "levels.csv", index=False)
    study = read_csv_table(tmp_path / "levels.csv", "loss")
    assert study.space.names == ["lr", "model"]
    wide = pd.DataFrame({f"dim_{place}": rng.uniform(0, 1, 300) for place in range(200)})
    wide.assign(loss=rng.normal(size=300)).to_csv(tmp_path / "wide.csv", index=False)
    assert len(read_csv_table(tmp_path / "wide.csv", "loss").space.names) == 200
