"""How a number is written: the same bytes every time in files, few digits for people."""

from __future__ import annotations

import difflib
import math
import re
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sensitivity.language import say
from sensitivity.language.lists import joined
from sweeps.errors import MOST_LISTED, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

# What our own sentences say of trainings with seeds → what they say of trials of anything.
_OF_TRAININGS: Final = {
    "split": {r"\bsplit and seed\b": "replicate"},
    "seed": {
        r"^seed$": "noise",
        r"\bseed \(noise\)": "noise",
        r"\b([Nn])oise of the seed\b": r"\1oise",
        r"\bluck of the seed\b": "luck",
        r"\b([Tt])he seed\b": r"\1he noise",
        r"\bseed and grid\b": "noise and grid",
        r"\bseeds and split\b": "replicate",
        r"\bseed(s?)\b": r"replicate\1",
        r"\bSeed(s?)\b": r"Replicate\1",
    },
    "diverg": {
        r"(?<!--failed )\bdiverg(ed|ing)\b": r"fail\1",
        r"\bdiverge(s?)\b": r"fail\1",
        r"\bDiverg(ed|ing)\b": r"Fail\1",
        r"\bDiverge(s?)\b": r"Fail\1",
        r"(?<!--failed )\bdivergence\b": "failure",
        r"\bDivergence\b": "Failure",
        r"\bfailed trainings?\b": "failed trials",
    },
    "epoch": {r"\bepoch(s?)\b": r"step\1", r"\bEpoch(s?)\b": r"Step\1"},
    "default": {
        r"\bover the defaults\b": "over a reference",
        r"\bDefault \(nearest": "Reference, the middle of each range (nearest",
        r"\bdefault\b": "reference",
        r"\bdefaults\b": "references",
    },
    "network": {r"\bsuch a network\b": "such a trial", r"\bnetwork(s?)\b": r"trial\1"},
}
# The same of trials of which nothing was run twice: what scatters may be noise or what a fit misses.
_OF_SINGLE_TRIALS: Final = {
    r"^(noise of the )?seed$|\bwhat the seed alone explains\b": "noise or misfit",
    r"\bnoise of the seed\b": "noise",
}

_SPAN: Final = re.compile(r"(?<![^\s,(])([−-]?\d[\d.]*(?:e-?\d+)?) to ([−-]?\d[\d.]*(?:e-?\d+)?)(?![^\s,;)])")
_FLOAT32_MAX = float(np.finfo(np.float32).max)
_FLOAT32_BITS = 2.0**24


def exact(number: float) -> str:
    """Shortest text that gives the number back, to the last bit. Whole floats keep their ``.0``.

    A number that single precision holds exactly is written as the shortest text that gives the same single
    back: 0.1 in float32 reads ``0.1``, not ``0.10000000149011612``.
    """
    value = float(number)
    single = (math.frexp(value)[0] * _FLOAT32_BITS).is_integer()  # quick: most numbers have more digits
    if single and abs(value) <= _FLOAT32_MAX and float(np.float32(value)) == value:
        return repr(float(str(np.float32(value))))
    return repr(value)


def exact_texts(numbers: np.ndarray[Any, Any]) -> list[str]:
    """`exact` of each of an array of floats, nothing for NaN; whole numbers as they are; shape (n,)."""
    if numbers.dtype.kind != "f":
        return [str(number) for number in numbers.tolist()]
    values = numbers.astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        single = values.astype(np.float32) == values
    found = list(map(repr, values.tolist()))
    for place in np.flatnonzero(np.isnan(values)).tolist():
        found[place] = ""
    known: dict[float, str] = {}
    for place in np.flatnonzero(single).tolist():
        value = float(values[place])
        if value == 0 or value not in known:
            known[value] = exact(value)  # zeros differ in their sign
        found[place] = known[value]
    return found


def short(number: float, digits: int = 2) -> str:
    """Text for an axis or a table: at most ``digits`` significant digits, 1e-5 without a padded exponent."""
    value = float(number)
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    if abs(value) * (1 + 1e-9) >= 1e-3 and abs(value) < 1e5:
        places = max(0, digits - 1 - math.floor(math.log10(abs(value)) + 1e-9))
        text = f"{value:.{places}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa}e{int(exponent)}"


def distinct(numbers: list[float]) -> list[str]:
    """`short` texts of different numbers, two digits or as many as it takes to tell them apart.

    Rounding moves a number by at most a tenth of its distance to the next: 0.999 beside 0.99 is not 1.
    """
    nearest = [
        min((abs(one - other) for other in numbers if other != one), default=math.inf) for one in numbers
    ]
    for digits in range(2, 9):
        texts = [short(number, digits) for number in numbers]
        moved = [abs(float(text) - number) for text, number in zip(texts, numbers, strict=True)]
        if all(error <= space / 10 for error, space in zip(moved, nearest, strict=True)):
            return texts
    return [exact(number) for number in numbers]


def percent(share: float) -> str:
    """Share as a percentage with one decimal; a dash where there is none; 0.0 without a minus."""
    if math.isnan(share):
        return "–"
    text = f"{100 * share:.1f}"
    return f"{'0.0' if text == '-0.0' else text} %"


def interval(share: float, low: float, high: float) -> str:
    """Share with its interval, both in percent; the share alone where there is none."""
    if math.isnan(share) or math.isnan(low):
        return percent(share)
    return f"{percent(share)} [{percent(low)[:-2]}, {percent(high)[:-2]}]"


def amount(number: float, low: float = math.nan, high: float = math.nan) -> str:
    """Number of a response or a setting, three digits, with its interval; a dash where there is none."""
    if math.isnan(number):
        return "–"
    if math.isnan(low) and math.isnan(high):
        return short(number, 3)
    ends = ("?" if math.isnan(end) else short(end, 3) for end in (low, high))
    return f"{short(number, 3)} [{', '.join(ends)}]"


def measured(number: float, low: float = math.nan, high: float = math.nan) -> str:
    """`amount` with no more decimals than the interval leaves: 2.13 ± 0.2 reads 2.1, 2.13 ± 0.02 as it is.

    The last decimal is the first that half of the interval has a digit in; one at least, two at most.
    """
    if math.isnan(low) or math.isnan(high):
        return amount(number, low, high)
    half = max((high - low) / 2, 0.01)
    places = max(1, -math.floor(math.log10(half) + 1e-9))
    return amount(*(round(one, places) for one in (number, low, high)))


def level_text(value: object) -> str:
    """Value of a setting, or any text; empty where there is none."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, Real) and not isinstance(value, Integral):
        return _near_one(float(value)) or short(float(value), 3)
    return str(value)


def _near_one(value: float) -> str:
    """A number just below 1, with two digits of what it lacks: 0.9999 is another β than 0.999; else empty."""
    if not 0.99 < value < 1:
        return ""
    return f"{value:.{math.ceil(-math.log10(1 - value)) + 1}f}".rstrip("0")


def spans(text: str) -> str:
    """Ranges of numbers as tables have them, ``0.1 to 3``, in the language of the moment."""
    return _SPAN.sub(lambda found: say("terms.span", low=found[1], high=found[2]), text)


LONGEST_SHOWN: Final = 40


def named(name: str) -> str:
    """Name as it stands in a sentence: quoted and cut where it is long, empty or would break the line."""
    plain = name.isprintable() and 0 < len(name) <= LONGEST_SHOWN and name.strip() == name
    return name if plain else shown(name)


def listed(names: Iterable[object]) -> str:
    """``a, b and c``, the rest counted after the first few."""
    texts = [named(str(name)) for name in names]
    if len(texts) > MOST_LISTED:
        return f"{', '.join(texts[:MOST_LISTED])} and {len(texts) - MOST_LISTED:,} more"
    return " and ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else "".join(texts)


def enumerated(names: Iterable[object], how: Callable[[str], str] = named) -> str:
    """The same in the language of the moment, for results; `listed` is for refusals, which are English.

    Parameters
    ----------
    how
        How each name is written.
    """
    texts = [how(str(name)) for name in names]
    if len(texts) > MOST_LISTED:
        first = joined(texts[:MOST_LISTED], "two")
        return say("terms.and-more", first=first, count=len(texts) - MOST_LISTED)
    return joined(texts)


def counted(number: int, noun: str) -> str:
    """``1 trial``, ``1,234 trials``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def were(number: int, noun: str) -> str:
    """``1 trial was``, ``37 trials were``."""
    return f"{counted(number, noun)} {'was' if number == 1 else 'were'}"


def offer(given: str, names: Collection[str], noun: str) -> str:
    """End of a sentence: the closest name if one is close, otherwise what there is."""
    by_lower = {name.lower(): name for name in names}
    close = difflib.get_close_matches(given.lower(), by_lower, n=1)
    if close:
        return f"did you mean {shown(by_lower[close[0]])}?"
    return f"{noun}: {listed(names)}" if names else f"{noun}: none"


def writable(text: str) -> str:
    """Text that a CSV file in UTF-8 gives back: without half a surrogate pair or a carriage return."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\r", "\n")


def of_single_trials(text: str, given: str) -> str:
    """Sentence of ours where no configuration was run twice, so that nothing is known of seeds or replicates.

    ``given`` as in `of_any_trials`.
    """
    for pattern, words in _OF_SINGLE_TRIALS.items() if "seed" not in given.casefold() else ():
        text = re.sub(pattern, words, text)
    return text


def of_any_trials(text: str, given: str, fitting: Collection[str] = ()) -> str:
    """Sentence of ours in words that fit trials of anything: runs that fail, replicates.

    Parameters
    ----------
    given
        All names and levels that the trials bring, in one text: a word that stands in it is theirs and stays.
    fitting
        Stems of words that are true of these trials and stay too.
    """
    theirs = given.casefold()
    for stem, rules in _OF_TRAININGS.items():
        if stem not in theirs and stem not in fitting:
            for pattern, words in rules.items():
                text = re.sub(pattern, words, text)
    return text
