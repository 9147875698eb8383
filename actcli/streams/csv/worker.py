"""Who does the blocks of a file: this process alone, or another beside it.

The other is a fork of this one. They have memory in common for the blocks that come in and the bytes that go out, and a
socket for the word that these are there. All that can go wrong is that there is no answer: then this process does the
block itself.
"""

from __future__ import annotations

import mmap
import os
import signal
import warnings
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from struct import Struct
from typing import TYPE_CHECKING, NoReturn, Protocol

if TYPE_CHECKING:
    import socket

    from actcli.streams.csv.fast_path import BlockResult

    Job = Callable[[bytes | memoryview], BlockResult | None]

__all__ = ["Alone", "Crew", "Two", "hire"]

_ROOM = 1 << 22
"""The bytes that a block may have before and after."""
_MOST = 6
"""How many blocks may be done, or being done, before the first of them is waited for."""
_WORD = Struct("<6q")
"""That a block of so many bytes is there; or that so many bytes are there, and the counts of a `Made`."""


def _word(size: int, counts: Sequence[int] = (0,) * 5) -> bytes:
    return _WORD.pack(size, *counts)


_UNSURE, _NO_ROOM = _word(-1), _word(-2)


class Crew(Protocol):
    """Blocks are given and come back in that order, with what became of each; None is for those to do otherwise.

    job   what is done to a block
    busy  whether there are blocks that have not come back
    due   whether one of them is to be taken before more are given
    """

    @property
    def job(self) -> Job: ...

    @property
    def busy(self) -> bool: ...

    @property
    def due(self) -> bool: ...

    def give(self, block: bytes) -> None: ...

    def take(self) -> tuple[bytes, BlockResult | None]:
        """The first block; what became of it counts until the next one is given."""

    def close(self) -> None: ...


def hire(job: Job, many: bool) -> Crew:
    """Two processes for many blocks, if there are two processors and a way to have them; else this one alone."""
    # glibc gives large memory back to the system each time that it is freed, until a larger one has been: then the
    # arrays of a block, which are as many and as large each time, need not be found anew.
    bytearray(_ROOM)
    if many and hasattr(os, "fork") and hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) > 1:
        return Two(job)
    return Alone(job)


class Alone:
    """One block at a time, in this process."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._block = b""

    @property
    def busy(self) -> bool:
        return bool(self._block)

    due = busy

    def give(self, block: bytes) -> None:
        self._block = block

    def take(self) -> tuple[bytes, BlockResult | None]:
        block, self._block = self._block, b""
        return block, self.job(block)

    def close(self) -> None:
        pass


class Two:
    """Another process does what blocks it can, and this one, which also reads and writes, those between.

    The first block is done here: what is found or made for it, both then have.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self._worker: _Worker | None = None
        self._given: deque[tuple[bytes, BlockResult | _Worker | None]] = deque()
        self._alone = True

    @property
    def busy(self) -> bool:
        return bool(self._given)

    @property
    def due(self) -> bool:
        if not self._given or self._worker is None:
            return bool(self._given)
        first = self._given[0][1]
        return first is not self._worker or self._worker.ready or len(self._given) >= _MOST

    def give(self, block: bytes) -> None:
        if self._worker is not None and self._worker.free:
            self._worker.give(block)
            self._given.append((block, self._worker))
        else:
            self._given.append((block, self.job(block)))
            if self._alone:
                self._alone = False
                with suppress(OSError):  # no room for another: then this process goes on alone
                    self._worker = _Worker(self.job)

    def take(self) -> tuple[bytes, BlockResult | None]:
        block, made = self._given.popleft()
        if isinstance(made, _Worker):
            try:
                made = made.answer()
            except _NoAnswer:
                made = self.job(block)
        return block, made

    def close(self) -> None:
        if self._worker is not None:
            self._worker.end()


class _NoAnswer(Exception):
    """The block was, or became, too large for the memory in common; or the process has died."""


class _Worker:
    """A process that does the job on one block after another: while it does one, it may have been given the next."""

    def __init__(self, job: Job) -> None:
        import socket

        # What comes in and what goes out, of two blocks by turns.
        self._rooms = deque((mmap.mmap(-1, _ROOM), mmap.mmap(-1, _ROOM)) for _ in range(2))
        self._asked: deque[mmap.mmap | None] = deque()
        self._line, far = socket.socketpair()
        # Until the other process has its own ways with signals, none may reach it.
        heeded = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT}
        before = signal.pthread_sigmask(signal.SIG_BLOCK, heeded)
        try:
            with warnings.catch_warnings():
                # Python warns of forks where there are threads: those of a BLAS that is not used here.
                warnings.simplefilter("ignore", DeprecationWarning)
                self._pid = os.fork()
            if not self._pid:
                self._work(job, far)
        except OSError:
            self._line.close()
            raise
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            far.close()

    def _work(self, job: Job, line: socket.socket) -> NoReturn:
        """The other process: it ends with this one, or when that closes the line."""
        try:
            for number in (signal.SIGINT, signal.SIGQUIT):  # Ctrl-C goes to both, and this one ends the other
                signal.signal(number, signal.SIG_IGN)
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, ())
            self._line.close()
            while asked := line.recv(_WORD.size):
                size, *_ = _WORD.unpack(asked)
                inbox, outbox = self._rooms[0]
                self._rooms.rotate()
                made = job(memoryview(inbox)[:size])
                if made is None:
                    line.send(_UNSURE)
                elif len(made.data) > _ROOM:
                    line.send(_NO_ROOM)
                else:
                    outbox[: len(made.data)] = made.data
                    line.send(_word(len(made.data), made[1:]))
        finally:
            # Nothing of what this process was about to do when it forked is for the other to finish.
            os._exit(0)

    @property
    def ready(self) -> bool:
        """Whether it can answer for the first block that it has not answered for."""
        import select

        return self._asked[0] is None or bool(select.select([self._line], [], [], 0)[0])

    @property
    def free(self) -> bool:
        """Whether it can be given a block."""
        return len(self._asked) < len(self._rooms)

    def give(self, block: bytes) -> None:
        import socket

        if len(block) > _ROOM:
            self._asked.append(None)
            return
        inbox, outbox = self._rooms[0]
        self._rooms.rotate()
        self._asked.append(outbox)
        inbox[: len(block)] = block
        with suppress(OSError):  # it has died: so will be said when it is asked for the answer
            self._line.send(_word(len(block)), socket.MSG_NOSIGNAL)

    def answer(self) -> BlockResult | None:
        """What it made of the first block that it has not answered for. Raises _NoAnswer if it cannot say."""
        from actcli.streams.csv.fast_path import BlockResult

        outbox = self._asked.popleft()
        if outbox is None:
            raise _NoAnswer
        word = b""
        with suppress(OSError):
            word = self._line.recv(_WORD.size)
        size, *counts = _WORD.unpack(word or _NO_ROOM)
        if size == -2:
            raise _NoAnswer
        return BlockResult(memoryview(outbox)[:size], *counts) if size >= 0 else None

    def end(self) -> None:
        """End the process at once, whatever it is doing."""
        self._line.close()
        with suppress(OSError):
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
