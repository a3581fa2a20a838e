"""Subnormal numbers become zero while networks are trained: processors are many times slower on them.

Averages of gradients that have died out go through them for thousands of steps: with Adam or RMSProp at a
rate of 0.1 a training took almost four times as long. The processor has a switch for this, a part of the
state of the floating-point unit that every thread has of its own; the C library reads and writes that state
(C99, ``fenv.h``), and where its parts lie is known for the platforms below. Elsewhere nothing is switched,
and the last bits of a number may differ: `handling` is therefore part of what a run notes down of itself.
"""

from __future__ import annotations

import ctypes
import platform
import sys
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Switch(NamedTuple):
    """Where the switch is in ``fenv_t``: the word of 32 bits that holds it, and its bits in this word."""

    word: int
    bits: int


# x86: FTZ (bit 15, results) and DAZ (bit 6, operands) of MXCSR. ARM: FZ (bit 24, both) of FPCR.
_SWITCHES = {
    ("linux", "x86_64"): _Switch(7, 1 << 15 | 1 << 6),
    ("linux", "aarch64"): _Switch(0, 1 << 24),
    ("darwin", "x86_64"): _Switch(1, 1 << 15 | 1 << 6),
    ("darwin", "arm64"): _Switch(2, 1 << 24),
}
_WORDS = 16  # room for any fenv_t: the largest of these has 8 words


@contextmanager
def flushed() -> Iterator[None]:
    """Let this thread take subnormal numbers for zero; the state that it had comes back in any case."""
    switch = _usable()
    if switch is None:
        yield
        return
    before = _set(switch, switch.bits)
    try:
        yield
    finally:
        _set(switch, before)


def handling() -> str:
    """``flushed`` or, where the switch of this platform is not known, ``kept``."""
    return "kept" if _usable() is None else "flushed"


@cache
def _library() -> Any:  # noqa: ANN401 (ctypes knows no better)
    return ctypes.CDLL(None)


@cache
def _usable() -> _Switch | None:
    """The switch of this platform if it does what it should, as one product shows."""
    switch = _SWITCHES.get((sys.platform, platform.machine()))
    if switch is None or not all(hasattr(_library(), name) for name in ("fegetenv", "fesetenv")):
        return None
    before = _set(switch, switch.bits)
    try:
        works = sys.float_info.min * 0.5 == 0.0
    finally:
        _set(switch, before)
    return switch if works and sys.float_info.min * 0.5 > 0.0 else None


def _set(switch: _Switch, bits: int) -> int:
    """Give the switch's bits these values, and hand over those that they had."""
    state = (ctypes.c_uint32 * _WORDS)()
    _library().fegetenv(state)
    before = int(state[switch.word]) & switch.bits
    if before != bits:
        state[switch.word] = int(state[switch.word]) & ~switch.bits | bits
        _library().fesetenv(state)
    return before
