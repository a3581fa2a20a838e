"""The table ``question`` → sentences: what the sweep was made to ask comes first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sensitivity.branch import level_of
from sensitivity.language import say
from sensitivity.measures.question import DIFFERENCE, SLOPE
from sensitivity.remarks import JUDGEMENT, Judgement
from sensitivity.reporting.forgiving import listed, plain
from sensitivity.trials import EVALUATIONS
from sensitivity.words import amount, short

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd


def what_was_asked(table: pd.DataFrame, metric: str) -> list[str]:
    """A sentence per setting that is asked about; none where nothing is."""
    asked = table[table["kind"].isin([DIFFERENCE, SLOPE])]  # a table of nothing has a row that says so
    return [
        (_compared if rows["kind"].iloc[0] == DIFFERENCE else _moves)(rows, metric)
        for _, rows in asked.groupby("setting", sort=False)
    ]


def _compared(rows: pd.DataFrame, metric: str) -> str:
    """Which levels reach less, and which cannot be told from the one they are set against."""
    setting, against = plain(str(rows["setting"].iloc[0])), plain(str(rows["against"].iloc[0]))
    told = rows[rows[JUDGEMENT] == Judgement.ABOVE.value].sort_values("value")
    parts = [
        say(
            "asked.moved",
            level=plain(str(row["level"])),
            way="lower" if row["value"] < 0 else "higher",
            metric=metric,
            size=amount(*_size(row["value"], row["low"], row["high"])),
        )
        for row in told.to_dict("records")
    ]
    rest = rows[~rows.index.isin(told.index)].to_dict("records")
    if rest:
        names = [
            f"{plain(str(row['level']))} ({amount(*(float(row[end]) for end in ('value', 'low', 'high')))})"
            for row in sorted(rest, key=lambda row: -abs(float(row["value"])))
        ]
        parts.append(say("asked.alike", names=listed(names)))
    said = "; ".join(parts)
    return say("asked.compared", setting=setting, against=against, cost=_cost(rows), parts=said)


def _cost(rows: pd.DataFrame) -> str:
    """What a training costs, once where all cost the same; nothing where nobody counted."""
    costs = {
        plain(str(row[name])): float(row[column])
        for row in rows.to_dict("records")
        for name, column in (("against", "evaluations_against"), ("level", EVALUATIONS))
    }
    if any(math.isnan(cost) for cost in costs.values()):
        return ""
    if len(set(costs.values())) == 1:
        return say("asked.cost", cost=short(next(iter(costs.values())), 4))
    each = ", ".join(f"{name} {short(cost, 4)}" for name, cost in costs.items())
    return say("asked.costs", costs=each)


def _size(value: float, low: float, high: float) -> tuple[float, float, float]:
    """Size of a difference with its interval."""
    return (value, low, high) if value > 0 else (-value, -high, -low)


def _moves(rows: pd.DataFrame, metric: str) -> str:  # noqa: ARG001 (called like the other)
    """With which power the best learning rate moves, for every optimizer; and for which none can be shown."""
    setting = plain(str(rows["setting"].iloc[0]))
    over = plain(str(rows["against"].iloc[0])).removeprefix("log10(").removesuffix(")")
    parts, moved = [], rows[JUDGEMENT] == Judgement.ABOVE.value
    if moved.any():
        powers = [_power(row) for row in rows[moved].to_dict("records")]
        parts.append(say("asked.moves", over=over, powers="; ".join(powers)))
    if not moved.all():
        powers = [_power(row) for row in rows[~moved].to_dict("records")]
        parts.append(say("asked.stays", over=over, powers="; ".join(powers)))
    return say("asked.followed", setting=setting, parts=" ".join(parts))


def _power(row: Mapping[Hashable, object]) -> str:
    """Power with its interval, and whose it is."""
    number = amount(*(float(str(row[end])) for end in ("value", "low", "high")))
    return f"{number} ({plain(level_of(str(row['level']))) or say('asked.together')})"
