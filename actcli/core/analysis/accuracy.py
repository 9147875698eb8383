"""Accuracy of given results y at x: their errors in ulps, tallied in constant memory.

The error of y is |y - exact| / u, where u is the unit in the last place of the correctly rounded result. For float64
the exact value is known to 2**-10 u or better: from the low part of the double-double result (fast path), else from
the scaled double-double (accurate path), else from balls. For narrower formats the float64 result serves as exact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.analysis.comparison import ulp
from actcli.core.analysis.rechunk import Rechunker
from actcli.core.arithmetic.dd_functions import DoubleDoubleArithmetic
from actcli.core.arithmetic.double_double import DoubleDouble, as_double_double
from actcli.core.arithmetic.fixed_point import decimal_context
from actcli.core.arithmetic.signals import OutsideDomain, Undecided
from actcli.core.evaluation.elementwise import Quantity, evaluate
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.number_formats import Bools, Floats, Format

__all__ = ["HISTOGRAM_BOUNDS", "AccuracyReport", "WorstRow", "ulp_errors"]

HISTOGRAM_BOUNDS = (0.5, 1.0, 2.0, 5.0, 10.0, 100.0, 1000.0)
"""Upper bounds of the histogram's bins in ulps, inclusive.

Two more bins follow: larger finite errors, and infinite errors (a wrong nan or infinity).
"""

_WORST_ROWS = 10
"""The number of worst rows that are reported."""
_CHUNK = 1 << 14
"""Rows per update of the tally. A fixed size makes the sums independent of how the rows arrive."""
_BLOCK = 1 << 11
"""Elements evaluated at once: an underflow escalates a whole block."""
_KNOWN = 2.0**-10
"""The largest error of the exact value, in ulps of the result."""

_FAST = DoubleDoubleArithmetic()


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

    rows       number of results
    correct    number of correctly rounded results
    max_ulp    the largest error in ulps; inf for a wrong nan or infinity
    total_ulp  sum of the finite errors
    histogram  number of errors per bin (see HISTOGRAM_BOUNDS)
    worst      the rows with the largest errors, in descending order; the first come first among equals
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
        self._chunks = Rechunker(_CHUNK, self._tally)

    @property
    def wrong(self) -> int:
        """The number of wrong nan and infinities."""
        return self.histogram[-1]

    @property
    def mean_ulp(self) -> float:
        """The mean of the finite errors in ulps; nan if there are none."""
        return self.total_ulp / (self.rows - self.wrong) if self.rows > self.wrong else math.nan

    def add(self, lines: Any, x: Floats, y: Floats) -> None:
        """Add rows with their line numbers."""
        self._chunks.add(lines, x, y)

    def finish(self) -> None:
        """Tally the last, incomplete chunk."""
        self._chunks.finish()

    def _tally(self, lines: Any, x: Floats, y: Floats) -> None:
        exact, size = ulp_errors(self.quantity, x, y, self.fmt)
        finite = np.isfinite(size)
        self.rows += size.size
        self.correct += int(((y == exact) | (np.isnan(y) & np.isnan(exact))).sum())
        self.max_ulp = max(self.max_ulp, float(size.max()))
        self.total_ulp += math.fsum(size[finite].tolist())
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
        size = np.abs((y / unit - exact / unit) - _beyond(quantity, x, exact, unit, fmt))
        size = np.minimum(size, np.finfo(np.float64).max)
        same = (y == exact) | (np.isnan(y) & np.isnan(exact))
        outside = ~(np.isfinite(y) & np.isfinite(exact))
    return exact, np.where(outside, np.where(same, 0.0, np.inf), size)


def _beyond(quantity: Quantity, x: Floats, rounded: Floats, unit: Floats, fmt: Format) -> Floats:
    """How many units the exact results lie beyond the rounded ones: from -1/2 to 1/2."""
    if fmt.name != "float64":
        near = evaluate(quantity, x, FLOATS["float64"])
        return np.where(np.isfinite(near) & np.isfinite(rounded), (near - rounded) / unit, 0.0)
    rest = np.zeros_like(x)
    todo = np.flatnonzero(np.isfinite(rounded) & np.isfinite(x))
    if quantity.order and quantity.wrt is None:
        for at, slope in quantity.bound.kinks:
            there = todo[x[todo] == float(at)] if float(at) == at else todo[:0]
            for i in there.tolist():
                rest[i] = float((slope - Fraction(float(rounded[i]))) / Fraction(float(unit[i])))
            todo = np.setdiff1d(todo, there)
    # The small x apart from the large, so that what underflows does so together.
    todo = todo[np.argsort(np.abs(x[todo]), kind="stable")]
    for start in range(0, todo.size, _BLOCK):
        place = todo[start : start + _BLOCK]
        found, known = _double_double_errors(quantity, x[place], rounded[place], unit[place])
        for better in (_scaled_errors, _ball_errors):
            left = np.flatnonzero(~known)
            if left.size:
                few = place[left]
                found[left], known[left] = better(quantity, x[few], rounded[few], unit[few])
        rest[place] = found
    return rest


def _double_double_errors(quantity: Quantity, x: Floats, rounded: Floats, unit: Floats) -> tuple[Floats, Bools]:
    try:
        with np.errstate(over="raise", under="raise", invalid="raise", divide="raise"):
            result = as_double_double(quantity(_FAST, DoubleDouble.from_float(x)))
            error = result.error_bound()
        with np.errstate(all="ignore"):
            rest = ((result.hi - rounded) + result.lo) / unit
            return _within(rest), np.broadcast_to(error < _KNOWN * unit, x.shape).copy()
    except (FloatingPointError, Undecided):
        return np.zeros_like(x), np.zeros(x.shape, dtype=bool)


def _scaled_errors(quantity: Quantity, x: Floats, rounded: Floats, unit: Floats) -> tuple[Floats, Bools]:
    from actcli.core.arithmetic.scaled_dd import ScaledDD, as_scaled_dd, power_of_two
    from actcli.core.arithmetic.scaled_dd_functions import ScaledDDArithmetic

    try:
        with np.errstate(all="ignore"):
            result = as_scaled_dd(quantity(ScaledDDArithmetic(), ScaledDD.from_float(x))).divide_out()
            scale = power_of_two(result.exponent - (np.frexp(unit)[1] - 1))
            rest = (result.hi * scale - rounded / unit) + result.lo * scale
            open_ = np.maximum(np.abs(result.rem_lo), np.abs(result.rem_hi)) * scale
            return _within(rest), np.broadcast_to(np.isfinite(rest) & (open_ < _KNOWN), x.shape).copy()
    except Undecided:
        return np.zeros_like(x), np.zeros(x.shape, dtype=bool)


def _ball_errors(quantity: Quantity, x: Floats, rounded: Floats, unit: Floats) -> tuple[Floats, Bools]:
    from actcli.core.evaluation.arbitrary_precision import enclose

    rest = []
    with localcontext(decimal_context(60)):
        for at, near, size in zip(x.tolist(), rounded.tolist(), unit.tolist(), strict=True):
            try:
                low, high = enclose(quantity, Decimal(at), 40)
                rest.append(float(((low + high) / 2 - Decimal(near)) / Decimal(size)))
            except (Undecided, OutsideDomain):
                rest.append(0.0)
    return _within(np.array(rest)), np.ones(x.shape, dtype=bool)


def _within(rest: Floats) -> Floats:
    """`rest`, which rounding keeps within half a unit on either side of the rounded result."""
    return np.clip(rest, -0.5, 0.5)
