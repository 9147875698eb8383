"""Breakpoints: kinks and jumps as floats. A plot or a search must not step over them.

The catalogue entry or the expression lists its kinks as exact numbers. Kinks at irrational points, such as that of
max(x, cos(x)), are located by sampling and bisection.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.analysis.search import bisect_steps
from actcli.core.arithmetic.ball import Ball
from actcli.core.arithmetic.signals import OutsideDomain, Undecided
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.number_line import neighbours
from actcli.core.evaluation.one_sided import Sides
from actcli.core.evaluation.quantity import Quantity, derivative_quantity
from actcli.core.evaluation.undecided import SEARCH_LIMIT, counting_undecided
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Floats

__all__ = ["NumericKink", "breakpoints", "discontinuities", "jumps", "numeric_kinks", "unlisted_kinks"]

_FLOAT64 = FLOATS["float64"]
_SEARCH_RADIUS = 16.0
"""Unlisted kinks are searched from minus this x to this x, unless the caller asks for another radius."""

# --- an unlisted kink: f or f' changes abruptly between two samples -----------------------------------------
_SAMPLES = 4094
"""Evenly spaced samples of the search: about 128 per unit of x in the default range. The number of steps, 4093, is a
prime, so that no sample is at a simple number: a jump whose middle value is sampled has no outlier among its steps."""
_OUTLIER_FACTOR = 4.0
"""A step is an outlier if it differs from its neighbours this many times as much as smooth steps nearby do."""
_MIN_STEP = 1e-6
"""The least step taken for a kink, absolute up to |f| = 1 and relative beyond: far above float64's rounding errors."""

# --- a jump: values at neighbouring floats differ by more than any continuous function in use would ---------
_JUMP_RTOL = 2.0**-30
"""The least jump relative to |f|. Rounding errors are 2**-53; below 2**-30 |f| is taken as 2**-30."""
_JUMP_SLOPE = 2.0**12
"""The least jump relative to the distance of the two floats: a steeper continuous function counts as jumping."""


def breakpoints(bounds: Sequence[BoundActivation], low: float, high: float) -> list[float]:
    """Return the kinks of all `bounds` in [low, high], ascending, each as a float64 within one ulp of it."""
    points = {float(at) + 0.0 for bound in bounds for at in bound.kink_points}
    points |= {at for bound in bounds for at in unlisted_kinks(bound, low, high)}
    return sorted(at for at in points if low <= at <= high)


def unlisted_kinks(bound: BoundActivation, low: float, high: float) -> list[float]:
    """Return the kinks in [low, high] that the formula does not state, each as a float64 within one ulp of it.

    f and f' are sampled. Where a step between two samples is an outlier among the neighbouring steps, the interval is
    bisected to neighbouring floats. It holds a kink if the step is still there.
    """
    if not bound.activation.has_unlisted_kinks or not low < high or math.isinf(high - low):
        return []
    x = np.linspace(low, high, _SAMPLES)
    found: set[float] = set()
    for quantity in (Quantity(bound), derivative_quantity(bound)):
        with counting_undecided(SEARCH_LIMIT), np.errstate(all="ignore"):
            found.update(_abrupt_steps(quantity, x))
    listed = [float(at) for at in bound.kink_points]
    return sorted(at for at in found if not any(abs(at - kink) <= 2 * math.ulp(kink) for kink in listed))


def _abrupt_steps(quantity: Quantity, x: Floats) -> list[float]:
    """Return a float64 next to each point between two of the x where the quantity jumps."""
    y = evaluate(quantity, x, _FLOAT64)
    step = np.diff(y)
    curvature = np.abs(np.diff(step))
    # The second difference of the steps, against the curvature of the function on either side.
    deviation = np.abs(step[2:-2] - (step[1:-3] + step[3:-1]) / 2)
    smooth = np.maximum(curvature[:-3], curvature[3:])
    start = 2 + np.flatnonzero(deviation > np.maximum(_OUTLIER_FACTOR * smooth, _MIN_STEP / 2))
    low, high, at_low, at_high = bisect_steps(
        lambda points: evaluate(quantity, points, _FLOAT64), x[start], x[start + 1], y[start], y[start + 1]
    )
    abrupt = np.abs(at_high - at_low) > _MIN_STEP * np.maximum(1.0, np.abs(at_low))
    # Report the neighbour with fewer digits: a kink next to a simple number is most likely at that number.
    pairs = zip(low[abrupt].tolist(), high[abrupt].tolist(), strict=True)
    return [min(pair, key=lambda end: len(repr(end))) for pair in pairs]


def jumps(quantity: Quantity, points: Sequence[float]) -> list[float]:
    """Return the `points` at which the quantity is discontinuous, judged by its values at the neighbouring floats."""
    return discontinuities(lambda x: evaluate(quantity, x, _FLOAT64), points)


def discontinuities(f: Callable[[Floats], Floats], points: Sequence[float]) -> list[float]:
    """Return the `points` at which f is discontinuous, judged by its values at the neighbouring floats."""
    if not points:
        return []
    at = np.array(points)
    below, above = neighbours(at)
    points_around = np.stack([below, at, above])
    values = f(points_around.ravel()).reshape(points_around.shape)
    with np.errstate(all="ignore"):
        size = np.maximum(np.abs(values).max(axis=0), _JUMP_RTOL)
        difference = values.max(axis=0) - values.min(axis=0)
        is_jump = difference > np.maximum(_JUMP_RTOL * size, _JUMP_SLOPE * np.spacing(np.abs(at)))
    return at[is_jump | np.isnan(difference)].tolist()


@dataclass(frozen=True)
class NumericKink:
    """A kink in numbers: its x, the one-sided derivatives, and the derivative chosen at the kink (`given`)."""

    at: float
    left: float
    given: float
    right: float


def numeric_kinks(bound: BoundActivation, search_radius: float = _SEARCH_RADIUS) -> list[NumericKink]:
    """Return the kinks of an activation: the listed ones in the order of its entry, then the unlisted ones.

    Listed points at which f is smooth with these parameters are left out. Unlisted kinks are searched from
    -search_radius to search_radius.
    """
    chosen = dict(bound.kinks)
    listed = [_numeric_kink(bound, at, chosen.get(at)) for at in bound.kink_points]
    return [kink for kink in listed if kink is not None] + _unlisted_numeric_kinks(bound, search_radius)


def _numeric_kink(bound: BoundActivation, at: Fraction, chosen: Fraction | None) -> NumericKink | None:
    with suppress(Undecided, OutsideDomain, ZeroDivisionError):
        sides = Sides.of(bound.evaluate_exact, at)
        if sides.is_kink:
            derivatives = (sides.left[1], sides.here[1] if chosen is None else chosen, sides.right[1])
            return NumericKink(float(at), *map(_nearest_float, derivatives))
    return None


def _unlisted_numeric_kinks(bound: BoundActivation, search_radius: float) -> list[NumericKink]:
    at = np.array(unlisted_kinks(bound, -search_radius, search_radius))
    below, above = neighbours(at)
    points = below, at, above
    derivatives = (evaluate(derivative_quantity(bound), x, _FLOAT64).tolist() for x in points)
    return list(map(NumericKink, at.tolist(), *derivatives))


def _nearest_float(value: Any) -> float:
    """Return the float64 nearest to an exact number, or to the midpoint of a ball."""
    if isinstance(value, int | Fraction):
        return _FLOAT64.nearest(Fraction(value))
    return float((value if isinstance(value, Ball) else value.enclosing_ball()).mid)
