"""A process that has loaded everything, and copies itself for each command: it begins in a tenth of the time.

``python warm.py`` says that it is ready; then it reads one order a line, as JSON: to start a command, or to
say how one has ended. What it starts is ``python -m sensitivity`` in all but the imports, of which a kill
changes nothing.
"""

from __future__ import annotations

import importlib
import json
import os
import runpy
import sys
import tempfile

LOADED = (
    "sensitivity.commands.cli",
    "sensitivity.commands.sharing",
    "sensitivity.commands.first_screen",
    "sensitivity.commands.report",
    "sensitivity.commands.summary",
    "sensitivity.reporting.results",
    "sensitivity.reporting.work",
    "sklearn.datasets",
    "sklearn.model_selection",
)


def start(order: dict) -> int:
    """Start a command and give its process number; it leads a group of its own."""
    child = os.fork()
    if child:
        return child
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    said = os.open(order["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for target, source in ((0, nowhere), (1, nowhere), (2, said)):
        os.dup2(source, target)
    os.environ |= order["environment"]
    tempfile.tempdir = None  # looked up anew
    workshop = sys.modules["sensitivity.reporting.workshop"]
    workshop.WORTHWHILE = order["worthwhile"] or workshop.WORTHWHILE  # few trials in several processes too
    sys.argv = ["sensitivity", *order["words"]]
    code = 0
    try:
        runpy.run_module("sensitivity", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        code = ended.code or 0
    except BaseException:  # noqa: BLE001 (as Python itself shows it)
        sys.excepthook(*sys.exc_info())
        code = 1
    finally:
        sys.exit(code)


def ended(pid: int) -> int:
    """Exit code of a command that has ended."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def say(answer: object) -> None:
    """Give an answer, on a line of its own."""
    sys.stdout.write(f"{answer}\n")
    sys.stdout.flush()


def main() -> None:
    """Carry out orders until there are no more."""
    for name in LOADED:
        importlib.import_module(name)
    say("ready")
    for line in sys.stdin:
        order = json.loads(line)
        say(ended(order["pid"]) if "pid" in order else start(order))


if __name__ == "__main__":
    main()
