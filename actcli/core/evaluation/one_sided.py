"""What a function is just left and just right of a place: whether it has a kink there at all."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from actcli.core.arithmetic.ball import Ball
from actcli.core.arithmetic.ball_unbounded import UnboundedBallArithmetic
from actcli.core.arithmetic.dual import Dual, DualArithmetic
from actcli.core.arithmetic.signals import OutsideDomain, Undecided

__all__ = ["differ", "one_sided", "smooth_derivative"]

_DIGITS = 40


def one_sided(f: Callable[..., Any], at: Fraction, side: int) -> tuple[Any, Any]:
    """The value and the slope of f(m, x) at a place (side 0), or just beside it (-1 or 1): exact numbers or balls."""
    result = f(DualArithmetic(UnboundedBallArithmetic(_DIGITS)), Dual(at, 1, side))
    return (result.value, result.derivative) if isinstance(result, Dual) else (result, 0)


def differ(a: Any, b: Any) -> bool:
    """Whether two numbers differ; what 40 digits do not tell apart does not."""
    try:
        return bool(a != b)
    except Undecided:
        return not isinstance(a, Ball | int | Fraction)


def smooth_derivative(f: Callable[..., Any], at: Fraction) -> Any:
    """The slope of f(m, x) at a place where there is no kink: an exact number or a ball; None if there is one."""
    try:
        left, here, right = (one_sided(f, at, side) for side in (-1, 0, 1))
    except (Undecided, OutsideDomain, ZeroDivisionError):
        return None
    broken = differ(left[0], right[0]) or differ(left[0], here[0]) or differ(left[1], right[1])
    return None if broken else right[1]
