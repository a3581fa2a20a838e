"""The journal of a sweep of ours → its finished trials, record by record.

Optuna's own replay makes three objects of every setting of every trial, and keeps all it has read: 100,000
trials take half a minute and most of a gigabyte. A sweep writes nothing but finished trials, each in one
record, so that each can be made what it is at once. Any other journal is left to Optuna.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from optuna.distributions import BaseDistribution, json_to_distribution
from optuna.trial import FrozenTrial, TrialState

from sweeps.journal import LockedJournal
from sweeps.recorded_trials import NUMBER, is_ours, thawed
from sweeps.study import FINGERPRINT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    from sweeps.trial import FinishedTrial

CREATE_STUDY, STUDY_ATTRIBUTE, CREATE_TRIAL = 0, 2, 4  # of Optuna's ``JournalOperation``
MINIMISE: Final = [1]


class _Stored(NamedTuple):
    """As much of a `FrozenTrial` as a trial of ours is made of."""

    number: int
    state: TrialState
    values: list[float] | None
    params: dict[str, Any]
    user_attrs: dict[str, Any]
    system_attrs: dict[str, Any]


@dataclass
class OwnJournal:
    """What a journal of ours holds.

    Attributes
    ----------
    name, attributes
        The study's, and its user attributes.
    by_number
        Finished trials by their number in the sweep, the first of each.
    others
        Trials that the sweep did not make.
    """

    name: str
    attributes: dict[str, Any] = field(default_factory=dict)
    by_number: dict[int, FinishedTrial] = field(default_factory=dict)
    others: int = 0

    @property
    def finished(self) -> list[FinishedTrial]:
        """Trials by number."""
        return [self.by_number[number] for number in sorted(self.by_number)]


class _Foreign(Exception):  # noqa: N818 (no error: somebody else reads it)
    """The journal is not that of a single sweep of ours."""


def read_own_journal(
    path: Path, settings_of: Callable[[Mapping[str, Any]], Collection[str] | None]
) -> OwnJournal | None:
    """Trials of a sweep's journal; None where it holds anything that a sweep does not write.

    Parameters
    ----------
    path
        The file, which is left as it is.
    settings_of
        Names of the settings by the study's user attributes; None: no sweep of ours, or of another version.

    Raises
    ------
    StudyError
        When the file is damaged.
    """
    return own_journal(LockedJournal(path, read_only=True).read_logs(0), settings_of)


def own_journal(
    records: Iterable[Mapping[str, Any]], settings_of: Callable[[Mapping[str, Any]], Collection[str] | None]
) -> OwnJournal | None:
    """The same of records at hand."""
    try:
        return _read(records, settings_of)
    except (_Foreign, KeyError, TypeError, ValueError, AttributeError, IndexError):
        return None


def _read(
    records: Iterable[Mapping[str, Any]], settings_of: Callable[[Mapping[str, Any]], Collection[str] | None]
) -> OwnJournal:
    found: OwnJournal | None = None
    settings: Collection[str] | None = None
    known: dict[str, BaseDistribution] = {}
    for record in records:
        operation = record["op_code"]
        if found is None and operation == CREATE_STUDY and record["directions"] == MINIMISE:
            found = OwnJournal(str(record["study_name"]))
        elif found is not None and operation == STUDY_ATTRIBUTE and settings is None:
            found.attributes.update(record["user_attr"])
        elif found is not None and operation == CREATE_TRIAL:
            if settings is None:
                settings = settings_of(found.attributes) if FINGERPRINT in found.attributes else None
            if settings is None:
                raise _Foreign
            _add(found, record, settings, known)
        else:
            raise _Foreign
    if settings is None or found is None:
        raise _Foreign
    return found


def _add(
    found: OwnJournal,
    record: Mapping[str, Any],
    settings: Collection[str],
    known: dict[str, BaseDistribution],
) -> None:
    """Add the trial of a record."""
    state = TrialState(record["state"])
    if not state.is_finished():
        raise _Foreign
    value = record["value"]
    stored = _Stored(
        number=len(found.by_number),
        state=state,
        values=record["values"] if value is None else [value],
        params={
            name: _distribution(record["distributions"][name], known).to_external_repr(place)
            for name, place in record["params"].items()
        },
        user_attrs=record["user_attrs"],
        system_attrs=record["system_attrs"],
    )
    trial = cast("FrozenTrial", stored)
    if not is_ours(trial) or stored.user_attrs[NUMBER] in found.by_number:
        found.others += 1
    else:
        found.by_number[stored.user_attrs[NUMBER]] = thawed(trial, settings)


def _distribution(text: str, known: dict[str, BaseDistribution]) -> BaseDistribution:
    if text not in known:
        known[text] = json_to_distribution(text)
    return known[text]
