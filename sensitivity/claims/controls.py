"""Claims whose answer is known: run with the others, they say whether the ledger can be believed."""

from __future__ import annotations

import math
from typing import Final

from sensitivity.claims.claim import RATIO, Claim, Part, below
from sensitivity.claims.parts import FASTER, faster

CLAIMS: Final = (
    Claim(
        "planted-null",
        "Momentum with β = 0 and other seeds is faster than plain gradient descent",
        "control",
        (faster("sgd-again", "sgd"),),
        beside="Must be inconclusive: nothing differs but the seeds.",
    ),
    Claim(
        "planted-false",
        "Plain gradient descent is faster than momentum",
        "control",
        (faster("sgd", "momentum"),),
        beside="Must be contradicted, if momentum is faster at all.",
    ),
    Claim(
        "planted-double",
        "Plain gradient descent is faster than with other seeds and every step counted half",
        "control",
        (
            Part(
                "steps to the target: sgd over half the steps of sgd-again",
                RATIO,
                below(FASTER),
                lambda world: world.own_steps("sgd") - world.own_steps("sgd-again") + math.log(2),
                ("sgd", "sgd-again"),
            ),
        ),
        "added, because the falsehood of planted-false was believed and not planted: this one is false by "
        "construction, by a factor of two",
        beside="Must be contradicted: the falsehood is planted.",
    ),
)
