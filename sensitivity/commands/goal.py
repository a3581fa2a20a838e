"""Where the results of measuring go: the folder that was named, or the run's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sensitivity.reading.opening import NOTHING
from sensitivity.reading.result_folders import is_result_folder
from sweeps.errors import StudyError
from sweeps.run_folder import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

    from sensitivity.request import Request


def goal(request: Request, out: Path | None) -> RunFolder:
    """Folder of the results: the one named, or a run's own.

    Raises
    ------
    StudyError
        When neither is known.
    """
    if out is not None:
        return RunFolder(out)
    if request.path is not None and (not request.path.exists() or _is_run(request.path)):
        return RunFolder(request.path)
    if request.path is None and request.storage is None:
        raise StudyError(NOTHING)
    raise StudyError("say where the tables shall go: --out DIR")


def _is_run(path: Path) -> bool:
    """Whether results may lie in the folder given: it is a run of ours, or nothing known."""
    return path.is_dir() and not is_result_folder(path)


def own_folder(request: Request, folder: RunFolder) -> bool:
    """Whether the results go to the run that they are of, which has a table of its trials."""
    return request.path is not None and folder.path.resolve() == request.path.resolve()
