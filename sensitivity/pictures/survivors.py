"""What the diverged trials do to the ranking: with them at the cap, beside the survivors alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.estimators.effects import ALL, BRANCH, KIND
from sensitivity.language import say
from sensitivity.measures import survivors as m
from sensitivity.pictures.marks.two_rankings import Side, TwoRankings
from sensitivity.pictures.orders import colours_in_order
from sensitivity.pictures.picture import NothingToDraw, Picture, first_reason
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import styled
from sensitivity.remarks import REMARKS, has

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sensitivity.study import Study

NAME: Final = "capped_and_survivors"
SIDES: Final = TwoRankings(
    Side("survivors-capped", m.CAPPED),
    Side("survivors-only", m.SURVIVORS),
    "share-axis",
    same_scale=True,
)


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Ranking with the diverged trials beside the one without them.

    Nothing to draw where no trial diverged, or too few survive to be ranked.
    """
    table = tables[NAME]
    whole = table[table[BRANCH] == ALL]
    if any(has(whole[REMARKS], m.NONE_DIVERGED)):
        raise NothingToDraw(say("captions.none-diverged"))
    rows = SIDES.comparable(whole)
    if rows.empty:
        raise NothingToDraw(first_reason(whole, say("captions.nothing-varies")))
    axes = SIDES.axes(rows, colours_in_order(study, tables))
    return Drawing.on(axes, say("captions.survivors"), _caption(study, rows))


def _caption(study: Study, rows: pd.DataFrame) -> str:
    left, every = int(rows[m.SURVIVORS].iloc[0]), study.plan_size or len(study.trials)
    kind = str(rows[KIND].iloc[0])
    text = say("captions.survivors-how", kind=kind, left=left, every=every)
    return f"{text} {SIDES.marks(rows)}"


PICTURE: Final = Picture("survivors", "divergence", picture, place=1)
