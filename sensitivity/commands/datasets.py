"""What ``sweep`` does with several datasets: a run folder of each, then what they say together."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console

from sensitivity.commands.overrides import DEFAULT_SWEEP, TABLES, Overrides, definition_of, key_of
from sensitivity.commands.sharing import SHARED, share_command
from sensitivity.commands.sweep import sweep_command
from sensitivity.language import say
from sweeps.definition import load
from sweeps.errors import DefinitionError, StudyError
from sweeps.named_data import task_of
from sweeps.own_data import is_own, label
from sweeps.run_folder import RunFolder, datasets_in, note_datasets
from sweeps.several import check_one_kind, dataset_names
from sweeps.shared_folder import SharedFolder
from sweeps.shared_terms import shared_definition

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sweeps.definition import SweepDefinition

_LONGEST: Final = 100


def datasets_asked(
    source: str | None, assignments: Sequence[str], given: Sequence[str], folder: Path | None
) -> list[str]:
    """Datasets named on the command line, one or more; else the several of a definition or a folder.

    Raises
    ------
    DefinitionError
        When the list is empty or names one twice.
    """
    if given:
        return dataset_names([name for text in given for name in _split(text)])
    assigned = [text for text in assignments if key_of(text) == "dataset"]
    if assigned:
        found = Overrides(assignments=assigned[:1]).apply({}).get("dataset")
    elif source is None:
        return [] if folder is None else datasets_in(folder)
    else:
        path = Path(source)
        readable = path.is_file() and path.suffix.lower() not in TABLES
        found = load(source).get("dataset") if readable else None
    names = dataset_names(found) if isinstance(found, list) else []
    return names if len(names) > 1 else []


def _split(text: str) -> list[str]:
    """Names between commas; a file's name may hold one."""
    return [text] if Path(text).exists() else [part.strip() for part in text.split(",")]


def datasets_command(
    source: str | None,
    overrides: Overrides,
    names: Sequence[str],
    out: Path | None,
    storage: str | None,
    *,
    share: Path | None = None,
    cluster: str | None = None,
    **how: Any,  # noqa: ANN401 (options of `sweep_command` and `share_command`)
) -> None:
    """Train or resume the sweep of each dataset in turn, then show what they say together.

    Raises
    ------
    SweepError
        One sentence on what the user can mend; before anything is trained, where it can be known.
    """
    console = Console()
    kept = [text for text in overrides.assignments if key_of(text) not in {"dataset", "name"}]
    known = share or out
    alone = source is None and not replace(overrides, dataset=None).any
    if alone and known is not None and datasets_in(known) == list(names):
        folder, own = known, dict.fromkeys(names, Overrides())
        _check_shared(share, names)
    else:
        own = {name: replace(overrides, dataset=name, assignments=kept) for name in names}
        definitions = {name: definition_of(source, each, None)[0] for name, each in own.items()}
        check_one_kind({name: task_of(definition) for name, definition in definitions.items()})
        folder = share or out or Path("runs") / _name(source, overrides, names)
        _begin(folder, definitions, shared=share is not None)
    each = [folder / label(name) for name in names]
    for number, (name, path) in enumerate(zip(names, each, strict=True), start=1):
        heading = say("across.dataset-of", name=label(name), number=number, all=len(names))
        console.rule(heading, style="dim", align="left")
        if share is not None:
            share_command(source, own[name], path, **how)
        else:
            sweep_command(source, own[name], path, storage, cluster=cluster, part_of=folder, **how)
    _together(console, folder, page=bool(how.get("report", True)))


def _together(console: Console, folder: Path, *, page: bool) -> None:
    """Read all runs again and show what they say together."""
    from sensitivity.commands.across import explain_together  # noqa: PLC0415 (heavy)
    from sensitivity.reading.runs import read_run, runs_in  # noqa: PLC0415 (heavy)

    runs = runs_in(folder)
    studies = {name: read_run(path) for name, path in runs.items()}
    explain_together(console, studies, RunFolder(folder), runs, page=page)


def _check_shared(share: Path | None, names: Sequence[str]) -> None:
    """Who joins by the folder alone finds every definition there."""
    for name in names if share is not None else ():
        path = (share or Path()) / label(name)
        if shared_definition(SharedFolder(path / SHARED)) is None:
            raise StudyError(
                f"{path} is not begun yet; give the definition that the first process had, beside --share"
            )


def _name(source: str | None, overrides: Overrides, names: Sequence[str]) -> str:
    """Name of the folder of all: that of the definition which lists them, else with the datasets in it."""
    raw = replace(overrides, dataset=None).apply(load(source or DEFAULT_SWEEP))
    name, data = str(raw.get("name", "sweep")), "+".join(label(each) for each in names)
    if isinstance(raw.get("dataset"), list):
        return name
    found = data if name == raw.get("dataset") else f"{name}-{data}"
    return found if len(found) <= _LONGEST else f"{name}-{len(names)}-datasets"


def _begin(folder: Path, definitions: dict[str, SweepDefinition], *, shared: bool) -> None:
    """Write every definition where its run will be, so that the folder alone is enough to go on.

    Raises
    ------
    SweepError
        When the folder holds something else, or a run there is another sweep.
    """
    runs = {name: RunFolder(folder / label(name)) for name in definitions}
    if not datasets_in(folder):
        if RunFolder(folder).definition_file.exists():
            raise StudyError(f"{folder} holds the run of one dataset; choose another folder with --out")
        if not shared:
            RunFolder(folder).check_empty()
    begun: list[Callable[[], object]] = []
    for name, run in runs.items() if not shared else ():
        existing = run.definition()
        if existing is None:
            run.check_empty()
            begun.append(partial(run.begin, definitions[name]))
        else:
            _check_same(folder, name, existing, definitions[name])
    note_datasets(folder, list(definitions))
    for begin in begun:
        begin()


def _check_same(folder: Path, name: str, existing: SweepDefinition, asked: SweepDefinition) -> None:
    data = existing.data.model_copy(update={"contents": None})
    found = existing.model_copy(update={"data": data}).differences(asked)
    different = [each for each in found if not (is_own(name) and each.startswith("dataset:"))]
    if different:
        shown = "; ".join(different[:5]) + ("; …" if len(different) > 5 else "")
        raise DefinitionError(
            f"{folder} holds another sweep ({label(name)}: {shown}); choose another folder with --out, or "
            "resume the one there by naming the folder only"
        )
