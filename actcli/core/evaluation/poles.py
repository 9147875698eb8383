"""Poles at the ends of a domain: the infinite limit from inside, which frameworks return there.

Only for entries that a framework implements. Elsewhere an end of a domain lies outside it, and the result is nan.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from actcli.core.arithmetic.ball_unbounded import UnboundedBallArithmetic
from actcli.core.arithmetic.signals import ExponentOverflow, OutsideDomain, Undecided

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import Quantity

__all__ = ["infinite_limit"]

_WORKING_DIGITS = 40

_LOGS_OF_DISTANCES = -(10**30), -(10**300)
"""Logarithms of the distances from the end. Even log x grows by a factor of 10^270 from the first to the second."""


def infinite_limit(quantity: Quantity, end: Fraction, side: int) -> float:
    """Return inf or -inf if that is the limit at `end` from the right (side 1) or left (-1), else nan."""
    m = UnboundedBallArithmetic(_WORKING_DIGITS)
    try:
        far, near = (quantity(m, m.exp(m.number(log)) * side + end) for log in _LOGS_OF_DISTANCES)
        if (far > 0) == (near > 0) and abs(near) > 2 * abs(far):
            return math.inf if near > 0 else -math.inf
    except (ExponentOverflow, OutsideDomain, Undecided, ZeroDivisionError):
        pass
    return math.nan
