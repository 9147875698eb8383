"""Numbers in the sentences that sum up an experiment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actcli.core.demos.network import MAX_SUM

if TYPE_CHECKING:
    from actcli.core.demos.network import TrainingHistory

__all__ = ["number", "score", "stop_reason"]


def number(value: float) -> str:
    """Return `value` with three significant digits; -0 is written 0."""
    return f"{value + 0.0:.3g}"


def score(right: float, points: int) -> str:
    """Return `9.5 of 10 points`; undecided points count one half."""
    return f"{right:g} of {points} points"


def stop_reason(trained: TrainingHistory) -> str:
    """Return why and when a training stopped early, such as `loss nan at step 3`."""
    step = len(trained.losses) - 1
    reason = f"loss {trained.losses[-1]}" if trained.stopped == "loss" else f"weighted sum beyond {MAX_SUM:g}"
    return f"{reason} at step {step}"
