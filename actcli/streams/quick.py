"""A block of regular rows with its new columns, by array operations; or None, and the plain way has to be taken.

tokenise -> read_digits -> Transform -> write_digits -> splice. Single numbers that these are not sure of are read and
written in the plain way; blocks that they are not sure of are not done at all. So nothing here knows of faults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from actcli.streams import digits_in, digits_out, splice
from actcli.streams.numbers import Numbers, gaps, read_numbers
from actcli.streams.rounding import undecided
from actcli.streams.tokens import Cells, tokenise

if TYPE_CHECKING:
    from actcli.formats import Bools
    from actcli.streams.layout import FilterOptions, Layout, Transform
    from actcli.streams.tokens import Bytes, Places

__all__ = ["Made", "Quick"]

_MARGIN = max(digits_in.MARGIN, splice.MARGIN)
_FIELD = digits_out.FIELD
_SOME = 1 << 14
"""How many numbers are worked on at a time."""


class Made(NamedTuple):
    """What became of a block: the bytes to write, how many rows they are, and how many lines the block had."""

    data: Any
    rows: int
    lines: int


class Quick:
    """The quick way through the blocks of one file."""

    def __init__(self, layout: Layout, options: FilterOptions, transform: Transform) -> None:
        self._layout = layout
        self._transform = transform
        self._replace = options.replace
        self._delimiter = ord(options.delimiter)

    def rows(self, block: bytes | memoryview) -> Made | None:
        """The rows of `block`, which begins and ends where rows do, with their new columns."""
        data = np.frombuffer(block, np.uint8)
        cells = tokenise(data, self._delimiter, self._layout.width)
        if cells is None:
            return None
        # So that very short rows, of which there are very many in a block, take no more memory than others.
        count, some = len(cells.first), max(1, _SOME // len(self._layout.new))
        pieces = []
        for row in range(0, count, some):
            begin = cells.first[row]
            end = cells.first[row + some] if row + some < count else data.size
            part = Cells(cells.ends[row : row + some] - begin, cells.first[row : row + some] - begin, 0)
            out = self._some(data[begin:end], part)
            if out is None:
                return None
            pieces.append(out)
        whole = pieces[0] if len(pieces) == 1 else np.concatenate(pieces)
        return Made(whole.data, count, cells.lines)

    def _some(self, data: Bytes, cells: Cells) -> Bytes | None:
        """Rows with their new columns; None if there is a cell that is no number, or more to tell of the outputs."""
        # A page: the rows, and behind them a field for each new cell.
        count = len(cells.first)
        end = _MARGIN + data.size
        room = count * _FIELD
        page = np.empty(end + _MARGIN + room * len(self._layout.new) + _MARGIN, np.uint8)
        page[_MARGIN:end] = data

        numbers = [self._read(page, cells, column) for column in self._layout.chosen]
        if any(column.bad.any() for column in numbers):
            return None
        compute = self._transform.trial or self._transform.apply
        values = compute(np.column_stack([column.values for column in numbers]))
        if values is None:
            return None
        missing, bad = (np.column_stack(kind) for kind in list(zip(*numbers, strict=True))[1:])
        gone, _ = gaps(missing, bad, values.shape[1], self._transform.joint, self._replace)
        starts, lengths = np.empty(values.shape, np.int64), np.empty(values.shape, np.int64)
        for i in range(values.shape[1]):
            first = end + _MARGIN + i * room
            fields = page[first : first + room].reshape(count, _FIELD)
            result = np.ascontiguousarray(values[:, i])
            begins, lengths[:, i] = digits_out.write_digits(result, fields, self._delimiter, self._transform.fmt)
            starts[:, i] = begins + np.arange(first, first + room, _FIELD)

        if self._replace:
            lengths = np.where(gone, 1, lengths)
            return splice.splice(page, _MARGIN, end, *self._replaced(cells, starts, lengths, missing))
        return splice.splice(page, _MARGIN, end, *self._appended(cells, starts, lengths, gone))

    def _read(self, page: Bytes, cells: Cells, column: int) -> Numbers:
        """A column's numbers, each read quickly if that is sure, and else in the plain way."""
        fmt = self._transform.fmt
        starts, ends = cells.starts(column) + _MARGIN, cells.ends[:, column] + _MARGIN
        values, sure = digits_in.read_digits(page, starts, ends)
        if fmt.name != "float64":
            sure &= ~undecided(values, fmt)
            values = fmt.round(values)
        numbers = Numbers(values, np.zeros(values.size, np.bool_), np.zeros(values.size, np.bool_))
        others = np.flatnonzero(~sure)
        if others.size:
            places = zip(starts[others].tolist(), ends[others].tolist(), strict=True)
            plain = read_numbers([page[a:b].tobytes() for a, b in places], fmt)
            for kind, some in zip(numbers, plain, strict=True):
                kind[others] = some
        return numbers

    def _appended(self, cells: Cells, starts: Places, lengths: Places, missing: Bools) -> _Splice:
        """New cells at the ends of rows, each behind a delimiter; a missing value is an empty cell."""
        ends = np.repeat(cells.ends[:, -1] + _MARGIN, missing.shape[1])
        return (ends, ends), (starts.ravel(), np.where(missing, 1, lengths).ravel())

    def _replaced(self, cells: Cells, starts: Places, lengths: Places, empty: Bools) -> _Splice:
        """New cells in the place of the chosen ones, from left to right; an empty one stays as it came."""
        order = np.argsort(self._layout.chosen)
        columns = np.array(self._layout.chosen)[order]
        starts, lengths, empty = starts[:, order] + 1, lengths[:, order] - 1, empty[:, order]
        begins = np.column_stack([cells.starts(column) for column in columns]) + _MARGIN
        ends = np.where(empty, begins, cells.ends[:, columns] + _MARGIN)
        return (begins.ravel(), ends.ravel()), (starts.ravel(), lengths.ravel())


_Splice = tuple[tuple["Places", "Places"], tuple["Places", "Places"]]
