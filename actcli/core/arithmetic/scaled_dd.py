"""Wide arithmetic: arrays of numbers with an exponent of their own and a remainder whose sign is known.

The fast reading stops where results under- or overflow on the way, and where a result lies so near a tie between two
neighbours that only its direction matters: x/2 + x^2/4 for an odd subnormal x, x - tanh x for a large one, x/6 + 1/2
at a multiple of a power of two. Such elements come in whole arrays, so they are read again here, in arrays.

A number is (high + low + r) * 2**exponent / denominator with r in an interval (least, most): open, so that (0, most)
says "a little more"; least == most == 0 says that it is exact. Sums and products find their own rounding errors by
error-free transformations (Dekker, 1971; Knuth; Ogita, Rump and Oishi, "Accurate Sum and Dot Product", 2005) instead
of bounding them, so what is exact stays exact, and a remainder keeps its sign. A rational constant keeps its odd
denominator apart, so that ties of rational pieces are decided exactly.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from actcli.core.arithmetic.signals import OrderedBySign, Relation, Undecided
from actcli.error_free import two_prod, two_sum

__all__ = ["TINY", "ScaledDD", "as_scaled_dd", "power_of_two"]

SLACK = 2.0**-49
"""More than what the rounding of a bound's own few operations takes off it, relative to the sizes in it."""
TINY = 2.0**-1000
_REMAINDER_THRESHOLD = 2.0**-940
"""What is smaller beside a number of size 1 is no longer kept as digits, but as a remainder."""
_LARGEST_DENOMINATOR = 2**52
_ZERO_EXPONENT = np.int64(-(2**50))  # of exact zeros: below any power of e, and far from where products of it overflow


class ScaledDD(OrderedBySign):
    """See the module; all fields are float64 arrays of one shape, save `exponent` (int64) and `denominator` (int)."""

    __slots__ = ("denominator", "exponent", "hi", "lo", "rem_hi", "rem_lo")

    def __init__(self, high: Any, low: Any, exponent: Any, least: Any, most: Any, denominator: int = 1) -> None:
        self.hi = high
        self.lo = low
        self.exponent = exponent
        self.rem_lo = least
        self.rem_hi = most
        self.denominator = denominator

    # --- from and to -------------------------------------------------------------------------------------------

    @classmethod
    def from_float(cls, value: Any) -> ScaledDD:
        """The float64 array itself."""
        fraction, exponent = np.frexp(value)
        zero = np.zeros_like(fraction)
        return cls(fraction, zero, exponent.astype(np.int64), zero, zero)

    @classmethod
    def from_rational(cls, value: int | Fraction) -> ScaledDD:
        """An exact number as arrays of no dimension; what 106 bits and a denominator can not hold is a remainder."""
        fraction = Fraction(value)
        twos = (fraction.denominator & -fraction.denominator).bit_length() - 1
        odd = fraction.denominator >> twos
        if odd > _LARGEST_DENOMINATOR:
            odd = 1
        scaled = fraction * odd
        exponent = scaled.numerator.bit_length() - scaled.denominator.bit_length()
        scaled /= Fraction(2) ** exponent
        high = float(scaled)
        low = float(scaled - Fraction(high))
        rest = scaled - Fraction(high) - Fraction(low)
        least, most = (0.0, 2.0**-104) if rest > 0 else (-(2.0**-104), 0.0) if rest < 0 else (0.0, 0.0)
        high, low, least, most = map(np.float64, (high, low, least, most))
        return cls(high, low, np.int64(exponent), least, most, odd)

    @classmethod
    def from_interval(cls, least: Any, most: Any, exponent: Any) -> ScaledDD:
        """Some number of the open interval (least, most) * 2**exponent."""
        zero = np.zeros_like(least)
        return cls(zero, zero, np.broadcast_to(exponent, zero.shape), least, most)

    def take(self, index: Any) -> ScaledDD:
        """The elements that `index` selects."""
        if not np.ndim(self.hi):
            return self
        high, low, exponent = self.hi[index], self.lo[index], self.exponent[index]
        return ScaledDD(high, low, exponent, self.rem_lo[index], self.rem_hi[index], self.denominator)

    def with_zeros(self, places: Any) -> ScaledDD:
        """The same number with zeros at `places`."""
        high, low, least, most = (field.copy() for field in (self.hi, self.lo, self.rem_lo, self.rem_hi))
        for field in (high, low, least, most):
            field[places] = 0.0
        return ScaledDD(high, low, self.exponent, least, most, self.denominator)

    @classmethod
    def scatter(cls, parts: list[tuple[Any, Any]], size: tuple[int, ...]) -> ScaledDD:
        """The numbers of `parts`, (places, number), each in its places."""
        numbers = [(places, as_scaled_dd(part)) for places, part in parts]
        common = math.lcm(*(part.denominator for _, part in numbers))
        alike = ScaledDD.divide_out if common > _LARGEST_DENOMINATOR else partial(_with_denominator, denominator=common)
        numbers = [(places, alike(part)) for places, part in numbers]
        high, low, least, most = (np.zeros(size) for _ in range(4))
        out = cls(high, low, np.zeros(size, dtype=np.int64), least, most, numbers[0][1].denominator)
        for places, part in numbers:
            for field in ("hi", "lo", "exponent", "rem_lo", "rem_hi"):
                getattr(out, field)[places] = getattr(part, field)
        return out

    def divide_out(self) -> ScaledDD:
        """The same number with the denominator divided out."""
        if self.denominator == 1:
            return self
        above = ScaledDD(self.hi, self.lo, self.exponent, self.rem_lo, self.rem_hi)
        return _divide(above, ScaledDD.from_rational(self.denominator))

    def add_error(self, least: Any, most: Any) -> ScaledDD:
        """The same number with more of a remainder, in units of 2**exponent."""
        return ScaledDD(self.hi, self.lo, self.exponent, self.rem_lo + least, self.rem_hi + most, self.denominator)

    @property
    def value(self) -> Any:
        """The nearest float64, as far as float64 goes."""
        near = np.clip(self.exponent, -1100, 1100).astype(np.int64)
        return np.ldexp((self.hi + self.lo) / self.denominator, near)

    def signs(self) -> Any:
        """-1, 0 or 1 for each element; Unsure where the remainder leaves it open."""
        sign, unknown = self.signs_and_undecided()
        if np.any(unknown):
            raise Undecided
        return sign

    def signs_and_undecided(self) -> tuple[Any, Any]:
        """-1, 0 or 1 for each element, and where the remainder, or a nan, leaves it open."""
        size = np.maximum(np.abs(self.rem_lo), np.abs(self.rem_hi))
        sign = np.where(self.hi != 0, np.sign(self.hi), np.where(self.rem_hi > 0, 1.0, -1.0))
        plain = np.where(self.hi != 0, np.abs(self.hi) > 2 * size, (self.rem_lo >= 0) | (self.rem_hi <= 0))
        return np.where((size == 0) & (self.hi == 0), 0.0, sign), ~(plain | (size == 0))

    # --- operators ---------------------------------------------------------------------------------------------

    def __neg__(self) -> ScaledDD:
        return ScaledDD(-self.hi, -self.lo, self.exponent, -self.rem_hi, -self.rem_lo, self.denominator)

    def __pos__(self) -> ScaledDD:
        return self

    def __abs__(self) -> ScaledDD:
        return self.times_sign(np.where(self.signs() < 0, -1.0, 1.0))

    def times_sign(self, sign: Any) -> ScaledDD:
        """The number times an array of +1 and -1."""
        least = np.where(sign > 0, self.rem_lo, -self.rem_hi)
        most = np.where(sign > 0, self.rem_hi, -self.rem_lo)
        return ScaledDD(self.hi * sign, self.lo * sign, self.exponent, least, most, self.denominator)

    def __add__(self, other: Any) -> ScaledDD:
        b = _as_operand(other)
        return NotImplemented if b is None else _add(*_common_denominator(self, b))

    __radd__ = __add__

    def __sub__(self, other: Any) -> ScaledDD:
        b = _as_operand(other)
        return NotImplemented if b is None else _add(*_common_denominator(self, -b))

    def __rsub__(self, other: Any) -> ScaledDD:
        return (-self) + other

    def __mul__(self, other: Any) -> ScaledDD:
        b = _as_operand(other)
        if b is None:
            return NotImplemented
        denominator = self.denominator * b.denominator
        if denominator > _LARGEST_DENOMINATOR:
            return self.divide_out() * b.divide_out()
        product = _multiply(self, b)
        product.denominator = denominator
        return product

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> ScaledDD:
        if isinstance(other, int | Fraction):
            return self * (1 / Fraction(other))
        b = _as_operand(other)
        if b is None:
            return NotImplemented
        if b.denominator != 1:
            return (self * b.denominator) / ScaledDD(b.hi, b.lo, b.exponent, b.rem_lo, b.rem_hi)
        quotient = _divide(self, b)
        quotient.denominator = self.denominator
        return quotient

    def __rtruediv__(self, other: Any) -> ScaledDD:
        b = _as_operand(other)
        return NotImplemented if b is None else b / self

    def __pow__(self, exponent: int) -> ScaledDD:
        if exponent < 0:
            return 1 / self**-exponent
        power = ScaledDD.from_rational(1) if exponent == 0 else self
        for bit in f"{exponent:b}"[1:]:
            power = power * power * self if bit == "1" else power * power
        return power

    def _compare(self, other: object, relation: Relation) -> Any:
        b = _as_operand(other)
        return NotImplemented if b is None else relation((self - b).signs(), 0)


def _as_operand(value: Any) -> ScaledDD | None:
    return (
        value
        if isinstance(value, ScaledDD)
        else ScaledDD.from_rational(value)
        if isinstance(value, int | Fraction)
        else None
    )


def as_scaled_dd(value: Any) -> ScaledDD:
    """`value` as a Wide: itself, or the constant that an int or Fraction is."""
    return value if isinstance(value, ScaledDD) else ScaledDD.from_rational(value)


def _common_denominator(a: ScaledDD, b: ScaledDD) -> tuple[ScaledDD, ScaledDD]:
    """a and b with one denominator."""
    if a.denominator == b.denominator:
        return a, b
    common = math.lcm(a.denominator, b.denominator)
    if common > _LARGEST_DENOMINATOR:
        return a.divide_out(), b.divide_out()
    return _with_denominator(a, common), _with_denominator(b, common)


def _with_denominator(a: ScaledDD, denominator: int) -> ScaledDD:
    factor = denominator // a.denominator
    if factor == 1:
        return a
    scaled = _multiply(ScaledDD(a.hi, a.lo, a.exponent, a.rem_lo, a.rem_hi), ScaledDD.from_rational(factor))
    scaled.denominator = denominator
    return scaled


def power_of_two(exponent: Any) -> Any:
    """2**exponent for int64 exponents, those beyond +-1000 cut to that."""
    return ((np.clip(exponent, -1000, 1000) + 1023) << 52).view(np.float64)


def _at_exponent(a: ScaledDD, exponent: Any) -> tuple[Any, Any, Any, Any]:
    """The fields of `a` in units of 2**exponent, none less than its own; what is far below is a remainder."""
    shift = a.exponent - exponent
    if not np.any(shift):
        return a.hi, a.lo, a.rem_lo, a.rem_hi
    scale = power_of_two(shift)
    high, low, least, most = (field * scale for field in (a.hi, a.lo, a.rem_lo, a.rem_hi))
    # Ends too small to be told from zero are moved outwards, or to zero where that is outwards.
    least = np.where(np.abs(least) < TINY, np.where(a.rem_lo < 0, -TINY, 0.0), least)
    most = np.where(np.abs(most) < TINY, np.where(a.rem_hi > 0, TINY, 0.0), most)
    faint = (np.abs(low) < _REMAINDER_THRESHOLD) & (a.lo != 0)
    if np.any(faint):
        low = np.where(faint, 0.0, low)
        least = least - np.where(faint & (a.lo < 0), _REMAINDER_THRESHOLD, 0.0)
        most = most + np.where(faint & (a.lo > 0), _REMAINDER_THRESHOLD, 0.0)
    far = (np.abs(high) < _REMAINDER_THRESHOLD) & (a.hi != 0)
    if np.any(far):
        high, low = np.where(far, 0.0, high), np.where(far, 0.0, low)
        # A remainder below half of hi does not change its sign; a larger one is kept.
        minor = np.maximum(np.abs(a.rem_lo), np.abs(a.rem_hi)) * 2 <= np.abs(a.hi)
        least = np.where(far, np.where(minor, 0.0, least) - np.where(a.hi < 0, 2 * _REMAINDER_THRESHOLD, 0.0), least)
        most = np.where(far, np.where(minor, 0.0, most) + np.where(a.hi > 0, 2 * _REMAINDER_THRESHOLD, 0.0), most)
    return high, low, least, most


def _keep_nondegenerate(least: Any, most: Any, open_: Any) -> tuple[Any, Any]:
    """The interval, if it is one, also where its ends have underflowed: they are moved apart by the least there is."""
    closed = open_ & (least == most)
    if not np.any(closed):
        return least, most
    return np.where(closed & (least <= 0), least - TINY, least), np.where(closed & (most >= 0), most + TINY, most)


def _add(a: ScaledDD, b: ScaledDD) -> ScaledDD:
    # A zero that is exact has no exponent worth keeping to.
    ka = np.where((a.hi == 0) & (a.rem_lo == a.rem_hi), _ZERO_EXPONENT, a.exponent)
    kb = np.where((b.hi == 0) & (b.rem_lo == b.rem_hi), _ZERO_EXPONENT, b.exponent)
    exponent = np.maximum(ka, kb)
    ah, al, a_least, a_most = _at_exponent(a, exponent)
    bh, bl, b_least, b_most = _at_exponent(b, exponent)
    s, e = two_sum(ah, bh)
    t, f = two_sum(al, bl)
    c, g = two_sum(e, t)
    high, m = two_sum(s, c)
    low, n = two_sum(m, f)
    rest = g + n
    slack = SLACK * (np.abs(g) + np.abs(n))
    least = (a_least + b_least + rest) - (slack + SLACK * (np.abs(a_least) + np.abs(b_least)))
    most = (a_most + b_most + rest) + (slack + SLACK * (np.abs(a_most) + np.abs(b_most)))
    return ScaledDD(high, low, exponent, least, most, a.denominator)


def _multiply(a: ScaledDD, b: ScaledDD) -> ScaledDD:
    p, e = two_prod(a.hi, b.hi)
    t, e1 = two_prod(a.hi, b.lo)
    u, e2 = two_prod(a.lo, b.hi)
    q = a.lo * b.lo
    s, r1 = two_sum(t, u)
    v, r2 = two_sum(e, s)
    high, low = two_sum(p, v)
    rest = (r1 + r2) + (e1 + e2) + q
    slack = SLACK * (np.abs(r1) + np.abs(r2) + np.abs(e1) + np.abs(e2) + np.abs(q))
    least, most = _product_remainder(a, b)
    below, above = _underflow_bounds(a.lo, b.lo, q)
    least, most = least + (rest - slack) + below, most + (rest + slack) + above
    return ScaledDD(high, low, a.exponent + b.exponent, least, most)


def _underflow_bounds(a: Any, b: Any, product: Any) -> tuple[Any, Any]:
    """Bounds for a product of two floats that may have underflowed, in which its sign is all that is left."""
    hidden = (a != 0) & (b != 0) & (np.abs(product) < TINY)
    if not np.any(hidden):
        return 0.0, 0.0
    sign = np.sign(a) * np.sign(b)
    return np.where(hidden & (sign < 0), -TINY, 0.0), np.where(hidden & (sign > 0), TINY, 0.0)


def _product_remainder(a: ScaledDD, b: ScaledDD) -> tuple[Any, Any]:
    """What the remainders of two factors make of the product's."""
    if not (np.any(a.rem_hi - a.rem_lo) or np.any(b.rem_hi - b.rem_lo)):
        return 0.0, 0.0
    # (a + r)(b + s) - a b is r (b + s) + a s, and r b + (a + r) s: each keeps a sign that the other may lose.
    middle_a, middle_b = a.hi + a.lo, b.hi + b.lo
    first = _add_intervals(
        _multiply_intervals(a.rem_lo, a.rem_hi, middle_b + b.rem_lo, middle_b + b.rem_hi),
        _multiply_intervals(b.rem_lo, b.rem_hi, middle_a, middle_a),
    )
    second = _add_intervals(
        _multiply_intervals(a.rem_lo, a.rem_hi, middle_b, middle_b),
        _multiply_intervals(b.rem_lo, b.rem_hi, middle_a + a.rem_lo, middle_a + a.rem_hi),
    )
    least, most = np.maximum(first[0], second[0]), np.minimum(first[1], second[1])
    return _keep_nondegenerate(least, most, (a.rem_lo != a.rem_hi) | (b.rem_lo != b.rem_hi))


def _add_intervals(a: tuple[Any, Any], b: tuple[Any, Any]) -> tuple[Any, Any]:
    """The sum of two intervals, wider by what its own rounding may take off."""
    least = (a[0] + b[0]) - SLACK * (np.abs(a[0]) + np.abs(b[0]))
    most = (a[1] + b[1]) + SLACK * (np.abs(a[1]) + np.abs(b[1]))
    return least, most


def _multiply_intervals(a: Any, b: Any, c: Any, d: Any) -> tuple[Any, Any]:
    """The ends of the products of the intervals (a, b) and (c, d)."""
    products = (a * c, a * d, b * c, b * d)
    least = np.minimum(np.minimum(products[0], products[1]), np.minimum(products[2], products[3]))
    most = np.maximum(np.maximum(products[0], products[1]), np.maximum(products[2], products[3]))
    return least, most


def _divide(a: ScaledDD, b: ScaledDD) -> ScaledDD:
    """a / b, denominators apart: two quotients, each from an exact remainder, and what the last leaves."""
    q = a.hi / b.hi
    p, e = two_prod(q, b.hi)
    t, e1 = two_prod(q, b.lo)
    s, r1 = two_sum((a.hi - p) - e, a.lo)
    u, r2 = two_sum(s, -t)
    q1 = u / b.hi
    p1, e2 = two_prod(q1, b.hi)
    left = [(u - p1) - e2, r1, r2, -e1, -q1 * b.lo]
    rest = sum(left) / b.hi
    slack = SLACK * sum(np.abs(part) for part in left) / np.abs(b.hi)
    high, low = two_sum(q, q1)
    below, above = _underflow_bounds(-q1 / b.hi, b.lo, left[-1])
    least, most = rest - slack + below * 4, rest + slack + above * 4
    if np.any(a.rem_hi - a.rem_lo) or np.any(b.rem_hi - b.rem_lo):
        doubt = np.maximum(np.abs(b.rem_lo), np.abs(b.rem_hi)) / np.abs(b.hi)
        x_least, x_most = _multiply_intervals(a.rem_lo, a.rem_hi, 1 / b.hi, 1 / b.hi)
        y_least, y_most = _multiply_intervals(b.rem_lo, b.rem_hi, -q / b.hi, -q / b.hi)
        grow = np.where(doubt < 0.125, 2 * doubt + SLACK, np.inf)
        sizes = np.abs(x_least) + np.abs(y_least), np.abs(x_most) + np.abs(y_most)
        least = least + ((x_least + y_least) - np.where(sizes[0] > 0, grow * sizes[0], 0.0))
        most = most + ((x_most + y_most) + np.where(sizes[1] > 0, grow * sizes[1], 0.0))
        least, most = _keep_nondegenerate(least, most, (a.rem_lo != a.rem_hi) | (b.rem_lo != b.rem_hi))
    return ScaledDD(high, low, a.exponent - b.exponent, least, most)
