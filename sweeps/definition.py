"""The definition of a sweep: one TOML file holds everything that decides a number.

``load`` reads and validates a file, ``parse`` a dictionary, ``SweepDefinition.to_toml`` writes the resolved
definition back. Every mistake raises `DefinitionError` with one sentence.
"""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import (
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)

from sweeps.errors import DefinitionError, did_you_mean, shown
from sweeps.keys import LARGEST_PLAN, NETWORK, Asks, Contents, Data, Keys, Network, Strict
from sweeps.objectives import OBJECTIVES, objective_named
from sweeps.parsing import parse_space
from sweeps.seeds import FEWEST_DRAWS, crossed_draws
from sweeps.settings import KNOWN_SETTINGS
from sweeps.several import dataset_names, only_one
from sweeps.space import Choices, Setting, Space
from sweeps.table_files import located

LARGEST_FILE = 2**20  # bytes
DEFAULT_TRIALS = 1_000
DESIGNS = ("factorial", "sobol", "random")
CROSSED = "crossed"  # noise whose sources vary one by one
_FOUND = "data.contents."
_OWN_KEYS = (
    "dataset",
    "epochs",
    "data",
    "network",
    "maximise",
    "timeout",
    "memory",
)  # of those objectives that read them


class SweepDefinition(Keys):
    """All that decides the numbers of a sweep, checked by what its objective says.

    ``space`` is kept as written (a table of TOML values) and interpreted by `build_space`.
    """

    @model_validator(mode="before")
    @classmethod
    def _defaults_by_design(cls, raw: Any) -> Any:  # noqa: ANN401 (pydantic hands over anything)
        """All but the factorial have a number of trials; an adaptive design searches without `search`.

        So is a function of the user's own searched only where a number is given. Crossed noise takes the
        replicates it needs. Objectives other than the network have a metric of their own.
        """
        if not isinstance(raw, dict):
            return raw
        if isinstance(raw.get("dataset"), list):
            raw = raw | {"dataset": only_one(raw["dataset"])}
        objective = raw.get("objective", NETWORK)
        if isinstance(objective, str) and (objective in OBJECTIVES or ":" in objective):
            own = {"search": 0} if ":" in objective else {}  # calls of a function of one's own are dear
            raw = {"metric": objective_named(objective).metrics[0]} | own | raw
        if raw.get("noise") == CROSSED:
            raw = {"replicates": FEWEST_DRAWS**2} | raw
        if raw.get("design", "factorial") == "factorial":
            return raw
        adaptive = isinstance(raw["design"], str) and raw["design"] not in DESIGNS
        return {"trials": DEFAULT_TRIALS} | ({"search": 0} if adaptive else {}) | raw

    @model_validator(mode="after")
    def _consistent(self) -> SweepDefinition:
        _check_keys(self)
        # Frozen for everybody else: what is recorded, shown and read again is the number.
        object.__setattr__(self, "space", objective_named(self.objective).without_words(self))
        space = self.build_space()
        objective_named(self.objective).check(self, space)
        domains = [variant.domain for setting in space.settings for variant in setting.variants]
        if not any(not isinstance(domain, Choices) or len(domain.values) > 1 for domain in domains):
            raise DefinitionError("nothing varies in [space]; give a setting a range or a list of values")
        if self.design == "factorial":
            _check_factorial(self, space)
        _check_questions(self)
        return self

    @property
    def adaptive(self) -> bool:
        """Whether the design is an Optuna sampler rather than a plan."""
        return self.design not in DESIGNS

    @property
    def crossed_draws(self) -> int | None:
        """Draws of each source of noise where they are crossed, else None."""
        return crossed_draws(self.replicates) if self.noise == CROSSED else None

    @property
    def replicates_apart(self) -> int:
        """Replicates that share no draw with another: the first so many of every configuration."""
        return self.crossed_draws or self.replicates

    @property
    def sampler(self) -> str:
        """Optuna sampler that proposes what follows the plan."""
        return self.design if self.adaptive else self.search_sampler

    def build_space(self) -> Space:
        """Space of the settings that vary, with the fixed values and the known conditions.

        Levels of a range count in a factorial only: any other design takes values between them too.
        """
        objective = objective_named(self.objective)
        space = parse_space(self.space, objective.settings(self.space), objective.fixed(self))
        return space if self.design == "factorial" else space.without_levels()

    @model_serializer(mode="wrap")
    def _what_counts(self, whole: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what the objective does not read, and what is so where a definition does not give it."""
        unread = {key for key in _OWN_KEYS if key not in objective_named(self.objective).keys}
        unread |= {"objective"} if self.objective == NETWORK else set()
        unread |= set() if self.asks else {"asks"}
        unread |= set() if self.noise == CROSSED else {"noise"}  # older definitions are the same sweep
        return {key: value for key, value in whole(self).items() if key not in unread}

    def to_toml(self) -> str:
        """Resolved definition as TOML; reading it back gives an equal definition."""
        return tomli_w.dumps(self.model_dump(exclude_none=True))

    def differences(self, other: SweepDefinition) -> list[str]:
        """``key: value here → value there`` for every leaf that differs.

        Of data of one's own the contents count, not where they lie nor what was said about them.
        """
        mine, theirs = _leaves(self.model_dump()), _leaves(other.model_dump())
        silent = {"description", "asks"} | {key for key in (*mine, *theirs) if key.startswith(_FOUND)}
        if f"{_FOUND}digest" in mine and f"{_FOUND}digest" in theirs:
            silent |= {"dataset"}
        return [
            f"{'contents of the data' if key.startswith(_FOUND) else key}: "
            f"{mine.get(key, 'not set')!r} → {theirs.get(key, 'not set')!r}"
            for key in dict.fromkeys([*mine, *theirs])
            if mine.get(key) != theirs.get(key) and key not in silent - {f"{_FOUND}digest"}
        ]


def _leaves(tree: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            flat |= _leaves(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def _check_keys(definition: SweepDefinition) -> None:
    objective, metric = objective_named(definition.objective), definition.metric
    for key in _OWN_KEYS:
        if key in definition.model_fields_set and key not in objective.keys:
            raise DefinitionError(f"objective {definition.objective!r} has no {key}; remove it")
    if metric not in objective.metrics and not objective.any_metric:
        raise DefinitionError(f"metric {shown(metric)} is not known{did_you_mean(metric, objective.metrics)}")
    if definition.noise == CROSSED and definition.crossed_draws is None:
        draws = max(FEWEST_DRAWS, round(definition.replicates**0.5))
        raise DefinitionError(
            "noise = 'crossed' runs any two draws of weights, order and split together once, which takes 9, "
            f"16, 25 … replicates, not {definition.replicates}; set replicates = {draws**2}"
        )


def _check_questions(definition: SweepDefinition) -> None:
    """What is asked about is a setting; that it varies is no must, for a caller may change the space."""
    known = objective_named(definition.objective).settings(definition.space)
    for asked in definition.asks:
        if asked.setting not in known:
            hint = did_you_mean(asked.setting, known)
            raise DefinitionError(f"asks speaks of {shown(asked.setting)}, which is no setting{hint}")


def _check_factorial(definition: SweepDefinition, space: Space) -> None:
    if definition.trials is not None:
        raise DefinitionError(
            "a factorial design runs every combination and takes no number of trials; "
            "remove trials, or use design = 'sobol'"
        )
    for setting in space.settings:
        _check_levels(setting)
    size = space.grid_size() * definition.replicates
    if size > LARGEST_PLAN:
        raise DefinitionError(
            f"the factorial design has {size:,} trials, more than {LARGEST_PLAN:,}; "
            "use fewer levels, or design = 'sobol' with trials = 5000"
        )


def _check_levels(setting: Setting) -> None:
    for variant in setting.variants:
        domain = variant.domain
        if not isinstance(domain, Choices) and domain.levels is None:
            raise DefinitionError(
                f"a factorial design needs the number of levels of {setting.name}; "
                f"add levels = 5 to its range, or list its values"
            )


def parse(raw: dict[str, Any]) -> SweepDefinition:
    """Validate a dictionary with the structure of a definition file.

    Raises
    ------
    DefinitionError
        One sentence on the first mistake.
    """
    try:
        return SweepDefinition.model_validate(raw)
    except ValidationError as error:
        raise DefinitionError(_sentence(error)) from None


_RULES = {
    "string_pattern_mismatch": "begin with a letter or digit; use letters, digits, spaces and . + - _ only",
    "list_type": "write a list, such as [32]",
    "bool_type": "write true or false",
    "int_type": "write a whole number",
    "float_type": "write a number",
    "string_type": "write a text in quotes",
    "dict_type": "write a table of keys",
    "model_type": "write a table of keys",
    "finite_number": "write a finite number",
}


def _sentence(error: ValidationError) -> str:
    """First of pydantic's complaints in our own form."""
    first = error.errors(include_url=False, include_context=False)[0]
    path = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        *parents, key = first["loc"]
        tables: dict[str, type[Strict]] = {
            "network": Network,
            "data": Data,
            "asks": Asks,
            "contents": Contents,
        }
        named = [part for part in parents if isinstance(part, str)]  # the place in a list is none
        table = tables[named[-1]] if named else SweepDefinition
        where = f" of [{'.'.join(named)}]" if named else ""
        if not parents and key in KNOWN_SETTINGS:
            return f"{key} is a setting; it belongs in [space]"
        return (
            f"{shown(key)} is not a key{where or ' of a definition'}{did_you_mean(key, table.model_fields)}"
        )
    if first["type"] == "missing":
        return (
            f"the definition has no {path}; add a [{path}] table" if path == "space" else f"{path} is missing"
        )
    rule = _RULES.get(first["type"]) or first["msg"][0].lower() + first["msg"][1:]
    return f"{path or 'the definition'} = {shown(first['input'])}: {rule}"


def load(source: str | Path) -> dict[str, Any]:
    """Read a definition file, or a ready-made sweep by name, to a dictionary for `parse`.

    Raises
    ------
    DefinitionError
        When there is no such file or name, or the file is not TOML.

    Without a ``name`` it is called after its file.
    """
    path = Path(source)
    ready_made = resources.files("sweeps.ready_made")
    try:
        if str(source) in ready_made_names():  # before files: a folder "digits" must not hide the default
            text = (ready_made / f"{source}.toml").read_text(encoding="utf-8")
        elif path.is_file() and path.stat().st_size > LARGEST_FILE:
            raise DefinitionError(f"{source} has {path.stat().st_size:,} bytes and is no definition")
        elif path.exists() and not path.is_file() and not path.is_dir():
            raise DefinitionError(f"{source} is a device or a pipe; name a .toml file")
        elif path.suffix == ".toml" or path.exists():
            text = path.read_text(encoding="utf-8")
        else:
            beside = path.with_name(f"{path.name}.toml")
            options = [str(beside)] if beside.is_file() else ready_made_names()
            hint = did_you_mean(source, options)
            raise DefinitionError(f"{str(source)!r} is neither a .toml file nor a ready-made sweep{hint}")
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(f"{source} is not valid TOML: {error}") from None
    except UnicodeDecodeError:
        raise DefinitionError(f"{source} is not a text file in UTF-8") from None
    except (RecursionError, ValueError):  # of Python's own bounds: depth, digits
        raise DefinitionError(
            f"{source} nests too deeply, or a number has thousands of digits; no definition needs that"
        ) from None
    except IsADirectoryError:
        raise DefinitionError(
            f"{source} is a folder; name a .toml file, or give a run folder with --out"
        ) from None
    except FileNotFoundError:
        raise DefinitionError(f"there is no file {source}; see the ready-made sweeps with: list") from None
    raw.setdefault("name", _name(path.stem))  # else every file without one would share a run folder
    return {**raw, "dataset": _located(raw["dataset"], path.parent)} if "dataset" in raw else raw


def _located(given: Any, folder: Path) -> Any:  # noqa: ANN401 (what TOML can say)
    """Where a dataset lies, or each of a list of them; a list of one is that one."""
    if not isinstance(given, list):
        return located(given, folder)
    names = [located(name, folder) for name in dataset_names(given)]
    return names[0] if len(names) == 1 else names


def _name(stem: str) -> str:
    """Name of a definition that gives none, after its file, as a folder can have it."""
    return re.sub(r"[^\w .+-]", "-", stem).lstrip(" .+-")[:100] or "sweep"


def ready_made_names() -> list[str]:
    """Names of the sweeps that ship with the tool, in alphabetical order."""
    folder = resources.files("sweeps.ready_made")
    return sorted(
        entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")
    )
