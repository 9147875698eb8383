"""What is worth knowing of a function's course: its zeros, extrema, limits and steepest slope."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from actcli.core.analysis.breakpoints import breakpoints, jumps, numeric_kinks
from actcli.core.analysis.maxima import AbsoluteValue, exact_value, search_points
from actcli.core.arithmetic.fixed_point import decimal_context
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.exact_digits import format_exact
from actcli.core.evaluation.quantity import Quantity, derivative_quantity
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.core.analysis.maxima import Location
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Bools, Floats

__all__ = ["Extremum", "Landmarks", "extrema", "is_zero", "landmarks", "limits", "search_radius"]

_FORMAT = FLOATS["float64"]
_MIN_RADIUS = 10.0
_FAR = 1e300
_SHORT = 4
_BLUR = 1e-15
"""How far from 0 a square is too small to tell slopes apart."""

_HALVINGS = 110
_DIGITS = 100
_NOTHING = Decimal("1e-45")
"""How often a stretch of a few float64 is halved to find where f turns, with how many digits, and what is 0 there."""

_SMALL = 1e-9
"""What is next to a zero: of the values farther on."""


@dataclass(frozen=True)
class Extremum:
    """A place where f turns: "minimum" or "maximum", x as the nearest float64, and f there."""

    kind: str
    at: float
    value: float


@dataclass(frozen=True)
class Landmarks:
    """The course of f, looked at from -reach to reach.

    zeros      every x at which f is 0, or stretches of x; their ends are -inf or inf where f is 0 from there on
    extrema    where f turns
    jumps      where f jumps
    limits     f and f' at -inf and inf: {"f": (left, right), "slope": (left, right)}; nan where there is none
    lipschitz  the Lipschitz constant, the least bound on |f'|: inf where f jumps or grows ever steeper, nan where
               that is not known
    steepest   where |f'| is that, if it is anywhere
    """

    search_radius: float
    zeros: tuple[Location, ...]
    extrema: tuple[Extremum, ...]
    jumps: tuple[float, ...]
    limits: dict[str, tuple[float, float]]
    lipschitz: float
    steepest: tuple[Location, ...]


def landmarks(bound: BoundActivation) -> Landmarks:
    """The landmarks of an elementwise activation."""
    reach = search_radius(bound)
    places = breakpoints([bound], -reach, reach)
    x = search_points(-reach, reach, places)
    ends = limits(bound)
    broken = jumps(Quantity(bound), places)
    steep = _steepest(bound, reach, ends["slope"], bool(broken))
    turns = extrema(bound, x, broken)
    return Landmarks(reach, _zeros(bound, x, turns), turns, tuple(broken), ends, *steep)


def search_radius(bound: BoundActivation) -> float:
    """How far from 0 a function is looked at: twice as far as its kinks, and no less than 10."""
    return max(_MIN_RADIUS, 2 * max((abs(float(at)) for at, _ in bound.kinks), default=0.0))


def limits(bound: BoundActivation) -> dict[str, tuple[float, float]]:
    """The limits of f and of f' at -inf and inf; nan where there is none."""
    ends = np.array([-math.inf, math.inf])
    known = {
        "f": evaluate(Quantity(bound), ends, _FORMAT),
        "slope": evaluate(derivative_quantity(bound), ends, _FORMAT),
    }
    return {name: (float(at[0]), float(at[1])) for name, at in known.items()}


def _steepest(
    bound: BoundActivation, reach: float, limits: tuple[float, float], broken: bool
) -> tuple[float, tuple[Location, ...]]:
    if broken:
        return math.inf, ()
    course = AbsoluteValue(derivative_quantity(bound), -reach, reach)
    size, places = course.maximum()
    places = tuple(place for place in places if isinstance(place, tuple) or abs(place) < reach)
    far = max(abs(limit) for limit in limits)
    if not course.whole or (math.isnan(far) and not places):
        return math.nan, ()
    for corner in numeric_kinks(bound):
        # The search sees slopes beside a kink, not at it.
        one_sided = max(abs(corner.left), abs(corner.right))
        if one_sided >= size and any(isinstance(place, float) and _is_adjacent(place, corner.at) for place in places):
            size, places = one_sided, (corner.at,)
    if far > size or not places:
        return far, ()
    kinks = [corner.at for corner in numeric_kinks(bound)]
    return size, tuple(
        place if isinstance(place, float) else _extended(place, reach, size, limits, kinks) for place in places
    )


def _is_adjacent(place: float, kink: float) -> bool:
    return abs(place - kink) <= 2 * math.ulp(kink)


def _extended(
    stretch: tuple[float, float], reach: float, size: float, limits: tuple[float, float], kinks: list[float]
) -> Location:
    """The stretch, up to the kinks that it comes next to, to infinity where it leaves what was looked at."""
    blunt = (0.0 if abs(end) < _BLUR else end for end in stretch)
    low, high = (next((kink for kink in kinks if _is_adjacent(end, kink)), end) for end in blunt)
    return (
        -math.inf if low == -reach and abs(limits[0]) == size else low,
        math.inf if high == reach and abs(limits[1]) == size else high,
    )


# --- zeros ----------------------------------------------------------------------------------------------------------


def _zeros(bound: BoundActivation, x: Floats, turns: Sequence[Extremum]) -> tuple[Location, ...]:
    """Where f is 0: where it stays 0, where it changes its sign, and where it only touches 0."""
    quantity = Quantity(bound)
    y = evaluate(quantity, x, _FORMAT)
    found: list[Location] = []
    # A value may be too small for a float64 and no zero: the exact digits tell, at the ends of a long run.
    nil = y == 0
    for start, end in _zero_runs(nil):
        for i in {*range(start, min(start + _SHORT, end + 1)), *range(max(start, end + 1 - _SHORT), end + 1)}:
            nil[i] = is_zero(quantity, float(x[i]))
    for start, end in _zero_runs(nil):
        if start == end:
            found.append(float(x[start]) + 0.0)
        else:
            found.append((_edge(quantity, x, start, -1), _edge(quantity, x, end, 1)))
    for i in np.flatnonzero(np.sign(y[:-1]) * np.sign(y[1:]) < 0).tolist():
        low, high = _bisect(quantity, float(x[i]), float(x[i + 1]))
        near = evaluate(quantity, np.array([low, high]), _FORMAT)
        if np.abs(near).max() < _SMALL * max(1.0, float(np.abs(y[i : i + 2]).max())):
            found.append((low, high)[int(np.argmin(np.abs(near)))])
    found += [turn.at for turn in turns if turn.value == 0 and not any(_is_within(turn.at, place) for place in found)]
    return tuple(sorted(found, key=lambda place: place if isinstance(place, float) else place[0]))


def _is_within(at: float, place: Location) -> bool:
    """Whether `at` is the place, or next to it, or in it."""
    low, high = place if isinstance(place, tuple) else (place, place)
    return low - math.ulp(low) <= at <= high + math.ulp(high)


def is_zero(quantity: Quantity, x: float) -> bool:
    """Whether the reading is 0 at x, and not only too small for a float64."""
    return format_exact(quantity, x, 1) == "0.0"


def _zero_runs(mask: Bools) -> list[tuple[int, int]]:
    """The stretches of true elements: the first and the last index of each."""
    padded = np.concatenate([[False], mask, [False]])
    changes = np.flatnonzero(padded[1:] != padded[:-1]).tolist()
    return [(start, end - 1) for start, end in zip(changes[::2], changes[1::2], strict=True)]


def _edge(quantity: Quantity, x: Floats, place: int, side: int) -> float:
    """Where a stretch of zeros ends, seen from x[place]."""
    beyond = place + side
    if not 0 <= beyond < x.size:
        return side * math.inf if is_zero(quantity, side * _FAR) else float(x[place])
    zero, other = float(x[place]), float(x[beyond])
    while math.nextafter(zero, other) != other:
        middle = zero + (other - zero) / 2
        zero, other = (middle, other) if is_zero(quantity, middle) else (zero, middle)
    # What is 0 up to a kink but not at it ends there.
    return other if other in breakpoints([quantity.bound], other, other) else zero + 0.0


# --- extrema --------------------------------------------------------------------------------------------------------


def extrema(bound: BoundActivation, x: Floats, broken: list[float]) -> tuple[Extremum, ...]:
    """Where the slope changes its sign from one x to the next, jumps (`broken`) aside."""
    quantity = derivative_quantity(bound)
    kinks = {float(at) + 0.0 for at, _ in bound.kinks}
    smooth = np.array([at for at in x.tolist() if at not in kinks])
    signs = np.sign(evaluate(quantity, smooth, _FORMAT))
    turns = []
    for i in range(smooth.size - 1):
        before, after = signs[i], signs[i + 1]
        if after == 0 and i + 2 < smooth.size and before * signs[i + 2] < 0:
            turns.append((float(smooth[i + 1]), before))
        elif before * after < 0:
            low, high = float(smooth[i]), float(smooth[i + 1])
            inside = [kink for kink in kinks if low < kink < high]
            turns.append((inside[0] if inside else _nearest_turn(quantity, low, high), before))
    values = evaluate(Quantity(bound), np.array([at for at, _ in turns], dtype=np.float64), _FORMAT).tolist()
    return tuple(
        Extremum(
            "maximum" if before > 0 else "minimum", at + 0.0, 0.0 if _is_touching_zero(bound, at, value) else value
        )
        for (at, before), value in zip(turns, values, strict=True)
        if at not in broken
    )


def _is_touching_zero(bound: BoundActivation, at: float, value: float) -> bool:
    """Whether f is 0 where it turns next to `at`, to many more digits than `at` has: there it is `value`."""
    if not 0 < abs(value) < _SMALL:
        return False
    step = 4 * Fraction(math.ulp(at))
    low, high = Fraction(at) - step, Fraction(at) + step
    with localcontext(decimal_context(_DIGITS)):
        left = exact_value(derivative_quantity(bound), low)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            here = exact_value(derivative_quantity(bound), middle)
            if not left or here is None:
                return False
            low, high = (middle, high) if here * left > 0 else (low, middle)
        there = exact_value(Quantity(bound), high)
        return there is not None and abs(there) < _NOTHING


def _nearest_turn(quantity: Quantity, low: float, high: float) -> float:
    ends = _bisect(quantity, low, high)
    return ends[int(np.argmin(np.abs(evaluate(quantity, np.array(ends), _FORMAT))))]


def _bisect(quantity: Quantity, low: float, high: float) -> tuple[float, float]:
    """Neighbouring float64 between which the reading changes its sign, as it does between low and high."""
    left = float(evaluate(quantity, np.array([low]), _FORMAT)[0])
    while math.nextafter(low, high) != high:
        middle = low + (high - low) / 2
        value = float(evaluate(quantity, np.array([middle]), _FORMAT)[0])
        if value == 0:
            return middle, middle
        if value * left > 0:
            low = middle
        else:
            high = middle
    return low, high
