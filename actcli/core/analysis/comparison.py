"""Comparison of two activations over a range: largest difference, root mean square, and difference in ulps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.analysis.maxima import Maximizer, ascending, exact_value, within
from actcli.core.analysis.search import zoom
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import Quantity
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.core.analysis.maxima import Location
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Floats, Format

__all__ = ["Difference", "difference", "ulp"]

_FLOAT64 = FLOATS["float64"]
_ZOOM_STEPS = 6
_ZOOM_INTERVALS = 256
"""The largest ulp difference is refined this often, each time between the neighbours of the best x so far. Six steps
shrink the distance of samples by 128**6 = 2**42."""


@dataclass(frozen=True)
class Difference:
    """The difference of two activations, or of their derivatives, over a range.

    order    0 for the values, 1 for the derivatives
    max_abs  the largest |difference|, correctly rounded
    at       all points and intervals of x that attain it; empty if it is 0
    rms      the root mean square over the range
    max_ulp  the largest |difference| in ulps of the first activation's result in the number format
    ulp_at   an x that attains it; None if it is 0
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
    """Compare `other` with `first` over [low, high]. Points where either is nan are ignored."""
    pair = AbsoluteDifference(Quantity(other, order), Quantity(first, order), low, high)
    max_abs, at = pair.maximum()
    max_ulp, ulp_at = pair.largest_ulp(fmt)
    return Difference(order, max_abs, at, pair.rms(), max_ulp, ulp_at)


def ulp(values: Floats, fmt: Format) -> Floats:
    """Return the unit in the last place of each of `values`, numbers of `fmt`; nan for infinities and nan."""
    with np.errstate(all="ignore"):
        exponent = np.frexp(values)[1] - fmt.precision
        exponent = np.where(values == 0, fmt.least_exponent, np.maximum(exponent, fmt.least_exponent))
        return np.where(np.isfinite(values), np.ldexp(1.0, exponent), np.nan)


class AbsoluteDifference(Maximizer):
    """The absolute difference |other - first| of two quantities over a range."""

    def __init__(self, other: Quantity, first: Quantity, low: float, high: float) -> None:
        self.other, self.first = other, first
        super().__init__([other.bound, first.bound], low, high)

    def at(self, x: Floats) -> Floats:
        """Return |other - first| at each x; 0 where either is nan or both are the same infinity."""
        a, b = (evaluate(quantity, x, _FLOAT64) for quantity in (self.other, self.first))
        with np.errstate(all="ignore"):
            return np.where(a == b, 0.0, np.nan_to_num(np.abs(a - b), nan=0.0, posinf=math.inf))

    def exact_at(self, x: Fraction) -> Decimal:
        """Return |other - first| at x; 0 where either is undefined or undecided."""
        values = [exact_value(quantity, x) for quantity in (self.other, self.first)]
        return abs(values[0] - values[1]) if None not in values else Decimal(0)  # type: ignore[operator]

    def rms(self) -> float:
        """Return the root mean square, by the five-point Gauss-Legendre rule between neighbouring samples."""
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
            # Dividing by the range and by the largest value first avoids overflow.
            parts = (half / (self.high / 2 - self.low / 2))[:, None] * (y / scale) ** 2 * _WEIGHTS
        return scale * math.sqrt(math.fsum(parts.ravel().tolist()) / 2)

    def largest_ulp(self, fmt: Format) -> tuple[float, float | None]:
        """Return the largest |difference| in ulps of `first`, and an x of the format that attains it.

        Formats of at most 16 bits are searched completely, the others by sampling and zooming.
        """
        if fmt.has_all:
            every = fmt.every()
            x = np.sort(every[(every >= self.low) & (every <= self.high)]) + 0.0
        else:
            x = ascending(within(fmt.round(self.x), self.low, self.high))
        if not x.size:
            return 0.0, None

        def between_neighbours(x: Floats, best: float, _: int) -> Floats:
            i = int(np.searchsorted(x, best))
            low, high = x[max(i - 1, 0)], x[min(i + 1, x.size - 1)]
            return ascending(within(fmt.round(np.linspace(low, high, _ZOOM_INTERVALS + 1)), low, high))

        steps = 0 if fmt.has_all else _ZOOM_STEPS
        largest, at = zoom(lambda points: self._in_ulps(points, fmt), between_neighbours, x, steps)
        return largest, at if largest > 0 else None

    def _in_ulps(self, x: Floats, fmt: Format) -> Floats:
        """Return the difference at each x in ulps of `first`; 0 where that is undefined."""
        unit = ulp(evaluate(self.first, x, fmt), fmt)
        with np.errstate(all="ignore"):
            return np.nan_to_num(self.at(x) / unit, nan=0.0, posinf=math.inf)


def _gauss_legendre() -> tuple[Floats, Floats]:
    """Return nodes and weights of the five-point Gauss-Legendre rule on [-1, 1], in closed form."""
    root = 2 * math.sqrt(10 / 7)
    inner, outer = math.sqrt(5 - root) / 3, math.sqrt(5 + root) / 3
    inner_weight, outer_weight = (322 + 13 * math.sqrt(70)) / 900, (322 - 13 * math.sqrt(70)) / 900
    return np.array([-outer, -inner, 0.0, inner, outer]), np.array(
        [outer_weight, inner_weight, 128 / 225, inner_weight, outer_weight]
    )


_NODES, _WEIGHTS = _gauss_legendre()
