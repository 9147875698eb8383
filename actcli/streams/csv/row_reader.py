"""Blocks of whole rows -> records.

Cells are those of RFC 4180 and Python's csv module. A quote opens a cell only as its first byte and is an ordinary
byte elsewhere. `""` inside quotes is one quote. Bytes after the closing quote belong to the cell. All other bytes,
NUL and invalid UTF-8 included, are ordinary. If the delimiter is a blank, runs of blanks (spaces and tabs) separate
cells, and those at the start and the end of a row belong to no cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from actcli.errors import UsageError
from actcli.text import displayable

if TYPE_CHECKING:
    from actcli.streams.csv.blocks import Block

__all__ = ["BLANK", "Record", "cell_spans", "comment_pattern", "delimiter_byte", "split"]

BLANK = b" "
"""The delimiter that stands for any run of blanks."""
_QUOTED = rb'"[^"]*+(?:""[^"]*+)*+"'
_BLANK_CELL = re.compile(rb"%b[^ \t\n]*+|[^ \t\n]++" % _QUOTED)


class Record(NamedTuple):
    """One row, whose exact bytes are body + ending; or a blank line or a comment, which are no rows.

    line    the 1-based physical line where it starts
    cells   the raw bytes of its cells, quotes included: joined by the delimiter, unless that is a blank, they are the
            body; none in a comment
    ending  LF, CRLF, or nothing for an unterminated last row
    """

    line: int
    body: bytes
    cells: list[bytes]
    ending: bytes

    @property
    def is_row(self) -> bool:
        """Whether this is a row, rather than a blank line or a comment."""
        return bool(self.body and self.cells)


def delimiter_byte(delimiter: str) -> bytes:
    """Return the delimiter as a byte. Raise UsageError unless it is one ASCII character except quote, CR and LF."""
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n':
        hint = ": for any run of blanks use -d ' '" if delimiter.strip() in ("", "blank", "blanks", "space") else ""
        raise UsageError(
            f"the delimiter must be one ASCII character except quote, CR and LF, not '{displayable(delimiter)}'{hint}"
        )
    return delimiter.encode("ascii")


def comment_pattern(comment: bytes, delimiter: bytes) -> re.Pattern[bytes]:
    """Return a pattern of the start of a comment, at the start of a line; blanks before it are delimiters or data."""
    return re.compile(rb"^%b%b" % (rb"[ \t]*+" * (delimiter == BLANK), re.escape(comment)), re.MULTILINE)


def split(block: Block, delimiter: bytes, comment: bytes = b"") -> Iterator[Record]:
    """Return the records of a block; lines that start with `comment`, if it is not empty, are comments."""
    data = bytes(block.data)
    if b'"' in data or comment or delimiter == BLANK:
        return _split_any(block.line, data, delimiter, comment)
    return _split_unquoted(block.line, data, delimiter)


def cell_spans(body: bytes) -> list[tuple[int, int]]:
    """Return where the cells of a row start and end whose delimiter is a blank."""
    return [match.span() for match in _BLANK_CELL.finditer(body)]


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


def _split_any(line: int, data: bytes, delimiter: bytes, comment: bytes) -> Iterator[Record]:
    """Split data that may have comments, runs of blanks as delimiters, or quotes; every quoted cell is closed."""
    d = re.escape(delimiter)
    # Possessive (`*+`): a cell never gives bytes back, so the time stays linear in any row.
    if delimiter == BLANK:
        cells = _BLANK_CELL
        body = rb"[ \t]*+(?:(?:%b)[ \t]*+)*+" % cells.pattern
    else:
        cell = rb"(?:%b[^%b\n]*+|[^%b\n]*+)" % (_QUOTED, d, d)
        cells = re.compile(rb"(?:\A|%b)(%b)" % (d, cell))
        body = rb"%b(?:%b%b)*" % (cell, d, cell)
    start = comment_pattern(comment, delimiter).pattern if comment else rb"(?!)"
    row = re.compile(rb"(?!\Z)(?:(%b[^\n]*+)|(%b))(\n|\Z)" % (start, body), re.MULTILINE)
    for match in row.finditer(data):
        passed, body, ending = match.groups()
        text = body if passed is None else passed
        # Outside quotes every CR precedes an LF, so this one belongs to the line end.
        if text.endswith(b"\r"):
            text, ending = text[:-1], b"\r" + ending
        if passed is not None:
            yield Record(line, text, [], ending)
            line += 1
        elif b'"' in text or delimiter == BLANK:
            yield Record(line, text, cells.findall(text), ending)
            line += text.count(b"\n") + 1
        else:
            yield Record(line, text, text.split(delimiter), ending)
            line += 1
