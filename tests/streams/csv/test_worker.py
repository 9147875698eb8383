"""The forked worker: the same output as in one process, whatever happens to the worker."""

from __future__ import annotations

import itertools
import os
import select
import signal
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actcli.errors import DataError
from actcli.streams.csv import worker
from actcli.streams.csv.blocks import Block, BlockResult
from actcli.streams.csv.executor import Inline, make_executor
from actcli.streams.csv.plan import FilterOptions
from tests.streams.csv.test_filter_properties import numeric_tables
from tests.support.child_processes import PATIENCE
from tests.support.filtering import Outcome, cut, doubled, outcome, places, row_by_row, try_every_row
from tests.support.tiers import examples


def two_processes(pieces: list[bytes], options: FilterOptions) -> Outcome:
    """Return the outcome of a long file with two processes."""
    return outcome(pieces, options, is_long=True)


REGULAR = b"".join(b'%d,"x, %d",%d.5\n' % (i, i, i) for i in range(4000))
"""Some 80 KB."""


@pytest.mark.parametrize("bad", [b"", b"1,x,abc\n", b"1,2\n", b'1,"x,2\n', b"\n", b'1,y"z,5\n', b'1,"\n",3\n'])
def test_two_processes_write_what_one_writes(bad: bytes) -> None:
    """Output is in order, and an irregular or erroneous row has the same effect as in one process."""
    data = b"n,a,b\n" + REGULAR * 5 + bad + REGULAR * 5
    options = FilterOptions(columns=["b"])
    assert row_by_row(data, options) == two_processes(cut(data, range(0, len(data), 70_000)), options)


@pytest.mark.parametrize("on_error", ["nan", "skip"])
def test_two_processes_count_as_one(on_error: Literal["nan", "skip"]) -> None:
    """The counts of the worker, and its undecided results, are added to those of the parent."""
    data = b"n,a,b\n" + (REGULAR + b"1,x,abc\n") * 20
    options, reported = FilterOptions(columns=["b"], on_error=on_error), []

    def pure(values: np.ndarray) -> tuple[np.ndarray, int]:
        return 2.0 * values, int(np.count_nonzero(values == 7.5))

    transform = replace(doubled(), pure=pure, on_undecided=reported.append)
    pieces = cut(data, range(0, len(data), 70_000))
    assert row_by_row(data, options) == outcome(pieces, options, transform, is_long=True)
    assert sum(reported) == 19  # the first rows go to the row kernel, with the header


@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(numeric_tables(), min_size=1, max_size=4), places)
def test_two_processes_agree_on_any_bytes(
    monkeypatch: pytest.MonkeyPatch, tables: list[tuple[bytes, int]], where: list[int]
) -> None:
    """Two processes write what the row kernel writes, for any bytes and reads."""
    try_every_row(monkeypatch)
    data = b"".join(data for data, _ in tables)
    options = FilterOptions(columns=["1"], header=True)
    assert row_by_row(data, options) == two_processes(cut(data, where), options)


def test_worker_ends_with_the_run() -> None:
    """No child process is left when the run has ended, with or without an error."""
    for bad in (b"", b"x\n"):
        two_processes([b"n,a,b\n", *[REGULAR] * 4, bad], FilterOptions(columns=["b"]))
        with pytest.raises(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize("after", [1, 3, 6])
def test_killed_worker_is_survived(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """The parent processes the blocks of a worker that was killed."""
    submit, submitted = worker._Process.submit, itertools.count()

    def deadly(process: worker._Process, block: Block) -> None:
        if next(submitted) == after:
            os.kill(process._pid, signal.SIGKILL)
        submit(process, block)

    monkeypatch.setattr(worker._Process, "submit", deadly)
    pieces = [b"n,a,b\n", *[REGULAR] * 20]
    options = FilterOptions(columns=["b"])
    assert row_by_row(b"".join(pieces), options) == two_processes(pieces, options)
    assert next(submitted) > after


def test_failed_fork_is_survived(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parent processes all blocks if it cannot fork."""

    def refuse() -> int:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    pieces = [b"n,a,b\n", *[REGULAR] * 5]
    options = FilterOptions(columns=["b"])
    assert row_by_row(b"".join(pieces), options) == two_processes(pieces, options)


def test_blocks_too_large_for_shared_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parent processes a block that, or whose result, does not fit into the shared memory."""
    for size in (1000, len(REGULAR) + 1000):
        monkeypatch.setattr(worker, "_BUFFER_BYTES", size)
        pieces = [b"n,a,b\n", *[REGULAR] * 5]
        options = FilterOptions(columns=["b"])
        assert row_by_row(b"".join(pieces), options) == two_processes(pieces, options)


def test_parent_works_while_worker_is_busy() -> None:
    """Results come in the order of the blocks, and the parent processes blocks while the worker is busy."""
    parent, processed_here = os.getpid(), []
    read_fd, write_fd = os.pipe()

    def kernel(block: Block) -> BlockResult:
        if os.getpid() == parent:
            processed_here.append(bytes(block.data))
            if len(processed_here) == 4:
                os.write(write_fd, b"!")
        else:
            # The worker is busy until the parent has processed four blocks.
            assert select.select([read_fd], [], [], PATIENCE)[0]
        return BlockResult(bytes(block.data), 1)

    executor = worker.ForkedWorker(kernel)
    blocks = (Block(1, b"%d" % number, is_regular=True) for number in range(12))
    results = [bytes(result.data) for _, result in executor.map(blocks) if result is not None]
    executor.close()
    os.close(read_fd)
    os.close(write_fd)
    assert results == [b"%d" % number for number in range(12)]
    assert 4 <= len(processed_here) < 12


def test_error_of_the_source_comes_after_pending_results() -> None:
    """Where reading fails, the blocks before it come back before the error is raised."""

    def blocks() -> Iterator[Block]:
        for number in range(5):
            yield Block(1, b"%d" % number, is_regular=True)
        raise DataError("cannot read")

    executor, results = worker.ForkedWorker(lambda block: BlockResult(bytes(block.data), 1)), []
    with pytest.raises(DataError, match="cannot read"):
        results.extend(bytes(result.data) for _, result in executor.map(blocks()) if result is not None)
    executor.close()
    assert results == [b"0", b"1", b"2", b"3", b"4"]


def test_executor_forks_only_for_long_input_on_two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one processor, or for short input, the executor is Inline."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0})
    assert isinstance(make_executor(lambda block: None, is_long=True), Inline)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})
    assert isinstance(make_executor(lambda block: None, is_long=False), Inline)
    assert isinstance(make_executor(lambda block: None, is_long=True), worker.ForkedWorker)
