"""The weighted mean of two surrogates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.estimators.surrogate.encoding import Points
    from sensitivity.estimators.surrogate.prior import Surrogate


@dataclass(frozen=True)
class Blend:
    """Two surrogates and their weights, which sum to 1."""

    parts: tuple[Surrogate, Surrogate]
    weights: tuple[float, float]

    @property
    def smooth(self) -> bool:
        """Whether both are."""
        return all(part.smooth for part in self.parts)

    def predict(self, points: Points) -> Floats:
        """Weighted mean of both predictions, shape (N,)."""
        first, second = (w * part.predict(points) for w, part in zip(self.weights, self.parts, strict=True))
        found: Floats = first + second
        return found
