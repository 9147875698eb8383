"""Rational expressions in parameters, `(1 - offset) / slope`, for kinks, ranges and derived arguments; conditions."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

__all__ = ["evaluate_formula", "holds", "names_in"]


def evaluate_formula(text: str, values: Mapping[str, Any]) -> Any:
    """Evaluate a rational expression in parameters, `(1 - offset) / slope`; the result is exact for exact values.

    Raises ValueError for any other expression, and for a parameter that has no value; ZeroDivisionError for x / 0.
    """
    return _evaluate_node(ast.parse(text.strip(), mode="eval").body, text.strip(), values)


def names_in(text: str) -> set[str]:
    """Return the parameters in a rational expression."""
    return {node.id for node in ast.walk(ast.parse(text.strip(), mode="eval")) if isinstance(node, ast.Name)}


def holds(condition: str, values: Mapping[str, Any]) -> bool:
    """Return whether `condition` is true of the parameters.

    It is `PARAM is none`, `PARAM is given`, or a comparison of rational expressions, `max_value > threshold`. A
    comparison with a parameter that is none is false.
    """
    left, op, right = _CONDITION.fullmatch(condition).groups()  # type: ignore[union-attr]  # the catalogue's own text
    if op == "is":
        return (values.get(left) is None) == (right == "none")
    if any(values.get(name) is None for name in names_in(left) | names_in(right)):
        return False
    return bool(_COMPARISONS[op](evaluate_formula(left, values), evaluate_formula(right, values)))


_CONDITION = re.compile(r"(.+) (is|==|!=|<=|>=|<|>) (.+)")

_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


_OPERATIONS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def _evaluate_node(node: ast.expr, text: str, values: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant():
            return Fraction(ast.get_source_segment(text, node) or "")
        case ast.Name(id=name) if values.get(name) is not None:
            return values[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_evaluate_node(operand, text, values)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
            return _OPERATIONS[type(op)](_evaluate_node(left, text, values), _evaluate_node(right, text, values))
    raise ValueError(f"{text!r} is not a rational expression in {', '.join(values)}")
