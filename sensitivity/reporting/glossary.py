"""The words of the page, each with what it means; a stranger's trials need no words of training networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sensitivity.language import say, speaking
from sensitivity.trials import DIVERGED, OUTCOME, REPLICATE
from sensitivity.words import named

if TYPE_CHECKING:
    from sensitivity.study import Study


def glossary(study: Study) -> list[tuple[str, str]]:
    """Terms and meanings, of subjects that the trials have."""
    with speaking(voice=study.voice):
        return list(_terms(study))


def _terms(study: Study) -> list[tuple[str, str]]:
    networks = study.read is None and study.of_networks
    repeated = int(study.trials[REPLICATE].nunique()) > 1
    failed = bool((study.trials[OUTCOME] == DIVERGED).any())
    branches = study.branch in study.space.names
    terms = [
        (say("glossary.setting"), say("glossary.setting-means")),
        (say("glossary.configuration"), say("glossary.configuration-means")),
        (say("glossary.trial"), say("glossary.trial-means")),
        (say("glossary.main-effect"), say("glossary.main-effect-means")),
        (say("glossary.total-effect"), say("glossary.total-effect-means")),
        (say("glossary.noise"), say("glossary.noise-means")),
        (say("glossary.interval"), say("glossary.interval-means")),
        (say("glossary.told"), say("glossary.told-means")),
    ]
    if networks or repeated:
        terms.append((say("glossary.replicate"), say("glossary.replicate-means")))
    if networks or branches:
        by = named(study.branch) if branches else "optimizer"
        terms.append((say("glossary.branch"), say("glossary.branch-means", branch=by)))
    terms += [
        (say("glossary.retuned"), say("glossary.retuned-means")),
        (say("glossary.untuned"), say("glossary.untuned-means")),
        (say("glossary.slice"), say("glossary.slice-means")),
    ]
    if networks:
        terms.append((say("glossary.common-bar"), say("glossary.common-bar-means")))
    if networks or failed:
        terms.append((say("glossary.cap"), say("glossary.cap-means")))
        terms.append((say("glossary.diverged"), say("glossary.diverged-means")))
    return terms
