"""What is drawn: sampled points, which of them are joined, and the range of y that shows them."""

from __future__ import annotations

import math
import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

__all__ = ["Curve", "Piece", "check_range", "pieces", "sample_points", "shown_range"]

_PER_COLUMN = 4
_NEAR = 1 / 1024  # Of the distance between samples: how close to a breakpoint its sides are sampled.
_POLE = 0.03  # Of the x-range: how close to a pole the curve may leave the picture.
_STRETCH = 1.5  # How many times as wide as without those stretches it would be, if they are left out.


@dataclass(frozen=True)
class Curve:
    """A sampled function: its name, x in ascending order, y at each x, and where it jumps.

    y may hold nan and infinities: nothing is drawn there and nothing joined across. `breaks` are the x at
    which the function is discontinuous: no line touches them.

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
    """Points of a curve that are joined, and whether more of the curve comes before and after them."""

    points: list[tuple[float, float]]
    cut_before: bool
    cut_after: bool


def sample_points(x_range: tuple[float, float], width: int, breakpoints: Iterable[float] = ()) -> list[float]:
    """The x, ascending and distinct, at which to evaluate a function for a plot `width` columns wide.

    Four a column, both ends and 0 included; each of the `breakpoints` within the range (kinks, jumps, poles)
    and two points close by on either side of it, from which `plot` tells a pole from a jump.

    Raises ValueError if the range is not finite and ascending, or `width` is not positive.
    """
    low, high = check_range("x", x_range)
    if width < 1:
        raise ValueError(f"a width of {width}: there must be at least 1 column")
    count = _PER_COLUMN * width
    # Weighing both ends keeps the points within range and symmetric about 0 where the ends are.
    points = {low * ((count - i) / count) + high * (i / count) for i in range(count + 1)}
    near = (high / count - low / count) * _NEAR
    for x in (*breakpoints, 0.0):
        if low <= x <= high:
            points |= {x, x - 32 * near, x + 32 * near}
            points |= {min(x - near, math.nextafter(x, low)), max(x + near, math.nextafter(x, high))}
    return sorted({min(max(x, low), high) + 0.0 for x in points})


def check_range(name: str, limits: tuple[float, float]) -> tuple[float, float]:
    """`limits` as floats; ValueError unless they are finite and the first is below the second."""
    low, high = map(float, limits)
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"a range of {name} from {low!r} to {high!r}: it must be finite and ascend")
    return low, high


def pieces(curve: Curve, x_range: tuple[float, float], column: float) -> list[Piece]:
    """The runs of points within `x_range` that may be joined; `column` is the width of a character in x.

    Cut at nan and infinity, at the curve's breaks, and where the function must have jumped although no break
    is known.
    """
    low, high = x_range
    # As Python's floats, since NumPy's warn where they overflow.
    known = zip(map(float, curve.x), map(float, curve.y), strict=True)
    points = [(x, y) for x, y in known if low <= x <= high]
    breaks = sorted(float(x) for x in curve.breaks if low <= x <= high)
    found: list[Piece] = []
    start = 0
    for i in range(1, len(points) + 1):
        if i == len(points) or not _joined(points, i, breaks, column):
            if math.isfinite(points[start][1]):
                found.append(Piece(points[start:i], start > 0, i < len(points)))
            start = i
    return found


def shown_range(curves: Iterable[list[Piece]], x_range: tuple[float, float]) -> tuple[float, float]:
    """The range of y that shows the curves, each given as its pieces, save where one runs off to a pole.

    A constant c gets 0 to 2c, and 0 gets -1 to 1, as does nothing at all.
    """
    curves = list(curves)
    low, high = _extent(y for found in curves for piece in found for _, y in piece.points)
    near = _POLE * x_range[1] - _POLE * x_range[0]
    core_low, core_high = _extent(y for found in curves for y in _away_from_poles(found, near))
    if 0 < core_high / 2 - core_low / 2 < (high / 2 - low / 2) / _STRETCH:
        low, high = core_low, core_high
    if low > high:
        return -1.0, 1.0
    if low == high:
        other = min(max(2 * low, -sys.float_info.max), sys.float_info.max)
        return (min(0.0, other), max(0.0, other)) if low else (-1.0, 1.0)
    return low, high


def _joined(points: list[tuple[float, float]], i: int, breaks: list[float], column: float) -> bool:
    """Whether a line may lead from points[i - 1] to points[i]."""
    (x0, y0), (x1, y1) = points[i - 1], points[i]
    if not -math.inf < y0 / 2 - y1 / 2 < math.inf:
        return False
    if breaks:
        at = bisect_left(breaks, x0)
        if at < len(breaks) and breaks[at] <= x1:
            return False
    if not 2 <= i < len(points) - 1 or x1 - x0 > column:
        return True
    return not _jumps(points[i - 2][1], y0, y1, points[i + 1][1])


def _jumps(y0: float, y1: float, y2: float, y3: float) -> bool:
    """Whether a curve through these four heights jumps in the middle.

    It does if its middle step goes against both its neighbours and is longer than they are together, as with
    1/x and x - floor(x). A continuous curve, however steep, comes and goes the way it climbs.
    """
    if not (y0 < y1 > y2 < y3 or y0 > y1 < y2 > y3):
        return False
    return abs(y2 / 4 - y1 / 4) > abs(y1 / 4 - y0 / 4) + abs(y3 / 4 - y2 / 4)


def _away_from_poles(found: list[Piece], near: float) -> Iterator[float]:
    """The heights of a curve's pieces but for those within `near` of where it runs off to infinity."""
    poles = [p.points[0][0] for p in found if p.cut_before and _diverges(p.points[2::-1])]
    poles += [p.points[-1][0] for p in found if p.cut_after and _diverges(p.points[-3:])]
    return (y for piece in found for x, y in piece.points if not any(abs(x - pole) < near for pole in poles))


def _diverges(last: list[tuple[float, float]]) -> bool:
    """Whether a curve whose last three points these are grows without bound.

    At distances 1024, 32 and 1 from the end, as `sample_points` has them, a bounded curve has hardly a way
    left to go; a logarithm goes as far again, and a pole 32 times as far.
    """
    if len(last) < 3:
        return False
    step, way = (last[2][1] / 2 - last[1][1] / 2), (last[1][1] / 2 - last[0][1] / 2)
    return abs(step) > 0.6 * abs(way) > 0 and (step > 0) == (way > 0)


def _extent(values: Iterable[float]) -> tuple[float, float]:
    """The least and the largest; (inf, -inf) of nothing."""
    known = list(values)
    return min(known, default=math.inf), max(known, default=-math.inf)
