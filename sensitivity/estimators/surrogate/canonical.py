"""The same trials in one order: rows, settings and levels by what they hold, not by where they stand.

Folds, random parts, Sobol points and the last bits of every sum follow the order of the rows and columns of
what is fitted. A file may list the same trials in any order, so here they are put into one that follows from
values and responses alone. Names decide nothing: settings and levels may be called anything. What cannot be
told apart stays in the order that it has.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from math import fsum
from typing import TYPE_CHECKING

import numpy as np

from sensitivity.coding import all_numbers, key
from sensitivity.estimators.surrogate.axes import ordered
from sweeps.space import Choices, Space

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.surrogate.encoding import EncodedTrials
    from sweeps.space import Value, Variant

    Columns = Mapping[str, tuple[Integers, list[Value]]]

Signature = tuple[float, ...]
_NEVER: Signature = (0, 0, 0)


def canonical_space(space: Space, columns: Columns, response: Floats) -> Space:
    """The same space with its settings, and the levels of lists without an order, by what the trials hold.

    Sums are exact (`math.fsum`), so that no order of rows shows in them.
    """
    signed = []
    for setting in space.settings:
        found: dict[object, Signature] = {}
        own: Signature = ()
        if setting.name in columns:
            codes, values = columns[setting.name]
            if all_numbers(values):
                own = _of_numbers(np.array([*values, np.nan], dtype=np.float64)[codes], response)
            else:
                found = _of_levels(codes, values, response)
                own = tuple(number for level in sorted(found.values()) for number in level)
        variants = tuple(_by_signature(variant, found) for variant in setting.variants)
        signed.append((own, replace(setting, variants=variants)))
    return Space([setting for _, setting in sorted(signed, key=lambda pair: pair[0])], space.fixed)


def _of_numbers(numbers: Floats, response: Floats) -> Signature:
    """Moments of a column of numbers and the responses."""
    known = np.isfinite(numbers)
    x, y = numbers[known], response[known]
    sums = (fsum(each.tolist()) for each in (x, y, x * y, x * x * y))
    return tuple(sums)


def _of_levels(codes: Integers, values: list[Value], response: Floats) -> dict[object, Signature]:
    """How often each level was tried, and the first two moments of its responses."""
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[order], np.arange(len(values) + 1))
    parts = (response[order[begin:end]] for begin, end in itertools.pairwise(ends.tolist()))
    return {
        key(value): (len(y), fsum(y.tolist()), fsum((y * y).tolist()))
        for value, y in zip(values, parts, strict=True)
    }


def _by_signature(variant: Variant, found: dict[object, Signature]) -> Variant:
    domain = variant.domain
    if not isinstance(domain, Choices) or ordered(domain) or not found:
        return variant
    levels = sorted(domain.values, key=lambda value: found.get(key(value), _NEVER))
    return replace(variant, domain=Choices(tuple(levels)))


def canonical_rows(encoded: EncodedTrials, replicate: Integers, response: Floats) -> Integers:
    """Order of the trials by their encoded values, then by replicate and response, shape (trials,)."""
    columns = np.where(encoded.points.active, encoded.latent, -1.0)
    found: Integers = np.lexsort((response, replicate, *columns.T[::-1]))
    return found
