"""The words of an expression: numbers, names and signs, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from actcli.core.expressions import hints
from actcli.errors import ExpressionError
from actcli.text import escape

__all__ = ["MAX_EXPRESSION_CHARS", "Token", "tokenize"]

MAX_EXPRESSION_CHARS = 1000
"""The most characters of an expression."""

_WORD = re.compile(
    r"(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign>\*\*|<=|>=|==|!=|[-+*/(),<>=])"
    r"|(?P<space>[ \t]+)",
    re.ASCII,
)


class Token(NamedTuple):
    """kind: number, name, sign or end; text: as written; at: its place."""

    kind: str
    text: str
    at: int


def tokenize(text: str) -> Iterator[Token]:
    """The words of `text`, and an end; ExpressionError where there is none."""
    if len(text) > MAX_EXPRESSION_CHARS:
        raise ExpressionError(
            f"an expression has at most {MAX_EXPRESSION_CHARS} characters, not {len(text)}", text, MAX_EXPRESSION_CHARS
        )
    at, before = 0, ""
    while at < len(text):
        found = _WORD.match(text, at)
        if found is None:
            said = hints.module(before, text, at) if text[at] == "." else hints.SIGNS.get(text[at])
            raise ExpressionError(said or f"'{escape(text[at])}' has no meaning in an expression", text, at)
        kind = str(found.lastgroup)
        if kind == "number" and (text[found.end() : found.end() + 1].isalnum() or text[found.end() :][:1] == "_"):
            said, place = _overlong(text, at, found.end())
            raise ExpressionError(said, text, place)
        if kind != "space":
            yield Token(kind, found[0], at)
        at, before = found.end(), found[0] if kind == "name" else ""
    yield Token("end", "", len(text))


def _overlong(text: str, at: int, end: int) -> tuple[str, int]:
    """What is wrong with a number that goes on with a letter, and where."""
    if text[end] in hints.SIGNS:
        return hints.SIGNS[text[end]], end
    return hints.number(text, at) or ("a number ends here: is a * missing?", end)
