"""The circular and the area functions of the fast reading: sin, cos, tan, atan, asinh.

sin and cos reduce by a 1024th of the circle, held in three parts, and add angles with a table; atan adds the tabled
arctangent nearest to it; asinh is a logarithm.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from actcli.core.arithmetic.double_double import DoubleDouble, truncate26
from actcli.core.arithmetic.signals import Undecided
from actcli.core.arithmetic.tables import table

__all__ = ["TrigonometricFunctions"]

_LIMIT = 3000.0
_PER_STEP = float.fromhex("0x1.45f306dc9c883p+7")  # 512 / pi
_STEP_1 = float.fromhex("0x1.921fb544p-8")  # pi / 512 in three parts: 33 bits,
_STEP_2 = float.fromhex("0x1.0b4611a6p-42")  # 33 bits, so that a step count times either is exact,
_STEP_3 = float.fromhex("0x1.3198a2e037073p-77")  # and the rest
_ERROR = 1.04 * 2.0**-68
_ATAN_ERROR = 2.0**-70
_HALF_PI = DoubleDouble.from_rational(Fraction("1.57079632679489661923132169163975144209858469968755291048747"))


class TrigonometricFunctions:
    """sin, cos, tan, atan and asinh over the square root and logarithm of the class they are mixed into."""

    sqrt: Any
    log: Any
    log1p: Any

    def sin(self, x: DoubleDouble) -> DoubleDouble:
        """The sine of x radians."""
        return self._turn(x, 0)

    def cos(self, x: DoubleDouble) -> DoubleDouble:
        """The cosine of x radians: the sine a quarter of the circle on."""
        return self._turn(x, 256)

    def tan(self, x: DoubleDouble) -> DoubleDouble:
        """sin x / cos x."""
        return self._turn(x, 0) / self._turn(x, 256)

    def _turn(self, x: DoubleDouble, ahead: int) -> DoubleDouble:
        value = x.value
        if not np.abs(value).max(initial=0.0) <= _LIMIT:
            raise Undecided
        steps = np.rint(value * _PER_STEP)
        first = x.hi - steps * _STEP_1
        second = x.lo - steps * _STEP_2
        rest = first + second
        head = truncate26(rest)
        tail = ((first - head) + second) - steps * _STEP_3
        square = rest * rest
        less = square * (-0.5 + square * (1 / 24 - square * (1 / 720)))  # cos - 1
        more = rest * square * (-1 / 6 + square * (1 / 120 - square * (1 / 5040)))  # sin - rest
        index = (steps.astype(np.int64) + ahead) & 1023
        rows = table("circle")
        sine, cosine = rows[0].take(index), rows[2].take(index)
        product = cosine * head
        high = sine + product
        other = high - sine
        low = (sine - (high - other)) + (product - other)
        low = low + (rows[1].take(index) + rows[3].take(index) * rest + (cosine * (tail + more) + sine * less))
        # A tail of the cosine times the second order, 2^-26 2^-17, would be lost: the sine's is as small.
        low = low + (rows[1].take(index) * less + rows[3].take(index) * more)
        # What the reduction loses, in proportion to x, counts in full where the sine is near 0.
        size = (np.abs(sine) + np.abs(rest)) * _ERROR + np.abs(value) * 2.0**-76
        return DoubleDouble.from_sum(high, low, 0.0, size if x.exact_float is not None else size + x.error_bound())

    def atan(self, x: DoubleDouble) -> DoubleDouble:
        """The arc tangent of x, in radians."""
        size = abs(x)
        large = size.value > 1.0
        if large.all():
            angle = _HALF_PI - self._atan_below_one(size.reciprocal())
        elif not large.any():
            angle = self._atan_below_one(size)
        else:
            from actcli.core.arithmetic.piecewise import piecewise

            cases = [(large, lambda s: _HALF_PI - self._atan_below_one(s.reciprocal())), self._atan_below_one]
            angle = piecewise(size, cases)
        return angle.times_sign(np.copysign(1.0, x.hi))

    def _atan_below_one(self, x: DoubleDouble) -> DoubleDouble:
        """atan x = atan c + atan((x - c) / (1 + c x)) with c the nearest 256th."""
        index = np.rint(x.value * 256.0).astype(np.int64)
        c = index * (1 / 256)
        heads, tails = table("arctangents")
        short = DoubleDouble(c, np.zeros_like(c), 0.0, None, 1, c)
        rest = (x - short) / (1 + short * x)
        square = rest.value * rest.value
        cubic = rest.value * square * (-1 / 3 + square * (1 / 5 - square * (1 / 7)))
        near = DoubleDouble.from_sum(rest.hi, rest.lo + cubic, _ATAN_ERROR, rest.abs_err)
        return near + DoubleDouble(heads.take(index), tails.take(index), 2.0**-78)

    def asinh(self, x: DoubleDouble) -> DoubleDouble:
        """log(|x| + sqrt(x^2 + 1)) with the sign of x; near 0 as log1p(|x| + x^2 / (1 + sqrt(1 + x^2)))."""
        from actcli.core.arithmetic.piecewise import piecewise

        size = abs(x)
        area: DoubleDouble = piecewise(size, [(size.value < 0.25, self._asinh_near_zero), self._asinh])
        return area.times_sign(np.copysign(1.0, x.hi))

    def _asinh(self, x: DoubleDouble) -> DoubleDouble:
        result: DoubleDouble = self.log(x + self.sqrt(1 + x.square()))
        return result

    def _asinh_near_zero(self, x: DoubleDouble) -> DoubleDouble:
        square = x.square()
        result: DoubleDouble = self.log1p(x + square / (1 + self.sqrt(1 + square)))
        return result
