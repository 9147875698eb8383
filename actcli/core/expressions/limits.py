"""Limits of an expression at the infinities.

First the expression is evaluated at exp(exp(...)), a tower of exponentials taller than any nesting in the expression.
There every min and max selects its final branch, and vanishing terms are negligible: min(log(log(x)), 50) is 50.
If large parts cancel, that value is undecided. Then the limit is extrapolated from three probes, each far beyond the
one before, provided that every part of the expression has converged or left all bounds by then.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from actcli.core.arithmetic.ball import Ball
from actcli.core.arithmetic.ball_functions import BallArithmetic
from actcli.core.arithmetic.ball_unbounded import UnboundedBallArithmetic
from actcli.core.arithmetic.dual import Differential, Dual
from actcli.core.arithmetic.jet import Jet
from actcli.core.arithmetic.perturbed_ball import ScaledBall
from actcli.core.arithmetic.signals import ExponentOverflow, OutsideDomain, Undecided
from actcli.core.evaluation.interval_rounding import overflow_value, round_interval, round_to_nearest
from actcli.core.evaluation.undecided import UNDECIDED
from actcli.core.expressions.arbitrary_precision import evaluate_unbounded
from actcli.core.expressions.formal_arithmetic import FormalArithmetic, plain
from actcli.core.expressions.interpreter import Interpreter
from actcli.core.expressions.interpreter_base import Bindings, Value
from actcli.core.expressions.nodes import Binary, Call, EntryCall, Node, children

if TYPE_CHECKING:
    from actcli.core.evaluation.function import Evaluable
    from actcli.core.expressions.formula import Formula
    from actcli.number_formats import Format

__all__ = ["limit_ends", "limit_of"]

Enclosure: TypeAlias = int | Fraction | Ball | ScaledBall
"""A number of unbounded ball arithmetic, or an exact one."""

# --- constants of the tower ------------------------------------------------------------------------------------------

TOWER_TOP = Decimal("1e30")
"""The innermost exponent of the tower."""

MAX_TOWER_HEIGHT = 31
"""The highest tower; its cost grows with the height, and practical activations do not nest functions so deeply."""

TOWER_DIGITS = (60, 640)
"""Working precisions at the tower, in decimal digits."""

LARGE_AMPLITUDE = Decimal("1e1000000")
"""A limit with oscillating parts is accepted if it stays the same with this amplitude in place of 1."""

NEGLIGIBLE_EXPONENT = -(10**6)
"""A result of undecided sign below 10**NEGLIGIBLE_EXPONENT is 0."""

# --- constants of the probes -----------------------------------------------------------------------------------------

PROBES: tuple[tuple[int, tuple[Decimal | Fraction, ...]], ...] = (
    (640, (Decimal("1e10000"), Decimal("1e10000000"), Decimal("1e1000000000000"))),
    (2000, (Fraction(10) ** 400, Fraction(10) ** 800, Fraction(10) ** 1600)),
    (2000, (Fraction(10) ** 160, Fraction(10) ** 240, Fraction(10) ** 400)),
)
"""Working digits and three probe points; at a Fraction the rational parts of the expression stay exact."""

VANISHED = Decimal("1e-400")
"""Below this at all probes, a result is 0: no format holds numbers so small."""

VANISHING_DECADES = 4
"""A result that loses at least so many decades from probe to probe, and never fewer than before, vanishes."""

ROUNDING_NOISE = Decimal("1e-300")
"""A last change that is relatively smaller than this is attributed to rounding."""

CONVERGENCE_ROOT = 20
"""A part has diverged beyond x^(1/20), vanished below x^(-1/20), and converged if it changes relatively less."""

_ZERO_EXPONENT = 9 * NEGLIGIBLE_EXPONENT
"""Stands for the exponent of an exact 0 at the tower: below that of every negligible number."""

_ZERO_PROBE_EXPONENT = 9 * NEGLIGIBLE_EXPONENT**3
"""The same at the probes, below every exponent that occurs there."""


def limit_of(formula: Formula, quantity: Evaluable, side: int, fmt: Format) -> float:
    """Return the limit at +inf (side 1) or -inf (side -1), rounded to `fmt`.

    nan if there is no limit, UNDECIDED if it could not be determined.
    """
    oscillates = False
    for digits in TOWER_DIGITS:
        try:
            result, oscillates = _evaluate_at_tower(formula, quantity, side, digits)
            if isinstance(result, Fraction):
                return fmt.nearest(result)
            low, high = result.endpoints()
        except Undecided as signal:
            oscillates = isinstance(signal, _Oscillation)
            continue
        except OutsideDomain:
            return math.nan
        if low < 0 < high and max(low.adjusted(), high.adjusted()) < NEGLIGIBLE_EXPONENT:
            return 0.0
        rounded = round_interval(low, high, fmt)
        if rounded is not None and (low >= 0 or high <= 0):
            return rounded
    return math.nan if oscillates else _limit_from_probes(formula, quantity, side, fmt)


def limit_ends(formula: Formula, quantity: Evaluable, side: int, digits: int) -> tuple[Decimal, Decimal]:
    """Return an interval that contains a finite limit, computed with so many digits; raise Undecided."""
    result, _ = _evaluate_at_tower(formula, quantity, side, digits)
    return _endpoints(result, BallArithmetic(digits))


# --- the tower -------------------------------------------------------------------------------------------------------


class _Oscillation(Undecided):
    """Undecided because of an oscillating part, so that there is no limit."""


def _evaluate_at_tower(
    formula: Formula, quantity: Evaluable, side: int, digits: int
) -> tuple[Fraction | Ball | ScaledBall, bool]:
    """Return the value at the tower, and whether oscillating parts contribute; raise Undecided, OutsideDomain."""
    height = 2 * _nesting_depth(formula.tree) + 3
    if height > MAX_TOWER_HEIGHT:
        raise Undecided("too high a tower")
    small_waves = UnboundedBallArithmetic(digits, Decimal(1))
    large_waves = UnboundedBallArithmetic(digits, LARGE_AMPLITUDE)
    try:
        result: Fraction | Ball | ScaledBall = evaluate_unbounded(
            quantity, small_waves, _tower(small_waves, height, side)
        )
        if isinstance(result, Fraction) or not small_waves.oscillates or _is_insensitive(result):
            return result, small_waves.oscillates
        again: Ball | ScaledBall = evaluate_unbounded(quantity, large_waves, _tower(large_waves, height, side))
        widths = [large_waves.up.subtract(high, low) for low, high in (result.endpoints(), again.endpoints())]
    except Undecided as signal:
        raise (_Oscillation("a wave") if small_waves.oscillates else signal) from None
    if widths[1] > large_waves.up.multiply(2, widths[0]):
        raise _Oscillation("a wave")
    return again, True


def _is_insensitive(result: Ball | ScaledBall) -> bool:
    """Return whether the amplitude of oscillations is irrelevant: the result is infinite or negligible."""
    exponents = [end.adjusted() if end else _ZERO_EXPONENT for end in result.endpoints()]
    return max(exponents) < NEGLIGIBLE_EXPONENT or (min(exponents) > -NEGLIGIBLE_EXPONENT and bool(result.sign()))


def _tower(m: UnboundedBallArithmetic, height: int, side: int) -> Ball | ScaledBall:
    x: Ball | ScaledBall = m.number(TOWER_TOP)
    for _ in range(height):
        x = m.exp(x)
    return x if side > 0 else -x


def _nesting_depth(node: Node) -> int:
    """Return how deeply functions and powers are nested."""
    inner = max(map(_nesting_depth, children(node)), default=0)
    is_level = isinstance(node, Call | EntryCall) or (isinstance(node, Binary) and node.operator == "**")
    return inner + is_level


# --- the probes ------------------------------------------------------------------------------------------------------


class _RecordingInterpreter(Interpreter):
    """An interpreter that records the value of every node it evaluates."""

    def __init__(self, m: FormalArithmetic, bindings: Bindings, known: Mapping[str, Fraction]) -> None:
        super().__init__(m, bindings, known)
        self.record: list[Value] = []

    def evaluate(self, node: Node) -> Value:
        """Evaluate the node and record its value."""
        result = super().evaluate(node)
        self.record.append(plain(result))
        return result


def _limit_from_probes(formula: Formula, quantity: Evaluable, side: int, fmt: Format) -> float:
    """Return the limit extrapolated from three probes; UNDECIDED if they do not show it."""
    fallback = UNDECIDED
    for digits, points in PROBES:
        m = UnboundedBallArithmetic(digits, Decimal(1))
        try:
            probes = (_probe(formula, quantity, _probe_point(at, side, m), m) for at in points)
            results, parts = zip(*probes, strict=True)
            found = _extrapolate(list(results), m, fmt)
            if found != found or m.oscillates:
                continue
            x_exponents = [_exponent(_probe_point(at, 1, m), m) for at in points]
            if not _all_have_converged(parts, x_exponents, m):
                continue
            if found or not _has_undecided_sign(results[-1], m):
                return found
            fallback = found
        except (Undecided, ExponentOverflow):
            continue
        except (OutsideDomain, ZeroDivisionError):
            return math.nan
    return fallback


def _has_undecided_sign(value: Enclosure, m: BallArithmetic) -> bool:
    low, high = _endpoints(value, m)
    return low < 0 < high


def _probe_point(at: Decimal | Fraction, side: int, m: BallArithmetic) -> Ball | Fraction:
    if isinstance(at, Fraction):
        return at * side
    return m.number(at if side > 0 else at.copy_negate())


def _probe(
    formula: Formula, quantity: Evaluable, at: Ball | Fraction, m: UnboundedBallArithmetic
) -> tuple[Enclosure, list[Enclosure]]:
    """Return the result at a point, and the values and derivatives of all nodes."""
    moving = {quantity.wrt: Dual(0, 1)} if quantity.wrt is not None else {}
    order = quantity.order
    x: Any = at if moving or not order else Dual(at, 1) if order == 1 else Jet.variable(at, order)
    formal = FormalArithmetic(m)
    run = _RecordingInterpreter(formal, formula.names(formal, x, moving), formula.known)
    result = plain(run.evaluate(formula.tree))
    count = max(order, 1) + 1
    parts = [part for value in run.record for part in _parts(value, count)]
    return _parts(result, count)[order], parts


def _parts(value: Any, count: int) -> tuple[Any, ...]:
    """Return the value and the derivatives of a number, `count` in all."""
    return value.parts if isinstance(value, Differential) else (value, *[0] * (count - 1))


def _all_have_converged(parts: Sequence[list[Enclosure]], x_exponents: list[int], m: BallArithmetic) -> bool:
    """Return whether every part has converged or diverged at the three probes.

    The criteria are those of CONVERGENCE_ROOT; x_exponents are the decimal exponents of the probe points.
    """
    if len({len(values) for values in parts}) > 1:
        return False
    return all(_has_converged(values, x_exponents, m) for values in zip(*parts, strict=True))


def _has_converged(values: tuple[Enclosure, ...], x_exponents: list[int], m: BallArithmetic) -> bool:
    exponents = [_exponent(value, m) for value in values]
    thresholds = [exponent // CONVERGENCE_ROOT for exponent in x_exponents]
    pairs = list(zip(exponents, thresholds, strict=True))
    if all(size > threshold for size, threshold in pairs) or all(size < -threshold for size, threshold in pairs):
        return True
    changes = [_exponent(after - before, m) for before, after in pairwise(values)]
    return all(abs(size) <= thresholds[0] for size in exponents) and all(
        change < exponents[0] - threshold for change, threshold in zip(changes, thresholds, strict=False)
    )


def _exponent(value: Enclosure, m: BallArithmetic) -> int:
    """Return the decimal exponent of the largest magnitude in the enclosure of a number."""
    size = max(end.copy_abs() for end in _endpoints(value, m))
    return size.adjusted() if size else _ZERO_PROBE_EXPONENT


def _extrapolate(values: list[Enclosure], m: BallArithmetic, fmt: Format) -> float:
    """Return the limit that three values show, nan if they do not show one."""
    first, second, third = values
    if isinstance(third, int | Fraction) and all(isinstance(value, int | Fraction) for value in values):
        return fmt.nearest(third) if first == second == third else math.nan
    step, next_step = second - first, third - second
    for sign in (1, -1):
        if _diverges([sign * value for value in values], sign * step, sign * next_step):
            return overflow_value(Decimal(sign), fmt)
    ends = [_endpoints(value, m) for value in values]
    sizes = [max(low.copy_abs(), high.copy_abs()) for low, high in ends]
    low, high = ends[2]
    if max(sizes) < VANISHED or _vanishes(sizes):
        return math.copysign(0.0, -1.0 if high <= 0 and low < 0 else 1.0)
    last, before = (max(end.copy_abs() for end in _endpoints(value, m)) for value in (next_step, step))
    if not (m.up.multiply(2, last) <= before or last <= m.up.multiply(sizes[2], ROUNDING_NOISE)):
        return math.nan
    rounded = {round_to_nearest(end, fmt) for end in (m.floor.subtract(low, last), m.ceiling.add(high, last))}
    return rounded.pop() if len(rounded) == 1 else math.nan


def _diverges(values: list[Enclosure], step: Enclosure, next_step: Enclosure) -> bool:
    """Return whether three values grow without bound: in steps that do not decrease, and beyond 2."""
    try:
        return bool(values[0] > 1 and step > 0 and next_step >= step and values[2] > 2)
    except Undecided:
        return False


def _vanishes(sizes: list[Decimal]) -> bool:
    """Return whether three sizes go to 0: each step by at least as many decades as the one before."""
    a, b, c = sizes
    if not (a and b):
        return False
    return c.adjusted() - b.adjusted() <= b.adjusted() - a.adjusted() <= -VANISHING_DECADES


def _endpoints(value: Enclosure, m: BallArithmetic) -> tuple[Decimal, Decimal]:
    ball = m.number(value) if isinstance(value, int | Fraction) else value
    low, high = ball.endpoints()
    return low, high
