r"""Text as a Markdown renderer and as TeX set it again, letter by letter, whatever it holds.

pandas' own escapes (`Styler.to_latex`) know the ten signs of TeX, neither a minus nor a β nor the ligature of
``--``; Markdown has none. The rules are those of CommonMark 0.31 (section 2.4, backslash escapes) with
GitHub's tables and formulas, and of LaTeX from 2020 with booktabs alone: no sign needs another package.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_JOINERS: Final = "\u200c\u200d"  # they shape letters and emoji; all else that does not print is shown

# What CommonMark, GitHub's tables or its formulas may read as markup; within a word an underscore is none.
_MARKDOWN: Final = re.compile(r"[\\`*\[\]<>&~|$]|(?<![^\W_])_+|_+(?![^\W_])")


def _named(letter: str) -> str:
    """How TeX calls a Greek letter."""
    of, *_, name = unicodedata.name(letter).replace("LAMDA", "LAMBDA").split()[1:]
    return f"\\{name.capitalize() if of == 'CAPITAL' else name.lower()}"


_SIGNS: Final = {
    "−": "-",
    "±": r"\pm",
    "×": r"\times",
    "·": r"\cdot",
    "≥": r"\geq",
    "≤": r"\leq",
    "≠": r"\neq",
    "≈": r"\approx",
    "∞": r"\infty",
    "√": r"\surd",
    "→": r"\rightarrow",
    "←": r"\leftarrow",
    "↔": r"\leftrightarrow",
    "✓": r"\surd",
    "✗": r"\times",
    "½": r"\frac{1}{2}",
    **{letter: f"^{{{digit}}}" for digit, letter in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
    **{letter: f"_{{{digit}}}" for digit, letter in enumerate("₀₁₂₃₄₅₆₇₈₉")},
    **{letter: _named(letter) for letter in "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ"},
}
_LATEX: Final = {
    **{letter: f"\\{letter}" for letter in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\texttt{\char34}",  # \textquotedbl is unknown to the encoding OT1, and babel may redefine the sign
    "`": r"\textasciigrave{}",
    "[": "{[}",
    "]": "{]}",  # after the end of a row a bracket would be a length
    "*": "{*}",  # and a star would forbid a new page
    "…": r"\ldots{}",
    "–": r"\textendash{}",
    "—": r"\textemdash{}",
    "“": r"\textquotedblleft{}",
    "”": r"\textquotedblright{}",
    "‘": "`",
    "’": "'",
    **{letter: f"${written}$" for letter, written in _SIGNS.items()},
}
_LIGATURES: Final = re.compile(r"(?<=[-'’‘,])(?=[-'’‘,])")


def in_markdown(text: str) -> str:
    """Text that CommonMark and GitHub's tables show as it reads, on one line."""
    return _MARKDOWN.sub(lambda found: "".join(f"\\{letter}" for letter in found[0]), on_one_line(text))


def in_latex(text: str) -> str:
    """Text that LaTeX sets as it reads; letters of other scripts stay as they are.

    Those are set by LuaLaTeX and XeLaTeX with a font that has them, Korean by any engine with kotex.
    """
    parts = _LIGATURES.split(on_one_line(text))
    return "{}".join("".join(_LATEX.get(letter, letter) for letter in part) for part in parts)


def on_one_line(text: str) -> str:
    """Text on one line: a space for each white space, and the escape of what does not print."""
    return "".join(map(_printed, text))


def _printed(letter: str) -> str:
    if letter.isprintable() or letter in _JOINERS:
        return letter
    return " " if letter.isspace() else repr(letter)[1:-1]
