"""One-sided limits of a function at a point: whether it has a kink or a jump there, and its derivative if smooth."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

from actcli.core.arithmetic.ball import Ball
from actcli.core.arithmetic.ball_unbounded import UnboundedBallArithmetic
from actcli.core.arithmetic.dual import Dual, DualArithmetic
from actcli.core.arithmetic.jet import Jet, JetArithmetic
from actcli.core.arithmetic.signals import OutsideDomain, Undecided

__all__ = [
    "InfiniteDerivativeError",
    "Sides",
    "differ",
    "is_differentiable",
    "jet_on_side",
    "one_sided",
    "smooth_derivative",
]

_WORKING_DIGITS = 40
"""Decimal digits of the balls: more than twice a float64's, so that only an exact cancellation stays undecided."""


class InfiniteDerivativeError(OutsideDomain):
    """A one-sided derivative that is infinite, with its sign: the limit of f is finite there."""

    def __init__(self, sign: int) -> None:
        super().__init__("an infinite derivative")
        self.sign = sign


class Sides(NamedTuple):
    """The left limit of f at a point, f at the point, and the right limit: each as (value, derivative).

    The numbers are exact (int, Fraction) or balls.
    """

    left: tuple[Any, Any]
    here: tuple[Any, Any]
    right: tuple[Any, Any]

    @classmethod
    def of(cls, f: Callable[..., Any], at: Fraction) -> Sides:
        """Return the three sides of f(m, x) at x = `at`.

        Raises Undecided, OutsideDomain or ZeroDivisionError where f cannot be evaluated.
        """
        return cls(*(one_sided(f, at, side) for side in (-1, 0, 1)))

    @property
    def is_jump(self) -> bool:
        """Whether the one-sided values differ, or the value at the point differs from them."""
        return differ(self.left[0], self.right[0]) or differ(self.left[0], self.here[0])

    @property
    def is_kink(self) -> bool:
        """Whether f is not differentiable at the point: it jumps, or the one-sided derivatives differ."""
        return self.is_jump or differ(self.left[1], self.right[1])


def one_sided(f: Callable[..., Any], at: Fraction, side: int) -> tuple[Any, Any]:
    """Return value and derivative of f(m, x) at x = `at` (side 0), or its limits from the left (-1) or right (1)."""
    result = f(DualArithmetic(UnboundedBallArithmetic(_WORKING_DIGITS)), Dual(at, 1, side))
    return (result.value, result.derivative) if isinstance(result, Dual) else (result, 0)


def jet_on_side(f: Callable[..., Any], at: Fraction, side: int, order: int) -> tuple[Any, ...]:
    """Return f and its derivatives up to `order` at x = `at`, or their limits from the left (-1) or right (1)."""
    result = f(JetArithmetic(UnboundedBallArithmetic(_WORKING_DIGITS)), Jet.variable(at, order, side))
    return result.parts if isinstance(result, Jet) else (result, *[0] * order)


def is_differentiable(f: Callable[..., Any], at: Fraction, order: int) -> bool:
    """Return whether f has a derivative of this order at x = `at`; False also where 40 digits leave f undecided."""
    try:
        left, here, right = (jet_on_side(f, at, side, order) for side in (-1, 0, 1))
    except (Undecided, OutsideDomain, ZeroDivisionError):
        return False
    return not differ(left[0], here[0]) and not any(differ(a, b) for a, b in zip(left, right, strict=True))


def differ(a: Any, b: Any) -> bool:
    """Return whether a != b. Overlapping balls count as equal; other undecided numbers count as different."""
    try:
        return bool(a != b)
    except Undecided:
        return not isinstance(a, Ball | int | Fraction)


def smooth_derivative(f: Callable[..., Any], at: Fraction) -> Any:
    """Return the derivative of f(m, x) at x = `at` as an exact number or a ball; None at a kink or outside the domain.

    None also where 40 digits leave f undecided.
    """
    try:
        sides = Sides.of(f, at)
        return None if sides.is_kink else sides.right[1]
    except (Undecided, OutsideDomain, ZeroDivisionError):
        return None
