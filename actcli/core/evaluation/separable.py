"""Vector activations whose outputs stand apart: each depends on a pair of elements, or is one element or none.

Gated ones (glu, swiglu) are functions of two variables, an element of each half, which are read as elementwise ones
are: fast, wide where that is not sure, and one by one. The others (crelu, maxout, hardmax) only pick, exactly.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.arithmetic.dd_functions import DoubleDoubleArithmetic
from actcli.core.arithmetic.double_double import DoubleDouble
from actcli.core.arithmetic.dual import Dual, DualArithmetic
from actcli.core.arithmetic.scaled_dd import ScaledDD, as_scaled_dd
from actcli.core.arithmetic.scaled_dd_functions import ScaledDDArithmetic
from actcli.core.arithmetic.scaled_dd_rounding import round_certainly
from actcli.core.arithmetic.signals import Undecided
from actcli.core.evaluation.elementwise import ziv_round
from actcli.core.spec import BoundActivation
from actcli.errors import ParameterError

if TYPE_CHECKING:
    from actcli.number_formats import Bools, Floats, Format

__all__ = ["jacobians", "values"]

_BLOCK = 8192
_REACH = 10**400
"""Stands for an infinity: no format holds it, nor what it comes to."""
_FAST, _WIDE = DoubleDoubleArithmetic(), ScaledDDArithmetic()


def values(bound: BoundActivation, x: Floats, fmt: Format, by: str | None = None) -> Floats:
    """f of each row of the 2-d array x, or its slope by a parameter, rounded to fmt: shape (rows, outputs)."""
    if bound.activation.dependence == "pair":
        return _pairs(bound, x, fmt, by)
    index, factor, constant = _picks(bound, x)
    picked = np.take_along_axis(x, index, axis=-1)
    with np.errstate(invalid="ignore"):
        return np.where(factor == 0, np.where(picked != picked, np.nan, constant), picked * factor)


def jacobians(bound: BoundActivation, x: Floats, fmt: Format) -> Floats:
    """The Jacobian df[i]/dx[j] at each row of the 2-d array x: shape (rows, outputs, inputs)."""
    if bound.activation.dependence == "pair":
        half, place = x.shape[1] // 2, np.arange(x.shape[1] // 2)
        out = np.zeros((len(x), half, x.shape[1]))
        out[:, place, place] = _pairs(bound, x, fmt, 0)
        out[:, place, place + half] = _pairs(bound, x, fmt, 1)
        return out
    index, factor, _ = _picks(bound, x)
    out = np.zeros((*index.shape, x.shape[1]))
    picked: Any = np.where(np.isnan(np.take_along_axis(x, index, axis=-1)), np.nan, factor)
    np.put_along_axis(out, index[..., np.newaxis], picked[..., np.newaxis], axis=-1)
    return out


def _parameters(bound: BoundActivation, m: Any = None) -> dict[str, Any]:
    """The parameters as the formula takes them: numbers of the arithmetic, or whole numbers without one."""
    return {
        name: (m.number(value) if m is not None else int(value)) if isinstance(value, Fraction) else value
        for name, value in bound.values.items()
        if name != "axis"
    }


def _picks(bound: BoundActivation, x: Floats) -> tuple[Any, Any, Any]:
    """For each output the element that it is, the factor of that (1, -1 or 0), and what it is where that is 0."""
    index, factor, constant = bound.activation.f(None, x, **_parameters(bound))
    return index, factor, constant


# --- pairs -----------------------------------------------------------------------------------------------------------


def _pairs(bound: BoundActivation, x: Floats, fmt: Format, by: int | str | None) -> Floats:
    """f, or its slope by the element of the first or the second half or by a parameter, of each pair in each row."""
    rows, size = x.shape
    if size % 2:
        raise ParameterError(f"{bound.activation.name} takes an even number of values, two halves, not {size}")
    first, second = x[:, : size // 2].ravel(), x[:, size // 2 :].ravel()
    out = np.full(first.shape, np.nan)
    finite = np.isfinite(first) & np.isfinite(second)
    left = [np.flatnonzero(~finite & (first == first) & (second == second))]
    places = np.flatnonzero(finite)
    for start in range(0, places.size, _BLOCK):
        block = places[start : start + _BLOCK]
        out[block], unsure = _arrays(bound, first[block], second[block], fmt, by)
        left.append(block[unsure])
    for place in np.concatenate(left).tolist():
        out[place] = _one(bound, first[place], second[place], fmt, by)
    return out.reshape(rows, size // 2)


def _formula(bound: BoundActivation, m: Any, first: Any, second: Any, by: int | str | None) -> Any:
    entry, rest = bound.activation, _parameters(bound, m)
    if by is None:
        return entry.f(m, (first, second), **rest)
    if isinstance(by, str):
        pair = Dual(first, 0), Dual(second, 0)
        rest[by] = Dual(rest[by], 1)
    else:
        pair = (Dual(first, 1), second) if by == 0 else (first, Dual(second, 1))
    result = entry.f(DualArithmetic(m), pair, **rest)
    return result.derivative if isinstance(result, Dual) else 0


def _arrays(
    bound: BoundActivation, first: Floats, second: Floats, fmt: Format, by: int | str | None
) -> tuple[Floats, Bools]:
    """The fast reading's results, with the wide one's where those are not certain; and which still are not."""
    out, unsure = np.zeros(first.shape), np.ones(first.shape, dtype=bool)
    try:
        with np.errstate(over="raise", under="raise", invalid="raise", divide="raise"):
            result = _formula(bound, _FAST, DoubleDouble.from_float(first), DoubleDouble.from_float(second), by)
            fast = DoubleDouble.from_rational(result) if isinstance(result, int | Fraction) else result
            rounded, unsure = ziv_round(fast, first.shape, fmt)
        out = rounded.copy()
    except (FloatingPointError, Undecided):
        pass
    left = np.flatnonzero(unsure)
    if left.size:
        try:
            with np.errstate(all="ignore"):
                result = _formula(bound, _WIDE, ScaledDD.from_float(first[left]), ScaledDD.from_float(second[left]), by)
            out[left], still = round_certainly(as_scaled_dd(result), left.shape, fmt)
            unsure = np.zeros(first.shape, dtype=bool)
            unsure[left] = still
        except Undecided:
            pass
    return out, unsure


def _one(bound: BoundActivation, first: float, second: float, fmt: Format, by: int | str | None) -> float:
    """One pair by the exact reading; an infinity stands for the limit, and none times infinity has none."""
    from actcli.core.evaluation.arbitrary_precision import evaluate_many

    one, other = (Fraction(x) if math.isfinite(x) else Fraction(_REACH if x > 0 else -_REACH) for x in (first, second))
    result = evaluate_many(lambda m: [_formula(bound, m, m.number(one), m.number(other), by)], fmt)[0]
    return math.nan if math.isinf(first) and math.isinf(second) and result == 0 else result
