"""Formal numbers: parts that are made alike cancel exactly, and values enclose the true ones."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

import actcli
from actcli.core.arithmetic.ball_unbounded import UnboundedBallArithmetic
from actcli.core.arithmetic.signals import Undecided
from actcli.core.evaluation.undecided import counting_undecided
from actcli.core.expressions.formal_arithmetic import FormalArithmetic
from actcli.core.expressions.formal_number import MAX_TERMS, FormalNumber, plain_value
from tests.support.oracle import FORMATS, nearest
from tests.support.tiers import examples


@pytest.mark.parametrize(
    ("text", "x", "value"),
    [
        ("exp(x) - e", 1.0, 0.0),
        ("abs(pi * x - pi)", 1.0, 0.0),
        ("(pi + x) - pi", 0.1, 0.1),
        ("(exp(x) + 1e-30) * (exp(x) - 1e-30) - exp(x)**2", 0.5, -1e-60),
        ("sqrt(2) * sqrt(2) - 2", 1.0, 0.0),
        ("1 / sqrt(2) - sqrt(2) / 2", 1.0, 0.0),
        ("log(exp(x)) - x", 0.3, 0.0),
        ("exp(log(x)) - x", 0.3, 0.0),
        ("exp(2 * log(x)) - x**2", 3.0, 0.0),
        ("x * sigmoid(x) - x / (1 + exp(-x))", 0.3, 0.0),
        ("softplus(x) - log(1 + exp(x))", 0.3, 0.0),
        ("tanh(x) - (exp(x) - exp(-x)) / (exp(x) + exp(-x))", 0.3, 0.0),
        ("sin(x) + sin(-x)", 0.3, 0.0),
        ("cos(x) - cos(-x)", 0.3, 0.0),
        ("(exp(x) + pi) / (2 * pi + 2 * exp(x))", 0.3, 0.5),
        ("where(exp(x) == e, 1, 2)", 1.0, 1.0),
        ("max(exp(x), e) - e", 1.0, 0.0),
        ("cos(pi / 4)**2 + x", 0.5, 1.0),
        ("sin(pi * x / 3)**2", 1.0, 0.75),
        ("tan(pi / 6 * x)**2 * 3", 1.0, 1.0),
        ("sinc(pi * x)", 1.0, 0.0),
        ("sinc(pi * x)", 2.0, 0.0),
        ("sinc(pi * x)", -1.0, 0.0),
        ("snake(pi * x) - pi * x", 3.0, 0.0),
        ("0.5 * x - 1 / (pi - pi * x)", 1.0, math.nan),
    ],
)
def test_equal_parts_cancel(text: str, x: float, value: float) -> None:
    """Parts that are equal by their form cancel, for one x and in an array, and nothing is counted as undecided."""
    with counting_undecided() as tally:
        for xs in ([x], [x, 0.123] * 10):
            y = float(actcli.evaluate(text, xs)[0])
            assert y == value or (y != y and value != value)
    assert tally.count == 0


NUMBERS = st.recursive(
    st.fractions(0, 3, max_denominator=8).map(" {} ".format)
    | st.sampled_from(["m.pi", "m.exp(h)", "m.sqrt(2)", "m.log(3)"]),
    lambda part: st.one_of(
        st.tuples(part, st.sampled_from("+-*/"), part).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(part, st.integers(-3, 5)).map(lambda t: f"{t[0]}**{t[1]}"),
        st.tuples(st.sampled_from(["sin", "atan", "tanh", "softplus"]), part).map(lambda t: f"m.{t[0]}({t[1]})"),
    ),
    max_leaves=8,
)


class _Reference:
    """The functions of the strategy, from mpmath."""

    pi = property(lambda self: +mp.pi)

    def __getattr__(self, name: str) -> Any:
        return {"softplus": lambda x: mp.log(1 + mp.exp(x))}.get(name) or getattr(mp, name)


def _mpf(value: Any) -> Any:
    return mpf(Fraction(value).numerator) / Fraction(value).denominator


def _evaluated(text: str, m: Any, number: Any) -> Any:
    parts = [f"number({part!r})" if part[:1].isdigit() else part for part in text.split(" ")]
    return eval(" ".join(parts), {"m": m, "number": number, "h": number("1/2")})


@settings(max_examples=examples(600), deadline=None)
@given(text=NUMBERS)
def test_values_enclose_true_number(text: str) -> None:
    """Whatever cancels, the value of a formal number encloses the true one, and a Fraction equals it."""
    formal = FormalArithmetic(UnboundedBallArithmetic(50))
    with mp.workdps(300):
        try:
            found = _evaluated(text, formal, Fraction)
            true = mpf(1) * _evaluated(text, _Reference(), _mpf)
        except (ArithmeticError, Undecided, ValueError, TypeError):
            return  # outside the domain, or a fractional power, which a formal number does not have
        if isinstance(found, float):
            return  # Python's own power of two fractions
        low, high = (found, found) if isinstance(found, int | Fraction) else plain_value(found).endpoints()
        slack = max(abs(true), 1) * mpf(10) ** -200
        assert _mpf(low) - slack <= true <= _mpf(high) + slack


def test_long_polynomials_become_generators() -> None:
    """A polynomial of many terms is one generator, and equal ones still cancel."""
    m = FormalArithmetic(UnboundedBallArithmetic(40))

    def power() -> Any:
        total: Any = Fraction(1)
        for k in range(1, 9):
            total = total * (m.exp(Fraction(1, k)) + m.pi)
        return total

    result = power()
    assert isinstance(result, FormalNumber)
    assert len(result.terms) <= MAX_TERMS
    assert result - power() == 0
    assert 1000 < result < 10**6


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
@pytest.mark.parametrize(
    "tail", ["exp(-1e5)", "exp(-1e18)", "exp(-exp(100))", "pi * exp(-1e5)", "exp(-1e5) - exp(-2e5)"]
)
@pytest.mark.parametrize("sign", [1, -1])
def test_tie_with_tail_is_rounded_to_its_side(dtype: str, tail: str, sign: int) -> None:
    """A midpoint plus a number far below all digits is rounded up or down, by the sign of that number."""
    bits = {"float64": 53, "float32": 24, "float16": 11, "bfloat16": 8}[dtype]
    for tie, text in (
        (1 + Fraction(1, 2**bits), f"1 + 2**-{bits}"),
        (-1 - Fraction(3, 2**bits), f"-1 - 3 * 2**-{bits}"),
        (Fraction(5, 2) + Fraction(1, 2 ** (bits - 1)) * 3, f"5 / 2 + 3 * 2**-{bits - 1}"),
    ):
        found = float(actcli.evaluate(f"{text} + {sign} * ({tail})", 0.0, dtype=dtype))
        assert found == nearest(tie + Fraction(sign, 2**200), FORMATS[dtype])
