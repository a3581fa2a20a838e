"""A space and trials to keep, the same in every process."""

from __future__ import annotations

from dataclasses import replace

from sweeps.space import Choices, FloatRange, IntegerRange, Setting, Space, Variant
from sweeps.study import open_study
from sweeps.trial import FinishedTrial, PlannedTrial

SPACE = Space(
    [
        Setting("optimizer", (Variant(Choices(("sgd", "adam"))),)),
        Setting("learning_rate", (Variant(FloatRange(1e-5, 1.0, log=True)),)),
        Setting("beta", (Variant(Choices((0.9, 0.95)), {"optimizer": ("adam",)}),)),
        Setting("batch_size", (Variant(IntegerRange(8, 512, log=True)),)),
    ]
)


def finished(number):
    """Trial whose every field is used somewhere, with numbers that only binary64 keeps."""
    adam = {
        "optimizer": "adam",
        "learning_rate": 0.1 / (number % 1000 + 1),
        "beta": 0.95,
        "batch_size": 8 + number % 500,
    }
    sgd = {"optimizer": "sgd", "learning_rate": 1 / 3, "batch_size": 512}
    state = {"tpe:relative": {"x": [1, None, 0.1 + 0.2]}} if number % 3 == 0 else {}
    planned = PlannedTrial(number, adam if number % 2 else sgd, number % 4, "plan", state)
    curves = {"training_loss": [5e-324, 1.7976931348623157e308, 1 / 3 + number]}
    trial = FinishedTrial(
        planned, "trained", number / 7, None, {"loss": 1 / 9}, {"loss": 0.1}, curves, 0.25, metric="loss"
    )
    if number % 5 == 4:
        lost = {"outcome": "failed", "value": float("nan"), "message": "killed 'here'; -- ü 🦉", "metric": ""}
        return replace(trial, **lost)
    return trial


def ours(url, name="digits"):
    return open_study(url, name, SPACE, "abc")
