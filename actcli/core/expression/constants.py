"""Parts of an expression that are exact numbers: those without x whose operations are rational."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from actcli.core.expression.tree import Binary, Constant, Name, Negative, Node

__all__ = ["LARGEST", "exact", "power"]

LARGEST = 1 << 14
"""The most bits of a numerator or denominator that is worked out exactly."""


def exact(node: Node, values: Mapping[str, Fraction]) -> Fraction | None:
    """The exact number that a part is, given its parameters; None if it is none, or too large to be spelled out."""
    match node:
        case Constant(value=value):
            return value
        case Name(name=name):
            return values.get(name)
        case Negative(part=part):
            inner = exact(part, values)
            return None if inner is None else -inner
        case Binary(sign=sign, left=left, right=right):
            a, b = exact(left, values), exact(right, values)
            return None if a is None or b is None else _operated(sign, a, b)
    return None


def _operated(sign: str, a: Fraction, b: Fraction) -> Fraction | None:
    if sign == "**":
        return power(a, b)
    if sign == "/":
        return a / b if b else None
    result = a + b if sign == "+" else a - b if sign == "-" else a * b
    return result if size(result) <= LARGEST else None


def size(value: Fraction) -> int:
    """How many bits there are in a numerator or denominator."""
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """base**exponent for a whole exponent, if it is defined and not too large."""
    if exponent.denominator != 1 or (not base and exponent < 0) or size(base) * abs(exponent) > LARGEST:
        return None
    return Fraction(base ** int(exponent))
