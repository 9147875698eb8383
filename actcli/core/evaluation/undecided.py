"""Counting the results of expressions that are nan because no reading decides them.

They are counted for whoever asks, as the commands do to say it once; nobody else's count is touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["SEARCH_LIMIT", "UNDECIDED", "UndecidedCounter", "count_undecided", "counting_undecided", "may_escalate"]

UNDECIDED = float("nan")
"""The nan, known by its identity, of an expression whose result 2,000 bits do not tell from its neighbours."""

SEARCH_LIMIT = 100
"""The patience of a search over thousands of points."""


class UndecidedCounter:
    """How many results were not decided, and how many may be before no more are tried (None: any number)."""

    def __init__(self, patience: int | None = None) -> None:
        self.count = 0
        self.limit = patience


_current: ContextVar[UndecidedCounter | None] = ContextVar("tally", default=None)


@contextmanager
def counting_undecided(patience: int | None = None) -> Iterator[UndecidedCounter]:
    """Count in what follows. `patience` is for a search, which loses nothing when what cancels everywhere stays nan."""
    tally = UndecidedCounter(patience)
    before = _current.set(tally)
    try:
        yield tally
    finally:
        _current.reset(before)


def count_undecided(count: int) -> None:
    """So many results more are not decided."""
    tally = _current.get()
    if tally is not None:
        tally.count += count


def may_escalate() -> bool:
    """Whether one more result may be looked into, however long it takes."""
    tally = _current.get()
    return tally is None or tally.limit is None or tally.count < tally.limit
