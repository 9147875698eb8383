"""Perturbed and scaled balls: operators enclose, and the sign of a tail survives cancellation."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from actcli.core.arithmetic.ball import Ball
from actcli.core.arithmetic.ball_unbounded import UnboundedBallArithmetic
from actcli.core.arithmetic.dual import Dual
from actcli.core.arithmetic.perturbed_ball import PerturbedBall, ScaledBall
from actcli.core.arithmetic.signals import Undecided
from tests.support.tiers import examples

M = UnboundedBallArithmetic(40)

BASES = st.sampled_from([Fraction(n, d) for n in (-8, -3, -1, 1, 2, 5) for d in (1, 2, 8, 3)])
TAILS = st.tuples(st.sampled_from([-3, -1, 1, 2]), st.sampled_from([30, 60, 100, 900])).map(
    lambda pair: pair[0] * Fraction(1, 10 ** pair[1])
)
NUMBERS = st.tuples(BASES, TAILS | st.just(Fraction(0)))
OPERATORS: list[Callable[[Any, Any], Any]] = [operator.add, operator.sub, operator.mul, operator.truediv]


def perturbed(base: Fraction, tail: Fraction) -> Any:
    return M.number(base) + M.number(tail)


def contains(value: Any, true: Fraction) -> bool:
    low, high = (M.number(value) if isinstance(value, int | Fraction) else value).endpoints()
    return Fraction(low) <= true <= Fraction(high)


@settings(max_examples=examples(500), deadline=None)
@given(a=NUMBERS, b=NUMBERS, c=NUMBERS, first=st.sampled_from(OPERATORS), then=st.sampled_from(OPERATORS))
def test_operators_enclose_true_result(a: Any, b: Any, c: Any, first: Any, then: Any) -> None:
    """Two operators in sequence on perturbed balls give a ball that contains the exact result."""
    try:
        true = then(first(sum(a), sum(b)), sum(c))
        result = then(first(perturbed(*a), perturbed(*b)), perturbed(*c))
    except (ZeroDivisionError, Undecided):
        return
    assert contains(result, true)
    try:
        assert (perturbed(*a) < perturbed(*b)) == (sum(a) < sum(b))
    except Undecided:
        assert abs(sum(a) - sum(b)) < Fraction(1, 10**39)


@pytest.mark.parametrize("power", [-1000, -(10**6), -(10**9)])
def test_tail_survives_loss_of_base(power: int) -> None:
    """A tail added to 1 is recovered when the 1 cancels in a difference, logarithm, root, quotient or power."""
    tail = M.exp(M.number(power))
    number = 1 + tail
    assert isinstance(number, PerturbedBall)
    for result, factor in (
        (number - 1, 1),
        (M.log(number), 1),
        (2 * (M.sqrt(number) - 1), 1),
        (1 - 1 / number, 1),
        (number**3 - 1, 3),
    ):
        quotient = result / (tail * factor)
        ball = quotient.as_ball() if isinstance(quotient, ScaledBall) else quotient
        assert abs(ball.mid - 1) < Fraction(1, 10**30)
        assert result.sign() > 0 > (-result).sign()
    assert number > 1 > 1 - tail
    assert number == 1 + tail or power < -1000


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "erf", "ndtr"])
def test_distance_from_limit_is_kept(name: str) -> None:
    """The distance of a saturating function from 1 has the right logarithm at arguments up to 10^20."""
    for x in (100, 10**4, 10**9, 10**20):
        distance = 1 - getattr(M, name)(M.number(x))
        assert distance.sign() > 0
        ball = M.log(distance) / {"tanh": -2 * x, "sigmoid": -x, "erf": -x * x, "ndtr": Fraction(-x * x, 2)}[name]
        assert abs(ball.mid - 1) < Fraction(1, 10)


def scaled_balls() -> list[tuple[Any, Any]]:
    return [(M.exp(M.number(k)), k) for k in (800, -900)]


@pytest.mark.parametrize("sign", ["+", "-", "*", "/"])
@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("x", [Fraction(3), Fraction(-1, 3)])
def test_operators_of_scaled_ball_and_dual_number(sign: str, swapped: bool, x: Fraction) -> None:
    """An operator on a scaled ball and a dual number, in either order, gives the true value and derivative."""
    apply = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}[sign]
    for power, k in scaled_balls():
        result = apply(Dual(x, 1), power) if swapped else apply(power, Dual(x, 1))
        with mp.workdps(1200):
            c, v = mp.exp(k), mpf(x.numerator) / x.denominator
            a, b = (v, c) if swapped else (c, v)
            slopes = {"+": 1, "-": 1 if swapped else -1, "*": c, "/": 1 / c if swapped else -c / v**2}
            for part, true in ((result.value, apply(a, b)), (result.derivative, mpf(slopes[sign]))):
                ball: Any = part.as_ball() if isinstance(part, ScaledBall) else part
                low, high = ball.endpoints() if isinstance(ball, Ball) else (ball, ball)
                slack = abs(true) * mpf(10) ** -35
                assert mpf(str(low)) - slack <= true <= mpf(str(high)) + slack
