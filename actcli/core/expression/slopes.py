"""The derivative of an expression as a formula: what `show` prints, lightly simplified.

What is computed does not come from here but from dual numbers; a test holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache

from actcli.core.expression.constants import power
from actcli.core.expression.faults import ExpressionError
from actcli.core.expression.parser import parse
from actcli.core.expression.tree import (
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
    free,
)

__all__ = ["slope"]

ZERO, ONE = Constant(Fraction(0)), Constant(Fraction(1))
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


def slope(node: Node) -> Node:
    """The derivative by x."""
    if "x" not in free(node):
        return ZERO
    match node:
        case Negative(part=part):
            return negative(slope(part))
        case Binary(sign=sign, left=left, right=right):
            return _operated(sign, left, right)
        case Choice(condition=condition, one=one, other=other):
            return _choice(condition, slope(one), slope(other))
        case Call(name="max" | "min" as name, args=args):
            return _extreme(">" if name == "max" else "<", name, args)
        case Call(name="clip", args=(x, low, high)):
            inner = _choice(Compare("<", x, low), slope(low), slope(x))
            # The upper bound goes before the lower one, where that is larger.
            cut = x if isinstance(low, Constant | Negative) and isinstance(high, Constant) else Call("max", (x, low))
            return _choice(Compare(">", cut, high), slope(high), inner)
        case Call(name=name, args=(x,)):
            return times(substituted(_formula(name), {"x": x}), slope(x))
        case Entry(arg=x):
            return times(_activation(node), slope(x))
        case Name():
            return ONE
    raise TypeError(node)


def _operated(sign: str, a: Node, b: Node) -> Node:
    da, db = slope(a), slope(b)
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
    first = args[0] if len(args) == 2 else Call(name, args[:-1])
    return _choice(Compare(sign, first, args[-1]), slope(first), slope(args[-1]))


def _choice(condition: Node, one: Node, other: Node) -> Node:
    return one if one == other else Choice(condition, one, other)


# --- activations -----------------------------------------------------------------------------------------------------


def _activation(node: Entry) -> Node:
    """The derivative of an activation at its argument, from the text in its entry."""
    if node.name in _TEXTS:
        return substituted(_formula(node.name), {"x": node.arg})
    given = dict(node.params)
    try:
        found: Node | None = _of_entry(node.entry.name, node.entry.texts(given)[1])
    except ExpressionError:
        found = None
    if any(param.words and given.get(param.name, param.default) != param.default for param in node.entry.params):
        found = None
    values: dict[str, Node] = {"x": node.arg}
    for param in node.entry.params:
        value = given[param.name] if param.name in given else param.read(str(param.default), node.name)
        if isinstance(value, Fraction):
            value = Constant(value)
        if isinstance(value, Node):
            values[param.name] = value
    if found is None or not free(found).keys() <= values.keys() | {"pi", "e"}:
        # Its text is for people alone, or has cases that depend on what is none.
        return Entry(f"{node.name}'", node.entry, node.arg, node.params)
    return substituted(found, values)


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
        known[name.strip()] = substituted(parse(value.strip()), known)
    return substituted(parse(body), known)


def substituted(node: Node, values: Mapping[str, Node]) -> Node:
    """The tree with other trees in the places of some names."""
    match node:
        case Name(name=name):
            return values.get(name, node)
        case Negative(part=part):
            return Negative(substituted(part, values))
        case Not(part=part):
            return Not(substituted(part, values))
        case Binary(sign=sign, left=left, right=right):
            return Binary(sign, substituted(left, values), substituted(right, values))
        case Compare(sign=sign, left=left, right=right):
            return Compare(sign, substituted(left, values), substituted(right, values))
        case Logic(sign=sign, left=left, right=right):
            return Logic(sign, substituted(left, values), substituted(right, values))
        case Choice(condition=condition, one=one, other=other):
            return Choice(*(substituted(part, values) for part in (condition, one, other)))
        case Call(name=name, args=args):
            return Call(name, tuple(substituted(arg, values) for arg in args))
        case Entry(name=name, entry=entry, arg=arg, params=params):
            inner = ((word, substituted(value, values) if isinstance(value, Node) else value) for word, value in params)
            return Entry(name, entry, substituted(arg, values), tuple(inner))
    return node


# --- simplified ------------------------------------------------------------------------------------------------------


def factored(node: Node) -> tuple[Fraction, Node]:
    """The number that a product begins with, and the rest of it."""
    match node:
        case Constant(value=value):
            return value, ONE
        case Negative(part=part):
            number, rest = factored(part)
            return -number, rest
        case Binary(sign="*", left=left, right=right):
            (one, first), (other, second) = factored(left), factored(right)
            return one * other, _joined(first, second)
        case Binary(sign="/", left=left, right=right):
            number, rest = factored(left)
            if isinstance(right, Constant) and right.value:
                return number / right.value, rest
            return number, ONE if rest == right else Binary("/", rest, right)
    return Fraction(1), node


def _joined(a: Node, b: Node) -> Node:
    """The product of two parts without numbers at their beginning."""
    if a == ONE or b == ONE:
        return b if a == ONE else a
    match a, b:
        case Binary(sign="/", left=left, right=right), _ if left == ONE:
            return ONE if b == right else Binary("/", b, right)
        case _, Binary(sign="*" | "/" as sign, left=left, right=right):
            return Binary(sign, _joined(a, left), right)
    return Binary("*", a, b)


def _led(number: Fraction, rest: Node) -> Node:
    """The product of a number and what `factored` leaves."""
    if not number or rest == ONE:
        return Constant(number)
    if abs(number.numerator) == 1 and number.denominator > 1:
        return Binary("/", _led(Fraction(number.numerator), rest), Constant(Fraction(number.denominator)))
    if number == 1:
        return rest
    if isinstance(rest, Binary) and rest.sign in "*/":
        return Binary(rest.sign, _led(number, rest.left), rest.right)
    return Negative(rest) if number == -1 else Binary("*", Constant(number), rest)


def negative(a: Node) -> Node:
    number, rest = factored(a)
    return _led(-number, rest)


def plus(a: Node, b: Node) -> Node:
    if isinstance(a, Constant) and isinstance(b, Constant):
        return Constant(a.value + b.value)
    if a == ZERO or b == ZERO:
        return b if a == ZERO else a
    number, rest = factored(b)
    return Binary("-", a, _led(-number, rest)) if number < 0 else Binary("+", a, b)


def times(a: Node, b: Node) -> Node:
    (one, first), (other, second) = factored(a), factored(b)
    return _led(one * other, _joined(first, second))


def over(a: Node, b: Node) -> Node:
    return _led(*factored(Binary("/", a, b)))


def raised(a: Node, b: Node) -> Node:
    if b == ZERO:
        return ONE
    if b == ONE:
        return a
    if isinstance(a, Constant) and isinstance(b, Constant):
        value = power(a.value, b.value)
        if value is not None:
            return Constant(value)
    return Binary("**", a, b)
