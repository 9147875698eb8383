"""The exact reading, one element at a time: what the fast one leaves open, and the limits at the infinities."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from actcli.core.arithmetic.ball_functions import Ball, BallArithmetic
from actcli.core.arithmetic.signals import ExponentOverflow, OutsideDomain, Undecided
from actcli.core.evaluation.interval_rounding import overflow_value, round_interval, round_to_nearest, with_sign_of
from actcli.core.evaluation.undecided import UNDECIDED

if TYPE_CHECKING:
    from actcli.core.evaluation.elementwise import Quantity
    from actcli.number_formats import Format

__all__ = ["PROBES", "enclose", "evaluate_many", "evaluate_one", "limit", "try_lowest_precision"]

_PRECISIONS = (40, 80, 160, 320, 640)
"""Working precisions in decimal digits; the last is some 2,100 bits."""
_SMALL = 1e-100
_FINEST = 1350
"""In an expression, as many digits as the square of a subnormal x takes to show beside 1, or 1 beside the cube of a
large one."""

_CANCELLATION_DIGITS = 20
"""How many digits below its precision a reading may leave something of two numbers that cancel."""

PROBES = (Decimal("1e10000000000000000"), Decimal("1e100000000"), Decimal("1e16"), Decimal("1e8"))


def evaluate_one(quantity: Quantity, x: float, fmt: Format) -> float:
    """The correctly rounded result at one finite x, at growing precision.

    A result that some 2,000 bits do not tell from the tie between two neighbours is taken as that tie; one that is
    not known to a neighbour by then is nan, as is one outside the domain. Of an expression that a person has typed
    nothing is taken for granted: what is not decided is UNKNOWN, unless it is a fraction.
    """
    if quantity.bound.activation.is_expression:
        return _evaluate_expression(quantity, x, fmt)
    return evaluate_many(lambda m: [quantity(m, m.number(x))], fmt)[0]


def try_lowest_precision(quantity: Quantity, x: float, fmt: Format) -> float | None:
    """The correctly rounded result at one finite x if the least precision tells it, as it does by chance; else None."""
    if quantity.bound.activation.is_expression:
        return None
    m = BallArithmetic(_PRECISIONS[0])
    try:
        low, high = _endpoints(m, quantity(m, m.number(x)))
    except (ExponentOverflow, OutsideDomain, Undecided):
        return None
    # The sign of a result that is too small for a number is not told by ends on both sides of 0.
    return None if low < 0 < high else round_interval(low, high, fmt)


def evaluate_many(formula: Callable[[Any], Sequence[Any]], fmt: Format) -> list[float]:
    """Every result of `formula`, a function of the arithmetic, as `decide` does one."""
    try:
        return _evaluate_many(formula, fmt, BallArithmetic)
    except ExponentOverflow:
        return _evaluate_many(formula, fmt, _SaturatingBalls)


class _SaturatingBalls(BallArithmetic):
    """The exact reading with e^(10^15) for whatever is larger.

    Where an entry has such a power it is the result, which overflows, or goes into a function that saturates.
    """

    def exp(self, x: Ball) -> Ball:
        return super().exp(self.number(10**15) if x.mid > 10**15 else x)


def _evaluate_many(formula: Callable[[Any], Sequence[Any]], fmt: Format, kind: type[BallArithmetic]) -> list[float]:
    results: list[float] = []
    for digits in _PRECISIONS:
        m = kind(digits)
        try:
            ends = [_endpoints(m, result) for result in formula(m)]
        except Undecided:
            continue
        except OutsideDomain:
            return [math.nan]
        known = [round_interval(low, high, fmt) for low, high in ends]
        if None not in known and (digits == _PRECISIONS[-1] or not any(low < 0 < high for low, high in ends)):
            return [value for value in known if value is not None]
        results = [
            _tie(low, high, fmt) if value is None else value for value, (low, high) in zip(known, ends, strict=True)
        ]
    return results or [math.nan]


def _evaluate_expression(quantity: Quantity, x: float, fmt: Format) -> float:
    from actcli.core.evaluation.unbounded import enclose_unbounded

    extreme = x != 0 and not _SMALL < abs(x) < 1 / _SMALL
    found = UNDECIDED
    for digits in (*_PRECISIONS, _FINEST) if extreme else _PRECISIONS:
        try:
            result = enclose_unbounded(quantity, Fraction(x), digits)
            if isinstance(result, Fraction):
                return fmt.nearest(result)
            low, high = result.endpoints()
        except Undecided:
            continue
        except OutsideDomain:
            return math.nan
        known = round_interval(low, high, fmt)
        if known is not None and (low >= 0 or high <= 0):
            return known
        # What is left of two numbers that cancel is no zero, however small, unless it is far below all their digits.
        if known is not None and max(-low, high).adjusted() < -digits - _CANCELLATION_DIGITS:
            found = 0.0
    return found


def _endpoints(m: BallArithmetic, result: Any) -> tuple[Decimal, Decimal]:
    ball = m.number(result) if isinstance(result, int | Fraction) else result
    low, high = ball.endpoints()
    return low, high


def _tie(low: Decimal, high: Decimal, fmt: Format) -> float:
    """What the tie between the two neighbours that the ends round to rounds to; nan if they are not neighbours."""
    below, above = round_to_nearest(low, fmt), round_to_nearest(high, fmt)
    if not (math.isfinite(below) and math.isfinite(above)):
        return math.nan
    middle = (Fraction(below) + Fraction(above)) / 2
    return fmt.nearest(middle) if fmt.nearest(middle) in (below, above) else math.nan


def enclose(quantity: Quantity, x: Decimal, digits: int) -> tuple[Decimal, Decimal]:
    """An interval that holds the result at x, from the exact reading with so many digits."""
    if quantity.bound.activation.is_expression:
        from actcli.core.evaluation.unbounded import enclose_unbounded

        return _endpoints(BallArithmetic(digits), enclose_unbounded(quantity, Fraction(x), digits))
    try:
        return _enclose(quantity, x, BallArithmetic(digits))
    except ExponentOverflow:
        return _enclose(quantity, x, _SaturatingBalls(digits))


def _enclose(quantity: Quantity, x: Decimal, m: BallArithmetic) -> tuple[Decimal, Decimal]:
    return _endpoints(m, quantity(m, m.number(x)))


def limit(quantity: Quantity, side: int, fmt: Format) -> float:
    """The limit at -inf or +inf, nan where there is none.

    It is read off two arguments far beyond every float64: equal results are the limit, results that grow in size
    without end are an infinity, and results that are not decided have no limit.
    """
    if quantity.bound.activation.is_expression:
        from actcli.core.expressions.limits import limit_of

        return limit_of(quantity, side, fmt)
    found: list[tuple[Decimal, Decimal]] = []
    for probe in PROBES:
        try:
            far = probe if side > 0 else probe.copy_negate()
            found.append(_enclose(quantity, far, BallArithmetic(_PRECISIONS[0])))
        except ExponentOverflow:
            continue
        except (Undecided, OutsideDomain):
            return math.nan
        if len(found) == 2:
            break
    if len(found) < 2:
        # Even e^(10^8) overflows here: what comes of a power that stands for all such is the limit.
        bounded = _SaturatingBalls(_PRECISIONS[0])
        found = [_enclose(quantity, probe if side > 0 else probe.copy_negate(), bounded) for probe in PROBES[2:]]
    return _limit_from_probes(found, fmt)


def _limit_from_probes(found: list[tuple[Decimal, Decimal]], fmt: Format) -> float:
    if len(found) < 2:
        return math.nan
    (far_low, far_high), (near_low, near_high) = found
    ends = [round_to_nearest(end, fmt) for end in (far_low, far_high)]
    if ends[0] == ends[1] == round_to_nearest(near_low, fmt) == round_to_nearest(near_high, fmt):
        return with_sign_of(ends[0], far_low, far_high)
    if far_low > near_high > 0 and far_low > 2:
        return overflow_value(far_low, fmt)
    if far_high < near_low < 0 and far_high < -2:
        return overflow_value(far_high, fmt)
    far, near = (max(low.copy_abs(), high.copy_abs()) for low, high in found)
    if far.adjusted() < near.adjusted():
        return with_sign_of(0.0, far_low, far_high)
    if ends[0] == ends[1]:
        return ends[0]
    tie = _tie(far_low, far_high, fmt)
    return tie if tie == _tie(near_low, near_high, fmt) else math.nan
