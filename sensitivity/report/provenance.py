"""Where a report's numbers come from: the definition, the software, the commands that make them again."""

from __future__ import annotations

import platform
import shlex
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from sensitivity import __version__
from sensitivity.report.content import Provenance

if TYPE_CHECKING:
    from pathlib import Path

    from sweeps.definition import SweepDefinition

_PACKAGES: Final = ("numpy", "scipy", "scikit-learn", "optuna", "pandas", "matplotlib", "seaborn")


def of_run(folder: Path, definition: SweepDefinition, shown_storage: str | None = None) -> Provenance:
    """Of a run folder of ours.

    Parameters
    ----------
    shown_storage
        URL of the study if it is kept elsewhere, its password masked.
    """
    path = shlex.quote(str(folder))
    storage = f" --storage {shlex.quote(shown_storage)}" if shown_storage else ""
    commands = [
        (
            f"python -m sensitivity sweep {path}/sweep.toml --out AGAIN",
            "train everything again, the same numbers",
        ),
        (f"python -m sensitivity report {path}{storage}", "make this page again from the recorded trials"),
        (f"python -m sensitivity show {path} tolerance", "print a whole table"),
    ]
    return Provenance(definition.to_toml(), versions(), commands)


def of_others(words: str) -> Provenance:
    """Of trials that somebody else made; ``words``: the command line that read them, without a password."""
    return Provenance("", versions(), [(words, "make this page again")])


def versions() -> list[tuple[str, str]]:
    """Software and machine that made the page."""
    rows = [("sensitivity", __version__), ("Python", platform.python_version())]
    rows += [(name, version(name)) for name in _PACKAGES]
    return [*rows, ("machine", f"{platform.system()} {platform.machine()}")]
