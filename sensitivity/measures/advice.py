"""What to do about each setting: tune it, fix it, or that these trials cannot tell.

Made of the ranking and of the tolerance of the branch ``all``. *Tune*: its effect is above the noise, and the
good values are a range or several. *Fix*: nothing depends on it as far as can be told, or a single choice is
good, or any choice is good once the rest is tuned. *Cannot be judged*: too few trials have it, or nothing
tells effect from noise.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sensitivity.branch import level_of
from sensitivity.estimators import effects as e
from sensitivity.estimators.curves.goals import OWN, RETUNED
from sensitivity.estimators.curves.remarks import BLURRED, FEW_OF_BRANCH
from sensitivity.estimators.curves.virtual_grid import PREDICTED
from sensitivity.measures import measure as m
from sensitivity.measures import ranking as r
from sensitivity.measures import tolerance as t
from sensitivity.remarks import JUDGEMENT, REMARKS, Judgement, Remark, Remarks, has
from sensitivity.words import level_text

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from sensitivity.study import Study

SETTING: Final = "setting"
ADVICE: Final = "advice"
TUNE: Final = "tune"
FIX: Final = "fix"
UNKNOWN: Final = "cannot be judged"
FEWEST: Final = 10  # trials that have a setting, below which nothing is advised
TOO_FEW: Final = Remark("few_trials_have_it", "only {:,} trials have it")
COLUMNS: Final = (
    m.Column(SETTING, "Name of the setting."),
    m.Column(ADVICE, "``tune``, ``fix`` or ``cannot be judged``."),
    m.Column(
        "good", "Values within the tolerance of the best, everything else re-tuned.", title="good values"
    ),
    m.Column(
        "best_at",
        "Value with the best response; where it is to be fixed, the one to take: of branches that are all as "
        "good, that which forgives the most of the learning rate; ``any value`` where none is told.",
        title="best at",
    ),
    *m.estimate(
        "cost",
        "What a value chosen blindly costs, everything else re-tuned: the mean over the range less the "
        "best, in units of the result.",
        m.AMOUNT,
        "cost of a blind choice",
        ("cost_low", "cost_high"),
    ),
    *m.estimate("share", "Its total effect, or main effect where there are no totals.", m.SHARE, "share"),
    m.Column("trials", "Trials of the plan that have the setting.", m.COUNT),
    m.JUDGEMENT_COLUMN,
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)


def advice(study: Study) -> pd.DataFrame:
    """Advice on each setting, most important first, with the columns of `COLUMNS`."""
    ranked = study.once(r.ranking)
    ranked = ranked[ranked[r.RANK].notna()]
    bands = study.once(t.tolerance)
    bands = bands[(bands[e.BRANCH] == e.ALL) & (bands["method"] == RETUNED) & (bands["against"] == OWN)]
    found = {str(row[SETTING]): row for row in bands.to_dict("records")}
    having = study.plan[study.space.names].notna().sum()
    rows = [
        _row(row, found.get(str(row[SETTING]), {}), int(having[row[SETTING]]))
        for row in ranked.to_dict("records")
    ]
    _prefer_the_forgiving(rows, study, found)
    table = pd.DataFrame(rows, columns=m.names(COLUMNS))
    return table.astype({"best_at": "object", "trials": "Int64"})


def _prefer_the_forgiving(
    rows: list[dict[str, object]], study: Study, bands: Mapping[str, Mapping[Hashable, Any]]
) -> None:
    """Of branches that are all as good, the one to take is that which forgives the most of the rate."""
    row = next((row for row in rows if row[SETTING] == study.branch and row[ADVICE] == FIX), None)
    band = bands.get(study.branch, {})
    if row is None or (row[JUDGEMENT] == Judgement.ABOVE and not band.get("fraction", math.nan) >= 1):
        return
    table = t.forgiving(study.once(t.tolerance))
    table = table[(table[SETTING] == study.rate) & (table[e.BRANCH] != e.ALL) & table["fraction"].notna()]
    table = table[~np.array(has(table[REMARKS], FEW_OF_BRANCH), dtype=bool)]
    if len(table) and table["fraction"].max() > table["fraction"].min():
        widest = table.sort_values("fraction", kind="stable")[e.BRANCH].iloc[-1]
        level = level_of(str(widest))
        known = study.plan[study.branch].dropna().unique().tolist()
        row["best_at"] = next((value for value in known if level_text(value) == level), row["best_at"])


def _row(row: Mapping[Hashable, Any], band: Mapping[Hashable, Any], trials: int) -> dict[str, object]:
    """Advice on one setting, from its rows of the ranking and of the tolerance."""
    kind = "main" if pd.isna(row[r.TOTAL_EFFECT]) else "total"
    said = row[REMARKS] if isinstance(row[REMARKS], Remarks) else Remarks()
    few = trials < FEWEST
    decision = UNKNOWN if few else _decided(row[JUDGEMENT], band)
    best, told = band.get("best_at"), band.get(REMARKS, Remarks())
    idle = row[JUDGEMENT] == Judgement.NOT_ABOVE and told.has(PREDICTED)
    anything = decision == FIX and (idle or told.has(t.UNTOLD))
    return {
        SETTING: row[SETTING],
        ADVICE: decision,
        "good": band.get("band") if decision == TUNE else None,
        "best_at": t.ANY if anything else row[r.BEST_VALUE] if pd.isna(best) else best,
        "cost": band.get("regret", math.nan),
        "cost_low": band.get("regret_low", math.nan),
        "cost_high": band.get("regret_high", math.nan),
        "share": row[f"{kind}_effect"],
        "low": row[f"{kind}_low"],
        "high": row[f"{kind}_high"],
        "trials": trials,
        JUDGEMENT: None if few else row[JUDGEMENT],
        REMARKS: Remarks(
            TOO_FEW(trials) if few else None, *said, *(told.only(BLURRED) if decision == TUNE else ())
        ),
    }


def _decided(judgement: object, band: Mapping[Hashable, Any]) -> str:
    if judgement == Judgement.NOT_ABOVE:
        return FIX
    if judgement != Judgement.ABOVE:
        return UNKNOWN
    ends = band.get("from"), band.get("to")
    single = band.get("intervals") == 1 and (pd.isna(ends[0]) or ends[0] == ends[1])
    free = band.get("fraction", math.nan) >= 1
    return FIX if single or free else TUNE


MEASURE: Final = m.Measure(
    "advice",
    "What to do",
    "What to tune, what to fix, what cannot be judged?",
    "Tune within the good values; fix what makes no difference, or has a single good choice. The cost is "
    "what a value chosen blindly loses, everything else tuned again.",
    (
        m.Table(
            "advice", "What to tune, in which range, what to fix, what cannot be judged.", COLUMNS, advice
        ),
    ),
)
