"""An activation from an expression: the same record as an entry of the catalogue has."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from actcli.core.arithmetic.dual import Dual, DualArithmetic, value_of
from actcli.core.arithmetic.signals import Undecided
from actcli.core.catalogue.activation import Activation, Parameter, Properties
from actcli.core.expressions.derivative import derivative
from actcli.core.expressions.exact_constants import exact
from actcli.core.expressions.interpreter import Interpreter, parameters, slope_of
from actcli.core.expressions.kinks import hides, kinks
from actcli.core.expressions.nodes import Entry, Node, free_names, unparse, walk
from actcli.core.expressions.parser import parse
from actcli.errors import ExpressionError, ParameterError

__all__ = ["Formula", "parse_activation", "with_parameters"]

_ENOUGH = 640
"""With as many digits what is not told apart is the same."""

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
    tree = activation.f.tree  # type: ignore[attr-defined]  # f is a Formula
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
    f = Formula(tree, known)
    return ExpressionActivation(
        name=text,
        formula="",
        derivative="",
        f=f,
        kinks=kinks(tree, known, f) if complete else (),
        has_unlisted_kinks=complete and hides(tree, known),
        properties=Properties(range=None, monotone=None, odd=None, saturates=None),
        paper="",
        parameters=params,
        is_expression=True,
    )


class ExpressionActivation(Activation):
    """An activation from an expression, whose texts are written when somebody asks for them."""

    __slots__ = ()

    @property
    def formula(self) -> str:
        """The expression in its own words."""
        return unparse(self.f.tree)  # type: ignore[attr-defined]  # f is a Formula

    @property
    def derivative(self) -> str:
        """The derivative by x, as an expression."""
        return unparse(derivative(self.f.tree))  # type: ignore[attr-defined]  # f is a Formula


class Formula:
    """The formula of an expression, as an entry has one: a function of an arithmetic, x, and what moves beside x.

    tree   the expression;  known  its parameters
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
        result = run.value(self.tree)
        if run.tied and isinstance(result, Dual):
            left, right = (
                Interpreter(base, names | {"x": Dual(x.value, x.derivative, side)}, self.known).value(self.tree)
                for side in (-1, 1)
            )
            return _joint(left, right, result, base.digits)
        return result

    def names(self, x: Any, moving: Mapping[str, Any]) -> dict[str, Any]:
        """What the names stand for, one number at a time."""
        moved = {name: Dual(self.known[name], dual.derivative) for name, dual in moving.items()}
        return {**self.known, "x": x, **moved}

    def _of_arrays(self, m: Any, x: Any, moving: Mapping[str, Any]) -> Any:
        import numpy as np

        from actcli.core.expressions.array_interpreter import ArrayInterpreter, Masks, read

        moved = {name: Dual(m.number(self.known[name]), dual.derivative) for name, dual in moving.items()}
        names: dict[str, Any] = {**self.known, "x": x, **moved}
        size = np.size(value_of(x).value)
        return read(ArrayInterpreter(m, names, self.known, Masks(size), np.arange(size)), self.tree)


def _joint(left: Any, right: Any, given: Dual[Any], digits: int) -> Dual[Any]:
    """`given`, at the kink of a part, with the slope that the whole has on both sides if there is one."""
    try:
        if any(part(left) != part(right) for part in (value_of, slope_of)):
            return given
    except Undecided:
        if digits < _ENOUGH:
            raise
    return Dual(given.value, slope_of(left), given.side)
