"""The double-double arithmetic: elementary functions of arrays, accurate to about 70 bits (the fast path).

The functions are in dd_exponential, dd_logarithmic, dd_trigonometric and dd_gaussian. Each raises Undecided for
arguments that could under- or overflow on the way; the caller then uses scaled double-doubles.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from actcli.core.arithmetic.dd_gaussian import GaussianFunctions
from actcli.core.arithmetic.dd_trigonometric import TrigonometricFunctions
from actcli.core.arithmetic.double_double import DoubleDouble, as_double_double
from actcli.core.arithmetic.piecewise import piecewise

if TYPE_CHECKING:
    from actcli.core.arithmetic.protocol import Case, Exact, N

__all__ = ["DOUBLE_DOUBLE", "DoubleDoubleArithmetic"]

_PI = DoubleDouble.from_rational(Fraction("3.14159265358979323846264338327950288419716939937510582097494"))
_E = DoubleDouble.from_rational(Fraction("2.71828182845904523536028747135266249775724709369995957496697"))


class DoubleDoubleArithmetic(GaussianFunctions, TrigonometricFunctions):
    """The arithmetic of formulas over DoubleDouble (see protocol.Arithmetic)."""

    def number(self, value: Exact) -> DoubleDouble:
        """Return an exact constant as a DoubleDouble."""
        return as_double_double(value)

    @property
    def pi(self) -> DoubleDouble:
        """The constant pi."""
        return _PI

    @property
    def e(self) -> DoubleDouble:
        """The constant e."""
        return _E

    def piecewise(self, x: N, *cases: Case[N]) -> N:
        """Return for each element the result of the first case whose condition holds (see the module piecewise)."""
        return piecewise(x, cases)

    def abs(self, x: DoubleDouble) -> DoubleDouble:
        """Return |x|."""
        return abs(x)


DOUBLE_DOUBLE = DoubleDoubleArithmetic()
"""The arithmetic, which has no state."""
