"""Who does the blocks of a file: this process alone, or two more beside it.

The two are forks of this one. Each has a stretch of memory in common with it for the block that comes in and the
bytes that go out, and a socket for the word that they are there. All that can go wrong is that there is no answer:
then this process does the block itself.
"""

from __future__ import annotations

import mmap
import os
import signal
import warnings
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from struct import Struct
from typing import TYPE_CHECKING, NoReturn, Protocol

if TYPE_CHECKING:
    import socket

    from actcli.streams.quick import Made

    Job = Callable[[bytes | memoryview], Made | None]

__all__ = ["Alone", "Crew", "Two", "hire"]

_ROOM = 1 << 22
"""The bytes that a block may have before and after."""
_WORD = Struct("<qqq")
"""That a block of so many bytes is there; or that so many bytes are there, of so many rows and lines."""
_UNSURE, _NO_ROOM = _WORD.pack(-1, 0, 0), _WORD.pack(-2, 0, 0)


class Crew(Protocol):
    """Blocks are given and come back in that order, with what became of each; None is for those to do otherwise."""

    @property
    def busy(self) -> bool: ...

    @property
    def full(self) -> bool: ...

    def give(self, block: bytes) -> None: ...

    def take(self) -> tuple[bytes, Made | None]:
        """The first block; what became of it counts until the next one is given."""

    def close(self) -> None: ...


def hire(job: Job, many: bool) -> Crew:
    """Two processes for many blocks, if there are two processors and there is a way to have them; else this one."""
    # glibc gives large memory back to the system each time that it is freed, until a larger one has been: then the
    # arrays of a block, which are as many and as large each time, need not be found anew.
    bytearray(_ROOM)
    if many and hasattr(os, "fork") and hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) > 1:
        return Two(job)
    return Alone(job)


class Alone:
    """One block at a time, in this process."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._block = b""

    @property
    def busy(self) -> bool:
        return bool(self._block)

    full = busy

    def give(self, block: bytes) -> None:
        self._block = block

    def take(self) -> tuple[bytes, Made | None]:
        block, self._block = self._block, b""
        return block, self._job(block)

    def close(self) -> None:
        pass


class Two:
    """Two processes, by turns. The first block is done here: what is found or made for it, both then have."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._given: deque[tuple[bytes, _Worker | None]] = deque()
        self._workers: deque[_Worker] = deque()
        self._hired = False

    @property
    def busy(self) -> bool:
        return bool(self._given)

    @property
    def full(self) -> bool:
        return len(self._given) >= (2 * len(self._workers) or 1)

    def give(self, block: bytes) -> None:
        worker = self._workers[0] if self._workers else None
        if worker is not None:
            self._workers.rotate()
            worker.give(block)
        self._given.append((block, worker))

    def take(self) -> tuple[bytes, Made | None]:
        block, worker = self._given.popleft()
        try:
            made = worker.answer() if worker is not None else self._job(block)
        except _NoAnswer:
            made = self._job(block)
        if not self._hired:
            self._hired = True
            with suppress(OSError):  # no room for others: then this process goes on alone
                for _ in range(2):
                    self._workers.append(_Worker(self._job, [other.line for other in self._workers]))
        return block, made

    def close(self) -> None:
        for worker in self._workers:
            worker.end()
        self._workers.clear()


class _NoAnswer(Exception):
    """The block was, or became, too large for the memory in common; or the process has died."""


class _Worker:
    """A process that does the job on one block after another: while it does one, it may have been given the next."""

    def __init__(self, job: Job, others: list[socket.socket]) -> None:
        import socket

        # What comes in and what goes out, of two blocks by turns.
        self._rooms = deque((mmap.mmap(-1, _ROOM), mmap.mmap(-1, _ROOM)) for _ in range(2))
        self._asked: deque[mmap.mmap | None] = deque()
        self.line, far = socket.socketpair()
        # Until the other process has its own ways with signals, none may reach it.
        heeded = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
        before = signal.pthread_sigmask(signal.SIG_BLOCK, heeded)
        try:
            with warnings.catch_warnings():
                # Python warns of forks where there are threads: those of a BLAS that is not used here.
                warnings.simplefilter("ignore", DeprecationWarning)
                self._pid = os.fork()
            if not self._pid:
                self._work(job, far, [self.line, *others])
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        far.close()

    def _work(self, job: Job, line: socket.socket, others: list[socket.socket]) -> NoReturn:
        """The other process: it ends with this one, or when that closes the line."""
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to both, and this one ends the other
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, ())
            for other in others:
                other.close()
            while asked := line.recv(_WORD.size):
                (size, _, _) = _WORD.unpack(asked)
                inbox, outbox = self._rooms[0]
                self._rooms.rotate()
                made = job(memoryview(inbox)[:size])
                if made is None:
                    line.send(_UNSURE)
                elif len(made.data) > _ROOM:
                    line.send(_NO_ROOM)
                else:
                    outbox[: len(made.data)] = made.data
                    line.send(_WORD.pack(len(made.data), made.rows, made.lines))
        finally:
            # Nothing of what this process was about to do when it forked is for the other to finish.
            os._exit(0)

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
            self.line.send(_WORD.pack(len(block), 0, 0), socket.MSG_NOSIGNAL)

    def answer(self) -> Made | None:
        """What it made of the first block that it has not answered for. Raises _NoAnswer if it cannot say."""
        from actcli.streams.quick import Made

        outbox = self._asked.popleft()
        if outbox is None:
            raise _NoAnswer
        word = b""
        with suppress(OSError):
            word = self.line.recv(_WORD.size)
        size, rows, lines = _WORD.unpack(word or _NO_ROOM)
        if size == -2:
            raise _NoAnswer
        return Made(memoryview(outbox)[:size], rows, lines) if size >= 0 else None

    def end(self) -> None:
        """End the process at once, whatever it is doing."""
        self.line.close()
        with suppress(OSError):
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
