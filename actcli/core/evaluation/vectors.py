"""Vector activations: functions of a whole vector, and their Jacobians.

A formula sees a vector as one number of the arithmetic, whose elements lie along the last axis; `m.top`, `m.total` and
`m.others` give the largest element, the sum, and the sum without the largest element's term. Sums are a fixed tree of
additions, never np.sum, whose order is the machine's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from actcli.core.arithmetic.dd_functions import DoubleDoubleArithmetic
from actcli.core.arithmetic.double_double import DoubleDouble
from actcli.core.arithmetic.dual import Dual, DualArithmetic, value_of
from actcli.core.arithmetic.scaled_dd import ScaledDD
from actcli.core.arithmetic.scaled_dd_functions import ScaledDDArithmetic
from actcli.core.arithmetic.scaled_dd_rounding import round_certainly
from actcli.core.arithmetic.signals import Undecided
from actcli.core.evaluation import separable
from actcli.core.evaluation.elementwise import ziv_round
from actcli.core.spec import BoundActivation

if TYPE_CHECKING:
    from actcli.number_formats import Bools, Floats, Format

__all__ = ["jacobians", "parameter_derivatives", "values"]

_BLOCK = 4096


class _Rows:
    """What the readings of arrays add for vectors; their numbers hold a vector along the last axis."""

    kind: Any

    def top(self, x: Any) -> Any:
        """The largest element, the first of equals, kept as an axis of length 1."""
        return x.take(self._place(x))

    def hot(self, x: Any) -> Any:
        """1 where the largest element stands, the first of equals, else 0."""
        ones = np.zeros(value_of(x).value.shape)
        ones[self._place(x)] = 1.0
        return self.kind.from_float(ones)

    def _place(self, x: Any) -> Any:
        """Where the largest element of each vector stands."""
        largest = value_of(x).value.argmax(axis=-1)[:, np.newaxis]
        return np.arange(len(largest))[:, np.newaxis], largest

    def others(self, terms: Any, x: Any) -> Any:
        """The sum of those terms that do not stand where x has its largest element."""
        if isinstance(terms, Dual):
            return Dual(self.others(terms.value, x), self.others(terms.derivative, x))
        return self.total(terms.with_zeros(self._place(x)))

    def support(self, x: Any) -> tuple[Any, Any]:
        """1 for the elements that sparsemax leaves above 0, 0 for the others; and how many those are.

        Of the elements in falling order the k-th is above 0 if 1 + k x > the sum of the first k.
        """
        value = value_of(x).value
        falling = -np.sort(-value, axis=-1)
        total = self.kind.from_float(falling[:, :1])
        count = np.ones((len(value), 1))
        for place in range(1, value.shape[-1]):
            element = self.kind.from_float(falling[:, place : place + 1])
            total = total + element
            count += 1 + element * (place + 1) > total
        least = np.take_along_axis(falling, count.astype(np.intp) - 1, axis=-1)
        return self.kind.from_float((value >= least) * 1.0), self.kind.from_float(count)

    def total(self, x: Any) -> Any:
        """The sum of the elements, by halves, kept as an axis of length 1."""
        if isinstance(x, Dual):
            return Dual(self.total(x.value), self.total(x.derivative))
        size = x.value.shape[-1]
        while size > 1:
            half = size // 2
            sums = x.take((..., slice(0, 2 * half, 2))) + x.take((..., slice(1, 2 * half, 2)))
            if size % 2:
                # The one left over joins the last pair.
                last = sums.take((..., slice(half - 1, None))) + x.take((..., slice(size - 1, None)))
                shape = sums.value.shape
                places = [((..., slice(0, half - 1)), sums.take((..., slice(0, half - 1))))]
                sums = self.kind.scatter([*places, ((..., slice(half - 1, None)), last)], shape)
            x, size = sums, half
        return x


class _DoubleDoubleVectors(_Rows, DoubleDoubleArithmetic):
    kind = DoubleDouble


class _ScaledVectors(_Rows, ScaledDDArithmetic):
    kind = ScaledDD


_FAST, _WIDE = _DoubleDoubleVectors(), _ScaledVectors()


def values(bound: BoundActivation, x: Floats, fmt: Format) -> Floats:
    """f of each row of the 2-d array x, rounded to fmt: shape (rows, outputs). What depends on a nan is nan."""
    if bound.activation.dependence != "all":
        return separable.values(bound, x, fmt)
    return _rows(bound, x, fmt, None)


def parameter_derivatives(bound: BoundActivation, x: Floats, fmt: Format, name: str) -> Floats:
    """The derivatives of the outputs by the parameter called `name`, a number: shape (rows, outputs)."""
    if bound.activation.dependence != "all":
        return separable.values(bound, x, fmt, name)
    return _rows(bound, x, fmt, name)


def jacobians(bound: BoundActivation, x: Floats, fmt: Format) -> Floats:
    """The Jacobian df[i]/dx[j] at each row of the 2-d array x: shape (rows, outputs, inputs)."""
    if bound.activation.dependence != "all":
        return separable.jacobians(bound, x, fmt)
    columns = [_rows(bound, x, fmt, j) for j in range(x.shape[1])]
    return np.stack(columns, axis=-1) if columns else np.empty((len(x), 0, 0))


def _formula(bound: BoundActivation, m: Any, x: Any, j: int | str | None, direction: Callable[[], Any]) -> Any:
    """The formula at x, or its slope by element j, whose unit vector `direction` makes, or by the parameter j."""
    entry = bound.activation
    rest = {
        name: m.number(value) if isinstance(value, Fraction) else value
        for name, value in bound.values.items()
        if name != "axis"
    }
    if j is None:
        return entry.f(m, x, **rest)
    if isinstance(j, str):
        moving = rest | {j: Dual(rest[j], 1)}
        return entry.f(DualArithmetic(m), Dual(x, 0), **moving).derivative
    return entry.f(DualArithmetic(m), Dual(x, direction()), **rest).derivative


def _rows(bound: BoundActivation, x: Floats, fmt: Format, j: int | str | None) -> Floats:
    if x.shape[0] == 0 or x.shape[1] == 0:
        return np.empty(x.shape)
    step = max(1, _BLOCK // x.shape[1])
    blocks = []
    for start in range(0, len(x), step):
        rows = x[start : start + step]
        result, unsure = _double_double_rows(bound, rows, fmt, j)
        left = np.flatnonzero(unsure.any(axis=-1))
        if left.size:
            result[left], unsure = _scaled_rows(bound, rows[left], fmt, j)
            left = left[unsure.any(axis=-1)]
        for row in left:
            result[row] = _ball_row(bound, rows[row].tolist(), fmt, j)
        blocks.append(result)
    return np.concatenate(blocks)


def _double_double_rows(bound: BoundActivation, x: Floats, fmt: Format, j: int | str | None) -> tuple[Floats, Bools]:
    if np.isfinite(x).all():
        try:
            with np.errstate(over="raise", under="raise", invalid="raise", divide="raise"):
                result = _formula(
                    bound, _FAST, DoubleDouble.from_float(x), j, lambda: DoubleDouble.from_float(_unit_vector(x, j))
                )
                rounded, unsure = ziv_round(result, result.hi.shape, fmt)
            return rounded.copy(), unsure
        except (FloatingPointError, Undecided):
            pass
    return np.zeros(x.shape), np.ones(x.shape, dtype=bool)


def _scaled_rows(bound: BoundActivation, x: Floats, fmt: Format, j: int | str | None) -> tuple[Floats, Bools]:
    finite = np.isfinite(x).all(axis=-1)
    out, unsure = np.zeros(x.shape), np.ones(x.shape, dtype=bool)
    if finite.any():
        rows = x[finite]
        try:
            with np.errstate(all="ignore"):
                result = _formula(
                    bound, _WIDE, ScaledDD.from_float(rows), j, lambda: ScaledDD.from_float(_unit_vector(rows, j))
                )
            out[finite], unsure[finite] = round_certainly(result, result.hi.shape, fmt)
        except Undecided:
            pass
    return out, unsure


def _unit_vector(x: Floats, j: Any) -> Floats:
    """For each row the unit vector along its element j."""
    unit = np.zeros(x.shape)
    unit[:, j] = 1.0
    return unit


def _ball_row(bound: BoundActivation, row: list[float], fmt: Format, j: int | str | None) -> list[float]:
    """One row by the exact reading. -inf and a single +inf stand for limits; two +inf, or nothing else, have none."""
    finite = [value for value in row if math.isfinite(value)]
    above = row.count(math.inf)
    if any(value != value for value in row) or above > 1 or (not finite and not above):
        return [math.nan] * len(row)
    from actcli.core.evaluation.arbitrary_precision import evaluate_many

    reach = 10**400
    standing = [value if math.isfinite(value) else (reach if value > 0 else -reach) for value in row]

    def formula(m: Any) -> Sequence[Any]:
        vector = Vector([m.number(value) for value in standing])

        def direction() -> Vector:
            return Vector([m.number(int(i == j)) for i in range(len(row))])

        return _formula(bound, VectorArithmetic(m), vector, j, direction).elements

    return evaluate_many(formula, fmt)


class Vector:
    """A list of numbers of one arithmetic, with the operators element by element; a list of one is spread."""

    def __init__(self, elements: list[Any]) -> None:
        self.elements = elements

    def _with(self, other: Any, operation: Callable[[Any, Any], Any]) -> Vector:
        right = other.elements if isinstance(other, Vector) else [other]
        size = max(len(self.elements), len(right))
        left = self.elements * size if len(self.elements) == 1 else self.elements
        right = right * size if len(right) == 1 else right
        return Vector([operation(a, b) for a, b in zip(left, right, strict=True)])

    def __neg__(self) -> Vector:
        return Vector([-a for a in self.elements])

    def __add__(self, other: Any) -> Vector:
        return self._with(other, lambda a, b: a + b)

    def __sub__(self, other: Any) -> Vector:
        return self._with(other, lambda a, b: a - b)

    def __mul__(self, other: Any) -> Vector:
        return self._with(other, lambda a, b: a * b)

    def __truediv__(self, other: Any) -> Vector:
        return self._with(other, lambda a, b: a / b)

    def __rsub__(self, other: Any) -> Vector:
        return self._with(other, lambda a, b: b - a)

    def __rtruediv__(self, other: Any) -> Vector:
        return self._with(other, lambda a, b: b / a)

    __radd__ = __add__
    __rmul__ = __mul__


class VectorArithmetic:
    """The functions of an arithmetic of single numbers, element by element, with `top` and `total`."""

    def __init__(self, base: Any) -> None:
        self.base = base

    def number(self, value: int | Fraction) -> Any:
        return self.base.number(value)

    def top(self, x: Any) -> Any:
        place = self._place(x)
        value = Vector([value_of(x).elements[place]])
        if not isinstance(x, Dual):
            return value
        return Dual(value, Vector([x.derivative.elements[place]]) if isinstance(x.derivative, Vector) else x.derivative)

    def hot(self, x: Any) -> Any:
        place = self._place(x)
        return Vector([self.base.number(int(i == place)) for i in range(len(value_of(x).elements))])

    def _place(self, x: Any) -> int:
        elements = value_of(x).elements
        best = 0
        for place, element in enumerate(elements):
            best = place if element > elements[best] else best
        return best

    def others(self, terms: Any, x: Any) -> Any:
        if isinstance(terms, Dual):
            return Dual(self.others(terms.value, x), self.others(terms.derivative, x))
        place = self._place(x)
        return self.total(Vector([self.base.number(0), *terms.elements[:place], *terms.elements[place + 1 :]]))

    def support(self, x: Any) -> tuple[Vector, Any]:
        elements = [Fraction(element.mid) for element in value_of(x).elements]
        total, count, least = Fraction(0), 0, max(elements)
        for place, element in enumerate(sorted(elements, reverse=True), 1):
            total += element
            if 1 + place * element > total:
                count, least = place, element
        inside = [self.base.number(int(element >= least)) for element in elements]
        return Vector(inside), self.base.number(count)

    def total(self, x: Any) -> Any:
        if isinstance(x, Dual):
            return Dual(self.total(x.value), self.total(x.derivative))
        sum_ = x.elements[0]
        for element in x.elements[1:]:
            sum_ = sum_ + element
        return Vector([sum_])

    def __getattr__(self, name: str) -> Any:
        function = getattr(self.base, name)
        return lambda x: Vector([function(element) for element in x.elements])
