"""Columns of text and numbers as a table that fits the terminal.

A table that only needs padding is padded here: numbers do, and rich would take longer to import than all else
does. Where text has to be wrapped, rich draws the table, and it looks the same. What still does not fit is
stacked: a block of `header  value` lines for each row. Numbers are never wrapped and never shortened.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from actcli.display.numbers import aligned
from actcli.display.terminal import Terminal
from actcli.text import escape, text_width

__all__ = ["TableColumn", "table"]

_GAP = 2
_RICH_ROWS = 500  # rich takes 0.2 ms a row; beyond this a table that needs rich is stacked.
_LEAST_TEXT = 16  # The columns below which wrapped text is no longer readable.
_BREAKS = re.compile(r"(?<=[:, ])|(?=[(@])")
_LONG = re.compile(rf"\S{{{_LEAST_TEXT + 1},}}")
_SEAM = "\x1f"
"""A blank of no width: rich breaks a line there, and no cell has one, as what controls a terminal is spelled out."""


@dataclass(frozen=True)
class TableColumn:
    """One column: its header, its cells as they are to be printed, and whether they are numbers."""

    header: str
    cells: Sequence[str]
    number: bool = False


@dataclass
class _Column:
    """A column ready to print: header lines and cells escaped, numbers padded to one width."""

    head: list[str]
    cells: list[str]
    number: bool
    body_width: int

    @property
    def width(self) -> int:
        return max(self.body_width, *map(text_width, self.head))

    @property
    def least_width(self) -> int:
        return self.width if self.number else min(self.width, _LEAST_TEXT)

    def folded(self, width: int) -> _Column:
        """The column with its header on as many lines as `width` asks for, where it is one of numbers."""
        if not self.number:
            return self
        return _Column(_fold(self.head[0], max(width, self.body_width)), self.cells, True, self.body_width)


def table(columns: Sequence[TableColumn], terminal: Terminal, *, title: str | None = None) -> str:
    r"""The columns side by side under their headers, within `terminal.width`; no newline at the end.

    Numbers are aligned at the decimal point, text to the left. Where the terminal is too narrow, long headers
    are folded and text is wrapped; where that does not do, the cells of each row stand below each other.
    Control characters in any text are spelled out (`\x1b`); without Unicode, everything beyond ASCII is.
    Headers and title are bold where the terminal has colour.

    Raises ValueError if the columns differ in length.
    """
    if len({len(column.cells) for column in columns}) > 1:
        raise ValueError("the columns of a table must have as many cells as each other")
    heading = _titled(title, terminal) if title else []
    if not columns:
        return "\n".join(heading).rstrip()
    ready = [_ready(column, terminal) for column in columns]
    fitting = _fitting(ready, terminal.width)
    rows = len(columns[0].cells)
    if fitting is None or (rows > _RICH_ROWS and _total(fitting) > terminal.width):
        return "\n".join([*heading, *_stacked(ready, terminal)])
    rule = "─" if terminal.unicode else "-"
    if _total(fitting) <= terminal.width:
        lines = _padded(fitting, rule)
    else:
        lines = _drawn_by_rich(fitting, rule, terminal.width)
    return "\n".join([*heading, *_styled(lines, rule, terminal)])


def _ready(column: TableColumn, terminal: Terminal) -> _Column:
    cells = [escape(cell, unicode=terminal.unicode) for cell in column.cells]
    if column.number:
        cells = aligned(cells)
    widest = len(cells[0]) if column.number and cells else max(map(text_width, cells), default=0)
    return _Column([escape(column.header, unicode=terminal.unicode)], cells, column.number, widest)


# --- fitting ------------------------------------------------------------------------------------------------


def _fitting(columns: list[_Column], width: int) -> list[_Column] | None:
    """The columns, headers folded as far as they must be to fit with text wrapped; None if they cannot."""
    for limit in range(min(width, max(column.width for column in columns)), 0, -1):
        folded = [column.folded(limit) for column in columns]
        if sum(column.least_width for column in folded) + _GAP * (len(folded) - 1) <= width:
            return folded
    return None


def _total(columns: list[_Column]) -> int:
    return sum(column.width for column in columns) + _GAP * (len(columns) - 1)


def _fold(header: str, width: int) -> list[str]:
    """`header` in lines of at most `width` where it breaks: after `:`, `,` and blanks, before `(` and `@`."""
    lines = [""]
    for piece in _BREAKS.split(header):
        if lines[-1] and text_width(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


# --- drawing ------------------------------------------------------------------------------------------------


def _padded(columns: list[_Column], rule: str) -> list[str]:
    """Header lines, a rule, a line for each row: nothing but padding."""
    height = max(len(column.head) for column in columns)
    gap = " " * _GAP
    padded = [_justified(column, height) for column in columns]
    lines = [gap.join(row).rstrip() for row in zip(*padded, strict=True)]
    return [*lines[:height], rule * _total(columns), *lines[height:]]


def _justified(column: _Column, height: int) -> list[str]:
    """`height` header lines and the cells, padded to the column's width: numbers left, text right."""
    texts = [*[""] * (height - len(column.head)), *column.head, *column.cells]
    pads = [" " * (column.width - text_width(text)) for text in texts]
    if column.number:
        return [pad + text for pad, text in zip(pads, texts, strict=True)]
    return [text + pad for pad, text in zip(pads, texts, strict=True)]


def _drawn_by_rich(columns: list[_Column], rule: str, width: int) -> list[str]:
    """What `_padded` gives, with text wrapped so that the whole takes at most `width` columns."""
    from rich.box import Box
    from rich.table import Table
    from rich.text import Text

    blank = "    \n"
    box = Box(blank * 2 + f" {rule * 2} \n" + blank * 5, ascii=rule.isascii())
    drawing = Table(box=box, show_edge=False, pad_edge=False, padding=(0, _GAP - 1, 0, 0))
    height = max(len(column.head) for column in columns)
    bodies = []
    for column in columns:
        head, cells = column.head, column.cells
        if column.number:
            # Padded and flush left, since rich drops the blanks behind a text before it justifies it.
            lines = _justified(column, height)
            head, cells = lines[:height], lines[height:]
        drawing.add_column(
            Text("\n".join([*[""] * (height - len(head)), *head])),
            no_wrap=column.number,
            overflow="fold",
            min_width=column.least_width,
        )
        bodies.append(cells)
    for row in zip(*bodies, strict=True):
        drawing.add_row(*map(Text, map(_seamed, row)))
    return _printed(drawing, width)


def _wrapped(text: str, width: int) -> list[str]:
    """`text` on lines of at most `width` columns, broken between words where that can be."""
    if text_width(text) <= width:
        return [text.rstrip()]
    from rich.text import Text

    return _printed(Text(_seamed(text), overflow="fold"), width)


def _seamed(text: str) -> str:
    """`text` with seams in its long words: behind `.` and `:`, and behind `_` in what is long between these."""

    def behind(marks: str, part: str) -> str:
        return _LONG.sub(lambda word: re.sub(rf"(?<=\w[{marks}])(?=[A-Za-z])", _SEAM, word.group()), part)

    return _SEAM.join(behind("_", part) for part in behind(".:", text).split(_SEAM))


def _printed(renderable: object, width: int) -> list[str]:
    """The lines that rich makes of `renderable`, whatever the environment says, without colour."""
    from io import StringIO

    from rich.console import Console

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
    return [line.replace(_SEAM, "").rstrip() for line in stream.getvalue().removesuffix("\n").split("\n")]


def _styled(lines: list[str], rule: str, terminal: Terminal) -> list[str]:
    """The lines with what stands above the rule in bold and the rule dim."""
    if not terminal.color:
        return lines
    under = next(number for number, line in enumerate(lines) if line and not line.strip(rule))
    head = [_bold(line, terminal) for line in lines[:under]]
    return [*head, f"\x1b[2m{lines[under]}\x1b[0m", *lines[under + 1 :]]


def _titled(title: str, terminal: Terminal) -> list[str]:
    lines = _wrapped(escape(title, unicode=terminal.unicode), terminal.width)
    return [*(_bold(line, terminal) for line in lines), ""]


def _bold(text: str, terminal: Terminal) -> str:
    return f"\x1b[1m{text}\x1b[0m" if terminal.color and text else text


# --- stacking -----------------------------------------------------------------------------------------------


def _stacked(columns: list[_Column], terminal: Terminal) -> list[str]:
    """For each row a block of `header  value` lines; a value too long for that goes below its header."""
    labels = [column.head[0] for column in columns]
    label_width = max([width for width in map(text_width, labels) if width <= terminal.width // 2], default=0)
    numbers = [cell.strip() for column in columns if column.number for cell in column.cells]
    together = aligned(numbers)
    if together and label_width + _GAP + len(together[0]) > terminal.width:
        together = numbers
    left = iter(together)
    values = [[next(left) for _ in column.cells] if column.number else column.cells for column in columns]
    lines: list[str] = []
    for row in zip(*values, strict=True):
        if lines:
            lines.append("")
        for label, value, column in zip(labels, row, columns, strict=True):
            # A label with nothing behind it says nothing.
            if value or column.number:
                lines += _entry(label, value, column.number, label_width, terminal)
    return lines


def _entry(label: str, value: str, number: bool, label_width: int, terminal: Terminal) -> list[str]:
    """The lines for one cell."""
    width = text_width(label)
    room = terminal.width - label_width - _GAP
    if width <= label_width and (text_width(value) <= room or (not number and room >= _LEAST_TEXT)):
        texts = [value] if number else _wrapped(value, room)
        heads = [_bold(label, terminal) + " " * (label_width + _GAP - width)]
        pairs = zip_longest(heads, texts, fillvalue=" " * (label_width + _GAP))
        return [(head + text).rstrip() for head, text in pairs]
    below = [value.strip()] if number else _wrapped(value, max(terminal.width - _GAP, 1))
    head = [_bold(line, terminal) for line in _wrapped(label, terminal.width)]
    return [*head, *((" " * _GAP + text).rstrip() for text in below)]
