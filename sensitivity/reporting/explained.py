"""Terms of the page, each explained where it first stands: on hover, focus and touch, and by number in print.

What is explained was marked in the messages (`sensitivity.language.marks`), so that no name or value of the
trials is taken for a term. Only visible text is: marks in attributes, links, buttons and headings that open a
fold are taken away. It needs no script: the style sheet shows the attribute ``data-meaning``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from markupsafe import escape

from sensitivity.language import language
from sensitivity.language.marks import MARKED, bare, name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.reporting.content import Word

# Elements whose text is no prose, then those that are pressed or are titles, other tags, marks.
_PARTS: Final = re.compile(
    r"(?P<whole><(?P<tag>script|style|svg|title|pre|code|dfn)\b.*?</(?P=tag)>)"
    r"|(?P<pressed><(?P<of>a|button|summary|nav|h1|label|option|select)\b.*?</(?P=of)>)"
    r"|(?P<tags><[^>]*>)"
    rf"|(?P<marked>{MARKED.pattern})",
    re.DOTALL,
)

_UNBROKEN: Final = "\N{NO-BREAK SPACE}%"


def explained(html: str, words: Sequence[Word]) -> str:
    """The page with the first mark of each of these terms explained, and no other mark.

    Parameters
    ----------
    html
        A page whose messages were said with marks.
    words
        Its glossary, in the order of the list that explains them all.
    """
    meanings = {word.name: (number, word.meaning) for number, word in enumerate(words, 1)}
    speaks = language()

    def part(match: re.Match[str]) -> str:
        if match["marked"] is None:
            return bare(match[0])
        found = MARKED.fullmatch(match["marked"])
        name = "" if found is None else name_of(speaks, found[1])
        if found is None or name not in meanings:
            return bare(match[0])
        number, meaning = meanings.pop(name)
        return (
            f'<dfn tabindex="0" aria-describedby="word-{name}" data-number="{number}" '
            f'data-meaning="{escape(meaning).replace(" %", _UNBROKEN)}">{found[2]}</dfn>'
        )

    return bare(_PARTS.sub(part, html))
