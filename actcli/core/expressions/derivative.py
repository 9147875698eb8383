"""The derivative of an expression as a formula: what `show` prints, lightly simplified.

What is computed does not come from here but from dual numbers; a test holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache

from actcli.core.expressions.nodes import (
    Binary,
    Call,
    Choice,
    Compare,
    Constant,
    Entry,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    free_names,
)
from actcli.core.expressions.parser import parse
from actcli.core.expressions.simplify import ONE, ZERO, choice, negative, over, plus, raised, simplify, times

__all__ = ["derivative"]

_TEXTS = {
    "exp": "exp(x)",
    "expm1": "exp(x)",
    "log": "1 / x",
    "log1p": "1 / (1 + x)",
    "sqrt": "1 / (2 * sqrt(x))",
    "sin": "cos(x)",
    "cos": "-sin(x)",
    "tan": "1 / cos(x)**2",
    "sinh": "cosh(x)",
    "cosh": "sinh(x)",
    "tanh": "1 - tanh(x)**2",
    "erfc": "-2 / sqrt(pi) * exp(-x**2)",
    "abs": "sign(x)",
}


def derivative(node: Node) -> Node:
    """The derivative by x."""
    if "x" not in free_names(node):
        return ZERO
    match node:
        case Negative(part=part):
            return negative(derivative(part))
        case Binary(sign=sign, left=left, right=right):
            return _operated(sign, left, right)
        case Choice(condition=condition, one=one, other=other):
            return choice(condition, derivative(one), derivative(other))
        case Call(name="max" | "min" as name, args=args):
            return _extreme(">" if name == "max" else "<", name, args)
        case Call(name="clip", args=(x, low, high)):
            inner = choice(Compare("<", x, low), derivative(low), derivative(x))
            # The upper bound goes before the lower one, where that is larger.
            cut = x if isinstance(low, Constant | Negative) and isinstance(high, Constant) else Call("max", (x, low))
            return choice(Compare(">", cut, high), derivative(high), inner)
        case Call(name=name, args=(x,)):
            return times(simplify(substitute(_formula(name), {"x": x})), derivative(x))
        case Entry(arg=x):
            return times(_activation(node), derivative(x))
        case Name():
            return ONE
    raise TypeError(node)


def _operated(sign: str, a: Node, b: Node) -> Node:
    da, db = derivative(a), derivative(b)
    if sign == "+":
        return plus(da, db)
    if sign == "-":
        return plus(da, negative(db))
    if sign == "*":
        return plus(times(da, b), times(a, db))
    if sign == "/":
        if db == ZERO:
            return over(da, b)
        return over(plus(times(da, b), negative(times(a, db))), raised(b, Constant(Fraction(2))))
    if db == ZERO:
        return times(times(b, raised(a, plus(b, Constant(Fraction(-1))))), da)
    growth = plus(times(db, Call("log", (a,))), over(times(b, da), a))
    return times(raised(a, b), growth)


def _extreme(sign: str, name: str, args: tuple[Node, ...]) -> Node:
    first, last = args[0] if len(args) == 2 else Call(name, args[:-1]), args[-1]
    one, other = derivative(first), derivative(last)
    # At a tie stands the mean of both slopes.
    tied = choice(Compare("==", first, last), over(plus(one, other), Constant(Fraction(2))), other)
    return one if one == other else choice(Compare(sign, first, last), one, tied)


# --- activations -----------------------------------------------------------------------------------------------------


def _activation(node: Entry) -> Node:
    """The derivative of an activation at its argument, from the text in its entry."""
    if node.name in _TEXTS:
        return simplify(substitute(_formula(node.name), {"x": node.arg}))
    given = dict(node.params)
    values: dict[str, Node] = {"x": node.arg}
    for param in node.entry.parameters:
        value = given[param.name] if param.name in given else param.parse(str(param.default), node.name)
        if isinstance(value, Fraction):
            value = Constant(value)
        if isinstance(value, Node):
            values[param.name] = value
        else:
            given[param.name] = value
    found = _of_entry(node.name, node.entry.formulas({**values, **given})[1])
    return simplify(substitute(found, values))


@cache
def _formula(name: str) -> Node:
    return parse(_TEXTS[name])


@cache
def _of_entry(name: str, derivative: str) -> Node:
    return definite(re.sub(r"\bf\(", f"{name}(", derivative))


def definite(text: str) -> Node:
    """The tree of an entry's text: EXPR, or `EXPR with NAME = EXPR, ...`, each name replaced by what it stands for."""
    body, _, definitions = text.partition(" with ")
    known: dict[str, Node] = {}
    for part in re.split(r",\s*(?=[A-Za-z_][A-Za-z0-9_]*\s*=[^=])", definitions) if definitions else ():
        name, _, value = part.partition("=")
        known[name.strip()] = substitute(parse(value.strip()), known)
    return substitute(parse(body), known)


def substitute(node: Node, values: Mapping[str, Node]) -> Node:
    """The tree with other trees in the places of some names."""
    match node:
        case Name(name=name):
            return values.get(name, node)
        case Negative(part=part):
            return Negative(substitute(part, values))
        case Not(part=part):
            return Not(substitute(part, values))
        case Binary(sign=sign, left=left, right=right):
            return Binary(sign, substitute(left, values), substitute(right, values))
        case Compare(sign=sign, left=left, right=right):
            return Compare(sign, substitute(left, values), substitute(right, values))
        case Logic(sign=sign, left=left, right=right):
            return Logic(sign, substitute(left, values), substitute(right, values))
        case Choice(condition=condition, one=one, other=other):
            return Choice(*(substitute(part, values) for part in (condition, one, other)))
        case Call(name=name, args=args):
            return Call(name, tuple(substitute(arg, values) for arg in args))
        case Entry(name=name, entry=entry, arg=arg, params=params):
            inner = ((word, substitute(value, values) if isinstance(value, Node) else value) for word, value in params)
            return Entry(name, entry, substitute(arg, values), tuple(inner))
    return node
