"""A run folder of ours → `Study`: finished, running, or with its study kept elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sensitivity.reading.own import from_table, read_own_table
from sensitivity.reading.studies import read_study
from sweeps.errors import StudyError, SweepError
from sweeps.objectives import objective_named
from sweeps.own_data import label
from sweeps.run_folder import RunFolder, datasets_in

if TYPE_CHECKING:
    import os

    from sensitivity.study import Study
    from sweeps.definition import SweepDefinition

SHARED_RUN: Final = "run"  # in a folder that processes share


def read_run(
    folder: str | os.PathLike[str],
    *,
    cap: float | None = None,
    storage_url: str | None = None,
    failed: str | None = None,
) -> Study:
    """Read the trials recorded so far; nothing in the folder is changed, also while a sweep is running.

    Parameters
    ----------
    folder
        Run folder of ``python -m sensitivity sweep``.
    cap
        What diverged trials count with; None: the metric of a constant prediction, as the sweep did it.
    storage_url
        Where the study is, if the folder does not tell (it never remembers a password).
    failed
        What trials without a result are, as for `read_study`; only a function of the user's own has any.

    Raises
    ------
    SweepError
        When this is no run folder, or neither study nor table can be read.
    """
    run = RunFolder(Path(folder))
    definition = run.definition()
    if definition is None and runs_in(run.path):
        first = next(iter(runs_in(run.path).values()))
        raise StudyError(
            f"{run.path} holds a run of each dataset; name one, such as {first}, or show all together: "
            f"python -m sensitivity compare {run.path}"
        )
    if definition is None:
        raise StudyError(
            f"{run.path} is no run folder: it holds no sweep.toml; give the --out of a sweep that has run"
        )
    if failed is not None and objective_named(definition.objective).trains_networks:
        raise StudyError("a run folder knows how each trial ended; leave out --failed")
    if storage_url is not None:
        return read_study(storage_url, definition.name, cap=cap, failed=failed)
    table = run.tables / "trials.csv"
    try:
        return read_study(_study_url(run), definition.name, cap=cap, failed=failed)
    except SweepError as error:
        if run.journal.exists() or not table.exists():
            raise
        return _from_table(table, definition, cap, str(error), failed)


def runs_in(folder: Path) -> dict[str, Path]:
    """Run folder of each dataset, where a folder is that of a sweep of several; empty where it is not."""
    paths = {label(name): folder / label(name) for name in datasets_in(folder)}
    return {name: path / SHARED_RUN if (path / SHARED_RUN).is_dir() else path for name, path in paths.items()}


def _study_url(run: RunFolder) -> str:
    url = run.storage_url(None, None)
    if not run.journal.exists() and url == f"journal://{run.journal}":
        raise StudyError(
            f"{run.path} holds neither a study nor tables/trials.csv; nothing has been trained yet"
        )
    return url


def _from_table(
    table: Path, definition: SweepDefinition, cap: float | None, reason: str, failed: str | None
) -> Study:
    note = f"The study is not at hand ({reason}); {table} was read instead, which holds no curves."
    return from_table(read_own_table(table), definition, cap, [note], failed=failed)
