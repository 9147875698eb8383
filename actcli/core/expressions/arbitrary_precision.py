"""Arbitrary precision for expressions: unbounded balls of growing precision.

Nothing is taken for granted about an expression: an undecided result is UNDECIDED, never a tie, unless the result is
an exact fraction.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from actcli.core.arithmetic.ball_functions import BallArithmetic
from actcli.core.arithmetic.ball_unbounded import UnboundedBallArithmetic
from actcli.core.arithmetic.perturbed_ball import PerturbedBall
from actcli.core.arithmetic.signals import ExponentOverflow, OutsideDomain, Undecided
from actcli.core.evaluation.arbitrary_precision import PRECISIONS
from actcli.core.evaluation.interval_rounding import overflow_value, round_interval, round_to_nearest
from actcli.core.evaluation.one_sided import InfiniteDerivativeError
from actcli.core.evaluation.undecided import UNDECIDED

if TYPE_CHECKING:
    from actcli.core.evaluation.function import Evaluable
    from actcli.number_formats import Format

__all__ = ["enclose", "evaluate_one", "evaluate_unbounded", "try_lowest_precision"]

_EXTREME = 1e-100
"""Below this size, and above its reciprocal, one more precision is tried."""

_EXTREME_PRECISION = 1350
"""Decimal digits that show the square of a subnormal x next to 1, or 1 next to the cube of a large x."""

_NEXT_TO_BITS = 1200
"""Bits beyond which a number is on the same side of all midpoints of a format as the one that it is added to."""

_CANCELLATION_DIGITS = 20
"""A residue this many digits below the working precision is cancellation noise, and counts as zero."""


def evaluate_one(quantity: Evaluable, x: float, fmt: Format) -> float:
    """Return the correctly rounded result at one finite x; UNDECIDED if 2,100 bits do not decide it."""
    is_extreme = x != 0 and not _EXTREME < abs(x) < 1 / _EXTREME
    found = UNDECIDED
    for digits in (*PRECISIONS, _EXTREME_PRECISION) if is_extreme else PRECISIONS:
        result, is_negligible = _evaluate(quantity, x, digits, fmt)
        if result is not None:
            return result
        if is_negligible:
            found = 0.0
    return found


def try_lowest_precision(quantity: Evaluable, x: float, fmt: Format) -> float | None:
    """Return the correctly rounded result at one finite x if the lowest precision decides it, else None."""
    return _evaluate(quantity, x, PRECISIONS[0], fmt)[0]


def _evaluate(quantity: Evaluable, x: float, digits: int, fmt: Format) -> tuple[float | None, bool]:
    """Return the correctly rounded result, None if so many digits do not decide it; and whether it is negligible."""
    try:
        result = evaluate_unbounded(quantity, UnboundedBallArithmetic(digits), Fraction(x))
        if isinstance(result, Fraction):
            return fmt.nearest(result), False
        low, high = result.endpoints()
        known = round_interval(low, high, fmt)
        if known is None and isinstance(result, PerturbedBall):
            known = _round_next_to(result, fmt)
    except Undecided:
        return None, False
    except InfiniteDerivativeError as signal:
        return overflow_value(Decimal(signal.sign), fmt), False
    except OutsideDomain:
        return math.nan, False
    if known is not None and (low >= 0 or high <= 0):
        return known, False
    # However small, the residue of a cancellation is not zero unless it is far below all digits.
    return None, known is not None and max(-low, high).adjusted() < -digits - _CANCELLATION_DIGITS


def _round_next_to(number: PerturbedBall, fmt: Format) -> float | None:
    """Return the rounded number if the side of its exact base decides it: a tie is rounded to that side.

    Raise Undecided if the sign of the tail is unknown.
    """
    sign = number.tail.sign()
    low, high = number.endpoints()
    base = Fraction(number.base.mid)
    # No midpoint of two neighbours, a multiple of 2^-1075, lies between the base and a number so close to it.
    neighbour = base + Fraction(sign, base.denominator * 2**_NEXT_TO_BITS)
    nearest = fmt.nearest(neighbour)
    return nearest if sign and nearest == round_to_nearest(high if sign > 0 else low, fmt) else None


def enclose(quantity: Evaluable, x: Decimal, digits: int) -> tuple[Decimal, Decimal]:
    """Return an interval that contains the result at x, computed with `digits` decimal digits."""
    result = evaluate_unbounded(quantity, UnboundedBallArithmetic(digits), Fraction(x))
    ball = BallArithmetic(digits).number(result) if isinstance(result, int | Fraction) else result
    low, high = ball.endpoints()
    return low, high


def evaluate_unbounded(quantity: Evaluable, m: UnboundedBallArithmetic, x: Any) -> Any:
    """Return the quantity at x, a Fraction or a number of m: a Fraction, a ball or a scaled ball.

    Raise OutsideDomain for a division by zero, and Undecided where even scaled balls overflow.
    """
    try:
        result = quantity(m, x)
    except ZeroDivisionError:
        raise OutsideDomain("division by zero") from None
    except ExponentOverflow as error:
        raise Undecided(str(error)) from None
    return Fraction(result) if isinstance(result, int) else result
