"""Global maxima of non-negative functions over a range, correct to the last digit of a float64.

The function is sampled evenly, in geometric steps around 0 and around each kink, and at the floats next to the kinks.
Each peak that may be the highest is refined in ball arithmetic: Newton's method on a parabola through three points, so
close together that its truncation error lies far below float64's.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.analysis.breakpoints import breakpoints
from actcli.core.analysis.search import bisect
from actcli.core.arithmetic.fixed_point import decimal_context
from actcli.core.arithmetic.signals import OutsideDomain, Undecided
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.number_line import neighbours
from actcli.core.evaluation.quantity import Quantity
from actcli.core.evaluation.undecided import SEARCH_LIMIT, counting_undecided
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Bools, Floats

__all__ = [
    "AbsoluteValue",
    "Location",
    "Maximizer",
    "ascending",
    "exact_value",
    "is_costly",
    "sample_points",
    "search_points",
    "within",
]

Location = float | tuple[float, float]
"""A point x, or an interval of x as (low, high)."""

# --- sampling -----------------------------------------------------------------------------------------------
_EVEN_POINTS = 4096
"""Intervals of the even sampling."""
_POINTS_PER_OCTAVE = 16
"""Samples per factor of 2 in the distance from 0 or a kink."""
_OCTAVES = 40
"""Octaves sampled below a distance of 1 from the centre: down to about 1e-12."""
_PROBED = 64
"""Points that tell how often a function needs arbitrary precision."""
_COSTLY_SHARE, _THINNING = 0.5, 16
"""A function that needs it at more points than this share is sampled at every 16th point."""
_COARSE_SHARE, _COARSENING = 0.125, 8
"""From this share on, a mean is taken over every eighth interval."""

# --- refinement ---------------------------------------------------------------------------------------------
_PEAK_RTOL = 1e-3
"""How far below the highest sample, relative to it, a sampled peak is still refined."""
_MAX_PEAKS, _MAX_COSTLY_PEAKS = 64, 4
"""The number of peaks refined at most, and for a costly function: a wave has too many of equal height."""
_WORKING_DIGITS = (80, 320, 1280)
"""Decimal digits of exact values. The parabola's second difference cancels 40 of them; an enormous argument of a sine
loses as many as it has."""
_MAX_WIDTH = Decimal("1e-60")
"""The greatest width of an interval that counts as one value, relative to it; absolute for one that cancels to 0."""
_PARABOLA_STEP = Decimal("1e-20")
"""Distance of the parabola's points, relative to |x| and to the bracket: its truncation error is about 1e-40."""
_NEWTON_RTOL = Decimal("1e-19")
"""Newton's method has converged when its step is below this, relative to |x|: 1/1000 ulp of a float64."""
_MAX_NEWTON_STEPS = 60
_EQUAL_PEAK_RTOL = Decimal("1e-36")
"""Peaks that differ by less, relative to their height, count as equally high."""

# --- plateaus -----------------------------------------------------------------------------------------------
_PLATEAU_PROBES = 16
"""Intervals between exact probes of a run of equal samples: they tell a plateau from a peak too flat for float64."""
_PLATEAU_RTOL = 2.0**-48
"""The least width of a plateau, relative to |x| and to the range."""
_PLATEAU_HALVINGS = 60
"""Halvings to find the edge of a plateau: more than the 53 bits of a float64."""

_MAX_EXACT_X = 2**53
"""Beyond this x, where neighbouring floats are more than 1 apart, float64 values are used instead of exact ones."""


class Maximizer(ABC):
    """A non-negative function over [low, high], sampled at `x` with the values `y`; `kinks` are its breakpoints.

    is_costly  whether the function nearly always needs arbitrary precision, so that fewer points must do
    coarse_x   the samples, or a part of them if the function often needs arbitrary precision
    """

    def __init__(self, bounds: Sequence[BoundActivation], low: float, high: float) -> None:
        self.low, self.high = low, high
        self.kinks = breakpoints(bounds, low, high)
        self.x = sample_points(self.at, low, high, self.kinks)
        share = escalated_share(self.at, self.x)
        self.is_costly = share > _COSTLY_SHARE
        self.coarse_x = self.x if share < _COARSE_SHARE else _thinned(self.x, self.kinks, _COARSENING)
        self.y = self.at(self.x)

    @abstractmethod
    def at(self, x: Floats) -> Floats:
        """Return the function at each x, as float64."""

    @abstractmethod
    def exact_at(self, x: Fraction) -> Decimal:
        """Return the function at x to many more digits than float64 has."""

    def maximum(self) -> tuple[float, tuple[Location, ...]]:
        """Return the largest value and where it is attained, in ascending order; nowhere if it is 0."""
        top = float(self.y.max())
        if top == 0 or math.isinf(top):
            return top, () if top == 0 else tuple(self.x[self.y == top][:1].tolist())
        with localcontext(decimal_context(_WORKING_DIGITS[0] + 20)):
            peaks = [self._refine(*run) for run in self._candidate_runs(top)]
            best = max(height for height, _ in peaks)
            locations = [location for height, location in peaks if best - height <= best * _EQUAL_PEAK_RTOL]
        return float(best), _merged(locations)

    def _candidate_runs(self, top: float) -> list[tuple[int, int]]:
        """Return the sampled peaks that may be the highest, by descending height, as (first, last) indices.

        A peak is a run of equal samples with no higher neighbour.
        """
        y = self.y
        starts = np.flatnonzero(np.concatenate([[True], y[1:] != y[:-1]]))
        ends = np.append(starts[1:], y.size) - 1
        before = np.concatenate([[-math.inf], y[starts[1:] - 1]])
        after = np.concatenate([y[ends[:-1] + 1], [-math.inf]])
        high = (y[starts] >= before) & (y[starts] >= after) & (y[starts] >= top * (1 - _PEAK_RTOL))
        runs = sorted(zip(starts[high].tolist(), ends[high].tolist(), strict=True), key=lambda run: -y[run[0]])
        return runs[: _MAX_COSTLY_PEAKS if self.is_costly else _MAX_PEAKS]

    def _refine(self, start: int, end: int) -> tuple[Decimal, Location]:
        """Return the height and the location of the peak that was sampled at the indices `start` to `end`."""
        x = self.x
        probes = {start + (end - start) * i // _PLATEAU_PROBES for i in range(_PLATEAU_PROBES + 1)}
        probes |= {int(i) + k for i in np.searchsorted(x, self.kinks) for k in (-1, 0, 1) if start <= i + k <= end}
        heights = {i: self._evaluate(Fraction(float(x[i]))) for i in sorted(probes)}
        top = max(heights.values())
        equal = [i for i, height in heights.items() if top - height <= top * _EQUAL_PEAK_RTOL]
        low, high = float(x[equal[0]]), float(x[equal[-1]])
        if len(equal) > 2 and high - low > _PLATEAU_RTOL * max(abs(low), abs(high), self.high - self.low):
            before, after = float(x[max(start - 1, 0)]), float(x[min(end + 1, x.size - 1)])
            others = [before, *(float(x[i]) for i in heights if i not in equal), after]
            return top, (
                self._plateau_edge(top, low, max(other for other in others if other <= low)),
                self._plateau_edge(top, high, min(other for other in others if other >= high)),
            )
        kink = next((kink for kink in self.kinks if low <= kink <= high), None)
        if kink is None and start > 0 and end < x.size - 1:
            # A smooth peak lies between the neighbouring samples. A peak at a kink or at an end needs no refinement.
            left, right = float(x[start - 1]), float(x[end + 1])
            if not any(left <= kink <= right for kink in self.kinks):
                refined = self._refine_smooth(left, float(x[equal[0]]), right)
                if refined is not None and refined[0] >= top:
                    return refined
        return top, low if kink is None else kink

    def _plateau_edge(self, height: Decimal, inside: float, outside: float) -> float:
        """Return the last x from `inside` towards `outside` at which the function has this height."""

        def is_level(x: float) -> bool:
            return height - self._evaluate(Fraction(x)) <= height * _EQUAL_PEAK_RTOL

        if is_level(outside):
            return outside
        for kink in (0.0, *self.kinks):
            # A plateau ends at a kink, or next to it if the derivative chosen there differs.
            if min(inside, outside) <= kink <= max(inside, outside):
                neighbour = math.nextafter(kink, inside)
                if is_level(kink):
                    inside = kink
                elif is_level(neighbour):
                    return neighbour
                else:
                    outside = kink
        return bisect(is_level, inside, outside, _PLATEAU_HALVINGS)[0]

    def _refine_smooth(self, left_end: float, start: float, right_end: float) -> tuple[Decimal, float] | None:
        """Return height and x of the smooth peak between the ends; None if Newton's method finds none there."""
        left, x, right = map(Decimal, (left_end, start, right_end))
        step = max((right - left) * _PARABOLA_STEP, abs(x) * _PARABOLA_STEP)
        for _ in range(_MAX_NEWTON_STEPS):
            before, here, after = (self._evaluate(Fraction(point)) for point in (x - step, x, x + step))
            derivative, curvature = (after - before) / 2, after - 2 * here + before
            if curvature >= 0:
                return None
            move = -derivative / curvature * step
            x += move
            if not left <= x <= right:
                return None
            if abs(move) <= abs(x) * _NEWTON_RTOL or abs(move) < step:
                return self._evaluate(Fraction(x)), float(x) + 0.0
        return None

    def _evaluate(self, x: Fraction) -> Decimal:
        """Return the function at x: exactly rounded to the working digits, or to float64 beyond _MAX_EXACT_X.

        At such an x the argument reduction of a sine would need as many digits as x has.
        """
        if abs(x) > _MAX_EXACT_X:
            return Decimal(float(self.at(np.array([float(x)]))[0]))
        return self.exact_at(x)


class AbsoluteValue(Maximizer):
    """The absolute value of a quantity over a range. `whole` is False once a value was nan."""

    def __init__(self, quantity: Quantity, low: float, high: float) -> None:
        self.quantity = quantity
        self.whole = True
        super().__init__([quantity.bound], low, high)

    def at(self, x: Floats) -> Floats:
        """Return the absolute value at each x; 0 for nan."""
        sizes = np.abs(evaluate(self.quantity, x, FLOATS["float64"]))
        self.whole &= not np.isnan(sizes).any()
        return np.nan_to_num(sizes, nan=0.0, posinf=math.inf)

    def exact_at(self, x: Fraction) -> Decimal:
        """Return the absolute value at x; 0 where it is undefined or undecided."""
        return abs(exact_value(self.quantity, x) or Decimal(0))


def exact_value(quantity: Quantity, x: Fraction) -> Decimal | None:
    """Return the quantity at x to 80 digits; at a kink, the derivative chosen there.

    None outside the domain and where 1,280 digits leave it undecided.
    """
    chosen = dict(quantity.kink_derivatives()).get(x)
    if chosen is not None:
        return Decimal(chosen.numerator) / chosen.denominator
    point = Decimal(x.numerator) / x.denominator
    for digits in _WORKING_DIGITS:
        try:
            low, high = quantity.enclose(point, digits)
        except Undecided:
            continue
        except OutsideDomain:
            return None
        width = high - low
        if width <= _MAX_WIDTH * max(abs(low), abs(high)) or (width <= _MAX_WIDTH and digits > _WORKING_DIGITS[0]):
            return (low + high) / 2
    return None


def search_points(low: float, high: float, kinks: Sequence[float]) -> Floats:
    """Return the x at which to sample a function over [low, high], ascending and distinct, both ends included.

    The points are evenly spaced, geometric around 0 and each of the `kinks`, and next to each kink.
    """
    shares = np.arange(_EVEN_POINTS + 1) / _EVEN_POINTS
    even = low + (high - low) * shares if high - low < math.inf else np.array([low, high])
    parts = [even, np.array([low, high])]
    mantissas = 1 + np.arange(_POINTS_PER_OCTAVE)[None, :] / _POINTS_PER_OCTAVE
    for centre in {0.0, *kinks}:
        for end in (low, high):
            if low <= centre <= high and end != centre:
                octaves = _OCTAVES + max(math.frexp(end - centre)[1], 0)
                steps = np.ldexp(mantissas, -np.arange(1, octaves)[:, None])
                parts.append(centre + (end - centre) * steps.ravel())
    parts += _around(kinks)
    return ascending(within(np.concatenate(parts) + 0.0, low, high))


def sample_points(f: Callable[[Floats], object], low: float, high: float, kinks: Sequence[float]) -> Floats:
    """Return the points of `search_points`, fewer of them if f nearly always needs arbitrary precision there.

    Such a function, for instance sin(x * 1e300), takes a millisecond a point. It passes many periods from one point to
    the next, so that more points would not show more.
    """
    x = search_points(low, high, kinks)
    return _thinned(x, kinks, _THINNING) if is_costly(f, x) else x


def _thinned(x: Floats, kinks: Sequence[float], step: int) -> Floats:
    """Return every step-th point, and those at the ends, at 0 and at and next to the kinks."""
    return ascending(np.concatenate([x[::step], x[-1:], *(x[np.isin(x, points)] for points in _around([0.0, *kinks]))]))


def is_costly(f: Callable[[Floats], object], x: Floats) -> bool:
    """Return whether f needs arbitrary precision at most of the points x."""
    return escalated_share(f, x) > _COSTLY_SHARE


def escalated_share(f: Callable[[Floats], object], x: Floats) -> float:
    """Return the share of the points x at which f needs arbitrary precision, as a few of them show."""
    probed = x[:: max(1, x.size // _PROBED)]
    with counting_undecided(SEARCH_LIMIT) as counter:
        f(probed)
    return counter.escalated / max(1, probed.size)


def _around(kinks: Sequence[float]) -> tuple[Floats, Floats, Floats]:
    """Return the kinks, and the floats next to them on either side."""
    at = np.array(kinks, dtype=np.float64)
    return at, *neighbours(at)


def ascending(x: Floats) -> Floats:
    """Return the distinct elements of x in ascending order.

    np.unique would do the same, but imports the masked arrays.
    """
    x = np.sort(x)
    return x[np.append(x[1:] != x[:-1], True)] if x.size else x


def within(x: Floats, low: float, high: float) -> Floats:
    """Return the elements of x in [low, high]."""
    inside: Bools = (x >= low) & (x <= high)
    return x[inside]


def _merged(locations: list[Location]) -> tuple[Location, ...]:
    """Return the distinct locations in ascending order, without the points that lie in an interval."""
    intervals = sorted({location for location in locations if isinstance(location, tuple)})
    points = {location for location in locations if isinstance(location, float)}
    points = {x for x in points if not any(low <= x <= high for low, high in intervals)}
    return tuple(sorted([*points, *intervals], key=_start))


def _start(location: Location) -> float:
    return location if isinstance(location, float) else location[0]
