"""Special points: nan, infinities, zeros, kinks and points outside the domain, where no array path is used.

Each distinct point is evaluated once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.arithmetic.dd_functions import DOUBLE_DOUBLE
from actcli.core.evaluation.escalation import evaluate_in_parts, fast_path
from actcli.core.evaluation.undecided import UNDECIDED, count_undecided
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import Quantity
    from actcli.number_formats import Floats, Format

__all__ = ["SpecialPoints", "evaluate_point"]

_NEAR_ZERO, _NEARER_ZERO = 2.0**-200, 2.0**-1000
"""Where the sign of f next to 0 is read off, and where f must be smaller still if that piece leads to 0."""

_SMALLEST_MODERATE = Fraction(1, 2**60)
"""Products of two parameters above this are still far above _NEAR_ZERO, and their values next to 0 do not underflow."""


class SpecialPoints:
    """The special points of a quantity and their results, found when they are first needed."""

    def __init__(self, quantity: Quantity, fmt: Format) -> None:
        self._quantity = quantity
        self._fmt = fmt
        self._kinks: dict[float, Fraction] = {}
        if quantity.order and quantity.wrt is None:
            kinks = _special_derivatives(quantity)
            nearest = ((FLOATS["float64"].nearest(at), at, derivative) for at, derivative in kinks)
            self._kinks = {near: derivative for near, at, derivative in nearest if near == at}
        self._results: dict[tuple[float, bool], float] = {}
        self._domain = [
            (end, side, FLOATS["float64"].nearest(end))
            for side, end in zip((1, -1), quantity.bound.domain, strict=True)
            if end is not None
        ]
        self._ends = {float(end): (end, side) for end, side in quantity.pole_candidates() if _is_float64(end)}

    def fill(self, x: Floats, out: Floats) -> Any:
        """Fill in `out` where x is special. Return the indices of the other elements, or None if that is all."""
        ordinary = np.isfinite(x) & (x != 0)
        for at in (*self._kinks, *self._ends):
            ordinary &= x != at
        for end, side, near in self._domain:
            # The end itself is outside; near is the float64 next to it. Both sides are exact, also beyond float64.
            inside = (x >= near if near > end else x > near) if side > 0 else (x <= near if near < end else x < near)
            out[ordinary & ~inside] = np.nan
            ordinary &= inside
        if ordinary.all():
            return None
        out[np.isnan(x)] = np.nan
        for value in {0.0, math.inf, -math.inf, *self._kinks, *self._ends}:
            for negative in (False, True) if value == 0 else (value < 0,):
                here = (x == value) & (np.signbit(x) == negative)
                if here.any():
                    result = self._result(value, negative)
                    out[here] = result
                    if result is UNDECIDED:
                        count_undecided(int(here.sum()))
        return np.flatnonzero(ordinary)

    def _result(self, value: float, negative: bool) -> float:
        key = (value, negative)
        if key not in self._results:
            if value in self._ends:
                self._results[key] = _limit_at_end(self._quantity, self._fmt, *self._ends[value])
            elif value in self._kinks:
                self._results[key] = self._at_kink(value)
            elif value == 0:
                self._results[key] = _at_zero(self._quantity, negative, self._fmt)
            else:
                side = -1 if negative else 1
                self._results[key] = self._quantity.limit(side, self._fmt)
        return self._results[key]

    def _at_kink(self, at: float) -> float:
        """Return the chosen subgradient, a higher derivative if there is one, or a one-sided derivative.

        The array paths do not know about sides.
        """
        quantity = self._quantity
        if quantity.side == 0 and quantity.order == 1:
            return self._fmt.nearest(self._kinks[at])
        if not quantity.exists_at(Fraction(at)):
            return math.nan
        return quantity.evaluate_one(at, self._fmt)


def _special_derivatives(quantity: Quantity) -> Sequence[tuple[Fraction, Fraction]]:
    """Return the points whose derivative the array paths do not find, with the subgradient chosen there.

    A one-sided derivative, and one of a higher order, is evaluated at every such point: the subgradient does not count.
    """
    points = quantity.bound.kink_points
    if quantity.order > 1:
        points = (*points, *quantity.bound.function.joints())
    elif not quantity.side:
        return quantity.kink_derivatives()
    return [(at, Fraction(0)) for at in points]


def _is_float64(value: Fraction) -> bool:
    return FLOATS["float64"].nearest(value) == value


def _limit_at_end(quantity: Quantity, fmt: Format, end: Fraction, side: int) -> float:
    """Return the limit at an end of the domain if it is infinite, else nan, as for the derivative from outside."""
    if quantity.side == -side:
        return math.nan
    from actcli.core.evaluation.poles import infinite_limit

    return fmt.nearest(infinite_limit(quantity, end, side))


def _at_zero(quantity: Quantity, negative: bool, fmt: Format) -> float:
    """Return the result at +0.0 or -0.0.

    A value of f that is exactly 0 there has the sign of f next to it, or the sign of x if f is odd. A derivative that
    is 0 is +0.0. A value that is not zero but underflows keeps its sign.
    """
    value = evaluate_point(quantity, 0.0, fmt)
    if value != 0 or quantity.order:
        return value
    fine = FLOATS["float64"]

    def appears_odd() -> bool:
        return quantity.bound.function.appears_odd(lambda x: evaluate_point(quantity, x, fine))

    if not _is_moderate(quantity):
        from actcli.core.evaluation.zeros import signed_zero

        found = signed_zero(quantity.bound, negative, appears_odd)
        if found is not None:
            return found
    right, left = (evaluate_point(quantity, x, fine) for x in (_NEAR_ZERO, -_NEAR_ZERO))
    near, side = (left, -1) if negative else (right, 1)
    # The value next to 0 may belong to another piece, which does not lead to 0.
    is_separate = near == 0 or not abs(evaluate_point(quantity, side * _NEARER_ZERO, fine)) < abs(near)
    if left == -right and (quantity.bound.activation.properties.odd or (is_separate and appears_odd())):
        return -0.0 if negative else 0.0
    return 0.0 if is_separate and near else math.copysign(0.0, near)


def _is_moderate(quantity: Quantity) -> bool:
    """Return whether f is a catalogue entry whose parameters are far larger than the probes next to 0, or 0.

    For others the sign is read off in balls, whose import takes longer than a few values.
    """
    numbers = (value for value in quantity.bound.values.values() if isinstance(value, Fraction))
    return not quantity.bound.activation.is_expression and all(
        not number or _SMALLEST_MODERATE < abs(number) < 1 / _SMALLEST_MODERATE for number in numbers
    )


def evaluate_point(quantity: Quantity, x: float, fmt: Format) -> float:
    """Return the correctly rounded result at one finite x that is not a kink."""
    result, undecided = evaluate_in_parts(fast_path(quantity.__call__, fmt, DOUBLE_DOUBLE), [np.array([x])], patience=1)
    if not undecided[0]:
        return float(result[0])
    return quantity.evaluate_one(x, fmt)
