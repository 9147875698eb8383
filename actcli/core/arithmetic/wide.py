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

from actcli.core.arithmetic.headtail import Unsure, two_sum

__all__ = ["TINY", "Wide", "power_of_two", "two_prod", "wide"]

SLACK = 2.0**-49
"""More than what the rounding of a bound's own few operations takes off it, relative to the sizes in it."""
TINY = 2.0**-1000
_FAINT = 2.0**-940
"""What is smaller beside a number of size 1 is no longer kept as digits, but as a remainder."""
_LARGEST_DENOMINATOR = 2**52
_NOWHERE = np.int64(-(2**50))  # of exact zeros: below any power of e, and far from where products of it overflow
_SPLITTER = 134217729.0  # 2^27 + 1


def split(a: Any) -> tuple[Any, Any]:
    """a as two halves of 26 bits (Veltkamp, 1968)."""
    c = _SPLITTER * a
    high = c - (c - a)
    return high, a - high


def two_prod(a: Any, b: Any) -> tuple[Any, Any]:
    """fl(a * b) and its exact error (Dekker, 1971)."""
    product = a * b
    ah, al = split(a)
    bh, bl = split(b)
    return product, ((ah * bh - product) + ah * bl + al * bh) + al * bl


class Wide:
    """See the module; all fields are float64 arrays of one shape, save `exponent` (int64) and `denominator` (int)."""

    __slots__ = ("denominator", "exponent", "high", "least", "low", "most")

    def __init__(self, high: Any, low: Any, exponent: Any, least: Any, most: Any, denominator: int = 1) -> None:
        self.high = high
        self.low = low
        self.exponent = exponent
        self.least = least
        self.most = most
        self.denominator = denominator

    # --- from and to -------------------------------------------------------------------------------------------

    @classmethod
    def exactly(cls, value: Any) -> Wide:
        """The float64 array itself."""
        fraction, exponent = np.frexp(value)
        zero = np.zeros_like(fraction)
        return cls(fraction, zero, exponent.astype(np.int64), zero, zero)

    @classmethod
    def constant(cls, value: int | Fraction) -> Wide:
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
    def between(cls, least: Any, most: Any, exponent: Any) -> Wide:
        """Some number of the open interval (least, most) * 2**exponent."""
        zero = np.zeros_like(least)
        return cls(zero, zero, np.broadcast_to(exponent, zero.shape), least, most)

    def take(self, index: Any) -> Wide:
        """The elements that `index` selects."""
        if not np.ndim(self.high):
            return self
        high, low, exponent = self.high[index], self.low[index], self.exponent[index]
        return Wide(high, low, exponent, self.least[index], self.most[index], self.denominator)

    def zeroed(self, places: Any) -> Wide:
        """The same number with zeros at `places`."""
        high, low, least, most = (field.copy() for field in (self.high, self.low, self.least, self.most))
        for field in (high, low, least, most):
            field[places] = 0.0
        return Wide(high, low, self.exponent, least, most, self.denominator)

    @classmethod
    def joined(cls, parts: list[tuple[Any, Any]], size: tuple[int, ...]) -> Wide:
        """The numbers of `parts`, (places, number), each in its places."""
        numbers = [(places, wide(part)) for places, part in parts]
        common = math.lcm(*(part.denominator for _, part in numbers))
        alike = Wide.resolved if common > _LARGEST_DENOMINATOR else partial(_over, denominator=common)
        numbers = [(places, alike(part)) for places, part in numbers]
        high, low, least, most = (np.zeros(size) for _ in range(4))
        out = cls(high, low, np.zeros(size, dtype=np.int64), least, most, numbers[0][1].denominator)
        for places, part in numbers:
            for field in ("high", "low", "exponent", "least", "most"):
                getattr(out, field)[places] = getattr(part, field)
        return out

    def resolved(self) -> Wide:
        """The same number with the denominator divided out."""
        if self.denominator == 1:
            return self
        above = Wide(self.high, self.low, self.exponent, self.least, self.most)
        return _divide(above, Wide.constant(self.denominator))

    def widened(self, least: Any, most: Any) -> Wide:
        """The same number with more of a remainder, in units of 2**exponent."""
        return Wide(self.high, self.low, self.exponent, self.least + least, self.most + most, self.denominator)

    @property
    def value(self) -> Any:
        """The nearest float64, as far as float64 goes."""
        near = np.clip(self.exponent, -1100, 1100).astype(np.int64)
        return np.ldexp((self.high + self.low) / self.denominator, near)

    def signs(self) -> Any:
        """-1, 0 or 1 for each element; Unsure where the remainder leaves it open."""
        sign, unknown = self.open_signs()
        if np.any(unknown):
            raise Unsure
        return sign

    def open_signs(self) -> tuple[Any, Any]:
        """-1, 0 or 1 for each element, and where the remainder, or a nan, leaves it open."""
        size = np.maximum(np.abs(self.least), np.abs(self.most))
        sign = np.where(self.high != 0, np.sign(self.high), np.where(self.most > 0, 1.0, -1.0))
        plain = np.where(self.high != 0, np.abs(self.high) > 2 * size, (self.least >= 0) | (self.most <= 0))
        return np.where((size == 0) & (self.high == 0), 0.0, sign), ~(plain | (size == 0))

    # --- operators ---------------------------------------------------------------------------------------------

    def __neg__(self) -> Wide:
        return Wide(-self.high, -self.low, self.exponent, -self.most, -self.least, self.denominator)

    def __pos__(self) -> Wide:
        return self

    def __abs__(self) -> Wide:
        return self.times_sign(np.where(self.signs() < 0, -1.0, 1.0))

    def times_sign(self, sign: Any) -> Wide:
        """The number times an array of +1 and -1."""
        least = np.where(sign > 0, self.least, -self.most)
        most = np.where(sign > 0, self.most, -self.least)
        return Wide(self.high * sign, self.low * sign, self.exponent, least, most, self.denominator)

    def __add__(self, other: Any) -> Wide:
        b = _operand(other)
        return NotImplemented if b is None else _add(*_alike(self, b))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Wide:
        b = _operand(other)
        return NotImplemented if b is None else _add(*_alike(self, -b))

    def __rsub__(self, other: Any) -> Wide:
        return (-self) + other

    def __mul__(self, other: Any) -> Wide:
        b = _operand(other)
        if b is None:
            return NotImplemented
        denominator = self.denominator * b.denominator
        if denominator > _LARGEST_DENOMINATOR:
            return self.resolved() * b.resolved()
        product = _multiply(self, b)
        product.denominator = denominator
        return product

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Wide:
        if isinstance(other, int | Fraction):
            return self * (1 / Fraction(other))
        b = _operand(other)
        if b is None:
            return NotImplemented
        if b.denominator != 1:
            return (self * b.denominator) / Wide(b.high, b.low, b.exponent, b.least, b.most)
        quotient = _divide(self, b)
        quotient.denominator = self.denominator
        return quotient

    def __rtruediv__(self, other: Any) -> Wide:
        b = _operand(other)
        return NotImplemented if b is None else b / self

    def __pow__(self, exponent: int) -> Wide:
        if exponent < 0:
            return 1 / self**-exponent
        power = Wide.constant(1) if exponent == 0 else self
        for bit in f"{exponent:b}"[1:]:
            power = power * power * self if bit == "1" else power * power
        return power

    def __gt__(self, other: Any) -> Any:
        return NotImplemented if _operand(other) is None else (self - other).signs() > 0

    def __ge__(self, other: Any) -> Any:
        return NotImplemented if _operand(other) is None else (self - other).signs() >= 0

    def __lt__(self, other: Any) -> Any:
        return NotImplemented if _operand(other) is None else (self - other).signs() < 0

    def __le__(self, other: Any) -> Any:
        return NotImplemented if _operand(other) is None else (self - other).signs() <= 0


def _operand(value: Any) -> Wide | None:
    return value if isinstance(value, Wide) else Wide.constant(value) if isinstance(value, int | Fraction) else None


def wide(value: Any) -> Wide:
    """`value` as a Wide: itself, or the constant that an int or Fraction is."""
    return value if isinstance(value, Wide) else Wide.constant(value)


def _alike(a: Wide, b: Wide) -> tuple[Wide, Wide]:
    """a and b with one denominator."""
    if a.denominator == b.denominator:
        return a, b
    common = math.lcm(a.denominator, b.denominator)
    if common > _LARGEST_DENOMINATOR:
        return a.resolved(), b.resolved()
    return _over(a, common), _over(b, common)


def _over(a: Wide, denominator: int) -> Wide:
    factor = denominator // a.denominator
    if factor == 1:
        return a
    scaled = _multiply(Wide(a.high, a.low, a.exponent, a.least, a.most), Wide.constant(factor))
    scaled.denominator = denominator
    return scaled


def power_of_two(exponent: Any) -> Any:
    """2**exponent for int64 exponents, those beyond +-1000 cut to that."""
    return ((np.clip(exponent, -1000, 1000) + 1023) << 52).view(np.float64)


def _at(a: Wide, exponent: Any) -> tuple[Any, Any, Any, Any]:
    """The fields of `a` in units of 2**exponent, none less than its own; what is far below is a remainder."""
    shift = a.exponent - exponent
    if not np.any(shift):
        return a.high, a.low, a.least, a.most
    scale = power_of_two(shift)
    high, low, least, most = (field * scale for field in (a.high, a.low, a.least, a.most))
    # Ends too small to be told from zero are moved outwards, or to zero where that is outwards.
    least = np.where(np.abs(least) < TINY, np.where(a.least < 0, -TINY, 0.0), least)
    most = np.where(np.abs(most) < TINY, np.where(a.most > 0, TINY, 0.0), most)
    faint = (np.abs(low) < _FAINT) & (a.low != 0)
    if np.any(faint):
        low = np.where(faint, 0.0, low)
        least = least - np.where(faint & (a.low < 0), _FAINT, 0.0)
        most = most + np.where(faint & (a.low > 0), _FAINT, 0.0)
    far = (np.abs(high) < _FAINT) & (a.high != 0)
    if np.any(far):
        high, low = np.where(far, 0.0, high), np.where(far, 0.0, low)
        least = np.where(far, np.where(a.high < 0, -2 * _FAINT, 0.0), least)
        most = np.where(far, np.where(a.high > 0, 2 * _FAINT, 0.0), most)
    return high, low, least, most


def _still_open(least: Any, most: Any, open_: Any) -> tuple[Any, Any]:
    """The interval, if it is one, also where its ends have underflowed: they are moved apart by the least there is."""
    closed = open_ & (least == most)
    if not np.any(closed):
        return least, most
    return np.where(closed & (least <= 0), least - TINY, least), np.where(closed & (most >= 0), most + TINY, most)


def _add(a: Wide, b: Wide) -> Wide:
    # A zero that is exact has no exponent worth keeping to.
    ka = np.where((a.high == 0) & (a.least == a.most), _NOWHERE, a.exponent)
    kb = np.where((b.high == 0) & (b.least == b.most), _NOWHERE, b.exponent)
    exponent = np.maximum(ka, kb)
    ah, al, a_least, a_most = _at(a, exponent)
    bh, bl, b_least, b_most = _at(b, exponent)
    s, e = two_sum(ah, bh)
    t, f = two_sum(al, bl)
    c, g = two_sum(e, t)
    high, m = two_sum(s, c)
    low, n = two_sum(m, f)
    rest = g + n
    slack = SLACK * (np.abs(g) + np.abs(n))
    least = (a_least + b_least + rest) - (slack + SLACK * (np.abs(a_least) + np.abs(b_least)))
    most = (a_most + b_most + rest) + (slack + SLACK * (np.abs(a_most) + np.abs(b_most)))
    return Wide(high, low, exponent, least, most, a.denominator)


def _multiply(a: Wide, b: Wide) -> Wide:
    p, e = two_prod(a.high, b.high)
    t, e1 = two_prod(a.high, b.low)
    u, e2 = two_prod(a.low, b.high)
    q = a.low * b.low
    s, r1 = two_sum(t, u)
    v, r2 = two_sum(e, s)
    high, low = two_sum(p, v)
    rest = (r1 + r2) + (e1 + e2) + q
    slack = SLACK * (np.abs(r1) + np.abs(r2) + np.abs(e1) + np.abs(e2) + np.abs(q))
    least, most = _crossed(a, b)
    below, above = _hidden(a.low, b.low, q)
    least, most = least + (rest - slack) + below, most + (rest + slack) + above
    return Wide(high, low, a.exponent + b.exponent, least, most)


def _hidden(a: Any, b: Any, product: Any) -> tuple[Any, Any]:
    """Bounds for a product of two floats that may have underflowed, in which its sign is all that is left."""
    hidden = (a != 0) & (b != 0) & (np.abs(product) < TINY)
    if not np.any(hidden):
        return 0.0, 0.0
    sign = np.sign(a) * np.sign(b)
    return np.where(hidden & (sign < 0), -TINY, 0.0), np.where(hidden & (sign > 0), TINY, 0.0)


def _crossed(a: Wide, b: Wide) -> tuple[Any, Any]:
    """What the remainders of two factors make of the product's."""
    if not (np.any(a.most - a.least) or np.any(b.most - b.least)):
        return 0.0, 0.0
    # (a + r)(b + s) - a b is r (b + s) + a s, and r b + (a + r) s: each keeps a sign that the other may lose.
    middle_a, middle_b = a.high + a.low, b.high + b.low
    first = _summed(
        _corners(a.least, a.most, middle_b + b.least, middle_b + b.most), _corners(b.least, b.most, middle_a, middle_a)
    )
    second = _summed(
        _corners(a.least, a.most, middle_b, middle_b), _corners(b.least, b.most, middle_a + a.least, middle_a + a.most)
    )
    least, most = np.maximum(first[0], second[0]), np.minimum(first[1], second[1])
    return _still_open(least, most, (a.least != a.most) | (b.least != b.most))


def _summed(a: tuple[Any, Any], b: tuple[Any, Any]) -> tuple[Any, Any]:
    """The sum of two intervals, wider by what its own rounding may take off."""
    least = (a[0] + b[0]) - SLACK * (np.abs(a[0]) + np.abs(b[0]))
    most = (a[1] + b[1]) + SLACK * (np.abs(a[1]) + np.abs(b[1]))
    return least, most


def _corners(a: Any, b: Any, c: Any, d: Any) -> tuple[Any, Any]:
    """The ends of the products of the intervals (a, b) and (c, d)."""
    products = (a * c, a * d, b * c, b * d)
    least = np.minimum(np.minimum(products[0], products[1]), np.minimum(products[2], products[3]))
    most = np.maximum(np.maximum(products[0], products[1]), np.maximum(products[2], products[3]))
    return least, most


def _divide(a: Wide, b: Wide) -> Wide:
    """a / b, denominators apart: two quotients, each from an exact remainder, and what the last leaves."""
    q = a.high / b.high
    p, e = two_prod(q, b.high)
    t, e1 = two_prod(q, b.low)
    s, r1 = two_sum((a.high - p) - e, a.low)
    u, r2 = two_sum(s, -t)
    q1 = u / b.high
    p1, e2 = two_prod(q1, b.high)
    left = [(u - p1) - e2, r1, r2, -e1, -q1 * b.low]
    rest = sum(left) / b.high
    slack = SLACK * sum(np.abs(part) for part in left) / np.abs(b.high)
    high, low = two_sum(q, q1)
    below, above = _hidden(-q1 / b.high, b.low, left[-1])
    least, most = rest - slack + below * 4, rest + slack + above * 4
    if np.any(a.most - a.least) or np.any(b.most - b.least):
        doubt = np.maximum(np.abs(b.least), np.abs(b.most)) / np.abs(b.high)
        x_least, x_most = _corners(a.least, a.most, 1 / b.high, 1 / b.high)
        y_least, y_most = _corners(b.least, b.most, -q / b.high, -q / b.high)
        grow = np.where(doubt < 0.125, 2 * doubt + SLACK, np.inf)
        sizes = np.abs(x_least) + np.abs(y_least), np.abs(x_most) + np.abs(y_most)
        least = least + ((x_least + y_least) - np.where(sizes[0] > 0, grow * sizes[0], 0.0))
        most = most + ((x_most + y_most) + np.where(sizes[1] > 0, grow * sizes[1], 0.0))
        least, most = _still_open(least, most, (a.least != a.most) | (b.least != b.most))
    return Wide(high, low, a.exponent - b.exponent, least, most)
