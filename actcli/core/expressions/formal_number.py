"""Formal numbers: real numbers that remember how they are made, so that equal parts cancel exactly.

Representation: a polynomial with rational coefficients in generators, next to its value as a ball. A generator is a
constant such as pi, or a function of a number such as exp(3/2). Two parts that were made in the same way have the same
generators: (pi + 1) - pi is the fraction 1, and e - exp(1) is 0, which no precision shows.

Contract: an operation returns a Fraction if the polynomial is constant. Different polynomials may be equal numbers
(sin^2 + cos^2 = 1); their difference is then undecided, as that of balls.

Source: F. Johansson, "Calcium: Computing in Exact Real and Complex Fields", ISSAC 2021, doi:10.1145/3452143.3465513,
whose extension numbers are the generators here, without the relations between them.
"""

from __future__ import annotations

import operator
from abc import abstractmethod
from collections.abc import Callable, Hashable, Iterable, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

from actcli.core.arithmetic.ball import Ball
from actcli.core.arithmetic.signals import ExponentOverflow, Undecided
from actcli.core.expressions.exact_constants import MAX_EXACT_BITS, bit_size, integer_power

__all__ = ["ComparedByDifference", "Field", "FormalNumber", "Monomial", "Terms", "plain_value"]

Monomial: TypeAlias = tuple[tuple[int, int], ...]
"""A product of powers of generators: pairs (generator, exponent) in ascending order; the empty one is 1."""

Terms: TypeAlias = Mapping[Monomial, Fraction]
"""The coefficients, none of them 0, of the monomials of a polynomial."""

MAX_TERMS = 24
"""The most terms of a polynomial; a longer one becomes a generator of its own, which bounds the work."""

ONE: Monomial = ()


class Field:
    """The generators of one evaluation: the numbers of an arithmetic `m` that formal numbers are made of.

    m            the arithmetic of the values, of one precision
    values       the value of each generator
    reciprocals  the polynomials of which generators are the reciprocals
    """

    def __init__(self, m: Any) -> None:
        self.m = m
        self.values: list[Any] = []
        self._indices: dict[Hashable, int] = {}
        self._squares: dict[int, Fraction] = {}
        self.reciprocals: dict[int, Terms] = {}

    def generator(self, key: Hashable, value: Callable[[], Any], square: Fraction | None = None) -> Any:
        """Return the generator with this key as a formal number, or the value itself if that is rational.

        value   computes the value, when the generator is used for the first time
        square  the square of the generator, if that is rational
        """
        if key not in self._indices:
            number = value()
            if isinstance(number, int | Fraction):
                return Fraction(number)
            self._indices[key] = len(self.values)
            self.values.append(number)
            if square is not None:
                self._squares[self._indices[key]] = square
        index = self._indices[key]
        return FormalNumber(self, self.values[index], {((index, 1),): Fraction(1)})

    def opaque(self, value: Any) -> FormalNumber:
        """Return a number that nothing is known of except its value, as a new generator."""
        number: FormalNumber = self.generator(("opaque", len(self.values)), lambda: value)
        return number

    def from_terms(self, terms: Terms, value: Callable[[], Any]) -> Any:
        """Return the number with these terms: a Fraction if it is rational, a new generator if they are many or long.

        value  computes the value, which is not needed where the number is rational
        """
        if not terms:
            return Fraction(0)
        if len(terms) == 1 and ONE in terms:
            return terms[ONE]
        if len(terms) > MAX_TERMS or any(bit_size(number) > MAX_EXACT_BITS for number in terms.values()):
            return self.generator(("sum", frozenset(terms.items())), value)
        number = value()
        return Fraction(number) if isinstance(number, int | Fraction) else FormalNumber(self, number, terms)

    def value_of_terms(self, terms: Terms) -> Any:
        """Return the value of a polynomial, from the values of its generators."""
        total: Any = 0
        for monomial, number in terms.items():
            product: Any = number
            for index, exponent in monomial:
                product = product * self.values[index] ** exponent
            total = total + product
        return total

    def multiply_terms(self, a: Terms, b: Terms) -> Terms | None:
        """Return the product of two polynomials, None if it would be long."""
        if len(a) * len(b) > MAX_TERMS:
            return None
        product: dict[Monomial, Fraction] = {}
        for first, c in a.items():
            for second, d in b.items():
                factor, monomial = self._reduced(first + second)
                product[monomial] = product.get(monomial, 0) + c * d * factor
        is_long = any(bit_size(number) > MAX_EXACT_BITS for number in product.values())
        return None if is_long else {monomial: number for monomial, number in product.items() if number}

    def power_of_monomial(self, terms: Terms, exponent: int) -> Terms | None:
        """Return an integer power of a polynomial of one term, None if its coefficient would be long."""
        ((monomial, number),) = terms.items()
        power = integer_power(number, Fraction(exponent))
        factor, reduced = self._reduced(tuple((index, count * exponent) for index, count in monomial))
        return None if power is None else {reduced: power * factor}

    def power_of_terms(self, terms: Terms, exponent: int) -> Terms | None:
        """Return a power of a polynomial, None if it would be long."""
        power: Terms = {ONE: Fraction(1)}
        for bit in f"{exponent:b}":
            for factor in (power, terms) if bit == "1" else (power,):
                product = self.multiply_terms(power, factor)
                if product is None:
                    return None
                power = product
        return power

    def _reduced(self, powers: Iterable[tuple[int, int]]) -> tuple[Fraction, Monomial]:
        """Return a product of powers of generators as (factor, monomial)."""
        exponents: dict[int, int] = {}
        for index, exponent in powers:
            exponents[index] = exponents.get(index, 0) + exponent
        factor = Fraction(1)
        for index, square in self._squares.items():
            # A square root r of q is reduced to r^0 or r^1 by r^2 = q.
            pairs = exponents.get(index, 0) // 2
            if pairs:
                factor *= square**pairs
                exponents[index] -= 2 * pairs
        return factor, tuple(sorted((index, exponent) for index, exponent in exponents.items() if exponent))


class ComparedByDifference:
    """Mixin of the six comparisons, for numbers whose difference may be exactly 0 where their values overlap.

    A comparison returns NotImplemented for a foreign operand and raises Undecided if both answers are possible.
    """

    __slots__ = ()

    __hash__ = None  # type: ignore[assignment]  # numbers that may overlap have no hash consistent with ==

    @abstractmethod
    def __sub__(self, other: Any) -> Any:
        """Return the difference, NotImplemented for a foreign operand."""

    @abstractmethod
    def compared(self) -> Any:
        """Return a number of the same sign, which can be compared with 0."""

    def _compare(self, other: Any, relation: Callable[[Any, Any], bool]) -> bool:
        difference = self - other
        if difference is NotImplemented:
            foreign: bool = NotImplemented
            return foreign
        return relation(difference if isinstance(difference, Fraction) else difference.compared(), 0)

    def __lt__(self, other: object) -> bool:
        return self._compare(other, operator.lt)

    def __le__(self, other: object) -> bool:
        return self._compare(other, operator.le)

    def __gt__(self, other: object) -> bool:
        return self._compare(other, operator.gt)

    def __ge__(self, other: object) -> bool:
        return self._compare(other, operator.ge)

    def __eq__(self, other: object) -> bool:
        return self._compare(other, operator.eq)

    def __ne__(self, other: object) -> bool:
        return self._compare(other, operator.ne)


class FormalNumber(ComparedByDifference):
    """An irrational number, or one that is not known to be rational.

    value  a ball, a number beyond balls, or a series
    terms  the polynomial in the generators of the field
    """

    __slots__ = ("field", "terms", "value")

    def __init__(self, field: Field, value: Any, terms: Terms) -> None:
        self.field = field
        self.value = value
        self.terms = terms

    def __repr__(self) -> str:
        return f"FormalNumber({self.value!r}, {dict(self.terms)})"

    @property
    def key(self) -> Hashable:
        """What identifies the number among the arguments of functions."""
        return frozenset(self.terms.items())

    def sign(self) -> int:
        """Return -1 or 1; raise Undecided if the value does not decide it."""
        sign: int = self.value.sign()
        return sign

    def compared(self) -> Any:
        """Return the value, which comparisons with 0 use."""
        return self.value

    # --- sums --------------------------------------------------------------------------------------------------------

    def __neg__(self) -> FormalNumber:
        return FormalNumber(self.field, -self.value, {monomial: -number for monomial, number in self.terms.items()})

    def __pos__(self) -> FormalNumber:
        return self

    def __abs__(self) -> Any:
        try:
            return -self if self.sign() < 0 else self
        except Undecided:
            return self.field.generator(("abs", self.key), lambda: abs(self.value))

    def __add__(self, other: Any) -> Any:
        if isinstance(other, int | Fraction):
            if not other:
                return self
            added: Terms = {ONE: Fraction(other)}
        elif isinstance(other, FormalNumber):
            added = other.terms
        else:
            return NotImplemented
        terms = dict(self.terms)
        for monomial, number in added.items():
            terms[monomial] = terms.get(monomial, 0) + number
        remaining = {monomial: number for monomial, number in terms.items() if number}
        cancels = len(remaining) < len(terms)
        return self.field.from_terms(remaining, lambda: self._sum_of_values(other, remaining if cancels else None))

    __radd__ = __add__

    def _sum_of_values(self, other: Any, remaining: Terms | None) -> Any:
        """Return the value of a sum; that of the remaining terms if some cancel and this is more accurate."""
        if remaining is None:
            return self.value + plain_value(other)
        try:
            total = self.value + plain_value(other)
        except (Undecided, ExponentOverflow):
            return self.field.value_of_terms(remaining)
        again = self.field.value_of_terms(remaining)
        is_coarser = isinstance(again, Ball) and isinstance(total, Ball) and total.rad <= again.rad
        return total if is_coarser else again

    def __sub__(self, other: Any) -> Any:
        return self + (-other) if isinstance(other, int | Fraction | FormalNumber) else NotImplemented

    def __rsub__(self, other: Any) -> Any:
        return (-self) + other

    # --- products ----------------------------------------------------------------------------------------------------

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, int | Fraction):
            if not other:
                return Fraction(0)
            scaled = {monomial: number * other for monomial, number in self.terms.items()}
            return self.field.from_terms(scaled, lambda: self.value * other)
        if not isinstance(other, FormalNumber):
            return NotImplemented
        reduced = _cancelled(self, other) or _cancelled(other, self)
        if reduced is not None:
            return self.field.from_terms(reduced, lambda: self.value * other.value)
        product = self.field.multiply_terms(self.terms, other.terms)
        if product is None:
            return self.field.generator(("product", frozenset((self.key, other.key))), lambda: self.value * other.value)
        return self.field.from_terms(product, lambda: self.value * other.value)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, int | Fraction):
            return self * (1 / Fraction(other))
        if not isinstance(other, FormalNumber):
            return NotImplemented
        ratio = _ratio(self.terms, other.terms)
        return self * other.inverse() if ratio is None or not other.sign() else ratio

    def __rtruediv__(self, other: Any) -> Any:
        return self.inverse() * other

    def inverse(self) -> Any:
        """Return 1/self; raise Undecided where it may be 0."""
        if len(self.terms) > 1:
            number = self.field.generator(("inverse", self.key), lambda: 1 / self.value)
            if isinstance(number, FormalNumber):
                self.field.reciprocals[next(iter(number.terms))[0][0]] = self.terms
            return number
        inverted = self.field.power_of_monomial(self.terms, -1)
        if inverted is None:
            return self.field.generator(("inverse", self.key), lambda: 1 / self.value)
        return self.field.from_terms(inverted, lambda: 1 / self.value)

    def __pow__(self, exponent: int) -> Any:
        if not isinstance(exponent, int):
            return NotImplemented
        if exponent < 0:
            return self.inverse() ** -exponent
        if len(self.terms) == 1:
            terms = self.field.power_of_monomial(self.terms, exponent)
        else:
            terms = self.field.power_of_terms(self.terms, exponent)
        # The value of a power is enclosed more tightly by that of the base than by a product of terms.
        if terms is None:
            return self.field.generator(("power", self.key, exponent), lambda: self.value**exponent)
        return self.field.from_terms(terms, lambda: self.value**exponent)


def plain_value(x: Any) -> Any:
    """Return the value of a formal number; any other number as it is."""
    return x.value if isinstance(x, FormalNumber) else x


def _cancelled(sum_: FormalNumber, product: FormalNumber) -> Terms | None:
    """Return the terms of sum_ * product if the product is one term that contains the reciprocal of the sum."""
    if len(product.terms) > 1:
        return None
    ((monomial, number),) = product.terms.items()
    for index, exponent in monomial:
        reciprocal = sum_.field.reciprocals.get(index)
        ratio = None if reciprocal is None or exponent < 1 else _ratio(sum_.terms, reciprocal)
        if ratio is not None:
            rest = ((i, power - (i == index)) for i, power in monomial)
            return {tuple(pair for pair in rest if pair[1]): number * ratio}
    return None


def _ratio(a: Terms, b: Terms) -> Fraction | None:
    """Return the fraction a/b if one polynomial is a multiple of the other, else None."""
    if a.keys() != b.keys():
        return None
    ratios = {a[monomial] / b[monomial] for monomial in a}
    return ratios.pop() if len(ratios) == 1 else None
