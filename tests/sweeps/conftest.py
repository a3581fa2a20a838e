"""Recorded runs of PyTorch, optax and Keras, and how their rules are called here.

The folder is ``tests/reference``; the environment variable REFERENCE_FOLDER names another of its format.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TOLERANCE = 1e-10
SMALLEST_EPSILON = 1e-300  # ε must be above zero; this one changes no number


class Reference:
    """A folder of recorded runs: ``manifest.json`` and the arrays it names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._arrays = cache(lambda name: dict(np.load(folder / name)))

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What was recorded, and how."""
        return json.loads((self.folder / "manifest.json").read_text())

    def arrays(self, file: str) -> dict[str, np.ndarray]:
        """Arrays of a file by key."""
        return self._arrays(file)


REFERENCE = Reference(
    Path(os.environ.get("REFERENCE_FOLDER", Path(__file__).resolve().parent.parent / "reference"))
)


@dataclass(frozen=True)
class Translation:
    """A recorded rule in our words; with a ``reason``, the nearest we have and why it is not the same."""

    optimizer: str
    settings: Mapping[str, Any]
    lr_decay: float = 0.0  # of torch's Adagrad: here the power schedule
    reason: str | None = None


NAMES = {
    "sgd": "sgd",
    "momentum": "momentum",
    "ema": "momentum_ema",
    "nesterov": "nesterov",
    "adagrad": "adagrad",
    "rmsprop": "rmsprop",
    "adam": "adam",
    "amsgrad": "adam",
    "adamax": "adamax",
    "nadam": "nadam",
    "lion": "lion",
}
SETTINGS = {
    "beta": "beta",
    "rho": "beta",
    "beta1": "beta",
    "beta2": "beta2",
    "eps": "epsilon",
    "psi": "momentum_decay",
    "mom": "rmsprop_momentum",
    "centered": "centered",
    "init_acc": "initial_accumulator",
}
_INSIDE = "each gradient keeps the rate it arrived with; ours stands outside the velocity"


def _never(_hyper: Mapping[str, Any], _constant_rate: bool) -> bool:
    return False


def _at_a_constant_rate(hyper: Mapping[str, Any], constant_rate: bool) -> bool:
    return constant_rate or not hyper.get("beta", hyper.get("mom"))


# Rules of another convention: the reason, and when the numbers coincide all the same.
OTHER_RULES: dict[str, tuple[str, Callable[[Mapping[str, Any], bool], bool]]] = {
    "momentum.lr_inside": (_INSIDE, _at_a_constant_rate),
    "nesterov.lr_inside": (_INSIDE, _at_a_constant_rate),
    "rmsprop.eps_outside.lr_inside": (_INSIDE, _at_a_constant_rate),
    "rmsprop.eps_inside.lr_inside": ("ε inside the root: √(s + ε), ours is √s + ε", _never),
    "momentum.torch_dampening": (
        "the first gradient is not dampened, so this is no average",
        lambda hyper, _: not hyper.get("dampening"),
    ),
    "adam.eps_hat": ("ε added to the uncorrected √s (Kingma and Ba's ε̂), ours to √ŝ", _never),
    "amsgrad.keras": ("ε added to the uncorrected √s (Kingma and Ba's ε̂), ours to √ŝ", _never),
    "amsgrad.optax": ("the largest of the corrected s, ours of the uncorrected", _never),
    "adamax.eps_added": ("ε added to the maximum, ours inside it", _never),
}
# Coefficients that we do not have, by their name in the manifest.
OTHER_COEFFICIENTS = {
    "init_acc": "RMSProp's average starts at zero",
    "bias_correction": "RMSProp's averages are not bias-corrected",
    "eps_root": "there is no second ε inside Adam's root",
    "dampening": "there is no dampening",
}


def translate_rule(rule: str, hyper: Mapping[str, Any], *, constant_rate: bool = True) -> Translation:
    """A rule of the manifest and its coefficients in our words."""
    family, _, form = rule.partition(".")
    optimizer, rest = NAMES[family], {name: value for name, value in hyper.items() if value is not None}
    decay, mode = rest.pop("weight_decay", 0.0), rest.pop("wd_mode", None)
    settings: dict[str, Any] = {"weight_decay": 0.0, "l2": 0.0} | _form(family, form)
    if decay:
        settings[{"decoupled": "weight_decay", "l2": "l2"}[mode]] = decay
        optimizer = "adamw" if (optimizer, mode) == ("adam", "decoupled") else optimizer
    if form == "eps_inside" and optimizer == "adagrad":  # √(s₀ + Σg² + ε): ε joins s₀
        rest |= {"init_acc": rest.get("init_acc", 0.0) + rest["eps"], "eps": 0.0}
    lr_decay = rest.pop("lr_decay", 0.0)
    ours = {name: value for name, value in rest.items() if name in SETTINGS}
    if optimizer != "adagrad":
        ours.pop("init_acc", None)
    settings |= {SETTINGS[name]: value for name, value in ours.items()}
    if "epsilon" in settings:
        settings["epsilon"] = settings["epsilon"] or SMALLEST_EPSILON
    reason = _reason(rule, rest, {name for name in rest if name not in ours}, constant_rate)
    return Translation(optimizer, settings, lr_decay, reason)


def _form(family: str, form: str) -> dict[str, Any]:
    """Settings that the rule's name says."""
    if family == "ema":
        return {"bias_correction": form == "debiased"}
    if family == "amsgrad":
        return {"amsgrad": True}
    if (family, form) == ("nadam", "constant"):  # 0.96^(10⁶) = 0: no warming up of β₁
        return {"momentum_decay": 1e6}
    return {}


def _reason(rule: str, hyper: Mapping[str, Any], others: set[str], constant_rate: bool) -> str | None:
    """Why a recorded rule is none of ours; None if it is. ``others`` are coefficients that we do not have."""
    if rule in OTHER_RULES:
        reason, coincides = OTHER_RULES[rule]
        if not coincides(hyper, constant_rate):
            return reason
    active = [name for name in sorted(others) if hyper[name] and not rule.startswith("amsgrad")]
    return OTHER_COEFFICIENTS[active[0]] if active else None


def one_cycle_settings(params: Mapping[str, Any]) -> dict[str, Any]:
    """OneCycleLR of PyTorch in our words."""
    return {
        "schedule": "one_cycle",
        "learning_rate": params["max_lr"],
        "one_cycle_peak": params.get("pct_start", 0.3),
        "one_cycle_divisor": params.get("div_factor", 25.0),
        "one_cycle_final_divisor": params.get("final_div_factor", 1e4),
        "one_cycle_three_phases": bool(params.get("three_phase", False)),
        "one_cycle_shape": {"cos": "cosine", "linear": "linear"}[params.get("anneal_strategy", "cos")],
    }


def scaled_error(ours: np.ndarray, recorded: np.ndarray) -> float:
    """Largest |a − b| / (1 + |b|)."""
    assert ours.shape == recorded.shape
    return float(np.max(np.abs(ours - recorded) / (1 + np.abs(recorded)), initial=0.0))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test per recorded case.

    ``schedule_case`` is a function of the step, ``plateau_case`` depends on a loss.
    """
    manifest = REFERENCE.manifest
    kinds = {
        "optimizer_case": manifest["optimizers"],
        "schedule_case": [case for case in manifest["schedules"] if "metric" not in case["params"]],
        "plateau_case": [case for case in manifest["schedules"] if "metric" in case["params"]],
        "network_case": manifest["mlp"],
    }
    for name, cases in kinds.items():
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, cases, ids=[case["id"] for case in cases])


@pytest.fixture(scope="session")
def reference() -> Reference:
    """Recorded runs."""
    return REFERENCE


@pytest.fixture(scope="session", name="translate_rule")
def _translate_rule():
    return translate_rule


@pytest.fixture(scope="session", name="one_cycle_settings")
def _one_cycle_settings():
    return one_cycle_settings


@pytest.fixture(scope="session", name="scaled_error")
def _scaled_error():
    return scaled_error
