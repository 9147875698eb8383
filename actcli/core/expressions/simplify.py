"""Sums, products and powers of trees, as a person would write them: numbers worked out, like terms together.

What is left out is only what makes no difference to the value; where a part is not defined, x / x at 0, what is left
may be.
"""

from __future__ import annotations

import operator
from fractions import Fraction

from actcli.core.expressions.exact_constants import power, size
from actcli.core.expressions.nodes import Binary, Call, Choice, Compare, Constant, Entry, Logic, Negative, Node, Not

__all__ = ["ONE", "ZERO", "choice", "negative", "over", "plus", "raised", "simplify", "times"]

ZERO, ONE = Constant(Fraction(0)), Constant(Fraction(1))

_LONGEST = 1000
"""The most bits of a number that is worked out; one of more is no simpler."""

_COMPARED = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


def simplify(node: Node) -> Node:
    """The tree, put together again from its simplified parts."""
    match node:
        case Negative(part=part):
            return negative(simplify(part))
        case Binary(sign=sign, left=left, right=right):
            return _operated(sign, simplify(left), simplify(right))
        case Choice(condition=condition, one=one, other=other):
            return choice(simplify(condition), simplify(one), simplify(other))
        case Compare(sign=sign, left=left, right=right):
            return Compare(sign, simplify(left), simplify(right))
        case Logic(sign=sign, left=left, right=right):
            return Logic(sign, simplify(left), simplify(right))
        case Not(part=part):
            return Not(simplify(part))
        case Call(name=name, args=args):
            return Call(name, tuple(map(simplify, args)))
        case Entry(name=name, entry=entry, arg=arg, params=params):
            return Entry(name, entry, simplify(arg), params)
    return node


def _operated(sign: str, a: Node, b: Node) -> Node:
    if sign == "**":
        return raised(a, b)
    if sign == "*":
        return times(a, b)
    return over(a, b) if sign == "/" else plus(a, b) if sign == "+" else plus(a, negative(b))


def choice(condition: Node, one: Node, other: Node) -> Node:
    """`one` where the condition holds, else `other`."""
    if (
        isinstance(condition, Compare)
        and isinstance(condition.left, Constant)
        and isinstance(condition.right, Constant)
    ):
        return one if _COMPARED[condition.sign](condition.left.value, condition.right.value) else other
    return one if one == other else Choice(condition, one, other)


# --- products --------------------------------------------------------------------------------------------------------


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
            if _is_short(one * other):
                return one * other, _joined(first, second)
        case Binary(sign="/", left=left, right=right):
            (one, first), (other, second) = factored(left), factored(right)
            if other and _is_short(one / other):
                if second == ONE or first == second:
                    return one / other, first if second == ONE else ONE
                if abs(one) != 1 and (one / other).denominator == 1:
                    return one / other, _divided(first, second)
            return one, _divided(first, right)
    return Fraction(1), node


def _is_short(value: Fraction) -> bool:
    return size(value) <= _LONGEST


def _divided(a: Node, b: Node) -> Node:
    return ONE if a == b else Binary("/", a, b)


def _joined(a: Node, b: Node) -> Node:
    """The product of two parts without numbers at their beginning."""
    if a == ONE or b == ONE:
        return b if a == ONE else a
    match a, b:
        case Binary(sign="/", left=left, right=right), _ if left == ONE:
            return _divided(b, right)
        case _, Binary(sign="*" | "/" as sign, left=left, right=right):
            return Binary(sign, _joined(a, left), right)
    return Binary("**", a, Constant(Fraction(2))) if a == b else Binary("*", a, b)


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


def times(a: Node, b: Node) -> Node:
    """The product."""
    product = _led(*factored(Binary("*", a, b)))
    # A quotient that has come about may be shortened.
    return _led(*factored(product))


def over(a: Node, b: Node) -> Node:
    """The quotient."""
    return _led(*factored(Binary("/", a, b)))


def negative(a: Node) -> Node:
    """-a."""
    number, rest = factored(a)
    return _led(-number, rest)


def raised(a: Node, b: Node) -> Node:
    """a**b."""
    if b == ZERO:
        return ONE
    if b == ONE:
        return a
    if isinstance(a, Constant) and isinstance(b, Constant):
        value = power(a.value, b.value)
        if value is not None and _is_short(value):
            return Constant(value)
    return Binary("**", a, b)


# --- sums ------------------------------------------------------------------------------------------------------------


def plus(a: Node, b: Node) -> Node:
    """The sum, in which terms that differ only by a number are one."""
    found: dict[Node, Fraction] = {}
    for number, rest in (*_terms(a), *_terms(b)):
        total = found.get(rest, Fraction(0)) + number
        if not _is_short(total):
            return Binary("+", a, b)
        found[rest] = total
    result: Node | None = None
    for rest, number in found.items():
        if not number:
            continue
        if result is None:
            result = _led(number, rest)
        else:
            result = Binary("-" if number < 0 else "+", result, _led(abs(number), rest))
    return ZERO if result is None else result


def _terms(node: Node) -> list[tuple[Fraction, Node]]:
    """The terms of a sum, each as a number and the rest."""
    if isinstance(node, Binary) and node.sign in "+-":
        sign = -1 if node.sign == "-" else 1
        return [*_terms(node.left), *((sign * number, rest) for number, rest in _terms(node.right))]
    return [factored(node)]
