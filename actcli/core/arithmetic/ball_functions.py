"""Elementary functions of balls, of any precision, one number at a time.

Contract: f of a ball x contains f(t) for every t in x. The value at the midpoint comes from `PointFunctions`; the
radius r of x is propagated by a bound of the derivative over the ball. For a wide ball (radius above 1/4) that bound
would be too coarse: a monotone function is then enclosed from its values at the two ends.

Cancellation inside a formula shows as a wide radius, and the caller repeats the evaluation with more digits: Ziv's
strategy (A. Ziv, "Fast evaluation of elementary mathematical functions with correctly rounded last bit", ACM
Transactions on Mathematical Software 17(3), 1991, doi:10.1145/114697.116813).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from actcli.core.arithmetic.ball import Ball, BallOperations
from actcli.core.arithmetic.fixed_point import PointFunctions
from actcli.core.arithmetic.signals import ExponentOverflow, OutsideDomain, Undecided

if TYPE_CHECKING:
    from actcli.core.arithmetic.protocol import Case

__all__ = ["BallArithmetic"]

_ZERO, _ONE, _HALF, _MINUS_ONE = Decimal(0), Decimal(1), Decimal("0.5"), Decimal(-1)

_MAX_DERIVATIVE_RADIUS = Decimal("0.25")
"""Largest radius for which a monotone function is enclosed by a bound of its derivative."""

_NEAR_ZERO = Decimal("0.001")
"""|x| below which e^x and cos x are computed as 1 + (a small number), so that the radius shrinks with x."""

_MAX_ANGLE_EXPONENT = 5000
"""Decimal exponent of x up to which sin and cos are reduced: the reduction takes that many digits of pi."""

_EXP_MIN, _EXP_MAX = Decimal("-1e17"), Decimal("1e17")
"""Range of x in which e^x is computed. At its ends e^x is 10^(+-4.3 * 10^16), within the exponents of `decimal`."""

_BELOW_EXP_MIN = Decimal((0, (5,), -43429448190325183))
"""m such that m +- m contains e^x for every x < -10^17.

-10^17 log10(e) = -43429448190325182.76..., so that e^x < 10^-43429448190325182.76 = 1.7 * 10^-43429448190325183, and
2m = 10^-43429448190325182. The midpoint is positive, so that a result rounded to zero keeps its sign.
"""

_BITS_PER_TAIL_W = 8
"""The tail of the Gaussian is used from w = bits/8 on: its continued fraction then takes fewer steps than the series
of the body takes terms."""

_ERF_DERIVATIVE, _NDTR_DERIVATIVE = Decimal("1.12838"), Decimal("0.398943")
"""Upper bounds of erf'(0) = 2/sqrt(pi) = 1.128379... and Phi'(0) = 1/sqrt(2 pi) = 0.3989422..."""

_EXP_SAFETY = Decimal("1.00000001")
"""Factor that makes e^x rounded to nearest an upper bound: the 10 digits of a radius err by at most 5 * 10^-10."""

_MAX_DERIVATIVE_ARGUMENT, _MAX_GAUSS_ARGUMENT = Decimal("1e8"), Decimal("1e9")
"""Sizes at which arguments of the Gaussian functions are clamped, before their squares are taken.

Both clamps are correct because the functions fall monotonically there. The derivative at 10^8 bounds the smaller one at
a larger argument. Beyond 10^9 the tail is below e^(-5 * 10^17), which is in the ball for e^x of x < -10^17.
"""

_Number = TypeVar("_Number", bound=Ball)
_Method = Callable[["BallArithmetic", Ball], Ball]


def _monotone(method: _Method) -> _Method:
    """Extend a monotone function, written for radii up to 1/4, to balls of any radius."""

    @functools.wraps(method)
    def enclosing(m: BallArithmetic, x: Ball) -> Ball:
        if x.rad > _MAX_DERIVATIVE_RADIUS:
            return m.monotone_enclosure(functools.partial(method, m), x)
        return method(m, x)

    return enclosing


def _odd(method: _Method) -> _Method:
    """Extend an odd function, written for midpoints >= 0, to all midpoints."""

    @functools.wraps(method)
    def mirrored(m: BallArithmetic, x: Ball) -> Ball:
        return -method(m, -x) if x.mid < 0 else method(m, x)

    return mirrored


class BallArithmetic(BallOperations):
    """Balls and their elementary functions with `digits` working digits; not thread-safe.

    The radius of a result is that which the argument's radius implies, plus a few units of the last digit. A function
    of an exact number has a relative radius near 10^-digits, also near its zeros and in its tails. Near a limit the
    radius is the distance from it, if that is smaller: tanh(100) with 40 digits is 1 with a radius of 3e-87.

    e^x raises ExponentOverflow for x > 10^17, and so do sinh and cosh. Bounded functions, and those that grow no faster
    than x, do not.
    """

    def __init__(self, digits: int) -> None:
        super().__init__(digits)
        self._points = PointFunctions(digits)
        self._tail_from = Decimal(self._points.bits // _BITS_PER_TAIL_W)

    @functools.cached_property
    def _finer_points(self) -> PointFunctions:
        """Point functions with as many more digits as 1 - erf x cancels before its tail is used instead.

        1 - erf x is about e^-w, and w log10(e) = 0.4343 w < 7/16 w; 4 digits cover the factor 1/(x sqrt(pi)).
        """
        return PointFunctions(self.digits + int(self._tail_from) * 7 // 16 + 4)

    @functools.cached_property
    def pi(self) -> Ball:
        """The number pi."""
        return self.from_point(self._points.pi())

    @functools.cached_property
    def e(self) -> Ball:
        """The number e."""
        return self.exp(self.number(1))

    @functools.cached_property
    def _ln2(self) -> Ball:
        return self.from_point(self._points.ln2())

    def piecewise(self, x: Ball, *cases: Case[Ball]) -> Any:
        """Return the first formula whose condition is true, at x: a ball or an exact constant."""
        for case in cases:
            if not isinstance(case, tuple):
                return case(x)
            condition, formula = case
            if condition:
                return formula(x)
        raise ValueError("piecewise requires a last case without a condition")

    def maximum(self, a: _Number, b: _Number) -> _Number:
        """Return the greater of the two; a if they are equal."""
        return max(a, b)

    def minimum(self, a: _Number, b: _Number) -> _Number:
        """Return the smaller of the two; a if they are equal."""
        return min(a, b)

    def abs(self, x: Ball) -> Ball:
        """Return |x|."""
        return abs(x)

    @_monotone
    def exp(self, x: Ball) -> Ball:
        """Return e^x; for x < -10^17 the same ball, which reaches from zero to 10^-43429448190325182."""
        y = self._exp_at(x.mid)
        return y.add_error(self._exp_error(self.up.add(y.mid, y.rad), x.rad)) if x.rad else y

    def _exp_at(self, x: Decimal) -> Ball:
        if x.copy_abs() < _NEAR_ZERO:
            return 1 + self._expm1_at(x)
        if x > _EXP_MAX:
            raise ExponentOverflow("exp")
        if x < _EXP_MIN:
            return Ball(self, _BELOW_EXP_MIN, _BELOW_EXP_MIN)
        return self.from_point(self._points.exp(x))

    def _expm1_at(self, x: Decimal) -> Ball:
        return self.from_point(self._points.expm1(x)) if x else Ball(self, _ZERO)

    def _exp_error(self, power: Decimal, r: Decimal) -> Decimal:
        """Return a bound of |e^(x + h) - e^x| for |h| <= r <= 1 and power >= e^x: e^r - 1 <= r + r^2."""
        return self.up.multiply(power, self.up.fma(r, r, r))

    @_monotone
    def expm1(self, x: Ball) -> Ball:
        """Return e^x - 1."""
        if x.mid.copy_abs() >= _ONE:
            return self.exp(x) - 1
        # e^x < e < 3 for midpoints below 1.
        return self._expm1_at(x.mid).add_error(self._exp_error(Decimal(3), x.rad))

    def log(self, x: Ball) -> Ball:
        """Return the natural logarithm; its derivative is at most 1/(x0 - r)."""
        distance = self._distance_above(x, _ZERO, "log")
        y = self.from_point(self._points.log(x.mid)) if x.mid != _ONE else Ball(self, _ZERO)
        return y.add_error(self.up.divide(x.rad, distance))

    def log1p(self, x: Ball) -> Ball:
        """Return log(1 + x); its derivative is at most 1/(1 + x0 - r)."""
        distance = self._distance_above(x, _MINUS_ONE, "log1p")
        y = self.from_point(self._points.log1p(x.mid)) if x.mid else Ball(self, _ZERO)
        return y.add_error(self.up.divide(x.rad, distance))

    def _distance_above(self, x: Ball, limit: Decimal, name: str) -> Decimal:
        """Return a lower bound of x - limit, or raise a signal unless it is positive."""
        lower, upper = x.endpoints()
        if lower > limit:
            return self.floor.subtract(lower, limit)
        raise Undecided(f"{name} near {limit}") if upper > limit else OutsideDomain(f"{name} up to {limit}")

    def sin(self, x: Ball) -> Ball:
        """Return the sine; 0 +- 1 if the radius exceeds 1 or |x| exceeds 10^5000."""
        return self._sin_cos(x)[0]

    def cos(self, x: Ball) -> Ball:
        """Return the cosine; 0 +- 1 if the radius exceeds 1 or |x| exceeds 10^5000."""
        return self._sin_cos(x)[1]

    def tan(self, x: Ball) -> Ball:
        """Return the tangent, sin x / cos x."""
        sin, cos = self._sin_cos(x)
        return sin / cos

    def _sin_cos(self, x: Ball) -> tuple[Ball, Ball]:
        """Return sine and cosine, whose derivatives are at most 1; [-1, 1] contains both without any reduction."""
        if x.rad > _ONE or x.mid.adjusted() > _MAX_ANGLE_EXPONENT:
            return (Ball(self, _ZERO, _ONE),) * 2
        sin, cos = self._sin_cos_at(x.mid)
        return sin.add_error(x.rad), cos.add_error(x.rad)

    def _sin_cos_at(self, x: Decimal) -> tuple[Ball, Ball]:
        if not x:
            return Ball(self, x), Ball(self, _ONE)
        sin, cos = (self.from_point(value) for value in self._points.sin_cos(x))
        if x.copy_abs() < _NEAR_ZERO:
            # The distance from 1 is x^2/2, which is below the last digit of a cosine computed directly.
            cos = self.sqrt(1 - sin.square())
        return sin, cos

    @_monotone
    @_odd
    def sinh(self, x: Ball) -> Ball:
        """Return (e^x - e^-x)/2; for x < 1, where that cancels, (t + t/(t + 1))/2 with t = e^x - 1."""
        if x.mid >= _ONE:
            power = self.exp(x)
            return (power - 1 / power) / 2
        t = self.expm1(x)
        return (t + t / (t + 1)) / 2

    def cosh(self, x: Ball) -> Ball:
        """Return (e^x + e^-x)/2; near 0 as 1 + 2 sinh^2(x/2), whose radius shrinks with x."""
        if x.mid.copy_abs() < _ONE:
            return 1 + 2 * self.sinh(x / 2).square()
        size = abs(x)
        return (self.exp(size) + self.exp(-size)) / 2

    def cosigmoid(self, x: Ball) -> Ball:
        """Return 1 - sigmoid(x) = sigmoid(-x)."""
        return self.sigmoid(-x)

    @_monotone
    @_odd
    def tanh(self, x: Ball) -> Ball:
        """Return tanh x = -t/(2 + t) with t = e^-2x - 1."""
        t = self.expm1(x * -2)
        return -t / (t + 2)

    def sech(self, x: Ball) -> Ball:
        """Return 1/cosh x = 2p/(1 + p^2) with p = e^-|x|, which does not overflow."""
        if x.mid.copy_abs() < _ONE and x.rad <= _MAX_DERIVATIVE_RADIUS:
            return 1 / self.cosh(x)
        power = self.exp(-abs(x))
        return 2 * power / (1 + power.square())

    @_monotone
    @_odd
    def asinh(self, x: Ball) -> Ball:
        """Return asinh x = log1p(x + x^2/(1 + sqrt(1 + x^2))); its derivative is at most 1/max(1, |x|).

        Beyond 10^digits it is log 2x with an error below 1/(4 x^2), which is far less than the added 5 * 10^-digits.
        """
        centre = Ball(self, x.mid)
        if x.mid.adjusted() > self.digits:
            y = self.log(2 * centre).add_error(self._rounding_rel_err)
        else:
            square = centre.square()
            y = self.log1p(centre + square / (1 + self.sqrt(1 + square)))
        return y.add_error(self.up.divide(x.rad, self._min_size(x)))

    @_odd
    def atan(self, x: Ball) -> Ball:
        """Return the arctangent; its derivative is at most 1 and at most 1/x^2."""
        y = self.from_point(self._points.atan(x.mid)) if x.mid else Ball(self, _ZERO)
        least = self._min_size(x)
        return y.add_error(self.up.divide(self.up.divide(x.rad, least), least))

    def _min_size(self, x: Ball) -> Decimal:
        """Return a lower bound of max(1, |x|)."""
        return max(_ONE, self.floor.subtract(x.mid.copy_abs(), x.rad))

    @_monotone
    def sigmoid(self, x: Ball) -> Ball:
        """Return 1/(1 + e^-x), or p/(1 + p) with p = e^x if x < 0, so that no exponential overflows."""
        if x.mid < 0:
            power = self.exp(x)
            return power / (1 + power)
        return 1 / (1 + self.exp(-x))

    @_monotone
    def softplus(self, x: Ball) -> Ball:
        """Return log(1 + e^x) = max(x, 0) + log1p(e^-|x|)."""
        return self.log1p(self.exp(x)) if x.mid < 0 else x + self.log1p(self.exp(-x))

    def tanh_softplus(self, x: Ball) -> Ball:
        """Return tanh(log(1 + e^x))."""
        return self.tanh(self.softplus(x))

    def logcosh(self, x: Ball) -> Ball:
        """Return log(cosh x) = log1p(sinh^2 x)/2 near 0, else |x| - log 2 + log1p(e^-2|x|).

        The size of its derivative, tanh x, is at most min(1, |x|).
        """
        centre = Ball(self, x.mid.copy_abs())
        if centre.mid < _ONE:
            y = self.log1p(self.sinh(centre).square()) / 2
        else:
            y = centre + (self.log1p(self.exp(centre * -2)) - self._ln2)
        return y.add_error(self.up.multiply(x.rad, min(_ONE, self.up.add(centre.mid, x.rad))))

    @_monotone
    @_odd
    def tanhshrink(self, x: Ball) -> Ball:
        """Return x - tanh x; its derivative is tanh^2 x <= x^2."""
        if x.mid >= _ONE:
            return x - self.tanh(x)
        y = self.from_point(self._points.tanhshrink(x.mid)) if x.mid else Ball(self, _ZERO)
        size = self.up.add(x.mid, x.rad)
        return y.add_error(self.up.multiply(x.rad, self.up.multiply(size, size)))

    @_monotone
    def erf(self, x: Ball) -> Ball:
        """Return the error function."""
        body = self._gauss(x.mid.copy_abs(), False)[0]
        return (-body if x.mid < 0 else body).add_error(self._gauss_error(x, False))

    @_monotone
    def erfc(self, x: Ball) -> Ball:
        """Return 1 - erf x."""
        body, tail = self._gauss(x.mid.copy_abs(), False)
        return (1 + body if x.mid < 0 else tail).add_error(self._gauss_error(x, False))

    def phi(self, x: Ball) -> Ball:
        """Return the standard normal density e^(-x^2/2) / sqrt(2 pi)."""
        return self.exp(-(x * x) / 2) / self.sqrt(2 * self.pi)

    @_monotone
    def ndtr(self, x: Ball) -> Ball:
        """Return the standard normal distribution function Phi(x) = erfc(-x/sqrt 2)/2."""
        body, tail = self._gauss(x.mid.copy_abs(), True)
        return (tail if x.mid < 0 else self.number(1) / 2 + body).add_error(self._gauss_error(x, True))

    @_monotone
    def mills(self, t: Ball) -> Ball:
        """Return the Mills ratio M(t) = Phi(-t)/phi(t).

        For t > 0, 1/t - 1/t^3 < M < 1/t and -1/(1 + t^2) < M' < 0. Hence beyond 10^digits M is 1/t with a relative
        error below 10^(-2 digits), and the radius of t counts r/max(1, t)^2 at most.
        """
        if t.mid > 0 and t.mid.adjusted() > self.digits:
            y = 1 / Ball(self, t.mid)
            y = y.add_error(self.rounding_error(y.mid))
        elif t.mid < 0 or self._points.gauss_exponent(t.mid, True) < self._tail_from:
            return self.ndtr(-t) * self.exp(t.square() / 2) * self.sqrt(2 * self.pi)
        else:
            y = self.from_point(self._points.mills(t.mid))
        least = self._min_size(t)
        return y.add_error(self.up.divide(self.up.divide(t.rad, least), least))

    def _gauss(self, x: Decimal, normal: bool) -> tuple[Ball, Ball]:
        """Return the body and the tail at x >= 0: erf x and erfc x, or Phi(x) - 1/2 and 1 - Phi(x) if `normal`."""
        total = self.number(1) / 2 if normal else self.number(1)
        if not x:
            return Ball(self, _ZERO), total
        finer = self._finer_points
        x = min(_MAX_GAUSS_ARGUMENT, finer.context.plus(x))
        w = self._points.gauss_exponent(x, normal)
        if w < self._tail_from:
            body = finer.gauss_body(x, normal)
            rel_err = Decimal((0, (1,), -finer.digits))
            return self.from_point(body), total - Ball(self, body, self.up.multiply(body, rel_err))
        if w < _EXP_MAX:
            tail = self.from_point(self._points.gauss_tail(x, normal))
        else:
            tail = Ball(self, _BELOW_EXP_MIN, _BELOW_EXP_MIN)
        return total - tail, tail

    def _gauss_error(self, x: Ball, normal: bool) -> Decimal:
        """Return a bound of the change of erf or Phi over a ball: its radius times the derivative at the least |x|."""
        if not x.rad:
            return _ZERO
        least = min(_MAX_DERIVATIVE_ARGUMENT, max(_ZERO, self.floor.subtract(x.mid.copy_abs(), x.rad)))
        at_zero, factor = (_NDTR_DERIVATIVE, _HALF) if normal else (_ERF_DERIVATIVE, _ONE)
        exponent = self.floor.multiply(self.floor.multiply(least, least), factor)
        power = self.up.multiply(_EXP_SAFETY, self.up.exp(exponent.copy_negate()))
        return self.up.multiply(x.rad, self.up.multiply(at_zero, power))
