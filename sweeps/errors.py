"""The errors whose author can mend them: one sentence, exit code 2, no traceback.

Every message states the rule, the value given and what to type next. Anything else that is raised is a
bug of ours and shows its traceback.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


MOST_LISTED = 20


class SweepError(Exception):
    """Something the person at the keyboard can put right."""


class DefinitionError(SweepError):
    """The definition of a sweep breaks a rule."""


class MissingDataError(DefinitionError):
    """The file of somebody's data is not where the definition says."""


class StudyError(SweepError):
    """The recorded study is damaged, foreign or in use."""


class InUseError(StudyError):
    """Another process writes to the study."""


class NoLocksError(StudyError):
    """The file system of the study has no locks."""


class ExecutionError(SweepError):
    """The workers could not be kept alive."""


def did_you_mean(given: object, options: Iterable[str]) -> str:
    """End of a sentence that offers the closest option, or lists them all: ``; did you mean 'adam'?``."""
    names = list(options)
    close = difflib.get_close_matches(str(given).lower(), names, n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    if len(names) > MOST_LISTED:
        return "; see them all with: python -m sensitivity list"
    return f"; choose from {', '.join(names)}"


def shown(value: object) -> str:
    """Value given, for a message: on one line and of bounded length."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
