"""The Lipschitz constant sup |f'|, and where |f'| attains it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.analysis.breakpoints import numeric_kinks
from actcli.core.analysis.maxima import AbsoluteValue
from actcli.core.evaluation.quantity import derivative_quantity

if TYPE_CHECKING:
    from actcli.core.analysis.evidence import Evidence
    from actcli.core.analysis.maxima import Location
    from actcli.core.analysis.survey import Survey
    from actcli.core.evaluation.enclosures import Enclosures
    from actcli.core.evaluation.quantity import BoundActivation

__all__ = ["find_steepest", "proven_steepest"]

_STEEPNESS_RTOL = 1e-9
"""The Lipschitz constant counts as proven if the bound of |f'| exceeds it by at most this, relative to it."""
_POLE_FACTOR = 1e6
"""If |f'| has no bound and is this many times the constant found, it is taken to be unbounded."""
_PEAK_MARGIN = 16
"""Widths of the cell with the steepest point, or ulps, by which the search for it extends on either side."""
_END_NEAR_ZERO = 1e-15
"""An interval end closer to 0 than this is reported as 0: |f'| = max - O(x**2) cannot resolve it."""
_FAR = 1e300
"""Stands for an infinite end of an interval."""


def proven_steepest(
    bound: BoundActivation, known: Survey, radius: float, limits: tuple[float, float], has_jumps: bool
) -> tuple[float, tuple[Location, ...], float, Evidence]:
    """Return the Lipschitz constant, where |f'| attains it, a proven bound of it, and the evidence.

    The constant is nan if |f'| is unbounded at a point.
    """
    size, locations = find_steepest(bound, (-radius, radius), radius, limits, has_jumps)
    if math.isnan(size) or known.enclosures.gaps:
        return math.nan, (), math.inf, "observed"
    if math.isinf(size):
        return size, locations, math.inf, "proven"
    found, everywhere = known.steepness
    if found.least > size * (1 + _STEEPNESS_RTOL) and found.peak is not None:
        if math.isinf(found.greatest) and found.least > _POLE_FACTOR * size:
            return math.nan, (), math.inf, "observed"
        # The search has missed the steepest point: repeat it around the cell that branch and bound has found.
        low, high = found.peak
        margin = _PEAK_MARGIN * max(high - low, math.ulp(max(abs(low), abs(high))))
        size, locations = find_steepest(bound, (low - margin, high + margin), math.inf, limits, has_jumps)
    locations = tuple(at for at in locations if isinstance(at, float) or _is_straight(known.enclosures, at))
    if not found.greatest <= size * (1 + _STEEPNESS_RTOL):
        return size, locations, found.greatest, "observed"
    return size, locations, found.greatest, "proven" if everywhere else "searched"


def _is_straight(enclosures: Enclosures, interval: tuple[float, float]) -> bool:
    """Return whether f' is constant in the interval, and does not only approach a limit, as in the tail of softplus."""
    from actcli.core.evaluation.enclosures import Cells

    low, high = (min(max(end, -_FAR), _FAR) for end in interval)
    closed = np.zeros(2, dtype=bool)
    inner = np.array([low + (high - low) * 0.25, low + (high - low) * 0.5])
    cells = Cells(inner, np.nextafter(inner, math.inf), closed, closed)
    return bool((enclosures.second_derivative(cells).magnitude == 0).all())


def find_steepest(
    bound: BoundActivation,
    x_range: tuple[float, float],
    radius: float,
    limits: tuple[float, float],
    has_jumps: bool,
) -> tuple[float, tuple[Location, ...]]:
    """Return the Lipschitz constant and where |f'| attains it within a range; `limits` are those of f'."""
    if has_jumps:
        return math.inf, ()
    steepness = AbsoluteValue(derivative_quantity(bound), *x_range)
    size, locations = steepness.maximum()
    # A maximum at an end of the search is no maximum of f': the limit decides.
    locations = tuple(
        location for location in locations if isinstance(location, tuple) or x_range[0] < location < x_range[1]
    )
    limit = max(map(abs, limits))
    if not steepness.whole or (math.isnan(limit) and not locations):
        return math.nan, ()
    kinks = numeric_kinks(bound)
    for kink in kinks:
        # The samples include the floats next to a kink, not its one-sided limits.
        one_sided = max(abs(kink.left), abs(kink.right))
        if one_sided >= size and any(isinstance(at, float) and _is_adjacent(at, kink.at) for at in locations):
            size, locations = one_sided, (kink.at,)
    if limit > size or not locations:
        return limit, ()
    return size, tuple(
        at if isinstance(at, float) else _extended(at, radius, size, limits, [kink.at for kink in kinks])
        for at in locations
    )


def _is_adjacent(x: float, kink: float) -> bool:
    return abs(x - kink) <= 2 * math.ulp(kink)


def _extended(
    interval: tuple[float, float], radius: float, size: float, limits: tuple[float, float], kinks: list[float]
) -> Location:
    """Return the interval extended to adjacent kinks, and to infinity if the limit of |f'| is `size` on that side."""
    ends = (0.0 if abs(end) < _END_NEAR_ZERO else end for end in interval)
    low, high = (next((kink for kink in kinks if _is_adjacent(end, kink)), end) for end in ends)
    return (
        -math.inf if low == -radius and abs(limits[0]) == size else low,
        math.inf if high == radius and abs(limits[1]) == size else high,
    )
