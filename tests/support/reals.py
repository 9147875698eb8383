"""Real numbers for the oracle: an exact rational part and a small rest from mpmath, at a precision that is set.

A number is `exact + rest`: a Fraction that is known to the last bit, and what mpmath gives to some bits of its own.
Kept apart, 1 - e^-700 is not 1, and x/2 + x^2/4 of a subnormal x is no tie: what a plain number of a few hundred bits
forgets is what decides a rounding. `tests/support/test_oracle/py` holds it against plain mpmath at thousands of bits.

Nothing here comes from actcli.
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
    "NONE", "ONE", "STATE", "OutsideDomain", "Raw", "Real", "Unknown", "fraction", "inexact", "magnitude", "precision",
    "raw", "real",
]  # fmt: skip

Raw = Any
"""mpmath's own floating-point number: (sign, mantissa, exponent, bits of the mantissa)."""

_APART = 16
"""How many bits below the exact part a rest has to stay to be carried through a function on its own."""


class Unknown(ArithmeticError):
    """The sign of something is not known at this precision."""


class OutsideDomain(ArithmeticError):
    """A function has no value here."""


class _State:
    """The precision that is set, in bits."""

    bits = 160


STATE = _State()


class Real:
    """exact + rest; the rest is None if the number is exactly known, and a zero rest is something too small to see."""

    __slots__ = ("exact", "rest")

    def __init__(self, exact: Fraction, rest: Raw | None) -> None:
        self.exact = exact
        self.rest = rest

    def __repr__(self) -> str:
        return f"Real({self.exact}, {self.rest})"

    def __add__(self, other: Any) -> Real:
        b = real(other)
        exact = self.exact + b.exact if self.exact and b.exact else self.exact or b.exact
        if self.rest is None or b.rest is None:
            return Real(exact, b.rest if self.rest is None else self.rest)
        return Real(exact, mpf_add(self.rest, b.rest, STATE.bits))

    def __radd__(self, other: Any) -> Real:
        return real(other) + self

    def __neg__(self) -> Real:
        return Real(-self.exact, None if self.rest is None else mpf_neg(self.rest))

    def __pos__(self) -> Real:
        return self

    def __sub__(self, other: Any) -> Real:
        return self + -real(other)

    def __rsub__(self, other: Any) -> Real:
        return real(other) + -self

    def __mul__(self, other: Any) -> Real:
        b = real(other)
        exact = self.exact * b.exact if self.exact and b.exact else NONE
        rest = None
        if b.rest is not None and self.exact:
            rest = mpf_mul(raw(self.exact), b.rest, STATE.bits)
        if self.rest is not None and b.exact:
            other_way = mpf_mul(raw(b.exact), self.rest, STATE.bits)
            rest = other_way if rest is None else mpf_add(rest, other_way, STATE.bits)
        if self.rest is not None and b.rest is not None:
            both = mpf_mul(self.rest, b.rest, STATE.bits)
            rest = both if rest is None else mpf_add(rest, both, STATE.bits)
        return Real(exact, rest)

    def __rmul__(self, other: Any) -> Real:
        return real(other) * self

    def __truediv__(self, other: Any) -> Real:
        b = real(other)
        if b.rest is None:
            if not b.exact:
                raise OutsideDomain("division by zero")
            return Real(
                self.exact / b.exact, None if self.rest is None else mpf_div(self.rest, raw(b.exact), STATE.bits)
            )
        if self.is_zero:
            return self
        below = b.value
        if below == fzero:
            raise Unknown("division by what may be zero")
        if not b.perturbed:
            return Real(NONE, mpf_div(self.value, below, STATE.bits))
        # a / b = q + (a - q b) / b with q the quotient of the exact parts.
        quotient = self.exact / b.exact
        over = mpf_neg(mpf_mul(raw(quotient), b.rest, STATE.bits))
        over = over if self.rest is None else mpf_add(self.rest, over, STATE.bits)
        return Real(quotient, mpf_div(over, below, STATE.bits))

    def __rtruediv__(self, other: Any) -> Real:
        return real(other) / self

    def __pow__(self, exponent: Any) -> Real:
        power = real(exponent)
        if power.rest is not None or power.exact.denominator != 1:
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
        """-1, 0 or +1; Unknown if it can not be seen."""
        if self.rest is None:
            return (self.exact > 0) - (self.exact < 0)
        value = self.value
        if value == fzero or (self.exact and magnitude(value) < magnitude(self.rest) - STATE.bits // 2):
            raise Unknown("a sign")
        return -1 if value[0] else 1

    def __gt__(self, other: Any) -> bool:
        return bool((self - other).sign() > 0)

    def __ge__(self, other: Any) -> bool:
        return bool((self - other).sign() >= 0)

    def __lt__(self, other: Any) -> bool:
        return bool((self - other).sign() < 0)

    def __le__(self, other: Any) -> bool:
        return bool((self - other).sign() <= 0)

    def __eq__(self, other: object) -> bool:
        return bool((self - other).sign() == 0)

    def __ne__(self, other: object) -> bool:
        return bool((self - other).sign() != 0)

    __hash__ = None  # type: ignore[assignment]

    @property
    def value(self) -> Raw:
        """Both parts as one number of mpmath."""
        if self.rest is None:
            return raw(self.exact)
        return mpf_add(raw(self.exact), self.rest, STATE.bits) if self.exact else self.rest

    @property
    def is_zero(self) -> bool:
        """Whether it is known to be exactly zero."""
        return self.rest is None and not self.exact

    @property
    def perturbed(self) -> bool:
        """Whether there is an exact part and the rest is far below it."""
        if not self.exact or self.rest is None:
            return bool(self.exact)
        return self.rest == fzero or magnitude(self.rest) < magnitude(raw(self.exact)) - _APART


NONE = Fraction(0)
ONE = Real(Fraction(1), None)


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Within this the rests of numbers have `bits` bits."""
    before, STATE.bits = STATE.bits, bits
    try:
        yield
    finally:
        STATE.bits = before


def real(value: Any) -> Real:
    """`value`, an int, a Fraction or a Real, as a Real."""
    if type(value) is Real:
        return value
    return _integer(value) if type(value) is int else Real(Fraction(value), None)


@cache
def _integer(value: int) -> Real:
    return Real(Fraction(value), None)


def raw(value: Fraction) -> Raw:
    """`value` to the precision that is set."""
    top, bottom = value.numerator, value.denominator
    if bottom & (bottom - 1):
        return libmp.from_rational(top, bottom, STATE.bits)
    return libmp.from_man_exp(top, 1 - bottom.bit_length(), STATE.bits)


def fraction(value: Raw) -> Fraction:
    """The rational number that mpmath's is."""
    return Fraction(*libmp.to_rational(value))


def magnitude(value: Raw) -> int:
    """The exponent m with 2^(m-1) <= |value| < 2^m; far down for zero."""
    return int(value[2] + value[3]) if value[1] else -(1 << 4000)


def inexact(value: Raw) -> Real:
    """A number of mpmath's alone."""
    return Real(NONE, value)
