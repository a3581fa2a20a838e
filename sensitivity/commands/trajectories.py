"""What the command ``trajectories`` does: rules on a surface → pictures, a GIF, and a table to read."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sensitivity.files import make_folder, write_csv
from sensitivity.language import say, say_of
from sensitivity.pictures import closed_forms, trajectories
from sensitivity.pictures.moving_trajectories import write_gif
from sensitivity.pictures.saving import save
from sensitivity.words import short
from sweeps.closed_forms import (
    STABLE,
    adam_step_bound,
    adam_step_supremum,
    best_beta,
    largest_stable_rate,
    terminal_speed,
)
from sweeps.errors import DefinitionError, shown
from sweeps.run_folder import RunFolder
from sweeps.surfaces import SURFACES, known_name
from sweeps.trajectories import NEAR, ended_in, follow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sweeps.surfaces import Surface
    from sweeps.trajectories import Followed

OPTIMIZERS: Final = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam")
MOST_STEPS: Final = 100_000
GOT_AWAY: Final = ("got away", "still held up")
RUNNING: Final = "running away"
MINIMA: Final = ("minimum", "deep minimum", "shallow minimum")  # the only one, or one of two
PLACES: Final = (  # where a path may end, in the words of the table
    *GOT_AWAY,
    RUNNING,
    *(f"{way} the {minimum}" for way in ("at", "on the way to") for minimum in MINIMA),
)


def trajectories_command(
    surface: str | None,
    optimizers: Sequence[str],
    out: Path,
    *,
    rate: float | None = None,
    start: tuple[float, float] | None = None,
    steps: int | None = None,
) -> None:
    """Follow the rules and show where they went.

    Raises
    ------
    SweepError
        One sentence on what the user can mend.
    """
    name = known_name(surface or next(iter(SURFACES)))
    chosen = SURFACES[name]
    if steps is not None and not 1 <= steps <= MOST_STEPS:
        raise DefinitionError(f"--steps takes a whole number from 1 to {MOST_STEPS:,}, not {shown(steps)}")
    followed = follow(chosen, optimizers or OPTIMIZERS, start=start, rate=rate, steps=steps)
    folder = RunFolder(out)
    make_folder(folder)
    table = table_of(followed)
    console = Console()
    console.print(Text(trajectories.surface_words(chosen)))
    console.print(_drawn(followed, table))
    for line in [
        trajectories.goal_words(chosen),
        *filter(None, [trajectories.rate_words(followed), trajectories.leap_words(followed)]),
    ]:
        console.print(Text(f"· {line}"))
    if _is_bowl(chosen):
        for line in closed_words(chosen):
            console.print(Text(f"· {line}"))
    write_csv(table, folder.tables / "trajectories.csv")
    files = [
        folder.tables / "trajectories.csv",
        *save(trajectories.picture(name, followed), folder.figures / name),
    ]
    if _is_bowl(chosen):
        files += save(closed_forms.picture(chosen), folder.figures / "closed_forms")
    files.append(write_gif(name, followed, folder.figures / f"{name}.gif"))
    for file in files:
        console.print(f"→ {file}", markup=False, highlight=False, soft_wrap=True)


def table_of(followed: Followed) -> pd.DataFrame:
    """A row per rule.

    Columns: ``optimizer``, ``learning_rate``, ``largest_stable_rate`` (of a quadratic; empty where no closed
    form is known), ``steps`` (`Followed.arrivals`, empty where it never arrived), ``last_value``, ``last_x``,
    ``last_y`` (empty where it ran away) and ``where``, in words.
    """
    surface, last = followed.surface, followed.paths[:, -1]
    limits = [
        largest_stable_rate(name, surface.curvatures[-1])
        if _is_bowl(surface) and name in STABLE
        else math.nan
        for name in followed.names
    ]
    steps = followed.arrivals()
    return pd.DataFrame(
        {
            "optimizer": followed.names,
            "learning_rate": followed.rates,
            "largest_stable_rate": limits,
            "steps": pd.array([int(n) if math.isfinite(n) else None for n in steps.tolist()], dtype="Int64"),
            "last_value": followed.values()[:, -1],
            "last_x": last[:, 0],
            "last_y": last[:, 1],
            "where": _where(followed),
        }
    )


def _where(followed: Followed) -> list[str]:
    """Where each path ended, in words."""
    surface, ends = followed.surface, followed.paths[:, [0, -1]].tolist()
    if not surface.minima:
        return [GOT_AWAY[not math.isfinite(n)] for n in followed.arrivals().tolist()]
    found = []
    for (first, last), place in zip(ends, ended_in(surface, followed.paths).tolist(), strict=True):
        minimum = MINIMA[0] if len(surface.minima) == 1 else MINIMA[1 if place == 0 else 2]
        before, after = (math.dist(point, surface.minima[place]) for point in (first, last))
        if not after <= before:  # NaN: so far that it is lost
            found.append(RUNNING)
        else:
            found.append(f"{'at' if after <= NEAR * before else 'on the way to'} the {minimum}")
    return found


def _is_bowl(surface: Surface) -> bool:
    """Whether closed forms hold on it: curvatures that are the same everywhere, and a minimum."""
    return bool(surface.curvatures) and bool(surface.minima)


def closed_words(surface: Surface) -> list[str]:
    """Sentences with the closed forms of a quadratic."""
    low, high = surface.curvatures
    plain, heavy = (short(largest_stable_rate(name, high), 3) for name in ("sgd", "momentum"))
    best, speed = short(best_beta(high / low), 3), short(terminal_speed(0.9))
    once, ever = (short(form(1.0), 3) for form in (adam_step_bound, adam_step_supremum))
    swings = "yes" if float(best) < 0.9 else "no"
    return [
        say("rules.said-stable", high=short(high), plain=plain, heavy=heavy),
        say("rules.said-beta", kappa=short(high / low), best=best, swings=swings),
        say("rules.said-speed", speed=speed),
        say("rules.said-adam", once=once, ever=ever),
    ]


def _drawn(followed: Followed, table: pd.DataFrame) -> Table:
    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    steps = say("rules.to-arrive") if followed.surface.minima else say("rules.to-leave")
    stable = table["largest_stable_rate"].notna().any()
    heads = [
        say("rules.optimizer"),
        say("rules.rate"),
        *([say("rules.stable")] if stable else []),
        steps,
        say("rules.last"),
        say("rules.where"),
    ]
    for place, head in enumerate(heads):
        drawn.add_column(head, justify="left" if place in {0, len(heads) - 1} else "right")
    for row in table.to_dict("records"):
        limit = row["largest_stable_rate"]
        drawn.add_row(
            row["optimizer"],
            short(row["learning_rate"], 3) + trajectories.tuned_mark(followed, row["optimizer"]),
            *(["–" if math.isnan(limit) else short(limit, 3)] if stable else []),
            "–" if pd.isna(row["steps"]) else str(row["steps"]),
            short(row["last_value"], 3) if math.isfinite(row["last_value"]) else "–",
            say_of("rules", f"where-{row['where'].replace(' ', '-')}"),
        )
    return drawn
