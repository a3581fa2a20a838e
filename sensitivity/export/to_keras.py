"""A configuration in Keras: what its template is filled with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sensitivity.export.factors import factors
from sensitivity.export.refusals import refuse, refuse_switch
from sensitivity.export.rules import rule, spoken
from sweeps.optimizers import OPTIMIZERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sensitivity.export.taken import Taken

Context = dict[str, Any]

_KERAS_LAYERS: Final = {
    "identity": None,
    "relu": "relu",
    "leaky_relu": "keras.layers.LeakyReLU(negative_slope=0.01)",
    "elu": "elu",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "gelu": "keras.layers.Activation(lambda z: keras.activations.gelu(z, approximate=False))",
}


def _keras_layers(sizes: list[int], c: Mapping[str, Any]) -> list[str]:
    layers, activation = list[str](), _KERAS_LAYERS[c["activation"]]
    named = activation is not None and "(" not in activation
    penalty = f", kernel_regularizer=keras.regularizers.L2({c['l2'] / 2!r})" if c["l2"] else ""
    for width in sizes[1:-1]:
        inside = f', activation="{activation}"' if named and not c["batch_norm"] else ""
        bias = ", use_bias=False" if c["batch_norm"] else ""
        layers.append(f"keras.layers.Dense({width}{inside}{bias}{penalty})")
        if c["batch_norm"]:
            layers.append("keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-5)")
        if activation and (c["batch_norm"] or not named):
            layers.append(f'keras.layers.Activation("{activation}")' if named else activation)
    return [*layers, f"keras.layers.Dense({sizes[-1]}{penalty})"]


def _keras_class(c: Mapping[str, Any]) -> str | None:
    """Keras' own optimizer where it follows our rule, without its rate; None where it does not."""
    still = c["schedule"] == "constant" and not c["warmup"]
    found = {
        "sgd": "SGD({})",
        "lion": f"Lion({{}}, beta_1={c['beta']!r}, beta_2={c['beta2']!r})",
    }
    if still:
        found |= {
            "momentum": f"SGD({{}}, momentum={c['beta']!r})",
            "nesterov": f"SGD({{}}, momentum={c['beta']!r}, nesterov=True)",
        }
    return found.get(c["optimizer"])


_KERAS_WHY: Final = {
    "momentum": "Keras' own has the rate inside of the velocity, so a falling rate acts late.",
    "nesterov": "Keras' own has the rate inside of the velocity, so a falling rate acts late.",
    "momentum_ema": "Keras has no such rule.",
    "adagrad": "Keras' own has ε inside of the root and starts from 0.1.",
    "rmsprop": "Keras' own has ε inside of the root.",
    "adam": "Keras' own adds ε before the bias correction.",
    "adamw": "Keras' own adds ε before the bias correction.",
    "adamax": "Keras' own adds ε after the maximum.",
    "nadam": "Keras' own warms β₁ up 250 times as fast.",
}


def to_keras(taken: Taken, context: Context) -> Context:
    """Layers, optimizer and schedule: Keras' own where they follow our rules."""
    c = taken.complete()
    refuse_switch(c, "keras")
    if c["batch_norm"]:
        raise refuse(
            "keras", "Keras' batch normalisation averages another variance, so its numbers would not be ours"
        )
    rate, lines = _keras_schedule(c)
    own = _keras_class(c)
    maker = "Rule({})" if own is None else f"keras.optimizers.{own}"
    make = [f"optimizer = {maker.format(rate)}"]
    if c["weight_decay"]:
        decay = f", weight_decay={c['weight_decay']!r})"
        make = [f"optimizer = {maker.format(rate)[:-1]}{decay}"]
        if own is None:
            make = [f"optimizer = Rule({rate}, weight_decay={c['weight_decay']!r})"]
        make.append('optimizer.exclude_from_weight_decay(var_names=["bias"])')
    summary = OPTIMIZERS[c["optimizer"]].summary
    return {
        "layers": _keras_layers(context["sizes"], c),
        "rule": None if own is not None else spoken(rule(c), "ops"),
        "why": f"{summary} {_KERAS_WHY.get(c['optimizer'], '')}",
        "plateau": c["schedule"] == "performance",
        "factors": lines,
        "table": bool(lines),
        "make": make,
    }


def _keras_schedule(c: Mapping[str, Any]) -> tuple[str, list[str]]:
    rate, of = c["learning_rate"], "keras.optimizers.schedules."
    if c["warmup"] and c["schedule"] == "performance":
        raise refuse("keras", "a warm-up under the performance schedule is not written for Keras")
    if not c["warmup"]:
        known = {
            "constant": repr(rate),
            "performance": repr(rate),
            "exponential": f"{of}ExponentialDecay({rate!r}, {c['exponential_length']!r} * steps, 0.1)",
            "linear": f"{of}PolynomialDecay({rate!r}, steps, 0.0)",
        }.get(c["schedule"])
        if known:
            return known, []
    return f"Table({rate!r} * factors)", factors(c)
