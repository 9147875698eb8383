"""Scaled double-double arithmetic for user expressions: more functions, and powers without an upper limit.

The functions that no catalogue entry needs are here. Series near 0 have the form of `scaled_dd_functions`.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from actcli.core.arithmetic.scaled_dd import ScaledDD
from actcli.core.arithmetic.scaled_dd_conversion import via_double_double
from actcli.core.arithmetic.scaled_dd_functions import MAX_ERF, ScaledDDArithmetic
from actcli.core.arithmetic.scaled_dd_taylor import TAYLOR_LIMIT, add_truncation_error

__all__ = ["UnboundedScaledDDArithmetic"]

_E = Fraction("2.718281828459045235360287471352662497757247093699959574966967627724076630353547594571382178525166427")


class UnboundedScaledDDArithmetic(ScaledDDArithmetic):
    """The arithmetic of expressions over ScaledDD: results may be used in any way, also as divisors."""

    @property
    def e(self) -> ScaledDD:
        """The constant e."""
        return ScaledDD.from_rational(_E)

    def sinh(self, x: ScaledDD) -> ScaledDD:
        """Return (t + t / (t + 1)) / 2 with t = e^|x| - 1 and x's sign; near 0 x + x^3/6 + x^5/120 (1 +- 2^-38)."""

        def near_zero(x: ScaledDD) -> ScaledDD:
            return add_truncation_error(x + x * x * x / 6, x, 5, 1 / 120)

        def elsewhere(x: ScaledDD) -> ScaledDD:
            sign = np.where(x.value < 0, -1.0, 1.0)
            t = self.expm1(x.times_sign(sign))
            return ((t + t / (t + 1)) / 2).times_sign(sign)

        return self.piecewise(x, (np.abs(x.value) < TAYLOR_LIMIT, near_zero), elsewhere)

    def cosh(self, x: ScaledDD) -> ScaledDD:
        """Return (e^|x| + e^-|x|) / 2; near 0 1 + x^2/2 + x^4/24 + x^6/720 (1 +- 2^-38)."""

        def near_zero(x: ScaledDD) -> ScaledDD:
            square = x * x
            return add_truncation_error(1 + square * (Fraction(1, 2) + square / 24), x, 6, 1 / 720)

        def elsewhere(x: ScaledDD) -> ScaledDD:
            power = self.exp(abs(x))
            return (power + 1 / power) / 2

        return self.piecewise(x, (np.abs(x.value) < TAYLOR_LIMIT, near_zero), elsewhere)

    def tan(self, x: ScaledDD) -> ScaledDD:
        """Return sin x / cos x; near 0 x + x^3/3 + 2 x^5/15 (1 +- 2^-38)."""

        def near_zero(x: ScaledDD) -> ScaledDD:
            return add_truncation_error(x + x * x * x / 3, x, 5, 2 / 15)

        return self.piecewise(x, (np.abs(x.value) < TAYLOR_LIMIT, near_zero), lambda x: self.sin(x) / self.cos(x))

    def erfc(self, x: ScaledDD) -> ScaledDD:
        """Return 1 - erf x; for large x sqrt(2/pi) M(sqrt 2 x) e^(-x^2) with the Mills ratio M."""

        def upper_tail(x: ScaledDD) -> ScaledDD:
            return self.mills(x * self.sqrt(ScaledDD.from_rational(2))) * self.exp(-(x * x)) * self.sqrt(2 / self.pi)

        value = x.value
        moderate = (value > -MAX_ERF) & (value < MAX_ERF) & (np.abs(value) > TAYLOR_LIMIT)
        return self.piecewise(
            x, (moderate, via_double_double("erfc")), (value > 1, upper_tail), lambda x: 1 - self.erf(x)
        )
