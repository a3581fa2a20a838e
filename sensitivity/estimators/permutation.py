"""Whether a result goes with a setting at all: a test that needs no model and no known noise.

Of trials that were drawn at random a setting without any effect is independent of the result and of all other
settings, whatever these do. So its values may be dealt out anew among the trials, and a result that goes with
the setting better than with 19 of 20 such deals is no luck: an exact test (Fisher 1935; Good 2005,
*Permutation, Parametric and Bootstrap Tests*), of few trials and of any noise.

What is compared is R²: of the means of names, of a parabola in the place of a number among the others, so
that a valley counts and the scale does not. A main effect explains at least as much as any function of its
setting does, so a lower end of that R² is one of the share as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import scipy

from sensitivity.estimators.significance import least_noncentrality

if TYPE_CHECKING:
    from sensitivity.arrays import Floats, Integers

FEWEST: Final = 10  # trials: as few say nothing of a valley
MOST: Final = 500  # beyond, models tell what there is
DEALS: Final = 1999
DEGREE: Final = 2


@dataclass(frozen=True)
class Association:
    """How a result goes with a setting.

    Attributes
    ----------
    p
        Share of deals that fit as well, the trials themselves counted among them (Phipson & Smyth 2010).
    explained
        R² less what chance explains, (R² (n − 1) − k) / (n − k − 1) (Ezekiel 1930).
    low
        Lower end of R² among all possible trials, one-sided 2.5 %: λ / (λ + n) with λ of the noncentral F.
    """

    p: float
    explained: float
    low: float


def association(response: Floats, place: Floats, *, named: bool) -> Association | None:
    """How a result goes with a setting; None where there are too few trials, or only one value.

    Parameters
    ----------
    response, place
        Of each trial, shape (n,): the order of trials does not matter, nor the scale of places.
    named
        Whether places are names, so that only their means count.
    """
    count = len(response)
    if not FEWEST <= count <= MOST or np.ptp(place) == 0:
        return None
    order = np.lexsort((response, place))
    values = response[order] - response.mean()
    basis = _basis(place[order], named=named)
    size, whole = basis.shape[1], float(values @ values)
    if size >= count - 2 or whole <= 1e-24 * count * float(np.mean(response**2)):
        return None
    squares = ((values[_deals(count)] @ basis) ** 2).sum(axis=1)
    own = float(((values @ basis) ** 2).sum())
    p = (1 + int((squares >= own * (1 - 1e-9)).sum())) / (1 + DEALS)
    part, left = min(own / whole, 1 - 1e-12), count - size - 1
    needed = least_noncentrality(part / size / ((1 - part) / left), size, left)
    return Association(p, (part * (count - 1) - size) / left, needed / (needed + count))


def _basis(place: Floats, *, named: bool) -> Floats:
    """Orthonormal columns without the constant, shape (n, k): of names, or of a parabola in the ranks."""
    _, level = np.unique(place, return_inverse=True)
    if named:
        columns = np.eye(int(level.max()) + 1)[level][:, 1:]
    else:
        rank = scipy.stats.rankdata(place) / len(place)
        columns = np.column_stack([rank**degree for degree in range(1, min(DEGREE, int(level.max())) + 1)])
    basis: Floats = np.linalg.qr(columns - columns.mean(axis=0))[0]
    return basis


@lru_cache(maxsize=8)
def _deals(count: int) -> Integers:
    """Orders in which so many values are dealt out, always the same, shape (`DEALS`, n)."""
    rng = np.random.default_rng(count)
    found: Integers = rng.permuted(np.tile(np.arange(count), (DEALS, 1)), axis=1)
    found.flags.writeable = False
    return found
