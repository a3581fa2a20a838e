"""The optimizers by name: a new one is a rule beside the others and a line here."""

from __future__ import annotations

from sweeps.adaptive import AdaGrad, Adam, AdaMax, AdamThenSGD, AdamW, Lion, Nadam, RMSProp
from sweeps.direct_search import RandomLocalSearch, RandomSearch
from sweeps.momentum import SGD, Momentum, MomentumEMA, Nesterov
from sweeps.optimizer import Optimizer, UpdateRule

__all__ = ["OPTIMIZERS", "UpdateRule"]

OPTIMIZERS: dict[str, type[Optimizer]] = {
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
    "random_search": RandomSearch,
    "random_local_search": RandomLocalSearch,
}
