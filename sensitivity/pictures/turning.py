"""A picture of a metric that is maximised, in the metric's own sign: accuracy 0.93 reads 0.93.

Pictures are drawn of values of which lower is better. Of a maximised metric these are the negative. What a
person reads is turned back here, in one place: labels, ticks and the numbers in cells.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter

from sensitivity.pictures.labels import RESPONSE, metric_label, own_label
from sensitivity.pictures.marks.texts import texts_of
from sensitivity.words import short

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

    from sensitivity.pictures.saving import Drawing
    from sensitivity.study import Study

_NUMBER: Final = re.compile(r"([−-]?)(\d+(?:\.\d*)?(?:e[−-]?\d+)?)")


def finished(drawing: Drawing, study: Study) -> Drawing:
    """The drawing in the words and with the signs that fit these trials."""
    turned = in_own_sign(drawing, study)
    if study.as_written:  # to look at every text makes the ticks of every axis
        return turned
    cells = [text for axes in turned.figure.axes for text in texts_of(axes)]
    for text in [*turned.figure.findobj(Text), *cells]:
        said = study.spoken(text.get_text())
        if said != text.get_text():
            text.set_text(said)
    return replace(turned, title=study.spoken(turned.title), caption=study.spoken(turned.caption))


def in_own_sign(drawing: Drawing, study: Study) -> Drawing:
    """The drawing as it is, or with a maximised metric's own numbers."""
    if not study.turned:
        return drawing
    label = metric_label(study)
    bars = [(axes, axis) for axes in drawing.figure.axes for axis in _axes_of(axes) if _flat(axis) == label]
    for _, axis in bars:
        ticks = [turned_text(text.get_text()) for text in axis.get_ticklabels()]
        axis.set_ticks(axis.get_ticklocs(), labels=ticks)
        axis.set_label_text(_own(axis.get_label_text(), study))
    for axes in drawing.figure.axes:
        if bars:
            for text in texts_of(axes):
                text.set_text("\n".join(map(turned_text, text.get_text().split("\n"))))
        if axes.get_label() == RESPONSE:
            _turn(axes, upright=not bars)
    return drawing


def turned_text(text: str) -> str:
    """A number with its other sign; any other text, a spread and a share as they are."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return text
    if not float(found[2].replace("−", "-")):
        return found[2]
    return found[2] if found[1] else f"−{text}"


def _axes_of(axes: Axes) -> tuple[Axis, Axis]:
    return axes.xaxis, axes.yaxis


def _flat(axis: Axis) -> str:
    """Label of an axis on one line, from the metric on."""
    text = axis.get_label_text().replace("\n(", " (")
    return text.rpartition("\n")[2]


def _own(text: str, study: Study) -> str:
    """Label in which the metric has its own sign."""
    for start in (" (", "\n("):
        before, after = (label.replace(" (", start) for label in (metric_label(study), own_label(study)))
        text = text.replace(before, after)
    return text


def _turn(axes: Axes, *, upright: bool) -> None:
    """Axis of responses with their own numbers; ``upright``: the best at the top."""
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: short(-value + 0.0, 4).replace("-", "−")))
    if not upright:  # a panel among cells: the caption says that its lower line is better
        return
    axes.invert_yaxis()
    legend = axes.get_legend()
    if legend is not None:
        legend.set_loc("lower right")
