"""Numbers and lists in the sentences of a finding."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actcli.formats import Floats

__all__ = ["count", "failure", "joined", "lost", "number", "percent"]


def number(value: float) -> str:
    """Three significant digits; a zero has no sign."""
    return f"{value + 0.0:.3g}"


def count(value: float) -> str:
    """How many of something: whole, or a half where a coin was tossed for it."""
    return f"{value:g}"


def percent(share: float) -> str:
    """A share in per cent; 100% only of all."""
    return f"{100.0 if share >= 1 else min(100 * share, 99.99):.4g}%"


def failure(label: str, losses: Floats) -> list[str]:
    """What is to be said of a training whose losses left the finite numbers: nothing if they did not."""
    if not lost(losses):
        return []
    when = f"became {losses[-1]} at step {len(losses) - 1}" if len(losses) > 1 else f"is {losses[-1]} from the start"
    return [f"The loss of {label} {when}: from there on nothing is learnt."]


def lost(losses: Floats) -> bool:
    """Whether the loss has left the finite numbers, so that nothing more can be learnt."""
    return not math.isfinite(losses[-1])


def joined(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
