"""Folders with a trial per subfolder: Ray Tune's results and keras-tuner's projects → one table."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any, Final

from sensitivity.reading.cells import natural
from sensitivity.reading.nested import flat, table_of
from sweeps.errors import StudyError, shown
from sweeps.small_files import LARGEST, small_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sensitivity.reading.csv_text import TextTable

CONFIG: Final = "config/"
_RESULTS: Final = ("result.json", "progress.csv", "params.json")
_TRIAL: Final = "trial.json"
_ROUNDS: Final = "tuner/epochs"
LARGEST_RESULTS: Final = 2**28  # bytes of a trial, a row per report
_DEEPEST: Final = 3  # folders below the one given


def is_result_folder(path: Path) -> bool:
    """Whether it holds trials of Ray Tune's or keras-tuner's."""
    return any(True for _ in _trials(path, (_TRIAL, *_RESULTS)))


def read_folder(path: Path) -> TextTable:
    """Table of a folder's trials, by the names of their folders.

    Raises
    ------
    StudyError
        When it has none, or a file of theirs is damaged.
    """
    keras = list(_trials(path, (_TRIAL,)))
    if keras:
        try:
            return _keras(path, keras)
        except (AttributeError, TypeError, KeyError):
            raise StudyError(
                f"{path} holds a trial.json that is not as keras-tuner writes it; remove that trial's folder"
            ) from None
    ray = list(_trials(path, _RESULTS))
    if not ray:
        raise StudyError(
            f"{path} holds no trials: no sweep.toml, no result.json or progress.csv, no trial.json"
        )
    try:
        return _ray(path, ray)
    except (UnicodeDecodeError, csv.Error) as error:
        raise StudyError(
            f"{path} holds results that are damaged ({error}); remove that trial's folder"
        ) from None


def _trials(path: Path, names: tuple[str, ...], depth: int = 0) -> Iterator[Path]:
    """Folders with one of the files, in the order in which people would list them."""
    if any((path / name).is_file() for name in names):
        yield path
    elif depth < _DEEPEST:
        for below in sorted((p for p in path.iterdir() if p.is_dir()), key=lambda p: natural(p.name)):
            yield from _trials(below, names, depth + 1)


def _ray(path: Path, folders: list[Path]) -> TextTable:
    """Ray Tune's: settings of each trial, and the last row that it reported."""
    records = []
    for folder in folders:
        last = _last(folder)
        reported = last.pop("config", None)
        config = _loaded(folder / "params.json") or reported or {}
        if not isinstance(config, dict):
            raise StudyError(
                f'{folder / "params.json"} is no record of settings, {{"lr": 0.1}}, but {shown(config)}; '
                "remove this trial's folder"
            )
        record = dict(flat(config, CONFIG, "/"))
        record |= {name: value for name, value in flat(last, mark="/") if not name.startswith(CONFIG)}
        if not last and (folder / "error.txt").exists():
            record["status"] = "crashed"
        records.append(record)
    settings = tuple(dict.fromkeys(n for record in records for n in record if n.startswith(CONFIG)))
    return table_of(path, records, settings=settings)


def _last(folder: Path) -> dict[str, Any]:
    """Last whole row of a trial's results; empty where it reported none."""
    file = folder / "result.json"
    lines = _text(file, LARGEST_RESULTS).splitlines() if file.is_file() else []
    for line in reversed(lines):
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            return found
    progress = folder / "progress.csv"
    if not progress.is_file():
        return {}
    with progress.open(encoding="utf-8", newline="") as text:
        rows = [row for row in csv.DictReader(text) if None not in row.values()]
    return {str(name): value for name, value in rows[-1].items()} if rows else {}


def _loaded(file: Path) -> Any:  # noqa: ANN401 (whatever it holds)
    if not file.is_file():
        return None
    try:
        return json.loads(_text(file))
    except (ValueError, RecursionError) as error:
        raise _damaged(file, error) from None


def _text(file: Path, largest: int = LARGEST) -> str:
    try:
        return small_text(file, largest)
    except ValueError as error:
        raise _damaged(file, error) from None


def _damaged(file: Path, error: Exception) -> StudyError:
    return StudyError(f"{file} is damaged ({error}); remove this trial's folder")


def _keras(path: Path, folders: list[Path]) -> TextTable:
    """keras-tuner's: values, score and the best of each metric, which way is better, and the scales."""
    records: list[dict[str, Any]] = []
    scales: dict[str, bool] = {}
    for folder in folders:
        trial = _loaded(folder / _TRIAL)
        if not isinstance(trial, dict):
            raise StudyError(f"{folder / _TRIAL} is no trial of keras-tuner's; remove this trial's folder")
        hyper = trial.get("hyperparameters") or {}
        values = {n: v for n, v in (hyper.get("values") or {}).items() if not n.startswith("tuner/")}
        for known in hyper.get("space") or []:
            config = known.get("config", known)
            if config.get("sampling") is not None and isinstance(config.get("min_value"), int | float):
                scales[f"hp/{config.get('name')}"] = config["sampling"] in {"log", "reverse_log"}
        record = {
            "trial_id": trial.get("trial_id", folder.name),
            "status": str(trial.get("status", "")).lower(),
        }
        record |= {f"hp/{name}": value for name, value in values.items()} | {"score": trial.get("score")}
        if _ROUNDS in (hyper.get("values") or {}):  # Hyperband gives a trial more of them, round by round
            record[_ROUNDS] = hyper["values"][_ROUNDS]
        record |= _observed((trial.get("metrics") or {}).get("metrics") or {}, trial.get("best_step"))
        records.append(record)
    settings = tuple(dict.fromkeys(n for record in records for n in record if n.startswith("hp/")))
    maximise = _direction(path, folders)
    return table_of(path, records, settings=settings, metric="score", maximise=maximise, scales=scales)


def _observed(metrics: Mapping[str, Any], best_step: object) -> dict[str, float]:
    """Metrics of a trial at its best step, or the last one."""
    found = {}
    for name, known in metrics.items():
        steps = {each.get("step"): each.get("value") for each in known.get("observations") or []}
        value = steps.get(best_step, next(reversed(steps.values()), None))
        value = value if not isinstance(value, list) else sum(value) / len(value) if value else None
        if value is not None and name != "score":
            found[name] = value
    return found


def _direction(path: Path, folders: list[Path]) -> bool | None:
    """Whether the score is maximised, as the project says."""
    for folder in (path, *(folder.parent for folder in folders[:1])):
        oracle = _loaded(folder / "oracle.json") or {}
        objective = oracle.get("objective") or {}
        if isinstance(objective, dict) and objective.get("direction") in {"min", "max"}:
            return bool(objective["direction"] == "max")
    for known in ((_loaded(f / _TRIAL).get("metrics") or {}).get("metrics") or {} for f in folders[:1]):
        ways = {each.get("direction") for each in known.values()}
        if len(ways) == 1:
            return ways == {"max"}
    return None
