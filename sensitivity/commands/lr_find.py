"""What the command ``lr-find`` does: one ramp of the rate per optimizer → a rate to begin with."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sensitivity.branch import OPTIMIZER, in_sentence
from sensitivity.files import make_folder, write_csv
from sensitivity.language import say
from sensitivity.measures import found_rates as f
from sensitivity.pictures import found_rates as drawn
from sensitivity.pictures.saving import save
from sensitivity.reading.runs import read_run
from sensitivity.words import level_text, short
from sweeps.definition import parse
from sweeps.errors import DefinitionError
from sweeps.finder import HIGHEST, LOWEST, REPLICATES, STEPS, check_optimizer, find, optimizers_of
from sweeps.objectives import objective_named
from sweeps.optimizers import OPTIMIZERS
from sweeps.own_data import label
from sweeps.returned_data import look_in
from sweeps.run_folder import RunFolder, module_folders

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd

    from sensitivity.commands.overrides import Overrides
    from sweeps.definition import SweepDefinition
    from sweeps.finder import Ramp

RATE: Final = "learning_rate"
MOST_STEPS: Final = 100_000


def lr_find_command(
    run: Path | None,
    optimizers: Sequence[str],
    overrides: Overrides,
    out: Path | None,
    *,
    replicates: int | None = None,
    ends: tuple[float | None, float | None] = (None, None),
    steps: int | None = None,
) -> None:
    """Find a rate for each optimizer, and show it.

    Parameters
    ----------
    run
        Folder of a sweep: its data, network and optimizers are taken, and the suggestion is laid over the
        valley that it measured; None: a dataset of ``overrides``.
    ends
        First and last rate of the ramp; None: those of `sweeps.finder`.

    Raises
    ------
    SweepError
        One sentence on what the user can mend.
    """
    lowest, highest = (LOWEST if ends[0] is None else ends[0]), (HIGHEST if ends[1] is None else ends[1])
    check_ends(lowest, highest, STEPS if steps is None else steps)
    definition, configurations, measured = _asked(run, optimizers, overrides, replicates or REPLICATES)
    for each in configurations:
        check_optimizer(str(each[OPTIMIZER]))
    name = label(definition.dataset)
    folder = RunFolder(out or Path("lr-find") / name)
    objective = objective_named(definition.objective)
    definition = objective.resolved(definition, definition.build_space())
    make_folder(folder)
    ramps = find(definition, configurations, lowest=lowest, highest=highest, steps=steps or STEPS)
    table = f.found_rates(ramps) if measured is None else f.against(f.found_rates(ramps), measured)
    console = Console()
    console.print(_shown(table))
    for line in [*objective.remarks(definition), *_notes(table), ramp_words(ramps), *_settings(measured)]:
        console.print(Text(f"· {line}"))
    write_csv(table, folder.tables / "found_rates.csv")
    picture = drawn.picture(name, ramps, table, measured)
    for file in [folder.tables / "found_rates.csv", *save(picture, folder.figures / "found_rates")]:
        console.print(f"→ {file}", markup=False, highlight=False, soft_wrap=True)


def _asked(
    run: Path | None, optimizers: Sequence[str], overrides: Overrides, replicates: int
) -> tuple[SweepDefinition, list[dict[str, Any]], dict[str, f.Valley] | None]:
    """What is trained, a configuration per optimizer, and the valleys of a run."""
    if run is None:
        definition = _definition(optimizers, overrides, replicates)
        return definition, [{OPTIMIZER: name} for name in optimizers_of(definition)], None
    look_in(module_folders(RunFolder(run).module_folder()))
    if overrides.any:
        raise DefinitionError(
            "a run has its own dataset, network and seed; leave out what you set, or the run"
        )
    measured = f.valleys(read_run(run), optimizers)
    return _of_run(run, replicates), [dict(valley.configuration) for valley in measured.values()], measured


def check_ends(lowest: float, highest: float, steps: int) -> None:
    """Refuse a ramp that leads nowhere.

    Raises
    ------
    DefinitionError
        When a rate is not positive, the last is not above the first, or the steps are too few or many.
    """
    if not (0 < lowest < highest < math.inf and highest / lowest < 1e30):
        raise DefinitionError(
            f"a ramp rises from a positive rate to a larger one, not from {lowest:g} to {highest:g}; "
            f"try --lowest {LOWEST:g} --highest {HIGHEST:g}"
        )
    if not 10 <= steps <= MOST_STEPS:
        raise DefinitionError(f"a ramp takes 10 to {MOST_STEPS:,} steps, not {steps:,}; try --steps {STEPS}")


def _definition(optimizers: Sequence[str], overrides: Overrides, replicates: int) -> SweepDefinition:
    """Definition whose data, network and fixed settings the ramps have."""
    names = list(dict.fromkeys(optimizers)) or [name for name, o in OPTIMIZERS.items() if not o.searches]
    rates = {"low": 1e-4, "high": 1.0, "log": True, "levels": 2}  # a definition varies something
    raw: dict[str, Any] = {"name": "lr-find", "replicates": replicates, "search": 0}
    definition = parse(overrides.apply({**raw, "space": {OPTIMIZER: names, RATE: rates}}))
    others = [name for name in definition.build_space().names if name not in {OPTIMIZER, RATE}]
    if others:
        raise DefinitionError(f"a ramp varies nothing but the rate; give {others[0]} one value")
    return definition


def _of_run(run: Path, replicates: int) -> SweepDefinition:
    """The run's definition with another number of replicates, which share nothing."""
    known = RunFolder(run).definition()
    if known is None:
        raise DefinitionError(f"{run} holds no sweep.toml; name a run folder")
    return known.model_copy(update={"replicates": replicates, "noise": "together"})


def _shown(table: pd.DataFrame) -> Table:
    result = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    valley = f.BEST_RATE in table
    heads = [say("finder.optimizer"), say("finder.suggested")]
    if valley:
        heads += [say("finder.best-tried"), say("finder.off")]
        heads += [say("finder.error-there"), say("finder.best-error")]
    else:
        heads.append(say("finder.breaks"))
    for place, head in enumerate(heads):
        result.add_column(head, justify="right" if place else "left", no_wrap=place < 2)
    for row in table.to_dict("records"):
        texts = [str(row[OPTIMIZER]), _suggested(row)]
        if not valley:
            texts.append(_number(row, f.BREAKS))
        else:
            texts += [short(row[f.BEST_RATE]), f"{row[f.OFF]:+.2f}", short(row[f.ERROR]), short(row[f.BEST])]
        result.add_row(*texts)
    return result


def _suggested(row: Mapping[Hashable, Any]) -> str:
    if math.isnan(row[f.SUGGESTED[0]]):
        return say("finder.nothing")
    bound = "" if row[f.BROKE] == row[f.REPLICATES] else "≥ "
    return bound + _number(row, f.SUGGESTED)


def _number(row: Mapping[Hashable, Any], names: Sequence[str]) -> str:
    """Rate with its interval; a dash where it is unknown."""
    rate, *ends = (short(float(row[name])) for name in names)
    return "–" if rate == "nan" else rate if "nan" in ends else f"{rate} [{', '.join(ends)}]"


def ramp_words(ramps: Sequence[Ramp]) -> str:
    """How long the ramps were and with which batches: another batch size has another rate."""
    sizes = sorted({(ramp.batch_size, len(ramp.rates)) for ramp in ramps})
    texts = [say("finder.batches", steps=steps, size=str(size)) for size, steps in sizes]
    return say("finder.ramps", ramps="; ".join(texts))


def _settings(measured: Mapping[str, f.Valley] | None) -> list[str]:
    """What the ramps and the trainings of the run had alike."""
    alike: dict[str, str] = {}
    for valley in (measured or {}).values():
        alike |= {
            name: level_text(level) for name, level in valley.configuration.items() if name != OPTIMIZER
        }
    if not alike:
        return []
    levels = ", ".join(f"{in_sentence(name)} {in_sentence(level)}" for name, level in alike.items())
    return [say("finder.alike", levels=levels)]


def _notes(table: pd.DataFrame) -> list[str]:
    """How to read the table."""
    notes = [say("finder.reading")]
    unbroken = table[table[f.BROKE] < table[f.REPLICATES]]
    notes += [
        say(
            "finder.unbroken",
            optimizer=str(row[OPTIMIZER]),
            broke=str(row[f.BROKE]),
            replicates=str(row[f.REPLICATES]),
            end=short(row[f.END]),
        )
        for row in unbroken.to_dict("records")
    ]
    if f.OFF in table:
        off = table[f.OFF].abs()
        inside, point = int(f.surely_good(table).sum()), int((table[f.OUTSIDE] == 0).sum())
        notes.append(
            say(
                "finder.off-best",
                median=f"{off.median():.2f}",
                most=f"{off.max():.2f}",
                inside=str(point),
                count=str(len(table)),
                surely=str(inside),
            )
        )
    return notes
