"""The sum of the exponentials of a long vector, to 86 bits, in a few array operations an element.

    sum of e^((x_j - top) / tau) = e^((c - top) / tau) * sum over k of e^(-k h) * (sum of e^v_j in bin k)

The elements are sorted into bins of width w = h tau around multiples of w, with h at most 2^-11. v_j = (x_j - centre) /
tau is then at most 2^-12. e^v_j is written as a fixed-point number in three parts, which `np.bincount` adds exactly:

    1 + v + v^2/2 + v^3/6 + ... = 1 + i 2^-37 + j 2^-64 + a rest below 2^-65

The few thousand bins are then combined in integer arithmetic.
"""

from __future__ import annotations

import math
from fractions import Fraction
from operator import mul
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from actcli.core.arithmetic.ball_functions import BallArithmetic
from actcli.core.arithmetic.double_double import truncate26
from actcli.core.arithmetic.signals import Undecided

if TYPE_CHECKING:
    from actcli.number_formats import Floats

__all__ = ["ExponentialSum", "exponential_sum"]

_BLOCK_SIZE, _CHUNK_SIZE = 16384, 2**18
"""Elements whose parts are computed, and whose parts are added, at a time."""

_GRID, _FINE_GRID = 2.0**37, 2.0**64
"""Reciprocals of the units of the first two parts.

Each part has at most 2^28.4 units (see _REL_ERR), so that a sum of 2^24 of them is exact in a float64.
"""
_MAX_SIZE = 2**24

_REACH = 75
"""Terms below e^-75 of the largest are omitted: 2^24 of them are below 2^-84, 10^6 of them below 2^-88."""
_MAX_OMITTED = Fraction(1, 2**108)
"""Bound on one omitted term: e^-75 is below 2^-108.2."""

_TABLE_BITS = 120
_ROW = 512
"""e^(-k h) is the product of an entry of a table for k mod 512 and of one for k div 512."""

_REL_ERR = Fraction(1, 2**86)
"""Bound on the relative error of e^v.

v:       |low| is at most 3 * 2^-38; its last sum is rounded by 2^-89.4, what it adds by 2^-88.7    2^-88
v^3/6:   at most 2^-38.5; eight roundings of 2^-53 in it and in the terms after it                  2^-88.5
v^7:     omitted with the terms after it                                                            2^-96
middle:  at most 5 * 2^-38: low and two terms of 2^-38; its sums are rounded by 3, 4, 5 * 2^-91     2^-87.4
rest:    below 2^-65, up to 2^24 of them added in any order                                         2^-94
tables:  below 2^10 units of 2^-120 in each power, of which the largest is at least e^-h            2^-109

Together 2^-86.3. Verified by test_exponential_sum.py.
"""


class ExponentialSum(NamedTuple):
    """The sum e^shift * (mantissa +- error), with exact numbers; the factor may be far outside every number format."""

    shift: Fraction
    mantissa: Fraction
    error: Fraction


def exponential_sum(x: Floats, top: float, tau: Fraction) -> ExponentialSum:
    """Return the sum of e^((x - top) / tau) over a vector of finite numbers.

    Raise Undecided for a vector of more than 2^24 elements and for a tau beyond 2^+-500.
    """
    width = _power_of_two_below(tau / 2**11)
    if x.size > _MAX_SIZE:
        raise Undecided
    largest = float(x.max())
    with np.errstate(over="ignore"):
        near = x[x >= largest - _REACH * float(tau)]
    # Where float64 is that coarse, all near elements equal the largest, and the bins could not be counted.
    base = largest if math.ulp(largest) > _REACH * tau else 0.0
    centre = float(np.rint((largest - base) / width))
    sums = _bin_sums(near - base, width, centre, _high_and_rest(1 / tau))
    mantissa = _weighted_total(Fraction(width) / tau, *sums)
    error = mantissa * _REL_ERR + (x.size - near.size) * _MAX_OMITTED
    return ExponentialSum((Fraction(width * centre) + Fraction(base) - Fraction(top)) / tau, mantissa, error)


def _power_of_two_below(value: Fraction) -> float:
    """Return the largest power of two up to `value` as a float64; raise Undecided far from 1."""
    exponent = value.numerator.bit_length() - value.denominator.bit_length()
    if not -500 < exponent < 500:
        raise Undecided
    exponent -= Fraction(2) ** exponent > value
    return float(2.0**exponent)


def _high_and_rest(value: Fraction) -> tuple[float, float]:
    """Return a number as a float64 of 26 significant bits and the float64 nearest to the rest."""
    high = float(truncate26(np.array([float(value)]))[0])
    return high, float(value - Fraction(high))


def _bin_sums(x: Floats, width: float, centre: float, inverse: tuple[float, float]) -> list[Floats]:
    """Return for each bin the number of elements, and the sums of the three parts of e^v - 1."""
    size = int(centre - np.rint(x.min() / width)) + 1
    sums = [np.zeros(size + -size % _ROW) for _ in range(4)]
    for start in range(0, x.size, _CHUNK_SIZE):
        chunk = x[start : start + _CHUNK_SIZE]
        index = np.empty(chunk.size, dtype=np.intp)
        parts = np.empty((3, chunk.size))
        for place in range(0, chunk.size, _BLOCK_SIZE):
            block = slice(place, place + _BLOCK_SIZE)
            multiple = np.rint(chunk[block] / width)
            index[block] = centre - multiple
            # Exact: the multiple lies within half a width of the element.
            parts[:, block] = _expm1_parts(chunk[block] - multiple * width, *inverse)
        for total, part in zip(sums, (None, *parts), strict=True):
            binned = np.bincount(index, part)
            total[: binned.size] += binned
    return sums


def _expm1_parts(r: Floats, inverse: float, inverse_rest: float) -> tuple[Floats, Floats, Floats]:
    """Return e^v - 1 with v = r (inverse + inverse_rest), |v| up to 2^-12, in the three parts of the module."""
    if inverse == 1:
        v = r
        high = np.rint(v * _GRID) / _GRID
        low = v - high
    else:
        top = truncate26(r)
        product = top * inverse  # exact: 26 bits times 26 bits
        correction = (r - top) * inverse + r * inverse_rest
        high = np.rint(product * _GRID) / _GRID
        low = (product - high) + correction
        v = high + low
    square = high * high * 0.5  # exact: high has at most 26 bits
    coarse_square = np.rint(square * _GRID) / _GRID
    higher = v * v * v * (1 / 6 + v * (1 / 24 + v * (1 / 120 + v * (1 / 720))))
    coarse_higher = np.rint(higher * _GRID) / _GRID
    middle = (square - coarse_square) + ((higher - coarse_higher) + (low + low * (high + 0.5 * low)))
    fine = np.rint(middle * _FINE_GRID) / _FINE_GRID
    return high + (coarse_square + coarse_higher), fine, middle - fine


def _weighted_total(step: Fraction, count: Floats, coarse: Floats, fine: Floats, rest: Floats) -> Fraction:
    """Return the sum over k of e^(-k step) (count + coarse + fine + rest)[k]."""
    units = _geometric_series(step, _ROW)
    rows = _geometric_series(step * _ROW, count.size // _ROW)
    leading = ((count * _GRID).astype(np.int64) + (coarse * _GRID).astype(np.int64)).tolist()
    middle = (fine * _FINE_GRID).astype(np.int64).tolist()
    faint = rest.reshape(-1, _ROW) @ np.array([float(unit) for unit in units])
    total = 0
    for k in np.flatnonzero(count.reshape(-1, _ROW).any(axis=-1)).tolist():
        part = slice(k * _ROW, (k + 1) * _ROW)
        inner = (sum(map(mul, units, leading[part])) << 27) + sum(map(mul, units, middle[part]))
        total += rows[k] * (inner + int(faint[k] * _FINE_GRID))
    return Fraction(total, 2 ** (2 * _TABLE_BITS + 64))


def _geometric_series(step: Fraction, size: int) -> list[int]:
    """Return e^(-k step) for k = 0 ... size - 1 as multiples of 2^-_TABLE_BITS."""
    m = BallArithmetic(_TABLE_BITS // 3)
    ratio = int(Fraction(m.exp(m.number(-step)).mid) * 2**_TABLE_BITS)
    series = [1 << _TABLE_BITS]
    for _ in range(size - 1):
        series.append(series[-1] * ratio >> _TABLE_BITS)
    return series
