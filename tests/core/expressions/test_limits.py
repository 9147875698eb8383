"""Limits at the infinities: correct however slow the convergence, with the sign of a zero; nan if there is none."""

from __future__ import annotations

import math

import pytest

import actcli
from actcli.core.evaluation.exact_digits import format_exact
from actcli.core.evaluation.quantity import Quantity
from actcli.core.evaluation.undecided import counting_undecided
from actcli.core.spec import parse
from tests.support.operations import calls

NO_LIMIT = math.nan


def at(text: str, x: float) -> float:
    return float(actcli.evaluate(text, x))


def same(a: float, b: float) -> bool:
    return (a == b and math.copysign(1, a) == math.copysign(1, b)) or (a != a and b != b)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("clip(log(log(x)), -100, 100)", 100.0),
        ("min(log(x), 10**20)", 1e20),
        ("min(log(log(x)), 50)", 50.0),
        ("100 * tanh(log(log(x)) / 100)", 100.0),
        ("hard_tanh(log(log(x)), max_val=60)", 60.0),
        ("100 * log(log(x)) / (100 + log(log(x)))", 100.0),
        ("where(x > (10**1000)**1000, 1, 2)", 1.0),
        ("where(log(log(x)) > 60, 1, 2)", 1.0),
        ("min(log(x), exp(exp(exp(9))))", math.inf),
        ("min(log(log(log(x))), exp(exp(5)) / 1e60)", 28.4),
        ("1 - 1 / log(x)", 1.0),
        ("softsign(log(x))", 1.0),
        ("log(log(x)) / 100", math.inf),
        ("log(log(log(log(log(x)))))", math.inf),
        ("1e-12 + 1 / log(x)", 1e-12),
        ("-1 / log(log(x))", -0.0),
        ("x**1e-40", math.inf),
    ],
)
def test_slow_convergence(text: str, right: float) -> None:
    """Bounds and limits that are reached only beyond the range of all formats are applied at infinity."""
    if right == 28.4:
        right = at("exp(exp(5)) / 1e60", 0.0)
    assert same(at(text, math.inf), right)


@pytest.mark.parametrize(
    ("text", "right", "left"),
    [
        ("sqrt(x**2 + x) - x", 0.5, math.inf),
        ("x * (log(x + 1) - log(x))", 1.0, NO_LIMIT),
        ("sqrt(x) * (sqrt(x + 1) - sqrt(x))", 0.5, NO_LIMIT),
        ("(x**2 + 1) / (x + 1) - x", -1.0, -1.0),
        ("x**2 * (1 - cos(1 / x))", 0.5, 0.5),
        ("x**3 * (1 / x - sin(1 / x))", 1 / 6, 1 / 6),
        ("x * (pi / 2 - atan(x))", 1.0, -math.inf),
        ("exp(x + 1 / x) - exp(x)", math.inf, -0.0),
        ("log(cosh(x)) - x", -math.log(2), math.inf),
        ("erf(x) * x - x", -0.0, math.inf),
        ("x * tanh(log(1 + exp(x)))", math.inf, -0.0),
        ("x * log(1 + sigmoid(x))", math.inf, -0.0),
        ("exp(1e10) + x", math.inf, -math.inf),
        ("x * sqrt(2) + exp(1e9)", math.inf, -math.inf),
        ("sqrt(x**2 + x) - x + min(log(log(x)), 50)", 50.5, NO_LIMIT),
    ],
)
def test_cancellation_at_infinity(text: str, right: float, left: float) -> None:
    """The limit of a difference of two large parts is found, and a limit 0 has the sign of the approach."""
    assert same(at(text, math.inf), right)
    assert same(at(text, -math.inf), left)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("sin(x)", NO_LIMIT),
        ("x * sin(x)", NO_LIMIT),
        ("tan(x)", NO_LIMIT),
        ("where(sin(x) > 0, 1, 2)", NO_LIMIT),
        ("1 + sin(x) * 1e-60", NO_LIMIT),
        ("1 + sin(x) * 1e-400 * 1e-400", NO_LIMIT),
        ("sin(x) / x", 0.0),
        ("pi + sin(x) / x", math.pi),
        ("x * (2 + sin(x))", math.inf),
        ("x - sin(x)", math.inf),
        ("exp(sin(x)) / x", 0.0),
        ("where(sin(x) > 2, 1, x)", math.inf),
    ],
)
def test_oscillation(text: str, right: float) -> None:
    """An oscillation leaves no limit (nan, not counted as undecided) unless it is damped or dominated."""
    with counting_undecided() as tally:
        assert same(at(text, math.inf), right)
    assert tally.count == 0


def test_derivative_at_infinity() -> None:
    """The derivative at an infinity is the limit of the derivative, by x and by a parameter."""
    assert float(actcli.gradient("min(log(log(x)), 50) + 2 * x", math.inf)) == 2.0
    assert float(actcli.gradient("x * log(x)", math.inf)) == math.inf
    assert float(actcli.gradient("sqrt(x**2 + a * x):a=3", math.inf, wrt="a")) == 0.5


def test_digits_of_a_limit() -> None:
    """A limit is printed to the requested number of digits."""
    assert format_exact(Quantity(parse("atan(x)**1")), math.inf, 30) == "1.57079632679489661923132169164"
    assert format_exact(Quantity(parse("1/3 + 1/log(x)")), math.inf, 20) == "0.33333333333333333333"
    assert format_exact(Quantity(parse("min(log(log(x)), 50)")), math.inf, 20) == "50.0"


@pytest.mark.parametrize(
    "text",
    [
        "exp(1e10) + x",
        "x * sqrt(2) + exp(1e9)",
        "exp(exp(exp(x)))",
        "x**x**x",
        "tanh(" * 40 + "x" + ")" * 40,
        "exp(" * 50 + "x" + ")" * 50,
        "mish(" * 10 + "x" + ")" * 10,
        "+".join(f"exp(x/{k})" for k in range(1, 60)),
        "-".join(f"sqrt(x**2+{k}*x)" for k in range(1, 50)),
    ],
)
def test_limit_takes_little_work(text: str) -> None:
    """Huge numbers and deep nesting take at most two million calls."""
    actcli.evaluate("x + exp(x)", math.inf)
    assert calls(lambda: at(text, math.inf)) < 2_000_000
