"""The part of actcli show about one number format: where f and f' are trivial in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import Quantity
from actcli.core.evaluation.trivial_intervals import trivial_intervals
from actcli.display.report import Section
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.core.evaluation.trivial_intervals import TrivialInterval, TrivialIntervals

__all__ = ["find_in_dtype", "trivial_members", "trivial_section"]

_MAX_LINES = 12
"""How many intervals of f, and of f', the page lists."""
_WORDS = {
    "zero": "is 0",
    "one": "is 1",
    "identity": "is x",
    "subnormal": "is subnormal",
    "overflow": "overflows",
}


def find_in_dtype(bound: BoundActivation, dtype: str) -> tuple[TrivialIntervals, ...]:
    """Return the trivial intervals of f and of f' in a format."""
    return tuple(trivial_intervals(bound, order, FLOATS[dtype]) for order in (0, 1))


def trivial_section(bound: BoundActivation, dtype: str, found: Sequence[TrivialIntervals]) -> Section:
    """Return the section of the page: one line per interval."""
    lines: list[str] = []
    for order, part in enumerate(found):
        name = "f'" if order else "f"
        texts = list(_lines(bound, dtype, name, part))
        lines += texts[:_MAX_LINES]
        if len(texts) > _MAX_LINES:
            lines.append(f"{name} is trivial in {len(texts) - _MAX_LINES} more intervals (-f json lists all)")
        lines += [f"{name} is not searched {_range(dtype, *gap)}" for gap in part.gaps]
    return Section(f"In {dtype}", "\n".join(lines) or "f and f' are trivial nowhere")


def _lines(bound: BoundActivation, dtype: str, name: str, part: TrivialIntervals) -> Iterator[str]:
    for interval in part.intervals:
        words = _WORDS.get(interval.what) or f"is its limit {_result(bound, dtype, interval)}"
        remark = "" if interval.evidence == "proven" else " (observed)"
        yield f"{name} {words} {_range(dtype, interval.low, interval.high)}{remark}"


def _result(bound: BoundActivation, dtype: str, interval: TrivialInterval) -> str:
    """Return the result in an interval on which it is constant."""
    fmt = FLOATS[dtype]
    return fmt.write(float(evaluate(Quantity(bound, interval.order), np.array([interval.low]), fmt)[0]))


def _range(dtype: str, low: float, high: float) -> str:
    """Return the numbers from low to high in words; the format's largest numbers are not named."""
    fmt = FLOATS[dtype]
    if (low, high) == (-fmt.largest, fmt.largest):
        return "at every x"
    if low == high:
        return f"at {fmt.write(low)}"
    if low == -fmt.largest:
        return f"up to {fmt.write(high)}"
    return f"from {fmt.write(low)}" + ("" if high == fmt.largest else f" to {fmt.write(high)}")


def trivial_members(dtype: str, found: Sequence[TrivialIntervals]) -> dict[str, Any]:
    """Return the members of the JSON object."""
    return {
        "dtype": dtype,
        "in_dtype": [
            {"order": each.order, "is": each.what, "from": each.low, "to": each.high, "evidence": each.evidence}
            for part in found
            for each in part.intervals
        ],
        "not_searched_in_dtype": [
            {"order": order, "from": low, "to": high} for order, part in enumerate(found) for low, high in part.gaps
        ],
    }
