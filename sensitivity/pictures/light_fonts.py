"""Fonts embedded in a PDF without the tables that nobody reads there.

A PDF places every glyph itself, so what a font knows of ligatures, kerning and marks is of no use in it. To
cut these tables down to the glyphs that are left takes fontTools most of the time of a small picture. There
is no public way to tell matplotlib which tables to drop; where a version of fontTools keeps its list
elsewhere, fonts are embedded whole, and slower.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from fontTools.subset import Options

if TYPE_CHECKING:
    from collections.abc import Iterator

_LIST: Final = "_drop_tables_default"
_OF_LAYOUT: Final = ("GSUB", "GPOS", "GDEF", "BASE", "kern")
# What an editor left in a font: fontTools cannot cut these down, and says so for each.
_OF_EDITORS: Final = ("TSI0", "TSI1", "TSI2", "TSI3", "TSI5")


@contextmanager
def light_fonts() -> Iterator[None]:
    """Drop the tables of layout from fonts that are embedded meanwhile."""
    usual = getattr(Options, _LIST, None)
    if not isinstance(usual, list):
        yield
        return
    setattr(Options, _LIST, [*usual, *_OF_LAYOUT, *_OF_EDITORS])
    try:
        yield
    finally:
        setattr(Options, _LIST, usual)
