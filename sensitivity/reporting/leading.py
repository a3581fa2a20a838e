"""What can be said of the first setting: that it decides, that nothing is shown, or why nothing is said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sensitivity.estimators import effects as e
from sensitivity.measures import ranking as r
from sensitivity.remarks import JUDGEMENT, REMARKS, Judgement, has
from sensitivity.trials import OUTCOME, TRAINED

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from sensitivity.study import Study

    Cells = Mapping[Hashable, Any]
    Estimate = tuple[float, float, float]

HALF: Final = 0.5  # of the variance: from here on a setting decides
LITTLE: Final = 0.01  # of the variance: below it nothing matters much, however surely it is told from noise


class Lead(StrEnum):
    """What can be said of the first setting."""

    NO_TRIALS = "no trials"
    ALL_FAILED = "all failed"
    NOTHING_VARIES = "nothing varies"
    CANNOT_SAY = "cannot say"
    NOT_SHOWN = "not shown"
    LITTLE = "little"
    MATTERS = "matters most"
    DECIDES = "decides"


NOTHING: Final = frozenset({Lead.NO_TRIALS, Lead.ALL_FAILED, Lead.NOTHING_VARIES})  # can be said of settings


@dataclass(frozen=True)
class Share:
    """A setting and its share of the variance, with the ends of its interval."""

    setting: str
    share: Estimate


def failed(study: Study) -> int:
    """Trials that diverged or gave no result."""
    return int((study.trials[OUTCOME] != TRAINED).sum()) if len(study.trials) else 0


def lead_of(study: Study, ranking: pd.DataFrame) -> tuple[Lead, tuple[Share, ...], bool]:
    """What can be said of the first setting, its share and that of who follows, and whether they are tied."""
    if not len(study.trials):
        return Lead.NO_TRIALS, (), False
    if failed(study) == len(study.trials):
        return Lead.ALL_FAILED, (), False
    if not study.space.names:
        return Lead.NOTHING_VARIES, (), False
    ranked = ranking[ranking[r.RANK].notna()]
    known = ranked[ranked[r.TOTAL_EFFECT].notna() | ranked[r.MAIN_EFFECT].notna()].to_dict("records")
    if not known:
        return Lead.CANNOT_SAY, (), False
    first, kind = known[0], r.kind_of(known[0])
    lead = _of_first(first, float(first[f"{kind}_effect"]))
    if lead not in {Lead.DECIDES, Lead.MATTERS}:
        # Of what has next to no trials nobody says that it comes first.
        return lead, () if any(has([first[REMARKS]], *e.WANTING)) else (share_of(first, kind),), False
    others = [row for row in known[1:] if row[JUDGEMENT] == Judgement.ABOVE]
    tied = [row for row in others if not apart(first, row, kind)]
    return lead, tuple(share_of(row, kind) for row in (first, *(tied or others[:1]))), bool(tied)


def _of_first(first: Cells, share: float) -> Lead:
    if first[JUDGEMENT] == Judgement.NOT_ABOVE:
        return Lead.NOT_SHOWN
    if first[JUDGEMENT] != Judgement.ABOVE:
        return Lead.CANNOT_SAY
    decides = share >= HALF and not any(has([first[REMARKS]], *e.OPEN))
    return Lead.LITTLE if share < LITTLE else Lead.DECIDES if decides else Lead.MATTERS


def share_of(row: Cells, kind: str) -> Share:
    """Share of a row of the ranking, ``main`` or ``total``; an estimate beyond 0 or 1 is one of these."""
    ends = (float(row[f"{kind}_{part}"]) for part in ("effect", "low", "high"))
    share, low, high = (float(np.clip(end, 0.0, 1.0)) for end in ends)  # NaN stays
    return Share(str(row[r.SETTING]), (share, low, high))


def apart(first: Cells, other: Cells, kind: str) -> bool:
    """Whether the intervals of two shares do not overlap; without intervals equal shares are tied."""
    low, high = first[f"{kind}_low"], other[f"{kind}_high"]
    if pd.isna(low) or pd.isna(high):
        return bool(first[f"{kind}_effect"] > other[f"{kind}_effect"])
    return bool(low > high)
