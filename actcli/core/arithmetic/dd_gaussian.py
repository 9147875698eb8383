"""The Gaussian functions of the fast reading: tails by the Mills ratio, which loses nothing far out.

Phi(-t) = M(t) phi(t): the ratio M falls slowly and is read from a table of Taylor polynomials, and the density phi
is one exponential of an exact square. The usual erfc(t / sqrt 2) / 2 loses up to 1,500 ulp to the rounding of its
argument alone.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from actcli.core.arithmetic.dd_maclaurin import maclaurin
from actcli.core.arithmetic.double_double import ERR_OP, DoubleDouble, truncate26
from actcli.core.arithmetic.signals import Undecided
from actcli.core.arithmetic.tables import table

__all__ = ["GaussianFunctions"]

_LIMIT = 60.0
_LEAST = -600.0
"""Densities are seldom multiplied by each other: as powers of e they may be smaller than others."""
_ERROR = 2.0**-68
_CELLS = 44 - 1
_ONE = np.float64(1.0).view(np.int64) >> _CELLS
_ROOT_2 = DoubleDouble.from_rational(Fraction("1.41421356237309504880168872420969807856967187537694807317668"))
_DENSITY = DoubleDouble.from_rational(
    Fraction("0.39894228040143267793994605993438186847585863116493465766593")
)  # 1 / sqrt(2 pi)
_TWICE = DoubleDouble.from_rational(
    Fraction("0.79788456080286535587989211986876373695171726232986931533185")
)  # sqrt(2 / pi)


class GaussianFunctions:
    """Phi, erf and erfc over the exponential of the class they are mixed into."""

    exp: Any
    _powers: Any

    def mills(self, t: DoubleDouble) -> DoubleDouble:
        """M(t) = Phi(-t) / phi(t) for 0 <= t <= 60."""
        value = t.value
        if not (value.min(initial=0.0) >= 0 and value.max(initial=0.0) <= _LIMIT):
            raise Undecided
        cell = (value + 1.0).view(np.int64) >> _CELLS
        first = t.hi - ((cell << _CELLS).view(np.float64) - 1.0)
        step = first + t.lo
        head = truncate26(step)
        tail = (step - head) + ((first - step) + t.lo)
        rows = table("mills")
        index = cell - _ONE
        constant, linear = rows[0].take(index), rows[2].take(index)
        higher = rows[9].take(index)
        for row in rows[8:3:-1]:
            higher = row.take(index) + step * higher
        product = linear * head
        high = constant + product
        low = (product - (high - constant)) + rows[1].take(index)
        low = low + (linear * tail + rows[3].take(index) * step + step * step * higher)
        return DoubleDouble.from_sum(high, low, _ERROR + t.rel_err, t.abs_err, 1)

    def phi(self, x: DoubleDouble) -> DoubleDouble:
        """The normal density e^(-x^2/2) / sqrt(2 pi); ndtr has made it already where it was asked first."""
        if x.cache is None:
            x.cache = self._powers(x.square() / -2, least=_LEAST)[0] * _DENSITY
        result: DoubleDouble = x.cache
        return result

    def ndtr(self, x: DoubleDouble) -> DoubleDouble:
        """Phi(x), the normal distribution function."""
        density = self.phi(x)
        sign = np.copysign(1.0, x.hi)
        right = 0.5 + 0.5 * sign
        tail = (self.mills(abs(x)) * density).times_sign(-sign)
        # To 0 or 1 at most a half is added, so that no digits cancel and the relative error grows no more.
        high = right + tail.hi
        low = ((right - high) + tail.hi) + tail.lo
        return DoubleDouble.from_sum(high, low, tail.rel_err + ERR_OP, tail.abs_err, 1)

    def d_ndtr(self, x: DoubleDouble, y: DoubleDouble) -> DoubleDouble:
        """phi(x)."""
        return self.phi(x)

    def _erfc_of_size(self, x: DoubleDouble) -> DoubleDouble:
        """erfc |x| = sqrt(2/pi) M(sqrt 2 |x|) e^(-x^2)."""
        power = self.exp(-x.square())
        return self.mills(abs(x) * _ROOT_2) * (power * _TWICE)

    def erf(self, x: DoubleDouble) -> DoubleDouble:
        """1 - erfc |x| with the sign of x, near 0 by its series 2/sqrt(pi) (x - x^3/3 + ...)."""
        from actcli.core.arithmetic.piecewise import piecewise

        result: DoubleDouble = piecewise(x, [(np.abs(x.value) < _SERIES, _erf_near_zero), self._erf])
        return result

    def _erf(self, x: DoubleDouble) -> DoubleDouble:
        return (1 - self._erfc_of_size(x)).times_sign(np.copysign(1.0, x.hi))

    def erfc(self, x: DoubleDouble) -> DoubleDouble:
        """1 - erf(x), with full relative accuracy on the right."""
        sign = np.copysign(1.0, x.hi)
        return self._erfc_of_size(x).times_sign(sign) + DoubleDouble.from_float(1.0 - sign)

    def d_erf(self, x: DoubleDouble, y: DoubleDouble) -> DoubleDouble:
        """2 e^(-x^2) / sqrt pi."""
        result: DoubleDouble = self.exp(-x.square()) * _TWO_BY_ROOT_PI
        return result

    def d_erfc(self, x: DoubleDouble, y: DoubleDouble) -> DoubleDouble:
        """-2 e^(-x^2) / sqrt pi."""
        return -self.d_erf(x, y)


def _erf_near_zero(x: DoubleDouble) -> DoubleDouble:
    return x * maclaurin("erf", x.square(), _TWO_BY_ROOT_PI, _TWO_BY_3_ROOT_PI)


_SERIES = 0.25
_TWO_BY_3_ROOT_PI = DoubleDouble.from_rational(
    Fraction("0.37612638903183752463205296770718172293603375288599904572939")
)
_TWO_BY_ROOT_PI = DoubleDouble.from_rational(Fraction("1.12837916709551257389615890312154517168810125865799771368817"))
