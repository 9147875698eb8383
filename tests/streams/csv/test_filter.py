"""The filter: errors, counts, and when rows are written."""

from __future__ import annotations

import itertools
import tracemalloc
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from actcli.number_formats import FLOATS, find_format
from actcli.streams.csv.filter import Report, run
from actcli.streams.csv.plan import FilterOptions, Transform
from tests.support.filtering import Outcome, Pieces, RecordingSink, doubled, outcome, summed


def filtered(data: bytes, transform: Transform | None = None, **options: Any) -> Outcome:
    return outcome(data, FilterOptions(**options), transform)


# --- faults ------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "options", "out", "message"),
    [
        (b"a,z\n1,2\n\n3,abc\n5,6\n", {"columns": ["z"]}, b"a,z,f(z)\n1,2,4.0\n\n", "4: column 'z': 'abc'"),
        (b"1\n2\nx\n", {}, b"1,2.0\n2,4.0\n", "3: column 1: 'x'"),
        (b"a,1\nb,1_0\n", {"header": False}, b"a,1,2.0\n", "2: column 2: '1_0'"),
        (
            b'z,t\n1,"\n\n"\n"a\n",\n',
            {"columns": ["z"]},
            b'z,t,f(z)\n1,"\n\n",2.0\n',
            "5: column 'z': 'a\\n'",
        ),
        (b"z\n1\xa0\n", {}, b"z,f(z)\n", "2: column 'z': '1\\xa0'"),
        (b"z\n\x1b[2J\n", {}, b"z,f(z)\n", "2: column 'z': '\\x1b[2J'"),
        (b"y,z\n1,x\ny,2\n", {"columns": ["y,z"]}, b"y,z,f(y),f(z)\n", "2: column 'z': 'x'"),
    ],
)
def test_non_numeric_cell_ends_run(data: bytes, options: dict[str, Any], out: bytes, message: str) -> None:
    """The error names line, column and text of the cell, after every row before it has been written."""
    got = filtered(data, **options)
    assert (out, f"DataError: FILE:{message} is not a number") == (got.data, got.error)


def test_long_non_numeric_cell_is_shortened() -> None:
    """A message shows 200 characters of a cell of megabytes."""
    got = filtered(b"x\n" + b"a" * 10**6 + b"\n")
    assert got.error is not None
    assert len(got.error) < 300


@pytest.mark.parametrize("on_error", ["fail", "nan"])
@pytest.mark.parametrize(
    ("data", "out", "message"),
    [
        (
            b"a,b,c,d\n1,2,3,4\n\n5,6,7\n",
            b"a,b,c,d,f(a)\n1,2,3,4,2.0\n\n",
            "FILE:4: 3 cells, but the header has 4",
        ),
        (b"a,b\n1,2\n5\n", b"a,b,f(a)\n1,2,2.0\n", "FILE:3: 1 cell, but the header has 2"),
        (b'a,b\n1,"\n"\n3,4,5\n', b'a,b,f(a)\n1,"\n",2.0\n', "FILE:4: 3 cells, but the header has 2"),
        (b"a,b\n1,2\n3,x,\n4,y\n", b"a,b,f(a)\n1,2,2.0\n", "FILE:3: 3 cells, but the header has 2"),
    ],
)
def test_ragged_row_is_an_error(on_error: str, data: bytes, out: bytes, message: str) -> None:
    """A ragged row ends the run, unless it is skipped, with both widths."""
    got = filtered(data, columns=["a"], on_error=on_error)
    assert (out, f"DataError: {message}") == (got.data, got.error)


def test_ragged_row_without_header() -> None:
    """Without a header the first row determines the width."""
    got = filtered(b"1,a\n2\n", header=False)
    assert (got.data, got.error) == (b"1,a,2.0\n", "DataError: FILE:2: 1 cell, but the first row has 2")


def test_ragged_first_row_is_reported_before_columns() -> None:
    """A ragged row that would determine the default column is reported as ragged."""
    got = filtered(b"a,b\n1\n")
    assert (got.data, got.error) == (b"", "DataError: FILE:2: 1 cell, but the header has 2")


def test_first_error_is_reported() -> None:
    """Of a bad cell, a ragged row and an unclosed quote the first in the file is reported."""
    rows = [b"x,1\n", b"1\n", b'"']
    for order in itertools.permutations(range(3)):
        got = filtered(b"a,b\n" + b"".join(rows[i] for i in order), columns=["a"])
        message = ["column 'a': 'x' is not a number", "1 cell, but the header has 2", "unclosed quote"][order[0]]
        assert got.error == f"DataError: FILE:2: {message}"


def test_reader_errors_come_after_rows() -> None:
    """Rows before an unclosed quote or a bare CR have been written."""
    got = filtered(b'x\n1\n2\n"3\n')
    assert (got.data, got.error) == (b"x,f(x)\n1,2.0\n2,4.0\n", "DataError: FILE:4: unclosed quote")
    got = filtered(b"x\n1\n2\r3\n")
    assert got.data == b"x,f(x)\n1,2.0\n"
    assert str(got.error).startswith("DataError: FILE:3: bare CR")


def test_memory_error_names_line() -> None:
    """Where memory runs out, the error names the line of the first unprocessed row."""

    def pieces() -> Iterator[bytes]:
        yield b"x\n1\n2\n"
        raise MemoryError

    got = outcome(pieces(), FilterOptions())
    message = "not enough memory to go on from here: is a quote unclosed?"
    assert (got.data, got.error) == (b"x,f(x)\n1,2.0\n2,4.0\n", f"DataError: FILE:4: {message}")


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("rest", [b"", b"x\n1\n", b"1\n", b'"\n"\n1\n'])
def test_leading_blank_lines_take_constant_memory(bom: bytes, rest: bytes) -> None:
    """Leading blank lines pass through in steps of 1 MB, and the line of an error counts them."""
    lead = b"\r\n\n" * 100_000
    tracemalloc.start()
    try:
        sink = RecordingSink()
        run(Pieces([bom + lead[:-1], *[b"\n" + lead[:-1]] * 9, b"\n" + rest]), sink, doubled(), FilterOptions())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sink.data == outcome(bom + rest, FilterOptions()).data.replace(bom, bom + lead * 10, 1)
    assert peak < 20_000_000
    assert filtered(bom + lead + b"1\nx\n").error == "DataError: FILE:200002: column 1: 'x' is not a number"


# --- bad and missing cells ------------------------------------------------------------


def test_on_error_nan() -> None:
    """With on_error nan the outputs of a bad cell are nan, the cell stays, and the report counts it."""
    got = filtered(b"x,y\n1,a\n,b\nz,2\n", columns=["x,y"], on_error="nan")
    assert got.data == b"x,y,f(x),f(y)\n1,a,2.0,nan\n,b,,nan\nz,2,nan,4.0\n"
    assert Report(rows=3, replaced=3, skipped=0) == got.report


def test_on_error_skip() -> None:
    """With on_error skip the row is left out, blank lines around it stay, and the report counts it."""
    got = filtered(b"x,y\n\nz,1\n\n1,2\n\nu,v\n", columns=["x,y"], on_error="skip")
    assert got.data == b"x,y,f(x),f(y)\n\n\n1,2,2.0,4.0\n\n"
    assert Report(rows=1, replaced=0, skipped=2) == got.report


def test_bad_cells_are_nan_in_every_format() -> None:
    """A bad cell gives nan even if the transform or the number format would give something else."""
    zero = Transform(
        lambda values: np.zeros_like(values), lambda names: ["f"], is_vector=False, fmt=find_format("q3.4")
    )
    assert filtered(b"x\nz\n1\n", zero, on_error="nan").data == b"x,f\nz,nan\n1,0.0\n"


def test_vector_with_missing_value_is_missing() -> None:
    """An empty chosen cell empties all outputs of its row."""
    got = filtered(b"a,b\n1,3\n,3\n1,\n2,2\n", summed(), columns=["a,b"])
    assert got.data == b"a,b,s(a),s(b)\n1,3,0.25,0.75\n,3,,\n1,,,\n2,2,0.5,0.5\n"


def test_vector_with_bad_value_is_nan() -> None:
    """A bad cell makes all outputs of its row nan, except one that would replace a missing cell."""
    got = filtered(b"a,b\n1,z\nz,\n2,2\n", summed(), columns=["a,b"], on_error="nan")
    assert got.data == b"a,b,s(a),s(b)\n1,z,nan,nan\nz,,nan,nan\n2,2,0.5,0.5\n"
    assert Report(rows=3, replaced=2, skipped=0) == got.report
    got = filtered(b"a,b\nz,\n,1\n", summed(), columns=["a,b"], on_error="nan", replace=True)
    assert got.data == b"a,b\nnan,\n,\n"


def test_outputs_are_ordered_by_column() -> None:
    """Two columns with two outputs each give four, the first column's first."""
    got = filtered(b"a,b\n1,10\n,20\n", doubled(outputs=2), columns=["a,b"])
    assert got.data == b"a,b,f(a),g(a),f(b),g(b)\n1,10,2.0,3.0,20.0,30.0\n,20,,,40.0,60.0\n"


def test_numbers_are_read_and_written_in_the_format() -> None:
    """A cell is rounded once to the transform's format and written with that format's digits."""
    assert filtered(b"x\n0.1\n", doubled(FLOATS["float32"])).data == b"x,f(x)\n0.1,0.2\n"
    assert filtered(b"x\n0.1\n", doubled(FLOATS["float16"])).data == b"x,f(x)\n0.1,0.199951171875\n"


def test_report_counts_rows() -> None:
    """The report counts data rows, not headers and blank lines."""
    assert Report(3, 0, 0) == filtered(b"x\n1\n\n2\n3").report
    assert Report(0, 0, 0) == filtered(b"").report


# --- streaming ------------------------------------------------------------


def test_row_is_written_before_next_read() -> None:
    """All rows that a read completes are written and flushed before the next read."""
    sink = RecordingSink()
    outputs: list[bytes] = []

    def pieces() -> Iterator[bytes]:
        for piece in [b"x\n", b"1\n2", b"\n", b'"3', b'"', b"\r\n", b"4"]:
            yield piece
            outputs.append(sink.flushed)

    report = run(Pieces(pieces()), sink, doubled(), FilterOptions())
    head = b"x,f(x)\n"
    rows = [head, head + b"1,2.0\n"]
    rows.append(rows[-1] + b"2,4.0\n")
    rows += [rows[-1], rows[-1], rows[-1] + b'"3",6.0\r\n']
    rows.append(rows[-1])
    assert rows == outputs
    assert rows[-1] + b"4,8.0" == sink.data
    assert report.rows == 4


def test_header_waits_only_for_required_data() -> None:
    """The header is written at once if -c names the column, and else with the first data row."""
    for columns, expected in [(["x"], b"a,x,f(x)\n"), ([], b"")]:
        sink = RecordingSink()
        outputs: list[bytes] = []

        def pieces(sink: RecordingSink = sink, outputs: list[bytes] = outputs) -> Iterator[bytes]:
            yield b"a,x\n"
            outputs.append(sink.flushed)
            yield b"b,1\n"

        run(Pieces(pieces()), sink, doubled(), FilterOptions(columns=columns))
        assert [expected] == outputs
        assert sink.data == b"a,x,f(x)\nb,1,2.0\n"


def test_progress_after_each_block() -> None:
    """The callback receives the number of bytes read, rising to all of them."""
    positions: list[int] = []
    run(Pieces([b"x\n1\n", b"2\n", b"3"]), RecordingSink(), doubled(), FilterOptions(), positions.append)
    assert positions == [4, 6, 7]


def test_memory_does_not_grow_with_input() -> None:
    """Four times the rows take no more memory."""

    class Nowhere(RecordingSink):
        def write(self, data: bytes) -> None:
            pass

    def peak(blocks: int) -> int:
        block = b'12,"a, b",-1.25\n' * 2000
        tracemalloc.start()
        options = FilterOptions(header=False, columns=["3"])
        run(Pieces(itertools.chain([block] * blocks)), Nowhere(), doubled(), options)
        try:
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(16) < 1.1 * peak(4)
