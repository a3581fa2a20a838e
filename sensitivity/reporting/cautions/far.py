"""Results far from all others on the bad side: they look like failed trainings that nobody counted as failed.

A gap is clear where it is more than half of the whole range of twenty results or more, those beyond it are a
minority of at least three configurations, and lie within a quarter of its width: they failed alike. A long
tail has no such group at its end: its last values lie ever further apart. Replicates of one configuration say
only that it is bad. So do all trials of one choice, an activation or an optimizer: that is what it does, and
an effect; unless they all end at the same number to the last digit, as what learns nothing does.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.branch import words
from sensitivity.coding import all_numbers, texts_of
from sensitivity.language import say
from sensitivity.language.lists import joined
from sensitivity.reporting.cautions.kinds import DIVERGENCE, Caution
from sensitivity.trials import OUTCOME, TRAINED, VALUE
from sensitivity.words import LONGEST_SHOWN, short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sensitivity.arrays import Floats, Integers
    from sensitivity.axis import Axis
    from sensitivity.study import Study

FEWEST: Final = 3  # configurations beyond the gap
FEWEST_IN_ALL: Final = 20
GAP: Final = 0.5  # of the whole range
TIGHT: Final = 0.25  # of the gap: how far those beyond it lie apart at most
SAME: Final = 1e-9  # relative: results that differ by less are one number
MOST_VALUES: Final = 3  # of a setting, in a sentence; more numbers are told by their ends


@dataclass(frozen=True)
class Far:
    """Results far from all others.

    Attributes
    ----------
    rows
        Of the plan.
    worst, nearest
        Ends of their values; lower is better.
    others
        The worst of all other results.
    of
        Number of results.
    """

    rows: Integers
    worst: float
    nearest: float
    others: float
    of: int


def far_from_others(study: Study) -> Far | None:
    """Results that a clear gap parts from all better ones; None where there is none."""
    plan = study.plan
    values = plan[VALUE].to_numpy(dtype=np.float64, na_value=np.nan)
    rows = np.flatnonzero(np.isfinite(values) & (plan[OUTCOME] == TRAINED).to_numpy(dtype=bool))
    rows = rows[np.argsort(values[rows], kind="stable")]
    beyond = _beyond(values[rows])
    if not beyond or _is_effect(study, rows[-beyond:], values[rows[-beyond:]]):
        return None
    bad, good = values[rows[-beyond:]], values[rows[:-beyond]]
    return Far(np.sort(rows[-beyond:]), float(bad[-1]), float(bad[0]), float(good[-1]), len(rows))


def _beyond(values: Floats) -> int:
    """How many of sorted values lie beyond the widest gap, on the bad side; 0 where it is not clear."""
    if len(values) < FEWEST_IN_ALL:
        return 0
    gaps = np.diff(values)
    at = int(np.argmax(gaps))
    beyond, gap = len(values) - at - 1, float(gaps[at])
    clear = gap > GAP * (values[-1] - values[0]) and values[-1] - values[at + 1] <= TIGHT * gap
    return beyond if clear and beyond < len(values) / 2 else 0


def _is_effect(study: Study, rows: Integers, values: Floats) -> bool:
    """Whether results are bad for what was chosen: a few configurations, or one choice and not one number."""
    if len(np.unique(study.configuration[rows])) < FEWEST:
        return True
    return _is_one_choice(study, rows) and bool(np.ptp(values) > SAME * np.abs(values).max())


def _is_one_choice(study: Study, rows: Integers) -> bool:
    """Whether these are all trials of one value of a setting that is no number."""
    choices = [axis.code for axis in study.axes.values() if not all_numbers(axis.tried)]
    own = [code == code[rows[0]] for code in choices if code[rows[0]] >= 0]
    return any(np.array_equal(np.flatnonzero(same), np.sort(rows)) for same in own)


def far_results(study: Study) -> Iterator[Caution]:
    """That some results look like failed trainings, where they happen, and how they can be counted."""
    found = far_from_others(study)
    if found is None:
        return
    worst, nearest, others = (study.sign * end + 0.0 for end in (found.worst, found.nearest, found.others))
    text = say(
        "cautions.far",
        count=len(found.rows),
        all=found.of,
        worst=short(worst, 3),
        nearest=short(nearest, 3),
        others=short(others, 3),
        same="yes" if short(worst, 3) == short(nearest, 3) else "no",
        side="least" if study.turned else "most",
    )
    where = _where(study, found.rows)
    cap = say("cautions.far-cap", cap=short(others, 3))
    yield Caution(DIVERGENCE, " ".join(filter(None, [text, where, cap])))


def _where(study: Study, rows: Integers) -> str:
    """Values of one setting or of two that all of these results have and no others."""
    names = list(study.space.names)
    for chosen in [*itertools.combinations(names, 1), *itertools.combinations(names, 2)]:
        own = [_own(study.axes[name], rows) for name in chosen]
        if all(map(len, own)) and np.array_equal(_inside(study, chosen, own), rows):
            parts = [
                say(
                    "cautions.far-at", name=words(name, LONGEST_SHOWN), levels=_texts(study.axes[name], codes)
                )
                for name, codes in zip(chosen, own, strict=True)
            ]
            return say("cautions.far-where", where=joined(parts))
    return ""


def _own(axis: Axis, rows: Integers) -> Integers:
    """Values that results have, by number, many numbers as a range; none where that leaves no value out."""
    own = np.unique(axis.code[rows])
    if _is_range(axis, own):
        own = np.arange(own[0], own[-1] + 1)
    if (own < 0).any() or len(own) == len(axis.tried):
        return own[:0]
    return own if len(own) <= MOST_VALUES or _is_range(axis, own) else own[:0]


def _is_range(axis: Axis, own: Integers) -> bool:
    return len(own) > (MOST_VALUES if axis.bins is None else 1) and all_numbers(axis.tried)


def _inside(study: Study, names: Sequence[str], own: Sequence[Integers]) -> Integers:
    """Rows of the plan whose values are among these."""
    inside = [np.isin(study.axes[name].code, codes) for name, codes in zip(names, own, strict=True)]
    return np.flatnonzero(np.logical_and.reduce(inside))


def _texts(axis: Axis, own: Integers) -> str:
    """Values in words, with the digits that tell them from their neighbours: what is not meant stays out."""
    ends = own[[0, -1]] if _is_range(axis, own) else own
    near = sorted({at + step for at in ends.tolist() for step in (-1, 0, 1)} & {*range(len(axis.tried))})
    text = dict(zip(near, texts_of([axis.tried[at] for at in near]), strict=True))
    if _is_range(axis, own):
        return say("terms.span", low=text[int(ends[0])], high=text[int(ends[1])])
    return joined([text[at] for at in own.tolist()], "two-or")
