"""What the command ``best`` does: a run → the configuration to take, also as code or as a fitted model."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from rich.console import Console
from rich.text import Text

from sensitivity.branch import spaced
from sensitivity.commands.confirming import check_data, confirming, definition_of, foreign
from sensitivity.commands.terminal import plain
from sensitivity.estimators.choosing import choose
from sensitivity.estimators.fresh_seeds import decide
from sensitivity.estimators.tried import tried
from sensitivity.export.code import FRAMEWORKS, program
from sensitivity.export.fitted import fitted
from sensitivity.export.taken import Taken
from sensitivity.files import whole
from sensitivity.language import say
from sensitivity.measures import confirm as c
from sensitivity.measures.best import estimate_of
from sensitivity.reading.opening import kind_of, open_study
from sensitivity.request import TABLE, Request
from sensitivity.trials import REPLICATE
from sensitivity.words import amount, short
from sweeps.errors import DefinitionError, StudyError, did_you_mean
from sweeps.keys import NETWORK
from sweeps.own_data import is_own
from sweeps.run_folder import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

    from sensitivity.estimators.choosing import Choice
    from sensitivity.estimators.tried import Tried
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
        Mean with its 95 % interval, NaN where there is none. Of results that chose it the interval allows
        for its luck, as in the table `best`.
    count
        How many replicates of the sweep, or fresh seeds where it was judged, the mean is over.
    judged
        Whether other results than those that chose it say how good it is.
    """

    configuration: Configuration
    row: int | None
    estimate: tuple[float, float, float]
    count: int
    worst: float
    by: str
    judged: bool = False


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
    _check(path, framework, out, fit, by, request)
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


def _check(
    path: Path, framework: str | None, out: Path | None, fit: Path | None, by: str | None, request: Request
) -> None:
    """What can be refused before anything is read."""
    if by is not None and by not in BY:
        raise DefinitionError(f"--by {by} is not known{did_you_mean(by, BY)}")
    if framework is not None and framework not in FRAMEWORKS:
        raise DefinitionError(f"--as {framework} is not known{did_you_mean(framework, FRAMEWORKS)}")
    if out is not None and framework is None:
        raise DefinitionError("--out is where code goes; say which, such as --as torch")
    if kind_of(request) == TABLE and (framework or fit):
        raise foreign(path, "write them as a program")


def chosen(study: Study, found: Tried, choice: Choice, path: Path, by: str | None) -> Answer:
    """Configuration by what is asked for; by default by fresh seeds where there are, else by the rule."""
    again = _confirmed(study, path) if by in {None, CONFIRMED} and study.definition else None
    if again is not None:
        return again
    if by == CONFIRMED:
        raise StudyError(f"{path} was not confirmed yet; first: python -m sensitivity confirm {path}")
    once = int(found.counts[choice.best]) == 1
    if by == MEAN:
        rule = say("best.best-result") if once else say("best.best-mean-of-replicates")
        return _of_sweep(study, found, choice, choice.best, rule)
    return _of_sweep(study, found, choice, choice.forgiving, _rule(choice, once=once))


def _rule(choice: Choice, *, once: bool) -> str:
    """Why the most forgiving is taken, or the best."""
    best = "result" if once else "mean"
    if math.isnan(choice.step):
        return say("best.rule-noise-unknown", best=best)
    step = short(choice.step)
    if choice.within > 1:
        if not choice.weighed:
            return say("best.rule-no-neighbours", best=best, count=choice.within, step=step)
        return say("best.rule-forgiving", count=choice.within, step=step, best=best)
    failing = "yes" if choice.failing else "no"
    return say("best.rule-alone", step=step, best=best, failing=failing)


def _of_sweep(study: Study, found: Tried, choice: Choice, row: int, by: str) -> Answer:
    """Row of the sweep; its interval allows for these very results having chosen it."""
    estimate = estimate_of(study, choice, row)
    count = int(found.counts[row])
    if not choice.equal:
        by += f"; {say('best.allowed-for')}"
    return Answer(found.configurations[row], row, estimate, count, choice.worst[row], by)


def _confirmed(study: Study, path: Path) -> Answer | None:
    """What `confirm` says to take, None where it has not run."""
    folder = RunFolder(path)
    if not (folder.path / "confirm.csv").is_file():
        return None
    asked = confirming(study, folder, top=100)
    seeds = asked.record.replicates()
    there = np.asarray(np.isfinite(asked.values(seeds)).any(axis=1))
    there[list(asked.lost(seeds))] = False
    kept = np.flatnonzero(there).tolist()
    everywhere = np.flatnonzero(np.isfinite(asked.values(seeds)[kept]).all(axis=0))
    seeds = [seeds[place] for place in everywhere.tolist()]
    if not kept or len(seeds) < 2:
        return None
    fresh = asked.fresh(kept, seeds, study.chance)
    take = decide(fresh).take
    one, (low, high) = asked.chosen[kept[take]], fresh.intervals()
    by = say("best.by-confirm")
    estimate = float(fresh.means[take]), float(low[take]), float(high[take])
    return Answer(one.configuration, one.row, estimate, len(seeds), float(fresh.worst[take]), by, judged=True)


def _show(console: Console, study: Study, found: Tried, choice: Choice, answer: Answer) -> None:
    """Configuration to take, and the best by mean where that is another."""
    console.print(Text(plain(f"{study.name}: {spaced(study.label)}"), style="bold"))
    _line(console, say("best.take"), spaced(c.described(answer.configuration)))
    _line(console, "", _good(study, answer))
    _line(console, say("best.chosen-by"), answer.by)
    if answer.row != choice.best:
        other = _of_sweep(study, found, choice, choice.best, "")
        _line(console, say("best.best-mean"), spaced(c.described(other.configuration)))
        _line(console, "", _good(study, other))
    if not answer.judged and study.definition:
        console.print(Text(say("best.too-good")))


def _good(study: Study, answer: Answer) -> str:
    """How good it is, and its neighbours."""
    middle, *ends = (study.sign * one for one in answer.estimate)
    value = amount(middle, *sorted(ends))
    over = "fresh" if answer.judged else "replicates" if study.definition else "runs"
    near = (
        say("best.worst-neighbour", value=short(study.sign * answer.worst, 3))
        if math.isfinite(answer.worst)
        else say("best.no-neighbour")
    )
    known = "no" if math.isnan(answer.estimate[1]) else "yes" if answer.judged else "lucky"
    good = say(
        "best.good", metric=spaced(study.metric), value=value, count=answer.count, over=over, known=known
    )
    return f"{good}; {near}"


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
    chosen_by = say("best.chosen", good=_good(study, answer), by=answer.by)
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
    rows = "yes" if is_own(definition.dataset) else "no"
    what = say("best.fitted", model=type(model).__name__, count=examples, rows=rows)
    console.print(
        f"→ {goal}  ({what}: joblib.load({str(goal)!r}))",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
