"""Tables: columns of text and numbers that fit the terminal.

A table that fits is padded here, since importing rich would take longer than the rest of the run. If text must be
wrapped, rich draws the table in the same layout. If the table does not fit even then, it is stacked: a block of
`header  value` lines per row. Numbers are never wrapped or shortened.
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
"""Columns between two columns of a table."""
_MAX_RICH_ROWS = 500
"""Rows up to which rich draws a table: it takes 0.2 ms per row. A longer table is stacked."""
_MIN_TEXT_WIDTH = 16
"""Columns below which wrapped text is not readable."""
_HEADER_BREAKS = re.compile(r"(?<=[:, ])|(?=[(@])")


@dataclass(frozen=True)
class TableColumn:
    """A column of a table: header, cells as printed, and whether they are numbers."""

    header: str
    cells: Sequence[str]
    number: bool = False


@dataclass
class _Column:
    """A column ready to print: header lines and cells escaped, numbers aligned to `body_width`."""

    head: list[str]
    cells: list[str]
    number: bool
    body_width: int

    @property
    def width(self) -> int:
        return max(self.body_width, *map(text_width, self.head))

    @property
    def min_width(self) -> int:
        return self.width if self.number else min(self.width, _MIN_TEXT_WIDTH)

    def folded(self, width: int) -> _Column:
        """Return a column of numbers with its header folded to `width`; other columns as they are."""
        if not self.number:
            return self
        return _Column(_fold(self.head[0], max(width, self.body_width)), self.cells, True, self.body_width)


def table(columns: Sequence[TableColumn], terminal: Terminal, *, title: str | None = None) -> str:
    r"""Return a table within `terminal.width`; no newline at the end.

    Numbers are aligned at the decimal point, text to the left. In a narrow terminal long headers are folded and text is
    wrapped. If that is not enough, the cells of each row are listed one below the other. Control characters are escaped
    (`\x1b`), and without Unicode all characters beyond ASCII. Headers and title are bold if the terminal has colour.

    Raises ValueError if the columns differ in length.
    """
    if len({len(column.cells) for column in columns}) > 1:
        raise ValueError("the columns of a table must have the same number of cells")
    heading = _titled(title, terminal) if title else []
    if not columns:
        return "\n".join(heading).rstrip()
    ready = [_ready(column, terminal) for column in columns]
    fitting = _fitting(ready, terminal.width)
    rows = len(columns[0].cells)
    if fitting is None or (rows > _MAX_RICH_ROWS and _total_width(fitting) > terminal.width):
        return "\n".join([*heading, *_stacked(ready, terminal)])
    rule = "─" if terminal.unicode else "-"
    if _total_width(fitting) <= terminal.width:
        lines = _padded(fitting, rule)
    else:
        lines = _draw_wrapped(fitting, rule, terminal.width)
    return "\n".join([*heading, *_styled(lines, rule, terminal)])


def _ready(column: TableColumn, terminal: Terminal) -> _Column:
    """Return the column escaped and, if of numbers, aligned."""
    cells = [escape(cell, unicode=terminal.unicode) for cell in column.cells]
    if column.number:
        cells = aligned(cells)
    widest = len(cells[0]) if column.number and cells else max(map(text_width, cells), default=0)
    return _Column([escape(column.header, unicode=terminal.unicode)], cells, column.number, widest)


# --- fitting ------------------------------------------------------------------------------------------------


def _fitting(columns: list[_Column], width: int) -> list[_Column] | None:
    """Return the columns with headers folded as little as needed to fit with wrapped text; None if they cannot fit."""
    for limit in range(min(width, max(column.width for column in columns)), 0, -1):
        folded = [column.folded(limit) for column in columns]
        if sum(column.min_width for column in folded) + _GAP * (len(folded) - 1) <= width:
            return folded
    return None


def _total_width(columns: list[_Column]) -> int:
    return sum(column.width for column in columns) + _GAP * (len(columns) - 1)


def _fold(header: str, width: int) -> list[str]:
    """Return `header` in lines of at most `width`, broken after `:`, `,` and blanks, and before `(` and `@`."""
    lines = [""]
    for piece in _HEADER_BREAKS.split(header):
        if lines[-1] and text_width(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


# --- drawing ------------------------------------------------------------------------------------------------


def _padded(columns: list[_Column], rule: str) -> list[str]:
    """Return header lines, a rule and a line per row, by padding alone."""
    height = max(len(column.head) for column in columns)
    gap = " " * _GAP
    padded = [_justified(column, height) for column in columns]
    lines = [gap.join(row).rstrip() for row in zip(*padded, strict=True)]
    return [*lines[:height], rule * _total_width(columns), *lines[height:]]


def _justified(column: _Column, height: int) -> list[str]:
    """Return `height` header lines and the cells, padded to the column's width: numbers on the left, text right."""
    texts = [*[""] * (height - len(column.head)), *column.head, *column.cells]
    pads = [" " * (column.width - text_width(text)) for text in texts]
    if column.number:
        return [pad + text for pad, text in zip(pads, texts, strict=True)]
    return [text + pad for pad, text in zip(pads, texts, strict=True)]


def _draw_wrapped(columns: list[_Column], rule: str, width: int) -> list[str]:
    """Return the same layout as `_padded`, with text wrapped so that the table takes at most `width` columns."""
    from actcli.display.rich_table import RichColumn, draw_table  # late: only for text that must be wrapped

    height = max(len(column.head) for column in columns)
    ready = []
    for column in columns:
        lines = [*[""] * (height - len(column.head)), *column.head, *column.cells]
        if column.number:
            # Padded here: rich would drop trailing blanks before justifying.
            lines = _justified(column, height)
        ready.append(RichColumn(lines[:height], lines[height:], column.number, column.min_width))
    return draw_table(ready, rule, _GAP, width)


def _wrapped(text: str, width: int) -> list[str]:
    """Return `text` in lines of at most `width` columns, broken between words if possible."""
    if text_width(text) <= width:
        return [text.rstrip()]
    from actcli.display.rich_table import wrap_text  # late, as above

    return wrap_text(text, width)


def _styled(lines: list[str], rule: str, terminal: Terminal) -> list[str]:
    """Return the lines with the header in bold and the rule dim, if the terminal has colour."""
    if not terminal.color:
        return lines
    at_rule = next(number for number, line in enumerate(lines) if line and not line.strip(rule))
    head = [_bold(line, terminal) for line in lines[:at_rule]]
    return [*head, f"\x1b[2m{lines[at_rule]}\x1b[0m", *lines[at_rule + 1 :]]


def _titled(title: str, terminal: Terminal) -> list[str]:
    lines = _wrapped(escape(title, unicode=terminal.unicode), terminal.width)
    return [*(_bold(line, terminal) for line in lines), ""]


def _bold(text: str, terminal: Terminal) -> str:
    return f"\x1b[1m{text}\x1b[0m" if terminal.color and text else text


# --- stacking -----------------------------------------------------------------------------------------------


def _stacked(columns: list[_Column], terminal: Terminal) -> list[str]:
    """Return a block of `header  value` lines per row; a value that is too long goes below its header."""
    labels = [column.head[0] for column in columns]
    label_width = max([width for width in map(text_width, labels) if width <= terminal.width // 2], default=0)
    numbers = [cell.strip() for column in columns if column.number for cell in column.cells]
    aligned_numbers = aligned(numbers)
    if aligned_numbers and label_width + _GAP + len(aligned_numbers[0]) > terminal.width:
        aligned_numbers = numbers
    remaining = iter(aligned_numbers)
    values = [[next(remaining) for _ in column.cells] if column.number else column.cells for column in columns]
    lines: list[str] = []
    for row in zip(*values, strict=True):
        if lines:
            lines.append("")
        for label, value, column in zip(labels, row, columns, strict=True):
            # An empty text is omitted together with its label.
            if value or column.number:
                lines += _entry(label, value, column.number, label_width, terminal)
    return lines


def _entry(label: str, value: str, number: bool, label_width: int, terminal: Terminal) -> list[str]:
    """Return the lines of one cell: next to its label, or below it."""
    width = text_width(label)
    room = terminal.width - label_width - _GAP
    if width <= label_width and (text_width(value) <= room or (not number and room >= _MIN_TEXT_WIDTH)):
        texts = [value] if number else _wrapped(value, room)
        heads = [_bold(label, terminal) + " " * (label_width + _GAP - width)]
        pairs = zip_longest(heads, texts, fillvalue=" " * (label_width + _GAP))
        return [(head + text).rstrip() for head, text in pairs]
    below = [value.strip()] if number else _wrapped(value, max(terminal.width - _GAP, 1))
    head = [_bold(line, terminal) for line in _wrapped(label, terminal.width)]
    return [*head, *((" " * _GAP + text).rstrip() for text in below)]
