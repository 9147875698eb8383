"""Head-and-tail arithmetic: arrays of some 78 significant bits in plain NumPy, each with a bound on its own error.

A number is the unevaluated sum of two float64 arrays, as in double-double arithmetic (Dekker, 1971; Knuth, TAOCP 2,
4.2.2), with one difference: the head holds at most 26 significant bits. The product of two heads is then exact
without Veltkamp's splitting, which makes a product nine operations instead of some twenty-five. What is lost, the
last 27 of double-double's 106 bits, decides about one rounding in a million.

Only additions, multiplications, divisions, square roots and masks of bits are used, which IEEE 754 fixes to the bit:
the results are the same on every machine and at every SIMD level.

The bound says |true - (head + tail)| <= relative * |head + tail| + absolute. Most operations only add a constant
to `relative`; a sum that may cancel writes an `absolute` array (ball arithmetic: Johansson, "Arb", 2017).
Underflow and overflow make the bounds void; the caller runs with NumPy's errors raised, so that they are noticed.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from actcli.core.arithmetic.signals import OrderedBySign, Relation, Undecided
from actcli.error_free import two_sum

_SMALLEST, _LARGEST = Fraction(2) ** -900, Fraction(2) ** 900

__all__ = ["ERR_OP", "DoubleDouble", "truncate26"]

ERR_OP = 2.0**-75
"""A bound on what one operation adds to the relative error."""

_HI_MASK = np.int64(-1 << 27)


def truncate26(value: Any) -> Any:
    """`value` cut to its first 26 significant bits, towards zero."""
    return (value.view(np.int64) & _HI_MASK).view(np.float64)


def _add_abs_err(a: Any, b: Any) -> Any:
    return b if a is None else a if b is None else a + b


class DoubleDouble(OrderedBySign):
    """An array of numbers head + tail with their error bound; `sign` is +1 or -1 where that is known, else 0.

    double   the number as one float64 where it is exactly that, else None
    memo     what a function of this number keeps for its slope
    """

    __slots__ = ("abs_err", "cache", "exact_float", "hi", "lo", "rel_err", "sign")

    def __init__(
        self, head: Any, tail: Any, relative: float, absolute: Any = None, sign: int = 0, double: Any = None
    ) -> None:
        self.hi = head
        self.lo = tail
        self.rel_err = relative
        self.abs_err = absolute
        self.sign = sign
        self.exact_float = double
        self.cache: Any = None

    # --- from and to -------------------------------------------------------------------------------------------

    @classmethod
    def from_float(cls, value: Any, sign: int = 0) -> DoubleDouble:
        """The float64 array itself."""
        head = truncate26(value)
        return cls(head, value - head, 0.0, None, sign, value)

    @classmethod
    def from_rational(cls, value: int | Fraction) -> DoubleDouble:
        """An exact number, to 78 bits; Unsure beyond the range in which they are all there."""
        if value and not _SMALLEST < abs(Fraction(value)) < _LARGEST:
            raise Undecided
        nearest = np.float64(float(value))
        head = truncate26(nearest)
        rest = Fraction(value) - Fraction(float(head))
        tail = np.float64(float(rest))
        exact = Fraction(float(tail)) == rest
        sign = (value > 0) - (value < 0)
        double = nearest if exact and Fraction(float(nearest)) == value else None
        return cls(head, tail, 0.0 if exact else 2.0**-78, None, sign, double)

    @classmethod
    def from_sum(cls, high: Any, low: Any, relative: float, absolute: Any = None, sign: int = 0) -> DoubleDouble:
        """The number high + low, |low| not much above an ulp of high: the head is cut off, the rest is the tail."""
        head = truncate26(high + low)
        return cls(head, (high - head) + low, relative, absolute, sign)

    @property
    def value(self) -> Any:
        """The nearest float64."""
        return self.hi + self.lo if self.exact_float is None else self.exact_float

    def error_bound(self) -> Any:
        """A bound on the absolute error, a quarter larger than it needs to be for its own rounding."""
        bound = np.abs(self.value) * (self.rel_err * 1.25)
        return bound if self.abs_err is None else bound + self.abs_err * 1.25

    def take(self, index: Any) -> DoubleDouble:
        """The elements that `index` selects."""
        if np.ndim(self.hi) == 0:
            return self
        absolute = self.abs_err[index] if np.ndim(self.abs_err) else self.abs_err
        if self.exact_float is not None:
            taken = DoubleDouble.from_float(self.exact_float[index], self.sign)
            taken.rel_err, taken.abs_err = self.rel_err, absolute
            return taken
        return DoubleDouble(self.hi[index], self.lo[index], self.rel_err, absolute, self.sign)

    def with_zeros(self, places: Any) -> DoubleDouble:
        """The same number with zeros at `places`."""
        head, tail = self.hi.copy(), self.lo.copy()
        head[places] = tail[places] = 0.0
        absolute = self.abs_err
        if np.ndim(absolute):
            absolute = absolute.copy()
            absolute[places] = 0.0
        return DoubleDouble(head, tail, self.rel_err, absolute, self.sign)

    def times_sign(self, sign: Any) -> DoubleDouble:
        """The number times an array of +1 and -1."""
        double = None if self.exact_float is None else self.exact_float * sign
        return DoubleDouble(self.hi * sign, self.lo * sign, self.rel_err, self.abs_err, 0, double)

    @classmethod
    def scatter(cls, parts: list[tuple[Any, Any]], size: tuple[int, ...]) -> DoubleDouble:
        """The numbers of `parts`, (places, number), each in its places."""
        numbers = [(places, as_double_double(part)) for places, part in parts]

        def scattered(field: str) -> Any:
            out = np.empty(size)
            for places, part in numbers:
                value = getattr(part, field)
                out[places] = 0.0 if value is None else value
            return out

        relative = max(part.rel_err for _, part in numbers)
        absolute = scattered("abs_err") if any(part.abs_err is not None for _, part in numbers) else None
        double = scattered("exact_float") if all(part.exact_float is not None for _, part in numbers) else None
        signs = {part.sign for _, part in numbers}
        sign = signs.pop() if len(signs) == 1 else 0
        return cls(scattered("hi"), scattered("lo"), relative, absolute, sign, double)

    # --- operators ---------------------------------------------------------------------------------------------

    def __neg__(self) -> DoubleDouble:
        double = None if self.exact_float is None else -self.exact_float
        return DoubleDouble(-self.hi, -self.lo, self.rel_err, self.abs_err, -self.sign, double)

    def __pos__(self) -> DoubleDouble:
        return self

    def __abs__(self) -> DoubleDouble:
        if self.sign:
            return self if self.sign > 0 else -self
        if self.exact_float is not None:
            return DoubleDouble.from_float(np.abs(self.exact_float), 1)
        return self.times_sign(np.copysign(1.0, self.hi))

    def __add__(self, other: Any) -> DoubleDouble:
        b = _as_operand(other)
        if b is None:
            return NotImplemented
        if self.exact_float is not None and b.exact_float is not None:
            total, error = two_sum(self.exact_float, b.exact_float)
            return DoubleDouble.from_sum(total, error, ERR_OP, None, self.sign if self.sign == b.sign else 0)
        total, error = two_sum(self.hi, b.hi)
        rest = (self.lo + b.lo) + error
        absolute = _add_abs_err(self.abs_err, b.abs_err)
        if self.sign and self.sign == b.sign:
            relative = max(self.rel_err, b.rel_err) + ERR_OP
            return DoubleDouble.from_sum(total, rest, relative, absolute, self.sign)
        lost = np.abs(self.hi) * (self.rel_err + ERR_OP) + np.abs(b.hi) * (b.rel_err + ERR_OP)
        return DoubleDouble.from_sum(total, rest, ERR_OP, lost if absolute is None else lost + absolute)

    __radd__ = __add__

    def __sub__(self, other: Any) -> DoubleDouble:
        b = _as_operand(other)
        return NotImplemented if b is None else self + (-b)

    def __rsub__(self, other: Any) -> DoubleDouble:
        return (-self) + other

    def __mul__(self, other: Any) -> DoubleDouble:
        if other is self:
            return self.square()
        b = _as_operand(other)
        if b is None:
            return NotImplemented
        sign = self.sign * b.sign
        if b.exact_float is not None and np.ndim(b.exact_float) == 0 and _is_power_of_two(b.exact_float):
            return self._times_power_of_two(b.exact_float, sign)
        if self.exact_float is not None and np.ndim(self.exact_float) == 0 and _is_power_of_two(self.exact_float):
            return b._times_power_of_two(self.exact_float, sign)
        high = self.hi * b.hi
        low = self.hi * b.lo + self.lo * b.value
        return DoubleDouble.from_sum(high, low, self.rel_err + b.rel_err + ERR_OP, self._product_error(b), sign)

    __rmul__ = __mul__

    def _times_power_of_two(self, factor: Any, sign: int) -> DoubleDouble:
        if factor == 1:
            return self
        absolute = None if self.abs_err is None else self.abs_err * abs(factor)
        double = None if self.exact_float is None else self.exact_float * factor
        return DoubleDouble(self.hi * factor, self.lo * factor, self.rel_err, absolute, sign, double)

    def _product_error(self, b: DoubleDouble) -> Any:
        if self.abs_err is None and b.abs_err is None:
            return None
        # 1.01 covers the products of two errors, which stay far below a hundredth of the factors.
        first = None if self.abs_err is None else np.abs(b.hi) * (1.01 * self.abs_err)
        second = None if b.abs_err is None else np.abs(self.hi) * (1.01 * b.abs_err)
        if first is not None and second is not None:
            second = second + self.abs_err * b.abs_err
        return _add_abs_err(first, second)

    def square(self) -> DoubleDouble:
        """self * self, known to be positive."""
        high = self.hi * self.hi
        low = (self.hi + self.value) * self.lo
        absolute = None
        if self.abs_err is not None:
            absolute = (2.02 * np.abs(self.hi) + self.abs_err) * self.abs_err
        return DoubleDouble.from_sum(high, low, 2 * self.rel_err + ERR_OP, absolute, 1)

    def __truediv__(self, other: Any) -> DoubleDouble:
        b = _as_operand(other)
        if b is None:
            return NotImplemented
        if b.exact_float is not None and np.ndim(b.exact_float) == 0 and _is_power_of_two(b.exact_float):
            return self._times_power_of_two(1.0 / b.exact_float, self.sign * b.sign)
        return self * b.reciprocal() if np.ndim(b.hi) == 0 else _divide(self, b)

    def __rtruediv__(self, other: Any) -> DoubleDouble:
        b = _as_operand(other)
        return NotImplemented if b is None else _divide(b, self)

    def reciprocal(self) -> DoubleDouble:
        """1 / self."""
        return _divide(ONE, self)

    def __pow__(self, exponent: int) -> DoubleDouble:
        if exponent < 0:
            return (self**-exponent).reciprocal()
        if exponent == 0:
            return ONE
        half = self ** (exponent // 2)
        squared = half.square() if exponent > 1 else ONE
        return squared * self if exponent % 2 and exponent > 1 else squared if exponent > 1 else self

    def _compare(self, other: object, relation: Relation) -> Any:
        b = _as_operand(other)
        return NotImplemented if b is None else relation(_difference(self, b), 0)


def _difference(a: DoubleDouble, b: DoubleDouble) -> Any:
    """A float64 array with the sign of a - b; Unsure if the error bound leaves a sign open."""
    if a.exact_float is not None and b.exact_float is not None:
        return np.subtract(a.exact_float, b.exact_float)
    difference = a - b
    value = difference.value
    if np.any(np.abs(value) <= difference.error_bound()):
        raise Undecided
    return value


def _is_power_of_two(value: Any) -> bool:
    return bool(abs(np.frexp(value)[0]) == 0.5)


def _divide(a: DoubleDouble, b: DoubleDouble) -> DoubleDouble:
    """a / b: the quotient's head by one division, its tail from the exact remainder."""
    whole = b.value
    inverse = 1.0 / whole
    head = truncate26(inverse if a is ONE else a.value * inverse)
    remainder = (a.hi - head * b.hi) + (-head * b.lo if a is ONE else a.lo - head * b.lo)
    tail = remainder * inverse
    absolute = None
    if a.abs_err is not None or b.abs_err is not None:
        # A denominator known to less than an eighth could be zero: the bound below would not hold.
        size = np.abs(inverse)
        if b.abs_err is not None and np.any(b.abs_err * size > 0.125):
            raise Undecided
        grown = a.abs_err if a.abs_err is not None else 0.0
        if b.abs_err is not None:
            grown = grown + np.abs(head) * b.abs_err
        absolute = 1.25 * size * grown
    return DoubleDouble(head, tail, a.rel_err + b.rel_err + ERR_OP, absolute, a.sign * b.sign)


def _as_operand(value: Any) -> DoubleDouble | None:
    """`value` as a Number, None if it is of a kind that knows what to do with a Number itself."""
    return as_double_double(value) if isinstance(value, DoubleDouble | int | Fraction) else None


def as_double_double(value: Any) -> DoubleDouble:
    """`value` as a Number: itself, or the constant that an int or Fraction is."""
    return value if isinstance(value, DoubleDouble) else _constant(value)


@lru_cache(maxsize=512)
def _constant(value: int | Fraction) -> DoubleDouble:
    return DoubleDouble.from_rational(value)


ONE = _constant(1)
