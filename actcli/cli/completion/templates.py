"""Templates of completion scripts, and the wrapping of words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from pathlib import Path

__all__ = ["fill_template", "wrap_words"]

_WIDTH = 118


def fill_template(name: str, **parts: str) -> str:
    """Return a template of this package with each `@NAME@` replaced by the part of that name."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    for part, lines in parts.items():
        text = text.replace(f"@{part}@", lines)
    return text


def wrap_words(text: Iterable[str], indent: int) -> str:
    """Return words separated by blanks, wrapped to lines of at most 118 characters."""
    space = " " * indent
    return textwrap.fill(
        " ".join(text), _WIDTH, initial_indent=space, subsequent_indent=space,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
