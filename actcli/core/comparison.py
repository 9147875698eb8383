"""Two activations against each other: the largest difference and where, the root mean square, units in the last place.

The range is searched densely: evenly, in steps that grow by a constant factor around 0 and around each kink, and just
beside the kinks. Every peak that may be the highest is then followed with the exact reading, by Newton's method on a
parabola through three points so close that what they leave out is beyond float64.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.decide import enclosed
from actcli.core.engine import Reading, compute
from actcli.core.exact import OutsideDomain, Undecided
from actcli.core.exact_functions import wide_context
from actcli.core.shape import breakpoints
from actcli.formats import FLOATS

if TYPE_CHECKING:
    from actcli.core.spec import Bound
    from actcli.formats import Bools, Floats, Format

__all__ = ["Difference", "difference", "ulp"]

Place = float | tuple[float, float]
"""An x, or all from one x to another."""

_EXACT = FLOATS["float64"]
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
_ZOOMS = 6


@dataclass(frozen=True)
class Difference:
    """How far one reading is from another over a range.

    order    0 for the values, 1 for the derivatives
    max_abs  the largest |difference|, rounded once; at: every x that attains it, or stretches of x (none if it is 0)
    rms      the root of the mean square over the range
    max_ulp  the largest |difference| in units in the last place of the first, of its number format; ulp_at: an x there
    """

    order: int
    max_abs: float
    at: tuple[Place, ...]
    rms: float
    max_ulp: float
    ulp_at: float | None


def difference(other: Bound, first: Bound, order: int, low: float, high: float, fmt: Format) -> Difference:
    """`other` against `first` from `low` to `high`; nan where either is nan does not count."""
    pair = _Pair(Reading(other, order), Reading(first, order), low, high)
    size, places = pair.largest()
    ulps, at = pair.largest_ulp(fmt)
    return Difference(order, size, places, pair.rms(), ulps, at)


def ulp(values: Floats, fmt: Format) -> Floats:
    """The unit in the last place of each of `values`, numbers of fmt; nan of what is not finite."""
    with np.errstate(all="ignore"):
        exponent = np.frexp(values)[1] - fmt.precision
        exponent = np.where(values == 0, fmt.least_exponent, np.maximum(exponent, fmt.least_exponent))
        return np.where(np.isfinite(values), np.ldexp(1.0, exponent), np.nan)


class _Pair:
    """Two readings over a range, and the points at which they are looked at."""

    def __init__(self, other: Reading, first: Reading, low: float, high: float) -> None:
        self.other, self.first = other, first
        self.low, self.high = low, high
        self.kinks = breakpoints([other.bound, first.bound], low, high)
        self.x = _search_points(low, high, self.kinks)
        self.y = self.at(self.x)

    def at(self, x: Floats) -> Floats:
        """|other - first| at each x; 0 where either is nan, and where both are the same infinity."""
        a, b = (compute(reading, x, _EXACT) for reading in (self.other, self.first))
        with np.errstate(all="ignore"):
            return np.where(a == b, 0.0, np.nan_to_num(np.abs(a - b), nan=0.0, posinf=math.inf))

    # --- the largest difference ---------------------------------------------------------------------------------

    def largest(self) -> tuple[float, tuple[Place, ...]]:
        """The largest |difference|, and where it is attained."""
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
        sizes = {i: self._exact(Fraction(float(x[i]))) for i in sorted(looked)}
        size = max(sizes.values())
        same = [i for i, height in sizes.items() if size - height <= size * _SAME]
        low, high = float(x[same[0]]), float(x[same[-1]])
        if len(same) > 2 and high - low > _TINY * max(abs(low), abs(high), self.high - self.low):
            return size, (low, high)
        kink = next((kink for kink in self.kinks if low <= kink <= high), None)
        if kink is None and start > 0 and end < x.size - 1:
            # A smooth peak has its top between the neighbours; at a kink or an end there is none to look for.
            left, right = float(x[start - 1]), float(x[end + 1])
            if not any(left <= kink <= right for kink in self.kinks):
                top = self._summit(left, float(x[same[0]]), right)
                if top is not None and top[0] >= size:
                    return top
        return size, low if kink is None else kink

    def _summit(self, *bracket: float) -> tuple[Decimal, float] | None:
        """The top of a smooth peak, from the middle one of three x; None if it does not show between the outer two."""
        left, x, right = map(Decimal, bracket)
        step = max((right - left) * _NEAR, abs(x) * _NEAR)
        for _ in range(60):
            below, here, above = (self._exact(Fraction(place)) for place in (x - step, x, x + step))
            slope, bend = (above - below) / 2, above - 2 * here + below
            if bend >= 0:
                return None
            move = -slope / bend * step
            x += move
            if not left <= x <= right:
                return None
            if abs(move) <= abs(x) * Decimal("1e-19") or abs(move) < step:
                return self._exact(Fraction(x)), float(x) + 0.0
        return None

    def _exact(self, x: Fraction) -> Decimal:
        """|other - first| at x, to many more digits than float64 has; far out, where x itself is coarse, to float64."""
        if abs(x) > _FAR:
            return Decimal(float(self.at(np.array([float(x)]))[0]))
        values = [_value(reading, x) for reading in (self.other, self.first)]
        return abs(values[0] - values[1]) if None not in values else Decimal(0)  # type: ignore[operator]

    # --- the other measures -------------------------------------------------------------------------------------

    def rms(self) -> float:
        """The root mean square, by Gauss's rule with five points between neighbours of the search."""
        if self.low == self.high:
            return float(self.y[0])
        left, right = self.x[:-1], self.x[1:]
        half, middle = (right - left) / 2, left + (right - left) / 2
        x = middle[:, None] + half[:, None] * _NODES
        y = self.at(np.clip(x, left[:, None], right[:, None]).ravel()).reshape(x.shape)
        scale = float(y.max())
        if scale == 0 or math.isinf(scale):
            return scale
        with np.errstate(all="ignore"):
            # The share of the range before the square, so that neither leaves the floats' range.
            parts = (half / (self.high / 2 - self.low / 2))[:, None] * (y / scale) ** 2 * _WEIGHTS
        return scale * math.sqrt(math.fsum(parts.ravel().tolist()) / 2)

    def largest_ulp(self, fmt: Format) -> tuple[float, float | None]:
        """The largest |difference| in units in the last place of the first, and an x of the format there."""
        if fmt.has_all:
            every = fmt.every()
            x = np.sort(every[(every >= self.low) & (every <= self.high)]) + 0.0
        else:
            x = np.unique(_within(fmt.round(self.x), self.low, self.high))
        if not x.size:
            return 0.0, None
        size, at = self._in_ulp(x, fmt)
        for _ in range(0 if fmt.has_all else _ZOOMS):
            i = int(np.searchsorted(x, at))
            low, high = x[max(i - 1, 0)], x[min(i + 1, x.size - 1)]
            x = np.unique(_within(fmt.round(np.linspace(low, high, 257)), low, high))
            better, place = self._in_ulp(x, fmt)
            if better > size:
                size, at = better, place
        return size, at if size > 0 else None

    def _in_ulp(self, x: Floats, fmt: Format) -> tuple[float, float]:
        unit = ulp(compute(self.first, x, fmt), fmt)
        with np.errstate(all="ignore"):
            sizes = np.nan_to_num(self.at(x) / unit, nan=0.0, posinf=math.inf)
        i = int(np.argmax(sizes))
        return float(sizes[i]), float(x[i])


def _value(reading: Reading, x: Fraction) -> Decimal | None:
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


def _search_points(low: float, high: float, kinks: Sequence[float]) -> Floats:
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
    return np.unique(_within(np.concatenate(parts) + 0.0, low, high))


def _within(x: Floats, low: float, high: float) -> Floats:
    inside: Bools = (x >= low) & (x <= high)
    return x[inside]


def _merged(places: list[Place]) -> tuple[Place, ...]:
    """The places in order, each once, and none that lies in a stretch."""
    stretches = sorted({place for place in places if isinstance(place, tuple)})
    single = {place for place in places if isinstance(place, float)}
    single = {x for x in single if not any(low <= x <= high for low, high in stretches)}
    return tuple(sorted([*single, *stretches], key=lambda place: place if isinstance(place, float) else place[0]))


def _gauss() -> tuple[Any, Any]:
    """The nodes and weights of Gauss's rule with five points on -1 to 1, in closed form."""
    root = 2 * math.sqrt(10 / 7)
    inner, outer = math.sqrt(5 - root) / 3, math.sqrt(5 + root) / 3
    more, less = (322 + 13 * math.sqrt(70)) / 900, (322 - 13 * math.sqrt(70)) / 900
    return np.array([-outer, -inner, 0.0, inner, outer]), np.array([less, more, 128 / 225, more, less])


_NODES, _WEIGHTS = _gauss()
