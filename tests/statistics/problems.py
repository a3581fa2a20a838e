"""The ten test functions of ``known_answers.json`` as Python, with their spaces and true indices.

Truth and formulas come from the file; `PROBLEMS` has one entry per function, in the file's order.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sweeps.space import Choices, FloatRange, IntegerRange, Setting, Space, Variant

ANSWERS = json.loads((Path(__file__).parent / "known_answers.json").read_text(encoding="utf-8"))
CAP = 2.302585
NULL = "const_noise"


def ishigami(c):
    return math.sin(c["x1"]) + 7 * math.sin(c["x2"]) ** 2 + 0.1 * c["x3"] ** 4 * math.sin(c["x1"])


def sobol_g(c):
    weights = zip(("x1", "x2", "x3", "x4", "x5", "x6"), (0, 0.5, 3, 9, 99, 99), strict=True)
    return math.prod((abs(4 * c[name] - 2) + a) / (1 + a) for name, a in weights)


def additive(c):
    wave = 0.5 * math.sin(2 * math.pi * c["x3"])
    return 4 * (c["x1"] - 0.3) ** 2 + 1.5 * c["x2"] + wave + 0.2 * c["k"]


def product(c):
    return c["x1"] * c["x2"]


def opt_lr(c):
    best = {"sgd": -1, "momentum": -2, "adam": -3}[c["optimizer"]]
    return (math.log10(c["lr"]) - best) ** 2 + 0.1 * (c["batch_log2"] - 6) ** 2


def conditional(c):
    best = {"sgd": -1, "momentum": -2, "adam": -3}[c["optimizer"]]
    loss = 0.3 * (math.log10(c["lr"]) - best) ** 2
    factor = {"sgd": None, "momentum": 5, "adam": 2.5}[c["optimizer"]]
    loss += 1.5 if factor is None else factor * (c["beta"] - 0.9) ** 2
    return loss + {"const": 1.2, "cosine": 0.0}.get(c["schedule"], 10 * (c.get("gamma", 0.4) - 0.4) ** 2)


def diverged(c):
    """NaN beyond the edge."""
    rate = math.log10(c["lr"])
    if rate > {"sgd": -0.25, "momentum": -0.7, "adam": -1.3}[c["optimizer"]]:
        return math.nan
    best = {"sgd": -0.8, "momentum": -1.4, "adam": -2.2}[c["optimizer"]]
    return min(0.3 + 0.12 * (rate - best) ** 2 + 0.015 * (c["batch_log2"] - 6) ** 2, CAP)


def constant(_):
    return 1.0


def skewed_loss(c):
    best, slope = {"sgd": (-1, 0.25), "momentum": (-1.6, 0.125), "adam": (-2.8, 0.0625)}[c["optimizer"]]
    z = abs(math.log10(c["lr"]) - best - slope * (c["batch_log2"] - 6))
    return 0.05 + 0.3 * z**2 + 0.2 * math.exp(1.2 * (z - 1.2)) + 0.3 * (1 - c["wd"]) ** 2


FUNCTIONS = {
    "ishigami": ishigami,
    "sobol_g": sobol_g,
    "additive": additive,
    "product": product,
    "opt_lr": opt_lr,
    "conditional": conditional,
    "diverged": diverged,
    "noisy50": additive,
    "const_noise": constant,
    "skewed_loss": skewed_loss,
}
_WHEN = {
    ("conditional", "beta"): {"optimizer": ("momentum", "adam")},
    ("conditional", "gamma"): {"schedule": ("step",)},
}


@dataclass(frozen=True)
class Problem:
    """A test function with its space and true shares of Var(y), by setting."""

    name: str
    space: Space
    noise: float
    main: dict[str, float]
    total: dict[str, float]

    def draw(self, count, seed):
        """Trials of ``count`` independent draws from the prior."""
        rng = np.random.default_rng(seed)
        units = rng.random((count, len(self.space.names)))
        return self.tabulate([self.space.configuration(unit) for unit in units], rng)

    def tabulate(self, configurations, rng, replicate=None, phase="plan"):
        """Table of trials at given configurations; noise drawn anew for each, NaN capped."""
        values = np.array([FUNCTIONS[self.name](c) for c in configurations])
        values = np.nan_to_num(values, nan=CAP) + math.sqrt(self.noise) * rng.standard_normal(len(values))
        columns = {name: [c.get(name) for c in configurations] for name in self.space.names}
        number = range(len(values))
        replicate = np.zeros(len(values), dtype=int) if replicate is None else replicate
        table = {"number": number, "phase": phase, **columns, "replicate": replicate, "value": values}
        return pd.DataFrame(table)


def problem(name):
    """Problem from the file of known answers."""
    answer = ANSWERS[name]
    settings = [_setting(name, parameter) for parameter in answer["params"]]
    plain = answer["capped_or_plain"]
    return Problem(
        name,
        Space(settings),
        answer["noise_var"],
        answer.get("S1_of_var_y", plain["S1"]),
        answer.get("ST_of_var_y", plain["ST"]),
    )


def _setting(name, parameter):
    if parameter["kind"] == "cat":
        domain = Choices(tuple(parameter["choices"]))
    elif parameter["kind"] == "int":
        domain = IntegerRange(parameter["low"], parameter["high"])
    else:
        domain = FloatRange(parameter["low"], parameter["high"], log=parameter["log"])
    return Setting(parameter["name"], (Variant(domain, _WHEN.get((name, parameter["name"]), {})),))


PROBLEMS = {name: problem(name) for name in ANSWERS}
