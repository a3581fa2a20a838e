"""Mutated definitions, tables, data, studies, run folders and command lines: an answer or one line.

Ten thousand in one command: ``python tests/fuzz/run.py --cases 10000 --seed 0``, or
``pytest -m slow -s tests/fuzz``, whose number is in ``FUZZ``.
"""

import os
import subprocess
import sys
from pathlib import Path

import cases
import judged
import pytest
import run

RUN = Path(__file__).with_name("run.py")
QUICK = 20  # cases: two sweeps and three studies to mutate are made first, which takes as long


def fuzzed(cases, first, home):
    """Output of the fuzzer, whose exit code is 0 where there was no fault."""
    line = [sys.executable, RUN, "--cases", str(cases), "--first", str(first), "--home", home / "home"]
    found = subprocess.run(line, stdout=subprocess.PIPE, text=True, check=False)
    assert not found.returncode, found.stdout
    return found.stdout


def test_mutated_input_is_an_answer_or_one_line(tmp_path):
    """A few of the many: no traceback, no warning, no hang, no key of a definition ignored."""
    *_, last = fuzzed(QUICK, 100_000, tmp_path).splitlines()
    kind, *cells = last.split()
    counts = dict(
        zip((judged.ANSWERED, judged.BEGUN, judged.REFUSED, judged.FAULT), map(int, cells), strict=False)
    )
    assert kind == "all"
    assert counts.pop(judged.FAULT) == 0
    assert sum(counts.values()) == QUICK


def test_the_table_counts_what_happened():
    """A line per kind, and one for all; below, each fault once, with how often and where first."""
    words = [judged.ANSWERED, judged.FAULT, judged.REFUSED, judged.FAULT]
    ended = [
        {"kind": f"k{place % 2}", "word": word, "key": "Hang" * (word == judged.FAULT), "end": place}
        | {"memory": 3 * 10**6, "cpu": 1.0}
        for place, word in enumerate(words)
    ]
    _, *rows, last = run.table_of(ended).splitlines()
    assert [row.split() for row in rows] == [
        ["k0", "1", "0", "1", "0", "2", "3"],
        ["k1", "0", "0", "0", "2", "2", "3"],
        ["all", "1", "0", "1", "2", "4", "3"],
    ]
    assert last.split() == ["2", "Hang", "(case", "1)"]


def test_some_cases_are_for_the_compiled_engine():
    """By their number, so that a case is the same when carried out again."""
    pytest.importorskip("numba")
    engines = [run.engine_of(number) for number in range(100_000, 100_000 + QUICK)]
    assert engines.count("numba") == 3
    assert engines.count("numpy") == QUICK - 3


def test_an_option_that_is_ignored_is_found(tmp_path, monkeypatch):
    """The same answer with an option and without it is a fault; one that is told apart is none."""
    said = {"plain": "7 trials · 67/s", "same": "7 trials · 81/s", "other": "8 trials · 67/s"}
    monkeypatch.setattr(
        judged, "carried_out", lambda words, _: (judged.Verdict(judged.ANSWERED), said[words[-1]])
    )
    for word, verdict in (("same", judged.FAULT), ("other", judged.ANSWERED)):
        assert judged.judged(cases.Case("", ["x", word], without=["x", "plain"]), tmp_path).word == verdict


@pytest.mark.parametrize(
    ("epochs", "trials", "told", "word"),
    [
        (2, "0.5", "", judged.FAULT),  # stored, and without effect
        (2, "0.4", "", judged.ANSWERED),
        (2, "0.5", "epochs are not used here", judged.ANSWERED),
        (1, "0.5", "", judged.ANSWERED),  # it was so before
    ],
)
def test_a_key_without_effect_is_found(tmp_path, monkeypatch, epochs, trials, told, word):
    """A key whose stored value is another and whose trials are the same, seconds aside, is a fault."""

    def carried_out(_, folder):
        mutated = folder.name == "work"
        (folder / "out" / "tables").mkdir(parents=True)
        (folder / "out" / "sweep.toml").write_text(f"epochs = {epochs if mutated else 1}")
        text = f"loss,seconds\n{trials if mutated else 0.5},{len(folder.name)}\n"
        (folder / "out" / "tables" / "trials.csv").write_text(text)
        return judged.Verdict(judged.ANSWERED), told if mutated else ""

    monkeypatch.setattr(judged, "carried_out", carried_out)
    case = cases.Case("", ["sweep"], {"epochs": epochs})
    assert judged.judged(case, tmp_path / "work", lambda _: cases.Case("", ["sweep"])).word == word


@pytest.mark.slow
def test_ten_thousand_mutated_inputs_are_answers_or_one_line(tmp_path):
    """As many as are asked for; the table says how each kind ended."""
    print(fuzzed(int(os.environ.get("FUZZ", "10000")), 0, tmp_path))
