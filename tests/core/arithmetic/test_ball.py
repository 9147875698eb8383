"""Balls against exact fractions: operators enclose, comparisons never guess, exact numbers stay exact."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actcli.core.arithmetic.ball import Ball
from actcli.core.arithmetic.ball_functions import BallArithmetic
from actcli.core.arithmetic.signals import OutsideDomain, Undecided
from tests.support.tiers import examples

M = BallArithmetic(40)

BALLS = st.tuples(
    st.fractions(-100, 100, max_denominator=10**6),
    st.integers(-50, 1).map(lambda k: Fraction(10) ** k) | st.just(Fraction(0)),
    st.sampled_from((-1, 0, 1)),
)


def enclosing(m: BallArithmetic, value: Fraction, rad: Fraction, side: int) -> Ball:
    """Return a ball that contains the value at its midpoint, or near one of its ends."""
    ball = m.number(value + side * rad * Fraction(999, 1000))
    return ball.add_error(m.up.divide(Decimal(rad.numerator), Decimal(rad.denominator)))


def contains(ball: Ball, value: Fraction) -> bool:
    return abs(Fraction(ball.mid) - value) <= Fraction(ball.rad)


@settings(max_examples=examples(400), deadline=None)
@given(a=BALLS, b=BALLS, power=st.integers(-5, 9))
def test_operators_enclose_true_result(a: tuple[Any, ...], b: tuple[Any, ...], power: int) -> None:
    """The result of an operator on balls contains the exact result for the numbers in them."""
    x, y = enclosing(M, *a), enclosing(M, *b)
    u, v = a[0], b[0]
    assert contains(x + y, u + v)
    assert contains(x - y, u - v)
    assert contains(x * y, u * v)
    assert contains(-x, -u)
    assert contains(abs(x), abs(u))
    assert contains(x.square(), u * u)
    assert contains(v - x, v - u)
    assert contains(3 * x + v, 3 * u + v)
    low, high = x.endpoints()
    assert Fraction(low) <= u <= Fraction(high)
    try:
        assert contains(x / y, u / v)
        assert contains(v / x, v / u)
        assert contains(x**power, u**power)
    except (Undecided, OutsideDomain):
        assert any(abs(ball.mid) <= 20 * ball.rad for ball in (x, y))


@settings(max_examples=examples(200), deadline=None)
@given(a=BALLS, b=BALLS)
def test_decided_comparisons_are_true(a: tuple[Any, ...], b: tuple[Any, ...]) -> None:
    """A decided comparison of balls is true of the numbers in them, and disjoint balls are always decided."""
    x, y = enclosing(M, *a), enclosing(M, *b)
    u, v = a[0], b[0]
    for decided, true in (
        (lambda: x < y, u < v),
        (lambda: x <= y, u <= v),
        (lambda: x > y, u > v),
        (lambda: x >= v, u >= v),
        (lambda: x == y, u == v),
        (lambda: x != y, u != v),
        (lambda: x.sign(), (u > 0) - (u < 0)),
    ):
        try:
            assert decided() == true
        except Undecided:
            total_radius = (Fraction(x.rad) + Fraction(y.rad)) * Fraction(11, 10)
            overlap = abs(Fraction(x.mid) - Fraction(y.mid)) <= total_radius
            assert overlap or contains(x, v) or contains(x, Fraction(0))


def test_comparison_of_overlapping_balls_is_undecided() -> None:
    """A comparison of overlapping balls raises Undecided, and touching ends decide <= and >=."""
    third, wide = M.number(Fraction(1, 3)), Ball(M, Decimal("0.5"), Decimal("0.5"))
    for question in (
        lambda: third < third,
        lambda: third == third,
        lambda: 3 * third >= 1,
        wide.sign,
        lambda: wide > 0,
        lambda: 1 / wide,
        lambda: M.log(wide),
        lambda: M.sqrt(wide - Fraction(1, 10)),
        lambda: M.maximum(third, Fraction(1, 3)),
    ):
        with pytest.raises(Undecided):
            question()
    assert wide >= 0
    assert not wide < 0
    assert wide <= 1
    assert wide != 2


def test_arguments_outside_domain_raise() -> None:
    """A function raises OutsideDomain, not Undecided, when its argument is certainly outside its domain."""
    zero, below = M.number(0), M.number(-2)
    for question in (
        lambda: M.log(zero),
        lambda: M.log(below),
        lambda: M.log1p(below),
        lambda: M.log1p(M.number(-1)),
        lambda: M.sqrt(below),
        lambda: 1 / zero,
        lambda: zero**-1,
    ):
        with pytest.raises(OutsideDomain):
            question()
    assert M.sqrt(zero).is_exact


@settings(max_examples=examples(200), deadline=None)
@given(x=st.floats(allow_nan=False, allow_infinity=False))
def test_float_conversion_is_exact(x: float) -> None:
    """A float becomes an exact ball at any working precision, directly or as a Fraction."""
    assert Fraction(M.number(x).mid) == Fraction(M.number(Fraction(x)).mid) == Fraction(x)
    assert M.number(x).is_exact
    assert M.number(Fraction(x)).is_exact


def test_number_conversion() -> None:
    """Integers and finite decimals are converted exactly, other fractions rounded, nan and float operands rejected."""
    assert M.number(Fraction(1, 100)).is_exact
    assert M.number(Fraction(7, 6)).rad == Decimal("5.833333334E-40")
    assert M.number(10**400).is_exact
    assert M.number(Decimal("1e-999999")).mid == Decimal("1e-999999")
    for value in (math.nan, math.inf, Decimal("-Infinity")):
        with pytest.raises(ValueError, match="requires a finite number"):
            M.number(value)
    with pytest.raises(ValueError, match="digits must be more than 10"):
        BallArithmetic(10)
    with pytest.raises(TypeError):
        M.number(1) + 0.1


@settings(max_examples=examples(200), deadline=None)
@given(n=st.integers(-(2**40), 2**40), k=st.integers(0, 6))
def test_results_that_fit_the_precision_are_exact(n: int, k: int) -> None:
    """Sums, halves, squares and square roots are exact when their digits fit the working precision."""
    x = M.number(n) / 2**k
    for ball, true in (
        (x, Fraction(n, 2**k)),
        (x * x / 2, Fraction(n, 2**k) ** 2 / 2),
        (1 + x, 1 + Fraction(n, 2**k)),
        (M.sqrt(M.number(n) ** 2), abs(n)),
        (3 * x - x - 2 * x, 0),
    ):
        assert (Fraction(ball.mid), ball.rad) == (true, 0)


def test_foreign_operand_gets_reflected_operator() -> None:
    """An operator returns NotImplemented for a foreign type, so that dual numbers can contain balls."""

    class Other:
        def __radd__(self, other: Ball) -> str:
            return "other"

        __rsub__ = __rmul__ = __rtruediv__ = __gt__ = __radd__

    x = M.number(1)
    assert [x + Other(), x - Other(), x * Other(), x / Other(), x < Other()] == ["other"] * 5
