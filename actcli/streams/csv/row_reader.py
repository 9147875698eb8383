"""Blocks of whole rows -> records.

Cells are those of RFC 4180 and Python's csv module. A quote opens a cell only as its first byte and is an ordinary
byte elsewhere. `""` inside quotes is one quote. Bytes after the closing quote belong to the cell. All other bytes,
NUL and invalid UTF-8 included, are ordinary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from actcli.errors import UsageError
from actcli.text import displayable

if TYPE_CHECKING:
    from actcli.streams.csv.blocks import Block

__all__ = ["Record", "delimiter_byte", "split"]


class Record(NamedTuple):
    """One row, whose exact bytes are body + ending.

    line    the 1-based physical line where it starts
    cells   the raw bytes of its cells, quotes included: joined by the delimiter they are the body
    ending  LF, CRLF, or nothing for an unterminated last row
    """

    line: int
    body: bytes
    cells: list[bytes]
    ending: bytes


def delimiter_byte(delimiter: str) -> bytes:
    """Return the delimiter as a byte. Raise UsageError unless it is one ASCII character except quote, CR and LF."""
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n':
        raise UsageError(
            f"the delimiter must be one ASCII character except quote, CR and LF, not '{displayable(delimiter)}'"
        )
    return delimiter.encode("ascii")


def split(block: Block, delimiter: bytes) -> Iterator[Record]:
    """Return the records of a block."""
    data = bytes(block.data)
    if b'"' in data:
        return _split_quoted(block.line, data, delimiter)
    return _split_unquoted(block.line, data, delimiter)


def _split_unquoted(first: int, data: bytes, delimiter: bytes) -> Iterator[Record]:
    """Split data without quotes, where each line is a row."""
    lines = data.split(b"\n")
    last = lines.pop()
    for number, line in enumerate(lines, first):
        if line.endswith(b"\r"):
            yield Record(number, line[:-1], line[:-1].split(delimiter), b"\r\n")
        else:
            yield Record(number, line, line.split(delimiter), b"\n")
    if last:
        yield Record(first + len(lines), last, last.split(delimiter), b"")


def _split_quoted(line: int, data: bytes, delimiter: bytes) -> Iterator[Record]:
    """Split data with quotes; every quoted cell is closed."""
    d = re.escape(delimiter)
    # Possessive (`*+`): a cell never gives bytes back, so the time stays linear in any row.
    cell = rb'(?:"[^"]*+(?:""[^"]*+)*+"[^%b\n]*+|[^%b\n]*+)' % (d, d)
    row = re.compile(rb"(?!\Z)(%b(?:%b%b)*)(\n|\Z)" % (cell, d, cell))
    cells = re.compile(rb"(?:\A|%b)(%b)" % (d, cell))
    for match in row.finditer(data):
        body, ending = match.groups()
        # Outside quotes every CR precedes an LF, so this one belongs to the line end.
        if body.endswith(b"\r"):
            body, ending = body[:-1], b"\r" + ending
        if b'"' in body:
            yield Record(line, body, cells.findall(body), ending)
            line += body.count(b"\n") + 1
        else:
            yield Record(line, body, body.split(delimiter), ending)
            line += 1
