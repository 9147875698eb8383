"""Maclaurin series in x^2 of double-doubles, whose first two coefficients have 78 bits and the others 53."""

from __future__ import annotations

import numpy as np

from actcli.core.arithmetic.double_double import ERR_CONSTANT, DoubleDouble
from actcli.core.arithmetic.tables import table

__all__ = ["SERIES_LIMIT", "maclaurin"]

SERIES_LIMIT = 0.25
"""The series are used for |x| below this, where s = x^2 < 1/16."""

ERR_HIGHER = 1.04 * 2.0**-54
"""Bound on the error of the terms from s^2 on, relative to s^2, for s < 1/16.

function    sum of the terms / s^2    truncation / s^2    total, in units of 2^-54
logcosh     at most 2^-5.5            2^-60.1             0.29
tanhshrink  at most 2^-4.3            2^-58.5             0.64
erf         at most 2^-3.2            2^-57.8             1.28

The largest total is below 1.25 * 1.04 = 1.30, where 1.25 is the factor of DoubleDouble.error_bound. It adds half ulps
for the roundings of s (which counts twice), s^2, the leading coefficient, the polynomial's last sum, its product with
s^2, and the sum with the first coefficient. The truncation counts at s = 1/16 alone, where the roundings are smaller.
`test_functions_keep_their_bounds` compares the bound with mpmath."""


def maclaurin(name: str, square: DoubleDouble, first: DoubleDouble, second: DoubleDouble) -> DoubleDouble:
    """Return first - second s + s^2 p(s), where s = x^2 < 1/16 and the table called `name` has p's coefficients."""
    s = square.value
    polynomial = np.zeros_like(s)
    for coefficient in table(name)[::-1].tolist():
        polynomial = coefficient + s * polynomial
    higher = s * s * polynomial
    # ERR_CONSTANT is for `first`, which is at most 1.13, correct to 2^-79, and rounded once more to 2^-79.
    abs_err = s * s * ERR_HIGHER + ERR_CONSTANT
    return DoubleDouble.from_sum(first.hi, first.lo + higher, 0.0, abs_err, 1) - square * second
