"""Options as the command line has them, made of the fields of a `Request`."""

from __future__ import annotations

import inspect
import os
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from sensitivity.language import LANGUAGES, VARIABLE, chosen, language
from sensitivity.request import Request, flags, options
from sweeps.errors import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_Path = Annotated[
    Path | None,
    typer.Argument(
        help="A run folder, a table of trials, the folder of Ray Tune or keras-tuner, an Optuna file.",
        metavar="RUN|FILE",
    ),
]
_Out = Annotated[
    Path | None,
    typer.Option("--out", "-o", help="Where the results go. Default: the run folder.", metavar="DIR"),
]


def speak(given: str | None) -> None:
    """Tell results in the language that is given; worker processes inherit the choice.

    Raises
    ------
    DefinitionError
        When there is no such language, given or in the environment.
    """
    if given is not None:
        os.environ[VARIABLE] = chosen(given)
    language()


def in_a_language(command: Callable[..., None]) -> Callable[..., None]:
    """Command with the option ``--language`` besides its own."""
    option = Annotated[
        str | None,
        typer.Option("--language", help=f"Tell results in: {' or '.join(LANGUAGES)}.", metavar="L"),
    ]

    @wraps(command)
    def spoken(**given: Any) -> None:  # noqa: ANN401 (typer's)
        speak(given.pop("language"))
        command(**given)

    hints = get_type_hints(command, include_extras=True)
    own = [
        each.replace(annotation=hints[each.name]) for each in inspect.signature(command).parameters.values()
    ]
    last = inspect.Parameter("language", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=option)
    spoken.__signature__ = inspect.Signature([*own, last])  # type: ignore[attr-defined]
    spoken.__annotations__ = {**hints, "language": option}
    return spoken


def check_alone(share: Path, others: Mapping[str, object]) -> None:
    """Options that mean nothing beside ``--share`` are not given.

    Raises
    ------
    DefinitionError
        Names the first that is.
    """
    for name, value in others.items():
        if value is not None:
            raise DefinitionError(
                f"with --share the run is kept in {share / 'run'} and trained by all who share the folder; "
                f"leave out {name}"
            )


def asked(command: Callable[..., None]) -> Callable[..., None]:
    """Command whose options are those of a request, ``--out``, and what else it takes by name.

    ``--out`` is a folder where the command does not say what it is.
    """
    own = list(inspect.signature(command).parameters.values())[2:]
    hints = get_type_hints(command, include_extras=True)

    def parsed(path: Path | None = None, out: Path | None = None, **given: Any) -> None:  # noqa: ANN401 (typer's)
        others = {each.name: given.pop(each.name) for each in own}
        plain: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
        }
        command(
            Request(path=path, **{name: value for name, value in plain.items() if value is not None}),
            out,
            **others,
        )

    parameters = {"path": (_Path, None), "out": (_Out if hints["out"] == Path | None else hints["out"], None)}
    parameters |= {each.name: (hints[each.name], each.default) for each in own}
    parameters |= {known.name: _parameter(known) for known in options()}
    parsed.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
            for name, (annotation, default) in parameters.items()
        ]
    )
    parsed.__annotations__ = {name: annotation for name, (annotation, _) in parameters.items()}
    parsed.__name__ = command.__name__
    return parsed


def _parameter(known: Any) -> tuple[Any, Any]:  # noqa: ANN401 (a field of any type)
    """Annotation and default of one option."""
    kind = list[str] | None if known.default == () else get_type_hints(Request)[known.name]
    shown = typer.Option(
        *flags(known), help=known.metadata["help"], metavar=known.metadata["metavar"] or None
    )
    return Annotated[kind, shown], known.default or None if kind is not bool else False
