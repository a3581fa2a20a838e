"""Exponentials that a loop computes for several elements at once, which calls of the C library prevent.

eˣ = 2ⁿ eʳ with n = round(x / ln 2), so |r| ≤ ln 2 / 2, and eʳ by its Taylor series up to r⁷/7! in single and
r¹³/13! in double precision: what is left out is below half a unit in the last place.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload

from sweeps.compiled.compiling import inlined

# Added and taken away again, it rounds to whole numbers, which then stand in the last bits.
_ROUND32, _ROUND64 = np.float32(1.5 * 2**23), 1.5 * 2**52
_ROUND32_BITS = np.int32(_ROUND32.view(np.int32))
_ROUND64_BITS = np.int64(np.float64(_ROUND64).view(np.int64))
_PER_LN2 = 1 / math.log(2)
# ln 2 in two parts, the first of few bits so that n times it is exact.
_LN2_HIGH32, _LN2_HIGH64 = np.float32(0.693359375), 6.93145751953125e-1
_LN2_LOW32, _LN2_LOW64 = np.float32(-2.12194440e-4), 1.42860682030941723212e-6
_LOWEST32, _LOWEST64 = np.float32(-87.0), -708.0  # e to it is the smallest normal number, nearly


@intrinsic
def _bits(_context: Any, value: Any) -> Any:
    """Bits of a float, as an integer of its size."""
    whole = types.int32 if value == types.float32 else types.int64

    def generate(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(whole.bitwidth))

    return whole(value), generate


@intrinsic
def _float(_context: Any, value: Any) -> Any:
    """Float of the bits of an integer of its size."""
    real = types.float32 if value == types.int32 else types.float64

    def generate(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        kind = ir.FloatType() if real == types.float32 else ir.DoubleType()
        return builder.bitcast(arguments[0], kind)

    return real(value), generate


def _parts(x: Any) -> Any:
    """2ⁿ, eʳ − 1, and the x below which eˣ is taken for zero."""
    raise NotImplementedError(x)


@overload(_parts, jit_options={"forceinline": True, "error_model": "numpy"})
def _parts_of(x: Any) -> Any:
    return _parts32 if x == types.float32 else _parts64


def _parts32(x: Any) -> Any:
    shifted = (x if x > _LOWEST32 else _LOWEST32) * np.float32(_PER_LN2) + _ROUND32
    n = shifted - _ROUND32
    r = (x - n * _LN2_HIGH32) - n * _LN2_LOW32
    series = np.float32(1 / 5040)
    series = series * r + np.float32(1 / 720)
    series = series * r + np.float32(1 / 120)
    series = series * r + np.float32(1 / 24)
    series = series * r + np.float32(1 / 6)
    series = series * r + np.float32(0.5)
    power = _float(np.int32((_bits(shifted) - _ROUND32_BITS + np.int32(127)) << np.int32(23)))
    return power, r + r * r * series, _LOWEST32


def _parts64(x: Any) -> Any:
    shifted = (x if x > _LOWEST64 else _LOWEST64) * _PER_LN2 + _ROUND64
    n = shifted - _ROUND64
    r = (x - n * _LN2_HIGH64) - n * _LN2_LOW64
    series = 1 / 6227020800
    series = series * r + 1 / 479001600
    series = series * r + 1 / 39916800
    series = series * r + 1 / 3628800
    series = series * r + 1 / 362880
    series = series * r + 1 / 40320
    series = series * r + 1 / 5040
    series = series * r + 1 / 720
    series = series * r + 1 / 120
    series = series * r + 1 / 24
    series = series * r + 1 / 6
    series = series * r + 0.5
    power = _float((_bits(shifted) - _ROUND64_BITS + np.int64(1023)) << np.int64(52))
    return power, r + r * r * series, _LOWEST64


@inlined
def exp_of_negative(x: Any) -> Any:
    """Eˣ for x ≤ 0: zero where it is no normal number, NaN where x is."""
    power, rest, lowest = _parts(x)
    return type(x)(0) if x < lowest else power + power * rest


@inlined
def expm1(x: Any) -> Any:
    """Eˣ − 1 for x ≤ 40, without loss of digits near 0; NaN where x is."""
    power, rest, lowest = _parts(x)
    one = type(x)(1)
    return -one if x < lowest else power * rest + (power - one)


@inlined
def tanh(x: Any) -> Any:
    """Tanh x = (e²ˣ − 1) / (e²ˣ + 1); 1 to the last bit from 20 on."""
    e = expm1(type(x)(40) if x > type(x)(20) else x + x)
    return e / (e + type(x)(2))
