"""Judged claims → three tidy tables: a row per claim, per part, per part and dataset."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import pandas as pd

from sensitivity.claims.claim import RATIO, Inside, Names
from sensitivity.estimators.several_tests import ALPHA
from sensitivity.measures import measure as m
from sensitivity.words import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.claims.claim import Rule
    from sensitivity.claims.verdicts import Judged, Measured

LEDGER: Final = "ledger"
PARTS: Final = "parts"
BY_DATASET: Final = "datasets"

_CLAIM: Final = m.Column("claim", "Name of the claim.")
_EFFECT: Final = (
    m.Column("part", "What is measured: one over, or minus, the other.", title="measured"),
    m.Column("unit", "Ratio, difference of normalised error, share, decades, slope, or a number."),
    *m.estimate("effect", "Mean over the datasets (for other samples see ``sample``).", m.AMOUNT),
)
_ADJUSTED: Final = (
    m.hidden("adjusted_low", "Lower end at the level of the claim among all (Holm)."),
    m.hidden("adjusted_high", "Upper end of the same."),
)
_RULE: Final = m.Column("rule", "What supports it; contradicted where the interval lies wholly elsewhere.")
_VISIBLE: Final = m.Column(
    "visible",
    "Smallest effect beyond the threshold that the design finds with a power of 80 % at the adjusted level; "
    "of a ratio a factor.",
    m.AMOUNT,
    "smallest-visible",
)
LEDGER_COLUMNS: Final = (
    _CLAIM,
    m.Column("words", "The claim in a sentence.", title="in-words"),
    m.Column("verdict", "Supported, contradicted or inconclusive, among all claims (Holm): this one counts."),
    *_EFFECT[2:],
    m.Column(
        "adjusted", "Ends of the interval by which the verdict is found, in words.", title="adjusted-interval"
    ),
    *_ADJUSTED,
    _RULE,
    *_EFFECT[:2],
    _VISIBLE,
    m.Column("plain_verdict", "The verdict, were it the only claim.", title="alone"),
    m.Column("source", "Notes that make it: O, F, G, M; a control says nothing of them."),
    m.hidden("alpha", "Level at which it is judged: the adjusted interval has level 1 − alpha."),
    m.Column(
        "amended_verdict",
        "By an amended rule, where there is one; the rule fixed before decides all the same, for this one "
        "came after its result was seen.",
        title="by-the-amended-rule",
    ),
    m.Column("amended_rule", "What that rule measures, and what supports it.", shown=False),
    # The page has these two once each, with the claims that they are about.
    m.Column("amended", "How the rule differs from the one fixed before, and why.", shown=False),
    m.Column("reading", "How words of the rule were read that leave something open, and why.", shown=False),
    m.Column("beside", "A fact that belongs to it and decides nothing.", shown=False),
)
PARTS_COLUMNS: Final = (
    _CLAIM,
    *_EFFECT,
    m.Column("verdict", "Of this part at the level of its claim."),
    *_ADJUSTED,
    m.hidden("bootstrap_low", "Lower end of the 95 % interval from drawing datasets and replicates again."),
    m.hidden("bootstrap_high", "Upper end of the same."),
    _RULE,
    _VISIBLE,
    m.Column("unreached", "Trainings that never met the target and count with twice the budget.", m.SHARE),
    m.Column("sample", "What the interval treats as random."),
)
DATASET_COLUMNS: Final = (
    _CLAIM,
    m.Column("part", "What is measured.", title="measured"),
    m.Column("dataset", "Empty where the number belongs to none."),
    *m.estimate("effect", "Of this dataset; its interval is over the replicates alone.", m.AMOUNT),
)


def tables(claims: Sequence[Judged]) -> dict[str, pd.DataFrame]:
    """The three tables by name."""
    parts = [(one, part) for one in claims for part in one.parts]
    return {
        LEDGER: pd.DataFrame(
            [_claim(one) for one in claims], columns=[column.name for column in LEDGER_COLUMNS]
        ),
        PARTS: pd.DataFrame(
            [_part(*pair) for pair in parts], columns=[column.name for column in PARTS_COLUMNS]
        ),
        BY_DATASET: pd.DataFrame(
            [row for pair in parts for row in _datasets(*pair)],
            columns=[column.name for column in DATASET_COLUMNS],
        ),
    }


def _claim(one: Judged) -> dict[str, object]:
    numbers = _numbers(one.deciding, one.alpha)
    return {
        "claim": one.claim.name,
        "words": one.claim.words,
        "source": one.claim.source,
        "verdict": one.adjusted.value,
        "plain_verdict": one.plain.value,
        **numbers,
        "adjusted": f"[{short(_float(numbers['adjusted_low']), 3)}, "
        f"{short(_float(numbers['adjusted_high']), 3)}]",
        "alpha": one.alpha,
        "amended_verdict": "" if one.by_amended_rule is None else one.by_amended_rule.value,
        "amended_rule": "; ".join(
            f"{part.part.words}: {rule_in_words(part.part.rule, part.part.unit)}" for part in one.instead
        ),
        "amended": "; ".join(one.claim.amendments),
        "reading": "; ".join(one.claim.interpretations),
        "beside": one.claim.beside,
    }


def _part(one: Judged, part: Measured) -> dict[str, object]:
    shown = part.shown
    low, high = part.bootstrap
    return {
        "claim": one.claim.name,
        **_numbers(part, one.alpha),
        "verdict": part.verdict(one.alpha).value,
        "bootstrap_low": shown(low),
        "bootstrap_high": shown(high),
        "unreached": part.unreached,
        "sample": part.part.how,
    }


def _numbers(part: Measured, alpha: float) -> dict[str, object]:
    """Cells that the rows of claims and of parts share."""
    shown = part.shown
    low, high = part.ends(part.estimate.interval(1 - ALPHA))
    least, most = part.ends(part.estimate.interval(1 - alpha))
    return {
        "part": part.part.words,
        "unit": part.part.unit,
        "effect": shown(part.estimate.value),
        "low": low,
        "high": high,
        "adjusted_low": least,
        "adjusted_high": most,
        "rule": rule_in_words(part.part.rule, part.part.unit),
        "visible": shown(part.visible(alpha)),
    }


def _datasets(one: Judged, part: Measured) -> list[dict[str, object]]:
    shown = part.shown
    rows = []
    for name, mean in part.datasets.items():
        low, high = (math.nan, math.nan) if math.isnan(mean.error) else part.ends(mean.interval())
        cells = {"effect": shown(mean.value), "low": low, "high": high}
        rows.append({"claim": one.claim.name, "part": part.part.words, "dataset": name, **cells})
    return rows


def rule_in_words(rule: Rule, unit: str) -> str:
    """What supports a part."""
    shown = math.exp if unit == RATIO else float
    if isinstance(rule, Names):
        return f"interval holds {rule.this:g} and not {rule.other:g}"
    if not isinstance(rule, Inside):
        raise TypeError(rule)
    if math.isinf(rule.low):
        return f"below {short(shown(rule.high), 3)}"
    if math.isinf(rule.high):
        return f"above {short(shown(rule.low), 3)}"
    return f"inside {short(shown(rule.low), 3)} … {short(shown(rule.high), 3)}"


def _float(value: object) -> float:
    return float(str(value))
