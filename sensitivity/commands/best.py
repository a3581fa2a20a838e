"""What the command ``best`` does: a run → the configuration to take, also as code or as a fitted model."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from rich.console import Console
from rich.text import Text
from scipy import stats

from sensitivity.commands.confirming import check_data, confirming, definition_of, foreign
from sensitivity.commands.terminal import plain
from sensitivity.estimators.choosing import choose, noise, tried
from sensitivity.export.code import FRAMEWORKS, program
from sensitivity.export.fitted import fitted
from sensitivity.export.taken import Taken
from sensitivity.files import whole
from sensitivity.measures import confirm as c
from sensitivity.reading.opening import kind_of, open_study
from sensitivity.request import TABLE, Request
from sensitivity.trials import REPLICATE
from sensitivity.words import amount, counted, short
from sweeps.errors import DefinitionError, StudyError, did_you_mean
from sweeps.keys import NETWORK
from sweeps.own_data import is_own
from sweeps.run_folder import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

    from sensitivity.arrays import Floats
    from sensitivity.estimators.choosing import Choice, Tried
    from sensitivity.study import Study
    from sweeps.space import Configuration

CONFIRMED: Final = "confirmed"
FORGIVING: Final = "forgiving"
MEAN: Final = "mean"
BY: Final = (CONFIRMED, FORGIVING, MEAN)
_METRICS: Final = ("validation_error", "validation_loss")


@dataclass(frozen=True, eq=False)
class Answer:
    """A configuration, how good it is, and what chose it.

    Attributes
    ----------
    estimate
        Mean with its 95 % interval, NaN where there is none.
    seeds
        What the mean is over.
    """

    configuration: Configuration
    row: int | None
    estimate: tuple[float, float, float]
    seeds: str
    worst: float
    by: str


def best_command(
    path: Path,
    framework: str | None,
    out: Path | None,
    fit: Path | None,
    by: str | None,
    request: Request,
) -> None:
    """Say which configuration to take; write it as code, or fitted.

    Raises
    ------
    SweepError
        One sentence on what the user can mend.
    """
    if by is not None and by not in BY:
        raise DefinitionError(f"--by {by} is not known{did_you_mean(by, BY)}")
    if framework is not None and framework not in FRAMEWORKS:
        raise DefinitionError(f"--as {framework} is not known{did_you_mean(framework, FRAMEWORKS)}")
    if out is not None and framework is None:
        raise DefinitionError("--out is where code goes; say which, such as --as torch")
    if kind_of(request) == TABLE and (framework or fit):
        raise foreign(path, "write them as a program")
    study = open_study(request)
    found = tried(study)
    choice = choose(found)
    answer = chosen(study, found, choice, path, by)
    console = Console()
    if framework is None:
        _show(console, study, found, choice, answer)
    else:
        what = taken(study, path, answer)
        if framework != "toml":
            check_data(what.definition)
        _write(console, what, framework, out)
    if fit is not None:
        _fit(console, study, path, answer, fit)


def chosen(study: Study, found: Tried, choice: Choice, path: Path, by: str | None) -> Answer:
    """Configuration by what is asked for; by default by fresh seeds where there are, else by the rule."""
    again = _confirmed(study, found, path) if by in {None, CONFIRMED} and study.definition else None
    if again is not None:
        return again
    if by == CONFIRMED:
        raise StudyError(f"{path} was not confirmed yet; first: python -m sensitivity confirm {path}")
    if by == MEAN:
        return _of_sweep(found, choice, choice.best, "the best mean over its replicates")
    step = f"one standard error ({short(choice.step)})"
    rule = f"the most forgiving of {choice.within} within {step} of the best mean"
    if choice.within == 1:
        rule = f"the best mean; no other is within {step}"
    return _of_sweep(found, choice, choice.forgiving, rule)


def _of_sweep(found: Tried, choice: Choice, row: int, by: str) -> Answer:
    """Row of the sweep with the interval that its seeds allow."""
    mean, count = float(found.means[row]), int(found.counts[row])
    luck = noise(found)
    half = math.nan
    if not math.isnan(luck.alone):
        half = luck.alone / math.sqrt(count) * float(stats.t.ppf(0.975, luck.freedom))
    seeds = f"{counted(count, 'replicate')} of the sweep"
    if count == 1:
        by = by.replace("mean over its replicates", "result").replace("best mean", "best result")
    return Answer(
        found.configurations[row], row, (mean, mean - half, mean + half), seeds, choice.worst[row], by
    )


def _confirmed(study: Study, found: Tried, path: Path) -> Answer | None:
    """What `confirm` says to take, None where it has not run."""
    folder = RunFolder(path)
    if not (folder.path / "confirm.csv").is_file():
        return None
    asked = confirming(study, folder, top=100)
    seeds = asked.record.replicates()
    values = asked.values(seeds)
    there = np.asarray(np.isfinite(values).any(axis=1))
    there[list(asked.lost(seeds))] = False
    if not values.size or not there.any():
        return None
    kept = [one for one, known in zip(asked.chosen, there, strict=True) if known]
    values = values[there]
    values = values[:, np.isfinite(values).all(axis=0)]
    if values.shape[1] < 2:
        return None
    worst = c.neighbours_of(found, kept)
    take = c.decide(values, worst).take
    mean, half = float(values[take].mean()), _half(values[take])
    by = "confirm: the most forgiving within one standard error of the best with fresh seeds"
    count = counted(values.shape[1], "fresh seed")
    estimate = (mean, mean - half, mean + half)
    return Answer(kept[take].configuration, kept[take].row, estimate, count, float(worst[take]), by)


def _half(values: Floats) -> float:
    spread = float(values.std(ddof=1)) / math.sqrt(len(values))
    return spread * float(stats.t.ppf(0.975, len(values) - 1))


def _show(console: Console, study: Study, found: Tried, choice: Choice, answer: Answer) -> None:
    """Configuration to take, and the best by mean where that is another."""
    console.print(Text(plain(f"{study.name}: {study.label}"), style="bold"))
    _line(console, "take", c.described(answer.configuration))
    _line(console, "", _good(study, answer))
    _line(console, "chosen by", answer.by)
    if answer.row != choice.best:
        other = _of_sweep(found, choice, choice.best, "")
        _line(console, "best mean", c.described(other.configuration))
        _line(console, "", _good(study, other))
    if answer.seeds.endswith("of the sweep") and study.definition:
        console.print(
            Text(
                "It was chosen by these very results, so they are too good by some; confirm says by how much."
            )
        )


def _good(study: Study, answer: Answer) -> str:
    """How good it is, and its neighbours."""
    middle, *ends = (study.sign * one for one in answer.estimate)
    value = amount(middle, *sorted(ends))
    seeds = answer.seeds if study.definition else answer.seeds.replace("replicate", "run").split(" of ")[0]
    near = (
        "it has no neighbour"
        if not math.isfinite(answer.worst)
        else (f"its worst neighbour has {short(study.sign * answer.worst, 3)}")
    )
    return f"{study.metric} {value} over {seeds}; {near}"


def _line(console: Console, head: str, text: str) -> None:
    """Head in a column of its own, the text beside it."""
    from rich.table import Table  # noqa: PLC0415

    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=9)
    grid.add_column(overflow="fold")
    grid.add_row(Text(head), Text(plain(text)))
    console.print(grid)


def taken(study: Study, path: Path, answer: Answer) -> Taken:
    """What is exported; the replicate is the first that the sweep trained the configuration in."""
    definition = definition_of(study, path, "write them as a program")
    replicate, recorded = 0, dict[str, float]()
    rows = study.trials
    for name in study.space.names:
        value = answer.configuration.get(name)
        rows = rows[rows[name].isna()] if value is None else rows[rows[name] == value]
    if len(rows):
        first = rows.sort_values(REPLICATE, kind="stable").iloc[0]
        replicate = int(first[REPLICATE])
        recorded = {name: float(first[name]) for name in _METRICS if np.isfinite(first[name])}
    chosen_by = f"{_good(study, answer)}. Chosen by {answer.by}."
    return Taken(definition, answer.configuration, chosen_by, replicate, recorded)


def _write(console: Console, what: Taken, framework: str, out: Path | None) -> None:
    """Print the program, or write it to a folder."""
    text = program(what, framework)
    if out is None:
        print(text, end="")  # noqa: T201 (to be piped into a file as it is)
        return
    if out.exists() and not out.is_dir():
        raise StudyError(f"{out} is a file, and --out is a folder; name another")
    out.mkdir(parents=True, exist_ok=True)
    goal = out / ("best.toml" if framework == "toml" else "best.py")
    with whole(goal) as stream:
        stream.write(text)
    console.print(f"→ {goal}", markup=False, highlight=False, soft_wrap=True)


def _fit(console: Console, study: Study, path: Path, answer: Answer, goal: Path) -> None:
    """Fit on the whole dataset and store with joblib."""
    definition = definition_of(study, path, "fit them")
    if definition.objective != NETWORK:
        raise StudyError(
            f"--fit stores a network, and this sweep trains the objective {definition.objective!r}; "
            "take its settings with --as toml"
        )
    if not goal.parent.is_dir():
        raise StudyError(f"there is no folder {goal.parent}; make it, or give another --fit")
    if goal.is_dir():
        raise StudyError(f"{goal} is a folder; name a file, such as --fit {goal / 'model.joblib'}")
    check_data(definition)
    model, examples = fitted(definition, answer.configuration)
    import joblib  # noqa: PLC0415

    part = goal.with_name(f".{goal.name}.part")
    joblib.dump(model, part)
    part.replace(goal)
    what = f"{type(model).__name__} fitted on all {examples:,} examples"
    rows = ", which predicts from rows as they stand in the data" if is_own(definition.dataset) else ""
    console.print(
        f"→ {goal}  ({what}{rows}: joblib.load({str(goal)!r}))",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
