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

    Raises DataError if the lines to skip exceed 20 MB.
    """
    buffer = bytearray()
    ended = not _read_while(lambda data: len(data) < len(_BOM) and _BOM.startswith(data), buffer, source)
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


def _read_while(is_unclear: Callable[[bytearray], bool], buffer: bytearray, source: Readable) -> bool:
    """Read as long as the buffer does not decide a question. False if the source ended before."""
    while is_unclear(buffer):
        piece = source.read_some()
        if not piece:
            return False
        buffer += piece
    return True
