"""Balls: real numbers enclosed by a decimal midpoint and a radius, and their operations, of any precision.

Every operation encloses: if each operand holds its true value, so does the result (Johansson 2017, Arb:
efficient arbitrary-precision midpoint-radius interval arithmetic). A radius has 10 digits and is only ever
rounded up. Where the decimal operation is exact, nothing is added to the radius: exact numbers stay exact as
long as their digits fit, and so ties can be decided.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from decimal import MAX_PREC, MIN_EMIN, Decimal, Inexact, Overflow
from fractions import Fraction
from typing import Final, TypeAlias

from actcli.core.arithmetic.fixed_point import decimal_context
from actcli.core.arithmetic.signals import ExponentOverflow, OutsideDomain, Undecided

__all__ = ["Ball", "BallOperations"]

RADIUS_DIGITS = 10
_ZERO, _HALF = Decimal(0), Decimal("0.5")
_TINY = Decimal((0, (1,), MIN_EMIN))


Operand: TypeAlias = "Ball | int | Fraction"


class Ball:
    """A real number known to lie in [mid - rad, mid + rad]; immutable. Radius 0 says that it is mid exactly.

    Balls mix with int and Fraction, which are read exactly or correctly rounded. A float has to go through
    `number`: 0.1 in a formula would be a slip for one tenth.
    """

    __slots__ = ("arithmetic", "mid", "rad")

    def __init__(self, arithmetic: BallOperations, mid: Decimal, rad: Decimal = _ZERO) -> None:
        self.arithmetic: Final = arithmetic
        self.mid: Final = mid
        self.rad: Final = rad

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Ball({self.mid} +- {self.rad})"

    @property
    def is_exact(self) -> bool:
        """Whether the radius is 0."""
        return not self.rad

    def endpoints(self) -> tuple[Decimal, Decimal]:
        """The ball's two ends, rounded outwards to the working precision; those of an exact number are it."""
        if not self.rad:
            return self.mid, self.mid
        m = self.arithmetic
        return m.floor.subtract(self.mid, self.rad), m.ceiling.add(self.mid, self.rad)

    def sign(self) -> int:
        """-1, 0 or 1; Undecided if zero lies in the ball beside other numbers."""
        if self.mid.copy_abs() > self.rad:
            return -1 if self.mid < 0 else 1
        if self.rad:
            raise Undecided("the sign is not known")
        return 0

    def add_error(self, amount: Decimal) -> Ball:
        """The same ball with its radius grown by an amount >= 0."""
        return Ball(self.arithmetic, self.mid, self.arithmetic.up.add(self.rad, amount)) if amount else self

    def square(self) -> Ball:
        """The ball times itself: of a wide one, from its ends, so that no square is negative."""
        m, size = self.arithmetic, self.mid.copy_abs()
        if m.up.multiply(4, self.rad) <= size:
            return self * self
        low, high = max(_ZERO, m.floor.subtract(size, self.rad)), m.up.add(size, self.rad)
        try:
            bottom, top = m.floor.multiply(low, low), m.up.multiply(high, high)
        except Overflow:
            raise ExponentOverflow("a square") from None
        mid = m.nearest.add(bottom, m.up.multiply(m.up.subtract(top, bottom), _HALF))
        return Ball(m, mid, max(m.up.subtract(mid, bottom), m.up.subtract(top, mid)))

    def _operand(self, other: object) -> Ball | None:
        if isinstance(other, Ball):
            return other
        return self.arithmetic.number(other) if isinstance(other, (int, Fraction)) else None

    def __neg__(self) -> Ball:
        return Ball(self.arithmetic, self.mid.copy_negate(), self.rad)

    def __pos__(self) -> Ball:
        return self

    def __abs__(self) -> Ball:
        return Ball(self.arithmetic, self.mid.copy_abs(), self.rad)

    def __add__(self, other: Operand) -> Ball:
        b = self._operand(other)
        return NotImplemented if b is None else self.arithmetic.add(self, b)

    __radd__ = __add__

    def __sub__(self, other: Operand) -> Ball:
        b = self._operand(other)
        return NotImplemented if b is None else self.arithmetic.add(self, -b)

    def __rsub__(self, other: Operand) -> Ball:
        return (-self).__add__(other)

    def __mul__(self, other: Operand) -> Ball:
        b = self._operand(other)
        return NotImplemented if b is None else self.arithmetic.multiply(self, b)

    __rmul__ = __mul__

    def __truediv__(self, other: Operand) -> Ball:
        b = self._operand(other)
        return NotImplemented if b is None else self.arithmetic.divide(self, b)

    def __rtruediv__(self, other: Operand) -> Ball:
        b = self._operand(other)
        return NotImplemented if b is None else self.arithmetic.divide(b, self)

    def __pow__(self, exponent: int) -> Ball:
        if not isinstance(exponent, int):
            return NotImplemented
        if exponent < 0:
            return 1 / self**-exponent
        if exponent == 0:
            return self.arithmetic.number(1)
        power = self
        for bit in f"{exponent:b}"[1:]:
            power = power.square()
            if bit == "1":
                power = power * self
        return power

    def __lt__(self, other: Operand) -> bool:
        return self._holds(other, (-1,))

    def __le__(self, other: Operand) -> bool:
        return self._holds(other, (-1, 0))

    def __gt__(self, other: Operand) -> bool:
        return self._holds(other, (1,))

    def __ge__(self, other: Operand) -> bool:
        return self._holds(other, (0, 1))

    def __eq__(self, other: object) -> bool:
        return self._holds(other, (0,))

    def __ne__(self, other: object) -> bool:
        return self._holds(other, (-1, 1))

    def _holds(self, other: object, wanted: tuple[int, ...]) -> bool:
        """Whether the sign of self - other is a wanted one; Undecided if it may be and may not be."""
        b = self._operand(other)
        if b is None:
            unknown: bool = NotImplemented
            return unknown
        held = {sign in wanted for sign in self.arithmetic.signs(self, b)}
        if len(held) > 1:
            raise Undecided("the balls overlap")
        return held.pop()


Function: TypeAlias = Callable[[Ball], Ball]


class BallOperations:
    """The precision of balls, `digits` decimal digits, and their operations; for use by one thread.

    nearest, floor, ceiling   contexts of the working precision
    up                        the context of the radii: 10 digits, away from zero
    """

    def __init__(self, digits: int) -> None:
        if digits <= RADIUS_DIGITS:
            raise ValueError(f"digits must be more than {RADIUS_DIGITS}, not {digits}")
        self.digits = digits
        self.nearest = decimal_context(digits)
        self.floor = decimal_context(digits, "ROUND_FLOOR")
        self.ceiling = decimal_context(digits, "ROUND_CEILING")
        self.up = decimal_context(RADIUS_DIGITS, "ROUND_UP")
        self._wider = decimal_context(digits + 6)
        self._unlimited = decimal_context(MAX_PREC)
        self._flags = self.nearest.flags
        self._half_unit = Decimal((0, (5,), -digits))
        self._point_unit = Decimal((0, (5, 2), -digits - 1))
        self._wider_half_unit = Decimal((0, (5,), -digits - 6))
        self._integers = {n: Ball(self, Decimal(n)) for n in range(-16, 17)}

    def number(self, value: float | Fraction | Decimal) -> Ball:
        """The value as a ball: exact, however many digits that takes, unless its decimals do not end."""
        if isinstance(value, int):
            known = self._integers.get(value)
            return Ball(self, Decimal(value)) if known is None else known
        if isinstance(value, Fraction):
            return self._fraction(value.numerator, value.denominator)
        exact = value if isinstance(value, Decimal) else Decimal.from_float(value)
        if not exact.is_finite():
            raise ValueError(f"{value} is no real number")
        return Ball(self, exact)

    def _fraction(self, numerator: int, denominator: int) -> Ball:
        twos = (denominator & -denominator).bit_length() - 1
        rest, fives = denominator >> twos, 0
        while rest % 5 == 0:
            rest, fives = rest // 5, fives + 1
        if rest > 1:
            return self.divide(Ball(self, Decimal(numerator)), Ball(self, Decimal(denominator)))
        places = max(twos, fives)
        coefficient = (numerator << (places - twos)) * 5 ** (places - fives)
        return Ball(self, self._unlimited.scaleb(Decimal(coefficient), -places))

    def add(self, a: Ball, b: Ball) -> Ball:
        """The sum a + b."""
        self.nearest.clear_flags()
        try:
            mid = self.nearest.add(a.mid, b.mid)
        except Overflow:
            raise ExponentOverflow("a sum") from None
        rad = self.up.add(a.rad, b.rad)
        if self._flags[Inexact]:
            rad = self.up.add(rad, self._lost(a.mid, b.mid, mid))
        return Ball(self, mid, rad)

    def _lost(self, x: Decimal, y: Decimal, total: Decimal) -> Decimal:
        """A bound of |x + y - total|: what the rounding of a sum cut off the smaller term (Dekker 1971).

        At most half a unit of the total, and it may be far below: 1 - e^-200 is 1 with an error of e^-200.
        """
        if x.copy_abs() < y.copy_abs():
            x, y = y, x
        kept = self._wider.subtract(total, x)
        cut = self.up.fma(kept.copy_abs(), self._wider_half_unit, self._distance(y, kept))
        return min(cut, self.half_unit(total))

    def multiply(self, a: Ball, b: Ball) -> Ball:
        """The product a b."""
        self.nearest.clear_flags()
        up, rad = self.up, _ZERO
        try:
            mid = self.nearest.multiply(a.mid, b.mid)
            if a.rad:
                rad = up.multiply(up.add(b.mid.copy_abs(), b.rad), a.rad)
            if b.rad:
                rad = up.fma(a.mid.copy_abs(), b.rad, rad)
        except Overflow:
            raise ExponentOverflow("a product") from None
        return self._rounded_to(mid, rad)

    def divide(self, a: Ball, b: Ball) -> Ball:
        """The quotient a/b, within (ra + rb |a0/b0|)/(|b0| - rb) of the midpoints' quotient a0/b0."""
        if b.sign() == 0:
            raise OutsideDomain("division by zero")
        self.nearest.clear_flags()
        up, rad = self.up, a.rad
        try:
            mid = self.nearest.divide(a.mid, b.mid)
            if b.rad and a.mid:
                rad = up.fma(up.add(mid.copy_abs(), self.half_unit(mid)), b.rad, rad)
            if rad:
                rad = up.divide(rad, self.floor.subtract(b.mid.copy_abs(), b.rad))
        except Overflow:
            raise ExponentOverflow("a quotient") from None
        return self._rounded_to(mid, rad)

    def sqrt(self, x: Ball) -> Ball:
        """The square root, within r/sqrt(x0) of the midpoint's: it changes by (x - x0)/(sqrt x + sqrt x0)."""
        low, high = x.endpoints()
        if low < 0:
            raise Undecided("sqrt near 0") if high >= 0 else OutsideDomain("sqrt of a negative number")
        self.nearest.clear_flags()
        root = self._rounded_to(self.nearest.sqrt(x.mid), _ZERO)
        return root.add_error(self.up.divide(x.rad, root.endpoints()[0])) if x.rad else root

    def half_unit(self, mid: Decimal) -> Decimal:
        """A bound of the rounding error of a result: half a unit of the last digit of a number 10^k."""
        return self.up.multiply(mid, self._half_unit).copy_abs() or _TINY

    def _rounded_to(self, mid: Decimal, rad: Decimal) -> Ball:
        """The ball of the operation that has just given mid, with its rounding, if any, added to rad."""
        return Ball(self, mid, self.up.add(rad, self.half_unit(mid)) if self._flags[Inexact] else rad)

    def point(self, value: Decimal) -> Ball:
        """The ball of a point function's value, whose relative error is below 10^-(digits + 1), rounded."""
        mid = self.nearest.plus(value)
        return Ball(self, mid, self.up.multiply(mid, self._point_unit).copy_abs() or _TINY)

    def signs(self, a: Ball, b: Ball) -> tuple[int, ...]:
        """The signs that a - b may have."""
        order = (a.mid > b.mid) - (a.mid < b.mid)
        spread = self.up.add(a.rad, b.rad)
        gap = self.floor.subtract(max(a.mid, b.mid), min(a.mid, b.mid))
        if gap > spread or not spread:
            return (order,)
        return (order, 0) if gap == spread else (-1, 0, 1)

    def monotone_enclosure(self, function: Function, x: Ball) -> Ball:
        """A monotone function of a wide ball, from its values at the ball's ends."""
        balls = []
        for end in x.endpoints():
            with suppress(ExponentOverflow):
                balls.append(function(Ball(self, end)))
        if len(balls) < 2:
            if balls or x.mid.copy_abs() <= x.rad:
                raise Undecided("part of the values are enormous")
            raise ExponentOverflow("all the values")
        mid = self.nearest.multiply(self.nearest.add(balls[0].mid, balls[1].mid), _HALF)
        return Ball(self, mid, max(self.up.add(self._distance(ball.mid, mid), ball.rad) for ball in balls))

    def _distance(self, x: Decimal, y: Decimal) -> Decimal:
        return self.up.subtract(x, y).copy_abs()
