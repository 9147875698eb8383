"""The arithmetic of one-sided expansions: elementary functions of series.

A function is expanded at the constant term of its argument. Its Taylor coefficients come, one after the other, from the
rule of its derivative in `arithmetic.dual.RULES`, evaluated at the series of those that are known.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from actcli.core.arithmetic.dual import RULES
from actcli.core.arithmetic.signals import OutsideDomain, Undecided
from actcli.core.expressions.exact_constants import integer_power
from actcli.core.expressions.formal_arithmetic import FormalArithmetic
from actcli.core.expressions.formal_number import FormalNumber
from actcli.core.expressions.series import CONSTANT, LINEAR, Power, Series, Truncated, shifted, sign_of

__all__ = ["SeriesArithmetic"]

_MAX_TERMS = 32
"""The most terms of a product that stays exact."""

_MAX_STEPS = 64
"""The most powers of the small part that an expansion sums."""

_SATURATING = {
    "exp": (Fraction(0), None),
    "expm1": (Fraction(-1), None),
    "sigmoid": (Fraction(0), Fraction(1)),
    "softplus": (Fraction(0), None),
    "tanh": (Fraction(-1), Fraction(1)),
    "erf": (Fraction(-1), Fraction(1)),
    "erfc": (Fraction(2), Fraction(0)),
    "ndtr": (Fraction(0), Fraction(1)),
    "phi": (Fraction(0), Fraction(0)),
    "tanh_softplus": (Fraction(0), Fraction(1)),
}
"""The limits at -inf and +inf of functions that differ from them by less than every power of x; None: no such limit."""


class SeriesArithmetic:
    """Elementary functions of series.

    m       the arithmetic of the coefficients
    length  how many orders of t are kept beyond the dominating one
    taylor  the Taylor coefficients that are known, by function and argument
    """

    def __init__(self, m: FormalArithmetic, length: int, taylor: dict[Any, list[Any]] | None = None) -> None:
        self.m = m
        self.length = length
        self._taylor = {} if taylor is None else taylor

    @property
    def pi(self) -> FormalNumber:
        """Return the number pi."""
        return self.m.pi

    @property
    def e(self) -> FormalNumber:
        """Return the number e."""
        return self.m.e

    def number(self, value: Any) -> Any:
        """Return an exact number."""
        return self.m.number(value)

    def rounded(self, value: Fraction) -> FormalNumber:
        """Return an exact number as a formal number, whose powers do not grow in length."""
        return self.m.rounded(value)

    def around(self, point: Any, side: int) -> Series:
        """Return point + side * t."""
        return Series(self, [(CONSTANT, point), (LINEAR, Fraction(side))], math.inf)

    def series(self, x: Any) -> Series | None:
        """Return a number as a series; None if it is of a foreign type."""
        if isinstance(x, Series):
            return x
        if isinstance(x, int):
            x = Fraction(x)
        return Series(self, [(CONSTANT, x)], math.inf) if isinstance(x, Fraction | FormalNumber) else None

    def collapsed(self, x: Series) -> Any:
        """Return the series, or the number that it is if it is constant."""
        if not x.is_exact or len(x.terms) > 1:
            return x
        if not x.terms:
            return Fraction(0)
        return x.terms[0][1] if x.terms[0][0] == CONSTANT else x

    def truncated(self, x: Series) -> Series:
        """Return the series without the terms beyond the length that is kept, if it has many."""
        if len(x.terms) <= _MAX_TERMS:
            return x
        return Series(self, x.terms, min(x.order, x.valuation + self.length))

    def bounded(self, coefficient: Any) -> Any:
        """Return a coefficient, as a formal number if it is a Fraction that has become too long."""
        return self.m.number(coefficient) if isinstance(coefficient, Fraction) else coefficient

    def piecewise(self, x: Any, *cases: Any) -> Any:
        """Return the first formula whose condition is true, at x."""
        return self.m.piecewise(x, *cases)

    def abs(self, x: Any) -> Any:
        """Return |x|."""
        return abs(x)

    def __getattr__(self, name: str) -> Any:
        """Return the elementary function `name`."""
        if name not in RULES:
            raise AttributeError(name)

        def function(x: Any) -> Any:
            return self._apply(name, x) if isinstance(x, Series) else getattr(self.m, name)(x)

        return function

    # --- functions ---------------------------------------------------------------------------------------------------

    def sqrt(self, x: Any) -> Any:
        """Return the square root."""
        return self.real_power(x, Fraction(1, 2)) if isinstance(x, Series) else self.m.sqrt(x)

    def log(self, x: Any) -> Any:
        """Return the logarithm: that of c t^a (1 + w) is log c - a L plus that of 1 + w."""
        if not isinstance(x, Series):
            return self.m.log(x)
        ((exponent, log_power), coefficient), rest = self._factored(x)
        if sign_of(coefficient) < 0:
            raise OutsideDomain("the logarithm of a negative number")
        if log_power:
            raise Undecided("the logarithm of a logarithm")
        scale: Any = Series(self, [(CONSTANT, self.m.log(coefficient)), ((Fraction(0), -1), -exponent)], math.inf)
        return scale + self._sum_powers(rest, lambda k: Fraction((-1) ** (k + 1), k) if k else Fraction(0))

    def log1p(self, x: Any) -> Any:
        """Return log(1 + x)."""
        return self.log(1 + x) if isinstance(x, Series) else self.m.log1p(x)

    def exp(self, x: Any) -> Any:
        """Return e^x; e^(-q L) is t^q."""
        if not isinstance(x, Series):
            return self.m.exp(x)
        log_power = (Fraction(0), -1)
        exponent = dict(x.terms).get(log_power)
        if not isinstance(exponent, Fraction) or x.terms[0][0] != log_power:
            return self._apply("exp", x)
        rest: Any = Series(self, [term for term in x.terms if term[0] != log_power], x.order)
        return Series(self, [((-exponent, 0), Fraction(1))], math.inf) * self.exp(self.collapsed(rest))

    def real_power(self, x: Series, exponent: Fraction) -> Any:
        """Return x**p for p = -1, 1/2 or a positive integer: (c t^a)^p (1 + w)^p, by the binomial series."""
        if not x.sign():
            if exponent < 0:
                raise OutsideDomain("a negative power of 0")
            return Fraction(0)
        ((a, b), coefficient), rest = self._factored(x)
        if exponent.denominator > 1 and sign_of(coefficient) < 0:
            raise OutsideDomain("a power of a negative number")
        if (b * exponent).denominator > 1:
            raise Undecided("a root of a logarithm")
        if exponent == Fraction(1, 2):
            scale = self.m.sqrt(coefficient)
        else:
            scale = 1 / coefficient if exponent < 0 else self._integer_power(coefficient, int(exponent))
        lead = Series(self, [((a * exponent, int(b * exponent)), scale)], math.inf)
        return lead * self._sum_powers(rest, lambda k: _binomial(exponent, k))

    def _integer_power(self, c: Any, exponent: int) -> Any:
        """Return c**exponent of a coefficient, rounded if it is a Fraction that would become too long."""
        power = integer_power(c, Fraction(exponent)) if isinstance(c, Fraction) else c**exponent
        return self.m.rounded(c) ** exponent if power is None else power

    def _factored(self, x: Series) -> tuple[tuple[Power, Any], Any]:
        """Return the dominating term of x, and w if x is that term times 1 + w."""
        (a, b), coefficient = x.lead
        rest = [((p - a, q - b), c / coefficient) for (p, q), c in x.terms[1:]]
        return ((a, b), coefficient), self.collapsed(Series(self, rest, shifted(x.order, -a)))

    def _sum_powers(self, w: Any, coefficient: Callable[[int], Any]) -> Any:
        """Return the sum of coefficient(k) w^k for a small w, up to the length that is kept."""
        total: Any = coefficient(0)
        if not isinstance(w, Series):
            if w == 0:
                return total
            raise Undecided("a series in a number that is not small")
        least = w.valuation
        if least <= 0:
            raise Undecided("a series in powers of a logarithm")
        order = min(Fraction(self.length), w.order)
        small = Series(self, w.terms, order)
        power: Any = Fraction(1)
        for k in range(1, _MAX_STEPS):
            if least * k >= order:
                break
            power = power * small
            total = total + coefficient(k) * power
        else:
            order = min(order, least * _MAX_STEPS)
        whole = self.series(total)
        assert whole is not None
        return Series(self, whole.terms, order)

    def _apply(self, name: str, x: Series) -> Any:
        """Return the function `name` of a series: its Taylor series at the constant term, or its limit."""
        if x.valuation < 0 or (x.terms and x.terms[0][0][0] == 0 and x.terms[0][0][1]):
            return self._at_infinity(name, x)
        if x.order <= 0:
            raise Truncated("the constant term of a series is unknown")
        constant = dict(x.terms).get(CONSTANT, Fraction(0))
        rest = Series(self, [term for term in x.terms if term[0] != CONSTANT], x.order)
        known = self._taylor.setdefault((name, constant if isinstance(constant, Fraction) else constant.key), [])
        return self._sum_powers(rest, lambda k: self._taylor_coefficient(name, constant, k, known))

    def _taylor_coefficient(self, name: str, at: Any, count: int, known: list[Any]) -> Any:
        """Return the Taylor coefficient of (x - at)^count, from the rule of the derivative and those before it."""
        if not known:
            known.append(getattr(self.m, name)(at))
        while len(known) <= count:
            k = len(known)
            m = SeriesArithmetic(self.m, k, self._taylor)
            x = Series(m, [(CONSTANT, at), (LINEAR, Fraction(1))], math.inf)
            y = Series(m, [((Fraction(i), 0), c) for i, c in enumerate(known)], Fraction(k))
            derivative = m.series(RULES[name](m, x, y))
            assert derivative is not None
            if derivative.order < k:
                raise Undecided("an expansion at a singular point")
            coefficient = dict(derivative.terms).get((Fraction(k - 1), 0), Fraction(0))
            known.append(coefficient / k)
        return known[count]

    def _at_infinity(self, name: str, x: Series) -> Any:
        """Return a function of a series that grows beyond all bounds."""
        if x.valuation >= 0:
            raise Undecided("a function of a logarithm")
        sign = x.sign()
        if name == "atan":
            return sign * self.pi / 2 - self.atan(1 / x)
        if name == "softplus" and sign > 0:
            return Series(self, x.terms, min(x.order, Fraction(self.length)))
        limits = _SATURATING.get(name)
        limit = None if limits is None else limits[sign > 0]
        if limit is None:
            raise Undecided("a function of a number that grows beyond all bounds")
        # The distance from the limit is below every power of t.
        return Series(self, [(CONSTANT, limit)], Fraction(self.length))


def _binomial(exponent: Fraction, k: int) -> Fraction:
    """Return the binomial coefficient of exponent over k."""
    result = Fraction(1)
    for i in range(k):
        result = result * (exponent - i) / (i + 1)
    return result
