"""Dual numbers: every rule and operator against mpmath's derivatives, and one-sided derivatives at ties."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from actcli.core.arithmetic.ball import Ball
from actcli.core.arithmetic.ball_functions import BallArithmetic
from actcli.core.arithmetic.dual import RULES, Dual, DualArithmetic, value_of
from tests.support.tiers import examples

M = BallArithmetic(40)
D = DualArithmetic(M)


def softplus(x: Any) -> Any:
    return max(x, 0) + mpmath.log1p(mpmath.exp(-abs(x)))


REFERENCE: dict[str, Callable[[Any], Any]] = {
    **{
        name: getattr(mpmath, name)
        for name in ("exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "sinh", "cosh")
    },
    **{name: getattr(mpmath, name) for name in ("tanh", "asinh", "atan", "erf", "erfc")},
    "ndtr": mpmath.ncdf,
    "phi": mpmath.npdf,
    "mills": lambda x: mpmath.ncdf(-x) / mpmath.npdf(x),
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "softplus": softplus,
    "tanh_softplus": lambda x: mpmath.tanh(softplus(x)),
    "logcosh": lambda x: mpmath.log(mpmath.cosh(x)),
    "tanhshrink": lambda x: x - mpmath.tanh(x),
}
LOWEST = {"log": 1e-9, "sqrt": 1e-9, "log1p": -0.999}
"""Lower end of the domain, plus a little, of functions that are not defined everywhere."""


def exact(value: Decimal | Fraction) -> Any:
    return mpf(Fraction(value).numerator) / Fraction(value).denominator


def contains(ball: Any, true: Any) -> bool:
    """Return whether a ball of at least 30 digits contains the value, known to 80, or an exact number equals it."""
    if not isinstance(ball, Ball):
        return bool(abs(true - ball) <= mpf(10) ** -70)
    inside = abs(true - exact(ball.mid)) <= exact(ball.rad) + abs(true) * mpf(10) ** -60 + mpf(10) ** -70
    return bool(inside and exact(ball.rad) <= abs(true) * mpf(10) ** -30 + mpf(10) ** -36)


def test_every_rule_has_a_reference() -> None:
    """Every function with a rule is compared with mpmath in this file."""
    assert RULES.keys() <= REFERENCE.keys() | {"abs"}


@pytest.mark.parametrize("name", REFERENCE)
@settings(deadline=None, max_examples=examples(15))
@given(x=st.floats(-12, 12), slope=st.sampled_from([1, 1, 0, -3]))
def test_rules_agree_with_mpmath(name: str, x: float, slope: int) -> None:
    """A function of a dual number has mpmath's derivative by the chain rule, and the value of the plain function."""
    if x < LOWEST.get(name, -100.0):
        x = max(-x, 1e-9)
    at = M.number(x)
    result = getattr(D, name)(Dual(at, slope, side=-1))
    assert isinstance(result, Dual)
    assert result.side == -1
    plain = getattr(M, name)(at)
    assert (result.value.mid, result.value.rad) == (plain.mid, plain.rad)
    with mp.workdps(80):
        # Half a digit of the step on either side of x stays in the domain; the precision makes up for its size.
        assert contains(result.derivative, slope * mpmath.diff(REFERENCE[name], mpf(x), h=mpf(10) ** -80))


@pytest.mark.parametrize("name", REFERENCE)
def test_functions_of_plain_numbers(name: str) -> None:
    """A function of a number that is not dual is that of the underlying arithmetic."""
    plain, lifted = getattr(M, name)(M.number(0.7)), getattr(D, name)(M.number(0.7))
    assert (lifted.mid, lifted.rad) == (plain.mid, plain.rad)


def test_other_attributes_are_those_of_the_base() -> None:
    """Constants, numbers and piecewise are those of the underlying arithmetic."""
    assert D.pi is M.pi
    assert D.number(3) == 3
    with pytest.raises(AttributeError):
        _ = D.no_such_function
    x = Dual(M.number(-2), 1)
    result = D.piecewise(x, (x > 0, lambda x: x), lambda x: x * x)
    assert (result.value == 4, result.derivative == -4) == (True, True)


def test_abs_has_one_sided_derivatives_at_zero() -> None:
    """The derivative of |x| is the sign of x, and at 0 the sign of the side."""
    for x, side, slope in ((2.5, 0, 1), (-2.5, 0, -1), (0.0, 1, 1), (0.0, -1, -1)):
        result = D.abs(Dual(M.number(x), 1, side))
        assert result.value == abs(Fraction(x))
        assert result.derivative == slope


def test_rule_of_the_arithmetic_takes_precedence() -> None:
    """A method d_NAME of the arithmetic replaces the rule of NAME and receives argument and value."""

    class Own:
        def exp(self, x: int) -> int:
            return x * 10

        def d_exp(self, x: int, y: int) -> int:
            return x + y

    result = DualArithmetic(Own()).exp(Dual(3, 2))
    assert (result.value, result.derivative) == (30, (3 + 30) * 2)


# --- operators -------------------------------------------------------------------------------------------------------

NUMBERS = st.fractions(-50, 50, max_denominator=1000)
BINARY = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


def derivative_of(function: Callable[[Any], Any], at: Fraction) -> Any:
    return mpmath.diff(function, exact(at), h=mpf(10) ** -80)


def check(result: Dual, function: Callable[[Any], Any], at: Fraction) -> None:
    """Assert that value and derivative are those of a function at a point."""
    with mp.workdps(80):
        assert contains(result.value, function(exact(at)))
        assert contains(result.derivative, derivative_of(function, at))


@pytest.mark.parametrize("name", BINARY)
@settings(deadline=None, max_examples=examples(25))
@given(t=NUMBERS, a=NUMBERS, b=NUMBERS)
def test_operators_of_two_duals(name: str, t: Fraction, a: Fraction, b: Fraction) -> None:
    """Operators on two dual numbers give the derivatives of sum, difference, product and quotient."""
    x = Dual(M.number(t), 1)
    left, right = x * x + a, x * 3 - b
    if name == "/" and 3 * t == b:
        return
    with mp.workdps(80):
        p, q = exact(a), exact(b)
    check(BINARY[name](left, right), lambda t: BINARY[name](t * t + p, t * 3 - q), t)


@pytest.mark.parametrize("name", BINARY)
@settings(deadline=None, max_examples=examples(25))
@given(t=NUMBERS, c=st.one_of(NUMBERS, st.integers(-9, 9)), slope=st.sampled_from([1, 0, -2]), ball=st.booleans())
def test_operators_of_dual_and_plain_number(name: str, t: Fraction, c: Fraction | int, slope: int, ball: bool) -> None:
    """Operators on a dual number and an int, Fraction or ball, in either order, give the derivative."""
    x = Dual(M.number(t), slope, side=1)
    other = M.number(c) if ball else c
    apply = BINARY[name]
    with mp.workdps(80):
        k = exact(Fraction(c))
        functions = [(lambda u: apply(u, k), x, other), (lambda u: apply(k, u), other, x)]
        for position, (function, left, right) in enumerate(functions):
            if name == "/" and not (c, t)[position]:
                continue
            result = apply(left, right)
            assert result.side == 1
            assert contains(result.value, function(exact(t)))
            assert contains(result.derivative, slope * derivative_of(function, t))


@settings(deadline=None, max_examples=examples(40))
@given(t=NUMBERS.filter(bool), power=st.integers(-4, 6))
def test_integer_powers_and_negation(t: Fraction, power: int) -> None:
    """Integer powers of either sign and the negative have their derivatives, and unary plus returns its operand."""
    x = Dual(M.number(t), 1)
    check(x**power, lambda t: t**power, t)
    check((x * 2 + 1) ** 2, lambda t: (t * 2 + 1) ** 2, t)
    check(-x, lambda t: -t, t)
    assert +x is x


def test_integer_powers_at_zero() -> None:
    """At zero the first power has derivative 1, higher powers have 0, and the power 0 is the constant 1."""
    x = Dual(M.number(0), 1)
    for power, value, slope in ((0, 1, 0), (1, 0, 1), (2, 0, 0), (3, 0, 0)):
        result = x**power
        assert (result.value == value, result.derivative == slope) == (True, True)


@settings(deadline=None, max_examples=examples(25))
@given(t=st.floats(-4, 4))
def test_chain_rule_in_composed_formula(t: float) -> None:
    """A formula composed of many functions and operators has its derivative by the chain rule."""
    x = Dual(M.number(t), 1)
    z = Fraction("1.7") * x * (1 + Fraction("0.04") * x**2)
    result = x * D.sigmoid(z) / (1 + D.exp(-(x**2))) - D.log1p(x**2) / 3 + 2 / (D.cosh(x) + 1)

    def function(t: Any) -> Any:
        z = mpf(17) / 10 * t * (1 + t**2 / 25)
        sigmoid = 1 / (1 + mpmath.exp(-z))
        return t * sigmoid / (1 + mpmath.exp(-(t**2))) - mpmath.log1p(t**2) / 3 + 2 / (mpmath.cosh(t) + 1)

    check(result, function, Fraction(t))


def test_exact_derivatives_stay_exact() -> None:
    """Dual numbers of Fractions have exact values and derivatives; the int 1 divided by an int gives no float."""
    x = Dual(Fraction(3), 1)
    for result, value, slope in (
        (x / 2, Fraction(3, 2), Fraction(1, 2)),
        (x / 3 + Fraction(1, 7), Fraction(8, 7), Fraction(1, 3)),
        (1 / x, Fraction(1, 3), Fraction(-1, 9)),
        (x * x / 6, Fraction(3, 2), Fraction(1)),
        (5 - x, Fraction(2), -1),
        (x**-1, Fraction(1, 3), Fraction(-1, 9)),
    ):
        assert (result.value, result.derivative) == (value, slope)
        assert not isinstance(result.derivative, float)


def test_value_of() -> None:
    """The function value_of returns the value of a dual number, and any other number itself."""
    assert value_of(Dual(7, 1)) == 7
    assert value_of(7) == 7


# --- ties ------------------------------------------------------------------------------------------------------------

COMPARISONS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


DYADIC = st.integers(-64, 64).map(lambda n: Fraction(n, 16))


@pytest.mark.parametrize("sign", COMPARISONS)
@settings(deadline=None, max_examples=examples(40))
@given(t=DYADIC, c=DYADIC, slope=st.integers(-2, 2), other=st.integers(-2, 2), side=st.sampled_from([-1, 0, 1]))
def test_comparisons_on_a_side(sign: str, t: Fraction, c: Fraction, slope: int, other: int, side: int) -> None:
    """Comparisons of dual numbers are those of the values, and of nearby points on the side when they tie."""
    compare = COMPARISONS[sign]
    step = Fraction(side, 10**12)
    for point in (c, t):
        x = Dual(M.number(t), slope, side)
        assert compare(x, point) == compare(t + slope * step, point)
        assert compare(x, M.number(point)) == compare(t + slope * step, point)
        dual = Dual(M.number(point), other, side)
        assert compare(x, dual) == compare(t + slope * step, point + other * step)


@pytest.mark.parametrize(("side", "slope"), [(-1, 5), (0, 5), (1, 2)])
def test_one_sided_derivative_at_kink(side: int, slope: int) -> None:
    """The derivative at a kink is that of the piece on the given side, or of the piece chosen at x without a side."""
    x = Dual(M.number(3), 1, side)
    result = D.piecewise(x, (x > 3, lambda x: 2 * x), lambda x: 5 * x - 9)
    assert result.value == 6
    assert result.derivative == slope


@pytest.mark.parametrize("side", [-1, 1])
def test_side_is_reversed_by_negative_derivative(side: int) -> None:
    """A tie of a decreasing function is decided the other way round, and operators keep the side."""
    x = Dual(M.number(3), 1, side)
    decreasing = (7 - x * 2) / 1
    assert (decreasing > 1) == (side < 0)
    assert (decreasing < 1) == (side > 0)
    assert (decreasing >= 1) == (side < 0)
    assert (x * 0 > 0) is False
    assert (x * 0 >= 0) is True
    for result in (x + 1, 1 + x, x - x, x * x, 1 / x, x / x, x**2, -x, D.exp(x)):
        assert result.side == side


def test_take_selects_elements() -> None:
    """The method take selects elements of value and derivative, and leaves an int derivative unchanged."""

    class Row(list[int]):
        def take(self, index: list[int]) -> Row:
            return Row(self[position] for position in index)

    taken = Dual(Row([1, 2, 3]), Row([4, 5, 6]), side=1).take([2, 0])
    assert (taken.value, taken.derivative, taken.side) == ([3, 1], [6, 4], 1)
    plain = Dual(Row([1, 2, 3]), 1).take([1])
    assert (plain.value, plain.derivative) == ([2], 1)
