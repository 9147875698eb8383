"""The formula of an expression: its tree with the values of its parameters, evaluated by the interpreters."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from actcli.core.arithmetic.dual import Dual, DualArithmetic, value_of
from actcli.core.arithmetic.signals import Undecided
from actcli.core.expressions.interpreter import Interpreter
from actcli.core.expressions.interpreter_base import derivative_of

if TYPE_CHECKING:
    from actcli.core.expressions.nodes import Node

__all__ = ["Formula"]

_DECISIVE_DIGITS = 640
"""One-sided derivatives that agree to this many digits are taken as equal."""


class Formula:
    """f of an expression, with exact numbers as parameters.

    tree   the expression
    known  the values of its parameters
    """

    def __init__(self, tree: Node, known: Mapping[str, Fraction]) -> None:
        self.tree = tree
        self.known = known

    def __call__(self, m: Any, x: Any, **moving: Any) -> Any:
        """Return f(x) in the arithmetic m, or over dual numbers; `moving` are parameters with a derivative."""
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
            return _common_derivative(left, right, result, base.digits)
        return result

    def names(self, x: Any, moving: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of the names in the expression, for one number x."""
        moved = {name: Dual(self.known[name], dual.derivative) for name, dual in moving.items()}
        return {**self.known, "x": x, **moved}

    def _of_arrays(self, m: Any, x: Any, moving: Mapping[str, Any]) -> Any:
        import numpy as np

        from actcli.core.expressions.array_interpreter import ArrayInterpreter, Masks, evaluate_tree

        moved = {name: Dual(m.number(self.known[name]), dual.derivative) for name, dual in moving.items()}
        names: dict[str, Any] = {**self.known, "x": x, **moved}
        size = np.size(value_of(x).value)
        return evaluate_tree(ArrayInterpreter(m, names, self.known, Masks(size), np.arange(size)), self.tree)


def _common_derivative(left: Any, right: Any, given: Dual[Any], digits: int) -> Dual[Any]:
    """Return `given`, found at a kink of a part, with the derivative of the whole if both sides agree on it."""
    try:
        if any(part(left) != part(right) for part in (value_of, derivative_of)):
            return given
    except Undecided:
        if digits < _DECISIVE_DIGITS:
            raise
    return Dual(given.value, derivative_of(left), given.side)
