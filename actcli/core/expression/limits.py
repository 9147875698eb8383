"""The limits of an expression at the infinities, read off its values far beyond every number of a format.

Three places, each far beyond the one before, have to agree: on one number, on growing without end, or on nearing a
number so fast that what is left cannot matter. What does not show so clearly is nan.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from actcli.core.arithmetic.exact import Ball, ExactArithmetic, OutsideDomain, Undecided
from actcli.core.arithmetic.open_exact import read_openly

if TYPE_CHECKING:
    from actcli.core.engine import Reading
    from actcli.formats import Format

__all__ = ["limit_of"]

_PLACES: tuple[tuple[int, tuple[Decimal | Fraction, ...]], ...] = (
    (640, (Decimal("1e10000"), Decimal("1e100000000"), Decimal("1e10000000000000000"))),
    (640, (Decimal("1e10000"), Decimal("1e10000000"), Decimal("1e1000000000000"))),
    (2000, (Fraction(10) ** 400, Fraction(10) ** 800, Fraction(10) ** 1600)),
)
"""Digits to work with, and three places; the last ones are kept exact as far as the expression is rational."""

_NOTHING = Decimal("1e-400")


def limit_of(reading: Reading, side: int, fmt: Format) -> float:
    """The limit of `reading` at +inf (side 1) or -inf (side -1), nan where none shows."""
    for digits, places in _PLACES:
        m = ExactArithmetic(digits)
        try:
            values = [read_openly(reading, _at(at, side, m), digits, waves=False) for at in places]
            found = _led_to(values, m, fmt)
        except Undecided:
            continue
        except OutsideDomain:
            return math.nan
        if not math.isnan(found):
            return found
    return math.nan


def _at(at: Decimal | Fraction, side: int, m: ExactArithmetic) -> Ball | Fraction:
    if isinstance(at, Fraction):
        return at * side
    return m.number(at if side > 0 else at.copy_negate())


def _led_to(values: list[Any], m: ExactArithmetic, fmt: Format) -> float:
    near, far, farthest = values
    if all(isinstance(value, Fraction) for value in values):
        return fmt.nearest(farthest) if near == far == farthest else math.nan
    step, next_step = far - near, farthest - far
    for sign in (1, -1):
        if _grows([sign * value for value in values], sign * step, sign * next_step):
            return fmt.nearest(Fraction(10) ** 400 * sign)
    ends = [_ends(value, m) for value in values]
    sizes = [max(low.copy_abs(), high.copy_abs()) for low, high in ends]
    low, high = ends[2]
    if max(sizes) < _NOTHING or _vanishes(sizes):
        return math.copysign(0.0, -1.0 if high <= 0 and low < 0 else 1.0)
    last, before = (max(end.copy_abs() for end in _ends(value, m)) for value in (next_step, step))
    if not (m.up.multiply(2, last) <= before or last <= m.up.multiply(sizes[2], Decimal((0, (1,), 12 - m.digits)))):
        return math.nan
    nearest = {fmt.nearest(Fraction(end)) for end in (m.floor.subtract(low, last), m.ceiling.add(high, last))}
    return nearest.pop() if len(nearest) == 1 else math.nan


def _grows(values: list[Any], step: Any, next_step: Any) -> bool:
    """Whether three values grow without end: ever faster, and beyond 2."""
    try:
        return bool(values[0] > 1 and step > 0 and next_step >= step and values[2] > 2)
    except Undecided:
        return False


def _vanishes(sizes: list[Decimal]) -> bool:
    """Whether three sizes become nothing: each time by as much of itself as before, or more."""
    a, b, c = sizes
    if not (a and b):
        return False
    return c.adjusted() - b.adjusted() <= b.adjusted() - a.adjusted() <= -4


def _ends(value: Any, m: ExactArithmetic) -> tuple[Decimal, Decimal]:
    ball = m.number(value) if isinstance(value, int | Fraction) else value
    low, high = ball.ends() if isinstance(ball, Ball) else value.ends()
    return low, high
