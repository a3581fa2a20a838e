"""Carry out a case in this process through the real ``main``, with bounds, and judge how it ended."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import signal
import sys
import traceback
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import obedience
from more_cases import OTHER

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from cases import Case

CPU = 20  # seconds of a case
WALL = 120  # the same, of waiting
MEMORY = 2 * 2**30  # bytes of data
LARGEST = 2**30  # bytes of a file
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


def load() -> None:
    """Import what commands do, so that forks of this process need not."""
    import sensitivity.commands.cli  # noqa: F401 (in the right order)
    from sensitivity.claims import ledger  # noqa: F401
    from sensitivity.commands import claims, report, sweep  # noqa: F401
    from sweeps.sharing import Member  # noqa: F401


def bound_this_process() -> None:
    """Bound memory and files, make a hang an exception, and leave long trainings and drawing out."""
    from sensitivity.commands import claims, sweep
    from sensitivity.estimators.surrogate import trees
    from sensitivity.pictures import saving
    from sweeps.sharing import Member

    forest = trees.ExtraTreesRegressor  # nobody looks at how well it fits
    trees.ExtraTreesRegressor = lambda count, **named: forest(min(count, 10), **named)
    drawn = b'<svg viewBox="0 0 1 1"></svg>'  # nobody looks at them
    saving._bytes = lambda _, kind: drawn if kind == "svg" else b""
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
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
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


def judged(case: Case, folder: Path, plain: Callable[[Path], Case] | None = None) -> Verdict:
    """Carry out a case that lies in a folder.

    Parameters
    ----------
    plain
        Writes the same case without its mutations into another folder.
    """
    verdict, shown = carried_out(case.words, folder)
    if verdict.word == ANSWERED and case.raw is not None:
        ignored = obedience.stored(case.raw, folder / "out" / "sweep.toml", shown + verdict.said)
        verdict = Verdict(FAULT, *ignored) if ignored else verdict
    if verdict.word == ANSWERED and case.without is not None:
        other, otherwise = carried_out(case.without, folder)
        if obedience.answer(shown + verdict.said, folder / "out") == obedience.answer(
            otherwise.replace(OTHER, "out") + other.said, folder / OTHER
        ):
            words = [word for word in case.words if word not in case.without and word != "out"]
            verdict = Verdict(FAULT, f"{case.words[0]} ignores {' '.join(words)}", shown)
    if verdict.word == ANSWERED and plain is not None and (case.raw is not None or case.must):
        verdict = _compared(case, folder, plain, shown + verdict.said) or verdict
    return verdict


def _compared(case: Case, folder: Path, plain: Callable[[Path], Case], told: str) -> Verdict | None:
    """Fault where a change that has to matter gets the answer of before, and is not spoken of."""
    before = folder.parent / "plain"
    other = plain(before)
    if other.words != case.words:
        return None
    verdict, shown = carried_out(other.words, before)
    if verdict.word != ANSWERED:
        return None
    changed = case.must
    if case.raw is not None:
        changed = obedience.changed(folder / "out" / "sweep.toml", before / "out" / "sweep.toml")
    if not changed or any(obedience.named(name, told) for name in changed):
        return None
    if obedience.answer(told, folder / "out") != obedience.answer(shown + verdict.said, before / "out"):
        return None
    return Verdict(FAULT, f"{case.words[0]} ignores {' '.join(changed)}", told)


@contextlib.contextmanager
def _streams(folder: Path) -> Any:
    """Files for what is written to the descriptors 1 and 2, by whatever process and library."""
    kept = [os.dup(number) for number in (1, 2)]
    streams = sys.stdout, sys.stderr
    for number, name in ((1, "out"), (2, "errors")):
        target = os.open(folder / f".{name}", os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
        os.dup2(target, number)
        os.close(target)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 (closed below)
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.close()
        sys.stdout, sys.stderr = streams
        for number, before in zip((1, 2), kept, strict=True):
            os.dup2(before, number)
            os.close(before)


def carried_out(words: list[str], folder: Path) -> tuple[Verdict, str]:
    """Type a command, and what it said to the end."""
    from sensitivity.commands.cli import main

    sys.argv = ["sensitivity", *words]
    code: Any = 0
    raised: BaseException | None = None
    with warnings.catch_warnings(record=True) as warned, _streams(folder.parent):
        warnings.simplefilter("default")
        try:
            with _bounds(folder):
                main()
        except SystemExit as stop:
            code = stop.code or 0
        except Enough:
            code = BEGUN
        except BaseException as error:  # noqa: BLE001 (that is what is looked for)
            raised = error
    shown, said = ((folder.parent / name).read_text(errors="replace") for name in (".out", ".errors"))
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
    if (line := re.search(r"^\[[WEIC] \d{4}-.*$|^Exception ignored in.*$", said, re.MULTILINE)) is not None:
        return Verdict(FAULT, f"a library's own line beside ours, {line[0][27:90]}", said)
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
