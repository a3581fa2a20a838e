"""The first screen in a terminal of 80 columns: the same texts as on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Group
from rich.table import Table
from rich.text import Text

from sensitivity.commands.terminal import plain
from sensitivity.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from sensitivity.reporting.content import FirstScreen

_STYLES: Final = {"tune": "bold", "fix": "", "unknown": "dim"}


def first_text(first: FirstScreen, *, once: bool = True) -> RenderableType:
    """What decides, what to tune and to fix, what is best, how sure that is, the caution, what next.

    Parameters
    ----------
    once
        Whether the best was run once, so that nothing but words says how lucky it is: else its interval does.
    """
    parts: list[RenderableType] = [Text(plain(first.lead), style="bold")]
    if first.rows:
        beneath = [Text(plain(text)) for text in (first.more, first.rule) if text]
        parts += [_rows(first), *beneath, Text()]
    parts.append(_gist(first, first.sure if once else first.sure[:-1] or first.sure))
    if first.command:  # on a line of its own, whole, to be copied
        parts.append(Text(f"  {plain(first.command)}", style="bold", no_wrap=True, overflow="ignore"))
    return Group(*parts)


def _rows(first: FirstScreen) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("", no_wrap=True)
    table.add_column("", overflow="fold", max_width=16)
    table.add_column(say("first.head-where"), overflow="fold")
    table.add_column(say("first.head-cost"), overflow="fold", max_width=32)
    for row in first.rows:
        cells = (row.advice, row.setting, row.brief or row.where, row.cost)
        table.add_row(*(Text(plain(cell)) for cell in cells), style=_STYLES[row.kind])
    return table


def _gist(first: FirstScreen, sure: Sequence[str]) -> Table:
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(overflow="fold", max_width=14, style="dim")
    table.add_column(overflow="fold")
    for one in first.best:
        told = f"{one.chosen}: {one.result}" if one.chosen else one.result
        table.add_row(Text(plain(one.head)), Text(plain(told)))
    table.add_row(Text(say("first.sure")), Text(plain(" ".join(sure))))
    if first.caution:
        table.add_row(Text(say("first.caution")), Text(plain(first.caution), style="yellow"))
    table.add_row(Text(say("first.next")), Text(plain(first.why_next)))
    return table
