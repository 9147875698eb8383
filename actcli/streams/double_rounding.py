"""Rounding once to a narrow format when only the nearest float64 of the exact number is at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actcli.number_formats import Format

if TYPE_CHECKING:
    from actcli.number_formats import Bools, Floats

__all__ = ["nudge", "undecided"]


def nudge(nearest: Floats) -> Floats:
    """For each float64 an amount so small that adding it, or taking it away, rounds back to that float64."""
    with np.errstate(under="ignore"):
        return np.where(nearest == 0, 0.0, np.ldexp(1.0, np.frexp(nearest)[1] - 55))


def undecided(nearest: Floats, fmt: Format) -> Bools:
    """Where rounding `nearest` again, each the float64 nearest to an exact number, may not be rounding once.

    Rounding is monotone and every tie of a narrower format is a float64, so only a `nearest` that is itself a
    tie is in doubt: one that a nudge up and a nudge down round differently. What float64 cannot hold is in
    doubt too.
    """
    if fmt.name == "float64":
        return np.zeros(nearest.shape, dtype=np.bool_)
    amount = nudge(nearest)
    doubt: Bools = ~np.isfinite(nearest) | (fmt.round(nearest, amount) != fmt.round(nearest, -amount))
    return doubt
