"""Columns of numbers out of a CSV file, block by block, for those who only read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from actcli.errors import DataError
from actcli.streams.csv.column_parser import Numbers, read_numbers
from actcli.streams.csv.plan import FilterOptions, Plan, Transform, make_plan, non_numeric_error, ragged_row_error
from actcli.streams.csv.row_reader import Record, Rows, delimiter_byte, split

if TYPE_CHECKING:
    from actcli.number_formats import Format
    from actcli.streams.files import Readable

__all__ = ["ColumnBlock", "non_numeric_cell_error", "read_columns"]


class ColumnBlock(NamedTuple):
    """Some rows: the names of the chosen columns, the line where each row begins, the columns, the raw rows."""

    names: list[str]
    lines: list[int]
    columns: list[Numbers]
    records: list[Record]
    layout: Plan


def read_columns(
    source: Readable, options: FilterOptions, fmt: Format, progress: Callable[[int], None] | None = None
) -> Iterator[ColumnBlock]:
    """The columns that `options` choose, read as numbers of `fmt`; lines with nothing on them are no rows.

    Raises UsageFault if the options do not fit the file and DataError at an uneven row or where Rows does, once the
    rows before it have been handed out.
    """
    delimiter = delimiter_byte(options.delimiter)
    nothing = Transform(lambda x: x[:, :0], lambda names: [], is_vector=True, fmt=fmt)
    waiting: list[Record] = []
    layout: Plan | None = None
    for block in Rows(source, delimiter):
        records = list(split(block, delimiter))
        if layout is None:
            waiting += records
            records = waiting
            layout = make_plan(waiting, False, options, nothing, source.name)
        if layout is not None:
            yield from _pieces(records, layout, fmt, source.name)
        if progress is not None:
            progress(source.position)
    if layout is None:
        layout = make_plan(waiting, True, options, nothing, source.name)
        if layout is not None:
            yield from _pieces(waiting, layout, fmt, source.name)


def _pieces(records: list[Record], layout: Plan, fmt: Format, name: str) -> Iterator[ColumnBlock]:
    rows = [record for record in records if record.body and record is not layout.head]
    faulty = next((i for i, row in enumerate(rows) if len(row.cells) != layout.width), len(rows))
    good = rows[:faulty]
    if good:
        columns = [read_numbers([row.cells[c] for row in good], fmt) for c in layout.chosen]
        names = [layout.keys[c] for c in layout.chosen]
        yield ColumnBlock(names, [row.line for row in good], columns, good, layout)
    if faulty < len(rows):
        raise ragged_row_error(rows[faulty], layout.width, layout.header, name)


def non_numeric_cell_error(piece: ColumnBlock, name: str) -> DataError | None:
    """The fault of the first cell that is no number; None if there is none."""
    bad = np.column_stack([column.bad for column in piece.columns])
    if not bad.any():
        return None
    row = int(np.argmax(bad.any(axis=1)))
    column = piece.layout.chosen[int(np.argmax(bad[row]))]
    return non_numeric_error(piece.records[row], column, piece.layout.header, name)
