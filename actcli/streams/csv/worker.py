"""The executor with a second process, a fork of this one.

Blocks and results travel through shared memory, notifications through a socket. If the worker dies or a result does
not fit, the parent processes the block itself.
"""

from __future__ import annotations

import mmap
import os
import signal
import warnings
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from struct import Struct
from typing import TYPE_CHECKING, NoReturn

from actcli.errors import DataError
from actcli.streams.csv.blocks import Block, BlockResult, Kernel

if TYPE_CHECKING:
    import socket

__all__ = ["ForkedWorker"]

_BUFFER_BYTES = 1 << 22
"""The size limit of a block, and of its result, in shared memory."""
_MAX_PENDING = 6
"""How many blocks may wait for the result of the first of them."""
_HEADER = Struct("<5q")
"""A notification: the size of a block, or that of a result and its four counts."""
_NO_COUNTS = (0, 0, 0, 0)
_IRREGULAR, _TOO_LARGE = -1, -2
"""Sizes that say: the kernel returned None, the result exceeds the buffer."""


class ForkedWorker:
    """Runs the kernel in a worker process and, while that is busy, in this one, which also reads and writes.

    The first block that the kernel can process is computed before the fork, so that both processes share what was
    imported and cached for it.
    """

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._process: _Process | None = None
        self._may_fork = True
        self._pending: deque[tuple[Block, BlockResult | _Process | None]] = deque()

    def map(self, blocks: Iterable[Block]) -> Iterator[tuple[Block, BlockResult | None]]:
        """Yield each block with its result, as soon as those before it are there."""
        try:
            for block in blocks:
                self._submit(block)
                while self._is_due():
                    yield self._take()
        except (DataError, MemoryError):
            yield from self._drain()
            raise
        yield from self._drain()

    def close(self) -> None:
        """End the worker process."""
        if self._process is not None:
            self._process.kill()

    def _submit(self, block: Block) -> None:
        if self._process is not None and self._process.is_free and block.is_regular:
            self._process.submit(block)
            self._pending.append((block, self._process))
            return
        result = self._kernel(block)
        self._pending.append((block, result))
        if self._may_fork and result is not None:
            self._may_fork = False
            with suppress(OSError):  # no second process available: this one continues alone
                self._process = _Process(self._kernel)

    def _is_due(self) -> bool:
        """Whether to take the first pending block before submitting another."""
        if not self._pending:
            return False
        first = self._pending[0][1]
        return not isinstance(first, _Process) or first.is_ready or len(self._pending) >= _MAX_PENDING

    def _take(self) -> tuple[Block, BlockResult | None]:
        block, result = self._pending.popleft()
        if isinstance(result, _Process):
            try:
                result = result.result()
            except _NoResultError:
                result = self._kernel(block)
        return block, result

    def _drain(self) -> Iterator[tuple[Block, BlockResult | None]]:
        while self._pending:
            yield self._take()


class _NoResultError(Exception):
    """The block or its result is too large for the shared memory, or the worker has died."""


class _Process:
    """A worker process with two pairs of buffers: while it processes one block, the next can be submitted."""

    def __init__(self, kernel: Kernel) -> None:
        import socket

        self._buffers = deque((mmap.mmap(-1, _BUFFER_BYTES), mmap.mmap(-1, _BUFFER_BYTES)) for _ in range(2))
        self._submitted: deque[mmap.mmap | None] = deque()  # the result buffers; None for a block that is too large
        self._socket, theirs = socket.socketpair()
        # Until the worker has its own signal handlers, no signal may reach it.
        handled = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT}
        before = signal.pthread_sigmask(signal.SIG_BLOCK, handled)
        try:
            with warnings.catch_warnings():
                # Python warns of forks in processes with threads: those of a BLAS that is not used here.
                warnings.simplefilter("ignore", DeprecationWarning)
                self._pid = os.fork()
            if not self._pid:
                self._work(kernel, theirs)
        except OSError:
            self._socket.close()
            raise
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            theirs.close()

    def _work(self, kernel: Kernel, parent: socket.socket) -> NoReturn:
        """Process blocks in the worker, until the parent ends or closes its socket."""
        try:
            for number in (signal.SIGINT, signal.SIGQUIT):  # Ctrl-C goes to both processes; the parent ends the worker
                signal.signal(number, signal.SIG_IGN)
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, ())
            self._socket.close()
            while header := parent.recv(_HEADER.size):
                size, *_ = _HEADER.unpack(header)
                inbox, outbox = self._buffers[0]
                self._buffers.rotate()
                result = kernel(Block(0, memoryview(inbox)[:size], is_regular=True))
                if result is None:
                    parent.send(_HEADER.pack(_IRREGULAR, *_NO_COUNTS))
                elif len(result.data) > _BUFFER_BYTES:
                    parent.send(_HEADER.pack(_TOO_LARGE, *_NO_COUNTS))
                else:
                    outbox[: len(result.data)] = result.data
                    parent.send(_HEADER.pack(len(result.data), *result[1:5]))
        finally:
            # Handlers and buffers that this process inherited belong to the parent.
            os._exit(0)

    @property
    def is_ready(self) -> bool:
        """Whether the next result can be had without waiting."""
        import select

        return self._submitted[0] is None or bool(select.select([self._socket], [], [], 0)[0])

    @property
    def is_free(self) -> bool:
        """Whether a block can be submitted."""
        return len(self._submitted) < len(self._buffers)

    def submit(self, block: Block) -> None:
        """Pass a block to the worker."""
        import socket

        if len(block.data) > _BUFFER_BYTES:
            self._submitted.append(None)
            return
        inbox, outbox = self._buffers[0]
        self._buffers.rotate()
        self._submitted.append(outbox)
        inbox[: len(block.data)] = block.data
        with suppress(OSError):  # the worker has died: result() will find out
            self._socket.send(_HEADER.pack(len(block.data), *_NO_COUNTS), socket.MSG_NOSIGNAL)

    def result(self) -> BlockResult | None:
        """Return the result of the first block that has none yet. Raise _NoResultError if the worker has none."""
        outbox = self._submitted.popleft()
        if outbox is None:
            raise _NoResultError
        header = b""
        with suppress(OSError):
            header = self._socket.recv(_HEADER.size)
        size, *counts = _HEADER.unpack(header) if header else (_TOO_LARGE, *_NO_COUNTS)
        if size == _TOO_LARGE:
            raise _NoResultError
        return BlockResult(memoryview(outbox)[:size], *counts) if size >= 0 else None

    def kill(self) -> None:
        """End the process at once, whatever it is doing."""
        self._socket.close()
        with suppress(OSError):
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
