"""One order and one colour for each setting, and for each branch, in all pictures of a report.

Settings stand in the order of the ranking; branches, and the levels of any setting, as the space lists them.
A picture has another order only where to sort is what it is for, and says by what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import seaborn as sns
from matplotlib.colors import to_hex

from sensitivity.pictures.style import setting_colours

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sensitivity.study import Study


def by_importance(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Settings in the order of the table `ranking`; none where it is not there."""
    if "ranking" not in tables:
        return []
    ranking = tables["ranking"]
    return [str(name) for name in ranking.loc[ranking["rank"].notna(), "setting"]]


def colours_in_order(study: Study, tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Colour of each setting, in the order of the ranking; those without a rank come last, as listed."""
    colours = setting_colours(study.space.names)
    order = [name for name in by_importance(tables) if name in colours]
    return {name: colours[name] for name in dict.fromkeys([*order, *study.space.names])}


def branch_colours(branches: Sequence[str]) -> dict[str, str]:
    """Colour of each branch by its place among all of them; darker than the settings' and none of these."""
    palette = sns.color_palette("husl", max(len(branches), 1)).as_hex()
    return {branch: to_hex(colour) for branch, colour in zip(branches, palette, strict=False)}
