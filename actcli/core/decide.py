"""The exact reading, one element at a time: what the fast one leaves open, and the limits at the infinities."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from actcli.core.arithmetic.exact import Ball, Enormous, ExactArithmetic, OutsideDomain, Undecided
from actcli.core.ends import agreed, huge, nearest, signed
from actcli.core.unknown import UNKNOWN

if TYPE_CHECKING:
    from actcli.core.engine import Reading
    from actcli.formats import Format

__all__ = ["PROBES", "at_once", "decide", "decide_all", "enclosed", "limit"]

_DIGITS = (40, 80, 160, 320, 640)
"""Working precisions in decimal digits; the last is some 2,100 bits."""
_SMALL = 1e-100
_FINEST = 1350
"""In an expression, as many digits as the square of a subnormal x takes to show beside 1, or 1 beside the cube of a
large one."""

_SPARE = 20
"""How many digits below its precision a reading may leave something of two numbers that cancel."""

PROBES = (Decimal("1e10000000000000000"), Decimal("1e100000000"), Decimal("1e16"), Decimal("1e8"))


def decide(reading: Reading, x: float, fmt: Format) -> float:
    """The correctly rounded result at one finite x, at growing precision.

    A result that some 2,000 bits do not tell from the tie between two neighbours is taken as that tie; one that is
    not known to a neighbour by then is nan, as is one outside the domain. Of an expression that a person has typed
    nothing is taken for granted: what is not decided is UNKNOWN, unless it is a fraction.
    """
    if reading.bound.activation.typed:
        return _decide_typed(reading, x, fmt)
    return decide_all(lambda m: [reading(m, m.number(x))], fmt)[0]


def at_once(reading: Reading, x: float, fmt: Format) -> float | None:
    """The correctly rounded result at one finite x if the least precision tells it, as it does by chance; else None."""
    if reading.bound.activation.typed:
        return None
    m = ExactArithmetic(_DIGITS[0])
    try:
        low, high = _ends(m, reading(m, m.number(x)))
    except (Enormous, OutsideDomain, Undecided):
        return None
    # The sign of a result that is too small for a number is not told by ends on both sides of 0.
    return None if low < 0 < high else agreed(low, high, fmt)


def decide_all(formula: Callable[[Any], Sequence[Any]], fmt: Format) -> list[float]:
    """Every result of `formula`, a function of the arithmetic, as `decide` does one."""
    try:
        return _decide_all(formula, fmt, ExactArithmetic)
    except Enormous:
        return _decide_all(formula, fmt, _Bounded)


class _Bounded(ExactArithmetic):
    """The exact reading with e^(10^15) for whatever is larger.

    Where an entry has such a power it is the result, which overflows, or goes into a function that saturates.
    """

    def exp(self, x: Ball) -> Ball:
        return super().exp(self.number(10**15) if x.mid > 10**15 else x)


def _decide_all(formula: Callable[[Any], Sequence[Any]], fmt: Format, kind: type[ExactArithmetic]) -> list[float]:
    results: list[float] = []
    for digits in _DIGITS:
        m = kind(digits)
        try:
            ends = [_ends(m, result) for result in formula(m)]
        except Undecided:
            continue
        except OutsideDomain:
            return [math.nan]
        known = [agreed(low, high, fmt) for low, high in ends]
        if None not in known and (digits == _DIGITS[-1] or not any(low < 0 < high for low, high in ends)):
            return [value for value in known if value is not None]
        results = [
            _tie(low, high, fmt) if value is None else value for value, (low, high) in zip(known, ends, strict=True)
        ]
    return results or [math.nan]


def _decide_typed(reading: Reading, x: float, fmt: Format) -> float:
    from actcli.core.arithmetic.open_exact import read_openly

    extreme = x != 0 and not _SMALL < abs(x) < 1 / _SMALL
    found = UNKNOWN
    for digits in (*_DIGITS, _FINEST) if extreme else _DIGITS:
        try:
            result = read_openly(reading, Fraction(x), digits)
            if isinstance(result, Fraction):
                return fmt.nearest(result)
            low, high = result.ends()
        except Undecided:
            continue
        except OutsideDomain:
            return math.nan
        known = agreed(low, high, fmt)
        if known is not None and (low >= 0 or high <= 0):
            return known
        # What is left of two numbers that cancel is no zero, however small, unless it is far below all their digits.
        if known is not None and max(-low, high).adjusted() < -digits - _SPARE:
            found = 0.0
    return found


def _ends(m: ExactArithmetic, result: Any) -> tuple[Decimal, Decimal]:
    ball = m.number(result) if isinstance(result, int | Fraction) else result
    low, high = ball.ends()
    return low, high


def _tie(low: Decimal, high: Decimal, fmt: Format) -> float:
    """What the tie between the two neighbours that the ends round to rounds to; nan if they are not neighbours."""
    below, above = nearest(low, fmt), nearest(high, fmt)
    if not (math.isfinite(below) and math.isfinite(above)):
        return math.nan
    middle = (Fraction(below) + Fraction(above)) / 2
    return fmt.nearest(middle) if fmt.nearest(middle) in (below, above) else math.nan


def enclosed(reading: Reading, x: Decimal, digits: int) -> tuple[Decimal, Decimal]:
    """An interval that holds the result at x, from the exact reading with so many digits."""
    if reading.bound.activation.typed:
        from actcli.core.arithmetic.open_exact import read_openly

        return _ends(ExactArithmetic(digits), read_openly(reading, Fraction(x), digits))
    try:
        return _enclosed(reading, x, ExactArithmetic(digits))
    except Enormous:
        return _enclosed(reading, x, _Bounded(digits))


def _enclosed(reading: Reading, x: Decimal, m: ExactArithmetic) -> tuple[Decimal, Decimal]:
    return _ends(m, reading(m, m.number(x)))


def limit(reading: Reading, side: int, fmt: Format) -> float:
    """The limit at -inf or +inf, nan where there is none.

    It is read off two arguments far beyond every float64: equal results are the limit, results that grow in size
    without end are an infinity, and results that are not decided have no limit.
    """
    if reading.bound.activation.typed:
        from actcli.core.expression.limits import limit_of

        return limit_of(reading, side, fmt)
    found: list[tuple[Decimal, Decimal]] = []
    for probe in PROBES:
        try:
            far = probe if side > 0 else probe.copy_negate()
            found.append(_enclosed(reading, far, ExactArithmetic(_DIGITS[0])))
        except Enormous:
            continue
        except (Undecided, OutsideDomain):
            return math.nan
        if len(found) == 2:
            break
    if len(found) < 2:
        # Even e^(10^8) overflows here: what comes of a power that stands for all such is the limit.
        bounded = _Bounded(_DIGITS[0])
        found = [_enclosed(reading, probe if side > 0 else probe.copy_negate(), bounded) for probe in PROBES[2:]]
    return _trend(found, fmt)


def _trend(found: list[tuple[Decimal, Decimal]], fmt: Format) -> float:
    if len(found) < 2:
        return math.nan
    (far_low, far_high), (near_low, near_high) = found
    ends = [nearest(end, fmt) for end in (far_low, far_high)]
    if ends[0] == ends[1] == nearest(near_low, fmt) == nearest(near_high, fmt):
        return signed(ends[0], far_low, far_high)
    if far_low > near_high > 0 and far_low > 2:
        return huge(far_low, fmt)
    if far_high < near_low < 0 and far_high < -2:
        return huge(far_high, fmt)
    far, near = (max(low.copy_abs(), high.copy_abs()) for low, high in found)
    if far.adjusted() < near.adjusted():
        return signed(0.0, far_low, far_high)
    if ends[0] == ends[1]:
        return ends[0]
    tie = _tie(far_low, far_high, fmt)
    return tie if tie == _tie(near_low, near_high, fmt) else math.nan
