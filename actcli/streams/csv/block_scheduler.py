"""The quick way past the plain one: a source that keeps to itself the blocks that can be done quickly.

`Rows` asks its source for more only when all rows so far have been written. At such a moment `Ahead` reads on,
block after block, and has `Quick` do each, until it comes to one that is not regular, or to no more than some rows
at a time. Of a block that is not regular it does what is, and hands out the rest, as any source would; the plain way
never knows what it has missed, but for the number of lines.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actcli.streams.csv.fast_path import BlockResult
    from actcli.streams.csv.row_reader import Rows
    from actcli.streams.csv.worker import Crew
    from actcli.streams.files import Readable

__all__ = ["Ahead"]

_LARGE = 1 << 15
"""From here on a block costs less in arrays than row by row."""
_SMALL = 1 << 13
"""A part of an irregular block that is no larger is not divided."""
_LITTLE = 1 << 12
"""What is handed out when the plain way has to end a row, or to see the header: enough for most."""
_ROWS = 1 << 14
"""About how many rows a block may have."""
_MOST = 1 << 19
"""The most that is handed out at a time."""
_PATIENCE = 1 << 20
"""How many bytes may be irregular, beside as many as are regular, before no more blocks are tried."""
_PAUSE = 64
"""For how many pieces of those that are handed out then."""


class Ahead:
    """See above: the bytes of `source`, all of them until `begin`, and then those that nobody has dealt with.

    steady  whether the source is a file that is there as a whole, so that reading never waits
    """

    def __init__(self, source: Readable, steady: bool) -> None:
        self._source = source
        self._steady = steady
        self._kept = b""
        self._ended = False
        self._little = _LITTLE
        self._hire: Callable[[], Crew] | None = None
        self._crew: Crew | None = None
        self._odd: list[bytes] = []  # of a block that is not regular what is still to be done, the last part first
        self._patience = _PATIENCE
        self._pause = 0

    @property
    def name(self) -> str:
        return self._source.name

    @property
    def position(self) -> int:
        return self._source.position

    def begin(self, rows: Rows, hire: Callable[[], Crew], write: Callable[[BlockResult], None]) -> None:
        """From here on deal with what is regular whenever `rows` is between two reads, and `write` it."""
        self._rows, self._hire, self._write = rows, hire, write

    def close(self) -> None:
        """Let the crew go."""
        if self._crew is not None:
            self._crew.close()

    def read_some(self) -> bytes:
        """The next bytes to deal with; b"" at the end."""
        if self._hire is None or self._pause or not self._rows.between:
            self._call_back()
            return self._a_little()
        self._little = _LITTLE
        while True:
            crew = self._crew
            irregular = b""
            if crew is not None and self._odd:
                part = self._odd.pop()
                irregular = self._deal(part, crew.job(part))
            elif crew is not None and crew.due:
                irregular = self._deal(*crew.take())
            elif block := self._block():
                crew = self._crew = crew or self._hire()
                crew.give(block)
            elif crew is not None and crew.busy:
                irregular = self._deal(*crew.take())
            else:
                rest, self._kept = self._kept, b""
                return rest
            if irregular:
                return irregular

    def _read(self) -> None:
        """Read once more, unless the end has been seen."""
        if not self._ended:
            piece = self._source.read_some()
            self._ended = not piece
            self._kept += piece

    def _a_little(self) -> bytes:
        """The next bytes for the plain way, more each time it comes back in the middle of a row."""
        self._pause = max(0, self._pause - 1)
        if not self._kept:
            self._read()
        size = len(self._kept)
        if size >= _LARGE:
            size = self._kept.rfind(b"\n", 0, self._little) + 1 or self._little
            self._little = min(2 * self._little, _MOST)
        piece, self._kept = self._kept[:size], self._kept[size:]
        return piece

    def _block(self) -> bytes:
        """Many whole rows, as far as can be told; nothing where there are but few."""
        # A row that is whole waits for no other, unless that is there already.
        while len(self._kept) < _LARGE and not self._ended and (self._steady or b"\n" not in self._kept):
            self._read()
        if len(self._kept) < _LARGE:
            return b""
        # Of very short rows a smaller block: with new columns it is many times as large.
        size = _LARGE * (_ROWS // max(1, self._kept.count(b"\n", 0, _LARGE)))
        piece = self._kept[: max(size, _LARGE)]
        end = _cut(piece) or len(piece)
        block, self._kept = self._kept[:end], self._kept[end:]
        return block

    def _deal(self, block: bytes, made: BlockResult | None) -> bytes:
        """Write what has been made of `block`. If it is not regular divide it, or return the first of it."""
        if made is not None:
            self._patience = min(self._patience + len(block), _PATIENCE)
            self._rows.skip(made.lines)
            self._write(made)
            return b""
        if middle := _cut(block[: len(block) // 2]):
            self._odd += [block[middle:], block[:middle]]
            return b""
        end = block.rfind(b"\n", 0, 2 * _SMALL) + 1 or len(block)
        if end < len(block):
            self._odd.append(block[end:])
        self._patience -= end
        if self._patience < 0:
            self._patience, self._pause = 0, _PAUSE
        return block[:end]

    def _call_back(self) -> None:
        """Have again what was still to be done: it was cut in the wrong place, or is to be done otherwise."""
        parts = self._odd[::-1]
        self._odd.clear()
        while self._crew is not None and self._crew.busy:
            parts.append(self._crew.take()[0])
        if parts:
            self._kept = b"".join([*parts, self._kept])


def _cut(data: bytes) -> int:
    """Where a row of `data` ends, if possible the last; 0 if that is hard to say, or `data` is small."""
    from actcli.streams.csv.block_tokenizer import last_row_end

    size = len(data)
    while size >= _SMALL:
        # Where a quote stands in a bare cell no end is found behind it.
        if end := last_row_end(data[:size]):
            return end
        size //= 2
    return 0
