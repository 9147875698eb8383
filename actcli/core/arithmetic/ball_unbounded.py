"""Ball arithmetic without overflow, for expressions: huge and tiny values have the form b * exp(k).

A catalogue entry's formula is written so that an overflowing power decides the result. In a user's expression such a
power may be divided by another, or subtracted from it: exp(x + 1)/exp(x) at x = 10^20 is e.

Contract: as that of `BallArithmetic`, for balls, exact numbers (int, Fraction), `ScaledBall` and `PerturbedBall`. A
function of a ball is computed there. A scaled ball that is too large or too small for a ball goes to one of two tables:

    _HUGE_FORMS  asymptotic forms for |x| > e^(10^16); their truncation errors are below a relative `about_one`
    _TINY_FORMS  Taylor polynomials for |x| < e^-(10^16), likewise
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import Any, TypeAlias

from actcli.core.arithmetic.ball import Ball
from actcli.core.arithmetic.ball_functions import BallArithmetic
from actcli.core.arithmetic.perturbed_ball import (
    EXP_BALL_LIMIT,
    PerturbedBall,
    ScaledBall,
    Unbounded,
    UnboundedBallOperations,
    UnboundedOperand,
)
from actcli.core.arithmetic.signals import Undecided

__all__ = ["UnboundedBallArithmetic"]

_EXPM1_BY_EXP_FROM = 10**6
"""From here on e^x - 1 is computed from e^x: the subtraction loses nothing, as e^x is beyond 10^400000."""

_GAUSS_TAIL_FROM = Decimal("1e6")
"""|x| from which Phi(-x) is computed as phi(x) M(x), which may be a power. Any limit is correct; at this one Phi(-x) is
near 10^-(2 * 10^11) and still a ball."""

_Form: TypeAlias = Callable[[Any, ScaledBall], Unbounded]
"""A function's value from an `UnboundedBallArithmetic` and a scaled ball. The former is untyped, since most of its
functions are declared in `BallArithmetic`, for balls alone."""


class UnboundedBallArithmetic(UnboundedBallOperations):
    """Elementary functions of balls, exact numbers, and numbers beyond balls; not thread-safe.

    oscillation  radius of the ball that stands for sin x and cos x if |x| > 700; None: they are computed
    oscillates   whether such a ball has been used
    """

    def __init__(self, digits: int, oscillation: Decimal | None = None) -> None:
        super().__init__(digits)
        self.oscillation = oscillation
        self.oscillates = False

    def _sin_cos(self, x: Ball) -> tuple[Ball, Ball]:
        if self.oscillation is not None and x.mid.copy_abs() > EXP_BALL_LIMIT:
            return (self.oscillating_value(),) * 2
        return super()._sin_cos(x)

    def oscillating_value(self) -> Ball:
        """Return 0 +- oscillation (default: 1), which contains every sine and cosine, and record its use."""
        self.oscillates = True
        return Ball(self, Decimal(0), self.oscillation or Decimal(1))

    def monotone_enclosure(self, function: Callable[[Ball], Unbounded], x: Ball) -> Ball:
        """Return the enclosure of a monotone function over a wide ball; Undecided if a value is too large for balls."""

        def at(end: Ball) -> Ball:
            value = function(end)
            return value.enclosing_ball() if isinstance(value, ScaledBall) else value

        return super().monotone_enclosure(at, x)

    def sqrt(self, x: UnboundedOperand) -> Unbounded | Fraction:  # type: ignore[override]
        """Return the square root; that of a square of a fraction is exact, as a Fraction."""
        if isinstance(x, ScaledBall):
            return self.times_exp(self._sqrt_of_ball(x.b), x.k / 2)
        if isinstance(x, int | Fraction):
            numerator, denominator = x.as_integer_ratio()
            if numerator >= 0 and isqrt(numerator) ** 2 == numerator and isqrt(denominator) ** 2 == denominator:
                return Fraction(isqrt(numerator), isqrt(denominator))
        return self._sqrt_of_ball(self.to_ball(x))

    def _sqrt_of_ball(self, x: Ball) -> Unbounded:
        return x.sqrt() if isinstance(x, PerturbedBall) else super().sqrt(x)

    def ndtr(self, x: UnboundedOperand) -> Unbounded:  # type: ignore[override]
        """Return Phi(x); in the left tail as phi(x) times the Mills ratio, in the right one as 1 - Phi(-x)."""
        number = self._as_ball_if_possible(x)
        if isinstance(number, Ball):
            if number.mid < -_GAUSS_TAIL_FROM:
                return self.mills(-number) * self.phi(number)
            if number.mid > _GAUSS_TAIL_FROM:
                return 1 - self.ndtr(-number)
        return _ndtr(self, number)

    def erf(self, x: UnboundedOperand) -> Unbounded:  # type: ignore[override]
        """Return erf x; in the tails as 1 - erfc x or erfc(-x) - 1, so that the distance from 1 is not lost."""
        if isinstance(x, Ball) and x.mid.copy_abs() > _GAUSS_TAIL_FROM:
            return 1 - self.erfc(x) if x.mid > 0 else self.erfc(-x) - 1
        return _erf(self, x)

    def erfc(self, x: UnboundedOperand) -> Unbounded:  # type: ignore[override]
        """Return erfc x; in the right tail as 2 Phi(-x sqrt 2)."""
        number = self._as_ball_if_possible(x)
        if isinstance(number, Ball) and number.mid > _GAUSS_TAIL_FROM:
            return 2 * self.ndtr(-number * super().sqrt(self.number(2)))
        return _erfc(self, number)

    def _as_ball_if_possible(self, x: UnboundedOperand) -> Unbounded:
        """Return x as a ball, or x itself if it is scaled and its size does not allow that."""
        return (x.as_ball() or x) if isinstance(x, ScaledBall) else self.to_ball(x)

    def expm1(self, x: UnboundedOperand) -> Unbounded:  # type: ignore[override]
        """Return e^x - 1; for a large x as exp x less 1, which a wide ball does not overflow."""
        number = self._as_ball_if_possible(x)
        if isinstance(number, Ball) and number.mid > _EXPM1_BY_EXP_FROM:
            return self.exp(number) - 1
        return _expm1(self, number)

    def log(self, x: UnboundedOperand) -> Unbounded:  # type: ignore[override]
        """Return log x: log b + k for b * exp(k), and log1p of the tail for 1 + tail."""
        if isinstance(x, ScaledBall):
            return self.log(x.b) + x.k
        if isinstance(x, PerturbedBall) and x.base.mid == 1:
            return self.log1p(x.tail)
        return super().log(self.to_ball(x))

    def log1p(self, x: UnboundedOperand) -> Unbounded:  # type: ignore[override]
        """Return log(1 + x): log of the tail for -1 + tail, and x (1 +- tiny) for an x too small for a ball."""
        if isinstance(x, PerturbedBall) and x.base.mid == -1:
            return self.log(x.tail)
        if isinstance(x, ScaledBall):
            if x.is_huge:
                return self.log(1 + x)
            ball = x.as_ball()
            return x * self.about_one if ball is None else super().log1p(ball)
        return super().log1p(self.to_ball(x))


def _extended(name: str) -> Callable[[UnboundedBallArithmetic, UnboundedOperand], Unbounded]:
    """Return the function `name` of `BallArithmetic`, extended to scaled balls by the two tables."""
    of_ball: Callable[[BallArithmetic, Ball], Ball] = getattr(BallArithmetic, name)

    def function(m: UnboundedBallArithmetic, x: UnboundedOperand) -> Unbounded:
        if isinstance(x, ScaledBall):
            ball = x.as_ball()
            if ball is None:
                return (_HUGE_FORMS if x.is_huge else _TINY_FORMS)[name](m, x)
            return of_ball(m, ball)
        return of_ball(m, m.to_ball(x))

    return function


def _by_sign(negative: _Form, positive: _Form) -> _Form:
    """Return a form that depends on the sign of x, which must be decided."""
    return lambda m, x: (positive if x.sign() > 0 else negative)(m, x)


def _saturating(distance: _Form) -> _Form:
    """Return the form of an odd function that is 1 - distance(x) for large x."""
    return _by_sign(lambda m, x: distance(m, -x) - 1, lambda m, x: 1 - distance(m, x))


def _oscillating(m: UnboundedBallArithmetic, x: ScaledBall) -> Unbounded:
    return m.oscillating_value()


def _tan_of_huge(m: UnboundedBallArithmetic, x: ScaledBall) -> Unbounded:
    m.oscillating_value()
    raise Undecided("tan")


def _identity(m: UnboundedBallArithmetic, x: ScaledBall) -> Unbounded:
    return x * m.about_one


_HUGE_FORMS: dict[str, _Form] = {
    "expm1": lambda m, x: m.exp(x) - 1,
    "sin": _oscillating,
    "cos": _oscillating,
    "tan": _tan_of_huge,
    "sinh": lambda m, x: (m.exp(x) - m.exp(-x)) / 2,
    "cosh": lambda m, x: (m.exp(x) + m.exp(-x)) / 2,
    "tanh": _saturating(lambda m, x: 2 * m.exp(-2 * x) * m.about_one),
    "asinh": _by_sign(lambda m, x: -(m.log(-2 * x) + m.tiny), lambda m, x: m.log(2 * x) + m.tiny),
    "atan": _by_sign(lambda m, x: m.tiny - m.pi / 2, lambda m, x: m.pi / 2 - m.tiny),
    "sigmoid": _by_sign(lambda m, x: m.exp(x) * m.about_one, lambda m, x: 1 - m.exp(-x) * m.about_one),
    "softplus": _by_sign(lambda m, x: m.exp(x) * m.about_one, lambda m, x: x + m.exp(-x) * m.about_one),
    "logcosh": lambda m, x: abs(x) - m.log(m.number(2)) + m.tiny,
    "tanhshrink": lambda m, x: x - m.tanh(x),
    "erf": _saturating(lambda m, x: m.erfc(x)),
    "erfc": lambda m, x: 2 * m.ndtr(-x * m.sqrt(m.number(2))),
    "ndtr": _by_sign(lambda m, x: m.phi(x) * m.about_one / -x, lambda m, x: 1 - m.ndtr(-x)),
    "mills": _by_sign(lambda m, x: m.about_one / m.phi(x), lambda m, x: m.about_one / x),
}
_TINY_FORMS: dict[str, _Form] = {
    **dict.fromkeys(("expm1", "sin", "tan", "sinh", "tanh", "asinh", "atan"), _identity),
    "cos": lambda m, x: 1 - x**2 * m.about_one / 2,
    "cosh": lambda m, x: 1 + x**2 * m.about_one / 2,
    "sigmoid": lambda m, x: Fraction(1, 2) + x * m.about_one / 4,
    "softplus": lambda m, x: m.log(m.number(2)) + x * m.about_one / 2,
    "logcosh": lambda m, x: x**2 * m.about_one / 2,
    "tanhshrink": lambda m, x: x**3 * m.about_one / 3,
    "erf": lambda m, x: 2 * x * m.about_one / m.sqrt(m.pi),
    "erfc": lambda m, x: 1 - m.erf(x),
    "ndtr": lambda m, x: Fraction(1, 2) + x * m.about_one / m.sqrt(2 * m.pi),
    "mills": lambda m, x: m.sqrt(m.pi / 2) - x * m.about_one,
}
_ndtr, _erf, _erfc, _expm1 = _extended("ndtr"), _extended("erf"), _extended("erfc"), _extended("expm1")
for _name in _HUGE_FORMS.keys() - {"ndtr", "erf", "erfc", "expm1"}:
    setattr(UnboundedBallArithmetic, _name, _extended(_name))
