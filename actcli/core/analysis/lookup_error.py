"""Approximation errors of lookup tables: reading the nearest entry, or interpolating linearly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from actcli.core.analysis.search import zoom
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import Quantity
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actcli.number_formats import Bools, Floats, Format

    Readout: TypeAlias = Callable[[Floats, Floats, Floats], Sequence[Floats]]
    """What a table gives between two entries: (left entry, right entry, position from 0 to 1) to possible values."""

__all__ = ["TableError", "interpolation_error", "nearest_error", "saturated_entries", "table_entries"]

_FLOAT64 = FLOATS["float64"]
_SAMPLES_PER_CELL = 16
"""Intervals into which each cell between two entries is sampled."""
_BLOCK_CELLS = 1 << 13
"""Cells evaluated at once, which bounds the memory."""
_ZOOM_STEPS = 10
_ZOOM_FACTOR = 16
_ZOOM_INTERVALS = 64
"""The largest error is refined this often, each time over an interval 16 times as narrow, in 64 parts. Ten steps
reach 2**-44 of a cell, beyond float64's resolution of a smooth maximum."""


@dataclass(frozen=True)
class TableError:
    """The largest error of reading a table, and an x at which it occurs."""

    max_abs: float
    at: float


def table_entries(quantity: Quantity, x: Floats, fmt: Format) -> Floats:
    """Return the table's entries: the quantity at x, rounded once to `fmt`; in fixed point nan is 0 and -0 is 0."""
    values = evaluate(quantity, x, fmt)
    return fmt.round(values) if fmt.is_fixed else values


def saturated_entries(quantity: Quantity, x: Floats, values: Floats, fmt: Format) -> Bools:
    """Return which entries of a fixed-point table saturate: rounded to multiples of 2**-N, they exceed the range."""
    saturated = (values == fmt.largest) | (values == fmt.lowest)
    at_ends = np.flatnonzero(saturated)
    wider = fmt._replace(largest=2 * fmt.largest + 2 * fmt.step, smallest=2 * fmt.lowest - fmt.step)
    unbounded = table_entries(quantity, x[at_ends], wider)
    saturated[at_ends] = (unbounded > fmt.largest) | (unbounded < fmt.lowest)
    return saturated


def nearest_error(quantity: Quantity, x: Floats, values: Floats, stop: float) -> TableError:
    """Return the largest error of reading the nearest entry, for x between the first entry and `stop`.

    x       the entries' x, ascending or descending
    values  the entries
    stop    the end of the range; beyond the last entry that one is read
    """
    if stop != x[-1]:
        # Mirror the last entry at `stop`: up to there the mirror image is never nearer.
        x, values = np.append(x, 2 * stop - x[-1]), np.append(values, values[-1])

    def nearest(left: Floats, right: Floats, position: Floats) -> tuple[Floats, Floats]:
        # Halfway between two entries either of them is the nearest.
        return np.where(position <= 0.5, left, right), np.where(position < 0.5, left, right)

    return _largest_error(quantity, x, values, nearest, stop)


def interpolation_error(quantity: Quantity, x: Floats, values: Floats) -> TableError | None:
    """Return the largest error of linear interpolation between entries; None if there is only one entry."""
    if x.size < 2:
        return None

    def interpolate(left: Floats, right: Floats, position: Floats) -> tuple[Floats]:
        return (left + (right - left) * position,)

    return _largest_error(quantity, x, values, interpolate, float(x[-1]))


def _largest_error(quantity: Quantity, x: Floats, values: Floats, readout: Readout, stop: float) -> TableError:
    """Sample every cell, then zoom on the largest error found."""
    low, high = min(x[0], stop), max(x[0], stop)

    def x_at(cell: NDArray[np.int64], position: Floats) -> Floats:
        """Return the x at these positions in the cells, from 0 to 1, limited to the range."""
        return np.clip(x[cell] + (x[cell + 1] - x[cell]) * position, low, high)

    def errors(cell: NDArray[np.int64], position: Floats) -> Floats:
        at = x_at(cell, position)
        actual = (at - x[cell]) / (x[cell + 1] - x[cell])
        true = evaluate(quantity, at.ravel(), _FLOAT64).reshape(at.shape)
        read = readout(values[cell], values[cell + 1], actual)
        return np.max([np.nan_to_num(np.abs(value - true), nan=0.0) for value in read], axis=0)

    if x.size < 2:
        return TableError(abs(float(values[0]) - float(evaluate(quantity, x, _FLOAT64)[0])), float(x[0]))
    positions = np.arange(_SAMPLES_PER_CELL + 1) / _SAMPLES_PER_CELL
    offsets = np.arange(_ZOOM_INTERVALS + 1) / (_ZOOM_INTERVALS // 2) - 1
    largest, worst_cell, start_position = -1.0, 0, 0.5
    with np.errstate(all="ignore"):
        for start in range(0, x.size - 1, _BLOCK_CELLS):
            cells = np.arange(start, min(start + _BLOCK_CELLS, x.size - 1))[:, None]
            found = errors(cells, positions[None, :])
            row, column = np.unravel_index(np.argmax(found), found.shape)
            if found[row, column] > largest:
                largest, worst_cell = float(found[row, column]), start + int(row)
                start_position = float(positions[column])

        def nearby(_: Floats, best: float, step: int) -> Floats:
            return np.clip(best + offsets / (_SAMPLES_PER_CELL * _ZOOM_FACTOR**step), 0.0, 1.0)

        def in_worst_cell(position: Floats) -> Floats:
            return errors(np.full(position.size, worst_cell), position)

        largest, position = zoom(in_worst_cell, nearby, np.array([start_position]), _ZOOM_STEPS)
        return TableError(largest, float(x_at(np.array([worst_cell]), np.array([position]))[0]))
