"""Terms of the glossary where messages use them: marked in a message's own text, never in what it is given.

A marked term stands between two characters of Unicode's private use area: the first says which term it is.
Names and values of the trials come into a message as variables, so a setting called "noise" is never marked.
The page turns the first mark of each term into an explanation (`sensitivity.reporting.explained`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from fluent.syntax.ast import Resource

END: Final = "\ue000"
_FIRST: Final = 0xE100
MARKED: Final = re.compile(f"([\ue100-\ue1ff])([^{END}\ue100-\ue1ff]*){END}")
_MARKS: Final = re.compile("[\ue000\ue100-\ue1ff]")
_MEANS: Final = "-means"  # at the end of the name of a message that explains a term


@lru_cache(maxsize=4)
def terms(language: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Name of each term of ``glossary.ftl`` with the words that it is used by: its attribute ``forms``."""
    found = []
    text = (files("sensitivity.language") / language / "glossary.ftl").read_text(encoding="utf-8")
    every: list[Any] = list(_parsed(text).body)
    for entry in every:
        for attribute in getattr(entry, "attributes", ()):
            if attribute.id.name == "forms":
                forms = "".join(part.value for part in attribute.value.elements)
                found.append((entry.id.name.removesuffix(_MEANS), tuple(forms.split(", "))))
    return tuple(found)


def start(language: str, name: str) -> str:
    """What stands before a term of this name."""
    return chr(_FIRST + [known for known, _ in terms(language)].index(name))


def name_of(language: str, mark: str) -> str:
    """Name of the term that such a character begins; empty where there is none."""
    place = ord(mark) - _FIRST
    known = terms(language)
    return known[place][0] if place < len(known) else ""


def bare(text: str) -> str:
    """Text without marks."""
    return _MARKS.sub("", text)


def parsed(text: str, language: str = "") -> Resource:
    """Messages of a file; with a language their own text has its terms marked."""
    resource = _parsed(text)
    if language:
        _marked(resource, language)
    return resource


def _parsed(text: str) -> Resource:
    from fluent.runtime import FluentResource  # noqa: PLC0415 (heavy)

    return FluentResource(text)


def _marked(node: Any, language: str) -> None:  # noqa: ANN401 (any part of a resource)
    """Mark the terms in every text element of a tree, those inside choices included."""
    if type(node).__name__ == "TextElement":
        pattern, names = _pattern(language)
        node.value = pattern.sub(
            lambda match: f"{start(language, names[match[0].casefold()])}{match[0]}{END}", node.value
        )
    elif isinstance(node, list):
        for each in node:
            _marked(each, language)
    elif hasattr(node, "__dict__"):
        for each in vars(node).values():
            _marked(each, language)


@lru_cache(maxsize=4)
def _pattern(language: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """What finds a term, the longest first, and which term it is; Korean particles follow without a blank."""
    names = {form.casefold(): name for name, forms in terms(language) for form in forms}
    either = "|".join(re.escape(form) for form in sorted(names, key=len, reverse=True))
    end = "" if language == "ko" else r"(?![\w-])(?! =)"  # ``noise = 'crossed'`` is code
    return re.compile(rf"(?<![\w-])(?:{either}){end}", re.IGNORECASE), names
