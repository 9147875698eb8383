"""Row ends and cell boundaries of regular rows, found with array operations.

A row with a quote inside a bare cell, a bare CR, another width, or nothing in it is left to the row kernel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Offsets = NDArray[np.int64]

__all__ = ["Cells", "last_row_end", "regular_row_end", "tokenise"]

_QUOTE, _LF, _CR = b'"\n\r'


class Cells(NamedTuple):
    """Cell boundaries: column c of row r is the bytes from its start up to ends[r, c], quotes included.

    ends   where each cell ends, (rows, columns)
    first  where each row starts
    """

    ends: Offsets
    first: Offsets

    def starts(self, columns: Offsets) -> Offsets:
        """Return where the cells of some columns start, (rows, columns)."""
        starts: Offsets = self.ends[:, columns - 1] + 1
        starts[:, columns == 0] = self.first[:, np.newaxis]
        return starts


def regular_row_end(data: bytes | bytearray, stop: int, delimiter: int) -> tuple[int, int]:
    """Return where the last regular row of data[:stop] ends, and where its regular part ends.

    `data` starts at a row start. The regular part extends to `stop`, or to the first quote inside a bare cell, or to
    the first CR without LF. The row end is 0 if no whole row is regular. See block_reader for the proof.
    """
    page = np.frombuffer(data, np.uint8, stop)
    quotes = np.flatnonzero(page == _QUOTE)
    if quotes.size:
        opening = quotes[::2]
        before = page[opening - 1]
        valid = (before == delimiter) | (before == _LF) | (before == _QUOTE)
        valid[0] |= opening[0] == 0
        if not valid.all():
            first = int(np.argmin(valid))
            stop, quotes = int(opening[first]), quotes[: 2 * first]
    if data.find(b"\r", 0, stop) >= 0:
        returns = np.flatnonzero(page[:stop] == _CR)
        valid = page[np.minimum(returns + 1, page.size - 1)] == _LF
        if not valid.all():
            stop = int(returns[np.argmin(valid)])
    return _row_end(data, stop, quotes), stop


def last_row_end(data: bytes | memoryview, stop: int) -> int:
    """Return where the last whole row of data[:stop] ends; 0 if there is none. `data` is a regular block."""
    return _row_end(bytes(data[:stop]), stop, np.flatnonzero(np.frombuffer(data, np.uint8, stop) == _QUOTE))


def _row_end(data: bytes | bytearray, stop: int, quotes: Offsets) -> int:
    """Return the position after the last LF of data[:stop] that has an even number of `quotes` before it, or 0."""
    end = data.rfind(b"\n", 0, stop) + 1
    while end and (before := int(np.searchsorted(quotes, end))) % 2:
        # The LF is inside the cell that this quote opens, as are all between them.
        end = data.rfind(b"\n", 0, int(quotes[before - 1])) + 1
    return end


def tokenise(data: Bytes, delimiter: int, width: int) -> Cells | None:
    """Return the cells of `data`, a regular block; None if a row has not `width` cells, is blank or has no end."""
    special = data == _LF
    special |= data == delimiter
    special |= data == _QUOTE
    offsets = np.flatnonzero(special)
    kinds = data[offsets]
    quotes = kinds == _QUOTE
    if quotes.any():
        outside = ~(np.logical_xor.accumulate(quotes) | quotes)
        offsets, kinds = offsets.compress(outside), kinds.compress(outside)

    # Every `width` cells a line ends, and nowhere else.
    if not offsets.size or offsets.size % width or offsets[-1] != data.size - 1:
        return None
    ends = offsets.reshape(-1, width)
    line_ends = kinds.reshape(-1, width) == _LF
    if not line_ends[:, -1].all() or np.count_nonzero(line_ends) != len(ends):
        return None
    first = np.empty(len(ends), np.int64)
    first[0] = 0
    first[1:] = ends[:-1, -1] + 1
    if (data == _CR).any():
        # Every CR precedes an LF.
        ends[:, -1] -= data[ends[:, -1] - 1] == _CR
    if width == 1 and (ends[:, 0] == first).any():
        return None
    return Cells(ends, first)
