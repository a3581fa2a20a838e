"""One dataset's trainings in the units that all claims share.

Errors are normalised: 0 is the best mean error of the reference arms (plain gradient descent, momentum,
Adam), 1 that of a constant prediction. Steps are those to a loss 90 % of the way from the reference's loss at
initialisation to its lowest mean final loss. The reference is fixed, so a claim that is asked alone has the
same numbers as among all.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.claims.arms import REFERENCE
from sensitivity.estimators.own_best import own_best
from sensitivity.estimators.steps_to_target import CENSORED, steps_to_target
from sweeps.training import EPOCH_COST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sensitivity.arrays import Floats, Integers
    from sensitivity.claims.trainings import Trained

TARGET: Final = 0.9  # part of the way to the lowest loss


@dataclass(frozen=True)
class World:
    """Trainings on a dataset, perhaps with replicates drawn again.

    Attributes
    ----------
    dataset
        Its name.
    arms
        `Trained` by name, and whatever else was measured there.
    picked
        Replicates, shape (…, replicates); None: as they are.
    reference
        Arms that give the units.
    """

    dataset: str
    arms: Mapping[str, Any]
    picked: Integers | None = None
    reference: tuple[str, ...] = REFERENCE
    kept: dict[tuple[str, str], Floats] = field(default_factory=dict, compare=False)

    def again(self, picked: Integers) -> World:
        """The same with other replicates, shape (…, replicates): (rates, …, replicates) is what they give."""
        return replace(self, picked=picked)

    def replicates(self, arm: str) -> int:
        """How many there are of an arm."""
        trained: Trained = self.arms[arm]
        return int(trained.error.shape[1])

    def _of(self, values: Floats) -> Floats:
        return values if self.picked is None else values[:, self.picked]

    @cached_property
    def _scale(self) -> tuple[float, float, float]:
        """Best mean error, loss at initialisation, lowest mean final loss: of the reference."""
        found: list[Trained] = [self.arms[name] for name in self.reference]
        best = min(float(arm.error.mean(axis=1).min()) for arm in found)
        final = [arm.losses[..., -1].mean(axis=1) for arm in found]  # NaN where one is not finite
        return best, float(found[0].losses[..., 0].mean()), min(float(np.nanmin(one)) for one in final)

    def rates(self, arm: str) -> Floats:
        """log10 of the rates."""
        trained: Trained = self.arms[arm]
        return np.log10(trained.rates)

    def error(self, arm: str) -> Floats:
        """Normalised error, (rates, replicates)."""
        trained: Trained = self.arms[arm]
        best = self._scale[0]
        return self._of((trained.error - best) / (trained.constant - best))

    def failed(self, arm: str) -> Floats:
        """1 where training was not finite, or no better than a constant prediction."""
        trained: Trained = self.arms[arm]
        unfinished = ~np.isfinite(trained.losses[..., -1])
        return self._of((unfinished | (trained.error >= trained.constant)).astype(float))

    def diverged(self, arm: str) -> Floats:
        """1 where training was not finite, or its loss rose."""
        trained: Trained = self.arms[arm]
        return self._of(trained.diverged)

    def losses(self, arm: str) -> Floats:
        """Training losses, (rates, replicates, epochs + 2)."""
        trained: Trained = self.arms[arm]
        return self._of(trained.losses)

    def steps(self, arm: str) -> Floats:
        """Steps to the target, (rates, replicates)."""
        if ("steps", arm) not in self.kept:
            trained: Trained = self.arms[arm]
            _, start, lowest = self._scale
            target = start - TARGET * (start - lowest)
            self.kept["steps", arm] = steps_to_target(trained.losses, target, trained.steps_per_epoch)
        return self._of(self.kept["steps", arm])

    def epochs(self, arm: str) -> Floats:
        """Epochs to the target."""
        trained: Trained = self.arms[arm]
        return self.steps(arm) / trained.steps_per_epoch

    def evaluations(self, arm: str) -> Floats:
        """Evaluations to the target: an epoch is three forward passes over the training set."""
        return self.epochs(arm) * EPOCH_COST

    def censored(self, arm: str) -> Floats:
        """1 where the target was never reached."""
        trained: Trained = self.arms[arm]
        budget = (trained.losses.shape[-1] - 2) * trained.steps_per_epoch
        return np.asarray(self.steps(arm) >= CENSORED * budget, dtype=np.float64)

    def own_error(self, arm: str) -> Floats:
        """Normalised error at the arm's own best rate, (replicates,)."""
        return own_best(self.error(arm))

    def own_steps(self, arm: str) -> Floats:
        """Log of the steps at the rate that is the arm's fastest, (replicates,)."""
        return own_best(np.log(self.steps(arm)))
