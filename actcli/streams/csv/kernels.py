"""The choice between the kernels: the fast one where it can be used, the row kernel everywhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from actcli.streams.csv import blocks
from actcli.streams.csv.block_tokenizer import last_row_end
from actcli.streams.csv.blocks import Block, BlockResult, Kernel
from actcli.streams.csv.cells import appears_in_numbers
from actcli.streams.csv.plan import FilterOptions, Plan, Transform
from actcli.streams.csv.row_kernel import RowKernel

__all__ = ["Kernels"]

_UNDIVIDED_BYTES = 1 << 14
"""An irregular block up to this size goes to the row kernel as a whole."""
_PATIENCE_BYTES = 1 << 20
"""How many more bytes may be irregular than regular before the fast kernel pauses."""
_PAUSE_BYTES = 1 << 23
"""How many bytes go to the row kernel then."""


class Kernels:
    """The two kernels of one file.

    rows      the row kernel
    has_fast  whether the options and the transform allow the fast kernel
    """

    def __init__(self, name: str, plan: Plan, options: FilterOptions, transform: Transform) -> None:
        self._plan = plan
        self._options = options
        self._transform = transform
        self.rows = RowKernel(name, plan, options, transform)
        self._fast: Kernel | None = None
        self._patience = _PATIENCE_BYTES
        self._pause = 0
        # The fast kernel writes csv or plain, with the shortest digits, none of which need quotes.
        unquoted = options.format == "csv" and not appears_in_numbers(options.delimiter)
        has_digits = transform.format_results is None and not transform.fmt.in_bits and options.decimal == "."
        can_write = (unquoted or options.format == "plain") and has_digits
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
