"""What must be known of trials to use one of their numbers elsewhere: how many, of what, over which ranges.

It lies beside the tables, so that a table, a picture or a number can say it without the trials.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from sensitivity.language import Voice
from sensitivity.language.metrics import in_files
from sensitivity.trials import REPLICATE, configurations_in, planned
from sensitivity.version import __version__
from sweeps.small_files import small_text
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sensitivity.axis import Axis
    from sensitivity.study import Study

MOST_CHOICES: Final = 12  # of a setting that are listed


@dataclass(frozen=True)
class About:
    """Facts about trials.

    Attributes
    ----------
    name
        Of the sweep, the study or the file.
    metric
        What the results are, with their unit.
    higher
        Whether a higher result is better.
    trials, plan
        Number of trials that were recorded, and of those that the measures use.
    configurations, replicates
        Different configurations in the plan, and how often each was tried at most.
    dataset, seed
        Of the sweep; empty and None where nobody said.
    scale
        On which shares of the variance were taken: ``raw``, ``log``, ``rank`` or ``capped``.
    ranges
        Setting → ``low``, ``high`` and ``log``, or ``values`` with how many there are (``of``).
    version
        Of this package, which computed the numbers.
    voice
        How messages speak of the trials (`sensitivity.language.Voice`).
    """

    name: str = ""
    metric: str = "value"
    higher: bool = False
    trials: int = 0
    plan: int = 0
    configurations: int = 0
    replicates: int = 0
    dataset: str = ""
    seed: int | None = None
    scale: str = "raw"
    ranges: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    version: str = __version__
    voice: Voice = field(default_factory=Voice)

    def write(self, file: Path) -> None:
        """Write it."""
        text = json.dumps(asdict(self), indent=1)  # a name may hold what UTF-8 cannot
        file.write_text(text + "\n", encoding="utf-8", newline="\n")


def about(study: Study) -> About:
    """Facts about the trials of a study."""
    plan = planned(study.trials)
    definition = tomllib.loads(study.definition) if study.definition else {}
    return About(
        name=study.name,
        metric=in_files(study.label),
        higher=study.turned,
        trials=len(study.trials),
        plan=len(plan),
        configurations=configurations_in(plan, study.space.names),
        replicates=int(plan[REPLICATE].nunique()),
        dataset=str(definition.get("dataset", "")),
        seed=int(definition.get("seed", 0)) if definition else None,
        scale=study.scale.name if len(study.trials) else "raw",
        ranges={name: _range(axis) for name, axis in study.axes.items()},
        voice=study.voice,
    )


def about_all(name: str, studies: Mapping[str, Study]) -> About:
    """Facts about the trials of several studies together.

    Settings that were swept in other ways have the ranges of each, ``setting (study)``.

    Parameters
    ----------
    name
        Of the whole.
    studies
        By what each is called, such as its dataset; one at least.
    """
    known = {called: about(study) for called, study in studies.items()}
    first = next(iter(known.values()))
    plans = pd.concat([planned(study.trials) for study in studies.values()], ignore_index=True)
    names = list(dict.fromkeys(setting for study in studies.values() for setting in study.space.names))
    ranges: dict[str, Mapping[str, Any]] = {}
    for setting in dict.fromkeys(one for each in known.values() for one in each.ranges):
        of = {called: each.ranges[setting] for called, each in known.items() if setting in each.ranges}
        alike = len(of) == len(known) and all(tried == first.ranges[setting] for tried in of.values())
        ranges |= (
            {setting: first.ranges[setting]}
            if alike
            else {f"{setting} ({called})": tried for called, tried in of.items()}
        )
    return replace(
        first,
        name=name,
        trials=sum(each.trials for each in known.values()),
        plan=len(plans),
        configurations=configurations_in(plans, names),
        replicates=max(each.replicates for each in known.values()),
        dataset=", ".join(known),
        ranges=ranges,
    )


def _range(axis: Axis) -> dict[str, Any]:
    """What was tried of a setting."""
    scale = axis.scale
    if isinstance(scale, Choices):
        values = [value if isinstance(value, int | float) else str(value) for value in axis.tried]
        return {"values": values[:MOST_CHOICES], "of": len(values)}
    return {"low": scale.low, "high": scale.high, "log": scale.log}


def read_about(file: Path) -> About | None:
    """Facts that were written there; None where there is no such file, or none of ours."""
    try:
        known = json.loads(small_text(file))
        return About(**{**known, "voice": Voice(**known["voice"])})
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
