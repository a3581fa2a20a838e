"""The best few trained again with fresh seeds: which is best, with what certainty, and which to take.

The best of many trials has been lucky (*winner's curse*): with other seeds it is worse. Candidates are the
best by mean over the sweep's replicates, the most forgiving of those within one standard error
(`sensitivity.estimators.choosing`), the best of a search whose configurations ran once, and the default. All
of them train with the same fresh seeds (common random numbers), so differences are paired by seed.

Of the intervals of all pairs together 95 % hold what they shall (Bonferroni, because who is best is seen in
the same numbers). How much the sweep was too good is a difference between seeds of the sweep, a, and fresh
ones, b; its standard error is s √(1/a + 1/b), s from the fresh seeds, which chose nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy import stats

from sensitivity.estimators.choosing import choose
from sensitivity.measures import measure as m
from sensitivity.words import amount, counted, level_text, listed, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.choosing import Choice, Tried
    from sweeps.space import Configuration

LEVEL: Final = 0.95
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
        "Mean over the fresh seeds, with its 95 % interval.",
        m.AMOUNT,
        ends=("confirmed_low", "confirmed_high"),
    ),
    *m.estimate(
        "optimism",
        "Confirmed less that of the sweep: above 0 the sweep was too good.",
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
    roles.setdefault(choice.forgiving, []).append(FORGIVING)
    once = np.setdiff1d(np.arange(len(found.means)), choice.order)
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


@dataclass(frozen=True, eq=False)
class Decision:
    """What fresh seeds say of m candidates.

    Attributes
    ----------
    order
        Candidates by their mean, best first.
    behind, low, high
        Mean paired difference of each from the best, and its interval, which holds for all pairs together.
    tied
        Who cannot be told from the best, without itself.
    within
        Who is within one standard error of the best, itself included.
    take
        Of these the one whose worst neighbour is best.
    """

    order: Integers
    behind: Floats
    low: Floats
    high: Floats
    tied: list[int]
    within: list[int]
    take: int

    @property
    def best(self) -> int:
        """Candidate with the best mean."""
        return int(self.order[0])


def decide(values: Floats, worst: Floats) -> Decision:
    """Decide by results with fresh seeds, shape (m, seeds), and each one's worst neighbour, shape (m,)."""
    means = values.mean(axis=1)
    order = np.lexsort((worst, means))
    differences = values - values[order[0]]
    behind, error = differences.mean(axis=1), _standard_error(differences)
    pairs = max(1, math.comb(len(values), 2))
    half = error * stats.t.ppf(1 - (1 - LEVEL) / 2 / pairs, values.shape[1] - 1)
    tied = [row for row in order[1:].tolist() if behind[row] <= half[row]]
    within = [row for row in order.tolist() if behind[row] <= error[row]]
    take = min(within, key=lambda row: (worst[row], means[row], row))
    return Decision(order, behind, behind - half, behind + half, tied, within, take)


def _standard_error(rows: Floats) -> Floats:
    """Of the mean of each row."""
    return np.asarray(rows.std(axis=1, ddof=1) / math.sqrt(rows.shape[1]))


def confirmed(found: Tried, chosen: Sequence[Candidate], values: Floats, worst: Floats) -> pd.DataFrame:
    """Table of the candidates, best first.

    Parameters
    ----------
    values
        Results with fresh seeds, shape (candidates, seeds).
    worst
        Mean of each one's worst neighbour.
    """
    decision, seeds = decide(values, worst), values.shape[1]
    means, half = values.mean(axis=1), _standard_error(values) * _quantile(seeds)
    ranks = np.argsort(decision.order) + 1
    rows: list[dict[str, object]] = []
    for place, one in enumerate(chosen):
        before = math.nan if one.row is None else float(found.means[one.row])
        count = 0 if one.row is None else int(found.counts[one.row])
        wide = half[place] * math.sqrt(1 + seeds / count) if count else math.nan
        optimism = means[place] - before
        rows.append(
            {
                "candidate": letter(int(ranks[place]) - 1),
                "chosen_as": ", ".join(one.roles),
                "configuration": described(one.configuration),
                "in_the_sweep": before,
                "replicates": count,
                **_estimate("confirmed", means[place], half[place]),
                **_estimate("optimism", optimism, wide),
                "rank": int(ranks[place]),
                **dict(
                    zip(
                        ("behind", "behind_low", "behind_high"),
                        (decision.behind[place], decision.low[place], decision.high[place]),
                        strict=True,
                    )
                ),
                "worst_neighbour": worst[place] if math.isfinite(worst[place]) else math.nan,
                "take": place == decision.take,
            }
        )
    table = pd.DataFrame(rows, columns=m.names(COLUMNS))
    return table.sort_values("rank", kind="stable", ignore_index=True)


def _estimate(name: str, middle: float, half: float) -> dict[str, float]:
    return {name: middle, f"{name}_low": middle - half, f"{name}_high": middle + half}


def _quantile(seeds: int) -> float:
    return float(stats.t.ppf((1 + LEVEL) / 2, seeds - 1))


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
    top = [place for place, one in enumerate(chosen) if _is_best(one)]
    rows = [one.row for place, one in enumerate(chosen) if place in top and one.row is not None]
    before = float(np.mean(found.means[rows]))
    series, count = values[top].mean(axis=0), int(found.counts[rows].min())
    control = next((place for place, one in enumerate(chosen) if DEFAULT in one.roles), None)
    moved: float | None = None
    row = None if control is None else chosen[control].row
    if control is not None and row is not None and control not in top and found.counts[row] == count:
        moved = float(values[control].mean() - found.means[row])
        series, before = series - values[control], before - float(found.means[row])
    half = (
        float(_standard_error(series[None])[0]) * _quantile(len(series)) * math.sqrt(1 + len(series) / count)
    )
    size = float(series.mean()) - before
    return Curse(size, size - half, size + half, len(top), moved)


def _is_best(one: Candidate) -> bool:
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


def sentences(
    found: Tried, chosen: Sequence[Candidate], values: Floats, worst: Floats, sign: float = 1.0
) -> list[str]:
    """Which is best, with what certainty; which to take; how much the sweep was too good.

    ``sign`` makes a value the metric as it was recorded.
    """
    decision, seeds = decide(values, worst), values.shape[1]
    said = [_best(decision, seeds), _take(decision, worst, sign)]
    if any(_is_best(one) for one in chosen):
        said.append(_cursed(curse(found, chosen, values)))
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
    take = decision.take
    name = letter(decision.order.tolist().index(take))
    if take != decision.best:
        beside = worst[decision.best]
        than = f"A's has {short(sign * beside, 3)}" if math.isfinite(beside) else "A has none"
        return (
            f"Take {name}: within one standard error of A, and more forgiving: its worst neighbour in the "
            f"sweep has {short(sign * worst[take], 3)}, {than}."
        )
    if len(decision.within) == 1:
        return "Take A: no other is within one standard error of it."
    if not math.isfinite(worst[take]):
        return "Take A: of those within one standard error none has a neighbour to judge by."
    return (
        f"Take A: it is also the most forgiving within one standard error; its worst neighbour in the sweep "
        f"has {short(sign * worst[take], 3)}."
    )


def _cursed(found: Curse) -> str:
    who = "the best of the sweep" if found.count == 1 else f"the best {found.count} of the sweep"
    loses = "loses" if found.count == 1 else "lose"
    if found.low > 0:
        verdict = "more than chance explains"
    elif found.high < 0:
        verdict = "so there is none"
    else:
        verdict = "which may be chance"
    against = (
        ""
        if found.moved is None
        else " more than the default, which nobody chose by its result and which moves by "
        f"{short(found.moved, 2)}"
    )
    size = amount(found.size, found.low, found.high)
    return f"Winner's curse: with fresh seeds {who} {loses} {size}{against}; {verdict}."
