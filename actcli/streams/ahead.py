"""The quick way past the plain one: a source that keeps to itself the blocks that can be done quickly.

`Rows` asks its source for more only when all rows so far have been written. At such a moment `Ahead` reads on,
block after block, and has `Quick` do each, until it comes to one that is not regular, or to no more than some rows
at a time. That it hands out, as any source would; the plain way never knows what it has missed, but for the number
of lines.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actcli.streams.crew import Crew
    from actcli.streams.files import Readable
    from actcli.streams.quick import Made
    from actcli.streams.records import Rows

__all__ = ["Ahead"]

_LARGE = 1 << 15
"""From here on a block costs less in arrays than row by row."""
_LITTLE = 1 << 12
"""What is handed out when the plain way has to end a row, or to see the header: enough for most."""
_ROWS = 1 << 14
"""About how many rows a block may have."""
_PATIENCE = 4
"""How many blocks may be irregular, beside one in four, before no more are tried."""


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
        self._done = self._doubtful = 0

    @property
    def name(self) -> str:
        return self._source.name

    @property
    def position(self) -> int:
        return self._source.position

    def begin(self, rows: Rows, hire: Callable[[], Crew], write: Callable[[Made], None]) -> None:
        """From here on deal with what is regular whenever `rows` is between two reads, and `write` it."""
        self._rows, self._hire, self._write = rows, hire, write

    def close(self) -> None:
        """Let the crew go."""
        if self._crew is not None:
            self._crew.close()

    def read_some(self) -> bytes:
        """The next bytes to deal with; b"" at the end."""
        if self._hire is None or not self._rows.between:
            return self._a_little()
        self._little = _LITTLE
        while block := self._block():
            if self._crew is None:
                self._crew = self._hire()
            self._crew.give(block)
            while self._crew.due:
                if doubtful := self._take(self._crew):
                    return doubtful
        while self._crew is not None and self._crew.busy:
            if doubtful := self._take(self._crew):
                return doubtful
        rest, self._kept = self._kept, b""
        return rest

    def _read(self) -> None:
        """Read once more, unless the end has been seen."""
        if not self._ended:
            piece = self._source.read_some()
            self._ended = not piece
            self._kept += piece

    def _a_little(self) -> bytes:
        """The next bytes for the plain way, more each time it comes back in the middle of a row."""
        if not self._kept:
            self._read()
        size = len(self._kept)
        if size >= _LARGE:
            size = self._kept.rfind(b"\n", 0, self._little) + 1 or self._little
            self._little *= 2
        piece, self._kept = self._kept[:size], self._kept[size:]
        return piece

    def _block(self) -> bytes:
        """Many whole rows, as far as can be told; nothing where there are but few, or where most are not regular."""
        if self._doubtful > _PATIENCE + self._done // 4:
            self._hire = None
            return b""
        # A row that is whole waits for no other, unless that is there already.
        while len(self._kept) < _LARGE and not self._ended and (self._steady or b"\n" not in self._kept):
            self._read()
        if len(self._kept) < _LARGE:
            return b""
        from actcli.streams.tokens import last_row_end

        # Of very short rows a smaller block: with new columns it is many times as large.
        size = _LARGE * (_ROWS // max(1, self._kept.count(b"\n", 0, _LARGE)))
        end = last_row_end(self._kept[: max(size, _LARGE)])
        block, self._kept = self._kept[:end], self._kept[end:]
        return block

    def _take(self, crew: Crew) -> bytes:
        """Write the next block that is done; if it is for the plain way, it and none of those behind it."""
        block, made = crew.take()
        if made is not None:
            self._done += 1
            self._rows.skip(made.lines)
            self._write(made)
            return b""
        self._doubtful += 1
        behind = []
        while crew.busy:
            behind.append(crew.take()[0])
        self._kept = b"".join([*behind, self._kept])
        return block
