"""Claims on the network (initialisation, activation, batch normalisation) and on what matters most."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sensitivity.claims.arms import REUSED, TRANSFER
from sensitivity.claims.claim import ERROR, SHARE, SMALLEST, WITHIN, Claim, Part, above, below
from sensitivity.claims.parts import MARGIN, faster
from sensitivity.claims.readings import BY_SGD, FIVE_SETTINGS, OWN_UNITS, SMALLER
from sensitivity.estimators.over_datasets import Mean
from sensitivity.estimators.own_best import own_best
from sensitivity.estimators.projections import Z
from sweeps.definition import SweepDefinition, parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.arrays import Floats
    from sensitivity.claims.world import World
    from sweeps.run import Sweep
    from sweeps.trial import FinishedTrial

ORDER: Final = "order"
RATE: Final = "learning_rate"
SPACE: Final[Mapping[str, Any]] = {
    "optimizer": ["sgd", "momentum", "rmsprop", "adam"],
    RATE: {"low": 1e-4, "high": 10.0, "log": True, "levels": 6},
    "batch_size": [16, 32, 128],
    "schedule": ["constant", "one_cycle"],
    "initialiser": ["he", "glorot"],
}


def order_definition(dataset: str, epochs: int, seed: int) -> SweepDefinition:
    """Sweep of five settings together, whose shares of the variance are compared."""
    raw = {"name": f"{ORDER}-{dataset}", "dataset": dataset, "epochs": epochs, "search": 0, "seed": seed}
    return parse({**raw, "space": dict(SPACE)})


@dataclass(frozen=True)
class Share:
    """Total effect of a setting, a share of the variance, with its standard error."""

    setting: str
    total: float
    error: float


def shares(sweep: Sweep, trials: Sequence[FinishedTrial]) -> list[Share]:
    """Total effect of every setting of a sweep."""
    from sensitivity.measures.measuring import SHARES, all_tables  # noqa: PLC0415 (heavy, and for one claim)
    from sensitivity.reading.own import from_finished  # noqa: PLC0415 (the same)

    study = from_finished(trials, sweep.definition, sweep.work.cap)
    table = all_tables(study, only=(SHARES,))[SHARES]
    rows = table[(table["branch"] == "all") & (table["kind"] == "total")]
    return [
        Share(str(row["setting"]), float(row["share"]), (float(row["high"]) - float(row["low"])) / (2 * Z))
        for row in rows.to_dict("records")
    ]


def _ahead(world: World) -> Mean:
    """Share of the learning rate less that of the setting nearest to it."""
    found: list[Share] = world.arms[ORDER]
    rate = next(one for one in found if one.setting == RATE)
    other = max((one for one in found if one.setting != RATE), key=lambda one: one.total)
    # Intervals that are apart: the sum of half-widths, not the root of the sum of squares.
    return Mean(rate.total - other.total, rate.error + other.error, math.inf)


_FRESH, *_OLD = REUSED


def _reused(world: World) -> Floats:
    """Normalised error at the best rate of the best way of re-using layers."""
    return own_best(np.concatenate([world.error(arm) for arm in _OLD]))


CLAIMS: Final = (
    Claim(
        "good-initialisation",
        "Good initialisation speeds training up",
        "F",
        (faster("deep-he", "deep-normal"),),
        readings=(BY_SGD,),
    ),
    Claim(
        "good-activation",
        "Good activation functions speed training up",
        "F",
        (faster("deep-he", "deep-sigmoid"),),
        readings=(BY_SGD,),
    ),
    Claim(
        "batch-norm",
        "Batch normalisation speeds training up",
        "F",
        (faster("deep-batch-norm", "deep-he"),),
        readings=(BY_SGD,),
    ),
    Claim(
        "reuse-layers",
        "Re-using pretrained layers helps",
        "F",
        (
            Part(
                "error: re-used layers, frozen or finetuned − fresh ones",
                ERROR,
                below(-MARGIN),
                lambda world: _reused(world) - world.own_error(_FRESH),
                REUSED,
                how=WITHIN,
                where=(TRANSFER,),
                readings=(OWN_UNITS, BY_SGD),
            ),
        ),
        "amended, because it is about one dataset: the sample is its replicates; which way of re-using is "
        "judged was chosen with the rate, on the other half of them",
    ),
    Claim(
        "sensitivity-order",
        "The learning rate is what matters most",
        "O",
        (
            Part(
                "share of variance, where it is least ahead: learning rate − the next setting",
                SHARE,
                above(0.0),
                _ahead,
                also=(ORDER,),
                how=SMALLEST,
                difference=True,
                readings=(FIVE_SETTINGS, SMALLER),
                in_units=False,
            ),
        ),
    ),
)
