"""Tables of what several datasets say together, each computed from the array of scores alone.

A setting is *set once* where even the upper end of what that costs is at most a twentieth of the tuned score,
the share that the effective dimension allows as well; it is *tuned per dataset* where the cost is above 0 and
more than that is possible; else these trials cannot judge it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.across.choosing import allowed_at, at, best_within, loss, one_for_all, score, set_once, tuned
from sensitivity.across.dimension import ENOUGH, effective_dimension
from sensitivity.across.scores import DATASET
from sweeps.errors import StudyError

if TYPE_CHECKING:
    from pathlib import Path

    from sensitivity.across.choosing import Loss
    from sensitivity.across.dimension import Dimension
    from sensitivity.across.scores import Scores

SETTING: Final = "setting"
OWN: Final = "own_configuration"
TUNED: Final = "tuned"
TUNED_VALUE: Final = "tuned_value"
TOGETHER: Final = "one_for_all"
TOGETHER_VALUE: Final = "one_for_all_value"
LOST: Final = "lost"
NOISE: Final = "noise"
ZERO: Final = "scores_0"
ONE: Final = "scores_1"
LEVEL: Final = "level"
OWN_LEVELS: Final = "own_levels"
AS_DEFINED: Final = "as_defined"
COST: Final = "cost"
LOW: Final = "cost_low"
HIGH: Final = "cost_high"
VERDICT: Final = "verdict"
ONCE: Final = "set once"
PER_DATASET: Final = "tune per dataset"
UNKNOWN: Final = "cannot be judged"
CONFIGURATION: Final = "configuration"
CONFIGURATIONS: Final = "configurations"
REPLICATES: Final = "replicates"
COUNT: Final = "settings"
DATASETS: Final = "datasets"
EFFECTIVE: Final = "effective_dimension"
EFFECTIVE_LOW: Final = "effective_dimension_low"
EFFECTIVE_HIGH: Final = "effective_dimension_high"
ENOUGH_SETTINGS: Final = "settings_tuned"


def of_datasets(scores: Scores) -> pd.DataFrame:
    """A row per dataset: its own best configuration, and what the one for all reaches there.

    Values are means over replicates, lower is better; scores are normalised; ``noise`` is the standard
    deviation of a trial's score; ``scores_0`` and ``scores_1`` are the values that count 0 and 1.
    """
    results, means = scores.results, scores.means
    own, one = tuned(means), one_for_all(means)
    places = np.arange(len(scores.datasets))
    columns = {
        DATASET: scores.datasets,
        OWN: [_written(scores.configurations[row]) for row in own.tolist()],
        TUNED: at(means, own),
        TUNED_VALUE: np.nanmean(results[own, places], axis=-1),
        TOGETHER: at(means, one),
        TOGETHER_VALUE: np.nanmean(results[one, places], axis=-1),
        LOST: at(means, own) - at(means, one),
        NOISE: scores.noise,
        ZERO: scores.zero,
        ONE: scores.one,
    }
    return pd.DataFrame(columns)


def of_settings(scores: Scores) -> pd.DataFrame:
    """A row per setting: what it costs to set it once for all datasets, everything else tuned for each.

    ``level`` is the value to set, ``own_levels`` the best ones by dataset; ``as_defined`` is the cost with
    the luck of the choice in it, ``cost`` the one without it and its 95 % interval, whose upper end
    is not above that of setting all of them once, which costs no less. Dearest first.
    """
    most = loss(scores, one_for_all).high
    rows = [_of_setting(scores, place, most) for place in range(len(scores.settings))]
    table = pd.DataFrame(rows, columns=[SETTING, LEVEL, OWN_LEVELS, AS_DEFINED, COST, LOW, HIGH, VERDICT])
    return table.sort_values([COST, AS_DEFINED], ascending=False, kind="stable", ignore_index=True)


def _of_setting(scores: Scores, place: int, most: float) -> dict[str, object]:
    levels, texts = scores.levels[:, place], scores.texts[place]
    own = tuned(scores.means)
    tried = np.unique(levels[levels >= 0])
    best = best_within(scores.means, [allowed_at(levels, level) for level in tried])[1]
    found = loss(scores, set_once(levels))
    found = replace(found, high=min(found.high, max(most, found.low)))
    named = zip(scores.datasets, levels[own].tolist(), strict=True)
    return {
        SETTING: scores.settings[place],
        LEVEL: texts[int(tried[best])],
        OWN_LEVELS: "; ".join(f"{name}: {texts[level] if level >= 0 else '–'}" for name, level in named),
        AS_DEFINED: found.as_defined,
        COST: found.best,
        LOW: found.low,
        HIGH: found.high,
        VERDICT: verdict(found, score(scores, tuned)),
    }


def verdict(found: Loss, reached: float) -> str:
    """Whether a setting can be set once, told by the interval of what that costs and the tuned score."""
    if found.high <= (1 - ENOUGH) * abs(reached):
        return ONCE
    return PER_DATASET if found.low > 0 else UNKNOWN


def of_all(scores: Scores, settings: pd.DataFrame) -> pd.DataFrame:
    """One row: the tuned score, that of the one configuration for all, what it loses, how few to tune.

    To set everything once costs no less than to set one of the settings once, so cost and interval are not
    below those of the dearest.

    Parameters
    ----------
    settings
        Of `of_settings`.
    """
    found, dimension = loss(scores, one_for_all), effective_dimension(scores)
    low = float(np.fmax(found.low, settings[LOW].max()))
    row: dict[str, object] = {
        DATASETS: len(scores.datasets),
        CONFIGURATIONS: len(scores.configurations),
        REPLICATES: scores.replicates,
        COUNT: len(scores.settings),
        CONFIGURATION: _written(scores.configurations[int(one_for_all(scores.means)[0])]),
        TUNED: score(scores, tuned),
        TOGETHER: score(scores, one_for_all),
        AS_DEFINED: found.as_defined,
        COST: max(found.best, float(settings[COST].max())),
        LOW: low,
        HIGH: float(np.fmax(found.high, settings[HIGH].max())),
        EFFECTIVE: None if dimension is None else dimension.effective,
        EFFECTIVE_LOW: None if dimension is None else _fewest(dimension, low),
        EFFECTIVE_HIGH: None if dimension is None else dimension.high,
        ENOUGH_SETTINGS: "" if dimension is None else ", ".join(dimension.sets[dimension.effective]),
    }
    whole = dict.fromkeys((EFFECTIVE, EFFECTIVE_LOW, EFFECTIVE_HIGH), "Int64")
    return pd.DataFrame([row]).astype(whole)


def _fewest(found: Dimension, cost: float) -> int | None:
    """Fewest settings that could be enough: one at least where none is too few by the least that it costs."""
    too_few = found.effective > 0 and cost > (1 - ENOUGH) * abs(found.scores[-1])
    return found.low if found.low is None or not too_few else max(found.low, 1)


def _written(configuration: dict[str, str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in configuration.items())


ALL: Final = "across"
OF_DATASETS: Final = "across_datasets"
SETTINGS: Final = "across_settings"


_TEXTS: Final = frozenset({SETTING, LEVEL, OWN_LEVELS, VERDICT, CONFIGURATION, ENOUGH_SETTINGS, DATASET, OWN})


def all_of(scores: Scores) -> dict[str, pd.DataFrame]:
    """Every table by the name of its file."""
    settings = of_settings(scores)
    return {ALL: of_all(scores, settings), SETTINGS: settings, OF_DATASETS: of_datasets(scores)}


def read(path: Path) -> pd.DataFrame:
    """One of the tables as `all_of` has it, from its file.

    Raises
    ------
    StudyError
        When the file lacks a column.
    """
    texts = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    missing = sorted({ALL: {COUNT, HIGH}, SETTINGS: {VERDICT, LEVEL}}.get(path.stem, set()) - {*texts})
    if missing:
        raise StudyError(f"{path} has no column {missing[0]}; make the tables again with compare or report")
    numbers = [column for column in texts if column not in _TEXTS]
    return texts.assign(**{str(column): pd.to_numeric(texts[column].replace("", None)) for column in numbers})
