"""Enclosures of f, f' and f'' over cells of the real line, and the subdivision of cells until a question is decided.

A cell is an interval of x between two float64. Its ends are kinks, 0, or arbitrary points. At a kink and at 0 a cell is
open: a formula then knows on which side of them it is. f and f' are enclosed in interval arithmetic, and better by the
mean value form f(c) + f'(X)(X - c) where they are continuous.

Source: R. Moore, R. B. Kearfott and M. J. Cloud, "Introduction to Interval Analysis", 2009 (mean value form, branch and
bound).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from actcli.core.arithmetic.dual import Dual, DualArithmetic
from actcli.core.arithmetic.signals import ExponentOverflow, OutsideDomain, Undecided
from actcli.core.evaluation.interval_functions import IntervalArithmetic
from actcli.core.evaluation.intervals import JUMP, Intervals, core_of
from actcli.core.evaluation.number_line import neighbours
from actcli.core.evaluation.one_sided import Sides
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Bools, Floats

__all__ = ["Cells", "Enclosures", "cells_between", "divide", "first_ends", "line_end", "point_cells"]

_MAX = float(np.finfo(np.float64).max)
_PARTS = 4
"""Parts into which an undecided cell is divided: fewer rounds of larger arrays."""
_WIDE_RATIO = 4.0
"""Ratio of a cell's ends beyond which it is divided geometrically."""
_STEP_FROM_ZERO = 2.0**-16
"""A cell with an end at 0 is divided at this share of the other end."""

_LINE_END, _FAR_LINE_END = 2.0**250, 2.0**1000
"""Ends of the line. Beyond 2^250 an enclosure of x^4 e^-x would underflow in e^-x and overflow in x^4; beyond 2^1000
even that of a product with x. The limits at the infinities are known."""
_LEAST_SCALE = Fraction(1, 2**125)
"""Numbers in a formula from 2^-125 to 2^125 let f happen on scales well inside 2^250."""
_NUMBER = r"\d+(?:\.\d*)?(?:e[+-]?\d+)?"
_MAX_NUMBERS = 30
_MAX_EXPONENT_CHARACTERS = 6


class Cells(NamedTuple):
    """Cells of the real line in ascending order; an open end does not belong to its cell."""

    lo: Floats
    hi: Floats
    lo_open: Bools
    hi_open: Bools

    @property
    def size(self) -> int:
        """The number of cells."""
        return self.lo.size

    @property
    def middle(self) -> Floats:
        """A point inside each cell."""
        return self.lo / 2 + self.hi / 2

    def take(self, index: Any) -> Cells:
        """Return the cells that `index` selects."""
        return Cells(*(field[index] for field in self))

    def intervals(self) -> Intervals:
        """Return the cells as intervals."""
        return Intervals(*self, np.zeros(self.size, dtype=int))


class Enclosures:
    """Enclosures of an activation and its derivatives over cells.

    kinks    the listed kinks, as exact numbers
    jumps    those at which f jumps, or may jump
    gaps     points at which f is undefined, as float64
    open_at  the float64 at which cells are open: kinks, 0 and numbers of the formula, unless f may jump there unlisted
    """

    def __init__(self, bound: BoundActivation) -> None:
        self.bound = bound
        self._m = IntervalArithmetic()
        self.kinks = bound.kink_points
        self.jumps = [at for at in self.kinks if _jumps_at(bound, at) is True]
        listed = {_nearest(at) for at in self.kinks if _nearest(at) == at}
        others = {sign * at for at in _numbers_of(bound) for sign in (-1.0, 1.0) if _nearest(at) == at} - listed
        behaviour = {at: _jumps_at(bound, Fraction(at)) for at in map(float, others)}
        self.gaps = sorted(at for at, jumps in behaviour.items() if jumps is None)
        smooth = {at for at, jumps in behaviour.items() if jumps is not True}
        self.open_at = np.array(sorted(listed | smooth)) + 0.0
        entry = bound.activation
        self._has_only_listed_kinks = not (entry.is_expression or entry.has_unlisted_kinks)

    def cells(self, points: Floats) -> Cells:
        """Return the cells between the points, the kinks among them included."""
        return cells_between(points, self.open_at)

    def may_open(self, at: float) -> bool:
        """Return whether a cell may be open at a point: f is known not to jump there."""
        return at in self.open_at or _jumps_at(self.bound, Fraction(at)) is not True

    def value(self, cells: Cells) -> Intervals:
        """Return enclosures of f by its formula."""
        return self._enclose(lambda x: self.bound.function.value(self._m, x), cells)

    def derivative(self, cells: Cells) -> Intervals:
        """Return enclosures of f' by its formula, without the values chosen at kinks."""
        return self._enclose(lambda x: self.bound.function.derivative(self._m, x, 0), cells)

    def second_derivative(self, cells: Cells) -> Intervals:
        """Return enclosures of f'' by its formula."""

        def second(x: Intervals) -> Any:
            result = self.bound.function.derivative(DualArithmetic(self._m), Dual(x, 1), 0)
            return result.derivative if isinstance(result, Dual) else 0

        return self._enclose(second, cells)

    def order(self, order: int, cells: Cells) -> Intervals:
        """Return enclosures of f (order 0) or of a derivative up to the third.

        Of a catalogue entry jets are tighter than nested dual numbers.
        """
        function = self.bound.function
        if order < 2:
            return self.derivative(cells) if order else self.value(cells)
        if not self.bound.activation.is_expression:
            return self._enclose(lambda x: function.derivative(self._m, x, 0, order), cells)
        if order == 2:
            return self.second_derivative(cells)

        def third(x: Intervals) -> Any:
            twice = DualArithmetic(DualArithmetic(self._m))
            result: Any = function.derivative(twice, Dual(Dual(x, 1), 1), 0)
            for _ in range(2):
                result = result.derivative if isinstance(result, Dual) else 0
            return result

        return self._enclose(third, cells)

    def is_continuous(self, cells: Cells, flags: Any) -> Bools:
        """Return where f is continuous inside the cell: no listed jump, and no branch that may jump."""
        has_jump = _contain(cells, self.jumps)
        return ~has_jump if self._has_only_listed_kinks else ~has_jump & ((flags & JUMP) == 0)

    def is_smooth(self, cells: Cells, flags: Any) -> Bools:
        """Return where f' is continuous inside the cell."""
        has_kink = _contain(cells, self.kinks)
        return ~has_kink if self._has_only_listed_kinks else ~has_kink & (flags == 0)

    def _enclose(self, f: Callable[[Intervals], Any], cells: Cells) -> Intervals:
        """Return f over the cells; the whole line where the formula cannot be evaluated."""
        unknown = Intervals(-math.inf, math.inf, True, True, JUMP)
        try:
            with np.errstate(all="ignore"):
                found = core_of(f(cells.intervals())) if cells.size else unknown
        except (OutsideDomain, Undecided, ExponentOverflow, FloatingPointError):
            found = unknown
        fields = found.lo, found.hi, found.lo_open, found.hi_open, found.flags
        lo, hi, lo_open, hi_open, flags = (np.broadcast_to(field, (cells.size,)) for field in fields)
        return Intervals(lo, hi, lo_open, hi_open, flags)


def cells_between(points: Floats, open_at: Floats) -> Cells:
    """Return the cells between the points, open at some of them."""
    ends = np.unique(points)
    is_open = np.isin(ends, open_at)
    return Cells(ends[:-1], ends[1:], is_open[:-1], is_open[1:])


def point_cells(x: Floats) -> Cells:
    """Return cells of one point each."""
    closed = np.zeros(x.size, dtype=bool)
    return Cells(x, x, closed, closed)


def line_end(bound: BoundActivation) -> float:
    """Return how far from 0 facts are proven: 2^250, or 2^1000 if a number in the formula is that large or small."""
    is_usual = all(not size or _LEAST_SCALE <= size <= 1 / _LEAST_SCALE for size in _numbers_of(bound))
    return _LINE_END if is_usual else _FAR_LINE_END


def _numbers_of(bound: BoundActivation) -> set[Fraction]:
    """Return 0 and the sizes of the numbers in the formula, and of the parameters; of an absurd exponent its size."""
    words = re.findall(_NUMBER, bound.formulas[0].lower())
    numbers = [Fraction(word) if len(word.partition("e")[2]) < _MAX_EXPONENT_CHARACTERS else Fraction(10) ** 400
               for word in words]  # fmt: skip
    numbers += [abs(value) for value in bound.values.values() if isinstance(value, Fraction)]
    return {Fraction(0), *numbers[:_MAX_NUMBERS]}


def first_ends(enclosures: Any, low: float, high: float) -> Floats:
    """Return the ends of the first cells from low to high: powers of two, 0, and the kinks with their neighbours."""
    exponents = np.concatenate([np.arange(-1072, -24, 32), np.arange(-24, 33), np.arange(48, 1000, 32)])
    powers = np.ldexp(1.0, exponents)
    kinks = np.array([_nearest(at) for at in enclosures.kinks], dtype=np.float64)
    around = [kinks, *neighbours(kinks), enclosures.open_at]
    ends = np.concatenate([-powers, powers, [0.0, low, high], *around])
    return np.unique(ends[(ends >= low) & (ends <= high)] + 0.0)


def divide(cells: Cells) -> Cells:
    """Return the cells divided into parts, as evenly as their ends allow: by size, or by magnitude if wide."""
    lo, hi = cells.lo, cells.hi
    ends = [lo, *(_inner_point(lo, hi, k / _PARTS) for k in range(1, _PARTS)), hi]
    parts = []
    for k in range(_PARTS):
        start, stop = ends[k], ends[k + 1]
        is_first, is_last = start == lo, stop == hi
        parts.append(Cells(start, stop, cells.lo_open & is_first, cells.hi_open & is_last))
    joined = Cells(*(np.stack(fields, axis=1).ravel() for fields in zip(*parts, strict=True)))
    return joined.take(joined.lo < joined.hi)


def _inner_point(lo: Floats, hi: Floats, share: float) -> Floats:
    """Return a point between the ends at this share of the way, of their distance or of their ratio."""
    with np.errstate(all="ignore"):
        point = lo * (1 - share) + hi * share
        for near, far, part in ((lo, hi, share), (-hi, -lo, 1 - share)):
            sign = 1 if near is lo else -1
            is_wide = (near > 0) & (far > near * _WIDE_RATIO)
            middle = np.exp2(np.log2(near) * (1 - part) + np.log2(far) * part)
            point = np.where(is_wide, sign * np.clip(middle, near, far), point)
            steps = (1 - part) * (_PARTS - 1) if part else 0
            point = np.where((near == 0) & (far > 0), sign * far * _STEP_FROM_ZERO**steps, point)
        return np.clip(point, lo, hi)


def _jumps_at(bound: BoundActivation, at: Fraction) -> bool | None:
    """Return whether f jumps at a point, or may jump; None if it is undefined there."""
    try:
        return Sides.of(bound.evaluate_exact, at).is_jump
    except (OutsideDomain, ZeroDivisionError):
        return None
    except (Undecided, ExponentOverflow):
        return True


def _nearest(at: Fraction) -> float:
    """Return the float64 nearest to an exact number, the largest one beyond them."""
    return max(-_MAX, min(_MAX, FLOATS["float64"].nearest(at)))


def _contain(cells: Cells, points: Iterable[Fraction]) -> Bools:
    """Return which cells have one of the points inside; a float64 point at an end is not inside."""
    found = np.zeros(cells.size, dtype=bool)
    for at in points:
        near = _nearest(at)
        if near == at:
            found |= (cells.lo < near) & (near < cells.hi)
        else:
            found |= (cells.lo <= near) & (near <= cells.hi)
    return found
