"""Trials that come without a definition → space, table and notes.

What is not written down is inferred, and every inference is a note: conditions from which trials have which
setting, the cap from the worst value, replicates from seeds or repetitions, levels from a complete grid.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sensitivity.coding import coded, key, same_rows
from sensitivity.language import say
from sensitivity.order import canonical_order
from sensitivity.reading import conditions
from sensitivity.reading.cells import in_order, natural
from sensitivity.reading.grids import as_grid, holes
from sensitivity.reading.names import column_names
from sensitivity.reading.replicates import replicates
from sensitivity.reading.results import Metric, Record, capped
from sensitivity.study import Study, is_finite
from sensitivity.trials import (
    DIVERGED,
    NUMBER,
    OUTCOME,
    PHASE,
    REPLICATE,
    SECONDS,
    TRAINED,
    VALUE,
    table_of_results,
)
from sensitivity.words import named
from sweeps.space import Choices, IntegerRange, Setting, Space, Variant

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sensitivity.reading.conditions import Condition
    from sensitivity.reading.results import Capped
    from sweeps.space import Domain, Value

    Column = Sequence[Value | None]  # value of a setting in each trial; None where it is inactive


@dataclass
class _Draft:
    """Records on their way to a study."""

    records: list[Record]
    columns: dict[str, Column]
    domains: dict[str, Domain]
    notes: list[str] = field(default_factory=list)
    fixed: dict[str, Value] = field(default_factory=dict)
    conditions: dict[str, Condition] = field(default_factory=dict)

    def keep(self, rows: Sequence[int]) -> None:
        """Leave out all trials but some, which are put into this order."""
        if list(rows) != list(range(len(self.records))):
            self.records = [self.records[row] for row in rows]
            self.columns = {name: [column[row] for row in rows] for name, column in self.columns.items()}


def assemble(
    records: Sequence[Record],
    columns: Mapping[str, Column],
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
    columns
        Value of each setting in each of them, None where it is inactive.
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
    draft = _Draft(list(records), {name: columns[name] for name in names}, ordered, list(notes))
    draft.keep(sorted(range(len(records)), key=lambda row: records[row].number))
    _rename(draft)
    _infer_conditions(draft)
    _drop_constants(draft)
    _drop_cut_short(draft)
    space = _space(draft)
    found = capped(draft.records, metric)
    draft.notes += found.notes
    trials = _table(draft, space, found, _replicates(draft, space, found.values, seed_name))
    grid = as_grid(trials, space, linear)
    if grid is not None:
        space, trials = grid
        lacking = holes(trials, space)
        draft.notes.append(say("reading.grid", lacking=max(lacking, 0)))
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
    draft.columns = {columns[name]: column for name, column in draft.columns.items()}


def _infer_conditions(draft: _Draft) -> None:
    """Conditions over all trials; where failed ones spoil a rule, over the complete ones."""
    deciding = [name for name, domain in draft.domains.items() if _may_decide(domain)]
    sound = [row for row, record in enumerate(draft.records) if record.complete]
    if 0 < len(sound) < len(draft.records):
        whole = {name: [column[row] for row in sound] for name, column in draft.columns.items()}
        found = conditions.infer_columns(whole, deciding)
        of_all = conditions.infer_columns(draft.columns, deciding)
        found = _completed(found, of_all, list(draft.domains))
    else:
        found = conditions.infer_columns(draft.columns, deciding)
    draft.conditions = found
    draft.notes += conditions.words(found)
    for name, condition in found.items():
        if not condition.inferred:
            toss = next(iter(condition.when))
            draft.columns[toss] = [value is not None for value in draft.columns[name]]
    for name in _tosses(found):
        draft.domains[name] = Choices((False, True))
    for parent in {parent for condition in found.values() for parent in condition.when}:
        if not isinstance(draft.domains[parent], Choices):  # a condition speaks of listed values only
            tried = {value for value in draft.columns[parent] if value is not None}
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


def _drop_constants(draft: _Draft) -> None:
    """Settings that never vary explain nothing; with a single trial nothing varies, so all are kept."""
    for name, domain in list(draft.domains.items()):
        first = next((value for value in draft.columns[name] if value is not None), None)
        tried = key(first)
        varies = any(key(value) != tried for value in draft.columns[name] if value is not None)
        degenerate = len({key(domain.from_unit(0.0)), key(domain.from_unit(1.0))}) == 1
        if not degenerate and (varies or len(draft.records) < 2):
            continue
        if name not in draft.conditions and first is not None:
            draft.fixed[name] = first
        del draft.domains[name], draft.columns[name]
        draft.conditions.pop(name, None)
        varies_not = say("reading.never-varies", name=named(name))
        draft.notes.append(say("reading.nobody-has", name=named(name)) if first is None else varies_not)


def _drop_cut_short(draft: _Draft) -> None:
    """Failed trials that lack a setting they should have died before it was drawn."""
    space = _space(draft)
    kept = [row for row, record in enumerate(draft.records) if record.complete or _fits(draft, row, space)]
    lost = len(draft.records) - len(kept)
    if lost:
        draft.notes.append(say("reading.cut-short", count=lost))
    draft.keep(kept)


def _fits(draft: _Draft, row: int, space: Space) -> bool:
    given = {name: value for name in draft.domains if (value := draft.columns[name][row]) is not None}
    known = {**space.fixed, **given}
    return all((s.domain(known) is not None) == (s.name in given) for s in space.settings)


def _space(draft: _Draft) -> Space:
    settings = []
    for name, domain in draft.domains.items():
        when = draft.conditions[name].when if name in draft.conditions else {}
        settings.append(Setting(name, (Variant(domain, dict(when)),)))
    return Space(settings, draft.fixed)


def _replicates(draft: _Draft, space: Space, values: Sequence[float], seed_name: str) -> list[int]:
    columns = [draft.columns[name] for name in space.names]
    order = canonical_order([values, *columns]).tolist()
    seeds: list[object] | None = [record.seed for record in draft.records]
    codes = [coded(pd.Series(list[object](column)).infer_objects())[0] for column in columns]
    configurations = same_rows(np.column_stack(codes)).tolist() if codes else [0] * len(draft.records)
    if not space.names:  # nothing varies, so every trial is another try of the same
        seeds = None
    numbers, notes = replicates(
        configurations, None if seeds is None or None in seeds else seeds, order, seed_name
    )
    draft.notes += notes
    return numbers


def _table(draft: _Draft, space: Space, found: Capped, replicates: Sequence[int]) -> pd.DataFrame:
    """Table of trials; a stranger's have none of the results that only a network of ours has."""
    records = draft.records
    return table_of_results(
        {
            NUMBER: list(map(attrgetter("number"), records)),
            PHASE: list(map(attrgetter("phase"), records)),
            REPLICATE: replicates,
            OUTCOME: [DIVERGED if diverged else TRAINED for diverged in found.diverged],
            VALUE: found.values,  # noqa: PD011 (no frame)
            SECONDS: list(map(attrgetter("seconds"), records)),
        },
        {name: draft.columns[name] for name in space.names},
    )


def _curve(record: Record, metric: Metric) -> list[float]:
    """Intermediate values with lower better, up to the first that is not finite."""
    finite: list[float] = []
    for value in record.curve:
        if not is_finite(value):
            break
        finite.append(metric.sign * float(value) + 0.0)
    return finite
