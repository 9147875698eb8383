"""The tokeniser: bytes in any pieces -> blocks of whole rows (`Rows`) -> records (`split`).

Rows and cells are what RFC 4180 and Python's csv module say they are. A quote opens a cell only as its first
byte, and elsewhere is an ordinary one; `""` inside quotes is one quote; what follows the closing quote
belongs to the cell. Rows end in LF or CRLF. All else, NUL and invalid UTF-8 too, is an ordinary byte.

`Rows` alone remembers what came before. It decides where rows end and finds the faults that only it can see
(an unclosed quote, a CR that ends no row), so whoever reads a block can trust it to be whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from actcli.errors import DataError, UsageError
from actcli.text import displayable

if TYPE_CHECKING:
    from actcli.streams.files import Readable

__all__ = ["Block", "Record", "Rows", "delimiter_byte", "split"]

_BOM = b"\xef\xbb\xbf"
_OTHERS = {
    b"\x1f\x8b": "the data is packed with gzip: unpack it (zcat FILE | ...), or read a file whose name ends in .gz",
    b"\xff\xfe": "the text is UTF-16: convert it (iconv -f utf-16 -t utf-8 FILE | ...)",
    b"\xfe\xff": "the text is UTF-16: convert it (iconv -f utf-16 -t utf-8 FILE | ...)",
}
"""What begins in this way is no CSV yet."""
_LONGEST_ROW = 20 << 20
"""What can be held several times over, as a row has to be on its way, in the memory that a run may take."""
_LONE_CR = re.compile(rb"\r(?!\n)")


class Block(NamedTuple):
    """Whole rows: their bytes, and the 1-based physical line where the first begins."""

    line: int
    data: bytes


class Record(NamedTuple):
    """One row, whose exact bytes are body + ending.

    line    the 1-based physical line where it begins
    cells   the raw bytes of its cells, quotes and all: joined by the delimiter they are the body
    ending  LF, CRLF, or nothing for a last row without
    """

    line: int
    body: bytes
    cells: list[bytes]
    ending: bytes


def delimiter_byte(delimiter: str) -> bytes:
    """The delimiter as a byte. UsageFault unless it is one ASCII character other than a quote, CR or LF."""
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n':
        raise UsageError(
            f"the delimiter is one ASCII character other than a quote or a line end, not '{displayable(delimiter)}'"
        )
    return delimiter.encode("ascii")


class Rows:
    """The rows of a source as an iterator of `Block`s: all rows that a read completed, before the next read.

    Iterating raises DataError at an unclosed quote, a CR that ends no row, or a row beyond 20 MB, when every
    row before it has been handed out; and at once where the first bytes say that these are no rows yet.
    """

    bom: bytes
    """The byte order mark, which is in no block: known once the first block is there."""

    def __init__(self, source: Readable, delimiter: bytes) -> None:
        self.bom = b""
        self._source = source
        self._before_opening = delimiter + b"\n"
        self._line = 1
        self._buffer = bytearray()  # begins where a row begins
        self._at = 0  # how far the buffer has been looked through, no byte twice
        self._quoted = False  # whether that point is inside quotes

    def __iter__(self) -> Iterator[Block]:
        ended = not self._read_start()
        while True:
            end, fault = self._look(ended)
            if end:
                with memoryview(self._buffer) as buffer:
                    block = Block(self._line, bytes(buffer[:end]))
                del self._buffer[:end]
                self._at -= end
                self._line += block.data.count(b"\n")
                yield block
            if fault:
                raise self.fault(fault)
            if ended:
                return
            piece = self._source.read_some()
            self._buffer += piece
            ended = not piece

    @property
    def between(self) -> bool:
        """Whether everything that was read is in blocks that have been handed out."""
        return not self._buffer

    def fault(self, said: str) -> DataError:
        """The fault of the row that comes next."""
        return DataError(f"{self._source.name}:{self._line}: {said}")

    def skip(self, lines: int) -> None:
        """Take it that so many lines, whole rows, were there that came from no read."""
        self._line += lines

    def _read_start(self) -> bool:
        """Read enough to tell what the first bytes mean, and set a BOM aside. False if that was all there is."""
        more = True
        while more and any(
            len(self._buffer) < len(mark) and mark.startswith(self._buffer) for mark in (_BOM, *_OTHERS)
        ):
            piece = self._source.read_some()
            self._buffer += piece
            more = bool(piece)
        if said := _OTHERS.get(bytes(self._buffer[:2])):
            raise DataError(f"cannot read '{self._source.name}': {said}")
        if self._buffer.startswith(_BOM):
            self.bom = _BOM
            del self._buffer[: len(_BOM)]
        return more

    def _look(self, ended: bool) -> tuple[int, str]:
        """Look through what is new: where the last whole row ends, and the fault of the next one or ""."""
        buffer = self._buffer
        end = 0
        while True:
            if self._quoted:
                quote = buffer.find(b'"', self._at)
                self._at = len(buffer) if quote < 0 else quote
                if quote < 0 or (quote + 1 == len(buffer) and not ended):
                    break
                self._quoted = buffer[quote + 1 : quote + 2] == b'"'
                self._at += 2 if self._quoted else 1
            else:
                start, quote = self._at, self._opening()
                stop = len(buffer) if quote < 0 else quote
                if stop == len(buffer) and buffer.endswith(b"\r") and not ended:
                    stop -= 1  # an LF may follow
                if buffer.count(b"\r", start, stop) != buffer.count(b"\r\n", start, stop):
                    lone = _LONE_CR.search(buffer, start, stop)
                    assert lone is not None
                    return max(end, buffer.rfind(b"\n", start, lone.start()) + 1), _CR_FAULT
                end = max(end, buffer.rfind(b"\n", start, stop) + 1)
                self._at = stop
                if quote < 0:
                    break
                self._quoted = True
                self._at += 1
        if ended and self._quoted:
            return end, "unclosed quote"
        if len(buffer) - end > _LONGEST_ROW:
            return end, "a row of more than 20 MB" + (": is a quote unclosed?" if self._quoted else "")
        return len(buffer) if ended else end, ""

    def _opening(self) -> int:
        """Where the next quote that opens a cell stands, from `_at` on; -1 if there is none."""
        buffer = self._buffer
        quote = buffer.find(b'"', self._at)
        while quote > 0 and buffer[quote - 1] not in self._before_opening:
            quote = buffer.find(b'"', quote + 1)
        return quote


_CR_FAULT = "a CR that no LF follows: lines end in LF or CRLF (tr '\\r' '\\n' converts lines that end in CR)"


def split(block: Block, delimiter: bytes) -> Iterator[Record]:
    """The records of a block that `Rows` made."""
    if b'"' in block.data:
        return _split_quoted(block, delimiter)
    return _split_plain(block, delimiter)


def _split_plain(block: Block, delimiter: bytes) -> Iterator[Record]:
    """`split` where no byte is a quote, so that each line is a row."""
    lines = block.data.split(b"\n")
    last = lines.pop()
    for number, line in enumerate(lines, block.line):
        if line.endswith(b"\r"):
            yield Record(number, line[:-1], line[:-1].split(delimiter), b"\r\n")
        else:
            yield Record(number, line, line.split(delimiter), b"\n")
    if last:
        yield Record(block.line + len(lines), last, last.split(delimiter), b"")


def _split_quoted(block: Block, delimiter: bytes) -> Iterator[Record]:
    d = re.escape(delimiter)
    # Possessive (`*+`): a cell never gives bytes back, so the time stays linear in any row.
    cell = rb'(?:"[^"]*+(?:""[^"]*+)*+"[^%b\n]*+|[^%b\n]*+)' % (d, d)
    row = re.compile(rb"(?!\Z)(%b(?:%b%b)*)(\n|\Z)" % (cell, d, cell))
    cells = re.compile(rb"(?:\A|%b)(%b)" % (d, cell))
    line = block.line
    for match in row.finditer(block.data):
        body, ending = match.groups()
        # No CR stands outside quotes but before an LF, so this one belongs to the line end.
        if body.endswith(b"\r"):
            body, ending = body[:-1], b"\r" + ending
        if b'"' in body:
            yield Record(line, body, cells.findall(body), ending)
            line += body.count(b"\n") + 1
        else:
            yield Record(line, body, body.split(delimiter), ending)
            line += 1
