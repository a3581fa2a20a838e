"""Tables → warnings to know before one acts on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sensitivity.reading.source import Source


@dataclass(frozen=True)
class Caution:
    """One warning."""

    kind: str
    text: str


def cautions(source: Source, tables: Mapping[str, pd.DataFrame]) -> list[Caution]:  # noqa: ARG001
    """Warnings, most important first."""
    return []
