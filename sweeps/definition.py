"""The definition of a sweep: one TOML file holds everything that decides a number.

``load`` reads and validates a file, ``parse`` a dictionary, ``SweepDefinition.to_toml`` writes the resolved
definition back. Every mistake raises `DefinitionError` with one sentence.
"""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

import tomli_w
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)

from sweeps.errors import DefinitionError, did_you_mean, shown
from sweeps.objectives import OBJECTIVES, objective_named
from sweeps.parsing import parse_space
from sweeps.settings import KNOWN_SETTINGS
from sweeps.space import Choices, Setting, Space

LARGEST_PLAN = 1_000_000
LARGEST_FILE = 2**20  # bytes
DEFAULT_TRIALS = 1_000
DESIGNS = ("factorial", "sobol", "random")
NETWORK = "network"  # the objective where a definition names none
_OWN_KEYS = ("dataset", "epochs", "data", "network")  # of those objectives that read them

Name = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^\w[\w .+-]*$")]


class _Strict(BaseModel):
    """Common rules: unknown keys are errors, values are frozen, NaN and infinity are refused."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class Data(_Strict):
    """How the examples are made and split."""

    validation: float = Field(default=0.2, gt=0, lt=1)
    """part of the examples held out for validation"""
    samples: int | None = Field(default=None, ge=4, le=1_000_000)
    """number of examples that a generator makes (bundled datasets have their own)"""
    noise: float | None = Field(default=None, ge=0, le=1e6)
    """noise that a generator adds"""


class Network(_Strict):
    """The perceptron where the space does not vary it."""

    hidden: list[Annotated[int, Field(ge=1, le=8192)]] = Field(default=[64], max_length=64)
    """widths of the hidden layers; [] is a linear model"""
    activation: str = "relu"
    """activation of the hidden layers"""
    initialiser: str = "he"
    """spread of the initial weights"""
    initial_scale: float = Field(default=1.0, ge=0, le=1e30)
    """factor of the initial weights"""
    batch_norm: bool = False
    """batch normalisation before each activation"""
    precision: Literal["float32", "float64"] = "float32"
    """float32 or float64"""

    @model_validator(mode="after")
    def _known_names(self) -> Network:
        for name in ("activation", "initialiser"):
            value = getattr(self, name)
            options = KNOWN_SETTINGS[name].choices
            if value not in options:
                raise DefinitionError(
                    f"network.{name} = {value!r} is not known{did_you_mean(value, options)}"
                )
        return self


class SweepDefinition(_Strict):
    """All that decides the numbers of a sweep.

    Parameters are those of the TOML file; ``space`` is kept as written (a table of TOML values) and
    interpreted by `build_space`.
    """

    name: Name = "sweep"
    """name of the run folder and of the study"""
    description: str = Field(default="", max_length=2000)
    """one line for the list of sweeps; decides nothing"""
    objective: str = NETWORK
    """what is trained, by name"""
    dataset: str = "digits"
    """dataset by name"""
    design: str = "factorial"
    """factorial (every combination), sobol, random, or an Optuna sampler such as tpe"""
    trials: int | None = Field(default=None, ge=1, le=LARGEST_PLAN)
    """number of trials, replicates included; a factorial design takes none, others default to 1000"""
    replicates: int = Field(default=2, ge=1, le=10_000)
    """seeds per configuration: other initial weights, minibatch order and split"""
    search: int = Field(default=100, ge=0, le=LARGEST_PLAN)
    """trials proposed by an Optuna sampler after the plan; they look for the best and are not measured"""
    search_sampler: str = "tpe"
    """Optuna sampler of the search"""
    seed: int = Field(default=0, ge=0, le=2**63 - 1)
    """seed of everything random"""
    epochs: int = Field(default=20, ge=1, le=100_000)
    """passes through the training set"""
    metric: str = "validation_error"
    """what is compared: validation_error, validation_loss, training_loss, or best_… for the best epoch"""
    target: float | None = Field(default=None, ge=0)
    """validation error that epochs_to_target waits for; default: nine tenths of the way to the best"""
    data: Data = Data()
    """the examples: validation, samples, noise"""
    network: Network = Network()
    """the network: hidden, activation, initialiser, initial_scale, batch_norm, precision"""
    space: dict[str, Any]
    """what varies: a list, a range { low, high, log, levels }, or one value held fixed per setting"""

    @model_validator(mode="before")
    @classmethod
    def _defaults_by_design(cls, raw: Any) -> Any:  # noqa: ANN401 (pydantic hands over anything)
        """All but the factorial have a number of trials; an adaptive design searches without `search`.

        Objectives other than the network have a metric of their own.
        """
        if not isinstance(raw, dict):
            return raw
        objective = raw.get("objective", NETWORK)
        if isinstance(objective, str) and objective in OBJECTIVES:
            raw = {"metric": OBJECTIVES[objective].metrics[0]} | raw
        if raw.get("design", "factorial") == "factorial":
            return raw
        adaptive = isinstance(raw["design"], str) and raw["design"] not in DESIGNS
        return {"trials": DEFAULT_TRIALS} | ({"search": 0} if adaptive else {}) | raw

    @model_validator(mode="after")
    def _consistent(self) -> SweepDefinition:
        _check_keys(self)
        space = self.build_space()
        objective_named(self.objective).check(self, space)
        domains = [variant.domain for setting in space.settings for variant in setting.variants]
        if not any(not isinstance(domain, Choices) or len(domain.values) > 1 for domain in domains):
            raise DefinitionError("nothing varies in [space]; give a setting a range or a list of values")
        if self.design == "factorial":
            _check_factorial(self, space)
        return self

    @property
    def adaptive(self) -> bool:
        """Whether the design is an Optuna sampler rather than a plan."""
        return self.design not in DESIGNS

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
        """Leave out what the objective does not read, and its name where a definition need not give it."""
        unread = {key for key in _OWN_KEYS if key not in objective_named(self.objective).keys}
        unread |= {"objective"} if self.objective == NETWORK else set()
        return {key: value for key, value in whole(self).items() if key not in unread}

    def to_toml(self) -> str:
        """Resolved definition as TOML; reading it back gives an equal definition."""
        return tomli_w.dumps(self.model_dump(exclude_none=True))

    def differences(self, other: SweepDefinition) -> list[str]:
        """``key: value here → value there`` for every leaf that differs."""
        mine, theirs = _leaves(self.model_dump()), _leaves(other.model_dump())
        return [
            f"{key}: {mine.get(key, 'not set')!r} → {theirs.get(key, 'not set')!r}"
            for key in dict.fromkeys([*mine, *theirs])
            if mine.get(key) != theirs.get(key) and key != "description"
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
    if metric not in objective.metrics:
        raise DefinitionError(f"metric {shown(metric)} is not known{did_you_mean(metric, objective.metrics)}")


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
        tables: dict[str, type[_Strict]] = {"network": Network, "data": Data}
        table = tables[str(parents[0])] if parents else SweepDefinition
        where = f" of [{parents[0]}]" if parents else ""
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
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(f"{source} is not valid TOML: {error}") from None
    except UnicodeDecodeError:
        raise DefinitionError(f"{source} is not a text file in UTF-8") from None
    except IsADirectoryError:
        raise DefinitionError(
            f"{source} is a folder; name a .toml file, or give a run folder with --out"
        ) from None
    except FileNotFoundError:
        raise DefinitionError(f"there is no file {source}; see the ready-made sweeps with: list") from None


def ready_made_names() -> list[str]:
    """Names of the sweeps that ship with the tool, in alphabetical order."""
    folder = resources.files("sweeps.ready_made")
    return sorted(
        entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")
    )
