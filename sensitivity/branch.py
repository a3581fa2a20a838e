"""Labels of branches: ``all``, or a setting held at a level, ``optimizer=adam``. The one place that knows."""

from __future__ import annotations

from typing import Final

ALL: Final = "all"
OPTIMIZER: Final = "optimizer"  # the setting that makes the branches of a sweep of ours
_IS: Final = "="


def label(setting: str, level: object) -> str:
    """Label of the branch in which a setting has a level."""
    return f"{setting}{_IS}{level}"


def setting_of(branch: str) -> str:
    """Setting that makes a branch; empty for ``all``."""
    return branch.partition(_IS)[0] if _IS in branch else ""


def level_of(branch: str) -> str:
    """Its level there; empty for ``all``."""
    return branch.partition(_IS)[2]


def shortened(branch: str) -> str:
    """Label for people: an optimizer's branch is called by the optimizer alone."""
    return level_of(branch) if setting_of(branch) == OPTIMIZER else branch
