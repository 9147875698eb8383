"""The parameters of catalogue calls inside an expression: exact values, and their derivatives by its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from actcli.core.arithmetic.dual import Dual
from actcli.core.catalogue.parameter_formulas import evaluate_formula
from actcli.core.expressions.exact_constants import exact_value
from actcli.core.expressions.formal_number import FormalNumber
from actcli.core.expressions.nodes import Binary, EntryCall, Name, Negative, Node

__all__ = ["bind_parameters"]


def bind_parameters(call: EntryCall, known: Mapping[str, Fraction], bindings: Mapping[str, object]) -> dict[str, Any]:
    """Return the keyword arguments of the activation's f, its derived arguments included.

    known     the exact values of the expression's parameters
    bindings  the values of all names: a Dual, or a series, for the parameter by which the expression is differentiated
    returns   values by name; a Dual over exact numbers, or a series, where the value depends on that parameter
    """
    entry = call.entry
    named = dict(call.params)
    values: dict[str, Any] = {}
    for param in entry.parameters:
        value = named.get(param.name)
        if isinstance(value, Node):
            values[param.name] = _parameter(value, known, bindings)
        elif param.name in named:
            values[param.name] = value
        else:
            assert param.default is not None
            values[param.name] = param.parse(param.default, entry.name)
    return values | {name: evaluate_formula(text, values) for name, text in entry.derived_arguments.items()}


def _parameter(node: Node, known: Mapping[str, Fraction], bindings: Mapping[str, object]) -> Any:
    value = exact_value(node, known)
    assert value is not None, "parameters are checked when they are bound"
    if any(name in known and isinstance(bound, FormalNumber) for name, bound in bindings.items()):
        return _evaluate(node, known, bindings)
    moving = next((name for name, bound in bindings.items() if name in known and isinstance(bound, Dual)), None)
    derivative = exact_derivative(node, known, moving) if moving is not None else 0
    return Dual(value, derivative) if derivative else value


def _evaluate(node: Node, known: Mapping[str, Fraction], bindings: Mapping[str, Any]) -> Any:
    """Return a node that is exact, with the parameter by which a series is made as that series."""
    match node:
        case Name(name=name):
            return bindings[name]
        case Negative(operand=operand):
            return -_evaluate(operand, known, bindings)
        case Binary(operator="**", left=left, right=right):
            exponent = exact_value(right, known)
            assert exponent is not None
            return _evaluate(left, known, bindings) ** int(exponent)
        case Binary(operator=op, left=left, right=right):
            a, b = _evaluate(left, known, bindings), _evaluate(right, known, bindings)
            return a + b if op == "+" else a - b if op == "-" else a * b if op == "*" else a / b
    return exact_value(node, known)


def exact_derivative(node: Node, known: Mapping[str, Fraction], by: str) -> Fraction:
    """Return the derivative of an exact node with respect to the parameter called `by`."""
    match node:
        case Name(name=name):
            return Fraction(name == by)
        case Negative(operand=operand):
            return -exact_derivative(operand, known, by)
        case Binary(operator=op, left=left, right=right):
            a, b = exact_value(left, known), exact_value(right, known)
            da, db = exact_derivative(left, known, by), exact_derivative(right, known, by)
            if a is None or b is None:
                raise TypeError(node)
            if op == "*":
                return da * b + a * db
            if op == "/":
                return (da - a / b * db) / b
            if op == "**":
                return b * a ** int(b - 1) * da if da else Fraction(0)
            return da + db if op == "+" else da - db
    return Fraction(0)
