"""Tables of CSV: the rows of the filter, collected and laid out for reading, as a table or as Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import repeat

from actcli.cli.options import Options
from actcli.cli.page import write_table
from actcli.cli.result_rows import DEFAULT_PRECISION
from actcli.display.numbers import significant
from actcli.errors import DataError
from actcli.number_text import is_number, read_number
from actcli.streams import table_writers
from actcli.streams.csv.cells import is_numeric
from actcli.streams.files import open_sink
from actcli.streams.table_writers import Column

__all__ = ["RowCollector"]

_MAX_BYTES = 1 << 22
"""All rows of a table are in memory, and take many times their size there."""


class RowCollector:
    """A sink for the filter's format `arrays`, which keeps the rows in memory.

    Raises DataError if they become too many.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._data = bytearray()

    def write(self, data: bytes | memoryview) -> None:
        """Keep `data`."""
        self._data += data
        if len(self._data) > _MAX_BYTES:
            raise DataError(
                f"{self._name} has more rows than a table can hold: use -f csv, or a part of the file (head -n 100)"
            )

    def flush(self) -> None:
        """Do nothing: the rows are written together."""

    def write_table(self, form: str, options: Options) -> None:
        """Write the rows as `form`, table or md; nothing if the input was empty."""
        if not self._data:
            return
        head, *rows = map(json.loads, self._data.splitlines())
        digits = DEFAULT_PRECISION if options.precision is None else options.precision
        columns = []
        # The cells of a column; without a row there are none.
        cells: Iterable[Sequence[str]] = zip(*rows, strict=True) if rows else repeat(())
        for (name, is_result), texts in zip(head, cells, strict=False):
            if is_result and options.digits is None and not options.bits:
                texts = [significant(read_number(text), digits) if is_number(text) else text for text in texts]
            if is_result:
                texts = [text.replace(".", options.decimal) for text in texts]
            is_right = is_result or all(not text or is_numeric(text, options.decimal) for text in texts)
            columns.append(Column(name, texts, is_right))
        if form == "table":
            write_table(columns, options)
            return
        with open_sink(options.output) as sink:
            table_writers.write_table(form, columns, sink)
