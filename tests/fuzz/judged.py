"""Carry out a case in this process through the real ``main``, with bounds, and judge how it ended."""

from __future__ import annotations

import contextlib
import io
import math
import os
import re
import resource
import signal
import sys
import time
import tomllib
import traceback
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from more_cases import OTHER

if TYPE_CHECKING:
    from types import FrameType

    from cases import Case

CPU = 20  # seconds of a case
WALL = 120  # the same, of waiting
MEMORY = 2 * 2**30  # bytes of data
MOST_TRIALS = 400  # beyond, a sweep is begun and not trained: it would be right to take hours
ROOT = Path(__file__).parents[2]
ANSWERED, BEGUN, REFUSED, FAULT = "answered", "begun", "refused", "fault"
_SILENT = (DeprecationWarning, PendingDeprecationWarning, ResourceWarning, ImportWarning)


class Enough(BaseException):
    """A sweep that is right and long was about to be trained."""


class Hang(BaseException):
    """A case took more than its time."""


@dataclass
class Verdict:
    """How a case ended: one of the four words, for a fault where and how, and what was said."""

    word: str
    key: str = ""
    said: str = ""
    seconds: float = 0.0


def bound_this_process() -> None:
    """Bound memory, make a hang an exception, and leave long trainings and drawing out."""
    import sensitivity.commands.cli  # noqa: F401 (in the right order)
    from sensitivity.claims import ledger  # noqa: F401
    from sensitivity.commands import claims, report, sweep
    from sensitivity.pictures import saving
    from sweeps.sharing import Member

    saving._bytes = lambda _, kind: b"" if kind == "png" else b"<svg></svg>"  # nobody looks at them
    trained, shared = sweep.run, Member.train

    def check(asked: Any) -> None:
        if asked.total > MOST_TRIALS or asked.total * asked.definition.epochs > 10 * MOST_TRIALS:
            raise Enough

    def run(asked: Any, *arguments: Any, **named: Any) -> Any:
        check(asked)
        return trained(asked, *arguments, **named)

    def train(member: Member) -> None:
        check(member.sweep)
        shared(member)

    def claim(*_: Any, **__: Any) -> Any:
        raise Enough

    sweep.run, claims.put_to_the_test = run, claim
    Member.train = train  # type: ignore[method-assign]
    del report
    with contextlib.suppress(ImportError):  # compiled once and kept: no case is to wait for it
        from sweeps.compiled.run import make_ready

        for kind in (np.float32, np.float64):
            make_ready(kind)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    for number in (signal.SIGXCPU, signal.SIGALRM):
        signal.signal(number, _hang)


def _hang(number: int, _: FrameType | None) -> None:
    raise Hang("CPU" if number == signal.SIGXCPU else "waiting")


@contextlib.contextmanager
def _bounds(folder: Path) -> Any:
    """A folder to stand in, and its time; what a case changes of the process is put back."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(
        resource.RLIMIT_CPU, (int(usage.ru_utime + usage.ru_stime) + CPU, resource.RLIM_INFINITY)
    )
    signal.alarm(WALL)
    before, path, modules = Path.cwd(), list(sys.path), set(sys.modules)
    os.chdir(folder)
    try:
        yield
    finally:
        signal.alarm(0)
        resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY,) * 2)
        os.chdir(before)
        sys.path[:] = path
        for name in set(sys.modules) - modules:
            if name in {"mine", "objective", "module"}:
                del sys.modules[name]


def judged(case: Case, folder: Path) -> Verdict:
    """Carry out a case that lies in a folder."""
    begun = time.process_time()
    verdict, shown = _carried_out(case.words, folder)
    if verdict.word == ANSWERED and case.raw is not None:
        verdict = _obeyed(case.raw, folder / "out" / "sweep.toml", shown + verdict.said) or verdict
    if verdict.word == ANSWERED and case.without is not None:
        plain, otherwise = _carried_out(case.without, folder)
        same = _answer(shown + verdict.said, folder / "out") == _answer(
            otherwise.replace(OTHER, "out") + plain.said, folder / OTHER
        )
        if same:
            words = [word for word in case.words if word not in case.without and word != "out"]
            verdict = Verdict(FAULT, f"{case.words[0]} ignores {' '.join(words)}", shown)
    verdict.seconds = time.process_time() - begun
    return verdict


def _answer(shown: str, out: Path) -> tuple[str, ...]:
    """What a command has answered, without how long it took: its words, and the tables that it wrote."""
    tables = sorted((out / "tables").glob("*.csv")) if (out / "tables").is_dir() else []
    tables += sorted(out.glob("*.csv")) if out.is_dir() else []
    texts = (path.read_text(encoding="utf-8") for path in tables if path.name != "trials.csv")
    return (re.sub(r"[\d.,:]+(/| ?)(s|ms|min|left)\b", "", shown), *texts)


def _carried_out(words: list[str], folder: Path) -> tuple[Verdict, str]:
    """Type a command, and what it said to the end."""
    from sensitivity.commands.cli import main

    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    errors = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")
    sys.argv = ["sensitivity", *words]
    code: Any = 0
    raised: BaseException | None = None
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("default")
        try:
            with _bounds(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
                main()
        except SystemExit as stop:
            code = stop.code or 0
        except Enough:
            code = BEGUN
        except BaseException as error:  # noqa: BLE001 (that is what is looked for)
            raised = error
    for stream in (out, errors):
        stream.flush()
    said = errors.buffer.getvalue().decode(errors="replace")  # type: ignore[attr-defined]
    shown = out.buffer.getvalue().decode(errors="replace")  # type: ignore[attr-defined]
    loud = [one for one in warned if not issubclass(one.category, _SILENT)]
    return _ended(code, raised, said, shown, loud), shown


def _ended(code: object, raised: BaseException | None, said: str, shown: str, loud: list[Any]) -> Verdict:  # noqa: PLR0911
    if raised is not None:
        text = "".join(traceback.format_exception(raised))
        return Verdict(
            FAULT,
            " ".join([type(raised).__name__, *raised.args[: isinstance(raised, Hang)], "at", _place(raised)]),
            text,
        )
    if loud:
        one = loud[0]
        where = Path(one.filename).name
        return Verdict(FAULT, f"{one.category.__name__} at {where}:{one.lineno}", str(one.message))
    if code == BEGUN:
        return Verdict(BEGUN)
    if code == 0:
        if "Traceback" in said + shown:
            return Verdict(FAULT, "a traceback beside an answer", said + shown)
        return Verdict(ANSWERED, said=said)
    if code != 2:
        return Verdict(FAULT, f"exit code {code}", said)
    if said.startswith("Error: ") and said.count("\n") == 1 and said.endswith("\n"):
        if len(said) > 1500:
            return Verdict(FAULT, f"a refusal of {len(said) // 1000 * 1000}+ characters", said)
        return Verdict(REFUSED, said=said)
    return Verdict(FAULT, "a refusal that is not one line", said)


def _place(raised: BaseException) -> str:
    """Deepest place of ours in a traceback."""
    ours = [
        frame
        for frame in traceback.extract_tb(raised.__traceback__)
        if frame.filename.startswith(str(ROOT / "s"))
    ]
    if not ours:
        return "?"
    deepest = ours[-1]
    return f"{Path(deepest.filename).relative_to(ROOT)}:{deepest.lineno} {deepest.name}"


def _obeyed(raw: dict[str, Any], stored: Path, told: str) -> Verdict | None:
    """Fault where a key that was given is not in the stored definition with its value; None where all are."""
    if not stored.is_file():
        return Verdict(FAULT, "answered without a stored definition")
    kept = tomllib.loads(stored.read_text(encoding="utf-8"))
    for path, value in _leaves(raw):
        found: Any = kept
        for key in path:
            found = found.get(key, ...) if isinstance(found, dict) else ...
        if not _same(value, found) and path[0] != "dataset" and path[-1] not in told:
            return Verdict(FAULT, f"ignored {'.'.join(path)}", f"given {value!r:.200}, stored {found!r:.200}")
    return None


def _leaves(raw: dict[str, Any], path: tuple[str, ...] = ()) -> Any:
    for key, value in raw.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one) and math.isnan(other):
        return True
    return bool(one == other) or (one in ({}, []) and other is ...) or one == "find"
