"""Gated units (glu, swiglu, geglu, reglu): functions of two variables, an element of each half of a vector.

They are evaluated like elementwise functions, by the same escalation, with two inputs.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.arithmetic.dd_functions import DOUBLE_DOUBLE
from actcli.core.arithmetic.dual import Dual, DualArithmetic
from actcli.core.arithmetic.scaled_dd_functions import ScaledDDArithmetic
from actcli.core.evaluation.arbitrary_precision import evaluate_many
from actcli.core.evaluation.escalation import correctly_rounded
from actcli.core.evaluation.function import as_numbers
from actcli.core.evaluation.interval_rounding import INFINITY_STAND_IN
from actcli.errors import ParameterError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Floats, Format

__all__ = ["jacobians", "values"]


def values(bound: BoundActivation, x: Floats, fmt: Format, wrt: str | None = None) -> Floats:
    """Return f, or its derivative by a parameter, of each row of the 2-d array x: shape (rows, outputs)."""
    return _pairs(bound, x, fmt, wrt)


def jacobians(bound: BoundActivation, x: Floats, fmt: Format) -> Floats:
    """Return the Jacobian df[i]/dx[j] at each row of the 2-d array x: shape (rows, outputs, inputs)."""
    half = x.shape[1] // 2
    index = np.arange(half)
    out = np.zeros((len(x), half, x.shape[1]))
    out[:, index, index] = _pairs(bound, x, fmt, 0)
    out[:, index, index + half] = _pairs(bound, x, fmt, 1)
    return out


def _pairs(bound: BoundActivation, x: Floats, fmt: Format, by: int | str | None) -> Floats:
    """Return f of each pair in each row, or its derivative by an element (0 or 1) or by a parameter (its name)."""
    rows, size = x.shape
    if size % 2:
        raise ParameterError(f"{bound.activation.name} requires an even number of values, not {size}")
    first, second = x[:, : size // 2].ravel(), x[:, size // 2 :].ravel()
    out = np.full(first.shape, np.nan)

    def formula(m: Any, a: Any, b: Any) -> Any:
        return _formula(bound, m, a, b, by)

    def one(a: float, b: float) -> float:
        """Return one pair by arbitrary precision. An infinity stands for the limit; inf times 0 has none."""
        exact = [Fraction(v) if math.isfinite(v) else Fraction(math.copysign(1, v)) * INFINITY_STAND_IN for v in (a, b)]
        result = evaluate_many(lambda m: [formula(m, *map(m.number, exact))], fmt)[0]
        return math.nan if math.isinf(a) and math.isinf(b) and result == 0 else result

    finite = np.isfinite(first) & np.isfinite(second)
    inputs = first[finite], second[finite]

    def finish(indices: NDArray[np.intp]) -> Floats:
        return np.array([one(float(inputs[0][i]), float(inputs[1][i])) for i in indices.tolist()])

    out[finite] = correctly_rounded(
        formula, inputs, fmt, finish, double_double=DOUBLE_DOUBLE, scaled=ScaledDDArithmetic
    )
    for i in np.flatnonzero(~finite & (first == first) & (second == second)).tolist():
        out[i] = one(float(first[i]), float(second[i]))
    return out.reshape(rows, size // 2)


def _formula(bound: BoundActivation, m: Any, first: Any, second: Any, by: int | str | None) -> Any:
    entry = bound.activation
    numbers = as_numbers(m, bound.values)
    if by is None:
        return entry.f(m, (first, second), **numbers)
    if isinstance(by, str):
        pair = Dual(first, 0), Dual(second, 0)
        numbers[by] = Dual(numbers[by], 1)
    else:
        pair = (Dual(first, 1), second) if by == 0 else (first, Dual(second, 1))
    result = entry.f(DualArithmetic(m), pair, **numbers)
    return result.derivative if isinstance(result, Dual) else 0
