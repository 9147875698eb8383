"""Wait for input without missing a signal.

A signal between Python's last check and a blocking read would be handled only when the read returns, possibly never
(the self-pipe race). So signals are also written to a pipe, and both descriptors are waited for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

__all__ = ["interruptible_wait"]


@contextmanager
def interruptible_wait(raw: Any) -> Iterator[Callable[[], None]]:
    """Provide a function that waits until `raw` is readable; signal handlers run, and may raise, in it.

    On systems without such a wait, and outside the main thread, the function returns at once.
    """
    import signal

    try:
        raw.fileno()
        read_fd, write_fd = os.pipe()
    except (AttributeError, OSError):
        yield _at_once
        return
    try:
        for descriptor in (read_fd, write_fd):
            os.set_blocking(descriptor, False)
        before = signal.set_wakeup_fd(write_fd, warn_on_full_buffer=False)
    except (AttributeError, OSError, ValueError):
        before = None
    try:
        yield _at_once if before is None else partial(_wait, raw, read_fd)
    finally:
        if before is not None:
            signal.set_wakeup_fd(before)
        os.close(read_fd)
        os.close(write_fd)


def _at_once() -> None:
    """Do not wait."""


def _wait(raw: Any, signal_fd: int) -> None:
    import select

    # select() does not support all descriptors (on Windows, or above 1023): then the read itself waits.
    with suppress(OSError, ValueError):
        while raw not in select.select([raw, signal_fd], [], [])[0]:
            os.read(signal_fd, 512)
