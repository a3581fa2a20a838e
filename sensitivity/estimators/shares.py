"""Shares of a factorial's variance with intervals, in every world of the noise.

With replicates there is one. Without, what neighbouring configurations share of the noise is unknown
(`sensitivity.estimators.unreplicated`): shares are those of the likely world, intervals reach from the lowest
end in any world to the highest, and to the shares that there would be without any noise, and an effect is one
if it is in all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sensitivity.estimators import forms
from sensitivity.estimators.intervals import ends, score
from sensitivity.estimators.significance import agreed, box_tests, f_ratios, least_noncentrality

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.arrays import Floats
    from sensitivity.estimators.cells import CellTable
    from sensitivity.estimators.intervals import Score
    from sensitivity.estimators.noise import Noise

    Terms = Sequence[Mapping[forms.Axes, int]]
    Shared = tuple[forms.Forms, Floats, float]


def corrected_shares(table: CellTable, terms: Terms, found: Noise) -> Shared:
    """Forms, shares and V̂_y of K terms, of V and of the noise, in this order: shape (K + 2,).

    What the noise adds to each form, Σ A[c, c] σ̂_c²/R, is taken off before dividing.
    """
    mean_variance = found.of_means
    everything: dict[forms.Axes, int] = {table.axes: 1}
    parts = forms.evaluate(table, [*terms, everything, {}], mean_variance + found.doubt, found.together)
    pooled = found.known and not found.replicated
    corrected = parts.value - (parts.expected if pooled else parts.diagonal @ mean_variance)
    seed = float(table.weights @ found.local)
    whole = float(corrected[-2]) + seed
    numbers: Floats = np.append(corrected[:-1], seed)
    return parts, numbers / whole if whole > 0 else np.full_like(numbers, np.nan), whole


def in_worlds(table: CellTable, terms: Terms, found: Noise, own: Shared) -> list[tuple[Noise, Shared]]:
    """The noise with its forms and shares, then those of its other worlds, the quiet one last."""
    others = [*found.worlds, found.quiet] if found.quiet else found.worlds
    return [(found, own), *((world, corrected_shares(table, terms, world)) for world in others)]


def scores(table: CellTable, worlds: Sequence[tuple[Noise, Shared]]) -> list[Score]:
    """What intervals are made of, one per world that has any: none without noise."""
    return [
        score(parts, share, whole, table.weights, world, world.together)
        for world, (parts, share, whole) in worlds
        if world.together is not None and whole > 0
    ]


def widest(found: Noise, own: Shared, ends: Sequence[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """Lowest and highest of the ends in all worlds, each of shape (K + 2,); NaN without any."""
    parts, share, _ = own
    if not ends:
        return np.full(len(share), np.nan), np.full(len(share), np.nan)
    if found.quiet:  # the whole is the last but one, the noise the last
        plain = np.append(parts.value[:-1] / parts.value[-2], 0.0)
        ends = [*ends, (plain, plain)]
    return np.min([low for low, _ in ends], axis=0), np.max([high for _, high in ends], axis=0)


def least_shares(
    table: CellTable, terms: Terms, found: Noise, own: Shared, places: Sequence[int]
) -> dict[int, float]:
    """Lowest share of some terms that Box's test allows in the worlds of the noise; 0 where it rejects none.

    A score interval spans what the noise may be and what its own share may be at once; where both are read
    off a handful of contrasts it is from nothing to all, however clear the test. The noncentral F
    distribution knows the noise by the same degrees of freedom as the test. With λ at its lower end
    V_i / σ² is tr(AΣ) λ / (ν₁ σ²), and S_i = 1 / (1 + σ² / V_i + V_rest / V_i), V_rest in proportion to V_i
    as estimated. Exact if nothing else has an effect; a true interaction that is taken for noise only
    lowers it.
    """
    lowest = dict.fromkeys(places, 1.0)
    for world, (parts, share, whole) in in_worlds(table, terms, found, own):
        if world is found.quiet:  # tests do not ask it
            continue
        ratios, seed = f_ratios(parts, world), float(table.weights @ world.local)
        for place in places:
            ratio = parts.value[place] / ratios.expected[place]
            needed = least_noncentrality(ratio, ratios.first[place], ratios.second[place])
            of_noise = ratios.expected[place] * needed / ratios.first[place] / seed
            rest = max(1 - share[place] - share[-1], 0.0) / share[place] if share[place] > 0 else np.inf
            low = 1 / (1 + 1 / of_noise + rest) if whole > 0 and of_noise > 0 else 0.0
            lowest[place] = min(lowest[place], low)
    return lowest


def with_totals(numbers: Floats, count: int) -> Floats:
    """Numbers of which ``count`` main effects come first, then as many totals: no total is below its main."""
    found = numbers.copy()
    found[count : 2 * count] = np.maximum(found[:count], found[count : 2 * count])
    return found


def intervals_and_tests(
    table: CellTable, terms: Terms, found: Noise, own: Shared, smallest: float
) -> tuple[Floats, Floats, Floats]:
    """Ends of the 95 % intervals and p of the tests, shape (K + 2,) each.

    Parameters
    ----------
    own
        Forms and shares of ``found``.
    smallest
        Below this, a variance is rounding.
    """
    worlds = in_worlds(table, terms, found, own)
    low, high = widest(found, own, ends(scores(table, worlds)) if found.together else [])
    tested = [one for one in worlds if one[0] is not found.quiet]
    return low, high, agreed([box_tests(parts, world, smallest) for world, (parts, _, _) in tested], own[0])
