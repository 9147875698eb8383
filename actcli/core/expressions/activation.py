"""An activation from an expression: the same record as an entry of the catalogue has."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from actcli.core.catalogue.activation import Activation, Parameter, Properties
from actcli.core.expressions.derivative import derivative
from actcli.core.expressions.exact_constants import exact
from actcli.core.expressions.formula import Formula
from actcli.core.expressions.function import ExpressionFunction
from actcli.core.expressions.interpreter import parameters
from actcli.core.expressions.kinks import hides, kinks
from actcli.core.expressions.nodes import Entry, Node, free_names, unparse, walk
from actcli.core.expressions.parser import parse
from actcli.errors import ExpressionError, ParameterError

__all__ = ["CONSTANTS", "parse_activation", "with_parameters"]

CONSTANTS = ("x", "pi", "e")


def parse_activation(text: str) -> Activation:
    """The activation that `text` describes, whose parameters have no values yet; ExpressionError."""
    tree = parse(text)
    names = [name for name in free_names(tree) if name not in CONSTANTS]
    params = tuple(Parameter(name=name, default=None, description="as typed") for name in names)
    return _activation(text, tree, params, {}, complete=False)


def with_parameters(activation: Activation, values: Mapping[str, Any]) -> Activation:
    """The same activation with the values of its parameters in it; ParameterError if one of them is not valid."""
    known = {name: value for name, value in values.items() if isinstance(value, Fraction)}
    tree = activation.f.formula.tree  # type: ignore[attr-defined]  # f is an ExpressionFunction
    complete = len(known) == len(activation.parameters)
    if complete:
        _check(activation.name, tree, known)
    return _activation(activation.name, tree, activation.parameters, known, complete)


def _check(text: str, tree: Node, known: Mapping[str, Fraction]) -> None:
    """That the parameters of the activations within are exact numbers, and valid."""
    for node in walk(tree):
        if isinstance(node, Entry):
            for name, value in node.params:
                if isinstance(value, Node):
                    _check_number(text, node.entry, name, value, known)
            values = parameters(node, known, {})
            for lower, upper in node.entry.ordered_parameters:
                low, high = values.get(lower), values.get(upper)
                if isinstance(low, Fraction) and isinstance(high, Fraction) and low > high:
                    raise ExpressionError(f"{node.entry.name}: {lower} must be at most {upper}", text, node.at)


def _check_number(text: str, entry: Activation, name: str, value: Node, known: Mapping[str, Fraction]) -> None:
    number = exact(value, known)
    if number is None:
        message = f"{entry.name}: {name} is an exact number: digits, + - * / and whole powers"
        raise ExpressionError(message, text, value.at)
    try:
        entry.find_parameter(name).check(number, entry.name, unparse(value))
    except ParameterError as fault:
        raise ExpressionError(str(fault), text, value.at) from None


def _activation(
    text: str, tree: Node, params: tuple[Parameter, ...], known: Mapping[str, Fraction], complete: bool
) -> Activation:
    formula = Formula(tree, known)
    return ExpressionActivation(
        name=text,
        formula="",
        derivative="",
        f=ExpressionFunction(formula),
        kinks=kinks(tree, known, formula) if complete else (),
        has_unlisted_kinks=complete and hides(tree, known),
        properties=Properties(range=None, monotone=None, odd=None, saturates=None),
        paper="",
        parameters=params,
    )


class ExpressionActivation(Activation):
    """An activation from an expression, whose texts are written when somebody asks for them."""

    __slots__ = ()

    is_expression = True

    @property
    def formula(self) -> str:
        """The expression in its own words."""
        return unparse(self.f.formula.tree)  # type: ignore[attr-defined]  # f is an ExpressionFunction

    @property
    def derivative(self) -> str:
        """The derivative by x, as an expression."""
        return unparse(derivative(self.f.formula.tree))  # type: ignore[attr-defined]  # f is an ExpressionFunction
