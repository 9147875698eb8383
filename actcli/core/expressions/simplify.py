"""Algebraic simplification of trees, for display: constants folded, like terms and factors collected.

The simplified tree has the same value wherever the original is defined; it may be defined at more points (x / x at 0).
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial, reduce
from operator import eq, ge, gt, le, lt, ne

from actcli.core.expressions.exact_constants import bit_size, integer_power
from actcli.core.expressions.nodes import Binary, Call, Compare, Constant, EntryCall, Logic, Negative, Node, Not, Where

__all__ = ["ONE", "ZERO", "add", "conditional", "divide", "multiply", "negate", "power", "simplify"]

ZERO, ONE = Constant(Fraction(0)), Constant(Fraction(1))

MAX_FOLDED_BITS = 1000
"""The most bits of a folded constant; a longer one would not be easier to read."""

MAX_CHAIN = 90
"""The most terms in a row; longer sums are sums of sums, so that their trees are not too deep for recursion."""

_COMPARISONS = {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq, "!=": ne}


def simplify(node: Node) -> Node:
    """Return the tree rebuilt from its simplified children."""
    match node:
        case Negative(operand=operand):
            return negate(simplify(operand))
        case Binary(operator=op, left=left, right=right):
            return _apply_operator(op, simplify(left), simplify(right))
        case Where(condition=condition, then=then, otherwise=otherwise):
            return conditional(simplify(condition), simplify(then), simplify(otherwise))
        case Compare(operator=op, left=left, right=right):
            return Compare(op, simplify(left), simplify(right))
        case Logic(operator=op, left=left, right=right):
            return Logic(op, simplify(left), simplify(right))
        case Not(operand=operand):
            return Not(simplify(operand))
        case Call(name=name, args=args):
            return Call(name, tuple(map(simplify, args)))
        case EntryCall(name=name, entry=entry, arg=arg, params=params):
            return EntryCall(name, entry, simplify(arg), params)
    return node


def _apply_operator(op: str, a: Node, b: Node) -> Node:
    if op == "**":
        return power(a, b)
    if op == "*":
        return multiply(a, b)
    return divide(a, b) if op == "/" else add(a, b) if op == "+" else add(a, negate(b))


def conditional(condition: Node, then: Node, otherwise: Node) -> Node:
    """Return where(condition, then, otherwise), or the branch that is known to be selected."""
    if (
        isinstance(condition, Compare)
        and isinstance(condition.left, Constant)
        and isinstance(condition.right, Constant)
    ):
        is_true = _COMPARISONS[condition.operator](condition.left.value, condition.right.value)
        return then if is_true else otherwise
    return then if then == otherwise else Where(condition, then, otherwise)


# --- products --------------------------------------------------------------------------------------------------------


def _split_coefficient(node: Node) -> tuple[Fraction, Node]:
    """Return the numeric coefficient of a product, and the remaining factors."""
    match node:
        case Constant(value=value):
            return value, ONE
        case Negative(operand=operand):
            number, rest = _split_coefficient(operand)
            return -number, rest
        case Binary(operator="*", left=left, right=right):
            (a, first), (b, second) = _split_coefficient(left), _split_coefficient(right)
            if _is_short(a * b):
                return a * b, _product(first, second)
        case Binary(operator="/", left=left, right=right):
            (a, first), (b, second) = _split_coefficient(left), _split_coefficient(right)
            if b and _is_short(a / b):
                if second == ONE or first == second:
                    return a / b, first if second == ONE else ONE
                if abs(a) != 1 and (a / b).denominator == 1:
                    return a / b, _quotient(first, second)
            return a, _quotient(first, right)
    return Fraction(1), node


def _is_short(value: Fraction) -> bool:
    return bit_size(value) <= MAX_FOLDED_BITS


def _quotient(a: Node, b: Node) -> Node:
    return ONE if a == b else Binary("/", a, b)


def _product(a: Node, b: Node) -> Node:
    """Return the product of two nodes without numeric coefficients."""
    if a == ONE or b == ONE:
        return b if a == ONE else a
    match a, b:
        case Binary(operator="/", left=left, right=right), _ if left == ONE:
            return _quotient(b, right)
        case _, Binary(operator="*" | "/" as op, left=left, right=right):
            return Binary(op, _product(a, left), right)
    return Binary("**", a, Constant(Fraction(2))) if a == b else Binary("*", a, b)


def _collect(node: Node) -> Node:
    """Return a product, or a quotient of one, with a power for each factor that occurs several times."""
    if isinstance(node, Binary) and node.operator == "/":
        return _quotient(_collect(node.left), node.right)
    factors = []
    rest = node
    while isinstance(rest, Binary) and rest.operator == "*":
        factors.append(rest.right)
        rest = rest.left
    exponents: dict[Node, Fraction] = {}
    for base, exponent in map(_split_exponent, (rest, *reversed(factors))):
        exponents[base] = exponents.get(base, Fraction(0)) + exponent
    if len(exponents) == len(factors) + 1:
        return node
    return reduce(partial(Binary, "*"), [power(base, Constant(total)) for base, total in exponents.items()])


def _split_exponent(node: Node) -> tuple[Node, Fraction]:
    """Return base and exponent of a power with a positive integer as exponent; any other node is its own base."""
    match node:
        case Binary(operator="**", left=base, right=Constant(value=exponent)) if exponent > 0 == exponent % 1:
            return base, exponent
    return node, Fraction(1)


def _with_coefficient(number: Fraction, rest: Node) -> Node:
    """Return number * rest, the inverse of _split_coefficient."""
    if not number or rest == ONE:
        return Constant(number)
    if abs(number.numerator) == 1 and number.denominator > 1:
        numerator = _with_coefficient(Fraction(number.numerator), rest)
        return Binary("/", numerator, Constant(Fraction(number.denominator)))
    if number == 1:
        return rest
    if isinstance(rest, Binary) and rest.operator in "*/":
        return Binary(rest.operator, _with_coefficient(number, rest.left), rest.right)
    return Negative(rest) if number == -1 else Binary("*", Constant(number), rest)


def multiply(a: Node, b: Node) -> Node:
    """Return a * b, simplified."""
    number, rest = _split_coefficient(Binary("*", a, b))
    product = _with_coefficient(number, _collect(rest))
    # The product may contain a new quotient whose factors cancel.
    return _with_coefficient(*_split_coefficient(product))


def divide(a: Node, b: Node) -> Node:
    """Return a / b, simplified."""
    return _with_coefficient(*_split_coefficient(Binary("/", a, b)))


def negate(a: Node) -> Node:
    """Return -a, simplified."""
    number, rest = _split_coefficient(a)
    return _with_coefficient(-number, rest)


def power(a: Node, b: Node) -> Node:
    """Return a**b, simplified."""
    if b == ZERO:
        return ONE
    if b == ONE:
        return a
    if isinstance(a, Constant) and isinstance(b, Constant):
        value = integer_power(a.value, b.value)
        if value is not None and _is_short(value):
            return Constant(value)
    elif isinstance(b, Constant) and b.value > 0 == b.value % 1:
        return _integer_power(a, b.value)
    return Binary("**", a, b)


def _integer_power(a: Node, exponent: Fraction) -> Node:
    """Return a**exponent for a positive integer, with the coefficient, the exponent or the root of `a` resolved."""
    number, rest = _split_coefficient(a)
    factor = integer_power(number, exponent)
    if number != 1 and factor is not None and _is_short(factor):
        return _with_coefficient(factor, power(rest, Constant(exponent)))
    base, inner = _split_exponent(a)
    if inner != 1:
        return Binary("**", base, Constant(inner * exponent))
    if isinstance(a, Call) and a.name == "sqrt" and exponent % 2 == 0:
        return power(a.args[0], Constant(exponent / 2))
    return Binary("**", a, Constant(exponent))


# --- sums ------------------------------------------------------------------------------------------------------------


def add(a: Node, b: Node) -> Node:
    """Return a + b with like terms collected."""
    coefficients: dict[Node, Fraction] = {}
    for number, rest in (*_terms(a), *_terms(b)):
        total = coefficients.get(rest, Fraction(0)) + number
        if not _is_short(total):
            return Binary("+", a, b)
        coefficients[rest] = total
    terms = [(number, rest) for rest, number in coefficients.items() if number]
    sums = [_chain(terms[start : start + MAX_CHAIN]) for start in range(0, len(terms), MAX_CHAIN)]
    return reduce(partial(Binary, "+"), sums) if sums else ZERO


def _chain(terms: list[tuple[Fraction, Node]]) -> Node:
    result = _with_coefficient(*terms[0])
    for number, rest in terms[1:]:
        result = Binary("-" if number < 0 else "+", result, _with_coefficient(abs(number), rest))
    return result


def _terms(node: Node) -> list[tuple[Fraction, Node]]:
    """Return the terms of a sum, each as (coefficient, remaining factors)."""
    if isinstance(node, Binary) and node.operator in "+-":
        sign = -1 if node.operator == "-" else 1
        return [*_terms(node.left), *((sign * number, rest) for number, rest in _terms(node.right))]
    return [_split_coefficient(node)]
