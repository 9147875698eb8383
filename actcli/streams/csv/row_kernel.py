"""The kernel for all blocks: row by row, with every error located.

split: records -> read_numbers: arrays -> Transform -> RowWriter: bytes
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import compress, islice
from typing import TYPE_CHECKING

import numpy as np

from actcli.errors import DataError
from actcli.streams.csv.blocks import Block, BlockResult, concatenate
from actcli.streams.csv.column_parser import missing_and_nan, read_numbers
from actcli.streams.csv.plan import FilterOptions, Plan, Transform, non_numeric_error, ragged_row_error
from actcli.streams.csv.row_reader import Record, delimiter_byte, split
from actcli.streams.csv.row_writers import make_row_writer

if TYPE_CHECKING:
    from actcli.number_formats import Bools, Floats

__all__ = ["RowKernel"]

_BATCH_ROWS = 1 << 13


class RowKernel:
    """Computes the output of a block row by row; an error in a row ends the output before it."""

    def __init__(self, name: str, plan: Plan, options: FilterOptions, transform: Transform) -> None:
        self._name = name
        self._plan = plan
        self._options = options
        self._transform = transform
        self._writer = make_row_writer(plan, options, transform.fmt.write(math.nan))
        self._delimiter = delimiter_byte(options.delimiter)

    def __call__(self, block: Block) -> BlockResult:
        """Return the output of `block`."""
        try:
            return self.convert(split(block, self._delimiter, self._options.comment))
        except MemoryError:
            message = "not enough memory to go on from here: is a quote unclosed?"
            raise DataError(f"{self._name}:{block.line}: {message}") from None

    def header(self) -> bytes:
        """Return the output's header; b"" if it has none."""
        return self._writer.header()

    def footer(self) -> bytes:
        """Return what follows the last row; b"" if nothing does."""
        return self._writer.footer()

    def convert(self, records: Iterator[Record]) -> BlockResult:
        """Return the output of `records`, computed in batches because a block may be nothing but line ends."""
        results = []
        while batch := list(islice(records, _BATCH_ROWS)):
            results.append(self._convert_batch(batch))
            if results[-1].error is not None:
                break
        return concatenate(results) if results else BlockResult(b"", 0)

    def _convert_batch(self, records: list[Record]) -> BlockResult:
        records, ragged, error = self._without_ragged_rows(records)
        data = [record for record in records if record.is_row]
        chosen, na, decimal = self._plan.chosen, self._options.na, self._options.decimal
        cells = [record.cells[column] for record in data for column in chosen]
        values, missing, bad = read_numbers(cells, self._transform.fmt, na, decimal).in_rows(len(chosen))
        bad_rows = bad.any(axis=1)
        replaced = skipped = 0
        if self._options.on_error == "nan":
            replaced = int(bad.sum())
        elif bad_rows.any():
            keep = np.logical_not(bad_rows)
            if self._options.on_error == "skip":
                skipped = int(bad_rows.sum())
            else:
                first = int(np.argmax(bad_rows))
                column = chosen[int(np.argmax(bad[first]))]
                error = non_numeric_error(
                    data[first], column, self._plan.header, self._name, self._transform.fmt, decimal
                )
                records = records[: records.index(data[first])]
                keep[first:] = False
            data = list(compress(data, keep.tolist()))
            values, missing, bad = values[keep], missing[keep], bad[keep]

        rows = self._writer.rows(data, self._outputs(values, missing, bad))
        if len(data) < len(records):
            rows = self._with_blank_lines(records, data, rows)
        return BlockResult(b"".join(rows), len(data), replaced, skipped, error=error, ragged=ragged)

    def _without_ragged_rows(self, records: list[Record]) -> tuple[list[Record], int, DataError | None]:
        """Return `records` without ragged ones, and the number of these; or those before the first, and its error."""
        width = self._plan.width
        ragged = [i for i, record in enumerate(records) if len(record.cells) != width and record.is_row]
        if not ragged:
            return records, 0, None
        if self._options.on_error != "skip":
            first = ragged[0]
            error = ragged_row_error(records[first], width, self._plan.header, self._name, self._options)
            return records[:first], 0, error
        dropped = set(ragged)
        return [record for i, record in enumerate(records) if i not in dropped], len(ragged), None

    def _outputs(self, values: Floats, missing: Bools, bad: Bools) -> list[list[str]]:
        """Return the digits of every output, row by row; "" for a missing one."""
        if not len(values):
            return []
        transform = self._transform
        outputs = len(self._plan.new_names)
        missing, bad = missing_and_nan(missing, bad, outputs, transform.is_vector, self._options.replace)
        results = np.where(bad, np.nan, transform.apply(values)).ravel()
        texts = transform.format_results(results) if transform.format_results else transform.fmt.write_all(results)
        for i in np.flatnonzero(missing).tolist():
            texts[i] = ""
        return [texts[i : i + outputs] for i in range(0, len(texts), outputs)]

    def _with_blank_lines(self, records: list[Record], data: list[Record], rows: list[bytes]) -> list[bytes]:
        """Return `rows`, the output of `data`, with the blank lines and comments of `records` between them."""
        lines = {record.line: row for record, row in zip(data, rows, strict=True)}
        return [lines.get(record.line, b"") if record.is_row else self._writer.blank_line(record) for record in records]
