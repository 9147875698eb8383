"""Cost measured without a clock, independent of the load: calls made and memory allocated."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable
from typing import Any

__all__ = ["calls", "peak_bytes"]


def calls(act: Callable[[], object]) -> int:
    """Return the number of function calls that `act` makes, built-in functions included."""
    count = 0

    def profile(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        act()
    finally:
        sys.setprofile(before)
    return count


def peak_bytes(act: Callable[[], object]) -> int:
    """Return the peak of the memory that `act` allocates."""
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
