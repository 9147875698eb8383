"""Somebody's results against the truth: errors in units in the last place, counted in constant memory.

The error of y is |y - exact| / u, where u is the unit in the last place of the correctly rounded result. For float64
the exact value is known to a thousandth of that unit or better: from the fast reading's tail, where it underflows from
the wide reading, and where neither is sure from the exact one; for the narrower formats it is the float64 result.
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
"""The upper ends of the histogram's bins, each included; beyond them one more, and one for wrong nan and infinities."""

_WORST_ROWS = 10
_CHUNK = 1 << 14
_BLOCK = 1 << 11
_KNOWN = 2.0**-10
"""How much of a unit the exact value may be off."""

_FAST = DoubleDoubleArithmetic()


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
