"""The symbolic derivative of an expression, lightly simplified: what `show` prints.

The numbers of `grad` do not come from here but from dual numbers (`arithmetic.dual.RULES`); tests compare the two.
The second derivative has a module of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache, lru_cache

from actcli.core.expressions.nodes import (
    Binary,
    Call,
    Compare,
    Constant,
    EntryCall,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    Where,
    free_names,
    walk,
)
from actcli.core.expressions.parser import parse
from actcli.core.expressions.simplify import ONE, ZERO, add, conditional, divide, multiply, negate, power, simplify

__all__ = ["derivative", "outer_derivative", "parse_definition", "substitute"]

_DERIVATIVES = {
    "exp": ("exp(x)", "exp(x)"),
    "expm1": ("exp(x)", "exp(x)"),
    "log": ("1 / x", "-1 / x**2"),
    "log1p": ("1 / (1 + x)", "-1 / (1 + x)**2"),
    "sqrt": ("1 / (2 * sqrt(x))", "-1 / (4 * sqrt(x)**3)"),
    "sin": ("cos(x)", "-sin(x)"),
    "cos": ("-sin(x)", "-cos(x)"),
    "tan": ("1 / cos(x)**2", "2 * tan(x) / cos(x)**2"),
    "sinh": ("cosh(x)", "sinh(x)"),
    "cosh": ("sinh(x)", "cosh(x)"),
    "tanh": ("1 - tanh(x)**2", "-2 * tanh(x) * (1 - tanh(x)**2)"),
    "erfc": ("-2 / sqrt(pi) * exp(-x**2)", "4 / sqrt(pi) * x * exp(-x**2)"),
    "abs": ("sign(x)", "0"),
}
"""First and second derivatives in the most readable form; those of other catalogue entries are taken from the entry."""

TWO = Constant(Fraction(2))

_MAX_REPEATED_NODES = 30
"""The most nodes of the derivative of an argument of max or min that is repeated for the tie."""


@lru_cache(maxsize=1000)
def derivative(node: Node) -> Node:
    """Return the derivative with respect to x."""
    # The rules of second derivatives ask for the same ones again and again.
    if "x" not in free_names(node):
        return ZERO
    match node:
        case Negative(operand=operand):
            return negate(derivative(operand))
        case Binary(operator=op, left=left, right=right):
            return _of_operation(op, left, right)
        case Where(condition=condition, then=then, otherwise=otherwise):
            return conditional(condition, derivative(then), derivative(otherwise))
        case Call(name="max" | "min" as name, args=args):
            return _of_extremum(name, args)
        case Call(name="clip", args=(x, low, high)):
            inner = conditional(Compare("<=", x, low), derivative(low), derivative(x))
            # The upper bound wins where the lower one exceeds it.
            raised = x if isinstance(low, Constant | Negative) and isinstance(high, Constant) else Call("max", (x, low))
            return conditional(Compare(">=", raised, high), derivative(high), inner)
        case Call(name="floor" | "ceil" | "round"):
            return ZERO
        case Call(name="mod", args=(a, b)):
            quotient = Call("floor", (divide(a, b),))
            return add(derivative(a), negate(multiply(derivative(b), quotient)))
        case Call(args=(x,)) | EntryCall(arg=x):
            return multiply(outer_derivative(node), derivative(x))
        case Name():
            return ONE
    raise TypeError(node)


def _of_operation(op: str, a: Node, b: Node) -> Node:
    da, db = derivative(a), derivative(b)
    if op == "+":
        return add(da, db)
    if op == "-":
        return add(da, negate(db))
    if op == "*":
        return add(multiply(da, b), multiply(a, db))
    if op == "/":
        if db == ZERO:
            return divide(da, b)
        return divide(add(multiply(da, b), negate(multiply(a, db))), power(b, TWO))
    if db == ZERO:
        return multiply(multiply(b, power(a, add(b, Constant(Fraction(-1))))), da)
    log_derivative = add(multiply(db, Call("log", (a,))), divide(multiply(b, da), a))
    return multiply(power(a, b), log_derivative)


def _of_extremum(name: str, args: tuple[Node, ...]) -> Node:
    """Return the derivative of max or min, with the mean of both derivatives at a tie."""
    first, last = args[0] if len(args) == 2 else Call(name, args[:-1]), args[-1]
    d_first, d_last = derivative(first), derivative(last)
    if d_first == d_last:
        return d_first
    op = ">" if name == "max" else "<"

    def selected(before: Node, at_tie: Node, after: Node) -> Node:
        tie = conditional(Compare("==", first, last), at_tie, after)
        return conditional(Compare(op, first, last), before, tie)

    if all(sum(1 for _ in walk(part)) <= _MAX_REPEATED_NODES for part in (d_first, d_last)):
        return selected(d_first, divide(add(d_first, d_last), TWO), d_last)
    # Written once, a derivative does not double the length at each level.
    half = Constant(Fraction(1, 2))
    return add(multiply(selected(ONE, half, ZERO), d_first), multiply(selected(ZERO, half, ONE), d_last))


# --- functions -------------------------------------------------------------------------------------------------------


def outer_derivative(call: Call | EntryCall, order: int = 1) -> Node:
    """Return the derivative of a function of one argument at its argument, for an activation from its entry's text."""
    if isinstance(call, Call) or call.name in _DERIVATIVES:
        arg = call.arg if isinstance(call, EntryCall) else call.args[0]
        return simplify(substitute(_elementary_derivative(call.name, order), {"x": arg}))
    named = dict(call.params)
    values: dict[str, Node] = {"x": call.arg}
    for param in call.entry.parameters:
        value = named[param.name] if param.name in named else param.parse(str(param.default), call.name)
        if isinstance(value, Fraction):
            value = Constant(value)
        if isinstance(value, Node):
            values[param.name] = value
        else:
            named[param.name] = value
    tree = _parse_entry_derivative(call.name, call.entry.formulas({**values, **named})[order])
    return simplify(substitute(tree, values))


@cache
def _elementary_derivative(name: str, order: int) -> Node:
    return parse(_DERIVATIVES[name][order - 1])


@cache
def _parse_entry_derivative(name: str, text: str) -> Node:
    return parse_definition(re.sub(r"\bf\(", f"{name}(", text))


def parse_definition(text: str) -> Node:
    """Parse an entry's text, `EXPR` or `EXPR with NAME = EXPR, ...`, with each name replaced by its definition."""
    body, _, definitions = text.partition(" with ")
    known: dict[str, Node] = {}
    for part in re.split(r",\s*(?=[A-Za-z_][A-Za-z0-9_]*\s*=[^=])", definitions) if definitions else ():
        name, _, value = part.partition("=")
        known[name.strip()] = substitute(parse(value.strip()), known)
    return substitute(parse(body), known)


def substitute(node: Node, values: Mapping[str, Node]) -> Node:
    """Return the tree with some names replaced by other trees."""
    match node:
        case Name(name=name):
            return values.get(name, node)
        case Negative(operand=operand):
            return Negative(substitute(operand, values))
        case Not(operand=operand):
            return Not(substitute(operand, values))
        case Binary(operator=op, left=left, right=right):
            return Binary(op, substitute(left, values), substitute(right, values))
        case Compare(operator=op, left=left, right=right):
            return Compare(op, substitute(left, values), substitute(right, values))
        case Logic(operator=op, left=left, right=right):
            return Logic(op, substitute(left, values), substitute(right, values))
        case Where(condition=condition, then=then, otherwise=otherwise):
            return Where(*(substitute(part, values) for part in (condition, then, otherwise)))
        case Call(name=name, args=args):
            return Call(name, tuple(substitute(arg, values) for arg in args))
        case EntryCall(name=name, entry=entry, arg=arg, params=params):
            inner = ((word, substitute(value, values) if isinstance(value, Node) else value) for word, value in params)
            return EntryCall(name, entry, substitute(arg, values), tuple(inner))
    return node
