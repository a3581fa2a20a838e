"""A case in a process of its own, forked from one that has imported everything: milliseconds, not seconds."""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
import time
import traceback
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

GRACE = 3.0  # seconds in which processes that a case has started may end after it


def in_a_fork(job: Callable[[], dict[str, Any]], longest: float) -> dict[str, Any]:
    """Result of a job that is carried out in a fork, which ends with all that it has started.

    Parameters
    ----------
    longest
        Seconds after which it is killed.

    Returns
    -------
    dict
        What the job returns, or ``died`` alone: of what; in both ``cpu`` (seconds, of its children too),
        ``memory`` (most bytes of the largest process) and ``left``: whether a process outlived it.
    """
    sys.stdout.flush()
    receiver, sender = os.pipe()
    child = os.fork()
    if not child:
        os.close(receiver)
        _child(job, sender)
    os.close(sender)
    with os.fdopen(receiver, "rb") as told:
        text = _line(told.fileno(), time.monotonic() + longest)
    if text is None:
        os.killpg(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    died = "a hang that no signal ends" if text is None else f"exit code {os.waitstatus_to_exitcode(status)}"
    known: dict[str, Any] = json.loads(text) if text else {"died": died}
    return known | {
        "cpu": usage.ru_utime + usage.ru_stime,
        "memory": usage.ru_maxrss * 1024,
        "left": _left(child),
    }


def _child(job: Callable[[], dict[str, Any]], sender: int) -> None:
    """Carry it out, tell the result in one line, and end without any of the parent's last acts."""
    status = 1
    try:
        os.setsid()  # its group is all that it starts
        gc.enable()
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1):
            os.dup2(nothing, stream)
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 (for as long as it lives)
        text = json.dumps(job()).encode() + b"\n"
        while text:
            text = text[os.write(sender, text) :]
        status = 0
    except BaseException:  # noqa: BLE001 (the parent must not go on twice)
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(status)


def _line(source: int, until: float) -> bytes | None:
    """All up to the end of a line, nothing where the sender died before, None where it takes longer."""
    text = b""
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([source], [], [], max(until - time.monotonic(), 0))
        if not ready:
            return None
        part = os.read(source, 2**16)
        if not part:
            return b""
        text += part
    return text


def _left(group: int) -> bool:
    """Whether a process of the group lives on; it is ended."""
    until = time.monotonic() + GRACE
    try:
        while time.monotonic() < until:
            os.killpg(group, 0)
            time.sleep(0.02)
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
