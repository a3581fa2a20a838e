"""Components of the noise where weights, order and split were crossed, with intervals.

Model of one configuration c in k² replicates, a Latin square of k draws of each source:

    y_c(w, o, s) = f(c) + W_cw + O_co + S_cs + ε_c(w, o, s)

Any two draws of two sources meet once, so the mean squares of the classical analysis of a Latin square tell
the components apart: E MS_W = k σ_W² + σ_ε² and so on, with k − 1 degrees of freedom each and (k − 1)(k − 2)
for MS_ε. What two or three sources do together is part of ε. Mean squares are pooled over configurations by
their weight; what a draw does to all configurations alike is part of its component.

All configurations have the same k draws, so pooling many of them does not give many degrees of freedom. With
Σ the covariance of the deviations of the configurations and W their weights, a pooled mean square of n
contrasts has n (tr WΣ)² / tr (WΣ)² of them (Satterthwaite 1946): n where all configurations deviate alike, n
times their number where they deviate by themselves. Both traces are estimated from the contrasts without bias
(Wishart moments). Intervals come from generalized pivots (Weerahandi 1993): mean squares drawn as
MS · ν / χ²_ν, components of each draw, quantiles of what is made of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sensitivity.arrays import Floats, Integers

DRAWN: Final = 4_000
_ENDS: Final = (0.025, 0.975)


@dataclass(frozen=True)
class Components:
    """Variance components of the noise of one configuration: each source, then the rest.

    Attributes
    ----------
    variance
        σ² of each, shape (4,), unclipped: of a source that does nothing it scatters around 0.
    between
        Variance of f over the configurations, corrected for the noise.
    degrees
        Degrees of freedom of the mean square of each, shape (4,).
    drawn
        σ² of each in draws of what it may be, never negative, shape (DRAWN, 4).
    """

    variance: Floats
    between: float
    degrees: Floats
    drawn: Floats

    @property
    def noise(self) -> float:
        """Variance of the noise, all sources together."""
        return float(self.variance.sum())

    def of_noise(self) -> tuple[Floats, Floats, Floats]:
        """Share of the noise of each, and the ends of its 95 % interval, shape (4,)."""
        return self._shares(0.0)

    def of_variance(self) -> tuple[Floats, Floats, Floats]:
        """Share of the variance of one trial's response of each, and its interval, shape (4,)."""
        return self._shares(max(self.between, 0.0))

    def _shares(self, beside: float) -> tuple[Floats, Floats, Floats]:
        whole = self.drawn.sum(axis=1, keepdims=True) + beside
        shares = np.divide(self.drawn, whole, out=np.zeros_like(self.drawn), where=whole > 0)
        low, high = np.quantile(shares, _ENDS, axis=0)
        share = self.variance / (self.noise + beside)
        return share, np.minimum(low, share), np.maximum(high, share)


def components(values: Floats, weights: Floats, draws: Integers) -> Components:
    """Components of the noise of crossed replicates.

    Parameters
    ----------
    values
        Responses, shape (C, k²), all finite.
    weights
        Of each configuration, shape (C,); their sum is 1.
    draws
        Draw of each source in each replicate, from 0 to k − 1, shape (k², 3): a Latin square.
    """
    size = int(draws.max()) + 1
    parts = list(_parts(values, draws))
    contrasts = np.array([size - 1] * 3 + [(size - 1) * (size - 2)])
    traces = [_traces(part, weights, n) for part, n in zip(parts, contrasts.tolist(), strict=True)]
    squares = np.array([square for square, _, _ in traces])
    degrees = _degrees(contrasts, traces)
    mean = weights @ values
    block = [float((part**2).sum()) / n for part, n in zip(_parts(mean[None], draws), contrasts, strict=True)]
    variance = _solved(squares, size)
    within = float(weights @ ((values - mean) ** 2).mean(axis=1))
    between = within + float(_solved(np.array(block), size).sum() - variance.sum())
    rng = np.random.default_rng(0)
    drawn = squares * degrees / rng.chisquare(degrees, (DRAWN, len(degrees)))
    return Components(variance, between, degrees, np.maximum(_solved(drawn, size), 0.0))


def _solved(squares: Floats, size: int) -> Floats:
    """Components from mean squares of the three sources and the rest, shape (…, 4)."""
    rest = squares[..., 3:]
    return np.concatenate([(squares[..., :3] - rest) / size, rest], axis=-1)


def _parts(values: Floats, draws: Integers) -> Iterator[Floats]:
    """Deviations of each configuration by the draws of each source, then what is left, shape (C, k²) each."""
    left = values - values.mean(axis=1, keepdims=True)
    centred = left
    for draw in draws.T:
        level = (draw[:, None] == np.arange(draw.max() + 1)).astype(np.float64)  # (k², k)
        part = centred @ (level / level.sum(axis=0)) @ level.T
        left = left - part
        yield part
    yield left


def _traces(part: Floats, weights: Floats, n: int) -> tuple[float, float, float]:
    """Estimates of tr WΣ, of its square and of tr (WΣ)², from deviations that hold n contrasts.

    For A = Σ_c w_c (contrasts of c)(contrasts of c)ᵀ: E (tr A)² = n² t₁² + 2 n t₂ and
    E tr A² = n (n + 1) t₂ + n t₁² with t₁ = tr WΣ, t₂ = tr (WΣ)².
    """
    products = (part * weights[:, None]).T @ part
    trace, squares = float(np.trace(products)), float((products**2).sum())
    second = max(n * squares - trace**2, 0.0) / (n * (n - 1) * (n + 2))
    return trace / n, (trace**2 - 2 * n * second) / n**2, second


def _degrees(contrasts: Integers, traces: list[tuple[float, float, float]]) -> Floats:
    """Degrees of freedom of each mean square, at least as many as it has contrasts.

    How much the configurations deviate together, tr (WΣ)² / (tr WΣ)², is poorly known from two contrasts, and
    sources can differ in it. What counts is the larger of what a source says by itself and what all say
    together, each with one voice more that says "alike": it holds the coverage (``test_noise_sources``).
    """
    first, second = (np.array([trace[place] for trace in traces]) for place in (1, 2))
    alike = np.clip(np.divide(second, first, out=np.ones_like(first), where=first > 0), 0.0, 1.0)
    voices = contrasts * (contrasts + 1) / 2 - 1  # products of two contrasts, less the one that scales them
    own = (voices * alike + 1) / (voices + 1)
    every = (float(voices @ alike) + 1) / (float(voices.sum()) + 1)
    degrees: Floats = contrasts / np.maximum(own, every)
    return degrees
