"""A report → one HTML page: style, script and pictures inside it, nothing loaded from anywhere."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from sensitivity.files import whole
from sensitivity.language import is_marking, language, marking, say
from sensitivity.language.marks import END, bare, start
from sensitivity.reporting.explained import explained

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sensitivity.reporting.content import Report, ShownTable

_LONG: Final = 24  # letters of a cell, from which on its column is kept wide enough to read
_EXPLORER: Final = ("explorer_writing.js", "explorer_reading.js", "explorer.js", "explorer_valleys.js")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # C0 and C1 but tab and line end
_OF_A_SHARE: Final = re.compile(r"(?<= %) (\[[\d.]+, [\d.]+\])")  # [77.9, 83.6] after 82.6 %
# [1.2, 3.4] and 1.2e-4 and 80.1 %
_KEPT_TOGETHER: Final = re.compile(r"\[[^ \[\]<>]+, [^ \[\]<>]+\]|\b\d[\d.]*e-\d+|\b\d[\d.,]* %")


def page(report: Report) -> str:
    """The page. Every text in it is escaped; the pictures are elements of our own making."""
    scripts = [_text("report.js"), *([explorer_script()] if report.explorer else [])]
    styles = ("report.css", "terms.css", "explorer.css")
    with marking():
        html = from_template("report.html.jinja", report.title, styles, scripts, report=report)
    return explained(html, report.words)


def from_template(
    template: str,
    title: str,
    styles: Sequence[str] = ("report.css",),
    scripts: Sequence[str] | None = None,
    **given: Any,  # noqa: ANN401 (what the template says)
) -> str:
    """A page made of a template, with its style and scripts inside it.

    Parameters
    ----------
    styles
        Names of style sheets beside the templates.
    scripts
        Texts of scripts; None: the one that sorts tables and opens folds.
    given
        Further variables of the template.
    """
    environment = Environment(
        loader=PackageLoader("sensitivity.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    environment.globals["say"] = say
    environment.filters |= {"unbroken": unbroken, "column_kinds": column_kinds}
    texts = [_text("report.js")] if scripts is None else scripts
    return environment.get_template(template).render(
        title=title,
        style=Markup("".join(map(_text, styles))),  # noqa: S704 (ours)
        scripts=[Markup(text) for text in texts],  # noqa: S704 (ours)
        policy=" ".join(map(_known, texts)),
        language=language(),
        **given,
    )


def explorer_script() -> str:
    """Script of the explorer, a block of its own: no name in it is one of another script's."""
    return '"use strict";\n{\n' + "\n".join(map(_text, _EXPLORER)) + "}\n"


def _known(script: str) -> str:
    """How the page's policy names a script that may run: by its hash. It lets nothing load."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _visible(value: object) -> object:
    """What stands in the page, control characters shown as their escapes: a page must not hold them."""
    if not isinstance(value, str):
        return value
    found = _CONTROL.sub(lambda match: repr(match[0])[1:-1], value)
    return Markup(found) if isinstance(value, Markup) else found  # noqa: S704 (adds no mark-up)


def unbroken(text: str) -> Markup:
    """The same words, escaped; no line ends before a per cent sign, inside an interval or a power of ten.

    The interval of a share is marked as a term: the glossary says what the brackets are.
    """
    marked = str(escape(text))
    if is_marking():
        marked = _OF_A_SHARE.sub(f" {start(language(), 'interval')}\\1{END}", marked)
    return Markup(_KEPT_TOGETHER.sub(r'<span class="one">\g<0></span>', marked))  # noqa: S704


def column_kinds(table: ShownTable) -> list[str]:
    """Class of each column for the style sheet: numbers, long texts, or neither."""
    texts = [[bare(row[place].text) for row in table.rows] for place in range(len(table.columns))]
    return [
        "number" if column.numeric else "long" if max(map(len, cells), default=0) > _LONG else ""
        for column, cells in zip(table.columns, texts, strict=True)
    ]


def _text(name: str) -> str:
    """Style sheet or script, as it lies beside the template."""
    return (files("sensitivity.reporting") / "templates" / name).read_text(encoding="utf-8")


def write_page(report: Report, path: Path) -> None:
    """Write the page whole or not at all."""
    with whole(path) as stream:
        stream.write(page(report))
