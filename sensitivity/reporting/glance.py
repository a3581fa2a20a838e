"""What a study shows of itself in a notebook: how much was tried, the ranking, and how sure it is."""

from __future__ import annotations

import math
import textwrap
from html import escape
from typing import TYPE_CHECKING, Any, Final

from sensitivity.about import about
from sensitivity.branch import words
from sensitivity.estimators.effects import SEED_ROW
from sensitivity.language import say, speaking
from sensitivity.measures import ranking as r
from sensitivity.measures.measuring import all_tables
from sensitivity.pictures.orders import colours_in_order
from sensitivity.remarks import JUDGEMENT, VERDICT, Judgement, judged
from sensitivity.words import interval, level_text

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from pathlib import Path

    import pandas as pd

    from sensitivity.about import About
    from sensitivity.study import Study

MOST: Final = 20  # settings
LONGEST: Final = 60  # characters of a cell
BAR: Final = 180  # pixels of a share of 100 %
_CELL: Final = 'style="text-align: left; padding: 2px 10px 2px 0; vertical-align: middle"'


class Reported(dict[str, "pd.DataFrame"]):
    """Tables by name; in a notebook the most important of them as a person reads it.

    Parameters
    ----------
    tables
        By name.
    study
        What they are of.
    page
        Path of the report that was written of them; None: no page.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame], study: Study, page: Path | None = None) -> None:
        super().__init__(tables)
        self._study, self._page = study, page

    def __repr__(self) -> str:
        """Names of the tables, as their rows would fill hundreds of lines, and where the page is."""
        names = textwrap.fill(", ".join(self), 100)
        return "\n".join([say("glance.tables", count=len(self)), names, *self._where()])

    def _where(self) -> list[str]:
        return [] if self._page is None else [say("glance.page", page=str(self._page))]

    def _repr_html_(self) -> str:
        where = "".join(f"<div>{escape(line)}</div>" for line in self._where())
        return f"{glance(self._study, self)}{where}"


def glance(study: Study, tables: Mapping[str, pd.DataFrame] | None = None) -> str:
    """A compact first screen as HTML, whose colours are those of the page around it.

    Parameters
    ----------
    tables
        With the table `ranking`; None: it is made.
    """
    found = all_tables(study, only=("ranking",)) if tables is None else tables
    ranking = found["ranking"]
    known = study.once(about)
    with speaking(voice=study.voice):
        parts = [_head(known), *_rows(study, ranking, found)]
        foot = [*_unjudged(study, ranking), _seed(ranking), say("glance.marks"), say("glance.next")]
    parts.append(f'<div style="opacity: 0.75">{"<br>".join(escape(text) for text in foot if text)}</div>')
    return f'<div style="font-size: 90%; line-height: 1.4">{"".join(parts)}</div>'


def _head(known: About) -> str:
    facts = say(
        "glance.facts",
        metric=words(known.metric, LONGEST),
        better=say("figures.higher") if known.higher else say("figures.lower"),
        trials=known.plan,
        configurations=known.configurations,
        replicates=known.replicates,
    )
    return f"<div><strong>{escape(words(known.name, 60))}</strong> · {escape(facts)}</div>"


def _rows(study: Study, ranking: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """The settings by rank, or why there is no ranking."""
    rows = ranking[ranking[r.RANK].notna() & ranking[[r.TOTAL_EFFECT, r.MAIN_EFFECT]].notna().any(axis=1)]
    if rows.empty:
        why = next((str(text) for text in ranking[VERDICT] if text), "")
        reason = say("glance.no-ranking", reason=study.spoken(why)) if why else say("glance.no-setting")
        return [f"<p>{escape(reason)}</p>"]
    colours = colours_in_order(study, tables)
    names = (say("glance.setting"), say("glance.share"), "", say("glance.best"), say("glance.sure"))
    head = "".join(f"<th {_CELL}>{escape(name)}</th>" for name in names)
    body = [_row(row, colours) for row in rows.head(MOST).to_dict("records")]
    more = len(rows) - MOST
    last = [f"<p>{escape(say('glance.more', count=more))}</p>"] if more > 0 else []
    style = 'style="border-collapse: collapse; margin: 6px 0; color: inherit; font-size: inherit"'
    return [f"<table {style}><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>", *last]


def _row(row: Mapping[Hashable, Any], colours: Mapping[str, str]) -> str:
    main = float(row[r.MAIN_EFFECT])
    share, low, high = (float(row[name]) for name in (r.TOTAL_EFFECT, r.TOTAL_LOW, r.TOTAL_HIGH))
    if math.isnan(share):
        share, low, high = (float(row[name]) for name in (r.MAIN_EFFECT, r.MAIN_LOW, r.MAIN_HIGH))
    name = str(row[r.SETTING])
    texts = [
        words(name),
        interval(share, low, high),
        "",
        level_text(row[r.BEST_VALUE]),
        judged(row[JUDGEMENT]) or "?",
    ]
    cells = [escape(words(text, LONGEST)) for text in texts]
    cells[1] = cells[1].replace(" ", "&nbsp;")
    cells[2] = _bar(share, main, (low, high), colours.get(name, "currentColor"))
    return f"<tr>{''.join(f'<td {_CELL}>{cell}</td>' for cell in cells)}</tr>"


def _unjudged(study: Study, ranking: pd.DataFrame) -> list[str]:
    """Why settings are not judged, each reason once, with those that it is said of."""
    found: dict[str, list[str]] = {}
    rows = ranking[ranking[r.RANK].notna() & (ranking[JUDGEMENT] == Judgement.UNKNOWN)]
    for name, verdict in zip(rows[r.SETTING], rows[VERDICT], strict=True):
        found.setdefault(study.spoken(str(verdict)), []).append(words(name))
    return [f"? {', '.join(names)}: {verdict}" for verdict, names in found.items()]


def _bar(share: float, main: float, ends: tuple[float, float], colour: str) -> str:
    """Total effect pale, main effect solid on it, and the interval as a line."""

    def length(part: float) -> float:
        return 0.0 if math.isnan(part) else round(BAR * min(max(part, 0.0), 1.0), 1)

    parts = [
        f'<rect y="2" width="{length(share)}" height="12" fill="{colour}" opacity="0.4"/>',
        f'<rect y="5" width="{length(main)}" height="6" fill="{colour}"/>',
    ]
    if not any(map(math.isnan, ends)):
        low, high = map(length, ends)
        parts.append(f'<path d="M{low} 8H{high}M{low} 4V12M{high} 4V12" stroke="currentColor" fill="none"/>')
    return f'<svg width="{BAR}" height="16" role="img" aria-hidden="true">{"".join(parts)}</svg>'


def _seed(ranking: pd.DataFrame) -> str:
    """What the noise alone explains, where that is known."""
    rows = ranking[ranking[r.RANK].isna() & (ranking[r.SETTING] == SEED_ROW) & ranking[r.MAIN_EFFECT].notna()]
    for row in rows.to_dict("records"):
        share, low, high = (float(row[name]) for name in (r.MAIN_EFFECT, r.MAIN_LOW, r.MAIN_HIGH))
        return say("glance.seed-alone", share=interval(share, low, high))
    return ""
