"""Counting the results of expressions that are nan because no reading decides them.

They are counted for whoever asks, as the commands do to say it once; nobody else's count is touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["Tally", "note", "tallied"]


class Tally:
    """How many results were not decided."""

    def __init__(self) -> None:
        self.count = 0


_current: ContextVar[Tally | None] = ContextVar("tally", default=None)


@contextmanager
def tallied() -> Iterator[Tally]:
    """Count in what follows."""
    tally = Tally()
    before = _current.set(tally)
    try:
        yield tally
    finally:
        _current.reset(before)


def note(count: int) -> None:
    """So many results more are not decided."""
    tally = _current.get()
    if tally is not None:
        tally.count += count
