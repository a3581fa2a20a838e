"""Fuzz the command line: ``python tests/fuzz/run.py --cases 10000 --seed 0``.

Each case is answered (exit code 0) or refused in one line (2). A traceback, a warning, a hang, more than
2 GB, another exit code, or a key of a definition that is neither refused nor stored is a fault. Its mutations
are left out one by one as long as it stays the same fault; then its files and command lie in ``--faults``,
and ``--case 1234`` carries it out again. Long sweeps are begun, not trained. Ctrl-C and SIGTERM show the
table so far.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
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

AT_ONCE = 250  # cases of a process before it is started anew


def minimal(seed: int, number: int, home: Path, base: Path) -> tuple[Any, Any, frozenset[int]]:
    """Carry out a case; of a fault leave out mutations as long as it is the same."""
    import cases
    import judged

    def tried(skip: frozenset[int]) -> tuple[Any, Any]:
        folder = home / f"c{number}" / "work"
        shutil.rmtree(folder.parent, ignore_errors=True)
        case = cases.build(seed, number, folder, base, skip)
        return case, judged.judged(case, folder)

    case, verdict = tried(frozenset())
    skipped: frozenset[int] = frozenset()
    if verdict.word == judged.FAULT and not verdict.key.startswith("Hang"):
        for place in range(case.changes):
            smaller, again = tried(skipped | {place})
            if again.key == verdict.key:
                skipped, case, verdict = skipped | {place}, smaller, again
    return case, verdict, skipped


def make_base(home: Path) -> None:
    """Make what cases are mutations of, unless it is there; by who carries them out, as imports take long."""
    if not (home / "base").exists():
        import cases

        with contextlib.redirect_stdout(io.StringIO()):
            cases.make_base(home / "base")


def work(arguments: argparse.Namespace, numbers: range) -> None:
    """Carry out cases in this process and say how each ended, a line of JSON each."""
    import judged

    make_base(Path(arguments.home))
    judged.bound_this_process()
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 (for as long as the process lives)
    said = os.fdopen(os.dup(1), "w")
    home = Path(arguments.home)
    for number in numbers:
        print(json.dumps({"begin": number}), file=said, flush=True)
        case, verdict, skipped = minimal(arguments.seed, number, home, home / "base")
        line = {
            "end": number,
            "kind": case.kind,
            "words": case.words,
            **vars(verdict),
            "skipped": sorted(skipped),
        }
        print(json.dumps(line), file=said, flush=True)
        if verdict.word == judged.FAULT and arguments.faults:
            goal = Path(arguments.faults) / str(number)
            shutil.rmtree(goal, ignore_errors=True)
            shutil.copytree(home / f"c{number}" / "work", goal / "work", symlinks=True, ignore=_pipes)
            (goal / "fault.json").write_text(json.dumps(line, indent=1))
        shutil.rmtree(home / f"c{number}", ignore_errors=True)


def _pipes(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if (Path(folder) / name).is_fifo()]


def _start(arguments: argparse.Namespace, numbers: range) -> subprocess.Popen[str]:
    line = [sys.executable, __file__, "--seed", arguments.seed, "--home", arguments.home, "--work"]
    line += [
        numbers.start,
        numbers.stop,
        numbers.step,
        *(["--faults", arguments.faults] if arguments.faults else []),
    ]
    path = os.pathsep.join([str(HERE.parents[1]), os.environ.get("PYTHONPATH", "")])
    with (Path(arguments.home) / "errors.txt").open("ab") as errors:
        return subprocess.Popen(
            list(map(str, line)),
            stdout=subprocess.PIPE,
            stderr=errors,
            stdin=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
        )


def fuzz(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Carry out all cases in processes that are started anew now and then, or when one dies."""
    ended: list[dict[str, Any]] = []
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # in the background Ctrl-C is not heard
    with contextlib.suppress(KeyboardInterrupt):
        _all(arguments, ended)
    return ended


def _all(arguments: argparse.Namespace, ended: list[dict[str, Any]]) -> None:
    first, last = arguments.first, arguments.first + arguments.cases
    while first < last:
        process, begun = _start(arguments, range(first, min(last, first + AT_ONCE), 1)), None
        assert process.stdout is not None
        for text in process.stdout:
            line = json.loads(text)
            begun = line.get("begin")
            if begun is None:
                ended.append(line)
                first = line["end"] + 1
                if line["word"] == "fault":
                    if not _alone(arguments, line["end"]):  # what earlier cases left in the process
                        line |= {"word": "only after others"}
                    print(f"case {line['end']}: {line['key']}", flush=True)
        if process.wait() and begun is not None:
            key = f"the process died with exit code {process.returncode}"
            print(f"case {begun}: {key}", flush=True)
            ended.append(
                {"end": begun, "kind": "?", "word": "fault", "key": key, "words": [], "seconds": 0.0}
            )
            first = begun + 1
        elif process.returncode:
            raise SystemExit((Path(arguments.home) / "errors.txt").read_text()[-3000:])


def _alone(arguments: argparse.Namespace, number: int) -> bool:
    """Whether a case is a fault in a process of its own, as a user has it."""
    line = [sys.executable, __file__, "--seed", arguments.seed, "--home", arguments.home, "--case", number]
    path = os.pathsep.join([str(HERE.parents[1]), os.environ.get("PYTHONPATH", "")])
    ended = subprocess.run(
        list(map(str, line)), env={**os.environ, "PYTHONPATH": path}, capture_output=True, check=False
    )
    return bool(ended.returncode)


def table_of(ended: list[dict[str, Any]]) -> str:
    """Cases by kind and how they ended, then the faults, the most frequent first."""
    words = ("answered", "begun", "refused", "fault", "only after others")
    kinds = sorted({line["kind"] for line in ended})
    counts = Counter((line["kind"], line["word"]) for line in ended)
    rows = [["kind", *words, "CPU s"]]
    for kind in [*kinds, "all"]:
        of = [line for line in ended if kind in {"all", line["kind"]}]
        cells = [sum(counts[one, word] for one in kinds if kind in {"all", one}) for word in words]
        rows.append([kind, *map(str, cells), f"{sum(line['seconds'] for line in of):.0f}"])
    lines = [f"{row[0]:<24}" + "".join(f"{cell:>19}" for cell in row[1:]) for row in rows]
    faults = Counter(line["key"] for line in ended if line.get("key"))
    first = {line["key"]: line["end"] for line in reversed(ended)}
    return "\n".join(
        [*lines, *(f"{count:5}  {key}  (case {first[key]})" for key, count in faults.most_common())]
    )


def _one(arguments: argparse.Namespace, home: Path) -> int:
    """Carry out one case and say all about it."""
    import judged

    make_base(home)
    judged.bound_this_process()
    case, verdict, skipped = minimal(arguments.seed, arguments.case, home, home / "base")
    print(case.kind, case.words, f"without mutations {sorted(skipped)} of {case.changes}", sep="\n")
    print(verdict.word, verdict.key, verdict.said, f"{verdict.seconds:.1f} s", sep="\n")
    print(f"files: {home / f'c{arguments.case}'}")
    return int(verdict.word == judged.FAULT)


def main(words: list[str] | None = None) -> int:
    """Read the command line; 1 where there was a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--case", type=int, help="this one only, in full; its files are kept")
    parser.add_argument("--faults", help="folder in which the files of faults are kept")
    parser.add_argument("--home", help=argparse.SUPPRESS)
    parser.add_argument("--work", type=int, nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args(words)
    if arguments.work:
        work(arguments, range(*arguments.work))
        return 0
    home = Path(arguments.home or tempfile.mkdtemp(prefix="fuzz-"))
    arguments.home = str(home)
    home.mkdir(parents=True, exist_ok=True)
    try:
        if arguments.case is not None:
            return _one(arguments, home)
        ended = fuzz(arguments)
        print(table_of(ended))
        return int(any(line["word"] == "fault" for line in ended))
    finally:
        if arguments.case is None:
            shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
