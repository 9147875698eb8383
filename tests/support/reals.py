"""Real numbers for the oracle: an exact rational part plus a tail from mpmath, at the current precision.

A number is `exact + tail`: an exact Fraction, and an mpmath number with its own relative precision. Stored separately,
1 - e^-700 differs from 1, and x/2 + x^2/4 of a subnormal x is not a tie: a single number of a few hundred bits would
lose the part that decides the rounding. `test_oracle.py` compares these numbers with plain mpmath at thousands of bits.

Nothing here is imported from actcli.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import cache
from typing import Any

from mpmath import libmp
from mpmath.libmp import fzero, mpf_add, mpf_div, mpf_mul, mpf_neg

__all__ = [
    "ONE",
    "STATE",
    "ZERO",
    "OutsideDomain",
    "Raw",
    "Real",
    "Unknown",
    "fraction",
    "inexact",
    "magnitude",
    "precision",
    "raw",
    "real",
]

Raw = Any
"""mpmath's own floating-point number: (sign, mantissa, exponent, bits of the mantissa)."""

_MIN_GAP_BITS = 16
"""A tail is carried through a function separately only if it is this many bits below the exact part."""


class Unknown(ArithmeticError):
    """A sign that the current precision does not decide."""


class OutsideDomain(ArithmeticError):
    """An argument outside the domain of a function."""


class _State:
    """The current precision, in bits."""

    bits = 160


STATE = _State()


class Real:
    """The number exact + tail. The tail is None for an exact number; a zero tail is a number too small to represent."""

    __slots__ = ("exact", "tail")

    def __init__(self, exact: Fraction, tail: Raw | None) -> None:
        self.exact = exact
        self.tail = tail

    def __repr__(self) -> str:
        return f"Real({self.exact}, {self.tail})"

    def __add__(self, other: Any) -> Real:
        b = _operand(other)
        if b is None:
            return NotImplemented
        exact = self.exact + b.exact if self.exact and b.exact else self.exact or b.exact
        if self.tail is None or b.tail is None:
            return Real(exact, b.tail if self.tail is None else self.tail)
        return Real(exact, mpf_add(self.tail, b.tail, STATE.bits))

    def __radd__(self, other: Any) -> Real:
        return real(other) + self

    def __neg__(self) -> Real:
        return Real(-self.exact, None if self.tail is None else mpf_neg(self.tail))

    def __pos__(self) -> Real:
        return self

    def __sub__(self, other: Any) -> Real:
        b = _operand(other)
        return NotImplemented if b is None else self + -b

    def __rsub__(self, other: Any) -> Real:
        return real(other) + -self

    def __mul__(self, other: Any) -> Real:
        b = _operand(other)
        if b is None:
            return NotImplemented
        exact = self.exact * b.exact if self.exact and b.exact else ZERO
        tail = None
        if b.tail is not None and self.exact:
            tail = mpf_mul(raw(self.exact), b.tail, STATE.bits)
        if self.tail is not None and b.exact:
            cross = mpf_mul(raw(b.exact), self.tail, STATE.bits)
            tail = cross if tail is None else mpf_add(tail, cross, STATE.bits)
        if self.tail is not None and b.tail is not None:
            both = mpf_mul(self.tail, b.tail, STATE.bits)
            tail = both if tail is None else mpf_add(tail, both, STATE.bits)
        return Real(exact, tail)

    def __rmul__(self, other: Any) -> Real:
        return real(other) * self

    def __truediv__(self, other: Any) -> Real:
        b = _operand(other)
        if b is None:
            return NotImplemented
        if b.tail is None:
            if not b.exact:
                raise OutsideDomain("division by zero")
            return Real(
                self.exact / b.exact, None if self.tail is None else mpf_div(self.tail, raw(b.exact), STATE.bits)
            )
        if self.is_zero:
            return self
        divisor = b.value
        if divisor == fzero:
            raise Unknown("the divisor may be zero")
        if not b.perturbed:
            return Real(ZERO, mpf_div(self.value, divisor, STATE.bits))
        # a / b = q + (a - q b) / b, where q is the quotient of the exact parts.
        quotient = self.exact / b.exact
        residual = mpf_neg(mpf_mul(raw(quotient), b.tail, STATE.bits))
        residual = residual if self.tail is None else mpf_add(self.tail, residual, STATE.bits)
        return Real(quotient, mpf_div(residual, divisor, STATE.bits))

    def __rtruediv__(self, other: Any) -> Real:
        return real(other) / self

    def __pow__(self, exponent: Any) -> Real:
        power = real(exponent)
        if power.tail is not None or power.exact.denominator != 1:
            from tests.support.real_functions import power_of

            return power_of(self, power)
        count = int(power.exact)
        result, base = ONE, self if count >= 0 else ONE / self
        for bit in bin(abs(count))[2:]:
            result = result * result
            result = result * base if bit == "1" else result
        return result

    def __rpow__(self, base: Any) -> Real:
        return real(base) ** self

    def __abs__(self) -> Real:
        return -self if self.sign() < 0 else self

    def sign(self) -> int:
        """Return -1, 0 or +1; raise Unknown if the precision does not decide it."""
        if self.tail is None:
            return (self.exact > 0) - (self.exact < 0)
        value = self.value
        if value == fzero or (self.exact and magnitude(value) < magnitude(self.tail) - STATE.bits // 2):
            raise Unknown("the sign")
        return -1 if value[0] else 1

    def __gt__(self, other: Any) -> bool:
        b = _operand(other)
        return NotImplemented if b is None else bool((self - b).sign() > 0)

    def __ge__(self, other: Any) -> bool:
        b = _operand(other)
        return NotImplemented if b is None else bool((self - b).sign() >= 0)

    def __lt__(self, other: Any) -> bool:
        b = _operand(other)
        return NotImplemented if b is None else bool((self - b).sign() < 0)

    def __le__(self, other: Any) -> bool:
        b = _operand(other)
        return NotImplemented if b is None else bool((self - b).sign() <= 0)

    def __eq__(self, other: object) -> bool:
        return bool((self - other).sign() == 0)

    def __ne__(self, other: object) -> bool:
        return bool((self - other).sign() != 0)

    __hash__ = None  # type: ignore[assignment]

    @property
    def value(self) -> Raw:
        """Return both parts as one mpmath number."""
        if self.tail is None:
            return raw(self.exact)
        return mpf_add(raw(self.exact), self.tail, STATE.bits) if self.exact else self.tail

    @property
    def is_zero(self) -> bool:
        """Return whether the number is exactly zero."""
        return self.tail is None and not self.exact

    @property
    def perturbed(self) -> bool:
        """Return whether there is an exact part and the tail is far below it."""
        if not self.exact or self.tail is None:
            return bool(self.exact)
        return self.tail == fzero or magnitude(self.tail) < magnitude(raw(self.exact)) - _MIN_GAP_BITS


ZERO = Fraction(0)
ONE = Real(Fraction(1), None)


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Set the precision of tails to `bits` bits inside this context."""
    before, STATE.bits = STATE.bits, bits
    try:
        yield
    finally:
        STATE.bits = before


def _operand(value: Any) -> Real | None:
    """Return an int, a Fraction or a Real as a Real; None for a number of another kind, which then computes."""
    return real(value) if isinstance(value, int | Fraction | Real) else None


def real(value: Any) -> Real:
    """Return an int, a Fraction or a Real as a Real."""
    if type(value) is Real:
        return value
    return _integer(value) if type(value) is int else Real(Fraction(value), None)


@cache
def _integer(value: int) -> Real:
    return Real(Fraction(value), None)


def raw(value: Fraction) -> Raw:
    """Return a Fraction as an mpmath number, rounded to the current precision."""
    top, bottom = value.numerator, value.denominator
    if bottom & (bottom - 1):
        return libmp.from_rational(top, bottom, STATE.bits)
    return libmp.from_man_exp(top, 1 - bottom.bit_length(), STATE.bits)


def fraction(value: Raw) -> Fraction:
    """Return an mpmath number as an exact Fraction."""
    return Fraction(*libmp.to_rational(value))


def magnitude(value: Raw) -> int:
    """Return the exponent m with 2^(m-1) <= |value| < 2^m; a hugely negative number for zero."""
    return int(value[2] + value[3]) if value[1] else -(1 << 4000)


def inexact(value: Raw) -> Real:
    """Return an mpmath number as a Real without an exact part."""
    return Real(ZERO, value)
