"""How a trial ended, as a column says it: ``finished``, ``timeout``, ``failed = true``."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from sensitivity.vocabulary import tokens, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence


class End(Enum):
    """How a trial ended."""

    DONE = auto()  # its result counts
    FAILED = auto()  # it has none, and may owe that to its settings
    LOST = auto()  # somebody or something ended it, or it has not ended: how it would have is unknown
    UNKNOWN = auto()  # nobody knows this word


_NAMES: Final = words_of(
    "state,status,outcome,trial state,trial status,run state,run status,job state,job status,final state,"
    "final status,exit status,end state,zustand",
    ",",
)
_YES_FAILED: Final = words_of(
    "failed,crashed,diverged,timed out,oom,is nan,is failed,has failed,has crashed", ","
)
_NO_FAILED: Final = words_of("success,succeeded,finished,completed,complete,ok,is finished,is complete", ",")
_YES: Final = frozenset({"true", "yes", "1", "1.0"})
_NO: Final = frozenset({"false", "no", "0", "0.0"})
# A word of the first kind stands above those of the next: "finished with errors" failed.
_KINDS: Final = (
    (
        End.FAILED,
        words_of(
            "fail failed failure crashed crash error errors errored exception timeout oom nan inf "
            "diverged divergence exploded invalid infeasible segfault dead fehler fehlgeschlagen"
        ),
    ),
    (
        End.LOST,
        words_of(
            "pruned running waiting pending killed preempted stopped canceled cancelled aborted scheduled "
            "paused interrupted queued submitted created suspended evicted unfinished incomplete started "
            "starting progress skipped not early resumed lost abgebrochen läuft"
        ),
    ),
    (
        End.DONE,
        words_of(
            "finished complete completed success succeeded successful ok done terminated passed ended "
            "trained converged fertig beendet"
        ),
    ),
)
_PHRASES: Final = ({"timed", "out"}, {"out", "memory"})


def is_state(name: str, cells: Sequence[str]) -> bool:
    """Whether a column says how its trials ended: by its name, and some word that is known."""
    plain = " ".join(tokens(name))
    if plain not in _YES_FAILED | _NO_FAILED | _NAMES:
        return False
    words = {cell.strip() for cell in cells if cell.strip()}
    if plain in _YES_FAILED | _NO_FAILED:
        return len(words) == 2 and {word.casefold() for word in words} <= _YES | _NO
    return plain in _NAMES and any(end_of(name, word) != End.UNKNOWN for word in words)


def end_of(name: str, cell: str) -> End:
    """What a cell of such a column says."""
    plain, text = " ".join(tokens(name)), cell.strip().casefold()
    if text in _YES | _NO and plain in _YES_FAILED | _NO_FAILED:
        return End.FAILED if (text in _YES) == (plain in _YES_FAILED) else End.DONE
    words = set(tokens(cell))
    if any(phrase <= words for phrase in _PHRASES):
        return End.FAILED
    return next((end for end, known in _KINDS if known & words), End.UNKNOWN)
