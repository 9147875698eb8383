"""Logarithms and roots of double-doubles: log, log1p, softplus, logcosh, sqrt.

The logarithm is table-driven (Tang, "Table-driven implementation of the logarithm function in IEEE floating-point
arithmetic", ACM TOMS 16, 1990, doi:10.1145/98267.98294). For a significand m in a cell of width 1/512 the table has a
number c of at most 12 bits near 1/m, and -log c. Then log m = -log c + log(1 + r) with r = c m - 1, which is exact
and at most 0.62/512 = 2^-9.7, and log(1 + r) is a polynomial of degree 7.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, cast

import numpy as np

from actcli.core.arithmetic.dd_exponential import ExponentialFunctions
from actcli.core.arithmetic.dd_maclaurin import SERIES_LIMIT, maclaurin
from actcli.core.arithmetic.double_double import ERR_OP, DoubleDouble, truncate26
from actcli.core.arithmetic.piecewise import piecewise
from actcli.core.arithmetic.signals import Undecided
from actcli.core.arithmetic.tables import table

if TYPE_CHECKING:
    from collections.abc import Callable

    from actcli.core.arithmetic.array_types import Floats

__all__ = ["LogarithmicFunctions"]

_CELLS = 512
_SQRT_2_CELL = 212
"""The first cell above sqrt 2 (1 + 212/512 = 1.4141). From it on the table has -log 2c, and the exponent is one more:
|log m| is then at most 0.35, so that it cancels at most one bit of a multiple of log 2."""

# ln 2 as a sum of two float64: 42 bits, so that an exponent of up to 11 bits times it is exact, and 53 more.
_LN2_HI = float.fromhex("0x1.62e42fefa38p-1")
_LN2_LO = float.fromhex("0x1.ef35793c76730p-45")
ERR_LN2 = 2.0**-90
"""Bound on the relative error of k ln 2: the two parts are wrong by 2^-102, their second product by 2^-97 k."""

ERR_LOG = 2.0**-70
"""Bound on the relative error of log(m) = -log c + log(1 + r). It is largest next to 1, in the cell from 1 + 0.5/512 to
1 + 1.5/512, where log m is as small as 2^-10. In units of 2^-70:

polynomial  r^8 / 8 is truncated, 2^-72.98                                                                 0.13
rounding    of the terms r^3/3 - ..., 2^-71.77                                                             0.29
            of the last three sums, 2^-73.4                                                                0.09
table       -log c is tabulated to 2^-79.0                                                                 0.01

The sum is 0.52. r and r^2/2 are exact, up to terms with r.lo. `test_functions_keep_their_bounds` verifies it."""

MAX_LOG_ERROR = 2.0**-6
"""Largest relative error of the argument of a logarithm for which its effect is bounded; above it the bound is inf."""


class LogarithmicFunctions(ExponentialFunctions):
    """Logarithms, functions with a logarithm in them, and the square root."""

    def log1p(self, x: DoubleDouble) -> DoubleDouble:
        """Return log(1 + x) for x > -1, with full relative accuracy at 0."""
        value = x.value
        if value.min(initial=0.0) >= -0.5 and value.max(initial=0.0) <= 1.0:
            return self._log1p(x)
        in_table = (value >= -0.5) & (value <= 1.0)
        return piecewise(x, ((in_table, self._log1p), lambda x: self.log(1 + x)))

    def _log1p(self, x: DoubleDouble) -> DoubleDouble:
        """Return log(1 + x) for -1/2 <= x <= 1."""
        value = x.value
        # The derivative 1 / (1 + x) is at most 2.03 where x, true or not, is above -1/2 - MAX_LOG_ERROR / 2.1.
        abs_err = None if x.abs_err is None else _if_small(2.1 * x.abs_err)
        cs, table_hi, table_lo = table("log1p")
        # For x < 0 the cells of 2 (1 + x) apply, with twice their c; they follow the cells of 1 + x in the table.
        if x.sign > 0:
            index = np.rint(value * _CELLS).astype(np.int64)
        else:
            negative = value < 0.0
            index = np.rint((value * (1.0 + negative) + negative) * _CELLS).astype(np.int64) + negative * (_CELLS + 1)
        c = cs.take(index)
        # r = c (1 + x) - 1 = (c - 1) + c x. c x.hi has at most 26 + 12 bits and c - 1 at most 12: their sum is exact.
        r_hi, r_lo = _truncated_sum(c - 1.0, c * x.hi, 0.0)
        # The condition number x / ((1 + x) log(1 + x)) is at most 1.45, at -1/2.
        rel_err = ERR_LOG + 2 * x.rel_err
        return _log_near_one(r_hi, r_lo + c * x.lo, table_hi.take(index), table_lo.take(index), rel_err, abs_err)

    def log(self, x: DoubleDouble) -> DoubleDouble:
        """Return the natural logarithm of a positive x."""
        return _log(x) if np.ndim(x.hi) else _of_constant(_log, x)

    def softplus(self, x: DoubleDouble) -> DoubleDouble:
        """Return log(1 + e^x) = max(x, 0) + log1p(e^-|x|)."""
        power = self.exp(-abs(x))
        x.cache = (power,)
        is_positive = 0.5 + np.copysign(0.5, x.hi)
        maximum = DoubleDouble(x.hi * is_positive, x.lo * is_positive, x.rel_err, x.abs_err, 1)
        return self.log1p(power) + maximum

    def d_softplus(self, x: DoubleDouble, y: DoubleDouble) -> DoubleDouble:
        """Return sigmoid(x): w / (1 + w) or 1 / (1 + w) with the w = e^-|x| that softplus has computed."""
        (w,), is_positive = x.cache, 0.5 + np.copysign(0.5, x.hi)
        is_negative = 1.0 - is_positive
        numerator = DoubleDouble(is_positive + is_negative * w.hi, is_negative * w.lo, w.rel_err, w.abs_err, 1)
        return numerator / (1 + w)

    def logcosh(self, x: DoubleDouble) -> DoubleDouble:
        """Return log cosh x = |x| - log 2 + log1p(e^-2|x|); near 0 its series x^2/2 - x^4/12 + ..."""
        return piecewise(x, ((np.abs(x.value) < SERIES_LIMIT, _logcosh_near_zero), self._logcosh))

    def _logcosh(self, x: DoubleDouble) -> DoubleDouble:
        size = abs(x)
        return (size - _LN2) + self.log1p(self.exp(size * -2))

    def sqrt(self, x: DoubleDouble) -> DoubleDouble:
        """Return the square root of a positive x: one Newton step from the float64 root."""
        return _sqrt(x) if np.ndim(x.hi) else _of_constant(_sqrt, x)


def _log(x: DoubleDouble) -> DoubleDouble:
    value = x.value
    # Normal numbers with room for the scaling by c, so that the exponent field can be read and written.
    if not np.all((value > 2.0**-1000) & (value < 2.0**1000)):
        raise Undecided
    bits = value.view(np.int64)
    exponent = (bits >> 52) - 1023
    scale = ((1023 - exponent) << 52).view(np.float64)  # 2^-exponent
    cs, table_hi, table_lo = table("logarithms")
    index = np.rint((value * scale - 1.0) * _CELLS).astype(np.int64)
    c = cs.take(index) * scale
    r_hi, r_lo = _truncated_sum(-1.0, c * x.hi, c * x.lo)
    count = (exponent + (index >= _SQRT_2_CELL)).astype(np.float64)
    # The relative error d of x becomes an absolute one: |log(1 - d)| <= 1.008 d for d <= MAX_LOG_ERROR, and c x.lo,
    # which has too many bits to be exact if x is no float64, is rounded by 2^-53 2^-25 = 2^-78.
    abs_err = cast("Floats", 1.01 * x.rel_err + 2.0**-78) if x.exact_float is None else None
    if x.abs_err is not None:
        abs_err = _if_small(1.01 * (x.error_bound() / value)) + 2.0**-78
    log_m = _log_near_one(r_hi, r_lo, table_hi.take(index), table_lo.take(index), ERR_LOG, abs_err)
    return log_m + DoubleDouble.from_sum(count * _LN2_HI, count * _LN2_LO, ERR_LN2)


def _log_near_one(
    r_hi: Floats, r_lo: Floats, base_hi: Floats, base_lo: Floats, rel_err: float, abs_err: Floats | None
) -> DoubleDouble:
    """Return base + log(1 + r) with log(1 + r) = r - r^2/2 + r^3/3 - ... + r^7/7.

    base is 0 or at least twice |r|, so that FastTwoSum (Dekker) gives the error of base + r and of the next sum.
    """
    r = r_hi + r_lo
    square = r_hi * r_hi
    cross = (r_hi + r) * r_lo  # r^2 - r_hi^2
    higher = r * r * r * (1 / 3 - r * (1 / 4 - r * (1 / 5 - r * (1 / 6 - r * (1 / 7)))))
    high = base_hi + r_hi
    low = r_hi - (high - base_hi)
    half_square = 0.5 * square
    total = high - half_square
    low = low + ((high - total) - half_square)
    low = low + (base_lo + (r_lo - 0.5 * cross + higher))
    return DoubleDouble.from_sum(total, low, rel_err, abs_err)


def _logcosh_near_zero(x: DoubleDouble) -> DoubleDouble:
    square = x.square()
    return square * maclaurin("logcosh", square, _HALF, _TWELFTH)


def _sqrt(x: DoubleDouble) -> DoubleDouble:
    if np.any(x.value <= 0):
        raise Undecided
    root = np.sqrt(x.value)
    hi = truncate26(root)
    remainder = (x.hi - hi * hi) + x.lo
    # |sqrt(x) - sqrt(x - e)| = e / (sqrt(x) + sqrt(x - e)) <= e / sqrt(x).
    abs_err = None if x.abs_err is None else x.abs_err / root
    return DoubleDouble.from_sum(hi, remainder / (root + hi), x.rel_err + ERR_OP, abs_err, 1)


def _if_small(error: Floats) -> Floats:
    """Return the error bound, or inf where it exceeds MAX_LOG_ERROR."""
    return np.where(error > MAX_LOG_ERROR, np.inf, error)


def _truncated_sum(a: Floats | float, b: Floats, rest: Floats | float) -> tuple[Floats, Floats]:
    """Return a + b + rest as hi of 26 bits and lo, where a + b is representable."""
    total = a + b
    hi = truncate26(total + rest)
    return hi, (total - hi) + rest


def _of_constant(function: Callable[[DoubleDouble], DoubleDouble], x: DoubleDouble) -> DoubleDouble:
    """Return function(x) of a constant, once computed: a formula has few, and needs them in every block."""
    key = (function.__name__, float(x.hi), float(x.lo))
    if key not in _OF_CONSTANTS:
        _OF_CONSTANTS[key] = function(x)
    return _OF_CONSTANTS[key]


_OF_CONSTANTS: dict[tuple[str, float, float], DoubleDouble] = {}
_HALF, _TWELFTH = DoubleDouble.from_rational(Fraction(1, 2)), DoubleDouble.from_rational(Fraction(1, 12))
_LN2 = DoubleDouble.from_rational(Fraction("0.693147180559945309417232121458176568075500134360255254120680"))
