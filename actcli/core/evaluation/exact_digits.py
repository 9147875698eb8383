"""Exact values to any number of significant digits, from balls of sufficient precision."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from actcli.core.arithmetic.fixed_point import decimal_context
from actcli.core.arithmetic.signals import OutsideDomain, Undecided
from actcli.core.evaluation.one_sided import InfiniteDerivativeError
from actcli.core.evaluation.poles import infinite_limit
from actcli.core.evaluation.undecided import count_undecided
from actcli.number_formats import FLOATS

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import Quantity

__all__ = ["MAX_DIGITS", "format_exact"]

MAX_DIGITS = 1000
_GUARD_DIGITS = 12
_POSITIONAL_EXPONENTS = range(-4, 16)
"""Decimal exponents written without e, as Python's repr does."""


def format_exact(quantity: Quantity, x: float, count: int) -> str:
    """Return the result at x to `count` significant digits, rounded half to even; a shorter exact result is not padded.

    `nan` for nan, outside the domain and where there is no limit; `inf` and `-inf` for infinite limits. For catalogue
    entries a result that 2,000 more bits cannot distinguish from a tie is that tie; otherwise it is `nan`.
    """
    if x != x:
        return "nan"
    for at, derivative in quantity.kink_derivatives():
        if at == x:
            return _format_fraction(derivative, count)
    if not quantity.exists_at(Fraction(x) if math.isfinite(x) else None):
        return "nan"
    if math.isinf(x):
        return _format_limit(quantity, 1 if x > 0 else -1, count)
    for end, side in quantity.pole_candidates():
        if end == x:
            return repr(infinite_limit(quantity, end, side))
    with suppress(_IrrationalError, ZeroDivisionError, OutsideDomain, Undecided):
        return _format_fraction(Fraction(quantity(_RationalArithmetic(), Fraction(x))), count)
    return _common_digits(quantity, lambda digits: quantity.enclose(Decimal(x), digits), count)


class _IrrationalError(ArithmeticError):
    """A function whose results are not rational in general."""


class _RationalArithmetic:
    """The arithmetic of fractions alone, for the rational pieces of a formula."""

    number = staticmethod(Fraction)
    abs = staticmethod(abs)
    maximum = staticmethod(max)
    minimum = staticmethod(min)

    @staticmethod
    def piecewise(x: Any, *cases: Any) -> Any:
        return next((function for condition, function in cases[:-1] if condition), cases[-1])(x)

    def __getattr__(self, name: str) -> Any:
        raise _IrrationalError(name)


def _format_fraction(value: Fraction, count: int) -> str:
    ratio = decimal_context(count).divide(Decimal(value.numerator), Decimal(value.denominator))
    return _format_decimal(ratio, is_exact=value == Fraction(ratio))


def _common_digits(quantity: Quantity, enclose: Callable[[int], tuple[Decimal, Decimal]], count: int) -> str:
    """Return the digits on which both ends of enclose(digits) agree, for growing precision."""
    rounding, ends = decimal_context(count), (Decimal(0), Decimal(0))
    for digits in (count + _GUARD_DIGITS, 2 * count + 60, 4 * count + 640):
        try:
            low, high = enclose(digits)
        except Undecided:
            continue
        except InfiniteDerivativeError as signal:
            return "inf" if signal.sign > 0 else "-inf"
        except OutsideDomain:
            return "nan"
        ends = rounding.plus(low), rounding.plus(high)
        if ends[0] == ends[1]:
            return _format_decimal(ends[0], is_exact=low == high == ends[0])
    ties_are_exact = quantity.bound.function.ties_are_exact
    if rounding.next_plus(ends[0]) == ends[1] and ties_are_exact:
        wider = decimal_context(count + 2)
        tie = rounding.plus(wider.multiply(wider.add(*ends), Decimal("0.5")))
        return _format_decimal(tie, is_exact=False)
    if not ties_are_exact:
        count_undecided(1)
    return "nan"


def _format_limit(quantity: Quantity, side: int, count: int) -> str:
    nearest = quantity.limit(side, FLOATS["float64"])
    if not math.isfinite(nearest) or nearest == 0:
        return repr(nearest)
    return _common_digits(quantity, lambda digits: quantity.bound.function.enclose_limit(quantity, side, digits), count)


def _format_decimal(value: Decimal, *, is_exact: bool) -> str:
    """Format as Python formats a float. An exact value has no trailing zeros."""
    if not value:
        return "0.0"
    if is_exact:
        value = value.normalize(decimal_context(MAX_DIGITS))
    if value.adjusted() not in _POSITIONAL_EXPONENTS:
        mantissa, _, exponent = f"{value:e}".partition("e")
        sign, size = exponent[0], exponent[1:].rjust(2, "0")
        return f"{mantissa}e{sign}{size}"
    text = f"{value:f}"
    return text if "." in text else f"{text}.0"
