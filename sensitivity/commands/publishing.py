"""A table in the form that a paper or a program takes: Markdown, LaTeX with booktabs, JSON.

pandas would need tabulate for Markdown and jinja2 for LaTeX, whose escapes know neither a minus nor a β; both
forms are a few lines of what is written already. JSON has the numbers of the file, all their digits.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

from sensitivity.language import say, speaking
from sensitivity.language.metrics import metric_words
from sensitivity.measures.registry import EVERY_TABLE
from sensitivity.reporting.shown import cells, columns_of
from sensitivity.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sensitivity.about import About
    from sensitivity.measures.measure import Column

FORMATS: Final = ("markdown", "latex", "json", "csv")
_LATEX: Final = {
    **{letter: f"\\{letter}" for letter in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "[": "{[}",
    "]": "{]}",  # after the end of a row a bracket would be a length
    "−": "$-$",
    "±": r"$\pm$",
    "×": r"$\times$",
    "≥": r"$\geq$",
    "≤": r"$\leq$",
    "→": r"$\rightarrow$",
    "β": r"$\beta$",
    "η": r"$\eta$",
    "ρ": r"$\rho$",
    "τ": r"$\tau$",
    "λ": r"$\lambda$",
    "…": r"\ldots{}",
    "–": "--",
    "“": "``",
    "”": "''",
    "²": r"$^2$",
    "·": r"$\cdot$",
}


def published(name: str, table: pd.DataFrame, form: str, known: About | None) -> str:
    """A table as text in one of `FORMATS` but the file itself.

    Parameters
    ----------
    name
        Of the table.
    table
        As `sensitivity.commands.show` reads it.
    form
        ``markdown``, ``latex`` or ``json``.
    known
        Of what trials; None where that is not written.
    """
    if form == "json":
        return _json(name, table, known)
    columns = columns_of(name, table)
    rows = [[cell.text for cell in row] for row in cells(table, columns)]
    kept = [place for place in range(len(columns)) if any(row[place] for row in rows)]
    columns, rows = tuple(columns[place] for place in kept), [[row[place] for place in kept] for row in rows]
    return (_markdown if form == "markdown" else _latex)(name, columns, rows, _note(name, known))


def _note(name: str, known: About | None) -> str:
    """What a table says, of what and of how many trials, by which version."""
    summary = EVERY_TABLE[name].summary.rstrip(".") if name in EVERY_TABLE else name
    if known is None:
        return say("publish.unknown", summary=summary, version=__version__)
    with speaking(voice=known.voice):
        return say(
            "publish.note",
            summary=summary,
            metric=metric_words(known.metric),
            trials=known.plan,
            replicates=known.replicates,
            version=known.version,
        )


def _markdown(name: str, columns: Sequence[Column], rows: Sequence[Sequence[str]], note: str) -> str:
    def line(texts: Sequence[str]) -> str:
        return f"| {' | '.join(text.replace('|', chr(92) + '|') for text in map(_flat, texts))} |"

    rule = ["--:" if column.numeric else ":--" for column in columns]
    body = [line([column.words for column in columns]), f"| {' | '.join(rule)} |", *map(line, rows)]
    return "\n".join([*body, "", f"Table `{name}`: {_flat(note)}", ""])


def _latex(name: str, columns: Sequence[Column], rows: Sequence[Sequence[str]], note: str) -> str:
    def line(texts: Sequence[str]) -> str:
        return " & ".join(map(escaped, texts)) + r" \\"

    kinds = "".join("r" if column.numeric else "l" for column in columns)
    return "\n".join(
        [
            r"% needs \usepackage{booktabs}",
            *(r"\begin{table}", r"\centering", rf"\caption{{{escaped(note)}}}", rf"\label{{tab:{name}}}"),
            *(rf"\begin{{tabular}}{{{kinds}}}", r"\toprule", line([column.words for column in columns])),
            *(r"\midrule", *map(line, rows), r"\bottomrule", r"\end{tabular}", r"\end{table}", ""),
        ]
    )


def escaped(text: str) -> str:
    """Text that LaTeX sets as it reads, in any engine; letters of other scripts stay as they are."""
    return "".join(_LATEX.get(letter, letter) for letter in _flat(text))


def _flat(text: str) -> str:
    """Text on one line, without what is no letter."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _json(name: str, table: pd.DataFrame, known: About | None) -> str:
    every = EVERY_TABLE[name].columns if name in EVERY_TABLE else ()
    meanings = {column.name: column.meaning for column in every if column.name in table}
    facts = {} if known is None else _facts(known)
    records: Sequence[Mapping[Any, Any]] = table.to_dict("records")
    rows = [{str(key): _value(value) for key, value in row.items()} for row in records]
    content = {"table": name, **facts, "columns": meanings, "rows": rows}
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _facts(known: About) -> dict[str, Any]:
    """What a program must know of the numbers."""
    return {
        "name": known.name,
        "metric": known.metric,
        "better": "higher" if known.higher else "lower",
        "trials": known.plan,
        "configurations": known.configurations,
        "replicates": known.replicates,
        "dataset": known.dataset or None,
        "scale_of_shares": known.scale,
        "ranges": {setting: dict(tried) for setting, tried in known.ranges.items()},
        "version": known.version,
    }


def _value(value: Any) -> Any:  # noqa: ANN401 (any cell)
    """Cell as JSON has it: null where there is nothing, truth values as such."""
    value = value.item() if hasattr(value, "item") else value
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, float) and math.isinf(value):
        return str(value)
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value
