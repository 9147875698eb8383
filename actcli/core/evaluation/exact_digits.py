"""Exact values to any number of significant digits, from the exact reading."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from actcli.core.arithmetic.fixed_point import decimal_context
from actcli.core.arithmetic.signals import OutsideDomain, Undecided
from actcli.core.evaluation.arbitrary_precision import PROBES, enclose
from actcli.core.evaluation.undecided import count_undecided

if TYPE_CHECKING:
    from actcli.core.evaluation.elementwise import Quantity

__all__ = ["MAX_DIGITS", "format_exact"]

MAX_DIGITS = 1000
_GUARD = 12
_POSITIONAL = range(-4, 16)


def format_exact(quantity: Quantity, x: float, count: int) -> str:
    """The result at x to `count` significant digits, rounded half to even; what ends sooner, exactly, ends there.

    nan for nan, outside the domain and where there is no limit; `inf` and `-inf` for infinite limits. A result that
    2,000 bits more do not tell from the middle between two neighbours is taken as that; beyond that it is nan.
    """
    if x != x:
        return "nan"
    for at, slope in quantity.bound.kinks:
        if quantity.order and quantity.wrt is None and not quantity.side and at == x:
            return _fraction(slope, count)
    if math.isinf(x):
        return _limit(quantity, 1 if x > 0 else -1, count)
    with suppress(_Irrational, ZeroDivisionError):
        return _fraction(Fraction(quantity(_Rational(), Fraction(x))), count)
    return _value(quantity, Decimal(x), count)


class _Irrational(ArithmeticError):
    """A function that leads out of the rational numbers."""


class _Rational:
    """The arithmetic of fractions alone: what a formula's rational pieces are, to the end."""

    number = staticmethod(Fraction)
    abs = staticmethod(abs)
    maximum = staticmethod(max)
    minimum = staticmethod(min)

    @staticmethod
    def piecewise(x: Any, *cases: Any) -> Any:
        return next((function for condition, function in cases[:-1] if condition), cases[-1])(x)

    def __getattr__(self, name: str) -> Any:
        raise _Irrational(name)


def _fraction(value: Fraction, count: int) -> str:
    ratio = decimal_context(count).divide(Decimal(value.numerator), Decimal(value.denominator))
    return _text(ratio, ends=value == Fraction(ratio))


def _value(quantity: Quantity, x: Decimal, count: int) -> str:
    return _converged_digits(quantity, lambda digits: enclose(quantity, x, digits), count)


def _converged_digits(quantity: Quantity, ends_with: Callable[[int], tuple[Decimal, Decimal]], count: int) -> str:
    """What the intervals that a number of digits gives agree on."""
    rounding, ends = decimal_context(count), (Decimal(0), Decimal(0))
    for digits in (count + _GUARD, 2 * count + 60, 4 * count + 640):
        try:
            low, high = ends_with(digits)
        except Undecided:
            continue
        except OutsideDomain:
            return "nan"
        ends = rounding.plus(low), rounding.plus(high)
        if ends[0] == ends[1]:
            return _text(ends[0], ends=low == high == ends[0])
    if rounding.next_plus(ends[0]) == ends[1] and not quantity.bound.activation.is_expression:
        exactly = decimal_context(count + 2)
        return _text(rounding.plus(exactly.multiply(exactly.add(*ends), Decimal("0.5"))), ends=False)
    count_undecided(quantity.bound.activation.is_expression)
    return "nan"


def _limit(quantity: Quantity, side: int, count: int) -> str:
    from actcli.core.evaluation.arbitrary_precision import limit
    from actcli.number_formats import FLOATS

    near = limit(quantity, side, FLOATS["float64"])
    if not math.isfinite(near) or near == 0:
        return repr(near)
    if quantity.bound.activation.is_expression:
        from actcli.core.expressions.limits import limit_ends

        return _converged_digits(quantity, lambda digits: limit_ends(quantity, side, digits), count)
    return _value(quantity, PROBES[0] if side > 0 else PROBES[0].copy_negate(), count)


def _text(value: Decimal, ends: bool) -> str:
    """As Python spells a float; a value that `ends` there without the zeros at its end."""
    if not value:
        return "0.0"
    if ends:
        value = value.normalize(decimal_context(MAX_DIGITS))
    if value.adjusted() not in _POSITIONAL:
        mantissa, _, exponent = f"{value:e}".partition("e")
        sign, size = exponent[0], exponent[1:].rjust(2, "0")
        return f"{mantissa}e{sign}{size}"
    text = f"{value:f}"
    return text if "." in text else f"{text}.0"
