"""Pieces of a formula in the readings of arrays: each sees only its own elements, and they are put together again."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from actcli.core.arithmetic.dual import Dual, value_of

__all__ = ["gather", "piecewise", "scatter"]


def piecewise(x: Any, cases: Sequence[Any]) -> Any:
    """For each element the first of `cases`, (condition, function), whose condition holds; the last is the rest.

    x        a number of a reading of arrays, or a Dual of such; the functions take the selected elements of it
    returns  a number of x's kind, all elements in their places
    """
    size = np.shape(value_of(x).value)
    left = np.ones(size, dtype=bool)
    parts: list[tuple[Any, Any]] = []
    for case in cases:
        condition, function = case if isinstance(case, tuple) else (True, case)
        chosen = left & condition
        if chosen.all():
            return function(x)
        if chosen.any():
            index = np.flatnonzero(chosen) if chosen.ndim == 1 else np.nonzero(chosen)
            parts.append((index, function(x.take(index))))
            left &= ~chosen
    return scatter(parts, size, type(value_of(x)))


def scatter(parts: list[tuple[Any, Any]], size: tuple[int, ...], kind: Any) -> Any:
    """The numbers of `parts`, (places, number of `kind` or a Dual of such), each in its places."""
    if any(isinstance(part, Dual) for _, part in parts):
        values = [(index, part.value if isinstance(part, Dual) else part) for index, part in parts]
        slopes = [(index, part.derivative if isinstance(part, Dual) else 0) for index, part in parts]
        side = max((part.side for _, part in parts if isinstance(part, Dual)), key=abs)
        return Dual(kind.scatter(values, size), kind.scatter(slopes, size), side)
    return kind.scatter(parts, size)


def gather(x: Any, index: Any) -> Any:
    """The elements of x that `index` selects; an exact number is the same for all."""
    return x if isinstance(x, int | Fraction) else x.take(index)
