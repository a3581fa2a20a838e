"""Tables as text: the ranking, several rankings; readable at 80 columns without colour."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from rich.console import Group
from rich.table import Table
from rich.text import Text

from sensitivity.branch import spaced
from sensitivity.estimators import effects as e
from sensitivity.language import say
from sensitivity.language.marks import bare
from sensitivity.measures import concordance as c
from sensitivity.measures import ranking as r
from sensitivity.remarks import JUDGEMENT, REMARKS, Judgement, first_words, has
from sensitivity.words import interval, level_text, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    import pandas as pd
    from rich.console import RenderableType

BAR: Final = 16
MOST_NAMED: Final = 25  # settings of which one thing is said
_MAIN: Final = "█"
_INTERACTION: Final = "░"


def ranking_text(
    ranking: pd.DataFrame,
    shares: pd.DataFrame,
    metric: str = "validation error",
    spoken: Callable[[str], str] = str,
) -> RenderableType:
    """Ranked table with bars, the noise beneath, and one sentence that explains it.

    Parameters
    ----------
    ranking
        Of `sensitivity.measures.ranking.rank`.
    shares
        The decomposition it was made from; gives the rows of the seed and the replicate.
    metric
        What the shares are shares of the variance of, in words.
    spoken
        How a sentence is said of these trials (`sensitivity.study.Study.spoken`).
    """
    return Group(_table(ranking, shares, spoken), Text(), Text(sentence(ranking, metric)))


def ranking_notes(ranking: pd.DataFrame, shares: pd.DataFrame) -> list[str]:
    """What the table leaves out: where the noise lives, what shares are learned from, remarks on settings."""
    return [*_where(shares), *_seen(shares), *left_out(ranking)]


def sentence(ranking: pd.DataFrame, metric: str) -> str:
    """How to read the table."""
    if ranking[r.TOTAL_EFFECT].isna().all():
        return say("terminal.read-main", main=_MAIN, metric=metric)
    text = say("terminal.read-total", main=_MAIN, interaction=_INTERACTION, metric=metric)
    return text if ranking[r.TOTAL_LOW].isna().all() else f"{text} {say('terminal.read-interval')}"


def left_out(ranking: pd.DataFrame) -> list[str]:
    """What the short verdicts "yes", "no" and "?" leave out, each once."""
    found: dict[str, list[str]] = {}
    for name, said in zip(ranking[r.SETTING], ranking[REMARKS], strict=True):
        if said:
            found.setdefault(said.words, []).append(spaced(str(name)))
    return [f"{_names(names)}: {words}" for words, names in found.items()]


def _names(names: Sequence[str]) -> str:
    if len(names) <= MOST_NAMED:
        return ", ".join(names)
    return say("terms.and-more", first=", ".join(names[:5]), count=len(names) - 5)


def _table(ranking: pd.DataFrame, shares: pd.DataFrame, spoken: Callable[[str], str]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1), collapse_padding=True, header_style="bold")
    table.add_column("", justify="right")
    table.add_column(say("terminal.setting"), overflow="fold", max_width=16)
    table.add_column(say("terminal.effect"), no_wrap=True, min_width=BAR)
    table.add_column(say("terminal.total"), justify="right", no_wrap=True)
    table.add_column(say("terminal.main"), justify="right", no_wrap=True)
    table.add_column(say("terminal.in-best-configuration"), overflow="fold", max_width=12)
    table.add_column(say("terminal.above-noise"))
    for row in ranking.to_dict("records"):
        table.add_row(*_cells(row))
    table.add_section()
    for row in r.noise_rows(shares).to_dict("records"):
        share, low, high = (float(row[name]) for name in (e.SHARE, e.LOW, e.HIGH))
        name = spoken(_noise_name(row))
        table.add_row("", name, bar(share, math.nan), interval(share, low, high), "", "", "", style="dim")
    return table


def comparison_text(comparison: pd.DataFrame) -> RenderableType:
    """Rank and share of each setting, a column per run, in the branch ``all``.

    Parameters
    ----------
    comparison
        Of `sensitivity.measures.concordance`.
    """
    rows = comparison[comparison[e.BRANCH] == e.ALL]
    if rows.empty:
        return Text(f"· {say('terminal.nothing-to-compare')}")
    runs = list(dict.fromkeys(rows[c.RUN]))
    table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="bold")
    table.add_column(say("terminal.setting"), overflow="fold", max_width=24)
    for name in runs:
        table.add_column(Text(plain(name)), justify="right", overflow="fold")
    for setting, group in rows.groupby(e.SETTING, sort=False):
        cells = {row[c.RUN]: _rank_and_share(row) for row in group.to_dict("records")}
        table.add_row(Text(plain(spaced(str(setting)))), *(cells.get(name, "–") for name in runs))
    words = say("terminal.read-comparison", kind="main" if rows[e.KIND].iloc[0] == e.MAIN else "total")
    agreement = first_words(None, rows[REMARKS].iloc[0])
    return Group(table, Text(), Text(words), Text(f"· {plain(agreement)}"))


def _rank_and_share(row: Mapping[Hashable, object]) -> str:
    rank = float(str(row[c.RANK]))
    return "–" if math.isnan(rank) else f"{rank:g}  ({percent(float(str(row[e.SHARE])))})"


def plain(text: str) -> str:
    """Text of a stranger on one line: what would move the cursor or colour the screen shows as its escape.

    Marks of terms are for the page.
    """
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in bare(text))


def _noise_name(row: Mapping[Hashable, object]) -> str:
    """Without replicates noise and what the surrogate misses cannot be told apart."""
    if row[e.KIND] != e.NOISE:
        return say("terminal.replicate-row")
    if has([row[REMARKS]], *e.UNREPLICATED)[0]:
        return say("terminal.misfit-row")
    return say("terminal.noise-row")


def _seen(shares: pd.DataFrame) -> list[str]:
    """Say where the shares come from a part of the settings or configurations."""
    rows = shares[(shares[e.KIND] == e.LACK_OF_FIT) & (shares[e.BRANCH] == e.ALL)]
    told = [remarks.only(e.LEARNED_FROM, e.SAMPLED) for remarks in rows[REMARKS]]
    return [say("terminal.of-a-surrogate", what=found.words) for found in told if found]


def _where(shares: pd.DataFrame) -> list[str]:
    """Say where the noise lives, if that is known."""
    rows = r.noise_rows(shares)
    known = [remarks.only(e.CONCENTRATED) for remarks in rows[REMARKS]]
    notes = [say("terminal.noise-lives", what=found.words) for found in known if found]
    if not e.of_seeds(rows):
        told = [remarks.only(e.FROM_INTERACTIONS, e.FROM_SMOOTHNESS) for remarks in rows[REMARKS]]
        notes += [say("terminal.noise-has", what=found.words) for found in told if found]
    if not e.of_seeds(rows) and not any(told):
        notes.append(say("terminal.noise-unknown"))
    return notes


def _cells(row: Mapping[Hashable, object]) -> tuple[str | Text, ...]:
    names = (r.MAIN_EFFECT, r.TOTAL_EFFECT, r.TOTAL_LOW, r.TOTAL_HIGH)
    main, total, low, high = (float(str(row[name])) for name in names)
    return (
        str(row[r.RANK]),
        Text(plain(spaced(str(row[r.SETTING])))),
        bar(main, total),
        interval(total, low, high),
        percent(main),
        Text(plain(spaced(level_text(row[r.BEST_VALUE])))),
        _above(row),
    )


def _above(row: Mapping[Hashable, object]) -> str:
    """Whether a setting is above the noise, in a word."""
    if has([row[REMARKS]], r.INSIDE)[0]:
        return say("terminal.inside")
    if row[JUDGEMENT] == Judgement.ABOVE:
        return say("terminal.above")
    return say("terminal.not-above") if row[JUDGEMENT] == Judgement.NOT_ABOVE else "?"


def bar(main: float, total: float, width: int = BAR) -> str:
    """Bar whose full part is the main effect and whose light part the interactions; clipped to 0 … 1.

    Anything above half a character shows; a share of 100 % is ``width`` characters.
    """
    full = _length(main, width)
    return _MAIN * full + _INTERACTION * max(_length(total, width) - full, 0)


def _length(share: float, width: int) -> int:
    return 0 if math.isnan(share) else round(min(max(share, 0.0), 1.0) * width)
