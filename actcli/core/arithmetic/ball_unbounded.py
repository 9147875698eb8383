"""The exact reading of an expression, in which nothing is too large to be reckoned with.

Where a formula of the catalogue has a power such as e^(10^20), it is known what becomes of it. In an expression it may
be divided by another or taken from it: here it is kept as b e^k, a ball times e to the power of a ball. What comes of
it is a ball again as soon as it is of a size that can be held.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import TYPE_CHECKING, Any

from actcli.core.arithmetic.ball_functions import Ball, BallArithmetic
from actcli.core.arithmetic.perturbed_ball import PerturbedBall, add_tail, plus_tail, sqrt_perturbed
from actcli.core.arithmetic.signals import Undecided

if TYPE_CHECKING:
    pass

__all__ = ["ScaledBall", "UnboundedBallArithmetic"]

_EXP_LIMIT, _HELD = Decimal(700), Decimal("1e16")
"""From which |x| on e^x is kept as a power, and up to which it can be a ball."""
# Above e^-(10^16), also times 10^(10^15), and below e^(10^16) / 10^(10^15).
_TINY, _FAR = Decimal((0, (5,), -2 * 10**15)), Decimal((0, (1,), 2 * 10**15))
_FARTHEST = Decimal("1e400000000000000000")
_LONGEST = 10**15
_LOG10_E = Decimal("0.4342944819")
_LEFT = Decimal("-1e6")


class ScaledBall:
    """The number b e^k; once it is settled b is a ball within 10^(+-10^15), no exact zero, and |k| above 700."""

    __slots__ = ("b", "k", "m")

    def __init__(self, m: UnboundedBallArithmetic, b: Any, k: Any) -> None:
        self.m = m
        self.b = b
        self.k = k

    __hash__ = None  # type: ignore[assignment]

    @property
    def is_huge(self) -> bool:
        """Whether it is enormous rather than next to nothing."""
        return bool(self.k.sign() > 0)

    def sign(self) -> int:
        return self.b.sign()

    def endpoints(self) -> tuple[Decimal, Decimal]:
        """An interval that holds it, as far as such sizes can be spelled out."""
        ball = self.as_ball()
        if ball is not None:
            return ball.endpoints()
        near, far = (_FAR, _FARTHEST) if self.is_huge else (Decimal(0), _TINY)
        low, high = self.b.endpoints()
        bottom = near if low > 0 else far.copy_negate() if low < 0 else Decimal(0)
        top = far if high > 0 else near.copy_negate() if high < 0 else Decimal(0)
        return bottom, top

    def as_ball(self) -> Ball | None:
        """The number as a ball, if it is of a size for one."""
        if isinstance(self.k, ScaledBall) or self.k.mid.copy_abs() > _HELD:
            return None
        return self.b * BallArithmetic.exp(self.m, self.k)

    def enclosing_ball(self) -> Ball:
        """A ball that holds the number; Undecided if it is enormous."""
        ball = self.as_ball()
        if ball is None and not self.is_huge:
            ball = self.m.tiny if self.sign() > 0 else -self.m.tiny
        if ball is None:
            raise Undecided("part of the values are enormous")
        return ball

    def as_ball_above(self, least: int) -> Ball | None:
        """The number as a ball, if it may be as large as 10^least; None of one that is smaller."""
        if isinstance(self.k, ScaledBall) or self.k.mid.copy_abs() > _HELD:
            return None
        power = int(self.m.up.multiply(self.k.mid, _LOG10_E))
        places = max(self.b.mid.copy_abs(), self.b.rad).adjusted() + power
        # The power is known to 9 digits.
        return self.as_ball() if places > least - 5 - abs(power) // 10**8 else None

    def __neg__(self) -> ScaledBall:
        return ScaledBall(self.m, -self.b, self.k)

    def __pos__(self) -> ScaledBall:
        return self

    def __abs__(self) -> ScaledBall:
        return -self if self.sign() < 0 else self

    def __add__(self, other: Any) -> Any:
        c = self._operand(other)
        if c is None:
            return NotImplemented
        if not c.b.mid and c.b.is_exact:
            return self
        gap = c.k - self.k
        if not gap.is_huge if isinstance(gap, ScaledBall) else gap.mid.copy_abs() <= 1:
            return self.m.settled(ScaledBall(self.m, self.b + c.b * self.m.exp(gap), self.k))
        big, small, gap = (c, self, -gap) if gap.sign() > 0 else (self, c, gap)
        return self.m.settled(ScaledBall(self.m, plus_tail(self.m, big.b, small.b * self.m.exp(gap)), big.k))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return (-self) + other

    def __mul__(self, other: Any) -> Any:
        c = self._operand(other)
        return NotImplemented if c is None else self.m.settled(ScaledBall(self.m, self.b * c.b, self.k + c.k))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        c = self._operand(other)
        return NotImplemented if c is None else self.m.settled(ScaledBall(self.m, self.b / c.b, self.k - c.k))

    def __rtruediv__(self, other: Any) -> Any:
        c = self._operand(other)
        return NotImplemented if c is None else c / self

    def _operand(self, other: object) -> ScaledBall | None:
        """`other` as a power; None of what is no number of this arithmetic, such as a dual number."""
        return self.m.scaled(other) if isinstance(other, ScaledBall | Ball | int | Fraction) else None

    def __pow__(self, exponent: int) -> Any:
        return self.m.settled(ScaledBall(self.m, self.b**exponent, self.k * exponent))

    def square(self) -> Any:
        return self**2

    def _holds(self, other: object, wanted: tuple[int, ...]) -> bool:
        """Whether the sign of self - other is a wanted one."""
        if self._operand(other) is None:
            unknown: bool = NotImplemented
            return unknown
        return int((self - other).sign()) in wanted

    def __lt__(self, other: Any) -> bool:
        return self._holds(other, (-1,))

    def __le__(self, other: Any) -> bool:
        return self._holds(other, (-1, 0))

    def __gt__(self, other: Any) -> bool:
        return self._holds(other, (1,))

    def __ge__(self, other: Any) -> bool:
        return self._holds(other, (0, 1))

    def __eq__(self, other: object) -> bool:
        return self._holds(other, (0,))

    def __ne__(self, other: object) -> bool:
        return self._holds(other, (-1, 1))


class UnboundedBallArithmetic(BallArithmetic):
    """The functions of the exact reading, of balls, of exact numbers (Fractions) and of what is beyond them.

    waves  how large the waves are that stand for the sine and cosine of a large number; None: they are worked out
    waved  whether that has happened
    """

    def __init__(self, digits: int, waves: Decimal | None = None) -> None:
        super().__init__(digits)
        self.waves = waves
        self.waved = False

    def _sin_cos(self, x: Ball) -> tuple[Ball, Ball]:
        if self.waves is not None and x.mid.copy_abs() > _EXP_LIMIT:
            return (self.wave(),) * 2
        return super()._sin_cos(x)

    def wave(self) -> Ball:
        """What is somewhere between two numbers, and will be elsewhere."""
        self.waved = True
        return Ball(self, Decimal(0), self.waves or Decimal(1))

    def add(self, a: Ball, b: Ball) -> Ball:
        """The sum a + b, which keeps what is far below the last digit of an exact number."""
        if b.is_exact and (not a.is_exact or a.mid.copy_abs() < b.mid.copy_abs()):
            a, b = b, a
        size = max(b.mid.copy_abs(), b.rad)
        if a.is_exact and a.mid and size and size.adjusted() < a.mid.adjusted() - self.digits:
            near: Ball = add_tail(self, a, b)
            return near
        return super().add(a, b)

    def scaled(self, value: Any) -> ScaledBall:
        if isinstance(value, ScaledBall):
            return value
        ball = value if isinstance(value, Ball) else self.number(value)
        return ScaledBall(self, ball, self.number(0))

    def settled(self, value: ScaledBall) -> Any:
        """`value`, as a ball if it is of a size for one."""
        if isinstance(value.b, ScaledBall):
            value = ScaledBall(self, value.b.b, value.b.k + value.k)
        if not value.b.mid and value.b.is_exact:
            return value.b
        if isinstance(value.k, ScaledBall):
            return value if value.k.is_huge else value.b * self._exp_of_scaled(value.k)
        if max(end.copy_abs() for end in value.k.endpoints()) <= _EXP_LIMIT:
            return value.b * BallArithmetic.exp(self, value.k)
        places = max(value.b.mid.copy_abs(), value.b.rad).adjusted()
        # What may be nothing keeps its power, which later cancels.
        if places > _LONGEST or (places < -_LONGEST and value.b.rad < value.b.mid.copy_abs()):
            # What the ball has of size belongs to the power.
            b = Ball(self, value.b.mid.scaleb(-places, self.nearest), value.b.rad.scaleb(-places, self.up))
            return self.settled(ScaledBall(self, b, value.k + BallArithmetic.log(self, self.number(10)) * places))
        return value

    @property
    def tiny(self) -> Ball:
        """Some number from 0 to e^-(10^16), or a little beyond."""
        return Ball(self, _TINY, _TINY)

    @property
    def about_one(self) -> Ball:
        return Ball(self, Decimal(1), _TINY)

    def monotone_enclosure(self, function: Any, x: Ball) -> Ball:
        """As ExactArithmetic's; a wide ball with an end beyond balls is not decided."""

        def at(end: Ball) -> Ball:
            value = function(end)
            return value.enclosing_ball() if isinstance(value, ScaledBall) else value

        return super().monotone_enclosure(at, x)

    def exp(self, x: Any) -> Any:
        """e^x, of any size."""
        ball = x.as_ball() if isinstance(x, ScaledBall) else x if isinstance(x, Ball) else self.number(x)
        if ball is None:
            return self._exp_of_scaled(x)
        return super().exp(ball) if ball.mid.copy_abs() <= _EXP_LIMIT else ScaledBall(self, self.number(1), ball)

    def _exp_of_scaled(self, x: ScaledBall) -> Any:
        if not x.is_huge:
            return add_tail(self, self.number(1), x * self.about_one)
        # The sign has to be known, as everything hangs on it.
        x.sign()
        return ScaledBall(self, self.number(1), x)

    def sqrt(self, x: Any) -> Any:
        """The square root; of a fraction that is a square its exact root."""
        if isinstance(x, ScaledBall):
            return self.settled(ScaledBall(self, self.sqrt(x.b), x.k / 2))
        if isinstance(x, PerturbedBall):
            return sqrt_perturbed(self, x)
        if isinstance(x, int | Fraction):
            top, bottom = x.as_integer_ratio()
            if top >= 0 and isqrt(top) ** 2 == top and isqrt(bottom) ** 2 == bottom:
                return Fraction(isqrt(top), isqrt(bottom))
        return super().sqrt(x if isinstance(x, Ball) else self.number(x))

    def ndtr(self, x: Any) -> Any:
        """The normal distribution function, far on the left phi(x) times Mills' ratio."""
        if isinstance(x, ScaledBall):
            x = x.as_ball() or x
        x = self.number(x) if isinstance(x, int | Fraction) else x
        if isinstance(x, Ball) and x.mid < _LEFT:
            return self.mills(-x) * self.phi(x)
        return 1 - self.ndtr(-x) if isinstance(x, Ball) and x.mid > -_LEFT else _ndtr(self, x)

    def erf(self, x: Any) -> Any:
        """1 - erfc x, or erfc(-x) - 1, where it is nearly that."""
        if isinstance(x, Ball) and x.mid.copy_abs() > -_LEFT:
            return 1 - self.erfc(x) if x.mid > 0 else self.erfc(-x) - 1
        return _erf(self, x)

    def erfc(self, x: Any) -> Any:
        """1 - erf x, far on the right by the normal distribution function."""
        if isinstance(x, ScaledBall):
            x = x.as_ball() or x
        x = self.number(x) if isinstance(x, int | Fraction) else x
        if isinstance(x, Ball) and x.mid > -_LEFT:
            return 2 * self.ndtr(-x * self.sqrt(self.number(2)))
        return _erfc(self, x)

    def log(self, x: Any) -> Any:
        """The logarithm; of b e^k it is log b + k."""
        if isinstance(x, ScaledBall):
            return self.log(x.b) + x.k
        if isinstance(x, PerturbedBall) and x.base.mid == 1:
            return self.log1p(x.rest)
        return super().log(x if isinstance(x, Ball) else self.number(x))

    def log1p(self, x: Any) -> Any:
        """The logarithm of 1 + x."""
        if isinstance(x, PerturbedBall) and x.base.mid == -1:
            return self.log(x.rest)
        if isinstance(x, ScaledBall):
            ball = x.as_ball() if not x.is_huge else None
            if ball is None:
                return self.log(1 + x) if x.is_huge else x * self.about_one
            x = ball
        return super().log1p(x if isinstance(x, Ball) else self.number(x))


def _beyond(name: str) -> Any:
    """The function called `name`, also of what is beyond balls."""
    plain = getattr(BallArithmetic, name)

    def function(m: UnboundedBallArithmetic, x: Any) -> Any:
        if isinstance(x, ScaledBall):
            ball = x.as_ball()
            if ball is None:
                return (_LARGE if x.is_huge else _SMALL)[name](m, x)
            x = ball
        return plain(m, x if isinstance(x, Ball) else m.number(x))

    return function


def _by_sign(below: Any, above: Any) -> Any:
    return lambda m, x: (above if x.sign() > 0 else below)(m, x)


def _wave(m: UnboundedBallArithmetic, x: ScaledBall) -> Any:
    return m.wave()


def _tan(m: UnboundedBallArithmetic, x: ScaledBall) -> Any:
    m.wave()
    raise Undecided("tan")


def _same(m: UnboundedBallArithmetic, x: ScaledBall) -> Any:
    return x * m.about_one


def _to_one(rest: Any) -> Any:
    """An odd function that is 1 - rest(x) far on the right."""
    return _by_sign(lambda m, x: rest(m, -x) - 1, lambda m, x: 1 - rest(m, x))


_LARGE: dict[str, Any] = {
    "expm1": lambda m, x: m.exp(x) - 1,
    "sin": _wave,
    "cos": _wave,
    "tan": _tan,
    "sinh": lambda m, x: (m.exp(x) - m.exp(-x)) / 2,
    "cosh": lambda m, x: (m.exp(x) + m.exp(-x)) / 2,
    "tanh": _to_one(lambda m, x: 2 * m.exp(-2 * x) * m.about_one),
    "asinh": _by_sign(lambda m, x: -(m.log(-2 * x) + m.tiny), lambda m, x: m.log(2 * x) + m.tiny),
    "atan": _by_sign(lambda m, x: m.tiny - m.pi / 2, lambda m, x: m.pi / 2 - m.tiny),
    "sigmoid": _by_sign(lambda m, x: m.exp(x) * m.about_one, lambda m, x: 1 - m.exp(-x) * m.about_one),
    "softplus": _by_sign(lambda m, x: m.exp(x) * m.about_one, lambda m, x: x + m.exp(-x) * m.about_one),
    "logcosh": lambda m, x: abs(x) - m.log(m.number(2)) + m.tiny,
    "tanhshrink": lambda m, x: x - m.tanh(x),
    "erf": _to_one(lambda m, x: m.erfc(x)),
    "erfc": lambda m, x: 2 * m.ndtr(-x * m.sqrt(m.number(2))),
    "ndtr": _by_sign(lambda m, x: m.phi(x) * m.about_one / -x, lambda m, x: 1 - m.ndtr(-x)),
    "mills": _by_sign(lambda m, x: m.about_one / m.phi(x), lambda m, x: m.about_one / x),
}
_SMALL: dict[str, Any] = {
    **dict.fromkeys(("expm1", "sin", "tan", "sinh", "tanh", "asinh", "atan"), _same),
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
_ndtr, _erf, _erfc = _beyond("ndtr"), _beyond("erf"), _beyond("erfc")
for _name in _LARGE.keys() - {"ndtr", "erf", "erfc"}:
    setattr(UnboundedBallArithmetic, _name, _beyond(_name))
