"""What is said of a wrong expression: one line, then the place in the text with a caret under it."""

from __future__ import annotations

from actcli.core.catalogue.activation import LocatedError

__all__ = ["ExpressionError", "visible"]

_BEFORE, _AFTER = 50, 30


class ExpressionError(LocatedError):
    """An expression that cannot be read."""

    def __init__(self, message: str, text: str, at: int) -> None:
        super().__init__(message, at, _picture(text, at))


def visible(text: str) -> str:
    """`text` with what could act on a terminal, or hide, spelled out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode("ascii") for c in text)


def _picture(text: str, at: int) -> tuple[str, str]:
    start = max(0, at - _BEFORE)
    before = "..." * (start > 0) + visible(text[start:at])
    after = visible(text[at : at + _AFTER]) + "..." * (len(text) > at + _AFTER)
    return f"  {before}{after}", f"  {' ' * len(before)}^"
