"""A report → one HTML page: style, script and pictures inside it, nothing loaded from anywhere."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

if TYPE_CHECKING:
    from pathlib import Path

    from sensitivity.report.content import Report


def page(report: Report) -> str:
    """The page. Every text in it is escaped; the pictures are elements of our own making."""
    environment = Environment(
        loader=PackageLoader("sensitivity.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style, script = (_text(name) for name in ("report.css", "report.js"))
    # The page's policy lets this one script run, known by its hash, and nothing load.
    known = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    template = environment.get_template("report.html.jinja")
    return template.render(report=report, style=Markup(style), script=Markup(script), script_hash=known)  # noqa: S704


def _text(name: str) -> str:
    """Style sheet or script, as it lies beside the template."""
    return (files("sensitivity.report") / "templates" / name).read_text(encoding="utf-8")


def write_page(report: Report, path: Path) -> None:
    """Write the page whole or not at all."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        temporary.write_text(page(report), encoding="utf-8", newline="\n")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
