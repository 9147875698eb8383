"""The support of sparsemax at a long vector, found by bisection with exact sums.

The k largest elements are in the support if (x_1 - x_k) + ... + (x_k - x_k) < 1, in descending order (Martins and
Astudillo, "From Softmax to Sparsemax", 2016, proposition 1). The left-hand side grows with k.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from actcli.number_formats import Floats

__all__ = ["SparsemaxSupport", "sparsemax_support"]


class SparsemaxSupport(NamedTuple):
    """The least element of the support, the number of its elements, and their exact sum."""

    least: float
    size: int
    total: Fraction


def sparsemax_support(x: Floats) -> SparsemaxSupport:
    """Return the support of sparsemax at a vector of finite numbers."""
    # Elements 1 or more below the largest are outside. Rounding may keep one of them, which the exact sums reject.
    descending = -np.sort(-x[x >= x.max() - 1])
    inside, outside = 1, descending.size + 1
    while outside - inside > 1:
        middle = (inside + outside) // 2
        if _exact_sum(descending[:middle]) - middle * Fraction(float(descending[middle - 1])) < 1:
            inside = middle
        else:
            outside = middle
    return SparsemaxSupport(float(descending[inside - 1]), inside, _exact_sum(descending[:inside]))


def _exact_sum(x: Floats) -> Fraction:
    """Return the exact sum: significands as integers, added for each exponent in two halves that cannot overflow."""
    fraction, exponents = np.frexp(x)
    significands = (fraction * 2.0**53).astype(np.int64)
    total = Fraction(0)
    for exponent in np.unique(exponents):
        chosen = significands[exponents == exponent]
        units = (int((chosen >> 26).sum()) << 26) + int((chosen & (2**26 - 1)).sum())
        total += units * Fraction(2) ** (int(exponent) - 53)
    return total
