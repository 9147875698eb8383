"""The wide reading of an expression: functions that no entry asks for, and powers without an upper end."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from actcli.core.arithmetic.scaled_dd import ScaledDD
from actcli.core.arithmetic.scaled_dd_functions import (
    SERIES_THRESHOLD,
    ScaledDDArithmetic,
    plus_remainder,
    via_double_double,
)

__all__ = ["UnboundedScaledDDArithmetic"]

_E = Fraction("2.718281828459045235360287471352662497757247093699959574966967627724076630353547594571382178525166427")


class UnboundedScaledDDArithmetic(ScaledDDArithmetic):
    """The functions of the wide reading, with which anything may be done."""

    @property
    def e(self) -> ScaledDD:
        return ScaledDD.from_rational(_E)

    def sinh(self, x: ScaledDD) -> ScaledDD:
        """(t + t / (t + 1)) / 2 with t = e^|x| - 1 and the sign of x, near 0 x + x^3/6 and x^5/120 (1 +- 2^-40)."""

        def small(x: ScaledDD) -> ScaledDD:
            return plus_remainder(x + x * x * x / 6, x, 5, 1 / 120)

        def far(x: ScaledDD) -> ScaledDD:
            sign = np.where(x.value < 0, -1.0, 1.0)
            t = self.expm1(x.times_sign(sign))
            return ((t + t / (t + 1)) / 2).times_sign(sign)

        return self._parts(x, (np.abs(x.value) < SERIES_THRESHOLD, small), far)

    def cosh(self, x: ScaledDD) -> ScaledDD:
        """(e^|x| + e^-|x|) / 2, near 0 1 + x^2/2 + x^4/24 and x^6/720 (1 +- 2^-40)."""

        def small(x: ScaledDD) -> ScaledDD:
            square = x * x
            return plus_remainder(1 + square * (Fraction(1, 2) + square / 24), x, 6, 1 / 720)

        def far(x: ScaledDD) -> ScaledDD:
            power = self.exp(abs(x))
            return (power + 1 / power) / 2

        return self._parts(x, (np.abs(x.value) < SERIES_THRESHOLD, small), far)

    def tan(self, x: ScaledDD) -> ScaledDD:
        """sin x / cos x, near 0 x + x^3/3 and 2 x^5/15 (1 +- 2^-40)."""

        def small(x: ScaledDD) -> ScaledDD:
            return plus_remainder(x + x * x * x / 3, x, 5, 2 / 15)

        return self._parts(x, (np.abs(x.value) < SERIES_THRESHOLD, small), lambda x: self.sin(x) / self.cos(x))

    def erfc(self, x: ScaledDD) -> ScaledDD:
        """1 - erf x; far on the right sqrt(2/pi) M(sqrt 2 x) e^(-x^2)."""

        def right(x: ScaledDD) -> ScaledDD:
            return self.mills(x * self.sqrt(ScaledDD.from_rational(2))) * self.exp(-(x * x)) * self.sqrt(2 / self.pi)

        near = (x.value > -14) & (x.value < 14) & (np.abs(x.value) > SERIES_THRESHOLD)
        return self._parts(x, (near, via_double_double("erfc")), (x.value > 1, right), lambda x: 1 - self.erf(x))

    def _enormous(self, x: ScaledDD) -> ScaledDD:
        """A power that may be any that is larger: unlike an entry's, it may be divided by another."""
        power = super()._enormous(x)
        return power.add_error(np.zeros_like(power.hi), np.full_like(power.hi, np.inf))
