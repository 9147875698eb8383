"""Elementwise evaluation: a quantity at each element of an array, correctly rounded.

Special points are filled in first; all other elements go through the escalation. One thread, no shared state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actcli.core.arithmetic.dd_functions import DOUBLE_DOUBLE
from actcli.core.evaluation.escalation import correctly_rounded
from actcli.core.evaluation.special_points import SpecialPoints
from actcli.core.evaluation.undecided import UNDECIDED, count_escalated, count_undecided, may_escalate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actcli.core.evaluation.quantity import Quantity
    from actcli.number_formats import Floats, Format

__all__ = ["evaluate"]

_FEW_ELEMENTS = 6
"""For so few elements 40 decimal digits cost no more than the set-up of the accurate path."""


def evaluate(quantity: Quantity, x: Floats, fmt: Format) -> Floats:
    """Return the quantity at each element of the 1-d array x, correctly rounded to `fmt`.

    x        float64 array of values of `fmt`
    returns  float64 array of values of `fmt`: nan for nan and outside the domain, the limit at an infinity (nan where
             there is none), the chosen subgradient at a kink
    """
    special = SpecialPoints(quantity, fmt)

    def select(part: slice, out: Floats) -> NDArray[np.intp] | None:
        return special.fill(x[part], out)

    def shortcut(indices: NDArray[np.intp], out: Floats) -> NDArray[np.intp]:
        """Elements that are undecided by chance are decided by a few more digits."""
        if indices.size > _FEW_ELEMENTS:
            return indices
        found = [quantity.bound.function.try_lowest_precision(quantity, value, fmt) for value in x[indices].tolist()]
        known = np.array([value is not None for value in found])
        out[indices[known]] = [value for value in found if value is not None]
        return indices[~known]

    def finish(indices: NDArray[np.intp]) -> Floats:
        values, inverse, counts = np.unique(x[indices], return_inverse=True, return_counts=True)
        results = []
        count_escalated(values.size)
        for value, count in zip(values.tolist(), counts.tolist(), strict=True):
            result = quantity.evaluate_one(value, fmt) if may_escalate() else UNDECIDED
            if result is UNDECIDED:
                count_undecided(count)
            results.append(result)
        return np.array(results)[inverse]

    return correctly_rounded(
        quantity.__call__,
        [x],
        fmt,
        finish,
        double_double=DOUBLE_DOUBLE,
        scaled=quantity.bound.function.scaled_arithmetic,
        select=select,
        shortcut=shortcut,
    )
