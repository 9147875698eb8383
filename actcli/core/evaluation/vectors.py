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
from actcli.core.evaluation.long_vectors import dominant_sign, evaluate_long
from actcli.core.evaluation.vector_balls import Vector, VectorBallArithmetic
from actcli.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actcli.core.evaluation.quantity import BoundActivation
    from actcli.number_formats import Bools, Floats, Format

__all__ = ["jacobians", "parameter_derivatives", "values"]

_BLOCK_SIZE = 4096
"""Elements per block of rows. Longer rows are evaluated element by element."""

_MAX_JACOBIAN_SIZE = 2**28
"""Elements of all Jacobians at most: 2 GB."""

_MIN_LONG_SIZE = 256
"""Elements of a row from which on its reductions are worth their preparation, which takes milliseconds."""


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
        inside, is_certain = _support_in_floats(descending)
        count = np.count_nonzero(inside, axis=-1)[:, np.newaxis] * 1.0
        undecided = np.flatnonzero(~is_certain)
        if undecided.size:
            count[undecided] = self._support_size(descending[undecided])
        least = np.take_along_axis(descending, count.astype(np.intp) - 1, axis=-1)
        return self.kind.from_float((value >= least) * 1.0), self.kind.from_float(count)

    def _support_size(self, descending: Floats) -> Floats:
        """Return the size of the support of each vector by this arithmetic."""
        total = self.kind.from_float(descending[:, :1])
        count = np.ones((len(descending), 1))
        for index in range(1, descending.shape[-1]):
            element = self.kind.from_float(descending[:, index : index + 1])
            total = total + element
            count += 1 + element * (index + 1) > total
        return count

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


def _support_in_floats(descending: Floats) -> tuple[Bools, Bools]:
    """Return which elements of vectors in descending order are in the support, and for which vectors that is certain.

    The condition is (x_1 - x_k) + ... + (x_k - x_k) < 1. All terms have one sign, and each passes through at most as
    many roundings as there are terms.
    """
    with np.errstate(all="ignore"):
        below_first = descending[:, :1] - descending
        rank = np.arange(1, descending.shape[-1] + 1)
        last, sums = rank * below_first, np.cumsum(below_first, axis=-1)
        bound = (last + sums) * ((descending.shape[-1] + 4) * 2.0**-52)
        is_certain = np.abs((last - sums) - 1) > bound
        return last - sums < 1, np.asarray(is_certain.all(axis=-1))


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
    rows, inputs = x.shape
    if rows * inputs * inputs > _MAX_JACOBIAN_SIZE:
        raise UsageError(
            f"{bound.label}: the Jacobian of {inputs} values has {inputs * inputs} elements for each vector, and more "
            f"than {_MAX_JACOBIAN_SIZE} in total cannot be held: use fewer values or vectors"
        )
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

    finite: Any = np.isfinite(x).all(axis=-1)
    inputs = x[finite]

    def finish(indices: NDArray[np.intp]) -> Floats:
        out = np.empty((indices.size, x.shape[1]))
        for k, i in enumerate(indices):
            out[k] = _undecided_row(bound, inputs[i], fmt, by)
        return out

    out = np.empty_like(x)
    if by is None and x.shape[1] > _BLOCK_SIZE:
        for i in np.flatnonzero(finite):
            found = _long_row(bound, x[i], fmt)
            if found is not None:
                out[i], finite[i] = found, False
        inputs = x[finite]
    out[finite] = correctly_rounded(
        formula,
        [inputs],
        fmt,
        finish,
        double_double=_DOUBLE_DOUBLE,
        scaled=_ScaledVectors,
        block_size=max(1, _BLOCK_SIZE // x.shape[1]),
    )
    for i in np.flatnonzero(~np.isfinite(x).all(axis=-1)):
        out[i] = _limit_row(bound, x[i], fmt, by)
    return out


def _undecided_row(bound: BoundActivation, row: Floats, fmt: Format, by: int | str | None) -> Floats | list[float]:
    """Return a row of finite numbers that the array arithmetics leave undecided."""
    found = _long_row(bound, row, fmt) if by is None and _MIN_LONG_SIZE <= row.size <= _BLOCK_SIZE else None
    return _ball_row(bound, row.tolist(), fmt, by) if found is None else found


def _long_row(bound: BoundActivation, row: Floats, fmt: Format) -> Floats | None:
    """Return f at a row of finite numbers, element by element; None where that is undecided."""
    return evaluate_long(lambda m, x: _formula(bound, m, x, None, dict), row, fmt)


def _limit_row(bound: BoundActivation, row: Floats, fmt: Format, by: int | str | None) -> Floats | list[float]:
    """Return a row with a nan or with infinities.

    In a long row one element stands for all that have the same limit: those at the infinity that vanishes and, beside
    the other infinity, the finite ones.
    """
    numbers = row.tolist()
    sign = 0
    if by is None and row.size >= _MIN_LONG_SIZE and not _has_no_limit(numbers):
        sign = dominant_sign(lambda m, x: _formula(bound, m, x, None, dict))
    if not sign:
        return _ball_row(bound, numbers, fmt, by)
    out = np.empty_like(row)
    finite: Any = np.isfinite(row)
    dominant, vanishing = row == sign * math.inf, row == -sign * math.inf
    kept, groups = (dominant, [finite, vanishing]) if dominant.any() else (finite, [vanishing])
    groups = [group for group in groups if group.any()]
    alike = np.concatenate([np.flatnonzero(group)[:1] for group in groups])
    if kept is finite and np.count_nonzero(finite) >= _MIN_LONG_SIZE:
        out[finite] = _rows(bound, row[finite][np.newaxis], fmt, by)[0]
        one = np.flatnonzero(finite)[:1]
        out[alike] = _ball_row(bound, row[[*one, *alike]].tolist(), fmt, by)[1:]
    else:
        chosen = np.concatenate([np.flatnonzero(kept), alike])
        out[chosen] = _ball_row(bound, row[chosen].tolist(), fmt, by)
    for group in groups:
        out[group] = out[group][0]
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

    -inf and a single +inf stand for limits.
    """
    if _has_no_limit(row):
        return [math.nan] * len(row)
    stand_ins = {math.inf: INFINITY_STAND_IN, -math.inf: -INFINITY_STAND_IN}
    numbers = [stand_ins.get(value, value) for value in row]

    def formula(m: Any) -> Sequence[Any]:
        vector = Vector([m.number(value) for value in numbers])

        def direction() -> Vector:
            return Vector([m.number(int(i == by)) for i in range(len(row))])

        return _formula(bound, VectorBallArithmetic(m), vector, by, direction).elements

    return evaluate_many(formula, fmt)


def _has_no_limit(row: list[float]) -> bool:
    """Return whether a row contains a nan or two +inf, or nothing but -inf."""
    above = row.count(math.inf)
    return any(value != value for value in row) or above > 1 or all(value == -math.inf for value in row)
