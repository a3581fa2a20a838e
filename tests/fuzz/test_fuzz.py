"""Mutated definitions, tables, data, studies, run folders and command lines: an answer or one line.

Ten thousand in one command: ``python tests/fuzz/run.py --cases 10000 --seed 0``, or
``pytest -m slow -s tests/fuzz``, whose number is in ``FUZZ``.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
    assert " 0 " in fuzzed(QUICK, 100_000, tmp_path)


def test_an_option_that_is_ignored_is_found(tmp_path, monkeypatch):
    """The same answer with an option and without it is a fault; one that is told apart is none."""
    import cases
    import judged

    said = {"plain": "7 trials · 67/s", "same": "7 trials · 81/s", "other": "8 trials · 67/s"}
    monkeypatch.setattr(
        judged, "_carried_out", lambda words, _: (judged.Verdict(judged.ANSWERED), said[words[-1]])
    )
    for word, verdict in (("same", judged.FAULT), ("other", judged.ANSWERED)):
        assert judged.judged(cases.Case("", ["x", word], without=["x", "plain"]), tmp_path).word == verdict


@pytest.mark.slow
def test_ten_thousand_mutated_inputs_are_answers_or_one_line(tmp_path):
    """As many as are asked for; the table says how each kind ended."""
    print(fuzzed(int(os.environ.get("FUZZ", "10000")), 0, tmp_path))
