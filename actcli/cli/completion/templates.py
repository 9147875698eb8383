"""What the writers of scripts share: the code of a shell, and words in lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from pathlib import Path

__all__ = ["filled", "wrapped"]

_WIDTH = 118


def filled(name: str, **parts: str) -> str:
    """The code of a shell, with these parts in their places: lines of their own, `@NAME@`."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    for part, lines in parts.items():
        text = text.replace(f"@{part}@", lines)
    return text


def wrapped(text: Iterable[str], indent: int) -> str:
    """Words in lines of a page's width."""
    space = " " * indent
    return textwrap.fill(
        " ".join(text), _WIDTH, initial_indent=space, subsequent_indent=space,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
