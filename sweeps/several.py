"""Several datasets in one definition: each is a sweep of its own, with the same settings and seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sweeps.errors import DefinitionError, shown
from sweeps.own_data import label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sweeps.datasets import Task


def dataset_names(given: Sequence[object]) -> list[str]:
    """Datasets that a list names, each once.

    Raises
    ------
    DefinitionError
        When there is none, one is no name, or two are the same or would share a folder.
    """
    if not given:
        raise DefinitionError(
            "dataset is an empty list; name one at least, such as dataset = ['digits', 'wine']"
        )
    labels: dict[str, str] = {}
    for name in given:
        if not isinstance(name, str) or not name:
            raise DefinitionError(f"dataset lists {shown(name)}, which is no name; write each in quotes")
        if name in labels.values():
            raise DefinitionError(f"dataset lists {shown(name)} twice; leave one of them out")
        known = labels.setdefault(label(name), name)
        if known != name:
            raise DefinitionError(
                f"{shown(known)} and {shown(name)} would both be kept in a folder {label(name)}; "
                "rename one of the files"
            )
    return list(labels.values())


def only_one(given: Sequence[object]) -> str:
    """The name in a list of one.

    Raises
    ------
    DefinitionError
        When it has more, which only the command ``sweep`` trains, or none.
    """
    names = dataset_names(given)
    if len(names) > 1:
        raise DefinitionError(
            f"dataset lists {len(names)} names, which only the command sweep takes; name one, such as "
            f"dataset = {names[0]!r}"
        )
    return names[0]


def check_one_kind(tasks: Mapping[str, Task]) -> None:
    """Errors of classes and of numbers are no one question.

    Raises
    ------
    DefinitionError
        When there are datasets of both kinds.
    """
    first, kind = next(iter(tasks.items()))
    for name, task in tasks.items():
        if task != kind:
            raise DefinitionError(
                f"{first} is a {kind} and {name} a {task}, whose errors are not one metric; sweep them "
                "apart, and compare RUN RUN shows both, each between its own worst and best twentieth"
            )
