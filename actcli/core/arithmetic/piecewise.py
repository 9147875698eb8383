"""Piecewise evaluation of arrays: each case is evaluated for its own elements only, and the results are merged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.arithmetic.dual import Dual, value_of

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
    if any(isinstance(part, Dual) for _, part in parts):
        values = [(index, part.value if isinstance(part, Dual) else part) for index, part in parts]
        derivatives = [(index, part.derivative if isinstance(part, Dual) else 0) for index, part in parts]
        side = max((part.side for _, part in parts if isinstance(part, Dual)), key=abs)
        return Dual(kind.scatter(values, shape), kind.scatter(derivatives, shape), side)
    return kind.scatter(parts, shape)
