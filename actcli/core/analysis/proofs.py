"""Proofs about a function on the whole line: where it rises and falls, where its zeros are, and how steep it is.

The line is divided into cells until in each of them f' has one sign, or f'' has one sign and hence f' at most one zero.
The zeros of f are then those between cell ends of opposite signs. sup |f'| is found by branch and bound: a cell is done
when |f'| cannot exceed the largest value found so far.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.enclosures import Cells, Enclosures, divide, point_cells
from actcli.core.evaluation.intervals import JUMP, Intervals
from actcli.core.evaluation.number_line import next_float
from actcli.core.evaluation.quantity import Quantity, derivative_quantity
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.core.analysis.maxima import Location
    from actcli.number_formats import Bools, Floats

__all__ = ["Course", "Steepness", "course_of", "has_extrema", "has_zeros", "largest_derivative"]

_FLOAT64 = FLOATS["float64"]
_MAX_CELLS = 8_000
"""Cells that are evaluated at most before a proof is given up."""
_MAX_ROUNDS = 60
_ALL_SECOND_DERIVATIVES = 2000
"""Up to so many cells f'' is enclosed too, from the second round on."""
_LEAST_TORN_WIDTH = 2.0**-30
"""Width, relative to |x| and at least to 1, of a cell with a possible jump that is not divided further."""
_CELLS_PER_ROUND = 48
"""Cells that branch and bound divides at once."""
_MAX_ULPS = 16
"""Width in ulps of an undecided group of cells around a kink or a flat extremum: what it hides is one float64."""
_NEGLIGIBLE = 1e-30
"""Share of the size of f at usual x. A cell in which f changes by less, because all results underflow, is not divided
further: a turn inside would not be visible."""
_USUAL_X = 2.0**10
_TOLERANCE = 1e-12
"""A cell is done when |f'| exceeds the largest value found by less, relative to it."""

RISING, FALLING, FLAT, TURN, UNDEFINED, NEGLIGIBLE, UNDECIDED = 1, -1, 0, 2, 3, 4, 5
"""Kinds of cells: the sign of f', one zero of f' inside, f undefined, negligible change of f, undecided."""


class Course(NamedTuple):
    """The cells in ascending order, with what is proven of each.

    kind      RISING, FALLING, FLAT, TURN, UNDEFINED, NEGLIGIBLE or UNDECIDED
    nonzero   where f has no zero
    before    the sign of f' at the lower end of a TURN
    flags     JUMP where a branch may jump
    gaps      the points at which f is undefined
    """

    cells: Cells
    kind: Floats
    nonzero: Bools
    before: Floats
    flags: Floats
    gaps: Sequence[float]

    @property
    def is_decided(self) -> bool:
        """Whether each undecided group of cells is only a few float64 wide, and does not jump."""
        return all(_is_narrow(low, high) and not flags & JUMP for low, high, flags in self.groups())

    def groups(self) -> list[tuple[float, float, int]]:
        """Return the groups of adjacent undecided cells: lower end, upper end, flags."""
        found: list[tuple[float, float, int]] = []
        for i in np.flatnonzero(self.kind == UNDECIDED).tolist():
            low, high, flags = float(self.cells.lo[i]), float(self.cells.hi[i]), int(self.flags[i])
            if found and found[-1][1] == low:
                found[-1] = (found[-1][0], high, found[-1][2] | flags)
            else:
                found.append((low, high, flags))
        return found

    def turns(self) -> list[tuple[float, float, int]]:
        """Return (low, high, sign of f' before) for each interval in which f' changes its sign.

        Across a plateau or a gap of the domain there is no such change.
        """
        found, sign, end = [], 0, -math.inf
        for i, kind in enumerate(self.kind.tolist()):
            low, high = float(self.cells.lo[i]), float(self.cells.hi[i])
            if kind in (UNDECIDED, NEGLIGIBLE):
                continue
            if any(end <= gap <= low for gap in self.gaps):
                sign = 0
            first = int(self.before[i]) if kind == TURN else kind if kind in (RISING, FALLING) else 0
            if first and sign == -first:
                found.append((end, low, sign))
            if kind == TURN:
                found.append((low, high, first))
                first = -first
            sign, end = first, high
        return found


def course_of(enclosures: Enclosures, ends: Floats) -> Course:
    """Return what is proven of f between the given ends of cells."""
    cells = enclosures.cells(ends)
    done: list[tuple[Cells, Floats, Bools, Floats, Floats]] = []
    evaluated = 0
    usual = np.abs(cells.middle) <= _USUAL_X
    sizes = enclosures.value(point_cells(cells.middle[usual])).magnitude
    negligible = _NEGLIGIBLE * float(sizes[np.isfinite(sizes)].max(initial=0.0))
    for turn in range(_MAX_ROUNDS):
        evaluated += cells.size
        with_second = turn > 0 and cells.size <= _ALL_SECOND_DERIVATIVES
        kind, nonzero, before, flags = _judge(enclosures, cells, with_second, negligible)
        rest = kind == UNDECIDED
        done.append((cells.take(~rest), kind[~rest], nonzero[~rest], before[~rest], flags[~rest]))
        narrow = rest & (cells.hi - cells.lo <= 4 * _spacing(cells))
        if turn == _MAX_ROUNDS - 1 or evaluated > _MAX_CELLS:
            narrow = rest
        done.append((cells.take(narrow), kind[narrow], nonzero[narrow], before[narrow], flags[narrow]))
        rest &= ~narrow
        if not rest.any():
            break
        cells = divide(cells.take(rest))
    order = np.argsort(np.concatenate([part[0].lo for part in done]), kind="stable")
    joined = Cells(*(np.concatenate(fields)[order] for fields in zip(*(part[0] for part in done), strict=True)))
    fields = [np.concatenate([part[k] for part in done])[order] for k in range(1, 5)]
    kind, nonzero, before, flags = fields
    return Course(joined, kind, nonzero, before, flags, enclosures.gaps)


def _judge(
    enclosures: Enclosures, cells: Cells, with_second: bool, negligible: float
) -> tuple[Floats, Bools, Floats, Floats]:
    """Return the kind of each cell, where f is not 0, the sign of f' at the start of a TURN, and the flags."""
    value, derivative = enclosures.value(cells), enclosures.derivative(cells)
    flags = value.flags | derivative.flags
    continuous = enclosures.is_continuous(cells, flags)
    derivative = derivative.intersection(Intervals(np.where(value.is_empty, np.nan, -math.inf), math.inf, True, True))
    bent = np.zeros(cells.size, dtype=bool)
    if with_second:
        second = enclosures.second_derivative(cells)
        smooth = continuous & enclosures.is_smooth(cells, flags | second.flags)
        derivative = _sharpened(enclosures.derivative, cells, derivative, second, smooth)
        low, _, high = second.signs()
        bent = smooth & (low != high) & ((second.lo > 0) | (second.hi < 0) | _is_strict(second))
    value = _sharpened(enclosures.value, cells, value, derivative, continuous)
    falling, _, rising = derivative.signs()
    _, has_zero, _ = value.signs()
    strict = _is_strict(derivative)
    empty = value.is_empty
    nonzero = ~has_zero
    vanishes = (value.lo == 0) & (value.hi == 0)
    known = continuous & ~derivative.is_empty & ~(falling & rising) & (nonzero | strict | vanishes)
    kind = np.where(known, rising * 1 - falling * 1, UNDECIDED)
    before = np.zeros(cells.size, dtype=int)
    bent &= ~known & nonzero & continuous
    if bent.any():
        index = np.flatnonzero(bent)
        first, last = (_sign_inside(enclosures, cells.take(index), at_start) for at_start in (True, False))
        kind[index] = np.where(first * last < 0, TURN, np.where(first * last > 0, first, UNDECIDED))
        kind[index] = np.where(
            (first == 0) & (last != 0), last, np.where((last == 0) & (first != 0), first, kind[index])
        )
        before[index] = first
    with np.errstate(all="ignore"):
        change = derivative.magnitude * np.maximum(np.abs(cells.lo), np.abs(cells.hi))
    kind = np.where((kind == UNDECIDED) & continuous & nonzero & (change <= negligible), NEGLIGIBLE, kind)
    return np.where(empty, UNDEFINED, kind), nonzero | empty, before, flags


def _is_strict(x: Intervals) -> Bools:
    """Return where the values have one strict sign."""
    negative, zero, positive = x.signs()
    return ~zero & (negative != positive)


def _sharpened(
    f: Callable[[Cells], Intervals], cells: Cells, value: Intervals, derivative: Intervals, valid: Bools
) -> Intervals:
    """Return enclosures of f intersected with those of the mean value form, where `valid`."""
    with np.errstate(all="ignore"):
        useful = valid & np.isfinite(derivative.magnitude) & np.isfinite(cells.hi - cells.lo)
        if not useful.any():
            return value
        middle = cells.middle
        point = f(point_cells(middle))
        distance = cells.intervals() - Intervals(middle, middle, np.bool_(False), np.bool_(False), 0)
        form = point + derivative * distance
        useful &= ~form.is_empty & ~value.is_empty
        lo, hi = np.where(useful, form.lo, -math.inf), np.where(useful, form.hi, math.inf)
        lo_open, hi_open = np.where(useful, form.lo_open, True), np.where(useful, form.hi_open, True)
        return value.intersection(Intervals(lo, hi, lo_open, hi_open, 0))


def _sign_inside(enclosures: Enclosures, cells: Cells, at_start: bool) -> Floats:
    """Return the sign of f' at one end of each cell; just inside at an open end, where f' may be chosen."""
    ends, is_open = (cells.lo, cells.lo_open) if at_start else (cells.hi, cells.hi_open)
    inside = np.where(is_open, next_float(ends, math.inf if at_start else -math.inf), ends)
    return np.nan_to_num(np.sign(evaluate(derivative_quantity(enclosures.bound), inside, _FLOAT64))).astype(int)


def _is_narrow(low: float, high: float) -> bool:
    return high - low <= _MAX_ULPS * math.ulp(max(abs(low), abs(high)))


# --- what is listed, against what is proven --------------------------------------------------------------------------


def has_extrema(course: Course, listed: Sequence[float], jumps: Sequence[float]) -> bool:
    """Return whether the listed x are exactly the extrema: one in each interval in which f' changes its sign."""
    if not course.is_decided:
        return False
    turns = [(low, high) for low, high, _ in course.turns() if not any(low <= at <= high for at in jumps)]
    return _match(turns, listed)


def has_zeros(
    course: Course, enclosures: Enclosures, listed: Sequence[Location], is_zero: Callable[[float], bool]
) -> bool:
    """Return whether the listed locations are exactly the zeros of f."""
    if not course.is_decided:
        return False
    cells, kind = course.cells, course.kind
    candidates = ~course.nonzero & ((kind == RISING) | (kind == FALLING) | (kind == UNDECIDED))
    index = np.flatnonzero(candidates)
    quantity = Quantity(enclosures.bound)
    jumps = [float(at) for at in enclosures.jumps]
    ends = []
    for fields, is_open, side in ((cells.lo, cells.lo_open, math.inf), (cells.hi, cells.hi_open, -math.inf)):
        x = fields[index]
        x = np.where(is_open[index] & np.isin(x, [*jumps, *course.gaps]), next_float(x, side), x)
        ends.append(x)
    signs = [np.sign(evaluate(quantity, x, _FLOAT64)) for x in ends]
    brackets: list[tuple[float, float]] = [
        (float(cells.lo[i]), float(cells.hi[i])) for i in np.flatnonzero((kind == FLAT) & ~course.nonzero).tolist()
    ]
    flats = _merged(brackets)
    brackets = []
    for i, low, high, first, last in zip(index.tolist(), *(end.tolist() for end in ends), *signs, strict=True):
        if math.isnan(first) or math.isnan(last):
            return False
        if kind[i] == UNDECIDED and first * last > 0:
            return False
        if first * last < 0:
            brackets.append((low, high))
        for end, sign in ((low, first), (high, last)):
            if sign == 0 and not is_zero(end):
                # The value has underflowed, and its sign is unknown.
                return False
            if sign == 0:
                brackets.append((end, end))
    # A cell that is open at a kink or at 0 does not include it.
    brackets += [(at, at) for at in enclosures.open_at.tolist() if cells.lo[0] <= at <= cells.hi[-1] and is_zero(at)]
    points = [at for at in listed if isinstance(at, float)]
    if not all(_is_located(quantity, at) or is_zero(at) for at in points):
        return False
    stretches = [at for at in listed if isinstance(at, tuple)]
    separate = [
        bracket for bracket in _merged(brackets) if not any(a <= bracket[0] and bracket[1] <= b for a, b in flats)
    ]
    low, high = float(cells.lo[0]), float(cells.hi[-1])
    flats = [(-math.inf if a == low else a, math.inf if b == high else b) for a, b in flats]
    stretches = [(-math.inf if a <= low else a, math.inf if b >= high else b) for a, b in stretches]
    return (
        _match(separate, points)
        and len(flats) == len(stretches)
        and all(_is_close(a[0], b[0]) and _is_close(a[1], b[1]) for a, b in zip(flats, sorted(stretches), strict=True))
    )


def _is_located(quantity: Quantity, at: float) -> bool:
    """Return whether f has opposite signs at the neighbours of a zero: the search may stop where f underflows."""
    neighbours = np.array([math.nextafter(at, -math.inf), math.nextafter(at, math.inf)])
    first, last = np.sign(evaluate(quantity, neighbours, _FLOAT64)).tolist()
    return bool(first * last < 0)


def _merged(brackets: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the brackets in ascending order, touching ones joined."""
    found: list[tuple[float, float]] = []
    for low, high in sorted(brackets):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return found


def _match(brackets: Sequence[tuple[float, float]], listed: Sequence[float]) -> bool:
    """Return whether the listed points lie in the brackets, one in each; up to a few ulps."""
    return len(brackets) == len(listed) and all(
        low - _MAX_ULPS * math.ulp(low) <= at <= high + _MAX_ULPS * math.ulp(high)
        for (low, high), at in zip(sorted(brackets), sorted(listed), strict=True)
    )


def _is_close(a: float, b: float) -> bool:
    return a == b or (math.isfinite(a) and math.isfinite(b) and abs(a - b) <= _MAX_ULPS * math.ulp(a))


# --- the largest |f'| ------------------------------------------------------------------------------------------------


class Steepness(NamedTuple):
    """The largest |f'|, enclosed.

    least, greatest  bounds of sup |f'|; greatest is inf if no bound was found
    peak             the cell in which the largest value was found; None if that is a limit
    """

    least: float
    greatest: float
    peak: tuple[float, float] | None


def largest_derivative(
    enclosures: Any, ends: Floats, limits: Sequence[float], max_cells: int = _MAX_CELLS
) -> Steepness:
    """Return bounds of sup |f'| between the ends; `limits` are those of f' at the infinities."""
    least = max((abs(limit) for limit in limits if math.isfinite(limit)), default=0.0)
    peak: tuple[float, float] | None = None
    fresh, pool, bounds = enclosures.cells(ends), None, np.empty(0)
    evaluated, given_up = 0, 0.0
    while fresh.size:
        evaluated += max(fresh.size, _CELLS_PER_ROUND)
        size, floor, torn = _sizes(enclosures, fresh, pool is not None)
        best = int(np.argmax(floor))
        if floor[best] > least:
            least, peak = float(floor[best]), (float(fresh.lo[best]), float(fresh.hi[best]))
        pool = fresh if pool is None else Cells(*(np.concatenate(pair) for pair in zip(pool, fresh, strict=True)))
        bounds = np.concatenate([bounds, size])
        rest = bounds > least * (1 + _TOLERANCE)
        width = pool.hi - pool.lo
        narrow = rest & (width <= 2 * _spacing(pool))
        if torn:
            narrow |= np.isinf(bounds) & (width <= _LEAST_TORN_WIDTH * np.maximum(1.0, np.abs(pool.hi)))
        if evaluated > max_cells:
            narrow = rest
        given_up = max(given_up, float(bounds[narrow].max(initial=0.0)))
        if math.isinf(given_up):
            break
        rest &= ~narrow
        pool, bounds = pool.take(rest), bounds[rest]
        # The most promising cells come first: they raise `least`, which decides many others.
        chosen = np.argsort(-bounds, kind="stable")[:_CELLS_PER_ROUND]
        fresh = divide(pool.take(chosen))
        others = np.ones(pool.size, dtype=bool)
        others[chosen] = False
        pool, bounds = pool.take(others), bounds[others]
    return Steepness(least, max(given_up, least * (1 + _TOLERANCE)), peak)


def _sizes(enclosures: Any, cells: Cells, with_second: bool) -> tuple[Floats, Floats, bool]:
    """Return an upper bound of |f'| in each cell, a value that |f'| reaches there, and whether f may jump in some.

    Where f may jump, the bound is inf.
    """
    derivative = enclosures.derivative(cells)
    continuous = enclosures.is_continuous(cells, derivative.flags)
    size = derivative.magnitude
    if with_second:
        second = enclosures.second_derivative(cells)
        smooth = continuous & enclosures.is_smooth(cells, derivative.flags | second.flags)
        size = _sharpened(enclosures.derivative, cells, derivative, second, smooth).magnitude
        # Where f'' has one sign, f' is monotone, and largest next to an end.
        falling, _, rising = second.signs()
        monotone = smooth & (falling != rising)
        if monotone.any():
            part = cells.take(monotone)
            at_ends = np.zeros(part.size)
            for ends, is_open, inwards in ((part.lo, part.lo_open, math.inf), (part.hi, part.hi_open, -math.inf)):
                inside = np.where(is_open, next_float(ends, inwards), ends)
                at = enclosures.derivative(point_cells(inside))
                with np.errstate(all="ignore"):
                    step = np.abs(inside - ends) * second.take(monotone).magnitude
                at_ends = np.maximum(at_ends, next_float(at.magnitude + np.where(step > 0, step, 0.0), math.inf))
            size[monotone] = np.fmin(size[monotone], at_ends)
    at = enclosures.derivative(point_cells(cells.middle))
    floor = np.nan_to_num(np.maximum(at.lo, -at.hi), nan=0.0, posinf=0.0, neginf=0.0)
    bound = np.where(derivative.is_empty, 0.0, np.where(continuous, size, math.inf))
    return bound, floor, not continuous.all()


def _spacing(cells: Cells) -> Floats:
    """Return the distance of neighbouring float64 at the cells' ends of larger magnitude."""
    size = np.maximum(np.abs(cells.lo), np.abs(cells.hi))
    return np.spacing(size)
