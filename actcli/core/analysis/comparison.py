"""Two activations against each other: the largest difference and where, its root mean square, and its size in ulp."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.analysis.maxima import Maximizer, ascending, exact_value, within
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import Quantity
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.core.analysis.maxima import Location
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Floats, Format

__all__ = ["Difference", "difference", "ulp"]

_EXACT = FLOATS["float64"]
_ZOOMS = 6


@dataclass(frozen=True)
class Difference:
    """How far one reading is from another over a range.

    order    0 for the values, 1 for the derivatives
    max_abs  the largest |difference|, rounded once; at: every x that attains it, or stretches of x (none if it is 0)
    rms      the root of the mean square over the range
    max_ulp  the largest |difference| in units in the last place of the first, of its number format; ulp_at: an x there
    """

    order: int
    max_abs: float
    at: tuple[Location, ...]
    rms: float
    max_ulp: float
    ulp_at: float | None


def difference(
    other: BoundActivation, first: BoundActivation, order: int, low: float, high: float, fmt: Format
) -> Difference:
    """`other` against `first` from `low` to `high`; nan where either is nan does not count."""
    pair = _Pair(Quantity(other, order), Quantity(first, order), low, high)
    size, places = pair.maximum()
    ulps, at = pair.largest_ulp(fmt)
    return Difference(order, size, places, pair.rms(), ulps, at)


def ulp(values: Floats, fmt: Format) -> Floats:
    """The unit in the last place of each of `values`, numbers of fmt; nan of what is not finite."""
    with np.errstate(all="ignore"):
        exponent = np.frexp(values)[1] - fmt.precision
        exponent = np.where(values == 0, fmt.least_exponent, np.maximum(exponent, fmt.least_exponent))
        return np.where(np.isfinite(values), np.ldexp(1.0, exponent), np.nan)


class _Pair(Maximizer):
    """How far two readings are from each other over a range."""

    def __init__(self, other: Quantity, first: Quantity, low: float, high: float) -> None:
        self.other, self.first = other, first
        super().__init__([other.bound, first.bound], low, high)

    def at(self, x: Floats) -> Floats:
        """|other - first| at each x; 0 where either is nan, and where both are the same infinity."""
        a, b = (evaluate(quantity, x, _EXACT) for quantity in (self.other, self.first))
        with np.errstate(all="ignore"):
            return np.where(a == b, 0.0, np.nan_to_num(np.abs(a - b), nan=0.0, posinf=math.inf))

    def exact_at(self, x: Fraction) -> Decimal:
        """|other - first| at x."""
        values = [exact_value(quantity, x) for quantity in (self.other, self.first)]
        return abs(values[0] - values[1]) if None not in values else Decimal(0)  # type: ignore[operator]

    def rms(self) -> float:
        """The root mean square, by Gauss's rule with five points between neighbours of the search."""
        if self.low == self.high:
            return float(self.y[0])
        left, right = self.x[:-1], self.x[1:]
        half, middle = (right - left) / 2, left + (right - left) / 2
        x = middle[:, None] + half[:, None] * _NODES
        y = self.at(np.clip(x, left[:, None], right[:, None]).ravel()).reshape(x.shape)
        scale = float(y.max())
        if scale == 0 or math.isinf(scale):
            return scale
        with np.errstate(all="ignore"):
            # The share of the range before the square, so that neither leaves the floats' range.
            parts = (half / (self.high / 2 - self.low / 2))[:, None] * (y / scale) ** 2 * _WEIGHTS
        return scale * math.sqrt(math.fsum(parts.ravel().tolist()) / 2)

    def largest_ulp(self, fmt: Format) -> tuple[float, float | None]:
        """The largest |difference| in units in the last place of the first, and an x of the format there."""
        if fmt.has_all:
            every = fmt.every()
            x = np.sort(every[(every >= self.low) & (every <= self.high)]) + 0.0
        else:
            x = ascending(within(fmt.round(self.x), self.low, self.high))
        if not x.size:
            return 0.0, None
        size, at = self._in_ulp(x, fmt)
        for _ in range(0 if fmt.has_all else _ZOOMS):
            i = int(np.searchsorted(x, at))
            low, high = x[max(i - 1, 0)], x[min(i + 1, x.size - 1)]
            x = ascending(within(fmt.round(np.linspace(low, high, 257)), low, high))
            better, place = self._in_ulp(x, fmt)
            if better > size:
                size, at = better, place
        return size, at if size > 0 else None

    def _in_ulp(self, x: Floats, fmt: Format) -> tuple[float, float]:
        unit = ulp(evaluate(self.first, x, fmt), fmt)
        with np.errstate(all="ignore"):
            sizes = np.nan_to_num(self.at(x) / unit, nan=0.0, posinf=math.inf)
        i = int(np.argmax(sizes))
        return float(sizes[i]), float(x[i])


def _gauss() -> tuple[Any, Any]:
    """The nodes and weights of Gauss's rule with five points on -1 to 1, in closed form."""
    root = 2 * math.sqrt(10 / 7)
    inner, outer = math.sqrt(5 - root) / 3, math.sqrt(5 + root) / 3
    more, less = (322 + 13 * math.sqrt(70)) / 900, (322 - 13 * math.sqrt(70)) / 900
    return np.array([-outer, -inner, 0.0, inner, outer]), np.array([less, more, 128 / 225, more, less])


_NODES, _WEIGHTS = _gauss()
