"""The first step of the CSV pipeline: bytes as they are read -> blocks of whole rows.

Rows end where RFC 4180 and Python's csv module say: at an LF or CRLF outside quotes. A quote opens a cell only as
its first byte and is an ordinary byte elsewhere.

Why the cuts are correct: in data that starts at a row start, number the quotes from 0. If every quote with an even
number stands at the start of a cell or directly after another quote, then by induction the even ones open a quoted
cell, or continue it as the second half of an escaped pair, and the odd ones close it. An LF with an even number of
quotes before it is then outside quotes, so it ends a row. `regular_row_end` checks the condition with array
operations; where it fails, `_scan` follows the quotes one by one for a few KB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from actcli.errors import DataError
from actcli.streams.csv import blocks
from actcli.streams.csv.block_tokenizer import regular_row_end
from actcli.streams.csv.blocks import Block
from actcli.streams.csv.preamble import read_preamble
from actcli.streams.csv.row_reader import comment_pattern, delimiter_byte

if TYPE_CHECKING:
    from actcli.streams.csv.plan import FilterOptions
    from actcli.streams.files import Readable

__all__ = ["BlockReader", "block_reader"]

_FIRST_BLOCK_BYTES = 1 << 12
"""Enough for most headers: the first block goes through the row kernel."""
_MAX_BLOCK_BYTES = 1 << 20
_GROWTH = 16
"""Factor from the size limit of one block to that of the next, while rows are regular."""
_MAX_BLOCK_ROWS = 1 << 14
"""Approximate: with a new column, blocks of very short rows grow to many times their size."""
_MAX_ROW_BYTES = 20_000_000
"""A row is copied up to five times on its way, so that a run takes at most some 130 MB."""
_IRREGULAR_BYTES = 1 << 13
"""How many bytes are scanned quote by quote after an irregular one, before array operations are tried again."""
_LONE_CR = re.compile(rb"\r(?!\n)")
_LONE_CR_ERROR = "bare CR: line endings must be LF or CRLF (tr '\\r' '\\n' converts lines that end in CR)"


class BlockReader:
    """An iterator over the blocks of a source: all rows that a read completed, before the next read.

    is_file     whether reads never wait, so that a few rows may wait for the next read to make a larger block
    comment     what lines that are no rows begin with; b"" for none. Their quotes are ordinary bytes
    skip_lines  how many lines at the start are no rows
    takes_sep   whether a first line `sep=;` sets the delimiter

    Iterating raises DataError at an unclosed quote, a bare CR, a row above 20 MB, after the blocks before it.
    """

    lead: bytes
    """What precedes the rows, which is in no block; known as soon as the first block is."""

    delimiter: bytes
    """The delimiter of the file; final as soon as the first block is there."""

    def __init__(
        self,
        source: Readable,
        delimiter: bytes,
        is_file: bool = False,
        *,
        comment: bytes = b"",
        skip_lines: int = 0,
        takes_sep: bool = False,
    ) -> None:
        self.lead = b""
        self.delimiter = delimiter
        self._source = source
        self._is_file = is_file
        self._comment_start = comment
        self._comment: re.Pattern[bytes] | None = None  # known with the delimiter
        self._skip_lines = skip_lines
        self._takes_sep = takes_sep
        self._line = 1
        self._limit = _FIRST_BLOCK_BYTES
        self._buffer = bytearray()  # starts where a row starts
        self._scanned = 0  # how far `_scan` has got
        self._quoted = False  # whether that position is inside quotes
        self._bare_from = 0  # where the part outside quotes that holds that position starts

    def __iter__(self) -> Iterator[Block]:
        ended = not self._read_start()
        while True:
            while self._buffer and (ended or not self._is_file or len(self._buffer) >= blocks.FAST_BLOCK_BYTES):
                end, is_regular, error = self._next_rows(ended)
                if end:
                    yield self._take(end, is_regular)
                if error:
                    raise self.error(error)
                if not end:
                    break
            if ended:
                return
            piece = self._source.read_some()
            self._buffer += piece
            ended = not piece

    def error(self, message: str) -> DataError:
        """Return the error of the first row that is in no block yet."""
        return DataError(f"{self._source.name}:{self._line}: {message}")

    def _read_start(self) -> bool:
        """Read what precedes the rows, and set it aside. False if that was the whole source."""
        preamble = read_preamble(self._source, self._skip_lines)
        self.lead = preamble.lead
        self._line += preamble.lead.count(b"\n")
        self._buffer += preamble.rest
        if preamble.delimiter and self._takes_sep:
            self.delimiter = delimiter_byte(preamble.delimiter.decode("latin-1"))
        if self._comment_start:
            self._comment = comment_pattern(self._comment_start, self.delimiter)
        return not preamble.ended

    def _take(self, end: int, is_regular: bool) -> Block:
        """Remove the first `end` bytes from the buffer as a block."""
        with memoryview(self._buffer) as buffer:
            block = Block(self._line, bytes(buffer[:end]), is_regular)
        del self._buffer[:end]
        self._line += int(np.count_nonzero(np.frombuffer(block.data, np.uint8) == ord("\n")))
        self._limit = min(_GROWTH * self._limit, _MAX_BLOCK_BYTES) if is_regular else _min_limit()
        self._scanned, self._quoted, self._bare_from = 0, False, 0
        return block

    def _next_rows(self, ended: bool) -> tuple[int, bool, str]:
        """Return where the whole rows of the next block end, whether they are regular, and the error after them.

        The end is 0 if the buffer holds no whole row.
        """
        size = len(self._buffer)
        most = min(size, _MAX_ROW_BYTES)
        stop = most
        # The scan continues unless at least half of the bytes are new, so that the work stays linear.
        if 2 * self._scanned <= most:
            self._scanned, self._quoted, self._bare_from = 0, False, 0
            stop = min(self._limit, self._bytes_of_many_rows())
            if most - stop < blocks.FAST_BLOCK_BYTES:
                stop = most  # what remained would be too small for the fast kernel
            reach = self._regular_reach(most)
            stop = min(stop, reach)
            end, regular_end = regular_row_end(self._buffer, stop, ord(self.delimiter)) if stop else (0, 0)
            while not end and regular_end == stop < reach:
                stop = min(2 * stop, reach)
                end, regular_end = regular_row_end(self._buffer, stop, ord(self.delimiter))
            if end:
                return end, True, ""
            stop = min(stop if regular_end < stop else most, regular_end + _IRREGULAR_BYTES)
        end, error = self._scan(stop, ended and stop == size)
        while not end and not error and stop < most:
            stop = min(2 * stop, most)
            end, error = self._scan(stop, ended and stop == size)
        if not end and not error and size > _MAX_ROW_BYTES:
            error = "a row of more than 20 MB" + (": is a quote unclosed?" if self._quoted else "")
        return end, self._buffer.find(b'"', 0, end) < 0, error

    def _regular_reach(self, most: int) -> int:
        """Return how far into buffer[:most] the rows may be regular: up to the first comment, if there are quotes."""
        if self._comment is None or self._buffer.find(b'"', 0, most) < 0:
            return most
        first = self._comment.search(self._buffer, 0, most)
        return most if first is None else first.start()

    def _bytes_of_many_rows(self) -> int:
        """Return how many bytes hold about as many rows as a block may, given the first rows."""
        rows = self._buffer.count(b"\n", 0, blocks.FAST_BLOCK_BYTES)
        return max(_min_limit(), blocks.FAST_BLOCK_BYTES * (_MAX_BLOCK_ROWS // max(1, rows)))

    def _scan(self, stop: int, is_end: bool) -> tuple[int, str]:
        """Follow the quotes up to `stop`; return where the last whole row ends, and the error of the next or ""."""
        buffer = self._buffer
        end = 0
        while True:
            if self._quoted:
                quote = buffer.find(b'"', self._scanned, stop)
                self._scanned = stop if quote < 0 else quote
                if quote < 0 or (quote + 1 == stop and not is_end):
                    break
                self._quoted = buffer[quote + 1 : quote + 2] == b'"'
                self._scanned += 2 if self._quoted else 1
                self._bare_from = self._scanned
            else:
                start, quote = self._scanned, self._opening_quote(stop)
                bare_end = stop if quote < 0 else quote
                if bare_end == stop and buffer[stop - 1 : stop] == b"\r" and not is_end:
                    bare_end -= 1  # an LF may follow
                if buffer.count(b"\r", start, bare_end) != buffer.count(b"\r\n", start, bare_end):
                    lone = _LONE_CR.search(buffer, start, bare_end)
                    assert lone is not None
                    return max(end, buffer.rfind(b"\n", start, lone.start()) + 1), _LONE_CR_ERROR
                end = max(end, buffer.rfind(b"\n", start, bare_end) + 1)
                self._scanned = bare_end
                if quote < 0:
                    break
                self._quoted = True
                self._scanned += 1
        if is_end:
            return (end, "unclosed quote") if self._quoted else (stop, "")
        return end, ""

    def _opening_quote(self, stop: int) -> int:
        """Return where the next quote that opens a cell stands, from `_scanned` on; -1 if there is none."""
        buffer = self._buffer
        before = b" \t\n" if self.delimiter == b" " else self.delimiter + b"\n"
        quote = buffer.find(b'"', self._scanned, stop)
        while quote > 0 and (buffer[quote - 1] not in before or self._is_in_comment(quote)):
            quote = buffer.find(b'"', quote + 1, stop)
        return -1 if quote == 0 and self._is_in_comment(quote) else quote

    def _is_in_comment(self, at: int) -> bool:
        """Return whether a position outside quotes is in a comment."""
        if self._comment is None:
            return False
        start = self._buffer.rfind(b"\n", self._bare_from, at) + 1
        # A line that starts inside quotes is no comment.
        return (start > 0 or self._bare_from == 0) and self._comment.match(self._buffer, start, at + 1) is not None


def block_reader(source: Readable, options: FilterOptions, is_file: bool = False) -> BlockReader:
    """Return the reader of a source whose dialect the options describe."""
    return BlockReader(
        source,
        delimiter_byte(options.delimiter),
        is_file,
        comment=options.comment,
        skip_lines=options.skip_lines,
        takes_sep=options.takes_sep,
    )


def _min_limit() -> int:
    """Return a size limit that leaves enough for the fast kernel when the block is cut at a row end."""
    return blocks.FAST_BLOCK_BYTES * 3 // 2
