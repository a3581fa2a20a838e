"""Which trials are asked for and how they shall be read: every option of ``measure`` and ``report``, once.

An option is a field here and nothing else: the command line offers it, inputs that it means nothing to refuse
it, and the command that makes a page again repeats it.
"""

from __future__ import annotations

import re
from collections.abc import Collection  # noqa: TC003 (the command line reads the types of the fields)
from dataclasses import dataclass, field, fields
from pathlib import Path  # noqa: TC003 (the same)
from typing import TYPE_CHECKING, Any, Final

from sweeps.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from dataclasses import Field

RUN: Final = "a run folder"
STUDY: Final = "an Optuna study"
TABLE: Final = "a CSV file"
EVERYTHING: Final = (RUN, STUDY, TABLE)

RAW: Final = "raw"
LOG: Final = "log"
RANK: Final = "rank"
CAPPED: Final = "capped"
SCALES: Final = (RAW, LOG, RANK, CAPPED)
SCALE_WORDS: Final = "Shares are of the result raw, log, rank or capped. Default: by its tails."


def option(
    words: str,
    metavar: str = "",
    *names: str,
    default: Any = None,  # noqa: ANN401 (whatever the field holds)
    of: Collection[str] = EVERYTHING,
    otherwise: str = "",
) -> Any:  # noqa: ANN401 (a field is declared with the type that it holds)
    """Field that is an option.

    Parameters
    ----------
    words, metavar
        Its help, and what stands for its value there.
    names
        As it is typed; none: the field's name.
    default
        What it is where it is not given; a tuple: it may be repeated.
    of
        Inputs that it means something to.
    otherwise
        What the others are told, after "a run folder "; none: "has no " and its name.
    """
    known = {"help": words, "metavar": metavar, "names": names, "of": of, "otherwise": otherwise}
    return field(default=default, metadata=known)


@dataclass(frozen=True)
class Reading:
    """How the columns of a table shall be read.

    ``cap`` is on the scale of the metric as it stands in the file. ``settings`` names the only columns that
    count, ``ignore`` columns that do not; ``log`` and ``linear`` say the scale where the guess is wrong.
    ``categorical`` columns are names. ``rate``, ``branch``, ``replicate`` and ``fidelity`` name the column
    that is the learning rate, that makes branches, that tells tries of a configuration apart, that says
    how much a trial was given. ``failed`` says what trials without a result are, ``diverged`` or ``ignore``
    (None: it is tested).
    """

    maximise: bool = option(
        "A higher result is better. Default: what its name says.",
        "",
        "--maximize",
        "--maximise",
        default=False,
        of=(TABLE,),
        otherwise="says itself whether it is maximised",
    )
    minimise: bool = option(
        "A lower result is better. Default: what its name says.",
        "",
        "--minimize",
        "--minimise",
        default=False,
        of=(TABLE,),
        otherwise="says itself whether it is maximised",
    )
    cap: float | None = option(
        "Highest value that counts, also without a result. Default: the worst finite one.", "VALUE"
    )
    failed: str | None = option(
        "Trials without a result: diverged or ignore. Default: whether it depends on a setting.",
        "HOW",
    )
    settings: Collection[str] = option(
        "Only these columns are settings; may be repeated.",
        "COLUMN",
        "--setting",
        default=(),
        of=(TABLE,),
        otherwise="says itself what its settings are",
    )
    ignore: Collection[str] = option(
        "This column is no setting; may be repeated.",
        "COLUMN",
        default=(),
        of=(TABLE,),
        otherwise="says itself what its settings are",
    )
    log: Collection[str] = option(
        "This column has a logarithmic scale; may be repeated.",
        "COLUMN",
        default=(),
        of=(TABLE,),
        otherwise="says itself what its scales are",
    )
    linear: Collection[str] = option(
        "This column has a linear scale; may be repeated.",
        "COLUMN",
        default=(),
        of=(TABLE,),
        otherwise="says itself what its scales are",
    )
    categorical: Collection[str] = option(
        "This column is a list of names, also if they are numbers; may be repeated.",
        "COLUMN",
        default=(),
        of=(TABLE,),
        otherwise="says itself what its scales are",
    )
    rate: str | None = option(
        "This column is the learning rate.",
        "COLUMN",
        of=(TABLE,),
        otherwise="says itself what its settings are",
    )
    branch: str | None = option(
        "This column makes branches, as the optimizer does.",
        "COLUMN",
        of=(TABLE,),
        otherwise="says itself what its settings are",
    )
    replicate: str | None = option(
        "This column says which try of a configuration a row is: a seed, a fold.",
        "COLUMN",
        of=(TABLE,),
        otherwise="says itself what its settings are",
    )
    fidelity: str | None = option(
        "This column says how much a trial was given; the largest is explained.",
        "COLUMN",
        of=(TABLE,),
        otherwise="says itself what its settings are",
    )


@dataclass(frozen=True)
class Request(Reading):
    """Trials that somebody asks for: a path or a storage, and how they shall be read."""

    path: Path | None = None
    storage: str | None = option("Storage URL of an Optuna study.", "URL", of=(RUN, STUDY))
    study: str | None = option("Its name; not needed if it is the only one.", "NAME", of=(STUDY,))
    metric: str | None = option(
        "Column of the table that is the result.",
        "COLUMN",
        "--metric",
        "-m",
        of=(TABLE,),
        otherwise="has its own metric",
    )
    objective: str | None = option("Which of a study's objectives, counted from 0.", "I", of=(STUDY,))
    tolerance: float | None = option(
        "Part of the way from best to a constant guess, or median, that is still good. Default: 0.1.", "P"
    )
    scale: str | None = option(SCALE_WORDS, "SCALE")


def check_scale(name: str) -> None:
    """Whether there is a scale of this name.

    Raises
    ------
    StudyError
        When there is none.
    """
    if name not in SCALES:
        raise StudyError(f"a scale is {', '.join(SCALES[:-1])} or {SCALES[-1]}, not {name!r}")


def flags(known: Field[Any]) -> tuple[str, ...]:
    """Names of an option as they are typed, the one to use first."""
    return known.metadata["names"] or (f"--{known.name}",)


def options(of: type[Reading] = Request) -> Iterator[Field[Any]]:
    """Every option."""
    return (known for known in fields(of) if known.metadata)


def given(request: Request) -> Iterator[tuple[Field[Any], Any]]:
    """Options that were given, each with its value."""
    for known in options():
        value = getattr(request, known.name)
        if value != known.default:
            yield known, value


def in_python(text: str) -> str:
    """Sentence about an option as a caller of the library gives it: ``metric=…`` for ``--metric``."""
    for known in options():
        plain = f"{known.name}=True" if known.default is False else known.name
        for name in flags(known):
            text = re.sub(rf"{name} (?=[A-Z]+\b)", f"{known.name}=", text)
            text = re.sub(rf"{name}\b(?!-)", plain, text)
    return text


def repeated(request: Request) -> list[str]:
    """Words of a command line that ask for the same again."""
    words = [] if request.path is None else [str(request.path)]
    for known, value in given(request):
        name = flags(known)[0]
        if value is True:
            words.append(name)
        elif isinstance(value, list | tuple):
            words += [word for item in value for word in (name, str(item))]
        else:
            words += [name, str(value)]
    return words
