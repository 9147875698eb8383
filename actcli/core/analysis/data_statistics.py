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

_CHUNK_SIZE = 1 << 15
"""Elements per update. A fixed size makes the sums independent of how the data arrive."""


@dataclass
class DataStatistics:
    """Running statistics of one column of results.

    label             "x" for the data themselves, else the activation
    count, mean       number and mean of the results
    squares           sum of the squared deviations from the mean
    zeros             results that are 0
    zero_derivatives  derivatives that are 0
    saturated         derivatives below SATURATION_DERIVATIVE in size, including zeros
    """

    label: str
    count: int = 0
    mean: float = 0.0
    squares: float = 0.0
    zeros: int = 0
    zero_derivatives: int = 0
    saturated: int = 0

    @property
    def std(self) -> float:
        """The population standard deviation; nan without data."""
        return math.sqrt(self.squares / self.count) if self.count else math.nan

    def add(self, values: Floats, derivatives: Floats | None) -> None:
        """Update the statistics with more results (Chan, Golub and LeVeque, 1979: pairwise updating of variances)."""
        count = values.size
        mean = math.fsum(values.tolist()) / count
        squares = math.fsum(((values - mean) ** 2).tolist())
        delta = mean - self.mean
        total = self.count + count
        self.squares += squares + delta * delta * (self.count * (count / total))
        self.mean += delta * (count / total)
        self.count = total
        self.zeros += int((values == 0).sum())
        if derivatives is not None:
            self.zero_derivatives += int((derivatives == 0).sum())
            self.saturated += int((np.abs(derivatives) < SATURATION_DERIVATIVE).sum())


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
