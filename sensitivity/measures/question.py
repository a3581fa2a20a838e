"""What a sweep was made to ask, answered: its definition names a setting, and perhaps a level of it.

With a level: the best response of every other level less that level's, everything else tuned again, draw by
draw as optimizers are compared (`optimizer_differences`). Without: how the best learning rate moves with the
setting, the slopes of `moving_optimum`.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from sensitivity.branch import label
from sensitivity.measures import measure as m
from sensitivity.measures.moving_optimum import slopes
from sensitivity.measures.optimizer_comparison import costs_of
from sensitivity.measures.optimizer_differences import BEST, optimizer_differences
from sensitivity.remarks import JUDGEMENT, REMARKS, Judgement, Remark, Remarks
from sensitivity.trials import EVALUATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from sensitivity.study import Study

DIFFERENCE: Final = "difference"
SLOPE: Final = "slope"
LOWER: Final = Remark("asked_lower")
HIGHER: Final = Remark("asked_higher")
ALIKE: Final = Remark("asked_alike")
MOVES: Final = Remark("asked_moves")
STAYS: Final = Remark("asked_stays")
COLUMNS: Final = (
    m.Column("setting", "What is asked about."),
    m.Column("kind", "``difference`` of the best response, or ``slope`` of the best learning rate."),
    m.Column("level", "Level of the setting, or the branch whose slope it is."),
    m.Column("against", "Level that it is set against, or what the slope is over."),
    m.Column(
        EVALUATIONS,
        "What a training of it costs, in forward passes over the training set; empty where nobody counted.",
        m.AMOUNT,
        "evaluations",
    ),
    m.Column(
        "evaluations_against",
        "Forward passes of what it is set against, likewise; empty where nobody counted.",
        m.AMOUNT,
        "evaluations-of-the-other",
    ),
    *m.estimate("value", "Best response of the level less that of the other, all else tuned; or the slope."),
    m.JUDGEMENT_COLUMN,
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)


def question(study: Study) -> pd.DataFrame:
    """Rows of everything that is asked; empty where nothing is."""
    asked = tomllib.loads(study.definition).get("asks", []) if study.definition else []
    rows = [
        row
        for one in asked
        for row in (_differences(study, one) if "against" in one else _slopes(study, one))
    ]
    return pd.DataFrame(rows, columns=m.names(COLUMNS))


def _differences(study: Study, asked: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    """Every other level less the one that it is set against."""
    setting = asked["setting"]
    by_level = study if setting == study.branch else replace(study, branch=setting)
    table, costs = by_level.once(optimizer_differences), costs_of(by_level)
    bar = label(setting, asked["against"])
    for row in table[table["quantity"] == BEST].to_dict("records"):
        if bar not in {row["one"], row["other"]}:
            continue
        sign, level = (1, row["one"]) if row["other"] == bar else (-1, row["other"])
        low, high = sorted(sign * float(row[end]) for end in ("low", "high"))
        better = row["better"]
        remark = ALIKE if not better else (LOWER if better == level else HIGHER)(_level(level, setting))
        yield {
            "setting": setting,
            "kind": DIFFERENCE,
            "level": _level(level, setting),
            "against": _level(bar, setting),
            EVALUATIONS: costs.get(level, math.nan),
            "evaluations_against": costs.get(bar, math.nan),
            "value": sign * float(row["difference"]),
            "low": low,
            "high": high,
            JUDGEMENT: row[JUDGEMENT],
            REMARKS: Remarks(remark),
        }


def _level(branch: str, setting: str) -> str:
    return branch.removeprefix(f"{setting}=")


def _slopes(study: Study, asked: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    """Slope of the best learning rate over the setting in every branch."""
    table = study.once(slopes)
    for row in table[table["setting"] == asked["setting"]].to_dict("records"):
        low, high = float(row["low"]), float(row["high"])
        moves = low > 0 or high < 0
        known = low == low and high == high  # noqa: PLR0124 (not NaN)
        judgement = Judgement.ABOVE if moves else Judgement.NOT_ABOVE if known else Judgement.UNKNOWN
        yield {
            "setting": asked["setting"],
            "kind": SLOPE,
            "level": row["branch"],
            "against": row["axis"],
            EVALUATIONS: math.nan,
            "evaluations_against": math.nan,
            "value": float(row["slope"]),
            "low": low,
            "high": high,
            JUDGEMENT: judgement.value,
            REMARKS: Remarks(MOVES if moves else STAYS),
        }


MEASURE: Final = m.Measure(
    "question",
    (m.Table("question", COLUMNS, question),),
)
