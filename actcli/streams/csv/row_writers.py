"""A row and its new numbers -> the row's bytes, in each format that the filter speaks.

Every rendering has `head` (what goes out before the first row), `rows` (one piece of bytes for each record)
and `blank` (a line with nothing on it). Columns come as lists of digits, a missing number as "".
"""

from __future__ import annotations

from typing import Protocol

from actcli.streams.csv.cells import bare, cell_bytes, cell_text, in_numbers
from actcli.streams.csv.plan import FilterOptions, Plan
from actcli.streams.csv.row_reader import Record

__all__ = ["Rendering", "rendering"]


class Rendering(Protocol):
    """See above."""

    def head(self) -> bytes: ...

    def rows(self, records: list[Record], columns: list[list[str]]) -> list[bytes]: ...

    def blank(self, record: Record) -> bytes: ...


def rendering(layout: Plan, options: FilterOptions) -> Rendering:
    """The rendering for `options.format`."""
    if options.format == "jsonl":
        return _JsonLines(layout, options.replace)
    if options.format == "plain":
        return _Plain()
    return _Csv(layout, options)


class _Csv:
    """Every byte as it came, and new cells before the line end, or in place of the old ones."""

    def __init__(self, layout: Plan, options: FilterOptions) -> None:
        self._layout = layout
        self._options = options
        self._delimiter = options.delimiter
        self._plain_digits = not in_numbers(options.delimiter)

    def head(self) -> bytes:
        record = self._layout.head
        if record is None:
            return b""
        if self._options.replace and self._options.as_names is None:
            return record.body + record.ending
        # An empty name gets quotes: to _join nothing at all is a missing value.
        names = [cell_bytes(name, self._delimiter) or '""' for name in self._layout.new]
        (row,) = self._join([record], [[name] for name in names])
        return row

    def rows(self, records: list[Record], columns: list[list[str]]) -> list[bytes]:
        if not self._plain_digits:
            columns = [[cell_bytes(text, self._delimiter) for text in column] for column in columns]
        return self._join(records, columns)

    def blank(self, record: Record) -> bytes:
        return record.ending

    def _join(self, records: list[Record], columns: list[list[str]]) -> list[bytes]:
        delimiter = self._delimiter
        if not self._options.replace:
            new = columns[0] if len(columns) == 1 else map(delimiter.join, zip(*columns, strict=True))
            return [
                r.body + (delimiter + cells).encode("utf-8", "surrogateescape") + r.ending
                for r, cells in zip(records, new, strict=True)
            ]
        rows = []
        for record, texts in zip(records, zip(*columns, strict=True), strict=True):
            cells = list(record.cells)
            for column, text in zip(self._layout.chosen, texts, strict=True):
                if text or bare(cells[column]):  # an empty cell stays as it came
                    cells[column] = text.encode("utf-8", "surrogateescape")
            rows.append(delimiter.encode().join(cells) + record.ending)
        return rows


class _JsonLines:
    """One object a line: the cells as strings, the new columns as numbers, all keyed by the header."""

    def __init__(self, layout: Plan, replace: bool) -> None:
        from actcli.streams.json_text import json_string

        outputs = {column: i for i, column in enumerate(layout.chosen)} if replace else {}
        parts = [(key, column, outputs.get(column)) for column, key in enumerate(layout.keys)]
        if not replace:
            parts += [(key, -1, i) for i, key in enumerate(layout.new)]
        # Of each member: `"key": `, the cell it shows, and the output that it shows instead.
        self._members = [
            (json_string(_readable(key if output is None else layout.new[output])) + ": ", column, output)
            for key, column, output in parts
        ]

    def head(self) -> bytes:
        return b""

    def rows(self, records: list[Record], columns: list[list[str]]) -> list[bytes]:
        from actcli.streams.json_text import json_number, json_string

        rows = []
        for record, texts in zip(records, zip(*columns, strict=True), strict=True):
            members = [
                key + json_string(cell_text(record.cells[column]).decode("utf-8", "replace"))
                if output is None
                else key + json_number(texts[output])
                for key, column, output in self._members
            ]
            rows.append(("{" + ", ".join(members) + "}\n").encode())
        return rows

    def blank(self, record: Record) -> bytes:
        return b""


class _Plain:
    """The new columns only, a space between them; a missing value is nan, as a gap would shift the others."""

    def head(self) -> bytes:
        return b""

    def rows(self, records: list[Record], columns: list[list[str]]) -> list[bytes]:
        return [(" ".join(text or "nan" for text in texts) + "\n").encode() for texts in zip(*columns, strict=True)]

    def blank(self, record: Record) -> bytes:
        return b""


def _readable(key: str) -> str:
    """A name with bytes that are no UTF-8 as the cells below it are read: with U+FFFD for them."""
    return key.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
