"""What there is to choose from: a table each of sweeps, datasets, optimizers, schedules, claims and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from sensitivity.claims.ledger import CLAIMS
from sweeps.datasets import DATASETS
from sweeps.definition import SweepDefinition, load, ready_made_names
from sweeps.keys import Data, Network
from sweeps.optimizers import OPTIMIZERS
from sweeps.schedules import SCHEDULES
from sweeps.settings import KNOWN_SETTINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

    from sweeps.settings import KnownSetting


def catalogue() -> list[Table]:
    """Tables to print, in the order a reader needs them."""
    ready_made = {name: str(load(name).get("description", "")) for name in ready_made_names()}
    return [
        _table("Ready-made sweeps", ready_made),
        _table("Datasets", {name: source.summary for name, source in DATASETS.items()}),
        _table("Optimizers", {name: rule.summary for name, rule in OPTIMIZERS.items()}),
        _table("Schedules", {name: schedule.summary for name, schedule in SCHEDULES.items()}),
        _table("Claims", {claim.name: claim.words for claim in CLAIMS.values()}),
        _table("Settings, for [space]", {name: _setting(known) for name, known in KNOWN_SETTINGS.items()}),
        _table("Keys of a definition", _keys(SweepDefinition)),
        _table("Keys of [network]", _keys(Network)),
        _table("Keys of [data]", _keys(Data)),
    ]


def _setting(known: KnownSetting) -> str:
    """Meaning, permitted names, default."""
    names = f": {', '.join(known.choices)}" if known.choices else ""
    value = list(known.default) if isinstance(known.default, tuple) else known.default
    return f"{known.meaning}{names} (default {str(value).lower() if isinstance(value, bool) else value})"


def _keys(table: type[BaseModel]) -> dict[str, str]:
    """Meaning of each key, and its default where it is a plain value."""
    meanings = {}
    for key, field in table.model_fields.items():
        plain = field.default is not None and isinstance(field.default, str | int | float | list)
        shown = f" (default {str(field.default).lower()})" if plain and field.default != "" else ""
        meanings[key] = f"{field.description}{shown}"
    return meanings


def _table(title: str, rows: Mapping[str, str]) -> Table:
    table = Table(
        title=escape(f"\n{title}"),
        title_justify="left",
        title_style="bold",
        show_header=False,
        box=None,
        padding=(0, 2),
    )
    table.add_column(no_wrap=True, style="cyan")
    table.add_column()
    for name, summary in rows.items():
        table.add_row(name, escape(summary))
    return table
