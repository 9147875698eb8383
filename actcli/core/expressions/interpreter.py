"""The interpreter of expressions at one number: in formal numbers over balls, or in series on one side of a point.

What the error bounds do not decide raises Undecided; a value outside the domain of a function raises OutsideDomain.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, ROUND_UP, Context, Decimal
from fractions import Fraction
from typing import Any

from actcli.core.arithmetic.ball import Ball
from actcli.core.arithmetic.ball_unbounded import UnboundedBallArithmetic
from actcli.core.arithmetic.dual import Dual, value_of
from actcli.core.arithmetic.jet import Jet
from actcli.core.arithmetic.signals import OutsideDomain, Undecided
from actcli.core.catalogue.activation import Activation
from actcli.core.expressions.exact_constants import MAX_EXACT_BITS, MAX_EXPONENT, bit_size, rational_power
from actcli.core.expressions.formal_arithmetic import FormalArithmetic
from actcli.core.expressions.formal_number import FormalNumber, plain_value
from actcli.core.expressions.interpreter_base import (
    SATISFYING_SIGNS,
    Arguments,
    BaseInterpreter,
    Bindings,
    Value,
)
from actcli.core.expressions.nodes import Compare, Logic, Node, Not
from actcli.core.expressions.series import Series, Truncated
from actcli.core.expressions.series_arithmetic import SeriesArithmetic

__all__ = ["UNDEFINED", "Interpreter", "TieError", "evaluate_on_side"]

_MAX_INTEGER_DIGITS = 10_000
"""A number of more digits is too long to be an exact integer."""

_HALF = Decimal("0.5")

_COARSE = Context(prec=10, rounding=ROUND_UP, Emax=MAX_EMAX, Emin=MIN_EMIN)

SERIES_LENGTHS = (2, 4, 8)
"""How many orders of a series are computed, until its dominating term is known."""


class _Undefined:
    """The derivative of a part that has none at x, as that of sqrt at 0; it absorbs whatever it is combined with."""

    def _absorb(self, *others: object) -> _Undefined:
        return self

    __neg__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _absorb


UNDEFINED: Any = _Undefined()


class TieError(Undecided):
    """A tie of jets: f may have no further derivative, which both sides show."""


class Interpreter(BaseInterpreter):
    """An evaluator of trees at one number.

    m         the arithmetic of formal numbers, over balls or over series, without dual numbers
    bindings  numbers of m, Fractions, or dual numbers over either
    has_tie   whether the derivative of some |0| has been taken to be 0
    """

    def __init__(self, m: FormalArithmetic, bindings: Bindings, known: Mapping[str, Fraction]) -> None:
        super().__init__(m, bindings, known)
        self.has_tie = False

    def bounded(self, value: Value) -> Value:
        """Return the value, as a formal number if it is a Fraction of more than MAX_EXACT_BITS."""
        if isinstance(value, Fraction) and bit_size(value) > MAX_EXACT_BITS:
            number: Value = self.m.number(value)
            return number
        return value

    def as_number(self, value: Any) -> Any:
        """Return an exact number as a formal number, others as they are."""
        m: Any = self.m
        return m.rounded(Fraction(value)) if isinstance(value, int | Fraction) else value

    # --- conditions --------------------------------------------------------------------------------------------------

    def conditional(self, condition: Node, then: Node, otherwise: Node) -> Value:
        """Return the value of the branch that the condition selects; the other is not evaluated."""
        return self.evaluate(then if self.holds(condition) else otherwise)

    def holds(self, node: Node) -> bool:
        """Return whether a condition holds."""
        match node:
            case Not(operand=operand):
                return not self.holds(operand)
            case Logic(operator="and", left=left, right=right):
                return self.holds(left) and self.holds(right)
            case Logic(left=left, right=right):
                return self.holds(left) or self.holds(right)
            case Compare(operator=op, left=left, right=right):
                return self.compare(self.evaluate(left), self.evaluate(right)) in SATISFYING_SIGNS[op]
        raise TypeError(node)

    def compare(self, a: Value | int, b: Value | int) -> int:
        """Return the sign of a - b; that of a series is the sign next to the point."""
        difference: Any = value_of(a) - value_of(b)
        if isinstance(a, Jet) or isinstance(b, Jet):
            if (sign := self.compare(value_of(a), value_of(b))) == 0:
                raise TieError
            return sign
        if isinstance(difference, int | Fraction):
            return (difference > 0) - (difference < 0)
        found: int = difference.sign()
        return found

    def select_by_sign(self, sign: int, choices: tuple[Value, Value, Value]) -> Value:
        """Return the first, second or third choice for the sign -1, 0 or 1."""
        return choices[sign + 1]

    def note_tie(self, x: Value, sign: int) -> None:
        """Note that |x| has a kink here."""
        self.has_tie |= sign == 0 and isinstance(x, Dual)

    # --- functions ---------------------------------------------------------------------------------------------------

    def floor_next_to(self, x: Value) -> Any:
        """Return the largest integer up to x; of a series, up to the numbers next to the point."""
        value: Any = value_of(x)
        if isinstance(value, int | Fraction):
            return Fraction(math.floor(value))
        m: Any = self.m
        base = m.base
        near = _near_integer(value)
        if near is not None:
            return near if self.compare(value, near) >= 0 else near - 1
        if not isinstance(base, UnboundedBallArithmetic):
            raise Undecided("floor")
        if base.oscillation is not None:
            # Far out the fractional part oscillates.
            return m.formal(plain_value(value) - base.oscillating_value())
        return m.formal(plain_value(value) - Ball(base, _HALF, _HALF))

    def apply_elementary(self, name: str, x: Value) -> Value:
        """Return the elementary function `name` of x."""
        if name == "sqrt" and isinstance(x, Dual) and _is_exact_zero(x.value):
            return Dual(Fraction(0), UNDEFINED, x.side)
        if name == "sqrt" and isinstance(x, Jet) and _is_exact_zero(x.value):
            raise TieError
        value: Value = getattr(self.arithmetic_of(x), name)(x)
        return value

    def is_identically_zero(self, value: Value, node: Node) -> bool:
        """Return whether a node is exactly 0 at x and next to it, so that a root of it is 0 with derivative 0."""
        x = self.bindings["x"]
        if not (isinstance(value, Dual) and isinstance(x, Dual)) or not _is_exact_zero(value.value):
            return False
        if not _is_exact_zero(value.derivative):
            return False
        return all(_is_exact_zero(evaluate_on_side(self, node, "x", side)) for side in (-1, 1))

    def entry_derivative(self, entry: Activation, x: Value, arguments: Arguments) -> Any:
        """Return the derivative of an activation at x; at its kinks the stated subgradient."""
        for at, subgradient in self.entry_kinks(entry, arguments):
            if self.compare(x, at) == 0:
                return subgradient
        try:
            return self.smooth_derivative(entry, x, arguments)
        except (OutsideDomain, ZeroDivisionError):
            return UNDEFINED

    # --- powers ------------------------------------------------------------------------------------------------------

    def real_power(self, base: Value, known: Fraction | None, exponent: Value) -> Value:
        """Return base**exponent; raise OutsideDomain if the base is negative."""
        sign = self.compare(base, 0)
        if sign < 0:
            raise OutsideDomain("a power of a negative number")
        if sign == 0:
            return self.power_of_zero(base, exponent)
        is_constant = known is not None and isinstance(exponent, Fraction)
        if not is_constant or known is None or known.denominator > 2 or abs(known) > MAX_EXPONENT:
            return self.exp_of_log(base, exponent)
        return self.integer_power(self.apply_elementary("sqrt", base), known.numerator)

    def exp_of_log(self, base: Value, exponent: Value) -> Value:
        """Return base**exponent of a positive base as exp(exponent * log(base)), with the exact value if rational."""
        log_of_power = exponent * self.apply_elementary("log", base)
        u, v = value_of(base), value_of(exponent)
        value = rational_power(u, v) if isinstance(u, Fraction) and isinstance(v, Fraction) else None
        if value is None:
            return self.apply_elementary("exp", log_of_power)
        if isinstance(log_of_power, Dual):
            return Dual(value, log_of_power.derivative * value, log_of_power.side)
        return value

    def power_of_zero(self, base: Value, exponent: Value) -> Value:
        """Return 0**exponent; its derivative is 0 for exponents above 1, and UNDEFINED below."""
        v = value_of(exponent)
        if self.compare(v, 0) <= 0:
            if _is_exact_zero(v):
                return Dual(Fraction(1), UNDEFINED, exponent.side) if isinstance(exponent, Dual) else Fraction(1)
            raise OutsideDomain("0 to a negative power")
        if isinstance(base, Jet) or isinstance(exponent, Jet):
            raise TieError
        if not isinstance(base, Dual):
            return Fraction(0)
        sign = self.compare(v, 1)
        derivative = UNDEFINED if sign < 0 else base.derivative if sign == 0 else 0
        return Dual(Fraction(0), derivative, base.side)


def evaluate_on_side(run: Interpreter, node: Node, name: str, side: int, order: int = 1) -> Any:
    """Return a node as a series next to the value of `name`, x or a parameter: to its left (side -1) or right (1).

    The series is known beyond t^order. The result is a number if the node is constant there. Raise Undecided where no
    length of the series decides a comparison.
    """
    point = value_of(run.bindings[name])
    if not isinstance(point, Fraction) or not isinstance(run.m, FormalArithmetic):
        raise Undecided("one side of an inexact number")
    failure = Undecided()
    for length in SERIES_LENGTHS:
        series = SeriesArithmetic(run.m, length)
        m = FormalArithmetic(series)
        bindings = {key: value_of(value) for key, value in run.bindings.items()}
        bindings[name] = m.formal(series.around(point, side))
        try:
            result = plain_value(Interpreter(m, bindings, run.known).evaluate(node))
            if isinstance(result, Series) and result.order <= order:
                raise Truncated("the derivative of a series is unknown")
        except Truncated as signal:
            failure = signal
        except ZeroDivisionError:
            raise OutsideDomain("division by zero") from None
        else:
            return result
    raise failure


def _near_integer(x: Any) -> Fraction | None:
    """Return an integer less than 1 from x; None if so much is not known."""
    if isinstance(x, Fraction):
        return Fraction(round(x))
    if isinstance(x, FormalNumber):
        return _near_integer(x.value)
    if isinstance(x, Series):
        try:
            return _near_integer(x.limit())
        except OutsideDomain:
            raise Undecided("floor at a pole") from None
    low, high = x.endpoints()
    if max(low.adjusted(), high.adjusted()) > _MAX_INTEGER_DIGITS or _COARSE.subtract(high, low) > _HALF:
        return None
    # Of two integers that the ends are nearest to, the interval lies below the second.
    return Fraction(int(high.to_integral_value(ROUND_HALF_EVEN)))


def _is_exact_zero(x: object) -> bool:
    """Return whether a number is known to be exactly 0."""
    return isinstance(x, int | Fraction) and x == 0
