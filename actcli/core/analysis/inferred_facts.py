"""Properties of an activation for its current parameters: as stated in the catalogue, or inferred by sampling.

A catalogue entry states the properties for its default parameters. For other parameters, and for expressions, f is
sampled: densely near 0 and its kinks, more and more sparsely up to the largest floats, and at the ends of the cells of
the survey. An inferred property holds at all samples; the survey proves it, or it is only observed. The range is
unknown (None) if a sample lies outside the interval that limits, extrema and kinks imply.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from actcli.core.analysis.breakpoints import breakpoints, jumps
from actcli.core.analysis.landmarks import extrema, is_zero, limits, search_radius
from actcli.core.analysis.maxima import ascending, sample_points, within
from actcli.core.catalogue.activation import Properties
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import Quantity, derivative_quantity
from actcli.core.evaluation.undecided import SEARCH_LIMIT, counting_undecided
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.core.analysis.evidence import Evidence
    from actcli.core.arithmetic.array_types import Bools
    from actcli.core.evaluation.enclosures import Enclosures
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Floats

__all__ = ["KnownProperties", "properties_of"]

_FACTS = ("range", "monotone", "odd", "saturates")
_FLOAT64 = FLOATS["float64"]
_FAR_OCTAVES = np.concatenate([np.arange(0, 40, 0.25), np.arange(40, 1000, 96)])
"""Samples beyond the search radius, as powers of two of it: four per octave to 2**40, then few."""


class KnownProperties(NamedTuple):
    """Properties, whether they are stated in the catalogue (else they are inferred), and the evidence for each."""

    properties: Properties
    is_stated: bool
    evidence: dict[str, Evidence]


def properties_of(bound: BoundActivation) -> KnownProperties:
    """Return the properties of `bound`; those of a vector activation are always the stated ones."""
    entry = bound.activation
    if entry.is_vector or bound.has_stated_properties:
        return KnownProperties(entry.properties, True, dict.fromkeys(_FACTS, "proven"))
    # The search may meet undecided results at points that the user has not asked for.
    with counting_undecided(SEARCH_LIMIT):
        return KnownProperties(*_infer(bound))


def _infer(bound: BoundActivation) -> tuple[Properties, bool, dict[str, Evidence]]:
    # Enclosures are imported late: the facts at default parameters need none.
    from actcli.core.analysis.parity import is_odd_formula
    from actcli.core.analysis.proofs import FALLING, NEGLIGIBLE, TURN, UNDECIDED
    from actcli.core.analysis.survey import survey

    radius = search_radius(bound)
    points = breakpoints([bound], -radius, radius)
    quantity = Quantity(bound)
    near = sample_points(lambda x: evaluate(derivative_quantity(bound), x, _FLOAT64), -radius, radius, points)
    discontinuities = jumps(quantity, points)
    ends = limits(bound)
    known = survey(bound, radius, ends)
    near = ascending(np.concatenate([near, within(known.points, -radius, radius)]))
    # Periodic tails repeat and are slow to evaluate: do not sample beyond the search radius.
    x = near if any(map(math.isnan, ends["f"])) else _with_far_points(np.concatenate([near, known.points]), radius)
    y = evaluate(quantity, x, _FLOAT64)
    mirrored = -evaluate(quantity, -x, _FLOAT64)
    is_defined = not np.isnan(y).any()
    left, right = (math.isfinite(f) and derivative == 0 for f, derivative in zip(ends["f"], ends["slope"], strict=True))
    properties = Properties(
        range=_range(known.enclosures, x, y, radius, ends["f"], discontinuities) if is_defined else None,
        monotone=_is_monotone(y, evaluate(derivative_quantity(bound), x, _FLOAT64)),
        odd=bool(((y == mirrored) | (np.isnan(y) & np.isnan(mirrored))).all()),
        saturates=("both" if right else "left") if left else ("right" if right else "no"),
    )
    course = known.course
    rises = course.is_decided and not np.isin(course.kind, (FALLING, TURN, NEGLIGIBLE)).any()
    # An undecided cell may hide a pole: f is bounded there only if its enclosure is.
    undecided = known.enclosures.value(course.cells.take(course.kind == UNDECIDED))
    is_bounded = bool(np.isfinite(undecided.magnitude).all())
    # Two samples refute a property; limits are computed, not sampled.
    evidence: dict[str, Evidence] = {
        "range": known.evidence(course.is_decided and known.points.size > 0 and is_bounded),
        "monotone": "proven" if properties.monotone is False else known.evidence(rises),
        "odd": "observed" if properties.odd and not is_odd_formula(bound) else "proven",
        "saturates": "proven",
    }
    return properties, False, evidence


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
    enclosures: Enclosures, x: Floats, y: Floats, radius: float, limits: tuple[float, float], jumps: Sequence[float]
) -> str | None:
    """Return the range as an interval such as "[0, inf)"; None if it is unknown.

    Its ends are limits, which are not attained, or values of f at extrema and within the search radius.
    """
    if any(map(math.isnan, limits)):
        return None
    candidates = [(limit, False) for limit in limits]
    candidates += [(turn.value, True) for turn in extrema(enclosures.bound, x, jumps)]
    inner = y[(x >= -radius) & (x <= radius)]
    for value in (float(inner.min()), float(inner.max())):
        candidates.append((value, _is_attained(enclosures, value, x, y == value, value in limits, jumps)))
    ends = []
    for choose, sampled in ((min, float(y.min())), (max, float(y.max()))):
        end = choose(value for value, _ in candidates)
        if choose(end, sampled) != end:
            return None
        is_closed = any(attained for value, attained in candidates if value == end)
        ends.append((_digits(end + 0.0, is_closed), is_closed))
    (low, includes_low), (high, includes_high) = ends
    return f"{'[' if includes_low else '('}{low}, {high}{']' if includes_high else ')'}"


def _digits(end: float, is_attained: bool) -> str:
    """Return an end in 16 digits, or 17 if f attains another number; next to a jump, a sample only approaches it."""
    text = f"{end:.16g}"
    return text if float(text) == end or not is_attained else f"{end:.17g}"


def _is_attained(
    enclosures: Enclosures, value: float, x: Floats, is_hit: Bools, is_limit: bool, jumps: Sequence[float]
) -> bool:
    """Return whether f attains `value`; is_hit marks the samples x at which f rounds to it.

    On one side of a jump f may only approach the value. So it does where the value is a limit. Elsewhere f attains it,
    being continuous, and on either of those it does if it is constant there.
    """
    from actcli.core.evaluation.enclosures import point_cells

    approaches = is_hit if is_limit else _beside_jumps(x, is_hit, jumps)
    if (is_hit & ~approaches).any():
        return True
    points = x[approaches]
    if not points.size:
        return False
    # What f is at the number next to a jump is a sample of the values that it approaches.
    own = points[~np.isin(points, [math.nextafter(at, side) for at in jumps for side in (-math.inf, math.inf)])]
    exact = enclosures.value(point_cells(own))
    if ((exact.lo == value) & (exact.hi == value) & ~exact.lo_open & ~exact.hi_open).any():
        return True
    # A constant that float64 cannot represent rounds to the value everywhere.
    slope = derivative_quantity(enclosures.bound)
    return any(is_zero(slope, float(points[i])) for i in (0, points.size // 2, -1))


def _beside_jumps(x: Floats, is_hit: Bools, jumps: Sequence[float]) -> Bools:
    """Return which samples belong to a run of hits that begins next to a jump and does not contain it."""
    run = np.cumsum(np.diff(is_hit, prepend=False))
    beside = np.zeros(x.size, dtype=bool)
    for at in jumps:
        left, right = int(np.searchsorted(x, at)) - 1, int(np.searchsorted(x, at, side="right"))
        if is_hit[left + 1 : right].any():
            continue
        for neighbour in (left, right):
            if 0 <= neighbour < x.size and is_hit[neighbour]:
                beside |= run == run[neighbour]
    return beside
