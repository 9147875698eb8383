"""Signals of the arithmetics: why an evaluation cannot give a result. They are caught, never shown to a user."""

from __future__ import annotations

__all__ = ["ExponentOverflow", "OutsideDomain", "Undecided"]


class Undecided(ArithmeticError):
    """A comparison, sign or rounding that the error bounds at this precision do not decide."""


class OutsideDomain(ArithmeticError):
    """A function of a number that is certainly outside its domain: log(-1), sqrt(-1), 1/0."""


class ExponentOverflow(ArithmeticError):
    """A number, or its bound, beyond what can be stored: e^x for x > 10^17, or beyond 10^(10^18)."""
