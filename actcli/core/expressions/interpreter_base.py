"""What the two interpreters of expressions share: the walk over the tree, and the convention at ties.

`interpreter` evaluates at one number and `array_interpreter` at an array. Both keep rational values as Fractions, which
are exact; only a function turns them into numbers of the arithmetic. With x a Dual they compute f and f' together.

Convention at ties (that of PyTorch's where, maximum, minimum, abs, sign and clamp), for side = 0:

where   the branch that the condition selects, with that branch's derivative
max     the mean of both derivatives if two arguments are equal; more arguments are combined in pairs from the left
min     as max
abs     derivative 0 at 0, unless the whole expression has one and the same derivative on both sides: then that one
sign    derivative 0 at 0
floor, ceil, round
        derivative 0 everywhere, also at jumps; mod(a, b) is a - b floor(a / b)
clip    the derivative of the bound, 0 if it is a number; the upper bound wins where the lower one exceeds it
call of a catalogue entry
        the subgradient that the entry states at its kinks
power   0**p has derivative 0 for p > 1, and none for p < 1 unless the base is 0 in a neighbourhood of x

Jets, for derivatives of order 2 and 3, know no such convention: a tie is undecided, and both sides decide whether there
is a derivative.

For side = -1 or 1 (one-sided derivatives) every comparison is decided by its sign next to x, and the derivative is the
limit on that side: also where it is infinite, and where the branch has no value at x itself, as sin(x)/x at 0.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

from actcli.core.arithmetic.dual import Differential, Dual, DualArithmetic, value_of
from actcli.core.arithmetic.jet import Jet, JetArithmetic
from actcli.core.arithmetic.protocol import Arithmetic, Number
from actcli.core.arithmetic.signals import OutsideDomain, Undecided
from actcli.core.catalogue.activation import Activation
from actcli.core.catalogue.parameter_formulas import evaluate_formula
from actcli.core.evaluation.joints import joints
from actcli.core.expressions.entry_parameters import bind_parameters
from actcli.core.expressions.exact_constants import MAX_EXPONENT, exact_value, integer_power
from actcli.core.expressions.nodes import Binary, Call, Constant, EntryCall, Name, Negative, Node, Where

__all__ = ["SATISFYING_SIGNS", "Arguments", "BaseInterpreter", "Bindings", "Sign", "Value", "derivative_of", "side_of"]

Value: TypeAlias = Number | Fraction | Dual[Any] | Jet[Any]
"""The value of a node: a Fraction if it is rational, else a number of the arithmetic; or a Dual or Jet over either."""

Sign: TypeAlias = Any
"""The sign of a difference, -1, 0 or 1: an int, or an array with one for each element."""

Arguments: TypeAlias = Mapping[str, Any]
"""The keyword arguments of a formula of the catalogue: exact numbers, duals over them, words, bools or None."""

Bindings: TypeAlias = Mapping[str, Value]
"""The value of each name: x and the parameters."""

SATISFYING_SIGNS = {
    "<": (-1,),
    "<=": (-1, 0),
    ">": (1,),
    ">=": (0, 1),
    "==": (0,),
    "!=": (-1, 1),
}
"""The signs of a - b for which each comparison holds."""

_HALF = Fraction(1, 2)


class BaseInterpreter(ABC):
    """An evaluator of trees for given values of x and the parameters.

    m         the arithmetic, without dual numbers
    dual_m    the same with dual numbers
    jet_m     the same with jets
    bindings  the values of the names
    known     the exact values of the parameters
    """

    def __init__(self, m: Arithmetic[Any], bindings: Bindings, known: Mapping[str, Fraction]) -> None:
        self.m = m
        self.dual_m = DualArithmetic(m)
        self.jet_m = JetArithmetic(m)
        self.bindings = bindings
        self.known = known

    def evaluate(self, node: Node) -> Value:
        """Return the value of a node that is a number."""
        match node:
            case Constant(value=value):
                return value
            case Name(name=name):
                number: Value = self.bindings[name] if name in self.bindings else getattr(self.m, name)
                return number
            case Negative(operand=operand):
                return -self.evaluate(operand)
            case Binary(operator="**", left=left, right=right):
                return self.bounded(self.power(self.evaluate(left), right, left))
            case Binary(operator="-", left=left, right=right) if left == right:
                return self.evaluate(left) * Fraction(0)
            case Binary(operator="/", left=left, right=right) if left == right:
                common = self.evaluate(left)
                return self.divide(common, common) * Fraction(0) + Fraction(1)
            case Binary(operator=op, left=left, right=right):
                return self.bounded(self.apply_operator(op, self.evaluate(left), self.evaluate(right)))
            case Where(condition=condition, then=then, otherwise=otherwise):
                return self.conditional(condition, then, otherwise)
            case EntryCall() | Call():
                return self.evaluate_call(node)
        raise TypeError(node)

    def evaluate_call(self, node: EntryCall | Call) -> Value:
        """Return the value of a call."""
        if isinstance(node, EntryCall):
            return self.call_entry(node)
        args = node.args
        if node.name in ("max", "min"):
            # Equal nodes at the beginning count once: their comparison could stay undecided.
            while len(args) > 1 and args[0] == args[1]:
                args = args[1:]
        values = [self.evaluate(arg) for arg in args]
        if node.name == "sqrt" and self.is_identically_zero(values[0], args[0]):
            return values[0]
        return self.call(node.name, values)

    def apply_operator(self, op: str, a: Value, b: Value) -> Value:
        """Return a + b, a - b, a * b or a / b."""
        if op == "+":
            return a + b
        if op == "-":
            return a - b
        return a * b if op == "*" else self.divide(a, b)

    # --- functions ---------------------------------------------------------------------------------------------------

    def call(self, name: str, args: list[Value]) -> Value:
        """Return the value of a function of the language."""
        if name in ("max", "min"):
            result = args[0]
            for arg in args[1:]:
                result = self.max_or_min(name, result, arg)
            return result
        if name == "clip":
            raised = self.select_by_sign(self.compare(args[0], args[1]), (args[1], args[1], args[0]))
            return self.select_by_sign(self.compare(raised, args[2]), (raised, args[2], args[2]))
        if name == "abs":
            return self.absolute(args[0])
        if name == "mod":
            return args[0] - args[1] * self.floor(self.divide(args[0], args[1]))
        if name in _FLOORS:
            return _FLOORS[name](self.floor, args[0])
        return self.apply_elementary(name, args[0])

    def floor(self, x: Value) -> Value:
        """Return the largest integer up to x, with derivative 0, also at jumps."""
        if isinstance(x, Jet):
            whole: Value = self.floor(x.value)
            self.compare(x, whole)  # undecided at a jump
            return whole
        if isinstance(x, Dual):
            return Dual(self.floor_next_to(x), 0, x.side)
        return Fraction(math.floor(x)) if isinstance(x, int | Fraction) else self.floor_next_to(x)

    def max_or_min(self, name: str, a: Value, b: Value) -> Value:
        """Return the larger or smaller of two, with the mean of their derivatives at a tie."""
        sign = self.compare(a, b)
        return self.select_by_sign(sign if name == "max" else -sign, (b, _mean_derivative(a, b), a))

    def absolute(self, x: Value) -> Value:
        """Return |x|, with the derivative 0 where x is 0."""
        at_zero = Dual(x.value, 0, x.side) if isinstance(x, Dual) else x
        sign = self.compare(x, 0)
        self.note_tie(x, sign)
        return self.select_by_sign(sign, (-x, at_zero, x))

    # --- activations of the catalogue --------------------------------------------------------------------------------

    def call_entry(self, node: EntryCall) -> Value:
        """Return the value of an activation of the catalogue."""
        entry, x = node.entry, self.evaluate(node.arg)
        arguments = self.entry_arguments(node)
        by_parameter = any(isinstance(value, Dual) for value in arguments.values())
        if by_parameter or (isinstance(x, Dual) and x.side and entry.kinks):
            return self.apply_formula(entry.f, x, arguments)
        if isinstance(x, Jet):
            for at in joints(entry.f, arguments):
                self.compare(x, at)
        if not isinstance(x, Dual):
            return self.apply_formula(entry.f, x, arguments)
        value = self.apply_formula(entry.f, x.value, arguments)
        if isinstance(x.derivative, int) and x.derivative == 0:
            return Dual(value, 0, x.side)
        return Dual(value, self.entry_derivative(entry, x.value, arguments) * x.derivative, x.side)

    def apply_formula(self, f: Callable[..., Any], x: Value, arguments: Arguments) -> Value:
        """Return a formula of the catalogue at x; an integer constant becomes a Fraction."""
        result: int | Value = f(self.arithmetic_of(x, *arguments.values()), x, **arguments)
        return Fraction(result) if isinstance(result, int) else result

    def arithmetic_of(self, *numbers: Any) -> Any:
        """Return the arithmetic for numbers of these kinds."""
        found: Any = self.m
        for number in numbers:
            if isinstance(number, Jet):
                return self.jet_m
            if isinstance(number, Dual):
                found = self.dual_m
        return found

    def smooth_derivative(self, entry: Activation, x: Value, arguments: Arguments) -> Value | int:
        """Return the derivative of an activation at x, kinks ignored."""
        if entry.df is not None:
            return self.apply_formula(entry.df, x, arguments)
        result = self.apply_formula(entry.f, Dual(x, 1), arguments)
        return derivative_of(result)

    def entry_kinks(self, entry: Activation, arguments: Arguments) -> list[tuple[Any, Any]]:
        """Return the kinks of an activation as pairs (position, stated subgradient), for these arguments."""
        given = {name: value for name, value in arguments.items() if value is not None}
        found = []
        for kink in () if entry.is_overridden(arguments) else entry.kinks:
            try:
                found.append((evaluate_formula(kink.at, given), evaluate_formula(kink.subgradient or "", given)))
            except ValueError:
                # The kink depends on a parameter that is none.
                continue
        return found

    def entry_arguments(self, node: EntryCall) -> dict[str, Any]:
        """Return the keyword arguments of f: exact numbers, or duals if a parameter of the expression is varied."""
        return bind_parameters(node, self.known, self.bindings)

    # --- powers ------------------------------------------------------------------------------------------------------

    def power(self, base: Value, exponent: Node, base_node: Node) -> Value:
        """Return base**exponent: any base for a constant integer exponent, else base >= 0."""
        known = exact_value(exponent, self.known)
        value = self.evaluate(exponent)
        is_integer = known is not None and known.denominator == 1 and abs(known) <= MAX_EXPONENT
        if is_integer and isinstance(value, Fraction):
            return self.integer_power(base, int(known or 0))
        if known is not None and known > 0 and self.is_identically_zero(base, base_node):
            return base
        return self.real_power(base, known, value)

    def integer_power(self, base: Value, count: int) -> Value:
        """Return base**count."""
        if isinstance(base, Fraction):
            result = integer_power(base, Fraction(count))
            if result is not None:
                return result
            base = self.as_number(base)
        if count < 0:
            return self.divide(Fraction(1), self.integer_power(base, -count))
        if isinstance(base, Dual) and isinstance(base.value, Fraction) and count:
            # Powers of exact numbers stay exact as long as they are short enough.
            value, factor = self.integer_power(base.value, count), self.integer_power(base.value, count - 1)
            return Dual(value, factor * count * base.derivative, base.side)
        return base**count

    def as_number(self, value: Any) -> Any:
        """Return an exact number as a number of the arithmetic, others as they are."""
        return self.m.number(value) if isinstance(value, int | Fraction) else value

    # --- what depends on whether x is one number or an array ---------------------------------------------------------

    def divide(self, a: Value, b: Value) -> Value:
        """Return a / b; raise OutsideDomain if b is exactly 0."""
        try:
            return a / b
        except ZeroDivisionError:
            raise OutsideDomain("division by zero") from None

    @abstractmethod
    def bounded(self, value: Value) -> Value:
        """Return the value, as a number of the arithmetic if it is a Fraction that has become too long."""

    @abstractmethod
    def conditional(self, condition: Node, then: Node, otherwise: Node) -> Value:
        """Return the value of where(condition, then, otherwise)."""

    @abstractmethod
    def compare(self, a: Value | int, b: Value | int) -> Sign:
        """Return the sign of a - b."""

    @abstractmethod
    def select_by_sign(self, sign: Sign, choices: tuple[Value, Value, Value]) -> Value:
        """Return the first, second or third choice for the sign -1, 0 or 1."""

    @abstractmethod
    def note_tie(self, x: Value, sign: Sign) -> None:
        """Note where |x| has a kink, `sign` being the sign of x."""

    def floor_next_to(self, x: Value) -> Any:
        """Return the largest integer up to x without derivative, for a dual number with a side up to numbers next to x.

        Raise Undecided if it is not known.
        """
        raise Undecided("floor")

    @abstractmethod
    def is_identically_zero(self, value: Value, node: Node) -> bool:
        """Return whether a node, which has this value, is 0 at x and on both sides of it."""

    @abstractmethod
    def apply_elementary(self, name: str, x: Value) -> Value:
        """Return the elementary function `name` of x."""

    @abstractmethod
    def entry_derivative(self, entry: Activation, x: Value, arguments: Arguments) -> Any:
        """Return the derivative of an activation at x; at its kinks the stated subgradient."""

    @abstractmethod
    def real_power(self, base: Value, known: Fraction | None, exponent: Value) -> Value:
        """Return base**exponent for base >= 0; `known` is the exact exponent, if it is constant."""


def _round_to_even(floor: Callable[[Value], Value], x: Value) -> Value:
    """Return the nearest integer, ties to even; Graham, Knuth and Patashnik, Concrete Mathematics, section 3.1."""
    quarter = x * _HALF - Fraction(1, 4)
    # The last three terms are -1 where x is 1/2 above an even integer, else 0.
    return floor(x + _HALF) - floor(-quarter) - floor(quarter) - Fraction(1)


_FLOORS: dict[str, Callable[[Callable[[Value], Value], Value], Value]] = {
    "floor": lambda floor, x: floor(x),
    "ceil": lambda floor, x: -floor(-x),
    "round": _round_to_even,
}
"""The functions to integers by floor."""


def _mean_derivative(a: Value, b: Value) -> Value:
    """Return a, which equals b, with the mean of both derivatives."""
    if not (isinstance(a, Dual) or isinstance(b, Dual)):
        return a
    return Dual(value_of(a), (derivative_of(a) + derivative_of(b)) * _HALF, side_of(a) or side_of(b))


def side_of(x: object) -> int:
    """Return the side of a number with derivatives, 0 of others."""
    return x.side if isinstance(x, Differential) else 0


def derivative_of(x: object) -> Any:
    """Return the derivative of a dual number, 0 of others."""
    return x.derivative if isinstance(x, Dual) else 0
