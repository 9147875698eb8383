"""Trigonometric functions of double-doubles and asinh: sin, cos, tan, atan, asinh.

sin and cos use Cody-Waite reduction, x = k pi / 512 + r with |r| <= pi / 1024 = 2^-8.35, a table of sin and cos of
k pi / 512, the addition theorem, and Taylor polynomials of sin r and cos r. atan adds the arctangent of the nearest
multiple of 1/256. asinh is a logarithm.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from actcli.core.arithmetic.dd_exponential import max_size
from actcli.core.arithmetic.dd_logarithmic import LogarithmicFunctions
from actcli.core.arithmetic.double_double import ERR_CONSTANT, DoubleDouble, truncate26
from actcli.core.arithmetic.piecewise import piecewise
from actcli.core.arithmetic.tables import table

__all__ = ["TrigonometricFunctions"]

MAX_ANGLE = 3000.0
"""Largest |x| of sin and cos: the step count k is below 2^19, so that its products with _STEP_HI and _STEP_MID are
exact. Scaled double-doubles reduce larger arguments by multiples of 2 pi before."""

_TURN = 1024
_QUARTER_TURN = _TURN // 4

# pi / 512 as a sum of three float64 for the Cody-Waite reduction: 33 bits, the next 33, and 53 more. The sum is wrong
# by 2^-130.9.
_INVERSE_STEP = float.fromhex("0x1.45f306dc9c883p+7")  # 512 / pi
_STEP_HI = float.fromhex("0x1.921fb544p-8")
_STEP_MID = float.fromhex("0x1.0b4611a6p-42")
_STEP_LO = float.fromhex("0x1.3198a2e037073p-77")

ERR_SIN = 1.04 * 2.0**-68
"""Bound on the error of sin and cos apart from the reduction, relative to |sin(k pi / 512)| + |r|. In units of 2^-68:

polynomial  (r^8 / 8! <= 2^-82.1 and r^9 / 9! <= 2^-93.6 are truncated)                                    0.01
rounding    half ulps of cos r - 1, at most 2^-17.7, its product with the table value, and four sums       1.27
table       sin and cos are tabulated to 2^-79.4                                                           0.01

The largest sum over all k and both functions is 1.284, at k = 155, below 1.25 * 1.04 = 1.30: the factor 1.25 is that
of DoubleDouble.error_bound. Verified by `test_functions_keep_their_bounds`."""

ERR_REDUCTION = 2.0**-76
"""Bound on the error of sin and cos by the reduction, relative to |x|. In units of 2^-78: x.lo - k _STEP_MID is
rounded, at most 2^-25 2^-53 |x| = 1 unit; the nonlinear terms omit k _STEP_LO = 2^-69.4 |x|, which counts
times |r| <= 2^-8.35, 1.19 units. The sum is 2.19 of the 4 units. It counts in full where the sine is near 0."""

ERR_ATAN = 2.0**-70
"""Bound on the error of atan r for |r| <= 1/512, relative to r. In units of 2^-70:

polynomial  r^9 / 9 is truncated, 2^-75.2                                                                  0.03
rounding    half ulps of r^3/3 - ..., 2^-70.4, and of its sum with r.lo                                    0.89
quotient    r comes from four operations with ERR_OP each                                                  0.13

The sum is 1.05, within the factor 1.25 of DoubleDouble.error_bound."""

_ATAN_STEPS = 256
_ASINH_LIMIT = 0.25
"""Below this x + x^2 / (1 + sqrt(1 + x^2)) in log1p avoids the cancellation of log(x + sqrt(1 + x^2)) near log 1."""

_HALF_PI = DoubleDouble.from_rational(Fraction("1.57079632679489661923132169163975144209858469968755291048747"))


class TrigonometricFunctions(LogarithmicFunctions):
    """sin, cos, tan, atan and asinh."""

    def sin(self, x: DoubleDouble) -> DoubleDouble:
        """Return the sine of x radians."""
        return _sine(x, 0)

    def cos(self, x: DoubleDouble) -> DoubleDouble:
        """Return the cosine of x radians: the sine a quarter turn later."""
        return _sine(x, _QUARTER_TURN)

    def tan(self, x: DoubleDouble) -> DoubleDouble:
        """Return sin x / cos x."""
        return _sine(x, 0) / _sine(x, _QUARTER_TURN)

    def atan(self, x: DoubleDouble) -> DoubleDouble:
        """Return the arctangent of x in radians, as pi/2 - atan 1/x above 1."""
        size = abs(x)
        is_large = size.value > 1.0
        angle = piecewise(size, ((is_large, lambda s: _HALF_PI - _atan_below_one(s.reciprocal())), _atan_below_one))
        return angle.times_sign(np.copysign(1.0, x.hi))

    def asinh(self, x: DoubleDouble) -> DoubleDouble:
        """Return log(|x| + sqrt(x^2 + 1)) with the sign of x; near 0 log1p(|x| + x^2 / (1 + sqrt(1 + x^2)))."""
        size = abs(x)
        area = piecewise(size, ((size.value < _ASINH_LIMIT, self._asinh_near_zero), self._asinh))
        return area.times_sign(np.copysign(1.0, x.hi))

    def _asinh(self, x: DoubleDouble) -> DoubleDouble:
        return self.log(x + self.sqrt(1 + x.square()))

    def _asinh_near_zero(self, x: DoubleDouble) -> DoubleDouble:
        square = x.square()
        return self.log1p(x + square / (1 + self.sqrt(1 + square)))


def _sine(x: DoubleDouble, offset: int) -> DoubleDouble:
    """Return sin(x + offset * 2 pi / 1024)."""
    value = x.value
    max_size(value, MAX_ANGLE)
    steps = np.rint(value * _INVERSE_STEP)
    first = x.hi - steps * _STEP_HI
    second = x.lo - steps * _STEP_MID
    rest = first + second
    hi = truncate26(rest)
    lo = ((first - hi) + second) - steps * _STEP_LO
    square = rest * rest
    cos_minus_one = square * (-0.5 + square * (1 / 24 - square * (1 / 720)))
    sin_minus_rest = rest * square * (-1 / 6 + square * (1 / 120 - square * (1 / 5040)))
    index = (steps.astype(np.int64) + offset) & (_TURN - 1)
    rows = table("circle")
    sine, cosine = rows[0].take(index), rows[2].take(index)
    product = cosine * hi
    high = sine + product
    other = high - sine
    low = (sine - (high - other)) + (product - other)
    low = low + (
        rows[1].take(index) + rows[3].take(index) * rest + (cosine * (lo + sin_minus_rest) + sine * cos_minus_one)
    )
    # The lo of the table times the nonlinear terms, 2^-26 2^-17.7, is above the rounding errors.
    low = low + (rows[1].take(index) * cos_minus_one + rows[3].take(index) * sin_minus_rest)
    abs_err = (np.abs(sine) + np.abs(rest)) * ERR_SIN + np.abs(value) * ERR_REDUCTION
    # |sin' x| <= 1: an error of x is one of its sine.
    return DoubleDouble.from_sum(high, low, 0.0, abs_err if x.exact_float is not None else abs_err + x.error_bound())


def _atan_below_one(x: DoubleDouble) -> DoubleDouble:
    """Return atan x = atan c + atan r with r = (x - c) / (1 + c x) and c the multiple of 1/256 nearest to x."""
    index = np.rint(x.value * _ATAN_STEPS).astype(np.int64)
    c = index * np.float64(1 / _ATAN_STEPS)
    table_hi, table_lo = table("arctangents")
    centre = DoubleDouble(c, np.zeros_like(c), 0.0, None, 1, c)
    r = (x - centre) / (1 + centre * x)
    square = r.value * r.value
    cubic = r.value * square * (-1 / 3 + square * (1 / 5 - square * (1 / 7)))
    # An inexact x has its error in x - c, and so in r.abs_err, where it covers its effect on 1 + c x too: with both,
    # dr/dx = (1 + c^2) / (1 + c x)^2, at most 1 + 2^-8 times that of x - c alone; a quotient's bound has a factor 1.25.
    atan_r = DoubleDouble.from_sum(r.hi, r.lo + cubic, ERR_ATAN, r.abs_err)
    return atan_r + DoubleDouble(table_hi.take(index), table_lo.take(index), ERR_CONSTANT)
