"""The formula of an expression: its tree with the values of its parameters, evaluated by the interpreters."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from actcli.core.arithmetic.dual import Dual, DualArithmetic, value_of
from actcli.core.arithmetic.jet import Jet, JetArithmetic
from actcli.core.arithmetic.signals import OutsideDomain, Undecided
from actcli.core.evaluation.one_sided import InfiniteDerivativeError
from actcli.core.expressions.formal_arithmetic import FormalArithmetic, plain
from actcli.core.expressions.interpreter import UNDEFINED, Interpreter, TieError, evaluate_on_side
from actcli.core.expressions.interpreter_base import derivative_of
from actcli.core.expressions.series import Series

if TYPE_CHECKING:
    from actcli.core.expressions.nodes import Node

__all__ = ["Formula"]


class Formula:
    """f of an expression, with exact numbers as parameters.

    tree   the expression
    known  the values of its parameters
    """

    def __init__(self, tree: Node, known: Mapping[str, Fraction]) -> None:
        self.tree = tree
        self.known = known

    def __call__(self, m: Any, x: Any, **moving: Any) -> Any:
        """Return f(x) in the arithmetic m, or over dual numbers; `moving` are parameters with a derivative.

        On one side of an exact x (a Dual with a side) it is the limit, with the limit of the derivative. Raise
        OutsideDomain where there is none or f(x) is undefined, InfiniteDerivativeError if the derivative is infinite.
        """
        if getattr(m, "encloses", False):
            return self._of_intervals(m, x)
        base = m.base if isinstance(m, DualArithmetic | JetArithmetic) else m
        if hasattr(value_of(x), "take"):
            return self._of_arrays(base, x, moving)
        return plain(self.evaluate(FormalArithmetic(base), x, moving))

    def evaluate(self, m: FormalArithmetic, x: Any, moving: Mapping[str, Any]) -> Any:
        """Return f(x) for one number x, as a formal number or a dual number over such."""
        run = self.interpreter(m, x, moving)
        if isinstance(x, Jet):
            return self._jet(run, m, x)
        if isinstance(x, Dual) and x.side and isinstance(x.value, Fraction):
            with suppress(Undecided):
                self.interpreter(m, x.value, moving).evaluate(self.tree)  # raises OutsideDomain where f is undefined
            return self._on_side(run, "x", x.side)
        result = run.evaluate(self.tree)
        if isinstance(result, Dual) and (run.has_tie or result.derivative is UNDEFINED):
            result = self._at_tie(run, next(iter(moving), "x"), result)
        if isinstance(result, Dual) and result.derivative is UNDEFINED:
            raise OutsideDomain("no derivative")
        return result

    def interpreter(self, m: FormalArithmetic, x: Any, moving: Mapping[str, Any]) -> Interpreter:
        """Return the interpreter of the expression at one number x."""
        return Interpreter(m, self.names(m, x, moving), self.known)

    def names(self, m: FormalArithmetic, x: Any, moving: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of the names in the expression, for one number x."""
        moved = {name: Dual(self.known[name], dual.derivative) for name, dual in moving.items()}
        return {**self.known, "x": m.formal(x), **moved}

    def _on_side(self, run: Interpreter, name: str, side: int) -> Dual[Any]:
        """Return the limit of f and of its derivative by `name` on one side."""
        result = evaluate_on_side(run, self.tree, name, side)
        if not isinstance(result, Series):
            return Dual(result, Fraction(0), side)
        value, derivative = result.limit(), result.limit_of_derivative()
        if derivative is None:
            raise InfiniteDerivativeError(side * result.growth())
        return Dual(value, side * derivative, side)

    def _jet(self, run: Interpreter, m: FormalArithmetic, x: Jet[Any]) -> Any:
        """Return f with derivatives of higher orders; where parts tie, they are those that both sides have."""
        if not x.side:
            with suppress(TieError):
                return run.evaluate(self.tree)
        here = self.interpreter(m, x.value, {}).evaluate(self.tree)  # raises OutsideDomain where f is undefined
        if x.side:
            return self._jet_on_side(run, x.order, x.side)
        left, right = (self._jet_on_side(run, x.order, side) for side in (-1, 1))
        if left.value != here or any(a != b for a, b in zip(left.parts, right.parts, strict=True)):
            raise OutsideDomain("no derivative")
        return right

    def _jet_on_side(self, run: Interpreter, order: int, side: int) -> Jet[Any]:
        """Return the limits of f and its derivatives by x on one side."""
        result = evaluate_on_side(run, self.tree, "x", side, order)
        if not isinstance(result, Series):
            return Jet((result, *[Fraction(0)] * order), side)
        parts = [result.limit()]
        for k in range(1, order + 1):
            limit = result.limit_of_derivative(k)
            if limit is None:
                raise InfiniteDerivativeError(side**k * result.growth(k))
            parts.append(side**k * limit)
        return Jet(parts, side)

    def _at_tie(self, run: Interpreter, name: str, given: Dual[Any]) -> Dual[Any]:
        """Return f at a kink of a part, with the derivative of the whole if f is differentiable by `name` there."""
        try:
            left, right = (self._on_side(run, name, side) for side in (-1, 1))
        except OutsideDomain:
            return given
        if left.derivative != right.derivative:
            return given
        if _is_same(given.derivative, left.derivative) or left.value != right.value or left.value != given.value:
            return given
        return Dual(given.value, derivative_of(left), given.side)

    def _of_intervals(self, m: Any, x: Any) -> Any:
        """Return f over an array of intervals."""
        from actcli.core.evaluation.intervals import core_of
        from actcli.core.expressions.interval_interpreter import IntervalInterpreter

        return IntervalInterpreter(m, {**self.known, "x": x}, self.known, core_of(x).lo.size).evaluate(self.tree)

    def _of_arrays(self, m: Any, x: Any, moving: Mapping[str, Any]) -> Any:
        import numpy as np

        from actcli.core.expressions.array_interpreter import ArrayInterpreter, Masks, evaluate_tree

        moved = {name: Dual(m.number(self.known[name]), dual.derivative) for name, dual in moving.items()}
        names: dict[str, Any] = {**self.known, "x": x, **moved}
        size = np.size(value_of(x).value)
        return evaluate_tree(ArrayInterpreter(m, names, self.known, Masks(size), np.arange(size)), self.tree)


def _is_same(a: Any, b: Any) -> bool:
    """Return whether two numbers are equal and rational."""
    return isinstance(a, int | Fraction) and isinstance(b, int | Fraction) and a == b
