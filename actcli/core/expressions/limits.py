"""The limits of an expression at the infinities, read off its value at one place beyond every number that it can name.

That place is e^(e^(...)), a tower so high that its logarithm, taken as often as the expression does, is still larger
than every constant that the expression can make: there a bound such as min(log(log(x)), 50) has done what it will do,
and what goes to nothing is nothing. A constant is its own limit, and what is not decided there, as large parts have
cancelled, is read off three numbers as far as it can be defended: no part of the expression may be on its way still.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from actcli.core.arithmetic.ball_functions import Ball, BallArithmetic
from actcli.core.arithmetic.ball_unbounded import UnboundedBallArithmetic
from actcli.core.arithmetic.dual import Dual, value_of
from actcli.core.arithmetic.signals import ExponentOverflow, OutsideDomain, Undecided
from actcli.core.evaluation.interval_rounding import overflow_value, round_interval, round_to_nearest
from actcli.core.evaluation.undecided import UNDECIDED
from actcli.core.expressions.arbitrary_precision import evaluate_unbounded
from actcli.core.expressions.interpreter import Interpreter, slope_of
from actcli.core.expressions.nodes import Binary, Call, Entry, Node, children

if TYPE_CHECKING:
    from actcli.core.evaluation.function import Evaluable
    from actcli.core.expressions.formula import Formula
    from actcli.number_formats import Format

__all__ = ["limit_ends", "limit_of"]

_TOP = Decimal("1e30")
_HIGHEST = 31
"""A higher tower takes its time, and functions nested so deep are no activation."""

_DIGITS = (60, 640)
_LOUD = Decimal("1e1000000")
"""For how large a wave, too, a limit has to be the same."""

_NOTHING = -(10**6)
"""Below 10 to this, what is left is nothing, of whichever sign."""

_LEAST = Decimal("1e-400")
_PLACES: tuple[tuple[int, tuple[Decimal | Fraction, ...]], ...] = (
    (640, (Decimal("1e10000"), Decimal("1e10000000"), Decimal("1e1000000000000"))),
    (2000, (Fraction(10) ** 400, Fraction(10) ** 800, Fraction(10) ** 1600)),
    (2000, (Fraction(10) ** 160, Fraction(10) ** 240, Fraction(10) ** 400)),
)
"""Digits to work with, and three places; fractions are kept exact as far as the expression is rational."""

_SPENT = Decimal("1e-300")
"""A last change by so little of a number is one of rounding."""

_SLOW = 20
"""A part that is neither as good as constant nor beyond x^(1/20), or below x^(-1/20), may change its mind later."""


def limit_of(formula: Formula, quantity: Evaluable, side: int, fmt: Format) -> float:
    """The limit of `reading` at +inf (side 1) or -inf (side -1), nan where there is none, UNKNOWN if that is open."""
    waved = False
    for digits in _DIGITS:
        try:
            result, waved = _far_out(formula, quantity, side, digits)
            if isinstance(result, Fraction):
                return fmt.nearest(result)
            low, high = result.endpoints()
        except Undecided as fault:
            waved = isinstance(fault, _Waved)
            continue
        except OutsideDomain:
            return math.nan
        if low < 0 < high and max(low.adjusted(), high.adjusted()) < _NOTHING:
            return 0.0
        found = round_interval(low, high, fmt)
        if found is not None and (low >= 0 or high <= 0):
            return found
    return math.nan if waved else _probed(formula, quantity, side, fmt)


def limit_ends(formula: Formula, quantity: Evaluable, side: int, digits: int) -> tuple[Decimal, Decimal]:
    """An interval that holds the limit, a finite one, from a reading with so many digits; Undecided."""
    result, _ = _far_out(formula, quantity, side, digits)
    return _ends(result, BallArithmetic(digits))


class _Waved(Undecided):
    """What waves decide, and so nothing does."""


def _far_out(formula: Formula, quantity: Evaluable, side: int, digits: int) -> tuple[Any, bool]:
    """The result beyond all numbers, and whether waves have a part in it; Undecided, OutsideDomain."""
    height = 2 * _nested(formula.tree) + 3
    if height > _HIGHEST:
        raise Undecided("too high a tower")
    quiet, loud = UnboundedBallArithmetic(digits, Decimal(1)), UnboundedBallArithmetic(digits, _LOUD)
    try:
        result = evaluate_unbounded(quantity, quiet, _tower(quiet, height, side))
        if not quiet.waved or _is_beyond(result):
            return result, quiet.waved
        again = evaluate_unbounded(quantity, loud, _tower(loud, height, side))
        widths = [loud.up.subtract(high, low) for low, high in (result.endpoints(), again.endpoints())]
    except Undecided as fault:
        raise (_Waved("a wave") if quiet.waved else fault) from None
    if widths[1] > loud.up.multiply(2, widths[0]):
        raise _Waved("a wave")
    return again, True


def _is_beyond(result: Any) -> bool:
    """Whether a result is one number, or surely beyond all numbers, or next to nothing."""
    if isinstance(result, Fraction):
        return True
    sizes = [end.adjusted() if end else 9 * _NOTHING for end in result.endpoints()]
    return max(sizes) < _NOTHING or (min(sizes) > -_NOTHING and bool(result.sign()))


def _tower(m: UnboundedBallArithmetic, height: int, side: int) -> Any:
    x: Any = m.number(_TOP)
    for _ in range(height):
        x = m.exp(x)
    return x if side > 0 else -x


def _nested(node: Node) -> int:
    """How many functions and powers stand in each other at most."""
    inner = max(map(_nested, children(node)), default=0)
    return inner + (isinstance(node, Call | Entry) or (isinstance(node, Binary) and node.sign == "**"))


# --- what cancels far out -------------------------------------------------------------------------------------------


class _Watching(Interpreter):
    """As Scalars, and all that has been worked out on the way."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.seen: list[Any] = []

    def value(self, node: Node) -> Any:
        result = super().value(node)
        self.seen.append(result)
        return result


def _probed(formula: Formula, quantity: Evaluable, side: int, fmt: Format) -> float:
    """The limit as three places show it, each far beyond the one before: UNKNOWN where they do not."""
    nothing = UNDECIDED
    for digits, places in _PLACES:
        m = UnboundedBallArithmetic(digits, Decimal(1))
        try:
            results, seen = zip(*(_watched(formula, quantity, _at(at, side, m), m) for at in places), strict=True)
            found = _led_to(list(results), m, fmt)
            if found != found or m.waved or not _all_settled(seen, [_size(_at(at, 1, m), m) for at in places], m):
                continue
            if found or not _is_open(results[-1], m):
                return found
            nothing = found
        except (Undecided, ExponentOverflow):
            continue
        except (OutsideDomain, ZeroDivisionError):
            return math.nan
    return nothing


def _is_open(value: Any, m: BallArithmetic) -> bool:
    """Whether the sign of what is next to nothing is not known."""
    low, high = _ends(value, m)
    return low < 0 < high


def _at(at: Decimal | Fraction, side: int, m: BallArithmetic) -> Ball | Fraction:
    if isinstance(at, Fraction):
        return at * side
    return m.number(at if side > 0 else at.copy_negate())


def _watched(formula: Formula, quantity: Evaluable, at: Any, m: UnboundedBallArithmetic) -> tuple[Any, list[Any]]:
    """The result at a place, and all values, and slopes, on the way to it."""
    moving = {quantity.wrt: Dual(0, 1)} if quantity.wrt is not None else {}
    x = Dual(at, 1, quantity.side) if quantity.order and not moving else at
    run = _Watching(m, formula.names(x, moving), formula.known)
    result = run.value(formula.tree)
    parts = [part for value in run.seen for part in (value_of(value), slope_of(value))]
    return (slope_of if quantity.order else value_of)(result), parts


def _all_settled(seen: Any, reach: list[int], m: BallArithmetic) -> bool:
    """Whether every part, at three places of these sizes, has done what it will do.

    It has if it is as good as constant, its changes going down as a power of x, or is beyond every constant, or below.
    """
    if len({len(parts) for parts in seen}) > 1:
        return False
    return all(_is_settled(values, reach, m) for values in zip(*seen, strict=True))


def _is_settled(values: tuple[Any, ...], reach: list[int], m: BallArithmetic) -> bool:
    sizes, far = [_size(value, m) for value in values], [size // _SLOW for size in reach]
    pairs = list(zip(sizes, far, strict=True))
    if all(size > end for size, end in pairs) or all(size < -end for size, end in pairs):
        return True
    changes = [_size(after - before, m) for before, after in pairwise(values)]
    return all(abs(size) <= far[0] for size in sizes) and all(
        change < sizes[0] - end for change, end in zip(changes, far, strict=False)
    )


def _size(value: Any, m: BallArithmetic) -> int:
    """The exponent of a number, as far as numbers go."""
    size = max(end.copy_abs() for end in _ends(value, m))
    return size.adjusted() if size else 9 * _NOTHING**3


def _led_to(values: list[Any], m: BallArithmetic, fmt: Format) -> float:
    near, far, farthest = values
    if all(isinstance(value, int | Fraction) for value in values):
        return fmt.nearest(farthest) if near == far == farthest else math.nan
    step, next_step = far - near, farthest - far
    for sign in (1, -1):
        if _grows([sign * value for value in values], sign * step, sign * next_step):
            return overflow_value(Decimal(sign), fmt)
    ends = [_ends(value, m) for value in values]
    sizes = [max(low.copy_abs(), high.copy_abs()) for low, high in ends]
    low, high = ends[2]
    if max(sizes) < _LEAST or _vanishes(sizes):
        return math.copysign(0.0, -1.0 if high <= 0 and low < 0 else 1.0)
    last, before = (max(end.copy_abs() for end in _ends(value, m)) for value in (next_step, step))
    if not (m.up.multiply(2, last) <= before or last <= m.up.multiply(sizes[2], _SPENT)):
        return math.nan
    around = {round_to_nearest(end, fmt) for end in (m.floor.subtract(low, last), m.ceiling.add(high, last))}
    return around.pop() if len(around) == 1 else math.nan


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


def _ends(value: Any, m: BallArithmetic) -> tuple[Decimal, Decimal]:
    ball = m.number(value) if isinstance(value, int | Fraction) else value
    low, high = ball.endpoints()
    return low, high
