"""What several datasets say together, in sentences and rows: the page and the terminal show the same."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from sensitivity.across import tables as t
from sensitivity.across.dimension import ENOUGH
from sensitivity.across.scores import DATASET
from sensitivity.branch import words
from sensitivity.files import whole
from sensitivity.language import say
from sensitivity.reporting.page import from_template
from sensitivity.trials import DIVERGED, OUTCOME
from sensitivity.words import amount, short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sensitivity.across.runs import Shared
    from sensitivity.across.scores import Scores
    from sensitivity.reporting.content import Figure
    from sensitivity.study import Study

_LONGEST: Final = 60  # letters of a setting's name
_SHOWN: Final = 40  # settings named in a sentence at most


@dataclass(frozen=True)
class Rows:
    """A table in words: its name as a file, headings, cells, and which columns hold numbers."""

    name: str
    title: str
    how_to_read: str
    heads: Sequence[str]
    cells: Sequence[Sequence[str]]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Together:
    """All that is said of several datasets together."""

    title: str
    facts: Sequence[tuple[str, str]]
    answer: Sequence[str]
    settings: Rows
    datasets: Rows
    notes: Sequence[str]


def together(
    name: str,
    shared: Shared,
    found: Mapping[str, pd.DataFrame],
    studies: Mapping[str, Study],
    notes: Sequence[str] = (),
) -> Together:
    """Sentences and rows.

    Parameters
    ----------
    name
        Of the sweep, or of the comparison.
    found
        Tables of `sensitivity.across.tables.all_of`.
    notes
        What must be said besides.
    """
    scores = shared.scores
    facts = [
        (say("across.fact-datasets"), f"{len(scores.datasets)}"),
        (say("across.fact-configurations"), f"{len(scores.configurations):,}"),
        (say("across.fact-replicates"), _replicates(scores)),
        (say("across.fact-settings"), f"{len(scores.settings)}"),
    ]
    whole_row = found[t.ALL].iloc[0]
    answer = [sentence for table in (t.ALL, t.SETTINGS) for sentence in sentences(table, found[table])]
    return Together(
        say("across.title", name=name),
        facts,
        answer,
        _settings(found[t.SETTINGS], whole_row),
        _datasets(found[t.OF_DATASETS], studies),
        [*notes, *_notes(shared, whole_row, studies)],
    )


def sentences(name: str, table: pd.DataFrame) -> list[str]:
    """What a table of `sensitivity.across.tables` says; nothing for any other."""
    if name == t.SETTINGS:
        return _verdicts(table)
    if name != t.ALL or table.empty:
        return []
    row = table.iloc[0]
    return [*_cost(row), *_dimension(row, int(row[t.COUNT]))]


def _replicates(scores: Scores) -> str:
    """How often a configuration ran: the fewest and the most."""
    fewest, most = int(scores.counts[scores.counts > 0].min()), scores.replicates
    return f"{most}" if fewest == most else say("across.to", low=f"{fewest}", high=f"{most}")


def _cost_of(row: Any) -> str:  # noqa: ANN401 (a row of pandas)
    return amount(float(row[t.COST]), float(row[t.LOW]), float(row[t.HIGH]))


def _configuration(text: object) -> str:
    """Configuration of a table, ``learning_rate = 0.1, …``, as sentences call settings: learning rate 0.1."""
    parts = (part.partition(" = ") for part in str(text).split(", "))
    return ", ".join(f"{words(name, _LONGEST)} {value}" if value else name for name, _, value in parts)


def _cost(row: Any) -> list[str]:  # noqa: ANN401
    given = {
        "configuration": _configuration(row[t.CONFIGURATION]),
        "cost": _cost_of(row),
        "one": short(row[t.TOGETHER], 3),
        "tuned": short(row[t.TUNED], 3),
    }
    if pd.isna(row[t.LOW]):
        return [say("across.cost-alone", **given)]
    margin = (1 - ENOUGH) * abs(float(row[t.TUNED]))
    if float(row[t.COST]) == 0 and float(row[t.HIGH]) <= margin:
        given["cost"] = short(row[t.HIGH], 2)
        return [say("across.cost-nothing", **given)]
    wide = float(row[t.HIGH]) > margin and float(row[t.LOW]) <= 0
    return [say("across.cost-unsure", **given) if wide else say("across.cost", **given)]


def _dimension(row: Any, count: int) -> list[str]:  # noqa: ANN401
    """How few settings are enough: none, where even the upper end says so; else as many, or the range."""
    if pd.isna(row[t.EFFECTIVE]):
        return []
    effective, low, high = int(row[t.EFFECTIVE]), row[t.EFFECTIVE_LOW], row[t.EFFECTIVE_HIGH]
    names = ", ".join(words(name, _LONGEST) for name in str(row[t.ENOUGH_SETTINGS]).split(", "))
    given = {"tuned": effective, "names": names, "count": count}
    if pd.isna(high):
        return [say("across.few-by-luck", **given)]
    if high == 0:
        return [say("across.nothing-to-tune", count=count)]
    if low == high:
        return [say("across.few-to-tune", **given)]
    return [say("across.some-to-tune", low=f"{low}", high=f"{high}", **given)]


def _verdicts(settings: pd.DataFrame) -> list[str]:
    """Which settings have which verdict, a sentence for each that some have."""
    names: dict[str, list[str]] = {}
    for row in settings.head(_SHOWN).to_dict("records"):
        name = words(row[t.SETTING], _LONGEST)
        once = row[t.VERDICT] == t.ONCE
        text = say("across.set-to", name=name, level=row[t.LEVEL]) if once else name
        names.setdefault(row[t.VERDICT], []).append(text)
    listed = {verdict: ", ".join(each) for verdict, each in names.items()}
    said = []
    if t.PER_DATASET in listed:
        said.append(say("across.per-dataset", names=listed[t.PER_DATASET]))
    if t.ONCE in listed:
        said.append(say("across.once", names=listed[t.ONCE]))
    if t.UNKNOWN in listed:
        said.append(say("across.unknown", names=listed[t.UNKNOWN]))
    return said


def _settings(settings: pd.DataFrame, row: Any) -> Rows:  # noqa: ANN401
    heads = [
        say("across.setting"),
        say("across.what-to-do"),
        say("across.cost-once"),
        say("across.own-levels"),
    ]
    cells = []
    for one in settings.to_dict("records"):
        cost = _cost_of(one)
        if pd.isna(one[t.LOW]):
            cost = f"{cost} ({say('across.no-interval')})"
        cells.append([words(one[t.SETTING], _LONGEST), _to_do(one), cost, one[t.OWN_LEVELS]])
    margin = short((1 - ENOUGH) * abs(float(row[t.TUNED])), 2)
    how = say("across.settings-how", margin=margin)
    return Rows(t.SETTINGS, say("across.settings-title"), how, heads, cells)


def _to_do(row: Mapping[Any, Any]) -> str:
    if row[t.VERDICT] == t.ONCE:
        return say("across.once-verdict", level=row[t.LEVEL])
    if row[t.VERDICT] == t.PER_DATASET:
        return say("across.per-dataset-verdict")
    return say("across.unknown-verdict")


def _datasets(datasets: pd.DataFrame, studies: Mapping[str, Study]) -> Rows:
    metrics = {study.label for study in studies.values()}
    metric = next(iter(metrics)) if len(metrics) == 1 else say("across.result")
    heads = [
        say("across.dataset"),
        say("across.best-there"),
        say("across.best-result", metric=metric),
        say("across.one-result"),
        say("across.lost"),
    ]
    cells = []
    for row in datasets.to_dict("records"):
        sign = studies[row[DATASET]].sign
        results = [short(sign * row[name], 3) for name in (t.TUNED_VALUE, t.TOGETHER_VALUE)]
        cells.append([row[DATASET], _configuration(row[t.OWN]), *results, short(row[t.LOST], 2)])
    how, title = say("across.datasets-how"), say("across.datasets-title")
    return Rows(t.OF_DATASETS, title, how, heads, cells, frozenset({2, 3, 4}))


def _notes(shared: Shared, row: Any, studies: Mapping[str, Study]) -> list[str]:  # noqa: ANN401
    scores = shared.scores
    count = len(scores.configurations)
    notes = [
        say("across.note-shared", name=name, shared=count, count=tried)
        for name, tried in shared.counts.items()
        if tried > count
    ]
    if shared.fixed:
        notes.append(
            say("across.note-fixed", names=", ".join(words(name, _LONGEST) for name in shared.fixed))
        )
    notes += _left_out(shared, studies)
    if len({(study.metric, study.direction) for study in studies.values()}) > 1:
        names = ", ".join(f"{name}: {study.metric}" for name, study in studies.items())
        notes.append(say("across.note-metrics", names=names))
    if not pd.isna(row[t.HIGH]):
        as_defined = float(row[t.AS_DEFINED])
        lucky = "yes" if as_defined > 0 else "no"
        notes.append(say("across.note-defined", cost=amount(as_defined), lucky=lucky))
    noise = zip(scores.datasets, scores.noise.tolist(), strict=True)
    known = [f"{name} {short(each, 2)}" for name, each in noise if not math.isnan(each)]
    if known:
        notes.append(say("across.note-noise", names=", ".join(known)))
    return notes


def _left_out(shared: Shared, studies: Mapping[str, Study]) -> list[str]:
    """What counts otherwise than it stands in the trials, or not at all."""
    notes = []
    for count in sorted(set(shared.copies.values())):
        names = ", ".join(name for name, times in shared.copies.items() if times == count)
        notes.append(say("across.note-copies", names=names, count=f"{count}"))
    alone = [
        name for name, most in zip(shared.scores.datasets, _most(shared.scores), strict=True) if most < 2
    ]
    if alone and shared.scores.replicates > 1:
        notes.append(say("across.note-alone", names=", ".join(alone)))
    failures = {
        name: int((study.plan[OUTCOME] == DIVERGED).sum())
        for name, study in studies.items()
        if study.worst_as_cap and name in shared.scores.datasets
    }
    some = [f"{name} {count}" for name, count in failures.items() if count]
    if some:
        notes.append(say("across.note-failures", names=", ".join(some)))
    if shared.failed:
        notes.append(say("across.note-failed", names=", ".join(shared.failed)))
    if shared.flat:
        notes.append(say("across.note-flat", names=", ".join(shared.flat)))
    return notes


def _most(scores: Scores) -> list[int]:
    """Replicates of each dataset, of the configuration there that has most."""
    return [int(most) for most in scores.counts.max(axis=0)]


def write_across(
    path: Path, said: Together, links: Sequence[tuple[str, str]], figure: Figure | None, files: Sequence[str]
) -> None:
    """Write the page whole or not at all.

    Parameters
    ----------
    links
        Name and address of the page of each dataset.
    figure
        Ranks of the settings across datasets; None where there is nothing to rank.
    files
        Names of the tables beside it, without their folder.
    """
    text = from_template("across.html.jinja", said.title, said=said, links=links, figure=figure, files=files)
    with whole(path) as stream:
        stream.write(text)
