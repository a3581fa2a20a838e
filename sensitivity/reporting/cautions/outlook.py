"""What the ranking alone does not say: whether it is settled, and whether tuning gains anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sensitivity.branch import in_sentence
from sensitivity.estimators.effects import ADAPTIVE, ALL, BRANCH, SETTING
from sensitivity.language import say
from sensitivity.measures import ranking as r
from sensitivity.measures.measuring import SHARES
from sensitivity.measures.stability import (
    AGAINST,
    COMPARISON,
    HALVES,
    OTHER_REPLICATES,
    SAME_FIRST,
    SAME_TOP3,
    SETTLED,
)
from sensitivity.measures.tunability import GAIN, TOGETHER
from sensitivity.remarks import JUDGEMENT, REMARKS, Judgement, has
from sensitivity.reporting.cautions.kinds import GAINS, STABILITY, Caution, rows_of
from sensitivity.words import amount, level_text, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from sensitivity.study import Study


def outlook(study: Study, tables: Mapping[str, pd.DataFrame]) -> Iterator[Caution]:
    """Whether the ranking is settled, and whether tuning gains anything."""
    known = study.read is None and study.of_networks  # as `tunability` takes the defaults
    for kind, text in ((STABILITY, unsettled(tables)), (GAINS, no_gain(tables, known=known))):
        if text:
            yield Caution(kind, text)


def unsettled(tables: Mapping[str, pd.DataFrame]) -> str:
    """Say which places of the ranking half of the trials would not confirm; empty where they would."""
    table = rows_of(tables, "stability")
    halves = table[(table[BRANCH] == ALL) & (table[COMPARISON] == HALVES) & table[SAME_FIRST].notna()]
    if halves.empty:
        return ""
    row = halves.iloc[0]
    first, three = float(row[SAME_FIRST]), float(row[SAME_TOP3])
    of = "replicates" if row.get(AGAINST) == OTHER_REPLICATES else "trials"
    if first < SETTLED and not _leads(tables):
        return say("cautions.unsettled", of=of, share=percent(first))
    # Halves of an adaptive sampler's trials crowd in the same place: that they agree settles nothing.
    if (
        three < SETTLED
        and first >= SETTLED
        and _leads(tables)
        and not _leads(tables, 3)
        and not any(has(rows_of(tables, SHARES)[REMARKS], ADAPTIVE))
    ):
        return say("cautions.first-settled", of=of, share=percent(three))
    return ""


def _leads(tables: Mapping[str, pd.DataFrame], places: int = 1) -> bool:
    """Whether the first settings are above the noise, and the interval of each above that of the next."""
    ranking = rows_of(tables, "ranking")
    ranked = ranking[ranking[r.RANK].notna()]
    if ranked.empty or (ranked[JUDGEMENT].iloc[: min(places, len(ranked))] != Judgement.ABOVE).any():
        return False
    kind = "main" if ranked[r.TOTAL_EFFECT].isna().iloc[0] else "total"
    lows, highs = ranked[f"{kind}_low"].iloc[:places], ranked[f"{kind}_high"].iloc[1 : places + 1]
    return not any(low <= high for low, high in zip(lows, highs, strict=False))


def no_gain(tables: Mapping[str, pd.DataFrame], *, known: bool = True) -> str:
    """Say that tuning gains nothing over the defaults; empty where it does, or where nobody knows.

    Parameters
    ----------
    known
        Whether defaults are known, as the tool's are; else the middle of each range stands for one.
    """
    table = rows_of(tables, "tunability")
    gains = table[(table[BRANCH] == ALL) & (table["kind"] == GAIN) & table["amount"].notna()]
    together = gains[gains[SETTING] == TOGETHER]
    if together.empty or together[JUDGEMENT].iloc[0] != Judgement.NOT_ABOVE:
        return ""
    if (gains[JUDGEMENT] == Judgement.ABOVE).any():
        return ""
    alone = gains[gains[SETTING] != TOGETHER]
    defaults = ", ".join(
        f"{in_sentence(name)} {in_sentence(level_text(value))}"
        for name, value in zip(alone[SETTING], alone["default"], strict=True)
        if level_text(value)
    )
    row = together.iloc[0]
    size = amount(float(row["amount"]), float(row["low"]), float(row["high"]))
    named = any(isinstance(value, str) for value in alone["default"])
    return say(
        "cautions.no-gain",
        known="yes" if known else "no",
        named="yes" if named else "no",
        defaults=defaults,
        size=size,
    )
