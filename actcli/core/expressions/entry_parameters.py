"""The parameters of an activation within an expression: exact numbers, and their slopes by the expression's own."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from actcli.core.arithmetic.dual import Dual
from actcli.core.catalogue.activation import evaluate_formula
from actcli.core.expressions.exact_constants import exact
from actcli.core.expressions.nodes import Binary, Entry, Name, Negative, Node

__all__ = ["parameters"]


def parameters(node: Entry, known: Mapping[str, Fraction], names: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of an activation within an expression, with what is derived of them."""
    entry = node.entry
    given = dict(node.params)
    values: dict[str, Any] = {}
    for param in entry.parameters:
        value = given.get(param.name)
        if isinstance(value, Node):
            values[param.name] = _parameter(value, known, names)
        elif param.name in given:
            values[param.name] = value
        else:
            assert param.default is not None
            values[param.name] = param.parse(param.default, entry.name)
    return values | {name: evaluate_formula(text, values) for name, text in entry.derived_arguments.items()}


def _parameter(node: Node, known: Mapping[str, Fraction], names: Mapping[str, Any]) -> Any:
    moving = {name: value for name, value in names.items() if name in known and isinstance(value, Dual)}
    value = exact(node, known)
    assert value is not None, "parameters are checked when they are given"
    if not moving:
        return value
    slope = exact_slope(node, known, next(iter(moving)))
    return Dual(value, slope) if slope else value


def exact_slope(node: Node, known: Mapping[str, Fraction], by: str) -> Fraction:
    """The slope of a part that is an exact number by the parameter called `by`."""
    match node:
        case Name(name=name):
            return Fraction(name == by)
        case Negative(part=part):
            return -exact_slope(part, known, by)
        case Binary(sign=sign, left=left, right=right):
            a, b = exact(left, known), exact(right, known)
            da, db = exact_slope(left, known, by), exact_slope(right, known, by)
            if a is None or b is None:
                raise TypeError(node)
            if sign == "*":
                return da * b + a * db
            if sign == "/":
                return (da - a / b * db) / b
            if sign == "**":
                return b * a ** int(b - 1) * da if da else Fraction(0)
            return da + db if sign == "+" else da - db
    return Fraction(0)
