"""The symbolic second derivative of an expression, as `show` prints it.

It has its own rules because deriving twice repeats factors, while an entry's f'' and the product rule are short. Unlike
f', it has no special values at ties, where f'' does not exist.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import islice

from actcli.core.expressions.derivative import TWO, derivative, outer_derivative
from actcli.core.expressions.nodes import (
    Binary,
    Call,
    Compare,
    Constant,
    EntryCall,
    Negative,
    Node,
    Where,
    free_names,
    unparse,
    walk,
)
from actcli.core.expressions.simplify import ZERO, add, conditional, divide, multiply, negate, power

__all__ = ["second_derivative", "second_derivative_text"]

_MAX_NODES = 1000
"""The most nodes of a first derivative whose expression is derived twice."""

_MAX_LENGTH = 2000
"""The most characters that somebody would read."""


def second_derivative_text(node: Node) -> str:
    """Return the second derivative as text; "" if it is too long to be read."""
    if next(islice(walk(derivative(node)), _MAX_NODES, None), None) is not None:
        return ""
    text = unparse(second_derivative(node))
    return text if len(text) <= _MAX_LENGTH else ""


def second_derivative(node: Node) -> Node:
    """Return the second derivative with respect to x, correct at all x that are not a tie."""
    if "x" not in free_names(node):
        return ZERO
    match node:
        case Negative(operand=operand):
            return negate(second_derivative(operand))
        case Binary(operator="+" | "-" as op, left=left, right=right):
            right = second_derivative(right)
            return add(second_derivative(left), right if op == "+" else negate(right))
        case Binary(operator=op, left=left, right=right):
            return _of_operation(op, left, right)
        case Where(condition=condition, then=then, otherwise=otherwise):
            return conditional(condition, second_derivative(then), second_derivative(otherwise))
        case Call(name="max" | "min" as name, args=args):
            first, last = args[0] if len(args) == 2 else Call(name, args[:-1]), args[-1]
            chosen = Compare(">" if name == "max" else "<", first, last)
            return conditional(chosen, second_derivative(first), second_derivative(last))
        case Call(name="clip", args=(x, low, high)):
            return second_derivative(Call("min", (Call("max", (x, low)), high)))
        case Call(name="floor" | "ceil" | "round"):
            return ZERO
        case Call(args=(x,)) | EntryCall(arg=x):
            curved = multiply(outer_derivative(node, 2), _square(derivative(x)))
            return add(curved, multiply(outer_derivative(node), second_derivative(x)))
    return derivative(derivative(node))


def _of_operation(op: str, a: Node, b: Node) -> Node:
    da, db = derivative(a), derivative(b)
    if op == "*":
        both = multiply(TWO, multiply(da, db))
        return add(add(multiply(second_derivative(a), b), both), multiply(a, second_derivative(b)))
    if op == "/":
        # (a/b)'' is (a'' b - 2 a' b' - a b'') / b^2 + 2 a b'^2 / b^3.
        if db == ZERO:
            return divide(second_derivative(a), b)
        mixed = add(multiply(TWO, multiply(da, db)), multiply(a, second_derivative(b)))
        above = add(multiply(second_derivative(a), b), negate(mixed))
        cubic = divide(multiply(multiply(TWO, a), _square(db)), power(b, Constant(Fraction(3))))
        return add(divide(above, power(b, TWO)), cubic)
    if db == ZERO:
        less, least = (power(a, add(b, Constant(Fraction(-k)))) for k in (1, 2))
        curved = multiply(multiply(multiply(b, add(b, Constant(Fraction(-1)))), least), _square(da))
        return add(curved, multiply(multiply(b, less), second_derivative(a)))
    return derivative(derivative(Binary(op, a, b)))


def _square(node: Node) -> Node:
    return power(node, TWO)
