"""Landmarks of a function: zeros, extrema, jumps, limits, and the Lipschitz constant.

They are found by sampling: evenly and geometrically around 0 and the kinks up to the search radius, and at the ends of
the cells that the survey divides the line into. The survey then proves them, or they are only observed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.analysis.breakpoints import breakpoints, jumps
from actcli.core.analysis.evidence import Evidence, evidence_at_defaults
from actcli.core.analysis.maxima import ascending, exact_value, is_costly, sample_points
from actcli.core.analysis.search import bisect, bisect_sign_changes
from actcli.core.analysis.steepest import find_steepest, proven_steepest
from actcli.core.arithmetic.fixed_point import decimal_context
from actcli.core.arithmetic.signals import Undecided
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.exact_digits import format_exact
from actcli.core.evaluation.number_line import neighbours
from actcli.core.evaluation.quantity import Quantity, derivative_quantity
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.core.analysis.maxima import Location
    from actcli.core.evaluation.enclosures import Enclosures
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Bools, Floats

__all__ = ["Extremum", "Landmarks", "extrema", "is_zero", "landmarks", "limits", "search_radius"]

_FLOAT64 = FLOATS["float64"]
_MIN_RADIUS = 10.0
"""The least search radius: most activations are straight or saturated beyond it."""
_MAX_RADIUS = 2.0**1022
"""The largest search radius, so that distances within it do not overflow."""
_BEYOND_SEARCH = 1e300
"""If f is 0 here as well as at the end of the search, it is taken to be 0 up to infinity."""

# --- zeros --------------------------------------------------------------------------------------------------
_CHECKED_PER_END = 4
"""Samples at either end of a run of float64 zeros that are checked exactly, of an entry at its default parameters."""
_MAX_CHECKED = 64
"""The most float64 zeros that are checked exactly, half of them at either end: the values may have underflowed."""
_MAX_SIGN_CHANGES, _MAX_COSTLY_SIGN_CHANGES = 64, 12
"""The most sign changes that are located, those next to 0, and the most of a function that needs arbitrary precision:
of a wave that the samples do not resolve."""
_NEAR_ZERO = 1e-9
"""Values below this, relative to f at the samples nearby (at least 1), are next to a zero, not next to a jump."""
_SCALE_DISTANCE = 0.25
"""Distance from an extremum, relative to |x| and at least to 1, at which |f| gives the scale of "near zero"."""
_MAX_STEP_SHARE = 1e-3
"""Share of |f| at this distance by which f at a neighbouring float64 may exceed an extremum, whose x is rounded."""
_TOUCH_HALVINGS = 110
"""Halvings of an interval of 8 ulp around an extremum that may touch 0: to 2**-107 ulp."""
_TOUCH_DIGITS = 100
"""Decimal digits in which this bisection computes its points."""
_TOUCH_ZERO = Decimal("1e-45")
"""Values below this count as 0. The error of the bisection and of exact values is far smaller (1e-80)."""


@dataclass(frozen=True)
class Extremum:
    """A local extremum: "minimum" or "maximum", x as the nearest float64, and f there."""

    kind: str
    at: float
    value: float


@dataclass(frozen=True)
class Landmarks:
    """The landmarks of f, searched from -search_radius to search_radius.

    zeros      points and intervals where f is 0; an interval ends at -inf or inf if f is 0 from there on
    extrema    the local extrema
    jumps      the jump discontinuities
    limits     limits of f and f' at -inf and inf, {"f": (left, right), "slope": (left, right)}; nan if missing
    lipschitz  the Lipschitz constant, sup |f'|: inf if f jumps or |f'| is unbounded, nan if unknown
    lipschitz_bound  a proven upper bound of it; inf if unknown
    steepest   where |f'| attains it; empty if it is only a limit
    evidence   how zeros, extrema and the Lipschitz constant are known
    partial    "zeros" and "extrema" where only those next to 0 are listed, because there are too many
    """

    search_radius: float
    zeros: tuple[Location, ...]
    extrema: tuple[Extremum, ...]
    jumps: tuple[float, ...]
    limits: dict[str, tuple[float, float]]
    lipschitz: float
    steepest: tuple[Location, ...]
    lipschitz_bound: float
    evidence: dict[str, Evidence]
    partial: frozenset[str] = frozenset()


def landmarks(bound: BoundActivation) -> Landmarks:
    """Return the landmarks of an elementwise activation."""
    radius = search_radius(bound)
    points = breakpoints([bound], -radius, radius)
    derivative = derivative_quantity(bound)
    x = sample_points(lambda x: evaluate(derivative, x, _FLOAT64), -radius, radius, points)
    partial: set[str] = set()
    ends = limits(bound)
    discontinuities = jumps(Quantity(bound), points)
    if bound.has_stated_properties:
        lipschitz, steepest = find_steepest(bound, (-radius, radius), radius, ends["slope"], bool(discontinuities))
        turning_points = extrema(bound, x, discontinuities, partial)
        zeros = _zeros(bound, x, turning_points, None, partial)
        evidence = evidence_at_defaults(bound, ("zeros", "extrema", "lipschitz"))
        return Landmarks(
            radius,
            zeros,
            turning_points,
            tuple(discontinuities),
            ends,
            lipschitz,
            steepest,
            math.inf,
            evidence,
            frozenset(partial),
        )
    # Enclosures are imported late: the facts at default parameters need none.
    from actcli.core.analysis.proofs import has_extrema, has_zeros
    from actcli.core.analysis.survey import survey

    known = survey(bound, radius, ends)
    x = ascending(np.concatenate([x, known.points]))
    turning_points = extrema(bound, x, discontinuities, partial)
    zeros = _zeros(bound, x, turning_points, known.enclosures, partial)
    lipschitz, steepest, greatest, how = proven_steepest(bound, known, radius, ends["slope"], bool(discontinuities))
    quantity = Quantity(bound)
    evidence = {
        "zeros": known.evidence(has_zeros(known.course, known.enclosures, zeros, lambda at: is_zero(quantity, at))),
        "extrema": known.evidence(has_extrema(known.course, [turn.at for turn in turning_points], discontinuities)),
        "lipschitz": how,
    }
    return Landmarks(
        radius,
        zeros,
        turning_points,
        tuple(discontinuities),
        ends,
        lipschitz,
        steepest,
        greatest,
        evidence,
        frozenset(partial),
    )


def search_radius(bound: BoundActivation) -> float:
    """Return how far from 0 to search: twice the distance of the farthest kink, at least 10, at most 2^1022."""
    farthest = max((abs(float(at)) for at, _ in bound.kinks), default=0.0)
    return max(_MIN_RADIUS, 2 * min(farthest, _MAX_RADIUS / 2))


def limits(bound: BoundActivation) -> dict[str, tuple[float, float]]:
    """Return the limits of f and of f' at -inf and inf; nan where there is no limit."""
    ends = np.array([-math.inf, math.inf])
    known = {
        "f": evaluate(Quantity(bound), ends, _FLOAT64),
        "slope": evaluate(derivative_quantity(bound), ends, _FLOAT64),
    }
    return {name: (float(at[0]), float(at[1])) for name, at in known.items()}


# --- zeros ----------------------------------------------------------------------------------------------------------


def _zeros(
    bound: BoundActivation, x: Floats, extrema: Sequence[Extremum], enclosures: Enclosures | None, partial: set[str]
) -> tuple[Location, ...]:
    """Return where f is 0: the intervals on which it stays 0, its sign changes, and the extrema that touch 0."""
    quantity = Quantity(bound)
    y = evaluate(quantity, x, _FLOAT64)
    found: list[Location] = []
    # A float64 zero may be an underflow.
    is_nil = y == 0
    if enclosures is not None and is_nil.any():
        is_nil[is_nil] = _are_zeros(quantity, x[is_nil], enclosures)
    else:
        # At its default parameters an entry underflows only next to a zero.
        for start, end in _runs(is_nil):
            ends = (*range(start, start + _CHECKED_PER_END), *range(end + 1 - _CHECKED_PER_END, end + 1))
            for i in {i for i in ends if start <= i <= end}:
                is_nil[i] = is_zero(quantity, float(x[i]))
    for start, end in _runs(is_nil):
        if start == end:
            found.append(float(x[start]) + 0.0)
        else:
            found.append((_end_of_zeros(quantity, x, start, -1), _end_of_zeros(quantity, x, end, 1)))
    # The sign of an underflow is not that of its float64.
    has_sign = (y != 0) | is_nil
    x, y = x[has_sign], y[has_sign]
    changes = np.flatnonzero(np.sign(y[:-1]) * np.sign(y[1:]) < 0)
    located = _next_to_zero(quantity, x, changes)
    if located.size < changes.size:
        partial.add("zeros")
    shrunken = _sign_changes(quantity, x[located], x[located + 1])
    values = np.abs(evaluate(quantity, shrunken.ravel(), _FLOAT64)).reshape(shrunken.shape)
    scale = np.maximum(1.0, np.maximum(np.abs(y[located]), np.abs(y[located + 1])))
    nearest = np.take_along_axis(shrunken, np.argmin(values, axis=0)[np.newaxis], axis=0)[0]
    found += nearest[values.max(axis=0) < _NEAR_ZERO * scale].tolist()
    found += [turn.at for turn in extrema if turn.value == 0 and not any(_is_within(turn.at, at) for at in found)]
    return tuple(sorted(found, key=lambda at: at if isinstance(at, float) else at[0]))


def _are_zeros(quantity: Quantity, x: Floats, enclosures: Enclosures) -> Bools:
    """Return whether f is exactly 0 at each x, where its float64 is: that may have underflowed.

    Enclosures decide most; exact digits decide the others, or those at the ends if there are many.
    """
    from actcli.core.evaluation.enclosures import point_cells

    value = enclosures.value(point_cells(x))
    _, has_zero, _ = value.signs()
    found = has_zero.copy()
    undecided = np.flatnonzero(has_zero & ((value.lo != 0) | (value.hi != 0)))
    if undecided.size > _MAX_CHECKED:
        undecided = np.concatenate([undecided[: _MAX_CHECKED // 2], undecided[-_MAX_CHECKED // 2 :]])
    for i in undecided.tolist():
        found[i] = is_zero(quantity, float(x[i]))
    return found


def _is_within(x: float, location: Location) -> bool:
    """Return whether x lies at, in, or within one ulp of the location."""
    low, high = location if isinstance(location, tuple) else (location, location)
    return low - math.ulp(low) <= x <= high + math.ulp(high)


def is_zero(quantity: Quantity, x: float) -> bool:
    """Return whether the quantity is exactly 0 at x, not only too small for a float64."""
    return format_exact(quantity, x, 1) == "0.0"


def _next_to_zero(quantity: Quantity, x: Floats, indices: Any) -> Any:
    """Return the indices, or if there are too many those with the smallest |x|, in ascending order."""
    most = _MAX_SIGN_CHANGES
    if indices.size > _MAX_COSTLY_SIGN_CHANGES and is_costly(lambda x: evaluate(quantity, x, _FLOAT64), x[indices]):
        most = _MAX_COSTLY_SIGN_CHANGES
    nearest = np.argsort(np.abs(x[indices]), kind="stable")[:most]
    return np.sort(indices[nearest])


def _runs(mask: Bools) -> list[tuple[int, int]]:
    """Return the runs of true elements as (first, last) indices."""
    padded = np.concatenate([[False], mask, [False]])
    changes = np.flatnonzero(padded[1:] != padded[:-1]).tolist()
    return [(start, end - 1) for start, end in zip(changes[::2], changes[1::2], strict=True)]


def _end_of_zeros(quantity: Quantity, x: Floats, i: int, side: int) -> float:
    """Return where the zeros around x[i] end on one side (-1 or 1): a float64, or infinity."""
    if not 0 <= i + side < x.size:
        return side * math.inf if is_zero(quantity, side * _BEYOND_SEARCH) else float(x[i])
    zero, other = bisect(lambda at: is_zero(quantity, at), float(x[i]), float(x[i + side]))
    # If f is 0 up to a kink but not at it, the interval ends at the kink.
    return other if other in breakpoints([quantity.bound], other, other) else zero + 0.0


def _sign_changes(quantity: Quantity, low: Floats, high: Floats) -> Floats:
    """Return the neighbouring floats between which the quantity changes its sign: two rows."""
    return np.stack(bisect_sign_changes(lambda x: evaluate(quantity, x, _FLOAT64), low, high))


# --- extrema --------------------------------------------------------------------------------------------------------


def extrema(
    bound: BoundActivation, x: Floats, jumps: Sequence[float], partial: set[str] | None = None
) -> tuple[Extremum, ...]:
    """Return the extrema: where f' changes its sign between two of the samples x, except at the `jumps`.

    If there are too many, those next to 0 are returned, and "extrema" is added to `partial`.
    """
    quantity = derivative_quantity(bound)
    kinks = {float(at) + 0.0 for at, _ in bound.kinks}
    smooth = np.array([at for at in x.tolist() if at not in kinks])
    signs = np.sign(evaluate(quantity, smooth, _FLOAT64))
    missing = np.isnan(signs)
    if missing.any():
        # f' is undecided at an exact zero of a cancelling formula, and undefined at a cusp; f is defined at both.
        missing[missing] = ~np.isnan(evaluate(Quantity(bound), smooth[missing], _FLOAT64))
        smooth, signs = smooth[~missing], signs[~missing]
    found: list[tuple[float, float]] = []
    smooth_changes: list[int] = []
    crosses = signs[:-1] * signs[1:] < 0
    crosses[:-1] |= (signs[1:-1] == 0) & (signs[:-2] * signs[2:] < 0)
    changes = np.flatnonzero(crosses)
    located = _next_to_zero(quantity, smooth, changes)
    if partial is not None and located.size < changes.size:
        partial.add("extrema")
    for i in located.tolist():
        before, after = signs[i], signs[i + 1]
        if after == 0 and i + 2 < smooth.size and before * signs[i + 2] < 0:
            found.append((float(smooth[i + 1]), before))
        elif before * after < 0:
            inside = [kink for kink in kinks if smooth[i] < kink < smooth[i + 1]]
            if inside:
                found.append((inside[0], before))
            else:
                smooth_changes.append(i)
    roots = _nearest_roots(quantity, smooth[smooth_changes], smooth[[i + 1 for i in smooth_changes]])
    found = sorted([*found, *zip(roots.tolist(), signs[smooth_changes].tolist(), strict=True)])
    at = np.array([at for at, _ in found], dtype=np.float64)
    values = evaluate(Quantity(bound), at, _FLOAT64)
    # A wave that passes many periods from one float64 to the next has no extrema that floats could show.
    distance = _SCALE_DISTANCE * np.maximum(1.0, np.abs(at))
    nearby = [evaluate(Quantity(bound), x, _FLOAT64) for x in (*neighbours(at), at - distance, at + distance)]
    with np.errstate(all="ignore"):
        scale = np.fmax.reduce(np.abs([values, *nearby]))
        is_maximum = np.array([before > 0 for _, before in found], dtype=bool)
        steps = np.where(is_maximum, np.fmax.reduce(nearby[:2]) - values, values - np.fmin.reduce(nearby[:2]))
        is_extremum = (~(steps > _MAX_STEP_SHARE * scale)).tolist()
    return tuple(
        Extremum("maximum" if before > 0 else "minimum", at + 0.0, 0.0 if _touches_zero(bound, at, value) else value)
        for (at, before), value, accepted in zip(found, values.tolist(), is_extremum, strict=True)
        if at not in jumps and (accepted or at in kinks)
    )


def _touches_zero(bound: BoundActivation, at: float, value: float) -> bool:
    """Return whether f is 0 at the extremum that `at` rounds; f(at) is `value`, which may differ from 0.

    The extremum is located to far more digits than a float64 has.
    """
    around = at + max(1.0, abs(at)) * np.array([-_SCALE_DISTANCE, _SCALE_DISTANCE])
    scale = min(1.0, float(np.nan_to_num(np.abs(evaluate(Quantity(bound), around, _FLOAT64)), nan=0.0).max()))
    if not 0 < abs(value) < _NEAR_ZERO * scale:
        return False
    step = 4 * Fraction(math.ulp(at))
    low, high = Fraction(at) - step, Fraction(at) + step
    with localcontext(decimal_context(_TOUCH_DIGITS)):
        at_low = exact_value(derivative_quantity(bound), low)
        if not at_low:
            return False

        def has_sign_of_low(x: Fraction) -> bool:
            derivative = exact_value(derivative_quantity(bound), x)
            if derivative is None:
                raise Undecided("no derivative next to an extremum")
            return derivative * at_low > 0

        try:
            _, extremum = bisect(has_sign_of_low, low, high, _TOUCH_HALVINGS)
        except Undecided:
            return False
        height = exact_value(Quantity(bound), extremum)
        return height is not None and abs(height) < _TOUCH_ZERO * Decimal(scale)


def _nearest_roots(quantity: Quantity, low: Floats, high: Floats) -> Floats:
    """Return the float64 at which the quantity is closest to 0, next to its sign change in each interval."""
    ends = _sign_changes(quantity, low, high)
    sizes = np.abs(evaluate(quantity, ends.ravel(), _FLOAT64)).reshape(ends.shape)
    return np.take_along_axis(ends, np.argmin(sizes, axis=0)[np.newaxis], axis=0)[0]
