"""Activations from expressions: the same record as an entry of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from actcli.core.catalogue.activation import Activation, Properties
from actcli.core.catalogue.parameters import Parameter
from actcli.core.expressions.entry_parameters import bind_parameters
from actcli.core.expressions.exact_constants import exact_value
from actcli.core.expressions.formula import Formula
from actcli.core.expressions.function import ExpressionFunction
from actcli.core.expressions.kinks import find_kinks, has_unlisted_kinks
from actcli.core.expressions.nodes import EntryCall, Node, free_names, unparse, walk
from actcli.core.expressions.parser import parse
from actcli.errors import ExpressionError, ParameterError

__all__ = ["CONSTANTS", "parse_activation", "with_parameters"]

CONSTANTS = ("x", "pi", "e")


def parse_activation(text: str) -> Activation:
    """Parse `text` into an activation whose parameters have no values yet; raise ExpressionError if it is malformed."""
    tree = parse(text)
    names = [name for name in free_names(tree) if name not in CONSTANTS]
    params = tuple(Parameter(name=name, default=None, description="as typed") for name in names)
    return _activation(text, tree, params, {}, complete=False)


def with_parameters(activation: Activation, values: Mapping[str, Any]) -> Activation:
    """Return the activation with its parameters bound; raise ParameterError if a value is invalid."""
    known = {name: value for name, value in values.items() if isinstance(value, Fraction)}
    tree = activation.f.formula.tree  # type: ignore[attr-defined]  # f is an ExpressionFunction
    complete = len(known) == len(activation.parameters)
    if complete:
        _check(activation.name, tree, known)
    return _activation(activation.name, tree, activation.parameters, known, complete)


def _check(text: str, tree: Node, known: Mapping[str, Fraction]) -> None:
    """Raise ExpressionError unless the parameters of all catalogue calls are exact and valid numbers."""
    for node in walk(tree):
        if isinstance(node, EntryCall):
            for name, value in node.params:
                if isinstance(value, Node):
                    _check_number(text, node.entry, name, value, known)
            values = bind_parameters(node, known, {})
            for lower, upper in node.entry.ordered_parameters:
                low, high = values.get(lower), values.get(upper)
                if isinstance(low, Fraction) and isinstance(high, Fraction) and low > high:
                    raise ExpressionError(f"{node.entry.name}: {lower} must be at most {upper}", text, node.at)


def _check_number(text: str, entry: Activation, name: str, value: Node, known: Mapping[str, Fraction]) -> None:
    number = exact_value(value, known)
    if number is None:
        message = f"{entry.name}: {name} must be an exact number: digits, + - * / and integer powers"
        raise ExpressionError(message, text, value.at)
    try:
        entry.find_parameter(name).check(number, entry.name, unparse(value))
    except ParameterError as error:
        raise ExpressionError(str(error), text, value.at) from None


def _activation(
    text: str, tree: Node, params: tuple[Parameter, ...], known: Mapping[str, Fraction], complete: bool
) -> Activation:
    formula = Formula(tree, known)
    return ExpressionActivation(
        name=text,
        formula="",
        derivative="",
        f=ExpressionFunction(formula),
        kinks=find_kinks(tree, known, formula) if complete else (),
        has_unlisted_kinks=complete and has_unlisted_kinks(tree, known),
        properties=Properties(range=None, monotone=None, odd=None, saturates=None),
        paper="",
        parameters=params,
    )


class ExpressionActivation(Activation):
    """An activation from an expression; the texts of its formula and derivatives are made on demand."""

    __slots__ = ()

    is_expression = True

    @property
    def formula(self) -> str:
        """The expression in its own words."""
        return unparse(self.f.formula.tree)  # type: ignore[attr-defined]  # f is an ExpressionFunction

    @property
    def derivative(self) -> str:
        """The derivative by x, as an expression."""
        from actcli.core.expressions.tie_branches import derivative_at_ties

        return unparse(derivative_at_ties(self.f.formula))  # type: ignore[attr-defined]  # f is an ExpressionFunction

    @property
    def second_derivative(self) -> str:
        """The second derivative by x, as an expression; "" if it is too long to be read."""
        from actcli.core.expressions.second_derivative import second_derivative_text

        return second_derivative_text(self.f.formula.tree)  # type: ignore[attr-defined]  # f is an ExpressionFunction
