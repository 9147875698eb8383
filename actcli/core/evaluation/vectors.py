"""Vector activations: functions of a whole vector, and their Jacobians.

A formula sees a vector as one number of the arithmetic, whose elements lie along the last axis. `m.top`, `m.total` and
`m.others` give the largest element, the sum, and the sum without the term of the largest element. Sums are a fixed
tree of additions, never np.sum, whose order depends on the machine.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.arithmetic.dd_functions import DoubleDoubleArithmetic
from actcli.core.arithmetic.double_double import DoubleDouble
from actcli.core.arithmetic.dual import Dual, DualArithmetic, value_of
from actcli.core.arithmetic.scaled_dd import ScaledDD
from actcli.core.arithmetic.scaled_dd_functions import ScaledDDArithmetic
from actcli.core.evaluation import gated, selections
from actcli.core.evaluation.arbitrary_precision import evaluate_many
from actcli.core.evaluation.escalation import correctly_rounded
from actcli.core.evaluation.function import as_numbers
from actcli.core.evaluation.interval_rounding import INFINITY_STAND_IN
from actcli.core.evaluation.vector_balls import Vector, VectorBallArithmetic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Floats, Format

__all__ = ["jacobians", "parameter_derivatives", "values"]

_BLOCK_SIZE = 4096
"""Elements per block of rows."""


class _Rows:
    """The vector functions of the array arithmetics, whose numbers hold a vector along the last axis."""

    kind: Any

    def top(self, x: Any) -> Any:
        """Return the largest element, the first of equals, as an axis of length 1."""
        return x.take(self._argmax(x))

    def hot(self, x: Any) -> Any:
        """Return 1 at the largest element, the first of equals, and 0 elsewhere."""
        ones = np.zeros(value_of(x).value.shape)
        ones[self._argmax(x)] = 1.0
        return self.kind.from_float(ones)

    def _argmax(self, x: Any) -> Any:
        """Return the index of the largest element of each vector."""
        largest = value_of(x).value.argmax(axis=-1)[:, np.newaxis]
        return np.arange(len(largest))[:, np.newaxis], largest

    def others(self, terms: Any, x: Any) -> Any:
        """Return the sum of the terms other than that of the largest element of x."""
        if isinstance(terms, Dual):
            return Dual(self.others(terms.value, x), self.others(terms.derivative, x))
        return self.total(terms.with_zeros(self._argmax(x)))

    def support(self, x: Any) -> tuple[Any, Any]:
        """Return 1 for the elements in the support of sparsemax and 0 for the others, and the size of the support.

        In descending order the k-th element x_k is in the support if 1 + k x_k > x_1 + ... + x_k
        (Martins and Astudillo, "From Softmax to Sparsemax", 2016, proposition 1).
        """
        value = value_of(x).value
        descending = -np.sort(-value, axis=-1)
        total = self.kind.from_float(descending[:, :1])
        count = np.ones((len(value), 1))
        for index in range(1, value.shape[-1]):
            element = self.kind.from_float(descending[:, index : index + 1])
            total = total + element
            count += 1 + element * (index + 1) > total
        least = np.take_along_axis(descending, count.astype(np.intp) - 1, axis=-1)
        return self.kind.from_float((value >= least) * 1.0), self.kind.from_float(count)

    def total(self, x: Any) -> Any:
        """Return the sum of the elements by pairwise addition, as an axis of length 1."""
        if isinstance(x, Dual):
            return Dual(self.total(x.value), self.total(x.derivative))
        size = x.value.shape[-1]
        while size > 1:
            half = size // 2
            sums = x.take((..., slice(0, 2 * half, 2))) + x.take((..., slice(1, 2 * half, 2)))
            if size % 2:
                # With an odd number of elements the last one joins the last pair.
                last = sums.take((..., slice(half - 1, None))) + x.take((..., slice(size - 1, None)))
                shape = sums.value.shape
                others = slice(0, half - 1)
                parts = [((..., others), sums.take((..., others))), ((..., slice(half - 1, None)), last)]
                sums = self.kind.scatter(parts, shape)
            x, size = sums, half
        return x


class _DoubleDoubleVectors(_Rows, DoubleDoubleArithmetic):
    kind = DoubleDouble


class _ScaledVectors(_Rows, ScaledDDArithmetic):
    kind = ScaledDD


_DOUBLE_DOUBLE = _DoubleDoubleVectors()


def values(bound: BoundActivation, x: Floats, fmt: Format) -> Floats:
    """Return f of each row of the 2-d array x, rounded to fmt: shape (rows, outputs). What depends on a nan is nan."""
    match bound.activation.dependence:
        case "all":
            return _rows(bound, x, fmt, None)
        case "pair":
            return gated.values(bound, x, fmt)
        case _:
            return selections.values(bound, x)


def parameter_derivatives(bound: BoundActivation, x: Floats, fmt: Format, name: str) -> Floats:
    """Return the derivatives of the outputs by the parameter called `name`: shape (rows, outputs)."""
    return _rows(bound, x, fmt, name) if bound.activation.dependence == "all" else gated.values(bound, x, fmt, name)


def jacobians(bound: BoundActivation, x: Floats, fmt: Format) -> Floats:
    """Return the Jacobian df[i]/dx[j] at each row of the 2-d array x: shape (rows, outputs, inputs)."""
    match bound.activation.dependence:
        case "all":
            columns = [_rows(bound, x, fmt, j) for j in range(x.shape[1])]
            return np.stack(columns, axis=-1) if columns else np.empty((len(x), 0, 0))
        case "pair":
            return gated.jacobians(bound, x, fmt)
        case _:
            return selections.jacobians(bound, x)


def _rows(bound: BoundActivation, x: Floats, fmt: Format, by: int | str | None) -> Floats:
    """Return f of each row, or its derivative by the element at an index or by the parameter with a name."""
    if x.shape[0] == 0 or x.shape[1] == 0:
        return np.empty(x.shape)

    def formula(m: Any, rows: Any) -> Any:
        return _formula(bound, m, rows, by, lambda: m.kind.from_float(_unit_vectors(rows.value.shape, by)))

    finite = np.isfinite(x).all(axis=-1)
    inputs = x[finite]

    def finish(indices: NDArray[np.intp]) -> Floats:
        out = np.empty((indices.size, x.shape[1]))
        for k, i in enumerate(indices):
            out[k] = _ball_row(bound, inputs[i].tolist(), fmt, by)
        return out

    out = np.empty_like(x)
    out[finite] = correctly_rounded(
        formula,
        [inputs],
        fmt,
        finish,
        double_double=_DOUBLE_DOUBLE,
        scaled=_ScaledVectors,
        block_size=max(1, _BLOCK_SIZE // x.shape[1]),
    )
    for i in np.flatnonzero(~finite):
        out[i] = _ball_row(bound, x[i].tolist(), fmt, by)
    return out


def _formula(bound: BoundActivation, m: Any, x: Any, by: int | str | None, direction: Callable[[], Any]) -> Any:
    """Return f(x), or its derivative by an element, whose unit vector is direction(), or by a parameter."""
    entry = bound.activation
    numbers = as_numbers(m, bound.values)
    if by is None:
        return entry.f(m, x, **numbers)
    if isinstance(by, str):
        numbers[by] = Dual(numbers[by], 1)
        return entry.f(DualArithmetic(m), Dual(x, 0), **numbers).derivative
    return entry.f(DualArithmetic(m), Dual(x, direction()), **numbers).derivative


def _unit_vectors(shape: tuple[int, ...], j: Any) -> Floats:
    """Return for each row the unit vector along its element j."""
    unit = np.zeros(shape)
    unit[:, j] = 1.0
    return unit


def _ball_row(bound: BoundActivation, row: list[float], fmt: Format, by: int | str | None) -> list[float]:
    """Return one row by arbitrary precision.

    -inf and a single +inf stand for limits. A row of nothing but -inf, or with two +inf, has none.
    """
    finite = [value for value in row if math.isfinite(value)]
    above = row.count(math.inf)
    if any(value != value for value in row) or above > 1 or (not finite and not above):
        return [math.nan] * len(row)
    stand_ins = {math.inf: INFINITY_STAND_IN, -math.inf: -INFINITY_STAND_IN}
    numbers = [stand_ins.get(value, value) for value in row]

    def formula(m: Any) -> Sequence[Any]:
        vector = Vector([m.number(value) for value in numbers])

        def direction() -> Vector:
            return Vector([m.number(int(i == by)) for i in range(len(row))])

        return _formula(bound, VectorBallArithmetic(m), vector, by, direction).elements

    return evaluate_many(formula, fmt)
