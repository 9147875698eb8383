"""The CSV filter: rows in, the same rows with computed columns out, each as soon as it is complete.

source -> BlockReader: blocks of whole rows -> Executor: a kernel's results, in order -> sink

FastKernel computes regular blocks with array operations; RowKernel everything else, and reports the errors.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from actcli.streams.csv import blocks
from actcli.streams.csv.block_reader import BlockReader
from actcli.streams.csv.block_tokenizer import last_row_end
from actcli.streams.csv.blocks import Block, BlockResult, Kernel
from actcli.streams.csv.cells import appears_in_numbers
from actcli.streams.csv.executor import make_executor
from actcli.streams.csv.plan import FilterOptions, Plan, Transform, make_plan
from actcli.streams.csv.row_kernel import RowKernel
from actcli.streams.csv.row_reader import Record, delimiter_byte, split

if TYPE_CHECKING:
    from actcli.streams.files import Readable, Writable

__all__ = ["FilterOptions", "Report", "Transform", "run"]

_MAX_LEAD_BYTES = 1 << 20
"""More blank lines than that do not wait for the first row."""
_UNDIVIDED_BYTES = 1 << 14
"""An irregular block up to this size goes to the row kernel as a whole."""
_PATIENCE_BYTES = 1 << 20
"""How many more bytes may be irregular than regular before the fast kernel pauses."""
_PAUSE_BYTES = 1 << 23


@dataclass
class Report:
    """The counts of a run: data rows written, cells replaced by nan, rows skipped."""

    rows: int = 0
    replaced: int = 0
    skipped: int = 0


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
    skip), a ragged row, and where BlockReader does: every row before it has then been written completely.
    """
    delimiter = delimiter_byte(options.delimiter)
    reader = BlockReader(source, delimiter, is_file=is_long)
    row_blocks = iter(reader)
    report = Report()

    def write(result: BlockResult) -> None:
        report.rows += result.rows
        report.replaced += result.replaced
        report.skipped += result.skipped
        transform.on_undecided(result.undecided)
        sink.write(result.data)
        sink.flush()
        if result.error is not None:
            raise result.error
        progress(source.position)

    plan, records = _read_head(source, reader, row_blocks, sink, transform, options, progress)
    if plan is None:
        return report
    kernels = _Kernels(plan, options, transform, RowKernel(source.name, plan, options, transform))
    sink.write(kernels.rows.header())
    write(kernels.rows.convert(iter(records)))
    with closing(make_executor(kernels.fast, is_long and kernels.has_fast)) as executor:
        for block, result in executor.map(row_blocks):
            for output in kernels.slow(block) if result is None else [result]:
                write(output)
    return report


def _read_head(
    source: Readable,
    reader: BlockReader,
    row_blocks: Iterator[Block],
    sink: Writable,
    transform: Transform,
    options: FilterOptions,
    progress: Callable[[int], None],
) -> tuple[Plan | None, list[Record]]:
    """Read as many blocks as the plan depends on, and write the BOM and the blank lines before the first row.

    Returns the plan, None for a source without rows, and the records read after the header.
    """
    delimiter = delimiter_byte(options.delimiter)
    lead: bytes | None = None  # the BOM and the blank lines; the BOM is known once there is a block
    records: list[Record] = []
    plan: Plan | None = None
    for block in row_blocks:
        lead = reader.bom if lead is None else lead
        if not records:
            blank, block = _split_blank_lines(block)
            lead += blank
            if len(lead) > _MAX_LEAD_BYTES:
                if options.format == "csv":
                    sink.write(lead)
                lead = b""
        records += split(block, delimiter)
        plan = make_plan(records, False, options, transform, source.name)
        if plan is not None:
            break
        progress(source.position)
    else:
        plan = make_plan(records, True, options, transform, source.name)
    if options.format == "csv":
        sink.write(reader.bom if lead is None else lead)
    if plan is None:
        sink.flush()
    return plan, records if plan is None or plan.header_record is None else records[1:]


def _split_blank_lines(block: Block) -> tuple[bytes, Block]:
    """Return the blank lines that a block starts with, and the rest of it."""
    data = bytes(block.data)
    rest = data.lstrip(b"\r\n")
    lead = data[: len(data) - len(rest)]
    return lead, Block(block.line + lead.count(b"\n"), rest)


class _Kernels:
    """The fast kernel where it can be used, the row kernel everywhere else.

    has_fast  whether the options and the transform allow the fast kernel
    """

    def __init__(self, plan: Plan, options: FilterOptions, transform: Transform, rows: RowKernel) -> None:
        self._plan = plan
        self._options = options
        self._transform = transform
        self.rows = rows
        self._fast: Kernel | None = None
        self._patience = _PATIENCE_BYTES
        self._pause = 0
        # The fast kernel writes csv or plain, with the shortest digits, none of which need quotes.
        unquoted = options.format == "csv" and not appears_in_numbers(options.delimiter)
        can_write = (unquoted or options.format == "plain") and transform.format_results is None
        self.has_fast = can_write and not transform.row_order_matters and sys.byteorder == "little"

    def fast(self, block: Block) -> BlockResult | None:
        """Return the fast kernel's result; None if it cannot process the block, would be slower, or has paused."""
        return self._try(block) if self._suits(block) and self._pause <= 0 else None

    def slow(self, block: Block) -> Iterator[BlockResult]:
        """Yield the results of a block that the fast kernel as a whole cannot process.

        Irregular rows are isolated by halving the block. After many of them the fast kernel pauses.
        """
        if self._suits(block) and self._pause <= 0:
            yield from self._halves(block)
        else:
            self._pause -= len(block.data)
            yield self.rows(block)

    def _suits(self, block: Block) -> bool:
        return self.has_fast and block.is_regular and len(block.data) >= blocks.FAST_BLOCK_BYTES

    def _try(self, block: Block) -> BlockResult | None:
        if self._fast is None:
            from actcli.streams.csv.fast_path import FastKernel  # late: most files are small

            self._fast = FastKernel(self._plan, self._options, self._transform)
        try:
            result = self._fast(block)
        except MemoryError:
            return None  # the row kernel needs less
        if result is not None:
            self._patience = min(self._patience + len(block.data), _PATIENCE_BYTES)
        return result

    def _halves(self, block: Block) -> Iterator[BlockResult]:
        size = len(block.data)
        middle = last_row_end(block.data, size // 2) if size > _UNDIVIDED_BYTES else 0
        if not middle:
            self._patience -= size
            if self._patience < 0:
                self._patience, self._pause = 0, _PAUSE_BYTES
            yield self.rows(block)
            return
        first = Block(block.line, block.data[:middle], is_regular=True)
        second = Block(block.line + bytes(first.data).count(b"\n"), block.data[middle:], is_regular=True)
        for part in (first, second):
            result = self._try(part)
            if result is None:
                yield from self._halves(part)
            else:
                yield result
