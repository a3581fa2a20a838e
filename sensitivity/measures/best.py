"""The best configuration by its mean over replicates, and of those it is not told from the most forgiving.

The choice is that of `sensitivity.estimators.choosing`: within one standard error of the best mean, the one
whose worst neighbour is best. Of several equal means the one of the ranking is taken. Where nothing says how
large a standard error is, none is named: what is as good as the best is not known; nor is one where no two
configurations differ in one number alone, as where all values are drawn: what a step costs is not known. The
intervals are those of `choosing.Compared.interval`, which allow for the best of many being lucky; without
replicates there are none.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sensitivity.estimators.choosing import choose
from sensitivity.estimators.tried import tried
from sensitivity.measures import measure as m
from sensitivity.measures.ranking import configuration_means
from sensitivity.remarks import REMARKS, Remark, Remarks
from sensitivity.trials import CROSSED, OUTCOME, PHASE, TRAINED, VALUE
from sensitivity.words import level_text

if TYPE_CHECKING:
    from sensitivity.estimators.choosing import Choice
    from sensitivity.estimators.tried import Tried
    from sensitivity.study import Study

WHICH: Final = "which"
BEST: Final = "best mean"
FORGIVING: Final = "most forgiving"
SETTING: Final = "setting"
CHOSEN: Final = Remark("chosen_by_these")
SAME: Final = 1e-12  # relative difference of two means that counts as a tie
COLUMNS: Final = (
    m.Column(
        WHICH,
        "``best mean``: the lowest mean over its replicates; ``most forgiving``: of those within one "
        "standard error of it that failed no more often, the one whose worst neighbour is best. It may be "
        "the same one; there are no rows of it without replicates, as nothing says what is within, nor where "
        "none of them has a neighbour.",
    ),
    m.Column(SETTING, "Name of a setting that is active in it; empty where there is none."),
    m.Column("level", "Value of the setting there.", title="value"),
    *m.estimate(
        "mean",
        "Mean of the configuration over its replicates, in every row of it; where not all ran in the same "
        "ones, had it run in all. The interval is of what further "
        "replicates would give: it allows for its luck, as one of many that may be best, and for these "
        "replicates being easy or hard. Empty where nothing was run twice.",
        m.RESPONSE,
    ),
    m.Column("replicates", "Results that the mean is over.", m.COUNT),
    m.Column(
        "worst_neighbour",
        "Mean of the worst configuration one step away in one number, everything else equal; empty where "
        "there is none, as where all values are drawn.",
        m.RESPONSE,
    ),
    m.Column("within", "Configurations within one standard error of the best, itself included.", m.COUNT),
    m.hidden(
        "step",
        "That standard error, of a difference, in units of the response; empty where the noise is not known.",
    ),
    m.hidden("equal", "Configurations with the same mean, itself included.", m.COUNT),
    m.hidden("of", "Configurations that it was chosen from.", m.COUNT),
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)


def best(study: Study) -> pd.DataFrame:
    """Two configurations, a row per setting of each; none where no trial has a result of its own."""
    if not _trained(study):
        return pd.DataFrame(columns=m.names(COLUMNS))
    found = tried(study)
    choice = choose(found)
    row = _of_the_ranking(study, found, choice)
    rows = [*_rows(study, found, choice, BEST, row)]
    if choice.weighed:
        other = row if choice.forgiving == choice.best else choice.forgiving
        rows += _rows(study, found, choice, FORGIVING, other)
    return pd.DataFrame(rows, columns=m.names(COLUMNS)).astype({"level": "object"})


def _trained(study: Study) -> bool:
    """Whether some trial has a result that no failure stands for."""
    trials = study.trials[study.trials[PHASE] != CROSSED]
    values = trials[VALUE].to_numpy(dtype=np.float64, na_value=np.nan)
    return bool((np.isfinite(values) & (trials[OUTCOME] == TRAINED).to_numpy()).any())


def _of_the_ranking(study: Study, found: Tried, choice: Choice) -> int:
    """Row of the best mean; of equal ones the one that the ranking takes."""
    first, means = configuration_means(study)
    fair = choice.fair.means
    if len(means) and math.isclose(float(means.min()), float(found.means[choice.best]), rel_tol=SAME):
        row = study.plan.iloc[int(first[int(np.argmin(means))])]
        values = {name: row[name] for name in study.space.names if level_text(row[name])}
        same = found.row(values)
        if same is not None and math.isclose(float(fair[same]), float(fair[choice.best]), rel_tol=SAME):
            return same
    return choice.best


def estimate_of(study: Study, choice: Choice, row: int) -> tuple[float, float, float]:
    """Mean of a configuration that it was compared by, and the ends of its interval; NaN where there is none.

    Where not all ran in the same replicates, hard and easy ones are allowed for. Errors and losses of the
    tool's own networks are not negative; what a stranger measures may be.
    """
    mean, (low, high) = float(choice.fair.means[row]), choice.fair.interval(row)
    own = study.of_networks and study.read is None and mean >= 0 and math.isfinite(low)
    return mean, max(low, 0.0) if own else low, high


def _rows(study: Study, found: Tried, choice: Choice, which: str, row: int) -> list[dict[str, object]]:
    mean, low, high = estimate_of(study, choice, row)
    worst = (choice if row in choice.worst else choose(found, also=[row])).worst[row]
    others = choice.fair.means[choice.order]
    about: dict[str, Any] = {
        "mean": mean,
        "low": low,
        "high": high,
        "replicates": int(found.counts[row]),
        "worst_neighbour": worst if math.isfinite(worst) else math.nan,
        "within": choice.within,
        "step": choice.step,
        "equal": max(int(np.isclose(others, mean, rtol=SAME, atol=0.0).sum()), 1),
        "of": len(choice.order),
        REMARKS: Remarks(CHOSEN),
    }
    configuration = found.configurations[row]
    named = [name for name in study.space.names if name in configuration] or [""]
    return [{WHICH: which, SETTING: name, "level": configuration.get(name)} | about for name in named]


TABLE: Final = m.Table(
    "best",
    COLUMNS,
    best,
)
