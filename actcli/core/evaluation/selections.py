"""Selections (crelu, maxout, hardmax): each output is one element of the vector, its negative, or a constant. Exact."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Floats

__all__ = ["jacobians", "values"]


def values(bound: BoundActivation, x: Floats) -> Floats:
    """Return f of each row of the 2-d array x: shape (rows, outputs)."""
    index, factor, constant = _selection(bound, x)
    selected = np.take_along_axis(x, index, axis=-1)
    with np.errstate(invalid="ignore"):
        return np.where(factor == 0, np.where(selected != selected, np.nan, constant), selected * factor)


def jacobians(bound: BoundActivation, x: Floats) -> Floats:
    """Return the Jacobian df[i]/dx[j] at each row of the 2-d array x: shape (rows, outputs, inputs)."""
    index, factor, _ = _selection(bound, x)
    out = np.zeros((*index.shape, x.shape[1]))
    derivative: Any = np.where(np.isnan(np.take_along_axis(x, index, axis=-1)), np.nan, factor)
    np.put_along_axis(out, index[..., np.newaxis], derivative[..., np.newaxis], axis=-1)
    return out


def _selection(bound: BoundActivation, x: Floats) -> tuple[Any, Any, Any]:
    """Return for each output the selected index, its factor (1, -1 or 0), and the output where the factor is 0."""
    numbers = {
        name: int(value) if isinstance(value, Fraction) else value
        for name, value in bound.values.items()
        if name != "axis"
    }
    index, factor, constant = bound.activation.f(None, x, **numbers)
    return index, factor, constant
