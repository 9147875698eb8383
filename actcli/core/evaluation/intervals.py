"""Arrays of intervals with float64 ends: enclosures of a function over many cells at once.

Representation: an element of `Intervals` is the set of all real v with lo <= v <= hi. An open end is not a value; an
infinite end is always open. An empty element, where a function is undefined, has nan as both ends.

Contract: every operation encloses, that is, if the operands contain x and y, the result contains x op y. Ends are
rounded outwards, from the exact rounding error of a sum or product, so that exact ends stay exact. Open ends decide
strict signs: e^x > 0 although the lower end underflows to 0.

Source: W. Tucker, "Validated Numerics", 2011; IEEE 1788-2015, Interval Arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from actcli.core.arithmetic.dual import Differential, value_of
from actcli.core.arithmetic.signals import Undecided
from actcli.error_free import two_prod, two_sum
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.number_formats import Bools, Floats

__all__ = ["JUMP", "KINK", "LARGEST_EXACT", "SMALLEST_EXACT", "Intervals", "Truth", "core_of", "hull", "number"]

KINK, JUMP = 1, 2
"""Flags of an element whose branch was undecided, or whose divisor may be 0: the function may have a kink, or also a
jump, inside the cell."""

SMALLEST_EXACT, LARGEST_EXACT = 1e-280, 1e300
"""Sizes of products between which Dekker's error is exact: neither it nor the split halves under- or overflow."""

End: TypeAlias = "tuple[Floats, Bools]"
"""Lower ends of an array of intervals, and whether each is open. An upper end is treated as the negated lower end."""


class Truth(NamedTuple):
    """The truth of a comparison for each element: whether it can be true and whether it can be false."""

    can_hold: Any
    can_fail: Any

    def __bool__(self) -> bool:
        if np.all(self.can_hold) and not np.any(self.can_fail):
            return True
        if np.all(self.can_fail) and not np.any(self.can_hold):
            return False
        raise Undecided("a comparison of intervals")

    def __and__(self, other: Truth) -> Truth:
        return Truth(self.can_hold & other.can_hold, self.can_fail | other.can_fail)

    def __or__(self, other: Truth) -> Truth:
        return Truth(self.can_hold | other.can_hold, self.can_fail & other.can_fail)

    def __invert__(self) -> Truth:
        return Truth(self.can_fail, self.can_hold)


class Intervals:
    """An array of intervals, or one interval (0-d arrays).

    lo, hi            the ends
    lo_open, hi_open  whether the end itself is no value
    flags             KINK or JUMP if a branch was undecided on the way
    """

    __slots__ = ("flags", "hi", "hi_open", "lo", "lo_open")

    def __init__(self, lo: Any, hi: Any, lo_open: Any = False, hi_open: Any = False, flags: Any = 0) -> None:
        self.lo, self.hi, self.lo_open, self.hi_open, self.flags = lo, hi, lo_open, hi_open, flags

    def __repr__(self) -> str:
        return f"Intervals({self.lo}, {self.hi})"

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the array."""
        return np.broadcast_shapes(np.shape(self.lo), np.shape(self.hi))

    @property
    def is_empty(self) -> Bools:
        """Where no value is defined."""
        empty: Bools = np.isnan(self.lo)
        return empty

    @property
    def magnitude(self) -> Floats:
        """The largest absolute value, or the least bound of it."""
        largest: Floats = np.maximum(-self.lo, self.hi)
        return largest

    def signs(self) -> tuple[Bools, Bools, Bools]:
        """Return where the values can be negative, zero, and positive."""
        has_zero = (self.lo <= 0) & (self.hi >= 0) & ~((self.lo == 0) & self.lo_open) & ~((self.hi == 0) & self.hi_open)
        return self.lo < 0, has_zero, self.hi > 0

    def take(self, index: Any) -> Intervals:
        """Return the elements that `index` selects; a single interval is the same for all."""
        if not self.shape:
            return self
        fields = (np.broadcast_to(field, self.shape)[index] for field in self._fields())
        return Intervals(*fields)

    def flagged(self, flags: Any) -> Intervals:
        """Return the same intervals with more flags."""
        return Intervals(self.lo, self.hi, self.lo_open, self.hi_open, self.flags | flags)

    def intersection(self, other: Intervals) -> Intervals:
        """Return the common part of two enclosures of the same value."""
        lo, lo_open = _larger((self.lo, self.lo_open), (other.lo, other.lo_open))
        hi, hi_open = _larger((-self.hi, self.hi_open), (-other.hi, other.hi_open))
        return Intervals(lo, -hi, lo_open, hi_open, self.flags | other.flags)

    def _fields(self) -> tuple[Any, ...]:
        return self.lo, self.hi, self.lo_open, self.hi_open, self.flags

    # --- operators ---------------------------------------------------------------------------------------------------

    def __neg__(self) -> Intervals:
        return Intervals(-self.hi, -self.lo, self.hi_open, self.lo_open, self.flags)

    def __pos__(self) -> Intervals:
        return self

    def __abs__(self) -> Intervals:
        inside = (self.lo < 0) & (self.hi > 0)
        hi, hi_open = _larger_or_defined((-self.lo, self.lo_open), (self.hi, self.hi_open))
        lo, lo_open = _larger((self.lo, self.lo_open), (-self.hi, self.hi_open))
        return Intervals(np.where(inside, 0.0, lo), hi, lo_open & ~inside, hi_open, self.flags)

    def __add__(self, other: Any) -> Intervals:
        b = _operand(other)
        if b is None:
            return NotImplemented
        with np.errstate(all="ignore"):
            lo, lo_open = _add_down(self.lo, self.lo_open | b.lo_open, b.lo)
            hi, hi_open = _add_down(-self.hi, self.hi_open | b.hi_open, -b.hi)
        return Intervals(lo, -hi, lo_open, hi_open, self.flags | b.flags)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Intervals:
        b = _operand(other)
        return NotImplemented if b is None else self + (-b)

    def __rsub__(self, other: Any) -> Intervals:
        return (-self).__add__(other)

    def __mul__(self, other: Any) -> Intervals:
        b = _operand(other)
        if b is None:
            return NotImplemented
        with np.errstate(all="ignore"):
            lo, hi, lo_open, hi_open = _product(self, b)
        return Intervals(lo, hi, lo_open, hi_open, self.flags | b.flags)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Intervals:
        b = _operand(other)
        return NotImplemented if b is None else self * b.reciprocal()

    def __rtruediv__(self, other: Any) -> Intervals:
        a = _operand(other)
        return NotImplemented if a is None else a * self.reciprocal()

    def reciprocal(self) -> Intervals:
        """Return 1/x: the whole line where x can have both signs or be 0, a jump; empty where x is exactly 0."""
        negative, zero, positive = self.signs()
        unknown = (negative & positive) | zero
        with np.errstate(all="ignore"):
            lo, lo_open = _reciprocal_down(self.hi, self.hi_open)
            hi, hi_open = _reciprocal_down(-self.lo, self.lo_open)
        lo, hi = np.where(unknown, -math.inf, lo), np.where(unknown, math.inf, -hi)
        empty = self.is_empty | ((self.lo == 0) & (self.hi == 0) & zero)
        lo, hi = np.where(empty, np.nan, lo), np.where(empty, np.nan, hi)
        return Intervals(lo, hi, lo_open | unknown, hi_open | unknown, self.flags | np.where(unknown, JUMP, 0))

    def __pow__(self, exponent: int) -> Intervals:
        if exponent < 0:
            return (self**-exponent).reciprocal()
        if exponent == 0:
            return _operand(1).flagged(self.flags) + self * 0  # type: ignore[union-attr]
        if exponent % 2 == 0:
            return _power(abs(self), exponent)
        low = _power(abs(Intervals(self.lo, self.lo, self.lo_open, self.lo_open)), exponent)
        high = _power(abs(Intervals(self.hi, self.hi, self.hi_open, self.hi_open)), exponent)
        below, above = self.lo < 0, self.hi > 0
        return Intervals(
            np.where(below, -low.hi, low.lo),
            np.where(above, high.hi, -high.lo),
            np.where(below, low.hi_open, low.lo_open),
            np.where(above, high.hi_open, high.lo_open),
            self.flags,
        )

    # --- comparisons -------------------------------------------------------------------------------------------------

    def __gt__(self, other: Any) -> Truth:
        b = _number(other)
        touches = (self.lo == b.hi) & ~self.lo_open & ~b.hi_open
        return Truth(self.hi > b.lo, (self.lo < b.hi) | touches)

    def __lt__(self, other: Any) -> Truth:
        return _number(other) > self

    def __ge__(self, other: Any) -> Truth:
        return ~(self < other)

    def __le__(self, other: Any) -> Truth:
        return ~(self > other)


def number(value: float | Fraction) -> Intervals:
    """Return the smallest interval around a number: exact if it is a float64."""
    near = FLOATS["float64"].nearest(Fraction(value))
    if math.isinf(near):
        largest = math.copysign(float(np.finfo(np.float64).max), near)
        ends = sorted([largest, near])
    elif near == value:
        return Intervals(np.float64(near), np.float64(near), np.False_, np.False_, 0)
    else:
        ends = sorted([near, math.nextafter(near, math.inf if near < value else -math.inf)])
    return Intervals(np.float64(ends[0]), np.float64(ends[1]), np.True_, np.True_, 0)


def core_of(x: Any) -> Any:
    """Return the number inside nested dual numbers or a jet, as an interval."""
    while isinstance(x, Differential):
        x = x.value
    return _number(x)


def hull(parts: Sequence[tuple[Any, Any]], size: int, flag: int) -> Any:
    """Return for each element the smallest interval that contains its parts; empty without any.

    parts  (indices, intervals or numbers with derivatives or exact numbers)
    flag   the flag of elements with several parts
    """
    differential = next((part for _, part in parts if isinstance(part, Differential)), None)
    if differential is not None:
        values = hull([(index, value_of(part)) for index, part in parts], size, flag)
        derivatives = [
            hull([(index, part.parts[k] if isinstance(part, Differential) else 0) for index, part in parts], size, flag)
            for k in range(1, len(differential.parts))
        ]
        return differential.with_parts((values, *derivatives), 0)
    lo, hi = np.full(size, np.nan), np.full(size, np.nan)
    lo_open, hi_open = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    flags, seen = np.zeros(size, dtype=int), np.zeros(size, dtype=int)
    for index, part in parts:
        whole = _number(part)
        a = _larger_or_defined((-lo[index], lo_open[index]), (-whole.lo, whole.lo_open))
        b = _larger_or_defined((hi[index], hi_open[index]), (whole.hi, whole.hi_open))
        lo[index], lo_open[index] = -a[0], a[1]
        hi[index], hi_open[index] = b
        flags[index] |= whole.flags
        seen[index] += 1
    return Intervals(lo, hi, lo_open, hi_open, np.where(seen > 1, flags | flag, flags))


def _operand(other: Any) -> Intervals | None:
    """Return `other` as intervals, or None if it is of a foreign type."""
    if isinstance(other, Intervals):
        return other
    return number(other) if isinstance(other, int | Fraction) else None


def _number(other: Any) -> Intervals:
    found = _operand(other)
    if found is None:
        raise TypeError(f"an interval requires a number, not {other!r}")
    return found


# --- ends: each returns lower ends, rounded down, and whether they are open -----------------------------------------


def _larger(a: End, b: End) -> End:
    """Return the larger of two lower ends; open if either is, where they are equal. nan (empty) wins."""
    open_end = np.where(a[0] > b[0], a[1], np.where(b[0] > a[0], b[1], a[1] | b[1]))
    return np.maximum(a[0], b[0]), open_end


def _larger_or_defined(a: End, b: End) -> End:
    """Return the larger of two upper ends; closed if either is, where they are equal. nan (empty) loses."""
    open_end = np.where(a[0] > b[0], a[1], np.where(b[0] > a[0], b[1], a[1] & b[1]))
    open_end = np.where(np.isnan(a[0]), b[1], np.where(np.isnan(b[0]), a[1], open_end))
    return np.fmax(a[0], b[0]), open_end


def _add_down(a: Floats, is_open: Any, b: Floats) -> End:
    total, error = two_sum(a, b)
    exact = error == 0
    # The error of an overflowing sum is nan: it is then rounded down to the largest float64.
    lower = np.where(exact | (error > 0) | (total == -math.inf), total, np.nextafter(total, -math.inf))
    return lower, is_open | ~exact


def _product(a: Intervals, b: Intervals) -> tuple[Floats, Floats, Bools, Bools]:
    """Return the least and the greatest of the four products of ends, and whether they are open."""
    # One mark of an open end may stand for all elements.
    (a_lo, a_hi, a_lo_open, a_hi_open), (b_lo, b_hi, b_lo_open, b_hi_open) = (
        np.broadcast_arrays(each.lo, each.hi, each.lo_open, each.hi_open) for each in (a, b)
    )
    x, y = np.array([a_lo, a_lo, a_hi, a_hi]), np.array([b_lo, b_hi, b_lo, b_hi])
    x_open = np.array([a_lo_open, a_lo_open, a_hi_open, a_hi_open])
    y_open = np.array([b_lo_open, b_hi_open, b_lo_open, b_hi_open])
    if x.ndim != y.ndim:
        x, x_open, y, y_open = (field if field.ndim > 1 else field[:, None] for field in (x, x_open, y, y_open))
    product, error = two_prod(x, y)
    size = np.abs(product)
    is_sized = (size > SMALLEST_EXACT) & (size < LARGEST_EXACT)
    is_sized &= (np.abs(x) < LARGEST_EXACT) & (np.abs(y) < LARGEST_EXACT)
    down = np.where((is_sized & (error >= 0)) | (product == -math.inf), product, np.nextafter(product, -math.inf))
    up = np.where((is_sized & (error <= 0)) | (product == math.inf), product, np.nextafter(product, math.inf))
    # An underflow keeps its sign.
    is_positive = (x > 0) == (y > 0)
    down, up = np.where(is_positive, np.maximum(down, 0.0), down), np.where(is_positive, up, np.minimum(up, 0.0))
    # 0 times an end is 0, also if that end is infinite; it is a value where the factor 0 is one.
    zero_x, zero_y = x == 0, y == 0
    zero = (zero_x | zero_y) & ~(np.isnan(x) | np.isnan(y))
    has_zero = (zero_x & ~x_open) | (zero_y & ~y_open)
    down, up = np.where(zero, 0.0, down), np.where(zero, 0.0, up)
    is_open = np.where(zero, ~has_zero, x_open | y_open | ~(is_sized & (error == 0)))
    lo, hi = down.min(axis=0), up.max(axis=0)
    return lo, hi, (is_open | (down != lo)).all(axis=0), (is_open | (up != hi)).all(axis=0)


def _reciprocal_down(x: Floats, is_open: Any) -> End:
    """Return 1/x rounded down; -inf for 0, which is then an upper end of negative numbers."""
    exact = np.abs(np.frexp(x)[0]) == 0.5
    exact &= (np.abs(x) > SMALLEST_EXACT) & (np.abs(x) < LARGEST_EXACT)
    inverse = 1 / x
    lower = np.where(exact, inverse, np.nextafter(inverse, -math.inf))
    lower = np.where(x == 0, -math.inf, np.where(x > 0, np.maximum(lower, 0.0), lower))
    return lower, is_open | ~exact


def _power(x: Intervals, exponent: int) -> Intervals:
    """Return x^exponent of non-negative intervals, by repeated squaring."""
    power = x
    for bit in f"{exponent:b}"[1:]:
        power = power * power
        if bit == "1":
            power = power * x
    return power
