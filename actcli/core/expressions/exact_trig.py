"""Values of sin, cos and tan at rational multiples of pi that are rational (Niven's theorem), or square roots.

No working precision decides whether sin(pi * x) is 0, so that these values are taken from a table.
"""

from __future__ import annotations

from fractions import Fraction

__all__ = ["exact_trig"]

_ZERO, _HALF, _ONE = Fraction(0), Fraction(1, 2), Fraction(1)

_SQUARES_OF_SINES = {
    Fraction(0): _ZERO,
    Fraction(1, 6): Fraction(1, 4),
    Fraction(1, 4): _HALF,
    Fraction(1, 3): Fraction(3, 4),
    _HALF: _ONE,
    Fraction(2, 3): Fraction(3, 4),
    Fraction(3, 4): _HALF,
    Fraction(5, 6): Fraction(1, 4),
}
"""q -> sin(q pi)^2 for 0 <= q < 1 (Niven, "Irrational Numbers", 1956, corollary 3.12, for the rational sines)."""


def exact_trig(name: str, multiple: Fraction) -> tuple[int, Fraction] | None:
    """Return (sign, square) of sin, cos or tan (`name`) of multiple * pi; None if the square is not rational.

    Raise ZeroDivisionError at a pole of tan.
    """
    if name == "tan":
        sine, cosine = exact_trig("sin", multiple), exact_trig("cos", multiple)
        return None if sine is None or cosine is None else (sine[0] * cosine[0], sine[1] / cosine[1])
    angle = multiple if name == "sin" else multiple + _HALF
    square = _SQUARES_OF_SINES.get(angle % 1)
    return None if square is None else (1 if angle % 2 < 1 else -1, square)
