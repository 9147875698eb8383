"""Vectors of balls: the vector functions in arbitrary precision, one vector at a time."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from actcli.core.arithmetic.dual import Dual, value_of

__all__ = ["Vector", "VectorBallArithmetic"]


class Vector:
    """Numbers of one arithmetic with elementwise operators. A vector of one element is broadcast."""

    def __init__(self, elements: list[Any]) -> None:
        self.elements = elements

    def _with(self, other: Any, operation: Callable[[Any, Any], Any]) -> Vector:
        if isinstance(other, Dual):
            return NotImplemented  # the dual number multiplies its value and its derivative by the vector
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


class VectorBallArithmetic:
    """The vector protocol over an arithmetic of single numbers, whose functions apply element by element."""

    def __init__(self, base: Any) -> None:
        self.base = base

    def number(self, value: int | Fraction) -> Any:
        return self.base.number(value)

    def top(self, x: Any) -> Any:
        largest = self._argmax(x)
        value = Vector([value_of(x).elements[largest]])
        if not isinstance(x, Dual):
            return value
        derivative = x.derivative
        return Dual(value, Vector([derivative.elements[largest]]) if isinstance(derivative, Vector) else derivative)

    def hot(self, x: Any) -> Any:
        largest = self._argmax(x)
        return Vector([self.base.number(int(i == largest)) for i in range(len(value_of(x).elements))])

    def _argmax(self, x: Any) -> int:
        elements = value_of(x).elements
        best = 0
        for i, element in enumerate(elements):
            best = i if element > elements[best] else best
        return best

    def others(self, terms: Any, x: Any) -> Any:
        if isinstance(terms, Dual):
            return Dual(self.others(terms.value, x), self.others(terms.derivative, x))
        largest = self._argmax(x)
        return self.total(Vector([self.base.number(0), *terms.elements[:largest], *terms.elements[largest + 1 :]]))

    def support(self, x: Any) -> tuple[Vector, Any]:
        elements = [Fraction(element.mid) for element in value_of(x).elements]
        total, count, least = Fraction(0), 0, max(elements)
        for rank, element in enumerate(sorted(elements, reverse=True), 1):
            total += element
            if 1 + rank * element > total:
                count, least = rank, element
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
