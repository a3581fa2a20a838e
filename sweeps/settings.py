"""Every setting of a network that a sweep can vary or hold fixed: meaning, permitted values, default.

One line per setting. The definition checks ranges against it, training takes from it the value of whatever
a sweep leaves open. Where a setting is active nobody lists: `condition` asks the update rules and schedules
which of them read it (β exists only where the optimizer has one).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from sweeps.activations import ACTIVATIONS
from sweeps.network import INITIALISERS
from sweeps.optimizer import SHARED, Optimizer
from sweeps.optimizers import OPTIMIZERS
from sweeps.schedules import SCHEDULES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sweeps.schedules import Schedule
    from sweeps.space import Value

Kind = Literal["float", "integer", "boolean", "choice", "numbers", "any"]


@dataclass(frozen=True)
class KnownSetting:
    """What the tool knows of a setting.

    ``low`` and ``high`` bound its values (``low_open`` and ``high_open``: the bound itself is excluded),
    ``choices`` may be a registry, whose names they then are; ``word`` stands for a value that the data
    decide; with ``or_epochs`` a value below 1 is a part of the run and a whole number a number of epochs.
    ``when`` says under which values of other settings it is active, and ``unless`` under which it is not.
    ``log``: a range is logarithmic unless it says otherwise.
    """

    meaning: str
    kind: Kind
    default: Value | tuple[float, ...]
    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False
    choices: Collection[str] = ()
    word: str = ""
    or_epochs: bool = False
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unless: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    log: bool = False

    def rule(self) -> str:
        """Permitted values in words."""
        if self.kind == "choice":
            return f"one of {', '.join(self.choices)}"
        if self.kind == "boolean":
            return "true or false"
        if self.kind == "any":
            return "a number, a text, true or false"
        if self.or_epochs:
            return "a part of the run, at least 0 and below 1, or a number of epochs, whole and at least 1"
        noun = {"integer": "a whole number", "float": "a number", "numbers": "a list of numbers"}[self.kind]
        bounds = []
        if self.low > -math.inf:
            bounds.append(f"{'above' if self.low_open else 'at least'} {self.low:g}")
        if self.high < math.inf:
            bounds.append(f"{'below' if self.high_open else 'at most'} {self.high:g}")
        return " ".join([noun, " and ".join(bounds)]).strip() + (f", or {self.word!r}" if self.word else "")

    def permits(self, value: object) -> bool:
        """Whether ``value`` is of the right kind and inside the bounds."""
        if self.kind == "choice":
            return isinstance(value, str) and value in self.choices
        if self.kind == "boolean":
            return isinstance(value, bool)
        if self.kind == "any":
            return isinstance(value, bool | int | float | str)
        if self.kind == "numbers":
            return (
                isinstance(value, list | tuple) and len(value) > 0 and all(self._in_bounds(v) for v in value)
            )
        return self._in_bounds(value)

    def _in_bounds(self, value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if self.kind == "integer" and not isinstance(value, int):
            return False
        above = value > self.low if self.low_open else value >= self.low
        below = value < self.high if self.high_open else value <= self.high
        return above and below and (not self.or_epochs or value < 1 or value == int(value))


KNOWN_SETTINGS: dict[str, KnownSetting] = {
    "optimizer": KnownSetting("update rule", "choice", "adam", choices=OPTIMIZERS),
    "learning_rate": KnownSetting(
        "initial learning rate η, of one_cycle the peak; size of random_local_search's steps; "
        '"find" takes for each optimizer what lr-find suggests',
        "float",
        0.01,
        0,
        1e30,
        low_open=True,
    ),
    "beta": KnownSetting(
        "β of momentum, momentum_ema and nesterov, ρ of rmsprop, β₁ of the Adam family and of lion",
        "float",
        0.9,
        0,
        1,
        high_open=True,
    ),
    "beta2": KnownSetting("β₂ of the Adam family and of lion", "float", 0.999, 0, 1, high_open=True),
    "epsilon": KnownSetting("ε in the denominator", "float", 1e-8, 0, 1e30, low_open=True),
    "bias_correction": KnownSetting("divide the average by 1 − βᵗ", "boolean", False),
    "initial_accumulator": KnownSetting("s₀ of AdaGrad (Keras and optax: 0.1)", "float", 0.0, 0, 1e30),
    "centered": KnownSetting("subtract the squared mean of the gradient from s", "boolean", False),
    "rmsprop_momentum": KnownSetting("momentum on top of RMSProp", "float", 0.0, 0, 1, high_open=True),
    "amsgrad": KnownSetting("keep the largest s", "boolean", False),
    "adam_bias_correction": KnownSetting(
        "divide Adam's averages by 1 − βᵗ, which are too small at first", "boolean", True
    ),
    "momentum_decay": KnownSetting(
        "ψ of Nadam's schedule of β₁ (Keras: 1; 1e6: none)", "float", 0.004, 0, 1e30
    ),
    "switch": KnownSetting(
        "how long Adam moves before SGD: below 1 a part of the run, from 1 on a number of epochs",
        "float",
        0.5,
        0,
        100_000,
        or_epochs=True,
    ),
    "sgd_learning_rate": KnownSetting(
        "initial rate of SGD after the switch; the schedule multiplies both",
        "float",
        0.1,
        0,
        1e30,
        low_open=True,
    ),
    "weight_decay": KnownSetting(
        "decoupled weight decay: θ ← (1 − η·decay)·θ before the step, weights only", "float", 0.0, 0, 1e30
    ),
    "l2": KnownSetting("L2 penalty added to the gradient, weights only", "float", 0.0, 0, 1e30),
    "batch_size": KnownSetting(
        'training examples per step; "all": the whole training set, with sgd gradient descent',
        "integer",
        32,
        1,
        1_000_000,
        word="all",
    ),
    "schedule": KnownSetting("learning-rate schedule", "choice", "constant", choices=SCHEDULES),
    "warmup": KnownSetting("part of the run with a linear warm-up", "float", 0.0, 0, 1, high_open=True),
    "warmup_start": KnownSetting("first factor of the warm-up", "float", 0.0, 0, 1),
    "power_length": KnownSetting(
        "s of the power schedule, as a part of the run", "float", 0.1, 0, 1e6, low_open=True
    ),
    "power_exponent": KnownSetting("c of the power schedule", "float", 1.0, 0, 100),
    "exponential_length": KnownSetting(
        "part of the run after which the rate has fallen to a tenth", "float", 0.5, 0, 1e6, low_open=True
    ),
    "piecewise_boundaries": KnownSetting(
        "parts of the run at which a new piece begins", "numbers", (0.5, 0.75), 0, 1
    ),
    "piecewise_factors": KnownSetting(
        "factor of each piece after the first", "numbers", (0.1, 0.01), 0, 1e30
    ),
    "performance_factor": KnownSetting(
        "λ: the rate is multiplied by it when validation loss stops falling",
        "float",
        0.5,
        0,
        1,
        low_open=True,
    ),
    "performance_patience": KnownSetting(
        "part of the run that validation loss may stall before the rate falls", "float", 0.1, 0, 1
    ),
    "performance_threshold": KnownSetting(
        "relative fall of validation loss that counts", "float", 1e-4, 0, 1
    ),
    "one_cycle_peak": KnownSetting(
        "part of the run at which the rate peaks", "float", 0.45, 0, 1, low_open=True
    ),
    "one_cycle_divisor": KnownSetting("peak rate over first rate", "float", 10.0, 1, 1e30),
    "one_cycle_final_divisor": KnownSetting("first rate over last rate", "float", 1000.0, 1, 1e30),
    "one_cycle_three_phases": KnownSetting(
        "up, down as long, then to the last rate (false: up, then down to the last rate)", "boolean", True
    ),
    "one_cycle_shape": KnownSetting("shape of each phase", "choice", "linear", choices=("linear", "cosine")),
    "one_cycle_moves_beta": KnownSetting(
        "move β against the rate, as PyTorch does unless told otherwise (ρ of rmsprop stays)",
        "boolean",
        False,
    ),
    "one_cycle_lowest_beta": KnownSetting(
        "β where the rate peaks, if one_cycle_moves_beta", "float", 0.85, 0, 1, high_open=True
    ),
    "cosine_floor": KnownSetting("last rate over first rate", "float", 0.0, 0, 1),
    "wsd_warmup": KnownSetting("part of the run in which wsd rises to the rate", "float", 0.05, 0, 1),
    "wsd_decay": KnownSetting("last part of the run, in which wsd falls to zero", "float", 0.2, 0, 1),
    "ramp_span": KnownSetting("last rate of a ramp over its first", "float", 1e8, 1, 1e30),
    "activation": KnownSetting("activation of the hidden layers", "choice", "relu", choices=ACTIVATIONS),
    "initialiser": KnownSetting("spread of the initial weights", "choice", "he", choices=INITIALISERS),
    "initial_scale": KnownSetting(
        "factor of the initial weights (the normal initialiser alone gives them 0.05)", "float", 1.0, 0, 1e30
    ),
    "batch_norm": KnownSetting("batch normalisation before each activation", "boolean", False),
    "pretrained": KnownSetting(
        "hidden layers: none: fresh; trained on the classes that data.classes leaves out, and then frozen "
        "or finetuned",
        "choice",
        "none",
        choices=("none", "frozen", "finetuned"),
    ),
    "depth": KnownSetting("number of hidden layers", "integer", 1, 0, 64),
    "width": KnownSetting("units in each hidden layer", "integer", 64, 1, 8192),
}

WORDS = {name: known.word for name, known in KNOWN_SETTINGS.items() if known.word}
NETWORK_SETTINGS = ("activation", "initialiser", "initial_scale", "batch_norm")  # keys of [network] too


def condition(name: str) -> dict[str, tuple[str, ...]]:
    """Optimizers or schedules that read a setting, by their own word; empty: it is active everywhere."""
    registries: dict[str, Mapping[str, type[Optimizer] | Schedule]] = {
        "optimizer": OPTIMIZERS,
        "schedule": SCHEDULES,
    }
    having = {
        kind: tuple(choice for choice, rule in registry.items() if name in rule.coefficients_used)
        for kind, registry in registries.items()
    }
    return {kind: choices for kind, choices in having.items() if choices}


def exception(name: str) -> dict[str, tuple[str, ...]]:
    """Optimizers that do not read a setting which all others read; empty: they all do, or few do.

    Who does not read the schedule reads no setting of a schedule either.
    """
    shared = "schedule" if "schedule" in condition(name) else name
    without = tuple(o for o, rule in OPTIMIZERS.items() if shared in SHARED and not rule.reads(shared))
    return {"optimizer": without} if without else {}


def default(name: str, optimizer: Value) -> Value | tuple[float, ...]:
    """Value of a setting that a definition leaves open, for this optimizer."""
    rule = OPTIMIZERS.get(str(optimizer), Optimizer)
    return rule.defaults.get(name, KNOWN_SETTINGS[name].default)


def part_of_run(value: float, epochs: int) -> float:
    """Part of a run that a setting with ``or_epochs`` means: from 1 on its value counts epochs."""
    return value if value < 1 else value / epochs


def complete(configuration: Mapping[str, Value]) -> dict[str, Value | tuple[float, ...]]:
    """Configuration with every setting the tool knows, defaults filled in.

    Settings that do not apply (β of plain SGD) get their default too: nothing reads them there.
    """
    optimizer = configuration.get("optimizer", KNOWN_SETTINGS["optimizer"].default)
    return {name: default(name, str(optimizer)) for name in KNOWN_SETTINGS} | dict(configuration)
