"""A block of regular rows with its new columns, by array operations; or None, and the plain way has to be taken.

tokenise -> read_digits -> Transform -> write_digits -> splice. Single numbers that these are not sure of are read and
written in the plain way; blocks that they are not sure of are not done at all. So nothing here knows of faults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from actcli.streams.csv import float_formatter, float_parser, splice
from actcli.streams.csv.block_tokenizer import Cells, tokenise
from actcli.streams.csv.column_parser import Numbers, gaps, read_numbers
from actcli.streams.double_rounding import undecided

if TYPE_CHECKING:
    from actcli.number_formats import Bools, Floats
    from actcli.streams.csv.block_tokenizer import Bytes, Places
    from actcli.streams.csv.plan import FilterOptions, Plan, Transform

__all__ = ["BlockResult", "FastKernel"]

_MARGIN = max(float_parser.MARGIN, splice.MARGIN)
_FIELD = float_formatter.FIELD
_LF = ord("\n")
_SOME = 1 << 14
"""How many numbers are worked on at a time."""


class BlockResult(NamedTuple):
    """What became of a block: the bytes to write, how many rows they are, how many lines the block had; and counts.

    replaced  the cells that became nan
    skipped   the rows left out
    unknown   the results that Transform.trial counted
    """

    data: Any
    rows: int
    lines: int
    replaced: int = 0
    skipped: int = 0
    undecided: int = 0


class FastKernel:
    """The quick way through the blocks of one file."""

    def __init__(self, layout: Plan, options: FilterOptions, transform: Transform) -> None:
        self._layout = layout
        self._options = options
        self._transform = transform
        self._delimiter = ord(options.delimiter)
        self._plain = options.format == "plain"

    def rows(self, block: bytes | memoryview) -> BlockResult | None:
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
        texts, *counts = zip(*pieces, strict=True)
        whole = texts[0] if len(texts) == 1 else np.concatenate(texts)
        return BlockResult(whole.data, *map(sum, counts))._replace(lines=cells.lines)

    def _some(self, data: Bytes, cells: Cells) -> BlockResult | None:
        """Rows with their new columns; None if there is a cell that is no number, and that is a fault."""
        # A page: the rows, and behind them a field for each new cell.
        end = _MARGIN + data.size
        page = np.empty(end + _MARGIN + len(cells.first) * len(self._layout.new) * _FIELD + _MARGIN, np.uint8)
        page[_MARGIN:end] = data

        numbers = [self._read(page, cells, column) for column in self._layout.chosen]
        values, missing, bad = (np.column_stack(kind) for kind in zip(*numbers, strict=True))
        faulty = bad.any(axis=1)
        replaced = 0
        out: tuple[Places, Places] | None = None
        if faulty.any():
            if self._options.on_error == "fail":
                return None
            if self._options.on_error == "nan":
                replaced = int(np.count_nonzero(bad))
            else:
                edges = np.append(cells.first, data.size) + _MARGIN
                out = edges[:-1][faulty], edges[1:][faulty]
                keep = np.logical_not(faulty)
                cells = Cells(cells.ends[keep], cells.first[keep], 0)
                values, missing, bad = values[keep], missing[keep], bad[keep]
        results, unknown = self._results(values)
        gone, lost = gaps(missing, bad, results.shape[1], self._transform.is_vector, self._options.replace)
        if replaced or self._plain:
            results = np.where(lost | gone, np.nan, results)

        starts, lengths = self._digits(page, end + _MARGIN, results)
        if self._plain:
            count = len(cells.first)
            end = _MARGIN + count
            page[_MARGIN:end] = _LF  # all that is left of the rows
            places = self._alone(count, starts, lengths)
        elif self._options.replace:
            places = self._replaced(cells, starts, np.where(gone, 1, lengths), missing)
        else:
            places = self._appended(cells, starts, np.where(gone, 1, lengths))
        if out is not None and not self._plain:
            places = _without(*places, out)
        skipped = 0 if out is None else out[0].size
        return BlockResult(splice.splice(page, _MARGIN, end, *places), len(cells.first), 0, replaced, skipped, unknown)

    def _results(self, values: Floats) -> tuple[Floats, int]:
        """The outputs, and how many of them there is something to tell of."""
        if self._transform.pure is not None:
            return self._transform.pure(values)
        return self._transform.apply(values), 0

    def _read(self, page: Bytes, cells: Cells, column: int) -> Numbers:
        """A column's numbers, each read quickly if that is sure, and else in the plain way."""
        fmt = self._transform.fmt
        starts, ends = cells.starts(column) + _MARGIN, cells.ends[:, column] + _MARGIN
        values, sure = float_parser.parse_floats(page, starts, ends)
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

    def _digits(self, page: Bytes, first: int, results: Floats) -> tuple[Places, Places]:
        """Write `results` into fields from `first` on; where each begins, with its delimiter, and how long it is."""
        fmt, delimiter = self._transform.fmt, ord(" ") if self._plain else self._delimiter
        starts, lengths = np.empty(results.shape, np.int64), np.empty(results.shape, np.int64)
        room = len(results) * _FIELD
        for i in range(results.shape[1]):
            fields = page[first : first + room].reshape(-1, _FIELD)
            result = np.ascontiguousarray(results[:, i])
            begins, lengths[:, i] = float_formatter.format_floats(result, fields, delimiter, fmt)
            starts[:, i] = begins + np.arange(first, first + room, _FIELD)
            first += room
        return starts, lengths

    def _appended(self, cells: Cells, starts: Places, lengths: Places) -> _Splice:
        """New cells at the ends of rows, each behind a delimiter."""
        ends = np.repeat(cells.ends[:, -1] + _MARGIN, starts.shape[1])
        return (ends, ends), (starts.ravel(), lengths.ravel())

    def _replaced(self, cells: Cells, starts: Places, lengths: Places, empty: Bools) -> _Splice:
        """New cells in the place of the chosen ones, from left to right; an empty one stays as it came."""
        order = np.argsort(self._layout.chosen)
        columns = np.array(self._layout.chosen)[order]
        starts, lengths, empty = starts[:, order] + 1, lengths[:, order] - 1, empty[:, order]
        begins = np.column_stack([cells.starts(column) for column in columns]) + _MARGIN
        ends = np.where(empty, begins, cells.ends[:, columns] + _MARGIN)
        return (begins.ravel(), ends.ravel()), (starts.ravel(), lengths.ravel())

    def _alone(self, count: int, starts: Places, lengths: Places) -> _Splice:
        """New cells before so many line ends, a delimiter between two."""
        starts[:, 0] += 1
        lengths[:, 0] -= 1
        ends = np.repeat(np.arange(_MARGIN, _MARGIN + count), starts.shape[1])
        return (ends, ends), (starts.ravel(), lengths.ravel())


def _without(spans: tuple[Places, Places], texts: tuple[Places, Places], rows: tuple[Places, Places]) -> _Splice:
    """The same, and these rows, which hold none of the spans, give way to nothing."""
    begins = np.concatenate([spans[0], rows[0]])
    order = np.argsort(begins, kind="stable")
    nothing = np.zeros_like(rows[0])
    ends, sources, lengths = (
        np.concatenate([of_cells, of_rows])[order]
        for of_cells, of_rows in ((spans[1], rows[1]), (texts[0], nothing), (texts[1], nothing))
    )
    return (begins[order], ends), (sources, lengths)


_Splice = tuple[tuple["Places", "Places"], tuple["Places", "Places"]]
