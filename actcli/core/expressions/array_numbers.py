"""Numbers of arrays, in double-double or scaled double-double: zeros, signs, and constants made arrays."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from actcli.core.arithmetic.double_double import DoubleDouble
from actcli.core.arithmetic.dual import Differential
from actcli.core.arithmetic.scaled_dd import ScaledDD

__all__ = ["broadcast", "is_exact_zero", "signs_and_undecided", "without_cache"]


def is_exact_zero(x: Any) -> Any:
    """Return where a number is known to be exactly 0."""
    if isinstance(x, int | Fraction):
        return x == 0
    if isinstance(x, DoubleDouble):
        return (x.hi == 0) & (x.error_bound() == 0)
    return (x.hi == 0) & (x.rem_lo == 0) & (x.rem_hi == 0)


def without_cache(x: Any) -> Any:
    """Return the number without intermediate results that another function has cached in it for its derivative."""
    if isinstance(x, Differential):
        return x.with_parts((without_cache(x.value), *x.parts[1:]), x.side)
    if isinstance(x, DoubleDouble):
        return DoubleDouble(x.hi, x.lo, x.rel_err, x.abs_err, x.sign, x.exact_float)
    return x


def broadcast(x: Any, shape: tuple[int, ...]) -> Any:
    """Return a constant as an array of this shape."""

    def field(value: Any) -> Any:
        return None if value is None else np.broadcast_to(value, shape).copy()

    if isinstance(x, int | Fraction):
        return x
    if isinstance(x, Differential):
        return x.with_parts([broadcast(part, shape) for part in x.parts], x.side)
    if isinstance(x, DoubleDouble):
        return DoubleDouble(field(x.hi), field(x.lo), x.rel_err, field(x.abs_err), x.sign, field(x.exact_float))
    return ScaledDD(field(x.hi), field(x.lo), field(x.exponent), field(x.rem_lo), field(x.rem_hi), x.denominator)


def signs_and_undecided(a: DoubleDouble, b: DoubleDouble) -> tuple[Any, Any]:
    """Return the signs of a - b, and where the error bounds do not decide them."""
    if a.exact_float is not None and b.exact_float is not None:
        return np.greater(a.exact_float, b.exact_float) * 1.0 - np.less(a.exact_float, b.exact_float), False
    difference = a - b
    value, error = difference.value, difference.error_bound()
    return np.sign(value), (np.abs(value) <= error) & (error > 0)
