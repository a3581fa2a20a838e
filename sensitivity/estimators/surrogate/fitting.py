"""The surrogate of a study's value: fitted once, for the shares of variance and for curves of what is best."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from threadpoolctl import threadpool_limits

from sensitivity.estimators import effects as e
from sensitivity.estimators.surrogate.encoding import EncodedTrials, Encoding, encode
from sensitivity.estimators.surrogate.one_step import OneStep
from sensitivity.estimators.surrogate.responses import Responses, responses
from sensitivity.estimators.surrogate.selection import Draws, Selected, best_surrogate
from sensitivity.trials import VALUE, planned

if TYPE_CHECKING:
    import pandas as pd

    from sensitivity.estimators.surrogate.region import Components
    from sensitivity.remarks import Said
    from sensitivity.study import Study
    from sweeps.space import Space

MOST_DRAWS: Final = 5000
FEWEST_DRAWS: Final = 5


@dataclass(frozen=True)
class Placed:
    """Draws of a design, encoded, and which axes took more than one value."""

    encoding: Encoding
    trials: EncodedTrials
    observed: Responses
    varied: list[int]
    count: int

    @property
    def excuse(self) -> Said | None:
        """Why there is nothing to estimate; None where there is."""
        if len(np.unique(self.observed.group)) < FEWEST_DRAWS or not self.varied:
            return e.NOT_IDENTIFIABLE(self.count)
        return e.CONSTANT() if self.observed.constant else None


@dataclass(frozen=True)
class Fit:
    """The surrogate of largest q², its one-step estimators, and the shares of the whole prior."""

    placed: Placed
    selected: Selected
    estimator: OneStep

    @cached_property
    def whole(self) -> Components:
        """Shares of the whole prior."""
        return self.estimator.components()


def fit_of(study: Study) -> Fit | Said:
    """Surrogate of the plan's finite values, or why there is none; ask for it by `Study.once`."""
    return fitted(study.trials, study.space)


def fitted(trials: pd.DataFrame, space: Space, value: str = VALUE) -> Fit | Said:
    """Surrogate of one column; see `decomposition.surrogate_decomposition` for what is left out."""
    placed = _placed(trials, space, value)
    excuse = placed.excuse
    if excuse is not None:
        return excuse
    observed = placed.observed
    draws = Draws(
        placed.encoding, placed.trials.points, observed.mean, observed.replicates, observed.group
    )
    with threadpool_limits(1):  # matrices this small only lose by threads
        selected = best_surrogate(draws)
        return Fit(
            placed, selected, OneStep(placed.encoding, placed.trials, observed, selected, placed.varied)
        )


def _placed(trials: pd.DataFrame, space: Space, value: str) -> Placed:
    plan = planned(trials)
    plan = plan[np.isfinite(plan[value].to_numpy(dtype=np.float64, na_value=np.nan))]
    encoding = Encoding(space, plan)
    encoded = encode(plan, encoding)
    plan, encoded = plan[encoded.inside], encoded.rows(encoded.inside)
    count = len(plan)
    if count == 0:
        nothing = np.zeros(0, dtype=np.int64)
        empty = Responses(nothing, nothing, np.zeros(0), np.zeros(0), np.zeros(0), np.nan, 0, np.nan)
        return Placed(encoding, encoded, empty, [], 0)
    observed = responses(plan, space.names, value)
    if len(observed) > MOST_DRAWS:
        sample = np.sort(np.random.default_rng(0).choice(len(observed), MOST_DRAWS, replace=False))
        observed = observed.rows(sample)
    encoded = encoded.rows(observed.first)
    varied = [
        place
        for place in range(len(encoding.axes))
        if len(np.unique(encoded.latent[encoded.points.active[:, place], place])) > 1
    ]
    return Placed(encoding, encoded, observed, varied, count)
