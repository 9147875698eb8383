"""Parity: whether a formula is odd by its form, as a sum, product or composition of odd and even parts."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NoReturn

from actcli.core.arithmetic.signals import ExponentOverflow, OutsideDomain, Undecided

if TYPE_CHECKING:
    from actcli.core.evaluation.quantity import BoundActivation

__all__ = ["is_odd_formula"]

_ODD_FUNCTIONS = frozenset({"asinh", "atan", "erf", "sin", "sinh", "tan", "tanh", "tanhshrink"})
_EVEN_FUNCTIONS = frozenset({"cos", "cosh", "logcosh", "phi"})


class _Part:
    """A part of a formula: odd (-1) or even (1) in x, or neither (0). Its value is unknown."""

    digits = 40

    def __init__(self, parity: int) -> None:
        self.parity = parity

    def __neg__(self) -> _Part:
        return self

    def __pos__(self) -> _Part:
        return self

    def __abs__(self) -> _Part:
        return _Part(self.parity**2)

    def __add__(self, other: Any) -> _Part:
        return _Part(self.parity if self.parity == _parity(other) else 0)

    __radd__ = __sub__ = __rsub__ = __add__

    def __mul__(self, other: Any) -> _Part:
        return _Part(self.parity * _parity(other))

    __rmul__ = __truediv__ = __rtruediv__ = __mul__

    def __pow__(self, exponent: int) -> _Part:
        return _Part(self.parity**2 if exponent % 2 == 0 else self.parity)

    def _undecided(self, other: object) -> NoReturn:
        raise Undecided("the value of a part is unknown")

    __lt__ = __le__ = __gt__ = __ge__ = __eq__ = __ne__ = _undecided
    __hash__ = None  # type: ignore[assignment]


def _parity(x: Any) -> int:
    return x.parity if isinstance(x, _Part) else 1


class _ParityArithmetic:
    """The functions of parts: an odd function keeps the parity, any function of an even part is even."""

    digits = 40
    encloses = False
    pi = e = _Part(1)

    def number(self, value: Fraction) -> Fraction:
        """Return an exact number as it is."""
        return value

    def piecewise(self, x: Any, *cases: Any) -> Any:
        """Return the only case; other pieces depend on the value."""
        if len(cases) > 1 or isinstance(cases[0], tuple):
            raise Undecided("pieces")
        return cases[0](x)

    def abs(self, x: Any) -> Any:
        """Return |x|."""
        return abs(x)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)

        def function(x: Any) -> _Part:
            parity = _parity(x)
            if name in _EVEN_FUNCTIONS:
                return _Part(parity**2)
            return _Part(parity if name in _ODD_FUNCTIONS or parity == 1 else 0)

        return function


def is_odd_formula(bound: BoundActivation) -> bool:
    """Return whether f is odd by the form of its formula; False if that does not show it."""
    try:
        return bool(_parity(bound.function.value(_ParityArithmetic(), _Part(-1))) == -1)  # type: ignore[arg-type]
    except (Undecided, OutsideDomain, ExponentOverflow, ZeroDivisionError, AttributeError, TypeError):
        return False
