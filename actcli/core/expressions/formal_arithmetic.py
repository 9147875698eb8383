"""The arithmetic of formal numbers: elementary functions that know their rational values, and their own inverses."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from fractions import Fraction
from functools import partial
from typing import Any, Protocol, runtime_checkable

from actcli.core.arithmetic.dual import RULES, Differential
from actcli.core.arithmetic.signals import ExponentOverflow, OutsideDomain, Undecided
from actcli.core.expressions.exact_constants import MAX_EXACT_BITS, bit_size, rational_power
from actcli.core.expressions.exact_trig import exact_trig
from actcli.core.expressions.formal_number import Field, FormalNumber, plain_value

__all__ = ["FormalArithmetic", "plain"]

_HALF = Fraction(1, 2)

_AT_ZERO: dict[str, Fraction] = {
    **dict.fromkeys(
        ("expm1", "log1p", "sqrt", "sin", "tan", "sinh", "tanh", "asinh", "atan", "erf", "tanhshrink", "logcosh"),
        Fraction(0),
    ),
    **dict.fromkeys(("exp", "cos", "cosh", "erfc"), Fraction(1)),
    **dict.fromkeys(("sigmoid", "cosigmoid", "ndtr"), _HALF),
    "tanh_softplus": Fraction(3, 5),
}
"""The rational values at 0. tanh(log 2) is (2 - 1/2)/(2 + 1/2)."""

_ODD = frozenset({"sin", "tan", "sinh", "tanh", "asinh", "atan", "erf", "tanhshrink"})
_EVEN = frozenset({"cos", "cosh", "phi", "logcosh"})

_DEFINITIONS: dict[str, Callable[[FormalArithmetic, Any], Any]] = {
    "expm1": lambda m, x: m.exp(x) - 1,
    "log1p": lambda m, x: m.log(1 + x),
    "sigmoid": lambda m, x: 1 / (1 + m.exp(-x)),
    "softplus": lambda m, x: m.log(1 + m.exp(x)),
    "sinh": lambda m, x: (m.exp(x) - m.exp(-x)) / 2,
    "cosh": lambda m, x: (m.exp(x) + m.exp(-x)) / 2,
    "tanh": lambda m, x: (m.exp(x) - m.exp(-x)) / (m.exp(x) + m.exp(-x)),
}
"""Definitions by which a function and its definition written out are the same number."""

_FUNCTIONS = frozenset({*RULES, "cosigmoid"})


@runtime_checkable
class RoundingArithmetic(Protocol):
    """An arithmetic whose exact numbers stay exact unless they are rounded."""

    def rounded(self, value: Fraction) -> Any: ...


class FormalArithmetic:
    """Formal numbers over the arithmetic `base`, of balls or of series, for one evaluation.

    A function of a number is a generator: computed once, and equal to itself wherever it appears. Rational numbers are
    Fractions throughout.
    """

    def __init__(self, base: Any) -> None:
        self.base = base
        self.field = Field(base)
        self._arguments: dict[Hashable, Any] = {}
        self._defined: dict[Hashable, Any] = {}

    @property
    def digits(self) -> int:
        """The working precision of the values, in decimal digits."""
        digits: int = self.base.digits
        return digits

    @property
    def pi(self) -> FormalNumber:
        """Return the number pi."""
        number: FormalNumber = self.field.generator("pi", lambda: self.base.pi)
        return number

    @property
    def e(self) -> FormalNumber:
        """Return the number e."""
        number: FormalNumber = self.exp(Fraction(1))
        return number

    def number(self, value: Any) -> Any:
        """Return an exact number: a Fraction, or a generator if that would be too long."""
        exact = Fraction(value)
        return exact if bit_size(exact) <= MAX_EXACT_BITS else self.rounded(exact)

    def rounded(self, value: Fraction) -> FormalNumber:
        """Return an exact number as a generator, whose powers do not grow in length."""

        def quotient() -> Any:
            if isinstance(self.base, RoundingArithmetic):
                return self.base.rounded(value)
            return self.base.number(value.numerator) / self.base.number(value.denominator)

        number: FormalNumber = self.field.generator(("number", value), quotient)
        return number

    def formal(self, value: Any) -> Any:
        """Return a number of `base`, or a dual number over such, as a formal number; exact numbers as they are."""
        if isinstance(value, Differential):
            return value.with_parts([self.formal(part) for part in value.parts], value.side)
        if isinstance(value, int | Fraction | FormalNumber):
            return value
        return self.field.opaque(value)

    def piecewise(self, x: Any, *cases: Any) -> Any:
        """Return the first formula whose condition is true, at x."""
        return next((formula for condition, formula in cases[:-1] if condition), cases[-1])(x)

    def abs(self, x: Any) -> Any:
        """Return |x|."""
        return abs(x)

    def __getattr__(self, name: str) -> Any:
        """Return the elementary function `name`."""
        if name not in _FUNCTIONS:
            raise AttributeError(name)
        function = partial(self._apply, name)
        setattr(self, name, function)
        return function

    def _apply(self, name: str, x: Any) -> Any:
        """Return the function `name` of x: its rational value if that is known by form, else a generator."""
        if name in _ODD | _EVEN and _is_negated(x):
            mirrored = self._apply(name, -x)
            return mirrored if name in _EVEN else -mirrored
        known = self._known_value(name, x)
        if known is not None:
            return known
        argument = x if isinstance(x, FormalNumber) else Fraction(x)
        key = (name, argument.key if isinstance(argument, FormalNumber) else argument)
        compute: Callable[[], Any] = partial(getattr(self.base, name), plain_value(argument))
        if name in _DEFINITIONS:
            return self._by_definition(name, argument, key, compute)
        square = argument if name == "sqrt" and isinstance(argument, Fraction) else None
        result = self.field.generator(key, compute, square)
        if name in ("exp", "log") and isinstance(result, FormalNumber):
            self._arguments[name, next(iter(result.terms))] = argument
        return result

    def _by_definition(self, name: str, x: Any, key: Hashable, compute: Callable[[], Any]) -> Any:
        """Return a function with the terms of its definition by others, but with its own value."""
        if key not in self._defined:
            value = compute()
            try:
                number = _DEFINITIONS[name](self, x)
            except (ExponentOverflow, OutsideDomain, Undecided, ZeroDivisionError):
                number = self.field.generator(key, lambda: value)
            is_formal = isinstance(number, FormalNumber) and not isinstance(value, int | Fraction)
            self._defined[key] = FormalNumber(self.field, value, number.terms) if is_formal else number
        return self._defined[key]

    def _known_value(self, name: str, x: Any) -> Any:
        """Return the value of a function if it follows from the form of the argument, else None."""
        if not isinstance(x, FormalNumber):
            return self._known_at(name, Fraction(x))
        if name in ("sin", "cos", "tan"):
            multiple = self._multiple_of_pi(x)
            return None if multiple is None else self._known_trig(name, multiple)
        if name in ("exp", "log"):
            # exp(log(u)) = u, which is positive there, and log(exp(u)) = u.
            inner, factor = self._argument_of_inverse(name, x)
            if factor == 1:
                return inner
            return rational_power(inner, factor) if name == "exp" and isinstance(inner, Fraction) else None
        return None

    def _argument_of_inverse(self, name: str, x: FormalNumber) -> tuple[Any, Fraction]:
        """Return (u, q) if x is q g(u) by its form, where g is the inverse of exp or log (`name`), else (None, 0)."""
        inverse = "log" if name == "exp" else "exp"
        if len(x.terms) != 1:
            return None, Fraction(0)
        ((monomial, factor),) = x.terms.items()
        argument = self._arguments.get((inverse, monomial))
        return argument, Fraction(0) if argument is None else factor

    def _known_trig(self, name: str, multiple: Fraction) -> Any:
        """Return sin, cos or tan of a multiple of pi if it is rational or a square root, else None."""
        try:
            known = exact_trig(name, multiple)
        except ZeroDivisionError:
            raise OutsideDomain("tan at a pole") from None
        return None if known is None else known[0] * self.sqrt(known[1])

    def _known_at(self, name: str, x: Fraction) -> Fraction | None:
        """Return the value of a function at a rational number, if that is rational."""
        if x == 0:
            return _AT_ZERO.get(name)
        return Fraction(0) if name == "log" and x == 1 else None

    def _multiple_of_pi(self, x: FormalNumber) -> Fraction | None:
        """Return the rational q if x is q pi by its form, else None."""
        return x.terms.get(next(iter(self.pi.terms))) if len(x.terms) == 1 else None


def _is_negated(x: Any) -> bool:
    """Return whether x rather than -x has a minus sign in front: is negative, or its first coefficient is."""
    return (min(x.terms.items())[1] if isinstance(x, FormalNumber) else x) < 0


def plain(x: Any) -> Any:
    """Return a formal number, or a dual number over such, as a number of the arithmetic underneath."""
    if isinstance(x, Differential):
        return x.with_parts([plain_value(part) for part in x.parts], x.side)
    return plain_value(x)
