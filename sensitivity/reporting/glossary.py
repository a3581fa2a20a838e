"""The words of the page, each with what it means; a stranger's trials need no words of training networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sensitivity.branch import words
from sensitivity.language import marking, say, say_of, speaking
from sensitivity.reporting.content import Word
from sensitivity.trials import DIVERGED, OUTCOME, REPLICATE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sensitivity.study import Study


def glossary(study: Study) -> list[Word]:
    """Terms and meanings, of subjects that the trials have."""
    with speaking(voice=study.voice), marking(on=False):
        return list(_terms(study))


def _word(name: str, **given: object) -> Word:
    return Word(name, say_of("glossary", name), say_of("glossary", f"{name}-means", **given))


def _terms(study: Study) -> Iterator[Word]:
    networks = study.read is None and study.of_networks
    repeated = int(study.trials[REPLICATE].nunique()) > 1
    failed = bool((study.trials[OUTCOME] == DIVERGED).any())
    branches = study.branch in study.space.names
    for name in ("setting", "configuration", "trial", "variance", "main-effect", "interaction"):
        yield _word(name)
    for name in ("total-effect", "noise", "interval", "told", "surrogate", "fit"):
        yield _word(name)
    if networks or repeated:
        yield _word("replicate")
        yield _word("standard-error")
    if networks or branches:
        yield _word("branch", branch=words(study.branch) if branches else say("glossary.optimizer"))
    for name in ("forgiving", "neighbour", "tolerance", "retuned", "untuned", "slice"):
        yield _word(name)
    if networks:
        yield _word("common-bar")
    if networks or failed:
        yield _word("cap")
        yield _word("diverged")
