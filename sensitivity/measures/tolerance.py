"""Tolerance: what range of each setting stays within a tolerance of the best, and what a blind value costs.

Definition: W_i(ε) = P_{x_i}(curve(x_i) ≤ f* + ε (f_ref − f*)) under the prior of x_i. f_ref is the plan's
median under the prior (or the cap), because a loss has no meaningful zero to be relative to. The
learning-rate sensitivity of Wortsman et al. (2023), E[min(ℓ(η), ℓ_0)] − ℓ*, is the column ``regret`` of the
slice, for any setting; responses are capped already.

Intervals are about the seed (draws of the cell means, see `intervals`); those of widths also about the grid:
a curve that is linear between levels cannot see what happens between them (`coarser`). The best of many noisy
means is lucky; on a slice, where its neighbours were not chosen, its expected luck is taken off (without
replicates it cannot be, and slices read too narrow). Several equally good configurations make the slice a
matter of which one is taken (here the first): then look inside each optimizer. A slice has no interval: in
another sweep it goes through another of many nearly equal configurations, so that one about the slice taken
covers three times in four.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sensitivity.estimators.curves.bands import Band, band, mean_excess, share_within
from sensitivity.estimators.curves.coarser import coarser, silent
from sensitivity.estimators.curves.costs import costs
from sensitivity.estimators.curves.curves import Curve, decades_of, too_few_along
from sensitivity.estimators.curves.drawing import stretched
from sensitivity.estimators.curves.goals import (
    COMMON,
    OVERALL,
    OWN,
    RETUNED,
    SLICE,
    UNTUNED,
    Goal,
    curves_of,
    floors,
    fractions,
    goals,
    width,
)
from sensitivity.estimators.curves.intervals import spanned
from sensitivity.estimators.curves.remarks import (
    AT_EDGE,
    BLURRED,
    FEW_CONFIGURATIONS,
    FEW_OF_BRANCH,
    IN_BINS,
    NO_INTERVAL,
    TOO_FEW_ALONG,
    edge,
    few,
    how_known,
)
from sensitivity.estimators.curves.responses import ALL
from sensitivity.estimators.curves.virtual_grid import PREDICTED, reachable, sparse, untold
from sensitivity.measures import measure as m
from sensitivity.measures.moving_optimum import RATE
from sensitivity.remarks import REMARKS, Phrase, Remark, Remarks
from sensitivity.words import percent, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats
    from sensitivity.estimators.curves.costs import Costs
    from sensitivity.estimators.curves.responses import Responses
    from sensitivity.remarks import Said
    from sensitivity.study import Study

TOLERANCE: Final = 0.1
# Draws do not know that some replicates are wild at all rates, where medians over everything else are far
# from the best: 40 replicates of digits moved their mean this much more.
WILD: Final = 1.15
BAR: Final = "bar"
EDGE: Final = "at_edge"
CUT_LOW: Final = "cut_low"
CUT_HIGH: Final = "cut_high"
ALONE: Final = Remark("no_other_value")
NOWHERE: Final = Remark("nowhere")
FLAT: Final = Remark("flat_elsewhere")
OF_A_SLICE: Final = Remark("no_interval_of_a_slice")
CUT: Final = Remark("cut_off")
CUT_TWICE: Final = Remark("cut_off_at_both_ends")
UNTOLD: Final = Remark("values_not_told_apart")
WITHIN_LUCK: Final = Remark("good_but_for_luck")
ANY: Final = "any value"
SEPARATE: Final = Remark("separate_intervals")
NARROW: Final = Remark(IN_BINS.name, message="best_of_bins-narrow")
COLUMNS: Final = (
    m.BRANCH_COLUMN,
    m.Column("setting", "Setting that the range is of."),
    m.Column(
        "method",
        "``re-tuned``: everything else free; ``slice``: everything else as in the branch's best "
        "configuration; ``untuned``: the median over everything else, diverged trials at the cap; against "
        "the common bar only.",
    ),
    m.Column(
        "against",
        "``own best``: f* and f_ref of the branch itself, so the tolerance is the branch's own; ``overall "
        "best``: those of the whole plan, so branches can be compared. For the branch ``all`` the two are "
        "one. ``common bar``: f* of the whole plan, and f_ref is the cap; only where a cap is known. A bad "
        "optimizer's median is bad, so its own tolerance is generous; this bar is the same for everyone and "
        "far from the noise.",
    ),
    *m.estimate(
        "fraction",
        "W_i with its 95 % interval, of seed and grid: share of the prior (of the branch's own range).",
        m.SHARE,
        "share-of-the-range",
    ),
    *m.estimate(
        "decades",
        "The same times log10(highest / lowest value): for settings on a log scale.",
        m.DECADES,
        ends=("decades_low", "decades_high"),
    ),
    m.hidden("from", "Lowest value within the tolerance; empty for choices and where there is none."),
    m.hidden("to", "Highest value within the tolerance, likewise."),
    m.Column("band", "The values in words, intervals apart where there are several.", title="good-values"),
    m.hidden(
        "intervals",
        "Number of separate intervals, or of good choices; 0 where nothing is good enough.",
        m.COUNT,
    ),
    m.hidden(BAR, "Response that is still good: f* + ε (f_ref − f*).", m.RESPONSE),
    m.Column(
        "best_at",
        "Value with the best response of the curve; empty where none is told.",
        title="best-at",
    ),
    *m.estimate(
        "regret",
        "Mean of the curve over the prior less f*, in units of the response, with its 95 % interval; of "
        "``re-tuned`` less the luck of the curve's best value too.",
        title="mean-regret",
        ends=("regret_low", "regret_high"),
    ),
    m.hidden(
        EDGE, "``low`` or ``high``: the end of the range at which the best value is; else empty.", m.TEXT
    ),
    m.hidden(CUT_LOW, "Whether the lowest value of the range is within the tolerance.", m.FLAG),
    m.hidden(CUT_HIGH, "Whether the highest value of the range is within the tolerance.", m.FLAG),
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)


def tolerance(study: Study) -> pd.DataFrame:
    """Range of each setting within the study's tolerance ε of the best, per branch.

    One row per branch, setting, method and reference; settings with a single value are left out.
    """
    found = reachable(study)
    share = TOLERANCE if study.tolerance is None else study.tolerance
    grids = {name: coarser(found, name) for name in found.names}
    means = silent(found)
    finest = {name: floors(means, name) for name in found.names}
    few_of = sparse(found)
    rows: list[dict[str, object]] = []
    for branch, mask in found.branches():
        bars = goals(found, branch, mask, study.chance)
        for name in found.varied(mask):
            coarse = [
                fractions(grid, name, branch, mask[kept], study.chance, share) for grid, kept in grids[name]
            ]
            for method, curve, worlds in curves_of(found, name, mask, bars[OWN]):
                told = costs(found, curve) if method == RETUNED and len(curve) > 1 else None
                for against, bar in bars.items():
                    if method == UNTUNED and against != COMMON:
                        continue
                    fewer = [one.get((method, against), math.nan) for one in coarse]
                    numbers = _row(
                        curve, worlds, bar, method, share, fewer, finest[name][branch][against], told
                    )
                    judged = _judged(found, curve, bar, method, share, few_of.get(branch))
                    if against == OWN and told is not None:
                        if untold(found, curve):
                            numbers, judged = _anything(curve, numbers, judged)
                        elif found.lucky and _good_but_for_luck(curve, numbers, told):
                            numbers, judged = _all_good(curve, numbers, judged)
                    if scarce := too_few_along(found, name, mask):
                        numbers, judged = {}, _unread(TOO_FEW_ALONG(scarce))
                    about = {"branch": branch, "setting": name, "method": method, "against": against}
                    rows.append(about | numbers | judged)
    return pd.DataFrame(rows, columns=m.names(COLUMNS)).astype({"from": "float64", "to": "float64"})


def comparable(table: pd.DataFrame) -> pd.DataFrame:
    """Rows that compare branches by one bar: re-tuned, against the common bar or else the overall best."""
    rows = table[table["method"] == RETUNED]
    if (rows["against"] == COMMON).any():
        return rows[rows["against"] == COMMON]
    return rows[(rows["against"] == OVERALL) | (rows["branch"] == ALL)]


def forgiving(table: pd.DataFrame) -> pd.DataFrame:
    """Rows that say how much a branch forgives with nothing else tuned; without a cap `comparable` ones."""
    rows = table[table["method"] == UNTUNED]
    return rows if len(rows) else comparable(table)


def choices_beside(study: Study, setting: str) -> int:
    """Most choices of the other settings that a branch has beside one; 1 where nothing else varies."""
    others = [name for name in study.space.names if name not in (setting, study.branch)]
    plan = study.plan[study.plan[setting].notna()]
    by = [study.branch] if study.branch in plan else []
    chosen = plan[[*by, *others]].drop_duplicates()
    return int(chosen.groupby(by).size().max()) if by and len(chosen) else max(len(chosen), 1)


def _row(
    curve: Curve,
    worlds: list[Floats],
    bar: Goal,
    method: str,
    share: float,
    coarse: Sequence[float],
    finest: float,
    told: Costs | None,
) -> dict[str, object]:
    """Numbers of one curve by one bar: how much of it is good (see `width`), and the regret."""
    if len(curve) < 2:
        return {}
    best = bar.seen(method)
    pairs = list(zip(worlds, bar.worlds, strict=True)) if len(curve.draws) and worlds else []
    good = width(curve, worlds, bar, method, share, coarse, finest)
    low, high = good.interval(0.0, 1.0)
    decades = decades_of(curve)
    return {
        "fraction": good.estimate,
        "low": low,
        "high": high,
        "decades": good.estimate * decades,
        "decades_low": low * decades,
        "decades_high": high * decades,
        BAR: float(bar.limit(best, share)),
        "best_at": curve.levels[curve.foremost],
        **_regret(curve, pairs, best, method, told),
    }


def _regret(
    curve: Curve, pairs: Sequence[tuple[Floats, Floats]], best: float, method: str, told: Costs | None
) -> dict[str, object]:
    """What a value drawn blindly costs against ``best``, and its interval.

    Everything else tuned again: against the curve's own best less its luck (`costs`), and that best against
    the one of all where it is another.
    """
    middle = float(mean_excess(curve, curve.best, np.array(best)))
    reach = WILD if method == UNTUNED else 1.0
    low, high = spanned(middle, [stretched(mean_excess(curve, draws, f), reach) for draws, f in pairs], 0.0)
    if told is not None:
        behind = max(float(curve.best.min()) - best, 0.0)
        middle, ends = told.blind[0] + behind, told.blind[1:]
        low, high = ends if behind == 0 else (min(low, middle), high)
    return {"regret": middle, "regret_low": low, "regret_high": high}


def _judged(
    found: Responses, curve: Curve, bar: Goal, method: str, share: float, trials: int | None
) -> dict[str, object]:
    """Where the curve is good, and what is worth knowing about that; ``trials`` of a branch with few."""
    if len(curve) < 2:
        return _unread(ALONE)
    within = band(curve, float(bar.limit(bar.seen(method), share)))
    known = bool(within.runs) and curve.ordered
    cuts = int(within.touches_low) + int(within.touches_high)
    side, count = edge(curve), len(within.runs)
    never = not count and trials is None
    return {
        "from": within.runs[0][0] if known else math.nan,
        "to": within.runs[-1][1] if known else math.nan,
        "band": _words(within, curve),
        "intervals": count,
        EDGE: side,
        CUT_LOW: within.touches_low,
        CUT_HIGH: within.touches_high,
        REMARKS: Remarks(
            few(found.configurations),
            None if trials is None else FEW_OF_BRANCH(trials),
            NOWHERE if never else None,
            _flat(curve, bar, method, share) if never else None,
            AT_EDGE(side) if side and not (cuts == 2 and count == 1) else None,  # else any value is good
            (None, CUT, CUT_TWICE)[cuts],
            SEPARATE(count) if curve.ordered and count > 1 else None,
            OF_A_SLICE if method == SLICE else BLURRED if bar.blurred(share) else None,
            *how_known(found, curve, NARROW),
        ),
    }


def _unread(why: Said | Remark) -> dict[str, object]:
    """Where a curve tells nothing, and why."""
    return {"intervals": 0, EDGE: "", CUT_LOW: False, CUT_HIGH: False, REMARKS: Remarks(why)}


def _anything(
    curve: Curve, numbers: dict[str, object], judged: dict[str, Any]
) -> tuple[dict[str, object], dict[str, object]]:
    """Numbers and judgement of a curve whose levels are not told apart: all of it, as far as can be told."""
    decades, known = decades_of(curve), curve.ordered
    whole = {"fraction": 1.0, "decades": decades, "best_at": math.nan}
    if not math.isnan(float(str(numbers["low"]))):
        whole |= {"high": 1.0, "decades_high": decades}
    ends = (float(curve.levels[0]), float(curve.levels[-1])) if known else (math.nan, math.nan)
    said = judged[REMARKS].only(BLURRED, FEW_OF_BRANCH, FEW_CONFIGURATIONS, PREDICTED, NO_INTERVAL)
    return numbers | whole, judged | {
        "from": ends[0],
        "to": ends[1],
        "band": ANY,
        "intervals": 1 if known else len(curve),
        EDGE: "",
        CUT_LOW: known,
        CUT_HIGH: known,
        REMARKS: Remarks(UNTOLD, *said),
    }


def _good_but_for_luck(curve: Curve, numbers: dict[str, Any], told: Costs) -> bool:
    """Whether less the luck of worst and best all of a curve is within the bar, and as it lies is not.

    Not of a surrogate, whose draws are wild where it has few trials: of it `untold` says the same.
    """
    return bool(numbers["fraction"] < 1 and curve.best.min() + told.worst[0] <= numbers[BAR])


def _all_good(
    curve: Curve, numbers: dict[str, object], judged: dict[str, Any]
) -> tuple[dict[str, object], dict[str, object]]:
    """Numbers and judgement of a curve whose worst value costs no more than the tolerance: all of it is good.

    What a value costs and what counts as good are one measure; by the plain difference the worst would be no
    good value and yet cost less than a good one may.
    """
    whole, known = band(curve, math.inf), curve.ordered
    wide = {"fraction": 1.0, "decades": decades_of(curve)}
    if not math.isnan(float(str(numbers["low"]))):
        wide |= {"high": 1.0, "decades_high": decades_of(curve)}
    ends = whole.runs[0][0], whole.runs[-1][1]
    narrow = (NOWHERE, FLAT, CUT, SEPARATE, AT_EDGE)
    said = [one for one in judged[REMARKS] if one.remark not in narrow]
    return numbers | wide, judged | {
        "from": ends[0] if known else math.nan,
        "to": ends[1] if known else math.nan,
        "band": _words(whole, curve),
        "intervals": len(whole.runs),
        CUT_LOW: whole.touches_low,
        CUT_HIGH: whole.touches_high,
        REMARKS: Remarks(WITHIN_LUCK, *said),
    }


def _flat(curve: Curve, bar: Goal, method: str, share: float) -> Said | None:
    """Over how much a curve that never meets a bar is as near to its own best as the bar is to the best."""
    best = bar.seen(method)
    limit = float(curve.best.min()) + float(bar.limit(best, share)) - best
    part = float(share_within(curve, curve.best, np.array(limit)))
    if not curve.ordered or not part:
        return None
    decades = part * decades_of(curve)
    if math.isnan(decades):
        return FLAT(Phrase("part-of-the-range", (percent(part),)))
    return FLAT(
        Phrase("decades-all", (short(decades),)) if part >= 1 - 1e-9 else Phrase("decades", (short(decades),))
    )


def _words(within: Band, curve: Curve) -> str:
    if not within.runs:
        return "none"
    if not curve.ordered:
        return ", ".join(str(first) for first, _ in within.runs)
    texts = [(short(float(first), 3), short(float(last), 3)) for first, last in within.runs]
    return ", ".join(first if first == last else f"{first} to {last}" for first, last in texts)


def good_enough(table: pd.DataFrame) -> pd.DataFrame:
    """Ranges by one bar, rest tuned and untuned: of the rate per optimizer, of every setting over all."""
    rows = table[table["method"].isin([RETUNED, UNTUNED])]
    rows = rows[(rows["against"] == COMMON) | rows.index.isin(comparable(table).index)]
    rows = rows.sort_values(["setting", "method"], kind="stable", key=lambda column: column != RATE)
    return rows[(rows["branch"] == ALL) | (rows["setting"] == RATE)] if len(rows) else table


MEASURE: Final = m.Measure(
    "tolerance",
    (
        m.Table(
            "tolerance",
            COLUMNS,
            tolerance,
            m.Excerpt(good_enough),
        ),
    ),
)
