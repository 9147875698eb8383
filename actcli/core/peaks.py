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

from actcli.core.arithmetic.exact import OutsideDomain, Undecided
from actcli.core.arithmetic.exact_functions import wide_context
from actcli.core.decide import enclosed
from actcli.core.engine import Reading, compute
from actcli.core.shape import breakpoints
from actcli.formats import FLOATS

if TYPE_CHECKING:
    from actcli.core.spec import Bound
    from actcli.formats import Bools, Floats

__all__ = ["Course", "Peaks", "Place", "ascending", "exact_value", "search_points", "within"]

Place = float | tuple[float, float]
"""An x, or all from one x to another."""

_EVEN = 4096
_PER_OCTAVE = 16
_OCTAVES = 40
_PEAKS = 64
"""The most peaks that are followed."""

_HOPE = 1e-3
"""How far below the highest, of its size, a peak of the search may lie and still turn out to be as high."""

_DIGITS = 80
_NEAR = Decimal("1e-20")
_SAME = Decimal("1e-36")
"""Parts of the x-range and of the difference: how close the three points lie, and what counts as equally high."""

_LOOKS = 16
"""How many points of a run are read exactly to tell a level from a peak that float64 cannot tell from one."""

_FAR = 2**53
"""Beyond this neighbouring x are more than 1 apart, and a sine of one takes as many digits as it has."""

_TINY = 2.0**-48


class Peaks(ABC):
    """A function that is nowhere negative over a range, and the points at which it is looked at."""

    def __init__(self, bounds: Sequence[Bound], low: float, high: float) -> None:
        self.low, self.high = low, high
        self.kinks = breakpoints(bounds, low, high)
        self.x = search_points(low, high, self.kinks)
        self.y = self.at(self.x)

    @abstractmethod
    def at(self, x: Floats) -> Floats:
        """The function at each x, as a float64 has it."""

    @abstractmethod
    def exact(self, x: Fraction) -> Decimal:
        """The function at x, to many more digits than float64 has."""

    def largest(self) -> tuple[float, tuple[Place, ...]]:
        """The largest value, and where it is attained."""
        top = float(self.y.max())
        if top == 0 or math.isinf(top):
            return top, () if top == 0 else tuple(self.x[self.y == top][:1].tolist())
        with localcontext(wide_context(_DIGITS + 20)):
            found = [self._followed(*run) for run in self._runs(top)]
            best = max(size for size, _ in found)
            places = [place for size, place in found if best - size <= best * _SAME]
        return float(best), _merged(places)

    def _runs(self, top: float) -> list[tuple[int, int]]:
        """The peaks of the search that may be the highest, the highest first: runs of points of one height."""
        y = self.y
        starts = np.flatnonzero(np.concatenate([[True], y[1:] != y[:-1]]))
        ends = np.append(starts[1:], y.size) - 1
        before = np.concatenate([[-math.inf], y[starts[1:] - 1]])
        after = np.concatenate([y[ends[:-1] + 1], [-math.inf]])
        high = (y[starts] >= before) & (y[starts] >= after) & (y[starts] >= top * (1 - _HOPE))
        runs = sorted(zip(starts[high].tolist(), ends[high].tolist(), strict=True), key=lambda run: -y[run[0]])
        return runs[:_PEAKS]

    def _followed(self, start: int, end: int) -> tuple[Decimal, Place]:
        """The height and the place of the peak that the search saw at its points `start` to `end`."""
        x = self.x
        looked = {start + (end - start) * i // _LOOKS for i in range(_LOOKS + 1)}
        looked |= {int(i) + k for i in np.searchsorted(x, self.kinks) for k in (-1, 0, 1) if start <= i + k <= end}
        sizes = {i: self._looked(Fraction(float(x[i]))) for i in sorted(looked)}
        size = max(sizes.values())
        same = [i for i, height in sizes.items() if size - height <= size * _SAME]
        low, high = float(x[same[0]]), float(x[same[-1]])
        if len(same) > 2 and high - low > _TINY * max(abs(low), abs(high), self.high - self.low):
            before, after = float(x[max(start - 1, 0)]), float(x[min(end + 1, x.size - 1)])
            others = [before, *(float(x[i]) for i in sizes if i not in same), after]
            return size, (
                self._edge(size, low, max(other for other in others if other <= low)),
                self._edge(size, high, min(other for other in others if other >= high)),
            )
        kink = next((kink for kink in self.kinks if low <= kink <= high), None)
        if kink is None and start > 0 and end < x.size - 1:
            # A smooth peak has its top between the neighbours; at a kink or an end there is none to look for.
            left, right = float(x[start - 1]), float(x[end + 1])
            if not any(left <= kink <= right for kink in self.kinks):
                top = self._summit(left, float(x[same[0]]), right)
                if top is not None and top[0] >= size:
                    return top
        return size, low if kink is None else kink

    def _edge(self, size: Decimal, level: float, other: float) -> float:
        """How far from `level` towards `other` the function has this size."""

        def is_level(x: float) -> bool:
            return size - self._looked(Fraction(x)) <= size * _SAME

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

    def _summit(self, *bracket: float) -> tuple[Decimal, float] | None:
        """The top of a smooth peak, from the middle one of three x; None if it does not show between the outer two."""
        left, x, right = map(Decimal, bracket)
        step = max((right - left) * _NEAR, abs(x) * _NEAR)
        for _ in range(60):
            below, here, above = (self._looked(Fraction(place)) for place in (x - step, x, x + step))
            slope, bend = (above - below) / 2, above - 2 * here + below
            if bend >= 0:
                return None
            move = -slope / bend * step
            x += move
            if not left <= x <= right:
                return None
            if abs(move) <= abs(x) * Decimal("1e-19") or abs(move) < step:
                return self._looked(Fraction(x)), float(x) + 0.0
        return None

    def _looked(self, x: Fraction) -> Decimal:
        """The function at x; far out, where x itself is coarse, to float64."""
        if abs(x) > _FAR:
            return Decimal(float(self.at(np.array([float(x)]))[0]))
        return self.exact(x)


class Course(Peaks):
    """The size of one reading over a range; `whole` is whether it was a number wherever it was looked at."""

    def __init__(self, reading: Reading, low: float, high: float) -> None:
        self.reading = reading
        self.whole = True
        super().__init__([reading.bound], low, high)

    def at(self, x: Floats) -> Floats:
        """|f| or |f'| at each x; 0 where it is nan."""
        sizes = np.abs(compute(self.reading, x, FLOATS["float64"]))
        self.whole &= not np.isnan(sizes).any()
        return np.nan_to_num(sizes, nan=0.0, posinf=math.inf)

    def exact(self, x: Fraction) -> Decimal:
        """|f| or |f'| at x."""
        return abs(exact_value(self.reading, x) or Decimal(0))


def exact_value(reading: Reading, x: Fraction) -> Decimal | None:
    """The exact reading at x, at a kink the slope that is given there; None outside the domain."""
    if reading.order:
        for at, slope in reading.bound.kinks:
            if at == x:
                return Decimal(slope.numerator) / slope.denominator
    try:
        low, high = enclosed(reading, Decimal(x.numerator) / x.denominator, _DIGITS)
    except (Undecided, OutsideDomain):
        return None
    return (low + high) / 2


def search_points(low: float, high: float, kinks: Sequence[float]) -> Floats:
    """The points to look at, ascending: both ends, and close together where there is more to see."""
    even = low + (high - low) * (np.arange(_EVEN + 1) / _EVEN) if high - low < math.inf else np.array([low, high])
    parts = [even, np.array([low, high])]
    for centre in {0.0, *kinks}:
        for end in (low, high):
            if low <= centre <= high and end != centre:
                octaves = _OCTAVES + max(math.frexp(end - centre)[1], 0)
                steps = np.ldexp(1 + np.arange(_PER_OCTAVE)[None, :] / _PER_OCTAVE, -np.arange(1, octaves)[:, None])
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


def _merged(places: list[Place]) -> tuple[Place, ...]:
    """The places in order, each once, and none that lies in a stretch."""
    stretches = sorted({place for place in places if isinstance(place, tuple)})
    single = {place for place in places if isinstance(place, float)}
    single = {x for x in single if not any(low <= x <= high for low, high in stretches)}
    return tuple(sorted([*single, *stretches], key=lambda place: place if isinstance(place, float) else place[0]))
