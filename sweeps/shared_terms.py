"""What a shared folder says of its sweep: which it is, by which rules its trials are made, in which blocks.

Whoever joins makes sure that it is the same sweep; whoever comes with the folder alone reads it there.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, Final

from sweeps.definition import parse
from sweeps.engines import AUTO, engine_again, engine_named
from sweeps.errors import StudyError
from sweeps.run import GENERATION, fingerprint, generation_range
from sweeps.versions import check_terms, terms

if TYPE_CHECKING:
    from sweeps.definition import SweepDefinition
    from sweeps.run import Sweep
    from sweeps.shared_folder import SharedFolder

RECORD: Final = "record"  # the last piece: recording the trials, and what follows from it
PART = 5  # search trials of a generation that a process takes at once


def blocks(sweep: Sweep) -> dict[str, range]:
    """Numbers of the trials of each block, by its name: of the plan, then of each generation."""
    size = sweep.work.block(sweep.total)
    planned = _cut(range(len(sweep.planned)), size)
    generations = [generation_range(sweep, number) for number in range(-(-sweep.search // GENERATION))]
    parts = [part for numbers in generations for part in _cut(numbers, min(size, PART))]
    return {f"{number:06d}": part for number, part in enumerate([*planned, *parts])}


def _cut(numbers: range, size: int) -> list[range]:
    return [numbers[start : start + size] for start in range(0, len(numbers), size)]


def shared_definition(folder: SharedFolder) -> SweepDefinition | None:
    """Definition of the sweep that is shared there, None where there is none yet.

    Raises
    ------
    StudyError
        When what is written there makes no sense.
    """
    known = folder.terms()
    if known is None:
        return None
    try:
        raw = tomllib.loads(known["definition"])
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        raise folder.damaged_terms() from None
    if not isinstance(known.get("terms"), dict):
        raise folder.damaged_terms()
    return parse(raw)


def shared_engine(folder: SharedFolder, asked: str) -> str:
    """Engine to join with: what is named, else that of the sweep that is shared there."""
    known = None if shared_definition(folder) is None else folder.terms()
    if asked != AUTO or known is None:
        return engine_named(asked)
    return engine_again(known["terms"])


def join(sweep: Sweep, folder: SharedFolder) -> None:
    """Begin to share a sweep, or make sure that what is shared there is this one, made by the same rules.

    Raises
    ------
    StudyError, ExecutionError
        When it is another: what differs, in one sentence.
    """
    mine: dict[str, Any] = {
        "definition": sweep.definition.to_toml(),
        "fingerprint": fingerprint(sweep.definition, sweep.objective),
        "terms": terms(planning=True, engine=sweep.work.engine),
    }
    if folder.terms() is None:
        folder.found(mine, [*blocks(sweep), RECORD])
    theirs = folder.terms() or {}
    there = shared_definition(folder)
    different = [] if there is None else there.differences(sweep.definition)
    if different:
        raise StudyError(
            f"another sweep is shared in {folder.path.parent} ({'; '.join(different[:5])}); choose another "
            "folder with --share, or join the one there by naming the folder only"
        )
    check_terms(mine["terms"], theirs.get("terms", {}), "this process", "the sweep shared there")
    if theirs.get("fingerprint") != mine["fingerprint"]:
        raise StudyError(
            f"the sweep shared in {folder.path.parent} has other data, or another function, than this "
            "process finds; give all processes the same, or choose another folder with --share"
        )
