"""Piecewise evaluation of arrays: each case is evaluated for its own elements only, and the results are merged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.arithmetic.dual import Differential, value_of

if TYPE_CHECKING:
    from actcli.core.arithmetic.array_types import Index
    from actcli.core.arithmetic.protocol import Case, N

__all__ = ["piecewise", "scatter"]


def piecewise(x: N, cases: Sequence[Case[N]]) -> N:
    """Return for each element the result of the first of `cases` whose condition holds.

    x        an array of DoubleDouble or ScaledDD, or a Dual of such
    cases    (condition, function) pairs, then a function for the remaining elements; each function is called once with
             the elements of its case, and not at all for none
    returns  a number of x's type, or what the function returns if one case has all elements
    """
    number: Any = x
    shape = np.shape(value_of(number).value)
    remaining = np.ones(shape, dtype=bool)
    parts: list[tuple[Index, Any]] = []
    for case in cases:
        condition, function = case if isinstance(case, tuple) else (True, case)
        chosen = remaining & condition
        if chosen.all():
            return function(x)  # type: ignore[return-value]
        if chosen.any():
            index = np.flatnonzero(chosen) if chosen.ndim == 1 else np.nonzero(chosen)
            parts.append((index, function(number.take(index))))
            remaining &= ~chosen
    return scatter(parts, shape, type(value_of(number)))


def scatter(parts: Sequence[tuple[Index, Any]], shape: tuple[int, ...], kind: Any) -> Any:
    """Return an array of `shape` from `parts`, (index, number at that index), which cover it.

    parts    numbers of the class `kind`, exact constants, or duals of such; without a derivative it is 0
    returns  an array of `kind`, or a Dual of two of them if any part is a Dual
    """
    sample = next((part for _, part in parts if isinstance(part, Differential)), None)
    if sample is None:
        return kind.scatter(parts, shape)
    columns = [
        kind.scatter([(index, _part(number, k)) for index, number in parts], shape) for k in range(len(sample.parts))
    ]
    side = max((part.side for _, part in parts if isinstance(part, Differential)), key=abs)
    return sample.with_parts(columns, side)


def _part(number: Any, k: int) -> Any:
    """Return the k-th derivative of a number, 0 of a constant."""
    if isinstance(number, Differential):
        return number.parts[k]
    return 0 if k else number
