"""The wide reading's functions: near 0 a few terms of the series, far out the limit, in between the fast reading.

Near 0 and far out the terms left off have a known sign, which goes into the remainder; in between a result is as good
as the fast reading's, and its error becomes the remainder.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from actcli.core.arithmetic.dd_functions import DoubleDoubleArithmetic
from actcli.core.arithmetic.double_double import DoubleDouble, truncate26
from actcli.core.arithmetic.piecewise import piecewise
from actcli.core.arithmetic.remainder_intervals import SLACK, TINY, power_of_two
from actcli.core.arithmetic.scaled_dd import ScaledDD, as_scaled_dd
from actcli.core.arithmetic.signals import Undecided
from actcli.error_free import two_sum

__all__ = ["SERIES_THRESHOLD", "ScaledDDArithmetic", "plus_remainder", "via_double_double"]

_DOUBLE_DOUBLE = DoubleDoubleArithmetic()
SERIES_THRESHOLD = 2.0**-40
_LARGEST_POWER = 2.0**40
_ENORMOUS = 2.0**39
_MOST_TURNS = 2.0**40
"""How large an x may be for something to be left of it, when 106 bits of the turns are taken off."""
_VANISHED = -1_580_000_000_000  # e^-2^40 is less than 2 to this, also when multiplied by e^2^39 from above
_LOG_2 = Fraction(
    "0.6931471805599453094172321214581765680755001343602552541206800094933936219696947156058633269964186875"
)
_PI = Fraction("3.141592653589793238462643383279502884197169399375105820974944592307816406286208998628034825342117068")


class ScaledDDArithmetic:
    """The functions of the wide reading; Unsure where it has none for some element."""

    def number(self, value: int | Fraction) -> ScaledDD:
        return ScaledDD.from_rational(value)

    @property
    def pi(self) -> ScaledDD:
        return ScaledDD.from_rational(_PI)

    def piecewise(self, x: Any, *cases: Any) -> Any:
        """The first case whose condition holds, element by element, as in the fast reading."""
        return piecewise(x, cases)

    def abs(self, x: ScaledDD) -> ScaledDD:
        return abs(x)

    # --- exponentials ------------------------------------------------------------------------------------------

    def exp(self, x: ScaledDD) -> ScaledDD:
        """e^x."""
        x, value = x.divide_out(), x.value
        small = np.abs(value) < SERIES_THRESHOLD
        vanished = value < -_LARGEST_POWER
        # Where an entry has a power as large as that it is the result, which overflows, or goes where it saturates.
        enormous = value > _ENORMOUS
        return self._parts(
            x,
            (small, lambda x: 1 + self._expm1_small(x)),
            (vanished, _vanished),
            (enormous, self._enormous),
            self._exp,
        )

    def _enormous(self, x: ScaledDD) -> ScaledDD:
        """One power for all that are larger."""
        return self._exp(ScaledDD.from_float(np.full_like(x.hi, _ENORMOUS)))

    def _exp(self, x: ScaledDD) -> ScaledDD:
        count = np.rint(x.value / float(_LOG_2))
        rest = x - ScaledDD.from_float(count) * _LOG_2
        power = _from_double_double(_DOUBLE_DOUBLE.exp, rest)
        return ScaledDD(power.hi, power.lo, power.exponent + count.astype(np.int64), power.rem_lo, power.rem_hi)

    def expm1(self, x: ScaledDD) -> ScaledDD:
        """e^x - 1."""

        def nothing(x: ScaledDD) -> ScaledDD:
            x = x.divide_out()
            return ScaledDD.from_interval(x.rem_lo, np.where(x.rem_hi > 0, 2.0, 0.5) * x.rem_hi, x.exponent)

        size = np.abs(x.value)
        far = (size > 100.0, lambda x: self.exp(x) - 1)
        return self._parts(
            x, (x.hi == 0, nothing), (size < SERIES_THRESHOLD, self._expm1_small), far, via_double_double("expm1")
        )

    def _expm1_small(self, x: ScaledDD) -> ScaledDD:
        """x + x^2/2 + x^3/6 and x^4/24 (1 +- 2^-40)."""
        return plus_remainder(x + x * x * (x / 6 + Fraction(1, 2)), x, 4, 1 / 24)

    def sigmoid(self, x: ScaledDD) -> ScaledDD:
        """1 / (1 + e^-x), on the left e^x / (1 + e^x), near 0 1/2 + x/4 - x^3/48 and x^5/480 (1 +- 2^-40)."""

        def small(x: ScaledDD) -> ScaledDD:
            return Fraction(1, 2) + plus_remainder(x * (Fraction(1, 4) - x * x / 48), x, 5, 1 / 480)

        def left(x: ScaledDD) -> ScaledDD:
            w = self.exp(x)
            return w / (1 + w)

        value = x.value
        return self._parts(
            x, (np.abs(value) < SERIES_THRESHOLD, small), (value < 0, left), lambda x: 1 / (1 + self.exp(-x))
        )

    def cosigmoid(self, x: ScaledDD) -> ScaledDD:
        """1 - sigmoid(x) = sigmoid(-x)."""
        return self.sigmoid(-x)

    def tanh(self, x: ScaledDD) -> ScaledDD:
        """-t / (2 + t) with t = e^-2|x| - 1 and the sign of x, near 0 x - x^3/3."""

        def far(x: ScaledDD) -> ScaledDD:
            sign = np.where(x.value < 0, -1.0, 1.0)
            t = self.expm1(x.times_sign(sign) * -2)
            return (-t / (2 + t)).times_sign(sign)

        def small(x: ScaledDD) -> ScaledDD:
            # However small it is, the cube takes something off, and its next term is less than 2^-80 of it.
            cube = x * x * x / 3
            doubt = np.abs(cube.hi) * 2.0**-78
            return x - cube.add_error(-doubt, doubt)

        size = np.abs(x.value)
        return self._parts(
            x, (x.hi == 0, _at_most), (size < SERIES_THRESHOLD, small), (size > 100, far), via_double_double("tanh")
        )

    def tanh_softplus(self, x: ScaledDD) -> ScaledDD:
        """n / (n + 2) with n = u (u + 2), u = e^x; on the right with w = e^-x for 1/u."""

        def left(x: ScaledDD) -> ScaledDD:
            u = self.exp(x)
            n = u * (u + 2)
            return n / (n + 2)

        def right(x: ScaledDD) -> ScaledDD:
            w = self.exp(-x)
            n = 1 + 2 * w
            return n / (n + 2 * w * w)

        return self._parts(x, (x.value < 0, left), right)

    def tanhshrink(self, x: ScaledDD) -> ScaledDD:
        """x - tanh x, near 0 x^3/3 - 2 x^5/15 and 17 x^7/315 (1 +- 2^-40)."""

        def small(x: ScaledDD) -> ScaledDD:
            square = x * x
            return plus_remainder(square * x * (Fraction(1, 3) - square * Fraction(2, 15)), x, 7, 17 / 315)

        size = np.abs(x.value)
        far = (size > 100, lambda x: x - self.tanh(x))
        return self._parts(x, (size < SERIES_THRESHOLD, small), far, via_double_double("tanhshrink"))

    # --- logarithms --------------------------------------------------------------------------------------------

    def log1p(self, x: ScaledDD) -> ScaledDD:
        """log(1 + x)."""

        def nothing(x: ScaledDD) -> ScaledDD:
            x = x.divide_out()
            return ScaledDD.from_interval(np.where(x.rem_lo < 0, 2.0, 0.5) * x.rem_lo, x.rem_hi, x.exponent)

        def small(x: ScaledDD) -> ScaledDD:
            return plus_remainder(x - x * x * (Fraction(1, 2) - x / 3), x, 4, -1 / 4)

        value = x.value
        far = (value > 2.0**100, lambda x: self.log(1 + x))
        return self._parts(
            x, (x.hi == 0, nothing), (np.abs(value) < SERIES_THRESHOLD, small), far, via_double_double("log1p")
        )

    def log(self, x: ScaledDD) -> ScaledDD:
        """log x = k log 2 + log m with m in [1/2, 1)."""
        x = x.divide_out()
        if np.any(x.hi <= 0):
            raise Undecided
        near_one = np.abs(x.value - 1) < 0.25
        return self._parts(x, (near_one, lambda x: self.log1p(x - 1)), self._log)

    def _log(self, x: ScaledDD) -> ScaledDD:
        near = np.zeros_like(x.exponent)
        whole = ScaledDD.from_float(x.exponent.astype(np.float64))
        return whole * _LOG_2 + _from_double_double(_DOUBLE_DOUBLE.log, ScaledDD(x.hi, x.lo, near, x.rem_lo, x.rem_hi))

    def softplus(self, x: ScaledDD) -> ScaledDD:
        """max(x, 0) + log1p(e^-|x|)."""
        left = (x.value < 0, lambda x: self.log1p(self.exp(x)))
        return self._parts(x, left, lambda x: x + self.log1p(self.exp(-x)))

    def logcosh(self, x: ScaledDD) -> ScaledDD:
        """|x| - log 2 + log1p(e^-2|x|), near 0 x^2/2 - x^4/12 and x^6/45 (1 +- 2^-40)."""

        def small(x: ScaledDD) -> ScaledDD:
            square = x * x
            return plus_remainder(square * (Fraction(1, 2) - square / 12), x, 6, 1 / 45)

        def far(x: ScaledDD) -> ScaledDD:
            size = abs(x)
            return (size - _LOG_2) + self.log1p(self.exp(size * -2))

        size = np.abs(x.value)
        return self._parts(x, (size < SERIES_THRESHOLD, small), (size > 100, far), via_double_double("logcosh"))

    # --- algebra and the circle --------------------------------------------------------------------------------

    def sqrt(self, x: ScaledDD) -> ScaledDD:
        """The square root of a positive x."""
        x = x.divide_out()
        if np.any(x.hi <= 0):
            raise Undecided
        odd = x.exponent & 1
        scale = np.where(odd == 1, 2.0, 1.0)
        x = ScaledDD(x.hi * scale, x.lo * scale, x.exponent - odd, x.rem_lo * scale, x.rem_hi * scale)
        root = np.sqrt(x.hi)
        guess = ScaledDD(root, np.zeros_like(root), x.exponent >> 1, np.zeros_like(root), np.zeros_like(root))
        # Newton's step from above or below ends above the root, by the square of what it went over twice the root.
        step = (x - guess * guess) / (2 * guess)
        better = guess + step
        size = (step.hi * power_of_two(step.exponent - better.exponent)) ** 2 / (2 * root)
        # A step that is nothing but a remainder from above leaves the root above its guess.
        below = np.where((step.hi == 0) & (step.rem_lo >= 0), 0.0, -1.01 * size - TINY)
        return better.add_error(below, -0.99 * size)

    def sin(self, x: ScaledDD) -> ScaledDD:
        """sin x, near 0 x - x^3/6 and x^5/120 (1 +- 2^-40); of an enormous x no more than that it is a sine."""

        def small(x: ScaledDD) -> ScaledDD:
            return plus_remainder(x - x * x * x / 6, x, 5, 1 / 120)

        return self._parts(x, (np.abs(x.value) < SERIES_THRESHOLD, small), *_circle("sin", x))

    def cos(self, x: ScaledDD) -> ScaledDD:
        """cos x, near 0 1 - x^2/2 + x^4/24 and -x^6/720 (1 +- 2^-40); of an enormous x only that it is a cosine."""

        def small(x: ScaledDD) -> ScaledDD:
            square = x * x
            return plus_remainder(1 - square * (Fraction(1, 2) - square / 24), x, 6, -1 / 720)

        return self._parts(x, (np.abs(x.value) < SERIES_THRESHOLD, small), *_circle("cos", x))

    def atan(self, x: ScaledDD) -> ScaledDD:
        """The arc tangent of x, near 0 x - x^3/3 and x^5/5 (1 +- 2^-40); far out pi/2 less that of 1/x."""

        def small(x: ScaledDD) -> ScaledDD:
            return plus_remainder(x - x * x * x / 3, x, 5, 1 / 5)

        def far(x: ScaledDD) -> ScaledDD:
            sign = np.where(x.value < 0, -1.0, 1.0)
            return (self.pi / 2 - small(1 / x.times_sign(sign))).times_sign(sign)

        size = np.abs(x.value)
        return self._parts(
            x, (size < SERIES_THRESHOLD, small), (size > 1 / SERIES_THRESHOLD, far), via_double_double("atan")
        )

    def asinh(self, x: ScaledDD) -> ScaledDD:
        """asinh x, near 0 x - x^3/6 and 3 x^5/40 (1 +- 2^-40); far out log(2|x|) + 1/(4 x^2)."""

        def small(x: ScaledDD) -> ScaledDD:
            return plus_remainder(x - x * x * x / 6, x, 5, 3 / 40)

        def far(x: ScaledDD) -> ScaledDD:
            sign = np.where(x.value < 0, -1.0, 1.0)
            size = x.times_sign(sign)
            inverse = 1 / size
            return plus_remainder(self.log(2 * size) + inverse * inverse / 4, inverse, 4, -3 / 32).times_sign(sign)

        size = np.abs(x.value)
        return self._parts(
            x, (size < SERIES_THRESHOLD, small), (size > 1 / SERIES_THRESHOLD, far), via_double_double("asinh")
        )

    # --- the normal distribution -------------------------------------------------------------------------------

    def phi(self, x: ScaledDD) -> ScaledDD:
        """The normal density e^(-x^2/2) / sqrt(2 pi)."""
        return self.exp(-(x * x) / 2) / self.sqrt(2 * self.pi)

    def ndtr(self, x: ScaledDD) -> ScaledDD:
        """Phi x, near 0 1/2 + (x - x^3/6) phi(0) and x^5/40 phi(0); far out by the Mills ratio."""
        root = self.sqrt(2 * self.pi)

        def small(x: ScaledDD) -> ScaledDD:
            return Fraction(1, 2) + plus_remainder(x - x * x * x / 6, x, 5, 1 / 40) / root

        def far(x: ScaledDD) -> ScaledDD:
            sign = np.where(x.value < 0, -1.0, 1.0)
            size = x.times_sign(-sign)
            tail = self.mills(-size) * self.exp(-(x * x) / 2) / root
            return ScaledDD.from_float(0.5 + 0.5 * sign) - tail.times_sign(sign)

        size = np.abs(x.value)
        return self._parts(x, (size < SERIES_THRESHOLD, small), (size > 20, far), via_double_double("ndtr"))

    def mills(self, t: ScaledDD) -> ScaledDD:
        """M(t) for t >= 0; far out 1/t (1 - 1/t^2 (1 - 3/t^2 (1 - ...))), whose next term bounds it."""

        def far(t: ScaledDD) -> ScaledDD:
            inverse = 1 / (t * t)
            terms = as_scaled_dd(1)
            for odd in range(13, -1, -2):
                terms = 1 - odd * inverse * terms if odd else terms
            bound = 15.0 * 13 * 11 * 9 * 7 * 5 * 3 * np.minimum(t.value, 2.0**60) ** -16.0
            return terms.add_error(-bound, bound) / t

        return self._parts(t, (t.value > 60, far), via_double_double("mills"))

    def erf(self, x: ScaledDD) -> ScaledDD:
        """erf x, near 0 2/sqrt(pi) (x - x^3/3) and x^5/5; far out 1 - sqrt(2/pi) M(sqrt 2 |x|) e^(-x^2)."""

        def small(x: ScaledDD) -> ScaledDD:
            return 2 * plus_remainder(x - x * x * x / 3, x, 5, 1 / 10) / self.sqrt(self.pi)

        def far(x: ScaledDD) -> ScaledDD:
            sign = np.where(x.value < 0, -1.0, 1.0)
            size = x.times_sign(sign)
            tail = self.mills(size * self.sqrt(ScaledDD.from_rational(2))) * self.exp(-(x * x)) * self.sqrt(2 / self.pi)
            return (1 - tail).times_sign(sign)

        size = np.abs(x.value)
        return self._parts(x, (size < SERIES_THRESHOLD, small), (size > 14, far), via_double_double("erf"))

    def _parts(self, x: ScaledDD, *cases: Any) -> ScaledDD:
        result = piecewise(x, cases)
        return as_scaled_dd(result)


def plus_remainder(terms: ScaledDD, x: ScaledDD, power: int, coefficient: float) -> ScaledDD:
    """`terms` and a remainder coefficient x**power (1 +- 2^-40)."""
    x = x.divide_out()
    shift = power * x.exponent - terms.exponent
    rest = x.hi**power * coefficient * terms.denominator * power_of_two(shift)
    # Where the power of two was cut, the remainder is less than it seems, but has its sign.
    ends = np.where(shift < -1000, 0.0, rest * (1 - 2.0**-38)), rest * (1 + 2.0**-38)
    spread = np.maximum(np.abs(x.rem_lo), np.abs(x.rem_hi))
    if np.any(spread):
        # A remainder of x moves this one far less than its own width, save where x is nothing but remainder.
        loose = 2 * np.abs(ends[1]) + TINY
        vague = np.abs(x.hi) < 2.0**40 * spread
        ends = np.where(vague, -loose, ends[0]), np.where(vague, loose, ends[1])
    return terms.add_error(np.minimum(*ends), np.maximum(*ends))


def _vanished(x: ScaledDD) -> ScaledDD:
    return ScaledDD.from_interval(np.zeros_like(x.hi), np.ones_like(x.hi), np.int64(_VANISHED))


def _at_most(x: ScaledDD) -> ScaledDD:
    """What a function that stays between x/2 and x makes of a number that is nothing but a remainder."""
    x = x.divide_out()
    least, most = np.where(x.rem_lo > 0, 0.5, 1.0) * x.rem_lo, np.where(x.rem_hi < 0, 0.5, 1.0) * x.rem_hi
    return ScaledDD.from_interval(least, most, x.exponent)


def _circle(name: str, x: ScaledDD) -> tuple[Any, ...]:
    """The cases of a sine or cosine that is not small: of a large x whole turns are taken off."""
    size = np.abs(x.value)

    def turned(x: ScaledDD) -> ScaledDD:
        return via_double_double(name)(x - ScaledDD.from_float(np.rint(x.value / float(2 * _PI))) * (2 * _PI))

    return (size > _MOST_TURNS, _any_sine), (size > 3000.0, turned), via_double_double(name)


def _any_sine(x: ScaledDD) -> ScaledDD:
    return ScaledDD.from_interval(np.full_like(x.hi, -1.0 - SLACK), np.full_like(x.hi, 1.0 + SLACK), np.int64(0))


def via_double_double(name: str) -> Callable[[ScaledDD], ScaledDD]:
    return lambda x: _from_double_double(getattr(_DOUBLE_DOUBLE, name), x)


def _from_double_double(function: Callable[[DoubleDouble], DoubleDouble], x: ScaledDD) -> ScaledDD:
    """What the fast reading says of a number in its range, its error bound as the remainder."""
    x = x.divide_out()
    value = x.value
    if not np.all(np.isfinite(value)):
        raise Undecided
    scale = power_of_two(x.exponent)
    rest = x.lo * scale + (x.hi * scale - value)
    head = truncate26(value)
    doubt = np.maximum(np.abs(x.rem_lo), np.abs(x.rem_hi)) * scale
    exact = (rest == 0) & (doubt == 0)
    number = (
        DoubleDouble.from_float(value) if np.all(exact) else DoubleDouble(head, (value - head) + rest, 2.0**-77, doubt)
    )
    result = function(number)
    error = result.error_bound() + TINY
    zero = np.zeros_like(value, dtype=np.int64)
    high, low = two_sum(result.hi + np.zeros_like(value), result.lo)
    return ScaledDD(high, low, zero, -error, error + np.zeros_like(value))
