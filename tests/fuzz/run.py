"""Fuzz the command line: ``python tests/fuzz/run.py --cases 10000 --seed 0``.

Each case is answered (exit code 0) or refused in one line (2). A traceback, a warning, a hang, more than
2 GB, another exit code, a process or a temporary file left behind, or a setting ignored without a word is a
fault. Its mutations are left out one by one as long as it stays the same fault; then its files and command
lie in ``--faults``, and ``--case 1234`` carries it out again. Long sweeps are begun, not trained. Each case
has a process of its own, forked from this one, which has imported everything. One in `COMPILED` trains by
numba, where it is installed. Ctrl-C and SIGTERM show the table so far.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib.util
import io
import json
import os
import shutil
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
for folder in (HERE, HERE.parents[1]):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("SENSITIVITY_ENGINE", "numpy")

import cases  # noqa: E402 (its path is known now)
import judged  # noqa: E402
from forks import in_a_fork  # noqa: E402

NONE = frozenset(range(9))  # of the mutations: all are skipped
COMPILED = 8  # one case in so many, by its number, is for the compiled engine: it begins a second later
LONGEST = 2 * judged.WALL + 60  # seconds of a case, whatever it does with signals
WORTH_WARMING = 100  # cases: compiling and a dozen commands take as long as some fifty
# Commands that are right, carried out first: what they keep in memory, all cases have.
WARM = (
    ["measure", "grid.csv", "--metric", "loss", "--out", "out"],
    ["measure", "run0", "--out", "out"],
    ["measure", "foreign.db", "--out", "out"],
    ["measure", "foreign.journal", "--out", "out"],
    ["sweep", "tiny0.toml", "--out", "new", "--workers", "1", "--no-report"],
    ["best", "run0", "--as", "torch"],
    ["zoom", "run0"],
    ["plan", "run0"],
    ["plan", "tiny0.toml"],
    ["show", "run0", "ranking"],
    ["versus", "sgd", "adam", "run0"],
    ["list"],
)


def make_base(base: Path) -> None:
    """Make what cases are mutations of, unless it is there."""
    if not base.exists():
        with contextlib.redirect_stdout(io.StringIO()):
            cases.make_base(base)


def warm_up(base: Path) -> None:
    """Compile what is compiled and keep what is kept, so that forks find it."""
    with contextlib.suppress(ImportError):
        from sweeps.compiled.run import make_ready

        for kind in ("float32", "float64"):
            make_ready(kind)
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(base, Path(copy) / "base")
        for words in WARM:
            judged.carried_out(words, Path(copy) / "base")
    gc.collect()
    gc.freeze()  # a collection would write into the pages that forks share


def engine_of(number: int) -> str:
    """By which a case trains where it names no engine itself."""
    compiled = number % COMPILED == 0 and importlib.util.find_spec("numba") is not None
    return "numba" if compiled else os.environ["SENSITIVITY_ENGINE"]


def tried(seed: int, number: int, home: Path, skip: frozenset[int] = frozenset()) -> dict[str, Any]:
    """Carry out a case without some of its mutations, and how it ended; its files lie in ``home``."""
    folder = home / f"c{number}"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "tmp").mkdir(parents=True)

    def job() -> dict[str, Any]:
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder / "tmp")
        os.environ["SENSITIVITY_ENGINE"] = engine_of(number)
        judged.bound_this_process()
        case = cases.build(seed, number, folder / "work", home / "base", skip)
        verdict = judged.judged(
            case, folder / "work", lambda path: cases.build(seed, number, path, home / "base", NONE)
        )
        return {"kind": case.kind, "words": case.words, "changes": case.changes, **vars(verdict)}

    line = {"end": number, "skipped": sorted(skip), **in_a_fork(job, LONGEST)}
    if "died" in line:
        line |= {"kind": "?", "words": [], "changes": 0, "said": "", "word": judged.FAULT}
        line["key"] = f"the process died: {line['died']}"
    elif line["word"] != judged.FAULT and (line["left"] or any((folder / "tmp").iterdir())):
        what = "a process" if line["left"] else "a temporary file"
        line |= {"word": judged.FAULT, "key": f"{line['words'][:1]} left {what} behind"}
    return line


def minimal(seed: int, number: int, home: Path) -> dict[str, Any]:
    """Carry out a case; of a fault leave out mutations as long as it is the same."""
    line = tried(seed, number, home)
    if line["word"] != judged.FAULT or line["key"].startswith("Hang"):
        return line
    skipped: frozenset[int] = frozenset()
    for place in range(line["changes"]):
        smaller = tried(seed, number, home, skipped | {place})
        if smaller["key"] == line["key"]:
            skipped, line = skipped | {place}, smaller
    return tried(seed, number, home, skipped) if line["changes"] else line


def _pipes(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if (Path(folder) / name).is_fifo()]


def fuzz(seed: int, numbers: range, home: Path, faults: Path | None = None) -> list[dict[str, Any]]:
    """Carry out cases one after the other; a fault is told at once."""
    ended: list[dict[str, Any]] = []
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # in the background Ctrl-C is not heard
    with contextlib.suppress(KeyboardInterrupt):
        for number in numbers:
            line = minimal(seed, number, home)
            ended.append(line)
            if line["word"] == judged.FAULT:
                print(f"case {number}: {line['key']}", flush=True)
                if faults:
                    goal, work = faults / str(number), home / f"c{number}" / "work"
                    shutil.rmtree(goal, ignore_errors=True)
                    shutil.copytree(work, goal / "work", symlinks=True, ignore=_pipes)
                    (goal / "fault.json").write_text(json.dumps(line, indent=1))
            shutil.rmtree(home / f"c{number}", ignore_errors=True)
    return ended


def table_of(ended: list[dict[str, Any]]) -> str:
    """Cases by kind and how they ended, then the faults, the most frequent first."""
    words = (judged.ANSWERED, judged.BEGUN, judged.REFUSED, judged.FAULT)
    kinds = sorted({line["kind"] for line in ended})
    counts = Counter((line["kind"], line["word"]) for line in ended)
    rows = [["kind", *words, "CPU s", "largest (MB)"]]
    for kind in [*kinds, "all"]:
        of = [line for line in ended if kind in {"all", line["kind"]}]
        cells = [sum(counts[one, word] for one in kinds if kind in {"all", one}) for word in words]
        largest = max((line["memory"] for line in of), default=0) // 10**6
        rows.append([kind, *map(str, cells), f"{sum(line['cpu'] for line in of):.0f}", str(largest)])
    lines = [f"{row[0]:<24}" + "".join(f"{cell:>14}" for cell in row[1:]) for row in rows]
    faults = Counter(line["key"] for line in ended if line["key"])
    first = {line["key"]: line["end"] for line in reversed(ended)}
    return "\n".join(
        [*lines, *(f"{count:5}  {key}  (case {first[key]})" for key, count in faults.most_common())]
    )


def _one(arguments: argparse.Namespace, home: Path) -> int:
    """Carry out one case and say all about it."""
    line = minimal(arguments.seed, arguments.case, home)
    print(line["kind"], line["words"], f"without mutations {line['skipped']} of {line['changes']}", sep="\n")
    print(line["word"], line["key"], line["said"], f"{line['cpu']:.1f} CPU s", sep="\n")
    print(f"files: {home / f'c{arguments.case}'}")
    return int(line["word"] == judged.FAULT)


def main(words: list[str] | None = None) -> int:
    """Read the command line; 1 where there was a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--case", type=int, help="this one only, in full; its files are kept")
    parser.add_argument("--faults", type=Path, help="folder in which the files of faults are kept")
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args(words)
    home: Path = arguments.home or Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        judged.load()
        make_base(home / "base")
        if arguments.case is not None:
            return _one(arguments, home)
        if arguments.cases >= WORTH_WARMING:
            warm_up(home / "base")
        numbers = range(arguments.first, arguments.first + arguments.cases)
        ended = fuzz(arguments.seed, numbers, home, arguments.faults)
        print(table_of(ended))
        return int(any(line["word"] == judged.FAULT for line in ended))
    finally:
        if arguments.case is None:
            shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
