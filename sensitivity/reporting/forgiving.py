"""Which optimizer forgives most, in a sentence: only what paired differences tell apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.branch import level_of, words
from sensitivity.estimators import effects as e
from sensitivity.estimators.curves.remarks import FEW_OF_BRANCH
from sensitivity.language import language, say
from sensitivity.language.lists import joined
from sensitivity.measures import tolerance as t
from sensitivity.measures.optimizer_differences import BEST, WIDTHS, first_and_last, is_worse, perhaps_wider
from sensitivity.remarks import REMARKS, Remarks, has
from sensitivity.words import interval, measured

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST: Final = 48  # letters of a name in a sentence
_MOST: Final = 5  # names in a list
TWO: Final = 2  # optimizers make no superlative


@dataclass(frozen=True)
class Kept:
    """What a range of a setting keeps: the response above a bar.

    Attributes
    ----------
    bar
        How good that is, in words.
    rest
        What becomes of the other settings: ``tuned`` again, the mean of ``both`` choices, ``half`` of all
        choices, ``nothing``.
    """

    setting: str
    metric: str
    bar: str
    rest: str

    def of(self, range_: str) -> str:
        """That a range of this width keeps it."""
        return say(
            "forgiving.keeps",
            width=range_,
            setting=self.setting,
            metric=self.metric,
            bar=self.bar,
            rest=self.rest,
        )

    def nowhere(self) -> str:
        """That no value does."""
        return say(
            "forgiving.keeps-nowhere",
            setting=self.setting,
            metric=self.metric,
            bar=self.bar,
            rest=self.rest,
        )


def compared(optimizers: pd.DataFrame, differences: pd.DataFrame, kept: Kept) -> str:
    """The optimizers that forgive most and least, ties together; who is nowhere good, or cut at both ends.

    Parameters
    ----------
    optimizers
        Rows of the tolerance, one per optimizer.
    differences
        Table `optimizer_differences`.
    kept
        Whose range it is, and what it keeps.
    """
    few = np.array(has(optimizers[REMARKS], FEW_OF_BRANCH), dtype=bool)
    unjudged = [_few(row) for _, row in optimizers[few].iterrows()]
    optimizers = optimizers[~few]
    if optimizers.empty:
        return f"{clauses(say('forgiving.no-optimizer-judged', setting=kept.setting), *unjudged)}."
    text = clauses(_of_judged(optimizers, differences, kept), *unjudged)
    begins = text.startswith(tuple(_name(row) for _, row in optimizers.iterrows()))  # a name has no capital
    return f"{text if begins else capital(text)}."


def clauses(*parts: str) -> str:
    """Clauses one after the other, without a full stop at the end."""
    found = parts[0]
    for part in parts[1:]:
        found = say("answer.and-then", first=found, second=part)
    return found


def _of_judged(optimizers: pd.DataFrame, differences: pd.DataFrame, kept: Kept) -> str:
    """The same of those that have the trials for it, without a full stop."""
    unit = "decades" if optimizers["decades"].notna().all() else "fraction"
    ordered = optimizers.sort_values(unit, ascending=False, kind="stable")
    good, cut = ordered[unit] > 0, ordered[t.CUT_LOW] & ordered[t.CUT_HIGH]
    ranked, unranked, nowhere = ordered[good & ~cut], ordered[good & cut], ordered[~good]
    if len(ordered) > 1 and nowhere.empty and ordered[unit].min() >= ordered[unit].max() * (1 - 1e-9):
        return say("forgiving.every", kept=kept.of(width(ordered.iloc[0])))
    if not good.any():
        return kept.nowhere()
    parts = [_ranked(ranked, differences, kept)] if len(ranked) else []
    if len(unranked):
        least = width(unranked.iloc[-1])
        parts.append(say("forgiving.cut", names=_names(unranked), kept=least if parts else kept.of(least)))
    best = differences[differences["quantity"] == BEST]
    parts += [_nowhere(row, is_worse(best, str(row[e.BRANCH]))) for _, row in nowhere.iterrows()]
    return clauses(*parts)


def _ranked(rows: pd.DataFrame, differences: pd.DataFrame, kept: Kept) -> str:
    """Who forgives most and least among optimizers with a band that is not cut at both ends, widest first."""
    first = kept.of(width(rows.iloc[0]))
    if len(rows) == 1:
        return say("forgiving.of-one", names=_names(rows), kept=first)
    pairs = differences[differences["quantity"].isin(WIDTHS)]
    best, worst = first_and_last(pairs, [str(branch) for branch in rows[e.BRANCH]])
    cut = rows[e.BRANCH].isin(perhaps_wider(pairs, str(rows[e.BRANCH].iloc[0])))
    most, least = rows[rows[e.BRANCH].isin(best) & ~cut], rows[rows[e.BRANCH].isin(worst)]
    if len(best) == len(rows):
        known = "yes" if pairs["low"].notna().any() else "no"
        last, narrow = _names(rows[-1:]), width(rows.iloc[-1])
        return say(
            "forgiving.alike", first=_names(rows[:1]), kept=first, last=last, width=narrow, known=known
        )
    if len(rows) == len(best) + len(worst) == TWO:
        narrow = width(least.iloc[0])
        return say("forgiving.more-of-two", most=_names(most), least=_names(least), kept=first, width=narrow)
    if len(most) == 1:
        told = say("forgiving.most-one", names=_names(most), cut="yes" if cut.any() else "no", kept=first)
    else:
        told = say("forgiving.most-several", names=_names(most), first=_names(rows[:1]), kept=first)
    perhaps = [say("forgiving.perhaps-as-much", names=_names(rows[cut]))] if cut.any() else []
    return clauses(told, *perhaps, *([] if set(best) & set(worst) else [_least(least)]))


def _least(rows: pd.DataFrame) -> str:
    """Who forgives least, the narrowest last."""
    if len(rows) == 1:
        return say("forgiving.least-one", names=_names(rows), width=width(rows.iloc[0]))
    narrow = width(rows.iloc[-1])
    return say("forgiving.least-several", names=_names(rows), width=narrow, last=_names(rows[-1:]))


def otherwise_retuned(rows: pd.DataFrame, again: pd.DataFrame, differences: pd.DataFrame) -> str:
    """Widths with everything else tuned again, of the widest and the narrowest band, if they say otherwise.

    Parameters
    ----------
    rows, again
        Rows of the tolerance, one per optimizer, with the rest untuned and with the rest tuned again.
    differences
        Table `optimizer_differences`, of the untuned ones.
    """
    unit = "decades" if rows["decades"].notna().all() else "fraction"
    low, high = ("decades_low", "decades_high") if unit == "decades" else ("low", "high")
    ordered = rows.sort_values(unit, ascending=False, kind="stable")[e.BRANCH]
    ends = [str(ordered.iloc[0]), str(ordered.iloc[-1])]
    pairs = differences[differences["quantity"].isin(WIDTHS)]
    pairs = pairs[pairs["one"].isin(ends) & pairs["other"].isin(ends)]
    found = {str(row[e.BRANCH]): row for _, row in again.iterrows()}
    if pairs.empty or not set(ends) <= set(found):
        return ""
    first, last = (found[end] for end in ends)
    apart = [one for one, two in ((first, last), (last, first)) if float(one[low]) > float(two[high])]
    if [str(one[e.BRANCH]) for one in apart] == [better for better in pairs["better"] if better]:
        return ""
    parts = [say("forgiving.with-width", width=width(row), name=_name(row)) for row in (first, last)]
    return say("forgiving.retuned", first=parts[0], last=parts[1])


def _few(row: pd.Series) -> str:
    """An optimizer with too few trials."""
    return say("forgiving.few-trials", name=_name(row), why=row[REMARKS].only(FEW_OF_BRANCH).words)


def _nowhere(row: pd.Series, worse: bool) -> str:
    """An optimizer that nowhere meets the bar, and whether it is flat where it is; never, if told apart."""
    said, name = row.get(REMARKS), _name(row)
    clause = say("forgiving.never", name=name) if worse else say("forgiving.perhaps-never", name=name)
    if isinstance(said, Remarks) and said.has(t.FLAT):
        return say("forgiving.flat", clause=clause, flat=said.only(t.FLAT).words)
    return clause


def _names(rows: pd.DataFrame) -> str:
    return listed([_name(row) for _, row in rows.iterrows()])


def _name(row: pd.Series) -> str:
    return plain(level_of(str(row[e.BRANCH])))


def width(row: pd.Series) -> str:
    """Tolerance in decades, or as a share of the range where the axis is not logarithmic.

    "At least" where the range swept, not the result, sets an end to it; the whole range needs no interval.
    """
    least = "yes" if row[t.CUT_LOW] or row[t.CUT_HIGH] else "no"
    whole = float(row["fraction"]) >= 1 - 1e-9
    if not pd.isna(row["decades"]):
        certain = whole and float(row["decades_low"]) >= float(row["decades"]) - 1e-9
        names = ("decades",) if certain else ("decades", "decades_low", "decades_high")
        number = measured(*(float(row[name]) for name in names))
        return say("forgiving.width-decades", number=number, least=least, whole="yes" if whole else "no")
    if whole and not float(row["low"]) < 1 - 1e-9:
        return say("forgiving.width-whole")
    number = interval(float(row["fraction"]), float(row["low"]), float(row["high"]))
    return say("forgiving.width-share", number=number, least=least)


def plain(name: object) -> str:
    """Name without underscores, cut where it is long: a sentence has to stay one."""
    return words(name, _LONGEST)


def capital(text: str) -> str:
    """Text with a capital at its beginning, in a language whose sentences have one."""
    return f"{text[:1].upper()}{text[1:]}" if language() == "en" else text


def listed(names: Sequence[str]) -> str:
    """Names in a sentence, the rest counted after the first few."""
    if len(names) > _MOST:
        return say("terms.and-more", first=joined(names[:_MOST], "two"), count=len(names) - _MOST)
    return joined(names)
