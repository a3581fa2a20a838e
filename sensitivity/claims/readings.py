"""How words of a rule that leave something open were read, and where a rule was amended, with the reason.

Data of the ledger: every row shows those of its parts and its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Reading:
    """How a rule was read, and why, in a clause.

    ``amends``: it says otherwise than the words that were fixed, where else it fills what they leave open.
    """

    words: str
    amends: bool = False


UNITS: Final = Reading(
    "error 0 and the target are what sgd, momentum and adam reach, not what anybody did, because a claim "
    "asked alone has to have the numbers that it has among all",
    amends=True,
)
FASTEST: Final = Reading(
    "own best rate, of steps: the one with fewest, because the rate of the lowest error may be a slow one"
)
ALL_THREE: Final = Reading(
    "supported only where it is for all three optimizers, because the rule names each of them"
)
BY_SGD: Final = Reading("trained by sgd, because the rule names no optimizer")
MEAN_OF_THREE: Final = Reading(
    "mean over sgd, momentum and adam, because the rule names no optimizer, and these are the ones scheduled"
)
ONE_RATE: Final = Reading(
    "one rate is tuned, Adam's, because the others tune one; that of SGD is 0.1 and the switch half the run"
)
FIVE_SETTINGS: Final = Reading(
    "every other setting: optimizer, batch size, schedule and initialiser, because the rule names no sweep"
)
SMALLER: Final = Reading(
    "six rates and two replicates in place of eleven and eight, because five settings together take the time",
    amends=True,
)
INITIAL_LOSS: Final = Reading(
    "in units of the loss at initialisation, because losses of the datasets differ and could not be averaged",
    amends=True,
)
OWN_UNITS: Final = Reading(
    "0 is the best that these arms reach, because the reference arms train another network or on other data",
    amends=True,
)
EXACT_APART: Final = Reading(
    "after results were seen: a part in which nothing is random takes no share of the level (Bonferroni over "
    "the parts), because chance cannot contradict it",
    amends=True,
)
