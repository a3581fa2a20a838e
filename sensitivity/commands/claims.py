"""What the command ``claims`` does: names → trainings that are missing → verdicts, tables, pictures, page."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sensitivity.claims.ledger import named, put_to_the_test, wanted
from sensitivity.commands.progress import STOPPED, interrupted
from sensitivity.language import say
from sensitivity.reporting.slow_bar import SlowBar
from sensitivity.words import counted, short
from sweeps.execution import cores
from sweeps.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

DEFAULT: Final = Path("runs") / "claims"
_STYLES: Final = {"supported": "blue", "contradicted": "red", "inconclusive": "dim"}


def claims_command(names: Sequence[str], out: Path | None, seed: int, workers: int | None) -> None:
    """Put claims to the test.

    Raises
    ------
    SweepError
        One sentence on what the user can mend.
    """
    claims = named(names)
    folder = RunFolder(out or DEFAULT.with_name(f"{DEFAULT.name}-{seed}" if seed else DEFAULT.name))
    console = Console()
    needed = wanted(claims, folder.path, seed)
    console.print(
        f"{counted(len(claims), 'claim')}, {counted(len(needed), 'sweep')} → {folder.path}",
        markup=False,
        highlight=False,
    )
    try:
        with SlowBar("training", max(len(needed), 1)) as bar:
            judged, seconds = put_to_the_test(claims, needed, seed, workers or cores(), bar.next)
    except STOPPED:
        interrupted(say("progress.trained-kept"))
    from sensitivity.claims.writing import page_of, write_ledger  # noqa: PLC0415 (draws: heavy)

    tables = write_ledger(folder, judged, _command(names, out, seed), seconds)
    console.print(ledger_text(tables["ledger"]))
    for file in (page_of(folder), folder.tables, folder.figures):
        console.print(f"→ {file}", markup=False, highlight=False, soft_wrap=True)


def _command(names: Sequence[str], out: Path | None, seed: int) -> str:
    words = [
        "claims",
        *names,
        *(["--out", str(out)] if out else []),
        *(["--seed", str(seed)] if seed else []),
    ]
    return "python -m sensitivity " + " ".join(shlex.quote(word) for word in words)


def _beside(row: Mapping[Any, Any]) -> str:
    """What an amended rule says, where there is one."""
    verdict = row["amended_verdict"]
    return f" (by the amended rule {verdict}: {row['amended_rule']})" if verdict else ""


def ledger_text(ledger: pd.DataFrame) -> Table:
    """Row per claim: verdict, effect with the interval that decides, and what was measured."""
    table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="bold")
    table.add_column("claim", overflow="fold", max_width=30)
    table.add_column("verdict", no_wrap=True)
    table.add_column("effect [adjusted]", no_wrap=True)
    table.add_column("measured; supported if", overflow="fold")
    for row in ledger.to_dict("records"):
        verdict = str(row["verdict"])
        table.add_row(
            str(row["claim"]),
            Text(verdict, style=_STYLES[verdict]),
            f"{short(float(row['effect']), 3)} {row['adjusted']}",
            Text(f"{row['part']}; {row['rule']}{_beside(row)}"),
        )
    return table
