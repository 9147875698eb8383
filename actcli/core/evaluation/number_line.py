"""The numbers of a floating-point format in order, and ranges of consecutive ones."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actcli.number_formats import Floats, Format

    Keys = NDArray[np.int64]

__all__ = ["Line", "Ranges", "joined", "neighbours", "next_float"]


class Line:
    """The numbers of a format in ascending order, numbered from 0 at 0: the signed bit patterns."""

    def __init__(self, fmt: Format) -> None:
        self.bits = fmt.precision - 1
        self.fmt = fmt
        self.last = int(self.keys(np.array([fmt.largest]))[0])

    def keys(self, x: Floats) -> Keys:
        """Return the position of each number."""
        pattern = self.fmt.bits(np.abs(x)).astype(np.int64)
        return np.where(x < 0, -pattern, pattern)

    def values(self, keys: Keys) -> Floats:
        """Return the number at each position."""
        pattern = np.abs(keys)
        field, significand = pattern >> self.bits, pattern & ((1 << self.bits) - 1)
        significand = np.where(field > 0, significand | (1 << self.bits), significand).astype(np.float64)
        size = np.ldexp(significand, np.maximum(field - 1, 0) + self.fmt.least_exponent)
        return np.where(keys < 0, -size, size)


class Ranges(NamedTuple):
    """Cells: the positions of their first and last number by size, and their sign."""

    sign: Keys
    first: Keys
    last: Keys

    def take(self, index: Any) -> Ranges:
        """Return the cells that `index` selects."""
        return Ranges(*(field[index] for field in self))


def joined(parts: list[Ranges]) -> Ranges:
    return Ranges(*(np.concatenate(fields) for fields in zip(*parts, strict=True)))


def neighbours(x: Floats) -> tuple[Floats, Floats]:
    """Return the float64 next to each x towards -inf and towards inf, which is infinite next to the largest."""
    return next_float(x, -math.inf), next_float(x, math.inf)


def next_float(x: Floats, towards: float) -> Floats:
    """Return the float64 next to each x, without the warning that the infinity next to the largest would cause."""
    with np.errstate(over="ignore"):
        found: Floats = np.nextafter(x, towards)
    return found
