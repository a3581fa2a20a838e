"""Trials that come without a definition → space, table and notes.

What is not written down is inferred, and every inference is a note: conditions from which trials have which
setting, the cap from the worst value, replicates from seeds or repetitions, levels from a complete grid.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sensitivity.coding import coded, key, same_rows
from sensitivity.order import canonical_order
from sensitivity.reading import conditions
from sensitivity.reading.cells import in_order, natural
from sensitivity.reading.grids import as_grid, holes
from sensitivity.reading.names import column_names
from sensitivity.reading.replicates import replicates
from sensitivity.reading.results import Metric, Record, capped
from sensitivity.study import Study, is_finite
from sensitivity.trials import trials_table
from sensitivity.words import counted, named, were
from sweeps.space import Choices, IntegerRange, Setting, Space, Variant
from sweeps.trial import FinishedTrial, PlannedTrial

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sensitivity.reading.conditions import Condition
    from sweeps.space import Configuration, Domain, Value


@dataclass
class _Draft:
    """Records on their way to a study."""

    records: list[Record]
    domains: dict[str, Domain]
    notes: list[str] = field(default_factory=list)
    fixed: dict[str, Value] = field(default_factory=dict)
    conditions: dict[str, Condition] = field(default_factory=dict)


def assemble(
    records: Sequence[Record],
    domains: Mapping[str, Domain],
    metric: Metric,
    name: str,
    notes: Sequence[str] = (),
    seed_name: str = "seed",
    linear: Collection[str] = (),
) -> Study:
    """Infer what is not written down.

    Parameters
    ----------
    records
        All trials that count, in any order.
    domains
        Domain of each setting. They come by name: no format keeps the order in which they were chosen.
    linear
        Settings of which the user says that their scale is linear.

    Raises
    ------
    StudyError
        When the cap given makes all values equal.
    """
    names = sorted(domains, key=lambda name: (natural(name), name))
    ordered = {name: _in_order(domains[name]) for name in names}
    draft = _Draft(sorted(records, key=lambda record: record.number), ordered, list(notes))
    _rename(draft)
    _infer_conditions(draft)
    _drop_constants(draft)
    _drop_cut_short(draft)
    space = _space(draft)
    found = capped(draft.records, metric)
    draft.notes += found.notes
    numbers = _replicates(draft, space, found.values, seed_name)
    finished = [
        _finished(record, space, value, bad, number)
        for record, value, bad, number in zip(
            draft.records, found.values, found.diverged, numbers, strict=True
        )
    ]
    trials = trials_table(finished, space.names, math.nan, 0, None)
    grid = as_grid(trials, space, linear)
    if grid is not None:
        space, trials = grid
        lacking = holes(trials, space)
        what = f"a grid without {counted(lacking, 'configuration')}" if lacking > 0 else "a complete grid"
        draft.notes.append(f"The trials are {what}; their values are its levels.")
    curves = {record.number: _curve(record, metric) for record in draft.records}
    curves = {number: curve for number, curve in curves.items() if curve}
    return Study(
        trials,
        space,
        metric.name,
        found.cap,
        metric.direction,
        curves,
        tuple(draft.notes),
        name,
        worst_as_cap=metric.cap is None,
    )


def _in_order(domain: Domain) -> Domain:
    """A list in the order of its values: the same trials give the same shares wherever they come from."""
    return Choices(in_order(domain.values)) if isinstance(domain, Choices) else domain


def _rename(draft: _Draft) -> None:
    columns, notes = column_names(draft.domains)
    draft.notes += notes
    draft.domains = {columns[name]: domain for name, domain in draft.domains.items()}
    draft.records = [
        replace(record, configuration={columns[n]: value for n, value in record.configuration.items()})
        for record in draft.records
    ]


def _infer_conditions(draft: _Draft) -> None:
    """Conditions over all trials; where failed ones spoil a rule, over the complete ones."""
    names = list(draft.domains)
    deciding = [name for name, domain in draft.domains.items() if _may_decide(domain)]
    everything = [record.configuration for record in draft.records]
    sound = [record.configuration for record in draft.records if record.complete] or everything
    found = conditions.infer(sound, names, deciding)
    if len(sound) < len(everything):
        found = _completed(found, conditions.infer(everything, names, deciding), names)
    draft.conditions = found
    draft.notes += conditions.words(found)
    draft.records = [_with_tosses(record, found) for record in draft.records]
    for name in _tosses(found):
        draft.domains[name] = Choices((False, True))
    for parent in {parent for condition in found.values() for parent in condition.when}:
        if not isinstance(draft.domains[parent], Choices):  # a condition speaks of listed values only
            tried = {r.configuration[parent] for r in draft.records if parent in r.configuration}
            draft.domains[parent] = Choices(tuple(sorted(tried, key=float)))


def _completed(
    sound: Mapping[str, Condition], of_all: Mapping[str, Condition], names: Sequence[str]
) -> dict[str, Condition]:
    """Rules of complete trials, those over all trials in their place where these need no toss.

    A branch in which every trial failed is known from failed trials only. A toss that rules left in place
    lean on stays.
    """
    better = {name: rule for name, rule in of_all.items() if name in sound and rule.when.keys() <= set(names)}
    needed = {parent for name, rule in sound.items() if name not in better for parent in rule.when}
    tosses = {name for name, rule in sound.items() if not rule.inferred and rule.when.keys() & needed}
    return {**sound, **{name: rule for name, rule in better.items() if name not in tosses}}


def _may_decide(domain: Domain) -> bool:
    return isinstance(domain, Choices | IntegerRange)


def _tosses(found: Mapping[str, Condition]) -> list[str]:
    """Names of the settings that say whether others are set."""
    return list(dict.fromkeys(next(iter(c.when)) for c in found.values() if not c.inferred))


def _with_tosses(record: Record, found: Mapping[str, Condition]) -> Record:
    tosses: dict[str, Value] = {
        next(iter(condition.when)): name in record.configuration
        for name, condition in found.items()
        if not condition.inferred
    }
    return replace(record, configuration={**record.configuration, **tosses})


def _drop_constants(draft: _Draft) -> None:
    """Settings that never vary explain nothing; with a single trial nothing varies, so all are kept."""
    for name, domain in list(draft.domains.items()):
        keys = (key(r.configuration[name]) for r in draft.records if name in r.configuration)
        tried = next(keys, None)
        varies = any(other != tried for other in keys)
        degenerate = len({key(domain.from_unit(0.0)), key(domain.from_unit(1.0))}) == 1
        if not degenerate and (varies or len(draft.records) < 2):
            continue
        given = [r.configuration[name] for r in draft.records if name in r.configuration]
        if name not in draft.conditions and given:
            draft.fixed[name] = given[0]
        del draft.domains[name]
        draft.conditions.pop(name, None)
        draft.notes.append(
            f"{named(name)} never varies and was left out." if given else f"No trial has {named(name)}."
        )
    draft.records = [
        replace(r, configuration={n: v for n, v in r.configuration.items() if n in draft.domains})
        for r in draft.records
    ]


def _drop_cut_short(draft: _Draft) -> None:
    """Failed trials that lack a setting they should have died before it was drawn."""
    space = _space(draft)
    kept = [record for record in draft.records if record.complete or _fits(record.configuration, space)]
    lost = len(draft.records) - len(kept)
    if lost:
        draft.notes.append(f"{were(lost, 'FAILED trial')} left out, ended before all settings were drawn.")
    draft.records = kept


def _fits(configuration: Configuration, space: Space) -> bool:
    known = {**space.fixed, **configuration}
    return all((s.domain(known) is not None) == (s.name in configuration) for s in space.settings)


def _space(draft: _Draft) -> Space:
    settings = []
    for name, domain in draft.domains.items():
        when = draft.conditions[name].when if name in draft.conditions else {}
        settings.append(Setting(name, (Variant(domain, dict(when)),)))
    return Space(settings, draft.fixed)


def _replicates(draft: _Draft, space: Space, values: Sequence[float], seed_name: str) -> list[int]:
    columns = [[record.configuration.get(name) for record in draft.records] for name in space.names]
    order = canonical_order([values, *columns]).tolist()
    seeds: list[object] | None = [record.seed for record in draft.records]
    codes = [coded(pd.Series(column).infer_objects())[0] for column in columns]
    configurations = same_rows(np.column_stack(codes)).tolist() if codes else [0] * len(draft.records)
    if not space.names:  # nothing varies, so every trial is another try of the same
        seeds = None
    numbers, notes = replicates(
        configurations, None if seeds is None or None in seeds else seeds, order, seed_name
    )
    draft.notes += notes
    return numbers


def _finished(record: Record, space: Space, value: float, diverged: bool, replicate: int) -> FinishedTrial:
    configuration = {name: record.configuration[name] for name in space.names if name in record.configuration}
    nothing: dict[str, Any] = {}
    return FinishedTrial(
        planned=PlannedTrial(record.number, configuration, replicate, record.phase),
        outcome="diverged" if diverged else "trained",
        value=value,
        diverged_at=None,
        final=nothing,
        best=nothing,
        curves=nothing,
        seconds=record.seconds,
    )


def _curve(record: Record, metric: Metric) -> list[float]:
    """Intermediate values with lower better, up to the first that is not finite."""
    finite: list[float] = []
    for value in record.curve:
        if not is_finite(value):
            break
        finite.append(metric.sign * float(value) + 0.0)
    return finite
