"""Tables and text wrapped by rich, whose import takes longer than most runs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import StringIO
from typing import NamedTuple

from rich.box import Box
from rich.console import Console
from rich.table import Table
from rich.text import Text

__all__ = ["RichColumn", "draw_table", "wrap_text"]

_LONG_WORD = re.compile(r"\S{17,}")
"""A word longer than a column of wrapped text may be."""
_BREAK_HINT = "\x1f"
"""A zero-width break opportunity for rich. No cell contains it, since control characters are escaped."""


class RichColumn(NamedTuple):
    """A column: header lines, as many as in every other column, cells, and how it may be wrapped."""

    head: Sequence[str]
    cells: Sequence[str]
    number: bool
    min_width: int


def draw_table(columns: Sequence[RichColumn], rule: str, gap: int, width: int) -> list[str]:
    """Return the table in lines of at most `width` columns, with `gap` columns between two columns of the table."""
    blank = "    \n"
    box = Box(blank * 2 + f" {rule * 2} \n" + blank * 5, ascii=rule.isascii())
    drawing = Table(box=box, show_edge=False, pad_edge=False, padding=(0, gap - 1, 0, 0))
    for column in columns:
        drawing.add_column(
            Text("\n".join(column.head)), no_wrap=column.number, overflow="fold", min_width=column.min_width
        )
    for row in zip(*(column.cells for column in columns), strict=True):
        drawing.add_row(*map(Text, map(_with_break_hints, row)))
    return _render(drawing, width)


def wrap_text(text: str, width: int) -> list[str]:
    """Return `text` in lines of at most `width` columns, broken between words if possible."""
    return _render(Text(_with_break_hints(text), overflow="fold"), width)


def _with_break_hints(text: str) -> str:
    """Return `text` with break hints in long words: after `.` and `:`, and after `_` in parts that are still long."""

    def break_after(marks: str, part: str) -> str:
        return _LONG_WORD.sub(lambda word: re.sub(rf"(?<=\w[{marks}])(?=[A-Za-z])", _BREAK_HINT, word.group()), part)

    return _BREAK_HINT.join(break_after("_", part) for part in break_after(".:", text).split(_BREAK_HINT))


def _render(renderable: object, width: int) -> list[str]:
    """Return the lines that rich renders, without colour and independent of the environment."""
    stream = StringIO()
    console = Console(
        file=stream,
        width=width,
        color_system=None,
        force_terminal=False,
        force_jupyter=False,
        legacy_windows=False,
        safe_box=False,
        _environ={},
    )
    console.print(renderable)
    return [line.replace(_BREAK_HINT, "").rstrip() for line in stream.getvalue().removesuffix("\n").split("\n")]
