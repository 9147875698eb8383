"""The printed derivative at ties of parts where the whole is differentiable.

By the convention at ties the derivative is then that of the whole, which the derivative of the parts does not show:
where(x > 0, abs(x), -abs(x)) is x, but the parts have the derivative 0 at 0.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from actcli.core.arithmetic.ball_unbounded import UnboundedBallArithmetic
from actcli.core.arithmetic.dual import Dual
from actcli.core.arithmetic.signals import OutsideDomain, Undecided
from actcli.core.expressions.derivative import derivative
from actcli.core.expressions.formal_arithmetic import FormalArithmetic
from actcli.core.expressions.formula import Formula
from actcli.core.expressions.interpreter import evaluate_on_side
from actcli.core.expressions.interpreter_base import SATISFYING_SIGNS, derivative_of
from actcli.core.expressions.kinks import crossings
from actcli.core.expressions.nodes import (
    Binary,
    Call,
    Compare,
    Constant,
    EntryCall,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    Where,
)
from actcli.core.expressions.simplify import conditional, negate, simplify

__all__ = ["derivative_at_ties", "select_branches"]

_DIGITS = 40
"""Working precision in which the printed derivative is compared with the derivative of the whole."""


def derivative_at_ties(formula: Formula) -> Node:
    """Return the derivative by x of an expression, correct also at those ties where only the parts have a kink."""
    tree, result = formula.tree, derivative(formula.tree)
    points = crossings(tree, formula.known)
    for at in points:
        try:
            wanted = _derivative_at(formula, at)
            if _has_value(result, formula, at, wanted):
                continue
            left, right = (simplify(select_branches(formula, tree, at, side)) for side in (-1, 1))
            branch = derivative(right)
            if left == right and len(points) == 1 and _has_value(branch, formula, at, wanted):
                result = branch
            elif _has_value(branch, formula, at, wanted):
                result = _with_value(result, at, branch)
            elif isinstance(wanted[1], int | Fraction):
                result = _with_value(result, at, Constant(Fraction(wanted[1])))
        except (Undecided, OutsideDomain, ZeroDivisionError):
            continue
    return result


def _derivative_at(formula: Formula, at: Fraction) -> tuple[FormalArithmetic, Any]:
    """Return the derivative at a point as a formal number, and the arithmetic that it belongs to."""
    m = FormalArithmetic(UnboundedBallArithmetic(_DIGITS))
    return m, derivative_of(formula.evaluate(m, Dual(at, 1), {}))


def _has_value(node: Node, formula: Formula, at: Fraction, wanted: tuple[FormalArithmetic, Any]) -> bool:
    """Return whether a node has a value at a point, by its form; raise Undecided if that is not known."""
    m, value = wanted
    try:
        return bool(Formula(node, formula.known).evaluate(m, at, {}) == value)
    except (OutsideDomain, ZeroDivisionError):
        return False


def _with_value(node: Node, at: Fraction, branch: Node) -> Node:
    return conditional(Compare("==", Name("x"), Constant(at)), branch, node)


def select_branches(formula: Formula, node: Node, at: Fraction, side: int) -> Node:
    """Return the tree next to a point, with the branch of every where, abs, max, min and clip that counts there."""

    def sign(a: Node, b: Node | None = None) -> int:
        run = formula.interpreter(FormalArithmetic(UnboundedBallArithmetic(_DIGITS)), at, {})
        difference: Any = evaluate_on_side(run, a if b is None else Binary("-", a, b), "x", side)
        return (difference > 0) - (difference < 0)

    def holds(condition: Node) -> bool:
        match condition:
            case Not(operand=operand):
                return not holds(operand)
            case Logic(operator="and", left=left, right=right):
                return holds(left) and holds(right)
            case Logic(left=left, right=right):
                return holds(left) or holds(right)
            case Compare(operator=op, left=left, right=right):
                return sign(left, right) in SATISFYING_SIGNS[op]
        raise TypeError(condition)

    def selected(node: Node) -> Node:
        match node:
            case Where(condition=condition, then=then, otherwise=otherwise):
                return selected(then if holds(condition) else otherwise)
            case Call(name="abs", args=(x,)):
                return negate(selected(x)) if sign(x) < 0 else selected(x)
            case Call(name="max" | "min" as name, args=(first, *others)):
                for other in others:
                    if sign(other, first) == (1 if name == "max" else -1):
                        first = other
                return selected(first)
            case Call(name="clip", args=(x, low, high)):
                raised = low if sign(x, low) < 0 else x
                return selected(high if sign(raised, high) > 0 else raised)
            case Negative(operand=operand):
                return Negative(selected(operand))
            case Binary(operator=op, left=left, right=right):
                return Binary(op, selected(left), selected(right))
            case Call(name=name, args=args):
                return Call(name, tuple(map(selected, args)))
            case EntryCall(name=name, entry=entry, arg=arg, params=params):
                return EntryCall(name, entry, selected(arg), params)
        return node

    return selected(node)
