"""The interpreter of expressions at one number, in ball arithmetic or exact rational numbers.

What the error bounds do not decide raises Undecided; a value outside the domain of a function raises OutsideDomain.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from actcli.core.arithmetic.dual import Dual, value_of
from actcli.core.arithmetic.protocol import Arithmetic
from actcli.core.arithmetic.signals import OutsideDomain, Undecided
from actcli.core.catalogue.activation import Activation
from actcli.core.expressions.exact_constants import MAX_EXACT_BITS, MAX_EXPONENT, bit_size, rational_power
from actcli.core.expressions.exact_trig import exact_trig
from actcli.core.expressions.interpreter_base import (
    SATISFYING_SIGNS,
    Arguments,
    BaseInterpreter,
    Bindings,
    Value,
    derivative_of,
    side_of,
)
from actcli.core.expressions.nodes import Binary, Compare, Logic, Name, Negative, Node, Not

__all__ = ["Interpreter"]

TIE_OFFSETS = Fraction(1, 2**1200), Fraction(1, 2**1300)
"""Distances from x at which a tie is decided: below 2^-1074, the least distance of two float64."""


class Interpreter(BaseInterpreter):
    """An evaluator of trees at one number.

    m         the ball arithmetic, without dual numbers
    bindings  numbers of m, Fractions, or dual numbers over either
    has_tie   whether the derivative of some |0| has been taken to be 0
    """

    def __init__(self, m: Arithmetic[Any], bindings: Bindings, known: Mapping[str, Fraction]) -> None:
        super().__init__(m, bindings, known)
        self.has_tie = False

    def at(self, x: Any) -> Interpreter:
        """Return the interpreter with another x, without derivatives by x."""
        return Interpreter(self.m, {**self.bindings, "x": x}, self.known)

    def divide(self, a: Value, b: Value) -> Value:
        """Return a / b; raise OutsideDomain if b is 0."""
        try:
            return a / b
        except ZeroDivisionError:
            raise OutsideDomain("division by zero") from None

    def bounded(self, value: Value) -> Value:
        """Return the value, as a ball if it is a Fraction of more than MAX_EXACT_BITS."""
        if isinstance(value, Fraction) and bit_size(value) > MAX_EXACT_BITS:
            quotient: Value = self.m.number(value.numerator) / self.m.number(value.denominator)
            return quotient
        return value

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
                return self.compare_nodes(left, right) in SATISFYING_SIGNS[op]
        raise TypeError(node)

    def compare_nodes(self, left: Node, right: Node) -> int:
        """Return the sign of left - right; for a one-sided derivative a tie is decided next to x."""
        a, b = self.evaluate(left), self.evaluate(right)
        if left == right:
            return 0
        sign = self.compare(value_of(a), value_of(b))
        x = self.bindings["x"]
        if sign or not isinstance(x, Dual) or not x.side or not (isinstance(a, Dual) or isinstance(b, Dual)):
            return sign
        neighbours = [self.at(x.value + x.side * offset) for offset in TIE_OFFSETS]
        signs = {run.compare(run.evaluate(left), run.evaluate(right)) for run in neighbours}
        if len(signs) > 1:
            raise Undecided("a condition next to x")
        return signs.pop()

    def compare(self, a: Value | int, b: Value | int) -> int:
        """Return the sign of a - b; on one side of a tie the sign of the difference of their derivatives."""
        u, v = value_of(a), value_of(b)
        side = side_of(a) or side_of(b)
        if u != v or not side:
            return (u > v) - (u < v)
        growth = derivative_of(a) - derivative_of(b)
        return int(side * ((growth > 0) - (growth < 0)))

    def select_by_sign(self, sign: int, choices: tuple[Value, Value, Value]) -> Value:
        """Return the first, second or third choice for the sign -1, 0 or 1."""
        return choices[sign + 1]

    def note_tie(self, x: Value, sign: int) -> None:
        """Note that |x| has a kink here, unless a one-sided derivative is computed."""
        self.has_tie |= sign == 0 and isinstance(x, Dual) and not x.side

    # --- functions ---------------------------------------------------------------------------------------------------

    def apply_elementary(self, name: str, x: Value) -> Value:
        """Return the elementary function `name` of x."""
        value: Value = getattr(self.dual_m, name)(x)
        return value

    def is_identically_zero(self, value: Value, node: Node) -> bool:
        """Return whether a node is exactly 0 at x and next to it, so that a root of it is 0 with derivative 0."""
        x = self.bindings["x"]
        if not (isinstance(value, Dual) and isinstance(x, Dual)) or not _is_exact_zero(value.value):
            return False
        if not _is_exact_zero(value.derivative):
            return False
        sides = (x.side,) if x.side else (-1, 1)
        positions = [x.value + side * offset for side in sides for offset in TIE_OFFSETS]
        return all(_is_exact_zero(self.at(position).evaluate(node)) for position in positions)

    def exact_trig(self, name: str, arg: Node) -> Value | None:
        """Return sin, cos or tan of an evident rational multiple of pi; None if value and derivative are irrational."""
        multiple = self.multiple_of_pi(arg)
        q = value_of(multiple)
        if not isinstance(q, Fraction):
            return None
        value = exact_trig(name, q)
        if not isinstance(multiple, Dual):
            return value
        if name == "tan":
            factor = None if value is None else 1 + value**2
        else:
            factor = exact_trig("cos" if name == "sin" else "sin", q)
        if value is None and factor is None:
            return None
        result: Any = self.apply_elementary(name, Dual(self.m.pi * q, 1))
        rate = result.derivative if factor is None else -factor if name == "cos" else factor
        derivative = rate * self.m.pi * multiple.derivative if rate else Fraction(0)
        return Dual(result.value if value is None else value, derivative, multiple.side)

    def multiple_of_pi(self, node: Node) -> Value | None:
        """Return the rational q with node == q * pi if that is syntactically evident, else None."""
        match node:
            case Name(name="pi"):
                return Fraction(1)
            case Negative(operand=operand):
                inner = self.multiple_of_pi(operand)
                return None if inner is None else -inner
            case Binary(operator="*" | "/" as op, left=left, right=right):
                for factor, other in ((left, right), (right, left)) if op == "*" else ((left, right),):
                    multiple = self.multiple_of_pi(factor)
                    if multiple is not None:
                        return self.apply_operator(op, multiple, self.evaluate(other))
            case Binary(operator="+" | "-" as op, left=left, right=right):
                a, b = self.multiple_of_pi(left), self.multiple_of_pi(right)
                return None if a is None or b is None else self.apply_operator(op, a, b)
        return None

    def entry_derivative(self, entry: Activation, x: Value, arguments: Arguments) -> Any:
        """Return the derivative of an activation at x; at its kinks the stated subgradient."""
        for at, subgradient in self.entry_kinks(entry, arguments):
            if self.compare(x, at) == 0:
                return subgradient
        return self.smooth_derivative(entry, x, arguments)

    # --- powers ------------------------------------------------------------------------------------------------------

    def real_power(self, base: Value, known: Fraction | None, exponent: Value) -> Value:
        """Return base**exponent; raise OutsideDomain if the base is negative, also on the side that is evaluated."""
        sign = self.compare(value_of(base), 0)
        if sign < 0:
            raise OutsideDomain("a power of a negative number")
        if sign == 0 and self.compare(base, 0) < 0:
            raise OutsideDomain("a power of a negative number next to x")
        if sign == 0:
            return self.power_of_zero(base, exponent)
        if isinstance(exponent, Dual) or known is None or known.denominator > 2 or abs(known) > MAX_EXPONENT:
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
        """Return 0**exponent; its derivative is 0 for exponents above 1, and undefined below."""
        v = value_of(exponent)
        if self.compare(v, 0) <= 0:
            if isinstance(v, int | Fraction) and v == 0:
                return Fraction(1)
            raise OutsideDomain("0 to a negative power")
        if not isinstance(base, Dual):
            return Fraction(0)
        if self.compare(v, 1) < 0:
            raise OutsideDomain("the derivative of a power below 1 at 0")
        return Dual(Fraction(0), base.derivative if self.compare(v, 1) == 0 else 0, base.side)


def _is_exact_zero(x: object) -> bool:
    """Return whether a number is known to be exactly 0."""
    return isinstance(x, int | Fraction) and x == 0
