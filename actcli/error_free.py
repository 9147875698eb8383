"""Error-free transformations: sums and products of float64 arrays together with their exact rounding errors.

Only additions, subtractions and multiplications are used, in a fixed order. Overflow makes the results nan or inf.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["split", "two_prod", "two_sum"]

_SPLITTER = 2.0**27 + 1
"""Veltkamp's constant: splits the 53 bits of a float64 into halves of 26 bits, one of them signed."""


def two_sum(a: Floats, b: Floats | float) -> tuple[Floats, Floats]:
    """Return fl(a + b) and its exact error, for operands in any order (Knuth's TwoSum, TAOCP 2, section 4.2.2)."""
    total = a + b
    other = total - a
    return total, (a - (total - other)) + (b - other)


def split(a: Floats) -> tuple[Floats, Floats]:
    """Return a as the exact sum of two halves of at most 26 bits (Veltkamp 1968)."""
    c = _SPLITTER * a
    high = c - (c - a)
    return high, a - high


def two_prod(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Return fl(a * b) and its exact error, unless that underflows (Dekker's product, doi:10.1007/BF01397083)."""
    product = a * b
    ah, al = split(a)
    bh, bl = split(b)
    return product, ((ah * bh - product) + ah * bl + al * bh) + al * bl
