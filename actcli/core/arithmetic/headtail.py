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

_SMALLEST, _LARGEST = Fraction(2) ** -900, Fraction(2) ** 900

__all__ = ["EPSILON", "Number", "mask", "two_sum"]

EPSILON = 2.0**-75
"""A bound on what one operation adds to the relative error."""

_HEAD = np.int64(-1 << 27)


def mask(value: Any) -> Any:
    """`value` cut to its first 26 significant bits, towards zero."""
    return (value.view(np.int64) & _HEAD).view(np.float64)


def two_sum(a: Any, b: Any) -> tuple[Any, Any]:
    """fl(a + b) and its exact error (Knuth's TwoSum: no order of magnitudes is needed)."""
    total = a + b
    other = total - a
    return total, (a - (total - other)) + (b - other)


def _abs_add(a: Any, b: Any) -> Any:
    return b if a is None else a if b is None else a + b


class Number:
    """An array of numbers head + tail with their error bound; `sign` is +1 or -1 where that is known, else 0.

    double   the number as one float64 where it is exactly that, else None
    memo     what a function of this number keeps for its slope
    """

    __slots__ = ("absolute", "double", "head", "memo", "relative", "sign", "tail")

    def __init__(
        self, head: Any, tail: Any, relative: float, absolute: Any = None, sign: int = 0, double: Any = None
    ) -> None:
        self.head = head
        self.tail = tail
        self.relative = relative
        self.absolute = absolute
        self.sign = sign
        self.double = double
        self.memo: Any = None

    # --- from and to -------------------------------------------------------------------------------------------

    @classmethod
    def exactly(cls, value: Any, sign: int = 0) -> Number:
        """The float64 array itself."""
        head = mask(value)
        return cls(head, value - head, 0.0, None, sign, value)

    @classmethod
    def constant(cls, value: int | Fraction) -> Number:
        """An exact number, to 78 bits; Unsure beyond the range in which they are all there."""
        if value and not _SMALLEST < abs(Fraction(value)) < _LARGEST:
            raise Unsure
        nearest = np.float64(float(value))
        head = mask(nearest)
        rest = Fraction(value) - Fraction(float(head))
        tail = np.float64(float(rest))
        exact = Fraction(float(tail)) == rest
        sign = (value > 0) - (value < 0)
        double = nearest if exact and Fraction(float(nearest)) == value else None
        return cls(head, tail, 0.0 if exact else 2.0**-78, None, sign, double)

    @classmethod
    def sum(cls, high: Any, low: Any, relative: float, absolute: Any = None, sign: int = 0) -> Number:
        """The number high + low, |low| not much above an ulp of high: the head is cut off, the rest is the tail."""
        head = mask(high + low)
        return cls(head, (high - head) + low, relative, absolute, sign)

    @property
    def value(self) -> Any:
        """The nearest float64."""
        return self.head + self.tail if self.double is None else self.double

    def error(self) -> Any:
        """A bound on the absolute error, a quarter larger than it needs to be for its own rounding."""
        bound = np.abs(self.value) * (self.relative * 1.25)
        return bound if self.absolute is None else bound + self.absolute * 1.25

    def take(self, index: Any) -> Number:
        """The elements that `index` selects."""
        if np.ndim(self.head) == 0:
            return self
        absolute = self.absolute[index] if np.ndim(self.absolute) else self.absolute
        if self.double is not None:
            taken = Number.exactly(self.double[index], self.sign)
            taken.relative, taken.absolute = self.relative, absolute
            return taken
        return Number(self.head[index], self.tail[index], self.relative, absolute, self.sign)

    def zeroed(self, places: Any) -> Number:
        """The same number with zeros at `places`."""
        head, tail = self.head.copy(), self.tail.copy()
        head[places] = tail[places] = 0.0
        absolute = self.absolute
        if np.ndim(absolute):
            absolute = absolute.copy()
            absolute[places] = 0.0
        return Number(head, tail, self.relative, absolute, self.sign)

    def flipped(self, sign: Any) -> Number:
        """The number times an array of +1 and -1."""
        double = None if self.double is None else self.double * sign
        return Number(self.head * sign, self.tail * sign, self.relative, self.absolute, 0, double)

    @classmethod
    def joined(cls, parts: list[tuple[Any, Any]], size: tuple[int, ...]) -> Number:
        """The numbers of `parts`, (places, number), each in its places."""
        numbers = [(places, number(part)) for places, part in parts]

        def scattered(field: str) -> Any:
            out = np.empty(size)
            for places, part in numbers:
                value = getattr(part, field)
                out[places] = 0.0 if value is None else value
            return out

        relative = max(part.relative for _, part in numbers)
        absolute = scattered("absolute") if any(part.absolute is not None for _, part in numbers) else None
        double = scattered("double") if all(part.double is not None for _, part in numbers) else None
        signs = {part.sign for _, part in numbers}
        sign = signs.pop() if len(signs) == 1 else 0
        return cls(scattered("head"), scattered("tail"), relative, absolute, sign, double)

    # --- operators ---------------------------------------------------------------------------------------------

    def __neg__(self) -> Number:
        double = None if self.double is None else -self.double
        return Number(-self.head, -self.tail, self.relative, self.absolute, -self.sign, double)

    def __pos__(self) -> Number:
        return self

    def __abs__(self) -> Number:
        if self.sign:
            return self if self.sign > 0 else -self
        if self.double is not None:
            return Number.exactly(np.abs(self.double), 1)
        return self.flipped(np.copysign(1.0, self.head))

    def __add__(self, other: Any) -> Number:
        b = _operand(other)
        if b is None:
            return NotImplemented
        if self.double is not None and b.double is not None:
            total, error = two_sum(self.double, b.double)
            return Number.sum(total, error, EPSILON, None, self.sign if self.sign == b.sign else 0)
        total, error = two_sum(self.head, b.head)
        rest = (self.tail + b.tail) + error
        absolute = _abs_add(self.absolute, b.absolute)
        if self.sign and self.sign == b.sign:
            relative = max(self.relative, b.relative) + EPSILON
            return Number.sum(total, rest, relative, absolute, self.sign)
        lost = np.abs(self.head) * (self.relative + EPSILON) + np.abs(b.head) * (b.relative + EPSILON)
        return Number.sum(total, rest, EPSILON, lost if absolute is None else lost + absolute)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Number:
        b = _operand(other)
        return NotImplemented if b is None else self + (-b)

    def __rsub__(self, other: Any) -> Number:
        return (-self) + other

    def __mul__(self, other: Any) -> Number:
        if other is self:
            return self.square()
        b = _operand(other)
        if b is None:
            return NotImplemented
        sign = self.sign * b.sign
        if b.double is not None and np.ndim(b.double) == 0 and _is_power_of_two(b.double):
            return self._scaled(b.double, sign)
        if self.double is not None and np.ndim(self.double) == 0 and _is_power_of_two(self.double):
            return b._scaled(self.double, sign)
        high = self.head * b.head
        low = self.head * b.tail + self.tail * b.value
        return Number.sum(high, low, self.relative + b.relative + EPSILON, self._product_error(b), sign)

    __rmul__ = __mul__

    def _scaled(self, factor: Any, sign: int) -> Number:
        if factor == 1:
            return self
        absolute = None if self.absolute is None else self.absolute * abs(factor)
        double = None if self.double is None else self.double * factor
        return Number(self.head * factor, self.tail * factor, self.relative, absolute, sign, double)

    def _product_error(self, b: Number) -> Any:
        if self.absolute is None and b.absolute is None:
            return None
        # 1.01 covers the products of two errors, which stay far below a hundredth of the factors.
        first = None if self.absolute is None else np.abs(b.head) * (1.01 * self.absolute)
        second = None if b.absolute is None else np.abs(self.head) * (1.01 * b.absolute)
        if first is not None and second is not None:
            second = second + self.absolute * b.absolute
        return _abs_add(first, second)

    def square(self) -> Number:
        """self * self, known to be positive."""
        high = self.head * self.head
        low = (self.head + self.value) * self.tail
        absolute = None
        if self.absolute is not None:
            absolute = (2.02 * np.abs(self.head) + self.absolute) * self.absolute
        return Number.sum(high, low, 2 * self.relative + EPSILON, absolute, 1)

    def __truediv__(self, other: Any) -> Number:
        b = _operand(other)
        if b is None:
            return NotImplemented
        if b.double is not None and np.ndim(b.double) == 0 and _is_power_of_two(b.double):
            return self._scaled(1.0 / b.double, self.sign * b.sign)
        return self * b.reciprocal() if np.ndim(b.head) == 0 else _divide(self, b)

    def __rtruediv__(self, other: Any) -> Number:
        b = _operand(other)
        return NotImplemented if b is None else _divide(b, self)

    def reciprocal(self) -> Number:
        """1 / self."""
        return _divide(ONE, self)

    def __pow__(self, exponent: int) -> Number:
        if exponent < 0:
            return (self**-exponent).reciprocal()
        if exponent == 0:
            return ONE
        half = self ** (exponent // 2)
        squared = half.square() if exponent > 1 else ONE
        return squared * self if exponent % 2 and exponent > 1 else squared if exponent > 1 else self

    # --- comparisons: of exact numbers, which is what a formula's pieces depend on ---------------------------------

    def __gt__(self, other: Any) -> Any:
        b = _operand(other)
        return NotImplemented if b is None else _difference(self, b) > 0

    def __ge__(self, other: Any) -> Any:
        b = _operand(other)
        return NotImplemented if b is None else _difference(self, b) >= 0

    def __lt__(self, other: Any) -> Any:
        b = _operand(other)
        return NotImplemented if b is None else _difference(self, b) < 0

    def __le__(self, other: Any) -> Any:
        b = _operand(other)
        return NotImplemented if b is None else _difference(self, b) <= 0


class Unsure(ArithmeticError):
    """The fast reading can not tell which piece of a formula applies, or has no such function."""


def _difference(a: Number, b: Number) -> Any:
    """A float64 array with the sign of a - b; Unsure if the error bound leaves a sign open."""
    if a.double is not None and b.double is not None:
        return np.subtract(a.double, b.double)
    difference = a - b
    value = difference.value
    if np.any(np.abs(value) <= difference.error()):
        raise Unsure
    return value


def _is_power_of_two(value: Any) -> bool:
    return bool(abs(np.frexp(value)[0]) == 0.5)


def _divide(a: Number, b: Number) -> Number:
    """a / b: the quotient's head by one division, its tail from the exact remainder."""
    whole = b.value
    inverse = 1.0 / whole
    head = mask(inverse if a is ONE else a.value * inverse)
    remainder = (a.head - head * b.head) + (-head * b.tail if a is ONE else a.tail - head * b.tail)
    tail = remainder * inverse
    absolute = None
    if a.absolute is not None or b.absolute is not None:
        # A denominator known to less than an eighth could be zero: the bound below would not hold.
        size = np.abs(inverse)
        if b.absolute is not None and np.any(b.absolute * size > 0.125):
            raise Unsure
        grown = a.absolute if a.absolute is not None else 0.0
        if b.absolute is not None:
            grown = grown + np.abs(head) * b.absolute
        absolute = 1.25 * size * grown
    return Number(head, tail, a.relative + b.relative + EPSILON, absolute, a.sign * b.sign)


def _operand(value: Any) -> Number | None:
    """`value` as a Number, None if it is of a kind that knows what to do with a Number itself."""
    return number(value) if isinstance(value, Number | int | Fraction) else None


def number(value: Any) -> Number:
    """`value` as a Number: itself, or the constant that an int or Fraction is."""
    return value if isinstance(value, Number) else _constant(value)


@lru_cache(maxsize=512)
def _constant(value: int | Fraction) -> Number:
    return Number.constant(value)


ONE = _constant(1)
