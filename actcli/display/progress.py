"""A progress bar for long runs; it appears only on a terminal."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

from actcli.display.terminal import Terminal, is_terminal

__all__ = ["Progress"]

Clock = Callable[[], float]
"""A function that returns seconds."""

_DELAY = 1.0
"""Seconds before the bar appears."""
_INTERVAL = 0.1
"""Seconds between two updates."""
_MIN_BAR, _MAX_BAR = 5, 40
"""Columns of the bar. Below the minimum only figures are shown."""
_ECHO = "^C"
"""The terminal may echo this after the bar; columns are reserved for it and wiped with the bar."""


class Progress:
    """A progress bar on `stream` for `total_bytes` of work (None if unknown); silent without a terminal.

    It is a context manager. Its value is a callback, to be called with the number of bytes done since the last call:

        with Progress(size, sys.stderr) as advance:
            for block in blocks:
                advance(len(block))

    The bar appears after one second and changes at most ten times a second. It shows the share, bytes, bytes per
    second and time left. Its line is wiped on exit, also by an exception. It uses no thread and no escape sequence, so
    that a killed process leaves the terminal usable. On a dumb terminal it is silent.
    """

    def __init__(self, total_bytes: int | None, stream: Any, clock: Clock = time.monotonic) -> None:
        self._total = total_bytes or 0
        self._stream = stream
        self._clock = clock
        # A dumb terminal may not obey a carriage return and print one bar below another.
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
        """Count more bytes as done, and update the bar if it is time."""
        self._done += count
        if self._active:
            now = self._clock()
            if now >= self._next:
                self._next = now + _INTERVAL
                self._show(now - self._start)

    def clear(self) -> None:
        """Wipe the line before other output; the bar returns with a later call."""
        if self._shown:
            self._write("\r" + " " * (self._shown + len(_ECHO)) + "\r")
            self._shown = 0

    def _show(self, elapsed: float) -> None:
        terminal = Terminal.of(self._stream)
        # The last column stays free: some terminals wrap when it is written.
        text = _line(self._done, self._total, elapsed, terminal.width - 1 - len(_ECHO), terminal.unicode)
        self._write("\r" + text.ljust(self._shown))
        self._shown = len(text)

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            self._active = False  # The work goes on after its terminal has gone.


def _line(done: int, total: int, elapsed: float, width: int, unicode: bool) -> str:
    """Return the bar with as many figures as fit in `width` columns."""
    rate = done / elapsed if elapsed > 0 else 0.0
    figures = [_size(done) if done > total else f"{_size(done)} of {_size(total)}", f"{_size(rate)}/s"]
    if rate and done <= total:
        figures.append(f"{_duration((total - done) / rate)} left")
    if total:
        figures.insert(0, f"{min(done / total, 1):4.0%}")
    while figures and len("  ".join(figures)) > width:
        figures.pop()
    text = "  ".join(figures)
    room = min(width - len(text) - 2, _MAX_BAR)
    if not total or room < _MIN_BAR:
        return text
    filled = round(room * min(done / total, 1))
    full, empty = ("█", "░") if unicode else ("#", ".")
    return f"{full * filled}{empty * (room - filled)}  {text}"


def _size(count: float) -> str:
    """Return a number of bytes with three digits in decimal units."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 999.5:
            return f"{count:.0f} {unit}" if unit == "B" or count >= 99.95 else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def _duration(seconds: float) -> str:
    """Return `m:ss`, or `h:mm:ss` from an hour on."""
    total = round(seconds)
    hours, minutes = divmod(total // 60, 60)
    return f"{hours}:{minutes:02}:{total % 60:02}" if hours else f"{minutes}:{total % 60:02}"
