"""Rounding of enclosing intervals, however large or small their endpoints, to a number format."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actcli.number_formats import Format

__all__ = [
    "INFINITY_STAND_IN",
    "is_mostly_negative",
    "overflow_value",
    "round_interval",
    "round_to_nearest",
    "with_sign_of",
]

_MAX_EXPONENT = 400
"""Decimal exponent beyond which every format overflows, or underflows to zero."""

INFINITY_STAND_IN = 10**_MAX_EXPONENT
"""Stands for an infinity in arbitrary precision: every format overflows before it."""


def round_interval(low: Decimal, high: Decimal, fmt: Format) -> float | None:
    """Return the number of fmt that both endpoints round to, a zero with their sign; None if they differ."""
    below, above = round_to_nearest(low, fmt), round_to_nearest(high, fmt)
    return with_sign_of(below, low, high) if below == above or (below != below and above != above) else None


def with_sign_of(value: float, low: Decimal, high: Decimal) -> float:
    """Return `value`, or a zero with the sign of most of the interval."""
    return math.copysign(value, -1.0 if is_mostly_negative(low, high) else 1.0) if value == 0 else value


def round_to_nearest(value: Decimal, fmt: Format) -> float:
    """Return `value` rounded to fmt, without expanding exponents far outside every format."""
    exponent = value.adjusted()
    if value and exponent > _MAX_EXPONENT:
        return overflow_value(value, fmt)
    if value and exponent < -_MAX_EXPONENT:
        return fmt.nearest(0)
    return fmt.nearest(Fraction(value))


def overflow_value(value: Decimal, fmt: Format) -> float:
    """Return what fmt gives for an overflow with the sign of `value`."""
    return fmt.nearest(Fraction(INFINITY_STAND_IN if value > 0 else -INFINITY_STAND_IN))


def is_mostly_negative(low: Decimal, high: Decimal) -> bool:
    """Return whether more of the interval is below zero than above. Copies avoid rounding by the thread's context."""
    return low < 0 and low.copy_abs() > high
