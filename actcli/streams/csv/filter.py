"""The CSV filter: rows in, the same rows with computed columns out, each as soon as it is complete.

source -> BlockReader: blocks of whole rows -> Executor: a kernel's results, in order -> sink

FastKernel computes regular blocks with array operations; RowKernel everything else, and reports the errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from actcli.streams.csv.block_reader import block_reader
from actcli.streams.csv.blocks import Block, BlockResult
from actcli.streams.csv.executor import make_executor
from actcli.streams.csv.kernels import Kernels
from actcli.streams.csv.plan import FilterOptions, Plan, Transform, make_plan
from actcli.streams.csv.row_reader import BLANK, Record, comment_pattern, split

if TYPE_CHECKING:
    from actcli.streams.files import Readable, Writable

__all__ = ["Report", "run"]

_MAX_LEAD_BYTES = 1 << 20
"""More blank lines than that do not wait for the first row."""


@dataclass
class Report:
    """The counts of a run: data rows written, cells replaced by nan, rows skipped for a cell, or for their width."""

    rows: int = 0
    replaced: int = 0
    skipped: int = 0
    ragged: int = 0


def run(
    source: Readable,
    sink: Writable,
    transform: Transform,
    options: FilterOptions,
    progress: Callable[[int], None] = lambda position: None,
    is_long: bool = False,
) -> Report:
    """Copy the rows of `source` to `sink` with the columns that `transform` computes.

    All rows that a read completes are written and flushed before the next read. `progress` is called after each block
    with the number of bytes read. A missing value gives missing results, for a vector transform the whole row's.
    `is_long` is for a file of many megabytes, whose reads never wait: a second process may work on it too.

    Raises UsageError, before anything but line ends has been written, if the options do not fit the file (see
    plan.make_plan and row_reader.delimiter_byte). Raises DataError at a non-numeric cell (unless `on_error` is nan or
    skip), a ragged row (unless it is skip), where BlockReader does, and when memory runs out: every row before it has
    then been written.
    """
    filter_run = _Run(source, sink, transform, options, progress, is_long)
    try:
        filter_run.copy()
    except MemoryError:
        raise filter_run.reader.error("not enough memory to go on from here: is a quote unclosed?") from None
    return filter_run.report


class _Run:
    """A run of the filter."""

    def __init__(
        self,
        source: Readable,
        sink: Writable,
        transform: Transform,
        options: FilterOptions,
        progress: Callable[[int], None],
        is_long: bool,
    ) -> None:
        self._source = source
        self._sink = sink
        self._transform = transform
        self._options = options
        self._progress = progress
        self._is_long = is_long
        self.reader = block_reader(source, options, is_file=is_long)
        self._blocks = iter(self.reader)
        self.report = Report()

    def copy(self) -> None:
        """Copy all rows."""
        plan, records = self._read_head()
        if plan is None:
            self._sink.write(b"[]\n" if self._options.format == "json" else b"")
            self._sink.flush()
            return
        kernels = Kernels(self._source.name, plan, self._options, self._transform)
        self._sink.write(kernels.rows.header())
        self._write(kernels.rows.convert(iter(records)))
        with closing(make_executor(kernels.fast, self._is_long and kernels.has_fast)) as executor:
            for block, result in executor.map(self._blocks):
                for output in kernels.slow(block) if result is None else [result]:
                    self._write(output)
        self._sink.write(kernels.rows.footer())
        self._sink.flush()

    def _write(self, result: BlockResult) -> None:
        self.report.rows += result.rows
        self.report.replaced += result.replaced
        self.report.skipped += result.skipped
        self.report.ragged += result.ragged
        self._transform.on_undecided(result.undecided)
        self._sink.write(result.data)
        self._sink.flush()
        if result.error is not None:
            raise result.error
        self._progress(self._source.position)

    def _read_head(self) -> tuple[Plan | None, list[Record]]:
        """Read as many blocks as the plan depends on, and write what precedes the first row.

        Returns the plan, None for a source without rows, and the records read after the header.
        """
        lead: bytes | None = None  # what precedes the first row; what precedes all blocks is known once there is one
        records: list[Record] = []
        plan: Plan | None = None
        for block in self._blocks:
            if lead is None:
                lead = self.reader.lead
                self._options = replace(self._options, delimiter=self.reader.delimiter.decode())
            if not records:
                passed, block = _split_leading_lines(block, self._options)
                lead += passed
                if len(lead) > _MAX_LEAD_BYTES:
                    self._write_lead(lead)
                    lead = b""
            records += split(block, self.reader.delimiter, self._options.comment)
            plan = make_plan(records, False, self._options, self._transform, self._source.name)
            if plan is not None:
                break
            self._progress(self._source.position)
        else:
            plan = make_plan(records, True, self._options, self._transform, self._source.name)
        self._write_lead(self.reader.lead if lead is None else lead)
        return plan, records if plan is None or plan.header_record is None else records[1:]

    def _write_lead(self, lead: bytes) -> None:
        if self._options.format == "csv":
            self._sink.write(lead)


def _split_leading_lines(block: Block, options: FilterOptions) -> tuple[bytes, Block]:
    """Return the blank lines and comments that a block starts with, and the rest of it."""
    data = bytes(block.data)
    delimiter = options.delimiter.encode()
    lines = rb"(?:[ \t\r]*+\n)++|[ \t]++\Z" if delimiter == BLANK else rb"[\r\n]++"
    if options.comment:
        lines += rb"|%b[^\n]*+(?:\n|\Z)" % comment_pattern(options.comment, delimiter).pattern
    passed = re.compile(rb"(?:%b)*+" % lines, re.MULTILINE).match(data)
    end = 0 if passed is None else passed.end()
    return data[:end], Block(block.line + data.count(b"\n", 0, end), data[end:])
