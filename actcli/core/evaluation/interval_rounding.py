"""The ends of an interval that holds a result, however large or small, rounded to a number format."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actcli.number_formats import Format

__all__ = ["is_mostly_negative", "overflow_value", "round_interval", "round_to_nearest", "with_sign_of"]


def round_interval(low: Decimal, high: Decimal, fmt: Format) -> float | None:
    """The number of fmt that both ends round to, with the sign of the ends if it is zero; None if they differ."""
    below, above = round_to_nearest(low, fmt), round_to_nearest(high, fmt)
    return with_sign_of(below, low, high) if below == above or (below != below and above != above) else None


def with_sign_of(value: float, low: Decimal, high: Decimal) -> float:
    """`value`, with the sign of the ends if it is zero."""
    return math.copysign(value, -1.0 if is_mostly_negative(low, high) else 1.0) if value == 0 else value


def round_to_nearest(value: Decimal, fmt: Format) -> float:
    """`value` rounded to fmt; what is far outside every format is not spelled out to do so."""
    exponent = value.adjusted()
    if value and exponent > 400:
        return overflow_value(value, fmt)
    if value and exponent < -400:
        return fmt.nearest(0)
    return fmt.nearest(Fraction(value))


def overflow_value(value: Decimal, fmt: Format) -> float:
    """What fmt makes of a number beyond it, with the sign of `value`."""
    return fmt.nearest(Fraction(10) ** 400 * (1 if value > 0 else -1))


def is_mostly_negative(low: Decimal, high: Decimal) -> bool:
    """Whether the interval lies more below zero than above; by copies, since the thread's context would round."""
    return low < 0 and low.copy_abs() > high
