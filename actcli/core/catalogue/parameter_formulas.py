"""Rational expressions in parameters, `(1 - offset) / slope`, for kinks, ranges and derived arguments."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

__all__ = ["evaluate_formula", "names_in"]


def evaluate_formula(text: str, values: Mapping[str, Any]) -> Any:
    """Evaluate a rational expression in parameters, `(1 - offset) / slope`; the result is exact for exact values.

    Raises ValueError for any other expression, and for a parameter that has no value.
    """
    return _evaluate_node(ast.parse(text.strip(), mode="eval").body, text.strip(), values)


def names_in(text: str) -> set[str]:
    """Return the parameters in a rational expression."""
    return {node.id for node in ast.walk(ast.parse(text.strip(), mode="eval")) if isinstance(node, ast.Name)}


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
