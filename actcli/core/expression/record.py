"""An activation from an expression: the same record as an entry of the catalogue has."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from actcli.core.arithmetic.dual import Dual, DualArithmetic, value_of
from actcli.core.arithmetic.exact_ball import Undecided
from actcli.core.expression.constants import exact
from actcli.core.expression.evaluate import Scalars, parameters, slope_of
from actcli.core.expression.faults import ExpressionError
from actcli.core.expression.kinks import hides, kinks
from actcli.core.expression.parser import parse
from actcli.core.expression.slopes import slope
from actcli.core.expression.tree import Entry, Node, free, walk, written
from actcli.core.record import Activation, Facts, Param, ParameterError

__all__ = ["Formula", "bound", "open_activation"]

_ENOUGH = 640
"""With as many digits what is not told apart is the same."""

CONSTANTS = ("x", "pi", "e")


def open_activation(text: str) -> Activation:
    """The activation that `text` describes, whose parameters have no values yet; ExpressionError."""
    tree = parse(text)
    names = [name for name in free(tree) if name not in CONSTANTS]
    params = tuple(Param(name=name, default=None, meaning="as typed") for name in names)
    return _activation(text, tree, params, {}, complete=False)


def bound(activation: Activation, values: Mapping[str, Any]) -> Activation:
    """The same activation with the values of its parameters in it; ParameterError if one of them is not valid."""
    known = {name: value for name, value in values.items() if isinstance(value, Fraction)}
    tree = activation.f.tree  # type: ignore[attr-defined]  # f is a Formula
    complete = len(known) == len(activation.params)
    if complete:
        _check(activation.name, tree, known)
    return _activation(activation.name, tree, activation.params, known, complete)


def _check(text: str, tree: Node, known: Mapping[str, Fraction]) -> None:
    """That the parameters of the activations within are exact numbers, and valid."""
    for node in walk(tree):
        if isinstance(node, Entry):
            for name, value in node.params:
                if isinstance(value, Node):
                    _check_number(text, node.entry, name, value, known)
            values = parameters(node, known, {})
            for lower, upper in node.entry.ordered:
                low, high = values.get(lower), values.get(upper)
                if isinstance(low, Fraction) and isinstance(high, Fraction) and low > high:
                    raise ExpressionError(f"{node.entry.name}: {lower} must be at most {upper}", text, node.at)


def _check_number(text: str, entry: Activation, name: str, value: Node, known: Mapping[str, Fraction]) -> None:
    number = exact(value, known)
    if number is None:
        message = f"{entry.name}: {name} is an exact number: digits, + - * / and whole powers"
        raise ExpressionError(message, text, value.at)
    try:
        entry.param(name).check(number, entry.name, written(value))
    except ParameterError as fault:
        raise ExpressionError(str(fault), text, value.at) from None


def _activation(
    text: str, tree: Node, params: tuple[Param, ...], known: Mapping[str, Fraction], complete: bool
) -> Activation:
    f = Formula(tree, known)
    return Typed(
        name=text,
        formula="",
        derivative="",
        f=f,
        kinks=kinks(tree, known, f) if complete else (),
        hides=complete and hides(tree, known),
        facts=Facts(range=None, monotone=None, odd=None, saturates=None),
        paper="",
        params=params,
        typed=True,
    )


class Typed(Activation):
    """An activation from an expression, whose texts are written when somebody asks for them."""

    __slots__ = ()

    @property
    def formula(self) -> str:
        """The expression in its own words."""
        return written(self.f.tree)  # type: ignore[attr-defined]  # f is a Formula

    @property
    def derivative(self) -> str:
        """The derivative by x, as an expression."""
        return written(slope(self.f.tree))  # type: ignore[attr-defined]  # f is a Formula


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
        run = Scalars(base, names, self.known)
        result = run.value(self.tree)
        if run.tied and isinstance(result, Dual):
            left, right = (
                Scalars(base, names | {"x": Dual(x.value, x.slope, side)}, self.known).value(self.tree)
                for side in (-1, 1)
            )
            return _joint(left, right, result, base.digits)
        return result

    def names(self, x: Any, moving: Mapping[str, Any]) -> dict[str, Any]:
        """What the names stand for, one number at a time."""
        moved = {name: Dual(self.known[name], dual.slope) for name, dual in moving.items()}
        return {**self.known, "x": x, **moved}

    def _of_arrays(self, m: Any, x: Any, moving: Mapping[str, Any]) -> Any:
        import numpy as np

        from actcli.core.expression.arrays import Arrays, Marks, read

        moved = {name: Dual(m.number(self.known[name]), dual.slope) for name, dual in moving.items()}
        names: dict[str, Any] = {**self.known, "x": x, **moved}
        size = np.size(value_of(x).value)
        return read(Arrays(m, names, self.known, Marks(size), np.arange(size)), self.tree)


def _joint(left: Any, right: Any, given: Dual, digits: int) -> Dual:
    """`given`, at the kink of a part, with the slope that the whole has on both sides if there is one."""
    try:
        if any(part(left) != part(right) for part in (value_of, slope_of)):
            return given
    except Undecided:
        if digits < _ENOUGH:
            raise
    return Dual(given.value, slope_of(left), given.side)
