"""Message → text in the chosen language (Project Fluent, https://projectfluent.org).

The language is that of the environment variable ``SENSITIVITY_LANGUAGE``, which worker processes inherit;
the option ``--language`` sets it. A *voice* says what kind of trials are spoken of, so that a message can
say "diverged" of networks and "failed" of anything else; each message sees it as its variables.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, Literal

from sensitivity.language.marks import parsed
from sensitivity.language.particles import with_particle
from sweeps.errors import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from fluent.runtime import FluentBundle

LANGUAGES: Final = {"en": "en-US", "ko": "ko-KR"}  # name → locale: how whole numbers are grouped
VARIABLE: Final = "SENSITIVITY_LANGUAGE"
_SHARED: Final = "terms"  # messages that all others may refer to


@dataclass(frozen=True)
class Voice:
    """What kind of trials the messages are about; each field is a variable of every message.

    Attributes
    ----------
    trial
        What was tried: a training of a network, or anything else.
    noise
        What makes two trials of one configuration differ: the seed, whatever a replicate is, or, where
        nothing was tried twice, nobody knows.
    failure
        How a trial goes wrong.
    progress
        What a learning curve counts.
    reference
        Where a user starts: at defaults, or in the middle of each range.
    followed
        Whose best value is followed from place to place: the learning rate's, or, where trials have none,
        that of the numeric setting that matters most.
    """

    trial: Literal["network", "trial"] = "network"
    noise: Literal["seed", "replicate", "unknown"] = "seed"
    failure: Literal["divergence", "failure"] = "divergence"
    progress: Literal["epoch", "step"] = "epoch"
    reference: Literal["default", "reference"] = "default"
    followed: Literal["rate", "setting"] = "rate"


_language: ContextVar[str | None] = ContextVar("language", default=None)
_OF_NETWORKS: Final = Voice()
_voice: ContextVar[Voice] = ContextVar("voice", default=_OF_NETWORKS)
_marking: ContextVar[bool] = ContextVar("marking", default=False)


def chosen(name: str) -> str:
    """Language that a user asked for.

    Raises
    ------
    DefinitionError
        When there is no such language.
    """
    if name not in LANGUAGES:
        raise DefinitionError(f"no language {name!r}; there are {' and '.join(LANGUAGES)}")
    return name


def language() -> str:
    """Language in which is spoken: ``en`` where nobody asked for another.

    Raises
    ------
    DefinitionError
        When the environment names one that there is not.
    """
    return _language.get() or chosen(os.environ.get(VARIABLE) or "en")


@contextmanager
def marking(*, on: bool = True) -> Iterator[None]:
    """Mark the terms of the glossary in all that is said inside, or not: see `sensitivity.language.marks`."""
    kept = _marking.set(on)
    try:
        yield
    finally:
        _marking.reset(kept)


def is_marking() -> bool:
    """Whether terms are marked."""
    return _marking.get()


@contextmanager
def speaking(name: str | None = None, voice: Voice | None = None) -> Iterator[None]:
    """Say all that is said inside in this language and voice; None: as before."""
    kept = _language.set(name or _language.get()), _voice.set(voice or _voice.get())
    try:
        yield
    finally:
        _language.reset(kept[0])
        _voice.reset(kept[1])


def in_english() -> AbstractContextManager[None]:
    """Say what is said inside as files have it, whoever reads them: in English, as of networks."""
    return speaking("en", _OF_NETWORKS)


def say(message: str, /, **given: object) -> str:
    """Text of a message.

    Parameters
    ----------
    message
        ``FILE.NAME``: the message NAME of FILE.ftl.
    given
        Its variables. A whole number is written as the language groups it and chooses the plural; every
        other number is given as text.

    Raises
    ------
    LookupError
        When there is no such message, or it wants a variable that is not given.
    """
    room, _, name = message.partition(".")
    return say_of(room, name, **given)


def say_of(room: str, name: str, part: str = "", /, **given: object) -> str:
    """Text of a message that belongs to a thing of that name, or of one of its parts, an attribute.

    Parameters
    ----------
    room, name, part
        The attribute PART of the message NAME of ROOM.ftl; the message itself where there is no part.
    given
        As in `say`.

    Raises
    ------
    LookupError
        As in `say`.
    """
    bundle = _bundle(language(), room, marked=_marking.get())
    found = bundle.get_message(name)
    pattern = found.attributes.get(part) if part else found.value
    message = ".".join(filter(None, (room, name, part)))
    if pattern is None:
        raise LookupError(f"message {message} has no text")
    text, errors = bundle.format_pattern(pattern, {**asdict(_voice.get()), **given})
    if errors:
        raise LookupError(f"message {message}: {errors[0]}")
    return str(text)


@lru_cache(maxsize=128)
def _bundle(name: str, room: str, *, marked: bool) -> FluentBundle:
    """Messages of a room; those that all share come along."""
    from fluent.runtime import FluentBundle  # noqa: PLC0415 (heavy)

    functions: dict[str, Any] = {"JOSA": _josa}
    bundle = FluentBundle([LANGUAGES[name]], functions=functions, use_isolating=False)
    for file in dict.fromkeys((_SHARED, room)):
        text = (files("sensitivity.language") / name / f"{file}.ftl").read_text(encoding="utf-8")
        bundle.add_resource(parsed(text, name if marked else ""))
    return bundle


def _josa(word: Any, pair: Any) -> str:  # noqa: ANN401 (Fluent's own types, or a string)
    return with_particle(str(word), str(pair))
