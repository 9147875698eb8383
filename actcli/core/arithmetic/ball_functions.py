"""The exact reading of the core's arithmetic: functions of balls, of any precision, one element at a time.

A formula f(m, x, **params) is handed an arithmetic m and numbers of its kind. Here the numbers are balls, so
what cancels shows up as a radius too wide to decide with, and the caller asks again with more digits (Ziv
1991). A function's value at the midpoint comes from `exact_functions`; the argument's radius is carried
through by a bound of the slope, or, where the function is monotone and the ball wide, by the values at the
ball's two ends.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from actcli.core.arithmetic.ball import Ball, BallOperations
from actcli.core.arithmetic.fixed_point import PointFunctions
from actcli.core.arithmetic.signals import ExponentOverflow, OutsideDomain, Undecided

__all__ = ["Ball", "BallArithmetic"]

_ZERO, _ONE, _HALF, _MINUS_ONE = Decimal(0), Decimal(1), Decimal("0.5"), Decimal(-1)
_NARROW = Decimal("0.25")
_THOUSANDTH = Decimal("0.001")
_LARGEST_ANGLE = 5000
_EXP_LIMITS = Decimal("-1e17"), Decimal("1e17")
# e^x of x < -10^17 is in (0, 10^-43429448190325182]: one ball for all of them, whose midpoint keeps the sign.
_VANISHING = Decimal((0, (5,), -43429448190325183))
# From w = bits/8 on, a Gaussian tail's continued fraction takes fewer steps than the series of its body.
_BITS_TO_TAIL = 8
# Above 2/sqrt(pi) and 1/sqrt(2 pi), the slopes at 0 of erf and of the normal distribution.
_ERF_SLOPE, _NDTR_SLOPE = Decimal("1.12838"), Decimal("0.398943")
# Beyond what rounding to nearest takes off e^x in the context of the radii.
_SAFE = Decimal("1.00000001")
_FAR, _FAR_OUT = Decimal("1e8"), Decimal("1e9")

_Method = Callable[["BallArithmetic", Ball], Ball]


def _by_ends_if_wide(method: _Method) -> _Method:
    """A monotone function, written for radii up to 1/4, made to enclose any ball."""

    @functools.wraps(method)
    def enclosing(m: BallArithmetic, x: Ball) -> Ball:
        return m.monotone_enclosure(functools.partial(method, m), x) if x.rad > _NARROW else method(m, x)

    return enclosing


def _odd(method: _Method) -> _Method:
    """An odd function, written for midpoints >= 0, made to take any."""

    @functools.wraps(method)
    def mirrored(m: BallArithmetic, x: Ball) -> Ball:
        return -method(m, -x) if x.mid < 0 else method(m, x)

    return mirrored


class BallArithmetic(BallOperations):
    """Numbers and functions with `digits` decimal digits, in enclosures; an instance belongs to one thread.

    A result is as wide as the arguments make it, and no more than some units of its last digit wider: a
    function of an exact number has a relative radius near 10^-digits, also beside its zeros and far out in
    its tails. One that saturates comes as near its limit as it truly is: tanh(100) with 40 digits is 1 with a
    radius of 3e-87. e^x raises Enormous above 10^17, and so do sinh and cosh; a function that is bounded, or
    grows no faster than x, does not.
    """

    def __init__(self, digits: int) -> None:
        super().__init__(digits)
        self._points = PointFunctions(digits)
        self._tail_from = Decimal(self._points.bits // _BITS_TO_TAIL)

    @functools.cached_property
    def _finer_points(self) -> PointFunctions:
        """As many more digits as 1 - erf x cancels before its tail is taken instead."""
        return PointFunctions(self.digits + int(self._tail_from) * 7 // 16 + 4)

    @functools.cached_property
    def pi(self) -> Ball:
        """The number pi."""
        return self.point(self._points.pi())

    @functools.cached_property
    def e(self) -> Ball:
        """The number e."""
        return self.exp(self.number(1))

    @functools.cached_property
    def _ln2(self) -> Ball:
        return self.point(self._points.ln2())

    def piecewise(self, x: Any, *cases: Any) -> Any:
        """The first function whose condition holds, of x: cases are (condition, function), the last bare."""
        for condition, function in cases[:-1]:
            if condition:
                return function(x)
        return cases[-1](x)

    def maximum(self, a: Any, b: Any) -> Any:
        """The greater of the two; a if they are equal."""
        return max(a, b)

    def minimum(self, a: Any, b: Any) -> Any:
        """The smaller of the two; a if they are equal."""
        return min(a, b)

    def abs(self, x: Ball) -> Ball:
        """|x|."""
        return abs(x)

    @_by_ends_if_wide
    def exp(self, x: Ball) -> Ball:
        """e^x; Enormous above 10^17, and one ball from zero to 10^-43429448190325182 below -10^17."""
        y = self._exp_at(x.mid)
        return y.add_error(self._growth(self.up.add(y.mid, y.rad), x.rad)) if x.rad else y

    def _exp_at(self, x: Decimal) -> Ball:
        if x.copy_abs() < _THOUSANDTH:
            return 1 + self._expm1_at(x)
        if x > _EXP_LIMITS[1]:
            raise ExponentOverflow("exp")
        if x < _EXP_LIMITS[0]:
            return Ball(self, _VANISHING, _VANISHING)
        return self.point(self._points.exp(x))

    def _expm1_at(self, x: Decimal) -> Ball:
        return self.point(self._points.expm1(x)) if x else Ball(self, _ZERO)

    def _growth(self, power: Decimal, r: Decimal) -> Decimal:
        """A bound of |e^(x + h) - e^x| for |h| <= r <= 1 and power >= e^x: e^r - 1 <= r + r^2."""
        return self.up.multiply(power, self.up.fma(r, r, r))

    @_by_ends_if_wide
    def expm1(self, x: Ball) -> Ball:
        """e^x - 1."""
        if x.mid.copy_abs() >= _ONE:
            return self.exp(x) - 1
        return self._expm1_at(x.mid).add_error(self._growth(Decimal(3), x.rad))

    def log(self, x: Ball) -> Ball:
        """The natural logarithm, within r/(x0 - r) of the midpoint's."""
        low = self._above(x, _ZERO, "log")
        y = self.point(self._points.log(x.mid)) if x.mid != _ONE else Ball(self, _ZERO)
        return y.add_error(self.up.divide(x.rad, low))

    def log1p(self, x: Ball) -> Ball:
        """log(1 + x), within r/(1 + x0 - r) of the midpoint's."""
        low = self._above(x, _MINUS_ONE, "log1p")
        y = self.point(self._points.log1p(x.mid)) if x.mid else Ball(self, _ZERO)
        return y.add_error(self.up.divide(x.rad, low))

    def _above(self, x: Ball, limit: Decimal, name: str) -> Decimal:
        """A lower bound of x - limit, which has to be positive."""
        low, high = x.endpoints()
        if low > limit:
            return self.floor.subtract(low, limit)
        raise Undecided(f"{name} near {limit}") if high > limit else OutsideDomain(f"{name} up to {limit}")

    def sin(self, x: Ball) -> Ball:
        """The sine; 0 +- 1 for a radius above 1 and beyond 10^5000."""
        return self._sin_cos(x)[0]

    def cos(self, x: Ball) -> Ball:
        """The cosine; 0 +- 1 for a radius above 1 and beyond 10^5000."""
        return self._sin_cos(x)[1]

    def tan(self, x: Ball) -> Ball:
        """The tangent, sin x / cos x."""
        sin, cos = self._sin_cos(x)
        return sin / cos

    def _sin_cos(self, x: Ball) -> tuple[Ball, Ball]:
        if x.rad > _ONE or x.mid.adjusted() > _LARGEST_ANGLE:
            return (Ball(self, _ZERO, _ONE),) * 2
        sin, cos = self._sin_cos_at(x.mid)
        return sin.add_error(x.rad), cos.add_error(x.rad)

    def _sin_cos_at(self, x: Decimal) -> tuple[Ball, Ball]:
        if not x:
            return Ball(self, x), Ball(self, _ONE)
        sin, cos = (self.point(value) for value in self._points.sin_cos(x))
        if x.copy_abs() < _THOUSANDTH:
            # As near to 1 as it truly is, which no rounding of the cosine's own digits gives.
            cos = self.sqrt(1 - sin.square())
        return sin, cos

    @_by_ends_if_wide
    @_odd
    def sinh(self, x: Ball) -> Ball:
        """(e^x - e^-x)/2, from e^x - 1 where that would cancel."""
        if x.mid >= _ONE:
            power = self.exp(x)
            return (power - 1 / power) / 2
        t = self.expm1(x)
        return (t + t / (t + 1)) / 2

    def cosh(self, x: Ball) -> Ball:
        """(e^x + e^-x)/2, near 0 as 1 + 2 sinh^2(x/2)."""
        if x.mid.copy_abs() < _ONE:
            return 1 + 2 * self.sinh(x / 2).square()
        size = abs(x)
        return (self.exp(size) + self.exp(-size)) / 2

    def cosigmoid(self, x: Ball) -> Ball:
        """1 - sigmoid(x) = sigmoid(-x)."""
        return self.sigmoid(-x)

    @_by_ends_if_wide
    @_odd
    def tanh(self, x: Ball) -> Ball:
        """-t/(2 + t) with t = e^-2x - 1."""
        t = self.expm1(x * -2)
        return -t / (t + 2)

    def sech(self, x: Ball) -> Ball:
        """1/cosh x = 2E/(1 + E^2) with E = e^-|x|."""
        if x.mid.copy_abs() < _ONE and x.rad <= _NARROW:
            return 1 / self.cosh(x)
        power = self.exp(-abs(x))
        return 2 * power / (1 + power.square())

    @_by_ends_if_wide
    @_odd
    def asinh(self, x: Ball) -> Ball:
        """log1p(x + x^2/(1 + sqrt(1 + x^2))); beyond 10^digits log 2x, less than 1/(4 x^2) below."""
        centre = Ball(self, x.mid)
        if x.mid.adjusted() > self.digits:
            y = self.log(2 * centre).add_error(self._half_unit)
        else:
            square = centre.square()
            y = self.log1p(centre + square / (1 + self.sqrt(1 + square)))
        return y.add_error(self.up.divide(x.rad, self._least_size(x)))

    @_odd
    def atan(self, x: Ball) -> Ball:
        """The arctangent; its slope is at most 1 and at most 1/x^2."""
        y = self.point(self._points.atan(x.mid)) if x.mid else Ball(self, _ZERO)
        low = self._least_size(x)
        return y.add_error(self.up.divide(self.up.divide(x.rad, low), low))

    def _least_size(self, x: Ball) -> Decimal:
        """A lower bound of max(1, |x|)."""
        return max(_ONE, self.floor.subtract(x.mid.copy_abs(), x.rad))

    @_by_ends_if_wide
    def sigmoid(self, x: Ball) -> Ball:
        """1/(1 + e^-x) = E/(1 + E) with E = e^x, for whichever E is the smaller."""
        if x.mid < 0:
            power = self.exp(x)
            return power / (1 + power)
        return 1 / (1 + self.exp(-x))

    @_by_ends_if_wide
    def softplus(self, x: Ball) -> Ball:
        """log(1 + e^x) = max(x, 0) + log1p(e^-|x|)."""
        return self.log1p(self.exp(x)) if x.mid < 0 else x + self.log1p(self.exp(-x))

    def tanh_softplus(self, x: Ball) -> Ball:
        """tanh(log(1 + e^x))."""
        return self.tanh(self.softplus(x))

    def logcosh(self, x: Ball) -> Ball:
        """The logarithm of cosh x, log1p(sinh^2 x)/2 near 0, else |x| - log 2 + log1p(e^-2|x|)."""
        centre = Ball(self, x.mid.copy_abs())
        if centre.mid < _ONE:
            y = self.log1p(self.sinh(centre).square()) / 2
        else:
            y = centre + (self.log1p(self.exp(centre * -2)) - self._ln2)
        return y.add_error(self.up.multiply(x.rad, min(_ONE, self.up.add(centre.mid, x.rad))))

    @_by_ends_if_wide
    @_odd
    def tanhshrink(self, x: Ball) -> Ball:
        """The difference x - tanh x; its slope is tanh^2 x."""
        if x.mid >= _ONE:
            return x - self.tanh(x)
        y = self.point(self._points.tanhshrink(x.mid)) if x.mid else Ball(self, _ZERO)
        size = self.up.add(x.mid, x.rad)
        return y.add_error(self.up.multiply(x.rad, self.up.multiply(size, size)))

    @_by_ends_if_wide
    def erf(self, x: Ball) -> Ball:
        """The error function."""
        near = self._gauss(x.mid.copy_abs(), False)[0]
        return (-near if x.mid < 0 else near).add_error(self._gauss_change(x, False))

    @_by_ends_if_wide
    def erfc(self, x: Ball) -> Ball:
        """1 - erf x."""
        near, far = self._gauss(x.mid.copy_abs(), False)
        return (1 + near if x.mid < 0 else far).add_error(self._gauss_change(x, False))

    def phi(self, x: Ball) -> Ball:
        """The normal density e^(-x^2/2) / sqrt(2 pi)."""
        return self.exp(-(x * x) / 2) / self.sqrt(2 * self.pi)

    @_by_ends_if_wide
    def ndtr(self, x: Ball) -> Ball:
        """The normal distribution function Phi(x) = erfc(-x/sqrt 2)/2."""
        near, far = self._gauss(x.mid.copy_abs(), True)
        return (far if x.mid < 0 else self.number(1) / 2 + near).add_error(self._gauss_change(x, True))

    @_by_ends_if_wide
    def mills(self, t: Ball) -> Ball:
        """Mills' ratio M = Phi(-t)/phi(t); for t > 0, 1/t - 1/t^3 < M < 1/t and -1/(1 + t^2) < M' < 0."""
        if t.mid > 0 and t.mid.adjusted() > self.digits:
            y = 1 / Ball(self, t.mid)
            y = y.add_error(self.half_unit(y.mid))
        elif t.mid < 0 or self._points.gauss_exponent(t.mid, True) < self._tail_from:
            return self.ndtr(-t) * self.exp(t.square() / 2) * self.sqrt(2 * self.pi)
        else:
            y = self.point(self._points.mills(t.mid))
        low = self._least_size(t)
        return y.add_error(self.up.divide(self.up.divide(t.rad, low), low))

    def _gauss(self, x: Decimal, normal: bool) -> tuple[Ball, Ball]:
        """The mass from 0 to x >= 0 and that beyond: erf and erfc, or Phi - 1/2 and 1 - Phi if normal."""
        whole = self.number(1) / 2 if normal else self.number(1)
        if not x:
            return Ball(self, _ZERO), whole
        finer = self._finer_points
        x = min(_FAR_OUT, finer.context.plus(x))
        w = self._points.gauss_exponent(x, normal)
        if w < self._tail_from:
            body = finer.gauss_body(x, normal)
            unit = Decimal((0, (1,), -finer.digits))
            return self.point(body), whole - Ball(self, body, self.up.multiply(body, unit))
        if w < _EXP_LIMITS[1]:
            far = self.point(self._points.gauss_tail(x, normal))
        else:
            far = Ball(self, _VANISHING, _VANISHING)
        return whole - far, far

    def _gauss_change(self, x: Ball, normal: bool) -> Decimal:
        """A bound of the change over a ball: its radius times the slope at its least |x|."""
        if not x.rad:
            return _ZERO
        low = min(_FAR, max(_ZERO, self.floor.subtract(x.mid.copy_abs(), x.rad)))
        slope, rate = (_NDTR_SLOPE, _HALF) if normal else (_ERF_SLOPE, _ONE)
        exponent = self.floor.multiply(self.floor.multiply(low, low), rate)
        power = self.up.multiply(_SAFE, self.up.exp(exponent.copy_negate()))
        return self.up.multiply(x.rad, self.up.multiply(slope, power))
