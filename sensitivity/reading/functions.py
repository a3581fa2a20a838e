"""Trials of a function of the user's own → `Study`: how each ended is known, what it counts is decided here.

A result that is not finite is a failed training and counts with the worst finite one, for nobody knows what
doing nothing would give. A call that raised, hung or ran out of memory has no result: whether such trials
count is decided as for anybody's (`sensitivity.reading.missing`). The table of trials keeps every one as it
was recorded.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Final

import pandas as pd

from sensitivity.reading import missing
from sensitivity.reading.results import Metric, Record, capped
from sensitivity.study import Study
from sensitivity.trials import (
    DIVERGED,
    MESSAGE,
    NUMBER,
    OUTCOME,
    PHASE,
    PLAN,
    TRAINED,
    VALIDATION_ERROR,
    VALUE,
)
from sensitivity.words import counted
from sweeps.calls import BEST, FAILED, KILLED, OUT_OF_MEMORY, TIMED_OUT
from sweeps.calls import VALUE as UNNAMED
from sweeps.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sweeps.definition import SweepDefinition
    from sweeps.space import Value
    from sweeps.trial import FinishedTrial

WITHOUT_RESULT: Final = {  # outcomes of calls that gave none, in words
    FAILED: "raised an error or gave no number",
    TIMED_OUT: "ran out of time",
    OUT_OF_MEMORY: "ran out of memory",
    KILLED: "lost their process",
}


def from_recorded(
    recorded: pd.DataFrame,
    definition: SweepDefinition,
    curves: Mapping[int, Sequence[float]],
    *,
    metric: str = "",
    cap: float | None = None,
    failed: str | None = None,
    notes: Sequence[str] = (),
) -> Study:
    """Study of the trials of a function.

    Parameters
    ----------
    recorded
        Table of `sensitivity.trials` with every trial, ``value`` empty where there is no result.
    curves
        The metric epoch by epoch as the function gave it, from the first; by number of the trial.
    metric
        What the function called the metric, where the definition names none.
    cap
        Highest value that counts, on the scale of the metric; None: the worst finite one.
    failed
        What trials without a result are, ``diverged`` or ``ignore``; None: it is tested.
    """
    space = definition.build_space()
    lost = recorded[OUTCOME].isin(list(WITHOUT_RESULT))
    planned = (recorded[PHASE] == PLAN).tolist()
    given = _configurations(recorded, space.names) if lost.any() else []
    decision = missing.decide(given, lost.tolist(), failed, planned)
    kept = recorded if decision.count else recorded[~lost]
    sign = -1.0 if definition.maximise else 1.0
    known = Metric(
        _named(definition.metric, metric or _column_of_values(recorded, sign)), definition.maximise, cap
    )
    found = capped(_records(kept, known.sign), known)
    outcome = [DIVERGED if bad else TRAINED for bad in found.diverged]
    trials = kept.drop(columns=MESSAGE, errors="ignore").assign(**{VALUE: found.values})  # noqa: PD011 (no frame)
    trials[OUTCOME] = pd.Series(outcome, index=trials.index, dtype="str")
    numbers = set(kept[NUMBER].tolist())
    return Study(
        trials.reset_index(drop=True),
        space,
        known.name,
        found.cap,
        known.direction,
        # Nobody knows what it was before the first epoch.
        {n: [math.nan, *(known.sign * one for one in curve)] for n, curve in curves.items() if n in numbers},
        (*notes, *found.notes),
        definition.name,
        definition=definition.to_toml(),
        worst_as_cap=cap is None,
        foremost=_foremost(recorded[lost], decision),
        of_networks=False,
        every=recorded,
        lost=decision.lost,
    )


def curves_of(finished: Sequence[FinishedTrial], metric: str) -> tuple[dict[int, list[float]], str]:
    """The metric's curves by number of the trial, and what the function called it; empty: unknown.

    Raises
    ------
    StudyError
        When another metric became the value in some trials, as in studies of before that was refused.
    """
    names = Counter(trial.metric for trial in finished if trial.metric)
    if len(names) > 1:
        counts = " and ".join(f"{name!r} in {counted(count, 'trial')}" for name, count in names.most_common())
        raise StudyError(
            f"these trials cannot be compared: what became the value is {counts}; sweep again with "
            f"metric = {names.most_common(1)[0][0]!r}"
        )
    name = metric if metric != UNNAMED else next(iter(names), "")
    curve = name if any(name in trial.curves for trial in finished) else name.removeprefix(BEST)
    return {trial.number: list(trial.curves[curve]) for trial in finished if curve in trial.curves}, name


def _column_of_values(recorded: pd.DataFrame, sign: float) -> str:
    """Column of the metric that became the value, in a table that was written; empty where there is none."""
    columns = list(recorded.columns)
    own = columns[columns.index(VALUE) + 1 : columns.index(VALIDATION_ERROR)]
    trained = recorded[recorded[OUTCOME] == TRAINED]
    return next((name for name in own if (sign * trained[name] == trained[VALUE]).all()), "")


def _named(asked: str, given: str) -> str:
    """What the metric is called in sentences."""
    return (given or asked) if asked == UNNAMED else asked


def _configurations(table: pd.DataFrame, names: Sequence[str]) -> list[dict[str, Value]]:
    """Active settings of every trial."""
    columns = {name: table[name].astype(object) for name in names}
    present = {name: column.notna().to_numpy() for name, column in columns.items()}
    return [
        {name: column.iloc[row] for name, column in columns.items() if present[name][row]}
        for row in range(len(table))
    ]


def _records(table: pd.DataFrame, sign: float) -> list[Record]:
    """Trials that count, with the result in its own sign."""
    results = sign * table[VALUE].to_numpy(dtype=float, na_value=math.nan)
    rows = zip(table[NUMBER].tolist(), results.tolist(), table[OUTCOME].tolist(), strict=True)
    return [
        Record(int(number), result, diverged=outcome == DIVERGED, unexplained=outcome in WITHOUT_RESULT)
        for number, result, outcome in rows
    ]


def _foremost(lost: pd.DataFrame, decision: missing.Decision) -> str:
    """How trials without a result ended, with the most frequent message, and whether they count."""
    if lost.empty:
        return ""
    parts = []
    for outcome, words in WITHOUT_RESULT.items():
        messages = Counter(lost.loc[lost[OUTCOME] == outcome, MESSAGE].tolist())
        if messages:
            most, times = messages.most_common(1)[0]
            often = "" if len(messages) == 1 else f", {times:,} of them"
            parts.append(f"{messages.total():,} {words}{often} ({most})")
    return f"{' '.join(decision.notes)} How they ended: {'; '.join(parts)}."
