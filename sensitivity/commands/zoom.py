"""What the command ``zoom`` does: trials → the next, narrower definition, or code for Optuna."""

from __future__ import annotations

import math
import shlex
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console

from sensitivity.commands.first_screen import show_reading
from sensitivity.files import whole
from sensitivity.language import say
from sensitivity.planning.costs import lasting, seconds_of
from sensitivity.planning.definition import next_definition
from sensitivity.planning.narrowing import narrow
from sensitivity.planning.optuna_code import optuna_code
from sensitivity.reading.opening import open_study
from sensitivity.request import repeated
from sensitivity.words import counted
from sweeps.calls import module_file
from sweeps.definition import parse
from sweeps.designs import plan, search_trials
from sweeps.errors import DefinitionError, StudyError
from sweeps.execution import cores
from sweeps.objectives import objective_named
from sweeps.run_folder import RunFolder, module_folders

if TYPE_CHECKING:
    from sensitivity.request import Request
    from sensitivity.study import Study
    from sweeps.definition import SweepDefinition

TOML: Final = "toml"
OPTUNA: Final = "optuna"


def zoom_command(request: Request, out: Path | None, how: str | None) -> None:
    """Narrow the space of trials and print it.

    Raises
    ------
    SweepError
        One sentence on what the user can mend.
    """
    if how not in (None, TOML, OPTUNA):
        raise StudyError(f"--as takes toml or optuna, not {how!r}")
    study = open_study(request)
    if how == TOML and not study.definition:
        raise StudyError("a definition is only written of a sweep of ours; take --as optuna for these trials")
    if out is not None and out.exists():
        raise StudyError(f"{out} exists; choose another file with --out")
    console = Console()
    left = narrow(study)
    if how == OPTUNA or not study.definition:
        show_reading(Console(stderr=True), study, request, "zoom")
        title = f"Space for more trials, after the {counted(len(study.trials), 'trial')} of {study.name}."
        _give(console, optuna_code(left, title), out)
        return
    old = parse(tomllib.loads(study.definition))
    text, new = next_definition(study, old, left)
    _give(console, text, out)
    _say(Console(stderr=True, highlight=False, soft_wrap=True), study, (old, new), request, out)


def _give(console: Console, text: str, out: Path | None) -> None:
    """Print a text, and write it where that was asked for."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)
    if out is not None:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            with whole(out) as stream:
                stream.write(text)
        except OSError as error:
            raise StudyError(
                f"{out} cannot be written: {error.strerror}; choose another with --out"
            ) from None


def _say(
    console: Console,
    study: Study,
    definitions: tuple[SweepDefinition, SweepDefinition],
    request: Request,
    out: Path | None,
) -> None:
    """How large the next sweep is, how long it takes, and how it is started; apart from what a pipe takes."""
    before, size = (len(plan(one)) + search_trials(one) for one in definitions)
    planned = plan(definitions[1])
    seconds = seconds_of(study, planned) * size / len(planned) / cores()
    networks = objective_named(definitions[1].objective).trains_networks
    sizes = {"count": size, "before": before, "one": "network" if networks else "trial"}
    if math.isnan(seconds):
        console.print(say("plan.next", **sizes), markup=False)
    else:
        console.print(say("plan.next-takes", **sizes, time=lasting(seconds), cores=cores()), markup=False)
    if out is None:
        words = ["zoom", *repeated(request), "--out", "next.toml"]
        console.print(f"  python -m sensitivity {shlex.join(words)}", markup=False)
    console.print(f"  python -m sensitivity sweep {shlex.quote(str(out or 'next.toml'))}", markup=False)
    if not networks:
        _say_where(console, definitions[1], request, out)


def _say_where(console: Console, definition: SweepDefinition, request: Request, out: Path | None) -> None:
    """Where the module of a function is, which a definition in another folder does not find."""
    noted = None if request.path is None else RunFolder(request.path).module_folder()
    try:
        module_file(definition.objective, module_folders((out or Path()).resolve().parent))
    except DefinitionError:
        if noted is not None:
            console.print(say("plan.found-in", name=definition.objective, place=str(noted)), markup=False)
