"""Numerical searches: bisection of intervals down to neighbouring float64, and zooming on a maximum."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from actcli.number_formats import Floats

__all__ = ["bisect", "bisect_sign_changes", "bisect_steps", "zoom"]

X = TypeVar("X", float, Fraction)


def bisect(holds: Callable[[X], bool], inside: X, outside: X, max_halvings: int | None = None) -> tuple[X, X]:
    """Return (a, b) between `inside`, where `holds` is true, and `outside`, where it is false, still true and false.

    With floats a and b are neighbours, unless `max_halvings` ends the bisection before. Fractions require that limit.
    """
    halvings = 0
    while halvings != max_halvings:
        middle = _middle(inside, outside)
        if middle in (inside, outside):
            break
        if holds(middle):
            inside = middle
        else:
            outside = middle
        halvings += 1
    return inside, outside


def _middle(a: X, b: X) -> X:
    """Return the mean of a and b; the distance of two float64 may overflow."""
    distance = b - a
    return a / 2 + b / 2 if distance in (math.inf, -math.inf) else a + distance / 2


def bisect_sign_changes(f: Callable[[Floats], Floats], low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Shrink each interval to the neighbouring floats between which f changes its sign, as it does in the interval.

    If f is 0 at a midpoint, that interval becomes the point.
    """
    low, high = low.copy(), high.copy()
    signs = np.sign(f(low))
    while (wide := np.flatnonzero(np.nextafter(low, high) != high)).size:
        with np.errstate(over="ignore"):
            distance = high[wide] - low[wide]
        middle = np.where(np.isinf(distance), low[wide] / 2 + high[wide] / 2, low[wide] + distance / 2)
        at_middle = np.sign(f(middle))
        is_low, is_zero = at_middle == signs[wide], at_middle == 0
        low[wide] = np.where(is_low | is_zero, middle, low[wide])
        high[wide] = np.where(is_low, high[wide], middle)
    return low, high


def bisect_steps(
    f: Callable[[Floats], Floats], low: Floats, high: Floats, at_low: Floats, at_high: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Shrink each interval to neighbouring floats, always to the half in which f changes more.

    low, high         the ends of the intervals
    at_low, at_high   f at these ends
    returns           the same four arrays for the shrunken intervals
    """
    while True:
        middle = _middles(low, high)
        inside = (middle > low) & (middle < high)
        if not inside.any():
            return low, high, at_low, at_high
        value = f(middle)
        in_left = inside & (np.abs(value - at_low) > np.abs(at_high - value))
        in_right = inside & ~in_left
        high, at_high = np.where(in_left, middle, high), np.where(in_left, value, at_high)
        low, at_low = np.where(in_right, middle, low), np.where(in_right, value, at_low)


def _middles(low: Floats, high: Floats) -> Floats:
    """Return a point between the ends: the mean, or 0, or the geometric mean if they differ by more than 2^64.

    Next to 0 a bisection by means alone would take a step for each of the 1074 binades.
    """
    with np.errstate(all="ignore"):
        middle = low + (high - low) / 2
        near, far = np.minimum(np.abs(low), np.abs(high)), np.maximum(np.abs(low), np.abs(high))
        near = np.maximum(near, 5e-324)
        geometric = np.copysign(np.sqrt(near) * np.sqrt(far), low + high)
        middle = np.where((near < far * 2.0**-64) & (low * high >= 0), geometric, middle)
        return np.where((low < 0) & (high > 0), 0.0, middle)


def zoom(
    f: Callable[[Floats], Floats], refine: Callable[[Floats, float, int], Floats], x: Floats, steps: int
) -> tuple[float, float]:
    """Return the largest value of f that is found, and its x.

    f is evaluated at the points `x`, then `steps` times at finer points around the best x so far: refine(x, best, step)
    returns them from the points of the previous step.
    """
    values = f(x)
    i = int(np.argmax(values))
    largest, best = float(values[i]), float(x[i])
    for step in range(steps):
        x = refine(x, best, step)
        values = f(x)
        i = int(np.argmax(values))
        if values[i] > largest:
            largest, best = float(values[i]), float(x[i])
    return largest, best
