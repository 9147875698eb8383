"""The ends of an interval that holds a result, however large or small, rounded to a number format."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actcli.formats import Format

__all__ = ["agreed", "huge", "leans_down", "nearest", "signed"]


def agreed(low: Decimal, high: Decimal, fmt: Format) -> float | None:
    """The number of fmt that both ends round to, with the sign of the ends if it is zero; None if they differ."""
    below, above = nearest(low, fmt), nearest(high, fmt)
    return signed(below, low, high) if below == above or (below != below and above != above) else None


def signed(value: float, low: Decimal, high: Decimal) -> float:
    """`value`, with the sign of the ends if it is zero."""
    return math.copysign(value, -1.0 if leans_down(low, high) else 1.0) if value == 0 else value


def nearest(value: Decimal, fmt: Format) -> float:
    """`value` rounded to fmt; what is far outside every format is not spelled out to do so."""
    exponent = value.adjusted()
    if value and exponent > 400:
        return huge(value, fmt)
    if value and exponent < -400:
        return fmt.nearest(0)
    return fmt.nearest(Fraction(value))


def huge(value: Decimal, fmt: Format) -> float:
    """What fmt makes of a number beyond it, with the sign of `value`."""
    return fmt.nearest(Fraction(10) ** 400 * (1 if value > 0 else -1))


def leans_down(low: Decimal, high: Decimal) -> bool:
    """Whether the interval lies more below zero than above; by copies, since the thread's context would round."""
    return low < 0 and low.copy_abs() > high
