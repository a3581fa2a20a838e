"""What to do about each setting: tune it, fix it, or that these trials cannot tell.

The ranking says what matters over the ranges swept; this, what is left to gain once the others are tuned.
Made of the ranking, of the tolerance and of what a wrong value costs. *Tune*: its effect is above the noise,
a wrong value (the worst, or one chosen blindly) is shown to cost something with everything else tuned again,
and only some values are good; or these are not known yet, as no branch has the trials to say. *Fix*: next to
nothing depends on it, or one choice is good, or none is shown to be worse once the rest is tuned: the
intervals of both costs reach 0. Where these are not known (nothing was run twice), any choice has to be good
instead. *Cannot be judged*: too few trials have it, or nothing tells effect from noise.

A range is good for a branch: where other values are good in another (the rate of another optimizer), and
where only some branches have the setting, each has a row of its own.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sensitivity.branch import label, level_of, setting_of
from sensitivity.estimators import effects as e
from sensitivity.estimators.branches import branches
from sensitivity.estimators.curves.goals import OWN, RETUNED
from sensitivity.estimators.curves.remarks import BLURRED, TOO_FEW_ALONG
from sensitivity.estimators.curves.virtual_grid import PREDICTED
from sensitivity.measures import best
from sensitivity.measures import measure as m
from sensitivity.measures import optimizer_differences as d
from sensitivity.measures import ranking as r
from sensitivity.measures import tolerance as t
from sensitivity.measures.worst import worst_of
from sensitivity.remarks import JUDGEMENT, REMARKS, Judgement, Remark, Remarks
from sensitivity.words import level_text, short

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from sensitivity.arrays import Integers
    from sensitivity.study import Study

    Row = Mapping[Hashable, Any]
    Bands = Mapping[tuple[str, str], Row]  # of (branch, setting)

SETTING: Final = "setting"
ADVICE: Final = "advice"
TUNE: Final = "tune"
FIX: Final = "fix"
UNKNOWN: Final = "cannot be judged"
FEWEST: Final = 10  # trials that have a setting, below which nothing is advised
ROUNDING: Final = 1e-9
TOO_FEW: Final = Remark("few_trials_have_it", (",",))
THEN: Final = Remark("then_tune")
COLUMNS: Final = (
    m.hidden(r.RANK, "Rank of the setting in the ranking.", m.COUNT),
    m.Column(SETTING, "Name of the setting."),
    m.BRANCH_COLUMN,
    m.Column(
        ADVICE,
        "``tune``: a wrong value costs, even with everything else re-tuned, and only some are good. ``fix``: "
        "no value is shown to cost more than luck, or one does best. Or ``cannot be judged``.",
        m.WORD,
    ),
    m.Column(
        "good",
        "Values within the tolerance of the best, everything else re-tuned; empty where not known yet.",
        title="good-values",
    ),
    m.Column(
        "best_at",
        "Value with the best response; where it is to be fixed, the one to take: of branches that are all as "
        "good, that of the best configuration, unless another is told to forgive more of the learning rate; "
        "``any value`` where none is told.",
        title="best-at",
    ),
    *m.estimate(
        "cost",
        "What a value chosen blindly costs, everything else re-tuned: the mean over the range less the "
        "best, in units of the result. The best is chosen by the same trials, so estimate and interval allow "
        "for the luck of that; it is not above the cost of the worst value.",
        m.AMOUNT,
        "cost-of-a-blind-choice",
        ("cost_low", "cost_high"),
    ),
    m.hidden("worst_at", "Value with the worst response, everything else re-tuned.", m.TEXT),
    *m.estimate(
        "worst_cost",
        "What that value costs against the one named best, everything else re-tuned for each: in units of "
        "the result. Both are chosen by the same trials, and noise alone makes a worst and a best of any "
        "values, so estimate and interval allow for the choice of both. An interval that reaches 0 or less: "
        "the two are not told apart.",
        m.AMOUNT,
        "cost-of-the-worst-value",
        ("worst_low", "worst_high"),
    ),
    *m.estimate("share", "Its total effect, or main effect where there are no totals.", m.SHARE, "share"),
    m.Column("trials", "Trials of the plan that have the setting.", m.COUNT),
    m.JUDGEMENT_COLUMN,
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)


def advice(study: Study) -> pd.DataFrame:
    """Advice on each setting, most important first, with the columns of `COLUMNS`."""
    ranked = study.once(r.ranking)
    ranked = ranked[ranked[r.RANK].notna()]
    table = study.once(t.tolerance)
    table = table[(table["method"] == RETUNED) & (table["against"] == OWN)]
    bands = {(str(row[e.BRANCH]), str(row[SETTING])): row for row in table.to_dict("records")}
    rows = []
    for each in ranked.to_dict("records"):
        own = list(_rows(each, bands, study))
        _tune_what_matters(own, each)
        rows += own
    _prefer_the_forgiving(rows, study, bands, ranked)
    return pd.DataFrame(rows, columns=m.names(COLUMNS)).astype(
        {"best_at": "object", "worst_at": "object", "trials": "Int64", r.RANK: "Int64"}
    )


def _rows(row: Row, bands: Bands, study: Study) -> Iterator[dict[str, object]]:
    """Advice on one setting: over all branches, or where these differ, in each of them."""
    name, shares = str(row[SETTING]), study.once(r.effects_by_branch)
    every = study.once(_rows_of_branches)
    own = (
        list(r.inside(shares, name))
        if isinstance(row[REMARKS], Remarks) and row[REMARKS].has(r.INSIDE)
        else []
    )
    for branch in own or _apart(row, bands, study) or [e.ALL]:
        effects = row if branch == e.ALL else shares.get(branch, {}).get(name, {})
        rows = every[branch] if branch in every else _rows_in(branch, study)
        trials = int(study.plan[name].iloc[rows].notna().sum())
        cost = worst_of(study, name, branch)
        band = dict(bands.get((branch, name), {}))
        band |= {"worst_low": cost.get("worst_low", math.nan), "cost_low": band.get("regret_low", math.nan)}
        yield {
            r.RANK: row[r.RANK],
            SETTING: name,
            e.BRANCH: branch,
            **cost,
            **_row(effects, band, trials, row[r.BEST_VALUE], study.axes[name].tried),
        }


def _rows_in(branch: str, study: Study) -> Integers:
    """Rows of the plan in a branch of another setting, which a decomposition takes for want of optimizers."""
    by = setting_of(branch)
    if by not in study.plan:
        return np.arange(len(study.plan))
    return np.flatnonzero(study.plan[by].map(level_text) == level_of(branch))


def _rows_of_branches(study: Study) -> dict[str, Integers]:
    """Rows of the plan in each branch, by its label."""
    return {branch.label: branch.rows for branch in branches(study)}


def _apart(row: Row, bands: Bands, study: Study) -> list[str]:
    """Branches of a setting that is above the noise and has other good values in one than in another.

    Where any value is good over all, they are one, unless a wrong value is shown to cost in a branch: a rate
    that is bad with adam may be good with sgd, but nobody changes the optimizer for it.
    """
    name = str(row[SETTING])
    if row[JUDGEMENT] != Judgement.ABOVE:
        return []
    tried = study.axes[name].tried
    good = {branch: _good(band, tried) for (branch, of), band in bands.items() if of == name}
    own = [branch for branch in good if branch != e.ALL] if len(set(good.values())) > 1 else []
    if _free(bands.get((e.ALL, name), {})) and not any(_costs(study, name, branch) for branch in own):
        return []
    return own


def _costs(study: Study, name: str, branch: str) -> bool:
    """Whether the worst value of a setting is shown to cost something in a branch."""
    return float(str(worst_of(study, name, branch).get("worst_low", math.nan))) > 0


def _good(band: Row, tried: tuple[Any, ...]) -> tuple[object, ...]:
    """Values that were tried and are within a band; of choices, their names."""
    if pd.isna(band["from"]):
        return (band["band"],)
    low, high = (float(band[end]) for end in ("from", "to"))
    return tuple(  # an end was computed on the setting's scale: 0.001 may read 0.0010000000000000002
        value for value in tried if low - ROUNDING * abs(low) <= value <= high + ROUNDING * abs(high)
    )


def _tune_what_matters(rows: list[dict[str, object]], whole: Row) -> None:
    """Tune what is above the noise over all trials, also in a branch that cannot say which values are good.

    Not where every branch says that no value is shown to be worse.
    """
    trials = sum(int(str(row["trials"])) for row in rows)
    costs = not all(not_worse(row) for row in rows)
    for row in rows if whole[JUDGEMENT] == Judgement.ABOVE and costs and trials >= FEWEST else ():
        if row[ADVICE] == UNKNOWN:
            row[ADVICE] = TUNE


def _good_words(band: Row, tried: tuple[Any, ...]) -> object:
    """The good values in words: where only the first or last of those tried is good, that one.

    What lies between it and the next is drawn straight and was never tried.
    """
    if band.get("intervals") == 1 and not pd.isna(band["from"]) and (band[t.CUT_LOW] or band[t.CUT_HIGH]):
        inside = _good(band, tried)
        if len(inside) == 1:
            return short(float(str(inside[0])), 3)
    return band.get("band")


def _prefer_the_forgiving(
    rows: list[dict[str, object]], study: Study, bands: Bands, ranked: pd.DataFrame
) -> None:
    """Of branches that are all as good, take the best configuration's, or one told to forgive more.

    A wider band that is not told apart is no reason: the best configuration stands beside it.
    """
    by = study.branch
    row = next((row for row in rows if row[SETTING] == by and row[ADVICE] == FIX), None)
    if row is None or (row[JUDGEMENT] == Judgement.ABOVE and not _free(bands.get((e.ALL, by), {}))):
        return
    best = next(iter(ranked.loc[ranked[SETTING] == by, r.BEST_VALUE]))
    table = study.once(d.optimizer_differences)
    more = table[table["quantity"].isin(d.WIDTHS) & (table["better"] != label(by, best))]
    more = more[(more[["one", "other"]] == label(by, best)).any(axis=1) & (more["better"] != "")]
    known = {level_text(value): value for value in study.plan[by].dropna().unique().tolist()}
    wider = {
        level_of(str(one["better"])): max(float(one["value"]), float(one["other_value"]))
        for one in more.to_dict("records")
    }
    row["best_at"] = known.get(max(wider, key=lambda one: wider[one]), best) if wider else best


def _row(effects: Row, band: Row, trials: int, used: object, tried: tuple[Any, ...]) -> dict[str, object]:
    """Advice on one setting, from its effects and its band with what its worst value costs.

    ``used``: its value in the best configuration.
    """
    main, total = (float(effects.get(name, math.nan)) for name in (r.MAIN_EFFECT, r.TOTAL_EFFECT))
    kind = "main" if math.isnan(total) else "total"
    judgement, said = effects.get(JUDGEMENT), effects.get(REMARKS)
    few = trials < FEWEST
    decision = UNKNOWN if few else _decided(judgement, band)
    depends = decision == FIX and judgement == Judgement.ABOVE and total - main > main
    best, told = band.get("best_at"), band.get(REMARKS, Remarks())
    idle = judgement == Judgement.NOT_ABOVE and told.has(PREDICTED)
    anything = decision == FIX and (idle or told.has(t.UNTOLD))
    return {
        ADVICE: decision,
        "good": _good_words(band, tried) if decision == TUNE else None,
        "best_at": t.ANY if anything else used if pd.isna(best) else best,
        "share": main if math.isnan(total) else total,
        "low": effects.get(f"{kind}_low", math.nan),
        "high": effects.get(f"{kind}_high", math.nan),
        "trials": trials,
        JUDGEMENT: None if few else judgement,
        REMARKS: Remarks(
            TOO_FEW(trials) if few else None,
            THEN if depends else None,
            *(said if isinstance(said, Remarks) else ()),
            *(told.only(BLURRED, TOO_FEW_ALONG) if decision == TUNE else ()),
        ),
    }


def _decided(judgement: object, band: Row) -> str:
    if judgement == Judgement.NOT_ABOVE:
        return FIX
    if judgement != Judgement.ABOVE:
        return UNKNOWN
    ends = band.get("from"), band.get("to")
    single = band.get("intervals") == 1 and (pd.isna(ends[0]) or ends[0] == ends[1])
    return FIX if single or _free(band) or not_worse(band) else TUNE


def not_worse(row: Mapping[Any, Any]) -> bool:
    """Whether no value is shown to be worse: what the worst one costs may be nothing, and a blind choice too.

    The worst value may itself scatter so much (half of its trials fail) that its own cost is hardly known,
    while the mean over all values leaves no doubt.
    """
    worst, blind = (float(row.get(name, math.nan)) for name in ("worst_low", "cost_low"))
    return worst <= 0 and not blind > 0  # NaN: nobody knows


def _free(band: Row) -> bool:
    """Whether any value is good, everything else tuned again."""
    return bool(band.get("fraction", math.nan) >= 1)


MEASURE: Final = m.Measure(
    "advice",
    (m.Table("advice", COLUMNS, advice), best.TABLE),
)
