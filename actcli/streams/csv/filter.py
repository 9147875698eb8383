"""The CSV filter: rows in, the same rows with new numbers out, each as soon as it is there.

read -> Rows: blocks of whole rows -> split: records -> read_numbers: arrays -> Transform -> rendering: bytes
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import compress, islice
from typing import TYPE_CHECKING

import numpy as np

from actcli.errors import DataError
from actcli.streams.csv.block_scheduler import Ahead
from actcli.streams.csv.cells import in_numbers
from actcli.streams.csv.column_parser import gaps, read_numbers
from actcli.streams.csv.plan import FilterOptions, Plan, Transform, make_plan, non_numeric_error, ragged_row_error
from actcli.streams.csv.row_reader import Block, Record, Rows, delimiter_byte, split
from actcli.streams.csv.row_writers import rendering

if TYPE_CHECKING:
    from actcli.number_formats import Bools, Floats
    from actcli.streams.csv.fast_path import BlockResult
    from actcli.streams.csv.worker import Crew
    from actcli.streams.files import Readable, Writable

__all__ = ["FilterOptions", "Report", "Transform", "run"]

_BATCH = 1 << 13
_LONG_LEAD = 1 << 20
"""More bytes of lines with nothing on them do not wait for the first row."""


@dataclass
class Report:
    """What a run did: the rows of data that went out, the cells that became nan, and the rows left out."""

    rows: int = 0
    replaced: int = 0
    skipped: int = 0


def run(
    source: Readable,
    sink: Writable,
    transform: Transform,
    options: FilterOptions,
    progress: Callable[[int], None] | None = None,
    long: bool = False,
) -> Report:
    """Copy the rows of `source` to `sink` with the columns that `transform` computes.

    Whatever rows a read completes are written and flushed before the next read. `progress` is called after
    each block with the bytes read so far. A missing value gives missing values; in a joint transform all of
    the row's. `long` is for a file of many megabytes whose reads never wait: another process may work on it too.

    Raises UsageFault, before anything but line ends has gone out, if the options do not fit the file (see
    layout.settle and records.delimiter_byte). Raises DataError at a cell that is no number (unless `on_error` says
    otherwise), an uneven row, and where Rows does: every row before it has then gone out whole.
    """
    delimiter = delimiter_byte(options.delimiter)
    ahead = Ahead(source, steady=long)
    rows = Rows(ahead, delimiter)
    report = Report()
    before = bytearray()  # what stands before the first row: a BOM and line ends
    started = False
    waiting: list[Record] = []
    work: _Work | None = None
    tell = progress or (lambda position: None)

    def write(made: BlockResult) -> None:
        report.rows += made.rows
        report.replaced += made.replaced
        report.skipped += made.skipped
        transform.on_undecided(made.undecided)
        sink.write(made.data)
        sink.flush()
        tell(source.position)

    with closing(ahead), _in_memory(rows):
        for block in rows:
            if work is not None:
                for some in _batches(split(block, delimiter)):
                    work.write(some)
            else:
                if not started:
                    before += rows.bom
                    started = True
                if not waiting:
                    lead, block = _led(block)
                    before += lead
                    if len(before) > _LONG_LEAD and options.format == "csv":
                        sink.write(bytes(before))
                        before.clear()
                waiting += split(block, delimiter)
                layout = make_plan(waiting, False, options, transform, source.name)
                if layout is not None:
                    work = _Work(source.name, sink, transform, options, layout, report)
                    work.begin(bytes(before), waiting)
                    if _goes_quickly(options, transform):
                        ahead.begin(rows, partial(_crew, layout, options, transform, long), write)
            tell(source.position)
    if work is None:
        layout = make_plan(waiting, True, options, transform, source.name)
        if layout is not None:
            _Work(source.name, sink, transform, options, layout, report).begin(bytes(before), waiting)
        elif options.format == "csv":
            sink.write(bytes(before) if started else rows.bom)
            sink.flush()
    return report


@contextmanager
def _in_memory(rows: Rows) -> Iterator[None]:
    """Name the place in the file where memory runs out: what is there may well be the reason."""
    try:
        yield
    except MemoryError:
        raise rows.fault("not enough memory to go on from here: is a quote unclosed?") from None


def _led(block: Block) -> tuple[bytes, Block]:
    """The lines with nothing on them that a block begins with, and the rest of it."""
    rest = block.data.lstrip(b"\r\n")
    lead = block.data[: len(block.data) - len(rest)]
    return lead, Block(block.line + lead.count(b"\n"), rest)


def _batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    """Not too many at a time, as a block may be nothing but line ends."""
    while some := list(islice(records, _BATCH)):
        yield some


def _goes_quickly(options: FilterOptions, transform: Transform) -> bool:
    """Whether blocks can be done in arrays: to CSV or plain, with shortest digits that need no quotes."""
    bare = options.format == "plain" or (options.format == "csv" and not in_numbers(options.delimiter))
    return bare and transform.format_results is None and not transform.row_order_matters and sys.byteorder == "little"


def _crew(layout: Plan, options: FilterOptions, transform: Transform, many: bool) -> Crew:
    from actcli.streams.csv.fast_path import FastKernel
    from actcli.streams.csv.worker import hire

    return hire(FastKernel(layout, options, transform).rows, many)


class _Work:
    """The work on rows whose layout is settled."""

    def __init__(
        self,
        name: str,
        sink: Writable,
        transform: Transform,
        options: FilterOptions,
        layout: Plan,
        report: Report,
    ) -> None:
        self._name = name
        self._sink = sink
        self._transform = transform
        self._options = options
        self._layout = layout
        self._report = report
        self._rendering = rendering(layout, options)

    def begin(self, before: bytes, records: list[Record]) -> None:
        """Write the first rows: what stands before them, the header if there is one, and what came after it so far."""
        if self._options.format == "csv":
            self._sink.write(before)
        head = self._layout.head
        if head is not None:
            self._sink.write(self._rendering.head())
            records = records[1:]
        self.write(records)

    def write(self, records: list[Record]) -> None:
        """Compute and write `records`; if one is faulty those before it, and then raise."""
        records, fault = self._even(records)
        data = [record for record in records if record.body]
        numbers = [read_numbers([r.cells[c] for r in data], self._transform.fmt) for c in self._layout.chosen]
        values = np.column_stack([column.values for column in numbers])
        missing = np.column_stack([column.missing for column in numbers])
        bad = np.column_stack([column.bad for column in numbers])

        faulty = bad.any(axis=1)
        if self._options.on_error == "nan":
            self._report.replaced += int(bad.sum())
        elif faulty.any():
            keep = np.logical_not(faulty)
            if self._options.on_error == "skip":
                self._report.skipped += int(faulty.sum())
            else:
                first = int(np.argmax(faulty))
                fault = self._no_number(data[first], int(np.argmax(bad[first])))
                records = records[: records.index(data[first])]
                keep[first:] = False
            data = list(compress(data, keep.tolist()))
            values, missing, bad = values[keep], missing[keep], bad[keep]

        rows = self._rendering.rows(data, self._outputs(values, missing, bad))
        if len(data) < len(records):
            rows = self._with_blanks(records, data, rows)
        self._report.rows += len(data)
        self._sink.write(b"".join(rows))
        self._sink.flush()
        if fault is not None:
            raise fault

    def _even(self, records: list[Record]) -> tuple[list[Record], DataError | None]:
        """`records` up to the first that has not as many cells as the others, and the fault of that one."""
        width = self._layout.width
        for i, record in enumerate(records):
            if len(record.cells) != width and record.body:
                return records[:i], ragged_row_error(record, width, self._layout.header, self._name)
        return records, None

    def _no_number(self, record: Record, place: int) -> DataError:
        return non_numeric_error(record, self._layout.chosen[place], self._layout.header, self._name)

    def _outputs(self, values: Floats, missing: Bools, bad: Bools) -> list[list[str]]:
        """The digits of every output, column by column; "" for a missing one."""
        names = self._layout.new
        if not len(values):
            return [[] for _ in names]
        transform = self._transform
        spell = transform.format_results or transform.fmt.write_all
        missing, bad = gaps(missing, bad, len(names), transform.is_vector, self._options.replace)
        columns = []
        for i, result in enumerate(np.where(bad, np.nan, transform.apply(values)).T):
            texts = spell(result)
            for row in np.flatnonzero(missing[:, i]).tolist():
                texts[row] = ""
            columns.append(texts)
        return columns

    def _with_blanks(self, records: list[Record], data: list[Record], rows: list[bytes]) -> list[bytes]:
        """`rows`, which are those of `data`, and the blank lines of `records` between them."""
        lines = {record.line: row for record, row in zip(data, rows, strict=True)}
        return [lines.get(record.line, b"") if record.body else self._rendering.blank(record) for record in records]
