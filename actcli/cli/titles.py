"""Titles: how pages and tables for people name functions. A formula, which headers call f, has its own text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation

__all__ = ["heading", "title"]

MAX_FORMULA_CHARS = 32
"""How much of a formula a title shows, unless the caller can show more."""

_SUFFIX = re.compile(r"(?P<grad>_grad(?P<order>[23]?))?(?:_(?P<word>\w+))?")
"""What follows the label in a header: `_grad_left`, `_grad_alpha`, `_code`."""


def title(bound: BoundActivation, order: int = 0, max_chars: int = MAX_FORMULA_CHARS) -> str:
    """Return the name of f, of f' for order 1 and so on; a formula is shortened, and in parentheses if primed."""
    if not bound.activation.is_expression:
        return bound.label + "'" * order
    text = bound.title
    if len(text) > max_chars:
        # The end is kept too: it has the parameters, which may be all that distinguishes two formulas.
        end = (max_chars - 3) // 3
        text = f"{text[: max_chars - 3 - end]}...{text[len(text) - end :]}"
    return "(" * bool(order) + text + ")" * bool(order) + "'" * order


def heading(header: str, bound: BoundActivation) -> str:
    """Return the heading, in a table for people, of the column whose header without `(x)` is `header`."""
    suffix = _SUFFIX.fullmatch(header.removeprefix(bound.label))
    if not bound.activation.is_expression or suffix is None:
        return f"{header}(x)"
    name = title(bound, int(suffix["order"] or 1) if suffix["grad"] else 0)
    word = suffix["word"]
    return name if word is None else f"{name} {word}" if word in ("left", "right", "code") else f"{name} by {word}"
