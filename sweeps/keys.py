"""What a definition can say: its keys with their types, limits and meanings.

Apart from `sweeps.definition`, which checks them with the help of an objective, so that objectives can name
what they read.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from sweeps.errors import DefinitionError, did_you_mean, shown
from sweeps.settings import KNOWN_SETTINGS

LARGEST_PLAN = 1_000_000
NETWORK = "network"  # the objective where a definition names none

Name = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^\w[\w .+-]*$")]


class Strict(BaseModel):
    """Common rules: unknown keys are errors, values are frozen, NaN and infinity are refused."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class Contents(Strict):
    """What was found in data of one's own when they were loaded: all that explaining a run needs of them.

    The digest counts as part of the definition, the rest follows from it.
    """

    digest: str
    """of the examples: other contents, another definition"""
    task: Literal["classification", "regression"]
    """what the target is"""
    described: str
    """what was read, in one line"""
    doubts: list[str] = []
    """what the split of them leaves to doubt"""
    constant: dict[str, float]
    """metrics of a constant prediction"""


class Data(Strict):
    """How the examples are made and split."""

    validation: float = Field(default=0.2, gt=0, lt=1)
    """part of the examples held out for validation"""
    samples: int | None = Field(default=None, ge=4, le=1_000_000)
    """number of examples that a generator makes (bundled datasets have their own)"""
    noise: float | None = Field(default=None, ge=0, le=1e6)
    """noise that a generator adds"""
    classes: list[Annotated[int, Field(ge=0)]] | None = Field(default=None, min_length=2, max_length=1000)
    """classes to train on, by number from 0; on the others hidden layers can be pretrained"""
    per_class: int | None = Field(default=None, ge=1, le=1_000_000)
    """training examples of each class, all others validate; in place of validation"""
    target: str | None = Field(default=None, min_length=1)
    """column to predict, of data of one's own"""
    task: Literal["classification", "regression"] | None = None
    """what the target is, where its values do not say it rightly"""
    text: list[str] | None = Field(default=None, max_length=1000)
    """columns read as texts although they hold numbers, such as postcodes"""
    contents: Contents | None = None
    """written by the tool: what was found in data of one's own"""

    @model_serializer(mode="wrap")
    def _what_counts(self, whole: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what is younger than the first recorded runs where it is not given."""
        younger = {"classes", "per_class", "target", "task", "text", "contents"}
        return {key: value for key, value in whole(self).items() if value is not None or key not in younger}

    @model_validator(mode="after")
    def _each_class_once(self) -> Data:
        if self.classes is not None and len(set(self.classes)) < len(self.classes):
            raise DefinitionError(f"data.classes lists a class twice: {shown(self.classes)}")
        return self


class Network(Strict):
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


class Asks(Strict):
    """A question that a sweep was made for; it decides no number."""

    setting: str
    """what it is about"""
    against: float | int | str | bool | None = None
    """level that every other one is set against, each with everything else tuned again; none: whether the
    best learning rate moves with the setting"""


class Keys(Strict):
    """Keys of a definition, as they stand in the TOML file."""

    name: Name = "sweep"
    """name of the run folder and of the study"""
    description: str = Field(default="", max_length=2000)
    """one line for the list of sweeps; decides nothing"""
    asks: list[Asks] = Field(default=[], max_length=20)
    """questions that the answer begins with: setting, and perhaps against, a level of it; decides nothing"""
    objective: str = NETWORK
    """what is trained: network, or a function of your own, package.module:function"""
    maximise: bool = False
    """whether a higher metric of a function of your own is better"""
    timeout: float | None = Field(default=None, gt=0, le=1e8)
    """seconds that a call of a function of your own may take"""
    memory: str | None = None
    """memory that the process of a function of your own may hold, such as 2 GB (on Linux)"""
    dataset: str = "digits"
    """dataset by name; or data of one's own: a .csv, .tsv or .parquet file, openml:NAME_OR_ID, or
    package.module:function; the command sweep takes a list of them, each with a run folder of its own"""
    design: str = "factorial"
    """factorial (every combination), sobol, random, or an Optuna sampler such as tpe"""
    trials: int | None = Field(default=None, ge=1, le=LARGEST_PLAN)
    """number of trials, replicates included; a factorial design takes none, others default to 1000"""
    replicates: int = Field(default=2, ge=1, le=10_000)
    """seeds per configuration: other initial weights, minibatch order and split"""
    noise: Literal["together", "crossed"] = "together"
    """together: a replicate has weights, order and split of its own; crossed: each varies by itself, which
    tells what each contributes; replicates is then 9, 16, 25 …, of which 3, 4, 5 … share nothing"""
    search: int = Field(default=100, ge=0, le=LARGEST_PLAN)
    """trials proposed by an Optuna sampler after the plan; they look for the best and are not measured"""
    search_sampler: str = "tpe"
    """Optuna sampler of the search"""
    seed: int = Field(default=0, ge=0, le=2**63 - 1)
    """seed of everything random"""
    epochs: int = Field(default=20, ge=1, le=100_000)
    """passes through the training set"""
    metric: str = "validation_error"
    """what is compared: validation_error, validation_loss, training_loss, or best_… for the best epoch; of a
    function of your own any name in the mapping that it gives"""
    target: float | None = Field(default=None, ge=0)
    """validation error that epochs_to_target waits for; default: nine tenths of the way to the best"""
    data: Data = Data()
    """the examples: validation, samples, noise, classes, per_class; of one's own: target, task, text"""
    network: Network = Network()
    """the network: hidden, activation, initialiser, initial_scale, batch_norm, precision"""
    space: dict[str, Any]
    """what varies: a list, a range { low, high, log, levels }, or one value held fixed per setting"""
