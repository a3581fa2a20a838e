"""What a surrogate does not explain: noise of the seed, and lack of fit.

Replicates tell the two apart; without any they are one share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scipy import stats

from sensitivity.estimators import effects as e
from sensitivity.remarks import Remarks

if TYPE_CHECKING:
    from sensitivity.estimators.surrogate.region import Components
    from sensitivity.estimators.surrogate.selection import Selected

LACK_OF_FIT_ROW: Final = "surrogate"
_Z: Final = 1.96


@dataclass(frozen=True)
class NoiseShare:
    """Noise of one region as a share of its V_y, with its interval; ``known`` from replicates."""

    share: float
    low: float
    high: float
    known: bool


def noise_share(selected: Selected, region: Components) -> NoiseShare:
    """Noise from replicates; from the Gaussian process' nugget where there are none.

    Where q² is not above 0 everything is noise as far as anyone can tell.
    """
    rest = 1 - region.explained
    if region.df > 0:
        share = region.seed / region.variance
        quantiles = stats.chi2.ppf([0.975, 0.025], region.df) / region.df
        return NoiseShare(share, share / quantiles[0], share / quantiles[1], known=True)
    high = max(rest, 0.0) + _Z * region.q2_error
    nugget = selected.process.noise / region.variance
    share = rest if not region.fits else min(nugget, rest)
    return NoiseShare(share, 0.0, max(high, share), known=False)


def unexplained_rows(label: str, noise: NoiseShare, lack: float, reach: float, fit: Remarks) -> list[e.Row]:
    """Rows of the noise and of the lack of fit; one share of both, as noise, where nothing tells them apart.

    A nugget of 0 beside a large lack of fit says that the process follows every trial, not that trainings
    have no noise.
    """
    if noise.known:
        reach += (noise.high - noise.low) / 2
        ends = (lack, lack - reach, lack + reach)
        own = (noise.share, noise.low, noise.high)
        return [
            (label, e.NOISE, e.SEED_ROW, *own, None, Remarks()),
            (label, e.LACK_OF_FIT, LACK_OF_FIT_ROW, *ends, None, fit),
        ]
    both, inside = noise.share + lack, Remarks(*fit, e.IN_NOISE)
    share = max(both, 0.0)  # below, effects add up to more than all there is
    high = max(noise.high, share)
    return [
        (label, e.NOISE, e.SEED_ROW, share, 0.0, high, None, Remarks(e.FROM_SCATTER)),
        (label, e.LACK_OF_FIT, LACK_OF_FIT_ROW, both - share, both - share, high, None, inside),
    ]
