"""Where the cells of many rows stand, found with array operations: for rows that are as regular as most are.

What is unusual (a quote inside a bare cell, a row of another width, a blank line, a CR that ends no row) is not
read here at all: None says so, and `records` reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Places = NDArray[np.int64]

__all__ = ["Cells", "last_row_end", "tokenise"]

_QUOTE, _LF, _CR = b'"\n\r'
_TRIES = 100
"""How many line ends inside quotes are stepped over to find the last row's end."""


class Cells(NamedTuple):
    """Where cells stand: column c of row r is the bytes from starts(c)[r] up to ends[r, c], quotes and all."""

    ends: Places
    first: Places
    """Where each row begins."""
    lines: int
    """How many line ends there are, in quotes too."""

    def starts(self, column: int) -> Places:
        return self.ends[:, column - 1] + 1 if column else self.first


def last_row_end(data: bytes) -> int:
    """Where the last whole row of `data` ends, if its quotes only open and close cells; 0 if that is hard to say."""
    end = data.rfind(b"\n") + 1
    if b'"' not in data:
        return end
    quotes = np.frombuffer(data, np.uint8) == _QUOTE
    inside = np.count_nonzero(quotes[:end]) % 2
    for _ in range(_TRIES):
        if not inside:
            return end
        end, last = data.rfind(b"\n", 0, end - 1) + 1, end
        inside = (inside + np.count_nonzero(quotes[end:last])) % 2
    return 0


def tokenise(data: Bytes, delimiter: int, width: int) -> Cells | None:
    """The cells of `data`, whole rows of `width` cells, each ended by LF or CRLF; None if they are not regular."""
    special = data == _LF
    special |= data == delimiter
    special |= data == _QUOTE
    places = np.flatnonzero(special)
    kinds = data[places]
    quotes, lines = kinds == _QUOTE, kinds == _LF
    count = np.count_nonzero(lines)
    if quotes.any():
        opening = places[np.flatnonzero(quotes)[::2]]
        before = data[opening - 1]  # of the first byte that is the last one, an LF, as it should be
        if not ((before == delimiter) | (before == _LF) | (before == _QUOTE)).all():
            return None
        outside = ~(np.logical_xor.accumulate(quotes) | quotes)
        places = places.compress(outside)
        lines &= outside

    # Every so many cells a line ends, and nowhere else.
    rows = np.count_nonzero(lines)
    if not rows or rows * width != places.size or places[-1] != data.size - 1:
        return None
    ends = places.reshape(rows, width)
    if not (data[ends[:, -1]] == _LF).all():
        return None
    first = np.empty(rows, np.int64)
    first[0] = 0
    first[1:] = ends[:-1, -1] + 1
    if _has_byte(data, _CR):
        returns = np.flatnonzero(data == _CR)
        if not (data[np.minimum(returns + 1, data.size - 1)] == _LF).all():
            return None
        ends[:, -1] -= data[ends[:, -1] - 1] == _CR
    if width == 1 and (ends[:, 0] == first).any():
        return None
    return Cells(ends, first, int(count))


def _has_byte(data: Any, byte: int) -> bool:
    return bool((data == byte).any())
