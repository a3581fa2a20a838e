"""A table in the form that a paper or a program takes: Markdown, LaTeX with booktabs, JSON.

JSON has the numbers of the file, all their digits.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sensitivity.commands.escaping import in_latex, in_markdown
from sensitivity.language import say, speaking
from sensitivity.language.metrics import metric_words
from sensitivity.measures.registry import EVERY_TABLE
from sensitivity.reporting.shown import cells, columns_of
from sensitivity.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sensitivity.about import About
    from sensitivity.measures.measure import Column

FORMATS: Final = ("markdown", "latex", "json", "csv")
_LABEL: Final = re.compile(r"[^A-Za-z0-9_.-]+")  # what the name of a label must not hold


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
    kept = [place for place in range(len(columns)) if not rows or any(row[place] for row in rows)]
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
    def line(texts: Iterable[str]) -> str:
        return f"| {' | '.join(texts)} |"

    def cells_of(row: Sequence[str]) -> Iterable[str]:
        pairs = zip(columns, row, strict=True)  # a number in brackets is no link
        return (text if column.numeric else in_markdown(text) for column, text in pairs)

    head = line(in_markdown(column.words) for column in columns)
    rule = line("--:" if column.numeric else ":--" for column in columns)
    body = [line(cells_of(row)) for row in rows]
    return "\n".join([head, rule, *body, "", f"Table {in_markdown(name)}: {in_markdown(note)}", ""])


def _latex(name: str, columns: Sequence[Column], rows: Sequence[Sequence[str]], note: str) -> str:
    def line(texts: Iterable[str]) -> str:
        return " & ".join(map(in_latex, texts)) + r" \\"

    kinds = "".join("r" if column.numeric else "l" for column in columns)
    body = [
        *(r"\begin{table}", r"\centering", rf"\caption{{{in_latex(note)}}}"),
        rf"\label{{tab:{_LABEL.sub('-', name)}}}",
        *(rf"\begin{{tabular}}{{{kinds}}}", r"\toprule", line(column.words for column in columns)),
        *(r"\midrule", *map(line, rows), r"\bottomrule", r"\end{tabular}", r"\end{table}", ""),
    ]
    text = "\n".join(body)
    needs = ["% needs " + r"\usepackage{booktabs}"]
    if not text.isascii():
        needs.append("% letters beyond ASCII: LuaLaTeX or XeLaTeX with a font that has them; Korean: kotex")
    return "\n".join([*needs, text])


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
    """Cell as JSON has it: null where nothing is, truth values as such, an infinity or a date as text."""
    value = value.item() if isinstance(value, np.generic) else value
    if value is None or value is pd.NA or value is pd.NaT or value == "" or value != value:  # noqa: PLR0124 (NaN)
        return None
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value, value)
    exact = isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    return value if exact else str(value)
