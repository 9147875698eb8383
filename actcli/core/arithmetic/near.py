"""Numbers beside an exact one: 1 + e^-(10^9), of which no ball of any precision that can be held knows the side.

In an expression such a number may lose its 1 again, or go into a logarithm, and then what stood beside the 1 is all
there is. Here both are kept, and every operation that leaves an exact number exact keeps them; any other takes the
number for the ball that it also is.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from actcli.core.arithmetic.exact_ball import Ball, Undecided

if TYPE_CHECKING:
    from fractions import Fraction

    from actcli.core.arithmetic.open_exact import OpenExactArithmetic

__all__ = ["Near", "beside", "extended", "root"]


class Near(Ball):
    """base + rest: an exact number other than 0, and one that is far below its last digit, a ball or a power."""

    __slots__ = ("base", "rest")

    def __init__(self, m: OpenExactArithmetic, base: Ball, rest: Any) -> None:
        super().__init__(m, base.mid, bound(m, rest))
        self.base = base
        self.rest = rest

    def ends(self) -> tuple[Decimal, Decimal]:
        """As a ball's; the end on the side where the rest is not is the base."""
        low, high = super().ends()
        bottom, top = self.rest.ends()
        return self.mid if bottom >= 0 else low, self.mid if top <= 0 else high

    def __neg__(self) -> Near:
        return Near(self._m, -self.base, -self.rest)

    def __abs__(self) -> Near:
        return -self if self.mid < 0 else self

    @property
    def _m(self) -> OpenExactArithmetic:
        m: Any = self.arithmetic
        return m

    def _parts(self, other: object) -> tuple[Ball, Any] | None:
        """The exact number and the rest of `other`, if it has the one or the other."""
        if isinstance(other, Near):
            return other.base, other.rest
        ball = self._operand(other)
        return (ball, self._m.number(0)) if ball is not None and ball.is_exact else None

    def __add__(self, other: Ball | int | Fraction) -> Any:
        parts = self._parts(other)
        if parts is not None:
            base = Ball.__add__(self.base, parts[0])
            if base.is_exact:
                return beside(self._m, base, together(self._m, self.rest, parts[1]))
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
                rest = together(self._m, self.rest * parts[0], parts[1] * Ball(self._m, self.mid, self.rad))
                return beside(self._m, base, rest)
        return super().__mul__(other)

    __rmul__ = __mul__

    def __truediv__(self, other: Ball | int | Fraction) -> Any:
        parts = self._parts(other)
        if parts is not None and parts[0].mid:
            base = Ball.__truediv__(self.base, parts[0])
            if base.is_exact:
                divisor = beside(self._m, parts[0], parts[1])
                rest = together(self._m, self.rest, -(base * parts[1]))
                return beside(self._m, base, rest / Ball(self._m, divisor.mid, divisor.rad))
        return super().__truediv__(other)

    def __rtruediv__(self, other: Ball | int | Fraction) -> Any:
        ball = self._operand(other)
        if ball is None:
            return NotImplemented
        base = Ball.__truediv__(ball, self.base)
        if ball.is_exact and base.is_exact:
            return beside(self._m, base, -(base * self.rest) / Ball(self._m, self.mid, self.rad))
        return Ball.__truediv__(ball, Ball(self._m, self.mid, self.rad))

    def square(self) -> Any:
        """The number times itself."""
        return self * self

    def widened(self, amount: Decimal) -> Ball:
        """The same number, of which the rest is less known."""
        if not amount or not isinstance(self.rest, Ball):
            return super().widened(amount) if amount else self
        return Near(self._m, self.base, self.rest.widened(amount))

    def _holds(self, other: object, wanted: tuple[int, ...]) -> bool:
        if self._parts(other) is None:
            return super()._holds(other, wanted)
        difference: Any = self - other  # type: ignore[operator]  # it is a number, as it has parts
        return difference.sign() in wanted


def beside(m: OpenExactArithmetic, base: Ball, rest: Any) -> Any:
    """base + rest of an exact base and a rest of any kind: as a number beside another where that is far smaller."""
    if not base.mid:
        return rest
    if isinstance(rest, Ball):
        size = max(rest.mid.copy_abs(), rest.rad)
        if not size or size.adjusted() >= base.mid.adjusted() - m.digits:
            return m.add(base, Ball(m, rest.mid, rest.rad)) if size else base
        # What stands beside is itself no such pair: each level of them would double the work.
        return Near(m, base, _plain(m, rest))
    if rest.large:
        return m.scaled(base) + rest
    ball = rest.shown(base.mid.adjusted() - m.digits)
    if ball is not None:
        return beside(m, base, ball)
    return Near(m, base, type(rest)(m, _plain(m, rest.b), rest.k))


def _plain(m: OpenExactArithmetic, ball: Ball) -> Ball:
    return Ball(m, ball.mid, ball.rad) if isinstance(ball, Near) else ball


def extended(m: OpenExactArithmetic, b: Ball, rest: Any) -> Any:
    """b + rest of any ball, and a rest of any kind that is smaller."""
    if isinstance(b, Near):
        return beside(m, b.base, together(m, b.rest, rest))
    if b.is_exact:
        return beside(m, b, rest)
    ball = rest if isinstance(rest, Ball) else rest.shown(max(b.mid.copy_abs(), b.rad).adjusted() - m.digits)
    return b.widened(bound(m, rest)) if ball is None else m.add(b, ball)


def together(m: OpenExactArithmetic, a: Any, b: Any) -> Any:
    """The sum of two rests; of two powers of which it is not known which is the larger, what holds it."""
    try:
        return a + b
    except Undecided:
        return Ball(m, Decimal(0), m.up.add(bound(m, a), bound(m, b)))


def bound(m: OpenExactArithmetic, rest: Any) -> Decimal:
    """A bound of the size of a number."""
    return m.up.plus(max(end.copy_abs() for end in rest.ends()))


def root(m: OpenExactArithmetic, x: Near) -> Any:
    """The square root: sqrt(b + r) = sqrt b + r / (sqrt b + sqrt(b + r))."""
    plain = Ball(m, x.mid, x.rad)
    whole, base = m.sqrt(plain), m.sqrt(x.base)
    return beside(m, base, x.rest / (base + whole)) if base.is_exact else whole
