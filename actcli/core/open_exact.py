"""The exact reading of an expression, in which nothing is too large to be reckoned with.

Where a formula of the catalogue has a power such as e^(10^20), it is known what becomes of it. In an expression it may
be divided by another or taken from it: here it is kept as b e^k, a ball times e to the power of a ball. What comes of
it is a ball again as soon as it is of a size that can be held.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import Any

from actcli.core.exact import Ball, Enormous, ExactArithmetic, Undecided

__all__ = ["OpenExactArithmetic", "Scaled"]

_LIMIT = Decimal("1e16")
# Above e^-(10^16), also times 10^(10^6), and below e^(10^16) / 10^(10^6).
_TINY, _FAR = Decimal((0, (5,), -4342944800000000)), Decimal((0, (1,), 4342944800000000))
_FARTHEST = Decimal("1e400000000000000000")
_LONGEST = 10**6


class Scaled:
    """The number b e^k; once it is settled |k| is above 10^16, and b within 10^(+-10^6) and no exact zero."""

    __slots__ = ("b", "k", "m")

    def __init__(self, m: OpenExactArithmetic, b: Ball, k: Ball) -> None:
        self.m = m
        self.b = b
        self.k = k

    __hash__ = None  # type: ignore[assignment]

    @property
    def large(self) -> bool:
        """Whether it is enormous rather than next to nothing."""
        return self.k.mid > 0

    def sign(self) -> int:
        return self.b.sign()

    def ends(self) -> tuple[Decimal, Decimal]:
        """An interval that holds it, as far as such sizes can be spelled out."""
        near, far = (_FAR, _FARTHEST) if self.large else (Decimal(0), _TINY)
        low, high = self.b.ends()
        bottom = near if low > 0 else far.copy_negate() if low < 0 else Decimal(0)
        top = far if high > 0 else near.copy_negate() if high < 0 else Decimal(0)
        return bottom, top

    def __neg__(self) -> Scaled:
        return Scaled(self.m, -self.b, self.k)

    def __pos__(self) -> Scaled:
        return self

    def __abs__(self) -> Scaled:
        return -self if self.sign() < 0 else self

    def __add__(self, other: Any) -> Any:
        c = self.m.scaled(other)
        high, low = (self, c) if self.k.mid >= c.k.mid else (c, self)
        if not high.b.mid and high.b.is_exact:
            return self.m.settled(low)
        if not low.b.mid and low.b.is_exact:
            return self.m.settled(high)
        apart = ExactArithmetic.exp(self.m, low.k - high.k)
        return self.m.settled(Scaled(self.m, high.b + low.b * apart, high.k))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return (-self) + other

    def __mul__(self, other: Any) -> Any:
        c = self.m.scaled(other)
        return self.m.settled(Scaled(self.m, self.b * c.b, self.k + c.k))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        c = self.m.scaled(other)
        return self.m.settled(Scaled(self.m, self.b / c.b, self.k - c.k))

    def __rtruediv__(self, other: Any) -> Any:
        return self.m.scaled(other) / self

    def __pow__(self, exponent: int) -> Any:
        return self.m.settled(Scaled(self.m, self.b**exponent, self.k * exponent))

    def square(self) -> Any:
        return self**2

    def _order(self, other: Any) -> int:
        difference = self - other
        return int(difference.sign())

    def __lt__(self, other: Any) -> bool:
        return self._order(other) < 0

    def __le__(self, other: Any) -> bool:
        return self._order(other) <= 0

    def __gt__(self, other: Any) -> bool:
        return self._order(other) > 0

    def __ge__(self, other: Any) -> bool:
        return self._order(other) >= 0

    def __eq__(self, other: object) -> bool:
        return self._order(other) == 0

    def __ne__(self, other: object) -> bool:
        return self._order(other) != 0


class OpenExactArithmetic(ExactArithmetic):
    """The functions of the exact reading, of balls, of exact numbers (Fractions) and of what is beyond them."""

    def scaled(self, value: Any) -> Scaled:
        if isinstance(value, Scaled):
            return value
        ball = value if isinstance(value, Ball) else self.number(value)
        return Scaled(self, ball, self.number(0))

    def settled(self, value: Scaled) -> Any:
        """`value`, as a ball if it is of a size for one."""
        if not value.b.mid and value.b.is_exact:
            return value.b
        if max(end.copy_abs() for end in value.k.ends()) <= _LIMIT:
            return value.b * ExactArithmetic.exp(self, value.k)
        places = max(value.b.mid.copy_abs(), value.b.rad).adjusted()
        if abs(places) > _LONGEST:
            # What the ball has of size belongs to the power.
            b = Ball(self, value.b.mid.scaleb(-places, self.nearest), value.b.rad.scaleb(-places, self.up))
            return self.settled(Scaled(self, b, value.k + ExactArithmetic.log(self, self.number(10)) * places))
        return value

    @property
    def tiny(self) -> Ball:
        """Some number from 0 to e^-(10^16), or a little beyond."""
        return Ball(self, _TINY, _TINY)

    @property
    def about_one(self) -> Ball:
        return Ball(self, Decimal(1), _TINY)

    def hull(self, function: Any, x: Ball) -> Ball:
        """As ExactArithmetic's; a wide ball with an end beyond balls is not decided."""

        def at(end: Ball) -> Ball:
            value = function(end)
            if isinstance(value, Scaled):
                raise Undecided("part of the values are enormous")
            return value  # type: ignore[no-any-return]  # the function is one of balls

        return super().hull(at, x)

    def exp(self, x: Any) -> Any:
        """e^x, of any ball."""
        if isinstance(x, Scaled):
            return self._exp_of_scaled(x)
        ball = x if isinstance(x, Ball) else self.number(x)
        return super().exp(ball) if ball.mid.copy_abs() <= _LIMIT else Scaled(self, self.number(1), ball)

    def _exp_of_scaled(self, x: Scaled) -> Any:
        if not x.large:
            return 1 + x
        if x.sign() > 0:
            raise Enormous("a power of a power")
        return self.tiny

    def sqrt(self, x: Any) -> Any:
        """The square root; of a fraction that is a square its exact root."""
        if isinstance(x, Scaled):
            return self.settled(Scaled(self, super().sqrt(x.b), x.k / 2))
        if isinstance(x, int | Fraction):
            top, bottom = x.as_integer_ratio()
            if top >= 0 and isqrt(top) ** 2 == top and isqrt(bottom) ** 2 == bottom:
                return Fraction(isqrt(top), isqrt(bottom))
        return super().sqrt(x if isinstance(x, Ball) else self.number(x))

    def log(self, x: Any) -> Any:
        """The logarithm; of b e^k it is log b + k."""
        if isinstance(x, Scaled):
            return super().log(x.b) + x.k
        return super().log(x if isinstance(x, Ball) else self.number(x))

    def log1p(self, x: Any) -> Any:
        """The logarithm of 1 + x."""
        if isinstance(x, Scaled):
            return self.log(1 + x) if x.large else x * self.about_one
        return super().log1p(x if isinstance(x, Ball) else self.number(x))


def _beyond(name: str) -> Any:
    """The function called `name`, also of what is beyond balls."""
    plain = getattr(ExactArithmetic, name)

    def function(m: OpenExactArithmetic, x: Any) -> Any:
        if isinstance(x, Scaled):
            return (_LARGE if x.large else _SMALL)[name](m, x)
        return plain(m, x if isinstance(x, Ball) else m.number(x))

    return function


def _by_sign(below: Any, above: Any) -> Any:
    return lambda m, x: (above if x.sign() > 0 else below)(m, x)


def _enormous(m: OpenExactArithmetic, x: Scaled) -> Any:
    raise Enormous("a power of a power")


def _wave(m: OpenExactArithmetic, x: Scaled) -> Any:
    return Ball(m, Decimal(0), Decimal(1))


def _tan(m: OpenExactArithmetic, x: Scaled) -> Any:
    raise Undecided("tan")


def _same(m: OpenExactArithmetic, x: Scaled) -> Any:
    return x * m.about_one


def _one(m: OpenExactArithmetic, x: Scaled) -> Any:
    return m.about_one


_rising = _by_sign(lambda m, x: m.tiny, lambda m, x: 1 - m.tiny)
_both = _by_sign(lambda m, x: m.tiny - 1, lambda m, x: 1 - m.tiny)
_LARGE: dict[str, Any] = {
    "expm1": _by_sign(lambda m, x: m.tiny - 1, _enormous),
    "sin": _wave,
    "cos": _wave,
    "tan": _tan,
    "sinh": _enormous,
    "cosh": _enormous,
    "tanh": _both,
    "asinh": _by_sign(lambda m, x: -(m.log(-2 * x) + m.tiny), lambda m, x: m.log(2 * x) + m.tiny),
    "atan": _by_sign(lambda m, x: m.tiny - m.pi / 2, lambda m, x: m.pi / 2 - m.tiny),
    "sigmoid": _rising,
    "softplus": _by_sign(lambda m, x: m.tiny, lambda m, x: x + m.tiny),
    "logcosh": lambda m, x: abs(x) - m.log(m.number(2)) + m.tiny,
    "tanhshrink": lambda m, x: x - m.tanh(x),
    "erf": _both,
    "erfc": _by_sign(lambda m, x: 2 - m.tiny, lambda m, x: m.tiny),
    "ndtr": _rising,
    "mills": _by_sign(_enormous, lambda m, x: m.about_one / x),
}
_SMALL: dict[str, Any] = {
    **dict.fromkeys(("expm1", "sin", "tan", "sinh", "tanh", "asinh", "atan"), _same),
    **dict.fromkeys(("cos", "cosh"), _one),
    "sigmoid": lambda m, x: Fraction(1, 2) + x * m.about_one / 4,
    "softplus": lambda m, x: m.log(m.number(2)) + x * m.about_one / 2,
    "logcosh": lambda m, x: x**2 * m.about_one / 2,
    "tanhshrink": lambda m, x: x**3 * m.about_one / 3,
    "erf": lambda m, x: 2 * x * m.about_one / m.sqrt(m.pi),
    "erfc": lambda m, x: 1 - m.erf(x),
    "ndtr": lambda m, x: Fraction(1, 2) + x * m.about_one / m.sqrt(2 * m.pi),
    "mills": lambda m, x: m.sqrt(m.pi / 2) - x * m.about_one,
}
for _name in _LARGE:
    setattr(OpenExactArithmetic, _name, _beyond(_name))
