"""Sine, cosine and tangent of rational multiples of pi, where they are rational: what no number of digits decides."""

from __future__ import annotations

from fractions import Fraction

__all__ = ["exactly"]

_HALF = Fraction(1, 2)
_SINES = {
    Fraction(0): Fraction(0), Fraction(1, 6): _HALF, _HALF: Fraction(1), Fraction(5, 6): _HALF,
    Fraction(1): Fraction(0), Fraction(7, 6): -_HALF, Fraction(3, 2): Fraction(-1), Fraction(11, 6): -_HALF,
}  # fmt: skip
"""The sine of so many times pi; of no other fraction is it rational (Niven 1956)."""

_TANGENTS = {Fraction(0): Fraction(0), Fraction(1, 4): Fraction(1), Fraction(3, 4): Fraction(-1)}


def exactly(name: str, turns: Fraction) -> Fraction | None:
    """The function called `name` of pi times `turns` if that is rational; ZeroDivisionError at a pole."""
    if name == "tan":
        if turns % 1 == _HALF:
            raise ZeroDivisionError("tan at a pole")
        return _TANGENTS.get(turns % 1)
    return _SINES.get((turns if name == "sin" else turns + _HALF) % 2)
