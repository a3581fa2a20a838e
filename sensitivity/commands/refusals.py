"""What the parser of the command line refuses, or memory does, in one sentence like every other mistake."""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, cast

import typer

from sensitivity.commands.escaping import on_one_line
from sensitivity.commands.options import in_a_language
from sweeps.errors import SweepError, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typer.core import TyperGroup

_KEPT: Final = 60  # letters at both ends of a word that is longer than any path that one can read
_LONG: Final = re.compile(r"\S{400,}")


@cache
def parser(app: typer.Typer) -> TyperGroup:
    """The commands of the application, built once: that takes longer than most refusals."""
    for each in app.registered_commands:
        if each.callback is not None:
            each.callback = in_a_language(each.callback)
    return cast("TyperGroup", typer.main.get_command(app))


def refusal(error: Exception, arguments: Sequence[str]) -> str:
    """Sentence about an error of the parser's, or that memory ran out; empty where the error is neither.

    Parameters
    ----------
    arguments
        What was typed after the name of the program: the parser's words leave out the value.
    """
    if isinstance(error, MemoryError):
        said = " ".join(str(error).split()).rstrip(".")
        return (
            f"memory ran out{f' ({said})' if said else ''}; give it more, or train less at once: --workers 1 "
            "--population 1. What was recorded before is kept"
        )
    words = getattr(error, "format_message", None)
    if words is None:  # its classes are vendored and depend on the version of typer
        return ""
    said = " ".join(words().split()).rstrip(".")
    flags = _flags(error)
    typed = _typed(flags, arguments, getattr(getattr(error, "param", None), "nargs", 1))
    plain = str(getattr(error, "message", "")).partition(", unable to")[0].rstrip(".")
    if typed is not None and plain.startswith("Input should be "):
        said = f"{flags[0]} should be {plain.removeprefix('Input should be ')}, not {shown(typed)}"
    return f"{said}; see: {' '.join(['python -m sensitivity', *_command(error), '--help'])}"


def bounded(sentence: str) -> str:
    """A sentence on one line, no word of it filling the terminal: whoever typed it knows how it goes on."""
    return _LONG.sub(lambda word: f"{word[0][:_KEPT]}…{word[0][-_KEPT:]}", on_one_line(sentence))


def moved(app: typer.Typer, arguments: Sequence[str]) -> str:
    """What to do about data that are not where they were, in the words of the command that was typed."""
    command: Any = parser(app)
    while arguments and arguments[0] in getattr(command, "commands", {}):
        command, arguments = command.commands[arguments[0]], arguments[1:]
    if any("--dataset" in parameter.opts for parameter in command.params):
        return "; if it has moved, name it with --dataset"
    return "; if it has moved, put it, or a link to it, back there"


def check_given_once(app: typer.Typer, arguments: Sequence[str]) -> None:
    """Check that no option has two values: the parser takes the last and says nothing.

    Raises
    ------
    SweepError
        When one has.
    """
    command: Any = parser(app)
    while arguments and arguments[0] in getattr(command, "commands", {}):
        command, arguments = command.commands[arguments[0]], arguments[1:]
    known = {flag: one for one in command.params for flag in (*one.opts, *one.secondary_opts)}
    seen: dict[str, str] = {}
    words = iter(arguments)
    for word in words:
        if word == "--":
            break
        flag, joined, value = word.partition("=")
        parameter = known.get(flag)
        if parameter is None or not flag.startswith("-"):
            continue
        if getattr(parameter, "is_flag", False):
            value = flag
        elif not joined:
            value = " ".join(islice(words, parameter.nargs))
        if not getattr(parameter, "multiple", False) and seen.setdefault(parameter.name, value) != value:
            raise SweepError(
                f"{flag} is given twice, {shown(seen[parameter.name])} and {shown(value)}; give it once"
            )


def _flags(error: Exception) -> list[str]:
    return list(getattr(getattr(error, "param", None), "opts", ()))


def _typed(flags: Sequence[str], arguments: Sequence[str], count: int) -> str | None:
    """Value, or the ``count`` of them, that was typed after one of the flags; None where there is none."""
    for place, argument in enumerate(arguments):
        flag, joined, value = argument.partition("=")
        if flag in flags and joined:
            return value
        if flag in flags and place + 1 < len(arguments):
            return " ".join(arguments[place + 1 : place + 1 + max(count, 1)])
    return None


def _command(error: Exception) -> list[str]:
    """Names of the commands in which it happened."""
    context: Any = getattr(error, "ctx", None)
    found: list[str] = []
    while context is not None and context.parent is not None:
        found.insert(0, context.info_name)
        context = context.parent
    return found
