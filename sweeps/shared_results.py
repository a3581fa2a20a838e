"""Results of a block of trials as text, as processes that share a folder hand them to each other."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sweeps.seeds import Draws
from sweeps.trial import FinishedTrial, PlannedTrial

if TYPE_CHECKING:
    from collections.abc import Sequence


def written(trials: Sequence[FinishedTrial]) -> bytes:
    """Trials as text, one a line, in the order of their numbers; every number to its last bit."""
    ordered = sorted(trials, key=lambda trial: trial.number)
    return b"".join(json.dumps(_plain(trial), default=_item).encode() + b"\n" for trial in ordered)


def _plain(trial: FinishedTrial) -> dict[str, Any]:
    whole = {each.name: getattr(trial, each.name) for each in fields(trial)}
    return whole | {
        "planned": {each.name: getattr(trial.planned, each.name) for each in fields(PlannedTrial)}
    }


def _item(value: Any) -> Any:  # noqa: ANN401 (a number of NumPy's)
    return value.item()


def read(line: bytes) -> FinishedTrial:
    """Trial of one line of that text."""
    whole = json.loads(line)
    planned = whole.pop("planned")
    draws = planned.pop("draws")
    return FinishedTrial(PlannedTrial(**planned, draws=None if draws is None else Draws(*draws)), **whole)
