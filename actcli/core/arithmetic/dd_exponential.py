"""Exponential functions of double-doubles: exp, expm1, sigmoid, tanh, sinh, cosh, tanhshrink.

exp is table-driven (Tang, "Table-driven implementation of the exponential function in IEEE floating-point arithmetic",
ACM TOMS 15, 1989, doi:10.1145/63522.214389; the accurate tables of CR-LIBM, Daramy-Loirat et al., 2006). Cody-Waite
reduction leaves x = k ln 2 / 512 + r with |r| <= ln 2 / 1024 = 2^-10.53; then e^x = 2^(k/512) e^r, where 2^(k/512) is
a power of two times a table value, and e^r is a polynomial of degree 5. The other functions follow by algebra.

Arguments must lie where no intermediate result under- or overflows; otherwise Undecided is raised. The caller then
uses scaled double-doubles. tests/support/make_tables.py writes the tables.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.arithmetic.dd_maclaurin import SERIES_LIMIT, maclaurin
from actcli.core.arithmetic.double_double import ERR_OP, DoubleDouble, truncate26
from actcli.core.arithmetic.piecewise import piecewise
from actcli.core.arithmetic.signals import Undecided
from actcli.core.arithmetic.tables import table
from actcli.error_free import two_sum

if TYPE_CHECKING:
    from actcli.core.arithmetic.array_types import Floats

__all__ = ["ExponentialFunctions", "max_size"]

_TABLE_BITS = 9
_TABLE_SIZE = 1 << _TABLE_BITS

# ln 2 / 512 as a sum of three float64 for the Cody-Waite reduction: 33 bits, the next 33, and 53 more. The step count
# k is below 2^19 for |x| <= MAX_EXP, so that its products with the first two are exact. The sum is wrong by 2^-131.4.
_INVERSE_STEP = float.fromhex("0x1.71547652b82fep+9")  # 512 / ln 2
_STEP_HI = float.fromhex("0x1.62e42fefp-10")
_STEP_MID = float.fromhex("0x1.473de6afp-43")
_STEP_LO = float.fromhex("0x1.3c7673007e5edp-78")

MAX_EXP = 690.0
"""Largest |x| for which e^x is computed: e^690 = 2^995.5 leaves a factor of 2^28 before overflow."""

MIN_EXP = -250.0
"""Below this, e^x is replaced by e^-250 = 2^-361 with an error bound of more than its own size. A product of two powers
is then above 2^-722, so that no lo of it underflows. In a sum with ordinary terms the bound is negligible."""

ERR_EXP = 2.0**-71
"""Bound on the relative error of e^x apart from the reduction, which ERR_REDUCTION bounds. In units of 2^-71:

polynomial  r^6 / 720 <= 2^-72.66 is truncated                                                             0.32
rounding    half ulps of the polynomial (2^-73.26), its product with the table value, and three sums       0.42
table       2^(k/512) is tabulated to 2^-79.03                                                             0.01

The sum is 0.75; `test_functions_keep_their_bounds` compares the bound with mpmath."""

ERR_REDUCTION = 2.0**-77
"""Bound on the error of the reduced argument r, relative to |x|. In units of 2^-78: x.lo - k _STEP_MID is rounded, at
most 2^-25 2^-53 |x| = 1 unit; the polynomial omits k _STEP_LO = 2^-68.2 |x| from its argument, which counts times
|r| <= 2^-10.53, 0.62 units. The sum is 1.62 of the 2 units."""

_ERR_POWER_TAIL = 2.0**21
"""r^2 times this, times ERR_EXP, is r^2 2^-50: for k = 0 a bound on the error of e^r - 1 after its leading term r.
In units of r^2 2^-50: truncation r^4 / 720 <= 2^-51.6, 0.33; the polynomial's roundings 2^-51.7, 0.31; sums 0.19."""


class ExponentialFunctions:
    """exp and the functions made of it by algebra.

    d_NAME(x, y) is the derivative of NAME at x, where y = NAME(x) was computed before and left intermediate results
    in x.cache. It replaces the general rule of `dual.RULES`.
    """

    def exp(self, x: DoubleDouble) -> DoubleDouble:
        """Return e^x; below MIN_EXP a bound on it."""
        return self._powers(x)[0]

    def expm1(self, x: DoubleDouble) -> DoubleDouble:
        """Return e^x - 1, with full relative accuracy at 0."""
        return self._powers(x, minus_one=True)[1]

    def _powers(
        self, x: DoubleDouble, minus_one: bool = False, min_exp: float = MIN_EXP
    ) -> tuple[DoubleDouble, DoubleDouble]:
        """Return e^x and, if `minus_one`, e^x - 1; where x < min_exp only bounds."""
        value = x.value
        if value.min(initial=0.0) >= min_exp:
            return self._table_powers(x, minus_one)
        small = value < min_exp
        clipped_hi, clipped_lo = np.where(small, min_exp, x.hi), np.where(small, 0.0, x.lo)
        powers = self._table_powers(DoubleDouble(clipped_hi, clipped_lo, x.rel_err, x.abs_err), minus_one)
        for power in powers:
            # Both e^x and its substitute e^min_exp lie in (0, e^min_exp]; the factor e covers all roundings.
            power.abs_err = np.where(small, np.exp(min_exp + 1.0), 0.0 if power.abs_err is None else power.abs_err)
        return powers

    def _table_powers(self, x: DoubleDouble, minus_one: bool) -> tuple[DoubleDouble, DoubleDouble]:
        value = x.value
        largest = max_size(value, MAX_EXP)
        steps = np.rint(value * _INVERSE_STEP)
        first = x.hi - steps * _STEP_HI
        second = x.lo - steps * _STEP_MID
        rest = first + second
        hi = truncate26(rest)
        lo = ((first - hi) + second) - steps * _STEP_LO
        square = rest * rest
        polynomial = square * (0.5 + rest * (1 / 6 + rest * (1 / 24 + rest * (1 / 120))))
        count = steps.astype(np.int64)
        table_hi, table_lo = table("powers")
        index = count & (_TABLE_SIZE - 1)
        scale = (((count >> _TABLE_BITS) + 1023) << 52).view(np.float64)  # 2^floor(k/512), by its exponent field
        power_hi, power_lo = table_hi.take(index) * scale, table_lo.take(index) * scale
        product = power_hi * hi
        low = power_hi * (lo + polynomial) + power_lo * (1.0 + (rest + polynomial))
        high = power_hi + product
        error = ERR_EXP + largest * ERR_REDUCTION
        growth = _error_growth(x)
        abs_err = None if growth is None else high * growth
        power = DoubleDouble.from_sum(high, (product - (high - power_hi)) + low, error, abs_err, 1)
        if not minus_one:
            return power, power
        base, base_error = two_sum(power_hi, -1.0)
        high, high_error = two_sum(base, product)
        # The absolute error is that of e^x, but for k = 0 the table value 1 cancels exactly, and only r and the
        # polynomial are left; the rounding of r itself is within ERR_OP.
        own = error * (power_hi * np.minimum(1.0, square * _ERR_POWER_TAIL + np.abs(steps)))
        return power, DoubleDouble.from_sum(
            high, (base_error + high_error) + low, ERR_OP, own if abs_err is None else own + abs_err
        )

    def sigmoid(self, x: DoubleDouble) -> DoubleDouble:
        """Return 1 / (1 + w) with w = e^-x."""
        w = self.exp(-x)
        result = (1 + w).reciprocal()
        x.cache = (w, result)
        return result

    def d_sigmoid(self, x: DoubleDouble, y: DoubleDouble) -> DoubleDouble:
        """Return w / (1 + w)^2."""
        w, inverse = x.cache
        return (w * inverse) * inverse

    def cosigmoid(self, x: DoubleDouble) -> DoubleDouble:
        """Return 1 - sigmoid(x) = w / (1 + w); sigmoid(x) must have been computed before."""
        w, inverse = x.cache
        return w * inverse

    def tanh(self, x: DoubleDouble) -> DoubleDouble:
        """Return (1 - w) / (1 + w) with w = e^-2x."""
        w, w_minus_one = self._powers(x * -2, minus_one=True)
        inverse = (1 + w).reciprocal()
        x.cache = (w, inverse)
        return -w_minus_one * inverse

    def d_tanh(self, x: DoubleDouble, y: DoubleDouble) -> DoubleDouble:
        """Return 4 w / (1 + w)^2."""
        w, inverse = x.cache
        return (w * inverse) * (inverse * 4)

    def tanh_softplus(self, x: DoubleDouble) -> DoubleDouble:
        """Return tanh(log(1 + e^x)) = n / (n + 2) with n = u (u + 2), u = e^x."""
        u = self.exp(x)
        n = u * (u + 2)
        inverse = (n + 2).reciprocal()
        x.cache = (u, inverse)
        return n * inverse

    def d_tanh_softplus(self, x: DoubleDouble, y: DoubleDouble) -> DoubleDouble:
        """Return 4 u (u + 1) / (n + 2)^2."""
        u, inverse = x.cache
        return (u * inverse) * ((u + 1) * inverse) * 4

    def sinh(self, x: DoubleDouble) -> DoubleDouble:
        """Return (e^x - e^-x) / 2 = (t + t / (t + 1)) / 2 with t = e^x - 1."""
        power, t = self._powers(x, minus_one=True)
        return (t + t / power) / 2

    def cosh(self, x: DoubleDouble) -> DoubleDouble:
        """Return (e^|x| + e^-|x|) / 2."""
        power = self.exp(abs(x))
        return (power + power.reciprocal()) / 2

    def tanhshrink(self, x: DoubleDouble) -> DoubleDouble:
        """Return x - tanh x; near 0, where that cancels, its series x^3/3 - 2 x^5/15 + ..."""
        near_zero = (np.abs(x.value) < SERIES_LIMIT, _tanhshrink_near_zero)
        return piecewise(x, (near_zero, lambda x: x - self.tanh(x)))


def _tanhshrink_near_zero(x: DoubleDouble) -> DoubleDouble:
    square = x.square()
    return x * square * maclaurin("tanhshrink", square, _THIRD, _TWO_FIFTEENTHS)


def max_size(value: Floats, limit: float) -> float:
    """Return the largest |value|, 0 for no elements; raise Undecided if it exceeds the limit or is nan."""
    largest = float(max(value.max(initial=0.0), -value.min(initial=0.0)))
    if not largest <= limit:
        raise Undecided
    return largest


def _error_growth(x: DoubleDouble) -> Floats | None:
    """Return a bound on the relative error of e^x that the error of x causes; None if x is exact.

    e^d - 1 <= 1.0005 d for d <= 2^-10, so that 1.01 covers it; Undecided is raised for a larger d.
    """
    if x.rel_err == 0 and x.abs_err is None:
        return None
    error = x.error_bound()
    if np.any(error > 2.0**-10):
        raise Undecided
    return 1.01 * error


_THIRD = DoubleDouble.from_rational(Fraction(1, 3))
_TWO_FIFTEENTHS = DoubleDouble.from_rational(Fraction(2, 15))
