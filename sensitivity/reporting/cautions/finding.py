"""What a reader of the tables must be warned of, in plain sentences, the most important first.

Nothing is measured here: every number comes from the tables or is a count of trials. A caution says what was
seen, what it means for the numbers, and what to do about it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.branch import in_sentence
from sensitivity.estimators import effects as e
from sensitivity.estimators.cells import cell_table
from sensitivity.language import say, say_of, speaking
from sensitivity.language.lists import joined
from sensitivity.measures import ranking as r
from sensitivity.measures.measuring import RANKING, SHARES
from sensitivity.remarks import JUDGEMENT, REMARKS, Judgement, has
from sensitivity.reporting.cautions.copies import copies
from sensitivity.reporting.cautions.divergence import divergence, loss_rose
from sensitivity.reporting.cautions.edges import edges
from sensitivity.reporting.cautions.far import far_results
from sensitivity.reporting.cautions.kinds import (
    BALANCE,
    INTERACTION,
    NOISE,
    REPLICATES,
    TRIALS,
    Caution,
    percent_words,
    rows_of,
)
from sensitivity.reporting.cautions.outlook import outlook
from sensitivity.trials import configurations_in, planned
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from sensitivity.arrays import Integers
    from sensitivity.study import Study

MOST: Final = 12
FEW_TRIALS: Final = 30
MUCH_NOISE: Final = 0.3
MUCH_LACK: Final = 0.1
WIDE: Final = 0.2  # width of a 95 % interval, as a share of the variance
SMALL: Final = 0.02  # total effect below which nobody cares what it is made of
ROUNDING: Final = 1e-12  # share of a seed that changes nothing
FEW_REPEATED: Final = 0.5  # share of the configurations with two trials or more
SINGLY: Final = 2  # interactions told one by one


def cautions(study: Study, tables: Mapping[str, pd.DataFrame]) -> list[Caution]:
    """Warnings about a study, at most `MOST`, the most important first.

    Parameters
    ----------
    study
        Trials, any number of them.
    tables
        Of `sensitivity.measures.measuring.all_tables`; tables may be marked or missing.
    """
    with speaking(voice=study.voice):
        return list(_cautions(study, tables))


def _cautions(study: Study, tables: Mapping[str, pd.DataFrame]) -> Sequence[Caution]:
    if not len(study.trials):
        return [Caution(TRIALS, say("cautions.no-trials"))]
    found = [
        *copies(study),
        *_trials(study),
        *divergence(study, tables),
        *far_results(study),
        *_balance(study, tables),
        *_replicates(study, tables),
        *_noise(tables),
        *outlook(study, tables),
        *edges(study, tables),
        *_interactions(tables),
        *loss_rose(study),  # no number depends on it, nor what to do
    ]
    return found if len(found) <= MOST else [*found[: MOST - 1], _rest(found[MOST - 1 :])]


def _rest(found: Sequence[Caution]) -> Caution:
    """How many more warnings there are, and what they are about."""
    counts = Counter(c.kind for c in found)
    kinds = [say_of("cautions", f"about-{kind}", count=number) for kind, number in counts.items()]
    return Caution(found[0].kind, say("cautions.more", count=len(found), kinds=", ".join(kinds)))


def _trials(study: Study) -> Iterator[Caution]:
    if not study.space.names:
        yield Caution(TRIALS, say("cautions.nothing-varies"))
    every = len(study.trials) + study.pruned
    if 10 * study.pruned > every:
        yield Caution(TRIALS, say("cautions.pruned", count=study.pruned, all=every))
    count = len(study.plan)
    if count < FEW_TRIALS:
        yield Caution(TRIALS, say("cautions.few-trials", count=count))


def _balance(study: Study, tables: Mapping[str, pd.DataFrame]) -> Iterator[Caution]:
    """Whether some of the plan has more trials than the rest; the gravest reason only."""
    shares = rows_of(tables, SHARES)
    if any(has(shares[REMARKS], e.ADAPTIVE)):
        yield Caution(BALANCE, say("cautions.uneven"))
        return
    counts = np.bincount(study.configuration)
    levelled = all(
        isinstance(variant.domain, Choices) or variant.domain.levels
        for setting in study.space.settings
        for variant in setting.variants
    )
    grid = study.space.grid_size() if levelled else 0
    text = _gaps(counts, grid, _run(study, len(counts)), exact=cell_table(study) is not None)
    if text:
        yield Caution(BALANCE, text)


def _run(study: Study, measured: int) -> int:
    """Configurations that were run, also those of whose trials none has a result."""
    if study.every is None:
        return measured
    return max(measured, configurations_in(planned(study.every), study.space.names))


def _gaps(counts: Integers, grid: int, run: int, *, exact: bool) -> str:
    """What a grid lacks, and what that means for the shares; empty where it lacks nothing.

    Parameters
    ----------
    counts
        Replicates of each configuration that has a result.
    grid
        Configurations of the whole grid; 0 where there is none.
    run
        Configurations that were run, with a result or without.
    exact
        Whether shares are exact sums all the same.
    """
    missing, failed = grid - len(counts), run - len(counts)
    if missing > 0 and (exact or failed):
        why = "failed" if failed == missing else "both" if failed else "never"
        text = say(
            "cautions.missing", count=missing, all=grid, why=why, failed=failed, never=missing - failed
        )
        return say("cautions.gaps-exact", missing=text) if exact else say("cautions.gaps", missing=text)
    if missing > 0:
        return say("cautions.never-run", count=len(counts), all=grid)
    fewer = int((counts < counts.max()).sum())
    if not fewer:
        return ""
    return say(
        "cautions.fewer-replicates",
        count=fewer,
        all=len(counts),
        least=str(counts.min()),
        most=str(counts.max()),
        exact="yes" if exact else "no",
    )


def _replicates(study: Study, tables: Mapping[str, pd.DataFrame]) -> Iterator[Caution]:
    """Whether enough was run twice to know the noise of the seed, and how well shares are known."""
    counts = np.bincount(study.configuration)
    repeated = int((counts > 1).sum())
    if not repeated:
        yield Caution(REPLICATES, _nothing_twice(rows_of(tables, SHARES, branch=e.ALL, kind=e.NOISE)))
        return
    if repeated < FEW_REPEATED * len(counts):
        yield Caution(REPLICATES, say("cautions.few-repeated", count=repeated, all=len(counts)))
    yield from _wide(rows_of(tables, RANKING))


def _nothing_twice(noise: pd.DataFrame) -> str:
    """That nothing was run twice, and what stands in for the noise of the seed."""
    sources = [said for remarks in noise[REMARKS] for said in remarks]
    smooth = next((said for said in sources if said.remark == e.FROM_SMOOTHNESS), None)
    if smooth is not None:
        return say("cautions.nothing-twice-but-smooth", along=str(smooth.given[0]))
    if any(said.remark == e.FROM_INTERACTIONS for said in sources):
        return say("cautions.nothing-twice-but-interactions")
    return say("cautions.nothing-twice")


def _wide(ranking: pd.DataFrame) -> Iterator[Caution]:
    """The widest interval of a setting, and that of the seed, where they are wide."""
    widths = (ranking[r.TOTAL_HIGH] - ranking[r.TOTAL_LOW]).astype(float).where(lambda width: width > WIDE)
    settings = widths[ranking[r.RANK].notna()].dropna()
    if len(settings):
        name = str(ranking[r.SETTING][widths.index == settings.idxmax()].iloc[0])
        text = say("cautions.wide", name=in_sentence(name), width=percent_words(settings.max()))
        yield Caution(REPLICATES, text, name, e.ALL)
    noisy = ranking[r.TOTAL_EFFECT] > ROUNDING
    for place in widths[ranking[r.RANK].isna() & (ranking[r.SETTING] == e.SEED_ROW) & noisy].dropna().index:
        low, high = (float(ranking[end][place]) for end in (r.TOTAL_LOW, r.TOTAL_HIGH))
        text = say("cautions.noise-hardly-known", low=f"{100 * low:.1f}", high=f"{100 * high:.0f}")
        yield Caution(REPLICATES, text)


def _noise(tables: Mapping[str, pd.DataFrame]) -> Iterator[Caution]:
    for row in rows_of(tables, SHARES, branch=e.ALL, kind=e.NOISE).to_dict("records"):
        share, known = float(row[e.SHARE]), not has([row[REMARKS]], *e.UNREPLICATED)[0]
        if share >= MUCH_NOISE and has([row[REMARKS]], e.FROM_SCATTER)[0]:
            yield Caution(NOISE, say("cautions.noise-or-misfit", share=percent_words(share)))
        elif share >= MUCH_NOISE:
            text = say("cautions.much-noise", known="yes" if known else "no", share=percent_words(share))
            yield Caution(NOISE, text)
    for row in rows_of(tables, SHARES, branch=e.ALL, kind=e.LACK_OF_FIT).to_dict("records"):
        if float(row[e.SHARE]) >= MUCH_LACK:
            yield Caution(NOISE, say("cautions.lack-of-fit", share=percent_words(float(row[e.SHARE]))))


@dataclass(frozen=True)
class _Depends:
    """A setting most of whose effect depends on others: its total effect, and the part that depends."""

    setting: str
    total: float
    part: float

    @property
    def words(self) -> dict[str, str]:
        """Name, and how much of the effect depends on others: ``37`` of ``48 %``."""
        part, total = f"{100 * self.part:.0f}", percent_words(self.total)
        return {"name": in_sentence(self.setting), "part": part, "total": total}


def _interactions(tables: Mapping[str, pd.DataFrame]) -> Iterator[Caution]:
    """Settings whose interactions exceed their main effect; all but the largest few in one sentence."""
    found = sorted(_dependent(tables), key=lambda item: -item.part)
    for item in found[:SINGLY]:
        texts = [say("cautions.depends", **item.words), _partner(tables, item.setting)]
        yield Caution(INTERACTION, " ".join(filter(None, texts)), item.setting, e.ALL)
    rest = [say("cautions.depends-part", **item.words) for item in found[SINGLY:]]
    if rest:
        yield Caution(INTERACTION, say("cautions.depend-as-well", names=joined(rest)))


def _dependent(tables: Mapping[str, pd.DataFrame]) -> Iterator[_Depends]:
    main = rows_of(tables, SHARES, branch=e.ALL, kind=e.MAIN).set_index(e.SETTING)[e.SHARE]
    for row in rows_of(tables, SHARES, branch=e.ALL, kind=e.TOTAL).to_dict("records"):
        name, total = str(row[e.SETTING]), float(row[e.SHARE])
        alone = max(float(main.get(name, np.nan)), 0.0)
        if total - alone > alone and total >= SMALL and row[JUDGEMENT] == Judgement.ABOVE:
            yield _Depends(name, total, total - alone)


def _partner(tables: Mapping[str, pd.DataFrame], setting: str) -> str:
    """Sentence that names the setting it interacts with most by twos; empty where pairs are unknown."""
    pairs = (
        rows_of(tables, SHARES, branch=e.ALL, kind=e.INTERACTION).set_index(e.SETTING)[e.SHARE].astype(float)
    )
    names = rows_of(tables, SHARES, branch=e.ALL, kind=e.TOTAL)[e.SETTING].astype(str)
    with_others = {
        other: float(pairs[text])
        for other in names
        for text in (e.pair(setting, other), e.pair(other, setting))
        if text in pairs
    }
    largest = max(with_others, key=lambda other: with_others[other], default="")
    if not largest or not with_others[largest] > 0:
        return ""
    return say("cautions.partner", name=in_sentence(largest), share=percent_words(with_others[largest]))
