"""Arbitrary precision: balls of growing precision until the rounding is decided, and limits at the infinities.

These are the functions for catalogue entries. Expressions have their own in `expressions.arbitrary_precision`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from actcli.core.arithmetic.ball_functions import BallArithmetic
from actcli.core.arithmetic.ball_unbounded import UnboundedBallArithmetic
from actcli.core.arithmetic.signals import ExponentOverflow, OutsideDomain, Undecided
from actcli.core.evaluation.interval_rounding import overflow_value, round_interval, round_to_nearest, with_sign_of

if TYPE_CHECKING:
    from actcli.number_formats import Format

    Formula = Callable[[Any, Any], Any]
    """A function of an arithmetic and one of its numbers; a Quantity is one."""

__all__ = ["PRECISIONS", "enclose", "evaluate_many", "limit", "limit_probe", "try_lowest_precision"]

PRECISIONS = (40, 80, 160, 320, 640)
"""Working precisions in decimal digits; the last is about 2,100 bits."""

_TIE_PRECISION = 1350
"""Decimal digits after which a result counts as a tie: a term with a parameter of 10^-400 shows next to one with 10^400
and a subnormal x."""

_LIMIT_PROBES = (Decimal("1e10000000000000000"), Decimal("1e100000000"))
"""Arguments that stand for an infinity, the farthest first: also times the smallest parameter beyond every float64."""

_NEAR_LIMIT_PROBES, _NEAR_LIMIT_DIGITS = (Decimal("1e400"), Decimal("1e330")), 3000
"""Arguments beyond every float64, and the digits that outlast a cancellation by seven powers of them."""

_CANCELLATION = Decimal("1e100")
"""An undecided result with a bound beyond this may have cancelled; a wave has not."""

_NEGLIGIBLE_EXPONENT = -(10**6)
"""Below 10**_NEGLIGIBLE_EXPONENT a ball holds a power e^x that was too small for it, and not a cancellation."""


def try_lowest_precision(formula: Formula, x: float, fmt: Format) -> float | None:
    """Return formula(m, x), correctly rounded, if the lowest working precision decides it, else None."""
    m = BallArithmetic(PRECISIONS[0])
    try:
        low, high = _endpoints(m, formula(m, m.number(x)))
    except (ExponentOverflow, OutsideDomain, Undecided):
        return None
    # An interval around 0 does not decide the sign of an underflowing result.
    return None if low < 0 < high else round_interval(low, high, fmt)


def evaluate_many(formula: Callable[[Any], Sequence[Any]], fmt: Format) -> list[float]:
    """Return every result of formula(m), correctly rounded to fmt.

    A result that 4,400 bits cannot distinguish from the tie of two neighbours is that tie. One that is not known to a
    neighbour by then is nan. A single nan is returned if the formula is undecided or outside its domain.

    Powers beyond 10^(10^16), and logarithms of their reciprocals, require unbounded balls, which are slower.
    """
    results: list[float] = []
    for kind in (BallArithmetic, UnboundedBallArithmetic):
        with suppress(ExponentOverflow):
            results = _evaluate_many(formula, fmt, kind)
            if results:
                break
    return results or [math.nan]


def _evaluate_many(formula: Callable[[Any], Sequence[Any]], fmt: Format, kind: type[BallArithmetic]) -> list[float]:
    """Return the results as balls of this kind give them; an empty list if no precision decides the formula."""
    results: list[float] = []
    for digits in (*PRECISIONS, _TIE_PRECISION):
        m = kind(digits)
        try:
            intervals = [_endpoints(m, result) for result in formula(m)]
        except Undecided:
            continue
        except OutsideDomain:
            return [math.nan]
        if kind is BallArithmetic and any(low < 0 < high and _is_negligible(low, high) for low, high in intervals):
            raise ExponentOverflow("the sign of a difference of clamped powers")
        known = [round_interval(low, high, fmt) for low, high in intervals]
        if None not in known and (digits == _TIE_PRECISION or not any(low < 0 < high for low, high in intervals)):
            return [value for value in known if value is not None]
        results = [
            _tie(low, high, fmt) if value is None else value
            for value, (low, high) in zip(known, intervals, strict=True)
        ]
    return results


def _is_negligible(low: Decimal, high: Decimal) -> bool:
    return max(-low, high).adjusted() < _NEGLIGIBLE_EXPONENT


def _endpoints(m: BallArithmetic, result: Any) -> tuple[Decimal, Decimal]:
    ball = m.number(result) if isinstance(result, int | Fraction) else result
    low, high = ball.endpoints()
    return low, high


def _tie(low: Decimal, high: Decimal, fmt: Format) -> float:
    """Return the rounding of the tie between the neighbours that low and high round to; nan for other numbers."""
    below, above = round_to_nearest(low, fmt), round_to_nearest(high, fmt)
    if not (math.isfinite(below) and math.isfinite(above)):
        return math.nan
    middle = (Fraction(below) + Fraction(above)) / 2
    return fmt.nearest(middle) if fmt.nearest(middle) in (below, above) else math.nan


def enclose(formula: Formula, x: Decimal, digits: int) -> tuple[Decimal, Decimal]:
    """Return an interval that contains the result at x, computed with `digits` decimal digits."""
    try:
        return _enclose(formula, x, BallArithmetic(digits))
    except (ExponentOverflow, Undecided):
        try:
            return _enclose(formula, x, UnboundedBallArithmetic(digits))
        except ExponentOverflow:
            raise Undecided("a number beyond unbounded balls") from None


def _enclose(formula: Formula, x: Decimal, m: BallArithmetic) -> tuple[Decimal, Decimal]:
    return _endpoints(m, formula(m, m.number(x)))


def limit_probe(side: int) -> Decimal:
    """Return the argument that stands for -inf (side -1) or +inf (side +1)."""
    return _signed(_LIMIT_PROBES[0], side)


def _signed(probe: Decimal, side: int) -> Decimal:
    """Return the probe with the sign of `side`; a product would be limited by the thread's context."""
    return probe if side > 0 else probe.copy_negate()


def limit(formula: Formula, side: int, fmt: Format) -> float:
    """Return the limit at -inf (side -1) or +inf (side +1), rounded to fmt; nan where there is none.

    Two arguments far beyond every float64 decide it: equal results are the limit, results that grow in size are an
    infinity, and undecided results have no limit.

    A high power of x beside e^-x requires unbounded balls. A cancellation, as in the second derivative of log Phi, is
    resolved at nearer arguments; only equal results count there.
    """
    for kind in (BallArithmetic, UnboundedBallArithmetic):
        with suppress(Undecided, ExponentOverflow):
            m = kind(PRECISIONS[0])
            try:
                found = [_enclose(formula, _signed(probe, side), m) for probe in _LIMIT_PROBES]
            except OutsideDomain:
                return math.nan
            known = _limit_from_probes(found, fmt)
            if not math.isnan(known) or max(high for _, high in found) < _CANCELLATION:
                return known
    with suppress(Undecided, OutsideDomain):
        found = [enclose(formula, _signed(probe, side), _NEAR_LIMIT_DIGITS) for probe in _NEAR_LIMIT_PROBES]
        results = {round_to_nearest(end, fmt) for ends in found for end in ends}
        if len(results) == 1:
            return with_sign_of(results.pop(), *found[0])
    return math.nan


def _limit_from_probes(found: list[tuple[Decimal, Decimal]], fmt: Format) -> float:
    """Return the limit from the intervals at a far argument and at a nearer one."""
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
