"""The wide reading of an expression: functions that no entry asks for, and powers without an upper end."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from actcli.core.arithmetic.wide import Wide
from actcli.core.arithmetic.wide_functions import SMALL, WideArithmetic, and_, fast

__all__ = ["OpenWideArithmetic"]

_E = Fraction("2.718281828459045235360287471352662497757247093699959574966967627724076630353547594571382178525166427")


class OpenWideArithmetic(WideArithmetic):
    """The functions of the wide reading, with which anything may be done."""

    @property
    def e(self) -> Wide:
        return Wide.constant(_E)

    def sinh(self, x: Wide) -> Wide:
        """(t + t / (t + 1)) / 2 with t = e^|x| - 1 and the sign of x, near 0 x + x^3/6 and x^5/120 (1 +- 2^-40)."""

        def small(x: Wide) -> Wide:
            return and_(x + x * x * x / 6, x, 5, 1 / 120)

        def far(x: Wide) -> Wide:
            sign = np.where(x.value < 0, -1.0, 1.0)
            t = self.expm1(x.times_sign(sign))
            return ((t + t / (t + 1)) / 2).times_sign(sign)

        return self._parts(x, (np.abs(x.value) < SMALL, small), far)

    def cosh(self, x: Wide) -> Wide:
        """(e^|x| + e^-|x|) / 2, near 0 1 + x^2/2 + x^4/24 and x^6/720 (1 +- 2^-40)."""

        def small(x: Wide) -> Wide:
            square = x * x
            return and_(1 + square * (Fraction(1, 2) + square / 24), x, 6, 1 / 720)

        def far(x: Wide) -> Wide:
            power = self.exp(abs(x))
            return (power + 1 / power) / 2

        return self._parts(x, (np.abs(x.value) < SMALL, small), far)

    def tan(self, x: Wide) -> Wide:
        """sin x / cos x, near 0 x + x^3/3 and 2 x^5/15 (1 +- 2^-40)."""

        def small(x: Wide) -> Wide:
            return and_(x + x * x * x / 3, x, 5, 2 / 15)

        return self._parts(x, (np.abs(x.value) < SMALL, small), lambda x: self.sin(x) / self.cos(x))

    def erfc(self, x: Wide) -> Wide:
        """1 - erf x; far on the right sqrt(2/pi) M(sqrt 2 x) e^(-x^2)."""

        def right(x: Wide) -> Wide:
            return self.mills(x * self.sqrt(Wide.constant(2))) * self.exp(-(x * x)) * self.sqrt(2 / self.pi)

        near = (x.value > -14) & (x.value < 14) & (np.abs(x.value) > SMALL)
        return self._parts(x, (near, fast("erfc")), (x.value > 1, right), lambda x: 1 - self.erf(x))

    def _enormous(self, x: Wide) -> Wide:
        """A power that may be any that is larger: unlike an entry's, it may be divided by another."""
        power = super()._enormous(x)
        return power.widened(np.zeros_like(power.high), np.full_like(power.high, np.inf))
