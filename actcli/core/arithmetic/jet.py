"""Jets: a value and its first derivatives, carried through a formula together, over any arithmetic.

Representation: `Jet((u, u', u'', ...))` holds the derivatives of u by the variable up to some order. A jet of order 1
is a dual number; `dual` has a class of its own for it, which is faster.

Contract: sums, products and quotients follow Leibniz' rule. For a function g, the jet g(u) has the derivative g'(u) u',
where g'(u) is a jet of one order less. So the table of first derivatives yields all orders.

Two functions have names of their own here, because g' would cancel in the formula that serves the first order:
`logistic_density`, the derivative of sigmoid, and `sech2`, that of tanh.

One-sided ties are decided as those of dual numbers, by the first derivatives that differ: with side s, u > v where
s^k (u^(k) - v^(k)) > 0 for the least k with u^(k) != v^(k).

Source: A. Griewank and A. Walther, "Evaluating Derivatives", 2nd edition, 2008, doi:10.1137/1.9780898717761
(chapter 13).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from math import comb
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from actcli.core.arithmetic.dual import RULES, Differential, gather, value_of

if TYPE_CHECKING:
    from actcli.core.arithmetic.protocol import Case, Number, Truth

__all__ = ["JET_RULES", "Jet", "JetArithmetic"]

N = TypeVar("N", bound="Number")


class Jet(Differential, Generic[N]):
    """A number with its derivatives by the variable.

    parts  the value and the derivatives, of the arithmetic underneath or exact
    side   how a comparison decides a tie: 0 as a tie, +1 or -1 as just right or left of the point
    """

    __slots__ = ("parts", "side")

    def __init__(self, parts: Sequence[Any], side: int = 0) -> None:
        self.parts = tuple(parts)
        self.side = side

    @classmethod
    def variable(cls, x: N, order: int, side: int = 0) -> Jet[N]:
        """Return the variable of differentiation."""
        return cls((x, 1, *[0] * (order - 1)), side)

    @property
    def value(self) -> Any:
        """The value."""
        return self.parts[0]

    @property
    def order(self) -> int:
        """The order of the highest derivative."""
        return len(self.parts) - 1

    @property
    def lower(self) -> Any:
        """The same number without its highest derivative: a jet of one order less, or the value."""
        return self.parts[0] if self.order == 1 else Jet(self.parts[:-1], self.side)

    @property
    def derivative(self) -> Any:
        """The derivative: a jet of one order less, or a number."""
        return self.parts[1] if self.order == 1 else Jet(self.parts[1:], self.side)

    def with_parts(self, parts: Sequence[Any], side: int) -> Jet[N]:
        """Return a jet of these parts."""
        return Jet(parts, side)

    def take(self, index: Any) -> Jet[N]:
        """Return the elements of an array that `index` selects; an exact part is the same for all elements."""
        return Jet([gather(part, index) for part in self.parts], self.side)

    def __neg__(self) -> Jet[N]:
        return Jet([-part for part in self.parts], self.side)

    def __pos__(self) -> Jet[N]:
        return self

    def __add__(self, other: Any) -> Jet[N]:
        if isinstance(other, Jet):
            return Jet([_sum(u, v) for u, v in zip(self.parts, other.parts, strict=True)], self.side)
        return Jet((self.parts[0] + other, *self.parts[1:]), self.side)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Jet[N]:
        return self + (-other)

    def __rsub__(self, other: Any) -> Jet[N]:
        return (-self) + other

    def __mul__(self, other: Any) -> Jet[N]:
        if not isinstance(other, Jet):
            return Jet([_product(part, other) for part in self.parts], self.side)
        u, v = self.parts, other.parts
        return Jet([_leibniz(u, v, k) for k in range(len(u))], self.side)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Jet[N]:
        if not isinstance(other, Jet):
            return Jet([_quotient(part, other) for part in self.parts], self.side)
        # From u = q v: u^(k) = q^(k) v + the other terms of Leibniz' rule, which are known.
        u, v = self.parts, other.parts
        quotient = [u[0] / v[0]]
        for k in range(1, len(u)):
            known = _leibniz((*quotient, 0), v, k)
            quotient.append(_quotient(_sum(u[k], -known), v[0]))
        return Jet(quotient, self.side)

    def __rtruediv__(self, other: Any) -> Jet[N]:
        return Jet((other, *[0] * self.order), self.side) / self

    def __pow__(self, exponent: int) -> Jet[N]:
        value = self.value**exponent
        if exponent == 0:
            return Jet((value, *[0] * self.order), self.side)
        slope = self.lower ** (exponent - 1) * exponent
        return _joined(value, slope, self)

    def __abs__(self) -> Jet[N]:
        return -self if self < 0 else self

    # --- comparisons -------------------------------------------------------------------------------------------------

    def __gt__(self, other: Any) -> Truth:
        return self._sign_on_side(other) > 0 if self._ties_with(other) else self.value > value_of(other)

    def __ge__(self, other: Any) -> Truth:
        return self._sign_on_side(other) >= 0 if self._ties_with(other) else self.value >= value_of(other)

    def __lt__(self, other: Any) -> Truth:
        return self._sign_on_side(other) < 0 if self._ties_with(other) else self.value < value_of(other)

    def __le__(self, other: Any) -> Truth:
        return self._sign_on_side(other) <= 0 if self._ties_with(other) else self.value <= value_of(other)

    def _ties_with(self, other: Any) -> bool:
        """Return whether the values are equal and the side must decide."""
        return bool(self.side and self.value == value_of(other))

    def _sign_on_side(self, other: Any) -> int:
        """Return the sign of self - other on the given side of a tie."""
        difference = self - other
        for k, part in enumerate(difference.parts[1:], 1):
            sign = int(part > 0) - int(part < 0)
            if sign:
                return sign if self.side > 0 or k % 2 == 0 else -sign
        return 0


def _is_zero(x: Any) -> bool:
    return isinstance(x, int) and x == 0


def _sum(u: Any, v: Any) -> Any:
    """Return u + v; the int 0, the derivative of a constant, saves the addition."""
    return v if _is_zero(u) else u if _is_zero(v) else u + v


def _product(u: Any, v: Any) -> Any:
    """Return u * v; the ints 0 and 1, derivatives of constants and of the variable, save the multiplication."""
    if _is_zero(u) or _is_zero(v):
        return 0
    if isinstance(u, int) and u == 1:
        return v
    return u if isinstance(v, int) and v == 1 else u * v


def _quotient(u: Any, v: Any) -> Any:
    """Return u / v; an int divided by an int would be a float."""
    return 0 if _is_zero(u) else (Fraction(u) if isinstance(u, int) else u) / v


def _leibniz(u: Sequence[Any], v: Sequence[Any], k: int) -> Any:
    """Return the k-th derivative of u v."""
    total: Any = 0
    for j in range(k + 1):
        term = _product(u[j], v[k - j])
        total = _sum(total, term if comb(k, j) == 1 else _product(term, comb(k, j)))
    return total


def _joined(value: Any, slope: Any, x: Jet[Any]) -> Jet[Any]:
    """Return the jet of a function of x from its value and from g'(x), of one order less than x."""
    inner = x.derivative
    if x.order == 1:
        return Jet((value, _product(slope, inner)), x.side)
    if not isinstance(slope, Jet):
        slope = Jet((slope, *[0] * (x.order - 1)), x.side)
    return Jet((value, *(slope * inner).parts), x.side)


JET_RULES: dict[str, Callable[[Any, Any, Any], Any]] = RULES | {
    "sigmoid": lambda m, x, y: m.logistic_density(x),
    "tanh": lambda m, x, y: m.sech2(x),
    "logistic_density": lambda m, x, y: -y * m.tanh(x / 2),
    "sech2": lambda m, x, y: -2 * y * m.tanh(x),
    "cosigmoid": lambda m, x, y: -m.logistic_density(x),
    "tanh_softplus": lambda m, x, y: m.sech2(m.softplus(x)) * m.sigmoid(x),
}
"""The rule of each function, as in `dual`, in forms whose own derivatives do not cancel."""

_DENSITIES = {"logistic_density": "sigmoid", "sech2": "tanh"}
"""The functions whose first derivatives the named densities are."""


class JetArithmetic:
    """The functions of the arithmetic `base`, extended to jets; constants are those of `base`."""

    def __init__(self, base: Any) -> None:
        self.base = base
        self._known: dict[tuple[str, int], tuple[Any, Any, Any]] = {}

    def piecewise(self, x: Any, *cases: Case[Any]) -> Any:
        """Return the piece of a function that the first true condition selects, as `base` does."""
        return self.base.piecewise(x, *cases)

    def abs(self, x: Any) -> Any:
        """Return |x|, whose derivative at 0 is the left one unless x has a side."""
        if not isinstance(x, Jet):
            return self.base.abs(x)
        return self.piecewise(x, (x > 0, lambda x: x), lambda x: -x)

    def __getattr__(self, name: str) -> Any:
        """Return the function `name` of `base` with its derivatives, or any other attribute of `base`."""
        if name not in JET_RULES:
            return getattr(self.base, name)
        function = partial(self._apply, name)
        setattr(self, name, function)
        return function

    def _apply(self, name: str, x: Any) -> Any:
        value = self._value(name, value_of(x))
        if not isinstance(x, Jet):
            return value
        lower = x.lower
        slope = self._slope(name, lower)
        return _joined(value, slope, x)

    def _value(self, name: str, x: Any) -> Any:
        """Return the function at a number without derivatives."""
        return self._pair(_DENSITIES.get(name, name), x)[name in _DENSITIES]

    def _pair(self, name: str, x: Any) -> tuple[Any, Any]:
        """Return the function and its first derivative at a number; each is computed once, as several orders ask.

        Both at once, as an arithmetic may keep in x what its derivative reuses, until the next function of x.
        """
        key = name, id(x)
        if key not in self._known:
            if name == "cosigmoid":
                self.base.sigmoid(x)
            value = getattr(self.base, name)(x)
            own = getattr(self.base, f"d_{name}", None)
            if own is not None:
                slope = own(x, value)
            else:
                slope = RULES[name](self.base, x, value) if name in RULES else JET_RULES[name](self, x, value)
            self._known[key] = x, value, slope
        return self._known[key][1:]

    def _slope(self, name: str, x: Any) -> Any:
        """Return g'(x) as a jet of the order of x."""
        if not isinstance(x, Jet):
            return JET_RULES[name](self, x, self._value(name, x)) if name in _DENSITIES else self._pair(name, x)[1]
        slope = JET_RULES[name](self, x, self._apply(name, x))
        if name in _DENSITIES or not isinstance(slope, Jet):
            return slope
        return Jet((self._pair(name, x.value)[1], *slope.parts[1:]), x.side)
