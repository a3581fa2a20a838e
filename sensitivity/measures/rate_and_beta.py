"""Which settings of a study are its learning rate and the β of its momentum, and in which branches they are.

Both are found by name (`sensitivity.vocabulary`), the rate also by what the user said of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity import vocabulary
from sensitivity.branch import ALL, level_of
from sensitivity.coding import is_number
from sensitivity.remarks import Remark
from sweeps.optimizers import OPTIMIZERS as KNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sensitivity.estimators.curves.responses import Mask, Responses
    from sensitivity.remarks import Said
    from sensitivity.study import Study

# Those of ours whose step grows with β, and the first with its factor 1 − β; Adam and its kin divide it out.
OPTIMIZERS: Final = ("momentum", "nesterov", "momentum_ema")
OUR_NAMES: Final = ("learning_rate", "beta")
_RATES: Final = ", ".join(vocabulary.RATES)
_BETAS: Final = ", ".join(vocabulary.BETAS)
NO_RATE: Final = Remark("no_rate", known=_RATES)
NO_BETA: Final = Remark("no_beta", known=_BETAS)
NEVER_VARIES: Final = Remark("never_varies")


def rate_of(study: Study) -> str:
    """Name of the learning rate: the one that was told or recognised, else by name; empty without one.

    One that varies comes before one that is held fixed.
    """
    for names in (study.space.names, study.space.fixed):
        if study.rate in names:
            return study.rate
        if found := _named(names):
            return found
    return ""


def _named(names: Iterable[str]) -> str:
    named = [name for name in names if vocabulary.is_rate(name)]
    return min(named, key=lambda name: len(vocabulary.tokens(name)), default="")


def betas_of(study: Study) -> list[str]:
    """Settings that are a β by their name, the likeliest first; those held fixed where none varies."""
    for names in (study.space.names, study.space.fixed):
        if named := [name for name in names if vocabulary.beta_place(name) >= 0]:
            return sorted(named, key=lambda name: (vocabulary.beta_place(name), name))
    return []


def without_check(study: Study) -> Said | None:
    """Why there is nothing to check in any branch, if so."""
    rate, betas = rate_of(study), betas_of(study)
    if not betas:
        return NO_BETA()
    if fixed := [name for name in (betas[0], rate) if name in study.space.fixed]:
        return NEVER_VARIES(fixed[0])
    return None if rate else NO_RATE()


def is_beta(levels: Iterable[object]) -> bool:
    """Whether all levels are numbers in [0, 1), so that 1 / (1 − β) is the factor of a momentum."""
    return all(is_number(level) and 0 <= float(str(level)) < 1 for level in levels)


def is_rate(levels: Iterable[object]) -> bool:
    """Whether all levels are numbers that have a logarithm."""
    return all(is_number(level) and float(str(level)) > 0 for level in levels)


def axes_named(rate: str, beta: str) -> tuple[str, str]:
    """How the two axes are called, by the names of the columns."""
    return rate, f"{rate} / (1 − {beta})"


def beta_of(found: Responses, betas: list[str], mask: Mask) -> str:
    """The β of a branch: the first that varies there, else the first that is active; empty without one."""
    counts = {name: _count(found, name, mask) for name in betas}
    several = [name for name in betas if counts[name] > 1]
    return next(iter([*several, *(name for name in betas if counts[name])]), "")


def _count(found: Responses, name: str, mask: Mask) -> int:
    column = found.column(name)[mask]
    return len(np.unique(column[column >= 0]))


def judged_branches(study: Study, found: Responses) -> list[tuple[str, Mask, str]]:
    """Branches that have a β, each with its name: each branch by itself, all where there are none.

    Of a sweep of ours only those of the optimizers with momentum: what the others do with β is known.
    """
    every, betas = found.branches(), [name for name in betas_of(study) if name in found.names]
    named = [(branch, mask, beta_of(found, betas, mask)) for branch, mask in every[1:] or every]
    fixed = str(study.space.fixed.get(study.branch, ""))
    return [
        (branch, mask, beta)
        for branch, mask, beta in named
        if beta and not _has_another_beta(study, beta, fixed if branch == ALL else level_of(branch))
    ]


def _has_another_beta(study: Study, beta: str, optimizer: str) -> bool:
    """Whether it is an optimizer of ours whose β is no momentum's; a stranger's may be anything."""
    ours = study.read is None and study.of_networks and (study.rate, beta) == OUR_NAMES
    return ours and optimizer in KNOWN and optimizer not in OPTIMIZERS
