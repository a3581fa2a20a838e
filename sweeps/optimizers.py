"""The optimizers by name: a new one is a rule beside the others and a line here."""

from __future__ import annotations

from sweeps.adaptive import AdaGrad, Adam, AdaMax, AdamThenSGD, AdamW, Lion, Nadam, RMSProp
from sweeps.momentum import SGD, Momentum, MomentumEMA, Nesterov
from sweeps.optimizer import UpdateRule

__all__ = ["OPTIMIZERS", "UpdateRule"]

OPTIMIZERS: dict[str, type[UpdateRule]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "momentum_ema": MomentumEMA,
    "nesterov": Nesterov,
    "adagrad": AdaGrad,
    "rmsprop": RMSProp,
    "adam": Adam,
    "adamax": AdaMax,
    "nadam": Nadam,
    "adamw": AdamW,
    "adam_then_sgd": AdamThenSGD,
    "lion": Lion,
}
