"""Dual numbers: a value and a derivative, carried through a formula together, over any arithmetic.

Representation: `Dual(u, u')` is u + u' epsilon with epsilon^2 = 0.

Contract: every operator and function g maps (u, u') to (g(u), g'(u) u'). So a formula yields its own derivative, with
an enclosure or an error bound if the arithmetic underneath has one.

One-sided ties: a formula chooses its piece by comparisons, so at a kink its derivative depends on how u = v is decided.

    side 0         The tie is a tie. The derivative is that of the piece which the formula chooses at the point.
    side +1 or -1  The point stands for its right or left neighbourhood, and the derivative is the one-sided one. If
                   u = v, then u > v where side (u' - v') > 0, u < v where it is negative, and a tie where it is 0.

Operators and functions keep the side. Higher derivatives are not compared: u = x^2 and v = 0 tie at x = 0.

Two tables of derivatives exist, and a test compares them. `RULES` is for computing: it prefers forms that do not cancel
and do not overflow early, such as 4w/(1 + w)^2 with w = e^(-2|x|) for tanh. The formulas in
`core/expressions/derivative.py` are for reading: there it is 1 - tanh(x)**2.

Source: A. Griewank and A. Walther, "Evaluating Derivatives", 2nd edition, 2008, doi:10.1137/1.9780898717761 (forward
mode).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, overload

if TYPE_CHECKING:
    from actcli.core.arithmetic.protocol import Case, ExpressionArithmetic, Number, Truth, Value

__all__ = ["RULES", "Dual", "DualArithmetic", "gather", "value_of"]

N = TypeVar("N", bound="Number")

Rule: TypeAlias = "Callable[[ExpressionArithmetic[N], N, N], Value[N]]"
"""g'(x) from the arithmetic m, the argument x and the value y = g(x), which some derivatives can reuse."""


def _bell(w: N) -> N:
    """Return w/(1 + w)^2, the logistic density e^-x/(1 + e^-x)^2 for w = e^-x."""
    return w / (1 + w) ** 2


RULES: dict[str, Rule[Any]] = {
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
"""The rule of each function. An arithmetic may replace one by a faster or more accurate method `d_NAME(x, y)`."""


def _chain(factor: Value[N], derivative: Value[N]) -> Value[N]:
    """Return factor * derivative; the multiplication is saved for the derivative of the variable itself, the int 1."""
    return factor if isinstance(derivative, int) and derivative == 1 else factor * derivative


class Differential:
    """A number with derivatives: a dual number or a jet.

    parts  the value and the derivatives, by ascending order
    side   how a comparison decides a tie: 0 as a tie, +1 or -1 as just right or left of the point
    """

    __slots__ = ()
    parts: Any
    value: Any
    side: Any

    @abstractmethod
    def with_parts(self, parts: Any, side: int) -> Any:
        """Return a number of the same kind with other parts."""


@overload
def value_of(x: Dual[N]) -> N: ...
@overload
def value_of(x: object) -> Any: ...
def value_of(x: object) -> Any:
    """Return the value of a number with derivatives, or any other number itself."""
    return x.value if isinstance(x, Differential) else x


class Dual(Differential, Generic[N]):
    """The number value + derivative * epsilon.

    value       a number of the arithmetic underneath, or an exact number
    derivative  the same; the int 1 for the variable of differentiation, the int 0 for a constant
    side        how a comparison decides a tie: 0 as a tie, +1 or -1 as just right or left of the point
    """

    __slots__ = ("derivative", "side", "value")

    @overload
    def __init__(self, value: N, derivative: Value[N], side: int = 0) -> None: ...
    @overload  # a parameter's value, such as an int, which only a formula turns into a number
    def __init__(self: Dual[Any], value: Any, derivative: Any, side: int = 0) -> None: ...
    def __init__(self, value: Any, derivative: Any, side: int = 0) -> None:
        self.value: N = value
        self.derivative: Value[N] = derivative
        self.side = side

    @property
    def parts(self) -> tuple[N, Value[N]]:
        """The value and the derivative."""
        return self.value, self.derivative

    def with_parts(self, parts: Any, side: int) -> Dual[N]:
        """Return a dual number of these parts."""
        value, derivative = parts
        return Dual(value, derivative, side)

    def take(self, index: Any) -> Dual[N]:
        """Return the elements of an array that `index` selects; an exact part is the same for all elements."""
        value, derivative = (gather(part, index) for part in (self.value, self.derivative))
        return Dual(value, derivative, self.side)

    def __neg__(self) -> Dual[N]:
        return Dual(-self.value, -self.derivative, self.side)

    def __pos__(self) -> Dual[N]:
        return self

    def __add__(self, other: Dual[N] | Value[N]) -> Dual[N]:
        if isinstance(other, Dual):
            return Dual(self.value + other.value, self.derivative + other.derivative, self.side)
        return Dual(self.value + other, self.derivative, self.side)

    __radd__ = __add__

    def __sub__(self, other: Dual[N] | Value[N]) -> Dual[N]:
        return self + (-other)

    def __rsub__(self, other: Value[N]) -> Dual[N]:
        return (-self) + other

    def __mul__(self, other: Dual[N] | Value[N]) -> Dual[N]:
        if isinstance(other, Dual):
            derivative = _chain(self.value, other.derivative) + _chain(other.value, self.derivative)
            return Dual(self.value * other.value, derivative, self.side)
        return Dual(self.value * other, _chain(other, self.derivative), self.side)

    __rmul__ = __mul__

    def __truediv__(self, other: Dual[N] | Value[N]) -> Dual[N]:
        if isinstance(other, Dual):
            quotient = self.value / other.value
            return Dual(quotient, (self.derivative - _chain(quotient, other.derivative)) / other.value, self.side)
        # An int divided by an int would be a float.
        derivative = Fraction(self.derivative) if isinstance(self.derivative, int) else self.derivative
        return Dual(self.value / other, derivative / other, self.side)

    def __rtruediv__(self, other: Value[N]) -> Dual[N]:
        quotient = other / self.value
        return Dual(quotient, _chain(-(quotient / self.value), self.derivative), self.side)

    def __pow__(self, exponent: int) -> Dual[N]:
        if exponent == 0:
            return Dual(self.value**0, 0, self.side)
        return Dual(self.value**exponent, _chain(self.value ** (exponent - 1) * exponent, self.derivative), self.side)

    def __gt__(self, other: Dual[N] | Value[N]) -> Truth:
        return self._sign_on_side(other) > 0 if self._ties_with(other) else self.value > value_of(other)

    def __ge__(self, other: Dual[N] | Value[N]) -> Truth:
        return self._sign_on_side(other) >= 0 if self._ties_with(other) else self.value >= value_of(other)

    def __lt__(self, other: Dual[N] | Value[N]) -> Truth:
        return self._sign_on_side(other) < 0 if self._ties_with(other) else self.value < value_of(other)

    def __le__(self, other: Dual[N] | Value[N]) -> Truth:
        return self._sign_on_side(other) <= 0 if self._ties_with(other) else self.value <= value_of(other)

    def _ties_with(self, other: Dual[N] | Value[N]) -> bool:
        """Return whether the values are equal and the side must decide."""
        return bool(self.side and self.value == value_of(other))

    def _sign_on_side(self, other: Dual[N] | Value[N]) -> int:
        """Return the sign of self - other on the given side of a tie: that of side (u' - v')."""
        growth = self.derivative - (other.derivative if isinstance(other, Dual) else 0)
        return self.side * (int(growth > 0) - int(growth < 0))


def gather(x: Any, index: Any) -> Any:
    """Return the elements of x that `index` selects; an exact constant is the same for all."""
    return x if isinstance(x, int | Fraction) else x.take(index)


class DualArithmetic:
    """The functions of the arithmetic `base`, extended to dual numbers; constants are those of `base`.

    A function of a number that is not dual is that of `base`.
    """

    def __init__(self, base: Any) -> None:
        self.base = base

    def piecewise(self, x: Dual[N] | N, *cases: Case[Any]) -> Any:
        """Return the piece of a function that the first true condition selects, as `base` does."""
        return self.base.piecewise(x, *cases)

    def abs(self, x: Any) -> Any:
        """Return |x|, whose derivative at 0 is the left one, -1, unless x has a side."""
        if not isinstance(x, Dual):
            return self.base.abs(x)
        return self.piecewise(x, (x > 0, lambda x: x), lambda x: -x)

    def __getattr__(self, name: str) -> Any:
        """Return the function `name` of `base` with its derivative, or any other attribute of `base`."""
        if name not in RULES:
            return getattr(self.base, name)
        function = getattr(self.base, name)
        rule = getattr(self.base, f"d_{name}", None) or partial(RULES[name], self.base)

        def with_derivative(x: Any) -> Any:
            if not isinstance(x, Dual):
                return function(x)
            value = function(x.value)
            return Dual(value, _chain(rule(x.value, value), x.derivative), x.side)

        setattr(self, name, with_derivative)
        return with_derivative
