"""Numbers beside an exact one: 1 + e^-(10^9), of which no ball of any precision that can be held knows the side.

In an expression such a number may lose its 1 again, or go into a logarithm, and then what stood beside the 1 is all
there is. Here both are kept, and every operation that leaves an exact number exact keeps them; any other takes the
number for the ball that it also is.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from actcli.core.arithmetic.ball import Ball
from actcli.core.arithmetic.signals import Undecided

if TYPE_CHECKING:
    from fractions import Fraction

    from actcli.core.arithmetic.ball_unbounded import UnboundedBallArithmetic

__all__ = ["PerturbedBall", "add_tail", "plus_tail", "sqrt_perturbed"]


class PerturbedBall(Ball):
    """base + rest: an exact number other than 0, and one that is far below its last digit, a ball or a power."""

    __slots__ = ("base", "rest")

    def __init__(self, m: UnboundedBallArithmetic, base: Ball, rest: Any) -> None:
        super().__init__(m, base.mid, magnitude_bound(m, rest))
        self.base = base
        self.rest = rest

    def endpoints(self) -> tuple[Decimal, Decimal]:
        """As a ball's; the end on the side where the rest is not is the base."""
        low, high = super().endpoints()
        bottom, top = self.rest.endpoints()
        return self.mid if bottom >= 0 else low, self.mid if top <= 0 else high

    def __neg__(self) -> PerturbedBall:
        return PerturbedBall(self._m, -self.base, -self.rest)

    def __abs__(self) -> PerturbedBall:
        return -self if self.mid < 0 else self

    @property
    def _m(self) -> UnboundedBallArithmetic:
        m: Any = self.arithmetic
        return m

    def _parts(self, other: object) -> tuple[Ball, Any] | None:
        """The exact number and the rest of `other`, if it has the one or the other."""
        if isinstance(other, PerturbedBall):
            return other.base, other.rest
        ball = self._operand(other)
        return (ball, self._m.number(0)) if ball is not None and ball.is_exact else None

    def __add__(self, other: Ball | int | Fraction) -> Any:
        parts = self._parts(other)
        if parts is not None:
            base = Ball.__add__(self.base, parts[0])
            if base.is_exact:
                return add_tail(self._m, base, add_tails(self._m, self.rest, parts[1]))
        return super().__add__(other)

    __radd__ = __add__

    def __sub__(self, other: Ball | int | Fraction) -> Any:
        return self + (-other) if self._operand(other) is not None else NotImplemented

    def __rsub__(self, other: Ball | int | Fraction) -> Any:
        return (-self) + other

    def __mul__(self, other: Ball | int | Fraction) -> Any:
        parts = self._parts(other)
        if parts is not None:
            base = Ball.__mul__(self.base, parts[0])
            if base.is_exact:
                rest = add_tails(self._m, self.rest * parts[0], parts[1] * Ball(self._m, self.mid, self.rad))
                return add_tail(self._m, base, rest)
        return super().__mul__(other)

    __rmul__ = __mul__

    def __truediv__(self, other: Ball | int | Fraction) -> Any:
        parts = self._parts(other)
        if parts is not None and parts[0].mid:
            base = Ball.__truediv__(self.base, parts[0])
            if base.is_exact:
                divisor = add_tail(self._m, parts[0], parts[1])
                rest = add_tails(self._m, self.rest, -(base * parts[1]))
                return add_tail(self._m, base, rest / Ball(self._m, divisor.mid, divisor.rad))
        return super().__truediv__(other)

    def __rtruediv__(self, other: Ball | int | Fraction) -> Any:
        ball = self._operand(other)
        if ball is None:
            return NotImplemented
        base = Ball.__truediv__(ball, self.base)
        if ball.is_exact and base.is_exact:
            return add_tail(self._m, base, -(base * self.rest) / Ball(self._m, self.mid, self.rad))
        return Ball.__truediv__(ball, Ball(self._m, self.mid, self.rad))

    def square(self) -> Any:
        """The number times itself."""
        return self * self

    def add_error(self, amount: Decimal) -> Ball:
        """The same number, of which the rest is less known."""
        if not amount or not isinstance(self.rest, Ball):
            return super().add_error(amount) if amount else self
        return PerturbedBall(self._m, self.base, self.rest.add_error(amount))

    def _holds(self, other: object, wanted: tuple[int, ...]) -> bool:
        if self._parts(other) is None:
            return super()._holds(other, wanted)
        difference: Any = self - other  # type: ignore[operator]  # it is a number, as it has parts
        return difference.sign() in wanted


def add_tail(m: UnboundedBallArithmetic, base: Ball, rest: Any) -> Any:
    """base + rest of an exact base and a rest of any kind: as a number beside another where that is far smaller."""
    if not base.mid:
        return rest
    if isinstance(rest, Ball):
        size = max(rest.mid.copy_abs(), rest.rad)
        if not size or size.adjusted() >= base.mid.adjusted() - m.digits:
            return m.add(base, Ball(m, rest.mid, rest.rad)) if size else base
        # What stands beside is itself no such pair: each level of them would double the work.
        return PerturbedBall(m, base, _plain(m, rest))
    if rest.is_huge:
        return m.scaled(base) + rest
    ball = rest.as_ball_above(base.mid.adjusted() - m.digits)
    if ball is not None:
        return add_tail(m, base, ball)
    return PerturbedBall(m, base, type(rest)(m, _plain(m, rest.b), rest.k))


def _plain(m: UnboundedBallArithmetic, ball: Ball) -> Ball:
    return Ball(m, ball.mid, ball.rad) if isinstance(ball, PerturbedBall) else ball


def plus_tail(m: UnboundedBallArithmetic, b: Ball, rest: Any) -> Any:
    """b + rest of any ball, and a rest of any kind that is smaller."""
    if isinstance(b, PerturbedBall):
        return add_tail(m, b.base, add_tails(m, b.rest, rest))
    if b.is_exact:
        return add_tail(m, b, rest)
    ball = rest if isinstance(rest, Ball) else rest.as_ball_above(max(b.mid.copy_abs(), b.rad).adjusted() - m.digits)
    return b.add_error(magnitude_bound(m, rest)) if ball is None else m.add(b, ball)


def add_tails(m: UnboundedBallArithmetic, a: Any, b: Any) -> Any:
    """The sum of two rests; of two powers of which it is not known which is the larger, what holds it."""
    try:
        return a + b
    except Undecided:
        return Ball(m, Decimal(0), m.up.add(magnitude_bound(m, a), magnitude_bound(m, b)))


def magnitude_bound(m: UnboundedBallArithmetic, rest: Any) -> Decimal:
    """A bound of the size of a number."""
    return m.up.plus(max(end.copy_abs() for end in rest.endpoints()))


def sqrt_perturbed(m: UnboundedBallArithmetic, x: PerturbedBall) -> Any:
    """The square root: sqrt(b + r) = sqrt b + r / (sqrt b + sqrt(b + r))."""
    plain = Ball(m, x.mid, x.rad)
    whole, base = m.sqrt(plain), m.sqrt(x.base)
    return add_tail(m, base, x.rest / (base + whole)) if base.is_exact else whole
