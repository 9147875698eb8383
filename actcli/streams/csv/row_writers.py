"""A row and its results -> the bytes of the row, in each format that the filter writes.

Results come as columns of digits, a missing one as "".
"""

from __future__ import annotations

from typing import Protocol

from actcli.streams.csv.cells import appears_in_numbers, cell_bytes, cell_text, is_missing
from actcli.streams.csv.plan import FilterOptions, Plan
from actcli.streams.csv.row_reader import Record, cell_spans

__all__ = ["RowWriter", "make_row_writer"]


class RowWriter(Protocol):
    """Formats the rows of one file."""

    def header(self) -> bytes:
        """Return the output before the first row."""

    def rows(self, records: list[Record], columns: list[list[str]]) -> list[bytes]:
        """Return the output of each record, given the results column by column."""

    def blank_line(self, record: Record) -> bytes:
        """Return the output of a blank line or a comment."""


def make_row_writer(plan: Plan, options: FilterOptions) -> RowWriter:
    """Return the writer of `options.format`."""
    if options.format == "jsonl":
        return _JsonLinesWriter(plan, options.replace)
    if options.format == "plain":
        return _PlainWriter(options.decimal)
    return _CsvWriter(plan, options)


class _CsvWriter:
    """Writes every byte as it was read, and new cells before the line end or in place of the chosen ones."""

    def __init__(self, plan: Plan, options: FilterOptions) -> None:
        self._plan = plan
        self._options = options
        self._delimiter = options.delimiter
        self._is_blank = options.delimiter == " "
        self._needs_quotes = self._is_blank or appears_in_numbers(options.delimiter, options.decimal)

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
        columns = _localised(columns, self._options.decimal)
        if self._needs_quotes:
            columns = [[cell_bytes(text, self._delimiter) for text in column] for column in columns]
        return self._join(records, columns)

    def blank_line(self, record: Record) -> bytes:
        return record.body + record.ending

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
                is_result = text and not (self._is_blank and text == '""')
                if is_result or not is_missing(cells[column], self._options.na):  # else it stays as it is
                    cells[column] = text.encode("utf-8", "surrogateescape")
            body = _with_cells(record.body, cells) if self._is_blank else delimiter.encode().join(cells)
            rows.append(body + record.ending)
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

    def __init__(self, decimal: str) -> None:
        self._decimal = decimal

    def header(self) -> bytes:
        return b""

    def rows(self, records: list[Record], columns: list[list[str]]) -> list[bytes]:
        columns = _localised(columns, self._decimal)
        return [(" ".join(text or "nan" for text in texts) + "\n").encode() for texts in zip(*columns, strict=True)]

    def blank_line(self, record: Record) -> bytes:
        return b""


def _localised(columns: list[list[str]], decimal: str) -> list[list[str]]:
    """Return digits with another decimal separator."""
    return columns if decimal == "." else [[text.replace(".", decimal) for text in column] for column in columns]


def _with_cells(body: bytes, cells: list[bytes]) -> bytes:
    """Return a row, whose delimiter is a blank, with other cells between the same blanks."""
    spans = cell_spans(body)
    edges = [0, *(edge for span in spans for edge in span), len(body)]
    blanks = [body[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return b"".join(blank + cell for blank, cell in zip(blanks, [*cells, b""], strict=True))


def _decoded(key: str) -> str:
    """Return a name decoded as cells are: with U+FFFD for bytes that are not UTF-8."""
    return key.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
