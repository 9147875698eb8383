"""Processes that tests start: the signals they heed, their open files, and how long tests wait for them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

__all__ = ["PATIENCE", "default_signals", "open_files", "until"]

PATIENCE = 300.0
"""Seconds before a process counts as hung: far more than a run takes, even on a busy machine."""

_NAMES = ("SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP", "SIGPIPE", "SIGWINCH")
_INTERVAL = 0.005


def default_signals(then: Callable[[], object] | None = None) -> Callable[[], None]:
    """Return a `preexec_fn` that restores the default signal dispositions in the child, and then calls `then`.

    A child inherits ignored signals. A shell ignores SIGINT in its background jobs, and nohup ignores SIGHUP,
    so without this the outcome of a test would depend on how pytest was started.
    """

    def restore() -> None:
        numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)
        if then is not None:
            then()

    return restore


def until(condition: Callable[[], object]) -> None:
    """Wait for `condition` to hold.

    Raise AssertionError if it does not within PATIENCE.
    """
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "the condition never held"
        time.sleep(_INTERVAL)


def open_files(process: int | str, folder: Path) -> list[str]:
    """Return the descriptors, as paths, of the files in `folder` that a process has open; they may have no name."""
    found = []
    for path in Path(f"/proc/{process}/fd").iterdir():
        try:
            if os.path.dirname(os.readlink(path)) == str(folder):
                found.append(str(path))
        except OSError:  # closed meanwhile
            continue
    return found
