"""Rows of numbers: columns under their headers, converted to text and written in the output format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from actcli.cli.errors import quote, usage_error
from actcli.cli.options import Options
from actcli.cli.terminal_sink import escape_for_terminal
from actcli.streams.files import open_sink
from actcli.streams.table_writers import Column, write_table
from actcli.text import count_noun, displayable

if TYPE_CHECKING:
    from actcli.number_formats import Floats, Format

__all__ = ["Rows", "make_rows", "write_rows"]

BLOCK_ROWS = 8192
"""How many numbers become text at once."""

DEFAULT_PRECISION = 6


class Rows(NamedTuple):
    """Columns of numbers under their headers.

    result_count     number of columns at the end that `plain` and `hex` show
    fmt              number format of the results
    integer_headers  headers of columns of integers
    exact            for each result a function from x to its exact digits; empty without --digits
    headings         in a table for people, the headings of columns whose headers are different
    """

    headers: list[str]
    columns: list[Floats]
    result_count: int
    fmt: Format
    integer_headers: frozenset[str] = frozenset()
    exact: Sequence[Callable[[Floats], list[str]]] = ()
    headings: Mapping[str, str] = MappingProxyType({})

    def texts(self, form: str, options: Options) -> list[_TextColumn]:
        """Return the columns as text in the format `form`."""
        formatters = [_formatter(header in self.integer_headers, self.fmt, form, options) for header in self.headers]
        formatters[len(formatters) - len(self.exact) :] = self.exact
        return [_TextColumn(column, formatter) for column, formatter in zip(self.columns, formatters, strict=True)]


def make_rows(inputs: dict[str, Floats], results: dict[str, Floats], options: Options, fmt: Format) -> Rows:
    """Return the columns together, the results under the names of --as if there are any."""
    names = list(options.as_names) or list(results)
    if len(names) != len(results):
        columns = "1 new column is" if len(results) == 1 else f"{len(results)} new columns are"
        raise usage_error(
            f"--as gives {count_noun(len(names), 'name')}, but {columns} written: {displayable(', '.join(results))}"
        )
    seen = set(inputs)
    for name in names:
        if name in seen:
            raise usage_error(f"--as {quote(name)}: a column of that name already exists")
        seen.add(name)
    integers = frozenset({"i"} & inputs.keys())
    return Rows([*inputs, *names], [*inputs.values(), *results.values()], len(results), fmt, integers)


def write_rows(rows: Rows, form: str, options: Options) -> None:
    """Write `rows` in the format `form` to the output that the options name."""
    if form == "table":
        _write_table(rows, options)
        return
    delimiter = ","
    if options.separator is not None:
        from actcli.streams.csv.row_reader import delimiter_byte  # late: only with -d

        delimiter = delimiter_byte(options.separator).decode()
    with open_sink(options.output) as sink:
        first_result = len(rows.columns) - rows.result_count
        columns = [
            Column(header, texts, True, i >= first_result)
            for i, (header, texts) in enumerate(zip(rows.headers, rows.texts(form, options), strict=True))
        ]
        write_table(
            "plain" if form == "hex" else form, columns, escape_for_terminal(sink, options), delimiter=delimiter
        )


class _TextColumn(Sequence[str]):
    """A column as text, converted a block at a time: the text of a long column would take much memory."""

    def __init__(self, column: Floats, formatter: Callable[[Floats], list[str]]) -> None:
        self._column = column
        self._formatter = formatter

    def __len__(self) -> int:
        return self._column.size

    def __getitem__(self, index: Any) -> Any:
        texts = self._formatter(np.atleast_1d(self._column[index]))
        return texts if isinstance(index, slice) else texts[0]

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self), BLOCK_ROWS):
            yield from self._formatter(self._column[start : start + BLOCK_ROWS])


def _formatter(is_integer: bool, fmt: Format, form: str, options: Options) -> Callable[[Floats], list[str]]:
    """Return the function from a column's numbers to text in the format `form`."""
    if is_integer:
        return lambda column: [str(int(number)) for number in column]
    if form == "hex":
        return fmt.hex
    if form in ("md", "table") and not fmt.in_bits:
        from actcli.display.numbers import significant  # late: display is only for formats that people read

        digits = options.precision or DEFAULT_PRECISION
        return lambda column: [significant(value, digits) for value in column.tolist()]
    return fmt.write_all


def _write_table(rows: Rows, options: Options) -> None:
    from actcli.cli.page import write_table  # late: display is only for formats that people read

    texts = rows.texts("table", options)
    headings = [rows.headings.get(header, header) for header in rows.headers]
    write_table([Column(header, text) for header, text in zip(headings, texts, strict=True)], options)
