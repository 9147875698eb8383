"""Interval arithmetic of the remainders of scaled double-doubles, rounded outward by a relative margin.

An interval is a pair of float64 arrays (low, high), in units of 2^exponent of the number that it belongs to. Rounding
errors are covered by widening each result by SLACK; underflow, which a relative margin cannot cover, by TINY.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from actcli.core.arithmetic.array_types import Bools, Floats, Integers

    Interval: TypeAlias = tuple[Floats, Floats]

__all__ = [
    "SLACK",
    "TINY",
    "add_intervals",
    "keep_nondegenerate",
    "multiply_intervals",
    "power_of_two",
    "product_remainder",
    "underflow_bounds",
]

SLACK = 2.0**-49
"""Margin for the rounding errors made while computing a bound, relative to the sum of its terms' sizes.

The longest computation of a bound, in `scaled_dd._multiply`, has eight roundings: four for the sum of the errors, one
for the product of the lo parts, three for adding the factors' remainders. Each is at most 2^-53 of the sum of the
sizes: in total 2^-50, half of SLACK."""

TINY = 2.0**-1000
"""Stands for a bound that may have underflowed. It is above every underflow error, at most 2^-1074 per operation, and
far below the 2^-106 of a number's digits."""

MAX_POWER = 1000
"""2^+-1000 are normal float64, and their products with numbers around 1 neither under- nor overflow."""


def power_of_two(exponent: Integers) -> Floats:
    """Return 2**exponent, with the exponent clipped to +-MAX_POWER."""
    return ((np.clip(exponent, -MAX_POWER, MAX_POWER) + 1023) << 52).view(np.float64)


def add_intervals(a: Interval, b: Interval) -> Interval:
    """Return an enclosure of the sum of two intervals."""
    low = (a[0] + b[0]) - SLACK * (np.abs(a[0]) + np.abs(b[0]))
    high = (a[1] + b[1]) + SLACK * (np.abs(a[1]) + np.abs(b[1]))
    return low, high


def multiply_intervals(a: Interval, b: Interval) -> Interval:
    """Return the least and the greatest product of the endpoints, rounded to nearest; the caller adds SLACK."""
    try:
        with np.errstate(under="raise", invalid="raise"):
            products = [x * y for x in a for y in b]
            return _least(products), _greatest(products)
    except FloatingPointError:
        return _multiply_at_limits(a, b)


def _multiply_at_limits(a: Interval, b: Interval) -> Interval:
    """Multiply intervals with endpoints whose products underflow, or are 0 times infinity.

    An endpoint 0 times an infinite one is 0: every product of numbers in between has the other endpoints as bounds. An
    endpoint that may have underflowed is moved outward, to 0 or to +-TINY.
    """
    signs = [np.sign(x) * np.sign(y) for x in a for y in b]
    products = [np.where(sign == 0, 0.0, x * y) for sign, (x, y) in zip(signs, product(a, b), strict=True)]
    low, high = _least(products), _greatest(products)
    low = np.where(np.abs(low) < TINY, np.where(_least(signs) < 0, -TINY, 0.0), low)
    high = np.where(np.abs(high) < TINY, np.where(_greatest(signs) > 0, TINY, 0.0), high)
    return low, high


def _least(arrays: Sequence[Floats]) -> Floats:
    """Return the elementwise minimum of four arrays."""
    return np.minimum(np.minimum(arrays[0], arrays[1]), np.minimum(arrays[2], arrays[3]))


def _greatest(arrays: Sequence[Floats]) -> Floats:
    """Return the elementwise maximum of four arrays."""
    return np.maximum(np.maximum(arrays[0], arrays[1]), np.maximum(arrays[2], arrays[3]))


def product_remainder(a_mid: Floats, r: Interval, b_mid: Floats, s: Interval) -> tuple[Floats | float, Floats | float]:
    """Return an enclosure of (a + r)(b + s) - a b, the part of a product's remainder that those of the factors cause.

    It is r (b + s) + a s, and also r b + (a + r) s. Both are evaluated and intersected, as either may keep a sign that
    the other loses.
    """
    if not (np.any(r[1] - r[0]) or np.any(s[1] - s[0])):
        return 0.0, 0.0
    first = add_intervals(multiply_intervals(r, (b_mid + s[0], b_mid + s[1])), multiply_intervals(s, (a_mid, a_mid)))
    second = add_intervals(multiply_intervals(r, (b_mid, b_mid)), multiply_intervals(s, (a_mid + r[0], a_mid + r[1])))
    low, high = np.maximum(first[0], second[0]), np.minimum(first[1], second[1])
    return keep_nondegenerate(low, high, (r[0] != r[1]) | (s[0] != s[1]))


def keep_nondegenerate(low: Floats, high: Floats, is_inexact: Bools) -> Interval:
    """Return the interval, with equal endpoints pushed apart by TINY where `is_inexact`.

    Endpoints that underflowed to one number would say that the remainder is exact. They are moved outward on the side
    where the interval can lie, so that a remainder keeps its sign.
    """
    collapsed = is_inexact & (low == high)
    if not np.any(collapsed):
        return low, high
    return np.where(collapsed & (low <= 0), low - TINY, low), np.where(collapsed & (high >= 0), high + TINY, high)


def underflow_bounds(a: Floats, b: Floats, product: Floats) -> tuple[Floats | float, Floats | float]:
    """Return an enclosure of the underflow error of product = fl(a * b): TINY on the side of the product's sign."""
    underflowed = (a != 0) & (b != 0) & (np.abs(product) < TINY)
    if not np.any(underflowed):
        return 0.0, 0.0
    sign = np.sign(a) * np.sign(b)
    return np.where(underflowed & (sign < 0), -TINY, 0.0), np.where(underflowed & (sign > 0), TINY, 0.0)
