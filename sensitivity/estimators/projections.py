"""Main and total effects of many responses on one factorial at once, with standard errors.

The same projections as `sensitivity.measures.variance`, for K responses side by side: the validation error
after each epoch, an indicator for each threshold. Shapes: C configurations, R replicates, K responses, P
positions of the array of cell means.

Standard errors are about the *seed*: the grid is fixed, another sweep over it would draw other seeds. They
come from the delta method, in closed form, with each configuration's own noise variance σ_c²:

1. the gradient of the share with respect to the cell means, ∂τ²_u / ∂ȳ_c = 2 Σ_p∈c (m_u(p) − m) / P;
2. the square of the noise itself, 2 a² / df for the part a that noise adds to a variance of df degrees of
   freedom: all there is where the effect is null;
3. the error of the estimate of σ_c² that is taken off.

Intervals are share ± 1.96 standard errors. Without replicates there are none (NaN).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import scipy

from sensitivity.coding import key
from sensitivity.estimators.cells import CellTable, cell_table
from sensitivity.estimators.forms import noise_weights
from sensitivity.estimators.holes import filled
from sensitivity.estimators.noise import local_variances, widening

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats, Integers
    from sensitivity.study import Study

Z: Final = 1.959963984540054  # 97.5 % quantile of the normal distribution
CHUNK: Final = 20_000_000


@dataclass(frozen=True)
class Shares:
    """Shares of V_y = V + σ² for K responses; NaN where the design cannot tell.

    Attributes
    ----------
    main, total
        First-order and total index of each setting, noise taken off, unclipped, shape (settings, K).
    main_error, total_error
        Their standard errors, shape (settings, K).
    noise
        σ² / V_y, shape (K,).
    """

    main: Floats
    total: Floats
    main_error: Floats
    total_error: Floats
    noise: Floats

    @staticmethod
    def joined(parts: Sequence[Shares]) -> Shares:
        """Responses of several parts side by side."""
        return Shares(
            *(
                np.concatenate([getattr(part, name) for part in parts], axis=-1)
                for name in ("main", "total", "main_error", "total_error", "noise")
            )
        )


@dataclass(frozen=True)
class FactorialProjection:
    """The projections of a factorial, made once and applied to any response of its trials.

    Attributes
    ----------
    table
        The factorial; its own response is not used.
    """

    table: CellTable

    @property
    def rows(self) -> Integers:
        """Row of the plan of each configuration and replicate, shape (C, R)."""
        return self.table.rows

    @property
    def names(self) -> tuple[str, ...]:
        """Settings, in the order of the shares."""
        return self.table.names

    @cached_property
    def index(self) -> Integers:
        """Configuration at each position of the array, shape ``sizes``."""
        return self.table.index()

    @cached_property
    def collect(self) -> scipy.sparse.csr_matrix:
        """Matrix (C, P) that sums over the positions of each configuration."""
        flat = self.index.ravel()
        shape = (len(self.table.configurations), flat.size)
        return scipy.sparse.csr_matrix((np.ones(flat.size), (flat, np.arange(flat.size))), shape=shape)

    def values(self, response: Floats) -> Floats:
        """K responses by configuration and replicate, holes filled, shape (trials, K) → (C, R, K)."""
        return self._filled(response)[0]

    def _filled(self, response: Floats) -> tuple[Floats, Floats]:
        """The same, and the mean square by which each configuration may be wrong, shape (C, K)."""
        found: Floats = response[self.rows]
        there = self.rows >= 0
        if there.all():
            return found, np.zeros((len(found), found.shape[2]))
        both = [filled(self.table, one, there) for one in np.moveaxis(found, 2, 0)]
        return np.stack([one for one, _ in both], axis=2), np.stack([doubt for _, doubt in both], axis=1)

    @property
    def _counts(self) -> Floats:
        """Replicates of each configuration, infinite for one that was predicted, shape (C,)."""
        counts = (self.rows >= 0).sum(axis=1)
        return np.where(counts > 0, counts, np.inf)

    def shares(self, response: Floats) -> Shares:
        """Effects of each setting on each response.

        Parameters
        ----------
        response
            One row per trial of the table, shape (trials, K), finite.
        """
        values, doubt = self._filled(response)
        step = max(1, CHUNK // max(self.index.size, 1))
        places = range(0, values.shape[2], step)
        parts = [self._shares(values[:, :, at : at + step], doubt[:, at : at + step]) for at in places]
        return Shares.joined(parts)

    def _shares(self, values: Floats, doubt: Floats) -> Shares:
        local = local_variances(values, self.rows >= 0)
        cell = values.mean(axis=1) - values.mean(axis=(0, 1))
        quiet = np.nan_to_num(local)
        means = cell[self.index]
        weights, replicates = self.table.weights, np.minimum(self._counts, self.table.replicates)
        whole = self._closed(means, quiet, self.table.axes)
        v_y = whole.corrected + weights @ quiet
        # A prediction counts as R trials, so that what it may be wrong by is a σ_c² of R times as much.
        wrong = np.where(doubt > 0, np.maximum(doubt * self.table.replicates - quiet, 0), 0)
        unseen = _unseen_noise(values) + wrong
        constant = v_y <= 1e-24 * np.mean(values**2, axis=(0, 1))
        result = np.full((len(self.names), 4, values.shape[2]), np.nan)
        for axis in self.table.axes:
            others = [other for other in self.table.axes if other != axis]
            total = whole - self._closed(means, quiet, others)
            main = self._closed(means, quiet, [axis])
            result[axis, 0::2] = ratio(main, whole, quiet, weights, replicates, unseen)
            result[axis, 1::2] = ratio(total, whole, quiet, weights, replicates, unseen)
        result[:, :, constant] = np.nan
        unknown = np.isnan(local).any(axis=0)
        result[:, 2:, unknown] = np.nan
        noise = np.where(constant | unknown, np.nan, weights @ quiet / np.where(constant, 1, v_y))
        return Shares(result[:, 0], result[:, 1], result[:, 2], result[:, 3], noise)

    def _closed(self, means: Floats, noise: Floats, axes: Sequence[int]) -> Variance:
        """τ²_u of each response, with its gradient and what noise adds to it."""
        rest = tuple(axis for axis in self.table.axes if axis not in axes)
        marginal = means.mean(axis=rest, keepdims=True) if rest else means
        marginal = marginal - marginal.mean(axis=self.table.axes, keepdims=True)
        variance = np.mean(marginal**2, axis=self.table.axes)
        spread = np.broadcast_to(marginal, means.shape).reshape(-1, means.shape[-1])
        gradient = 2 / self.index.size * np.asarray(self.collect @ spread)
        weights = noise_weights(self.table, axes) / self._counts
        return Variance(variance - weights @ noise, gradient, weights)


@dataclass(frozen=True)
class Variance:
    """A closed variance less its noise (K,), its gradient (C, K) and the weights of σ_c² in it (C,)."""

    corrected: Floats
    gradient: Floats
    weights: Floats

    def __sub__(self, other: Variance) -> Variance:
        return Variance(
            self.corrected - other.corrected, self.gradient - other.gradient, self.weights - other.weights
        )


def ratio(
    part: Variance,
    whole: Variance,
    noise: Floats,
    weights: Floats,
    replicates: Floats,
    unseen: Floats | float = 0.0,
) -> tuple[Floats, Floats]:
    """Share of a variance in V_y = V + σ², and its standard error, shape (K,) each.

    Parameters
    ----------
    part, whole
        The variance, and V.
    noise
        σ_c², shape (C, K).
    weights, replicates
        Weight and number of replicates of each configuration, shape (C,).
    unseen
        Added to σ_c² for the error only, shape (K,) or (C, K).
    """
    v_y = whole.corrected + weights @ noise
    v_y = np.where(v_y > 0, v_y, np.nan)
    share = part.corrected / v_y
    gradient = (part.gradient - share * whole.gradient) / v_y
    noise = noise + unseen
    terms = gradient**2 * noise / replicates[:, None]
    first = np.maximum(terms.sum(axis=0), 0)
    df = max(float((part.weights * replicates).sum() / (weights**2).sum()), 1.0)  # Σ R weights = df / C
    second = 2 * (part.weights @ noise) ** 2 / df / v_y**2
    # S depends on the estimate of σ_c² through what is taken off and through σ² in V_y; the variance of that
    # estimate, 2 σ_c⁴ / (R − 1), is itself estimated without bias by 2 s_c⁴ / (R + 1).
    taken = (part.weights[:, None] + share * (weights - whole.weights)[:, None]) / v_y
    third = (taken**2 * 2 * noise**2 / (replicates[:, None] + 1)).sum(axis=0)
    return share, np.sqrt(first + second + third) * _widening(terms, replicates)


def _unseen_noise(values: Floats) -> Floats:
    """Noise that an indicator may have without showing it, shape (K,); zero for other responses.

    Replicates of an indicator may all agree by chance, which is no proof that they always do. As one adds
    to the counts of a proportion (Agresti & Coull 1998), one more disagreement is supposed: a sum of squares
    of (R − 1) / R over C (R − 1) degrees of freedom.
    """
    configurations, replicates = values.shape[:2]
    indicator = ((values == 0) | (values == 1)).all(axis=(0, 1))
    return np.where(indicator, 1 / (configurations * replicates), 0.0)


def _widening(terms: Floats, replicates: Floats) -> Floats:
    """Student's t over the normal quantile, for the degrees of freedom that the noise stands on, shape (K,).

    Satterthwaite (1946) for Σ_c a_c s_c², with 2 σ_c⁴ / (R − 1) estimated by 2 s_c⁴ / (R + 1): few where the
    noise sits in few configurations. So 1.96 standard errors are the t interval.
    """
    spread = (terms**2 / (replicates[:, None] + 1)).sum(axis=0)
    square = terms.sum(axis=0) ** 2
    return widening(np.divide(square, spread, out=np.full(len(square), np.inf), where=spread > 0))


def factorial_projection(study: Study) -> FactorialProjection | None:
    """Projections of the plan's trials; None where they are no balanced replicated factorial."""
    found = cell_table(study)
    return None if found is None else FactorialProjection(found)


def inside(projection: FactorialProjection, by: str, level: object) -> FactorialProjection:
    """Projections of one branch: ``by`` held at ``level``, settings that are inactive there left out.

    ``by`` must be active everywhere and have as many positions as levels.
    """
    table = projection.table
    axis = table.names.index(by)
    chosen = np.array([key(c.get(by)) == key(level) for c in table.configurations])
    position = int(table.start[chosen, axis][0])
    return FactorialProjection(table.branch(axis, position))
