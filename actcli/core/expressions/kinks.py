"""The kinks of an expression, as far as they can be found: where a condition, or a piece of its own, changes at a line.

Every comparison, `abs`, `max`, `min` and `clip`, and every activation that has kinks, changes where some part of the
expression has a certain value. Where that part is a straight line a x + b with exact numbers, the place is known; it is
a kink if the slopes, or the values, on its two sides differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations
from typing import Any

from actcli.core.arithmetic.signals import OutsideDomain, Undecided
from actcli.core.catalogue.activation import Kink, evaluate_formula
from actcli.core.evaluation.one_sided import Sides
from actcli.core.expressions.exact_constants import exact, size
from actcli.core.expressions.interpreter import parameters
from actcli.core.expressions.nodes import (
    Binary,
    Call,
    Compare,
    Constant,
    Entry,
    Name,
    Negative,
    Node,
    free_names,
    unparse,
    walk,
)

__all__ = ["hides", "kinks"]

_MOST = 50
_LONGEST = 4096
"""The most bits of a place, or a slope, that is written down; the numbers of a format have half of that."""

Line = tuple[Fraction, Fraction]


def kinks(tree: Node, known: Mapping[str, Fraction], f: Callable[..., Any]) -> tuple[Kink, ...]:
    """The kinks of the expression, in ascending order, for these parameters; `f` is its formula."""
    found = []
    for at in sorted({at for at in _places(tree, known) if size(at) <= _LONGEST})[:_MOST]:
        try:
            sides = Sides.of(f, at)
            if sides.is_kink:
                given = sides.here[1]
                known_slope = isinstance(given, int | Fraction) and size(Fraction(given)) <= _LONGEST
                slope = _digits(given) if known_slope else None
                found.append(Kink(_digits(at), slope, sides.is_jump))
        except (Undecided, OutsideDomain, ZeroDivisionError):
            continue
    return tuple(found)


def _digits(value: int | Fraction) -> str:
    return unparse(Constant(Fraction(value)))


def _places(tree: Node, known: Mapping[str, Fraction]) -> Iterator[Fraction]:
    for a, b in _meetings(tree, known):
        slope, start = a[0] - b[0], a[1] - b[1]
        if slope:
            yield -start / slope


def hides(tree: Node, known: Mapping[str, Fraction]) -> bool:
    """Whether something changes where parts meet that are no lines: at places that are not found."""
    return any(line is None for pair in _pairs(tree, known) for line in pair)


def _meetings(tree: Node, known: Mapping[str, Fraction]) -> Iterator[tuple[Line, Line]]:
    """Pairs of lines that change something where they meet."""
    for one, other in _pairs(tree, known):
        if one is not None and other is not None:
            yield one, other


def _pairs(tree: Node, known: Mapping[str, Fraction]) -> Iterator[tuple[Line | None, Line | None]]:
    """Pairs of parts that change something where they meet, as lines where they are such."""
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
            case Entry(arg=x, entry=entry) if entry.kinks:
                pairs = [(x, at) for at in _kinks_of(node, known)]
        for first, second in pairs:
            other = (Fraction(0), second) if isinstance(second, Fraction) else line(second, known)
            yield line(first, known), other


def _kinks_of(node: Entry, known: Mapping[str, Fraction]) -> list[Fraction]:
    values = {name: value for name, value in parameters(node, known, {}).items() if value is not None}
    found = []
    for kink in () if node.entry.is_overridden(values) else node.entry.kinks:
        try:
            found.append(Fraction(evaluate_formula(kink.at, values)))
        except ValueError:
            # Of a parameter that is none.
            continue
    return found


def line(node: Node, known: Mapping[str, Fraction]) -> Line | None:
    """The a and b of a part that is a x + b; None if it is not."""
    if "x" not in free_names(node):
        value = exact(node, known)
        return None if value is None else (Fraction(0), value)
    match node:
        case Name():
            return Fraction(1), Fraction(0)
        case Negative(part=part):
            inner = line(part, known)
            return None if inner is None else (-inner[0], -inner[1])
        case Binary(sign=sign, left=left, right=right):
            a, b = line(left, known), line(right, known)
            return None if a is None or b is None else _operated(sign, a, b)
    return None


def _operated(sign: str, a: Line, b: Line) -> Line | None:
    if sign == "+":
        return a[0] + b[0], a[1] + b[1]
    if sign == "-":
        return a[0] - b[0], a[1] - b[1]
    if sign == "*" and not (a[0] and b[0]):
        return a[0] * b[1] + b[0] * a[1], a[1] * b[1]
    if sign == "/" and not b[0] and b[1]:
        return a[0] / b[1], a[1] / b[1]
    return None
