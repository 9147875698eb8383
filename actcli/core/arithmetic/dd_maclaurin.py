"""Power series in x^2 near zero, whose first two terms are kept to 78 bits."""

from __future__ import annotations

import numpy as np

from actcli.core.arithmetic.double_double import DoubleDouble
from actcli.core.arithmetic.tables import table

__all__ = ["maclaurin"]


def maclaurin(name: str, square: DoubleDouble, first: DoubleDouble, second: DoubleDouble) -> DoubleDouble:
    """first - second s + s^2 (the table's polynomial in s), for s = x^2 below 1/16."""
    s = square.value
    rest = np.zeros_like(s)
    for coefficient in table(name)[::-1].tolist():
        rest = coefficient + s * rest
    higher = s * s * rest
    return DoubleDouble.from_sum(first.hi, first.lo + higher, 0.0, s * s * 2.0**-54 + 2.0**-78, 1) - square * second
