"""A function of the user's: where it is, whether it can be called, and what a call of it gave.

``f(configuration, seed)`` returns a number or a mapping of metrics, or yields one per epoch. Whatever else
happens in it is an outcome with a message. Nothing here imports more than the standard library: it runs in
the process of the function.
"""

from __future__ import annotations

import importlib
import inspect
import math
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sweeps.errors import DefinitionError, did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Function = Callable[[dict[str, Any], int], Any]
    Metrics = dict[str, float]

TRAINED: Final = "trained"
DIVERGED: Final = "diverged"  # what it gave is not finite
FAILED: Final = "failed"  # it raised an exception, or gave what is no number
TIMED_OUT: Final = "timed_out"
OUT_OF_MEMORY: Final = "out_of_memory"
KILLED: Final = "killed"  # its process ended in the middle

VALUE: Final = "value"  # name of a number that comes without one, and the metric where none is asked for
BEST: Final = "best_"
_LONGEST: Final = 300  # characters of a message
_NAMED: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[\w.<>]+")
_ADDRESS: Final = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")  # differs from process to process


def check_name(name: str) -> None:
    """Whether a name can be that of a function.

    Raises
    ------
    DefinitionError
        When it is no ``package.module:function``.
    """
    if ".py:" in name or "/" in name:
        plain = name.replace(".py:", ":").replace("/", ".").strip(".")
        raise DefinitionError(f"objective {shown(name)} is a path; name the module, such as {plain!r}")
    if not _NAMED.fullmatch(name):
        raise DefinitionError(f"objective {shown(name)} is no function; write package.module:function")


def module_file(name: str, folders: Sequence[str]) -> Path:
    """File of a function's module, found without importing anything.

    Parameters
    ----------
    folders
        Where it is looked for first; then where Python looks.

    Raises
    ------
    DefinitionError
        When there is none.
    """
    module = name.partition(":")[0]
    importlib.invalidate_caches()
    path, spec = [*folders, *sys.path], None
    parts = module.split(".")
    for count in range(1, len(parts) + 1):
        spec = PathFinder.find_spec(".".join(parts[:count]), path)
        if spec is None:
            break
        path = list(spec.submodule_search_locations or [])
    if spec is None or spec.origin is None or not Path(spec.origin).is_file():
        places = " and ".join(dict.fromkeys(folders)) or "Python's path"
        raise DefinitionError(
            f"there is no module {module!r} for the objective {name!r}; it is looked for in {places}"
        )
    return Path(spec.origin)


def loaded(name: str, folders: Sequence[str]) -> Function:
    """The objective of this name; its module is imported, and the folders stay on Python's path.

    Raises
    ------
    DefinitionError
        When the module cannot be imported, or has no such function, or it takes no two arguments.
    """
    function: Function = named(name, folders)
    check_function(name, function)
    return function


def named(name: str, folders: Sequence[str]) -> Any:  # noqa: ANN401 (whatever has the name)
    """What ``package.module:function`` names; its module is imported, and the folders stay on Python's path.

    Raises
    ------
    DefinitionError
        When the module cannot be imported, or has nothing of this name.
    """
    module, _, path = name.partition(":")
    sys.path[:0] = [folder for folder in dict.fromkeys(folders) if folder not in sys.path]
    try:
        found: Any = importlib.import_module(module)
    except (Exception, SystemExit) as error:  # noqa: BLE001 (whatever the user's module does)
        raise DefinitionError(f"module {module!r} cannot be imported: {message_of(error)}") from None
    for part in path.split("."):
        names = [one for one, what in vars(found).items() if callable(what) and not one.startswith("_")]
        if not hasattr(found, part):
            hint = did_you_mean(part, names) if names else ""
            raise DefinitionError(f"module {module!r} has no {part!r}{hint}")
        found = getattr(found, part)
    return found


def check_function(name: str, function: object) -> None:
    """Whether it can be called with a configuration and a seed.

    Raises
    ------
    DefinitionError
        When it cannot.
    """
    if not callable(function):
        raise DefinitionError(f"objective {name!r} is {shown(function)} and no function")
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some written in C do not tell
        return
    try:
        signature.bind({}, 0)
    except TypeError:
        raise DefinitionError(
            f"objective {name!r} takes {signature}, and is called with two arguments: "
            "def train(configuration, seed)"
        ) from None


class NoResultError(Exception):
    """What a function gave is no result; the message says what it is instead."""


def call(
    function: Function,
    configuration: dict[str, Any],
    seed: int,
    metric: str,
    heard: Callable[[Metrics, bool], None],
) -> tuple[str, str]:
    """Call the function and hand over what it gives, one by one.

    Parameters
    ----------
    metric
        What is compared; one that is not finite ends the call.
    heard
        Called with the metrics of each epoch, or of the whole, and whether it was an epoch.

    Returns
    -------
    tuple of str
        Outcome and message.
    """
    try:
        given = function(configuration, seed)
        if not isinstance(given, Iterator):
            metrics = metrics_of(given, metric)
            return _heard(metrics, chosen(metrics, metric), heard, None)
        outcome = FAILED, "it yielded nothing"
        for epoch, one in enumerate(given, 1):
            metrics = metrics_of(one, metric)
            metric = chosen(metrics, metric, named=epoch > 1)  # the first decides of them all
            outcome = _heard(metrics, metric, heard, epoch)
            if outcome[0] != TRAINED:
                given.close() if inspect.isgenerator(given) else None
                break
    except NoResultError as error:
        return FAILED, str(error)
    except MemoryError as error:
        return OUT_OF_MEMORY, message_of(error)
    except (Exception, SystemExit) as error:  # noqa: BLE001 (whatever the function does is an outcome)
        return FAILED, message_of(error)
    return outcome


def _heard(
    metrics: Metrics, name: str, heard: Callable[[Metrics, bool], None], epoch: int | None
) -> tuple[str, str]:
    """Hand over one result; outcome and message so far."""
    heard(metrics, epoch is not None)
    if math.isfinite(metrics[name]):
        return TRAINED, ""
    return DIVERGED, f"{name} is {metrics[name]}" + ("" if epoch is None else f" after epoch {epoch}")


def metrics_of(given: object, metric: str = VALUE) -> Metrics:
    """What a function returned or yielded, as plain numbers by name; a number alone is the metric asked for.

    Raises
    ------
    NoResultError
        When it is neither a number nor a mapping of numbers.
    """
    if isinstance(given, Mapping):
        if not given:
            raise NoResultError("it gave an empty mapping; give at least one metric")
        return {_clean(str(name)): _number(value, f"metric {str(name)!r}") for name, value in given.items()}
    return {metric.removeprefix(BEST) or VALUE: _number(given, "what it gave")}


def _number(value: object, what: str) -> float:
    if not isinstance(value, str | bytes) and value is not None:
        try:
            return float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError, RuntimeError):
            pass
    raise NoResultError(f"{what} is {shown(value)}, not a number; return a number or a mapping of metrics")


def chosen(metrics: Mapping[str, float], metric: str, *, named: bool = False) -> str:
    """Name of the metric that is compared; the first where ``value`` is asked for and there is none.

    Parameters
    ----------
    named
        Whether ``metric`` is the name of one, also where it is ``value``.

    Raises
    ------
    NoResultError
        When there is none of that name.
    """
    name = metric if metric in metrics else metric.removeprefix(BEST)
    if name in metrics:
        return name
    if name == VALUE and not named:
        return next(iter(metrics))
    raise NoResultError(
        f"it gave no metric {name!r}, only {', '.join(metrics)}; choose one with metric = ..."
    )


def message_of(error: BaseException) -> str:
    """An exception on one line, with the last place in the user's own file, the same in every process."""
    said = _said(error)
    text = f"{type(error).__name__}: {said}" if said else type(error).__name__
    text = _ADDRESS.sub("0x…", " ".join(text.split()))
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST - 1]}…"
    place = next(
        (frame for frame in reversed(traceback.extract_tb(error.__traceback__)) if _own(frame)), None
    )
    return _clean(text if place is None else f"{text} ({Path(place.filename).name}, line {place.lineno})")


def _said(error: BaseException) -> str:
    """Text of an exception, whose own code may fail too."""
    try:
        return str(error)
    except Exception:  # noqa: BLE001 (whatever the user's class does)
        return ""


def _clean(text: str) -> str:
    """Text that every file can hold: half a pair of surrogates, as a broken file name has, is escaped."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _own(frame: traceback.FrameSummary) -> bool:
    """Whether a place is in a file of the user's: not here, nor installed, nor Python's own."""
    path = Path(frame.filename)
    library = Path(inspect.__file__).parent
    elsewhere = library in path.parents or "site-packages" in path.parts or "dist-packages" in path.parts
    return path.is_file() and path.parent != Path(__file__).parent and not elsewhere
