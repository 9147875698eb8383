"""Dual numbers: a value and its slope, carried through a formula together, over any arithmetic.

Every operator and function obeys (u, u') -> (g(u), g'(u) u'), so that one formula gives its own exact derivative
(forward-mode differentiation: Griewank and Walther, "Evaluating Derivatives", 2008). `RULES` is the table of g'.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

__all__ = ["RULES", "Dual", "DualArithmetic", "value_of"]

Rule = Callable[[Any, Any, Any], Any]


def _bell(w: Any) -> Any:
    """w / (1 + w)^2."""
    return w / (1 + w) ** 2


RULES: dict[str, Rule] = {
    # name: the slope g'(x), from the arithmetic m, the argument x and the value y = g(x)
    "exp": lambda m, x, y: y,
    "expm1": lambda m, x, y: m.exp(x),
    "log": lambda m, x, y: 1 / x,
    "log1p": lambda m, x, y: 1 / (1 + x),
    "sqrt": lambda m, x, y: 1 / (2 * y),
    "sin": lambda m, x, y: m.cos(x),
    "cos": lambda m, x, y: -m.sin(x),
    "tan": lambda m, x, y: 1 + y**2,
    "sinh": lambda m, x, y: m.cosh(x),
    "cosh": lambda m, x, y: m.sinh(x),
    "tanh": lambda m, x, y: 4 * _bell(m.exp(-2 * abs(x))),
    "asinh": lambda m, x, y: 1 / m.sqrt(1 + x**2),
    "atan": lambda m, x, y: 1 / (1 + x**2),
    "erf": lambda m, x, y: m.exp(-(x**2)) * 2 / m.sqrt(m.pi),
    "erfc": lambda m, x, y: m.exp(-(x**2)) * -2 / m.sqrt(m.pi),
    "ndtr": lambda m, x, y: m.phi(x),
    "phi": lambda m, x, y: -x * y,
    "sigmoid": lambda m, x, y: _bell(m.exp(-abs(x))),
    "softplus": lambda m, x, y: m.sigmoid(x),
    "tanh_softplus": lambda m, x, y: 4 * _bell(m.exp(-2 * m.softplus(x))) * m.sigmoid(x),
    "mills": lambda m, x, y: x * y - 1,
    "logcosh": lambda m, x, y: m.tanh(x),
    "tanhshrink": lambda m, x, y: m.tanh(x) ** 2,
}


def _times(factor: Any, slope: Any) -> Any:
    """factor * slope; the slope is the int 1 or 0 where that is all there is, and then nothing is multiplied."""
    return factor if isinstance(slope, int) and slope == 1 else factor * slope


def value_of(x: Any) -> Any:
    """The value of a dual number, or the number itself."""
    return x.value if isinstance(x, Dual) else x


class Dual:
    """value + slope * epsilon, with epsilon squared being nothing; `side` decides ties of comparisons.

    side  0: a tie is a tie; -1 or +1: x stands just left or right of its value, so that a one-sided slope is had
    """

    __slots__ = ("derivative", "side", "value")

    def __init__(self, value: Any, slope: Any, side: int = 0) -> None:
        self.value = value
        self.derivative = slope
        self.side = side

    def take(self, index: Any) -> Dual:
        value, slope = (
            part if isinstance(part, int | Fraction) else part.take(index) for part in (self.value, self.derivative)
        )
        return Dual(value, slope, self.side)

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.derivative, self.side)

    def __pos__(self) -> Dual:
        return self

    def __add__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value + other.value, self.derivative + other.derivative, self.side)
        return Dual(self.value + other, self.derivative, self.side)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Dual:
        return self + (-other)

    def __rsub__(self, other: Any) -> Dual:
        return (-self) + other

    def __mul__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            slope = _times(self.value, other.derivative) + _times(other.value, self.derivative)
            return Dual(self.value * other.value, slope, self.side)
        return Dual(self.value * other, _times(other, self.derivative), self.side)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            quotient = self.value / other.value
            return Dual(quotient, (self.derivative - _times(quotient, other.derivative)) / other.value, self.side)
        slope = Fraction(self.derivative) if isinstance(self.derivative, int) else self.derivative
        return Dual(self.value / other, slope / other, self.side)

    def __rtruediv__(self, other: Any) -> Dual:
        quotient = other / self.value
        return Dual(quotient, _times(-(quotient / self.value), self.derivative), self.side)

    def __pow__(self, exponent: int) -> Dual:
        if exponent == 0:
            return Dual(self.value**0, 0, self.side)
        return Dual(self.value**exponent, _times(self.value ** (exponent - 1) * exponent, self.derivative), self.side)

    # A tie of u and v is decided by which of them grows faster on the side where x stands.

    def __gt__(self, other: Any) -> Any:
        return self.value > value_of(other) if not self._tied(other) else self._ahead(other) > 0

    def __ge__(self, other: Any) -> Any:
        return self.value >= value_of(other) if not self._tied(other) else self._ahead(other) >= 0

    def __lt__(self, other: Any) -> Any:
        return self.value < value_of(other) if not self._tied(other) else self._ahead(other) < 0

    def __le__(self, other: Any) -> Any:
        return self.value <= value_of(other) if not self._tied(other) else self._ahead(other) <= 0

    def _tied(self, other: Any) -> bool:
        return bool(self.side and self.value == value_of(other))

    def _ahead(self, other: Any) -> int:
        growth = self.derivative - (other.derivative if isinstance(other, Dual) else 0)
        return self.side * ((growth > 0) - (growth < 0))


class DualArithmetic:
    """The functions of `base`, on dual numbers over it.

    Where `base` has a function d_NAME(x, y) of its own, it stands for the rule of NAME: it may be faster.
    """

    def __init__(self, base: Any) -> None:
        self.base = base

    def piecewise(self, x: Any, *cases: Any) -> Any:
        return self.base.piecewise(x, *cases)

    def abs(self, x: Any) -> Any:
        """|x|, whose slope at 0 is that on the left."""
        if not isinstance(x, Dual):
            return self.base.abs(x)
        return self.piecewise(x, (x > 0, lambda x: x), lambda x: -x)

    def __getattr__(self, name: str) -> Any:
        """The function called `name`: base's, with the slope that RULES gives; constants are base's own."""
        if name not in RULES:
            return getattr(self.base, name)
        function = getattr(self.base, name)
        rule = getattr(self.base, f"d_{name}", None) or partial(RULES[name], self.base)

        def lifted(x: Any) -> Any:
            if not isinstance(x, Dual):
                return function(x)
            value = function(x.value)
            return Dual(value, _times(rule(x.value, value), x.derivative), x.side)

        setattr(self, name, lifted)
        return lifted
