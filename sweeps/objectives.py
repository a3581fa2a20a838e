"""The objectives by name: a new one is a subclass of `sweeps.objective.Objective` and a line here.

A function of the user's needs no line: ``package.module:function`` names it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sweeps.errors import DefinitionError, did_you_mean, shown
from sweeps.functions import FunctionObjective
from sweeps.network_objective import NetworkObjective

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sweeps.objective import Objective

OBJECTIVES: dict[str, Objective] = {"network": NetworkObjective()}


def objective_named(name: str, folders: Sequence[str] = ()) -> Objective:
    """Look up an objective.

    Parameters
    ----------
    name
        One of `OBJECTIVES`, or ``package.module:function``.
    folders
        Where the module of a function is looked for first.

    Raises
    ------
    DefinitionError
        When there is none of that name.
    """
    if ":" in name:
        return FunctionObjective(name, tuple(folders))
    if name not in OBJECTIVES:
        hint = did_you_mean(name, OBJECTIVES)
        own = "" if hint.endswith("?") else ", or name a function of your own: package.module:function"
        raise DefinitionError(f"objective {shown(name)} is not known{hint}{own}")
    return OBJECTIVES[name]
