"""What of a run is trained again, by which objective, and what is recorded of it."""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sensitivity.estimators.choosing import choose
from sensitivity.estimators.defaults import default_configuration
from sensitivity.estimators.fresh_seeds import Fresh
from sensitivity.estimators.tried import tried
from sensitivity.measures import confirm as c
from sensitivity.reading.again import Again
from sensitivity.trials import TRAINED
from sweeps.definition import SweepDefinition, parse
from sweeps.errors import StudyError
from sweeps.network_objective import ONE_IS_AN_EPOCH, switches_at_one
from sweeps.objectives import objective_named
from sweeps.returned_data import look_in
from sweeps.run import fingerprint
from sweeps.run_folder import RunFolder, module_folders
from sweeps.settings import KNOWN_SETTINGS
from sweeps.settings import default as known_default
from sweeps.study import recorded_contents
from sweeps.table_files import is_file
from sweeps.urls import masked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sensitivity.arrays import Floats
    from sensitivity.estimators.tried import Tried
    from sensitivity.study import Study
    from sweeps.objective import Objective
    from sweeps.space import Configuration, Value


@dataclass(frozen=True, eq=False)
class Confirming:
    """What is trained again: the candidates of a study, where their results are kept, what trained them."""

    definition: SweepDefinition
    objective: Objective
    found: Tried
    chosen: list[c.Candidate]
    record: Again
    versions: Mapping[str, str]  # of what trained the run

    def values(self, seeds: Sequence[int]) -> Floats:
        """Results, shape (candidates, seeds); NaN where there is none yet, or training gave none."""
        known = [[self.record.value(one.configuration, seed) for seed in seeds] for one in self.chosen]
        return np.array(known, dtype=np.float64).reshape(len(self.chosen), len(seeds))

    def lost(self, seeds: Sequence[int]) -> dict[int, Counter[str]]:
        """Candidates with trials that gave no result, by place: how these ended."""
        found = dict[int, Counter[str]]()
        for place, one in enumerate(self.chosen):
            without = [
                self.record.outcome(one.configuration, seed)
                for seed in seeds
                if np.isnan(self.record.value(one.configuration, seed) or 0.0)
            ]
            if without:
                found[place] = Counter(without)
        return found

    def fresh(self, places: Sequence[int], seeds: Sequence[int], cap: float | None) -> Fresh:
        """Results of some of the candidates, every one with each of the seeds."""
        chosen = [self.chosen[place] for place in places]
        ends = [[self.record.outcome(one.configuration, seed) for seed in seeds] for one in chosen]
        return Fresh(
            self.values(seeds)[list(places)],
            c.neighbours_of(self.found, chosen),
            (np.array(ends, dtype=np.str_).reshape(len(chosen), len(seeds)) != TRAINED).sum(axis=1),
            least=0.0 if self.objective.trains_networks else -math.inf,
            most=math.inf if cap is None else cap,
        )

    def seeds(self, count: int) -> list[int]:
        """Replicates that no trial of the sweep has."""
        first = self.definition.replicates
        return list(range(first, first + count))


def definition_of(study: Study, path: Path, what: str) -> SweepDefinition:
    """Definition of a sweep of ours.

    Raises
    ------
    StudyError
        When somebody else trained these trials.
    """
    if not study.definition:
        raise foreign(path, what)
    look_in(module_folders(RunFolder(path).module_folder()))  # where its data may come from
    return parse(tomllib.loads(study.definition))


def foreign(path: Path, what: str) -> StudyError:
    """Why trials that another program trained are all there is."""
    return StudyError(
        f"{path} holds results of trainings that only their own program can repeat, so it is not known here "
        f"how to {what}; give the run folder of a sweep"
    )


def check_data(definition: SweepDefinition) -> None:
    """Whether the file that was trained on is still there.

    Raises
    ------
    StudyError
        When it is not.
    """
    dataset = definition.dataset
    if is_file(dataset) and not Path(dataset).expanduser().exists():
        raise StudyError(f"this run trained on {dataset}, and there is no such file any more; put it back")


def check_function(asked: Confirming, folder: RunFolder, storage: str | None) -> None:
    """Whether a function of the user's own is still the one that the sweep called.

    Raises
    ------
    StudyError
        When its file has changed, so that results of before and now are of two functions.
    """
    networks = asked.objective.trains_networks
    if networks and not switches_at_one(asked.definition):
        return
    url = folder.storage_url(storage, None if storage is None else masked(storage))
    before = recorded_contents(url, asked.definition.name)
    if networks and ONE_IS_AN_EPOCH not in before:
        raise StudyError(
            "switch = 1 was the whole run when this sweep was recorded, and is its first epoch today; run "
            "the sweep again with another --out"
        )
    if networks:
        return
    if before and before != asked.objective.contents(asked.definition):
        raise StudyError(
            f"the file of {asked.definition.objective} has changed since this sweep, and results of the two "
            "must not be compared; undo that, or run the sweep again with another --out"
        )


def confirming(study: Study, folder: RunFolder, top: int) -> Confirming:
    """Candidates of a run's study, and what is recorded of them."""
    definition = definition_of(study, folder.path, "train them again")
    objective = objective_named(definition.objective, module_folders(folder.module_folder()))
    found, space = tried(study), definition.build_space()
    default = (
        default_configuration(space, defaults_of(definition))
        if objective.trains_networks
        else None  # of a function of somebody's own
    )
    chosen = c.candidates(found, choose(found), top, default)
    record = Again(folder.path / "confirm.csv", space.names, fingerprint(definition, objective))
    return Confirming(definition, objective, found, chosen, record, study.trained_with)


def defaults_of(definition: SweepDefinition) -> Callable[[str, Configuration], Value | None]:
    """What a setting is where nobody says: the objective's, which for a network can hang on the optimizer."""
    known = objective_named(definition.objective).settings(definition.space)
    fixed = definition.build_space().fixed

    def default(name: str, chosen: Configuration) -> Value | None:
        if name not in known:
            return None
        value = known[name].default
        if KNOWN_SETTINGS.get(name) is not None and "optimizer" in {**fixed, **chosen}:
            value = known_default(name, {**fixed, **chosen}["optimizer"])
        return None if isinstance(value, tuple) else value

    return default
