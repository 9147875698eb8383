"""Evaluation of a quantity of an expression in ball arithmetic without overflow."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from actcli.core.arithmetic.ball_unbounded import UnboundedBallArithmetic
from actcli.core.arithmetic.signals import ExponentOverflow, OutsideDomain, Undecided

if TYPE_CHECKING:
    from actcli.core.evaluation.elementwise import Quantity

__all__ = ["enclose_unbounded", "evaluate_unbounded"]


def enclose_unbounded(quantity: Quantity, x: Any, digits: int) -> Any:
    """Return the quantity at x, a Fraction or a ball: a Fraction, a ball or a scaled ball; with so many digits."""
    return evaluate_unbounded(quantity, UnboundedBallArithmetic(digits), x)


def evaluate_unbounded(quantity: Quantity, m: UnboundedBallArithmetic, x: Any) -> Any:
    """Return the quantity at x like `enclose_unbounded`, in the arithmetic m; raise Undecided or OutsideDomain."""
    try:
        result = quantity(m, x)
    except ZeroDivisionError:
        raise OutsideDomain("division by zero") from None
    except ExponentOverflow as error:
        raise Undecided(str(error)) from None
    return Fraction(result) if isinstance(result, int) else result
