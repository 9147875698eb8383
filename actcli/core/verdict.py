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

from actcli.core.arithmetic.exact import OutsideDomain, Undecided
from actcli.core.arithmetic.exact_functions import wide_context
from actcli.core.arithmetic.fast import FastArithmetic
from actcli.core.arithmetic.headtail import Number, Unsure, number
from actcli.core.chunks import Chunks
from actcli.core.comparison import ulp
from actcli.core.engine import Reading, compute
from actcli.formats import FLOATS

if TYPE_CHECKING:
    from actcli.formats import Bools, Floats, Format

__all__ = ["BOUNDS", "Row", "Verdict", "errors"]

BOUNDS = (0.5, 1.0, 2.0, 5.0, 10.0, 100.0, 1000.0)
"""The upper ends of the histogram's bins, each included; beyond them one more, and one for wrong nan and infinities."""

_WORST = 10
_CHUNK = 1 << 14
_BLOCK = 1 << 11
_KNOWN = 2.0**-10
"""How much of a unit the exact value may be off."""

_FAST = FastArithmetic()


@dataclass(frozen=True)
class Row:
    """A result and its error: where it stands, x, y, the correctly rounded result, the error in units."""

    line: int
    x: float
    y: float
    exact: float
    error: float


@dataclass
class Verdict:
    """The tally of somebody's results y at x; both are values of `fmt`.

    rows      how many;  correct  how many are the correctly rounded result
    largest   the largest error, inf for a wrong nan or infinity;  total  the sum of the finite ones
    bins      how many errors lie within each of BOUNDS, beyond, and how many are wrong nan or infinities
    worst     the largest errors, of equals the first
    """

    reading: Reading
    fmt: Format
    rows: int = 0
    correct: int = 0
    largest: float = 0.0
    total: float = 0.0
    bins: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 2))
    worst: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chunks = Chunks(_CHUNK, self._take)

    @property
    def wrong(self) -> int:
        return self.bins[-1]

    @property
    def mean(self) -> float:
        """The mean of the finite errors."""
        return self.total / (self.rows - self.wrong) if self.rows > self.wrong else math.nan

    def add(self, lines: Any, x: Floats, y: Floats) -> None:
        """More rows, with their line numbers."""
        self._chunks.add(lines, x, y)

    def finish(self) -> None:
        """There are no more."""
        self._chunks.finish()

    def _take(self, lines: Any, x: Floats, y: Floats) -> None:
        exact, size = errors(self.reading, x, y, self.fmt)
        finite = np.isfinite(size)
        self.rows += size.size
        self.correct += int(((y == exact) | (np.isnan(y) & np.isnan(exact))).sum())
        self.largest = max(self.largest, float(size.max()))
        self.total += math.fsum(size[finite].tolist())
        places = np.where(finite, np.searchsorted(BOUNDS, size), len(BOUNDS) + 1)
        counts = np.bincount(places, minlength=len(self.bins)).tolist()
        self.bins = [a + b for a, b in zip(self.bins, counts, strict=True)]
        order = np.argsort(-size, kind="stable")[:_WORST]
        rows = zip(*(column[order].tolist() for column in (lines, x, y, exact, size)), strict=True)
        candidates = self.worst + [Row(*row) for row in rows if row[-1] > 0]
        self.worst = sorted(candidates, key=lambda row: -row.error)[:_WORST]


def errors(reading: Reading, x: Floats, y: Floats, fmt: Format) -> tuple[Floats, Floats]:
    """The correctly rounded results at x, and how many of their units y is from the exact ones.

    A y that is nan or infinite where the result is not, or the other way about, is infinitely wrong.
    """
    exact = compute(reading, x, fmt)
    unit = ulp(exact, fmt)
    with np.errstate(all="ignore"):
        size = np.abs((y / unit - exact / unit) - _beyond(reading, x, exact, unit, fmt))
        size = np.minimum(size, np.finfo(np.float64).max)
        same = (y == exact) | (np.isnan(y) & np.isnan(exact))
        outside = ~(np.isfinite(y) & np.isfinite(exact))
    return exact, np.where(outside, np.where(same, 0.0, np.inf), size)


def _beyond(reading: Reading, x: Floats, rounded: Floats, unit: Floats, fmt: Format) -> Floats:
    """How many units the exact results lie beyond the rounded ones: from -1/2 to 1/2."""
    if fmt.name != "float64":
        near = compute(reading, x, FLOATS["float64"])
        return np.where(np.isfinite(near) & np.isfinite(rounded), (near - rounded) / unit, 0.0)
    rest = np.zeros_like(x)
    todo = np.flatnonzero(np.isfinite(rounded) & np.isfinite(x))
    if reading.order and reading.wrt is None:
        for at, slope in reading.bound.kinks:
            there = todo[x[todo] == float(at)] if float(at) == at else todo[:0]
            for i in there.tolist():
                rest[i] = float((slope - Fraction(float(rounded[i]))) / Fraction(float(unit[i])))
            todo = np.setdiff1d(todo, there)
    # The small x apart from the large, so that what underflows does so together.
    todo = todo[np.argsort(np.abs(x[todo]), kind="stable")]
    for start in range(0, todo.size, _BLOCK):
        place = todo[start : start + _BLOCK]
        found, known = _fast(reading, x[place], rounded[place], unit[place])
        for better in (_wide, _each):
            left = np.flatnonzero(~known)
            if left.size:
                few = place[left]
                found[left], known[left] = better(reading, x[few], rounded[few], unit[few])
        rest[place] = found
    return rest


def _fast(reading: Reading, x: Floats, rounded: Floats, unit: Floats) -> tuple[Floats, Bools]:
    try:
        with np.errstate(over="raise", under="raise", invalid="raise", divide="raise"):
            result = number(reading(_FAST, Number.exactly(x)))
            error = result.error()
        with np.errstate(all="ignore"):
            rest = ((result.head - rounded) + result.tail) / unit
            return _within(rest), np.broadcast_to(error < _KNOWN * unit, x.shape).copy()
    except (FloatingPointError, Unsure):
        return np.zeros_like(x), np.zeros(x.shape, dtype=bool)


def _wide(reading: Reading, x: Floats, rounded: Floats, unit: Floats) -> tuple[Floats, Bools]:
    from actcli.core.arithmetic.wide import Wide, power_of_two, wide
    from actcli.core.arithmetic.wide_functions import WideArithmetic

    try:
        with np.errstate(all="ignore"):
            result = wide(reading(WideArithmetic(), Wide.exactly(x))).resolved()
            scale = power_of_two(result.exponent - (np.frexp(unit)[1] - 1))
            rest = (result.high * scale - rounded / unit) + result.low * scale
            open_ = np.maximum(np.abs(result.least), np.abs(result.most)) * scale
            return _within(rest), np.broadcast_to(np.isfinite(rest) & (open_ < _KNOWN), x.shape).copy()
    except Unsure:
        return np.zeros_like(x), np.zeros(x.shape, dtype=bool)


def _each(reading: Reading, x: Floats, rounded: Floats, unit: Floats) -> tuple[Floats, Bools]:
    from actcli.core.decide import enclosed

    rest = []
    with localcontext(wide_context(60)):
        for at, near, size in zip(x.tolist(), rounded.tolist(), unit.tolist(), strict=True):
            try:
                low, high = enclosed(reading, Decimal(at), 40)
                rest.append(float(((low + high) / 2 - Decimal(near)) / Decimal(size)))
            except (Undecided, OutsideDomain):
                rest.append(0.0)
    return _within(np.array(rest)), np.ones(x.shape, dtype=bool)


def _within(rest: Floats) -> Floats:
    """`rest`, which rounding keeps within half a unit on either side of the rounded result."""
    return np.clip(rest, -0.5, 0.5)
