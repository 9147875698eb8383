"""Rational values of sin, cos and tan at rational multiples of pi (Niven's theorem).

No working precision decides whether sin(pi * x) is 0, so that these values are taken from a table.
"""

from __future__ import annotations

from fractions import Fraction

__all__ = ["exact_trig"]

_HALF = Fraction(1, 2)
_SINES = {
    Fraction(0): Fraction(0), Fraction(1, 6): _HALF, _HALF: Fraction(1), Fraction(5, 6): _HALF,
    Fraction(1): Fraction(0), Fraction(7, 6): -_HALF, Fraction(3, 2): Fraction(-1), Fraction(11, 6): -_HALF,
}  # fmt: skip
"""q -> sin(q pi) for 0 <= q < 2, wherever it is rational (Niven, "Irrational Numbers", 1956, corollary 3.12)."""

_TANGENTS = {Fraction(0): Fraction(0), Fraction(1, 4): Fraction(1), Fraction(3, 4): Fraction(-1)}
"""q -> tan(q pi) for 0 <= q < 1, wherever it is rational."""


def exact_trig(name: str, multiple: Fraction) -> Fraction | None:
    """Return sin, cos or tan (`name`) of multiple * pi, None if it is irrational; raise ZeroDivisionError at a pole."""
    if name == "tan":
        if multiple % 1 == _HALF:
            raise ZeroDivisionError("tan at a pole")
        return _TANGENTS.get(multiple % 1)
    return _SINES.get((multiple if name == "sin" else multiple + _HALF) % 2)
