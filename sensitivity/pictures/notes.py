"""The words of a picture as a text file: title and caption, what it shows of which trials, how wide it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.language import say, speaking
from sensitivity.language.metrics import metric_words
from sensitivity.pictures.style import COLUMNS, READABLE, SMALLEST
from sensitivity.version import __version__
from sensitivity.words import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from sensitivity.about import About

MILLIMETRES: Final = 25.4  # of an inch


def note(title: str, caption: str, facts: Sequence[str], figure: Figure) -> str:
    """Contents of ``NAME.txt``: title, caption, facts, the width on paper, and the version.

    Parameters
    ----------
    facts
        Of `facts_of`, a line each.
    figure
        Its width decides how wide it is printed.
    """
    lines = [title, "", caption, "", *facts, width_words(float(figure.get_figwidth()))]
    return "\n".join([*lines, say("figures.version", version=__version__)]) + "\n"


def width_words(inches: float) -> str:
    """How wide a picture is printed, and how large its smallest letters are then."""
    column = printed(inches)
    millimetres = f"{column * MILLIMETRES:.0f}"
    points = short(SMALLEST * min(column / inches, 1.0))
    if SMALLEST * column / inches < READABLE:
        return say("figures.too-wide", millimetres=f"{inches * MILLIMETRES:.0f}", points=short(SMALLEST))
    if column == COLUMNS[0]:
        return say("figures.one-column", millimetres=millimetres, points=short(READABLE))
    return say("figures.two-columns", millimetres=millimetres, points=points)


def printed(inches: float) -> float:
    """Width of the column of a paper that a picture is for, in inches."""
    return next((column for column in COLUMNS if inches <= column + 0.01), COLUMNS[-1])


def facts_of(known: About, tables: Sequence[str], question: str) -> list[str]:
    """Lines about a picture: what it asks, of which numbers, of what, and of how many trials.

    Parameters
    ----------
    known
        Of the trials.
    tables
        Names of the tables that it is drawn from.
    question
        Of its measure.
    """
    with speaking(voice=known.voice):
        which = say("figures.higher") if known.higher else say("figures.lower")
        lines = [
            say("figures.question", question=question),
            say("figures.tables", tables=", ".join(f"tables/{name}.csv" for name in tables)),
            say("figures.response", metric=metric_words(known.metric), better=which),
            say("figures.trials", trials=known.plan, configurations=known.configurations),
            say("figures.replicates", replicates=known.replicates),
        ]
        if known.seed is not None:
            lines.append(say("figures.seed", seed=str(known.seed)))
        return lines
