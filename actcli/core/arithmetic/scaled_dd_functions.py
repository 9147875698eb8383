"""Elementary functions of scaled double-doubles (the accurate path).

Near 0 a function is the first terms of its Taylor series, and for large arguments an asymptotic form. The truncation
error of both has a known sign, and becomes the remainder. In between the function of double-doubles is used, and its
error bound becomes the remainder. In the docstrings x^4/24 (1 +- 2^-38) is such a truncation error.

Undecided is raised for an array with an element that a function cannot handle, such as a logarithm of 0.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.arithmetic import dd_gaussian, dd_trigonometric
from actcli.core.arithmetic.piecewise import piecewise
from actcli.core.arithmetic.remainder_intervals import SLACK, TINY, power_of_two
from actcli.core.arithmetic.scaled_dd import ScaledDD, as_scaled_dd
from actcli.core.arithmetic.scaled_dd_conversion import via_double_double
from actcli.core.arithmetic.scaled_dd_taylor import (
    TAYLOR_LIMIT,
    add_truncation_error,
    enclose_if_narrow,
    require_size,
    scale_remainder,
)
from actcli.core.arithmetic.signals import Undecided

if TYPE_CHECKING:
    from actcli.core.arithmetic.protocol import Case, Exact, N

__all__ = ["MAX_ERF", "ScaledDDArithmetic"]

# Double-doubles are not used beyond these limits, as their exponential is only a bound below e^-250.
_MAX_TANH = 100.0  # e^-2x
_MAX_NDTR = 20.0  # e^(-x^2/2)
MAX_ERF = 14.0  # e^(-x^2)

_MAX_LOG1P = 2.0**100
"""Above this log(1 + x) is computed by `log`: the double-double logarithm is limited to 2^1000."""

_MIN_EXP = -(2.0**40)
"""Below this e^x is enclosed in (0, 2^_VANISHED_EXPONENT) instead of computed, so that exponents fit into int64."""
_VANISHED_EXPONENT = -1_580_000_000_000
"""e^_MIN_EXP is below 2^-1.586e12, and 2^-1.584e12 with an x that is off by 2^-10 of it."""
_MAX_EXP = 2.0**39
"""A larger power is only known to be larger than e^_MAX_EXP: its remainder is infinite. It overflows in every format,
divides a number to one of known sign below every format, and leaves a quotient of two powers undecided."""

_MAX_ANGLE = 2.0**40
"""Largest |x| whose sine is computed. k 2 pi for k <= 2^37.4, with 2 pi known to 2^-101, leaves 63 bits of the rest."""

_MIN_LOOSE_STEP = 2.0**-50
"""Up to this, relative to the root, SLACK covers the effect of a Newton step's remainder r on the square of the step:
at most (2^-51 + r) r / 1.4 <= 2^-49 r."""

_LN2 = Fraction(
    "0.6931471805599453094172321214581765680755001343602552541206800094933936219696947156058633269964186875"
)
_PI = Fraction("3.141592653589793238462643383279502884197169399375105820974944592307816406286208998628034825342117068")


class ScaledDDArithmetic:
    """The arithmetic of formulas over ScaledDD (see protocol.Arithmetic)."""

    def number(self, value: Exact) -> ScaledDD:
        """Return an exact constant as a ScaledDD."""
        return ScaledDD.from_rational(value)

    @property
    def pi(self) -> ScaledDD:
        """The constant pi."""
        return ScaledDD.from_rational(_PI)

    def piecewise(self, x: N, *cases: Case[N]) -> N:
        """Return for each element the result of the first case whose condition holds (see the module piecewise)."""
        return piecewise(x, cases)

    def abs(self, x: ScaledDD) -> ScaledDD:
        """Return |x|."""
        return abs(x)

    # --- exponentials ------------------------------------------------------------------------------------------

    def exp(self, x: ScaledDD) -> ScaledDD:
        """Return e^x, with bounds or substitutes outside _MIN_EXP ... _MAX_EXP."""
        x, value = x.divide_out(), x.value
        return self.piecewise(
            x,
            (np.abs(value) < TAYLOR_LIMIT, lambda x: 1 + self._expm1_near_zero(x)),
            (value < _MIN_EXP, _vanished_exp),
            (value > _MAX_EXP, self._huge_exp),
            self._exp,
        )

    def _huge_exp(self, x: ScaledDD) -> ScaledDD:
        """Return an enclosure of e^x for x > _MAX_EXP (1 - 2^-10): any number above e^(_MAX_EXP - 2^29)."""
        require_size(x)
        power = self._exp(ScaledDD.from_float(np.full_like(x.hi, _MAX_EXP * (1 - 2.0**-10))))
        return power.add_error(0.0, np.full_like(power.hi, np.inf))

    def _exp(self, x: ScaledDD) -> ScaledDD:
        """Return 2^k e^(x - k log 2)."""
        count = np.rint(x.value / float(_LN2))
        rest = x - ScaledDD.from_float(count) * _LN2
        power = via_double_double("exp")(rest)
        return ScaledDD(power.hi, power.lo, power.exponent + count.astype(np.int64), power.rem_lo, power.rem_hi)

    def expm1(self, x: ScaledDD) -> ScaledDD:
        """Return e^x - 1."""
        size = np.abs(x.value)
        return self.piecewise(
            x,
            # For |x| < 1 e^x - 1 lies between x and 2 x on the right, between x and x / 2 on the left.
            (x.hi == 0, lambda x: scale_remainder(x, negative=(1.0, 0.5), positive=(1.0, 2.0))),
            (size < TAYLOR_LIMIT, self._expm1_near_zero),
            (size > _MAX_TANH, lambda x: self.exp(x) - 1),
            via_double_double("expm1"),
        )

    def _expm1_near_zero(self, x: ScaledDD) -> ScaledDD:
        """Return x + x^2/2 + x^3/6 + x^4/24 (1 +- 2^-38)."""
        return add_truncation_error(x + x * x * (x / 6 + Fraction(1, 2)), x, 4, 1 / 24)

    def sigmoid(self, x: ScaledDD) -> ScaledDD:
        """Return 1 / (1 + e^-x), or e^x / (1 + e^x) for x < 0; near 0 1/2 + x/4 - x^3/48 + x^5/480 (1 +- 2^-38)."""

        def near_zero(x: ScaledDD) -> ScaledDD:
            return Fraction(1, 2) + add_truncation_error(x * (Fraction(1, 4) - x * x / 48), x, 5, 1 / 480)

        def negative(x: ScaledDD) -> ScaledDD:
            w = self.exp(x)
            return w / (1 + w)

        value = x.value
        return self.piecewise(
            x, (np.abs(value) < TAYLOR_LIMIT, near_zero), (value < 0, negative), lambda x: 1 / (1 + self.exp(-x))
        )

    def cosigmoid(self, x: ScaledDD) -> ScaledDD:
        """Return 1 - sigmoid(x) = sigmoid(-x)."""
        return self.sigmoid(-x)

    def tanh(self, x: ScaledDD) -> ScaledDD:
        """Return -t / (2 + t) with t = e^-2|x| - 1 and the sign of x; near 0 x - x^3/3."""

        def saturated(x: ScaledDD) -> ScaledDD:
            sign = np.where(x.value < 0, -1.0, 1.0)
            t = self.expm1(x.times_sign(sign) * -2)
            return (-t / (2 + t)).times_sign(sign)

        def near_zero(x: ScaledDD) -> ScaledDD:
            # Unlike a truncation error, x^3/3 has a remainder of its own, so that x - x^3/3 stays below x however small
            # it is. The next term is 2/5 x^2 <= 2^-81 of it.
            cube = x * x * x / 3
            error = np.abs(cube.hi) * 2.0**-78
            return enclose_if_narrow(x, x - cube.add_error(-error, error))

        size = np.abs(x.value)
        return self.piecewise(
            x,
            # For |x| < 1 tanh x lies between x / 2 and x.
            (x.hi == 0, lambda x: scale_remainder(x, negative=(1.0, 0.5), positive=(0.5, 1.0))),
            (size < TAYLOR_LIMIT, near_zero),
            (size > _MAX_TANH, saturated),
            via_double_double("tanh"),
        )

    def tanh_softplus(self, x: ScaledDD) -> ScaledDD:
        """Return n / (n + 2) with n = u (u + 2), u = e^x; for x > 0 in terms of w = 1/u."""

        def negative(x: ScaledDD) -> ScaledDD:
            u = self.exp(x)
            n = u * (u + 2)
            return n / (n + 2)

        def positive(x: ScaledDD) -> ScaledDD:
            w = self.exp(-x)
            n = 1 + 2 * w
            return n / (n + 2 * w * w)

        return self.piecewise(x, (x.value < 0, negative), positive)

    def tanhshrink(self, x: ScaledDD) -> ScaledDD:
        """Return x - tanh x; near 0 x^3/3 - 2 x^5/15 + 17 x^7/315 (1 +- 2^-38)."""

        def near_zero(x: ScaledDD) -> ScaledDD:
            square = x * x
            return add_truncation_error(square * x * (Fraction(1, 3) - square * Fraction(2, 15)), x, 7, 17 / 315)

        size = np.abs(x.value)
        large = (size > _MAX_TANH, lambda x: x - self.tanh(x))
        return self.piecewise(x, (size < TAYLOR_LIMIT, near_zero), large, via_double_double("tanhshrink"))

    # --- logarithms --------------------------------------------------------------------------------------------

    def log1p(self, x: ScaledDD) -> ScaledDD:
        """Return log(1 + x)."""

        def near_zero(x: ScaledDD) -> ScaledDD:
            return add_truncation_error(x - x * x * (Fraction(1, 2) - x / 3), x, 4, -1 / 4)

        value = x.value
        return self.piecewise(
            x,
            # For |x| < 1/2 log(1 + x) lies between x and x / 2 on the right, between x and 2 x on the left.
            (x.hi == 0, lambda x: scale_remainder(x, negative=(2.0, 1.0), positive=(0.5, 1.0))),
            (np.abs(value) < TAYLOR_LIMIT, near_zero),
            (value > _MAX_LOG1P, lambda x: self.log(1 + x)),
            via_double_double("log1p"),
        )

    def log(self, x: ScaledDD) -> ScaledDD:
        """Return log x = k log 2 + log m with m = x.hi + x.lo; near 1 log1p(x - 1), which does not cancel."""
        x = x.divide_out()
        if np.any(x.hi <= 0):
            raise Undecided
        near_one = np.abs(x.value - 1) < 0.25
        return self.piecewise(x, (near_one, lambda x: self.log1p(x - 1)), self._log)

    def _log(self, x: ScaledDD) -> ScaledDD:
        """Return k log 2 + log m for an m that is not near 1."""
        mantissa = ScaledDD(x.hi, x.lo, np.zeros_like(x.exponent), x.rem_lo, x.rem_hi)
        count = ScaledDD.from_float(x.exponent.astype(np.float64))
        return count * _LN2 + via_double_double("log")(mantissa)

    def softplus(self, x: ScaledDD) -> ScaledDD:
        """Return max(x, 0) + log1p(e^-|x|)."""
        left = (x.value < 0, lambda x: self.log1p(self.exp(x)))
        return self.piecewise(x, left, lambda x: x + self.log1p(self.exp(-x)))

    def logcosh(self, x: ScaledDD) -> ScaledDD:
        """Return |x| - log 2 + log1p(e^-2|x|); near 0 x^2/2 - x^4/12 + x^6/45 (1 +- 2^-38)."""

        def near_zero(x: ScaledDD) -> ScaledDD:
            square = x * x
            return add_truncation_error(square * (Fraction(1, 2) - square / 12), x, 6, 1 / 45)

        def large(x: ScaledDD) -> ScaledDD:
            size = abs(x)
            return (size - _LN2) + self.log1p(self.exp(size * -2))

        size = np.abs(x.value)
        return self.piecewise(
            x, (size < TAYLOR_LIMIT, near_zero), (size > _MAX_TANH, large), via_double_double("logcosh")
        )

    # --- roots and trigonometric functions ----------------------------------------------------------------------

    def sqrt(self, x: ScaledDD) -> ScaledDD:
        """Return the square root of a positive x: one Newton step from the float64 root."""
        x = x.divide_out()
        if np.any(x.hi <= 0):
            raise Undecided
        parity = x.exponent & 1
        scale = np.where(parity == 1, 2.0, 1.0)
        x = ScaledDD(x.hi * scale, x.lo * scale, x.exponent - parity, x.rem_lo * scale, x.rem_hi * scale)
        root = np.sqrt(x.hi)
        guess = ScaledDD(root, zero := np.zeros_like(root), x.exponent >> 1, zero, zero)
        step = (x - guess * guess) / (2 * guess)
        better = guess + step
        # guess + d exceeds sqrt(x) by d^2 / (guess + d + sqrt(x)), about d^2 / (2 guess), for a d of either sign. One
        # per cent covers the roundings; the SLACK in the remainder of d covers its effect on d^2.
        scale = power_of_two(step.exponent - better.exponent)
        excess = (step.hi * scale) ** 2 / (2 * root)
        # A step without digits and with a positive remainder leaves the root above the guess.
        low = np.where((step.hi == 0) & (step.rem_lo >= 0), 0.0, -1.01 * excess - TINY)
        high = -0.99 * excess
        # Where the remainder is too large for that, all of d^2 counts, and the divisor is at least guess / 2.
        spread = np.maximum(np.abs(step.rem_lo), np.abs(step.rem_hi)) * scale
        is_loose = spread > _MIN_LOOSE_STEP * root
        if np.any(is_loose):
            largest = 2.02 * (np.abs(step.hi * scale) + spread) ** 2 / root
            low, high = np.where(is_loose, -largest, low), np.where(is_loose, 0.0, high)
        return better.add_error(low, high)

    def sin(self, x: ScaledDD) -> ScaledDD:
        """Return sin x; near 0 x - x^3/6 + x^5/120 (1 +- 2^-38); beyond _MAX_ANGLE only the range of a sine."""

        def near_zero(x: ScaledDD) -> ScaledDD:
            return add_truncation_error(x - x * x * x / 6, x, 5, 1 / 120)

        return self.piecewise(x, (np.abs(x.value) < TAYLOR_LIMIT, near_zero), *_sine_cases("sin", x))

    def cos(self, x: ScaledDD) -> ScaledDD:
        """Return cos x; near 0 1 - x^2/2 + x^4/24 - x^6/720 (1 +- 2^-38); beyond _MAX_ANGLE only its range."""

        def near_zero(x: ScaledDD) -> ScaledDD:
            square = x * x
            return add_truncation_error(1 - square * (Fraction(1, 2) - square / 24), x, 6, -1 / 720)

        return self.piecewise(x, (np.abs(x.value) < TAYLOR_LIMIT, near_zero), *_sine_cases("cos", x))

    def atan(self, x: ScaledDD) -> ScaledDD:
        """Return arctan x; near 0 x - x^3/3 + x^5/5 (1 +- 2^-38); for large x pi/2 - arctan 1/x."""

        def near_zero(x: ScaledDD) -> ScaledDD:
            return add_truncation_error(x - x * x * x / 3, x, 5, 1 / 5)

        def large(x: ScaledDD) -> ScaledDD:
            sign = np.where(x.value < 0, -1.0, 1.0)
            return (self.pi / 2 - near_zero(1 / x.times_sign(sign))).times_sign(sign)

        size = np.abs(x.value)
        return self.piecewise(
            x, (size < TAYLOR_LIMIT, near_zero), (size > 1 / TAYLOR_LIMIT, large), via_double_double("atan")
        )

    def asinh(self, x: ScaledDD) -> ScaledDD:
        """Return asinh x; near 0 x - x^3/6 + 3 x^5/40 (1 +- 2^-38); for large x log 2x + 1/(4 x^2) - 3/(32 x^4)."""

        def near_zero(x: ScaledDD) -> ScaledDD:
            return add_truncation_error(x - x * x * x / 6, x, 5, 3 / 40)

        def large(x: ScaledDD) -> ScaledDD:
            sign = np.where(x.value < 0, -1.0, 1.0)
            size = x.times_sign(sign)
            inverse = 1 / size
            terms = self.log(2 * size) + inverse * inverse / 4
            return add_truncation_error(terms, inverse, 4, -3 / 32).times_sign(sign)

        size = np.abs(x.value)
        return self.piecewise(
            x, (size < TAYLOR_LIMIT, near_zero), (size > 1 / TAYLOR_LIMIT, large), via_double_double("asinh")
        )

    # --- the normal distribution -------------------------------------------------------------------------------

    def phi(self, x: ScaledDD) -> ScaledDD:
        """Return the normal density e^(-x^2/2) / sqrt(2 pi)."""
        return self.exp(-(x * x) / 2) / self.sqrt(2 * self.pi)

    def ndtr(self, x: ScaledDD) -> ScaledDD:
        """Return Phi x; near 0 1/2 + (x - x^3/6 + x^5/40 (1 +- 2^-38)) phi(0); for large |x| by the Mills ratio."""
        root = self.sqrt(2 * self.pi)

        def near_zero(x: ScaledDD) -> ScaledDD:
            return Fraction(1, 2) + add_truncation_error(x - x * x * x / 6, x, 5, 1 / 40) / root

        def large(x: ScaledDD) -> ScaledDD:
            sign = np.where(x.value < 0, -1.0, 1.0)
            size = x.times_sign(-sign)
            tail = self.mills(-size) * self.exp(-(x * x) / 2) / root
            return ScaledDD.from_float(0.5 + 0.5 * sign) - tail.times_sign(sign)

        size = np.abs(x.value)
        return self.piecewise(x, (size < TAYLOR_LIMIT, near_zero), (size > _MAX_NDTR, large), via_double_double("ndtr"))

    def mills(self, t: ScaledDD) -> ScaledDD:
        """Return the Mills ratio M(t) for t >= 0; for large t the series 1/t (1 - 1/t^2 (1 - 3/t^2 (1 - ...)))."""

        def large(t: ScaledDD) -> ScaledDD:
            inverse = 1 / (t * t)
            terms = as_scaled_dd(1)
            for odd in range(13, 0, -2):
                terms = 1 - odd * inverse * terms
            # The series alternates: the next term, 15!! / t^16, bounds the truncation error. A t beyond 2^60 is clipped
            # so that its power does not underflow; the bound is then too large, but 2^-939.
            bound = 15.0 * 13 * 11 * 9 * 7 * 5 * 3 * np.minimum(t.value, 2.0**60) ** -16.0
            return terms.add_error(-bound, bound) / t

        return self.piecewise(t, (t.value > dd_gaussian.MAX_MILLS, large), via_double_double("mills"))

    def erf(self, x: ScaledDD) -> ScaledDD:
        """Return erf x; near 0 2/sqrt(pi) (x - x^3/3 + x^5/10 (1 +- 2^-38)); for large x by the Mills ratio."""

        def near_zero(x: ScaledDD) -> ScaledDD:
            return 2 * add_truncation_error(x - x * x * x / 3, x, 5, 1 / 10) / self.sqrt(self.pi)

        def large(x: ScaledDD) -> ScaledDD:
            sign = np.where(x.value < 0, -1.0, 1.0)
            size = x.times_sign(sign)
            tail = self.mills(size * self.sqrt(ScaledDD.from_rational(2))) * self.exp(-(x * x)) * self.sqrt(2 / self.pi)
            return (1 - tail).times_sign(sign)

        size = np.abs(x.value)
        return self.piecewise(x, (size < TAYLOR_LIMIT, near_zero), (size > MAX_ERF, large), via_double_double("erf"))


def _vanished_exp(x: ScaledDD) -> ScaledDD:
    """Return an enclosure of e^x for x < _MIN_EXP."""
    require_size(x)
    return ScaledDD.from_interval(np.zeros_like(x.hi), np.ones_like(x.hi), np.int64(_VANISHED_EXPONENT))


def _sine_cases(name: str, x: ScaledDD) -> tuple[Case[ScaledDD], ...]:
    """Return the cases of a sine or cosine for |x| >= TAYLOR_LIMIT."""
    size = np.abs(x.value)

    def reduced(x: ScaledDD) -> ScaledDD:
        return via_double_double(name)(x - ScaledDD.from_float(np.rint(x.value / float(2 * _PI))) * (2 * _PI))

    return (size > _MAX_ANGLE, _any_sine), (size > dd_trigonometric.MAX_ANGLE, reduced), via_double_double(name)


def _any_sine(x: ScaledDD) -> ScaledDD:
    """Return an enclosure of all sines: an open interval that contains -1 and 1."""
    return ScaledDD.from_interval(np.full_like(x.hi, -1.0 - SLACK), np.full_like(x.hi, 1.0 + SLACK), np.int64(0))
