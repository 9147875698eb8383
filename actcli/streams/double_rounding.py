"""Round once to a narrow format, given only the float64 nearest to the exact number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actcli.number_formats import Format

if TYPE_CHECKING:
    from actcli.number_formats import Bools, Floats

__all__ = ["nudge", "undecided"]


def nudge(nearest: Floats) -> Floats:
    """Return for each float64 an amount so small that adding or subtracting it rounds back to that float64."""
    with np.errstate(under="ignore"):
        return np.where(nearest == 0, 0.0, np.ldexp(1.0, np.frexp(nearest)[1] - 55))


def undecided(nearest: Floats, fmt: Format) -> Bools:
    """Return where rounding `nearest`, the float64 nearest to an exact number, may differ from rounding that number.

    Rounding is monotone and every tie of a narrower format is a float64, so only a `nearest` that is itself a tie is
    undecided: one that a nudge up and a nudge down round differently. Numbers beyond float64 are undecided too.
    """
    if fmt.name == "float64":
        return np.zeros(nearest.shape, dtype=np.bool_)
    amount = nudge(nearest)
    ambiguous: Bools = ~np.isfinite(nearest) | (fmt.round(nearest, amount) != fmt.round(nearest, -amount))
    return ambiguous
