"""Curves: sampled points, which of them are joined, and the range of y that shows them."""

from __future__ import annotations

import math
import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

__all__ = ["Curve", "Piece", "check_range", "pieces", "sample_points", "shown_range"]

_SAMPLES_PER_COLUMN = 4
_GOLDEN_RATIO = 0.6180339887498949
_BREAKPOINT_OFFSET = 1 / 1024
"""Distance of the samples next to a breakpoint, relative to the distance of regular samples."""
_POLE_MARGIN = 0.03
"""Distance from a pole within which the curve may leave the plot, relative to the range of x."""
_MIN_STRETCH = 1.5
"""The range of y ignores values near poles if they would make it this many times as large."""
_DIVERGENCE_RATIO = 0.6
"""A curve diverges if its last step towards a breakpoint is longer than this share of the step before."""


@dataclass(frozen=True)
class Curve:
    """A sampled function.

    label   the name of the curve
    x, y    the samples, x in ascending order; nothing is drawn where y is nan or infinite
    breaks  the x at which the function is discontinuous; no line touches them

    Raises ValueError if x and y differ in length, or x is not finite and ascending.
    """

    label: str
    x: Sequence[float]
    y: Sequence[float]
    breaks: Sequence[float] = field(default=())

    def __post_init__(self) -> None:
        if len(self.x) != len(self.y):
            raise ValueError(f"curve {self.label!r}: {len(self.x)} x but {len(self.y)} y")
        if not all(map(math.isfinite, self.x)):
            raise ValueError(f"curve {self.label!r}: x must be finite")
        if any(after < before for before, after in pairwise(self.x)):
            raise ValueError(f"curve {self.label!r}: x must ascend")


@dataclass(frozen=True)
class Piece:
    """A run of joined points, and whether the curve continues, unjoined, before and after it."""

    points: list[tuple[float, float]]
    cut_before: bool
    cut_after: bool


def sample_points(x_range: tuple[float, float], width: int, breakpoints: Iterable[float] = ()) -> list[float]:
    """Return the x, ascending and distinct, at which to evaluate a function for a plot `width` columns wide.

    There are four per column, every second of them irregularly spaced, including both ends and 0. Each of the
    `breakpoints` within the range (kinks, jumps, poles) is added with two close points on either side, from which
    `plot` distinguishes poles from jumps.

    Raises ValueError if the range is not finite and ascending, or `width` is not positive.
    """
    low, high = check_range("x", x_range)
    if width < 1:
        raise ValueError(f"width must be at least 1, not {width}")
    count = _SAMPLES_PER_COLUMN * width
    # The weighted mean of the ends stays within the range, and is symmetric about 0 if the ends are.
    points = {low * (left / count) + high * (right / count) for left, right in _weights(count)}
    near = (high / count - low / count) * _BREAKPOINT_OFFSET
    for x in (*breakpoints, 0.0):
        if low <= x <= high:
            points |= {x, x - 32 * near, x + 32 * near}
            points |= {min(x - near, math.nextafter(x, low)), max(x + near, math.nextafter(x, high))}
    return sorted({min(max(x, low), high) + 0.0 for x in points})


def _weights(count: int) -> Iterator[tuple[float, float]]:
    """Yield the weights of both ends, with sum `count`, for each sample; every second one is moved by up to a half.

    Regular samples would alias an oscillation.
    """
    for i in range(count + 1):
        nearest = min(i, count - i)
        near = nearest + ((nearest * _GOLDEN_RATIO % 1 - 0.5) if i % 2 and 2 * i != count else 0.0)
        yield (count - near, near) if i == nearest else (near, count - near)


def check_range(name: str, limits: tuple[float, float]) -> tuple[float, float]:
    """Return `limits` as floats; raise ValueError unless they are finite and ascending."""
    low, high = map(float, limits)
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"a range of {name} from {low!r} to {high!r}: it must be finite and ascend")
    return low, high


def pieces(curve: Curve, x_range: tuple[float, float]) -> list[Piece]:
    """Return the runs of points within `x_range` that may be joined: the curve, cut at nan, infinities and breaks."""
    low, high = x_range
    # Python floats, because NumPy's warn of overflow.
    samples = zip(map(float, curve.x), map(float, curve.y), strict=True)
    points = [(x, y) for x, y in samples if low <= x <= high]
    breaks = sorted(float(x) for x in curve.breaks if low <= x <= high)
    found: list[Piece] = []
    start = 0
    for i in range(1, len(points) + 1):
        if i == len(points) or not _joined(points[i - 1], points[i], breaks):
            if math.isfinite(points[start][1]):
                found.append(Piece(points[start:i], start > 0, i < len(points)))
            start = i
    return found


def shown_range(curves: Iterable[list[Piece]], x_range: tuple[float, float]) -> tuple[float, float]:
    """Return the range of y that shows the curves, each given as its pieces, except near poles.

    The range of a constant c is 0 to 2c; that of 0, or of no points, is -1 to 1.
    """
    curves = list(curves)
    low, high = _extent(y for found in curves for piece in found for _, y in piece.points)
    near = _POLE_MARGIN * x_range[1] - _POLE_MARGIN * x_range[0]
    core_low, core_high = _extent(y for found in curves for y in _away_from_poles(found, near))
    if 0 < core_high / 2 - core_low / 2 < (high / 2 - low / 2) / _MIN_STRETCH:
        low, high = core_low, core_high
    if low > high:
        return -1.0, 1.0
    if low == high:
        other = min(max(2 * low, -sys.float_info.max), sys.float_info.max)
        return (min(0.0, other), max(0.0, other)) if low else (-1.0, 1.0)
    return low, high


def _joined(start: tuple[float, float], end: tuple[float, float], breaks: list[float]) -> bool:
    """Return whether a line joins two neighbouring points."""
    if not -math.inf < start[1] / 2 - end[1] / 2 < math.inf:
        return False
    at = bisect_left(breaks, start[0])
    return not (at < len(breaks) and breaks[at] <= end[0])


def _away_from_poles(found: list[Piece], near: float) -> Iterator[float]:
    """Yield the heights of a curve's pieces, except within `near` of a pole."""
    poles = [p.points[0][0] for p in found if p.cut_before and _diverges(p.points[2::-1])]
    poles += [p.points[-1][0] for p in found if p.cut_after and _diverges(p.points[-3:])]
    # Between close poles a part of the curve remains. The two sides of a pole are much closer than that.
    distances = [after - before for before, after in pairwise(sorted(poles)) if after - before > near / 64]
    near = min([near, *(distance / 4 for distance in distances)])
    return (y for piece in found for x, y in piece.points if not any(abs(x - pole) < near for pole in poles))


def _diverges(last: list[tuple[float, float]]) -> bool:
    """Return whether a curve that ends with these three points grows without bound.

    Their distances from the end are 1024, 32 and 1 (see `sample_points`). The last step of a bounded curve is much
    shorter than the one before, that of a logarithm as long, and that of a pole 32 times as long.
    """
    if len(last) < 3:
        return False
    step, previous = (last[2][1] / 2 - last[1][1] / 2), (last[1][1] / 2 - last[0][1] / 2)
    return abs(step) > _DIVERGENCE_RATIO * abs(previous) > 0 and (step > 0) == (previous > 0)


def _extent(values: Iterable[float]) -> tuple[float, float]:
    """Return the smallest and the largest value; (inf, -inf) if there are none."""
    heights = list(values)
    return min(heights, default=math.inf), max(heights, default=-math.inf)
