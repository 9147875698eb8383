"""Properties of an activation for its current parameters: as stated in the catalogue, or inferred by sampling.

A catalogue entry states the properties for its default parameters. For other parameters, and for expressions, f is
sampled: densely near 0 and its kinks, more and more sparsely up to the largest floats. An inferred property holds at
all samples. The range is unknown (None) if a sample lies outside the interval that limits, extrema and kinks imply.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from actcli.core.analysis.breakpoints import breakpoints, jumps
from actcli.core.analysis.landmarks import extrema, is_zero, limits, search_radius
from actcli.core.analysis.maxima import ascending, search_points
from actcli.core.catalogue.activation import Properties
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import Quantity, derivative_quantity
from actcli.core.evaluation.undecided import SEARCH_LIMIT, counting_undecided
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Floats

__all__ = ["KnownProperties", "properties_of"]

_FLOAT64 = FLOATS["float64"]
_FAR_OCTAVES = np.concatenate([np.arange(0, 40, 0.25), np.arange(40, 1000, 96)])
"""Samples beyond the search radius, as powers of two of it: four per octave to 2**40, then few."""


class KnownProperties(NamedTuple):
    """Properties, and whether they are stated in the catalogue (else they are inferred)."""

    properties: Properties
    is_stated: bool


def properties_of(bound: BoundActivation) -> KnownProperties:
    """Return the properties of `bound`; those of a vector activation are always the stated ones."""
    entry = bound.activation
    if entry.is_vector or bound.has_stated_properties:
        return KnownProperties(entry.properties, True)
    # The search may meet undecided results at points that the user has not asked for.
    with counting_undecided(SEARCH_LIMIT):
        return KnownProperties(_infer(bound), False)


def _infer(bound: BoundActivation) -> Properties:
    radius = search_radius(bound)
    points = breakpoints([bound], -radius, radius)
    near = search_points(-radius, radius, points)
    quantity = Quantity(bound)
    discontinuities = jumps(quantity, points)
    ends = limits(bound)
    # Periodic tails repeat and are slow to evaluate: do not sample beyond the search radius.
    x = near if any(map(math.isnan, ends["f"])) else _with_far_points(near, radius)
    y = evaluate(quantity, x, _FLOAT64)
    mirrored = -evaluate(quantity, -x, _FLOAT64)
    is_defined = not np.isnan(y).any()
    left, right = (math.isfinite(f) and derivative == 0 for f, derivative in zip(ends["f"], ends["slope"], strict=True))
    return Properties(
        range=_range(bound, near, x, y, ends["f"], discontinuities) if is_defined else None,
        monotone=_is_monotone(y, evaluate(derivative_quantity(bound), x, _FLOAT64)),
        odd=bool(((y == mirrored) | (np.isnan(y) & np.isnan(mirrored))).all()),
        saturates=("both" if right else "left") if left else ("right" if right else "no"),
    )


def _with_far_points(near: Floats, radius: float) -> Floats:
    """Return the points together with more beyond them, up to the largest floats."""
    with np.errstate(over="ignore"):
        far = radius * np.exp2(_FAR_OCTAVES)
    far = far[np.isfinite(far)]
    return ascending(np.concatenate([-far, near, far]))


def _is_monotone(y: Floats, derivatives: Floats) -> bool | None:
    """Return whether the values never decrease; None if some are nan."""
    if (y[1:] < y[:-1]).any() or (derivatives < 0).any():
        return False
    return None if np.isnan(y).any() or np.isnan(derivatives).any() else True


def _range(
    bound: BoundActivation, near: Floats, x: Floats, y: Floats, limits: tuple[float, float], jumps: Sequence[float]
) -> str | None:
    """Return the range as an interval such as "[0, inf)"; None if it is unknown.

    Its ends are limits, which are not attained, or values of f at extrema and within the search radius.
    """
    if any(map(math.isnan, limits)):
        return None
    candidates = [(limit, False) for limit in limits]
    candidates += [(turn.value, True) for turn in extrema(bound, near, jumps)]
    within = y[(x >= near[0]) & (x <= near[-1])]
    for value in (float(within.min()), float(within.max())):
        candidates.append((value, _is_attained(bound, value, x[y == value], value in limits, jumps)))
    ends = []
    for choose, sampled in ((min, float(y.min())), (max, float(y.max()))):
        end = choose(value for value, _ in candidates)
        if choose(end, sampled) != end:
            return None
        ends.append((f"{end + 0.0:.16g}", any(attained for value, attained in candidates if value == end)))
    (low, includes_low), (high, includes_high) = ends
    return f"{'[' if includes_low else '('}{low}, {high}{']' if includes_high else ')'}"


def _is_attained(bound: BoundActivation, value: float, x: Floats, is_limit: bool, jumps: Sequence[float]) -> bool:
    """Return whether f attains `value`; x are the samples at which f rounds to it.

    Next to a jump f may only approach the value. So it does where the value is a limit, unless f is constant there.
    """
    next_to_jump = {math.nextafter(at, side) for at in jumps for side in (-math.inf, math.inf)}
    points = [at for at in x.tolist() if at not in next_to_jump]
    return bool(points) and (not is_limit or is_zero(derivative_quantity(bound), points[len(points) // 2]))
