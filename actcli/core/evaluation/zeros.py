"""The sign of f at +0.0 and -0.0 where f is 0 there, read off infinitely close to 0.

A probe of e^-10^30 is closer to 0 than any parameter or constant, and so are its roots. Others may lie on another
piece: max(x, -1e-310) at -2^-200 is -1e-310, but f(-0.0) is -0.0.
"""

from __future__ import annotations

import math
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from actcli.core.arithmetic.ball_unbounded import UnboundedBallArithmetic
from actcli.core.arithmetic.signals import ExponentOverflow, OutsideDomain, Undecided

if TYPE_CHECKING:
    from collections.abc import Callable

    from actcli.core.evaluation.quantity import BoundActivation

__all__ = ["signed_zero"]

_PRECISIONS = (40, 1400)
"""Decimal digits of the balls. The second shows a parameter of 1e-400 next to one of 1e400, both squared."""

_LOGS_OF_PROBES = -(10**30), -(10**300)

_VANISHING = Decimal("1e-1000000")
"""A value at the first probe that is smaller than this tends to 0: no constant or parameter is. A larger one does if
it is halved at the second probe, as 1 / log x is."""


class _Side(NamedTuple):
    """f next to 0 on one side: its value, the sign of that, and whether f tends to 0."""

    value: Any
    sign: int
    vanishes: bool


def signed_zero(bound: BoundActivation, negative: bool, appears_odd: Callable[[], bool]) -> float | None:
    """Return +0.0 or -0.0 for f(-0.0) (`negative`) or f(+0.0), which rounds to 0; None where balls do not decide it.

    A value that is not 0 keeps its sign. One that is 0 has the sign of f next to it, or that of x if f is odd; it is
    +0.0 where f is 0 next to it too, or jumps.
    """
    for digits in _PRECISIONS:
        with suppress(ExponentOverflow, Undecided):
            try:
                return _signed_zero(bound, negative, appears_odd, UnboundedBallArithmetic(digits))
            except (OutsideDomain, ZeroDivisionError):
                return None
    return None


def _signed_zero(
    bound: BoundActivation, negative: bool, appears_odd: Callable[[], bool], m: UnboundedBallArithmetic
) -> float:
    f = bound.function.value_at_exact_parameters
    sign = _sign(f(m, Fraction(0)))
    if sign:
        return math.copysign(0.0, sign)
    left, right = (_beside_zero(m, f, side) for side in (-1, 1))
    near = left if negative else right
    is_separate = not (near.sign and near.vanishes)
    if _are_opposite(left, right) and (bound.activation.properties.odd or (is_separate and appears_odd())):
        return -0.0 if negative else 0.0
    return 0.0 if is_separate else math.copysign(0.0, near.sign)


def _beside_zero(m: UnboundedBallArithmetic, f: Callable[[Any, Any], Any], side: int) -> _Side:
    value, nearer = (f(m, m.exp(m.number(exponent)) * side) for exponent in _LOGS_OF_PROBES)
    sign = _sign(value)
    return _Side(value, sign, not sign or _is_vanishing(value) or bool(abs(nearer) * 2 < abs(value)))


def _is_vanishing(value: Any) -> bool:
    """Return whether a number is smaller than every constant."""
    return not isinstance(value, int | Fraction) and max(end.copy_abs() for end in value.endpoints()) < _VANISHING


def _sign(value: Any) -> int:
    """Return the sign of an exact number or a ball of any kind; raise Undecided if that is not known."""
    return (value > 0) - (value < 0) if isinstance(value, int | Fraction) else int(value.sign())


def _are_opposite(left: _Side, right: _Side) -> bool:
    """Return whether the values on both sides are opposite, as far as their balls show."""
    if left.sign != -right.sign:
        return False
    try:
        return not _sign(left.value + right.value)
    except Undecided:
        return True
