"""What the command ``plan`` does: a definition or a run → half widths to expect, and what they take."""

from __future__ import annotations

import math
import shlex
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sensitivity.branch import spaced
from sensitivity.commands.overrides import Overrides, definition_of
from sensitivity.commands.terminal import plain
from sensitivity.language import say
from sensitivity.measures.variance import variance_decomposition
from sensitivity.planning.costs import lasting, seconds_of
from sensitivity.planning.forecast import forecast
from sensitivity.planning.pilot import pilot
from sensitivity.planning.widths import shares_of, with_more
from sensitivity.reading.opening import open_study
from sensitivity.request import Request
from sensitivity.words import counted, percent
from sweeps.definition import parse
from sweeps.designs import plan, search_trials
from sweeps.errors import StudyError
from sweeps.execution import cores
from sweeps.objectives import objective_named
from sweeps.returned_data import look_in
from sweeps.run_folder import RunFolder, module_folders

if TYPE_CHECKING:
    import pandas as pd

    from sensitivity.planning.forecast import Forecast
    from sweeps.definition import SweepDefinition
    from sweeps.objective import Objective

MORE: Final = 400
WITHIN: Final = 5.0
NOTHING: Final = 0.45


def plan_command(source: str | None, within: float | None, more: int | None) -> None:
    """Say how wide intervals will be.

    Raises
    ------
    SweepError
        One sentence on what the user can mend.
    """
    console = Console(highlight=False)
    if source is not None and RunFolder(Path(source)).definition_file.is_file():
        if within is not None:
            raise StudyError("a run is asked what more trials add: plan RUN --more 400; leave out --within")
        _after(console, Path(source), MORE if more is None else more)
        return
    if more is not None:
        raise StudyError(
            "--more is asked of a run folder: plan RUN --more 400; a definition has no trials yet"
        )
    beside = Path(source).resolve().parent if source is not None else None
    look_in(module_folders(beside))
    definition, notes = definition_of(source, Overrides(), None)
    for note in notes:
        console.print(Text(f"Note: {note}"))
    objective = objective_named(definition.objective, module_folders(beside))
    _before(console, definition, objective, (WITHIN if within is None else within) / 100)


def _before(console: Console, definition: SweepDefinition, objective: Objective, within: float) -> None:
    """Pilot, table, and how many replicates are enough."""
    trained, one = pilot(definition, objective=objective), _one(definition)
    space = definition.build_space()
    found = forecast(trained, space)
    each, count = trained.seconds / cores(), found.configurations
    console.print(
        Text(say("plan.before", name=definition.name, count=count, pilot=len(trained.study.trials), one=one))
    )
    table = Table(box=None, pad_edge=False, padding=(0, 2), header_style="bold")
    table.add_column(say("plan.replicates"))
    table.add_column(say("plan.share"), justify="right")
    for replicates in found.widths:
        table.add_column(str(replicates), justify="right")
    rows = _cells(found)
    for name, share in _largest_first(found.share):
        table.add_row(plain(spaced(name)), percent(share), *rows[name])
    times = (lasting(each * count * int(str(replicates))) for replicates in found.widths)
    table.add_row(say("plan.time"), "", *times, style="dim")
    console.print(table)
    console.print()
    if found.also is not None:
        console.print(Text(say("plan.doubt")))
    if one == "network":
        console.print(Text(say("plan.too-narrow")))
    _say_enough(console, found, within, each, one)


def _cells(found: Forecast) -> dict[object, list[str]]:
    """Half widths of each setting in words, from one to another where two of them are possible."""
    one = found.widths
    other = one if found.also is None else found.also.reindex(one.index)
    pairs = zip(one.index, one.to_numpy().tolist(), other.to_numpy().tolist(), strict=True)
    return {name: [between(*each) for each in zip(*both, strict=True)] for name, *both in pairs}


def between(width: float, other: float) -> str:
    """Half width in percentage points, from the smaller of two to the larger where these differ in words."""
    low, high = points(min(width, other)), points(max(width, other))
    return low if low == high else say("plan.between", low=low, high=high)


def _largest_first(share: pd.Series) -> list[tuple[str, float]]:
    """Settings with their shares."""
    ordered = share.sort_values(ascending=False, kind="stable")
    return list(zip(map(str, ordered.index), map(float, ordered.to_numpy()), strict=True))


def points(width: float) -> str:
    """Half width in percentage points; a dash where it is next to all that a share can be."""
    if math.isnan(width) or width > NOTHING:
        return "–"
    return f"±{100 * width:.2g}"


def _one(definition: SweepDefinition) -> str:
    """What a sweep has many of, in a word."""
    return "network" if objective_named(definition.objective).trains_networks else "trial"


def _say_enough(console: Console, found: Forecast, within: float, each: float, what: str) -> None:
    """How many replicates a wanted half width takes; with half the levels too, where that is cheaper."""
    sizes = []
    for one, levels in ((found, "all"), (found.coarse, "half")):
        needed = None if one is None else one.enough(within)
        if one is not None and needed is not None:
            sizes.append((needed * one.configurations, needed, levels))
    if not sizes:
        console.print(Text(say("plan.never", within=f"±{100 * within:g}")))
        return
    for size, needed, levels in sizes[: 2 if sizes[-1][0] < sizes[0][0] else 1]:
        console.print(
            Text(
                say(
                    "plan.enough",
                    within=f"±{100 * within:g}",
                    replicates=needed,
                    levels=levels,
                    count=size,
                    one=what,
                    time=lasting(each * size),
                    cores=cores(),
                )
            )
        )


def _after(console: Console, folder: Path, more: int) -> None:
    """Half widths now and with more trials."""
    study = open_study(Request(path=folder))
    if len(study.plan) < 2:
        raise StudyError(
            f"{folder} has {counted(len(study.plan), 'trial')}: too few to say what more would add"
        )
    widths, share = with_more(study, more), shares_of(study.once(variance_decomposition))
    definition = parse(tomllib.loads(study.definition))
    planned = plan(definition)
    each = seconds_of(study, planned) / len(planned) / cores()
    console.print(
        Text(
            say(
                "plan.after",
                name=study.name,
                count=len(study.plan),
                more=more,
                time=lasting(each * more),
                cores=cores(),
            )
        )
    )
    table = Table(box=None, pad_edge=False, padding=(0, 2), header_style="bold")
    table.add_column(say("plan.setting"))
    for head in (say("plan.share"), say("plan.now"), say("plan.then")):
        table.add_column(head, justify="right")
    rows = dict(zip(widths.index, widths.to_numpy().tolist(), strict=True))
    for name, part in _largest_first(share):
        table.add_row(plain(spaced(name)), percent(part), *map(points, rows[name]))
    console.print(table)
    console.print()
    _say_how(console, folder, definition, len(planned), more)


def _say_how(console: Console, folder: Path, definition: SweepDefinition, planned: int, more: int) -> None:
    """How to get them: another run, with more replicates or trials."""
    if definition.design == "factorial":
        configurations = planned // definition.replicates
        after = definition.replicates + max(round(more / configurations), 1)
        key = f"replicates={after}"
        console.print(Text(say("plan.one-more", count=configurations)))
    else:
        key = f"trials={planned + search_trials(definition) + more}"
    console.print(
        f"  python -m sensitivity sweep {shlex.quote(str(folder / 'sweep.toml'))} --set {key} "
        f"--out {shlex.quote(f'{folder}-more')}",
        markup=False,
        soft_wrap=True,
    )
