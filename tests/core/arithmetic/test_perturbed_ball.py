"""Numbers beside an exact one, and powers beyond balls: operators enclose, and know the side on which they stand."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from actcli.core.arithmetic.ball_functions import Ball
from actcli.core.arithmetic.ball_unbounded import UnboundedBallArithmetic
from actcli.core.arithmetic.dual import Dual
from actcli.core.arithmetic.perturbed_ball import PerturbedBall, ScaledBall
from actcli.core.arithmetic.signals import Undecided
from tests.support.tiers import examples

M = UnboundedBallArithmetic(40)

BASES = st.sampled_from([Fraction(n, d) for n in (-8, -3, -1, 1, 2, 5) for d in (1, 2, 8, 3)])
RESTS = st.tuples(st.sampled_from([-3, -1, 1, 2]), st.sampled_from([30, 60, 100, 900])).map(
    lambda pair: pair[0] * Fraction(1, 10 ** pair[1])
)
NUMBERS = st.tuples(BASES, RESTS | st.just(Fraction(0)))
OPERATORS: list[Callable[[Any, Any], Any]] = [operator.add, operator.sub, operator.mul, operator.truediv]


def beside(base: Fraction, rest: Fraction) -> Any:
    return M.number(base) + M.number(rest)


def holds(value: Any, true: Fraction) -> bool:
    low, high = (M.number(value) if isinstance(value, int | Fraction) else value).endpoints()
    return Fraction(low) <= true <= Fraction(high)


@settings(max_examples=examples(500), deadline=None)
@given(a=NUMBERS, b=NUMBERS, c=NUMBERS, first=st.sampled_from(OPERATORS), then=st.sampled_from(OPERATORS))
def test_operators(a: Any, b: Any, c: Any, first: Any, then: Any) -> None:
    """Whatever is done with two numbers, and a third, holds what it truly is."""
    try:
        true = then(first(sum(a), sum(b)), sum(c))
        result = then(first(beside(*a), beside(*b)), beside(*c))
    except (ZeroDivisionError, Undecided):
        return
    assert holds(result, true)
    try:
        assert (beside(*a) < beside(*b)) == (sum(a) < sum(b))
    except Undecided:
        assert abs(sum(a) - sum(b)) < Fraction(1, 10**39)


@pytest.mark.parametrize("power", [-1000, -(10**6), -(10**9)])
def test_what_stands_beside_is_not_lost(power: int) -> None:
    """What has been added to 1 is there again when the 1 is gone, by subtraction, logarithm, root or quotient."""
    rest = M.exp(M.number(power))
    near = 1 + rest
    assert isinstance(near, PerturbedBall)
    for left, times in (
        (near - 1, 1),
        (M.log(near), 1),
        (2 * (M.sqrt(near) - 1), 1),
        (1 - 1 / near, 1),
        (near**3 - 1, 3),
    ):
        quotient = left / (rest * times)
        ball = quotient.as_ball() if isinstance(quotient, ScaledBall) else quotient
        assert abs(ball.mid - 1) < Fraction(1, 10**30)
        assert left.sign() > 0 > (-left).sign()
    assert near > 1 > 1 - rest
    assert near == 1 + rest or power < -1000


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "erf", "ndtr"])
def test_what_saturates_stands_beside_its_limit(name: str) -> None:
    """A function that saturates is below 1 by what it is, however far out."""
    for x in (100, 10**4, 10**9, 10**20):
        rest = 1 - getattr(M, name)(M.number(x))
        assert rest.sign() > 0
        ball = M.log(rest) / {"tanh": -2 * x, "sigmoid": -x, "erf": -x * x, "ndtr": Fraction(-x * x, 2)}[name]
        assert abs(ball.mid - 1) < Fraction(1, 10)


def _powers() -> list[tuple[Any, Any]]:
    return [(M.exp(M.number(k)), k) for k in (800, -900)]


@pytest.mark.parametrize("sign", ["+", "-", "*", "/"])
@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("x", [Fraction(3), Fraction(-1, 3)])
def test_powers_and_dual_numbers(sign: str, swapped: bool, x: Fraction) -> None:
    """A power that is no ball goes into a dual number from either side, with value and slope."""
    apply = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}[sign]
    for power, k in _powers():
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
