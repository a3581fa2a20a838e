"""What stands between the matrix products of one member: activations, batch normalisation, losses.

The twins of `sweeps.activations`, `sweeps.batch_norm` and `sweeps.losses`. Blocks of a layer are flat or
(rows, width), so that loops run along memory.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sweeps.activations import _DENSITY_AT_ZERO, LEAK
from sweeps.batch_norm import EPSILON
from sweeps.compiled.compiling import compiled
from sweeps.compiled.elementary import exp_of_negative, expm1, tanh

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

# Activations that have a twin. The first five know their derivative from their result.
TWINS: Final = {"identity": 0, "relu": 1, "leaky_relu": 2, "elu": 3, "tanh": 4, "sigmoid": 5, "gelu": 6}


@compiled
def add_bias(z: Array, bias: Array) -> None:
    """Z (rows, width) + bias (width,)."""
    for i in range(z.shape[0]):
        row = z[i]
        for j in range(len(bias)):
            row[j] += bias[j]


@compiled
def add_bias_relu(z: Array, bias: Array) -> None:
    """max(z + bias, 0), NaN where z is."""
    zero = z.dtype.type(0)
    for i in range(z.shape[0]):
        row = z[i]
        for j in range(len(bias)):
            value = row[j] + bias[j]
            row[j] = zero if value < zero else value


@compiled
def activate(kind: int, z: Array, a: Array) -> None:  # noqa: C901 (an activation each)
    """Write the activation of z (n,) to a (n,), which may be z."""
    number = z.dtype.type
    zero, one, half, leak = number(0), number(1), number(0.5), number(LEAK)
    if kind == 1:
        for i in range(len(z)):
            a[i] = zero if z[i] < zero else z[i]
    elif kind == 2:
        for i in range(len(z)):
            a[i] = leak * z[i] if z[i] < zero else z[i]
    elif kind == 3:
        for i in range(len(z)):
            below = expm1(zero if z[i] > zero else z[i])
            a[i] = z[i] if z[i] > zero else below
    elif kind == 4:
        for i in range(len(z)):
            a[i] = tanh(z[i])
    elif kind == 5:
        for i in range(len(z)):
            a[i] = (tanh(z[i] * half) + one) * half
    elif kind == 6:
        for i in range(len(z)):
            a[i] = z[i] * half * number(math.erfc(-z[i] * number(math.sqrt(0.5))))


@compiled
def derive(kind: int, delta: Array, a: Array, z: Array) -> None:  # noqa: C901 (an activation each)
    """Multiply delta (n,) by the derivative, given the result a, and z where that is kept."""
    number = a.dtype.type
    zero, one, half, leak = number(0), number(1), number(0.5), number(LEAK)
    if kind == 1:
        for i in range(len(a)):
            delta[i] *= one if a[i] > zero else zero
    elif kind == 2:
        for i in range(len(a)):
            delta[i] *= one if a[i] > zero else leak
    elif kind == 3:
        for i in range(len(a)):
            delta[i] *= one if a[i] > zero else a[i] + one
    elif kind == 4:
        for i in range(len(a)):
            delta[i] *= one - a[i] * a[i]
    elif kind == 5:
        for i in range(len(a)):
            delta[i] *= a[i] * (one - a[i])
    elif kind == 6:
        for i in range(len(a)):
            density = exp_of_negative(z[i] * z[i] * -half) * number(_DENSITY_AT_ZERO)
            delta[i] *= half * number(math.erfc(-z[i] * number(math.sqrt(0.5)))) + z[i] * density


@compiled
def normalise(z: Array, ready: Array, statistics: Array, gamma: Array, shift: Array) -> None:
    """Replace z (rows, width) by γ ẑ + shift and leave ẑ in ready; statistics (3, width): mean, σ², 1/σ."""
    rows, number = z.shape[0], z.dtype.type
    mean, variance, inverse = statistics[0], statistics[1], statistics[2]
    count, epsilon = number(rows), number(EPSILON)
    mean[:] = number(0)
    variance[:] = number(0)
    for i in range(rows):
        row = z[i]
        for j in range(len(mean)):
            mean[j] += row[j]
    for j in range(len(mean)):
        mean[j] /= count
    for i in range(rows):
        row, own = z[i], ready[i]
        for j in range(len(mean)):
            own[j] = row[j] - mean[j]
            variance[j] += own[j] * own[j]
    for j in range(len(mean)):
        variance[j] /= count
        inverse[j] = number(1) / math.sqrt(variance[j] + epsilon)
    for i in range(rows):
        row, own = z[i], ready[i]
        for j in range(len(mean)):
            own[j] *= inverse[j]
            row[j] = own[j] * gamma[j] + shift[j]


@compiled
def keep_average(running: Array, statistics: Array, rows: int, weight: Any) -> None:
    """Take the batch into the running mean and variance (2, width); one example has no variance."""
    mean, variance = running[0], running[1]
    for j in range(len(mean)):
        mean[j] += weight * (statistics[0, j] - mean[j])
    if rows > 1:
        unbiased = mean.dtype.type(rows / (rows - 1))
        for j in range(len(mean)):
            variance[j] += weight * (statistics[1, j] * unbiased - variance[j])


@compiled
def normalise_by(z: Array, running: Array, gamma: Array, shift: Array) -> None:
    """Replace z (rows, width) by γ ẑ + shift with the running mean and variance (2, width)."""
    number = z.dtype.type
    factor = np.empty_like(gamma)
    for j in range(len(gamma)):
        factor[j] = gamma[j] / math.sqrt(running[1, j] + number(EPSILON))
    for i in range(z.shape[0]):
        row = z[i]
        for j in range(len(gamma)):
            row[j] = (row[j] - running[0, j]) * factor[j] + shift[j]


@compiled
def normalise_back(
    delta: Array, ready: Array, statistics: Array, gamma: Array, of_gamma: Array, of_shift: Array
) -> None:
    """Derivative by z from that by the result; writes the gradients of γ and of the shift.

    dz = γ/σ · (d − mean(d) − ẑ · mean(d ẑ)) over the batch (Ioffe & Szegedy 2015, section 3). Of the
    statistics (3, width) the last, 1/σ, is read; the others give their place to both means.
    """
    rows, number = delta.shape[0], delta.dtype.type
    mean, of_ready, factor = statistics[0], statistics[1], statistics[2]
    of_gamma[:] = number(0)
    of_shift[:] = number(0)
    for i in range(rows):
        d, own = delta[i], ready[i]
        for j in range(len(gamma)):
            of_shift[j] += d[j]
            of_gamma[j] += d[j] * own[j]
    for j in range(len(gamma)):
        mean[j] = of_shift[j] / number(rows)
        of_ready[j] = of_gamma[j] / number(rows)
        factor[j] *= gamma[j]
    for i in range(rows):
        d, own = delta[i], ready[i]
        for j in range(len(gamma)):
            d[j] = (d[j] - mean[j] - own[j] * of_ready[j]) * factor[j]


@compiled
def sum_rows(delta: Array, of_bias: Array) -> None:
    """Sum of delta (rows, width) over its rows."""
    of_bias[:] = delta.dtype.type(0)
    for i in range(delta.shape[0]):
        d = delta[i]
        for j in range(len(of_bias)):
            of_bias[j] += d[j]


@compiled
def cross_entropy(z: Array, flat: Array, targets: Array) -> float:
    """Softmax cross-entropy of logits (rows, classes), also given flat; replaces them by the derivative."""
    rows, classes = z.shape
    number, total = z.dtype.type, 0.0
    share = number(1 / rows)
    for i in range(rows):
        row, target = z[i], targets[i]
        largest, right = row[0], number(0)
        for j in range(1, classes):
            largest = row[j] if row[j] > largest else largest
        for j in range(classes):
            row[j] -= largest
            if target[j] != number(0):  # else −∞ · 0 would be NaN
                right += row[j] * target[j]
        total -= right
    for i in range(len(flat)):
        flat[i] = exp_of_negative(flat[i])
    for i in range(rows):
        row, target = z[i], targets[i]
        whole = row[0]
        for j in range(1, classes):
            whole += row[j]
        total += math.log(whole)
        part = share / whole
        for j in range(classes):
            row[j] = row[j] * part - target[j] * share
    return float(float(number(total)) / rows)  # beyond the precision it is infinite, as NumPy's sum is


@compiled
def squared_error(z: Array, flat: Array, targets: Array) -> float:
    """Mean of the squared error of outputs (rows, outputs), also flat; replaces them by the derivative."""
    total, factor = 0.0, z.dtype.type(2 / len(flat))
    for i in range(z.shape[0]):
        row, target = z[i], targets[i]
        for j in range(z.shape[1]):
            difference = row[j] - target[j]
            total += difference * difference
            row[j] = difference * factor
    return total / len(flat)
