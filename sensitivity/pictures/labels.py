"""Words that several pictures share: what was measured, which way is better, and which trials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.branch import words
from sensitivity.language import language, say, say_of, speaking
from sensitivity.measures.pairs import REPLICATES
from sensitivity.pictures.style import OTHER_FONTS

if TYPE_CHECKING:
    import pandas as pd

    from sensitivity.study import Study

ENOUGH: Final = 5  # replicates whose standard deviation is worth comparing: its error is a third of it
RESPONSE: Final = "response"  # label, never drawn, of Axes whose vertical axis is the response
UNNAMED: Final = "trials"  # `Study.name` where nobody gave one


def metric_label(study: Study) -> str:
    """What the responses are, and which way is better; a maximised metric stands with its sign changed."""
    sign = "−" if study.turned else ""
    return f"{sign}{words(study.metric)} ({in_picture('captions.lower')})"


def own_label(study: Study) -> str:
    """The same of a metric as it was recorded."""
    way = in_picture("captions.higher") if study.turned else in_picture("captions.lower")
    return f"{words(study.metric)} ({way})"


def in_picture(message: str, /, **given: object) -> str:
    """Text that stands in a picture: in English where no font of this machine has the letters."""
    room, _, name = message.partition(".")
    with speaking(None if language() == "en" or OTHER_FONTS else "en"):
        return say_of(room, name, **given)


def named_in_picture(room: str, name: str, /) -> str:
    """The same of a message that belongs to a thing of that name."""
    with speaking(None if language() == "en" or OTHER_FONTS else "en"):
        return say_of(room, name)


def direction_words(study: Study) -> str:
    """Sentence about a metric that is maximised, with a space before; empty for any other."""
    return f" {say('captions.higher-metric', metric=words(study.metric))}" if study.turned else ""


def about(study: Study) -> str:
    """Which trials: "digits, 6,072 trials". Where there is no plan all of them count."""
    number = study.plan_size or len(study.trials)
    name = "" if study.name == UNNAMED else f"{words(study.name)}, "
    return f"{name}{say('captions.about', count=number)}"


def best_title(study: Study, rows: str, columns: str) -> str:
    """Title of a heatmap of the best that two settings reach."""
    return say(
        "captions.best-of-pair",
        metric=words(study.metric),
        columns=words(columns),
        rows=words(rows),
        about=about(study),
    )


def scatter_words(pairs: pd.DataFrame) -> str:
    """Sentence that a ± of a few replicates is no measure of the noise; empty for five or more, or one."""
    replicates = int(pairs[REPLICATES].max()) if len(pairs) else 0
    if not 1 < replicates < ENOUGH:
        return ""
    return say("captions.few-replicates", count=replicates)
