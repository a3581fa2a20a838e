"""The explorer's data: numbers of the tables and every word, as JSON that a page may hold.

The script in the page chooses, adds up and draws; it makes neither a statistic of its own nor a word.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from matplotlib.colors import to_hex

from sensitivity.branch import words
from sensitivity.coding import texts_of
from sensitivity.language import say, speaking
from sensitivity.measures.rate_and_beta import rate_of
from sensitivity.pictures.marks.cells import foremost_pair, usable
from sensitivity.pictures.marks.heatmap import DENSE_FROM, LIGHT_FROM
from sensitivity.pictures.marks.numbers import LONGEST_NUMBER
from sensitivity.pictures.marks.scales import is_log
from sensitivity.pictures.orders import by_importance
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.pictures.style import HEAT, MISSING, luminance
from sensitivity.reporting.explored_cells import explored_rows
from sensitivity.reporting.explored_curves import explored_curves
from sensitivity.reporting.explored_valleys import numbers, valleys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sensitivity.reporting.explored_cells import Explored, Rows
    from sensitivity.reporting.explored_curves import Curves
    from sensitivity.study import Study

EVEN: Final = 0.179  # luminance on which black and white have the same contrast, 4.6
LONGEST_LEVEL: Final = 22  # letters, as at the columns of a heatmap
# A name may hold the end of a script or the begin of a comment; DEL is no character of a page.
_ESCAPED: Final = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\x7f"}


def explorer(study: Study, tables: Mapping[str, pd.DataFrame]) -> str:
    """Data of the explorer as JSON, safe inside a script element; empty where there is nothing to explore.

    Nothing is there to explore where fewer than two settings vary, or every trial failed.

    Parameters
    ----------
    study
        The trials.
    tables
        Of `sensitivity.measures.measuring.all_tables`.
    """
    rows = explored_rows(study, tables)
    if rows is None:
        return ""
    with speaking(voice=study.voice):
        content = _content(study, tables, rows)
    return json.dumps(content, separators=(",", ":"), allow_nan=False).translate(_ESCAPED)


def _content(study: Study, tables: Mapping[str, pd.DataFrame], rows: Rows) -> dict[str, Any]:
    curves = explored_curves(study, rows.trials)
    rate = valleys(study, tables)
    return {
        "words": _words(study, rows) | _words_of_curves(study) | _words_of_rate(study, rows, rate),
        "look": _look(),
        "sign": study.sign,
        "settings": [_setting(one, study) for one in rows.settings],
        "begin": _begin(study, tables, rows),
        "choosable": _choosable(rows),
        "level": rows.level.T.tolist(),
        "count": rows.count.tolist(),
        "failed": rows.failed.tolist(),
        "mean": numbers(rows.mean.tolist()),
        "sd": numbers(rows.sd.tolist()),
        "best": {row: [count, *numbers([mean, sd])] for row, (count, mean, sd) in rows.best.items()},
        "curves": None if curves is None else _curves(curves),
        "rate": rate,
    }


def _setting(one: Explored, study: Study) -> dict[str, Any]:
    """Names of a setting and of its levels: the middle of a bin where room is scarce, its ends elsewhere.

    Where it is an axis its name says so if the scale is logarithmic.
    """
    axis = one.axis
    short = texts_of(axis.levels) if axis.bins else one.texts
    names = [words(text, LONGEST_LEVEL) for text in short]
    whole = [words(text, 2 * LONGEST_LEVEL) for text in one.texts]
    more = [say("explorer.other-levels", count=one.others)] if one.others else []
    name = words(axis.name)
    along = say("explorer.log-axis", name=name) if is_log(study, axis.name) else name
    return {"name": name, "axis": along, "levels": names + more, "whole": whole + more}


def _begin(study: Study, tables: Mapping[str, pd.DataFrame], rows: Rows) -> list[int]:
    """Settings of the rows and the columns of cells to begin with: those of the figures."""
    names = [one.axis.name for one in rows.settings]
    try:
        pairs = usable(tables, "pairs", "best")
        pairs = pairs[pairs["first"].isin(names) & pairs["second"].isin(names)]
        pair = foremost_pair(pairs, by_importance(tables), study.branch, rate_of(study))
    except NothingToDraw:  # no two settings were ever varied together
        return [0, 1]
    return [names.index(name) for name in pair]


def _curves(curves: Curves) -> dict[str, Any]:
    scale = dict(zip(("low", "high", "soft"), numbers([curves.low, curves.high, curves.soft]), strict=True))
    return {"steps": curves.steps, "count": curves.count, **scale, "data": curves.data}


def _look() -> dict[str, Any]:
    """Colours of the heatmaps, with that of a text on each, and when a cell is hatched."""
    colours = [to_hex(colour) for colour in HEAT(range(HEAT.N))]
    return {
        "colours": colours,
        "dark": [luminance(colour) < EVEN for colour in colours],
        "inks": ["#000000", "#ffffff"],
        "missing": MISSING,
        "hatch": [LIGHT_FROM, DENSE_FROM],
        "longest": LONGEST_NUMBER,
    }


def _words(study: Study, rows: Rows) -> dict[str, str]:
    """Words of the choices and of the reading; the script fills in what stands in braces."""
    best = say("explorer.best-largest") if study.turned else say("explorer.best-smallest")
    names = [one.axis.name for one in rows.settings]
    shared = {
        "lead": say("explorer.lead") if _choosable(rows) else say("explorer.lead-only"),
        "rows": say("explorer.rows"),
        "columns": say("explorer.columns"),
        "swap": say("explorer.swap"),
        "others": say("explorer.others"),
        "tuned": say("explorer.tuned"),
        "averaged": say("explorer.averaged"),
        "fixedAt": say("explorer.fixed-at", level="{level}"),
        "allTuned": say("explorer.all-tuned"),
        "allAveraged": say("explorer.all-averaged"),
        "meaningTuned": say("explorer.meaning-tuned", best=best),
        "meaningAveraged": say("explorer.meaning-averaged"),
        "meaningMixed": say("explorer.meaning-mixed", best=best),
        "meaningFixed": say("explorer.meaning-fixed"),
        "meaningOnly": say("explorer.meaning-only"),
        "marks": say("explorer.marks"),
        "keys": say("explorer.keys"),
        "metric": words(study.label, 60),
        "leftOut": say("explorer.left-out", shown=len(names), left=rows.left_out) if rows.left_out else "",
    }
    return shared | _words_of_cells()


def _choosable(rows: Rows) -> bool:
    """Whether a cell is another one tuned than averaged: there is another setting, or one was left out."""
    return len(rows.settings) > 2 or bool(rows.best)


def _words_of_cells() -> dict[str, str]:
    return {
        "grid": say("explorer.grid", rows="{rows}", columns="{columns}"),
        "good": say("explorer.scale-good"),
        "bad": say("explorer.scale-bad"),
        "number": say("explorer.number"),
        "n": say("explorer.n"),
        "failed": say("explorer.failed"),
        "failedOf": say("explorer.failed-of", share="{share}", failed="{failed}", count="{count}"),
        "tunedTo": say("explorer.tuned-to"),
        "fixedTo": say("explorer.fixed-to"),
        "averagedOver": say("explorer.averaged-over"),
        "noTrial": say("explorer.no-trial"),
        "allFailed": say("explorer.all-failed"),
        "allFailedShort": say("explorer.all-failed-short"),
    }


def _words_of_curves(study: Study) -> dict[str, str]:
    return {
        "curves": say("explorer.curves", metric=words(study.label, 60)),
        "curvesOf": say("explorer.curves-of", shown="{shown}", count="{count}"),
        "curvesBold": say("explorer.curves-bold"),
        "step": say("explorer.step"),
    }


def _words_of_rate(study: Study, rows: Rows, curves: Mapping[str, Any] | None) -> dict[str, str]:
    """Words of the slider; none where there is no curve to move over."""
    if curves is None:
        return {}
    rate = words(rate_of(study))
    return {
        **_rate_lead(study, rate, curves["branches"]),
        "rateLegend": say("explorer.rate-legend"),
        "withTuned": say("explorer.with-tuned"),
        "summary": say("explorer.summary", good="{good}", count="{count}", names="{names}"),
        **_rate_alone(study, rate, rows),
        "rateEnds": _rate_ends(curves),
        "rateLegendUntuned": say("explorer.rate-legend-untuned"),
        "ratePredicted": say("explorer.rate-predicted"),
        "rate": rate,
        "rateSaid": say("explorer.rate-said", rate=rate, level="{level}"),
        "summaryUntuned": say("explorer.summary-untuned", good="{good}", count="{count}", names="{names}"),
        "withUntuned": say("explorer.with-untuned"),
        "loss": say("explorer.loss", loss="{loss}"),
        "lossNone": say("explorer.loss-none"),
        "isGood": say("explorer.is-good"),
        "isRisky": say("explorer.is-risky"),
        "isBad": say("explorer.is-bad"),
        "isFew": say("explorer.is-few"),
        "untried": say("explorer.untried"),
        "bar": say("explorer.bar", bar="{bar}"),
        "failedHere": say("explorer.failed-here", share="{share}"),
    }


def _rate_lead(study: Study, rate: str, branches: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Heading of the slider, and what it asks: of how many branches, with how much else to tune."""
    if len(branches) == 1:
        lead = say("explorer.rate-lead-all", rate=rate)
        return {"rateTitle": say("explorer.rate-title-all", rate=rate), "rateLead": lead}
    title = say("explorer.rate-title", rate=rate, branch=words(study.branch))
    chance = any(branch["untuned"] for branch in branches)
    lead = say("explorer.rate-lead-chance", rate=rate) if chance else say("explorer.rate-lead", rate=rate)
    return {"rateTitle": title, "rateLead": lead}


def _rate_alone(study: Study, rate: str, rows: Rows) -> dict[str, str]:
    """Words without anything else to tune, where nothing but the rate and what makes the branches varies."""
    if rows.left_out or {one.axis.name for one in rows.settings} != {study.branch, rate_of(study)}:
        return {}
    return {
        "rateLead": say("explorer.rate-lead-alone", rate=rate),
        "rateLegend": say("explorer.rate-legend-alone"),
        "withTuned": "",
        "summary": say("explorer.summary-alone", good="{good}", count="{count}", names="{names}"),
    }


def _rate_ends(curves: Mapping[str, Any]) -> str:
    """The range of the slider, and whether it is logarithmic."""
    low, high = curves["texts"][0], curves["texts"][-1]
    if curves["log"]:
        return say("explorer.rate-ends-log", low=low, high=high)
    return say("explorer.rate-ends", low=low, high=high)
