"""The places where a function, or its slope, is not smooth: what a plot or a search must not step over."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.arithmetic.exact_ball import Ball, OutsideDomain, Undecided
from actcli.core.door import slope
from actcli.core.engine import Reading, compute
from actcli.core.sides import beside, differ
from actcli.core.unknown import SEARCHING, tallied
from actcli.formats import FLOATS

if TYPE_CHECKING:
    from actcli.core.spec import Bound
    from actcli.formats import Floats

__all__ = ["Corner", "breakpoints", "corners", "hidden", "jumps"]

_LOOKS = 4097
_OUTSTANDING = 4.0
_CLEAR = 1e-6
"""What a sudden change is: so many times as far from those beside it as these are from others, and so much of the
size, or of 1."""
_STEP = 2.0**-30
_STEEP = 2.0**12
"""What values next to each other differ by, at least, where there is a jump between them: of their size, and of the
distance between their places."""


def breakpoints(bounds: Sequence[Bound], low: float, high: float) -> list[float]:
    """The kinks of all `bounds` from `low` to `high`, ascending, each as a float64 that is next to it."""
    places = {float(at) + 0.0 for bound in bounds for at in bound.places}
    places |= {at for bound in bounds for at in hidden(bound, low, high)}
    return sorted(at for at in places if low <= at <= high)


def hidden(bound: Bound, low: float, high: float) -> list[float]:
    """The kinks from `low` to `high` that lie at no number which the formula names, each as a float64 next to it.

    They are found by looking: where the function, or its slope, changes otherwise from one point to the next than it
    does before and after, the stretch is halved until its ends are neighbours, and the change must still be there.
    """
    if not bound.activation.hides or not low < high or math.isinf(high - low):
        return []
    x = np.linspace(low, high, _LOOKS)
    found: set[float] = set()
    for reading in (Reading(bound), slope(bound)):
        with tallied(SEARCHING), np.errstate(all="ignore"):
            for at in _sudden(reading, x):
                found.add(at)
    known = [float(at) for at in bound.places]
    return sorted(at for at in found if not any(abs(at - place) <= 2 * math.ulp(place) for place in known))


def _sudden(reading: Reading, x: Floats) -> list[float]:
    """Next to where the reading changes suddenly."""
    y = compute(reading, x, FLOATS["float64"])
    change = np.diff(y)
    bend = np.abs(np.diff(change))
    # How far a change is from those beside it, and how far these are from the next.
    apart = np.abs(change[2:-2] - (change[1:-3] + change[3:-1]) / 2)
    start = 2 + np.flatnonzero(apart > np.maximum(_OUTSTANDING * np.maximum(bend[:-3], bend[3:]), _CLEAR / 2))
    low, high, below, above = x[start], x[start + 1], y[start], y[start + 1]
    while True:
        middle = low + (high - low) / 2
        open_ = (middle > low) & (middle < high)
        if not open_.any():
            break
        value = compute(reading, middle, FLOATS["float64"])
        left = open_ & (np.abs(value - below) > np.abs(above - value))
        right = open_ & ~left
        high, above = np.where(left, middle, high), np.where(left, value, above)
        low, below = np.where(right, middle, low), np.where(right, value, below)
    still = np.abs(above - below) > _CLEAR * np.maximum(1.0, np.abs(below))
    ends = zip(low[still].tolist(), high[still].tolist(), strict=True)
    # Of the two the one of fewer digits: a kink that is next to a simple number is said to be there.
    return [min(pair, key=lambda end: len(repr(end))) for pair in ends]


def jumps(reading: Reading, places: Sequence[float]) -> list[float]:
    """Those of `places` at which the reading's one-sided values, or its own value there, differ."""
    if not places:
        return []
    at = np.array(places)
    points = np.stack([np.nextafter(at, -math.inf), at, np.nextafter(at, math.inf)])
    near = compute(reading, points.ravel(), FLOATS["float64"]).reshape(points.shape)
    with np.errstate(all="ignore"):
        apart = near.max(axis=0) - near.min(axis=0)
        jump = apart > np.maximum(_STEP * np.maximum(np.abs(near).max(axis=0), _STEP), _STEEP * np.spacing(np.abs(at)))
    return at[jump | np.isnan(apart)].tolist()


@dataclass(frozen=True)
class Corner:
    """A kink as numbers: where it is, the slopes on its two sides, and the slope that is given there."""

    at: float
    left: float
    given: float
    right: float


def corners(bound: Bound, reach: float = 16.0) -> list[Corner]:
    """The kinks of an activation, in the order of its entry, then those found from -reach to reach by looking.

    What is no kink with these parameters is left out.
    """
    given = dict(bound.kinks)
    found = [_corner(bound, at, given.get(at)) for at in bound.places]
    return [corner for corner in found if corner is not None] + _hidden_corners(bound, reach)


def _corner(bound: Bound, at: Fraction, given: Fraction | None) -> Corner | None:
    with suppress(Undecided, OutsideDomain, ZeroDivisionError):
        left, here, right = (beside(bound.formula, at, side) for side in (-1, 0, 1))
        if differ(left[0], right[0]) or differ(left[0], here[0]) or differ(left[1], right[1]):
            return Corner(float(at), _number(left[1]), _number(here[1] if given is None else given), _number(right[1]))
    return None


def _hidden_corners(bound: Bound, reach: float) -> list[Corner]:
    places = np.array(hidden(bound, -reach, reach))
    points = np.nextafter(places, -math.inf), places, np.nextafter(places, math.inf)
    left, given, right = (compute(slope(bound), x, FLOATS["float64"]).tolist() for x in points)
    return list(map(Corner, places.tolist(), left, given, right))


def _number(value: Any) -> float:
    """The float64 nearest to an exact number, or to the middle of a ball."""
    if isinstance(value, int | Fraction):
        return FLOATS["float64"].nearest(Fraction(value))
    return float((value if isinstance(value, Ball) else value.enclosed()).mid)
