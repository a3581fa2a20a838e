"""What the noise of one configuration is due to: initial weights, minibatch order, split, and the rest.

Only a sweep whose noise is crossed tells them apart: its k² replicates are a Latin square of k draws of each
source, see `sweeps.seeds.crossed`. Every other measure looks at the plan's k replicates alone, which share no
draw; this one takes the crossed trials too. Estimates and intervals: `sensitivity.estimators.noise_sources`.
A configuration counts with its weight in the plan, as in the variance decomposition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.axis import axes_of, codes_of
from sensitivity.coding import configurations_of
from sensitivity.estimators.branches import branches
from sensitivity.estimators.effects import BRANCH
from sensitivity.estimators.noise_sources import components
from sensitivity.measures import measure as m
from sensitivity.remarks import REMARKS, Remark, Remarks
from sensitivity.trials import CROSSED, DRAWS, PHASE, PLAN, REPLICATE, VALUE

if TYPE_CHECKING:
    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.branches import Branch
    from sensitivity.estimators.noise_sources import Components
    from sensitivity.study import Study

SOURCE: Final = "source"
SOURCES: Final = ("initial weights", "minibatch order", "split of the data", "rest")
OF_NOISE: Final = "of_noise"
OF_VARIANCE: Final = "of_variance"
FEW_DRAWS: Final = 5
ROUNDING: Final = 1e-20  # squared, and of the largest response: less noise than that is none
NOT_CROSSED: Final = Remark("not_crossed")
INCOMPLETE: Final = Remark("incomplete")
ONE_CONFIGURATION: Final = Remark("few_configurations", message="few_configurations-noise")
NO_NOISE: Final = Remark("no_noise")
MOST: Final = Remark("most_of_the_noise")
MAYBE_NONE: Final = Remark("maybe_none")
FEW: Final = Remark("few_draws")
COLUMNS: Final = (
    m.BRANCH_COLUMN,
    m.Column(
        SOURCE,
        "``initial weights``, ``minibatch order``, ``split of the data``; ``rest``: what two or three of "
        "them do only together.",
    ),
    *m.estimate(
        OF_NOISE,
        "Part of the variance of one configuration's response over its seeds, mean over the configurations; "
        "unclipped: a source that does nothing scatters around 0.",
        m.SHARE,
        "share-of-the-noise",
        ("noise_low", "noise_high"),
    ),
    *m.estimate(
        OF_VARIANCE,
        "The same as a part of the variance of one trial's response: all configurations, all seeds.",
        m.SHARE,
        "share-of-the-variance",
        ("variance_low", "variance_high"),
    ),
    m.Column(
        "deviation",
        "Standard deviation of the response that it causes in one configuration; empty where the estimate of "
        "the variance is below 0.",
        m.AMOUNT,
        "standard-deviation",
    ),
    m.hidden(
        "degrees_of_freedom",
        "Degrees of freedom of the response's mean square: few draws, which all configurations share.",
    ),
    m.hidden("configurations", "Configurations with all crossed replicates.", m.COUNT),
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)


def noise_sources(study: Study) -> pd.DataFrame:
    """Share of the noise and of the variance of each source, for all trials and for each optimizer.

    Returns
    -------
    DataFrame with the columns of `COLUMNS`
        One row that says so where noise was not crossed; none for trials that no sweep of ours made.
    """
    crossed = set(DRAWS) <= set(study.trials)
    rows = []
    for branch in branches(study) if crossed else []:
        rows += [{BRANCH: branch.label, **row} for row in _of_branch(study, branch)]
    if not crossed and study.definition and study.of_networks:
        rows = [{BRANCH: "all", REMARKS: Remarks(NOT_CROSSED)}]
    return pd.DataFrame(rows, columns=m.names(COLUMNS))


def _of_branch(study: Study, branch: Branch) -> list[dict[str, object]]:
    """Row per source, or one that says why there is none."""
    values, weights, draws = _square(study, branch)
    size = int(draws.max(initial=-1)) + 1
    if not len(values) or len(draws) != size**2:
        return [{REMARKS: Remarks(INCOMPLETE)}]
    if len(values) < 2:
        return [{REMARKS: Remarks(ONE_CONFIGURATION)}]
    found = components(values, weights, draws)
    if not found.noise > ROUNDING * float(np.abs(values).max()) ** 2:
        return [{REMARKS: Remarks(NO_NOISE)}]
    return _rows(found, size, len(values))


def _rows(found: Components, size: int, configurations: int) -> list[dict[str, object]]:
    columns = [*found.of_noise(), *found.of_variance(), found.variance, found.degrees]
    few = FEW(size, (size + 1) ** 2) if size < FEW_DRAWS else None
    rows: list[dict[str, object]] = []
    numbers = np.array(columns).T.tolist()
    for source, (share, low, high, part, below, above, variance, degrees) in zip(
        SOURCES, numbers, strict=True
    ):
        said = MOST() if low > 1 / 2 else MAYBE_NONE() if low <= 0 else None
        rows.append(
            {
                SOURCE: source,
                OF_NOISE: share,
                "noise_low": low,
                "noise_high": high,
                OF_VARIANCE: part,
                "variance_low": below,
                "variance_high": above,
                "deviation": np.sqrt(variance) if variance >= 0 else np.nan,
                "degrees_of_freedom": degrees,
                "configurations": configurations,
                REMARKS: Remarks(said, few if source == SOURCES[0] else None),
            }
        )
    return rows


def _square(study: Study, branch: Branch) -> tuple[Floats, Floats, Integers]:
    """Responses (C, R), weights (C,) of the complete configurations, and draws (R, 3) of the replicates."""
    trials, configuration = study.once(_crossed)
    plan = np.flatnonzero(trials[PHASE] == PLAN)
    weight = np.bincount(
        configuration[plan][branch.rows], branch.weights, minlength=int(configuration.max(initial=-1)) + 1
    )
    replicates, first, column = np.unique(
        trials[REPLICATE].to_numpy(), return_index=True, return_inverse=True
    )
    values = np.full((len(weight), len(replicates)), np.nan)
    values[configuration, column] = trials[VALUE].to_numpy(dtype=np.float64, na_value=np.nan)
    used = (weight > 0) & np.isfinite(values).all(axis=1)
    draws = trials[list(DRAWS)].to_numpy(dtype=np.int64)[first]
    return values[used], weight[used] / max(float(weight[used].sum()), np.finfo(float).tiny), draws


def _crossed(study: Study) -> tuple[pd.DataFrame, Integers]:
    """Trials of the plan and the crossed ones, and the configuration of each."""
    trials = study.trials[study.trials[PHASE].isin([PLAN, CROSSED])].reset_index(drop=True)
    codes = codes_of(axes_of(trials, study.space).values(), len(trials))
    return trials, configurations_of(codes, trials[REPLICATE].to_numpy())


MEASURE: Final = m.Measure(
    "noise_sources",
    (
        m.Table(
            "noise_sources",
            COLUMNS,
            noise_sources,
            m.WHOLE,
        ),
    ),
)
