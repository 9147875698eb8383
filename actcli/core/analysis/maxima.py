"""The highest peaks of a function over a range, to the last digit of a float64.

The range is searched densely: evenly, in steps that grow by a constant factor around 0 and around each kink, and just
beside the kinks. Every peak that may be the highest is then followed with the exact reading, by Newton's method on a
parabola through three points so close that what they leave out is beyond float64.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.analysis.breakpoints import breakpoints
from actcli.core.arithmetic.fixed_point import decimal_context
from actcli.core.arithmetic.signals import OutsideDomain, Undecided
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import Quantity
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Bools, Floats

__all__ = ["AbsoluteValue", "Location", "Maximizer", "ascending", "exact_value", "search_points", "within"]

Location = float | tuple[float, float]
"""An x, or all from one x to another."""

_EVEN_POINTS = 4096
_POINTS_PER_OCTAVE = 16
_OCTAVES = 40
_MAX_PEAKS = 64
"""The most peaks that are followed."""

_PEAK_TOLERANCE = 1e-3
"""How far below the highest, of its size, a peak of the search may lie and still turn out to be as high."""

_DIGITS = 80
_PARABOLA_STEP = Decimal("1e-20")
_EQUAL_PEAK_TOLERANCE = Decimal("1e-36")
"""Parts of the x-range and of the difference: how close the three points lie, and what counts as equally high."""

_PLATEAU_PROBES = 16
"""How many points of a run are read exactly to tell a level from a peak that float64 cannot tell from one."""

_MAX_CONSECUTIVE_INTEGER = 2**53
"""Beyond this neighbouring x are more than 1 apart, and a sine of one takes as many digits as it has."""

_PLATEAU_WIDTH = 2.0**-48


class Maximizer(ABC):
    """A function that is nowhere negative over a range, and the points at which it is looked at."""

    def __init__(self, bounds: Sequence[BoundActivation], low: float, high: float) -> None:
        self.low, self.high = low, high
        self.kinks = breakpoints(bounds, low, high)
        self.x = search_points(low, high, self.kinks)
        self.y = self.at(self.x)

    @abstractmethod
    def at(self, x: Floats) -> Floats:
        """The function at each x, as a float64 has it."""

    @abstractmethod
    def exact_at(self, x: Fraction) -> Decimal:
        """The function at x, to many more digits than float64 has."""

    def maximum(self) -> tuple[float, tuple[Location, ...]]:
        """The largest value, and where it is attained."""
        top = float(self.y.max())
        if top == 0 or math.isinf(top):
            return top, () if top == 0 else tuple(self.x[self.y == top][:1].tolist())
        with localcontext(decimal_context(_DIGITS + 20)):
            found = [self._refine(*run) for run in self._candidate_runs(top)]
            best = max(size for size, _ in found)
            places = [place for size, place in found if best - size <= best * _EQUAL_PEAK_TOLERANCE]
        return float(best), _merged(places)

    def _candidate_runs(self, top: float) -> list[tuple[int, int]]:
        """The peaks of the search that may be the highest, the highest first: runs of points of one height."""
        y = self.y
        starts = np.flatnonzero(np.concatenate([[True], y[1:] != y[:-1]]))
        ends = np.append(starts[1:], y.size) - 1
        before = np.concatenate([[-math.inf], y[starts[1:] - 1]])
        after = np.concatenate([y[ends[:-1] + 1], [-math.inf]])
        high = (y[starts] >= before) & (y[starts] >= after) & (y[starts] >= top * (1 - _PEAK_TOLERANCE))
        runs = sorted(zip(starts[high].tolist(), ends[high].tolist(), strict=True), key=lambda run: -y[run[0]])
        return runs[:_MAX_PEAKS]

    def _refine(self, start: int, end: int) -> tuple[Decimal, Location]:
        """The height and the place of the peak that the search saw at its points `start` to `end`."""
        x = self.x
        looked = {start + (end - start) * i // _PLATEAU_PROBES for i in range(_PLATEAU_PROBES + 1)}
        looked |= {int(i) + k for i in np.searchsorted(x, self.kinks) for k in (-1, 0, 1) if start <= i + k <= end}
        sizes = {i: self._evaluate(Fraction(float(x[i]))) for i in sorted(looked)}
        size = max(sizes.values())
        same = [i for i, height in sizes.items() if size - height <= size * _EQUAL_PEAK_TOLERANCE]
        low, high = float(x[same[0]]), float(x[same[-1]])
        if len(same) > 2 and high - low > _PLATEAU_WIDTH * max(abs(low), abs(high), self.high - self.low):
            before, after = float(x[max(start - 1, 0)]), float(x[min(end + 1, x.size - 1)])
            others = [before, *(float(x[i]) for i in sizes if i not in same), after]
            return size, (
                self._plateau_edge(size, low, max(other for other in others if other <= low)),
                self._plateau_edge(size, high, min(other for other in others if other >= high)),
            )
        kink = next((kink for kink in self.kinks if low <= kink <= high), None)
        if kink is None and start > 0 and end < x.size - 1:
            # A smooth peak has its top between the neighbours; at a kink or an end there is none to look for.
            left, right = float(x[start - 1]), float(x[end + 1])
            if not any(left <= kink <= right for kink in self.kinks):
                top = self._refine_smooth(left, float(x[same[0]]), right)
                if top is not None and top[0] >= size:
                    return top
        return size, low if kink is None else kink

    def _plateau_edge(self, size: Decimal, level: float, other: float) -> float:
        """How far from `level` towards `other` the function has this size."""

        def is_level(x: float) -> bool:
            return size - self._evaluate(Fraction(x)) <= size * _EQUAL_PEAK_TOLERANCE

        if is_level(other):
            return other
        for kink in (0.0, *self.kinks):
            # A level ends at a kink, or just beside it if the kink's own slope is another.
            if min(level, other) <= kink <= max(level, other):
                beside = math.nextafter(kink, level)
                if is_level(kink):
                    level = kink
                elif is_level(beside):
                    return beside
                else:
                    other = kink
        for _ in range(60):
            middle = level + (other - level) / 2
            level, other = (middle, other) if is_level(middle) else (level, middle)
        return level

    def _refine_smooth(self, *bracket: float) -> tuple[Decimal, float] | None:
        """The top of a smooth peak, from the middle one of three x; None if it does not show between the outer two."""
        left, x, right = map(Decimal, bracket)
        step = max((right - left) * _PARABOLA_STEP, abs(x) * _PARABOLA_STEP)
        for _ in range(60):
            below, here, above = (self._evaluate(Fraction(place)) for place in (x - step, x, x + step))
            slope, bend = (above - below) / 2, above - 2 * here + below
            if bend >= 0:
                return None
            move = -slope / bend * step
            x += move
            if not left <= x <= right:
                return None
            if abs(move) <= abs(x) * Decimal("1e-19") or abs(move) < step:
                return self._evaluate(Fraction(x)), float(x) + 0.0
        return None

    def _evaluate(self, x: Fraction) -> Decimal:
        """The function at x; far out, where x itself is coarse, to float64."""
        if abs(x) > _MAX_CONSECUTIVE_INTEGER:
            return Decimal(float(self.at(np.array([float(x)]))[0]))
        return self.exact_at(x)


class AbsoluteValue(Maximizer):
    """The size of one reading over a range; `whole` is whether it was a number wherever it was looked at."""

    def __init__(self, quantity: Quantity, low: float, high: float) -> None:
        self.quantity = quantity
        self.whole = True
        super().__init__([quantity.bound], low, high)

    def at(self, x: Floats) -> Floats:
        """|f| or |f'| at each x; 0 where it is nan."""
        sizes = np.abs(evaluate(self.quantity, x, FLOATS["float64"]))
        self.whole &= not np.isnan(sizes).any()
        return np.nan_to_num(sizes, nan=0.0, posinf=math.inf)

    def exact_at(self, x: Fraction) -> Decimal:
        """|f| or |f'| at x."""
        return abs(exact_value(self.quantity, x) or Decimal(0))


def exact_value(quantity: Quantity, x: Fraction) -> Decimal | None:
    """The exact reading at x, at a kink the slope that is given there; None outside the domain."""
    if quantity.order:
        for at, slope in quantity.bound.kinks:
            if at == x:
                return Decimal(slope.numerator) / slope.denominator
    try:
        low, high = quantity.enclose(Decimal(x.numerator) / x.denominator, _DIGITS)
    except (Undecided, OutsideDomain):
        return None
    return (low + high) / 2


def search_points(low: float, high: float, kinks: Sequence[float]) -> Floats:
    """The points to look at, ascending: both ends, and close together where there is more to see."""
    even = (
        low + (high - low) * (np.arange(_EVEN_POINTS + 1) / _EVEN_POINTS)
        if high - low < math.inf
        else np.array([low, high])
    )
    parts = [even, np.array([low, high])]
    for centre in {0.0, *kinks}:
        for end in (low, high):
            if low <= centre <= high and end != centre:
                octaves = _OCTAVES + max(math.frexp(end - centre)[1], 0)
                steps = np.ldexp(
                    1 + np.arange(_POINTS_PER_OCTAVE)[None, :] / _POINTS_PER_OCTAVE, -np.arange(1, octaves)[:, None]
                )
                parts.append(centre + (end - centre) * steps.ravel())
    at = np.array(kinks)
    parts += [np.nextafter(at, -math.inf), at, np.nextafter(at, math.inf)]
    return ascending(within(np.concatenate(parts) + 0.0, low, high))


def ascending(x: Floats) -> Floats:
    """The elements of x in order, each once: np.unique without the import of masked arrays that comes with it."""
    x = np.sort(x)
    return x[np.append(x[1:] != x[:-1], True)] if x.size else x


def within(x: Floats, low: float, high: float) -> Floats:
    """The elements of x from low to high."""
    inside: Bools = (x >= low) & (x <= high)
    return x[inside]


def _merged(places: list[Location]) -> tuple[Location, ...]:
    """The places in order, each once, and none that lies in a stretch."""
    stretches = sorted({place for place in places if isinstance(place, tuple)})
    single = {place for place in places if isinstance(place, float)}
    single = {x for x in single if not any(low <= x <= high for low, high in stretches)}
    return tuple(sorted([*single, *stretches], key=lambda place: place if isinstance(place, float) else place[0]))
