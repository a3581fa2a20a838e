"""The two functions that Python calls: an epoch of each member, and what networks say of examples.

A member's numbers are a function of its own arrays: BLAS multiplies matrices of one member, so nothing
depends on who else is in the population. Parameters (P,) hold weights, then bias or γ and shift, layer by
layer, as `sweeps.network.Architecture.blocks` says; running averages (2 H,) hold mean, then variance, layer
by layer. Both kernels are compiled once for each precision, for all rules, activations and shapes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sweeps.batch_norm import MOMENTUM
from sweeps.compiled.compiling import compiled, kernel
from sweeps.compiled.layers import (
    activate,
    add_bias,
    add_bias_relu,
    cross_entropy,
    derive,
    keep_average,
    normalise,
    normalise_back,
    normalise_by,
    squared_error,
    sum_rows,
)
from sweeps.compiled.rules import move

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

RELU, GELU = 1, 6
CHUNK = 128  # examples that are looked at in one go: their activations stay in the cache


@compiled
def block(count: int, like: Array, place: int) -> Array:
    """Array (count,) that begins a cache line, those of neighbouring places at other distances from a page.

    A loop over several arrays runs 2–3 times as fast so: no load crosses a line, and none waits for a store
    whose address ends alike.
    """
    raw = np.empty(count + 8192 // like.itemsize, like.dtype)
    skip = (4096 - int(raw.ctypes.data) % 4096 + 1088 * place % 4096) // like.itemsize
    return raw[skip : skip + count]


@compiled
def forward(
    p: Array, x: Array, widths: Array, kind: int, norm: bool, training: bool,
    rows: int, z: Array, a: Array, ready: Array, statistics: Array, running: Array,
) -> None:  # fmt: skip
    """Layers of a batch x (n, inputs), each in its part of the buffers, which have room for ``rows``."""
    n, below = len(x), x
    at, start, units = 0, 0, 0
    for layer in range(len(widths) - 1):
        inputs, width = widths[layer], widths[layer + 1]
        flat = z[at : at + n * width]
        out = flat.reshape(n, width)
        np.dot(below, p[start : start + inputs * width].reshape(inputs, width), out)
        start += inputs * width
        bias = p[start : start + width]
        if layer == len(widths) - 2:
            add_bias(out, bias)
            return
        result = a[at : at + n * width]
        if norm:
            start += width
            shift = p[start : start + width]
            kept = running[2 * units : 2 * (units + width)].reshape(2, width)
            if training:
                batch = statistics[3 * units : 3 * (units + width)].reshape(3, width)
                normalise(out, ready[at : at + n * width].reshape(n, width), batch, bias, shift)
                keep_average(kept, batch, n, p.dtype.type(MOMENTUM))
            else:
                normalise_by(out, kept, bias, shift)
            activate(kind, flat, result)
        elif kind == RELU:
            add_bias_relu(out, bias)
        else:
            add_bias(out, bias)
            activate(kind, flat, result)
        start += width
        units += width
        at += rows * width
        below = result.reshape(n, width)


@compiled
def backward(
    p: Array, g: Array, x: Array, widths: Array, kind: int, norm: bool, frozen: bool,
    rows: int, z: Array, a: Array, ready: Array, statistics: Array, delta: Array,
) -> None:  # fmt: skip
    """Gradients g (P,) from the derivative by the outputs, which stands in their place in z."""
    n, last = len(x), len(widths) - 2
    start, at, units = len(p), rows * widths[1 : last + 1].sum(), widths[1 : last + 1].sum()
    for layer in range(last, -1, -1):
        inputs, width = widths[layer], widths[layer + 1]
        d = (z if layer == last else delta)[at : at + n * width].reshape(n, width)
        start -= width
        if norm and layer < last:
            shift = g[start : start + width]
            start -= width
            batch = statistics[3 * units : 3 * (units + width)].reshape(3, width)
            normalised = ready[at : at + n * width].reshape(n, width)
            normalise_back(d, normalised, batch, p[start : start + width], g[start : start + width], shift)
        else:
            sum_rows(d, g[start : start + width])
        start -= inputs * width
        of_weights = g[start : start + inputs * width].reshape(inputs, width)
        if layer == 0:
            np.dot(x.T, d, of_weights)
            return
        at -= rows * inputs
        units -= inputs
        below = a[at : at + n * inputs]
        np.dot(below.reshape(n, inputs).T, d, of_weights)
        if frozen:
            return
        flat = delta[at : at + n * inputs]
        np.dot(d, p[start : start + inputs * width].reshape(inputs, width).T, flat.reshape(n, inputs))
        derive(kind, flat, below, z[at : at + n * inputs])


def _training(precision: str) -> Any:
    def train_epoch(
        parameters: Array, states: Any, running: Array, losses: Array,
        x: Array, y: Array, batch_size: int, widths: Array, kind: int, norm: bool, classes: bool,
        rule: int, options: int, table: Array, decayed: Array, held: Array,
    ) -> None:  # fmt: skip
        """Train members for an epoch, and write the losses (K, steps) before their steps.

        A member whose loss is not finite stops there; its other losses are NaN.

        Parameters
        ----------
        parameters
            (K, P); ``states`` are three arrays alike, of which a rule uses the first ones.
        running
            Running averages (K, 2 H) of batch normalisation.
        x, y
            Training examples in the order of the epoch.
        table
            Coefficients (K, steps, C), see `sweeps.compiled.rules`.
        held
            Parameters (K,) at the beginning that do not move: all of the hidden layers, or none.
        """
        rows, units, count = min(batch_size, len(x)), widths[1:-1].sum(), parameters.shape[1]
        p, g = block(count, parameters, 0), block(count, parameters, 1)
        own = (block(count, g, 2), block(count, g, 3), block(count, g, 4))
        mask = block(count, g, 5)
        mask[:] = decayed
        z, delta = block(rows * (units + widths[-1]), g, 6), block(rows * units, g, 7)
        a = block(rows * units, g, 8) if kind == GELU else z
        ready = block(rows * units if norm else 0, g, 9)
        statistics, out = block(3 * units, g, 10), rows * units
        for k in range(len(parameters)):
            first = held[k]
            p[:] = parameters[k]
            for state, kept in zip(own, states):
                state[:] = kept[k]
            moving = (own[0][first:], own[1][first:], own[2][first:])
            for step in range(losses.shape[1]):
                batch = x[step * batch_size : (step + 1) * batch_size]
                targets = y[step * batch_size : (step + 1) * batch_size]
                forward(p, batch, widths, kind, norm, True, rows, z, a, ready, statistics, running[k])
                flat = z[out : out + len(batch) * widths[-1]]
                outputs = flat.reshape(len(batch), widths[-1])
                if classes:
                    losses[k, step] = cross_entropy(outputs, flat, targets)
                else:
                    losses[k, step] = squared_error(outputs, flat, targets)
                if not np.isfinite(losses[k, step]):
                    losses[k, step + 1 :] = np.nan
                    break
                backward(p, g, batch, widths, kind, norm, first > 0, rows, z, a, ready, statistics, delta)
                move(rule, options, p[first:], g[first:], moving, mask[first:], table[k, step])
            parameters[k] = p
            for state, kept in zip(own, states):
                kept[k] = state

    return kernel(train_epoch, precision)


def _looking(precision: str) -> Any:
    def say(
        parameters: Array, running: Array, x: Array, said: Array, widths: Array, kind: int, norm: bool,
        training: bool,
    ) -> None:  # fmt: skip
        """Write the outputs (K, n, outputs) of networks for examples x, normalised by running averages.

        In ``training`` batch normalisation takes x as one batch, which the running averages then know.
        """
        rows, units = len(x) if training else min(CHUNK, len(x)), widths[1:-1].sum()
        p = block(parameters.shape[1], parameters, 0)
        z = block(rows * (units + widths[-1]), p, 1)
        a = block(rows * units, p, 2) if kind == GELU else z
        ready = block(rows * units if training else 0, p, 3)
        statistics = block(3 * units, p, 4)
        for k in range(len(parameters)):
            p[:] = parameters[k]
            for start in range(0, len(x), rows):
                part = x[start : start + rows]
                forward(p, part, widths, kind, norm, training, rows, z, a, ready, statistics, running[k])
                outputs = z[rows * units : rows * units + len(part) * widths[-1]]
                said[k, start : start + len(part)] = outputs.reshape(len(part), widths[-1])

    return kernel(say, precision)


# By precision.
TRAIN_EPOCH = {kind: _training(kind) for kind in ("float32", "float64")}
SAY = {kind: _looking(kind) for kind in ("float32", "float64")}
