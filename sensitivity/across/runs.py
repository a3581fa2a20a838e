"""Studies of several datasets → one array of scores, of the configurations that all of them tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sensitivity.across.scores import DATASET, Scores, scores_of
from sensitivity.coding import key
from sensitivity.trials import REPLICATE, VALUE
from sensitivity.words import listed
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
    """

    scores: Scores
    counts: Mapping[str, int]
    fixed: tuple[str, ...]
    flat: tuple[str, ...]


def shared_by(studies: Mapping[str, Study]) -> Shared:
    """Scores of what the studies share; replicates that one has more of are left out.

    Raises
    ------
    StudyError
        When they have no two configurations in common, or fewer than two datasets whose results differ.
    """
    known = _known(studies)
    tables = {name: _table(study, known).assign(**{DATASET: name}) for name, study in studies.items()}
    keys = {name: _identities(table, known) for name, table in tables.items()}
    common = set.intersection(*(set(each) for each in keys.values()))
    if len(common) < 2:
        raise StudyError(
            f"{listed(studies)} have no two configurations in common, so nothing can be said across them; "
            "sweep the same settings, not with a sampler that goes its own way on each"
        )
    kept = [tables[name][[one in common for one in keys[name]]] for name in tables]
    least = min(int(table[REPLICATE].max()) for table in kept)
    table = pd.concat([table[table[REPLICATE] <= least] for table in kept], ignore_index=True)
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
    return Shared(scores.keeping(steady.tolist()), counts, others, flat)


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
