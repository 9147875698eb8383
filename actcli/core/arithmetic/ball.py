"""Ball arithmetic: real numbers enclosed by a decimal midpoint and radius, to any precision.

Representation: a `Ball` is the interval [mid - rad, mid + rad]. The midpoint is a `Decimal` with as many digits as it
needs, the radius one of 10 digits.

Contract: every operation encloses, that is, if the operands contain x and y, the result contains x op y. Midpoints are
rounded to nearest, radii only upwards. An operation whose midpoint is exact adds nothing to the radius: exact numbers
stay exact as long as their digits fit, so that ties can be decided.

Source: F. Johansson, "Arb: Efficient Arbitrary-Precision Midpoint-Radius Interval Arithmetic", IEEE Transactions on
Computers 66(8), 2017, doi:10.1109/TC.2017.2690633. Names follow Arb's manual: mid, rad, is_exact, add_error.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from decimal import MAX_PREC, MIN_EMIN, Decimal, Inexact, Overflow
from fractions import Fraction
from typing import Final, TypeAlias

from actcli.core.arithmetic.fixed_point import decimal_context
from actcli.core.arithmetic.signals import ComparedBySign, ExponentOverflow, OutsideDomain, Undecided

__all__ = ["Ball", "BallOperations", "decimal_places"]

RADIUS_DIGITS = 10
"""Decimal digits of a radius; a radius rounded up grows by less than a relative 10^-9."""

_SUM_GUARD_DIGITS = 6
"""Extra digits with which the rounding error of a sum is measured: its bound is then within 10^-6 of the last place."""

_ZERO, _HALF = Decimal(0), Decimal("0.5")

_SMALLEST_NORMAL = Decimal((0, (1,), MIN_EMIN))
"""10^MIN_EMIN, a bound of the rounding error of any result that underflows to zero."""

Operand: TypeAlias = "Ball | int | Fraction"
"""A ball or an exact number: what the operators of a ball accept."""


def decimal_places(denominator: int) -> int | None:
    """Return the number of decimal places of a fraction with this denominator; None if its expansion is infinite.

    A denominator 2^a 5^b has max(a, b) places.
    """
    twos = (denominator & -denominator).bit_length() - 1
    cofactor, fives = denominator >> twos, 0
    while cofactor % 5 == 0:
        cofactor, fives = cofactor // 5, fives + 1
    return max(twos, fives) if cofactor == 1 else None


class Ball(ComparedBySign):
    """A real number known to lie in [mid - rad, mid + rad]; immutable. Radius 0 means that it equals mid.

    Operators accept int and Fraction, which are converted exactly or correctly rounded. A float is rejected, since 0.1
    in a formula would be mistaken for one tenth; `BallOperations.number` converts it explicitly.
    """

    __slots__ = ("arithmetic", "mid", "rad")

    def __init__(self, arithmetic: BallOperations, mid: Decimal, rad: Decimal = _ZERO) -> None:
        self.arithmetic = arithmetic
        self.mid: Final = mid
        self.rad: Final = rad

    def __repr__(self) -> str:
        return f"Ball({self.mid} +- {self.rad})"

    @property
    def is_exact(self) -> bool:
        """Whether the radius is 0."""
        return not self.rad

    def endpoints(self) -> tuple[Decimal, Decimal]:
        """Return the lower and the upper end, rounded outwards to the working precision; (mid, mid) if exact."""
        if not self.rad:
            return self.mid, self.mid
        m = self.arithmetic
        return m.floor.subtract(self.mid, self.rad), m.ceiling.add(self.mid, self.rad)

    def sign(self) -> int:
        """Return -1, 0 or 1; raise Undecided if the ball contains zero and other numbers."""
        if self.mid.copy_abs() > self.rad:
            return -1 if self.mid < 0 else 1
        if self.rad:
            raise Undecided("the sign is unknown")
        return 0

    def add_error(self, error: Decimal) -> Ball:
        """Return the ball with its radius increased by `error` >= 0."""
        return Ball(self.arithmetic, self.mid, self.arithmetic.up.add(self.rad, error)) if error else self

    def square(self) -> Ball:
        """Return the square; that of a wide ball is enclosed from its ends, so that it contains no negative number."""
        m, size = self.arithmetic, self.mid.copy_abs()
        if m.up.multiply(4, self.rad) <= size:
            return self * self
        lower, upper = max(_ZERO, m.floor.subtract(size, self.rad)), m.up.add(size, self.rad)
        try:
            least, greatest = m.floor.multiply(lower, lower), m.up.multiply(upper, upper)
        except Overflow:
            raise ExponentOverflow("a square") from None
        mid = m.nearest.add(least, m.up.multiply(m.up.subtract(greatest, least), _HALF))
        return Ball(m, mid, max(m.up.subtract(mid, least), m.up.subtract(greatest, mid)))

    def _operand(self, other: object) -> Ball | None:
        """Return `other` as a ball, or None if it is of a foreign type."""
        if isinstance(other, Ball):
            return other
        return self.arithmetic.number(other) if isinstance(other, (int, Fraction)) else None

    def _signs_of_difference(self, other: object) -> tuple[int, ...] | None:
        b = self._operand(other)
        return None if b is None else self.arithmetic.possible_signs(self, b)

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


class BallOperations:
    """Numbers and arithmetic operations of balls with `digits` working digits. Not thread-safe: contexts keep flags.

    nearest, floor, ceiling   contexts of the working precision
    up                        context of the radii: 10 digits, rounding away from zero
    """

    def __init__(self, digits: int) -> None:
        if digits <= RADIUS_DIGITS:
            raise ValueError(f"digits must be more than {RADIUS_DIGITS}, not {digits}")
        self.digits = digits
        self.nearest = decimal_context(digits)
        self.floor = decimal_context(digits, "ROUND_FLOOR")
        self.ceiling = decimal_context(digits, "ROUND_CEILING")
        self.up = decimal_context(RADIUS_DIGITS, "ROUND_UP")
        self._guarded = decimal_context(digits + _SUM_GUARD_DIGITS)
        self._unlimited = decimal_context(MAX_PREC)
        self._flags = self.nearest.flags
        # Rounding to p digits errs by at most half a unit of the last place, which is |mid| 5 * 10^-p or less.
        self._rounding_rel_err = Decimal((0, (5,), -digits))
        self._guarded_rel_err = Decimal((0, (5,), -digits - _SUM_GUARD_DIGITS))
        # 5.2 * 10^-digits: 5 for the rounding; less than 0.1 for the point function, 0.1 for |value| against |mid|.
        self._point_rel_err = Decimal((0, (5, 2), -digits - 1))
        self._small_integers = {n: Ball(self, Decimal(n)) for n in range(-16, 17)}

    def number(self, value: float | Fraction | Decimal) -> Ball:
        """Return the value as a ball: exact to the last digit, or rounded if it has no finite decimal expansion."""
        if isinstance(value, int):
            known = self._small_integers.get(value)
            return Ball(self, Decimal(value)) if known is None else known
        if isinstance(value, Fraction):
            return self._fraction(value.numerator, value.denominator)
        exact = value if isinstance(value, Decimal) else Decimal.from_float(value)
        if not exact.is_finite():
            raise ValueError(f"a ball requires a finite number, not {value}")
        return Ball(self, exact)

    def _fraction(self, numerator: int, denominator: int) -> Ball:
        """Return a fraction in lowest terms, exactly if its decimal expansion is finite."""
        places = decimal_places(denominator)
        if places is None:
            return self.divide(Ball(self, Decimal(numerator)), Ball(self, Decimal(denominator)))
        coefficient = numerator * (10**places // denominator)
        return Ball(self, self._unlimited.scaleb(Decimal(coefficient), -places))

    def add(self, a: Ball, b: Ball) -> Ball:
        """Return the sum a + b."""
        self.nearest.clear_flags()
        try:
            mid = self.nearest.add(a.mid, b.mid)
        except Overflow:
            raise ExponentOverflow("a sum") from None
        rad = self.up.add(a.rad, b.rad)
        if self._flags[Inexact]:
            rad = self.up.add(rad, self._sum_error(a.mid, b.mid, mid))
        return Ball(self, mid, rad)

    def _sum_error(self, x: Decimal, y: Decimal, total: Decimal) -> Decimal:
        """Return a bound of |x + y - total|, the rounding error of a sum.

        With |x| >= |y| it is |y - (total - x)|, as in Dekker's Fast2Sum (1971); total - x is computed with a known
        relative error. It is at most half a unit of the total's last place and can be far smaller: the error of
        1 - e^-200 rounded to 1 is e^-200.
        """
        if x.copy_abs() < y.copy_abs():
            x, y = y, x
        included = self._guarded.subtract(total, x)
        error = self.up.fma(included.copy_abs(), self._guarded_rel_err, self._distance(y, included))
        return min(error, self.rounding_error(total))

    def multiply(self, a: Ball, b: Ball) -> Ball:
        """Return the product a b, whose radius is (|b0| + rb) ra + |a0| rb for midpoints a0, b0."""
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
        return self._rounded(mid, rad)

    def divide(self, a: Ball, b: Ball) -> Ball:
        """Return the quotient a/b, whose radius is (ra + rb |a0/b0|)/(|b0| - rb) for midpoints a0, b0.

        That is a bound of a/b - a0/b0 = ((a - a0) - (b - b0) a0/b0)/b.
        """
        if b.sign() == 0:
            raise OutsideDomain("division by zero")
        self.nearest.clear_flags()
        up, rad = self.up, a.rad
        try:
            mid = self.nearest.divide(a.mid, b.mid)
            if b.rad and a.mid:
                rad = up.fma(up.add(mid.copy_abs(), self.rounding_error(mid)), b.rad, rad)
            if rad:
                rad = up.divide(rad, self.floor.subtract(b.mid.copy_abs(), b.rad))
        except Overflow:
            raise ExponentOverflow("a quotient") from None
        return self._rounded(mid, rad)

    def sqrt(self, x: Ball) -> Ball:
        """Return the square root; its radius is r/sqrt(x0), as |sqrt x - sqrt x0| = |x - x0|/(sqrt x + sqrt x0)."""
        lower, upper = x.endpoints()
        if lower < 0:
            raise Undecided("sqrt near 0") if upper >= 0 else OutsideDomain("sqrt of a negative number")
        self.nearest.clear_flags()
        root = self._rounded(self.nearest.sqrt(x.mid), _ZERO)
        return root.add_error(self.up.divide(x.rad, root.endpoints()[0])) if x.rad else root

    def rounding_error(self, mid: Decimal) -> Decimal:
        """Return a bound of the error of an operation that was rounded to `mid`: half a unit in the last place."""
        return self.up.multiply(mid, self._rounding_rel_err).copy_abs() or _SMALLEST_NORMAL

    def _rounded(self, mid: Decimal, rad: Decimal) -> Ball:
        """Return (mid, rad), plus the rounding error if the operation of `nearest` that gave mid was inexact."""
        return Ball(self, mid, self.up.add(rad, self.rounding_error(mid)) if self._flags[Inexact] else rad)

    def from_point(self, value: Decimal) -> Ball:
        """Return the ball of a point function's value, whose relative error is below 10^-(digits + 1)."""
        mid = self.nearest.plus(value)
        return Ball(self, mid, self.up.multiply(mid, self._point_rel_err).copy_abs() or _SMALLEST_NORMAL)

    def possible_signs(self, a: Ball, b: Ball) -> tuple[int, ...]:
        """Return the signs that a - b can have: one if the balls are disjoint, two if they touch, else all."""
        order = (a.mid > b.mid) - (a.mid < b.mid)
        total_radius = self.up.add(a.rad, b.rad)
        distance = self.floor.subtract(max(a.mid, b.mid), min(a.mid, b.mid))
        if distance > total_radius or not total_radius:
            return (order,)
        return (order, 0) if distance == total_radius else (-1, 0, 1)

    def monotone_enclosure(self, function: Callable[[Ball], Ball], x: Ball) -> Ball:
        """Return the enclosure of a monotone function over a wide ball, from its values at the ball's ends.

        Raise ExponentOverflow if all the values overflow, Undecided if some do. If both ends overflow and the ball
        contains zero, the function takes finite values in between (sinh).
        """
        balls = []
        for end in x.endpoints():
            with suppress(ExponentOverflow):
                balls.append(function(Ball(self, end)))
        if len(balls) < 2:
            if balls or x.mid.copy_abs() <= x.rad:
                raise Undecided("part of the values overflow")
            raise ExponentOverflow("all the values")
        mid = self.nearest.multiply(self.nearest.add(balls[0].mid, balls[1].mid), _HALF)
        return Ball(self, mid, max(self.up.add(self._distance(ball.mid, mid), ball.rad) for ball in balls))

    def _distance(self, x: Decimal, y: Decimal) -> Decimal:
        """Return a bound of |x - y|."""
        return self.up.subtract(x, y).copy_abs()
