"""The advice → what the next sweep varies: which settings are fixed, cut or widened, each with its reason.

It does what the table `advice`, and with it the first screen, says. What is *fixed* gets the value told
there, or, where any will do, that of the best configuration; of branches (optimizers) to fix, that one alone
goes on.
What is *tuned* keeps the values within the tolerance of the best, everything else tuned again, per branch
where these differ, with finer levels; where the best is at the end of a range and stands out, the range goes
on. What is not judged, or has good values that are not known, is kept whole, one step wider where the best so
far is the last number tried.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sensitivity.branch import ALL, label
from sensitivity.coding import is_number, key
from sensitivity.measures import advice as a
from sensitivity.measures.measuring import all_tables
from sensitivity.measures.moving_optimum import RATE
from sensitivity.planning.domains import around, fixed_at, further, goes_on, merged, narrowed
from sensitivity.planning.facts import NEEDED, Facts
from sensitivity.remarks import JUDGEMENT, Judgement, Remark
from sensitivity.trials import DIVERGED, OUTCOME, VALUE
from sensitivity.words import interval, level_text, listed
from sweeps.errors import StudyError
from sweeps.space import Choices, Configuration, IntegerRange, Space

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.planning.domains import Range
    from sensitivity.remarks import Said
    from sensitivity.study import Study
    from sweeps.space import Domain, Setting, Value

    Made = tuple[Domain, Said, Value | None]  # what is left, why, and of which branch

NO_EFFECT: Final = Remark("no_effect")
ANY_GOOD: Final = Remark("any_good")
NOT_WORSE: Final = Remark("not_worse")
ONLY_GOOD: Final = Remark("only_good")
TUNED: Final = Remark("tuned")
TUNED_EACH: Final = Remark("tuned_each")
KEPT: Final = Remark("kept")
WIDENED: Final = Remark("widened")


@dataclass(frozen=True)
class Part:
    """A setting in the next sweep.

    Attributes
    ----------
    setting
        Its name.
    when
        Condition under which it has this domain; empty: everywhere.
    domain
        What is left of it; `Choices` of one value where it is fixed.
    why
        The reason.
    """

    setting: str
    when: Mapping[str, tuple[Value, ...]]
    domain: Domain
    why: tuple[Said, ...]

    @property
    def fixed(self) -> bool:
        """Whether a single value is left."""
        return len(self.choices) == 1

    @property
    def choices(self) -> tuple[Value, ...]:
        """Values that are left, if they are a list."""
        return self.domain.level_values() if isinstance(self.domain, Choices) else ()


@dataclass(frozen=True)
class Narrowed:
    """The next space: its parts in the order of the settings, parents first, and the best configuration."""

    parts: tuple[Part, ...]
    best: Configuration


def narrow(study: Study) -> Narrowed:
    """Decide what becomes of each setting.

    Raises
    ------
    StudyError
        Where no trial says anything, or they leave nothing to vary.
    """
    _check_trained(study)
    facts = Facts(study, all_tables(study, only=NEEDED))
    parts: list[Part] = []
    possible: dict[str, tuple[Value, ...]] = {}
    # The branches first, wherever a file has them: what is decided in each must know which are left.
    for setting in sorted(
        study.space.settings, key=lambda one: one.name != study.branch or bool(one.parents)
    ):
        own = list(_parts(facts, setting, possible))
        parts += own
        values = [value for part in own for value in part.choices]
        possible[setting.name] = tuple(dict.fromkeys(values))
    if all(part.fixed for part in parts):
        best = ", ".join(f"{name} {level_text(value)}" for name, value in facts.best().items())
        raise StudyError(f"nothing is left to tune: every setting may be fixed ({best})")
    return Narrowed(tuple(parts), facts.best())


def _check_trained(study: Study) -> None:
    values = study.plan[VALUE].to_numpy(dtype=np.float64, na_value=np.nan)
    if not len(study.trials) or not np.isfinite(values).any():
        raise StudyError("no trial has a result yet, so there is nothing to narrow")
    if (study.plan[OUTCOME] == DIVERGED).all():
        raise StudyError(study.spoken("every trial diverged, so nothing says which values are good"))


def _parts(facts: Facts, setting: Setting, possible: Mapping[str, tuple[Value, ...]]) -> Sequence[Part]:
    """What becomes of a setting: of the branches themselves, by branch, or variant by variant."""
    if setting.name == facts.study.branch and not setting.parents:
        return [_branches(facts, setting)]
    if setting.parents <= {facts.study.branch}:
        return _by_branch(facts, setting)
    parts = []
    for variant in setting.variants:
        when = _still(variant.when, possible, facts.study.space)
        if when is not None and facts.best(setting.name):
            domain, why = _decided(facts, setting.name, ALL, None, variant.domain)
            parts.append(Part(setting.name, when, domain, (why,)))
    return parts


def _still(
    when: Mapping[str, tuple[Value, ...]], possible: Mapping[str, tuple[Value, ...]], space: Space
) -> dict[str, tuple[Value, ...]] | None:
    """A condition with the values that are left; None where none of them is."""
    found = {}
    for name, values in when.items():
        there = possible.get(name, (space.fixed[name],) if name in space.fixed else values)
        left = tuple(value for value in there if value in values)
        if not left:
            return None
        if len(left) < len(there):
            found[name] = left
    return found


def _branches(facts: Facts, setting: Setting) -> Part:
    """Which branches go on: the one to fix, the good ones of several to tune, or all that were tried."""
    domain = setting.variants[0].domain
    domain, why = _decided(facts, setting.name, ALL, None, domain)
    facts.kept = list(domain.level_values())
    return Part(setting.name, {}, domain, (why,))


def _share(row: Mapping[Any, Any]) -> str:
    return interval(*(float(row.get(name, np.nan)) for name in ("share", "low", "high")))


def _by_branch(facts: Facts, setting: Setting) -> list[Part]:
    """Decisions in each branch that goes on, those alike together."""
    by, fixed = facts.study.branch, facts.study.space.fixed
    levels: Sequence[Value | None] = facts.kept or [None]
    made: list[Made] = []
    for level in levels:
        domain = setting.domain(fixed if level is None else {**fixed, by: level})
        if domain is not None and facts.best(setting.name, level):
            made.append((*_decided(facts, setting.name, label(by, level), level, domain), level))
    groups = _grouped(_of_one_kind(setting, fixed, by, made))
    everywhere = len(groups) == 1 and len(made) == len(levels)
    return [
        Part(setting.name, {} if everywhere else {by: tuple(who)}, domain, _together(why, who))
        for domain, why, who in groups
    ]


def _together(why: Sequence[Said], who: Sequence[Any]) -> tuple[Said, ...]:
    """One reason for several branches; shares of them would be several."""
    different = tuple(dict.fromkeys(why))
    if len(different) > 1 and all(said.remark is TUNED for said in different):
        return (TUNED_EACH(listed(who)),)
    return different


def _of_one_kind(setting: Setting, fixed: Mapping[str, Value], by: str, made: list[Made]) -> list[Made]:
    """One value among ranges becomes a short range: under all conditions a definition takes one kind."""
    if all(isinstance(domain, Choices) for domain, _, _ in made):
        return made
    found: list[Made] = []
    for domain, why, level in made:
        old = setting.domain(fixed if level is None else {**fixed, by: level})
        if isinstance(domain, Choices) and old is not None and not isinstance(old, Choices):
            found.append((around(old, domain.level_values()[0]), why, level))
        else:
            found.append((domain, why, level))
    return found


def _grouped(
    made: Sequence[Made],
) -> list[tuple[Domain, list[Said], list[Any]]]:
    """Equal domains, and ranges that are nearly equal, with all who have them; the largest group first."""
    groups: list[tuple[Domain, list[Said], list[Any]]] = []
    for domain, why, level in made:
        for place, (other, whys, who) in enumerate(groups):
            both = other if other == domain else _merged(other, domain)
            if both is not None:
                groups[place] = (both, [*whys, why], [*who, level])
                break
        else:
            groups.append((domain, [why], [level]))
    return sorted(groups, key=lambda group: -len(group[2]))


def _merged(one: Domain, other: Domain) -> Range | None:
    if isinstance(one, Choices) or isinstance(other, Choices):
        return None
    return merged(one, other)


def _decided(
    facts: Facts, name: str, branch: str, level: Value | None, domain: Domain
) -> tuple[Domain, Said]:
    """What becomes of a setting in a branch, and why: what the table `advice` says."""
    row, told = facts.row(name, branch)
    best = facts.best(name, level if told != ALL else None)[name]
    known = RATE if name == facts.study.rate else name  # whatever its name is in trials of others
    if row[a.ADVICE] == a.FIX:
        return Choices((_taken(domain, row["best_at"], best),)), _why_fixed(facts, name, row)
    told_nowhere = row[a.ADVICE] == a.TUNE and row[JUDGEMENT] != Judgement.ABOVE
    if row[a.ADVICE] == a.UNKNOWN or pd.isna(row["good"]) or told_nowhere:
        end = facts.last(name, best)
        if end and goes_on(known, domain, end):
            return further(known, domain, end), WIDENED(end, _share(row))
        return domain, KEPT(facts.study.spoken(str(row.get("verdict") or "cannot be judged")))
    good = facts.good(name, told, best)
    if good.end and goes_on(known, domain, good.end):
        return narrowed(known, domain, good), WIDENED(good.end, _share(row))
    return narrowed(known, domain, replace(good, end="")), TUNED(_share(row))


def _taken(domain: Domain, told: object, best: Value) -> Value:
    """The value to fix: the one told, as the domain writes it, or that of the best configuration."""
    if isinstance(domain, Choices):
        return next((value for value in domain.level_values() if key(value) == key(told)), best)
    value = float(str(told)) if is_number(told) else math.nan
    if not domain.low <= value <= domain.high:
        return best
    return fixed_at(domain, round(value) if isinstance(domain, IntegerRange) else value)


def _why_fixed(facts: Facts, name: str, row: Mapping[Any, Any]) -> Said:
    """Why a setting is fixed."""
    if row.get(JUDGEMENT) == Judgement.NOT_ABOVE:
        return NO_EFFECT(_share(row))
    if facts.free(name, str(row["branch"])):
        return ANY_GOOD(_share(row))
    return (NOT_WORSE if a.not_worse(row) else ONLY_GOOD)(_share(row))
