"""What precedes the rows of a file and passes through: a byte order mark, Excel's `sep=;`, the lines to skip.

Excel writes and honours a first line `sep=;`: any one character is then the delimiter of the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from actcli.errors import DataError

if TYPE_CHECKING:
    from actcli.streams.files import Readable

__all__ = ["Preamble", "read_preamble"]

_MAX_BYTES = 20_000_000
"""The largest preamble, which is kept in memory."""

_BOM = b"\xef\xbb\xbf"
_OTHER_FORMATS = {
    b"\x1f\x8b": "the data is compressed with gzip: decompress it (zcat FILE | ...), or rename the file to end in .gz",
    b"\xff\xfe\0\0": "the text is UTF-32: convert it (iconv -f utf-32 -t utf-8 FILE | ...)",
    b"\0\0\xfe\xff": "the text is UTF-32: convert it (iconv -f utf-32 -t utf-8 FILE | ...)",
    b"\xff\xfe": "the text is UTF-16: convert it (iconv -f utf-16 -t utf-8 FILE | ...)",
    b"\xfe\xff": "the text is UTF-16: convert it (iconv -f utf-16 -t utf-8 FILE | ...)",
}
"""First bytes of files that are not CSV, with the remedy; longer ones first."""
_SEPARATOR = re.compile(rb'("?)sep=([^"\r\n])\1\r?\n', re.IGNORECASE)
_SEPARATOR_START = re.compile(rb'"?(?:s(?:e(?:p(?:=(?:[^"\r\n]"?\r?)?)?)?)?)?', re.IGNORECASE)


class Preamble(NamedTuple):
    """What precedes the rows.

    lead       its bytes
    rest       the bytes that were read after it
    ended      whether these are the last ones
    delimiter  the delimiter that its line `sep=` sets; b"" without one
    """

    lead: bytes
    rest: bytes
    ended: bool
    delimiter: bytes


def read_preamble(source: Readable, skip_lines: int = 0) -> Preamble:
    """Read from the start of `source` until its preamble, with the first `skip_lines` lines, is complete.

    Raises DataError if the first bytes are those of gzip or UTF-16, and if the lines to skip exceed 20 MB.
    """
    buffer = bytearray()
    ended = not _read_while(_may_be_mark, buffer, source)
    for mark, remedy in _OTHER_FORMATS.items():
        if buffer.startswith(mark):
            raise DataError(f"cannot read '{source.name}': {remedy}")
    start = len(_BOM) if buffer.startswith(_BOM) else 0
    ended = ended or not _read_while(lambda data: _SEPARATOR_START.fullmatch(data, start) is not None, buffer, source)
    separator = _SEPARATOR.match(buffer, start)
    end = start if separator is None else separator.end()
    lines = 0 if separator is None else 1
    while lines < skip_lines:
        newline = buffer.find(b"\n", end)
        if newline >= 0:
            end, lines = newline + 1, lines + 1
            continue
        if len(buffer) > _MAX_BYTES:
            raise DataError(f"{source.name}:{lines + 1}: the lines of --skip-lines are more than 20 MB")
        piece = b"" if ended else source.read_some()
        ended = not piece
        if ended:
            end, lines = len(buffer), skip_lines
        buffer += piece
    delimiter = b"" if separator is None else separator[2]
    return Preamble(bytes(buffer[:end]), bytes(buffer[end:]), ended, delimiter)


def _may_be_mark(data: bytearray) -> bool:
    """Return whether `data` may be the start of a mark that takes more bytes."""
    return any(len(data) < len(mark) and mark.startswith(data) for mark in (_BOM, *_OTHER_FORMATS))


def _read_while(is_unclear: Callable[[bytearray], bool], buffer: bytearray, source: Readable) -> bool:
    """Read as long as the buffer does not decide a question. False if the source ended before."""
    while is_unclear(buffer):
        piece = source.read_some()
        if not piece:
            return False
        buffer += piece
    return True
