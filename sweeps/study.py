"""The Optuna study in which a sweep records its finished trials.

Only finished trials are written, each in one piece, so an interrupted sweep leaves nothing half done and no
trial RUNNING. What a trial looks like there is in `sweeps.recorded_trials`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import optuna

from sweeps.errors import StudyError
from sweeps.garbage import all_kept
from sweeps.recorded_trials import NUMBER, frozen, is_ours, recorded, thawed
from sweeps.search import quiet
from sweeps.storages import open_storage, storage_errors
from sweeps.trial import VALUE_RULE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from optuna.storages import BaseStorage
    from optuna.trial import FrozenTrial

    from sweeps.databases import Database
    from sweeps.space import Space
    from sweeps.storages import OpenStorage
    from sweeps.trial import FinishedTrial

FINGERPRINT = "fingerprint"  # user attribute of a study of ours
CONTENTS = "contents"  # user attribute: digests of files that decide numbers, by what they are
RULE = "value_rule"  # user attribute: by which rule values were recorded; before there were two, none
_LONGEST_NAME = 250


def open_study(
    url: str, name: str, space: Space, fingerprint: str, attributes: Mapping[str, Any] | None = None
) -> SweepStudy:
    """Create the study of a sweep, or open it again; use as a context manager.

    Parameters
    ----------
    url
        ``journal://PATH``, or a storage URL that Optuna takes.
    name
        Name of the study in its storage.
    space
        Space of the sweep, for the distributions.
    fingerprint
        Identifies the definition; a study with another fingerprint belongs to another sweep.
    attributes
        Further user attributes (JSON) of a new study; those of an existing one stay as they are.

    Raises
    ------
    StudyError
        When the storage cannot be used, or the study belongs to somebody else or is in use.
    """
    attributes = {**(attributes or {}), RULE: VALUE_RULE}
    _check_name(name)
    opened = open_storage(url)
    try:
        with quiet(), storage_errors(url), opened.batch():
            if opened.database is not None:
                opened.database.claim(name)
            study = _load_or_create(name, opened.storage)
            _adopt(study, fingerprint, attributes)
        return SweepStudy(study, space, url, opened)
    except BaseException:
        opened.close()
        raise


def recorded_contents(url: str, name: str) -> dict[str, Any]:
    """Digests of what decided a study's numbers beside its definition; empty where none were recorded.

    Raises
    ------
    StudyError
        When the storage or the study is not there.
    """
    opened = open_storage(url, read_only=True)
    try:
        with quiet(), storage_errors(url):
            found = optuna.load_study(study_name=name, storage=opened.storage).user_attrs.get(CONTENTS)
            return dict(found or {})
    finally:
        opened.close()


def _load_or_create(name: str, storage: BaseStorage) -> optuna.Study:
    """Optuna's own ``load_if_exists`` would write to the journal each time."""
    try:
        return optuna.load_study(study_name=name, storage=storage)
    except KeyError:
        return optuna.create_study(study_name=name, storage=storage)


def _check_name(name: str) -> None:
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        shown = repr(name) if len(name) <= _LONGEST_NAME else f"one of {len(name)} characters"
        raise StudyError(f"the name of a study has 1 to {_LONGEST_NAME} printable characters, not {shown}")


def _adopt(study: optuna.Study, fingerprint: str, attributes: Mapping[str, Any]) -> None:
    """Check that the study is this sweep's, or make it so where it is new.

    The fingerprint is written last: what a sweep killed before that has left counts as new.
    """
    name, present = study.study_name, study.user_attrs
    trials = study.get_trials(deepcopy=False)
    if len(study.directions) != 1 or study.direction != optuna.study.StudyDirection.MINIMIZE:
        raise StudyError(f"study {name!r} does not minimise one value, so it is not a sweep's; {_ELSEWHERE}")
    if FINGERPRINT not in present:
        if trials or not set(present) <= set(attributes):
            raise StudyError(f"study {name!r} was not made by a sweep; {_ELSEWHERE}")
        for key, value in {**attributes, FINGERPRINT: fingerprint}.items():
            study.set_user_attr(key, value)
    elif recorded_rule(present) != VALUE_RULE:
        raise StudyError(
            f"study {name!r} was recorded when a rise of the training loss alone was called divergence, and "
            "two rules must not be mixed; report reads it by today's, a new sweep takes another --out"
        )
    elif present[FINGERPRINT] != fingerprint:
        before, now = present.get(CONTENTS) or {}, attributes.get(CONTENTS) or {}
        changed = [
            key for key, digest in now.items() if isinstance(digest, str) and before.get(key) != digest
        ]
        if changed and before:
            raise StudyError(
                f"the contents of the {' and the '.join(changed)} have changed since study {name!r} began, "
                f"and trials of the two must not be mixed; undo that to resume, or {_ELSEWHERE}"
            )
        raise StudyError(f"study {name!r} was made with another definition; {_ELSEWHERE}")
    for trial in trials:
        if not is_ours(trial):
            raise StudyError(f"trial {trial.number} of study {name!r} was not made by a sweep; {_ELSEWHERE}")


_ELSEWHERE = "give another --out, or another name in the definition"


class SweepStudy:
    """An open study: what has been recorded, and the recording of more. Made by `open_study`."""

    def __init__(self, study: optuna.Study, space: Space, url: str, opened: OpenStorage) -> None:
        self.study = study
        self._settings = {setting.name: setting for setting in space.settings}
        self._fixed = space.fixed
        self._url = url
        self._opened = opened
        stored = study.get_trials(deepcopy=False)
        self._count = len(stored)
        self._recorded = len({trial.user_attrs[NUMBER] for trial in stored})

    def finished(self) -> list[FinishedTrial]:
        """All recorded trials, ordered by number, which runs from 0 without gaps."""
        with quiet(), storage_errors(self._url):
            stored = self.study.get_trials(deepcopy=False)
        trials = recorded(stored)
        for expected, trial in enumerate(trials):
            if trial.user_attrs[NUMBER] != expected:
                raise StudyError(
                    f"trial {expected} of study {self.study.study_name!r} is missing: changed by hand; "
                    f"{_ELSEWHERE}"
                )
        self._recorded = len(trials)
        try:
            with all_kept():
                return [thawed(trial, self._settings) for trial in trials]
        except (KeyError, TypeError, ValueError, AttributeError):
            raise StudyError(
                f"a trial of study {self.study.study_name!r} was changed by hand and cannot be read; "
                f"{_ELSEWHERE}"
            ) from None

    def record(self, trials: Sequence[FinishedTrial]) -> None:
        """Add trials, whose numbers go on where the recorded ones end: one fsync, or one transaction.

        Raises
        ------
        StudyError
            When something else has written to the study.
        ValueError
            When a number is out of order or a value cannot be recorded; nothing of the batch is written.
        """
        with quiet(), storage_errors(self._url):
            added = [self._frozen(trial, self._recorded + index) for index, trial in enumerate(trials)]
            if self._opened.database is not None:
                self._add_together(self._opened.database, added)
            else:
                self._add_one_by_one(added)

    def _add_together(self, database: Database, trials: Sequence[FrozenTrial]) -> None:
        study_id = self.study._study_id  # noqa: SLF001 (Optuna has no other name for it)
        present = database.add(study_id, trials, self._count)
        if present != self._count:
            raise self._disturbed(present)
        self._count += len(trials)
        self._recorded += len(trials)

    def _add_one_by_one(self, trials: Sequence[FrozenTrial]) -> None:
        if self._has(self._count) or (self._count and not self._has(self._count - 1)):
            raise self._disturbed(len(self.study.get_trials(deepcopy=False)))
        with self._opened.batch(), all_kept():
            for trial in trials:
                self.study.add_trial(trial)
                self._count += 1
                self._recorded += 1

    def _has(self, number: int) -> bool:
        """Whether the study has a trial of this number; counting all for each batch would be quadratic."""
        try:
            self._opened.storage.get_trial_id_from_study_id_trial_number(self.study._study_id, number)  # noqa: SLF001
        except KeyError:
            return False
        return True

    def _disturbed(self, present: int) -> StudyError:
        return StudyError(
            f"study {self.study.study_name!r} has {present} trials instead of {self._count}: "
            "something else is writing to it; stop that, then start this sweep again to resume"
        )

    def _frozen(self, trial: FinishedTrial, number: int) -> FrozenTrial:
        if trial.number != number:
            raise ValueError(f"trial {trial.number} would become number {number} of the study")
        return frozen(trial, self._settings, self._fixed)

    def close(self) -> None:
        """Release the lock of a journal, or the connections of a database."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def recorded_rule(attributes: Mapping[str, Any]) -> int:
    """Which `VALUE_RULE` recorded the values of a study with these user attributes."""
    rule = attributes.get(RULE, 1)
    return rule if isinstance(rule, int) else 1
