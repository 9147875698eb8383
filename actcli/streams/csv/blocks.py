"""What travels through the CSV filter: blocks of whole rows, and the results that kernels make of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from actcli.errors import DataError

__all__ = ["FAST_BLOCK_BYTES", "Block", "BlockResult", "Kernel", "concatenate"]

FAST_BLOCK_BYTES = 1 << 15
"""From this size on the fast kernel takes less time for a block than the row kernel."""


class Block(NamedTuple):
    """Whole rows.

    line        the 1-based physical line where the first row starts
    data        the bytes of the rows
    is_regular  whether quotes only open, close and escape in quoted cells, and every CR precedes an LF
    """

    line: int
    data: bytes | memoryview
    is_regular: bool = False


class BlockResult(NamedTuple):
    """The output of a block.

    data       the bytes to write (bytes or a memoryview)
    rows       the number of data rows in it
    replaced   the number of non-numeric cells that became nan
    skipped    the number of rows left out because of a non-numeric cell
    undecided  the number of undecided results that Transform.pure counted
    error      the error to raise after writing `data`: that of the row after it
    ragged     the number of rows left out because of their number of cells
    """

    data: bytes | memoryview
    rows: int
    replaced: int = 0
    skipped: int = 0
    undecided: int = 0
    error: DataError | None = None
    ragged: int = 0


Kernel = Callable[[Block], BlockResult | None]
"""Computes the output of a block; None if it cannot process the block."""


def concatenate(results: list[BlockResult]) -> BlockResult:
    """Return the result of consecutive parts of a block, of which only the last may have an error."""
    if len(results) == 1:
        return results[0]
    data, rows, replaced, skipped, undecided, errors, ragged = zip(*results, strict=True)
    joined = b"".join(data)
    return BlockResult(joined, sum(rows), sum(replaced), sum(skipped), sum(undecided), errors[-1], sum(ragged))
