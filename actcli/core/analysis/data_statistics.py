"""Statistics of data and of activations applied to them: mean, standard deviation, zeros, vanishing derivatives.

They are updated chunk by chunk, in constant memory.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.analysis.rechunk import Rechunker
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import Quantity

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Floats, Format

__all__ = ["SATURATION_DERIVATIVE", "DataStatistics", "StatisticsCollector"]

SATURATION_DERIVATIVE = 0.01
"""An activation is saturated where |f'| is below this."""

_MAX_EXPONENT = 400
"""Sums of squares of numbers up to this power of two, and down to its reciprocal, are formed without scaling."""

_CHUNK_SIZE = 1 << 15
"""Elements per update. A fixed size makes the sums independent of how the data arrive."""


@dataclass
class DataStatistics:
    """Running statistics of one column of results.

    label             "x" for the data themselves, else the activation
    count             number of the results
    exponent          of two: the sums are of results divided by this power, so that squares keep within float64
    scaled_mean       mean of the results divided by it
    scaled_squares    sum of their squared deviations from that mean
    zeros             results that are 0
    zero_derivatives  derivatives that are 0
    saturated         derivatives below SATURATION_DERIVATIVE in size, including zeros
    """

    label: str
    count: int = 0
    exponent: int = 0
    scaled_mean: float = 0.0
    scaled_squares: float = 0.0
    zeros: int = 0
    zero_derivatives: int = 0
    saturated: int = 0

    @property
    def mean(self) -> float:
        """The mean; 0 without data."""
        return _times_power(self.scaled_mean, self.exponent)

    @property
    def std(self) -> float:
        """The population standard deviation; nan without data."""
        if not self.count:
            return math.nan
        return _times_power(math.sqrt(self.scaled_squares / self.count), self.exponent)

    def add(self, values: Floats, derivatives: Floats | None) -> None:
        """Update the statistics with more results (Chan, Golub and LeVeque, 1979: pairwise updating of variances)."""
        self._rescale(float(np.abs(values).max()))
        scaled = np.ldexp(values, -self.exponent)
        count = values.size
        mean = _sum(scaled) / count
        squares = _sum((scaled - mean) ** 2)
        delta = mean - self.scaled_mean
        total = self.count + count
        self.scaled_squares += squares + delta * delta * (self.count * (count / total))
        self.scaled_mean += delta * (count / total)
        self.count = total
        self.zeros += int((values == 0).sum())
        if derivatives is not None:
            self.zero_derivatives += int((derivatives == 0).sum())
            self.saturated += int((np.abs(derivatives) < SATURATION_DERIVATIVE).sum())

    def _rescale(self, largest: float) -> None:
        """Choose the exponent for results up to `largest` in size, and convert the sums to it."""
        exponent = math.frexp(largest)[1]
        exponent = exponent if abs(exponent) > _MAX_EXPONENT else 0
        if self.scaled_mean or self.scaled_squares:
            exponent = max(exponent, self.exponent)
        self.scaled_mean = _times_power(self.scaled_mean, self.exponent - exponent)
        self.scaled_squares = _times_power(self.scaled_squares, 2 * (self.exponent - exponent))
        self.exponent = exponent


def _times_power(value: float, exponent: int) -> float:
    """Return value * 2**exponent, infinite if it overflows."""
    return float(np.ldexp(value, exponent))


def _sum(values: Floats) -> float:
    """Return the sum, rounded once; infinite or nan with such values, where fsum may raise an error."""
    return math.fsum(values.tolist()) if np.isfinite(values).all() else float(values.sum())


class StatisticsCollector:
    """Collects statistics of data and of several activations applied to them.

    data        statistics of the finite data
    each        statistics of each activation's results, in order
    low, high   the smallest and the largest finite element
    non_finite  the number of nan and infinities, which are ignored otherwise
    """

    def __init__(self, bounds: Sequence[BoundActivation], fmt: Format) -> None:
        self.data = DataStatistics("x")
        self.each = [DataStatistics(bound.label) for bound in bounds]
        self.low, self.high = math.inf, -math.inf
        self.non_finite = 0
        self._quantities = [(Quantity(bound), Quantity(bound, 1)) for bound in bounds]
        self._fmt = fmt
        self._chunks = Rechunker(_CHUNK_SIZE, self._update)

    def add(self, x: Floats) -> None:
        """Add more data, which must be values of the format."""
        finite = x[np.isfinite(x)]
        self.non_finite += x.size - finite.size
        self._chunks.add(finite)

    def finish(self) -> None:
        """Process the last, incomplete chunk."""
        self._chunks.finish()

    def _update(self, x: Floats) -> None:
        self.low, self.high = min(self.low, float(x.min())), max(self.high, float(x.max()))
        with np.errstate(all="ignore"):
            self.data.add(x, None)
            for statistics, (value, derivative) in zip(self.each, self._quantities, strict=True):
                statistics.add(evaluate(value, x, self._fmt), evaluate(derivative, x, self._fmt))
