"""Which definition is asked for: a file or a ready-made one, with what the command line says otherwise."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sweeps.definition import SweepDefinition, load, parse, ready_made_names
from sweeps.errors import DefinitionError, StudyError
from sweeps.finder import with_found_rates
from sweeps.objectives import objective_named
from sweeps.own_data import label
from sweeps.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT_SWEEP = "digits"

TABLES: Final = frozenset({".csv", ".tsv", ".json", ".jsonl", ".parquet", ".db", ".sqlite", ".log"})


@dataclass(frozen=True)
class Overrides:
    """Keys of a definition given on the command line."""

    seed: int | None = None
    dataset: str | None = None
    target: str | None = None
    design: str | None = None
    epochs: int | None = None
    assignments: Sequence[str] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether one was given."""
        given = (self.target, *self._named().values())
        return any(value is not None for value in given) or bool(self.assignments)

    def _named(self) -> dict[str, Any]:
        return {"seed": self.seed, "dataset": self.dataset, "design": self.design, "epochs": self.epochs}

    @property
    def moves(self) -> bool:
        """Whether nothing is said but where the data are."""
        return self == Overrides(dataset=self.dataset, target=self.target) and self.dataset is not None

    def moved(self, definition: SweepDefinition) -> SweepDefinition:
        """A run's definition, its data where they are now."""
        raw = definition.model_dump(exclude_none=True)
        if self.dataset is not None:
            raw["dataset"] = self.dataset
        if self.target is not None:
            raw["data"]["target"] = self.target
        return parse(raw) if self.any else definition

    def names(self, key: str) -> bool:
        """Whether a key is set by hand."""
        return any(key_of(assignment) == key for assignment in self.assignments)

    def apply(self, raw: dict[str, Any]) -> dict[str, Any]:
        """Definition with the overrides; another dataset changes the name, and the description is untrue."""
        raw = dict(raw)
        self._check_each_once()
        if self.dataset is not None and self.dataset != raw.get("dataset"):
            raw.pop("description", None)
            name = raw.get("name", "sweep")
            data = label(self.dataset)
            raw["name"] = data if name == raw.get("dataset") else f"{name}-{data}"
        if self.design == "factorial":
            raw.pop("trials", None)
        raw |= {key: value for key, value in self._named().items() if value is not None}
        if self.target is not None and isinstance(raw.setdefault("data", {}), dict):  # else it is refused
            raw["data"] = {**raw["data"], "target": self.target}
        for assignment in self.assignments:
            _assign(raw, assignment)
        return raw

    def _check_each_once(self) -> None:
        """A later value takes the place of an earlier one, which would be ignored without a word."""
        options = {**self._named(), "data.target": self.target}
        given = [
            (key, f"--{key.rpartition('.')[2]} {value}")
            for key, value in options.items()
            if value is not None
        ]
        given += [(key_of(each), f"--set {each}") for each in self.assignments]
        for place, (key, words) in enumerate(given):
            for before, other in given[:place]:
                if f"{before}.".startswith(f"{key}.") and words != other:
                    raise DefinitionError(
                        f"{before} is given twice: {other} and {words}; leave one of them out"
                    )


def key_of(assignment: str) -> str:
    """Dotted key of an assignment."""
    return ".".join(key.strip() for key in assignment.partition("=")[0].split("."))


def _assign(raw: dict[str, Any], assignment: str) -> None:
    """Carry out ``a.b.c=value`` on nested tables; the value is TOML, or else a string."""
    path, equals, text = assignment.partition("=")
    keys = [key.strip() for key in path.split(".")]
    if not equals or not all(keys):
        raise DefinitionError(f"--set takes KEY=VALUE, such as space.batch_size=[16,64], not {assignment!r}")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text.strip()
        if value.startswith(("[", "{", '"', "'")):
            raise DefinitionError(
                f"--set {path}: {value} is not a TOML value; names in a list need quotes: "
                """'space.optimizer=["sgd", "adam"]'"""
            ) from None
    except (RecursionError, ValueError):  # of Python's own bounds: depth, digits
        raise DefinitionError(
            f"--set {path[:60]}: its value nests too deeply, or is a number of thousands of digits"
        ) from None
    table = raw
    for key in keys[:-1]:
        inner = table.get(key, {})
        if not isinstance(inner, dict):
            raise DefinitionError(f"--set {path}: {key} is {inner!r}, which has no keys of its own")
        table[key] = dict(inner)
        table = table[key]
    table[keys[-1]] = value


def definition_of(
    source: str | None, overrides: Overrides, out: Path | None
) -> tuple[SweepDefinition, list[str]]:
    """The definition asked for, and what was changed of it; a run folder alone means the one it holds.

    A ready-made sweep is made to fit the data; what the user wrote is taken at its word.
    """
    nothing_there: list[str] = []
    if source is None and out is not None and (not overrides.any or overrides.moves):
        existing = RunFolder(out).definition()
        if existing is not None and (not overrides.any or existing.data.contents is not None):
            return overrides.moved(existing), []
        if existing is None and not overrides.any:
            nothing_there = [_nothing_to_go_on_with(out)]
    if source is not None and Path(source).suffix.lower() in TABLES and Path(source).exists():
        raise DefinitionError(
            f"{source} holds trials, not a definition of a sweep; measure it: "
            f"python -m sensitivity measure {source} --out DIR"
        )
    known = load(source or DEFAULT_SWEEP)
    raw, rates = with_found_rates(overrides.apply(known))
    definition = parse(raw)
    found = ", ".join(f"{rate:g} for {name}" for name, rate in rates.items())
    if "trials" in known and definition.trials is None:
        nothing_there.append(f"a factorial design is every combination, not trials = {known['trials']}.")
    notes = nothing_there + ([f"learning_rate = 'find': {found}."] if rates else [])
    if (source or DEFAULT_SWEEP) not in ready_made_names() or overrides.names("space.batch_size"):
        return definition, notes
    definition, changes = objective_named(definition.objective).fitted(definition)
    return definition, [*notes, *changes]


def _nothing_to_go_on_with(out: Path) -> str:
    """Say that the default sweep begins where a folder was named that is not there.

    Raises
    ------
    SweepError
        When the folder is there, but holds no sweep: nobody who names it alone wants another.
    """
    if out.exists():
        RunFolder(out).check_empty()
        raise StudyError(
            f"{out} holds no sweep to go on with; name what to run there, such as: "
            f"python -m sensitivity sweep {DEFAULT_SWEEP} --out {out}"
        )
    return f"there is no sweep {out} to go on with: this is the default sweep {DEFAULT_SWEEP}."
