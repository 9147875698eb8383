"""Numbers and lists in the sentences of a finding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from actcli.core.demos.network import LARGEST

if TYPE_CHECKING:
    from actcli.core.demos.network import Trained

__all__ = ["count", "giving_up", "joined", "number", "percent"]


def number(value: float) -> str:
    """Three significant digits; a zero has no sign."""
    return f"{value + 0.0:.3g}"


def count(value: float) -> str:
    """How many of something: whole, or a half where a coin was tossed for it."""
    return f"{value:g}"


def percent(share: float) -> str:
    """A share in per cent; 100% only of all."""
    return f"{100.0 if share >= 1 else min(100 * share, 99.99):.4g}%"


def giving_up(trained: Trained) -> str:
    """Why a training ended early, and when, as the rest of a sentence: `its loss became inf at step 3`."""
    step = len(trained.losses) - 1
    when = f"at step {step}" if step else "before the first step"
    if trained.stopped == "loss":
        return f"its loss {'became' if step else 'is'} {trained.losses[-1]} {when}"
    return f"a weighted sum {'passed' if step else 'is beyond'} {LARGEST:g} {when}"


def joined(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
