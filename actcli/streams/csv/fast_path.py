"""The kernel for regular blocks: array operations on all cells of a column at once.

tokenise -> parse_floats -> Transform -> format_floats -> splice. Single numbers that these cannot convert with
certainty are converted one by one. Blocks with a row of another width, or with an error, are left to the row kernel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actcli.number_text import is_number, read_number
from actcli.streams.csv import float_formatter, float_parser, splice
from actcli.streams.csv.block_tokenizer import Cells, tokenise
from actcli.streams.csv.blocks import Block, BlockResult, concatenate
from actcli.streams.csv.column_parser import Numbers, missing_and_nan, read_numbers
from actcli.streams.double_rounding import undecided

if TYPE_CHECKING:
    from actcli.number_formats import Bools, Floats
    from actcli.streams.csv.block_tokenizer import Bytes, Offsets
    from actcli.streams.csv.plan import FilterOptions, Plan, Transform

__all__ = ["FastKernel"]

_MARGIN = max(float_parser.MARGIN, splice.MARGIN)
_FIELD = float_formatter.FIELD
_LF = ord("\n")
_MAX_NUMBERS = 1 << 14
"""How many results are computed at a time, so that blocks of very short rows take no more memory than others."""
_REUSED_BYTES = 1 << 22
"""The largest array that malloc should keep for reuse."""


class FastKernel:
    """Computes the output of the regular blocks of one file."""

    def __init__(self, plan: Plan, options: FilterOptions, transform: Transform) -> None:
        self._plan = plan
        self._chosen = np.array(plan.chosen)
        self._options = options
        self._transform = transform
        self._delimiter = ord(options.delimiter)
        self._is_plain = options.format == "plain"
        self._is_blank = options.delimiter == " "
        texts = [text.decode("latin-1") for text in options.na]
        self._numeric_na = [read_number(text) for text in texts if is_number(text)]
        # glibc returns large allocations to the system when they are freed, until a larger one has been freed. After
        # this one, the arrays of each block reuse the memory of the block before.
        bytearray(_REUSED_BYTES)

    def __call__(self, block: Block) -> BlockResult | None:
        """Return the output of `block`; None if a row is ragged, blank or erroneous."""
        if self._is_blank and _has_runs(bytes(block.data)):
            return None
        data = np.frombuffer(block.data, np.uint8)
        cells = tokenise(data, self._delimiter, self._plan.width)
        if cells is None:
            return None
        if self._options.comment and (data[cells.first] == self._options.comment[0]).any():
            return None
        rows, step = len(cells.first), max(1, _MAX_NUMBERS // len(self._plan.new_names))
        parts = []
        for row in range(0, rows, step):
            begin = cells.first[row]
            end = cells.first[row + step] if row + step < rows else data.size
            part = Cells(cells.ends[row : row + step] - begin, cells.first[row : row + step] - begin)
            result = self._convert(data[begin:end], part)
            if result is None:
                return None
            parts.append(result)
        return concatenate(parts)

    def _convert(self, data: Bytes, cells: Cells) -> BlockResult | None:
        """Return the output of some rows; None if a non-numeric cell is an error."""
        # The page holds the rows, and behind them a field for each result.
        end = _MARGIN + data.size
        page = np.empty(end + _MARGIN + len(cells.first) * len(self._plan.new_names) * _FIELD + _MARGIN, np.uint8)
        page[_MARGIN:end] = data

        values, missing, bad = self._read(page, cells)
        if self._is_blank and missing.any():
            return None
        bad_rows = bad.any(axis=1)
        replaced = 0
        skipped: _Spans | None = None
        if bad_rows.any():
            if self._options.on_error == "fail":
                return None
            if self._options.on_error == "nan":
                replaced = int(np.count_nonzero(bad))
            elif bad_rows.all():
                return BlockResult(b"", 0, skipped=len(cells.first))
            else:
                edges = np.append(cells.first, data.size) + _MARGIN
                skipped = edges[:-1][bad_rows], edges[1:][bad_rows]
                keep = np.logical_not(bad_rows)
                cells = Cells(cells.ends[keep], cells.first[keep])
                values, missing, bad = values[keep], missing[keep], bad[keep]
        results, undecided_results = self._results(values)
        missing_results, nan_results = missing_and_nan(
            missing, bad, results.shape[1], self._transform.is_vector, self._options.replace
        )
        if replaced or self._is_plain:
            results = np.where(nan_results | missing_results, np.nan, results)

        starts, lengths = self._format(page, end + _MARGIN, results)
        if self._is_plain:
            count = len(cells.first)
            end = _MARGIN + count
            page[_MARGIN:end] = _LF  # only the line ends remain of the rows
            edits = self._results_only(count, starts, lengths)
        elif self._options.replace:
            edits = self._replaced(cells, starts, np.where(missing_results, 1, lengths), missing)
        else:
            edits = self._appended(cells, starts, np.where(missing_results, 1, lengths))
        if skipped is not None and not self._is_plain:
            edits = _with_deleted(*edits, skipped)
        skipped_rows = 0 if skipped is None else skipped[0].size
        out = splice.splice(page, _MARGIN, end, *edits)
        return BlockResult(out.data, len(cells.first), replaced, skipped_rows, undecided_results)

    def _results(self, values: Floats) -> tuple[Floats, int]:
        """Return the outputs, and the number of undecided ones to report."""
        if self._transform.pure is not None:
            return self._transform.pure(values)
        return self._transform.apply(values), 0

    def _read(self, page: Bytes, cells: Cells) -> Numbers:
        """Parse the chosen cells, (rows, columns): in arrays where the rounding is certain, and else one by one."""
        fmt = self._transform.fmt
        starts = cells.starts(self._chosen).ravel() + _MARGIN
        ends = cells.ends[:, self._chosen].ravel() + _MARGIN
        values, certain = float_parser.parse_floats(page, starts, ends)
        for number in self._numeric_na:
            certain &= values != number
        if fmt.name != "float64":
            certain &= ~undecided(values, fmt)
            values = fmt.round(values)
        numbers = Numbers(values, np.zeros(values.size, np.bool_), np.zeros(values.size, np.bool_))
        others = np.flatnonzero(~certain)
        if others.size:
            spans = zip(starts[others].tolist(), ends[others].tolist(), strict=True)
            one_by_one = read_numbers([page[a:b].tobytes() for a, b in spans], fmt, self._options.na)
            for array, some in zip(numbers, one_by_one, strict=True):
                array[others] = some
        return numbers.in_rows(self._chosen.size)

    def _format(self, page: Bytes, first: int, results: Floats) -> _Spans:
        """Write `results` to fields from `first` on; return where each starts, delimiter included, and its length."""
        fmt, delimiter = self._transform.fmt, ord(" ") if self._is_plain else self._delimiter
        end = first + results.size * _FIELD
        fields = page[first:end].reshape(-1, _FIELD)
        begins, lengths = float_formatter.format_floats(np.ascontiguousarray(results).ravel(), fields, delimiter, fmt)
        starts = begins + np.arange(first, end, _FIELD)
        return starts.reshape(results.shape), lengths.reshape(results.shape)

    def _appended(self, cells: Cells, starts: Offsets, lengths: Offsets) -> _Edits:
        """Return the edits that append the results to the rows, each after a delimiter."""
        ends = np.repeat(cells.ends[:, -1] + _MARGIN, starts.shape[1])
        return (ends, ends), (starts.ravel(), lengths.ravel())

    def _replaced(self, cells: Cells, starts: Offsets, lengths: Offsets, missing: Bools) -> _Edits:
        """Return the edits that replace the chosen cells, from left to right; a missing one stays as it is."""
        order = np.argsort(self._chosen)
        columns = self._chosen[order]
        starts, lengths, missing = starts[:, order] + 1, lengths[:, order] - 1, missing[:, order]
        begins = cells.starts(columns) + _MARGIN
        ends = np.where(missing, begins, cells.ends[:, columns] + _MARGIN)
        return (begins.ravel(), ends.ravel()), (starts.ravel(), lengths.ravel())

    def _results_only(self, count: int, starts: Offsets, lengths: Offsets) -> _Edits:
        """Return the edits that insert the results before each of `count` line ends, with delimiters between."""
        starts[:, 0] += 1
        lengths[:, 0] -= 1
        ends = np.repeat(np.arange(_MARGIN, _MARGIN + count), starts.shape[1])
        return (ends, ends), (starts.ravel(), lengths.ravel())


def _has_runs(data: bytes) -> bool:
    """Return whether blanks stand where one does not just separate two cells."""
    return data.startswith(b" ") or any(run in data for run in (b"\t", b"  ", b"\n ", b" \n", b" \r"))


def _with_deleted(spans: _Spans, texts: _Spans, rows: _Spans) -> _Edits:
    """Return the same edits and those that delete `rows`, which overlap none of the spans."""
    begins = np.concatenate([spans[0], rows[0]])
    order = np.argsort(begins, kind="stable")
    nothing = np.zeros_like(rows[0])
    ends, sources, lengths = (
        np.concatenate([of_cells, of_rows])[order]
        for of_cells, of_rows in ((spans[1], rows[1]), (texts[0], nothing), (texts[1], nothing))
    )
    return (begins[order], ends), (sources, lengths)


_Spans = tuple["Offsets", "Offsets"]
_Edits = tuple[_Spans, _Spans]
"""What `splice` takes: where the replaced spans start and end, where their new texts start and how long they are."""
