"""Sections → folds: under the question that a person would ask, and only those that the trials answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.branch import words
from sensitivity.language import say, speaking
from sensitivity.reporting.content import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sensitivity.reporting.content import Section
    from sensitivity.study import Study

# Anchor of a question → measures that answer it, in the order of the page. The last has all others.
_SECTIONS: Final = {
    "decides": ("question", "ranking", "variance", "among-best"),
    "tune": ("advice", "reachable", "tunability"),
    "forgives": ("tolerance", "differences", "moving-optimum", "momentum"),
    "sure": ("stability", "noise_sources", "budget"),
    "failed": ("divergence",),
    "when": ("speed", "epochs"),
}
_LAST: Final = "when"
_LONGEST: Final = 30  # letters of a name in a title


def questions(study: Study, sections: Mapping[str, Section]) -> list[Question]:
    """Questions with the sections that answer them; warnings, words and origin are the template's own.

    "How sure is this?" is always there, as the warnings stand under it.
    """
    placed = {name for names in _SECTIONS.values() for name in names}
    rest = tuple(name for name in sections if name not in placed)
    with speaking(voice=study.voice):
        found = [
            Question(
                anchor,
                _TITLES[anchor](study),
                [sections[name] for name in (*names, *(rest if anchor == _LAST else ())) if name in sections],
            )
            for anchor, names in _SECTIONS.items()
        ]
    return [one for one in found if one.sections or one.anchor == "sure"]


def _forgives(study: Study) -> str:
    """Of branches and their learning rate where there are both."""
    names = study.space.names
    if study.branch in names and study.rate in names:
        rate, branch = (words(name, _LONGEST) for name in (study.rate, study.branch))
        return say("page.forgives-rate", rate=rate, branch=branch)
    return say("page.forgives")


_TITLES: Final[dict[str, Callable[[Study], str]]] = {
    "decides": lambda _: say("page.decides"),
    "tune": lambda _: say("page.tune"),
    "forgives": _forgives,
    "sure": lambda _: say("page.sure"),
    "failed": lambda _: say("page.failed"),
    "when": lambda _: say("page.when"),
}
