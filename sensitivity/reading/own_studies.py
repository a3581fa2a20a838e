"""A study that a sweep of ours recorded: its definition, and all that follows from it → `Study`."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sensitivity.reading.own import from_finished
from sensitivity.words import were
from sweeps.definition import parse
from sweeps.engines import engine_of
from sweeps.errors import DefinitionError, StudyError
from sweeps.network_objective import ONE_IS_AN_EPOCH, switches_at_one
from sweeps.objectives import objective_named
from sweeps.study import CONTENTS, FINGERPRINT, recorded_rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.study import Study
    from sweeps.definition import SweepDefinition
    from sweeps.trial import FinishedTrial


def settings_of(attributes: Mapping[str, Any]) -> list[str] | None:
    """Names of the settings of a study of ours; None for a stranger's, or one of another version."""
    definition = definition_of(attributes)
    return None if definition is None else definition.build_space().names


def definition_of(attributes: Mapping[str, Any]) -> SweepDefinition | None:
    """Definition of a study of ours, by its user attributes; None as for `settings_of`."""
    if FINGERPRINT not in attributes or "definition" not in attributes:
        return None
    try:
        return parse(tomllib.loads(str(attributes["definition"])))
    except (DefinitionError, tomllib.TOMLDecodeError):
        return None


def _knows_results(definition: SweepDefinition) -> bool:
    """Whether every trial of the sweep has a result; a function of the user's own may give none."""
    return objective_named(definition.objective).trains_networks


def of_ours(
    attributes: Mapping[str, Any],
    definition: SweepDefinition,
    finished: Sequence[FinishedTrial],
    others: int,
    cap: float | None,
    failed: str | None,
) -> Study:
    """Study of a sweep's trials, by number; ``others``: trials in it that the sweep did not make."""
    if failed is not None and _knows_results(definition):
        raise StudyError("the study of a sweep knows how each trial ended; leave out --failed")
    notes = []
    if others:
        notes.append(f"{were(others, 'trial')} not made by the sweep and left out.")
    if switches_at_one(definition) and ONE_IS_AN_EPOCH not in (attributes.get(CONTENTS) or {}):
        notes.append(
            "These trials were recorded by version 0.1.0, where switch = 1 was the whole run, with Adam "
            "alone; today it is the first epoch."
        )
    known = attributes.get("cap")
    own_cap = known if isinstance(known, float) else None
    rule = recorded_rule(attributes)
    source = from_finished(finished, definition, own_cap, cap, notes, rule, failed)
    versions = attributes.get("versions")
    if not isinstance(versions, dict):
        return source
    known = {str(name): str(value) for name, value in versions.items()}
    if objective_named(definition.objective).trains_networks:
        known = {"engine": engine_of(known), **known}
    return replace(source, trained_with=known)
