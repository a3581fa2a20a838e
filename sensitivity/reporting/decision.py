"""Tables → what to do, as data: what decides, what to tune and to fix, what is best, what comes next.

The page and the terminal say it in words (`sensitivity.reporting.first`); nothing is measured here. Good
values are those of the table `advice`: within the tolerance of the best, everything else tuned again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sensitivity.measures import best as b
from sensitivity.reporting.advised import rows, tolerances
from sensitivity.reporting.cautions.far import far_from_others
from sensitivity.reporting.following import Following, following
from sensitivity.reporting.leading import NOTHING, Lead, Share, failed, lead_of
from sensitivity.trials import REPLICATE, configurations_in, planned

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from sensitivity.reporting.cautions.kinds import Caution
    from sensitivity.reporting.setting_rows import Row
    from sensitivity.study import Study

    Tables = Mapping[str, pd.DataFrame]
    Estimate = tuple[float, float, float]

MOST_ROWS: Final = 8


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
    good
        How much worse than the best counts as good: the least and the most of the rows; none of none.
    forgiving
        None where it is the best one.
    configurations, replicates
        Of the plan; the most runs of a configuration.
    even
        Whether every configuration was run as often.
    searched
        Trials that a search chose, in addition to the plan.
    left_out
        Trials without a result that count nowhere.
    far
        Results far from all others, which look like failed ones.
    caution
        The one that matters most; None where there is none, or the first sentence says it all.
    """

    lead: Lead
    shares: tuple[Share, ...]
    tied: bool
    rows: tuple[Row, ...]
    good: tuple[float, ...]
    best: Configuration | None
    forgiving: Configuration | None
    trials: int
    configurations: int
    replicates: int
    even: bool
    searched: int
    failed: int
    left_out: int
    far: int
    caution: Caution | None
    following: Following


def decision(
    study: Study,
    tables: Tables,
    cautions: Sequence[Caution],
    source: Sequence[str] = (),
    folder: str = "",
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
    folder
        Where the tables lie; empty where nowhere.
    """
    lead, shares, tied = lead_of(study, tables["ranking"])
    chosen = b.best(study) if lead == Lead.NOTHING_VARIES else tables["best"]
    best, forgiving = (_configuration(chosen, which) for which in (b.BEST, b.FORGIVING))
    if best is not None and forgiving is not None:
        best = replace(best, forgiving=best.chosen == forgiving.chosen)
    found = () if lead in NOTHING else rows(study, tables, {} if best is None else best.chosen)
    plan = planned(study.trials)
    configurations, replicates = configurations_in(plan, study.space.names), int(plan[REPLICATE].nunique())
    return Decision(
        lead,
        shares,
        tied,
        found,
        tolerances(tables, found[:MOST_ROWS]),
        best,
        None if best is None or best.forgiving else forgiving,
        trials=len(study.trials),
        configurations=configurations,
        replicates=replicates,
        even=len(plan) == configurations * replicates,
        searched=len(study.trials) - len(plan),
        failed=failed(study),
        left_out=study.lost,
        far=0 if (far := far_from_others(study)) is None else len(far.rows),
        caution=cautions[0] if cautions and lead not in NOTHING else None,
        following=following(study, [row.advice for row in found], lead == Lead.ALL_FAILED, source, folder),
    )


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
    """Settings that cannot be judged, or whose good values cannot, by rank."""
    return (row for row in found.rows if row.reason is not None)
