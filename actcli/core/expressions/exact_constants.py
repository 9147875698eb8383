"""Constant folding: parts of an expression that are exact rational numbers.

Those are the parts without x whose operations are + - * / and integer powers.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from actcli.core.expressions.nodes import Binary, Constant, Name, Negative, Node

__all__ = ["MAX_EXACT_BITS", "MAX_EXPONENT", "bit_size", "exact_value", "integer_power", "rational_power"]

MAX_EXACT_BITS = 1 << 14
"""The most bits of a numerator or denominator that stays exact; longer ones would make every operation slow."""

MAX_EXPONENT = 1000
"""The largest constant exponent, which bounds the work of a power; a larger one is refused by the parser."""

_MAX_ROOT = 64
"""The largest n for which an nth root is tested for being rational."""


def exact_value(node: Node, values: Mapping[str, Fraction]) -> Fraction | None:
    """Return the exact value of a node, given its parameters; None if it is not rational or too long."""
    match node:
        case Constant(value=value):
            return value
        case Name(name=name):
            return values.get(name)
        case Negative(operand=operand):
            inner = exact_value(operand, values)
            return None if inner is None else -inner
        case Binary(operator=op, left=left, right=right):
            a, b = exact_value(left, values), exact_value(right, values)
            return None if a is None or b is None else _apply_operator(op, a, b)
    return None


def _apply_operator(op: str, a: Fraction, b: Fraction) -> Fraction | None:
    if op == "**":
        return integer_power(a, b)
    if op == "/":
        return a / b if b else None
    result = a + b if op == "+" else a - b if op == "-" else a * b
    return result if bit_size(result) <= MAX_EXACT_BITS else None


def bit_size(value: Fraction) -> int:
    """Return the number of bits of the longer of numerator and denominator."""
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def integer_power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """Return base**exponent for an integer exponent; None if it is undefined or too long."""
    if exponent.denominator != 1 or (not base and exponent < 0) or bit_size(base) * abs(exponent) > MAX_EXACT_BITS:
        return None
    return Fraction(base ** int(exponent))


def rational_power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """Return base**exponent for base > 0 and a rational exponent; None if it is irrational or too long."""
    degree = exponent.denominator
    if degree == 1:
        return integer_power(base, exponent)
    if degree > _MAX_ROOT or bit_size(base) > MAX_EXACT_BITS:
        return None
    top, bottom = _exact_root(base.numerator, degree), _exact_root(base.denominator, degree)
    return integer_power(Fraction(top, bottom), exponent * degree) if top and bottom else None


def _exact_root(number: int, degree: int) -> int:
    """Return the integer r with r**degree == number, 0 if there is none; by Newton's method from above."""
    root = 1 << -(-number.bit_length() // degree)
    while True:
        power = root ** (degree - 1)
        if (lower := ((degree - 1) * root + number // power) // degree) >= root:
            return root if power * root == number else 0
        root = lower
