"""The quick way past the plain one: the same bytes, reports and faults, in one process and in more."""

from __future__ import annotations

import itertools
import os
import select
import signal
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actcli.number_formats import FLOATS
from actcli.streams.csv import block_scheduler, fast_path, filter, worker
from actcli.streams.csv.fast_path import BlockResult, FastKernel
from actcli.streams.csv.filter import FilterOptions, Transform, run
from actcli.streams.csv.row_reader import Record
from tests.streams.csv.test_filter_properties import anyhow, anything, numeric_tables
from tests.support.child_processes import PATIENCE
from tests.support.filtering import Kept, Outcome, Pieces, cut, doubled, outcome, places, summed
from tests.support.tiers import examples, exhaustive, sampled

shared = settings(max_examples=examples(400), suppress_health_check=[HealthCheck.function_scoped_fixture])


class Nowhere(Kept):
    """A sink that keeps nothing."""

    def write(self, data: bytes) -> None:
        pass


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """What the plain way alone makes of it."""

    def alone(*args: object) -> Outcome:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(filter, "_goes_quickly", lambda options, transform: False)
            return outcome(*args)  # type: ignore[arg-type]

    return alone


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """The quick way is tried on every row; for each block whether it did."""
    monkeypatch.setattr(block_scheduler, "_LARGE", 1)
    monkeypatch.setattr(block_scheduler, "_SMALL", 1)
    monkeypatch.setattr(block_scheduler, "_LITTLE", 1)
    monkeypatch.setattr(block_scheduler, "_PATIENCE", 1 << 30)
    monkeypatch.setattr(fast_path, "_SOME", 3)
    did: list[bool] = []
    rows = FastKernel.rows

    def spy(quick: FastKernel, block: bytes) -> object:
        made = rows(quick, block)
        did.append(made is not None)
        return made

    monkeypatch.setattr(FastKernel, "rows", spy)
    return did


@shared
@given(st.one_of(anything, numeric_tables().map(lambda table: table[0])), anyhow, places)
def test_any_bytes(
    plain: Callable[..., Outcome], eager: list[bool], data: bytes, options: FilterOptions, where: list[int]
) -> None:
    """Whatever the bytes, the options and the reads: output, report and fault are those of the plain way."""
    expected = plain(data, options)
    assert expected == outcome(data, options)
    assert expected == outcome(cut(data, where), options)


@shared
@given(numeric_tables(), places, st.booleans())
def test_tables(
    plain: Callable[..., Outcome], eager: list[bool], table: tuple[bytes, int], where: list[int], replace: bool
) -> None:
    """So it is for tables that are mostly regular."""
    data, column = table
    options = FilterOptions(columns=[str(column + 1)], header=True, replace=replace)
    assert plain(data, options) == outcome(cut(data, where), options)


TABLE = b"n,a,b\n" + b"".join(
    b'%d,"x, %d",%b\r\n' % (i, i, value)
    for i, value in enumerate([b"1.5", b"", b"-0.25", b'"7"', b"1e300", b"nan", b" 2 ", b"0x1p3", b"-inf", b"00.10"])
)


@pytest.mark.parametrize("dtype", list(FLOATS))
@pytest.mark.parametrize("columns", [["b"], ["n"], ["b,n"], ["n", "b"]])
@pytest.mark.parametrize("replace", [False, True])
def test_columns_and_formats(
    plain: Callable[..., Outcome], eager: list[bool], dtype: str, columns: list[str], replace: bool
) -> None:
    """Several columns in any order, appended or replaced, of every format; all of it done quickly."""
    options = FilterOptions(columns=columns, replace=replace)
    assert plain(TABLE, options, doubled(FLOATS[dtype])) == outcome(TABLE, options, doubled(FLOATS[dtype]))
    assert True in eager
    assert False not in eager


@pytest.mark.parametrize(
    ("transform", "replace"),
    [(doubled(outputs=3), False), (summed(), False), (summed(), True)],
    ids=["three outputs", "a vector", "a vector in its place"],
)
def test_several_outputs(plain: Callable[..., Outcome], eager: list[bool], transform: Transform, replace: bool) -> None:
    """More outputs than columns, or outputs of a whole row, stand as in the plain way, missing ones too."""
    options = FilterOptions(columns=["b", "n"], replace=replace)
    with np.errstate(all="ignore"):
        assert plain(TABLE, options, transform) == outcome(TABLE, options, transform)
    assert True in eager


@pytest.mark.parametrize("on_error", sampled(["fail", "nan", "skip"], 1))
@pytest.mark.parametrize("bad", [b"1,x,abc\n", b"1,2\n", b'1,"x,2\n', b"\n", b'1,y"z,5\n', b"1,\r,2\n", b'1,"\n",3\n'])
def test_an_odd_row_among_many(plain: Callable[..., Outcome], on_error: str, bad: bytes) -> None:
    """A fault deep in a long file has its line, and all before it is out; what is only odd is done, and the rest."""
    regular = b"".join(b'%d,"x, %d",%d.5\n' % (i, i, i) for i in range(20_000))
    data = b"n,a,b\n" + regular + bad + regular
    options = FilterOptions(columns=["b"], on_error=on_error)  # type: ignore[arg-type]
    pieces = [data[i : i + 200_000] for i in range(0, len(data), 200_000)]
    assert plain(data, options) == outcome(pieces, options)


def test_rows_that_are_whole_do_not_wait() -> None:
    """Behind a large read, too, every whole row is out before the next one, and a small read is at once."""
    many = b"".join(b"%d,1.5\n" % i for i in range(20_000))
    sink, seen = Kept(), []

    def pieces() -> Iterator[bytes]:
        for piece in [b"n,z\n" + many + b'7,"1', b'"\n8,2', b"\n", many[:-1], b"\n", b"9,3\n"]:
            yield piece
            seen.append(sink.flushed.count(b"\n"))

    run(Pieces(pieces()), sink, doubled(), FilterOptions(columns=["z"]))
    assert seen == [20_001, 20_002, 20_003, 40_002, 40_003, 40_004]


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows the plain way wrote, each time it did."""
    counts: list[int] = []
    write = filter._Work.write

    def spy(work: filter._Work, records: list[Record]) -> None:
        counts.append(len(records))
        write(work, records)

    monkeypatch.setattr(filter._Work, "write", spy)
    return counts


@pytest.mark.parametrize("long", [False, True], ids=["one process", "two processes"])
@pytest.mark.parametrize("odd", sampled([b'5" pipe,1,2.5\n', b"\n", b'1,y"z,5\n1,"a\n\n\n\nb",5\n'], 1))
def test_an_odd_row_costs_little(by_hand: list[int], odd: bytes, long: bool) -> None:
    """Of a block that one row spoils only some are left to the plain way, wherever that row is."""
    for before in range(0, 50_000, 7000):
        rows = [b'%d,"x, %d",%d.5\n' % (i, i, i) for i in range(50_000)]
        rows[before] = odd
        by_hand.clear()
        outcome([b"n,a,b\n", b"".join(rows)], FilterOptions(columns=["b"]), long=long)
        assert 0 < sum(by_hand) < 2000


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("on_error", ["nan", "skip"])
@pytest.mark.parametrize("format", ["csv", "plain"])
@pytest.mark.parametrize("transform", [doubled(), summed()], ids=["each", "a vector"])
def test_cells_that_are_no_numbers_are_done_quickly(
    plain: Callable[..., Outcome],
    eager: list[bool],
    replace: bool,
    on_error: Literal["nan", "skip"],
    format: Literal["csv", "plain"],
    transform: Transform,
) -> None:
    """Where they are no fault they are no reason to leave the quick way: same bytes, same counts."""
    data = b"a,b,c\n" + b"1,2,3\n,4,5\nx,5,6\n7,,8\n9,1_0,x\nx,,x\ny,y,y\n4,5,6\n" * 3
    options = FilterOptions(columns=["c", "a"], on_error=on_error, replace=replace, format=format)
    assert plain(data, options, transform) == outcome(data, options, transform)
    assert True in eager
    assert False not in eager


@exhaustive
def test_files_that_are_never_regular_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the quick way fails again and again it is tried but now and then."""
    tried = []
    monkeypatch.setattr(FastKernel, "rows", lambda quick, block: tried.append(len(block)))
    run(Pieces([b"n,z\n"] + [b'a"b,1\n' * 20_000] * 100), Nowhere(), doubled(), FilterOptions(columns=["z"]))
    assert 0 < sum(tried) < 10 << 20  # of which most is one and the same MB


@exhaustive
def test_the_quick_way_is_tried_again(by_hand: list[int]) -> None:
    """However irregular a file begins, its later rows are done quickly if they can be."""
    irregular, regular = b'a"b,1\n' * 20_000, b"1.5,2.5\n" * 15_000
    run(Pieces([b"n,z\n"] + [irregular] * 20 + [regular] * 200), Nowhere(), doubled(), FilterOptions(columns=["z"]))
    assert sum(by_hand) < 20 * 20_000 + 70 * 15_000


def test_short_rows_take_no_more_memory() -> None:
    """Rows of a byte, though there are many times as many in a read, take about as much as others do."""

    def peak(piece: bytes) -> int:
        tracemalloc.start()
        try:
            run(Pieces([b"z\n"] + [piece] * 4), Nowhere(), doubled(), FilterOptions())
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    usual = peak(b"1.25\n".rjust(50) * 10_000)
    assert peak(b"1\n" * 250_000) < 2 * usual
    assert peak(b"1.25\n".rjust(50) * 1000 + b"1\n" * 225_000) < 4 * usual


# --- more processes -------------------------------------------------------------------------------------------


def crowd(pieces: list[bytes], options: FilterOptions) -> Outcome:
    """What a run makes of a long file with two processes."""
    return outcome(pieces, options, long=True)


REGULAR = b"".join(b'%d,"x, %d",%d.5\n' % (i, i, i) for i in range(4000))
"""Some 80 KB."""


@pytest.mark.parametrize("bad", [b"", b"1,x,abc\n", b"1,2\n", b'1,"x,2\n', b"\n", b'1,y"z,5\n', b'1,"\n",3\n'])
def test_two_processes_write_what_one_writes(plain: Callable[..., Outcome], bad: bytes) -> None:
    """Blocks come back in their order, and one that is odd, or faulty, ends up where it ends up in one process."""
    data = b"n,a,b\n" + REGULAR * 5 + bad + REGULAR * 5
    options = FilterOptions(columns=["b"])
    assert plain(data, options) == crowd(cut(data, range(0, len(data), 70_000)), options)


@pytest.mark.parametrize("on_error", ["nan", "skip"])
def test_two_processes_count_as_one(plain: Callable[..., Outcome], on_error: Literal["nan", "skip"]) -> None:
    """What the other process finds is counted too, and what it has to tell is told."""
    data = b"n,a,b\n" + (REGULAR + b"1,x,abc\n") * 20
    options, told = FilterOptions(columns=["b"], on_error=on_error), []

    def trial(values: np.ndarray) -> tuple[np.ndarray, int]:
        return 2.0 * values, int(np.count_nonzero(values == 7.5))

    transform = replace(doubled(), pure=trial, on_undecided=told.append)
    pieces = cut(data, range(0, len(data), 70_000))
    assert plain(data, options) == outcome(pieces, options, transform, long=True)
    assert sum(told) == 19  # the first rows go the plain way, with the header


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(numeric_tables(), min_size=1, max_size=4), places)
def test_two_processes_and_any_bytes(
    plain: Callable[..., Outcome], eager: list[bool], tables: list[tuple[bytes, int]], where: list[int]
) -> None:
    """However the bytes come, two processes write what the plain way writes."""
    data = b"".join(data for data, _ in tables)
    options = FilterOptions(columns=["1"], header=True)
    assert plain(data, options) == crowd(cut(data, where), options)


def test_processes_end_with_the_run() -> None:
    """Nobody is left when the run has ended, however it did."""
    for bad in (b"", b"x\n"):
        crowd([b"n,a,b\n", *[REGULAR] * 4, bad], FilterOptions(columns=["b"]))
        with pytest.raises(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize("after", [1, 3, 6])
def test_a_process_that_dies(plain: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """What a process that was killed has left undone is done by this one."""
    give, given = worker._Worker.give, itertools.count()

    def deadly(process: worker._Worker, block: bytes) -> None:
        if next(given) == after:
            os.kill(process._pid, signal.SIGKILL)
        give(process, block)

    monkeypatch.setattr(worker._Worker, "give", deadly)
    pieces = [b"n,a,b\n", *[REGULAR] * 20]
    options = FilterOptions(columns=["b"])
    assert plain(b"".join(pieces), options) == crowd(pieces, options)
    assert next(given) > after


def test_no_room_for_another_process(plain: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where none can be started this one does it all."""

    def refuse() -> int:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    pieces = [b"n,a,b\n", *[REGULAR] * 5]
    options = FilterOptions(columns=["b"])
    assert plain(b"".join(pieces), options) == crowd(pieces, options)


def test_blocks_too_large_for_the_room(plain: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch) -> None:
    """A block that does not fit in the common memory, before or after, is done by this process."""
    for room in (1000, len(REGULAR) + 1000):
        monkeypatch.setattr(worker, "_ROOM", room)
        pieces = [b"n,a,b\n", *[REGULAR] * 5]
        options = FilterOptions(columns=["b"])
        assert plain(b"".join(pieces), options) == crowd(pieces, options)


def test_this_process_goes_on_while_the_other_is_busy() -> None:
    """Blocks come back in their order, and none is waited for while there is something else to do."""
    here, done_here = os.getpid(), []
    ear, mouth = os.pipe()

    def job(block: bytes | memoryview) -> BlockResult:
        if os.getpid() == here:
            done_here.append(bytes(block))
            if len(done_here) == 4:
                os.write(mouth, b"!")
        else:
            # The other process is busy until this one has done four blocks.
            assert select.select([ear], [], [], PATIENCE)[0]
        return BlockResult(bytes(block), 1, 1)

    two, came = worker.Two(job), []
    for number in range(12):
        two.give(b"%d" % number)
        while two.due:
            came.append(bytes(two.take()[1].data))  # type: ignore[union-attr]  # the job always makes something
    while two.busy:
        came.append(bytes(two.take()[1].data))  # type: ignore[union-attr]
    two.close()
    os.close(ear)
    os.close(mouth)
    assert came == [b"%d" % number for number in range(12)]
    assert 4 <= len(done_here) < 12


def test_one_processor_needs_no_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where two processes would only get in each other's way there is one."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0})
    assert isinstance(worker.hire(lambda block: None, many=True), worker.Alone)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})
    assert isinstance(worker.hire(lambda block: None, many=False), worker.Alone)
    assert isinstance(worker.hire(lambda block: None, many=True), worker.Two)
