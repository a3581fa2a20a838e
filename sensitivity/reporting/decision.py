"""Tables → what to do, as data: what decides, what to tune and to fix, what is best, what comes next.

The page and the terminal say it in words (`sensitivity.reporting.first`); nothing is measured here. Good
values are those of the table `advice`: within the tolerance of the best, everything else tuned again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sensitivity.branch import ALL, label
from sensitivity.estimators.curves.goals import OWN, RETUNED
from sensitivity.measures import advice as a
from sensitivity.measures import best as b
from sensitivity.measures import ranking as r
from sensitivity.remarks import JUDGEMENT, REMARKS, Remarks
from sensitivity.reporting.cautions.edges import outgrown
from sensitivity.reporting.cautions.kinds import rows_of
from sensitivity.reporting.following import Following, following
from sensitivity.reporting.leading import NOTHING, Lead, Share, failed, lead_of, share_of
from sensitivity.trials import REPLICATE, configurations_in, planned

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    import pandas as pd

    from sensitivity.remarks import Said
    from sensitivity.reporting.cautions.kinds import Caution
    from sensitivity.study import Study

    Cells = Mapping[Hashable, Any]
    Tables = Mapping[str, pd.DataFrame]
    Estimate = tuple[float, float, float]

MOST_ROWS: Final = 8
MOST_PLACES: Final = 3  # branches of a setting that are told one by one
ORDER: Final = (a.TUNE, a.FIX, a.UNKNOWN)


@dataclass(frozen=True)
class Place:
    """Where a setting is good in a branch, and what the worst value costs there.

    Attributes
    ----------
    good
        Values to search next, in the words of `advice`; empty where they are not for tuning.
    value
        The best one; where it is to be fixed, the one to take.
    free
        Whether every value tried is within the tolerance, everything else tuned again.
    beyond
        ``lowest`` or ``highest`` where the best value is the last one tried and stands out; else empty.
    cost
        Of the value ``worst_at`` against the best one, with its interval.
    """

    branch: str
    good: str
    value: object
    free: bool
    beyond: str
    worst_at: object
    cost: Estimate


@dataclass(frozen=True)
class Row:
    """A setting and what to do about it, in the branches for which that is the same."""

    setting: str
    advice: str
    rank: int
    share: Estimate
    judgement: object
    reason: Said | None
    places: tuple[Place, ...]
    more: int  # places that are not told one by one


@dataclass(frozen=True)
class Configuration:
    """A configuration of the table `best`, in the metric's own sign turned so that lower is better.

    ``forgiving``: whether it is the most forgiving one; None where nothing says what is as good as the best.
    """

    chosen: Mapping[str, object]
    mean: Estimate
    replicates: int
    worst_neighbour: float
    within: int
    equal: int
    of: int
    forgiving: bool | None = None


@dataclass(frozen=True)
class Decision:
    """All that the first screen says.

    Attributes
    ----------
    shares
        Of the first setting; then of those that cannot be told from it, if ``tied``, or of the next.
    rows
        What to tune first, then what to fix, then what cannot be judged; each by rank.
    forgiving
        None where it is the best one.
    configurations, replicates
        Of the plan.
    caution
        The one that matters most; None where there is none, or the first sentence says it all.
    """

    lead: Lead
    shares: tuple[Share, ...]
    tied: bool
    rows: tuple[Row, ...]
    best: Configuration | None
    forgiving: Configuration | None
    trials: int
    configurations: int
    replicates: int
    failed: int
    caution: Caution | None
    following: Following


def decision(
    study: Study, tables: Tables, cautions: Sequence[Caution], source: Sequence[str] = ()
) -> Decision:
    """What to do, by the tables.

    Parameters
    ----------
    tables
        Of `sensitivity.measures.measuring.all_tables`.
    cautions
        Most important first.
    source
        Words of a command line that name these trials; none where it cannot.
    """
    lead, shares, tied = lead_of(study, tables["ranking"])
    rows = () if lead in NOTHING else _rows(study, tables)
    chosen = b.best(study) if lead == Lead.NOTHING_VARIES else tables["best"]
    best, forgiving = (_configuration(chosen, which) for which in (b.BEST, b.FORGIVING))
    if best is not None and forgiving is not None:
        best = replace(best, forgiving=best.chosen == forgiving.chosen)
    plan = planned(study.trials)
    return Decision(
        lead,
        shares,
        tied,
        rows,
        best,
        None if best is None or best.forgiving else forgiving,
        trials=len(study.trials),
        configurations=configurations_in(plan, study.space.names),
        replicates=int(plan[REPLICATE].nunique()),
        failed=failed(study),
        caution=cautions[0] if cautions and lead not in NOTHING else None,
        following=following(study, [row.advice for row in rows], lead == Lead.ALL_FAILED, source),
    )


def _rows(study: Study, tables: Tables) -> tuple[Row, ...]:
    """What to do about each setting, the branches that matter first."""
    ends, order = outgrown(study, tables), _branches(study, tables)
    bands = rows_of(tables, "tolerance", method=RETUNED, against=OWN)
    bands = bands[bands["fraction"] >= 1]
    free = set(zip(bands["branch"], bands["setting"], strict=True))
    shares = _shares(tables["ranking"])
    groups: dict[tuple[str, str], list[Cells]] = {}
    for row in tables["advice"].to_dict("records"):
        if row[a.SETTING] and isinstance(row[a.ADVICE], str):
            groups.setdefault((str(row[a.SETTING]), str(row[a.ADVICE])), []).append(row)
    found = []
    for (name, _), cells in groups.items():
        kept = [row for row in cells if row["branch"] in order] or cells
        if not any(row["branch"] in order for row in cells) and _any_in(groups, name, order):
            continue  # only of branches that are not worth going on with
        kept = sorted(kept, key=lambda row: order.get(str(row["branch"]), len(order)))
        places = tuple(_place(row, ends, free) for row in kept[:MOST_PLACES])
        found.append(_row(kept[0], shares[name], places, len(cells) - len(places)))
    return tuple(sorted(found, key=lambda row: (ORDER.index(row.advice), row.rank)))


def _shares(ranking: pd.DataFrame) -> dict[str, Estimate]:
    """Share of each setting over all trials, as the ranking has it."""
    rows = ranking[ranking[r.RANK].notna()].to_dict("records")
    return {str(row[r.SETTING]): share_of(row, r.kind_of(row)).share for row in rows}


def _any_in(groups: Mapping[tuple[str, str], list[Cells]], name: str, branches: Mapping[str, int]) -> bool:
    """Whether something is advised of a setting in one of these branches."""
    return any(row["branch"] in branches for (of, _), cells in groups.items() if of == name for row in cells)


def _branches(study: Study, tables: Tables) -> dict[str, int]:
    """Branches worth going on with, the best first: the one to fix, else the good ones; `ALL` is none."""
    by = study.branch
    told = next(iter(rows_of(tables, "advice", branch=ALL, setting=by).to_dict("records")), None)
    curve = rows_of(tables, "isolation_curves", branch=ALL, setting=by).sort_values("best", kind="stable")
    levels = [label(by, level) for level in curve["level"]]
    if told is not None and told[a.ADVICE] == a.FIX and isinstance(told["best_at"], str):
        levels = [label(by, told["best_at"])]
    elif told is not None and told[a.ADVICE] == a.TUNE:
        good = rows_of(tables, "tolerance", branch=ALL, setting=by, method=RETUNED, against=OWN)
        levels = levels[: int(good["intervals"].max())] if len(good) else levels
    return {ALL: 0} | {branch: place + 1 for place, branch in enumerate(levels)}


def _place(row: Cells, ends: set[tuple[str, str, str]], free: set[tuple[str, str]]) -> Place:
    branch, name, told = str(row["branch"]), str(row[a.SETTING]), row[a.ADVICE]
    beyond = sorted(end for of, one, end in ends if one == name and of in {branch, ALL})
    return Place(
        branch,
        str(row["good"]) if told == a.TUNE and isinstance(row["good"], str) else "",
        row["best_at"],
        (branch, name) in free,
        beyond[0] if told == a.TUNE and beyond else "",
        row["worst_at"],
        (float(row["worst_cost"]), float(row["worst_low"]), float(row["worst_high"])),
    )


def _row(cells: Cells, share: Estimate, places: tuple[Place, ...], more: int) -> Row:
    name, told = str(cells[a.SETTING]), str(cells[a.ADVICE])
    said = cells[REMARKS] if isinstance(cells[REMARKS], Remarks) else Remarks()
    reason = said[0] if told == a.UNKNOWN and said else None
    return Row(name, told, int(cells[r.RANK]), share, cells[JUDGEMENT], reason, places, more)


def _configuration(table: pd.DataFrame, which: str) -> Configuration | None:
    rows = table[table[b.WHICH] == which]
    if rows.empty:
        return None
    first = rows.iloc[0]
    counts = (int(first[name]) for name in ("replicates", "within", "equal", "of"))
    replicates, within, equal, of = counts
    return Configuration(
        {str(name): level for name, level in zip(rows[b.SETTING], rows["level"], strict=True) if name},
        (float(first["mean"]), float(first["low"]), float(first["high"])),
        replicates,
        float(first["worst_neighbour"]),
        within,
        equal,
        of,
    )


def unjudged(found: Decision) -> Iterator[Row]:
    """Settings of which nothing can be said, by rank."""
    return (row for row in found.rows if row.advice == a.UNKNOWN)
