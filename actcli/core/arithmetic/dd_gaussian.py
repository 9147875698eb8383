"""Gaussian functions of double-doubles by the Mills ratio: phi, ndtr, erf, erfc, mills.

The upper tail of the normal distribution is Phi(-t) = M(t) phi(t). The Mills ratio M varies slowly and is evaluated by
table and Taylor polynomial; the density phi is one exponential of an exact square. So the relative accuracy does not
degrade with t. The usual erfc(t / sqrt 2) / 2 loses up to 1,500 ulp through the rounding of its argument alone.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from actcli.core.arithmetic.dd_exponential import ExponentialFunctions
from actcli.core.arithmetic.dd_maclaurin import SERIES_LIMIT, maclaurin
from actcli.core.arithmetic.double_double import ERR_OP, DoubleDouble, truncate26
from actcli.core.arithmetic.piecewise import piecewise
from actcli.core.arithmetic.signals import Undecided
from actcli.core.arithmetic.tables import table

__all__ = ["GaussianFunctions"]

MAX_MILLS = 60.0
"""Largest argument of the Mills ratio: the table ends at 63, and scaled double-doubles use the asymptotic series."""

MIN_DENSITY_EXP = -600.0
"""Densities are seldom multiplied by each other, so that their exponent may be lower than MIN_EXP.
lo is above 2^-945."""

ERR_MILLS = 2.0**-68
"""Bound on the relative error of the Mills ratio. In units of 2^-68:

polynomial  the Taylor series is truncated after degree 7, 2^-71.5                                         0.09
rounding    half ulps of the terms from degree 2 on, at most 2^-17.7 M, and of the sums, 2^-68.3           0.82
table       the coefficients of degree 0 and 1 are tabulated to 2^-79.1                                    0.01

The sum is 0.92. Verified by `test_functions_keep_their_bounds`."""

# The table has 512 cells per octave of t + 1: a cell's number is the exponent and the first 9 bits of t + 1.
_CELL_SHIFT = 52 - 9
_FIRST_CELL = np.float64(1.0).view(np.int64) >> _CELL_SHIFT


def _constant(digits: str) -> DoubleDouble:
    return DoubleDouble.from_rational(Fraction(digits))


_SQRT_2 = _constant("1.41421356237309504880168872420969807856967187537694807317668")
_INVERSE_SQRT_2PI = _constant("0.39894228040143267793994605993438186847585863116493465766593")
_SQRT_2_OVER_PI = _constant("0.79788456080286535587989211986876373695171726232986931533185")
_TWO_OVER_SQRT_PI = _constant("1.12837916709551257389615890312154517168810125865799771368817")
_TWO_OVER_3_SQRT_PI = _constant("0.37612638903183752463205296770718172293603375288599904572939")


class GaussianFunctions(ExponentialFunctions):
    """The Mills ratio, the normal density and distribution, erf and erfc."""

    def mills(self, t: DoubleDouble) -> DoubleDouble:
        """Return M(t) = Phi(-t) / phi(t) for 0 <= t <= MAX_MILLS."""
        value = t.value
        if not (value.min(initial=0.0) >= 0 and value.max(initial=0.0) <= MAX_MILLS):
            raise Undecided
        cell = (value + 1.0).view(np.int64) >> _CELL_SHIFT
        first = t.hi - ((cell << _CELL_SHIFT).view(np.float64) - 1.0)
        step = first + t.lo
        hi = truncate26(step)
        lo = (step - hi) + ((first - step) + t.lo)
        rows = table("mills")
        index = cell - _FIRST_CELL
        constant, linear = rows[0].take(index), rows[2].take(index)
        higher = rows[9].take(index)
        for row in rows[8:3:-1]:
            higher = row.take(index) + step * higher
        product = linear * hi
        high = constant + product
        low = (product - (high - constant)) + rows[1].take(index)
        low = low + (linear * lo + rows[3].take(index) * step + step * step * higher)
        # The condition number |t M'(t) / M(t)| and the derivative |M'(t)| = 1 - t M(t) are at most 1.
        return DoubleDouble.from_sum(high, low, ERR_MILLS + t.rel_err, t.abs_err, 1)

    def phi(self, x: DoubleDouble) -> DoubleDouble:
        """Return the normal density e^(-x^2/2) / sqrt(2 pi), which x.cache has if ndtr(x) was computed before."""
        if not x.cache:
            x.cache = (self._powers(x.square() / -2, min_exp=MIN_DENSITY_EXP)[0] * _INVERSE_SQRT_2PI,)
        (density,) = x.cache
        return density

    def ndtr(self, x: DoubleDouble) -> DoubleDouble:
        """Return Phi(x), the normal distribution function."""
        density = self.phi(x)
        sign = np.copysign(1.0, x.hi)
        limit = 0.5 + 0.5 * sign
        tail = (self.mills(abs(x)) * density).times_sign(-sign)
        # |tail| <= 1/2 is added to 0 or 1: nothing cancels, and the relative error does not grow.
        high = limit + tail.hi
        low = ((limit - high) + tail.hi) + tail.lo
        return DoubleDouble.from_sum(high, low, tail.rel_err + ERR_OP, tail.abs_err, 1)

    def d_ndtr(self, x: DoubleDouble, y: DoubleDouble) -> DoubleDouble:
        """Return phi(x)."""
        return self.phi(x)

    def _erfc_of_size(self, x: DoubleDouble) -> DoubleDouble:
        """Return erfc |x| = sqrt(2/pi) M(sqrt 2 |x|) e^(-x^2)."""
        power = self.exp(-x.square())
        return self.mills(abs(x) * _SQRT_2) * (power * _SQRT_2_OVER_PI)

    def erf(self, x: DoubleDouble) -> DoubleDouble:
        """Return 1 - erfc |x| with the sign of x; near 0 the series 2/sqrt(pi) (x - x^3/3 + ...)."""
        return piecewise(x, ((np.abs(x.value) < SERIES_LIMIT, _erf_near_zero), self._erf))

    def _erf(self, x: DoubleDouble) -> DoubleDouble:
        return (1 - self._erfc_of_size(x)).times_sign(np.copysign(1.0, x.hi))

    def erfc(self, x: DoubleDouble) -> DoubleDouble:
        """Return 1 - erf(x), with full relative accuracy for positive x."""
        sign = np.copysign(1.0, x.hi)
        return self._erfc_of_size(x).times_sign(sign) + DoubleDouble.from_float(1.0 - sign)

    def d_erf(self, x: DoubleDouble, y: DoubleDouble) -> DoubleDouble:
        """Return 2 e^(-x^2) / sqrt pi."""
        return self.exp(-x.square()) * _TWO_OVER_SQRT_PI

    def d_erfc(self, x: DoubleDouble, y: DoubleDouble) -> DoubleDouble:
        """Return -2 e^(-x^2) / sqrt pi."""
        return -self.d_erf(x, y)


def _erf_near_zero(x: DoubleDouble) -> DoubleDouble:
    return x * maclaurin("erf", x.square(), _TWO_OVER_SQRT_PI, _TWO_OVER_3_SQRT_PI)
