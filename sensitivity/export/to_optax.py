"""A configuration in JAX and optax: what its template is filled with."""

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

_JAX: Final = {
    "identity": "{}",
    "relu": "jax.nn.relu({})",
    "leaky_relu": "jax.nn.leaky_relu({}, 0.01)",
    "elu": "jax.nn.elu({})",
    "tanh": "jnp.tanh({})",
    "sigmoid": "jax.nn.sigmoid({})",
    "gelu": "jax.nn.gelu({}, approximate=False)",
}


def _optax_class(c: Mapping[str, Any]) -> list[str] | None:
    """Transformations of optax that follow our rule, None where it has none."""
    beta, two, epsilon = c["beta"], c["beta2"], c["epsilon"]
    rms = "scale_by_stddev" if c["centered"] else "scale_by_rms"
    momentum = [f"optax.trace({c['rmsprop_momentum']!r})"] if c["rmsprop_momentum"] else []
    adam = None
    if c["adam_bias_correction"] and not c["amsgrad"]:
        adam = [f"optax.scale_by_adam({beta!r}, {two!r}, {epsilon!r})"]
    return {
        "sgd": [],
        "momentum": [f"optax.trace({beta!r})"],
        "momentum_ema": [f"optax.ema({beta!r}, debias={c['bias_correction']})"],
        "nesterov": [f"optax.trace({beta!r}, nesterov=True)"],
        "rmsprop": None
        if c["centered"]
        else [f"optax.{rms}({beta!r}, {epsilon!r}, eps_in_sqrt=False)", *momentum],
        "adam": adam,
        "adamw": adam,
        "adamax": [f"optax.scale_by_adamax({beta!r}, {two!r}, {epsilon!r})"],
        "lion": [f"optax.scale_by_lion({beta!r}, {two!r})"],
    }.get(c["optimizer"])


def to_optax(taken: Taken, _: Context) -> Context:
    """A chain of optax' transformations, of our own rule where optax has another form."""
    c = taken.complete()
    if c["batch_norm"]:
        raise refuse("optax", "batch normalisation is a layer, and optax has none")
    refuse_switch(c, "optax")
    own = _optax_class(c)
    chain = [f"optax.add_decayed_weights({c['l2']!r}, decayed)"] if c["l2"] else []
    chain += ["rule()"] if own is None else own
    chain += [f"optax.add_decayed_weights({c['weight_decay']!r}, decayed)"] if c["weight_decay"] else []
    schedule, lines = _optax_schedule(c)
    chain.append(f"optax.scale_by_learning_rate({schedule})")
    body = [f"    {one}," for one in chain]
    summary = OPTIMIZERS[c["optimizer"]].summary
    return {
        "activation": _JAX[c["activation"]].format('x @ layer["w"] + layer["b"]'),
        "rule": None if own is not None else spoken(rule(c), "jnp"),
        "why": f"{summary} optax has another form of it.",
        "decays": bool(c["l2"] or c["weight_decay"]),
        "plateau": c["schedule"] == "performance",
        "factors": lines,
        "make": ["optimizer = optax.chain(", *body, ")"],
    }


def _optax_schedule(c: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Rate or schedule, and the lines of ``factors`` that it needs."""
    rate, warm = c["learning_rate"], c["warmup"] > 0
    if not warm:
        known = {
            "constant": repr(rate),
            "performance": repr(rate),
            "exponential": f"optax.exponential_decay({rate!r}, {c['exponential_length']!r} * steps, 0.1)",
            "cosine": f"optax.cosine_decay_schedule({rate!r}, steps, {c['cosine_floor']!r})",
        }.get(c["schedule"])  # optax.linear_schedule computes in single precision
        if known:
            return known, []
    return f"lambda step: {rate!r} * jnp.asarray(factors)[step]", factors(c)
