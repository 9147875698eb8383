"""The places where a function, or its slope, is not smooth: what a plot or a search must not step over."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.door import slope
from actcli.core.engine import Reading, compute
from actcli.formats import FLOATS

if TYPE_CHECKING:
    from actcli.core.spec import Bound

__all__ = ["Corner", "breakpoints", "corners", "jumps"]

_STEP = 2.0**-30
_STEEP = 2.0**12
"""What values next to each other differ by, at least, where there is a jump between them: of their size, and of the
distance between their places."""


def breakpoints(bounds: Sequence[Bound], low: float, high: float) -> list[float]:
    """The kinks of all `bounds` from `low` to `high`, ascending, each as the nearest float64."""
    places = {float(at) + 0.0 for bound in bounds for at in bound.places}
    return sorted(at for at in places if low <= at <= high)


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


def corners(bound: Bound) -> list[Corner]:
    """The kinks of an activation, in the order of its entry."""
    places = np.array([float(at) for at in bound.places])
    slopes = [compute(slope(bound, side=side), places, FLOATS["float64"]).tolist() for side in (-1, 0, 1)]
    return [Corner(*numbers) for numbers in zip(places.tolist(), *slopes, strict=True)]
