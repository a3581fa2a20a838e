"""Results far from all others on the bad side: they look like failed trainings that nobody counted as failed.

A gap is clear where it is more than half of the whole range of twenty results or more, those beyond it are at
least three and a minority, and lie within a quarter of its width: they failed alike. A long tail has no such
group at its end: its last values lie ever further apart.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.branch import words
from sensitivity.language import say
from sensitivity.language.lists import joined
from sensitivity.reporting.cautions.kinds import DIVERGENCE, Caution
from sensitivity.trials import OUTCOME, TRAINED, VALUE
from sensitivity.words import LONGEST_SHOWN, short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sensitivity.arrays import Floats, Integers
    from sensitivity.study import Study

FEWEST: Final = 3  # beyond the gap
FEWEST_IN_ALL: Final = 20
GAP: Final = 0.5  # of the whole range
TIGHT: Final = 0.25  # of the gap: how far those beyond it lie apart at most
MOST_LEVELS: Final = 3  # of a setting, in a sentence


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
    if not beyond:
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
    return beyond if clear and FEWEST <= beyond < len(values) / 2 else 0


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
    """Levels of one setting or of two that hold all of these results and no others."""
    names = list(study.space.names)
    for chosen in [*itertools.combinations(names, 1), *itertools.combinations(names, 2)]:
        if found := _levels(study, rows, chosen):
            parts = [
                say("cautions.far-at", name=words(name, LONGEST_SHOWN), levels=joined(texts, "two-or"))
                for name, texts in zip(chosen, found, strict=True)
            ]
            return say("cautions.far-where", where=joined(parts))
    return ""


def _levels(study: Study, rows: Integers, names: tuple[str, ...]) -> list[list[str]]:
    """Levels of each setting whose combinations hold just these rows; none where no such levels do."""
    axes = [study.axes[name] for name in names]
    own = [np.unique(axis.level[rows]) for axis in axes]
    inside = np.ones(len(study.plan), dtype=bool)
    for axis, levels in zip(axes, own, strict=True):
        inside &= np.isin(axis.level, levels)
        if (levels < 0).any() or len(levels) > MOST_LEVELS or len(levels) == len(axis):
            return []
    if not np.array_equal(np.flatnonzero(inside), rows):
        return []
    return [[axis.texts[at] for at in levels.tolist()] for axis, levels in zip(axes, own, strict=True)]
