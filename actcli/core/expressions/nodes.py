"""The tree of an expression: what there is, how it is written out again, and what it depends on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from actcli.core.catalogue.activation import Activation

__all__ = [
    "Binary", "Call", "Choice", "Compare", "Constant", "Entry", "Logic", "Name", "Negative", "Node", "Not", "children",
    "free_names", "unparse",
]  # fmt: skip


@dataclass(frozen=True)
class Node:
    """Any part of an expression; `at` is its place in the text."""

    at: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True)
class Constant(Node):
    """An exact number."""

    value: Fraction


@dataclass(frozen=True)
class Name(Node):
    """x, pi, e, or a parameter."""

    name: str


@dataclass(frozen=True)
class Negative(Node):
    part: Node


@dataclass(frozen=True)
class Binary(Node):
    """sign: + - * / or **."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Call(Node):
    """A function of the language: exp(x), max(x, 0)."""

    name: str
    args: tuple[Node, ...]


@dataclass(frozen=True)
class Entry(Node):
    """An activation of the catalogue at an argument, under the `name` that it is written with.

    params  its parameters: for a number an expression without x, for all else the value
    """

    name: str
    entry: Activation = field(compare=False)
    arg: Node
    params: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Compare(Node):
    """A condition; sign: < <= > >= == or !=."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Logic(Node):
    """sign: and, or."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Not(Node):
    part: Node


@dataclass(frozen=True)
class Choice(Node):
    """where(condition, one, other)."""

    condition: Node
    one: Node
    other: Node


def children(node: Node) -> tuple[Node, ...]:
    """The parts that a node is made of."""
    match node:
        case Negative(part=part) | Not(part=part):
            return (part,)
        case Binary(left=left, right=right) | Compare(left=left, right=right) | Logic(left=left, right=right):
            return left, right
        case Call(args=args):
            return args
        case Entry(arg=arg, params=params):
            return (arg, *(value for _, value in params if isinstance(value, Node)))
        case Choice(condition=condition, one=one, other=other):
            return condition, one, other
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all its parts, from left to right."""
    yield node
    for child in children(node):
        yield from walk(child)


def free_names(node: Node) -> dict[str, Name]:
    """The names that the tree uses, x, pi and e among them, each where it stands first."""
    names: dict[str, Name] = {}
    for part in walk(node):
        if isinstance(part, Name):
            names.setdefault(part.name, part)
    return names


# --- in characters ---------------------------------------------------------------------------------------------------

_CHOICE, _OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(10)
_LEVELS = {"or": _OR, "and": _AND, "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "**": _POWER}


def unparse(node: Node) -> str:
    """The expression in plain characters, which read back to the same tree."""
    return _written(node)[0]


def _written(node: Node) -> tuple[str, int]:
    """The characters, and how closely they hold together."""
    match node:
        case Constant(value=value):
            return _number(value)
        case Name(name=name):
            return name, _ATOM
        case Negative(part=part):
            return f"-{_within(part, _SIGN)}", _SIGN
        case Binary(sign="**", left=left, right=right):
            return f"{_within(left, _ATOM)}**{_within(right, _SIGN)}", _POWER
        case Binary(sign=sign, left=left, right=right) | Logic(sign=sign, left=left, right=right):
            level = _LEVELS[sign]
            return f"{_within(left, level)} {sign} {_within(right, level + 1)}", level
        case Compare(sign=sign, left=left, right=right):
            return f"{_within(left, _SUM)} {sign} {_within(right, _SUM)}", _COMPARE
        case Not(part=part):
            return f"not {_within(part, _NOT)}", _NOT
        case Choice(condition=condition, one=one, other=other):
            return _called("where", [condition, one, other]), _ATOM
        case Call(name=name, args=args):
            return _called(name, list(args)), _ATOM
        case Entry(name=name, arg=arg, params=params):
            named = [f"{word}={_value(value)}" for word, value in params]
            return f"{name}({', '.join([_within(arg, _CHOICE), *named])})", _ATOM
    raise TypeError(node)


def _called(name: str, args: list[Node]) -> str:
    return f"{name}({', '.join(_within(arg, _CHOICE) for arg in args)})"


def _within(node: Node, level: int) -> str:
    text, own = _written(node)
    return text if own >= level else f"({text})"


def _value(value: Any) -> str:
    return _within(value, _CHOICE) if isinstance(value, Node) else str(value).lower()


def _number(value: Fraction) -> tuple[str, int]:
    """The decimal digits of a number if there are not too many, else a fraction."""
    sign, size = "-" * (value < 0), abs(value)
    level = _SIGN if value < 0 else _ATOM
    if size.denominator == 1:
        text = str(size.numerator)
        zeros = len(text) - len(text.rstrip("0"))
        return sign + (text if len(text) <= 15 or not zeros else f"{text.rstrip('0')}e{zeros}"), level
    places = _places(size.denominator)
    if places is None:
        return f"{sign}{size.numerator}/{size.denominator}", _PRODUCT
    digits = str(size.numerator * 10**places // size.denominator).rjust(places + 1, "0")
    if places > 15 and len(digits.lstrip("0")) < places - 4:
        return f"{sign}{digits.lstrip('0')}e-{places}", level
    return f"{sign}{digits[:-places]}.{digits[-places:]}", level


def _places(denominator: int) -> int | None:
    """How many decimal places end a fraction with this denominator; None if none do."""
    twos = (denominator & -denominator).bit_length() - 1
    rest, fives = denominator >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None
