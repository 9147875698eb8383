"""Error-free transformations: sums and products of float64 arrays together with their exact rounding errors."""

from __future__ import annotations

from typing import Any

__all__ = ["split", "two_prod", "two_sum"]

_SPLITTER = 134217729.0  # 2^27 + 1


def two_sum(a: Any, b: Any) -> tuple[Any, Any]:
    """Return fl(a + b) and its exact error, for operands in any order (Knuth's TwoSum, TAOCP 2, 4.2.2)."""
    total = a + b
    other = total - a
    return total, (a - (total - other)) + (b - other)


def split(a: Any) -> tuple[Any, Any]:
    """Return a as the exact sum of two halves of at most 26 bits (Veltkamp, 1968)."""
    c = _SPLITTER * a
    high = c - (c - a)
    return high, a - high


def two_prod(a: Any, b: Any) -> tuple[Any, Any]:
    """Return fl(a * b) and its exact error (Dekker's TwoProd, 1971); exact unless it underflows."""
    product = a * b
    ah, al = split(a)
    bh, bl = split(b)
    return product, ((ah * bh - product) + ah * bl + al * bh) + al * bl
