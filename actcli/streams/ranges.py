"""The points of `--range A:B`: exact rationals of the typed digits, each correctly rounded."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from actcli.errors import UsageError
from actcli.number_formats import Format
from actcli.number_text import exact_number, is_number, read_number
from actcli.text import displayable

if TYPE_CHECKING:
    from fractions import Fraction

    from actcli.number_formats import Floats

__all__ = ["parse_range", "points"]

_MAX_POINTS = 10**8
_BLOCK_POINTS = 1 << 18
_MAX_EXACT_INTEGER = 2**53
"""Integers up to this size are float64 values."""


def parse_range(text: str) -> tuple[str, str]:
    """Return the endpoints A and B of `A:B`, as typed.

    Raises UsageError unless `text` is two finite numbers with one colon between them.
    """
    ends = text.split(":")
    if len(ends) != 2:
        raise UsageError(f"a range must be two numbers separated by a colon (-6:6), not '{displayable(text)}'")
    for end in ends:
        _exact(end)
    return ends[0], ends[1]


def points(start: str, stop: str, *, count: int | None, step: str | None, half_open: bool, fmt: Format) -> Floats:
    """Return the points from `start` (A) to `stop` (B), each rounded once to `fmt` from its exact value.

    count    N equidistant points, including A and B (N = 1 gives A); half-open: A + i (B - A) / N
    step     A, A + S, A + 2 S ... up to B; includes B only if it is reached exactly, and never if half-open
    returns  a float64 array of values of `fmt`; -0.0 only for an endpoint typed so

    Exactly one of `count` and `step` is required (both: UsageError; neither: ValueError). Raises UsageError for a
    non-numeric or infinite endpoint or step, a count below 1, a step that is 0 or leads away from B, and a range of
    no points or more than 10**8.
    """
    first, last = _exact(start), _exact(stop)
    if step is not None:
        if count is not None:
            raise UsageError("a range takes a number of points or a step, not both")
        stride = _exact(step)
        count = _steps(first, last, stride, half_open, f"{displayable(start)}:{displayable(stop)}", displayable(step))
    elif count is not None:
        if count < 1:
            raise UsageError(f"a range must have at least 1 point, not {count}")
        stride = (last - first) / (count if half_open else max(count - 1, 1))
    else:
        raise ValueError("points() takes a count or a step")
    if count > _MAX_POINTS:
        raise UsageError(f"the range has {count} points; at most {_MAX_POINTS} are allowed")

    values = _progression(first, stride, count, fmt)
    if count > 1 and _is_minus_zero(stop, last) and first + stride * (count - 1) == last:
        values[-1] = -0.0
    if _is_minus_zero(start, first):
        values[0] = -0.0
    return values


def _exact(text: str) -> Fraction:
    if not is_number(text):
        raise UsageError(f"'{displayable(text)}' is not a number")
    if not math.isfinite(read_number(text)):
        raise UsageError(f"the endpoints and the step of a range must be finite, not '{displayable(text)}'")
    number = exact_number(text)
    if number is None:
        raise UsageError(f"the exponent of '{displayable(text)}' is too large for a range")
    return number


def _is_minus_zero(text: str, number: Fraction) -> bool:
    return number == 0 and text.startswith("-")


def _steps(first: Fraction, last: Fraction, stride: Fraction, half_open: bool, ends: str, step: str) -> int:
    """Return the number of points from `first` to `last` in steps of `stride`."""
    if stride == 0:
        raise UsageError("the step of a range cannot be 0")
    strides = (last - first) / stride
    if strides < 0:
        raise UsageError(f"a step of {step} leads away from the end of the range {ends}: change its sign")
    count = math.ceil(strides) if half_open else math.floor(strides) + 1
    if count == 0:
        raise UsageError(f"the half-open range {ends} has no points")
    return count


def _progression(first: Fraction, stride: Fraction, count: int, fmt: Format) -> Floats:
    """Return first + i * stride for i below `count`, each rounded once to `fmt`; zeros are +0.0."""
    import numpy as np

    denominator = math.lcm(first.denominator, stride.denominator)
    origin = int(first * denominator)
    increment = int(stride * denominator) if count > 1 else 0
    values = np.empty(count)
    for start in range(0, count, _BLOCK_POINTS):
        block = values[start : start + _BLOCK_POINTS]
        block[:] = _quotients(origin + start * increment, increment, denominator, block.size, fmt)
    values += 0.0
    return values


def _quotients(origin: int, increment: int, denominator: int, count: int, fmt: Format) -> Floats:
    """Return (origin + i * increment) / denominator for i below `count`, each rounded once to `fmt`."""
    import numpy as np

    from actcli.streams.double_rounding import nudge, undecided

    largest = max(abs(origin), abs(origin + increment * (count - 1)), denominator)
    if largest <= _MAX_EXACT_INTEGER:
        # Both operands are float64 values, so the division is the only rounding.
        nearest = (origin + increment * np.arange(count)) / float(denominator)
    else:
        # Python divides integers of any size with a single rounding.
        quotients = ((origin + i * increment) / denominator for i in range(count))
        nearest = np.fromiter(quotients, dtype=np.float64, count=count)

    rest = np.zeros(count)
    amount = nudge(nearest)
    for i in np.flatnonzero(undecided(nearest, fmt)).tolist():
        p, q = float(nearest[i]).as_integer_ratio()
        excess = (origin + i * increment) * q - p * denominator
        rest[i] = amount[i] * ((excess > 0) - (excess < 0))
    return fmt.round(nearest, rest)
