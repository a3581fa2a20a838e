"""Words about a band within the tolerance: how wide it is, and what its picture shows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from sensitivity.estimators.curves.bands import width_shown
from sensitivity.measures.tolerance import COMMON, OVERALL, OWN, TOLERANCE
from sensitivity.words import interval, short
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from typing import Any

    import pandas as pd

    from sensitivity.pictures.tolerance import Bar
    from sensitivity.study import Study

AGAINST: Final = "against"


def width_text(row: Mapping[Hashable, Any]) -> str:
    """Width in decades, at least that where cut off, or as a share of the range tried; with its interval."""
    least, decades, low, high = width_shown(row, "decades")
    if math.isnan(decades):
        text = interval(*width_shown(row, "fraction")[1:])
    else:
        text = f"{least}{decades:.1f} decades"
        text += "" if math.isnan(low) else f" [{low:.1f}, {high:.1f}]"
    return f"nowhere: {text}" if math.isnan(float(row["from"])) else text


def caption(study: Study, table: pd.DataFrame, bars: Sequence[Bar], names: Sequence[str]) -> str:
    """Sentences under the picture."""
    part = TOLERANCE if study.tolerance is None else study.tolerance
    common = (table[AGAINST] == COMMON).any()
    goal = "a constant prediction" if common else "the median of all trials"
    text = [
        f"Pale: where the best reachable {study.metric}, all other settings tuned, is within {part:.0%} "
        f"of the way from the best of all trials to {goal}; wider is easier to tune.".replace("%", " %")
    ]
    if any(not math.isnan(bar.untuned[0]) for bar in bars):
        text.append(
            "Dark: where half of all choices of the other settings are, with nothing tuned and diverged "
            "trials counted; the numbers are the dark bar's."
        )
    text.append("Diamond: best value, the rest tuned.")
    if any(any(bar.cut) for bar in bars):
        text.append("Arrow head, ≥: the band reaches the edge of the range tried and may go on.")
    if any(bar.holes for bar in bars):
        text.append("Hatched: several separate bands, drawn from the first to the last.")
    if any(math.isnan(bar.ends[0]) for bar in bars):
        text.append("Nowhere: no value comes within the tolerance.")
    known = table[table[AGAINST].isin([OWN, OVERALL, COMMON])]["low"].notna().any()
    text.append("In brackets: 95 % intervals (seed)." if known else "No intervals: nothing was run twice.")
    if any(not math.isnan(bar.ends[0]) for bar in bars):
        text.append(_between_levels(study, names))
    return " ".join(text).rstrip()


def _between_levels(study: Study, names: Sequence[str]) -> str:
    """What the grid does to the ends of the bands; empty for settings that have no values in between."""
    domains = [
        v.domain for setting in study.space.settings if setting.name in names for v in setting.variants
    ]
    ranges = [domain for domain in domains if not isinstance(domain, Choices) and domain.levels]
    if not ranges:
        return ""
    steps = {
        round(math.log10(d.high / d.low) / (d.levels - 1), 9)
        for d in ranges
        if d.log and d.levels is not None and d.levels > 1
    }
    known = len(steps) == 1 and len(names) == 1 and len(ranges) == len(domains)
    apart = f"Levels are {short(steps.pop())} decades apart; the" if known else "The"
    return f"{apart} ends lie between levels by linear interpolation, which the intervals do not cover."
