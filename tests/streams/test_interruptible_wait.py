"""Waiting for input: bytes and signals end it at once."""

from __future__ import annotations

import io
import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from actcli.streams.interruptible_wait import interruptible_wait
from tests.support.child_processes import PATIENCE

pytestmark = pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="signals are those of POSIX")


class SignalHandled(Exception):
    """Raised by the handler of a signal."""


@pytest.fixture
def pipe() -> Iterator[tuple[Any, int]]:
    """Provide a pipe: the file to read from, and the descriptor to write to."""
    read_fd, write_fd = os.pipe()
    with io.FileIO(read_fd) as raw:
        yield raw, write_fd
        os.close(write_fd)


@pytest.fixture
def raising_handler() -> Iterator[None]:
    """Raise SignalHandled on SIGUSR1."""

    def handle(number: int, frame: Any) -> None:
        raise SignalHandled

    before = signal.signal(signal.SIGUSR1, handle)
    yield
    signal.signal(signal.SIGUSR1, before)


def later(seconds: float, act: Any, *args: Any) -> threading.Timer:
    timer = threading.Timer(seconds, act, args)
    timer.daemon = True
    timer.start()
    return timer


def test_bytes_end_the_wait(pipe: tuple[Any, int]) -> None:
    """The wait ends when a byte is available."""
    raw, write_fd = pipe
    with interruptible_wait(raw) as wait:
        later(0.05, os.write, write_fd, b"a")
        wait()
        assert raw.read(9) == b"a"


@pytest.mark.usefixtures("raising_handler")
def test_signal_in_another_thread_ends_wait(pipe: tuple[Any, int]) -> None:
    """A signal that another thread has received ends the wait."""
    raw, write_fd = pipe

    def elsewhere() -> None:
        signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)

    rescued = threading.Event()

    def rescue() -> None:
        rescued.set()
        os.write(write_fd, b"too late")

    timer = later(PATIENCE, rescue)
    with interruptible_wait(raw) as wait:

        def interrupted() -> None:
            later(0.1, elsewhere)
            wait()

        with pytest.raises(SignalHandled):
            interrupted()
    timer.cancel()
    assert not rescued.is_set()


def test_handled_signal_does_not_end_wait(pipe: tuple[Any, int]) -> None:
    """The wait continues after a signal whose handler returns."""
    raw, write_fd = pipe
    handled = threading.Semaphore(0)
    written = threading.Event()
    before = signal.signal(signal.SIGUSR1, lambda number, frame: handled.release())

    def send() -> None:
        for _ in range(20):
            os.kill(os.getpid(), signal.SIGUSR1)
            assert handled.acquire(timeout=PATIENCE)
        written.set()
        os.write(write_fd, b"a")

    with interruptible_wait(raw) as wait:
        sender = later(0, send)
        wait()
        assert written.is_set()
        assert raw.read(9) == b"a"
    sender.join()
    signal.signal(signal.SIGUSR1, before)


def test_wakeup_fd_is_restored(pipe: tuple[Any, int]) -> None:
    """The wakeup descriptor of signals is restored afterwards."""
    raw, write_fd = pipe
    os.set_blocking(write_fd, False)
    assert signal.set_wakeup_fd(write_fd) == -1
    with interruptible_wait(raw):
        pass
    assert signal.set_wakeup_fd(-1) == write_fd


def test_unsupported_wait_returns_at_once() -> None:
    """Without a descriptor, and in another thread, the wait returns at once."""
    with interruptible_wait(io.BytesIO()) as wait:
        wait()
    done = []

    def elsewhere() -> None:
        read_fd, write_fd = os.pipe()
        with io.FileIO(read_fd) as raw, io.FileIO(write_fd, "w"), interruptible_wait(raw) as wait:
            wait()
            done.append(True)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join(PATIENCE)
    assert done == [True]
