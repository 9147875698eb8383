"""The words of an expression: numbers, names and signs, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from actcli.core.expression.faults import ExpressionError, visible

__all__ = ["LONGEST", "Token", "tokens"]

LONGEST = 1000
"""The most characters of an expression."""

_WORD = re.compile(
    r"(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign>\*\*|<=|>=|==|!=|[-+*/(),<>=])"
    r"|(?P<space>[ \t]+)",
    re.ASCII,
)
_INSTEAD = {
    "^": "for powers use **, not ^",
    "&": "write and, not &",
    "|": "write or, not |; the size of a number is abs(x)",
    "!": "write not, not !",
    "~": "write not, not ~",
    "[": "parentheses are round: ( )",
    "{": "parentheses are round: ( )",
    ":": "a parameter's value stands behind the expression: EXPRESSION:NAME=VALUE",
    "\u2212": "this minus sign is no hyphen: write -",
    "\u00d7": "write *",
    "\u00b7": "write *",
}


class Token(NamedTuple):
    """kind: number, name, sign or end; text: as written; at: its place."""

    kind: str
    text: str
    at: int


def tokens(text: str) -> Iterator[Token]:
    """The words of `text`, and an end; ExpressionError where there is none."""
    if len(text) > LONGEST:
        raise ExpressionError(f"an expression has at most {LONGEST} characters, not {len(text)}", text, LONGEST)
    at = 0
    while at < len(text):
        found = _WORD.match(text, at)
        if found is None:
            sign = text[at]
            raise ExpressionError(_INSTEAD.get(sign, f"'{visible(sign)}' has no meaning in an expression"), text, at)
        kind = str(found.lastgroup)
        if kind == "number" and (text[found.end() : found.end() + 1].isalnum() or text[found.end() :][:1] == "_"):
            raise ExpressionError("a number ends here: is a * missing?", text, found.end())
        if kind != "space":
            yield Token(kind, found[0], at)
        at = found.end()
    yield Token("end", "", len(text))
