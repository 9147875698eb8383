"""A row and its results -> the bytes of the row, in each format that the filter writes.

Results come as columns of digits, a missing one as "".
"""

from __future__ import annotations

from typing import Protocol

from actcli.streams.csv.cells import appears_in_numbers, cell_bytes, cell_text, stripped_text
from actcli.streams.csv.plan import FilterOptions, Plan
from actcli.streams.csv.row_reader import Record

__all__ = ["RowWriter", "make_row_writer"]


class RowWriter(Protocol):
    """Formats the rows of one file."""

    def header(self) -> bytes:
        """Return the output before the first row."""

    def rows(self, records: list[Record], columns: list[list[str]]) -> list[bytes]:
        """Return the output of each record, given the results column by column."""

    def blank_line(self, record: Record) -> bytes:
        """Return the output of a blank line."""


def make_row_writer(plan: Plan, options: FilterOptions, nan: str = "nan") -> RowWriter:
    """Return the writer of `options.format`; `nan` is how nan is written."""
    if options.format == "jsonl":
        return _JsonLinesWriter(plan, options.replace)
    if options.format == "plain":
        return _PlainWriter(nan)
    return _CsvWriter(plan, options)


class _CsvWriter:
    """Writes every byte as it was read, and new cells before the line end or in place of the chosen ones."""

    def __init__(self, plan: Plan, options: FilterOptions) -> None:
        self._plan = plan
        self._options = options
        self._delimiter = options.delimiter
        self._needs_quotes = appears_in_numbers(options.delimiter)

    def header(self) -> bytes:
        record = self._plan.header_record
        if record is None:
            return b""
        if self._options.replace and self._options.as_names is None:
            return record.body + record.ending
        # An empty name gets quotes: for _join an empty cell is a missing value.
        names = [cell_bytes(name, self._delimiter) or '""' for name in self._plan.new_names]
        (row,) = self._join([record], [[name] for name in names])
        return row

    def rows(self, records: list[Record], columns: list[list[str]]) -> list[bytes]:
        if self._needs_quotes:
            columns = [[cell_bytes(text, self._delimiter) for text in column] for column in columns]
        return self._join(records, columns)

    def blank_line(self, record: Record) -> bytes:
        return record.ending

    def _join(self, records: list[Record], columns: list[list[str]]) -> list[bytes]:
        delimiter = self._delimiter
        if not self._options.replace:
            new = columns[0] if len(columns) == 1 else map(delimiter.join, zip(*columns, strict=True))
            return [
                b"".join((r.body, (delimiter + cells).encode("utf-8", "surrogateescape"), r.ending))
                for r, cells in zip(records, new, strict=True)
            ]
        rows = []
        for record, texts in zip(records, zip(*columns, strict=True), strict=True):
            cells = list(record.cells)
            for column, text in zip(self._plan.chosen, texts, strict=True):
                if text or stripped_text(cells[column]):  # an empty cell stays as it is
                    cells[column] = text.encode("utf-8", "surrogateescape")
            rows.append(delimiter.encode().join(cells) + record.ending)
        return rows


class _JsonLinesWriter:
    """Writes one object a line: the cells as strings, the results as numbers, keyed by the header."""

    def __init__(self, plan: Plan, replace: bool) -> None:
        from actcli.streams.json_text import json_string

        outputs = {column: i for i, column in enumerate(plan.chosen)} if replace else {}
        members = [(key, column, outputs.get(column)) for column, key in enumerate(plan.keys)]
        if not replace:
            members += [(key, -1, i) for i, key in enumerate(plan.new_names)]
        # Of each member: `"key": `, the column of its cell, and the index of the output that replaces the cell.
        self._members = [
            (json_string(_decoded(key if output is None else plan.new_names[output])) + ": ", column, output)
            for key, column, output in members
        ]

    def header(self) -> bytes:
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

    def blank_line(self, record: Record) -> bytes:
        return b""


class _PlainWriter:
    """Writes the results only, separated by a space; a missing one as nan, so that no other moves to its place."""

    def __init__(self, nan: str) -> None:
        self._nan = nan

    def header(self) -> bytes:
        return b""

    def rows(self, records: list[Record], columns: list[list[str]]) -> list[bytes]:
        return [(" ".join(text or self._nan for text in texts) + "\n").encode() for texts in zip(*columns, strict=True)]

    def blank_line(self, record: Record) -> bytes:
        return b""


def _decoded(key: str) -> str:
    """Return a name decoded as cells are: with U+FFFD for bytes that are not UTF-8."""
    return key.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
