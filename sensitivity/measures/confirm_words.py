"""What fresh seeds say of the best few, in sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sensitivity.estimators.fresh_seeds import decide
from sensitivity.measures.confirm import curse, is_best, letter
from sensitivity.words import amount, counted, listed, short

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
        return "A is the only candidate."
    sure = f"better than {listed(beaten)}" if beaten else ""
    unsure = f"not to be told from {listed(tied)}" if tied else ""
    parts = "; ".join(part for part in (sure, unsure) if part)
    return (
        f"Best with {counted(seeds, 'fresh seed')}: A, {parts} (differences paired by seed, 95 % for all "
        "pairs together)."
    )


def _take(decision: Decision, worst: Floats, sign: float) -> str:
    letters = {row: letter(place) for place, row in enumerate(decision.order.tolist())}
    take, name = decision.take, letters[decision.take]
    if take != decision.best:
        beside = worst[decision.best]
        than = f"A's has {short(sign * beside, 3)}" if math.isfinite(beside) else "A has none"
        return (
            f"Take {name}: within one standard error of A, and more forgiving: its worst neighbour in the "
            f"sweep has {short(sign * worst[take], 3)}, {than}."
        )
    if decision.failing and len(decision.within) == 1:
        near = listed([letters[row] for row in decision.failing])
        return (
            f"Take A: {near} diverged or failed with more of the seeds, and no other is within one standard "
            "error of it."
        )
    if len(decision.within) == 1:
        return "Take A: no other is within one standard error of it."
    if not math.isfinite(worst[take]):
        return "Take A: of those within one standard error none has a neighbour to judge by."
    return (
        f"Take A: it is also the most forgiving within one standard error; its worst neighbour in the sweep "
        f"has {short(sign * worst[take], 3)}."
    )


def _cursed(found: Curse, seeds: int) -> str:
    who = "the best of the sweep" if found.count == 1 else f"the best {found.count} of the sweep"
    loses = "loses" if found.count == 1 else "lose"
    if found.low > 0:
        verdict = "measurable"
    elif found.high < 0:
        verdict = "so none is measurable: with fresh seeds it is better"
    else:
        verdict = f"too small to be measured with {counted(seeds, 'fresh seed')}"
    against = (
        ""
        if found.moved is None
        else " more than the default, which nobody chose by its result and which moves by "
        f"{short(found.moved, 2)}"
    )
    size = amount(found.size, found.low, found.high)
    return f"Winner's curse: with fresh seeds {who} {loses} {size}{against}; {verdict}."
