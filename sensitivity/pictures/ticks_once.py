"""The ticks of an axis and the boxes of their labels, worked out once for each place and size of the axis.

To lay a figure out and draw it, matplotlib asks every axis for them some fifteen times: for its own box, for
the place of its label, for that of the title, twice in a constrained layout, and to draw. Only three of these
find another place or size than the one before. There is no public way to say so; where a version of
matplotlib has other methods, everything is asked for each time, and slower.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

_TICKS: Final = "_update_ticks"
_BOXES: Final = "_get_ticklabel_bboxes"


@contextmanager
def ticks_once(figure: Figure) -> Iterator[None]:
    """Let the axes of a figure remember their ticks; nothing may change these but the size of the figure."""
    with ExitStack() as stack:
        for axes in figure.axes:
            for axis in (axes.xaxis, axes.yaxis):
                stack.enter_context(_remembering(axis))
        yield


@contextmanager
def _remembering(axis: Axis) -> Iterator[None]:
    find, measure = getattr(axis, _TICKS, None), getattr(axis, _BOXES, None)
    if find is None or measure is None:
        yield
        return
    ticks, boxes = _Last(find), _Last(measure)
    _replace(axis, _TICKS, lambda: ticks.of(_look(axis)))
    _replace(
        axis,
        _BOXES,
        lambda shown, renderer: boxes.of(_place(axis, shown, renderer), shown, renderer),
    )
    try:
        yield
    finally:
        for name in (_TICKS, _BOXES):
            del axis.__dict__[name]


def _replace(axis: Axis, name: str, method: Callable[..., Any]) -> None:
    axis.__dict__[name] = method


class _Last:
    """A method that is asked again only when what its result depends on is not what it was the last time.

    Nothing older is kept: the method also sets the ticks themselves.
    """

    def __init__(self, method: Callable[..., Any]) -> None:
        self._method = method
        self._key: Hashable = None
        self._found: Any = None

    def of(self, key: Hashable, *arguments: Any) -> Any:  # noqa: ANN401 (of a method of matplotlib)
        """The result for a key."""
        if key != self._key:
            self._found, self._key = self._method(*arguments), key
        return self._found


def _look(axis: Axis) -> Hashable:
    """What ticks depend on: the range, and for how many the axis has room."""
    return (*axis.get_view_interval(), axis.get_tick_space())


def _place(axis: Axis, shown: Sequence[Any], renderer: Any) -> Hashable:  # noqa: ANN401 (any renderer)
    """What the boxes of their labels depend on: besides, where the axes lie, and what draws."""
    view = tuple(axis.get_view_interval())
    return type(renderer), axis.axes.figure.dpi, axis.axes.bbox.bounds, view, tuple(map(id, shown))
