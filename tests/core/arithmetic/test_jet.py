"""Jets: every rule and operator against mpmath's derivatives, and ties on one side."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf

from actcli.core.arithmetic.ball_functions import BallArithmetic
from actcli.core.arithmetic.dd_functions import DOUBLE_DOUBLE
from actcli.core.arithmetic.double_double import DoubleDouble
from actcli.core.arithmetic.jet import JET_RULES, Jet, JetArithmetic
from tests.core.arithmetic.test_dual import LOWEST, REFERENCE, contains

ORDER = 3
NAMED = {
    "logistic_density": lambda x: mpmath.exp(-x) / (1 + mpmath.exp(-x)) ** 2,
    "sech2": lambda x: mpmath.sech(x) ** 2,
    "cosigmoid": lambda x: 1 / (1 + mpmath.exp(x)),
}
FUNCTIONS = REFERENCE | NAMED
POINTS = (Fraction(-9), Fraction(-5, 4), Fraction(-1, 1024), Fraction(1, 3), Fraction(2), Fraction(40))


def true_parts(f: Callable[[Any], Any], x: Fraction) -> list[Any]:
    """The value and the derivatives of f at x, from mpmath."""
    with mp.workdps(150):
        at = mpf(x.numerator) / x.denominator
        return [mpmath.diff(f, at, k) for k in range(ORDER + 1)]


@pytest.mark.parametrize("name", JET_RULES)
def test_derivatives_of_functions(name: str) -> None:
    """The jet of a function of balls encloses its value and three derivatives."""
    m = BallArithmetic(60)
    for x in POINTS:
        if x <= LOWEST.get(name, -100):
            continue
        found = getattr(JetArithmetic(m), name)(Jet.variable(m.number(x), ORDER))
        with mp.workdps(100):
            assert all(map(contains, found.parts, true_parts(FUNCTIONS[name], x))), (name, x)


@pytest.mark.parametrize("name", [name for name in JET_RULES if name not in ("tan", "sinh", "cosh", "erfc")])
def test_functions_of_arrays(name: str) -> None:
    """The derivatives of a function of double-doubles are within their error bounds of those of mpmath."""
    lowest = {**LOWEST, "mills": 0}.get(name, -100)
    x = np.array([float(at) for at in POINTS if lowest < at < 20])
    with np.errstate(all="ignore"):
        found = getattr(JetArithmetic(DOUBLE_DOUBLE), name)(Jet.variable(DoubleDouble.from_float(x), ORDER))
    for k, part in enumerate(found.parts):
        values, errors = np.broadcast_to(part.value, x.shape), np.broadcast_to(part.error_bound(), x.shape)
        lows = np.broadcast_to(part.lo, x.shape)
        highs = np.broadcast_to(part.hi, x.shape)
        for at, value, hi, lo, error in zip(x.tolist(), values, highs, lows, errors, strict=True):
            with mp.workdps(60):
                true = true_parts(FUNCTIONS[name], Fraction(at))[k]
                assert abs(mpf(float(hi)) + mpf(float(lo)) - true) <= float(error) + abs(true) * mpf(2) ** -90
                assert float(error) <= abs(float(value)) * 2.0**-60 + 2.0**-70


@pytest.mark.parametrize("op", ["add", "sub", "mul", "truediv"])
def test_operators(op: str) -> None:
    """The parts of a sum, a product and a quotient are the derivatives that mpmath finds."""
    m = BallArithmetic(60)
    apply = getattr(operator, op)
    x = Fraction(7, 5)
    jets = JetArithmetic(m)
    u = Jet.variable(m.number(x), ORDER)
    pairs: list[tuple[Any, Callable[[Any], Any]]] = [
        (apply(jets.exp(u), jets.sin(u) + 2), lambda t: apply(mpmath.exp(t), mpmath.sin(t) + 2)),
        (apply(jets.exp(u), Fraction(3, 7)), lambda t: apply(mpmath.exp(t), mpf(3) / 7)),
        (apply(Fraction(3, 7), jets.exp(u)), lambda t: apply(mpf(3) / 7, mpmath.exp(t))),
        (apply(u, 2), lambda t: apply(t, 2)),
    ]
    for found, f in pairs:
        with mp.workdps(100):
            assert all(map(contains, found.parts, true_parts(f, x)))


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 5, -1, -2])
def test_powers(exponent: int) -> None:
    """The parts of an integer power are its derivatives, exactly."""
    power = Jet.variable(Fraction(3, 2), ORDER) ** exponent
    factors = [1, exponent, exponent * (exponent - 1), exponent * (exponent - 1) * (exponent - 2)]
    assert [Fraction(part) for part in power.parts] == [
        factor * Fraction(3, 2) ** (exponent - k) for k, factor in enumerate(factors)
    ]


@pytest.mark.parametrize(
    ("make", "left", "right"),
    [
        (lambda x: x, -1, 1),
        (lambda x: x**2, 1, 1),
        (lambda x: x**3, -1, 1),
        (lambda x: -(x**2), -1, -1),
        (lambda x: x**2 - x**2, 0, 0),
    ],
)
def test_ties_on_one_side(make: Callable[[Any], Any], left: int, right: int) -> None:
    """A tie is decided by the first derivatives that differ, with the sign of the side for odd orders."""
    for side, expected in ((-1, left), (1, right)):
        u = make(Jet.variable(Fraction(0), ORDER, side))
        assert (int(u > 0) - int(u < 0), u >= 0, u <= 0) == (expected, expected >= 0, expected <= 0)
