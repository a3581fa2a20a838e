"""Results with fresh seeds, ``confirm.csv`` of a run folder: a row per trial, complete after every batch.

A result is found again by its configuration and replicate, so another number of candidates or replicates
trains only what is missing; a file of another definition is refused.
"""

from __future__ import annotations

import csv
import math
from typing import TYPE_CHECKING, Final

from sensitivity.files import whole
from sensitivity.trials import TRAINED
from sensitivity.words import exact
from sweeps.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sweeps.space import Configuration
    from sweeps.trial import FinishedTrial

AFTER: Final = ("replicate", "outcome", "value", "sweep")
Row = tuple[str, ...]


class Again:
    """The file and what it holds; made by opening it, there or not.

    Parameters
    ----------
    path
        ``confirm.csv``.
    settings
        Names of the settings that vary.
    fingerprint
        Of the sweep's definition.

    Raises
    ------
    StudyError
        When the file is another sweep's, or no such file.
    """

    def __init__(self, path: Path, settings: Sequence[str], fingerprint: str) -> None:
        self.path, self._settings, self._sweep = path, list(settings), fingerprint[:16]
        self._rows: dict[Row, Row] = {}
        if path.exists():
            self._read()

    def _read(self) -> None:
        header = [*self._settings, *AFTER]
        try:
            with self.path.open(encoding="utf-8", newline="") as stream:
                head, *rows = list(csv.reader(stream)) or [[]]
        except (UnicodeDecodeError, csv.Error):
            head, rows = [], []
        if head != header or any(len(row) != len(header) or row[-1] != self._sweep for row in rows):
            raise StudyError(
                f"{self.path} is not of this sweep as it is defined now; move it away and confirm anew"
            )
        for row in rows:
            if not _number(row[-2]) and (row[-2] or row[-3] == TRAINED):
                raise StudyError(f"{self.path} holds {row[-2]!r} where a result should be; move it away")
            self._rows[tuple(row[: len(self._settings) + 1])] = tuple(row)

    def _key(self, configuration: Configuration, replicate: int) -> Row:
        return (*(_text(configuration.get(name)) for name in self._settings), str(replicate))

    def value(self, configuration: Configuration, replicate: int) -> float | None:
        """Result, None where it was not trained yet; NaN where training it gave none."""
        row = self._rows.get(self._key(configuration, replicate))
        return None if row is None else float(row[-2] or math.nan)

    def outcome(self, configuration: Configuration, replicate: int) -> str:
        """How training ended; empty where it has not begun."""
        row = self._rows.get(self._key(configuration, replicate))
        return "" if row is None else row[-3]

    def replicates(self) -> list[int]:
        """Replicates that some result is of, ascending."""
        return sorted({int(row[len(self._settings)]) for row in self._rows})

    def add(self, trials: Sequence[FinishedTrial]) -> None:
        """Add results; the file is whole at any time, and does not depend on the order of the results."""
        for trial in trials:
            where = self._key(trial.planned.configuration, trial.planned.replicate)
            value = exact(trial.value) if math.isfinite(trial.value) else ""
            self._rows[where] = (*where, trial.outcome, value, self._sweep)
        ordered = sorted(self._rows.values(), key=lambda row: (int(row[len(self._settings)]), row))
        with whole(self.path) as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow([*self._settings, *AFTER])
            writer.writerows(ordered)


def _number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _text(value: object) -> str:
    """Value of a setting as it stands in the file: 1 and 1.0 are the same."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return exact(float(str(value))).removesuffix(".0")
