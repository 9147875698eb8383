"""Lookup tables: entries in any number format, and how far what is read off them is from the function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import Quantity
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.number_formats import Floats, Format

__all__ = ["TableError", "interpolation_error", "nearest_error", "table_entries"]

_PARTS = 16
"""How often each cell between two entries is looked at; the worst place is then searched more closely."""

_CELLS = 1 << 13
_ZOOMS = 10


@dataclass(frozen=True)
class TableError:
    """The largest error of a way to read a table, and an x at which it occurs."""

    max_abs: float
    at: float


def table_entries(quantity: Quantity, x: Floats, fmt: Format) -> Floats:
    """The values of a table at x, each rounded once to fmt; in fixed point nan is 0, and zero has no sign."""
    values = evaluate(quantity, x, fmt)
    return fmt.round(values) if fmt.is_fixed else values


def nearest_error(quantity: Quantity, x: Floats, values: Floats, stop: float) -> TableError:
    """The largest error of taking the entry nearest to an x between the first entry and `stop`.

    x     the places of the entries, in order;  values  the entries
    stop  where the range ends; beyond the last entry that one is taken
    """
    if stop != x[-1]:
        # Up to there as if another entry followed, which is never nearer.
        x, values = np.append(x, 2 * stop - x[-1]), np.append(values, values[-1])

    def read(below: Any, above: Any, share: Any) -> tuple[Any, ...]:
        # Half way between two entries either of them is the nearest.
        return np.where(share <= 0.5, below, above), np.where(share < 0.5, below, above)

    return _largest_error(quantity, x, values, read, stop)


def interpolation_error(quantity: Quantity, x: Floats, values: Floats) -> TableError | None:
    """The largest error of linear interpolation between neighbouring entries; None if there is a single one."""
    if x.size < 2:
        return None
    return _largest_error(
        quantity, x, values, lambda below, above, share: (below + (above - below) * share,), float(x[-1])
    )


def _largest_error(
    quantity: Quantity, x: Floats, values: Floats, read: Callable[..., tuple[Any, ...]], stop: float
) -> TableError:
    low, high = min(x[0], stop), max(x[0], stop)

    def errors(cell: Any, share: Any) -> tuple[Any, Any]:
        """The error at `share` of the way through each cell, and the x there."""
        at = np.clip(x[cell] + (x[cell + 1] - x[cell]) * share, low, high)
        inside = (at - x[cell]) / (x[cell + 1] - x[cell])
        true = evaluate(quantity, at.ravel(), FLOATS["float64"]).reshape(at.shape)
        found = read(values[cell], values[cell + 1], inside)
        return np.max([np.nan_to_num(np.abs(one - true), nan=0.0) for one in found], axis=0), at

    shares = np.arange(_PARTS + 1) / _PARTS
    best, at, place, middle = -1.0, float(x[0]), 0, 0.5
    if x.size < 2:
        return TableError(abs(float(values[0]) - float(evaluate(quantity, x, FLOATS["float64"])[0])), at)
    with np.errstate(all="ignore"):
        for start in range(0, x.size - 1, _CELLS):
            cells = np.arange(start, min(start + _CELLS, x.size - 1))[:, None]
            sizes, where = errors(cells, shares[None, :])
            row, column = np.unravel_index(np.argmax(sizes), sizes.shape)
            if sizes[row, column] > best:
                best, at = float(sizes[row, column]), float(where[row, column])
                place, middle = start + int(row), float(shares[column])
        reach = 1 / _PARTS
        for _ in range(_ZOOMS):
            near = np.clip(middle + reach * (np.arange(65) / 32 - 1), 0.0, 1.0)
            sizes, where = errors(np.full(65, place), near)
            i = int(np.argmax(sizes))
            if sizes[i] > best:
                best, at, middle = float(sizes[i]), float(where[i]), float(near[i])
            reach /= 16
    return TableError(best, at)
