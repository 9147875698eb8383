"""Functions of scaled double-doubles in the range of double-doubles, by the double-double arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.arithmetic.dd_functions import DOUBLE_DOUBLE
from actcli.core.arithmetic.double_double import DoubleDouble, truncate26
from actcli.core.arithmetic.remainder_intervals import TINY, power_of_two
from actcli.core.arithmetic.scaled_dd import ScaledDD
from actcli.core.arithmetic.scaled_dd_fields import normalize
from actcli.core.arithmetic.signals import Undecided
from actcli.error_free import two_sum

if TYPE_CHECKING:
    Function = Callable[[ScaledDD], ScaledDD]

__all__ = ["via_double_double"]

ERR_CONVERSION = 2.0**-77
"""Bound on the relative error of a ScaledDD as a DoubleDouble: lo, below 2^-24 |hi|, is rounded to a float64."""


def via_double_double(name: str) -> Function:
    """Return the function called `name` of the double-double arithmetic, for ScaledDD in its range."""
    function: Callable[[DoubleDouble], DoubleDouble] = getattr(DOUBLE_DOUBLE, name)
    return lambda x: _apply(function, x)


def _apply(function: Callable[[DoubleDouble], DoubleDouble], x: ScaledDD) -> ScaledDD:
    """Return function(x), whose error bound becomes the remainder; raise Undecided if x is out of range."""
    x = x.divide_out()
    value = x.value
    if not np.all(np.isfinite(value)):
        raise Undecided
    # No function takes an argument above 2^100, and only the Mills ratio one below 2^-1000, which changes it by less.
    scale = power_of_two(x.exponent)
    rest = x.lo * scale + (x.hi * scale - value)
    spread = np.maximum(np.abs(x.rem_lo), np.abs(x.rem_hi)) * scale
    if np.all((rest == 0) & (spread == 0)):
        number = DoubleDouble.from_float(value)
    else:
        hi = truncate26(value)
        number = DoubleDouble(hi, (value - hi) + rest, ERR_CONVERSION, spread)
    result = function(number)
    # NumPy's warnings are off here, so that the error bound may have underflowed.
    error = result.error_bound() + TINY
    high, low = two_sum(result.hi + np.zeros_like(value), result.lo)
    zero = np.zeros_like(value)
    return ScaledDD(*normalize(high, low, zero.astype(np.int64), zero - error, zero + error))
