"""What fresh seeds say of the best few, in sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sensitivity.estimators.fresh_seeds import decide
from sensitivity.language import say
from sensitivity.measures.confirm import curse, is_best, letter
from sensitivity.words import amount, enumerated, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats
    from sensitivity.estimators.fresh_seeds import Decision, Fresh
    from sensitivity.estimators.tried import Tried
    from sensitivity.measures.confirm import Candidate, Curse


def sentences(found: Tried, chosen: Sequence[Candidate], fresh: Fresh, sign: float = 1.0) -> list[str]:
    """Which is best, with what certainty; which to take; how much the sweep was too good.

    ``sign`` makes a value the metric as it was recorded.
    """
    decision, seeds = decide(fresh), fresh.values.shape[1]
    said = [_best(decision, seeds), _take(decision, fresh.worst, sign)]
    if any(is_best(one) for one in chosen):
        said.append(_cursed(curse(found, chosen, fresh.values), seeds))
    return said


def _best(decision: Decision, seeds: int) -> str:
    letters = {row: letter(place) for place, row in enumerate(decision.order.tolist())}
    tied = [letters[row] for row in decision.tied]
    beaten = [name for row, name in letters.items() if row != decision.best and row not in decision.tied]
    if not tied and not beaten:
        return say("confirm.only-one")
    which = "both" if tied and beaten else "sure" if beaten else "unsure"
    return say("confirm.best", count=seeds, which=which, beaten=enumerated(beaten), tied=enumerated(tied))


def _take(decision: Decision, worst: Floats, sign: float) -> str:
    letters = {row: letter(place) for place, row in enumerate(decision.order.tolist())}
    take, name = decision.take, letters[decision.take]
    if take != decision.best:
        beside = worst[decision.best]
        finite = math.isfinite(beside)
        return say(
            "confirm.take-other",
            name=name,
            worst=short(sign * worst[take], 3),
            beside=short(sign * beside, 3) if finite else "",
            known="yes" if finite else "no",
        )
    if decision.failing and len(decision.within) == 1:
        return say("confirm.take-a-failing", near=enumerated([letters[row] for row in decision.failing]))
    if len(decision.within) == 1:
        return say("confirm.take-a-alone")
    if not math.isfinite(worst[take]):
        return say("confirm.take-a-unjudged")
    return say("confirm.take-a", worst=short(sign * worst[take], 3))


def _cursed(found: Curse, seeds: int) -> str:
    verdict = "measurable" if found.low > 0 else "better" if found.high < 0 else "small"
    moved = "" if found.moved is None else short(found.moved, 2)
    against = "default" if found.moved is not None else "nothing"
    return say(
        "confirm.curse",
        count=found.count,
        seeds=seeds,
        against=against,
        verdict=verdict,
        size=amount(found.size, found.low, found.high),
        moved=moved,
    )
