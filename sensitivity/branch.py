"""Labels of branches: ``all``, or a setting held at a level, ``optimizer=adam``. The one place that knows."""

from __future__ import annotations

import re
from typing import Final

from sensitivity.words import level_text

ALL: Final = "all"
OPTIMIZER: Final = "optimizer"  # the setting that makes the branches of a sweep of ours
LONGEST: Final = 26  # characters of a label
IN_A_SENTENCE: Final = 48  # the same in a sentence
_IS: Final = "="


def label(setting: str, level: object) -> str:
    """Label of the branch in which a setting has a level, a value of it or its text."""
    return f"{setting}{_IS}{level_text(level)}"


def setting_of(branch: str) -> str:
    """Setting that makes a branch; empty for ``all``."""
    return branch.partition(_IS)[0] if _IS in branch else ""


def level_of(branch: str) -> str:
    """Its level there; empty for ``all``."""
    return branch.partition(_IS)[2]


def shortened(branch: str) -> str:
    """Label for people: an optimizer's branch is called by the optimizer alone."""
    return level_of(branch) if setting_of(branch) == OPTIMIZER else branch


def spaced(name: str) -> str:
    """The same at any length and with any letters: for a cell of a table."""
    return re.sub(r"(?<=[^_\s])_(?=[^_\s])", " ", shortened(name))


def words(name: object, longest: int = LONGEST) -> str:
    """Label of a setting, a level or a branch: one line, a space for an underscore, cut in the middle.

    A branch ``optimizer=adam`` becomes ``adam``; ``svc__C`` and ``_private`` are no words parted by a space.
    """
    text = "".join(letter if letter.isprintable() else "·" for letter in spaced(str(name)))
    if len(text) <= longest:
        return text
    head = (longest - 1) * 2 // 3
    return f"{text[:head]}…{text[len(text) - (longest - 1 - head) :]}"


def in_sentence(name: object) -> str:
    """The same with the room that a sentence has: how text, tables and figures call a setting or a value.

    Names are never given a capital. Commands, files and code keep the identifier, as do the lines that say
    what became of a file's columns.
    """
    return words(name, IN_A_SENTENCE)
