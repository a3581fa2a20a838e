"""The values of a categorical setting, of whatever type → values that a table and a space can hold."""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sensitivity.words import writable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sweeps.space import Value

LARGEST_EXACT: Final = 2**53  # whole numbers beyond it are not told apart as floats
EMPTY: Final = "(empty)"


def labels(values: Sequence[object]) -> tuple[dict[str, Value], bool]:
    """Label of each distinct value, by its ``repr``, and whether they had to become text.

    All text, all booleans or all (finite) numbers stay as they are. None, lists and mixtures become text:
    None is a choice like any other and must not look like "inactive", and 1 must not meet "1" or True.
    """
    given = {repr(value): _plain(value) for value in values}
    kept = list(given.values())
    if all(isinstance(value, bool) for value in kept) or all(map(_is_number, kept)):
        return given, False
    texts = {key: _text(value if isinstance(value, str) else repr(value)) for key, value in given.items()}
    if len(set(texts.values())) < len(texts):  # None beside "None"
        texts = {key: _text(repr(value)) for key, value in given.items()}
    return dict(texts), not all(isinstance(value, str) for value in kept)


def _plain(value: object) -> Any:  # noqa: ANN401 (whatever it was)
    return value.item() if isinstance(value, np.generic) else value


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, Real):
        return False
    if isinstance(value, Integral):
        return abs(int(value)) <= LARGEST_EXACT
    return math.isfinite(float(value))


def _text(text: str) -> str:
    """Text for a cell, and not empty: an empty cell means "inactive"."""
    return writable(text) or EMPTY
