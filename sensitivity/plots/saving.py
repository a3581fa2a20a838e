"""A figure → files, the same bytes every time: no dates, no random identifiers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import matplotlib as mpl

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DOTS_PER_INCH: Final = 160
_METADATA: Final = {"png": {"Software": None}, "svg": {"Date": None, "Creator": "sensitivity"}}


def save(figure: Figure, stem: Path | str) -> list[Path]:
    """Write ``stem.png`` and ``stem.svg``; returns their paths."""
    written = []
    for kind, metadata in _METADATA.items():
        path = Path(f"{stem}.{kind}")
        with mpl.rc_context({"svg.hashsalt": "sensitivity"}):
            figure.savefig(path, dpi=DOTS_PER_INCH, metadata=metadata, facecolor="white")
        written.append(path)
    return written
