"""Names one after the other in a sentence, in the language of the moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sensitivity.language.saying import say_of

if TYPE_CHECKING:
    from collections.abc import Sequence


def joined(texts: Sequence[str], last: str = "two-and", between: str = "two") -> str:
    """Texts as one; empty where there are none.

    Parameters
    ----------
    last, between
        Messages of ``terms.ftl`` that join the last to those before it, and each of those to the next:
        ``two-and``, ``two-or``, ``two-with``, or ``two``, a comma.
    """
    found = "".join(texts[:1])
    for place, text in enumerate(texts[1:], 2):
        found = say_of("terms", last if place == len(texts) else between, first=found, second=text)
    return found
