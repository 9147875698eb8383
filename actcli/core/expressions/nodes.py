"""The syntax tree of an expression: its nodes, traversal, and the canonical text (unparse)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from actcli.core.arithmetic.ball import decimal_places
from actcli.core.catalogue.activation import Activation

__all__ = [
    "Binary", "Call", "Compare", "Constant", "EntryCall", "Logic", "Name", "Negative", "Node", "Not", "ParameterValue",
    "Where", "children", "free_names", "unparse", "walk",
]  # fmt: skip


@dataclass(frozen=True)
class Node:
    """A node of the tree; `at` is the offset in the text, which comparisons of nodes ignore."""

    at: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True)
class Constant(Node):
    """An exact number."""

    value: Fraction


@dataclass(frozen=True)
class Name(Node):
    """A name: x, pi, e, or a parameter."""

    name: str


@dataclass(frozen=True)
class Negative(Node):
    """A negation: -operand."""

    operand: Node


@dataclass(frozen=True)
class Binary(Node):
    """An arithmetic operation; operator: + - * / or **."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Call(Node):
    """A call of a function of the language: exp(x), max(x, 0)."""

    name: str
    args: tuple[Node, ...]


ParameterValue: TypeAlias = Node | Fraction | str | bool | None
"""The value of a parameter of a catalogue call: for a number an expression without x, else the parsed value."""


@dataclass(frozen=True)
class EntryCall(Node):
    """A call of an activation of the catalogue; `name` is the canonical name or the spelling of a function.

    params  pairs (name, value) of the parameters that the call names
    """

    name: str
    entry: Activation = field(compare=False)
    arg: Node
    params: tuple[tuple[str, ParameterValue], ...] = ()


@dataclass(frozen=True)
class Compare(Node):
    """A comparison, which is a condition; operator: < <= > >= == or !=."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Logic(Node):
    """A conjunction or disjunction of conditions; operator: and, or."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Not(Node):
    """The negation of a condition."""

    operand: Node


@dataclass(frozen=True)
class Where(Node):
    """A conditional: where(condition, then, otherwise)."""

    condition: Node
    then: Node
    otherwise: Node


def children(node: Node) -> tuple[Node, ...]:
    """Return the direct children of a node."""
    match node:
        case Negative(operand=operand) | Not(operand=operand):
            return (operand,)
        case Binary(left=left, right=right) | Compare(left=left, right=right) | Logic(left=left, right=right):
            return left, right
        case Call(args=args):
            return args
        case EntryCall(arg=arg, params=params):
            return (arg, *(value for _, value in params if isinstance(value, Node)))
        case Where(condition=condition, then=then, otherwise=otherwise):
            return condition, then, otherwise
    return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield the node and all its descendants in pre-order, from left to right."""
    yield node
    for child in children(node):
        yield from walk(child)


def free_names(node: Node) -> dict[str, Name]:
    """Return the names in the tree, x, pi and e included, each with its first occurrence."""
    names: dict[str, Name] = {}
    for part in walk(node):
        if isinstance(part, Name):
            names.setdefault(part.name, part)
    return names


# --- unparsing -------------------------------------------------------------------------------------------------------

_CONDITIONAL, _OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(10)
"""Precedence levels, from the loosest."""

_LEVELS = {"or": _OR, "and": _AND, "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "**": _POWER}

_MAX_PLAIN_DIGITS = 15
"""Numbers with more digits, or decimal places, are written with an exponent where that is shorter."""


def unparse(node: Node) -> str:
    """Return the canonical text, which parses to an equal tree."""
    return _unparse(node)[0]


def _unparse(node: Node) -> tuple[str, int]:
    """Return the text and its precedence level."""
    match node:
        case Constant(value=value):
            return _unparse_number(value)
        case Name(name=name):
            return name, _ATOM
        case Negative(operand=operand):
            return f"-{_parenthesize(operand, _SIGN)}", _SIGN
        case Binary(operator="**", left=left, right=right):
            return f"{_parenthesize(left, _ATOM)}**{_parenthesize(right, _SIGN)}", _POWER
        case Binary(operator=op, left=left, right=right) | Logic(operator=op, left=left, right=right):
            level = _LEVELS[op]
            return f"{_parenthesize(left, level)} {op} {_parenthesize(right, level + 1)}", level
        case Compare(operator=op, left=left, right=right):
            return f"{_parenthesize(left, _SUM)} {op} {_parenthesize(right, _SUM)}", _COMPARE
        case Not(operand=operand):
            return f"not {_parenthesize(operand, _NOT)}", _NOT
        case Where(condition=condition, then=then, otherwise=otherwise):
            return _unparse_call("where", [condition, then, otherwise]), _ATOM
        case Call(name=name, args=args):
            return _unparse_call(name, list(args)), _ATOM
        case EntryCall(name=name, arg=arg, params=params):
            named = [f"{param}={_unparse_parameter(value)}" for param, value in params]
            return f"{name}({', '.join([_parenthesize(arg, _CONDITIONAL), *named])})", _ATOM
    raise TypeError(node)


def _unparse_call(name: str, args: list[Node]) -> str:
    return f"{name}({', '.join(_parenthesize(arg, _CONDITIONAL) for arg in args)})"


def _parenthesize(node: Node, level: int) -> str:
    """Return the text of `node`, in parentheses if its level is below `level`."""
    text, own_level = _unparse(node)
    return text if own_level >= level else f"({text})"


def _unparse_parameter(value: ParameterValue) -> str:
    return _parenthesize(value, _CONDITIONAL) if isinstance(value, Node) else str(value).lower()


def _unparse_number(value: Fraction) -> tuple[str, int]:
    """Return the decimal digits of a number if they terminate, else a fraction; and the level of the text."""
    sign, size = "-" * (value < 0), abs(value)
    level = _SIGN if value < 0 else _ATOM
    if size.denominator == 1:
        text = str(size.numerator)
        zeros = len(text) - len(text.rstrip("0"))
        is_plain = len(text) <= _MAX_PLAIN_DIGITS or not zeros
        return sign + (text if is_plain else f"{text.rstrip('0')}e{zeros}"), level
    places = decimal_places(size.denominator)
    if places is None:
        return f"{sign}{size.numerator}/{size.denominator}", _PRODUCT
    digits = str(size.numerator * 10**places // size.denominator).rjust(places + 1, "0")
    if places > _MAX_PLAIN_DIGITS and len(digits.lstrip("0")) < places - 4:
        return f"{sign}{digits.lstrip('0')}e-{places}", level
    return f"{sign}{digits[:-places]}.{digits[-places:]}", level
