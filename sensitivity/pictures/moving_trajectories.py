"""Paths of the update rules over a surface as a moving picture (GIF)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.animation import PillowWriter
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sensitivity.branch import words
from sensitivity.pictures.labels import in_picture
from sensitivity.pictures.style import PAPER, STYLE, new_figure, setting_colours
from sensitivity.pictures.trajectories import CASING, draw_ground, label_of, view_of

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.lines import Line2D
    from numpy.typing import NDArray

    from sweeps.trajectories import Followed

FRAMES: Final = 60  # at most
PER_SECOND: Final = 12
HELD: Final = 15  # frames that the end is shown
DOTS_PER_INCH: Final = 100
MOST_DIFFERENT: Final = 1  # Pillow's method of maximum coverage
SIZE: Final = (7.2, 4.3)  # inches


class _Writer(PillowWriter):
    """Keeps colours that cover little, such as a path's, where the usual palette would merge them."""

    _frames: list[Any]

    def finish(self) -> None:
        """Write the frames in the 256 colours of the last that are as different as can be."""
        palette = self._frames[-1].quantize(method=MOST_DIFFERENT)
        self._frames = [frame.quantize(palette=palette, dither=0) for frame in self._frames]
        super().finish()


def frame_steps(steps: int) -> list[int]:
    """Step of each frame: every one of a short path; of a long one the first ones, then ever fewer."""
    if steps < FRAMES:
        return list(range(steps + 1))
    spread = np.linspace(0, 1, FRAMES) ** 2 * (steps - FRAMES) + np.arange(FRAMES)
    return [*np.unique(np.round(spread).astype(int)).tolist(), steps]


def write_gif(name: str, followed: Followed, path: Path) -> Path:
    """Write all rules running over one surface at the same time, a step per frame where there is time."""
    with mpl.rc_context(STYLE):
        figure, lines, heads = _scene(followed)
        title = figure.text(0.02, 0.975, "", va="top", fontsize=11.0)
        writer = _Writer(fps=PER_SECOND)
        shown = frame_steps(followed.steps)
        with writer.saving(figure, str(path), dpi=DOTS_PER_INCH):
            for step in [*shown, *[shown[-1]] * HELD]:
                title.set_text(in_picture("rules.now", surface=words(name, 40), step=str(step)))
                for line, head, each in zip(lines, heads, followed.paths, strict=True):
                    line.set_data(*each[: step + 1].T)
                    head.set_data(*each[step : step + 1].T)
                writer.grab_frame()
    return path


def _scene(followed: Followed) -> tuple[Figure, list[Line2D], list[Line2D]]:
    """Surface with an empty path and a head for every rule; what never changes is drawn once."""
    still, place = _still(followed)
    figure = Figure(figsize=SIZE, dpi=DOTS_PER_INCH)
    figure.figimage(still, zorder=-1)
    axes = figure.add_axes(place)
    axes.set_axis_off()
    (x, y), colours = view_of(followed), setting_colours(followed.names)
    axes.set(xlim=x, ylim=y)
    lines, heads = [], []
    for name in followed.names:
        lines += axes.plot([], [], color=colours[name], linewidth=1.6, path_effects=CASING)
        heads += axes.plot([], [], "o", color=colours[name], markeredgecolor=PAPER, markersize=8, zorder=4)
    return figure, lines, heads


def _still(followed: Followed) -> tuple[NDArray[np.uint8], tuple[float, float, float, float]]:
    """Ground, axes and legend as a picture (rows, columns, 4), and where the axes lie in it."""
    figure = new_figure(SIZE[1], SIZE[0])
    figure.set_dpi(DOTS_PER_INCH)
    axes, colours = figure.add_subplot(), setting_colours(followed.names)
    draw_ground(axes, followed.surface, view_of(followed))
    figure.suptitle(" ", fontsize=11.0)  # keeps room for the step
    for place, name in enumerate(followed.names):
        axes.plot([], [], color=colours[name], linewidth=4.0, label=label_of(followed, place))
    figure.legend(loc="outside lower center", ncols=3, handlelength=1.6)
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba()), axes.get_position().bounds
