"""Somebody's results against the truth: errors in units in the last place, counted in constant memory.

The error of y is |y - exact| / u, where u is the unit in the last place of the correctly rounded result. For float64
the exact value is known to a thousandth of that unit or better: from the fast reading's tail, where it underflows from
the wide reading, and where neither is sure from the exact one; for the narrower formats it is the float64 result.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.analysis.comparison import ulp
from actcli.core.analysis.rechunk import Rechunker
from actcli.core.analysis.residuals import residuals
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import Quantity

if TYPE_CHECKING:
    from actcli.number_formats import Floats, Format

__all__ = ["HISTOGRAM_BOUNDS", "AccuracyReport", "WorstRow", "ulp_errors"]

HISTOGRAM_BOUNDS = (0.5, 1.0, 2.0, 5.0, 10.0, 100.0, 1000.0)
"""The upper ends of the histogram's bins, each included; beyond them one more, and one for wrong nan and infinities."""

_WORST_ROWS = 10
_CHUNK = 1 << 14


@dataclass(frozen=True)
class WorstRow:
    """A result and its error: where it stands, x, y, the correctly rounded result, the error in units."""

    line: int
    x: float
    y: float
    exact: float
    error: float


@dataclass
class AccuracyReport:
    """The tally of somebody's results y at x; both are values of `fmt`.

    rows      how many;  correct  how many are the correctly rounded result
    largest   the largest error, inf for a wrong nan or infinity;  total  the sum of the finite ones
    bins      how many errors lie within each of BOUNDS, beyond, and how many are wrong nan or infinities
    worst     the largest errors, of equals the first
    """

    quantity: Quantity
    fmt: Format
    rows: int = 0
    correct: int = 0
    max_ulp: float = 0.0
    total_ulp: float = 0.0
    histogram: list[int] = field(default_factory=lambda: [0] * (len(HISTOGRAM_BOUNDS) + 2))
    worst: list[WorstRow] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chunks = Rechunker(_CHUNK, self._take)

    @property
    def wrong(self) -> int:
        return self.histogram[-1]

    @property
    def mean_ulp(self) -> float:
        """The mean of the finite errors."""
        return self.total_ulp / (self.rows - self.wrong) if self.rows > self.wrong else math.nan

    def add(self, lines: Any, x: Floats, y: Floats) -> None:
        """More rows, with their line numbers."""
        self._chunks.add(lines, x, y)

    def finish(self) -> None:
        """There are no more."""
        self._chunks.finish()

    def _take(self, lines: Any, x: Floats, y: Floats) -> None:
        exact, size = ulp_errors(self.quantity, x, y, self.fmt)
        finite = np.isfinite(size)
        self.rows += size.size
        self.correct += int(((y == exact) | (np.isnan(y) & np.isnan(exact))).sum())
        self.max_ulp = max(self.max_ulp, float(size.max()))
        self.total_ulp += math.fsum(size[finite].tolist())
        places = np.where(finite, np.searchsorted(HISTOGRAM_BOUNDS, size), len(HISTOGRAM_BOUNDS) + 1)
        counts = np.bincount(places, minlength=len(self.histogram)).tolist()
        self.histogram = [a + b for a, b in zip(self.histogram, counts, strict=True)]
        order = np.argsort(-size, kind="stable")[:_WORST_ROWS]
        rows = zip(*(column[order].tolist() for column in (lines, x, y, exact, size)), strict=True)
        candidates = self.worst + [WorstRow(*row) for row in rows if row[-1] > 0]
        self.worst = sorted(candidates, key=lambda row: -row.error)[:_WORST_ROWS]


def ulp_errors(quantity: Quantity, x: Floats, y: Floats, fmt: Format) -> tuple[Floats, Floats]:
    """The correctly rounded results at x, and how many of their units y is from the exact ones.

    A y that is nan or infinite where the result is not, or the other way about, is infinitely wrong.
    """
    exact = evaluate(quantity, x, fmt)
    unit = ulp(exact, fmt)
    with np.errstate(all="ignore"):
        size = np.abs((y / unit - exact / unit) - residuals(quantity, x, exact, unit, fmt))
        size = np.minimum(size, np.finfo(np.float64).max)
        same = (y == exact) | (np.isnan(y) & np.isnan(exact))
        outside = ~(np.isfinite(y) & np.isfinite(exact))
    return exact, np.where(outside, np.where(same, 0.0, np.inf), size)
