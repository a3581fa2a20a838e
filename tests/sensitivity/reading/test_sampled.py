"""A look at some trials of a large file before all are read."""

import io
import json

import numpy as np
import pytest
from rich.console import Console

from sensitivity.commands.first_screen import early_look
from sensitivity.reading import sampled
from sensitivity.reading.packed import Packed
from sensitivity.request import Request


@pytest.fixture
def table(tmp_path, monkeypatch):
    """Table of 6,000 rows, of which x decides and y does nothing; large by decree."""
    monkeypatch.setattr(sampled, "LARGE", 1000)
    x, y = np.random.default_rng(0).uniform(size=(2, 6000)).round(6)
    path = tmp_path / "trials.csv"
    rows = [f"{a},{b},{a**2:.6f}" for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    path.write_text("\n".join(["x,y,loss", *rows, ""]), encoding="utf-8")
    return path


def test_some_trials_are_spread_over_the_file(table):
    """About as many as asked for, from its beginning to its end, and how many lines there are."""
    study, count = sampled.sampled(Request(path=table, metric="loss", settings=("x", "y")))
    assert count == 6001
    assert sampled.FEW / 2 < len(study.trials) < 2 * sampled.FEW
    lines = table.read_text(encoding="utf-8").splitlines()
    assert {float(line.split(",")[0]) for line in lines[-8:]} & set(study.trials["x"])


def test_the_look_says_of_how_many_trials_it_is(table):
    """What it finds is that x decides."""
    written = io.StringIO()
    assert early_look(
        Console(file=written, width=200), Request(path=table, metric="loss", settings=("x", "y"))
    )
    assert written.getvalue().startswith("first look at 1,")
    assert "of some 6,001 trials: by itself, a setting explains of the variance: x 9" in written.getvalue()


@pytest.mark.parametrize("bad", ["small", "quoted", "no such metric", "no text"])
def test_nothing_is_said_where_parts_say_nothing(table, monkeypatch, bad):
    """A small file is read at once; what is wrong with one is said when all of it is read."""
    if bad == "small":
        monkeypatch.setattr(sampled, "LARGE", 10**9)
    if bad == "quoted":
        table.write_text(table.read_text(encoding="utf-8") + '0.5,0.5,"0.25"\n' * 99, encoding="utf-8")
    if bad == "no text":
        table.write_bytes(table.read_bytes().replace(b"0.1", b"0.\xff\x00"))
    metric = "cost" if bad == "no such metric" else "loss"
    assert sampled.sampled(Request(path=table, metric=metric, settings=("x", "y"))) is None


def test_a_journal_of_something_else_is_left_to_others(tmp_path, monkeypatch):
    """A run whose journal no sweep wrote, or whose lines are no records."""
    monkeypatch.setattr(sampled, "LARGE", 10)
    (tmp_path / "sweep.toml").write_text('name = "made"\ndataset = "iris"\n', encoding="utf-8")
    for lines in ([json.dumps({"op_code": 0, "directions": [2]})], ["{}"], ["none at all"]):
        (tmp_path / "study.journal").write_text("\n".join([*lines * 99, ""]), encoding="utf-8")
        assert sampled.sampled(Request(path=tmp_path)) is None


def test_packed_texts_are_what_they_were():
    """One by one, in part and all; with a line end inside they are left as they are."""
    cells = ["0.1", "", "1e-3"]
    packed = Packed.of(cells)
    assert isinstance(packed, Packed)
    assert [*packed] == cells
    assert (len(packed), packed[2], packed[:2]) == (3, "1e-3", cells[:2])
    assert Packed.of(["a\nb", "c"]) == ["a\nb", "c"]
    assert Packed.of([]) == []
