"""Truncated Taylor series over the oracle's real numbers: reference values of derivatives of order 2 and 3.

A number is its Taylor coefficients c0, c1, ... at x, and each function is computed by the classical recurrence that its
differential equation gives, as e^u by k y_k = sum of j u_j y_(k-j). Nothing here is imported from actcli, whose jets
hold derivatives and use another table.

Source: A. Griewank and A. Walther, "Evaluating Derivatives", 2nd edition, 2008, table 13.2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import factorial
from typing import Any

from tests.support import real_functions as rf
from tests.support.reals import Real, real

__all__ = ["Taylor", "taylor_functions"]


class Taylor:
    """A truncated Taylor series; `ties` collects comparisons of equal values, where the formula may have a kink."""

    def __init__(self, parts: Sequence[Any], ties: list[bool]) -> None:
        self.parts = [real(part) for part in parts]
        self.ties = ties

    @classmethod
    def variable(cls, x: Real, order: int, ties: list[bool]) -> Taylor:
        """Return the series of x itself."""
        return cls([x, 1, *[0] * (order - 1)], ties)

    def derivative(self, order: int) -> Real:
        """Return a derivative at x."""
        return self.parts[order] * factorial(order)

    def like(self, value: Any) -> Taylor:
        """Return a number as a series of this length."""
        return value if isinstance(value, Taylor) else Taylor([value, *[0] * (len(self.parts) - 1)], self.ties)

    def __neg__(self) -> Taylor:
        return Taylor([-part for part in self.parts], self.ties)

    def __add__(self, other: Any) -> Taylor:
        return Taylor([a + b for a, b in zip(self.parts, self.like(other).parts, strict=True)], self.ties)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Taylor:
        return self + -self.like(other)

    def __rsub__(self, other: Any) -> Taylor:
        return -self + other

    def __mul__(self, other: Any) -> Taylor:
        u, v = self.parts, self.like(other).parts
        return Taylor([_total(u[j] * v[k - j] for j in range(k + 1)) for k in range(len(u))], self.ties)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Taylor:
        u, v = self.parts, self.like(other).parts
        quotient: list[Real] = []
        for k in range(len(u)):
            quotient.append((u[k] - _total(quotient[j] * v[k - j] for j in range(k))) / v[0])
        return Taylor(quotient, self.ties)

    def __rtruediv__(self, other: Any) -> Taylor:
        return self.like(other) / self

    def __pow__(self, exponent: Any) -> Taylor:
        power = real(exponent)
        if power.tail is None and power.exact.denominator == 1:
            count = int(power.exact)
            result = self.like(1)
            for _ in range(abs(count)):
                result = result * self
            return result if count >= 0 else 1 / result
        return _exp(_log(self) * power)

    def __abs__(self) -> Taylor:
        return -self if self < 0 else self

    def _difference(self, other: Any) -> Real:
        difference = self - other
        if difference.parts[0].is_zero and not all(part.is_zero for part in difference.parts):
            self.ties.append(True)
        return difference.parts[0]

    def __gt__(self, other: Any) -> bool:
        return self._difference(other).sign() > 0

    def __ge__(self, other: Any) -> bool:
        return self._difference(other).sign() >= 0

    def __lt__(self, other: Any) -> bool:
        return self._difference(other).sign() < 0

    def __le__(self, other: Any) -> bool:
        return self._difference(other).sign() <= 0


def _total(terms: Any) -> Real:
    return sum(terms, real(0))


def _integral(value: Real, slope: Taylor, u: Taylor) -> Taylor:
    """Return the series of y with y(x) = value and y' = slope u', whose last coefficient is not used."""
    orders = range(1, len(u.parts))
    others = (_total(slope.parts[k - j] * u.parts[j] * j for j in range(1, k + 1)) / k for k in orders)
    return Taylor([value, *others], u.ties)


def _by_own_equation(value: Real, u: Taylor, slope_of: Callable[[Taylor], Taylor]) -> Taylor:
    """Return the series of y with y' = slope_of(y) u', one coefficient after the other."""
    y = u.like(value)
    for k in range(1, len(u.parts)):
        y.parts[k] = _integral(value, slope_of(y), u).parts[k]
    return y


def _exp(u: Taylor) -> Taylor:
    return _by_own_equation(rf.exp(u.parts[0]), u, lambda y: y)


def _log(u: Taylor) -> Taylor:
    return _integral(rf.log(u.parts[0]), 1 / u, u)


def _sqrt(u: Taylor) -> Taylor:
    return _by_own_equation(rf.sqrt(u.parts[0]), u, lambda y: 1 / (2 * y))


def _sin_cos(u: Taylor) -> tuple[Taylor, Taylor]:
    sine, cosine = u.like(rf.sin(u.parts[0])), u.like(rf.cos(u.parts[0]))
    for k in range(1, len(u.parts)):
        sine.parts[k] = _integral(sine.parts[0], cosine, u).parts[k]
        cosine.parts[k] = _integral(cosine.parts[0], -sine, u).parts[k]
    return sine, cosine


def _bell(u: Taylor) -> Taylor:
    """Return the normal density."""
    pi = rf.functions()["pi"]
    return _exp(u * u * Fraction(-1, 2)) / (u.like(rf.sqrt(2 * pi)))


def _density(u: Taylor) -> Taylor:
    """Return the logistic density e^-u/(1 + e^-u)^2 for u of either sign."""
    power = _exp(-u if u.parts[0].sign() >= 0 else u)
    return power / ((1 + power) * (1 + power))


def _erf(u: Taylor) -> Taylor:
    pi = rf.functions()["pi"]
    return _integral(rf.erf(u.parts[0]), 2 * _exp(-(u * u)) / u.like(rf.sqrt(pi)), u)


def _sigmoid(u: Taylor) -> Taylor:
    return _integral(rf.sigmoid(u.parts[0]), _density(u), u)


def _tanh(u: Taylor) -> Taylor:
    return _integral(rf.tanh(u.parts[0]), 4 * _density(2 * u), u)


_FUNCTIONS: dict[str, Callable[[Taylor], Taylor]] = {
    "exp": _exp,
    "expm1": lambda u: _integral(rf.expm1(u.parts[0]), _exp(u), u),
    "log": _log,
    "log1p": lambda u: _integral(rf.log1p(u.parts[0]), 1 / (1 + u), u),
    "sqrt": _sqrt,
    "sin": lambda u: _sin_cos(u)[0],
    "cos": lambda u: _sin_cos(u)[1],
    "tan": lambda u: _by_own_equation(rf.tan(u.parts[0]), u, lambda y: 1 + y * y),
    "sinh": lambda u: (_exp(u) - _exp(-u)) / 2,
    "cosh": lambda u: (_exp(u) + _exp(-u)) / 2,
    "tanh": _tanh,
    "atan": lambda u: _integral(rf.atan(u.parts[0]), 1 / (1 + u * u), u),
    "asinh": lambda u: _integral(rf.asinh(u.parts[0]), 1 / _sqrt(1 + u * u), u),
    "sigmoid": _sigmoid,
    "softplus": lambda u: _integral(rf.softplus(u.parts[0]), _sigmoid(u), u),
    "erf": _erf,
    "erfc": lambda u: 1 - _erf(u),
    "Phi": lambda u: _integral(rf.ndtr(u.parts[0]), _bell(u), u),
    "logcosh": lambda u: _integral(rf.functions()["logcosh"](u.parts[0]), _tanh(u), u),
    "tanhshrink": lambda u: u - _tanh(u),
    "sech": lambda u: 2 / (_exp(u) + _exp(-u)),
    "sign": lambda u: u.like(1 if u > 0 else -1 if u < 0 else 0),
    "abs": abs,
}


def taylor_functions() -> dict[str, Any]:
    """Return the functions and constants that a formula can name, of series and of real numbers."""
    known = rf.functions()
    extended = {name: _extended(known.get(name), function) for name, function in _FUNCTIONS.items()}
    return known | extended | {"arctan": extended["atan"], "min": _smallest, "max": _largest}


def _extended(of_real: Any, of_series: Callable[[Taylor], Taylor]) -> Callable[[Any], Any]:
    return lambda x: of_series(x) if isinstance(x, Taylor) else of_real(x)


def _smallest(*xs: Any) -> Any:
    best = xs[0]
    for x in xs[1:]:
        best = x if _is_less(x, best) else best
    return best


def _largest(*xs: Any) -> Any:
    best = xs[0]
    for x in xs[1:]:
        best = x if _is_less(best, x) else best
    return best


def _is_less(a: Any, b: Any) -> bool:
    return bool(b > a) if isinstance(b, Taylor) else bool(real(a) < b if not isinstance(a, Taylor) else a < b)
