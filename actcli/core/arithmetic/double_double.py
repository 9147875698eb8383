"""Truncated double-double arithmetic: arrays of numbers hi + lo of 78 significant bits, each with an error bound.

Representation. A number is the unevaluated sum of two float64 arrays, as in double-double arithmetic (Dekker, "A
floating-point technique for extending the available precision", 1971, doi:10.1007/BF01397083; Knuth, TAOCP 2, section
4.2.2). It differs in one point: hi has at most 26 significant bits. The product of two hi is then exact without
Veltkamp's split, so that a product takes nine operations instead of about twenty-five. The price is the last 28 of
double-double's 106 bits, which decide about one rounding in a million.

Invariant. hi has at most 26 bits and |lo| <= 2^-25 |hi|, up to a rounding error; `truncate26` establishes it.

Error bound. |true value - (hi + lo)| <= rel_err * |hi + lo| + abs_err to first order. Most operations only add a
constant to `rel_err`. A sum that may cancel moves the bound to the array `abs_err` (compare the radius of a ball:
Johansson, "Arb: efficient arbitrary-precision midpoint-radius interval arithmetic", 2017, doi:10.1109/TC.2017.2690633).
`error_bound` multiplies both by 1.25, and is what Ziv's test uses.

Reproducibility. Only additions, multiplications, divisions, square roots and bit masks are used. IEEE 754 defines
these to the last bit, so that results do not depend on the machine or the SIMD level. Underflow and overflow would
invalidate the bound. The caller makes NumPy raise FloatingPointError on them and falls back to another arithmetic.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np

from actcli.core.arithmetic.signals import OrderedBySign, Relation, Undecided
from actcli.error_free import two_sum

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actcli.core.arithmetic.array_types import Bools, Floats, Index
    from actcli.core.arithmetic.protocol import Exact

__all__ = ["ERR_OP", "DoubleDouble", "as_double_double", "truncate26"]

ERR_OP = 2.0**-75
"""Bound on the relative rounding error of one operation.

In units of 2^-78, the product of |lo| <= 2^-25 |hi| and the unit roundoff 2^-53, the rounding errors are at most:

product   hi*lo' 1, rounding lo*(hi' + lo') 1 + 1, their sum 2, final sum 1                                total 6
square    rounding hi + (hi + lo) 3, product 2, final sum 1                                                total 6
quotient  hi*lo' 1, difference 2, remainder 1, inverse of the divisor 2, product 1                         total 7
root      remainder 1, divisor 2, division 1, final sum 1                                                  total 5
sum       lo + lo' 1, adding the error of hi + hi' 1, final sum 1, relative to |a| + |b|                   total 3

The eighth unit covers products of errors, below 2^-100. Verified by test_dd_functions.py.
"""

ERR_CONSTANT = 2.0**-78
"""Bound on the relative error of a rational constant: lo < 2^-25 |hi| is rounded to nearest, within 2^-53 |lo|."""

MIN_CONSTANT, MAX_CONSTANT = Fraction(2) ** -900, Fraction(2) ** 900
"""Sizes of constants that keep all 78 bits: lo > 2^-980 is a normal float64, and products of two hi do not overflow
with any factor below 2^120."""

_HI_MASK = np.int64(-1 << 27)
"""Keeps sign, exponent and the upper 25 of the 52 stored bits: 26 significant bits with the implicit one."""


def truncate26(value: Floats) -> Floats:
    """Return `value` truncated to its first 26 significant bits, towards zero."""
    return (value.view(np.int64) & _HI_MASK).view(np.float64)


def _add_abs_err(a: Floats | None, b: Floats | None) -> Floats | None:
    return b if a is None else a if b is None else a + b


class DoubleDouble(OrderedBySign["Bools"]):
    """An array of numbers hi + lo with their error bound (see the module).

    hi, lo       float64 arrays of one shape; NumPy scalars for a constant
    rel_err      relative error bound, one for the whole array
    abs_err      absolute error bound, an array, or None for 0
    sign         +1 or -1 where every element is known to have that sign or to be zero, else 0
    exact_float  the number as one float64 array where it is exactly that, else None
    cache        intermediate results of a function of this number, which its derivative uses
    """

    __slots__ = ("abs_err", "cache", "exact_float", "hi", "lo", "rel_err", "sign")

    def __init__(
        self,
        hi: Floats,
        lo: Floats,
        rel_err: float,
        abs_err: Floats | None = None,
        sign: int = 0,
        exact_float: Floats | None = None,
    ) -> None:
        self.hi = hi
        self.lo = lo
        self.rel_err = rel_err
        self.abs_err = abs_err
        self.sign = sign
        self.exact_float = exact_float
        self.cache: tuple[DoubleDouble, ...] = ()

    # --- conversions -------------------------------------------------------------------------------------------

    @classmethod
    def from_float(cls, value: Floats, sign: int = 0) -> DoubleDouble:
        """Return the float64 array `value`, without error."""
        hi = truncate26(value)
        return cls(hi, value - hi, 0.0, None, sign, value)

    @classmethod
    def from_rational(cls, value: Exact) -> DoubleDouble:
        """Return an exact number rounded to 78 bits; raise Undecided outside MIN_CONSTANT ... MAX_CONSTANT."""
        if value and not MIN_CONSTANT < abs(Fraction(value)) < MAX_CONSTANT:
            raise Undecided
        nearest = cast("Floats", np.float64(float(value)))
        hi = truncate26(nearest)
        rest = Fraction(value) - Fraction(float(hi))
        lo = cast("Floats", np.float64(float(rest)))
        is_exact = Fraction(float(lo)) == rest
        sign = (value > 0) - (value < 0)
        exact_float = nearest if is_exact and Fraction(float(nearest)) == value else None
        return cls(hi, lo, 0.0 if is_exact else ERR_CONSTANT, None, sign, exact_float)

    @classmethod
    def from_sum(
        cls, high: Floats, low: Floats, rel_err: float, abs_err: Floats | None = None, sign: int = 0
    ) -> DoubleDouble:
        """Return high + low with the invariant established, for |low| up to about 2^-25 |high|."""
        hi = truncate26(high + low)
        return cls(hi, (high - hi) + low, rel_err, abs_err, sign)

    @property
    def value(self) -> Floats:
        """The nearest float64."""
        return self.hi + self.lo if self.exact_float is None else self.exact_float

    def error_bound(self) -> Floats:
        """Return a bound on the absolute error, with a safety factor of 1.25.

        A tenth of a per cent covers the roundings of the bound's own computation, and of hi + (lo +- bound) in Ziv's
        test: lo +- bound is rounded by at most 2^-78 |hi|, a tenth of ERR_OP. The rest is margin for bounds that are
        stated to first order.
        """
        bound = np.abs(self.value) * (self.rel_err * 1.25)
        return bound if self.abs_err is None else bound + self.abs_err * 1.25

    def take(self, index: Index) -> DoubleDouble:
        """Return the elements that `index` selects; a constant is the same for all."""
        if np.ndim(self.hi) == 0:
            return self
        abs_err = self.abs_err[index] if self.abs_err is not None and np.ndim(self.abs_err) else self.abs_err
        if self.exact_float is not None:
            taken = DoubleDouble.from_float(self.exact_float[index], self.sign)
            taken.rel_err, taken.abs_err = self.rel_err, abs_err
            return taken
        return DoubleDouble(self.hi[index], self.lo[index], self.rel_err, abs_err, self.sign)

    def with_zeros(self, index: Index) -> DoubleDouble:
        """Return the same number with exact zeros at `index`."""
        hi, lo = self.hi.copy(), self.lo.copy()
        hi[index] = lo[index] = 0.0
        abs_err = self.abs_err
        if abs_err is not None and np.ndim(abs_err):
            abs_err = abs_err.copy()
            abs_err[index] = 0.0
        return DoubleDouble(hi, lo, self.rel_err, abs_err, self.sign)

    def times_sign(self, sign: Floats) -> DoubleDouble:
        """Return the number times an array of +1 and -1."""
        exact_float = None if self.exact_float is None else self.exact_float * sign
        return DoubleDouble(self.hi * sign, self.lo * sign, self.rel_err, self.abs_err, 0, exact_float)

    @classmethod
    def scatter(cls, parts: Sequence[tuple[Index, DoubleDouble | Exact]], shape: tuple[int, ...]) -> DoubleDouble:
        """Return an array of `shape` from `parts`, (index, number at that index), which cover it."""
        numbers = [(index, as_double_double(part)) for index, part in parts]

        def assemble(field: str) -> Floats:
            out = np.empty(shape)
            for index, part in numbers:
                value = getattr(part, field)
                out[index] = 0.0 if value is None else value
            return out

        rel_err = max(part.rel_err for _, part in numbers)
        abs_err = assemble("abs_err") if any(part.abs_err is not None for _, part in numbers) else None
        exact_float = assemble("exact_float") if all(part.exact_float is not None for _, part in numbers) else None
        signs = {part.sign for _, part in numbers}
        sign = signs.pop() if len(signs) == 1 else 0
        return cls(assemble("hi"), assemble("lo"), rel_err, abs_err, sign, exact_float)

    # --- operators ---------------------------------------------------------------------------------------------

    def __neg__(self) -> DoubleDouble:
        exact_float = None if self.exact_float is None else -self.exact_float
        return DoubleDouble(-self.hi, -self.lo, self.rel_err, self.abs_err, -self.sign, exact_float)

    def __pos__(self) -> DoubleDouble:
        return self

    def __abs__(self) -> DoubleDouble:
        if self.sign:
            return self if self.sign > 0 else -self
        if self.exact_float is not None:
            return DoubleDouble.from_float(np.abs(self.exact_float), 1)
        return self.times_sign(np.copysign(1.0, self.hi))

    def __add__(self, other: DoubleDouble | Exact) -> DoubleDouble:
        b = _as_operand(other)
        if b is None:
            return NotImplemented
        if self.exact_float is not None and b.exact_float is not None:
            total, error = two_sum(self.exact_float, b.exact_float)
            return DoubleDouble.from_sum(total, error, ERR_OP, None, self.sign if self.sign == b.sign else 0)
        total, error = two_sum(self.hi, b.hi)
        rest = (self.lo + b.lo) + error
        abs_err = _add_abs_err(self.abs_err, b.abs_err)
        if self.sign and self.sign == b.sign:
            # Of terms of one sign |a| + |b| is |a + b|, so that relative errors do not grow.
            rel_err = max(self.rel_err, b.rel_err) + ERR_OP
            return DoubleDouble.from_sum(total, rest, rel_err, abs_err, self.sign)
        lost = np.abs(self.hi) * (self.rel_err + ERR_OP) + np.abs(b.hi) * (b.rel_err + ERR_OP)
        return DoubleDouble.from_sum(total, rest, ERR_OP, lost if abs_err is None else lost + abs_err)

    __radd__ = __add__

    def __sub__(self, other: DoubleDouble | Exact) -> DoubleDouble:
        b = _as_operand(other)
        return NotImplemented if b is None else self + (-b)

    def __rsub__(self, other: DoubleDouble | Exact) -> DoubleDouble:
        return (-self) + other

    def __mul__(self, other: DoubleDouble | Exact) -> DoubleDouble:
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
        return DoubleDouble.from_sum(high, low, self.rel_err + b.rel_err + ERR_OP, self._product_abs_err(b), sign)

    __rmul__ = __mul__

    def _times_power_of_two(self, factor: Floats, sign: int) -> DoubleDouble:
        """Return the exact product with a constant power of two, of either sign."""
        if factor == 1:
            return self
        abs_err = None if self.abs_err is None else self.abs_err * abs(factor)
        exact_float = None if self.exact_float is None else self.exact_float * factor
        return DoubleDouble(self.hi * factor, self.lo * factor, self.rel_err, abs_err, sign, exact_float)

    def _product_abs_err(self, b: DoubleDouble) -> Floats | None:
        """Return the absolute error of self * b that comes from the operands' abs_err: |a| eb + |b| ea + ea eb."""
        # 1.01 covers that hi stands for the true factor, which differs by lo and the relative error: 2^-25 and less.
        a_err, b_err = self.abs_err, b.abs_err
        if a_err is None:
            return None if b_err is None else np.abs(self.hi) * (1.01 * b_err)
        from_a = np.abs(b.hi) * (1.01 * a_err)
        if b_err is None:
            return from_a
        return from_a + (np.abs(self.hi) * (1.01 * b_err) + a_err * b_err)

    def square(self) -> DoubleDouble:
        """Return self * self, which is known to be positive."""
        high = self.hi * self.hi
        low = (self.hi + self.value) * self.lo
        abs_err = None
        if self.abs_err is not None:
            # (a + e)^2 - a^2 = (2 a + e) e; 2.02 instead of 2 as in _product_abs_err.
            abs_err = (2.02 * np.abs(self.hi) + self.abs_err) * self.abs_err
        return DoubleDouble.from_sum(high, low, 2 * self.rel_err + ERR_OP, abs_err, 1)

    def __truediv__(self, other: DoubleDouble | Exact) -> DoubleDouble:
        b = _as_operand(other)
        if b is None:
            return NotImplemented
        if b.exact_float is not None and np.ndim(b.exact_float) == 0 and _is_power_of_two(b.exact_float):
            return self._times_power_of_two(1.0 / b.exact_float, self.sign * b.sign)
        return self * b.reciprocal() if np.ndim(b.hi) == 0 else _divide(self, b)

    def __rtruediv__(self, other: Exact) -> DoubleDouble:
        b = _as_operand(other)
        return NotImplemented if b is None else _divide(b, self)

    def reciprocal(self) -> DoubleDouble:
        """Return 1 / self."""
        return _divide(ONE, self)

    def __pow__(self, exponent: int) -> DoubleDouble:
        if exponent < 0:
            return (self**-exponent).reciprocal()
        if exponent == 0:
            return ONE
        half = self ** (exponent // 2)
        squared = half.square() if exponent > 1 else ONE
        return squared * self if exponent % 2 and exponent > 1 else squared if exponent > 1 else self

    def _compare(self, other: object, relation: Relation) -> Bools:
        b = _as_operand(other)
        return NotImplemented if b is None else relation(_difference(self, b), 0)


def _difference(a: DoubleDouble, b: DoubleDouble) -> Floats:
    """Return a float64 array with the sign of a - b; raise Undecided if the error bound does not decide a sign."""
    if a.exact_float is not None and b.exact_float is not None:
        return np.subtract(a.exact_float, b.exact_float)
    difference = a - b
    value = difference.value
    if np.any(np.abs(value) <= difference.error_bound()):
        raise Undecided
    return value


def _is_power_of_two(value: Floats) -> bool:
    return bool(abs(np.frexp(value)[0]) == 0.5)


def _divide(a: DoubleDouble, b: DoubleDouble) -> DoubleDouble:
    """Return a / b: hi from one division, lo from the remainder a - hi * b, whose leading part is exact."""
    divisor = b.value
    inverse = 1.0 / divisor
    hi = truncate26(inverse if a is ONE else a.value * inverse)
    remainder = (a.hi - hi * b.hi) + (-hi * b.lo if a is ONE else a.lo - hi * b.lo)
    lo = remainder * inverse
    abs_err = None
    if a.abs_err is not None or b.abs_err is not None:
        # |(a + ea) / (b + eb) - a / b| = |ea - (a / b) eb| / |b + eb|, where 1 / |b + eb| is at most 1.143 / |b| if
        # |eb| <= |b| / 8. 1.25 covers that, and the roundings here. With a larger eb the divisor may be zero.
        size = np.abs(inverse)
        if b.abs_err is not None and np.any(b.abs_err * size > 0.125):
            raise Undecided
        grown = a.abs_err if a.abs_err is not None else 0.0
        if b.abs_err is not None:
            grown = grown + np.abs(hi) * b.abs_err
        abs_err = 1.25 * size * grown
    return DoubleDouble(hi, lo, a.rel_err + b.rel_err + ERR_OP, abs_err, a.sign * b.sign)


def _as_operand(value: object) -> DoubleDouble | None:
    """Return `value` as a DoubleDouble; None for a foreign type, whose own operator then takes over."""
    return as_double_double(value) if isinstance(value, DoubleDouble | int | Fraction) else None


def as_double_double(value: DoubleDouble | Exact) -> DoubleDouble:
    """Return `value` itself, or the constant of an int or Fraction."""
    return value if isinstance(value, DoubleDouble) else _constant(value)


@lru_cache(maxsize=512)
def _constant(value: Exact) -> DoubleDouble:
    return DoubleDouble.from_rational(value)


ONE = _constant(1)
