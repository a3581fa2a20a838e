"""Studies of several datasets → one array of scores, of the configurations that all of them tried."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sensitivity.across.scores import DATASET, Scores, scores_of
from sensitivity.coding import key
from sensitivity.order import canonical_order
from sensitivity.trials import REPLICATE, VALUE, all_failed
from sensitivity.words import listed, named
from sweeps.errors import StudyError
from sweeps.space import Space

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.study import Study
    from sweeps.space import Setting


@dataclass(frozen=True, eq=False)
class Shared:
    """What several studies have in common.

    Attributes
    ----------
    scores
        Results of the configurations that all have, on the datasets where they differ from one another.
    counts
        Configurations of each study, those included that others lack.
    fixed
        Settings that vary in some study and have one value in what is shared.
    flat
        Datasets left out: nineteen of twenty of their results are the same, so nothing can be placed.
    failed
        Datasets left out: no trial there has a result.
    copies
        Datasets in whose table every result stands several times → how often; each counts once.
    """

    scores: Scores
    counts: Mapping[str, int]
    fixed: tuple[str, ...]
    flat: tuple[str, ...]
    failed: tuple[str, ...] = ()
    copies: Mapping[str, int] = field(default_factory=dict)


def shared_by(studies: Mapping[str, Study]) -> Shared:
    """Scores of what the studies share, with every replicate that each of them has.

    Raises
    ------
    StudyError
        When they have no two configurations in common, or fewer than two datasets whose results differ.
    """
    failed = tuple(name for name, study in studies.items() if all_failed(study.plan))
    studies = {name: study for name, study in studies.items() if name not in failed}
    if len(studies) < 2:
        raise StudyError(
            f"no trial of {listed(failed)} has a result, so fewer than two datasets are left to compare; "
            "run these again"
        )
    known = _known(studies)
    if DATASET in known:
        raise StudyError(
            f"a setting is called {DATASET}, as is what tells the datasets apart; rename its column"
        )
    whole = {name: _table(study, known) for name, study in studies.items()}
    keys = {name: _identities(table, known) for name, table in whole.items()}
    common = set.intersection(*(set(each) for each in keys.values()))
    if len(common) < 2:
        raise StudyError(_nothing_common(studies, keys))
    found = {name: _each_once(whole[name], keys[name], studies[name]) for name in whole}
    kept = [table[[keys[name][row] in common for row in table.index]] for name, (table, _) in found.items()]
    named = [table.assign(**{DATASET: name}) for name, table in zip(found, kept, strict=True)]
    table = pd.concat(named, ignore_index=True)
    varied = [name for name in known if len({key(value) for value in table[name].dropna().unique()}) > 1]
    scores = scores_of(table, Space([known[name] for name in varied], _fixed(studies, varied)))
    counts = {name: len(set(each)) for name, each in keys.items()}
    steady = np.flatnonzero(scores.zero > scores.one)
    flat = tuple(name for place, name in enumerate(scores.datasets) if place not in steady)
    if len(steady) < 2:
        raise StudyError(
            f"the results of {listed(flat)} hardly differ, so fewer than two datasets are left to compare"
        )
    others = tuple(name for name in known if name not in varied)
    copies = {name: count for name, (_, count) in found.items() if count > 1}
    return Shared(scores.keeping(steady.tolist()), counts, others, flat, failed, copies)


def _nothing_common(studies: Mapping[str, Study], keys: Mapping[str, Sequence[tuple[object, ...]]]) -> str:
    """Why nothing can be said, and what to do."""
    if all(len(set(each)) == 1 for each in keys.values()):
        return f"{listed(studies)} have one configuration each, so there is nothing to choose; vary a setting"
    absent = {}
    for place, setting in enumerate(_known(studies)):
        without = [name for name, each in keys.items() if all(values[place] is None for values in each)]
        if without and any(all(values[place] is not None for values in each) for each in keys.values()):
            absent[setting] = without
    if absent:
        setting, without = next(iter(absent.items()))
        return (
            f"{listed(studies)} have no two configurations in common, as {named(setting)} has no value on "
            f"{listed(without)}; give the one that held there, or leave the setting out"
        )
    return (
        f"{listed(studies)} have no two configurations in common, so nothing can be said across them; "
        "sweep the same settings, not with a sampler that goes its own way on each"
    )


def _known(studies: Mapping[str, Study]) -> dict[str, Setting]:
    """Every setting that some study varies, as the first that does has it."""
    found: dict[str, Setting] = {}
    for study in studies.values():
        for setting in study.space.settings:
            found.setdefault(setting.name, setting)
    return found


def _fixed(studies: Mapping[str, Study], varied: Sequence[str]) -> dict[str, Any]:
    first = next(iter(studies.values()))
    return {name: value for name, value in first.space.fixed.items() if name not in varied}


def _table(study: Study, known: Mapping[str, Setting]) -> pd.DataFrame:
    """Trials of the plan: every known setting, fixed or varied, the replicate from 0, and a finite value.

    What gave no result counts with the cap, or as the worst that did.
    """
    plan = study.plan
    values = plan[VALUE].to_numpy(dtype=np.float64, na_value=np.nan)
    finite = values[np.isfinite(values)]
    worst = study.cap if study.cap is not None else finite.max() if len(finite) else np.nan
    columns: dict[str, object] = {
        name: plan[name].tolist() if name in study.space.names else _held(study, setting)
        for name, setting in known.items()
    }
    columns[REPLICATE] = np.unique(plan[REPLICATE].to_numpy(), return_inverse=True)[1]
    columns[VALUE] = np.where(np.isfinite(values), values, worst)
    return pd.DataFrame(columns, index=range(len(plan)))


def _each_once(table: pd.DataFrame, keys: Sequence[object], study: Study) -> tuple[pd.DataFrame, int]:
    """Table without the copies of its rows, and how often each stood there; tries numbered anew.

    A file that was joined to itself holds every result twice, and no training does that by chance: as
    replicates they would be noise of 0. Tries that no seed numbers are numbered by what this dataset holds
    alone, so that they are the same whichever other datasets stand in its file.
    """
    if study.read is None:
        return table, 1
    each = table[[REPLICATE, VALUE]].assign(key=pd.factorize(pd.Series(list(keys), dtype=object))[0])
    twins = each.sort_values(REPLICATE, kind="stable").groupby(["key", VALUE], dropna=False)
    count = math.gcd(*twins.size().tolist())
    kept = table[(twins.cumcount().sort_index() % count == 0).to_numpy()]
    if not study.read.replicates:
        order = canonical_order([kept[VALUE].tolist(), *(kept[name].tolist() for name in study.space.names)])
        tries = each.loc[kept.index[order]].groupby("key").cumcount()
        kept = kept.assign(**{REPLICATE: tries.reindex(kept.index)})
    return kept, count


def _held(study: Study, setting: Setting) -> list[object]:
    """Value of a setting that a study holds fixed, in each trial; None where it is inactive or unknown."""
    value = study.space.fixed.get(setting.name)
    parents = [name for name in setting.parents if name in study.space.names]
    rows = study.plan[parents].to_dict("records") if parents else [{}] * len(study.plan)
    return [
        value if setting.domain({**study.space.fixed, **row}) is not None else None  # type: ignore[dict-item]
        for row in rows
    ]


def _identities(table: pd.DataFrame, known: Mapping[str, Setting]) -> list[tuple[object, ...]]:
    """What tells the configuration of each trial from others."""
    columns = []
    for name in known:
        missing = table[name].isna().tolist()
        values = table[name].tolist()
        columns.append([None if gone else key(v) for v, gone in zip(values, missing, strict=True)])
    return list(zip(*columns, strict=True)) if columns else [()] * len(table)
