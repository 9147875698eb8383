"""The interpreter of expressions over arrays of intervals: an enclosure of f and f' over many cells at once.

Where a condition is undecided in a cell, the result is the hull of all branches, flagged as a possible kink (abs, max,
min, clip and activations) or jump (where, and activations that jump). A derivative is that next to the kinks: the
values chosen at the kinks themselves are single points, which no enclosure of a cell includes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from actcli.core.arithmetic.dual import Dual, DualArithmetic
from actcli.core.catalogue.activation import Activation
from actcli.core.evaluation.intervals import JUMP, KINK, Intervals, Truth, core_of, hull
from actcli.core.expressions.exact_constants import MAX_EXPONENT
from actcli.core.expressions.interpreter_base import (
    SATISFYING_SIGNS,
    Arguments,
    BaseInterpreter,
    Bindings,
    Value,
)
from actcli.core.expressions.nodes import Compare, EntryCall, Logic, Node, Not

__all__ = ["IntervalInterpreter"]


class Signs(NamedTuple):
    """The signs that each difference can have."""

    negative: Any
    zero: Any
    positive: Any

    def __neg__(self) -> Signs:
        return Signs(self.positive, self.zero, self.negative)


class IntervalInterpreter(BaseInterpreter):
    """An evaluator of trees over arrays of intervals, or dual numbers over them.

    m     the arithmetic of the values; over dual numbers of dual numbers a dual arithmetic
    size  the number of elements
    """

    def __init__(self, m: Any, bindings: Bindings, known: Mapping[str, Fraction], size: int) -> None:
        super().__init__(m, bindings, known)
        self.dual_m = DualArithmetic(m)
        self.size = size

    def at_elements(self, index: Any) -> IntervalInterpreter:
        """Return the interpreter of some of the elements."""
        bindings = {name: _take(value, index) for name, value in self.bindings.items()}
        return IntervalInterpreter(self.m, bindings, self.known, index.size)

    def bounded(self, value: Value) -> Value:
        """Return the value as it is."""
        return value

    # --- conditions --------------------------------------------------------------------------------------------------

    def conditional(self, condition: Node, then: Node, otherwise: Node) -> Value:
        """Return the value of the selected branch; the hull of both where the condition is undecided."""
        truth = self.holds(condition)
        parts = []
        for possible, branch in ((truth.can_hold, then), (truth.can_fail, otherwise)):
            index = np.flatnonzero(np.broadcast_to(possible, (self.size,)))
            if index.size == self.size:
                parts.append((index, self.evaluate(branch)))
            elif index.size:
                parts.append((index, self.at_elements(index).evaluate(branch)))
        result: Value = parts[0][1] if len(parts) == 1 else hull(parts, self.size, JUMP)
        return result

    def holds(self, node: Node) -> Truth:
        """Return whether a condition can hold, and whether it can fail."""
        match node:
            case Not(operand=operand):
                return ~self.holds(operand)
            case Logic(operator=op, left=left, right=right):
                first, second = self.holds(left), self.holds(right)
                return first & second if op == "and" else first | second
            case Compare(operator=op, left=left, right=right):
                signs = (
                    Signs(np.False_, np.True_, np.False_)
                    if left == right
                    else self.compare(self.evaluate(left), self.evaluate(right))
                )
                holds = [np.asarray(can) for can, sign in zip(signs, (-1, 0, 1), strict=True)
                         if sign in SATISFYING_SIGNS[op]]  # fmt: skip
                fails = [np.asarray(can) for can, sign in zip(signs, (-1, 0, 1), strict=True)
                         if sign not in SATISFYING_SIGNS[op]]  # fmt: skip
                return Truth(np.logical_or.reduce(holds), np.logical_or.reduce(fails))
        raise TypeError(node)

    def compare(self, a: Value | int, b: Value | int) -> Signs:
        """Return the signs that a - b can have."""
        u, v = core_of(a), core_of(b)
        truth = u > v, v > u
        touches = (u.lo <= v.hi) & (v.lo <= u.hi)
        touches &= ~((u.lo == v.hi) & (u.lo_open | v.hi_open)) & ~((v.lo == u.hi) & (v.lo_open | u.hi_open))
        return Signs(truth[1].can_hold, touches, truth[0].can_hold)

    def select_by_sign(self, sign: Signs, choices: tuple[Value, Value, Value]) -> Value:
        """Return the hull of the choices for the possible signs."""
        result: Value = self._select(list(zip(sign, choices, strict=True)))
        return result

    def _select(self, choices: list[tuple[Any, Any]]) -> Any:
        possible = [(np.broadcast_to(can, (self.size,)), choice) for can, choice in choices]
        for can, choice in possible:
            if can.all() and not any(other.any() for other, _ in possible if other is not can):
                return choice
        parts = []
        for can, choice in possible:
            index = np.flatnonzero(can)
            if index.size:
                parts.append((index, _take(choice, index)))
        return hull(parts, self.size, KINK)

    def note_tie(self, x: Value, sign: Signs) -> None:
        """Do nothing: ties are single points, or constant."""

    # --- functions with kinks: the value is sharp, the derivative a hull ---------------------------------------------

    def call(self, name: str, args: list[Value]) -> Value:
        """Return the value of a function of the language."""
        if name == "clip":
            return self.max_or_min("min", self.max_or_min("max", args[0], args[1]), args[2])
        return super().call(name, args)

    def max_or_min(self, name: str, a: Value, b: Value) -> Value:
        """Return the larger or smaller of two."""
        sign = self.compare(a, b) if name == "max" else -self.compare(a, b)
        return self._larger(name, a, b, sign)

    def _larger(self, name: str, a: Any, b: Any, sign: Signs) -> Any:
        if isinstance(a, Dual) or isinstance(b, Dual):
            (u, du), (v, dv) = ((x.value, x.derivative) if isinstance(x, Dual) else (x, 0) for x in (a, b))
            # A tie on a whole interval has the mean of both derivatives, which the hull contains.
            is_tied = sign.zero & ~(sign.negative | sign.positive)
            derivative = self._select([(sign.negative | is_tied, dv), (sign.positive | is_tied, du)])
            return Dual(self._larger(name, u, v, sign), derivative)
        if isinstance(a, Fraction | int) and isinstance(b, Fraction | int):
            return max(a, b) if name == "max" else min(a, b)
        x, y = core_of(a), core_of(b)
        if name == "min":
            x, y = -x, -y
        lo_open = np.where(x.lo > y.lo, x.lo_open, np.where(y.lo > x.lo, y.lo_open, x.lo_open & y.lo_open))
        hi_open = np.where(x.hi > y.hi, x.hi_open, np.where(y.hi > x.hi, y.hi_open, x.hi_open & y.hi_open))
        flags = np.where(sign.negative & sign.positive, KINK, 0) | x.flags | y.flags
        result = Intervals(np.maximum(x.lo, y.lo), np.maximum(x.hi, y.hi), lo_open, hi_open, flags)
        return -result if name == "min" else result

    def floor(self, x: Value) -> Value:
        """Return the largest integers up to x, with a possible jump where several are possible."""
        core = core_of(x)
        low, high = np.floor(core.lo), np.floor(core.hi)
        flags = np.where(low < high, core.flags | JUMP, core.flags)
        zero, closed = np.zeros_like(low), np.zeros_like(low, dtype=bool)
        value: Any = Intervals(low, high, closed, closed, flags)
        return Dual(value, Intervals(zero, zero, closed, closed, flags)) if isinstance(x, Dual) else value

    def absolute(self, x: Value) -> Value:
        """Return |x|."""
        return self._absolute(x, self.compare(x, 0))

    def _absolute(self, x: Any, sign: Signs) -> Any:
        if isinstance(x, Dual):
            is_zero = sign.zero & ~(sign.negative | sign.positive)
            slopes = [(sign.negative | is_zero, -x.derivative), (sign.positive | is_zero, x.derivative)]
            derivative = self._select(slopes)
            return Dual(self._absolute(x.value, sign), derivative)
        return abs(x).flagged(np.where(sign.negative & sign.positive, KINK, 0)) if isinstance(x, Intervals) else abs(x)

    def exact_trig(self, name: str, arg: Node) -> Value | None:
        """Return None."""
        return None

    def is_identically_zero(self, value: Value, node: Node) -> bool:
        """Return False: an enclosure of 0 alone does not say so of the neighbourhood."""
        return False

    def apply_elementary(self, name: str, x: Value) -> Value:
        """Return the elementary function `name` of x."""
        value: Value = getattr(self.dual_m, name)(self.as_number(x))
        return value

    # --- activations of the catalogue --------------------------------------------------------------------------------

    def call_entry(self, node: EntryCall) -> Value:
        """Return the value of an activation, flagged where it may jump."""
        result = super().call_entry(node)
        arguments = self.entry_arguments(node)
        if not any(kink.is_jump for kink in node.entry.kinks):
            return result
        x = self.evaluate(node.arg)
        flags = np.zeros(self.size, dtype=int)
        for at, _ in self.entry_kinks(node.entry, arguments):
            sign = self.compare(x, at)
            flags = np.where(sign.zero | (sign.negative & sign.positive), JUMP, flags)
        return _flagged(result, flags)

    def apply_formula(self, f: Callable[..., Any], x: Value, arguments: Arguments) -> Value:
        """Return a formula of the catalogue at x."""
        return super().apply_formula(f, self.as_number(x), arguments)

    def as_number(self, value: Any) -> Any:
        """Return an exact number as an array of intervals, others as they are."""
        if not isinstance(value, int | Fraction):
            return value
        single = core_of(value)
        fields = single.lo, single.hi, single.lo_open, single.hi_open, single.flags
        return Intervals(*(np.full(self.size, field) for field in fields))

    def entry_derivative(self, entry: Activation, x: Value, arguments: Arguments) -> Any:
        """Return the derivative of an activation at x, next to its kinks."""
        return self.smooth_derivative(entry, x, arguments)

    # --- powers ------------------------------------------------------------------------------------------------------

    def real_power(self, base: Value, known: Fraction | None, exponent: Value) -> Value:
        """Return base**exponent of the part of the base that is not negative."""
        is_exact = known is not None and known.denominator <= 2 and abs(known) <= MAX_EXPONENT
        if known is not None and is_exact and not isinstance(exponent, Dual):
            return self.integer_power(self.apply_elementary("sqrt", base), known.numerator)
        power = self.apply_elementary("exp", exponent * self.apply_elementary("log", base))
        has_zero = np.broadcast_to(core_of(base).signs()[1], (self.size,))
        if not has_zero.any():
            return power
        # The logarithm excludes a base of 0, whose power is 0, or 1 for the exponent 0.
        _, zero, positive = core_of(exponent).signs()
        parts = [(np.arange(self.size), power)]
        parts += [(np.flatnonzero(has_zero & can), Fraction(value)) for can, value in ((positive, 0), (zero, 1))]
        result: Value = hull(parts, self.size, JUMP if np.any(has_zero & zero) else KINK)
        return result


def _take(x: Any, index: Any) -> Any:
    return x if isinstance(x, int | Fraction) else x.take(index)


def _flagged(x: Any, flags: Any) -> Any:
    if isinstance(x, Dual):
        return Dual(_flagged(x.value, flags), _flagged(x.derivative, flags))
    return x.flagged(flags) if isinstance(x, Intervals) else x
