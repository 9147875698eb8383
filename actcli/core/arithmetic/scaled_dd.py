"""Scaled double-double arithmetic: arrays of numbers with a separate exponent and an enclosed remainder.

Double-doubles fail where intermediate results under- or overflow, and where a result lies so near a tie of two
neighbours that only its direction matters: x/2 + x^2/4 for an odd subnormal x, x - tanh x for a large one, x/6 + 1/2
at a multiple of a power of two. Such elements come in whole arrays, which are evaluated again here (the accurate path).

Representation. A number is (hi + lo + r) * 2**exponent / denominator with a remainder r in the open interval (rem_lo,
rem_hi). So (0, rem_hi) says "a little more", and rem_lo == rem_hi == 0 says that the number is exact. Sums and products
compute their rounding errors by error-free transformations (Dekker 1971, doi:10.1007/BF01397083; Knuth, TAOCP 2; Ogita,
Rump and Oishi, "Accurate sum and dot product", 2005, doi:10.1137/030601818) instead of bounding them. What is exact
stays exact, and a remainder keeps its sign. A rational constant keeps its odd denominator, so that ties of rational
pieces are decided exactly.

Invariants. |lo| <= 2^-53 |hi|, and |hi| of a result is 0 or within 2^+-8 of 1. The remainder is an enclosure, but not
always small: an infinite one means unknown, or that the number may be any number larger than its digits.
The caller turns NumPy's warnings off: nan and inf appear in the remainder and leave the result undecided.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.arithmetic.remainder_intervals import (
    SLACK,
    keep_nondegenerate,
    multiply_intervals,
    product_remainder,
    underflow_bounds,
)
from actcli.core.arithmetic.scaled_dd_fields import absorb_faint, normalize, shift_to
from actcli.core.arithmetic.signals import OrderedBySign, Relation, Undecided
from actcli.error_free import two_prod, two_sum

if TYPE_CHECKING:
    from actcli.core.arithmetic.array_types import Bools, Floats, Index, Integers
    from actcli.core.arithmetic.protocol import Exact

__all__ = ["ScaledDD", "as_scaled_dd"]

MAX_DENOMINATOR = 2**52
"""Denominators up to this are exact float64, also times a half. A larger one is divided out."""

ERR_CONSTANT = 2.0**-104
"""Bound on the remainder of a rational constant scaled to [1/2, 2): lo is at most 2^-53, rounded to nearest."""

_ZERO_EXPONENT = np.int64(-(2**50))
"""The exponent of an exact zero in a sum: less than that of a power, or a power of a power, and with room for products
in int64. A number with a lesser exponent vanishes beside such a zero, but keeps its sign in the remainder."""

_MAX_POWER_EXPONENT = 2**49
"""Largest exponent of an integer power, so that int64 holds the exponents of further powers up to the 1,000th."""


class ScaledDD(OrderedBySign["Bools"]):
    """An array of numbers (hi + lo + r) * 2**exponent / denominator, rem_lo < r < rem_hi or r = 0 (see the module).

    hi, lo, rem_lo, rem_hi  float64 arrays of one shape, in units of 2**exponent / denominator
    exponent                an int64 array
    denominator             an odd int, one for the whole array
    """

    __slots__ = ("denominator", "exponent", "hi", "lo", "rem_hi", "rem_lo")

    def __init__(
        self, hi: Floats, lo: Floats, exponent: Integers, rem_lo: Floats, rem_hi: Floats, denominator: int = 1
    ) -> None:
        self.hi = hi
        self.lo = lo
        self.exponent = exponent
        self.rem_lo = rem_lo
        self.rem_hi = rem_hi
        self.denominator = denominator

    # --- conversions -------------------------------------------------------------------------------------------

    @classmethod
    def from_float(cls, value: Floats) -> ScaledDD:
        """Return the float64 array `value`, exactly."""
        fraction, exponent = np.frexp(value)
        zero = np.zeros_like(fraction)
        return cls(fraction, zero, exponent.astype(np.int64), zero, zero)

    @classmethod
    def from_rational(cls, value: Exact) -> ScaledDD:
        """Return an exact number, as NumPy scalars: exactly if 106 bits and the denominator hold it, else enclosed."""
        fraction = Fraction(value)
        power_of_two_part = fraction.denominator & -fraction.denominator
        odd = fraction.denominator // power_of_two_part
        if odd > MAX_DENOMINATOR:
            odd = 1
        scaled = fraction * odd
        exponent = scaled.numerator.bit_length() - scaled.denominator.bit_length()
        scaled /= Fraction(2) ** exponent
        high = float(scaled)
        low = float(scaled - Fraction(high))
        rest = scaled - Fraction(high) - Fraction(low)
        rem_lo, rem_hi = (0.0, ERR_CONSTANT) if rest > 0 else (-ERR_CONSTANT, 0.0) if rest < 0 else (0.0, 0.0)
        fields: Any = tuple(map(np.float64, (high, low, rem_lo, rem_hi)))
        scalar_exponent: Any = np.int64(exponent)
        return cls(fields[0], fields[1], scalar_exponent, fields[2], fields[3], odd)

    @classmethod
    def from_interval(cls, low: Floats, high: Floats, exponent: Integers | np.int64) -> ScaledDD:
        """Return an unknown number of the open interval (low, high) * 2**exponent."""
        zero = np.zeros_like(low)
        return cls(zero, zero, np.broadcast_to(exponent, zero.shape), low, high)

    def take(self, index: Index) -> ScaledDD:
        """Return the elements that `index` selects; a constant is the same for all."""
        if not np.ndim(self.hi):
            return self
        hi, lo, exponent = self.hi[index], self.lo[index], self.exponent[index]
        return ScaledDD(hi, lo, exponent, self.rem_lo[index], self.rem_hi[index], self.denominator)

    def with_zeros(self, index: Index) -> ScaledDD:
        """Return the same number with exact zeros at `index`."""
        hi, lo, rem_lo, rem_hi = (field.copy() for field in (self.hi, self.lo, self.rem_lo, self.rem_hi))
        for field in (hi, lo, rem_lo, rem_hi):
            field[index] = 0.0
        return ScaledDD(hi, lo, self.exponent, rem_lo, rem_hi, self.denominator)

    @classmethod
    def scatter(cls, parts: Sequence[tuple[Index, ScaledDD | Exact]], shape: tuple[int, ...]) -> ScaledDD:
        """Return an array of `shape` from `parts`, (index, number at that index), which cover it."""
        numbers = [(index, as_scaled_dd(part)) for index, part in parts]
        common = math.lcm(*(part.denominator for _, part in numbers))
        unify = ScaledDD.divide_out if common > MAX_DENOMINATOR else partial(_with_denominator, denominator=common)
        numbers = [(index, unify(part)) for index, part in numbers]
        hi, lo, rem_lo, rem_hi = (np.zeros(shape) for _ in range(4))
        out = cls(hi, lo, np.zeros(shape, dtype=np.int64), rem_lo, rem_hi, numbers[0][1].denominator)
        for index, part in numbers:
            for field in ("hi", "lo", "exponent", "rem_lo", "rem_hi"):
                getattr(out, field)[index] = getattr(part, field)
        return out

    def divide_out(self) -> ScaledDD:
        """Return the same number with the denominator 1."""
        if self.denominator == 1:
            return self
        return _divide(self._numerator(), ScaledDD.from_rational(self.denominator))

    def _numerator(self) -> ScaledDD:
        return ScaledDD(self.hi, self.lo, self.exponent, self.rem_lo, self.rem_hi)

    def add_error(self, low: Floats | float, high: Floats | float) -> ScaledDD:
        """Return the same number with the interval (low, high), in units of 2**exponent, added to its remainder."""
        return ScaledDD(self.hi, self.lo, self.exponent, self.rem_lo + low, self.rem_hi + high, self.denominator)

    @property
    def value(self) -> Floats:
        """The nearest float64, which may be inf or 0: 2^+-1100 is beyond float64 for any denominator."""
        near = np.clip(self.exponent, -1100, 1100).astype(np.int64)
        return np.ldexp((self.hi + self.lo) / self.denominator, near)

    def signs(self) -> Floats:
        """Return -1, 0 or 1 for each element; raise Undecided where the remainder does not decide it."""
        sign, undecided = self.signs_and_undecided()
        if np.any(undecided):
            raise Undecided
        return sign

    def signs_and_undecided(self) -> tuple[Floats, Bools]:
        """Return -1, 0 or 1 for each element, and a mask of those that the remainder, or a nan, leaves undecided."""
        size = np.maximum(np.abs(self.rem_lo), np.abs(self.rem_hi))
        sign = np.where(self.hi != 0, np.sign(self.hi), np.where(self.rem_hi > 0, 1.0, -1.0))
        # Twice the remainder: |lo| is below 2^-53 |hi| and takes less than the other half of |hi|.
        is_clear = np.where(self.hi != 0, np.abs(self.hi) > 2 * size, (self.rem_lo >= 0) | (self.rem_hi <= 0))
        return np.where((size == 0) & (self.hi == 0), 0.0, sign), ~(is_clear | (size == 0))

    # --- operators ---------------------------------------------------------------------------------------------

    def __neg__(self) -> ScaledDD:
        return ScaledDD(-self.hi, -self.lo, self.exponent, -self.rem_hi, -self.rem_lo, self.denominator)

    def __pos__(self) -> ScaledDD:
        return self

    def __abs__(self) -> ScaledDD:
        return self.times_sign(np.where(self.signs() < 0, -1.0, 1.0))

    def times_sign(self, sign: Floats) -> ScaledDD:
        """Return the number times an array of +1 and -1."""
        rem_lo = np.where(sign > 0, self.rem_lo, -self.rem_hi)
        rem_hi = np.where(sign > 0, self.rem_hi, -self.rem_lo)
        return ScaledDD(self.hi * sign, self.lo * sign, self.exponent, rem_lo, rem_hi, self.denominator)

    def __add__(self, other: ScaledDD | Exact) -> ScaledDD:
        b = _as_operand(other)
        return NotImplemented if b is None else _add(*_common_denominator(self, b))

    __radd__ = __add__

    def __sub__(self, other: ScaledDD | Exact) -> ScaledDD:
        b = _as_operand(other)
        return NotImplemented if b is None else _add(*_common_denominator(self, -b))

    def __rsub__(self, other: ScaledDD | Exact) -> ScaledDD:
        return (-self) + other

    def __mul__(self, other: ScaledDD | Exact) -> ScaledDD:
        b = _as_operand(other)
        if b is None:
            return NotImplemented
        denominator = self.denominator * b.denominator
        if denominator > MAX_DENOMINATOR:
            return self.divide_out() * b.divide_out()
        product = _multiply(self, b)
        product.denominator = denominator
        return product

    __rmul__ = __mul__

    def __truediv__(self, other: ScaledDD | Exact) -> ScaledDD:
        if isinstance(other, int | Fraction):
            return self * (1 / Fraction(other))
        b = _as_operand(other)
        if b is None:
            return NotImplemented
        if b.denominator != 1:
            return (self * b.denominator) / b._numerator()
        quotient = _divide(self, b)
        quotient.denominator = self.denominator
        return quotient

    def __rtruediv__(self, other: Exact) -> ScaledDD:
        b = _as_operand(other)
        return NotImplemented if b is None else b / self

    def __pow__(self, exponent: int) -> ScaledDD:
        if exponent < 0:
            return 1 / self**-exponent
        power = ScaledDD.from_rational(1) if exponent == 0 else self
        for bit in f"{exponent:b}"[1:]:
            power = power * power * self if bit == "1" else power * power
        if np.any(np.abs(power.exponent) > _MAX_POWER_EXPONENT):
            raise Undecided
        return power

    def _compare(self, other: object, relation: Relation) -> Bools:
        b = _as_operand(other)
        return NotImplemented if b is None else relation((self - b).signs(), 0)


def _as_operand(value: object) -> ScaledDD | None:
    """Return `value` as a ScaledDD; None for a foreign type, whose own operator then takes over."""
    return as_scaled_dd(value) if isinstance(value, ScaledDD | int | Fraction) else None


def as_scaled_dd(value: ScaledDD | Exact) -> ScaledDD:
    """Return `value` itself, or the constant of an int or Fraction."""
    return value if isinstance(value, ScaledDD) else ScaledDD.from_rational(value)


def _common_denominator(a: ScaledDD, b: ScaledDD) -> tuple[ScaledDD, ScaledDD]:
    """Return a and b with one denominator: the least common multiple, or 1 if that is too large."""
    if a.denominator == b.denominator:
        return a, b
    common = math.lcm(a.denominator, b.denominator)
    if common > MAX_DENOMINATOR:
        return a.divide_out(), b.divide_out()
    return _with_denominator(a, common), _with_denominator(b, common)


def _with_denominator(a: ScaledDD, denominator: int) -> ScaledDD:
    """Return `a` with a multiple of its denominator."""
    factor = denominator // a.denominator
    if factor == 1:
        return a
    scaled = _multiply(a._numerator(), ScaledDD.from_rational(factor))
    scaled.denominator = denominator
    return scaled


def _add(a: ScaledDD, b: ScaledDD) -> ScaledDD:
    """Return a + b of one denominator: six TwoSums, whose last two errors go into the remainder."""
    # The exponent of an exact zero has no meaning and must not determine that of the sum.
    ka = np.where((a.hi == 0) & (a.rem_lo == a.rem_hi), _ZERO_EXPONENT, a.exponent)
    kb = np.where((b.hi == 0) & (b.rem_lo == b.rem_hi), _ZERO_EXPONENT, b.exponent)
    exponent = np.maximum(ka, kb)
    ah, al, a_rem_lo, a_rem_hi = shift_to(exponent, a.hi, a.lo, a.exponent, a.rem_lo, a.rem_hi)
    bh, bl, b_rem_lo, b_rem_hi = shift_to(exponent, b.hi, b.lo, b.exponent, b.rem_lo, b.rem_hi)
    s, e = two_sum(ah, bh)
    t, f = two_sum(al, bl)
    c, g = two_sum(e, t)
    high, m = two_sum(s, c)
    low, n = two_sum(m, f)
    rest = g + n
    slack = SLACK * (np.abs(g) + np.abs(n))
    rem_lo = (a_rem_lo + b_rem_lo + rest) - (slack + SLACK * (np.abs(a_rem_lo) + np.abs(b_rem_lo)))
    rem_hi = (a_rem_hi + b_rem_hi + rest) + (slack + SLACK * (np.abs(a_rem_hi) + np.abs(b_rem_hi)))
    return ScaledDD(*normalize(high, low, exponent, rem_lo, rem_hi), a.denominator)


def _multiply(a: ScaledDD, b: ScaledDD) -> ScaledDD:
    """Return the product of the numerators, with the denominator 1."""
    try:
        with np.errstate(under="raise"):
            hi, lo, rest, slack = _product_digits(a, b)
        below: Floats | float = 0.0
        above: Floats | float = 0.0
    except FloatingPointError:
        a, b = (ScaledDD(*absorb_faint(n.hi, n.lo, n.exponent, n.rem_lo, n.rem_hi)) for n in (a, b))
        hi, lo, rest, slack = _product_digits(a, b)
        # Of the products of digits above MIN_DIGIT only that of the two lo can still underflow.
        below, above = underflow_bounds(a.lo, b.lo, a.lo * b.lo)
    rem_lo, rem_hi = product_remainder(a.hi + a.lo, (a.rem_lo, a.rem_hi), b.hi + b.lo, (b.rem_lo, b.rem_hi))
    rem_lo, rem_hi = rem_lo + (rest - slack) + below, rem_hi + (rest + slack) + above
    return ScaledDD(*normalize(hi, lo, a.exponent + b.exponent, rem_lo, rem_hi))


def _product_digits(a: ScaledDD, b: ScaledDD) -> tuple[Floats, Floats, Floats, Floats]:
    """Return hi and lo of the product of the digits of a and b, the remainder, and its rounding error."""
    p, e = two_prod(a.hi, b.hi)
    t, e1 = two_prod(a.hi, b.lo)
    u, e2 = two_prod(a.lo, b.hi)
    q = a.lo * b.lo
    s, r1 = two_sum(t, u)
    v, r2 = two_sum(e, s)
    high, low = two_sum(p, v)
    rest = (r1 + r2) + (e1 + e2) + q
    slack = SLACK * (np.abs(r1) + np.abs(r2) + np.abs(e1) + np.abs(e2) + np.abs(q))
    return high, low, rest, slack


def _divide(a: ScaledDD, b: ScaledDD) -> ScaledDD:
    """Return the quotient of the numerators, with the denominator 1: two quotient digits from exact remainders."""
    q = a.hi / b.hi
    p, e = two_prod(q, b.hi)
    t, e1 = two_prod(q, b.lo)
    s, r1 = two_sum((a.hi - p) - e, a.lo)
    u, r2 = two_sum(s, -t)
    q1 = u / b.hi
    p1, e2 = two_prod(q1, b.hi)
    leftover = [(u - p1) - e2, r1, r2, -e1, -q1 * b.lo]
    rest = sum(leftover) / b.hi
    slack = SLACK * sum(np.abs(part) for part in leftover) / np.abs(b.hi)
    high, low = two_sum(q, q1)
    below, above = underflow_bounds(-q1 / b.hi, b.lo, leftover[-1])
    size = np.minimum(np.abs(b.hi), 0.25)
    rem_lo, rem_hi = rest - slack + below / size, rest + slack + above / size
    if np.any(a.rem_hi - a.rem_lo) or np.any(b.rem_hi - b.rem_lo):
        # (a + r) / (b + s) - a / b = (r - (a / b) s) / (b + s), where 1 / |b + s| <= (1 + 2 d) / |b| for a relative
        # error d of the divisor below 1/8. With a larger one the divisor may be zero.
        divisor_error = np.maximum(np.abs(b.rem_lo), np.abs(b.rem_hi)) / np.abs(b.hi)
        from_a = multiply_intervals((a.rem_lo, a.rem_hi), (1 / b.hi, 1 / b.hi))
        from_b = multiply_intervals((b.rem_lo, b.rem_hi), (-q / b.hi, -q / b.hi))
        growth = np.where(divisor_error < 0.125, 2 * divisor_error + SLACK, np.inf)
        sizes = np.abs(from_a[0]) + np.abs(from_b[0]), np.abs(from_a[1]) + np.abs(from_b[1])
        rem_lo = rem_lo + ((from_a[0] + from_b[0]) - np.where(sizes[0] > 0, growth * sizes[0], 0.0))
        rem_hi = rem_hi + ((from_a[1] + from_b[1]) + np.where(sizes[1] > 0, growth * sizes[1], 0.0))
        rem_lo, rem_hi = keep_nondegenerate(rem_lo, rem_hi, (a.rem_lo != a.rem_hi) | (b.rem_lo != b.rem_hi))
    quotient = ScaledDD(*normalize(high, low, a.exponent - b.exponent, rem_lo, rem_hi))
    return _vanishing_where_unbounded(quotient, a, b) if np.any(np.isinf(b.rem_hi - b.rem_lo)) else quotient


def _vanishing_where_unbounded(quotient: ScaledDD, a: ScaledDD, b: ScaledDD) -> ScaledDD:
    """Return a / b, enclosed between 0 and twice the quotient of the digits where b may be any number that is larger.

    Requires a remainder of a below |a.hi| / 8, and one of b that takes less than |b.hi| / 8 from it. The quotient is
    then at most (9/8) / (7/8) of a.hi / b.hi, apart from roundings.
    """
    inward = np.where(b.hi > 0, -b.rem_lo, b.rem_hi)
    is_known = np.maximum(np.abs(a.rem_lo), np.abs(a.rem_hi)) <= np.abs(a.hi) / 8
    vanishes = np.isinf(b.rem_hi - b.rem_lo) & (inward <= np.abs(b.hi) / 8) & is_known
    bound = 2 * quotient.hi
    rem_lo = np.where(vanishes, np.minimum(bound, 0.0), quotient.rem_lo)
    rem_hi = np.where(vanishes, np.maximum(bound, 0.0), quotient.rem_hi)
    hi, lo = np.where(vanishes, 0.0, quotient.hi), np.where(vanishes, 0.0, quotient.lo)
    return ScaledDD(hi, lo, quotient.exponent, rem_lo, rem_hi, quotient.denominator)
