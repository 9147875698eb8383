"""A row and its results -> the bytes of the row, in each format that the filter writes.

Results come as rows of digits, a missing one as "".
"""

from __future__ import annotations

from typing import Protocol

from actcli.streams.csv.cells import appears_in_numbers, cell_bytes, cell_text, is_missing, number_text
from actcli.streams.csv.plan import FilterOptions, Plan
from actcli.streams.csv.row_reader import Record, cell_spans

__all__ = ["RowWriter", "make_row_writer"]


class RowWriter(Protocol):
    """Formats the rows of one file."""

    def header(self) -> bytes:
        """Return the output before the first row."""

    def rows(self, records: list[Record], results: list[list[str]]) -> list[bytes]:
        """Return the output of each record, given its results."""

    def blank_line(self, record: Record) -> bytes:
        """Return the output of a blank line or a comment."""

    def footer(self) -> bytes:
        """Return the output after the last row."""


def make_row_writer(plan: Plan, options: FilterOptions, nan: str = "nan") -> RowWriter:
    """Return the writer of `options.format`; `nan` is how nan is written."""
    if options.format == "csv":
        return _CsvWriter(plan, options)
    if options.format == "plain":
        return _PlainWriter(options.decimal, nan)
    if options.format == "arrays":
        return _ArrayWriter(plan, options.replace)
    return (_JsonWriter if options.format == "json" else _JsonLinesWriter)(plan, options)


class _RowsOnly:
    """Writes nothing around rows."""

    def header(self) -> bytes:
        return b""

    def blank_line(self, record: Record) -> bytes:
        return b""

    def footer(self) -> bytes:
        return b""


class _CsvWriter(_RowsOnly):
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
        (row,) = self._join([record], [names])
        return row

    def rows(self, records: list[Record], results: list[list[str]]) -> list[bytes]:
        results = _localised(results, self._options.decimal)
        if self._needs_quotes:
            results = [[cell_bytes(text, self._delimiter) for text in texts] for texts in results]
        return self._join(records, results)

    def blank_line(self, record: Record) -> bytes:
        return record.body + record.ending

    def _join(self, records: list[Record], results: list[list[str]]) -> list[bytes]:
        delimiter = self._delimiter
        if not self._options.replace:
            return [
                b"".join((r.body, delimiter.join(("", *texts)).encode("utf-8", "surrogateescape"), r.ending))
                for r, texts in zip(records, results, strict=True)
            ]
        rows = []
        for record, texts in zip(records, results, strict=True):
            cells = list(record.cells)
            for column, text in zip(self._plan.chosen, texts, strict=True):
                is_result = text and not (self._is_blank and text == '""')
                if is_result or not is_missing(cells[column], self._options.na):  # else it stays as it is
                    cells[column] = text.encode("utf-8", "surrogateescape")
            body = _with_cells(record.body, cells) if self._is_blank else delimiter.encode().join(cells)
            rows.append(body + record.ending)
        return rows


class _JsonLinesWriter(_RowsOnly):
    """Writes one object a line, keyed by the header: results and cells that are JSON numbers with their own digits.

    All other cells are strings (007, .5, nan), so that no digit is lost. A decimal comma becomes a point.
    """

    def __init__(self, plan: Plan, options: FilterOptions) -> None:
        from actcli.streams.json_text import json_string

        self._decimal = options.decimal

        # Of each member: `"key": `, the column of its cell, and the index of the output that replaces the cell.
        self._members = [
            (json_string(_decoded(key)) + ": ", column, output)
            for key, column, output in _output_columns(plan, options.replace)
        ]

    def rows(self, records: list[Record], results: list[list[str]]) -> list[bytes]:
        from actcli.streams.json_text import json_number

        rows = []
        for record, texts in zip(records, results, strict=True):
            members = [
                key + (self._value(record.cells[column]) if output is None else json_number(texts[output]))
                for key, column, output in self._members
            ]
            rows.append(("{" + ", ".join(members) + "}\n").encode())
        return rows

    def _value(self, cell: bytes) -> str:
        from actcli.streams.json_text import json_cell, json_string

        text = _shown(cell)
        if self._decimal == ".":
            return json_cell(text)
        value = json_cell(number_text(text, self._decimal))
        return json_string(text) if value.startswith('"') else value


class _JsonWriter(_JsonLinesWriter):
    """Writes an array of these objects, each as soon as its row is there."""

    def __init__(self, plan: Plan, options: FilterOptions) -> None:
        super().__init__(plan, options)
        self._before = b"[\n"

    def rows(self, records: list[Record], results: list[list[str]]) -> list[bytes]:
        rows = []
        for row in super().rows(records, results):
            rows.append(self._before + row.removesuffix(b"\n"))
            self._before = b",\n"
        return rows

    def footer(self) -> bytes:
        return b"\n]\n" if self._before == b",\n" else b"[]\n"


class _ArrayWriter(_RowsOnly):
    """Writes one JSON array a line: first the columns, [name, whether it is a result], then the texts of each row."""

    def __init__(self, plan: Plan, replace: bool) -> None:
        self._columns = _output_columns(plan, replace)

    def header(self) -> bytes:
        import json

        return json.dumps([(_decoded(name), output is not None) for name, _, output in self._columns]).encode() + b"\n"

    def rows(self, records: list[Record], results: list[list[str]]) -> list[bytes]:
        from actcli.streams.json_text import json_array

        return [
            json_array(
                [
                    _shown(record.cells[column]) if output is None else texts[output]
                    for _, column, output in self._columns
                ]
            ).encode()
            + b"\n"
            for record, texts in zip(records, results, strict=True)
        ]


class _PlainWriter(_RowsOnly):
    """Writes the results only, separated by a space; a missing one as nan, so that no other moves to its place."""

    def __init__(self, decimal: str, nan: str) -> None:
        self._decimal = decimal
        self._nan = nan

    def rows(self, records: list[Record], results: list[list[str]]) -> list[bytes]:
        results = _localised(results, self._decimal)
        return [(" ".join(text or self._nan for text in texts) + "\n").encode() for texts in results]


def _output_columns(plan: Plan, replace: bool) -> list[tuple[str, int, int | None]]:
    """Return of each column written its name, the column of its cells, and the index of its output, or None."""
    outputs = {column: i for i, column in enumerate(plan.chosen)} if replace else {}
    columns: list[tuple[str, int, int | None]] = [
        (plan.new_names[outputs[column]] if column in outputs else key, column, outputs.get(column))
        for column, key in enumerate(plan.keys)
    ]
    return columns if replace else columns + [(name, -1, i) for i, name in enumerate(plan.new_names)]


def _shown(cell: bytes) -> str:
    """Return the text of a cell, with U+FFFD for bytes that are not UTF-8."""
    return cell_text(cell).decode("utf-8", "replace")


def _localised(results: list[list[str]], decimal: str) -> list[list[str]]:
    """Return digits with another decimal separator."""
    return results if decimal == "." else [[text.replace(".", decimal) for text in texts] for texts in results]


def _with_cells(body: bytes, cells: list[bytes]) -> bytes:
    """Return a row, whose delimiter is a blank, with other cells between the same blanks."""
    spans = cell_spans(body)
    edges = [0, *(edge for span in spans for edge in span), len(body)]
    blanks = [body[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return b"".join(blank + cell for blank, cell in zip(blanks, [*cells, b""], strict=True))


def _decoded(key: str) -> str:
    """Return a name decoded as cells are: with U+FFFD for bytes that are not UTF-8."""
    return key.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
