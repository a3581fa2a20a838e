"""Which optimizer forgives most, in a sentence: only what paired differences tell apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.branch import level_of, words
from sensitivity.estimators import effects as e
from sensitivity.estimators.curves.remarks import FEW_OF_BRANCH
from sensitivity.measures import tolerance as t
from sensitivity.measures.optimizer_differences import BEST, WIDTHS, first_and_last, is_worse, perhaps_wider
from sensitivity.remarks import REMARKS, Remarks, has
from sensitivity.words import interval, measured

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST: Final = 48  # letters of a name in a sentence
_MOST: Final = 5  # names in a list
TWO: Final = 2  # optimizers make no superlative


def compared(optimizers: pd.DataFrame, differences: pd.DataFrame, setting: str, kept: str) -> str:
    """The optimizers that forgive most and least, ties together; who is nowhere good, or cut at both ends.

    Parameters
    ----------
    optimizers
        Rows of the tolerance, one per optimizer.
    differences
        Table `optimizer_differences`.
    setting, kept
        Whose range it is, and what it keeps, in words.
    """
    few = np.array(has(optimizers[REMARKS], FEW_OF_BRANCH), dtype=bool)
    unjudged, optimizers = optimizers[few], optimizers[~few]
    said = "".join(f"; {_few(row)}" for _, row in unjudged.iterrows())
    if optimizers.empty:
        return f"No optimizer has the trials to say how much of {setting} it forgives{said}."
    text = _of_judged(optimizers, differences, setting, kept)
    begins = text.startswith(tuple(_name(row) for _, row in optimizers.iterrows()))  # a name has no capital
    return f"{text if begins else capital(text)}{said}."


def _of_judged(optimizers: pd.DataFrame, differences: pd.DataFrame, setting: str, kept: str) -> str:
    """The same of those that have the trials for it, without a full stop."""
    unit = "decades" if optimizers["decades"].notna().all() else "fraction"
    ordered = optimizers.sort_values(unit, ascending=False, kind="stable")
    good, cut = ordered[unit] > 0, ordered[t.CUT_LOW] & ordered[t.CUT_HIGH]
    ranked, unranked, nowhere = ordered[good & ~cut], ordered[good & cut], ordered[~good]
    if len(ordered) > 1 and nowhere.empty and ordered[unit].min() >= ordered[unit].max() * (1 - 1e-9):
        return f"with every optimizer {width(ordered.iloc[0])} of {setting} {kept}"
    if not good.any():
        return f"with no optimizer does {setting} {kept}, anywhere in its range"
    parts = [_ranked(ranked, differences, setting, kept)] if len(ranked) else []
    if len(unranked):
        about = f"with {_names(unranked)}, {width(unranked.iloc[-1])}"
        about += "" if parts else f" of {setting} {kept}"
        parts.append(f"{about}, cut at both ends by the range and so not ranked")
    best = differences[differences["quantity"] == BEST]
    parts += [_nowhere(row, is_worse(best, str(row[e.BRANCH]))) for _, row in nowhere.iterrows()]
    return "; ".join(parts)


def _ranked(rows: pd.DataFrame, differences: pd.DataFrame, setting: str, kept: str) -> str:
    """Who forgives most and least among optimizers with a band that is not cut at both ends, widest first."""
    first = f"{width(rows.iloc[0])} of {setting} {kept}"
    if len(rows) == 1:
        return f"with {_names(rows)}, {first}"
    pairs = differences[differences["quantity"].isin(WIDTHS)]
    best, worst = first_and_last(pairs, [str(branch) for branch in rows[e.BRANCH]])
    cut = rows[e.BRANCH].isin(perhaps_wider(pairs, str(rows[e.BRANCH].iloc[0])))
    most, least = rows[rows[e.BRANCH].isin(best) & ~cut], rows[rows[e.BRANCH].isin(worst)]
    if len(best) == len(rows):
        unknown = "" if pairs["low"].notna().any() else " (their difference has no interval)"
        return (
            f"no optimizer can be shown to forgive more than another: with {_names(rows[:1])}, {first}; "
            f"with {_names(rows[-1:])}, {width(rows.iloc[-1])}{unknown}"
        )
    if len(rows) == len(best) + len(worst) == TWO:
        least_width = f"{width(least.iloc[0])} with {_names(least)}"
        return f"{_names(most)} forgives more than {_names(least)}: {first}, against {least_width}"
    if len(most) == 1:
        text = f"{_names(most)} forgives most{' as far as the range shows' if cut.any() else ''}: {first}"
    else:
        text = f"{_names(most)} forgive most; they cannot be told apart: with {_names(rows[:1])}, {first}"
    if cut.any():
        text += f"; {_names(rows[cut])}, cut by the range, may forgive as much"
    if set(best) & set(worst):
        return text
    if len(least) == 1:
        return f"{text}; {_names(least)} forgives least, {width(least.iloc[0])}"
    return f"{text}; {_names(least)} forgive least, {width(least.iloc[-1])} with {_names(least[-1:])}"


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
    parts = [f"{width(row)} with {_name(row)}" for row in (first, last)]
    return f" With everything else tuned again it is {' and '.join(parts)}."


def _few(row: pd.Series) -> str:
    """An optimizer with too few trials."""
    return f"{_name(row)} is {row[REMARKS].only(FEW_OF_BRANCH).words}"


def _nowhere(row: pd.Series, worse: bool) -> str:
    """An optimizer that nowhere meets the bar, and whether it is flat where it is; never, if told apart."""
    said = row.get(REMARKS)
    flat = f", {said.only(t.FLAT).words}" if isinstance(said, Remarks) and said.has(t.FLAT) else ""
    if worse:
        return f"{_name(row)} never comes within the tolerance of the best{flat}"
    return f"whether {_name(row)} comes within the tolerance of the best cannot be told{flat}"


def _names(rows: pd.DataFrame) -> str:
    return listed([_name(row) for _, row in rows.iterrows()])


def _name(row: pd.Series) -> str:
    return plain(level_of(str(row[e.BRANCH])))


def width(row: pd.Series) -> str:
    """Tolerance in decades, or as a share of the range where the axis is not logarithmic.

    "At least" where the range swept, not the result, sets an end to it; the whole range needs no interval.
    """
    least = "at least " if row[t.CUT_LOW] or row[t.CUT_HIGH] else ""
    whole = float(row["fraction"]) >= 1 - 1e-9
    if not pd.isna(row["decades"]):
        certain = whole and float(row["decades_low"]) >= float(row["decades"]) - 1e-9
        names = ("decades",) if certain else ("decades", "decades_low", "decades_high")
        shown = (float(row[name]) for name in names)
        return f"{least}{measured(*shown)} decades{' (the whole range)' if whole else ''}"
    if whole and not float(row["low"]) < 1 - 1e-9:
        return "the whole range"
    return least + f"{interval(float(row['fraction']), float(row['low']), float(row['high']))} of the range"


def plain(name: object) -> str:
    """Name without underscores, cut where it is long: a sentence has to stay one."""
    return words(name, _LONGEST)


def capital(text: str) -> str:
    """Text with a capital at its beginning."""
    return f"{text[:1].upper()}{text[1:]}"


def listed(names: Sequence[str]) -> str:
    """Names in a sentence, the rest counted after the first few."""
    if len(names) > _MOST:
        return f"{', '.join(names[:_MOST])} and {len(names) - _MOST} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
