"""Count undecided results: results of expressions that are nan because no precision decides them.

The count belongs to the context that asks for it. Commands report it once; a search stops escalating beyond a limit,
and takes fewer samples of a function that nearly always escalates to arbitrary precision, which is counted too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = [
    "SEARCH_LIMIT",
    "UNDECIDED",
    "UndecidedCounter",
    "count_escalated",
    "count_undecided",
    "counting_undecided",
    "may_escalate",
]

UNDECIDED = float("nan")
"""The nan, recognised by its identity, of a result that 2,100 bits do not decide."""

SEARCH_LIMIT = 100
"""How many undecided results a search over thousands of points evaluates with all precisions."""


class UndecidedCounter:
    """A count of undecided results, and the limit after which no more are escalated (None: no limit).

    escalated  the number of results that needed arbitrary precision
    """

    def __init__(self, limit: int | None = None) -> None:
        self.count = 0
        self.escalated = 0
        self.limit = limit


_current: ContextVar[UndecidedCounter | None] = ContextVar("undecided_counter", default=None)


@contextmanager
def counting_undecided(limit: int | None = None) -> Iterator[UndecidedCounter]:
    """Count undecided results inside this context. With `limit`, stop escalating after that many."""
    counter = UndecidedCounter(limit)
    before = _current.set(counter)
    try:
        yield counter
    finally:
        _current.reset(before)


def count_undecided(count: int) -> None:
    """Add `count` undecided results to the count of the current context, if there is one."""
    counter = _current.get()
    if counter is not None:
        counter.count += count


def count_escalated(count: int) -> None:
    """Add `count` results by arbitrary precision to those of the current context, if there is one."""
    counter = _current.get()
    if counter is not None:
        counter.escalated += count


def may_escalate() -> bool:
    """Return whether another result may be escalated to arbitrary precision."""
    counter = _current.get()
    return counter is None or counter.limit is None or counter.count < counter.limit
