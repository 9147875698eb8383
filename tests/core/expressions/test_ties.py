"""Derivatives at ties: left, chosen and right, of parts in every position beside smooth parts of every kind."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import actcli
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import derivative_quantity
from actcli.core.evaluation.undecided import counting_undecided
from actcli.core.spec import parse
from actcli.number_formats import FLOATS
from tests.support.expression_oracle import UndecidedTruthError
from tests.support.tie_oracle import derivatives_at_tie
from tests.support.tiers import examples

POINTS = ["0", "1", "0.5", "-2", "3", "-0.25"]

SMOOTH = [
    "x", "2 - 3 * x", "x**2 / 3", "0.1", "pi", "pi * x", "e", "sqrt(2) * x", "exp(x)", "exp(-x) / 7", "sin(x)",
    "cos(pi * x)", "sin(pi * x)", "log(x + 5)", "log(1 + exp(x))", "sigmoid(x)", "tanh(x)", "gelu(x)",
    "softplus(2 * x)", "erf(x)", "atan(x)", "sqrt(x**2 + 1)", "2**x", "(x + 5)**0.3", "x * exp(x)", "1 / (x + 7)",
    "asinh(x)",
]  # fmt: skip

VANISHING = [
    "(x - C)", "2 * (x - C)", "(C - x) / 3", "pi * (x - C)", "(pi * x - pi * C)", "(exp(x) - exp(C))", "sin(x - C)",
    "(x - C) * exp(x)", "expm1(x - C)", "(x**2 - C * C) * (x + 9)", "tanh(3 * (x - C))", "(x - C)**2", "(x - C)**3",
    "(e * x - e * C)", "log(x + 6 - C) - log(6)",
]  # fmt: skip
"""Parts that are 0 at C."""

TIES = [
    "abs(V)", "max(V, 0)", "min(V, 0)", "max(0, V, 2 * V)", "max(V, W)", "min(V, W)", "clip(V, 0, 1)", "clip(V, -1, 0)",
    "clip(V, -1, W)", "where(V > 0, V, W)", "where(V >= 0, W, V)", "where(x > C, abs(V), -abs(V))",
    "where(V < 0 or W < 0, W, V)", "where(x == C, 0, V)", "relu(V)", "leaky_relu(V)", "hard_tanh(V + 1)",
    "hard_tanh(V - 1)", "relu6(V + 6)", "softshrink(V + 0.5)", "abs(V) * W", "abs(abs(V) + W)", "max(abs(V), W)",
    "where(x < C, S, S + V)", "max(S, S + V)", "min(S, S - V, S + W)", "clip(S, S + V, S + 1)", "abs(V) - 2 * relu(W)",
]  # fmt: skip
"""Parts with a tie at C; V and W stand for parts that are 0 there, S and T for smooth ones."""

WHOLES = [
    "T + S", "S + T", "S - T", "T - S", "S * T", "T * S", "T / (S**2 + 1)", "exp(T)", "sin(T + S)", "sigmoid(S * T)",
    "T + U", "T - U", "T * U", "T * (U + S)", "T**2 + S", "(T + 2)**1.5", "sqrt(1 + T) - S", "S", "log(3 + T) * U + S",
    "max(T + S, S)", "abs(T - U) + S", "where(x > C, T, U)", "S * 2**T", "softplus(T) + gelu(U)", "T + pi", "e - T",
]  # fmt: skip


@st.composite
def expressions(draw: st.DrawFn) -> tuple[str, float]:
    """Draw an expression with ties at a point, and the point."""
    point = draw(st.sampled_from(POINTS))

    def filled(template: str, parts: dict[str, list[str]]) -> str:
        return "".join(f"({draw(st.sampled_from(parts[c]))})" if c in parts else c for c in template)

    vanishing = {"V": VANISHING, "W": VANISHING, "S": SMOOTH}
    ties = [filled(draw(st.sampled_from(TIES)), vanishing) for _ in range(2)]
    whole = filled(draw(st.sampled_from(WHOLES)), {"S": SMOOTH, "T": ties[:1], "U": ties[1:]})
    return whole.replace("C", f"({point})"), float(point)


def assert_derivatives(text: str, c: float, wanted: tuple[float, float, float]) -> None:
    """Assert that the derivatives at c are these, for one x and in an array."""
    bound = parse(text)
    for side, true in zip((-1, 0, 1), wanted, strict=True):
        for xs in ([c], [c, c + 0.375, 40.0]):
            found = float(evaluate(derivative_quantity(bound, side=side), np.array(xs), FLOATS["float64"])[0])
            assert found == true or (found != found and true != true), (text, c, side, found, true)


@settings(max_examples=examples(800), deadline=None)
@given(case=expressions())
def test_derivatives_at_ties(case: tuple[str, float]) -> None:
    """The one-sided derivatives are exact, and the chosen one follows the documented rules, whatever stands beside."""
    text, c = case
    try:
        wanted = derivatives_at_tie(text, c)
    except UndecidedTruthError:
        return
    assert_derivatives(text, c, wanted)


@pytest.mark.parametrize(
    ("text", "x", "left", "given", "right"),
    [
        ("exp(x) + abs(x - 1)", 1.0, 1.7182818284590453, math.e, 3.718281828459045),
        ("pi + abs(x)", 0.0, -1.0, 0.0, 1.0),
        ("log(1 + exp(x)) + abs(x)", 0.0, -0.5, 0.5, 1.5),
        ("max(x, 3) + exp(x) * abs(x - 3)", 3.0, -20.085536923187668, 0.5, 21.085536923187668),
        ("where(x > 0, 1 / x, abs(x))", 0.0, -1.0, 0.0, math.nan),
        ("snake(x) - 2 * max(x, 0)", 0.0, 1.0, 0.0, -1.0),
        ("sqrt(max(x**2 - 4, 0))", 2.0, 0.0, math.nan, math.inf),
        ("where(x == 0, 1, sin(x) / x)", 0.0, 0.0, 0.0, 0.0),
        ("where(x == 0, 1, (exp(x) - 1) / x)", 0.0, 0.5, 0.0, 0.5),
        ("where(x == 1, 1, log(x) / (x - 1))", 1.0, -0.5, 0.0, -0.5),
        ("where(x > 0, exp(-1 / x), 0)", 0.0, 0.0, 0.0, 0.0),
        ("where(x > 0, x * tanh(1 / x), x)", 0.0, 1.0, 1.0, 1.0),
        ("where(x > 0, atan(1 / x), pi / 2)", 0.0, 0.0, 0.0, -1.0),
        ("where(x > 0, x * log(x), 0)", 0.0, 0.0, 0.0, -math.inf),
        ("where(x == 0, 0, x**2 * log(abs(x)))", 0.0, 0.0, 0.0, 0.0),
        ("where(x > 0, 1 / log(x), 0)", 0.0, 0.0, 0.0, -math.inf),
        ("sqrt(x)", 0.0, math.nan, math.nan, math.inf),
        ("sqrt(1 - x**2)", 1.0, -math.inf, math.nan, math.nan),
        ("abs(x)**0.3", 0.0, -math.inf, math.nan, math.inf),
        ("cos(sqrt(abs(x)))", 0.0, 0.5, math.nan, -0.5),
        ("sqrt(x**4)", 0.0, 0.0, 0.0, 0.0),
        ("x * sqrt(x)", 0.0, math.nan, math.nan, 0.0),
        ("x**x", 0.0, math.nan, math.nan, -math.inf),
        ("sin(x) / x", 0.0, math.nan, math.nan, math.nan),
        ("where(sqrt(x) >= 0, 2 * x, 0)", 0.0, math.nan, 2.0, 2.0),
        ("max(sqrt(x), 1)", 0.0, math.nan, 0.0, 0.0),
        ("where(exp(x) > 1 + x, x, 5 * x)", 0.0, 1.0, 5.0, 1.0),
        ("max(x**2, x**4) / x**2 + where(x == 0, 0, 0)", 0.0, math.nan, math.nan, math.nan),
        ("abs(sin(x)) + sin(x)", 0.0, 0.0, 1.0, 2.0),
        ("abs(x) + where(x > 0, 0, 2 * x)", 0.0, 1.0, 1.0, 1.0),
    ],
)
def test_singular_ties(text: str, x: float, left: float, given: float, right: float) -> None:
    """One-sided derivatives are limits: infinite, at removable singularities, and nan where f has no value."""
    assert_derivatives(text, x, (left, given, right))


@pytest.mark.parametrize(
    ("text", "by", "x", "value"),
    [
        ("abs(a - x):a=1", "a", 1.0, 0.0),
        ("exp(x) * abs(a - x) + a:a=1", "a", 1.0, 1.0),
        ("where(a > 0, abs(a), -abs(a)) * x:a=0", "a", -2.0, -2.0),
        ("leaky_relu(x, negative_slope=a**2) + abs(a - 3):a=3", "a", -2.0, -12.0),
        ("x**a + abs(a - 2):a=2", "a", 1.0, 0.0),
    ],
)
def test_ties_of_parameters(text: str, by: str, x: float, value: float) -> None:
    """The rules of ties hold for a derivative by a parameter too."""
    assert float(actcli.gradient(text, x, wrt=by)) == value


def test_undecided_derivative_is_counted() -> None:
    """Where no precision shows whether the whole has a kink, the derivative is nan and is counted as undecided."""
    with counting_undecided() as tally:
        found = actcli.gradient("abs(sin(x)**2 + cos(x)**2 - 1)", [0.5, 0.5])
    assert np.isnan(found).all()
    assert tally.count == 2


@pytest.mark.parametrize(
    ("text", "derivative"),
    [
        ("where(x > 0, abs(x), -abs(x))", "1"),
        ("a * where(x > 0, abs(x), -abs(x)):a=2", "a"),
        ("abs(x) + where(x > 0, 0, 2 * x)", "1"),
        ("abs(x)", "sign(x)"),
    ],
)
def test_printed_derivative_of_smooth_whole(text: str, derivative: str) -> None:
    """The printed derivative is that of the whole where only its parts have a kink."""
    assert parse(text).activation.derivative == derivative


@pytest.mark.parametrize(
    "text",
    [
        "pi * where(x > 1, abs(x - 1), -abs(x - 1)) + max(x, 3)",
        "exp(x) * where(x > 1, abs(x - 1), -abs(x - 1)) + abs(x - 2)",
        "abs(x) - 2 * relu(x)",
        "exp(x) + abs(x - 1) - where(x >= 2, abs(x - 2), -abs(x - 2))",
        "where(x > 0, abs(x), abs(x))",
    ],
)
def test_printed_derivative_equals_gradient_at_ties(text: str) -> None:
    """The printed derivative, as an expression, equals the gradient at the ties and between them."""
    xs = [-1.0, 0.0, 0.5, 1.0, 2.0, 3.0, 4.0]
    assert actcli.evaluate(parse(text).activation.derivative, xs).tolist() == actcli.gradient(text, xs).tolist()


@pytest.mark.parametrize("size", ["309", "1e309", "1e400", "1/3 + 1e400"])
@pytest.mark.parametrize(
    ("text", "slope"),
    [
        ("abs(x)**({} - x)", 0.0),
        ("round((x * x)**({} - x))", 0.0),
        ("x + x * abs(x)**({} + x)", 1.0),
        ("x / (1 + abs(x)**({} - x))", 1.0),
        ("where(x == 0, 0, abs(x)**(x - {}) * abs(x)**({} + 1 + x))", 1.0),
    ],
)
def test_exponents_beyond_float64(text: str, slope: float, size: str) -> None:
    """One-sided derivatives are known where an expansion has exponents beyond the largest float64."""
    quantity = derivative_quantity(parse(text.replace("{}", f"({size})")), side=1)
    assert evaluate(quantity, np.array([0.0]), FLOATS["float64"]).tolist() == [slope]
