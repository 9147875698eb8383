"""What activations do to data: mean, spread, zeros, slopes that are zero or next to it; in constant memory."""

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

__all__ = ["SATURATION_SLOPE", "DataStatistics", "StatisticsCollector"]

SATURATION_SLOPE = 0.01
"""A slope smaller than this in size counts as saturated."""

_CHUNK_SIZE = 1 << 15


@dataclass
class DataStatistics:
    """What became of the data: their number, mean and standard deviation, and how many are what.

    zeros  results that are 0;  dead  slopes that are 0;  saturated  slopes below FLAT in size, 0 included
    """

    label: str
    count: int = 0
    mean: float = 0.0
    squares: float = 0.0
    zeros: int = 0
    zero_slopes: int = 0
    saturated: int = 0

    @property
    def std(self) -> float:
        return math.sqrt(self.squares / self.count) if self.count else math.nan

    def add(self, values: Floats, slopes: Floats | None) -> None:
        """Count in more results (Chan, Golub and LeVeque, 1979)."""
        count = values.size
        mean = math.fsum(values.tolist()) / count
        squares = math.fsum(((values - mean) ** 2).tolist())
        away = mean - self.mean
        total = self.count + count
        self.squares += squares + away * away * (self.count * (count / total))
        self.mean += away * (count / total)
        self.count = total
        self.zeros += int((values == 0).sum())
        if slopes is not None:
            self.zero_slopes += int((slopes == 0).sum())
            self.saturated += int((np.abs(slopes) < SATURATION_SLOPE).sum())


class StatisticsCollector:
    """The data themselves and what each activation makes of them.

    low, high  the least and the largest of the data;  left_out  how many were nan or infinite
    """

    def __init__(self, bounds: Sequence[BoundActivation], fmt: Format) -> None:
        self.data = DataStatistics("x")
        self.each = [DataStatistics(bound.label) for bound in bounds]
        self.low, self.high = math.inf, -math.inf
        self.non_finite = 0
        self._readings = [(Quantity(bound), Quantity(bound, 1)) for bound in bounds]
        self._fmt = fmt
        self._chunks = Rechunker(_CHUNK_SIZE, self._take)

    def add(self, x: Floats) -> None:
        """More of the data, values of the format."""
        known = x[np.isfinite(x)]
        self.non_finite += x.size - known.size
        self._chunks.add(known)

    def finish(self) -> None:
        """There are no more."""
        self._chunks.finish()

    def _take(self, x: Floats) -> None:
        self.low, self.high = min(self.low, float(x.min())), max(self.high, float(x.max()))
        with np.errstate(all="ignore"):
            self.data.add(x, None)
            for profile, (values, slopes) in zip(self.each, self._readings, strict=True):
                profile.add(evaluate(values, x, self._fmt), evaluate(slopes, x, self._fmt))
