"""Activations from expressions: the same record as an entry of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from actcli.core.arithmetic.dual import Dual, DualArithmetic, value_of
from actcli.core.arithmetic.signals import Undecided
from actcli.core.catalogue.activation import Activation, Parameter, Properties
from actcli.core.expressions.derivative import derivative
from actcli.core.expressions.entry_parameters import bind_parameters
from actcli.core.expressions.exact_constants import exact_value
from actcli.core.expressions.interpreter import Interpreter, derivative_of
from actcli.core.expressions.kinks import find_kinks, has_unlisted_kinks
from actcli.core.expressions.nodes import EntryCall, Node, free_names, unparse, walk
from actcli.core.expressions.parser import parse
from actcli.errors import ExpressionError, ParameterError

__all__ = ["Formula", "parse_activation", "with_parameters"]

_EQUALITY_DIGITS = 640
"""Decimal digits at which an undecided comparison of two one-sided derivatives counts as equality."""

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
    tree = activation.f.tree  # type: ignore[attr-defined]  # f is a Formula
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
    except ParameterError as fault:
        raise ExpressionError(str(fault), text, value.at) from None


def _activation(
    text: str, tree: Node, params: tuple[Parameter, ...], known: Mapping[str, Fraction], complete: bool
) -> Activation:
    f = Formula(tree, known)
    return ExpressionActivation(
        name=text,
        formula="",
        derivative="",
        f=f,
        kinks=find_kinks(tree, known, f) if complete else (),
        has_unlisted_kinks=complete and has_unlisted_kinks(tree, known),
        properties=Properties(range=None, monotone=None, odd=None, saturates=None),
        paper="",
        parameters=params,
        is_expression=True,
    )


class ExpressionActivation(Activation):
    """An activation from an expression; the texts of its formula and derivative are made on demand."""

    __slots__ = ()

    @property
    def formula(self) -> str:
        """The canonical text of the expression."""
        return unparse(self.f.tree)  # type: ignore[attr-defined]  # f is a Formula

    @property
    def derivative(self) -> str:
        """The text of the derivative with respect to x."""
        return unparse(derivative(self.f.tree))  # type: ignore[attr-defined]  # f is a Formula


class Formula:
    """The function f(m, x, **moving) of an expression, as catalogue entries have one.

    tree    the expression
    known   the exact values of its parameters
    moving  dual numbers for parameters by which f is differentiated
    """

    def __init__(self, tree: Node, known: Mapping[str, Fraction]) -> None:
        self.tree = tree
        self.known = known

    def __call__(self, m: Any, x: Any, **moving: Any) -> Any:
        base = m.base if isinstance(m, DualArithmetic) else m
        if hasattr(value_of(x), "take"):
            return self._of_arrays(base, x, moving)
        names = self.names(x, moving)
        run = Interpreter(base, names, self.known)
        result = run.evaluate(self.tree)
        if run.has_tie and isinstance(result, Dual):
            left, right = (
                Interpreter(base, names | {"x": Dual(x.value, x.derivative, side)}, self.known).evaluate(self.tree)
                for side in (-1, 1)
            )
            return _joint(left, right, result, base.digits)
        return result

    def names(self, x: Any, moving: Mapping[str, Any]) -> dict[str, Any]:
        """Return the value of each name, for the evaluation at one number."""
        moved = {name: Dual(self.known[name], dual.derivative) for name, dual in moving.items()}
        return {**self.known, "x": x, **moved}

    def _of_arrays(self, m: Any, x: Any, moving: Mapping[str, Any]) -> Any:
        import numpy as np

        from actcli.core.expressions.array_interpreter import ArrayInterpreter, Masks, evaluate_tree

        moved = {name: Dual(m.number(self.known[name]), dual.derivative) for name, dual in moving.items()}
        names: dict[str, Any] = {**self.known, "x": x, **moved}
        size = np.size(value_of(x).value)
        return evaluate_tree(ArrayInterpreter(m, names, self.known, Masks(size), np.arange(size)), self.tree)


def _joint(left: Any, right: Any, given: Dual, digits: int) -> Dual:
    """Return `given` with the common one-sided derivative, if the whole is smooth where a part has a kink."""
    try:
        if any(part(left) != part(right) for part in (value_of, derivative_of)):
            return given
    except Undecided:
        if digits < _EQUALITY_DIGITS:
            raise
    return Dual(given.value, derivative_of(left), given.side)
