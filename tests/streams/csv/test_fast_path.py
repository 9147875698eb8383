"""The fast kernel and the choice between the kernels: the output, counts and errors of the row kernel alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actcli.number_formats import FLOATS
from actcli.streams.csv.blocks import Block, BlockResult
from actcli.streams.csv.fast_path import FastKernel
from actcli.streams.csv.filter import run
from actcli.streams.csv.plan import FilterOptions, Transform
from actcli.streams.csv.row_kernel import RowKernel
from actcli.streams.csv.row_reader import Record
from tests.streams.csv.test_filter_properties import anyhow, anything, numeric_tables
from tests.support.filtering import (
    Pieces,
    RecordingSink,
    cut,
    doubled,
    outcome,
    places,
    row_by_row,
    summed,
    try_every_row,
)
from tests.support.operations import peak_bytes
from tests.support.tiers import examples, exhaustive, sampled

shared = settings(max_examples=examples(400), suppress_health_check=[HealthCheck.function_scoped_fixture])


class Discard(RecordingSink):
    """A sink that keeps nothing."""

    def write(self, data: bytes) -> None:
        pass


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Try the fast kernel on every row; return for each block whether it could process it."""
    try_every_row(monkeypatch)
    processed: list[bool] = []
    kernel = FastKernel.__call__

    def spy(self: FastKernel, block: Block) -> BlockResult | None:
        result = kernel(self, block)
        processed.append(result is not None)
        return result

    monkeypatch.setattr(FastKernel, "__call__", spy)
    return processed


@shared
@given(st.one_of(anything, numeric_tables().map(lambda table: table[0])), anyhow, places)
def test_kernels_agree_on_any_bytes(eager: list[bool], data: bytes, options: FilterOptions, where: list[int]) -> None:
    """Output, report and error are those of the row kernel for any bytes, options and reads."""
    expected = row_by_row(data, options)
    assert expected == outcome(data, options)
    assert expected == outcome(cut(data, where), options)


@shared
@given(numeric_tables(), places, st.booleans())
def test_kernels_agree_on_tables(eager: list[bool], table: tuple[bytes, int], where: list[int], replace: bool) -> None:
    """Output, report and error are those of the row kernel for tables of mostly regular rows."""
    data, column = table
    options = FilterOptions(columns=[str(column + 1)], header=True, replace=replace)
    assert row_by_row(data, options) == outcome(cut(data, where), options)


TABLE = b"n,a,b\n" + b"".join(
    b'%d,"x, %d",%b\r\n' % (i, i, value)
    for i, value in enumerate([b"1.5", b"", b"-0.25", b'"7"', b"1e300", b"nan", b" 2 ", b"0x1p3", b"-inf", b"00.10"])
)


@pytest.mark.parametrize("dtype", list(FLOATS))
@pytest.mark.parametrize("columns", [["b"], ["n"], ["b,n"], ["n", "b"]])
@pytest.mark.parametrize("replace", [False, True])
def test_fast_kernel_processes_every_column_and_format(
    eager: list[bool], dtype: str, columns: list[str], replace: bool
) -> None:
    """Columns in any order, appended or replaced, in every number format are processed without the row kernel."""
    options = FilterOptions(columns=columns, replace=replace)
    assert row_by_row(TABLE, options, doubled(FLOATS[dtype])) == outcome(TABLE, options, doubled(FLOATS[dtype]))
    assert True in eager
    assert False not in eager


@pytest.mark.parametrize(
    ("transform", "replace"),
    [(doubled(outputs=3), False), (summed(), False), (summed(), True)],
    ids=["three outputs", "a vector", "a vector in its place"],
)
def test_fast_kernel_processes_several_outputs(eager: list[bool], transform: Transform, replace: bool) -> None:
    """Several outputs per column, and outputs of a vector transform, are placed as the row kernel places them."""
    options = FilterOptions(columns=["b", "n"], replace=replace)
    with np.errstate(all="ignore"):
        assert row_by_row(TABLE, options, transform) == outcome(TABLE, options, transform)
    assert True in eager


@pytest.mark.parametrize("on_error", sampled(["fail", "nan", "skip"], 1))
@pytest.mark.parametrize("bad", [b"1,x,abc\n", b"1,2\n", b'1,"x,2\n', b"\n", b'1,y"z,5\n', b"1,\r,2\n", b'1,"\n",3\n'])
def test_irregular_row_among_many(on_error: str, bad: bytes) -> None:
    """An error in a long file names its line after all rows before it; an irregular row without error is processed."""
    regular = b"".join(b'%d,"x, %d",%d.5\n' % (i, i, i) for i in range(20_000))
    data = b"n,a,b\n" + regular + bad + regular
    options = FilterOptions(columns=["b"], on_error=on_error)  # type: ignore[arg-type]
    pieces = [data[i : i + 200_000] for i in range(0, len(data), 200_000)]
    assert row_by_row(data, options) == outcome(pieces, options)


def test_whole_rows_are_written_before_next_read() -> None:
    """Every row that a read completes is written before the next read, be the reads large or small."""
    many = b"".join(b"%d,1.5\n" % i for i in range(20_000))
    sink, lines = RecordingSink(), []

    def pieces() -> Iterator[bytes]:
        for piece in [b"n,z\n" + many + b'7,"1', b'"\n8,2', b"\n", many[:-1], b"\n", b"9,3\n"]:
            yield piece
            lines.append(sink.flushed.count(b"\n"))

    run(Pieces(pieces()), sink, doubled(), FilterOptions(columns=["z"]))
    assert lines == [20_001, 20_002, 20_003, 40_002, 40_003, 40_004]


@pytest.fixture
def row_counts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return how many rows the row kernel has processed, each time it did."""
    counts: list[int] = []
    convert = RowKernel.convert

    def spy(self: RowKernel, records: Iterator[Record]) -> BlockResult:
        result = convert(self, records)
        counts.append(result.rows)
        return result

    monkeypatch.setattr(RowKernel, "convert", spy)
    return counts


@pytest.mark.parametrize("is_long", [False, True], ids=["one process", "two processes"])
@pytest.mark.parametrize("irregular", sampled([b'5" pipe,1,2.5\n', b"\n", b'1,y"z,5\n1,"a\n\n\n\nb",5\n'], 1))
def test_irregular_row_sends_few_to_row_kernel(row_counts: list[int], irregular: bytes, is_long: bool) -> None:
    """One irregular row sends fewer than 2000 rows to the row kernel, wherever it is."""
    for before in range(0, 50_000, 7000):
        rows = [b'%d,"x, %d",%d.5\n' % (i, i, i) for i in range(50_000)]
        rows[before] = irregular
        row_counts.clear()
        outcome([b"n,a,b\n", b"".join(rows)], FilterOptions(columns=["b"]), is_long=is_long)
        assert 0 < sum(row_counts) < 2000


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("on_error", ["nan", "skip"])
@pytest.mark.parametrize("format", ["csv", "plain"])
@pytest.mark.parametrize("transform", [doubled(), summed()], ids=["each", "a vector"])
def test_fast_kernel_processes_non_numeric_cells(
    eager: list[bool],
    replace: bool,
    on_error: Literal["nan", "skip"],
    format: Literal["csv", "plain"],
    transform: Transform,
) -> None:
    """Under --on-error nan or skip non-numeric cells are processed by the fast kernel, with the same counts."""
    data = b"a,b,c\n" + b"1,2,3\n,4,5\nx,5,6\n7,,8\n9,1_0,x\nx,,x\ny,y,y\n4,5,6\n" * 3
    options = FilterOptions(columns=["c", "a"], on_error=on_error, replace=replace, format=format)
    assert row_by_row(data, options, transform) == outcome(data, options, transform)
    assert True in eager
    assert False not in eager


@exhaustive
@pytest.mark.parametrize("row", [b'a"b,1\n', b"ab,1\n\n"], ids=["quotes in bare cells", "blank lines"])
def test_fast_kernel_pauses_for_irregular_data(monkeypatch: pytest.MonkeyPatch, row: bytes) -> None:
    """Of a file without a regular block the fast kernel tries few bytes, most of them of the same MB."""
    tried: list[int] = []
    monkeypatch.setattr(FastKernel, "__call__", lambda self, block: tried.append(len(block.data)))
    run(Pieces([b"n,z\n"] + [row * 20_000] * 100), Discard(), doubled(), FilterOptions(columns=["z"]))
    assert sum(tried) < 10 << 20
    assert tried or b'"' in row


@exhaustive
def test_fast_kernel_resumes_after_pause(row_counts: list[int]) -> None:
    """The fast kernel processes the later rows of a file that starts with irregular ones."""
    irregular, regular = b"ab,1\n\n" * 20_000, b"1.5,2.5\n" * 15_000
    run(Pieces([b"n,z\n"] + [irregular] * 20 + [regular] * 200), Discard(), doubled(), FilterOptions(columns=["z"]))
    assert sum(row_counts) < 20 * 20_000 + 70 * 15_000


def test_short_rows_need_no_more_memory() -> None:
    """Rows of one byte take about as much memory as others, although a read holds many times as many."""

    def peak(piece: bytes) -> int:
        return peak_bytes(lambda: run(Pieces([b"z\n"] + [piece] * 4), Discard(), doubled(), FilterOptions()))

    usual = peak(b"1.25\n".rjust(50) * 10_000)
    assert peak(b"1\n" * 250_000) < 2 * usual
    assert peak(b"1.25\n".rjust(50) * 1000 + b"1\n" * 225_000) < 4 * usual


@pytest.mark.parametrize("format", ["csv", "plain"])
@pytest.mark.parametrize("place", ["start", "middle", "end", "everywhere"])
@pytest.mark.parametrize("is_long", [False, True], ids=["one process", "two processes"])
def test_blocks_of_skipped_rows(format: Literal["csv", "plain"], place: str, is_long: bool) -> None:
    """Blocks of nothing but skipped rows give no rows, wherever they are."""
    bad, good = b"NULL,".ljust(45, b"t") + b"\n", b"1.5,".ljust(45, b"t") + b"\n"
    bad, good = bad * 3000, good * 3000
    data = b"z,w\n" + {
        "start": bad + good, "middle": good + bad + good, "end": good + bad, "everywhere": bad,
    }[place]  # fmt: skip
    options = FilterOptions(columns=["z"], on_error="skip", format=format)
    expected = row_by_row(data, options)
    assert expected.report is not None
    assert expected.report.skipped == 3000
    assert expected == outcome(data, options, is_long=is_long)
    assert expected == outcome(cut(data, range(0, len(data), 70_000)), options, is_long=is_long)


def test_both_kernels_read_the_same_spellings(eager: list[bool]) -> None:
    """C's spellings of nan and infinity are numbers for both kernels, and the same ones."""
    cells = [
        "-nan(ind)",
        "nan(0x1)",
        "1.#QNAN",
        "-1.#IND00",
        "1.#INF",
        '"-1.#INF00"',
        " 1.#inf",
        "NaNQ",
        "-nan",
        "1.#J",
    ]
    data = ("x,y\n" + "".join(f"{cell},1\n" for cell in cells) * 2).encode()
    options = FilterOptions(columns=["x"], on_error="nan")
    got = outcome(data, options)
    assert [line.rpartition(b",")[2] for line in got.data.splitlines()[1:11]] == (
        [b"nan"] * 4 + [b"inf", b"-inf", b"inf"] + [b"nan"] * 3
    )
    assert got.report is not None
    assert got.report.replaced == 2
    assert row_by_row(data, options) == got
    assert True in eager
    assert False not in eager
