"""What a surrogate has missed of each effect, from its cross-validated residuals.

The one-step estimators (`sensitivity.estimators.surrogate.one_step`) leave out ‖f_u − m_u‖² for the settings
u. Under the prior their residuals r have the effects f_u − m_u, so with orthonormal functions φ_p of u

    ‖f_u − m_u‖² = Σ_p c_p²,   c_p = E[r φ_p(x_u)],   ĉ_p² − s_p²/n unbiased,   s_p² = mean (r φ_p)²,

which is the second-order term of a higher-order influence function (Robins et al. 2008). Functions: all
contrasts of a category, polynomials of low degree of a number; where a setting is inactive they are 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.estimators.surrogate.polynomial_chaos import discrete_basis, is_discrete, legendre_basis

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.estimators.surrogate.axes import Axis
    from sensitivity.estimators.surrogate.encoding import EncodedTrials

ALONE: Final = 5  # degree of the polynomials of one number
TOGETHER: Final = 3  # and of each of two


@dataclass(frozen=True)
class Missed:
    """Squared norm of what was missed: the unbiased estimate and its standard error."""

    square: float
    error: float

    def of(self, variance: float) -> Missed:
        """The same as a share of a variance."""
        return Missed(self.square / variance, self.error / variance)

    def expected(self, before: float) -> float:
        """What is expected of it, where ``before`` the residuals were seen so much was, give or take as much.

        Weighted by precision; never below 0.
        """
        own, prior = self.error**2, before**2
        if own + prior == 0:
            return 0.0
        return max((self.square * prior + before * own) / (own + prior), 0.0)

    @property
    def shrunk(self) -> float:
        """What is added to an estimate: nothing below one standard error, nearly all from three on."""
        if self.square <= self.error:
            return 0.0
        return self.square * (1 - (self.error / self.square) ** 2)


def functions(axis: Axis, place: int, trials: EncodedTrials, degree: int) -> Floats:
    """Orthonormal functions of one setting at the trials, shape (n, functions); 0 where it is inactive."""
    x = trials.points.positions[:, place]
    own = discrete_basis(axis, degree)[axis.code(x)] if is_discrete(axis) else legendre_basis(x, degree)
    found: Floats = own * trials.points.active[:, place, None]
    return found


def missed(residual: Floats, first: Floats, second: Floats | None = None) -> Missed:
    """Norm of the residuals' projection on functions of one setting, or on all products with a second's.

    Parameters
    ----------
    residual
        Shape (n,), n at least 2.
    first, second
        Functions at the same trials, shape (n, functions) each.
    """
    count = len(residual)
    weight = np.ones((count, 1)) if second is None else second
    means = first.T @ (residual[:, None] * weight) / count
    variances = (first**2).T @ (residual[:, None] ** 2 * weight**2) / count / count
    squares = (means**2 - variances) * count / (count - 1)
    error = 2 * (variances**2).sum() + 4 * (variances * np.maximum(squares, 0)).sum()
    return Missed(float(squares.sum()), float(error) ** 0.5)
