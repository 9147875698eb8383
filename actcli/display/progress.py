"""A progress bar for long runs, on a terminal only."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

from actcli.display.terminal import Terminal, is_terminal

__all__ = ["Progress", "progress"]

Clock = Callable[[], float]

_DELAY = 1.0
_INTERVAL = 0.1
_WIDEST = 40
_KEY = "^C"
"""What a terminal may write behind the bar, and what is wiped with it."""


def progress(total_bytes: int | None, stream: Any) -> Progress:
    """A bar on `stream` for `total_bytes` of work (None if that is not known); nothing if it is no terminal.

    A context manager that gives a callback, called with the number of bytes done since the last call:

        with progress(size, sys.stderr) as advance:
            for block in blocks:
                advance(len(block))

    The bar shows after one second and changes at most ten times a second: share, bytes, bytes a second, time
    left. Its line is wiped at the end, however that comes. It uses no thread and no escape sequence, so that
    a process that is killed leaves the terminal as it was. A dumb terminal has none.
    """
    return Progress(total_bytes, stream)


class Progress:
    """See `progress`; `clock` gives seconds."""

    def __init__(self, total_bytes: int | None, stream: Any, clock: Clock = time.monotonic) -> None:
        self._total = total_bytes or 0
        self._stream = stream
        self._clock = clock
        # A dumb terminal may print a carriage return as it comes, and a bar below the other.
        self._active = is_terminal(stream) and os.environ.get("TERM") != "dumb"
        self._start = clock()
        self._next = self._start + _DELAY
        self._done = 0
        self._shown = 0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.clear()
        self._active = False

    def __call__(self, count: int) -> None:
        """`count` more bytes are done."""
        self._done += count
        if self._active:
            now = self._clock()
            if now >= self._next:
                self._next = now + _INTERVAL
                self._show(now - self._start)

    def clear(self) -> None:
        """Wipe the line, to print something else; the bar comes back with the next call."""
        if self._shown:
            self._write("\r" + " " * (self._shown + len(_KEY)) + "\r")
            self._shown = 0

    def _show(self, elapsed: float) -> None:
        terminal = Terminal.of(self._stream)
        # The last column stays free: some terminals wrap as soon as it is written.
        text = _line(self._done, self._total, elapsed, terminal.width - 1 - len(_KEY), terminal.unicode)
        self._write("\r" + text.ljust(self._shown))
        self._shown = len(text)

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            self._active = False  # A terminal that has gone away is no reason to stop the work.


def _line(done: int, total: int, elapsed: float, width: int, unicode: bool) -> str:
    """The bar and as much of the figures as fits in `width` columns."""
    rate = done / elapsed if elapsed > 0 else 0.0
    figures = [_size(done) if done > total else f"{_size(done)} of {_size(total)}", f"{_size(rate)}/s"]
    if rate and done <= total:
        figures.append(f"{_duration((total - done) / rate)} left")
    if total:
        figures.insert(0, f"{min(done / total, 1):4.0%}")
    while figures and len("  ".join(figures)) > width:
        figures.pop()
    text = "  ".join(figures)
    room = min(width - len(text) - 2, _WIDEST)
    if not total or room < 5:
        return text
    filled = round(room * min(done / total, 1))
    full, empty = ("█", "░") if unicode else ("#", ".")
    return f"{full * filled}{empty * (room - filled)}  {text}"


def _size(count: float) -> str:
    """A number of bytes in decimal units, three digits of it."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 999.5:
            return f"{count:.0f} {unit}" if unit == "B" or count >= 99.95 else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def _duration(seconds: float) -> str:
    """Minutes and seconds, with hours before them where there are any."""
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
