"""Waiting for bytes without missing a signal.

A signal that comes after Python's last look and before the read that waits would be heeded when that read returns,
which it may never do. So its number also goes into a pipe, and both are waited for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

__all__ = ["waking"]


@contextmanager
def waking(raw: Any) -> Iterator[Callable[[], None]]:
    """A function that returns once a read of `raw` would not wait; a signal's handler runs, and may raise, in it.

    Where no such thing can be had, or outside of the main thread, it returns at once.
    """
    import signal

    try:
        raw.fileno()
        ear, mouth = os.pipe()
    except (AttributeError, OSError):
        yield _at_once
        return
    try:
        for end in (ear, mouth):
            os.set_blocking(end, False)
        before = signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)
    except (AttributeError, OSError, ValueError):
        before = None
    try:
        yield _at_once if before is None else partial(_wait, raw, ear)
    finally:
        if before is not None:
            signal.set_wakeup_fd(before)
        os.close(ear)
        os.close(mouth)


def _at_once() -> None:
    """Wait for nothing."""


def _wait(raw: Any, ear: int) -> None:
    import select

    # Of what a system does not select (a descriptor of Windows, or one too large) nothing is known before.
    with suppress(OSError, ValueError):
        while raw not in select.select([raw, ear], [], [])[0]:
            os.read(ear, 512)
