"""The lexer: splits the text of an expression into numbers, names and signs, each with its offset."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from actcli.core.expressions import hints
from actcli.errors import ExpressionError
from actcli.text import escape

__all__ = ["MAX_EXPRESSION_CHARS", "Token", "tokenize"]

MAX_EXPRESSION_CHARS = 8000
"""The longest expression in characters, which bounds the work of the lexer and the parser."""

_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign>\*\*|<=|>=|==|!=|[-+*/(),<>=])"
    r"|(?P<space>[ \t]+)",
    re.ASCII,
)


class Token(NamedTuple):
    """A token. kind: number, name, sign or end; text: as written; at: its offset."""

    kind: str
    text: str
    at: int


def tokenize(text: str) -> Iterator[Token]:
    """Yield the tokens of `text` and a final "end"; raise ExpressionError at an unknown character or number."""
    if len(text) > MAX_EXPRESSION_CHARS:
        raise ExpressionError(
            f"a formula has at most {MAX_EXPRESSION_CHARS:,} characters, not {len(text):,}", text, MAX_EXPRESSION_CHARS
        )
    at, name_before = 0, ""
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            hint = hints.qualified_name(name_before, text, at) if text[at] == "." else hints.SIGNS.get(text[at])
            raise ExpressionError(hint or f"unexpected character '{escape(text[at])}'", text, at)
        kind = str(found.lastgroup)
        if kind == "number" and (text[found.end() : found.end() + 1].isalnum() or text[found.end() :][:1] == "_"):
            message, offset = _malformed_number(text, at, found.end())
            raise ExpressionError(message, text, offset)
        if kind != "space":
            yield Token(kind, found[0], at)
        at, name_before = found.end(), found[0] if kind == "name" else ""
    yield Token("end", "", len(text))


def _malformed_number(text: str, at: int, end: int) -> tuple[str, int]:
    """Return the message about a number directly followed by a letter, digit or underscore, and its offset."""
    if text[end] in hints.SIGNS:
        return hints.SIGNS[text[end]], end
    return hints.number(text, at) or ("an operator is missing after this number: is a * missing?", end)
