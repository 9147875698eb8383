"""The kinks of an expression at rational points: where two parts that are linear in x, a x + b, cross.

Every comparison, abs, max, min and clip, and every activation with kinks, changes its branch where two parts are equal.
Where both are linear with exact coefficients, that point is known; it is a kink if the values, or the derivatives, on
its two sides differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations
from typing import Any

from actcli.core.arithmetic.signals import OutsideDomain, Undecided
from actcli.core.catalogue.activation import Kink
from actcli.core.catalogue.parameter_formulas import evaluate_formula
from actcli.core.evaluation.one_sided import Sides
from actcli.core.expressions.entry_parameters import bind_parameters
from actcli.core.expressions.exact_constants import bit_size, exact_value
from actcli.core.expressions.nodes import (
    Binary,
    Call,
    Compare,
    Constant,
    EntryCall,
    Name,
    Negative,
    Node,
    free_names,
    unparse,
    walk,
)

__all__ = ["crossings", "find_kinks", "has_unlisted_kinks"]

MAX_KINKS = 50
"""The most crossings that are examined, each by three evaluations."""

MAX_KINK_BITS = 4096
"""The most bits of a listed point or derivative; those of a float64 have at most half as many."""

Line = tuple[Fraction, Fraction]
"""The coefficients (a, b) of a x + b."""


def find_kinks(tree: Node, known: Mapping[str, Fraction], f: Callable[..., Any]) -> tuple[Kink, ...]:
    """Return the kinks of the expression at rational points, in ascending order.

    known  the exact values of the parameters
    f      the formula of the expression
    """
    found = []
    for at in crossings(tree, known):
        try:
            sides = Sides.of(f, at)
            if sides.is_kink:
                chosen = sides.here[1]
                is_exact = isinstance(chosen, int | Fraction) and bit_size(Fraction(chosen)) <= MAX_KINK_BITS
                found.append(Kink(_digits(at), _digits(chosen) if is_exact else None, sides.is_jump))
        except (Undecided, OutsideDomain, ZeroDivisionError):
            continue
    return tuple(found)


def has_unlisted_kinks(tree: Node, known: Mapping[str, Fraction]) -> bool:
    """Return whether a branch may change where a part that is not linear in x is involved."""
    return any(line is None for pair in _branch_conditions(tree, known) for line in pair)


def _digits(value: int | Fraction) -> str:
    return unparse(Constant(Fraction(value)))


def crossings(tree: Node, known: Mapping[str, Fraction]) -> list[Fraction]:
    """Return the points where a branch changes because two lines cross, in ascending order; at most MAX_KINKS."""
    return sorted({at for at in _crossings(tree, known) if bit_size(at) <= MAX_KINK_BITS})[:MAX_KINKS]


def _crossings(tree: Node, known: Mapping[str, Fraction]) -> Iterator[Fraction]:
    """Yield the points where a branch changes because two lines cross."""
    for first, second in _branch_conditions(tree, known):
        if first is None or second is None:
            continue
        slope, intercept = first[0] - second[0], first[1] - second[1]
        if slope:
            yield -intercept / slope


def _branch_conditions(tree: Node, known: Mapping[str, Fraction]) -> Iterator[tuple[Line | None, Line | None]]:
    """Yield the pairs of parts whose equality changes a branch, each as a line or None."""
    for node in walk(tree):
        pairs: list[tuple[Node, Node | Fraction]] = []
        match node:
            case Compare(left=left, right=right):
                pairs = [(left, right)]
            case Call(name="max" | "min", args=args):
                pairs = list(combinations(args, 2))
            case Call(name="clip", args=(x, low, high)):
                pairs = [(x, low), (x, high)]
            case Call(name="abs", args=(x,)):
                pairs = [(x, Fraction(0))]
            case Call(name="floor" | "ceil" | "round" | "mod") if "x" in free_names(node):
                # Jumps at every integer are not listed.
                yield None, None
            case EntryCall(arg=x, entry=entry) if entry.kinks:
                pairs = [(x, at) for at in _entry_kinks(node, known)]
        for first, second in pairs:
            other = (Fraction(0), second) if isinstance(second, Fraction) else as_line(second, known)
            yield as_line(first, known), other


def _entry_kinks(call: EntryCall, known: Mapping[str, Fraction]) -> list[Fraction]:
    """Return the arguments at which the called activation has kinks."""
    values = {name: value for name, value in bind_parameters(call, known, {}).items() if value is not None}
    found = []
    for kink in () if call.entry.is_overridden(values) else call.entry.kinks:
        try:
            found.append(Fraction(evaluate_formula(kink.at, values)))
        except ValueError:
            # The kink depends on a parameter that is none.
            continue
    return found


def as_line(node: Node, known: Mapping[str, Fraction]) -> Line | None:
    """Return (a, b) if the node is a x + b with exact coefficients, else None."""
    if "x" not in free_names(node):
        value = exact_value(node, known)
        return None if value is None else (Fraction(0), value)
    match node:
        case Name():
            return Fraction(1), Fraction(0)
        case Negative(operand=operand):
            inner = as_line(operand, known)
            return None if inner is None else (-inner[0], -inner[1])
        case Binary(operator=op, left=left, right=right):
            first, second = as_line(left, known), as_line(right, known)
            return None if first is None or second is None else _apply_operator(op, first, second)
    return None


def _apply_operator(op: str, first: Line, second: Line) -> Line | None:
    (a, b), (c, d) = first, second
    if op == "+":
        return a + c, b + d
    if op == "-":
        return a - c, b - d
    if op == "*" and not (a and c):
        return a * d + c * b, b * d
    if op == "/" and not c and d:
        return a / d, b / d
    return None
