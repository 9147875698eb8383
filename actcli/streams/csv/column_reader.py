"""Numeric columns of a CSV file, block by block, for commands that only read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from actcli.errors import DataError
from actcli.streams.csv.block_reader import block_reader
from actcli.streams.csv.column_parser import Numbers, read_numbers
from actcli.streams.csv.plan import FilterOptions, Plan, Transform, make_plan, non_numeric_error, ragged_row_error
from actcli.streams.csv.row_reader import Record, split

if TYPE_CHECKING:
    from actcli.number_formats import Format
    from actcli.streams.files import Readable

__all__ = ["ColumnBlock", "non_numeric_cell_error", "read_columns"]


class ColumnBlock(NamedTuple):
    """The chosen columns of some rows.

    names    the names of the columns
    lines    the line where each row starts
    columns  the numbers, column by column
    records  the raw rows
    plan     the plan of the file
    fmt      the format of the numbers
    ragged   the number of rows that were left out before or between these because of their number of cells
    """

    names: list[str]
    lines: list[int]
    columns: list[Numbers]
    records: list[Record]
    plan: Plan
    fmt: Format
    ragged: int = 0


def read_columns(
    source: Readable, options: FilterOptions, fmt: Format, progress: Callable[[int], None] | None = None
) -> Iterator[ColumnBlock]:
    """Yield the columns that `options` choose, as numbers of `fmt`, without blank lines.

    Raises UsageError if the options do not fit the file, and DataError at a ragged row or where BlockReader does,
    after the rows before it.
    """
    no_outputs = Transform(lambda x: x[:, :0], lambda names: [], is_vector=True, fmt=fmt)
    waiting: list[Record] = []
    plan: Plan | None = None
    reader = block_reader(source, options)
    for block in reader:
        records = list(split(block, reader.delimiter, options.comment))
        if plan is None:
            waiting += records
            records = waiting
            plan = make_plan(waiting, False, options, no_outputs, source.name)
        if plan is not None:
            yield from _column_blocks(records, plan, options, fmt, source.name)
        if progress is not None:
            progress(source.position)
    if plan is None:
        plan = make_plan(waiting, True, options, no_outputs, source.name)
        if plan is not None:
            yield from _column_blocks(waiting, plan, options, fmt, source.name)


def _column_blocks(
    records: list[Record], plan: Plan, options: FilterOptions, fmt: Format, name: str
) -> Iterator[ColumnBlock]:
    """Yield the columns of `records`. Raise DataError at a ragged row, after those before it, unless skipped."""
    rows = [record for record in records if record.is_row and record is not plan.header_record]
    skips = options.on_error == "skip"
    ragged = next((i for i, row in enumerate(rows) if len(row.cells) != plan.width), len(rows))
    good = [row for row in rows if len(row.cells) == plan.width] if skips else rows[:ragged]
    if good or (rows and skips):
        columns = [read_numbers([row.cells[c] for row in good], fmt, options.na, options.decimal) for c in plan.chosen]
        names = [plan.keys[c] for c in plan.chosen]
        left_out = len(rows) - len(good) if skips else 0
        yield ColumnBlock(names, [row.line for row in good], columns, good, plan, fmt, left_out)
    if ragged < len(rows) and not skips:
        raise ragged_row_error(rows[ragged], plan.width, plan.header, name, options)


def non_numeric_cell_error(block: ColumnBlock, name: str, decimal: str = ".") -> DataError | None:
    """Return the error of the first non-numeric cell; None if all are numeric or missing."""
    bad = np.column_stack([column.bad for column in block.columns])
    if not bad.any():
        return None
    row = int(np.argmax(bad.any(axis=1)))
    column = block.plan.chosen[int(np.argmax(bad[row]))]
    return non_numeric_error(block.records[row], column, block.plan.header, name, block.fmt, decimal)
