"""Numbers beyond balls: b * exp(k) for sizes that no ball can store, and an exact number plus a tail.

Representations:

    ScaledBall     b * exp(k), where b is a ball and k a ball or again a `ScaledBall`: e^(10^20), e^(e^(10^20)).
    PerturbedBall  base + tail, where base is exact and the tail far below its last digit, e.g. 1 + e^-(10^9). Keeping
                   the tail keeps its sign and size through cancellation of the base, and through a logarithm.

Contract: operations enclose, as those of `Ball`, and return a ball as soon as its size allows. Operations that keep an
exact base exact keep the tail; others treat a perturbed ball as its enclosing ball.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias, overload

from actcli.core.arithmetic.ball import Ball
from actcli.core.arithmetic.ball_functions import BallArithmetic
from actcli.core.arithmetic.signals import ComparedBySign, Undecided

__all__ = ["EXP_BALL_LIMIT", "PerturbedBall", "ScaledBall", "Unbounded", "UnboundedBallOperations", "UnboundedOperand"]

Unbounded: TypeAlias = "Ball | ScaledBall"
UnboundedOperand: TypeAlias = "Ball | ScaledBall | int | Fraction"

EXP_BALL_LIMIT = Decimal(700)
"""|x| from which e^x stays a power. Any limit is correct; 700 keeps results of float64's size plain balls."""

_MAX_B_EXPONENT = 10**15
"""Largest decimal exponent of b in b * exp(k); a larger one is moved into k."""

_MAX_BALL_K = Decimal("1e16")
"""|k| up to which b * exp(k) is computed as a ball: its exponent stays below 4.4 * 10^15 + 10^15, of 10^18 possible."""

_TINY, _HUGE = Decimal((0, (5,), -2 * 10**15)), Decimal((0, (1,), 2 * 10**15))
"""Bounds of |b * exp(k)| for |k| > 10^16, where exp(|k|) > 10^(4.3 * 10^15) and b is within 10^(+-10^15): the number is
below 10^(-3.3 * 10^15) < _TINY or above 10^(3.3 * 10^15) > _HUGE."""

_INFINITY = Decimal("1e400000000000000000")
"""Upper end of a number that no Decimal can store. It need not be a bound: every format overflows long before it."""

_LOG10_E = Decimal("0.4342944819")
"""log10(e), to the 10 digits of a radius."""


class ScaledBall(ComparedBySign):
    """The number b * exp(k).

    A result of `times_exp` has |k| > 700, and b within 10^(+-10^15) unless b contains zero. An operand may have k = 0.
    """

    __slots__ = ("arithmetic", "b", "k")

    def __init__(self, arithmetic: UnboundedBallOperations, b: Ball, k: Unbounded) -> None:
        self.arithmetic = arithmetic
        self.b = b
        self.k = k

    @property
    def is_huge(self) -> bool:
        """Whether k > 0: the number is huge, not tiny."""
        return self.k.sign() > 0

    def sign(self) -> int:
        """Return -1, 0 or 1; raise Undecided if b does not decide it."""
        return self.b.sign()

    def endpoints(self) -> tuple[Decimal, Decimal]:
        """Return the lower and the upper end; those beyond any Decimal are +-_INFINITY."""
        ball = self.as_ball()
        if ball is not None:
            return ball.endpoints()
        least, greatest = (_HUGE, _INFINITY) if self.is_huge else (Decimal(0), _TINY)
        b_lower, b_upper = self.b.endpoints()
        lower = least if b_lower > 0 else greatest.copy_negate() if b_lower < 0 else Decimal(0)
        upper = greatest if b_upper > 0 else least.copy_negate() if b_upper < 0 else Decimal(0)
        return lower, upper

    def as_ball(self) -> Ball | None:
        """Return the number as a ball, or None if its size does not allow that."""
        if isinstance(self.k, ScaledBall) or self.k.mid.copy_abs() > _MAX_BALL_K:
            return None
        return self.b * BallArithmetic.exp(self.arithmetic, self.k)

    def enclosing_ball(self) -> Ball:
        """Return a ball that contains the number; raise Undecided if it is too large for one."""
        ball = self.as_ball()
        if ball is None and not self.is_huge:
            ball = self.arithmetic.tiny if self.sign() > 0 else -self.arithmetic.tiny
        if ball is None:
            raise Undecided("part of the values overflow")
        return ball

    def as_ball_above(self, exponent: int) -> Ball | None:
        """Return the number as a ball if it can be as large as 10^exponent, else None."""
        if isinstance(self.k, ScaledBall) or self.k.mid.copy_abs() > _MAX_BALL_K:
            return None
        k_exponent = int(self.arithmetic.up.multiply(self.k.mid, _LOG10_E))
        estimate = max(self.b.mid.copy_abs(), self.b.rad).adjusted() + k_exponent
        # The exponent of exp(k) is known to 9 digits, and 5 covers all that is rounded to integers.
        return self.as_ball() if estimate > exponent - 5 - abs(k_exponent) // 10**8 else None

    def __neg__(self) -> ScaledBall:
        return ScaledBall(self.arithmetic, -self.b, self.k)

    def __pos__(self) -> ScaledBall:
        return self

    def __abs__(self) -> ScaledBall:
        return -self if self.sign() < 0 else self

    def __add__(self, other: UnboundedOperand) -> Unbounded:
        c, m = self._operand(other), self.arithmetic
        if c is None:
            return NotImplemented
        if not c.b.mid and c.b.is_exact:
            return self
        gap = c.k - self.k
        if not gap.is_huge if isinstance(gap, ScaledBall) else gap.mid.copy_abs() <= 1:
            return m.times_exp(self.b + c.b * m.exp(gap), self.k)
        large, small, gap = (c, self, -gap) if gap.sign() > 0 else (self, c, gap)
        return m.times_exp(_plus_tail(m, large.b, small.b * m.exp(gap)), large.k)

    __radd__ = __add__

    def __sub__(self, other: UnboundedOperand) -> Unbounded:
        return self + (-other)

    def __rsub__(self, other: UnboundedOperand) -> Unbounded:
        return (-self) + other

    def __mul__(self, other: UnboundedOperand) -> Unbounded:
        c = self._operand(other)
        return NotImplemented if c is None else self.arithmetic.times_exp(self.b * c.b, self.k + c.k)

    __rmul__ = __mul__

    def __truediv__(self, other: UnboundedOperand) -> Unbounded:
        c = self._operand(other)
        return NotImplemented if c is None else self.arithmetic.times_exp(self.b / c.b, self.k - c.k)

    def __rtruediv__(self, other: UnboundedOperand) -> Unbounded:
        c = self._operand(other)
        return NotImplemented if c is None else c / self

    def __pow__(self, exponent: int) -> Unbounded:
        return self.arithmetic.times_exp(self.b**exponent, self.k * exponent)

    def square(self) -> Unbounded:
        """Return the square."""
        return self**2

    def _operand(self, other: object) -> ScaledBall | None:
        """Return `other` as a scaled ball, or None if it is of a foreign type, such as a dual number."""
        return self.arithmetic.to_scaled(other) if isinstance(other, ScaledBall | Ball | int | Fraction) else None

    def _signs_of_difference(self, other: object) -> tuple[int, ...] | None:
        c = self._operand(other)
        return None if c is None else ((self - c).sign(),)


class PerturbedBall(Ball):
    """base + tail: an exact number other than 0, plus a number far below its last digit. Tails do not nest.

    mid and rad are those of the enclosing ball around the base, which every inherited operation uses.
    """

    __slots__ = ("base", "tail")

    arithmetic: UnboundedBallOperations

    def __init__(self, arithmetic: UnboundedBallOperations, base: Ball, tail: Unbounded) -> None:
        super().__init__(arithmetic, base.mid, _magnitude_bound(arithmetic, tail))
        self.base = base
        self.tail = tail

    def endpoints(self) -> tuple[Decimal, Decimal]:
        """Return the lower and the upper end; one of them is the base if the sign of the tail is known."""
        lower, upper = super().endpoints()
        tail_lower, tail_upper = self.tail.endpoints()
        return self.mid if tail_lower >= 0 else lower, self.mid if tail_upper <= 0 else upper

    def without_tail(self) -> Ball:
        """Return the enclosing ball, without the tail."""
        return Ball(self.arithmetic, self.mid, self.rad)

    def _parts(self, other: object) -> tuple[Ball, Unbounded] | None:
        """Return base and tail of `other`, (itself, 0) if it is exact, else None."""
        if isinstance(other, PerturbedBall):
            return other.base, other.tail
        ball = self._operand(other)
        return (ball, self.arithmetic.number(0)) if ball is not None and ball.is_exact else None

    # The results of the operators are wider than those of Ball: where the bases cancel, a tail is left that may be a
    # ScaledBall. `Ball.__add__` etc. compute the base as a plain ball.

    def __neg__(self) -> PerturbedBall:
        return PerturbedBall(self.arithmetic, -self.base, -self.tail)

    def __abs__(self) -> PerturbedBall:
        return -self if self.mid < 0 else self

    def __add__(self, other: UnboundedOperand) -> Unbounded:  # type: ignore[override]
        parts, m = self._parts(other), self.arithmetic
        if parts is not None:
            base = Ball.__add__(self.base, parts[0])
            if base.is_exact:
                return add_tail(m, base, _add_tails(m, self.tail, parts[1]))
        return super().__add__(other)  # type: ignore[operator]  # NotImplemented for a ScaledBall

    __radd__ = __add__  # type: ignore[assignment]

    def __sub__(self, other: UnboundedOperand) -> Unbounded:  # type: ignore[override]
        return self + (-other) if self._operand(other) is not None else NotImplemented

    def __rsub__(self, other: UnboundedOperand) -> Unbounded:  # type: ignore[override, misc]
        return (-self) + other

    def __mul__(self, other: UnboundedOperand) -> Unbounded:  # type: ignore[override]
        parts, m = self._parts(other), self.arithmetic
        if parts is not None:
            base = Ball.__mul__(self.base, parts[0])
            if base.is_exact:
                # (b + t)(c + u) = bc + (tc + (b + t) u)
                return add_tail(m, base, _add_tails(m, self.tail * parts[0], parts[1] * self.without_tail()))
        return super().__mul__(other)  # type: ignore[operator]

    __rmul__ = __mul__  # type: ignore[assignment]

    def __truediv__(self, other: UnboundedOperand) -> Unbounded:  # type: ignore[override]
        parts, m = self._parts(other), self.arithmetic
        if parts is not None and parts[0].mid:
            base = Ball.__truediv__(self.base, parts[0])
            if base.is_exact:
                # (b + t)/(c + u) = q + (t - q u)/(c + u) with q = b/c
                divisor = _enclosing_ball(add_tail(m, *parts))
                tail = _add_tails(m, self.tail, -(base * parts[1]))
                return add_tail(m, base, tail / divisor)
        return super().__truediv__(other)  # type: ignore[operator]

    def __rtruediv__(self, other: UnboundedOperand) -> Unbounded:  # type: ignore[override, misc]
        ball = self._operand(other)
        if ball is None:
            return NotImplemented
        base = Ball.__truediv__(ball, self.base)
        if ball.is_exact and base.is_exact:
            return add_tail(self.arithmetic, base, -(base * self.tail) / self.without_tail())
        return Ball.__truediv__(ball, self.without_tail())

    def square(self) -> Unbounded:  # type: ignore[override]
        """Return the square."""
        return self * self

    def add_error(self, error: Decimal) -> Ball:
        """Return the number with its uncertainty increased by `error` >= 0, in the tail if that is a ball."""
        if not error or not isinstance(self.tail, Ball):
            return super().add_error(error) if error else self
        return PerturbedBall(self.arithmetic, self.base, self.tail.add_error(error))

    def _signs_of_difference(self, other: object) -> tuple[int, ...] | None:
        if self._parts(other) is None:
            return super()._signs_of_difference(other)
        return ((self - other).sign(),)  # type: ignore[operator]  # `other` is a number, as it has parts

    def sqrt(self) -> Unbounded:
        """Return the square root, which has a tail if that of the base is exact."""
        m = self.arithmetic
        # sqrt(b + t) = sqrt(b) + t/(sqrt(b) + sqrt(b + t))
        whole, base = BallArithmetic.sqrt(m, self.without_tail()), BallArithmetic.sqrt(m, self.base)
        return add_tail(m, base, self.tail / (base + whole)) if base.is_exact else whole


class UnboundedBallOperations(BallArithmetic):
    """Ball operations and e^x without overflow; operands and results can be scaled or perturbed balls."""

    def add(self, a: Ball, b: Ball) -> Ball:
        """Return the sum a + b, which keeps a term far below the last digit of an exact one as its tail."""
        if b.is_exact and (not a.is_exact or a.mid.copy_abs() < b.mid.copy_abs()):
            a, b = b, a
        size = max(b.mid.copy_abs(), b.rad)
        if a.is_exact and a.mid and size and size.adjusted() < a.mid.adjusted() - self.digits:
            return add_tail(self, a, b)
        return super().add(a, b)

    def to_ball(self, value: Ball | int | Fraction) -> Ball:
        """Return a ball or an exact number as a ball."""
        return value if isinstance(value, Ball) else self.number(value)

    def to_scaled(self, value: UnboundedOperand) -> ScaledBall:
        """Return any number as b * exp(k), with k = 0 if it is not scaled."""
        return value if isinstance(value, ScaledBall) else ScaledBall(self, self.to_ball(value), self.number(0))

    def times_exp(self, b: Unbounded, k: Unbounded) -> Unbounded:
        """Return b * exp(k): a ball if its size allows, else a scaled ball that satisfies the invariant."""
        if isinstance(b, ScaledBall):
            return self.times_exp(b.b, b.k + k)
        if not b.mid and b.is_exact:
            return b
        if isinstance(k, ScaledBall):
            return ScaledBall(self, b, k) if k.is_huge else b * self._exp_of_scaled(k)
        if max(end.copy_abs() for end in k.endpoints()) <= EXP_BALL_LIMIT:
            return b * BallArithmetic.exp(self, k)
        exponent = max(b.mid.copy_abs(), b.rad).adjusted()
        # A tiny b that can be zero keeps its exponent, which may cancel later.
        if exponent > _MAX_B_EXPONENT or (exponent < -_MAX_B_EXPONENT and b.rad < b.mid.copy_abs()):
            b = Ball(self, b.mid.scaleb(-exponent, self.nearest), b.rad.scaleb(-exponent, self.up))
            return self.times_exp(b, k + BallArithmetic.log(self, self.number(10)) * exponent)
        return ScaledBall(self, b, k)

    @property
    def tiny(self) -> Ball:
        """A ball from 0 to 10^(1 - 2 * 10^15), which contains every b * exp(k) > 0 with k < -10^16."""
        return Ball(self, _TINY, _TINY)

    @property
    def about_one(self) -> Ball:
        """1 +- _TINY, the factor by which a Taylor polynomial or asymptotic form of a scaled ball can be off."""
        return Ball(self, Decimal(1), _TINY)

    def exp(self, x: UnboundedOperand) -> Unbounded:  # type: ignore[override]
        """Return e^x, of any size."""
        ball = x.as_ball() if isinstance(x, ScaledBall) else self.to_ball(x)
        if ball is None:
            return self._exp_of_scaled(self.to_scaled(x))
        if ball.mid.copy_abs() <= EXP_BALL_LIMIT:
            return super().exp(ball)
        return ScaledBall(self, self.number(1), ball)

    def _exp_of_scaled(self, x: ScaledBall) -> Unbounded:
        """Return e^x for a huge x as a scaled ball, for a tiny one as 1 + x (1 +- _TINY)."""
        if not x.is_huge:
            return add_tail(self, self.number(1), x * self.about_one)
        x.sign()  # raises Undecided: the result would be huge or tiny
        return ScaledBall(self, self.number(1), x)


@overload
def add_tail(m: UnboundedBallOperations, base: Ball, tail: Ball) -> Ball: ...
@overload
def add_tail(m: UnboundedBallOperations, base: Ball, tail: Unbounded) -> Unbounded: ...
def add_tail(m: UnboundedBallOperations, base: Ball, tail: Unbounded) -> Unbounded:
    """Return base + tail for an exact base: a perturbed ball if the tail is far smaller, else an ordinary sum."""
    if not base.mid:
        return tail
    if isinstance(tail, Ball):
        size = max(tail.mid.copy_abs(), tail.rad)
        if not size or size.adjusted() >= base.mid.adjusted() - m.digits:
            return m.add(base, Ball(m, tail.mid, tail.rad)) if size else base
        return PerturbedBall(m, base, _without_tail(tail))
    if tail.is_huge:
        return m.to_scaled(base) + tail
    ball = tail.as_ball_above(base.mid.adjusted() - m.digits)
    if ball is not None:
        return add_tail(m, base, ball)
    return PerturbedBall(m, base, ScaledBall(m, _without_tail(tail.b), tail.k))


def _without_tail(ball: Ball) -> Ball:
    """Return the ball without a tail of its own: nested tails would double the work of an operation at each level."""
    return ball.without_tail() if isinstance(ball, PerturbedBall) else ball


def _enclosing_ball(number: Unbounded) -> Ball:
    return number.enclosing_ball() if isinstance(number, ScaledBall) else _without_tail(number)


def _plus_tail(m: UnboundedBallOperations, b: Ball, tail: Unbounded) -> Unbounded:
    """Return b + tail for any ball and a smaller tail."""
    if isinstance(b, PerturbedBall):
        return add_tail(m, b.base, _add_tails(m, b.tail, tail))
    if b.is_exact:
        return add_tail(m, b, tail)
    last_digit = max(b.mid.copy_abs(), b.rad).adjusted() - m.digits
    ball = tail if isinstance(tail, Ball) else tail.as_ball_above(last_digit)
    return b.add_error(_magnitude_bound(m, tail)) if ball is None else m.add(b, ball)


def _add_tails(m: UnboundedBallOperations, a: Unbounded, b: Unbounded) -> Unbounded:
    """Return a + b; if it is undecided which of two powers is larger, a ball around 0 that contains the sum."""
    try:
        return a + b
    except Undecided:
        return Ball(m, Decimal(0), m.up.add(_magnitude_bound(m, a), _magnitude_bound(m, b)))


def _magnitude_bound(m: UnboundedBallOperations, number: Unbounded) -> Decimal:
    """Return an upper bound of |number|."""
    return m.up.plus(max(end.copy_abs() for end in number.endpoints()))
