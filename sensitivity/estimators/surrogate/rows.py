"""Rows of the surrogate path's table for one branch: shares, intervals, judgements.

Columns and rules: `sensitivity.estimators.surrogate.decomposition`.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy import stats

from sensitivity.estimators import effects as e
from sensitivity.estimators.significance import holm
from sensitivity.estimators.surrogate.unexplained import noise_share, unexplained_rows
from sensitivity.remarks import Judgement, Phrase, Remarks, Several

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sensitivity.arrays import Integers
    from sensitivity.estimators.surrogate.axes import Axis
    from sensitivity.estimators.surrogate.encoding import EncodedTrials
    from sensitivity.estimators.surrogate.placed import Placed
    from sensitivity.estimators.surrogate.region import Components, Estimate
    from sensitivity.estimators.surrogate.selection import Selected
    from sensitivity.estimators.surrogate.unknown import Parts

FEWEST_PER_SETTING: Final = 10
FEWEST_FITTED: Final = 3  # per setting: below, a q² that looks good is luck
FEWEST_HAVING: Final = 20  # configurations that have a setting, where others have it not
SMALLEST_SHARE: Final = 1e-3
FLOOR: Final = 1e-3  # half width: integration over the prior and the folds' choice are no better
ONE_SIDED: Final = 1.645
MUCH: Final = 0.1  # of the variance: where more may be missed, an interval from 0 on says nothing
CROSSED: Final = 0.5  # of √(S U); Cauchy-Schwarz allows 2, where an error has the very shape of the effect
_Z: Final = 1.96

Interval = tuple[float, float, float]


@dataclass(frozen=True)
class Grounds:
    """What the rows of a region stand on.

    Attributes
    ----------
    having
        Configurations of the region in which each setting is active, shape (settings,).
    second
        Those with the second most frequent of its names, or as many as are enough, shape (settings,).
    configurations
        Of the whole plan.
    unknown
        U, the share of the region's variance that the surrogate may miss; NaN where trials follow the prior.
    """

    having: Integers
    second: Integers
    configurations: int
    unknown: float

    @property
    def adaptive(self) -> bool:
        """Whether trials do not follow the prior."""
        return not np.isnan(self.unknown)

    def allow(self, row: e.Row, axes: Sequence[int]) -> e.Row:
        """Row of an effect of some axes, its judgement withdrawn where the trials do not bear it."""
        *head, low, high, judgement, remarks = row
        if judgement is None or judgement == Judgement.UNKNOWN:
            return row
        have = int(self.having[list(axes)].min()) if axes else self.configurations
        if have < min(FEWEST_HAVING, self.configurations):
            ends = (0.0, 1.0) if self.adaptive else (low, high)
            return (*head, *ends, Judgement.UNKNOWN, Remarks(*remarks, e.FEW_HAVE_IT(have)))  # type: ignore[return-value]
        second = int(self.second[list(axes)].min()) if axes else FEWEST_HAVING
        if self.adaptive and second < FEWEST_HAVING:
            return (*head, 0.0, 1.0, Judgement.UNKNOWN, Remarks(*remarks, e.ONE_LEVEL(second)))  # type: ignore[return-value]
        if not self.adaptive or low > SMALLEST_SHARE:
            return row
        if self.unknown > MUCH:
            return (*head, low, high, Judgement.UNKNOWN, Remarks(*remarks, e.NOT_COVERED))  # type: ignore[return-value]
        return (*head, low, high, Judgement.NOT_ABOVE, remarks)  # type: ignore[return-value]


def second_level(axis: Axis, trials: EncodedTrials, column: int) -> int:
    """Trials with the second most frequent of an axis' names; `FEWEST_HAVING` where these are enough.

    They are where all names have as many: of numbers a surrogate also learns from their neighbours.
    """
    edges = axis.edges
    if not axis.categorical or edges is None:
        return FEWEST_HAVING
    latent = trials.latent[trials.points.active[:, column], column]
    counts = np.sort(np.histogram(latent, edges)[0])
    enough = min(FEWEST_HAVING, len(latent) // len(counts))
    return FEWEST_HAVING if len(counts) < 2 or counts[-2] >= enough else int(counts[-2])


def region_rows(
    label: str, placed: Placed, selected: Selected, region: Components, grounds: Grounds, parts: Parts
) -> list[e.Row]:
    """All rows of one branch."""
    noise = noise_share(selected, region)
    rough = e.ADAPTIVE if grounds.adaptive else None
    lack = 1 - region.explained - noise.share
    # Without replicates noise and lack of fit cannot be told apart: half of the noise may be either.
    slack = max(lack if noise.known else lack + noise.share / 2, 0.0)
    widening = _Widening(region, parts, lack, slack, float(np.nan_to_num(grounds.unknown)))
    judgements = _judgements(placed, region, label)
    rows = [
        *_effect_rows(label, placed, region.main, judgements.main, e.MAIN, widening.main),
        *_effect_rows(label, placed, region.total, judgements.total, e.TOTAL, widening.total),
        *_pair_rows(label, placed, region, judgements, widening),
    ]
    of = _axes_of(placed)
    rows = [grounds.allow(row, of.get(row[2], ())) for row in rows]
    alone = {placed.names[axis] for axis in region.apart}
    rows = [(*row[:-1], Remarks(*row[-1], rough, e.ALONE if row[2] in alone else None)) for row in rows]
    out = e.RACED(Several(tuple(map(_surrogate, selected.left_out)))) if selected.left_out else None
    fit = Remarks(e.FIT(_surrogate(selected.name), region.q2, _Z * region.q2_error), out, rough, *placed.seen)
    rows += unexplained_rows(label, noise, lack - widening.given, _Z * region.q2_error, fit)
    if label == e.ALL:
        block = placed.observed.block / region.variance
        excuse = Remarks(e.NO_REPLICATES if np.isnan(block) else None)
        rows.append((label, e.REPLICATE_KIND, e.REPLICATE_ROW, block, np.nan, np.nan, None, excuse))
    return rows


def _axes_of(placed: Placed) -> dict[str, tuple[int, ...]]:
    """Axes of each setting and of each pair, by the name of its row."""
    names, places = placed.names, placed.places
    pairs = itertools.combinations(places, 2)
    alone = {names[place]: (place,) for place in places}
    return alone | {e.pair(names[a], names[b]): (a, b) for a, b in pairs}


@dataclass(frozen=True)
class _Widening:
    """Shares with what the surrogates have missed, and their intervals.

    Attributes
    ----------
    region, parts
        One-step estimates, what the residuals tell of what these miss, and whose the lack of fit is.
    lack
        Lack of fit, a share.
    slack, both
        What moves the upper end of totals and interactions beside the errors, and U, which moves both ends.
    """

    region: Components
    parts: Parts
    lack: float
    slack: float
    both: float

    def main(self, axis: int) -> Interval:
        """Main effect: what is missed is estimated from residuals, before that from the process."""
        missed = self.region.missed.get((e.MAIN, axis))
        before = self._lack * self.parts.main.get(axis, 0.0)
        if missed is None:
            return self._interval(self.region.main[axis], 0.0, 0.0)
        return self._interval(
            self.region.main[axis], self.added(axis), max(missed.square, before) + ONE_SIDED * missed.error
        )

    def total(self, axis: int) -> Interval:
        """Total effect: of the lack of fit, what the process does not know of it."""
        added = self._lack * self.parts.total.get(axis, 0.0)
        return self._interval(self.region.total[axis], added, self.slack)

    def pair(self, pair: tuple[int, int]) -> Interval:
        """Interaction of two settings."""
        missed = self.region.missed.get((e.INTERACTION, pair))
        added = 0.0 if missed is None else missed.shrunk
        return self._interval(self.region.interaction[pair], added, self.slack)

    def higher(self, estimate: Estimate) -> Interval:
        """Interactions of three and more."""
        return self._interval(estimate, 0.0, self.slack)

    def added(self, axis: int) -> float:
        """What a main effect is raised by."""
        missed = self.region.missed.get((e.MAIN, axis))
        before = self._lack * self.parts.main.get(axis, 0.0)
        return 0.0 if missed is None else missed.expected(before)

    @property
    def given(self) -> float:
        """All of the lack of fit that main effects and interactions were given."""
        pairs = [part.shrunk for (kind, _), part in self.region.missed.items() if kind == e.INTERACTION]
        apart = [self.region.main[axis].share for axis in self.region.apart]
        return sum(self.added(axis) for axis in self.region.main) + sum(pairs) + sum(apart)

    @property
    def _lack(self) -> float:
        return max(self.lack, 0.0) if self.region.fits else 0.0

    def _interval(self, estimate: Estimate, added: float, most: float) -> Interval:
        raw = estimate.share
        crossed = CROSSED * (float(np.clip(raw + added, 0, 1)) * self.both) ** 0.5
        reach = max(_Z * estimate.error + self.both + crossed, FLOOR)
        return raw + added, raw - reach, raw + max(added, most) + reach


def _effect_rows(
    label: str,
    placed: Placed,
    estimates: dict[int, Estimate],
    judgements: Mapping[int, e.Judged],
    kind: str,
    interval: Callable[[int], Interval],
) -> list[e.Row]:
    """Main effects or totals in the order of the space."""
    rows: list[e.Row] = []
    for place, name in zip(placed.places, placed.space.names, strict=True):
        if place in estimates:
            rows.append((label, kind, name, *interval(place), *judgements[place]))
        elif label == e.ALL:
            nothing = (np.nan, np.nan, np.nan, Judgement.UNKNOWN, Remarks(e.ONE_VALUE))
            rows.append((label, kind, name, *nothing))
    return rows


def _pair_rows(
    label: str, placed: Placed, region: Components, judgements: _Judgements, widening: _Widening
) -> list[e.Row]:
    """Interactions of pairs in the order of the space, and of more."""
    names = placed.names
    both = itertools.combinations([place for place in placed.places if place in region.main], 2)
    rows: list[e.Row] = [
        (
            label,
            e.INTERACTION,
            e.pair(names[first], names[second]),
            *widening.pair(pair),
            *judgements.pair[pair],
        )
        for first, second in both
        if (pair := (min(first, second), max(first, second))) in region.interaction
    ]
    if region.higher is not None:
        ends = widening.higher(region.higher)
        rows.append((label, e.INTERACTION, e.HIGHER, *ends, *judgements.higher))
    return rows


@dataclass(frozen=True)
class _Judgements:
    """Judgements by axis, by pair of axes, and of the higher orders."""

    main: Mapping[int, e.Judged]
    total: Mapping[int, e.Judged]
    pair: Mapping[tuple[int, int], e.Judged]
    higher: e.Judged


def _judgements(placed: Placed, region: Components, label: str) -> _Judgements:
    """Judgements by the rules of `sensitivity.estimators.factorial`: settings first, their terms after."""
    places, pairs = list(region.main), list(region.interaction)
    excuse = _excuse(placed, region, label)
    if excuse is not None:
        return _Judgements(
            dict.fromkeys(places, excuse), dict.fromkeys(places, excuse), dict.fromkeys(pairs, excuse), excuse
        )
    setting = _holm({i: _p_value([region.main[i], region.total[i]], region.count) for i in places})
    main = _holm({i: _p_value([region.main[i]], region.count) for i in places})
    others: dict[object, float] = {p: _p_value([region.interaction[p]], region.count) for p in pairs}
    others[e.HIGHER] = _p_value([region.higher] if region.higher else [], region.count)
    others = _holm(others)
    return _Judgements(
        {place: e.judged(max(main[place], setting[place])) for place in places},
        {place: e.judged(setting[place]) for place in places},
        {pair: e.judged(max(others[pair], setting[pair[0]], setting[pair[1]])) for pair in pairs},
        e.judged(others[e.HIGHER]),
    )


def _excuse(placed: Placed, region: Components, label: str) -> e.Judged | None:
    """Judgement of everything where the surrogate does not see anything; None where it does."""
    active = placed.active(list(region.main))
    fits = region.fits
    if region.count < (FEWEST_FITTED if fits else FEWEST_PER_SETTING) * max(active, 4):
        count = placed.count if label == e.ALL else region.count
        return Judgement.UNKNOWN, Remarks(e.NOT_IDENTIFIABLE(count))
    return None if fits else (Judgement.NOT_ABOVE, Remarks())


def _holm(p_values: dict[Any, float]) -> dict[Any, float]:
    return dict(zip(p_values, holm(list(p_values.values())), strict=True))


def _p_value(estimates: list[Estimate], count: int) -> float:
    """One-sided p of "all are 0" (Bonferroni); a share below a thousandth counts as 0."""
    p_values = [
        float(stats.t.sf(estimate.share / max(estimate.sampling, 1e-12), count - 1))
        for estimate in estimates
        if estimate.share > SMALLEST_SHARE
    ]
    smallest = min(p_values, default=1.0)
    return min(1.0, len(estimates) * smallest)


_SURROGATES: Final = {
    "gaussian process": Phrase("surrogate-process"),
    "polynomial chaos": Phrase("surrogate-chaos"),
    "extra trees": Phrase("surrogate-trees"),
    "boosting": Phrase("surrogate-boosting"),
}


def _surrogate(name: str) -> Several:
    """Name of a kind of surrogate, or of two of them, in words."""
    return Several(tuple(_SURROGATES[one] for one in name.split(" with ")), "two-with")
