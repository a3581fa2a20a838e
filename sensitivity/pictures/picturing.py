"""Study and its tables → all pictures: every one there is, by name.

A picture is a function of a `Study` and the tables of its measures; it draws what the tables say and
computes nothing of its own. Where they hold nothing to draw it raises `NothingToDraw`, which says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from sensitivity.pictures import (
    among_best,
    batch_size_and_learning_rate,
    best_after_k,
    beta_and_learning_rate,
    decomposition,
    divergence_map,
    interactions,
    learning_curves,
    learning_rate_by_optimizer,
    over_epochs,
    pair_matrix,
    ranking,
    schedule_by_optimizer,
    stability,
    survivors,
    tolerance,
    training_speed,
    tunability,
)
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.pictures.saving import rendered

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from sensitivity.pictures.picture import Picture
    from sensitivity.pictures.saving import Rendered
    from sensitivity.study import Study

Tables: TypeAlias = "Mapping[str, pd.DataFrame]"

# In the order of the report; the name is that of the files, DIR/figures/NAME.png and .svg.
PICTURES: Final[dict[str, Callable[[Study, Tables], Picture]]] = {
    "ranking": ranking.picture,
    "decomposition": decomposition.picture,
    "interactions": interactions.picture,
    "learning_rate_by_optimizer": learning_rate_by_optimizer.picture,
    "schedule_by_optimizer": schedule_by_optimizer.picture,
    "pair_matrix": pair_matrix.picture,
    "tolerance": tolerance.picture,
    "batch_size_and_learning_rate": batch_size_and_learning_rate.picture,
    "beta_and_learning_rate": beta_and_learning_rate.picture,
    "divergence_map": divergence_map.picture,
    "survivors": survivors.picture,
    "tunability": tunability.picture,
    "best_after_k": best_after_k.picture,
    "among_best": among_best.picture,
    "learning_curves": learning_curves.picture,
    "training_speed": training_speed.picture,
    "over_epochs": over_epochs.picture,
    "stability": stability.picture,
}

# Pictures of each measure, by their names.
PICTURES_OF: Final[dict[str, tuple[str, ...]]] = {
    "ranking": ("ranking",),
    "variance": ("decomposition", "interactions"),
    "reachable": ("learning_rate_by_optimizer", "schedule_by_optimizer", "pair_matrix"),
    "tolerance": ("tolerance",),
    "moving-optimum": ("batch_size_and_learning_rate",),
    "momentum": ("beta_and_learning_rate",),
    "divergence": ("divergence_map", "survivors"),
    "tunability": ("tunability",),
    "budget": ("best_after_k",),
    "among-best": ("among_best",),
    "speed": ("learning_curves", "training_speed"),
    "epochs": ("over_epochs",),
    "stability": ("stability",),
}


def files_of(name: str, study: Study, tables: Tables) -> Rendered | NothingToDraw:
    """A picture as files; why there is none, where there is none.

    Parameters
    ----------
    name
        Of `PICTURES`.
    study
        The trials.
    tables
        Of `sensitivity.measures.measuring.all_tables`.
    """
    try:
        return rendered(PICTURES[name](study, tables))
    except NothingToDraw as reason:
        return reason
