"""The places where a function, or its slope, is not smooth: what a plot or a search must not step over."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.arithmetic.ball import Ball
from actcli.core.arithmetic.signals import OutsideDomain, Undecided
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.one_sided import differ, one_sided
from actcli.core.evaluation.quantity import Quantity, derivative_quantity
from actcli.core.evaluation.undecided import SEARCH_LIMIT, counting_undecided
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Floats

__all__ = ["NumericKink", "breakpoints", "jumps", "numeric_kinks", "unlisted_kinks"]

_SAMPLES = 4097
_OUTSTANDING = 4.0
_CLEAR = 1e-6
"""What a sudden change is: so many times as far from those beside it as these are from others, and so much of the
size, or of 1."""
_STEP = 2.0**-30
_STEEP = 2.0**12
"""What values next to each other differ by, at least, where there is a jump between them: of their size, and of the
distance between their places."""


def breakpoints(bounds: Sequence[BoundActivation], low: float, high: float) -> list[float]:
    """The kinks of all `bounds` from `low` to `high`, ascending, each as a float64 that is next to it."""
    places = {float(at) + 0.0 for bound in bounds for at in bound.kink_points}
    places |= {at for bound in bounds for at in unlisted_kinks(bound, low, high)}
    return sorted(at for at in places if low <= at <= high)


def unlisted_kinks(bound: BoundActivation, low: float, high: float) -> list[float]:
    """The kinks from `low` to `high` that lie at no number which the formula names, each as a float64 next to it.

    They are found by looking: where the function, or its slope, changes otherwise from one point to the next than it
    does before and after, the stretch is halved until its ends are neighbours, and the change must still be there.
    """
    if not bound.activation.has_unlisted_kinks or not low < high or math.isinf(high - low):
        return []
    x = np.linspace(low, high, _SAMPLES)
    found: set[float] = set()
    for quantity in (Quantity(bound), derivative_quantity(bound)):
        with counting_undecided(SEARCH_LIMIT), np.errstate(all="ignore"):
            for at in _bisect_kink(quantity, x):
                found.add(at)
    known = [float(at) for at in bound.kink_points]
    return sorted(at for at in found if not any(abs(at - place) <= 2 * math.ulp(place) for place in known))


def _bisect_kink(quantity: Quantity, x: Floats) -> list[float]:
    """Next to where the reading changes suddenly."""
    y = evaluate(quantity, x, FLOATS["float64"])
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
        value = evaluate(quantity, middle, FLOATS["float64"])
        left = open_ & (np.abs(value - below) > np.abs(above - value))
        right = open_ & ~left
        high, above = np.where(left, middle, high), np.where(left, value, above)
        low, below = np.where(right, middle, low), np.where(right, value, below)
    still = np.abs(above - below) > _CLEAR * np.maximum(1.0, np.abs(below))
    ends = zip(low[still].tolist(), high[still].tolist(), strict=True)
    # Of the two the one of fewer digits: a kink that is next to a simple number is said to be there.
    return [min(pair, key=lambda end: len(repr(end))) for pair in ends]


def jumps(quantity: Quantity, places: Sequence[float]) -> list[float]:
    """Those of `places` at which the reading's one-sided values, or its own value there, differ."""
    if not places:
        return []
    at = np.array(places)
    points = np.stack([np.nextafter(at, -math.inf), at, np.nextafter(at, math.inf)])
    near = evaluate(quantity, points.ravel(), FLOATS["float64"]).reshape(points.shape)
    with np.errstate(all="ignore"):
        apart = near.max(axis=0) - near.min(axis=0)
        jump = apart > np.maximum(_STEP * np.maximum(np.abs(near).max(axis=0), _STEP), _STEEP * np.spacing(np.abs(at)))
    return at[jump | np.isnan(apart)].tolist()


@dataclass(frozen=True)
class NumericKink:
    """A kink as numbers: where it is, the slopes on its two sides, and the slope that is given there."""

    at: float
    left: float
    given: float
    right: float


def numeric_kinks(bound: BoundActivation, reach: float = 16.0) -> list[NumericKink]:
    """The kinks of an activation, in the order of its entry, then those found from -reach to reach by looking.

    What is no kink with these parameters is left out.
    """
    given = dict(bound.kinks)
    found = [_numeric_kink(bound, at, given.get(at)) for at in bound.kink_points]
    return [corner for corner in found if corner is not None] + _unlisted_numeric_kinks(bound, reach)


def _numeric_kink(bound: BoundActivation, at: Fraction, given: Fraction | None) -> NumericKink | None:
    with suppress(Undecided, OutsideDomain, ZeroDivisionError):
        left, here, right = (one_sided(bound.evaluate_exact, at, side) for side in (-1, 0, 1))
        if differ(left[0], right[0]) or differ(left[0], here[0]) or differ(left[1], right[1]):
            return NumericKink(
                float(at), _number(left[1]), _number(here[1] if given is None else given), _number(right[1])
            )
    return None


def _unlisted_numeric_kinks(bound: BoundActivation, reach: float) -> list[NumericKink]:
    places = np.array(unlisted_kinks(bound, -reach, reach))
    points = np.nextafter(places, -math.inf), places, np.nextafter(places, math.inf)
    left, given, right = (evaluate(derivative_quantity(bound), x, FLOATS["float64"]).tolist() for x in points)
    return list(map(NumericKink, places.tolist(), left, given, right))


def _number(value: Any) -> float:
    """The float64 nearest to an exact number, or to the middle of a ball."""
    if isinstance(value, int | Fraction):
        return FLOATS["float64"].nearest(Fraction(value))
    return float((value if isinstance(value, Ball) else value.enclosing_ball()).mid)
