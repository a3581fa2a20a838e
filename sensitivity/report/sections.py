"""The sections of the report in their order: what each asks, how its numbers are read, what it shows.

Adding a measure to the page is one entry here; its columns stand in `sensitivity.shown`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sensitivity.estimators.effects import ALL, BRANCH, SETTING
from sensitivity.measures.tolerance import COMMON, RETUNED, UNTUNED, comparable

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    Select = Callable[[pd.DataFrame], pd.DataFrame]

RATE: Final = "learning_rate"


@dataclass(frozen=True)
class Excerpt:
    """A table in the page: which of its rows, and in which words."""

    table: str
    select: Select
    which: str = ""


@dataclass(frozen=True)
class Plan:
    """A section before its numbers are known.

    Attributes
    ----------
    anchor, title, question, how_to_read
        As in `sensitivity.report.content.Section`.
    pictures
        Names in `sensitivity.picturing`.
    excerpts
        Its tables.
    """

    anchor: str
    title: str
    question: str
    how_to_read: str
    pictures: tuple[str, ...] = ()
    excerpts: tuple[Excerpt, ...] = ()


def everything(table: pd.DataFrame) -> pd.DataFrame:
    """All rows."""
    return table


def whole(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the branch ``all``."""
    return table[table[BRANCH] == ALL]


def of_the_rate(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the learning rate in every branch, those of the branch ``all`` where there is none."""
    rows = table[table[SETTING] == RATE]
    return rows if len(rows) else whole(table)


def _tolerance(table: pd.DataFrame) -> pd.DataFrame:
    """Ranges by one bar, rest tuned and untuned: of the rate per optimizer, of every setting over all."""
    rows = table[table["method"].isin([RETUNED, UNTUNED])]
    rows = rows[(rows["against"] == COMMON) | rows.index.isin(comparable(table).index)]
    rows = rows.sort_values(["setting", "method"], kind="stable", key=lambda column: column != RATE)
    return rows[(rows[BRANCH] == ALL) | (rows[SETTING] == RATE)] if len(rows) else table


def _of_batch_size(table: pd.DataFrame) -> pd.DataFrame:
    rows = table[table[SETTING] == "batch_size"]
    return rows if len(rows) else whole(table)


def _first_ks(table: pd.DataFrame) -> pd.DataFrame:
    """1, 2, 5, 10 … trials: what a person asks about."""
    return whole(table)[whole(table)["k"].isin([1, 2, 3, 5, 10, 20, 50, 100]) | whole(table)["k"].isna()]


def _large_pairs(table: pd.DataFrame) -> pd.DataFrame:
    """Cells of the branch ``all`` in which most diverges, at most forty."""
    return whole(table).sort_values("fraction", ascending=False, kind="stable").head(40)


_ALL_WORDS: Final = "rows of all optimizers together"

SECTIONS: Final = (
    Plan(
        "ranking",
        "Ranking",
        "Which settings deserve tuning?",
        "The share of the variance of the result that involves a setting (total effect), and the part "
        "that it explains by itself (main effect). What cannot be told from the noise of the seed gives "
        "no reason to tune it. The dashed line is what the seed alone explains; it is no threshold.",
        ("ranking",),
        (Excerpt("ranking", everything),),
    ),
    Plan(
        "variance",
        "What the variance is made of",
        "Does a setting act by itself or together with others, and for which optimizer?",
        "Within a bar the shares add up to 100 %. In the matrix the diagonal is what a setting does "
        "by itself; a large cell off the diagonal means that the two must be tuned together.",
        ("decomposition", "interactions"),
        (Excerpt("variance_decomposition", whole, _ALL_WORDS),),
    ),
    Plan(
        "reachable",
        "What can be reached where",
        "How good does training get at a value, when everything else is tuned for it?",
        "Dark cells are good. Compare along a row for how much a wrong value costs. The ± is the "
        "scatter of a cell's few replicates and says little by itself: whether two values differ is for "
        "the 95 % intervals to say, in the table and pale in the pair matrix. They also allow for luck: "
        "the best of many configurations is a little lucky.",
        ("learning_rate_by_optimizer", "schedule_by_optimizer", "pair_matrix"),
        (Excerpt("isolation_curves", whole, _ALL_WORDS),),
    ),
    Plan(
        "tolerance",
        "Tolerance",
        "How far may a setting miss its best value?",
        "Dark: where half of all choices of the other settings stay good, so that a rough guess "
        "will do even if nothing else is tuned. Pale: where some choice of the others stays good. "
        "Regret is what a value drawn blindly from the range costs on average.",
        ("tolerance",),
        (Excerpt("tolerance", _tolerance, "the same bar for all; the rest tuned again, or untuned"),),
    ),
    Plan(
        "moving-optimum",
        "Where the best learning rate moves",
        "Must the learning rate be tuned again when another setting changes?",
        "A line that stays within its bars is no reason to tune again. The slope says how the best "
        "rate grows with batch size: 0 not at all, ½ as its square root, 1 in proportion.",
        ("batch_size_and_learning_rate",),
        (
            Excerpt("moving_optimum", _of_batch_size, "against batch size where there is one"),
            Excerpt("moving_optimum_slopes", everything),
        ),
    ),
    Plan(
        "momentum",
        "Learning rate and β",
        "Are learning rate and β one setting or two?",
        "Momentum moves at η/(1−β): along the line that is constant. If the interaction shrinks when "
        "the rate is replaced by η/(1−β), β only rescales the rate.",
        ("beta_and_learning_rate",),
        (Excerpt("momentum_rescaling", everything),),
    ),
    Plan(
        "divergence",
        "Divergence",
        "Where does training fall off a cliff?",
        "The share of all trials at a place that diverged, whatever the other settings: a place with "
        "many is one where a careless choice of the rest ends badly.",
        ("divergence_map", "survivors"),
        (
            Excerpt("divergence_by_level", whole, _ALL_WORDS),
            Excerpt("capped_and_survivors", whole, _ALL_WORDS),
            Excerpt("divergence_effects", whole, _ALL_WORDS),
            Excerpt("divergence_by_pair", _large_pairs, "where most trials diverge"),
        ),
    ),
    Plan(
        "tunability",
        "What tuning gains",
        "What is gained over the defaults, and what does a wrong value cost?",
        "Gain: what tuning this setting alone improves on the default configuration. Cost: its worst "
        "value, with everything else at its default or tuned again.",
        ("tunability",),
        (Excerpt("tunability", whole, _ALL_WORDS),),
    ),
    Plan(
        "budget",
        "How many trials are enough",
        "What does a random search of k trials find?",
        "The curve falls steeply where more trials pay and is flat where they do not. Eight of ten "
        "searches end inside the band.",
        ("best_after_k",),
        (Excerpt("best_after_k", _first_ks, "all optimizers together, some k"),),
    ),
    Plan(
        "among-best",
        "Among the best tenth",
        "What still matters once the result is good?",
        "The same question asked of the best tenth only: a setting that rules the whole may hardly "
        "matter among the good. Compare ranks, not sizes.",
        ("among_best",),
        (Excerpt("among_best", whole, _ALL_WORDS),),
    ),
    Plan(
        "speed",
        "Learning curves and speed",
        "How fast does training get there?",
        "Each panel goes through an optimizer's best configuration and changes the learning rate "
        "only: too large diverges, too small is slow. The band spans the replicates.",
        ("learning_curves", "training_speed"),
        (Excerpt("training_speed", of_the_rate, "by learning rate"),),
    ),
    Plan(
        "epochs",
        "Early and late",
        "Which settings matter early in training, and which late?",
        "The ranking after each epoch. Shares are of the variance at that epoch: one that falls may "
        "belong to a setting whose effect stays while another's grows.",
        ("over_epochs",),
        (Excerpt("early_or_late", whole, _ALL_WORDS),),
    ),
    Plan(
        "stability",
        "Is the ranking stable",
        "Would another seed, another metric or half the trials give the same order?",
        "Kendall's τ: 1 is the same order, 0 none. Halves have no trial in common, so they show what "
        "a sweep of half the size is worth.",
        ("stability",),
        (Excerpt("stability", whole, _ALL_WORDS),),
    ),
)
