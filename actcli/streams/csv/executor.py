"""Where a kernel runs: in this process, or in a forked worker too."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Protocol

from actcli.streams.csv.blocks import Block, BlockResult, Kernel

__all__ = ["Executor", "Inline", "make_executor"]


class Executor(Protocol):
    """Runs a kernel on blocks; results come back in the order of the blocks."""

    def map(self, blocks: Iterable[Block]) -> Iterator[tuple[Block, BlockResult | None]]:
        """Yield each block with its result, which is valid until the next one is requested.

        If `blocks` raises an error, it is raised after the results of the blocks before it.
        """

    def close(self) -> None:
        """Release what the executor has started."""


class Inline:
    """Runs the kernel in this process: each result is available before the next block is read."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel

    def map(self, blocks: Iterable[Block]) -> Iterator[tuple[Block, BlockResult | None]]:
        """Yield each block with its result."""
        for block in blocks:
            yield block, self._kernel(block)

    def close(self) -> None:
        """Release nothing."""


def make_executor(kernel: Kernel, is_long: bool) -> Executor:
    """Return a ForkedWorker for long input, given two processors and a system with fork; else an Inline executor."""
    if is_long and hasattr(os, "fork") and hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) > 1:
        from actcli.streams.csv.worker import ForkedWorker

        return ForkedWorker(kernel)
    return Inline(kernel)
