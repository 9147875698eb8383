"""Parts of an expression that are exact numbers: those without x whose operations are rational."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from actcli.core.expressions.nodes import Binary, Constant, Name, Negative, Node

__all__ = ["LARGEST", "LARGEST_POWER", "exact", "power", "rooted", "size"]

LARGEST = 1 << 14
"""The most bits of a numerator or denominator that is worked out exactly."""

LARGEST_POWER = 1000
"""The largest exponent that is a number; a larger one is an error of typing, or meant to hurt."""

_MOST_ROOTS = 64
"""Up to which one a root is tried for an exact one."""


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


def rooted(base: Fraction, exponent: Fraction) -> Fraction | None:
    """base**exponent of a base above 0, also by a fraction, if that is an exact number and not too large."""
    count = exponent.denominator
    if count == 1:
        return power(base, exponent)
    if count > _MOST_ROOTS or size(base) > LARGEST:
        return None
    top, bottom = _root(base.numerator, count), _root(base.denominator, count)
    return power(Fraction(top, bottom), exponent * count) if top and bottom else None


def _root(number: int, count: int) -> int:
    """The whole number whose power `count` is `number`, 0 if there is none; by Newton's method from above."""
    root = 1 << -(-number.bit_length() // count)
    while True:
        power = root ** (count - 1)
        if (lower := ((count - 1) * root + number // power) // count) >= root:
            return root if power * root == number else 0
        root = lower
