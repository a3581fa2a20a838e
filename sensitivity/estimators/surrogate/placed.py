"""Trials of a plan as draws of an encoded design: what every surrogate is fitted to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.estimators import effects as e
from sensitivity.estimators.surrogate.encoding import EncodedTrials, Encoding, encode
from sensitivity.estimators.surrogate.responses import Responses, responses
from sensitivity.trials import VALUE, planned

if TYPE_CHECKING:
    import pandas as pd

    from sensitivity.remarks import Said
    from sweeps.space import Space

MOST_DRAWS: Final = 5000
FEWEST_DRAWS: Final = 5


@dataclass(frozen=True)
class Placed:
    """Draws of a design, encoded, and which axes took more than one value; ``count`` trials."""

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


def placed_trials(trials: pd.DataFrame, space: Space, value: str = VALUE) -> Placed:
    """The plan's rows, or all where there is no plan, that have a finite response and values of the space."""
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
