"""Accuracy of given results y at x: their errors in ulps, tallied in constant memory.

The error of y is |y - exact| / u, where u is the unit in the last place of the correctly rounded result. For float64
the exact value is known to 2**-10 u or better: from the low part of the double-double result (fast path), else from
the scaled double-double (accurate path), else from balls. For narrower formats the float64 result serves as exact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.analysis.comparison import ulp
from actcli.core.analysis.narrow_results import NarrowResults
from actcli.core.analysis.rechunk import Rechunker
from actcli.core.analysis.residuals import residuals
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import Quantity

if TYPE_CHECKING:
    from actcli.number_formats import Floats, Format

__all__ = ["HISTOGRAM_BOUNDS", "AccuracyReport", "WorstRow", "ulp_errors"]

HISTOGRAM_BOUNDS = (0.5, 1.0, 2.0, 5.0, 10.0, 100.0, 1000.0)
"""Upper bounds of the histogram's bins in ulps, inclusive.

Two more bins follow: larger finite errors, and infinite errors (a wrong nan or infinity).
"""

_WORST_ROWS = 10
"""The number of worst rows that are reported."""
_SCALE = 2.0**-64
"""A power of two, so exact: the sum of the largest errors would overflow."""
_CHUNK = 1 << 14
"""Rows per update of the tally. A fixed size makes the sums independent of how the rows arrive."""


@dataclass(frozen=True)
class WorstRow:
    """One row and its error: line number, x, the given y, the correctly rounded result, the error in ulps."""

    line: int
    x: float
    y: float
    exact: float
    error: float


@dataclass
class AccuracyReport:
    """The tally of given results y at x; both are values of `fmt`.

    rows          number of results
    correct       number of correctly rounded results
    max_ulp       the largest error in ulps; inf for a wrong nan or infinity
    scaled_total  sum of the finite errors times _SCALE
    histogram     number of errors per bin (see HISTOGRAM_BOUNDS)
    worst         the rows with the largest errors, in descending order; the first come first among equals
    narrow        whether the results are numbers of a narrower format
    """

    quantity: Quantity
    fmt: Format
    rows: int = 0
    correct: int = 0
    max_ulp: float = 0.0
    scaled_total: float = 0.0
    histogram: list[int] = field(default_factory=lambda: [0] * (len(HISTOGRAM_BOUNDS) + 2))
    worst: list[WorstRow] = field(default_factory=list)
    narrow: NarrowResults = field(default_factory=NarrowResults)

    def __post_init__(self) -> None:
        self._chunks = Rechunker(_CHUNK, self._tally)

    @property
    def wrong(self) -> int:
        """The number of wrong nan and infinities."""
        return self.histogram[-1]

    @property
    def mean_ulp(self) -> float:
        """The mean of the finite errors in ulps; nan if there are none."""
        return self.scaled_total / (self.rows - self.wrong) / _SCALE if self.rows > self.wrong else math.nan

    def add(self, lines: Any, x: Floats, y: Floats) -> None:
        """Add rows with their line numbers."""
        self._chunks.add(lines, x, y)

    def finish(self) -> None:
        """Tally the last, incomplete chunk."""
        self._chunks.finish()

    def _tally(self, lines: Any, x: Floats, y: Floats) -> None:
        exact, size = ulp_errors(self.quantity, x, y, self.fmt)
        finite = np.isfinite(size)
        if self.fmt.name == "float64":
            self.narrow.add(y, exact)
        self.rows += size.size
        self.correct += int(((y == exact) | (np.isnan(y) & np.isnan(exact))).sum())
        self.max_ulp = max(self.max_ulp, float(size.max()))
        self.scaled_total += math.fsum((size[finite] * _SCALE).tolist())
        bins = np.where(finite, np.searchsorted(HISTOGRAM_BOUNDS, size), len(HISTOGRAM_BOUNDS) + 1)
        counts = np.bincount(bins, minlength=len(self.histogram)).tolist()
        self.histogram = [a + b for a, b in zip(self.histogram, counts, strict=True)]
        order = np.argsort(-size, kind="stable")[:_WORST_ROWS]
        rows = zip(*(column[order].tolist() for column in (lines, x, y, exact, size)), strict=True)
        candidates = self.worst + [WorstRow(*row) for row in rows if row[-1] > 0]
        self.worst = sorted(candidates, key=lambda row: -row.error)[:_WORST_ROWS]


def ulp_errors(quantity: Quantity, x: Floats, y: Floats, fmt: Format) -> tuple[Floats, Floats]:
    """Return the correctly rounded results at x, and the errors of y in ulps of these.

    x, y     float64 arrays of values of `fmt`, of one shape (n,)
    returns  (results, errors); an error is inf if just one of y and the result is finite, or if both are not and differ
    """
    exact = evaluate(quantity, x, fmt)
    unit = ulp(exact, fmt)
    with np.errstate(all="ignore"):
        size = np.abs((y / unit - exact / unit) - residuals(quantity, x, exact, unit, fmt))
        size = np.minimum(size, np.finfo(np.float64).max)
        same = (y == exact) | (np.isnan(y) & np.isnan(exact))
        outside = ~(np.isfinite(y) & np.isfinite(exact))
    return exact, np.where(outside, np.where(same, 0.0, np.inf), size)
