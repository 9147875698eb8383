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

if TYPE_CHECKING:
    from actcli.streams.files import Readable

__all__ = ["BlockReader"]

_BOM = b"\xef\xbb\xbf"
_OTHER_FORMATS = {
    b"\x1f\x8b": "the data is compressed with gzip: decompress it (zcat FILE | ...), or rename the file to end in .gz",
    b"\xff\xfe\0\0": "the text is UTF-32: convert it (iconv -f utf-32 -t utf-8 FILE | ...)",
    b"\0\0\xfe\xff": "the text is UTF-32: convert it (iconv -f utf-32 -t utf-8 FILE | ...)",
    b"\xff\xfe": "the text is UTF-16: convert it (iconv -f utf-16 -t utf-8 FILE | ...)",
    b"\xfe\xff": "the text is UTF-16: convert it (iconv -f utf-16 -t utf-8 FILE | ...)",
}
"""First bytes of files that are not CSV, with the remedy; longer ones first."""
_FIRST_BLOCK_BYTES = 1 << 12
"""Enough for most headers: the first block goes through the row kernel."""
_MAX_BLOCK_BYTES = 1 << 20
_GROWTH = 16
"""Factor from the size limit of one block to that of the next, while rows are regular."""
_MAX_BLOCK_ROWS = 1 << 14
"""Approximate: with a new column, blocks of very short rows grow to many times their size."""
_MAX_ROW_BYTES = 20 << 20
"""A row is copied up to five times on its way, so that a run takes at most some 130 MB."""
_IRREGULAR_BYTES = 1 << 13
"""How many bytes are scanned quote by quote after an irregular one, before array operations are tried again."""
_LONE_CR = re.compile(rb"\r(?!\n)")
_LONE_CR_ERROR = "bare CR: line endings must be LF or CRLF (tr '\\r' '\\n' converts lines that end in CR)"


class BlockReader:
    """An iterator over the blocks of a source: all rows that a read completed, before the next read.

    is_file  whether reads never wait, so that a few rows may wait for the next read to make a larger block

    Iterating raises DataError at an unclosed quote, a bare CR, a row above 20 MB, after the blocks
    before it; and at once if the first bytes are those of gzip or UTF-16.
    """

    bom: bytes
    """The byte order mark, which is in no block; known as soon as the first block is."""

    def __init__(self, source: Readable, delimiter: bytes, is_file: bool = False) -> None:
        self.bom = b""
        self._source = source
        self._delimiter = delimiter
        self._is_file = is_file
        self._line = 1
        self._limit = _FIRST_BLOCK_BYTES
        self._buffer = bytearray()  # starts where a row starts
        self._scanned = 0  # how far `_scan` has got
        self._quoted = False  # whether that position is inside quotes

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
        """Read enough to identify the first bytes, and set a BOM aside. False if that was the whole source."""
        more = True
        while more and any(
            len(self._buffer) < len(mark) and mark.startswith(self._buffer) for mark in (_BOM, *_OTHER_FORMATS)
        ):
            piece = self._source.read_some()
            self._buffer += piece
            more = bool(piece)
        for mark, remedy in _OTHER_FORMATS.items():
            if self._buffer.startswith(mark):
                raise DataError(f"cannot read '{self._source.name}': {remedy}")
        if self._buffer.startswith(_BOM):
            self.bom = _BOM
            del self._buffer[: len(_BOM)]
        return more

    def _take(self, end: int, is_regular: bool) -> Block:
        """Remove the first `end` bytes from the buffer as a block."""
        with memoryview(self._buffer) as buffer:
            block = Block(self._line, bytes(buffer[:end]), is_regular)
        del self._buffer[:end]
        self._line += int(np.count_nonzero(np.frombuffer(block.data, np.uint8) == ord("\n")))
        self._limit = min(_GROWTH * self._limit, _MAX_BLOCK_BYTES) if is_regular else _min_limit()
        self._scanned, self._quoted = 0, False
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
            self._scanned, self._quoted = 0, False
            stop = min(self._limit, self._bytes_of_many_rows())
            if most - stop < blocks.FAST_BLOCK_BYTES:
                stop = most  # what remained would be too small for the fast kernel
            end, regular_end = regular_row_end(self._buffer, stop, ord(self._delimiter))
            while not end and regular_end == stop < most:
                stop = min(2 * stop, most)
                end, regular_end = regular_row_end(self._buffer, stop, ord(self._delimiter))
            if end:
                return end, True, ""
            stop = min(stop, regular_end + _IRREGULAR_BYTES)
        end, error = self._scan(stop, ended and stop == size)
        while not end and not error and stop < most:
            stop = min(2 * stop, most)
            end, error = self._scan(stop, ended and stop == size)
        if not end and not error and size > _MAX_ROW_BYTES:
            error = "a row of more than 20 MB" + (": is a quote unclosed?" if self._quoted else "")
        return end, self._buffer.find(b'"', 0, end) < 0, error

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
        quote = buffer.find(b'"', self._scanned, stop)
        while quote > 0 and buffer[quote - 1] not in self._delimiter + b"\n":
            quote = buffer.find(b'"', quote + 1, stop)
        return quote


def _min_limit() -> int:
    """Return a size limit that leaves enough for the fast kernel when the block is cut at a row end."""
    return blocks.FAST_BLOCK_BYTES * 3 // 2
