"""The best few trained again with fresh seeds: which is best, with what certainty, and which to take.

The best of many trials has been lucky (*winner's curse*): with other seeds it is worse. Candidates are the
best by mean over the sweep's replicates, the most forgiving of those within one standard error
(`sensitivity.estimators.choosing`), the best of a search whose configurations ran once, and the default. All
of them train with the same fresh seeds (common random numbers), so differences are paired by seed.

How they are compared: `sensitivity.estimators.fresh_seeds`. How much the sweep was too good is a difference
between seeds of the sweep, a, and fresh ones, b; its standard error is s √(1/a + 1/b), s from the fresh ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.estimators.choosing import choose
from sensitivity.estimators.fresh_seeds import decide, quantile, standard_error
from sensitivity.measures import measure as m
from sensitivity.words import level_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats
    from sensitivity.estimators.choosing import Choice
    from sensitivity.estimators.fresh_seeds import Fresh
    from sensitivity.estimators.tried import Tried
    from sweeps.space import Configuration

FORGIVING: Final = "most forgiving"
SEARCHED: Final = "best of the search"
DEFAULT: Final = "default"
COLUMNS: Final = (
    m.Column("candidate", "Its letter: A is the best with fresh seeds.", title=""),
    m.Column("chosen_as", "``best`` and its place by mean in the sweep, and what else it is.", title="is"),
    m.Column("configuration", "Its settings."),
    m.Column(
        "in_the_sweep", "Mean over its replicates in the sweep; empty where it was not tried.", m.AMOUNT
    ),
    m.Column("replicates", "How many these were.", m.COUNT),
    *m.estimate(
        "confirmed",
        "Mean over the fresh seeds, with an interval that holds for all candidates together.",
        m.AMOUNT,
        ends=("confirmed_low", "confirmed_high"),
    ),
    *m.estimate(
        "optimism",
        "Confirmed less that of the sweep: above 0 the sweep was too good; holds for all together.",
        m.AMOUNT,
        ends=("optimism_low", "optimism_high"),
    ),
    m.Column("rank", "By the confirmed mean.", m.COUNT),
    *m.estimate(
        "behind",
        "Paired difference from the best, with an interval that holds for all pairs together.",
        m.AMOUNT,
        ends=("behind_low", "behind_high"),
    ),
    m.Column(
        "worst_neighbour", "Mean of its worst neighbour in the sweep; empty where it has none.", m.AMOUNT
    ),
    m.Column("take", "Whether it is the one to take."),
)


@dataclass(frozen=True)
class Candidate:
    """A configuration to train again, why, and its row among those tried, None where it was not."""

    configuration: Configuration
    roles: tuple[str, ...]
    row: int | None


def candidates(found: Tried, choice: Choice, top: int, default: Configuration | None) -> list[Candidate]:
    """Configurations to train again, each once, with all that they are.

    Parameters
    ----------
    top
        How many of the best by mean.
    default
        Default configuration, tried or not; None where nobody says what it is.
    """
    roles: dict[int, list[str]] = {}
    for place, row in enumerate(choice.order[:top].tolist(), 1):
        roles.setdefault(row, []).append(f"best {place}")
    if choice.weighed:
        roles.setdefault(choice.forgiving, []).append(FORGIVING)
    once = np.setdiff1d(np.flatnonzero(~found.planned), choice.order)
    if len(once):
        luckiest = int(once[np.argmin(found.means[once])])
        if found.means[luckiest] < found.means[choice.best]:
            roles.setdefault(luckiest, []).append(SEARCHED)
    own = None if default is None else found.row(default)
    if own is not None:
        roles.setdefault(own, []).append(DEFAULT)
    known = [Candidate(found.configurations[row], tuple(said), row) for row, said in roles.items()]
    return known if default is None or own is not None else [*known, Candidate(default, (DEFAULT,), None)]


def neighbours_of(found: Tried, chosen: Sequence[Candidate]) -> Floats:
    """Mean of the worst neighbour of each candidate; infinite where it has none."""
    rows = [one.row for one in chosen]
    worst = choose(found, [row for row in rows if row is not None]).worst
    return np.array([math.inf if row is None else worst[row] for row in rows])


def confirmed(found: Tried, chosen: Sequence[Candidate], fresh: Fresh) -> pd.DataFrame:
    """Table of the candidates, best first."""
    decision, (_, seeds) = decide(fresh), np.shape(fresh.values)
    means, half = fresh.means, fresh.half
    low, high = fresh.intervals()
    ranks = np.argsort(decision.order) + 1
    rows: list[dict[str, object]] = []
    for place, one in enumerate(chosen):
        before = math.nan if one.row is None else float(found.means[one.row])
        count = 0 if one.row is None else int(found.counts[one.row])
        wide = half[place] * math.sqrt(1 + seeds / count) if count else math.nan
        optimism, worst = means[place] - before, fresh.worst[place]
        rows.append(
            {
                "candidate": letter(int(ranks[place]) - 1),
                "chosen_as": ", ".join(one.roles),
                "configuration": described(one.configuration),
                "in_the_sweep": before,
                "replicates": count,
                **_estimate("confirmed", means[place], low[place], high[place]),
                **_estimate("optimism", optimism, optimism - wide, optimism + wide),
                "rank": int(ranks[place]),
                **_estimate("behind", decision.behind[place], decision.low[place], decision.high[place]),
                "worst_neighbour": worst if math.isfinite(worst) else math.nan,
                "take": place == decision.take,
            }
        )
    table = pd.DataFrame(rows, columns=m.names(COLUMNS))
    return table.sort_values("rank", kind="stable", ignore_index=True)


def _estimate(name: str, middle: float, low: float, high: float) -> dict[str, float]:
    return {name: middle, f"{name}_low": low, f"{name}_high": high}


def letter(place: int) -> str:
    """A, B, … Z, A2, B2 and so on."""
    round_, at = divmod(place, 26)
    return chr(ord("A") + at) + (str(round_ + 1) if round_ else "")


def described(configuration: Configuration) -> str:
    """Settings with their values, in a line."""
    return ", ".join(f"{name} {level_text(value)}" for name, value in configuration.items())


@dataclass(frozen=True)
class Curse:
    """How much better the best of a sweep looked there than with fresh seeds, 95 % interval.

    ``moved`` is the same of the default, which no result chose; None where the sweep did not train it.
    """

    size: float
    low: float
    high: float
    count: int
    moved: float | None


def curse(found: Tried, chosen: Sequence[Candidate], values: Floats) -> Curse:
    """Mean optimism of the best by mean.

    Where the sweep trained the default, and as often, what the default moved is taken off, seed by seed: that
    fresh seeds are harder or easier for all is no curse.
    """
    top = [place for place, one in enumerate(chosen) if is_best(one)]
    rows = [one.row for place, one in enumerate(chosen) if place in top and one.row is not None]
    before = float(np.mean(found.means[rows]))
    series, count = values[top].mean(axis=0), int(found.counts[rows].min())
    control = next((place for place, one in enumerate(chosen) if DEFAULT in one.roles), None)
    moved: float | None = None
    row = None if control is None else chosen[control].row
    if control is not None and row is not None and control not in top and found.counts[row] == count:
        moved = float(values[control].mean() - found.means[row])
        series, before = series - values[control], before - float(found.means[row])
    half = float(standard_error(series[None])[0]) * quantile(len(series)) * math.sqrt(1 + len(series) / count)
    size = float(series.mean()) - before
    return Curse(size, size - half, size + half, len(top), moved)


def is_best(one: Candidate) -> bool:
    """Whether it is among the best by mean."""
    return any(role.startswith("best ") and role != SEARCHED for role in one.roles)


def in_own_sign(table: pd.DataFrame, sign: float) -> pd.DataFrame:
    """The same with results as the metric has them, where a higher one is better (``sign`` −1).

    Differences stay as they are: above 0 is worse.
    """
    if sign > 0:
        return table
    low, high = -table["confirmed_high"], -table["confirmed_low"]
    turned = {name: -table[name] for name in ("in_the_sweep", "confirmed", "worst_neighbour")}
    return table.assign(**turned, confirmed_low=low, confirmed_high=high)
