"""What the first screen says of a setting, as data: where it is good, what a wrong value costs, what to draw.

Made by `sensitivity.reporting.advised`, said in words by `sensitivity.reporting.first_rows`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sensitivity.remarks import Said

    Estimate = tuple[float, float, float]


@dataclass(frozen=True)
class Cost:
    """What the worst value of a setting costs, and in which branch.

    Of a setting to tune whose worst value may cost nothing it is what a value chosen blindly costs; then
    ``worst_at`` is None.
    """

    amount: Estimate
    worst_at: object
    branch: str


@dataclass(frozen=True)
class Place:
    """Where a setting is good, in the branches for which that is the same.

    Attributes
    ----------
    advice
        In these branches.
    good
        Values to search next, in the words of `advice`; empty where they are not for tuning, or not known.
    value
        The best one; where it is to be fixed, the one to take.
    free
        Whether every value tried is within the tolerance, everything else tuned again.
    not_worse
        Whether it is to be fixed and no value is shown to be worse than the best one.
    beyond
        ``lowest`` or ``highest`` where the best value is the last one tried and stands out; else empty.
    """

    branches: tuple[str, ...]
    advice: str
    good: str
    value: object
    free: bool
    beyond: str
    not_worse: bool = False


@dataclass(frozen=True)
class Drawn:
    """What the next trials of a setting that is not judged are drawn from.

    Attributes
    ----------
    values
        Both ends of a range, or all choices.
    best
        The value of the best configuration.
    end
        ``lowest`` or ``highest`` where that is the last number tried: the way to go on; else empty.
    few
        Branch → trials that have the setting there, where these are too few; a single one is of all trials.
    """

    values: tuple[object, ...]
    is_range: bool
    best: object
    end: str
    few: Mapping[str, int]


@dataclass(frozen=True)
class Row:
    """A setting and what to do about it.

    Attributes
    ----------
    cost
        The largest of the places shown; where a branch is to be fixed and judged, in that one.
    reason
        Why it is not judged; None where it is, or where ``drawn`` says so.
    idle
        Branches in which it is not above the noise; `ALL` where over all trials.
    more
        Branches that are not told one by one.
    drawn
        None where it is judged.
    each
        Settings that have other good values for each value of this one.
    """

    setting: str
    advice: str
    rank: int
    share: Estimate
    judgement: object
    reason: Said | None
    places: tuple[Place, ...]
    cost: Cost
    idle: tuple[str, ...]
    more: int
    drawn: Drawn | None
    each: tuple[str, ...]
