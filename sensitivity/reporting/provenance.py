"""Where a report's numbers come from: the definition, the software, the command that makes it again."""

from __future__ import annotations

import platform
import tomllib
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from sensitivity.language import say
from sensitivity.reporting.content import Provenance
from sensitivity.version import __version__
from sweeps.engines import engine_of
from sweeps.keys import NETWORK

if TYPE_CHECKING:
    from sensitivity.study import Study

_PACKAGES: Final = ("numpy", "scipy", "scikit-learn", "optuna", "pandas", "matplotlib", "seaborn")


def provenance(study: Study, command: str) -> Provenance:
    """Where the trials and the page come from.

    Parameters
    ----------
    command
        Shell command that makes the page again, without a password; empty where there is none.
    """
    commands = [(command, say("page.again-trials"))] if command else []
    if study.definition:
        again = "python -m sensitivity sweep sweep.toml"
        commands.append((again, say("page.again-training")))
    return Provenance(study.definition, versions(study), commands)


def versions(study: Study) -> list[tuple[str, str]]:
    """Software and machine: of the training, as far as it was recorded, and of the page."""
    trained = [
        (f"trained with {name}", value) for name, value in study.trained_with.items() if name != "engine"
    ]
    if trained and tomllib.loads(study.definition or "").get("objective", NETWORK) == NETWORK:
        trained.insert(0, ("trained by", engine_of(study.trained_with)))
    return [*trained, *software()]


def software() -> list[tuple[str, str]]:
    """What is installed here, and the machine."""
    made = [("sensitivity", __version__), ("Python", platform.python_version())]
    made += [(name, version(name)) for name in _PACKAGES]
    return [*made, ("machine", f"{platform.system()} {platform.machine()}")]
