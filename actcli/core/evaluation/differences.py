"""Enclosures of q(x) - c at given points, with more digits than a float64 has.

Near a tail on which f(x) is nearly x, or f' nearly 1, a float64 of the difference is 0 or noise. Double-doubles give it
with 78 bits, and scaled double-doubles keep its sign where even those cancel.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from actcli.core.arithmetic.dd_functions import DOUBLE_DOUBLE
from actcli.core.arithmetic.double_double import DoubleDouble, as_double_double
from actcli.core.arithmetic.scaled_dd import ScaledDD, as_scaled_dd
from actcli.core.arithmetic.signals import Undecided

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import Quantity
    from actcli.number_formats import Floats

    Path = Callable[[Floats, Floats], tuple[Floats, Floats]]

__all__ = ["Bounds", "difference"]

_SLACK = 2.0**-40
"""Relative margin that covers the roundings of a bound's own computation."""
_TINY = math.ulp(0.0)
_MAX_HALVINGS = 5
"""How often a block is halved by magnitude where a path fails: small elements underflow, large ones overflow."""


class Bounds(NamedTuple):
    """Lower and upper bounds; infinite where nothing is known."""

    low: Floats
    high: Floats

    @property
    def sign(self) -> Floats:
        """-1, 0 or 1, or nan where it is unknown."""
        known = (self.low > 0) | (self.high < 0) | ((self.low == 0) & (self.high == 0))
        return np.where(known, np.sign(self.low), np.nan)

    @property
    def magnitude(self) -> Floats:
        """A bound of the absolute value."""
        return np.maximum(np.abs(self.low), np.abs(self.high))


def difference(quantity: Quantity, x: Floats, less: Floats, *, per_x: bool = False) -> Bounds:
    """Return bounds of the quantity at x minus the number `less`, for every x but the special points.

    per_x  divide the difference by x, which may be so small that the difference underflows
    """

    def fast(x: Floats, less: Floats) -> tuple[Floats, Floats]:
        with np.errstate(over="raise", under="raise", invalid="raise", divide="raise"):
            value = as_double_double(quantity(DOUBLE_DOUBLE, DoubleDouble.from_float(x)))
            found = value - DoubleDouble.from_float(less)
        with np.errstate(all="ignore"):
            margin = found.error_bound() + np.abs(found.value) * 2.0**-52 * (found.lo != 0)
            scale = np.exp2(-np.frexp(x)[1].astype(np.float64)) if per_x else 1.0
            return (found.value - margin) * scale, (found.value + margin) * scale

    def accurate(x: Floats, less: Floats) -> tuple[Floats, Floats]:
        with np.errstate(all="ignore"):
            value = as_scaled_dd(quantity(quantity.bound.function.scaled_arithmetic(), ScaledDD.from_float(x)))
            found = (value - ScaledDD.from_float(less)).divide_out()
            digits = found.hi + found.lo
            margin = np.abs(digits) * 2.0**-52 * (found.lo != 0)
            power = np.clip(found.exponent - (np.frexp(x)[1] if per_x else 0), -4000, 4000).astype(np.int64)
            ends = []
            for end in (digits + found.rem_lo - margin, digits + found.rem_hi + margin):
                scaled = np.ldexp(end, power)
                # An underflow keeps its sign.
                ends.append(np.where((scaled == 0) & (end != 0), np.copysign(_TINY, end), scaled))
            return ends[0], ends[1]

    low, high = np.full(x.size, -math.inf), np.full(x.size, math.inf)
    everything = np.arange(x.size)
    for path in (fast, accurate):
        unknown = everything[~((low > 0) | (high < 0) | (low == high))]
        if unknown.size:
            _fill(path, x, less, unknown, low, high, _MAX_HALVINGS)
    with np.errstate(all="ignore"):
        low, high = low - np.abs(low) * _SLACK, high + np.abs(high) * _SLACK
        if per_x:
            fraction = np.frexp(x)[0]
            low, high = np.minimum(low / fraction, high / fraction), np.maximum(low / fraction, high / fraction)
    return Bounds(low, high)


def _fill(path: Path, x: Floats, less: Floats, index: Any, low: Floats, high: Floats, halvings: int) -> None:
    """Set the bounds at `index` by a path; where it fails, those of the halves by magnitude."""
    try:
        found = path(x[index], less[index])
    except (ArithmeticError, Undecided):
        if halvings and index.size > 1:
            for half in np.array_split(index[np.argsort(np.abs(x[index]), kind="stable")], 2):
                _fill(path, x, less, half, low, high, halvings - 1)
        return
    # nan is unknown.
    low[index] = np.fmax(low[index], found[0])
    high[index] = np.fmin(high[index], found[1])
