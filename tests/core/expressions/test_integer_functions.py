"""floor, ceil, round and mod in formulas, against exact rationals and mpmath."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import mpmath
import numpy as np
import pytest

import actcli
from actcli.core.expressions.hints import function
from actcli.number_formats import FLOATS
from tests.support.processes import run
from tests.support.tiers import sampled

named = pytest.mark.parametrize

EXACT: dict[str, Callable[[Fraction], Fraction]] = {
    "floor(x)": lambda x: Fraction(math.floor(x)),
    "ceil(x)": lambda x: Fraction(math.ceil(x)),
    "round(x)": lambda x: Fraction(round(x)),
    "mod(x, 1)": lambda x: x % 1,
    "mod(x, 3)": lambda x: x % 3,
    "mod(x, -0.7)": lambda x: x % Fraction(-7, 10),
    "mod(7, x)": lambda x: Fraction(7) % x,
    "round(127 * clip(x, -1, 1)) / 127": lambda x: Fraction(round(127 * min(max(x, Fraction(-1)), Fraction(1))), 127),
    "x - floor(x + 0.5)": lambda x: x - math.floor(x + Fraction(1, 2)),
    "floor(x / 3) + ceil(x * 0.1) * round(x / 7)": lambda x: Fraction(
        math.floor(x / 3) + math.ceil(x / 10) * round(x / 7)
    ),
    "where(mod(round(x), 2) == 0, x, -x)": lambda x: x if round(x) % 2 == 0 else -x,
}
"""Formulas and their exact values; Python rounds fractions to even."""


def points(dtype: str) -> list[float]:
    """Return integers, ties, their neighbours, and numbers of all sizes."""
    fmt = FLOATS[dtype]
    dice = np.random.default_rng(5)
    near = [n / 2 + side for n in range(-9, 10) for side in (0, 1e-9, -1e-9, 2**-52, -(2**-52))]
    large = [
        sign * 2.0**k + step for k in (10, 24, 50, 51, 52, 53, 60, 100) for sign in (1, -1) for step in (0, 0.5, 1)
    ]
    wide = (dice.choice([-1, 1], 40) * 2.0 ** dice.uniform(-30, 60, 40)).tolist()
    x = fmt.round(np.array([*near, *large, *wide, 5e-324, 1e-300]))
    return [value for value in x.tolist() if value and math.isfinite(value)]


@named("text", EXACT)
@named("dtype", ["float64", "float32", "bfloat16"])
def test_values_are_correctly_rounded(text: str, dtype: str) -> None:
    """Each value is the exact one, rounded once, in arrays and one by one."""
    x = points(dtype)
    expected = [FLOATS[dtype].nearest(EXACT[text](Fraction(value))) for value in x]
    found = actcli.evaluate(text, x, dtype=dtype)
    assert [float(value) for value in found] == expected
    for i in range(0, len(x), 7):
        assert float(actcli.evaluate(text, x[i], dtype=dtype)) == expected[i]


@named(
    ("text", "exact"),
    [
        ("floor(exp(x))", lambda x: mpmath.floor(mpmath.exp(x))),
        ("mod(exp(x), 1)", lambda x: mpmath.frac(mpmath.exp(x))),
        ("mod(x, pi)", lambda x: x - mpmath.pi * mpmath.floor(x / mpmath.pi)),
        ("ceil(10 * tanh(x)) / 10", lambda x: mpmath.ceil(10 * mpmath.tanh(x)) / 10),
        ("round(100 * sin(x)) / 100", lambda x: mpmath.nint(100 * mpmath.sin(x)) / 100),
    ],
)
def test_values_of_irrational_parts(text: str, exact: Callable[[mpmath.mpf], mpmath.mpf]) -> None:
    """The integer below a part of any size is that of the exact value."""
    x = [-3.5, -1.0, 0.25, 1.0, 2.0, 7.125, 35.0, 36.75, 40.0, 100.0, 300.0, 600.0, 709.0]
    with mpmath.workdps(700):
        expected = [float(exact(mpmath.mpf(value))) for value in x]
    assert actcli.evaluate(text, x).tolist() == expected


@named(
    ("text", "at", "value"),
    [
        ("floor(2 * sin(pi * x))", 0.5, 2.0),
        ("floor(2 * sin(pi * x))", 1.5, -2.0),
        ("ceil(exp(x) - e + 3)", 1.0, 3.0),
        ("floor(sqrt(x)**2)", 7.0, 7.0),
        ("round(log(exp(x)))", 2.5, 2.0),
        ("mod(sqrt(2)*x, sqrt(2))", 5.0, 0.0),
    ],
)
def test_irrational_parts_with_an_integer_value(text: str, at: float, value: float) -> None:
    """A part that equals an integer by its form counts as that integer."""
    assert float(actcli.evaluate(text, at)) == value


@named(
    ("text", "low", "high"),
    [
        ("floor(x)", "-inf", "inf"),
        ("round(-x)", "inf", "-inf"),
        ("floor(x) / x", 1.0, 1.0),
        ("mod(x, 1)", math.nan, math.nan),
        ("x - round(x)", math.nan, math.nan),
        ("mod(x, 1) / x", 0.0, 0.0),
        ("floor(tanh(x))", -1.0, 0.0),
        ("ceil(sigmoid(x))", 1.0, 1.0),
        ("floor(1.5 + exp(-x*x))", 1.0, 1.0),
    ],
)
def test_limits(text: str, low: float | str, high: float | str) -> None:
    """At the infinities the result is the limit, nan where the fractional part never settles."""
    found = actcli.evaluate(text, [-math.inf, math.inf]).tolist()
    for value, expected in zip(found, (float(low), float(high)), strict=True):
        assert value == expected or (math.isnan(value) and math.isnan(expected))


@named("text", ["floor(x)", "ceil(2*x)", "round(x/3)", "floor(exp(x))"])
def test_derivatives_are_zero(text: str) -> None:
    """The derivative is 0 everywhere, on both sides of jumps too."""
    x = [-2.5, -1.0, 0.0, 0.5, 1.0, 1.5, 3.0, 100.25, 1e20]
    assert actcli.gradient(text, x).tolist() == [0.0] * len(x)
    out = run("grad", text, "--sides", "-f", "plain", "--", *map(str, x[:-1])).out
    assert set(out.split()) == {"0.0"}


@named(
    ("text", "slope"),
    [
        ("mod(x, 3)", lambda x: 1.0),
        ("x * floor(x)", lambda x: float(math.floor(x))),
        ("exp(x) * 0 + round(x) * x**2", lambda x: 2 * x * round(x)),
        ("abs(mod(x, 2) - 1)", lambda x: 0.0 if x % 2 == 1 else math.copysign(1, x % 2 - 1)),
    ],
)
def test_derivatives_of_compositions(text: str, slope: Callable[[float], float]) -> None:
    """Integers are constants for the derivative, at jumps too."""
    x = [-2.5, -1.0, 0.5, 1.0, 1.5, 3.0, 4.25, 7.75]
    assert actcli.gradient(text, x).tolist() == [slope(value) for value in x]


def test_derivatives_by_a_parameter() -> None:
    """mod(x, a) has the derivative -floor(x / a) by a; round(a x) has 0."""
    x = [-2.5, 0.25, 1.0, 7.5]
    found = actcli.gradient("mod(x, a):a=0.75", x, wrt="a").tolist()
    assert found == [-float(math.floor(Fraction(value) / Fraction(3, 4))) for value in x]
    assert actcli.gradient("round(a * x):a=0.5", x, wrt="a").tolist() == [0.0] * 4


@named("x", [0.0, 5.0])
def test_division_by_zero(x: float) -> None:
    """mod(x, 0) is nan."""
    assert math.isnan(float(actcli.evaluate("mod(x, 0)", x)))


def test_nested_calls_take_linear_time() -> None:
    """Arguments are evaluated once: 50 nested calls end at once."""
    text = "x"
    for _ in range(50):
        text = f"mod({text}, 0.9)"
    assert float(actcli.evaluate(text, 0.5)) == 0.5
    assert float(actcli.gradient(text, 0.5)) == 1.0


@named("text", sampled(["floor(x)", "mod(1 / x, 1)"], 1))
def test_reports_end(text: str) -> None:
    """Reports and plots of formulas with infinitely many jumps end, and list some jumps as kinks."""
    assert run("show", text).code == 0
    assert run("compare", text, "tanh").code == 0
    assert run("table", text, "--plot", "--grad").code == 0
    assert run("table", text, "--dtype", "q1.6").code == 0


@named("b", ["3", "(-3)", "0.75"])
def test_equivalent_of_fmod(b: str) -> None:
    """What the message about fmod suggests has the values of C's fmod, with the sign of the dividend."""
    x = np.array([-7.5, -6.0, -0.5, 0.5, 3.0, 7.25])
    formula = (function("fmod") or "").replace("A", "x").replace("B", b)
    assert actcli.evaluate(formula, x).tolist() == [math.fmod(value, float(b.strip("()"))) for value in x.tolist()]
