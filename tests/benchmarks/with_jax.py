"""The work in JAX: the whole training of a member one function, ``vmap`` over the members, compiled once.

Minibatches are gathered once an epoch, for all members, and the steps and epochs are ``lax.scan``: nothing
returns to Python before the end.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")  # one core each

import jax
import numpy as np
import optax
from jax import lax
from jax import numpy as jnp

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from work import Work

    Layers = list[dict[str, jax.Array]]

EPSILON, AVERAGING = 1e-5, 0.1  # of batch normalisation, as PyTorch's and ours


def normalise(
    z: jax.Array, layer: dict[str, jax.Array], running: dict[str, jax.Array], training: bool
) -> tuple[jax.Array, dict[str, jax.Array]]:
    """Batch normalisation (Ioffe & Szegedy 2015) and what it remembers."""
    if training:
        mean, variance, rows = z.mean(0), z.var(0), z.shape[0]
        now = {"mean": mean, "variance": variance * rows / (rows - 1)}
        running = jax.tree.map(lambda old, new: old + AVERAGING * (new - old), running, now)
    else:
        mean, variance = running["mean"], running["variance"]
    return layer["gamma"] * (z - mean) * lax.rsqrt(variance + EPSILON) + layer["shift"], running


def forward(
    layers: Layers, running: list[dict[str, jax.Array]], x: jax.Array, training: bool
) -> tuple[jax.Array, list[dict[str, jax.Array]]]:
    """Logits of a batch and the running averages after it."""
    remembered = []
    for place, layer in enumerate(layers):
        x = x @ layer["weights"]
        if "gamma" in layer:
            x, now = normalise(x, layer, running[place], training)
            remembered.append(now)
        else:
            x = x + layer["bias"]
        if place < len(layers) - 1:
            x = jax.nn.relu(x)
    return x, remembered


def loss_of(
    layers: Layers, running: list[dict[str, jax.Array]], x: jax.Array, y: jax.Array
) -> tuple[jax.Array, list[dict[str, jax.Array]]]:
    """Mean cross-entropy of a minibatch, and the running averages after it."""
    logits, running = forward(layers, running, x, training=True)
    return optax.softmax_cross_entropy(logits, y).mean(), running


def rule_of(optimizer: str, rate: jax.Array) -> optax.GradientTransformation:
    """The work's update rule; the rate may differ from member to member."""
    return optax.adam(rate, b1=0.9, b2=0.999, eps=1e-8) if optimizer == "adam" else optax.sgd(rate, 0.9)


def member(work: Work) -> Callable[..., jax.Array]:
    """Training of one member: initial layers, running averages, rate and data in, curves (3, epochs) out."""
    size, rows = work.order.batch_size, len(work.split.x_train)
    full = rows // size * size

    def trained(layers: Layers, running: Any, rate: jax.Array, data: Any) -> jax.Array:
        x_train, y_train, x_validation, y_validation, permutations = data
        rule = rule_of(work.optimizer, rate)

        def step(carry: Any, batch: Any) -> tuple[Any, jax.Array]:
            layers, running, state = carry
            (loss, running), gradient = jax.value_and_grad(loss_of, has_aux=True)(layers, running, *batch)
            change, state = rule.update(gradient, state, layers)
            return (optax.apply_updates(layers, change), running, state), loss

        def epoch(carry: Any, permutation: jax.Array) -> tuple[Any, jax.Array]:
            parts = x_train[permutation], y_train[permutation]
            batches = [part[:full].reshape(-1, size, part.shape[1]) for part in parts]
            carry, losses = lax.scan(step, carry, batches)
            total = losses.sum() * size
            if full < rows:
                carry, last = step(carry, [part[full:] for part in parts])
                total += last * (rows - full)
            logits, _ = forward(carry[0], carry[1], x_validation, training=False)
            loss = optax.softmax_cross_entropy(logits, y_validation).mean()
            error = (logits.argmax(1) != y_validation.argmax(1)).mean()
            return carry, jnp.stack([total / rows, loss, error])

        _, curves = lax.scan(epoch, (layers, running, rule.init(layers)), permutations)
        return curves.T

    return trained


def compiled(work: Work) -> Callable[[], NDArray[Any]]:
    """Ready to train; compiles when it is called for the first time."""
    layers: Layers = [
        {name: jnp.asarray(block.squeeze(0) if name != "weights" else block) for name, block in layer.items()}
        for layer in work.layers
    ]
    running = [
        {"mean": jnp.zeros(width), "variance": jnp.ones(width)}
        for width in work.architecture.hidden
        if work.architecture.batch_norm
    ]
    split = work.split
    data = [
        split.x_train,
        split.y_train,
        split.x_validation,
        split.y_validation,
        work.order.permutations.astype(np.int32),
    ]
    given = [jnp.asarray(array) for array in data]
    rates = jnp.asarray(work.rates, jnp.float32)
    every = jax.jit(jax.vmap(member(work), in_axes=(None, None, 0, None)))
    return lambda: np.asarray(every(layers, running, rates, given))[:, 0]
