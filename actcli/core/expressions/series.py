"""One-sided expansions: an expression just right or left of a point c, as a series in t = |x - c| for t -> 0+.

Representation: a sum of coefficient * t^a * L^b with L = log(1/t), rational a and integer b, plus O(t^order). The terms
are ordered by size: those of smaller a, then those of larger b, dominate. Coefficients are Fractions or formal numbers.

Contract: a comparison is decided by the sign of the dominating term of the difference, for all sufficiently small t. It
raises Undecided where the sign of that coefficient is not known, and Truncated where all known terms cancel. A series
without terms and with infinite order is 0 in a neighbourhood of c, on that side.

Sources: D. E. Knuth, "The Art of Computer Programming", volume 2, section 4.7 (power series); D. Gruntz, "On Computing
Limits in a Symbolic Manipulation System", 1996 (order of growth, the logarithm as a symbol of its own).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, TypeAlias

from actcli.core.arithmetic.signals import OutsideDomain, Undecided
from actcli.core.expressions.formal_number import ComparedByDifference

__all__ = ["CONSTANT", "LINEAR", "Power", "Series", "Truncated", "shifted", "sign_of"]

Power: TypeAlias = tuple[Fraction, int]
"""(a, -b) of t^a L^b, so that a smaller pair dominates."""

Order: TypeAlias = Fraction | float
"""The exponent of the first unknown power of t; math.inf if the series is exact."""

CONSTANT: Power = (Fraction(0), 0)
LINEAR: Power = (Fraction(1), 0)


_MAX_EXPANDED_POWER = 8
"""The largest exponent of a power that is expanded exactly."""


class Truncated(Undecided):
    """Undecided because the known terms cancel: more terms can help."""


class Series(ComparedByDifference):
    """A series in t -> 0+.

    m      the arithmetic that it belongs to, a SeriesArithmetic
    terms  pairs (power, coefficient) without exact zeros, the dominating one first
    order  the exponent of the first unknown power of t
    """

    __slots__ = ("m", "order", "terms")

    def __init__(self, m: Any, terms: Iterable[tuple[Power, Any]], order: Order) -> None:
        self.m = m
        self.order = order
        kept = ((power, m.bounded(c)) for power, c in terms if power[0] < order and not _is_zero(c))
        self.terms = tuple(sorted(kept, key=_power))

    def __repr__(self) -> str:
        return f"Series({self.terms!r}, O(t^{self.order}))"

    @property
    def lead(self) -> tuple[Power, Any]:
        """The dominating term; raise Truncated if it is unknown, Undecided if its coefficient may be 0."""
        if not self.terms:
            raise Truncated("all known terms of a series cancel")
        power, coefficient = self.terms[0]
        sign_of(coefficient)
        return power, coefficient

    @property
    def valuation(self) -> Order:
        """A lower bound of the exponent of t."""
        return self.terms[0][0][0] if self.terms else self.order

    @property
    def is_exact(self) -> bool:
        """Whether no power of t is unknown."""
        return self.order == math.inf

    def sign(self) -> int:
        """Return the sign for small t > 0: -1, 0 or 1."""
        if not self.terms and self.is_exact:
            return 0
        return sign_of(self.lead[1])

    def limit(self) -> Any:
        """Return the limit for t -> 0; raise OutsideDomain if it is infinite."""
        if self.terms and self.terms[0][0] < CONSTANT:
            self.sign()
            raise OutsideDomain("an infinite limit")
        return dict(self.terms).get(CONSTANT, Fraction(0))

    def limit_of_derivative(self, order: int = 1) -> Any:
        """Return the limit of a derivative by t, None if it is infinite."""
        first = self._first_lasting_term(order)
        last = Fraction(order), 0
        if first is None or first[0] > last:
            return Fraction(0)
        return first[1] * math.factorial(order) if first[0] == last else None

    def growth(self, order: int = 1) -> int:
        """Return the sign of a derivative by t, next to the point."""
        first = self._first_lasting_term(order)
        if first is None:
            return 0
        (exponent, log_power), coefficient = first
        sign = sign_of(coefficient)
        for _ in range(order):
            if exponent:
                # The derivative of t^a L^b is a t^(a-1) L^b, and smaller terms.
                sign = sign if exponent > 0 else -sign
            else:
                # The derivative of L^b is -b L^(b-1)/t.
                sign, log_power = (sign if log_power > 0 else -sign), log_power + 1
            exponent -= 1
        return sign

    def _first_lasting_term(self, order: int) -> tuple[Power, Any] | None:
        """Return the dominating term of those that so many derivatives do not turn into 0."""
        term = next((term for term in self.terms if not _is_polynomial(term[0], order)), None)
        if term is not None and term[0] < (Fraction(order), 0):
            sign_of(term[1])
        return term

    def compared(self) -> int:
        """Return the sign, which comparisons with 0 use."""
        return self.sign()

    def __neg__(self) -> Series:
        return Series(self.m, ((power, -c) for power, c in self.terms), self.order)

    def __pos__(self) -> Series:
        return self

    def __abs__(self) -> Any:
        return -self if self.sign() < 0 else self

    def __add__(self, other: Any) -> Any:
        addend = self.m.series(other)
        if addend is None:
            return NotImplemented
        total = dict(self.terms)
        for power, c in addend.terms:
            total[power] = total[power] + c if power in total else c
        return self.m.collapsed(Series(self.m, total.items(), min(self.order, addend.order)))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        addend = self.m.series(other)
        return NotImplemented if addend is None else self + (-addend)

    def __rsub__(self, other: Any) -> Any:
        return (-self) + other

    def __mul__(self, other: Any) -> Any:
        factor = self.m.series(other)
        if factor is None:
            return NotImplemented
        order = min(shifted(self.order, factor.valuation), shifted(factor.order, self.valuation))
        product: dict[Power, Any] = {}
        for (a, b), c in self.terms:
            for (p, q), d in factor.terms:
                if a + p < order:
                    power = (a + p, b + q)
                    product[power] = product[power] + c * d if power in product else c * d
        return self.m.collapsed(self.m.truncated(Series(self.m, product.items(), order)))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        divisor = self.m.series(other)
        return NotImplemented if divisor is None else self * self.m.real_power(divisor, Fraction(-1))

    def __rtruediv__(self, other: Any) -> Any:
        return self.m.real_power(self, Fraction(-1)) * other

    def __pow__(self, exponent: int) -> Any:
        if not isinstance(exponent, int):
            return NotImplemented
        if exponent < 0:
            return self.m.real_power(self, Fraction(-1)) ** -exponent
        if exponent > _MAX_EXPANDED_POWER and self.sign():
            return self.m.real_power(self, Fraction(exponent))
        power: Any = Fraction(1)
        for bit in f"{exponent:b}":
            power = power * power * self if bit == "1" else power * power
        return power


def _is_polynomial(power: Power, order: int) -> bool:
    """Return whether a power of t is one of 1, t, ..., t^(order - 1)."""
    exponent, log_power = power
    return not log_power and exponent.denominator == 1 and 0 <= exponent < order


def shifted(order: Order, by: Order) -> Order:
    """Return order + by; exponents beyond the largest float64 have no sum with an infinite float."""
    return math.inf if math.inf in (order, by) else order + by


def _power(term: tuple[Power, Any]) -> Power:
    return term[0]


def _is_zero(x: Any) -> bool:
    """Return whether a coefficient is exactly 0."""
    return isinstance(x, Fraction) and x == 0


def sign_of(x: Any) -> int:
    """Return the sign of a series or a coefficient; raise Undecided if it is not known."""
    return (x > 0) - (x < 0) if isinstance(x, int | Fraction) else x.sign()
