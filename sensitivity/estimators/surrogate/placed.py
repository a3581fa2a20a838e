"""Trials of a plan as draws of an encoded design: what every surrogate is fitted to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.estimators import effects as e
from sensitivity.estimators.surrogate.canonical import canonical_rows, canonical_space
from sensitivity.estimators.surrogate.encoding import EncodedTrials, Encoding, coded_columns, encode
from sensitivity.estimators.surrogate.observed import Observed, observed_of
from sensitivity.remarks import Remarks
from sensitivity.trials import REPLICATE, VALUE, planned

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sensitivity.estimators.surrogate.axes import Axis
    from sensitivity.remarks import Said
    from sensitivity.study import Study
    from sweeps.space import Space

MOST_DRAWS: Final = 5000
FEWEST_DRAWS: Final = 5


@dataclass(frozen=True)
class Apart:
    """One axis with its trials, whose points have no other, and whether it took more than one value."""

    axis: Axis
    trials: EncodedTrials
    varied: bool


@dataclass(frozen=True)
class Placed:
    """Draws of a design, encoded, in their canonical order.

    Attributes
    ----------
    encoding
        The canonical space as coordinates.
    trials, observed
        Coordinates and responses of the draws.
    varied
        Axes that took more than one value.
    count
        Trials behind the draws.
    space
        The space as it was given: the order in which everything is shown.
    apart
        Axes that no surrogate learns from, with their trials (`screening`); numbered after all others.
    of
        Draws there are, of which these may be a random sample.
    chosen
        Whether results decided which trials are among them: then they do not follow the prior.
    """

    encoding: Encoding
    trials: EncodedTrials
    observed: Observed
    varied: list[int]
    count: int
    space: Space
    apart: tuple[Apart, ...] = ()
    of: int = 0
    chosen: bool = False

    @property
    def names(self) -> list[str]:
        """Name of each axis."""
        return [*self.encoding.names, *(one.axis.name for one in self.apart)]

    @property
    def places(self) -> list[int]:
        """Axis of each setting, in the order of the given space."""
        number = {name: place for place, name in enumerate(self.names)}
        return [number[name] for name in self.space.names]

    def active(self, axes: Sequence[int]) -> float:
        """Number of these axes that a configuration has, on average."""
        width = len(self.encoding.axes)
        own = self.trials.points.active[:, [axis for axis in axes if axis < width]].mean(axis=0).sum()
        others = (self.apart[axis - width].trials.points.active.mean() for axis in axes if axis >= width)
        return float(own) + float(sum(others))

    def of_axes(self, kept: Sequence[int]) -> Placed:
        """The same draws with some of the axes; the others apart."""
        left = [axis for axis in range(len(self.encoding.axes)) if axis not in set(kept)]
        return replace(
            self,
            encoding=self.encoding.of_axes(kept),
            trials=self.trials.of_axes(kept),
            varied=[place for place, axis in enumerate(kept) if axis in set(self.varied)],
            apart=tuple(
                Apart(self.encoding.axes[axis], self.trials.of_axes([axis]), axis in set(self.varied))
                for axis in left
            ),
        )

    @property
    def seen(self) -> Remarks:
        """That a surrogate sees a part of the draws or of the settings only, where it does."""
        settings = len(self.varied), len(self.varied) + sum(one.varied for one in self.apart)
        draws = len(self.observed), self.of
        return Remarks(
            e.LEARNED_FROM(*settings) if settings[0] < settings[1] else None,
            e.SAMPLED(*draws) if draws[0] < draws[1] else None,
        )

    @property
    def told_apart(self) -> bool:
        """Whether there are configurations enough that differ, whatever they gave."""
        return len(np.unique(self.observed.group)) >= FEWEST_DRAWS and bool(self.varied)

    @property
    def excuse(self) -> Said | None:
        """Why there is nothing to estimate; None where there is."""
        if not self.told_apart:
            return e.NOT_IDENTIFIABLE(self.count)
        return self.observed.sameness() if self.observed.constant else None


def placed_study(study: Study) -> Placed:
    """Draws of a study's value: for `Study.once`, as every surrogate of it starts from them."""
    return replace(placed_trials(study.trials, study.space), chosen=study.pruned > 0)


def placed_trials(trials: pd.DataFrame, space: Space, value: str = VALUE) -> Placed:
    """The plan's rows, or all where there is no plan, that have a finite response and values of the space."""
    plan = planned(trials)
    plan = plan[np.isfinite(plan[value].to_numpy(dtype=np.float64, na_value=np.nan))]
    response, replicate = plan[value].to_numpy(dtype=np.float64), plan[REPLICATE].to_numpy()
    columns = coded_columns(plan, space.names)
    encoding = Encoding(canonical_space(space, columns, response), columns)
    encoded = encode(columns or plan, encoding)
    order = np.flatnonzero(encoded.inside)
    order = order[canonical_rows(encoded.rows(order), replicate[order], response[order])]
    encoded, count = encoded.rows(order), len(order)
    if count == 0:
        nothing = np.zeros(0, dtype=np.int64)
        empty = Observed(nothing, nothing, np.zeros(0), np.zeros(0), np.zeros(0), np.nan, 0, np.nan)
        return Placed(encoding, encoded, empty, [], 0, space)
    given = [columns[name][0][order] for name in encoding.names if name in columns]
    codes = np.column_stack([np.zeros((count, 0), dtype=np.int64), *given])
    observed = observed_of(codes, replicate[order], response[order])
    of = len(observed)
    if of > MOST_DRAWS:
        sample = np.sort(np.random.default_rng(0).choice(of, MOST_DRAWS, replace=False))
        observed = observed.rows(sample)
    encoded = encoded.rows(observed.first)
    varied = [
        place
        for place in range(len(encoding.axes))
        if len(np.unique(encoded.latent[encoded.points.active[:, place], place])) > 1
    ]
    return Placed(encoding, encoded, observed, varied, count, space, of=of)
