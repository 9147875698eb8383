"""The symbolic derivative: it equals the derivative from dual numbers, and it is simplified."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import numpy as np
import pytest

import actcli
from actcli.core.arithmetic.ball_unbounded import UnboundedBallArithmetic
from actcli.core.arithmetic.dual import Dual
from actcli.core.expressions.derivative import derivative
from actcli.core.expressions.formula import Formula
from actcli.core.expressions.nodes import free_names, unparse
from actcli.core.expressions.parser import parse
from actcli.core.expressions.simplify import simplify
from actcli.core.spec import parse as parse_spec
from tests.core.expressions.test_entries import as_expression
from tests.support import points
from tests.support.oracle import elementwise_entries
from tests.support.seeds import SEED

ENTRIES = elementwise_entries()

EXPRESSIONS = [
    "x * sigmoid(1.702 * x)", "x * tanh(log(1 + exp(x)))", "-x * exp(-x)", "(x - 1) / (x**2 + 1)", "abs(x)**1.5",
    "log1p(x**2) / sqrt(1 + x**2)", "sin(x) * cos(2 * x) - tan(x / 3)", "sinh(x / 2) - cosh(x)**-1", "atan(asinh(x))",
    "erf(x) + 2 * erfc(x / 3)", "expm1(x) * log(2 + abs(x))", "2**x + (1 + x**2)**x", "clip(x**3, -2, 2 + x)",
    "max(x, x**2, 1 / 3) - min(x, sin(x))", "where(x > 1 and not x > 2, x**2, leaky_relu(x, negative_slope=1/7))",
    "softplus(x, beta=3) * elu(2 * x - 1, alpha=0.3)", "gelu(gelu(x))", "sign(x) * x / 3 - -x",
    "max(x, 0) + max(2 * x, x, -x) - min(x - 1, 0, 1 - x)", "clip(x, -1, 1)", "relu(2 * x - 1) * x", "abs(x) * abs(x)",
    "x * gelu(x, approximate=tanh)", "clip(2 * x, max=1)", "clip(x, min=-1)", "rrelu(x) + e**x",
    "clip(x)", "(x + 1) * (x - 1) * x", "exp(x) * exp(x) / sqrt(x**2 + 1)",
]  # fmt: skip


def agree(a: float, b: float) -> bool:
    # The simplified formula may be defined where the function is not.
    return math.isclose(a, b, rel_tol=1e-14, abs_tol=1e-300) or a != a


@pytest.mark.parametrize("text", [*EXPRESSIONS, *(as_expression(ENTRIES[name]).partition(":")[0] for name in ENTRIES)])
def test_symbolic_derivative_equals_gradient(text: str) -> None:
    """The symbolic derivative, evaluated as an expression, equals the gradient, at ties too."""
    params = {param.name: "0.75" for param in actcli.get(text).parameters}
    spec = points.spec(text, params)
    derivative = actcli.get(spec).derivative
    used = free_names(parse(derivative))
    formula = points.spec(derivative, {name: value for name, value in params.items() if name in used})
    dice = random.Random(SEED)
    kinks = [float(at) for at, _ in parse_spec(spec).kinks]
    xs = np.array([dice.gauss(0, 2) for _ in range(40)] + [0.1, -0.1, 12.5, -12.5, 0.0, 0.5, 1.0, -1.0, 2.0, *kinks])
    gradient, values = actcli.gradient(spec, xs).tolist(), actcli.evaluate(formula, xs).tolist()
    assert all(agree(a, b) for a, b in zip(gradient, values, strict=True)), (SEED, formula)
    assert not all(map(math.isnan, gradient))


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        ("5", "0"),
        ("x", "1"),
        ("x**2", "2 * x"),
        ("x**3 / 3", "x**2"),
        ("-x**2 / 2", "-x"),
        ("(x + 1) / 2", "0.5"),
        ("x / 3", "1/3"),
        ("1 / x", "-1 / x**2"),
        ("exp(-x**2 / 2)", "-exp(-x**2 / 2) * x"),
        ("x * exp(x)", "exp(x) + x * exp(x)"),
        ("x * sigmoid(1.702 * x)", "sigmoid(1.702 * x) + 1.702 * x * sigmoid(1.702 * x) * (1 - sigmoid(1.702 * x))"),
        ("where(x > 0, x, 0.1 * x)", "where(x > 0, 1, 0.1)"),
        ("where(x > 0, x, x + 1)", "1"),
        ("max(x, 0)", "where(x > 0, 1, where(x == 0, 0.5, 0))"),
        ("min(x, 2 * x)", "where(x < 2 * x, 1, where(x == 2 * x, 1.5, 2))"),
        ("exp(x) * exp(x)", "2 * exp(x)**2"),
        ("x / x", "0"),
        ("x * x * x", "3 * x**2"),
        ("(x + 1) * (x - 1)", "2 * x"),
        ("sqrt(x**2 + 1)", "x / sqrt(x**2 + 1)"),
        ("e**x", "exp(x)"),
        ("elu(2 * x)", "2 * where(2 * x > 0, 1, exp(2 * x))"),
        ("rrelu(x)", "where(x > 0, 1, 11/48)"),
        ("softplus(3 * x)", "3 * sigmoid(3 * x)"),
        ("clip(x, max=1)", "where(x < 1, 1, 0)"),
        ("soft_exponential(x, alpha=2)", "exp(2 * x)"),
        ("abs(2 * x - 1)", "2 * sign(2 * x - 1)"),
        ("sqrt(x)", "1 / (2 * sqrt(x))"),
        ("log(x) * a", "a / x"),
    ],
)
def test_derivative_is_simplified(text: str, simple: str) -> None:
    """Zero terms and factors of 1 are dropped, constants folded, and like terms collected."""
    assert unparse(derivative(parse(text))) == simple


def test_long_constants_are_not_folded() -> None:
    """Constants whose product would be too long to read stay separate factors."""
    text = "1e400*" * 30 + "x"
    derivative = actcli.get(text).derivative
    assert len(derivative) < 1000
    assert float(actcli.evaluate(text, 0.5)) == math.inf
    assert unparse(parse(derivative)) == derivative


@pytest.mark.parametrize(
    ("template", "levels"),
    [("max({}, x**2, 1)", 25), ("min(1, {})", 25), ("clip({}, -1, x)", 20), ("hard_mish({})", 12), ("({})**x", 8)],
)
def test_derivative_of_nested_functions_is_short(template: str, levels: int) -> None:
    """The derivative of nested functions grows with their depth, not exponentially."""
    text = "sin(x)"
    for _ in range(levels):
        text = template.format(text)
    assert len(unparse(derivative(parse(text)))) < 40 * len(text) * levels


@pytest.mark.parametrize("name", ["max", "min"])
def test_derivative_of_many_arguments(name: str) -> None:
    """The derivative of max and min of many arguments is short, and equals the gradient at ties of several."""
    text = f"{name}({', '.join(f'{k} * x' for k in range(-6, 6))})"
    tree = parse(text)
    printed = derivative(tree)
    assert len(unparse(printed)) < 10_000
    m = UnboundedBallArithmetic(40)
    for x in (Fraction(0), Fraction(1, 2), Fraction(-5, 4)):
        assert Formula(printed, {})(m, x) == Formula(tree, {})(m, Dual(x, 1)).derivative


@pytest.mark.parametrize("text", [*EXPRESSIONS, *(as_expression(ENTRIES[name]).partition(":")[0] for name in ENTRIES)])
def test_symbolic_second_derivative_equals_gradient_of_order_2(text: str) -> None:
    """The second derivative, evaluated as an expression, equals the gradient of order 2 away from ties."""
    params = {param.name: "0.75" for param in actcli.get(text).parameters}
    second = actcli.get(points.spec(text, params)).second_derivative
    formula = points.spec(second, {name: value for name, value in params.items() if name in free_names(parse(second))})
    dice = random.Random(SEED)
    xs = np.array([dice.gauss(0, 2) for _ in range(25)] + [0.1, -0.1, 12.5, -12.5])
    wanted = actcli.gradient(points.spec(text, params), xs, order=2).tolist()
    found = actcli.evaluate(formula, xs).tolist()
    assert all(agree(a, b) for a, b in zip(wanted, found, strict=True)), (SEED, formula)
    assert not all(map(math.isnan, wanted))


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        ("5 * x - 1", "0"),
        ("x**3", "6 * x"),
        ("x**a", "a * (a - 1) * x**(a - 2)"),
        ("x**3 / 3", "2 * x"),
        ("1 / x", "2 / x**3"),
        ("(x + 1) * (x - 1) * x", "6 * x"),
        ("x * exp(x)", "2 * exp(x) + x * exp(x)"),
        ("exp(-x**2 / 2)", "exp(-x**2 / 2) * x**2 - exp(-x**2 / 2)"),
        ("x / (1 + x**2)", "-6 * x / (1 + x**2)**2 + 8 * x**3 / (1 + x**2)**3"),
        ("max(x, x**2)", "where(x > x**2, 0, 2)"),
        ("clip(x**3, -2, 2)", "where(max(x**3, -2) < 2, where(x**3 > -2, 6 * x, 0), 0)"),
        ("abs(x) * x", "2 * sign(x)"),
        ("floor(x) * x", "0"),
        ("sigmoid(3 * x)", "9 * sigmoid(3 * x) * (1 - sigmoid(3 * x)) * (1 - 2 * sigmoid(3 * x))"),
        ("gelu(x)", "(2 - x**2) * exp(-x**2 / 2) / sqrt(2 * pi)"),
        ("sin(x)**2", "2 * cos(x)**2 - 2 * sin(x)**2"),
    ],
)
def test_second_derivative_is_simplified(text: str, simple: str) -> None:
    """The second derivative uses the product rule and the entries' own texts, and has no values at ties."""
    assert actcli.get(text).second_derivative == simple


@pytest.mark.parametrize("template", ["max({}, x**2, 1)", "hard_mish({})", "({})**x", "x * gelu({})", "sin(x) / ({})"])
def test_second_derivative_is_short_or_absent(template: str) -> None:
    """A second derivative that is too long to be read is not given."""
    lengths = []
    text = "sin(x)"
    for _ in range(8):
        text = template.format(text)
        lengths.append(len(actcli.get(text).second_derivative))
    assert lengths[0] > 0
    assert max(lengths) <= 2000


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        ("x * exp(x) * x", "x**2 * exp(x)"),
        ("x**2 * (exp(x) * x)", "x**3 * exp(x)"),
        ("(2 * x)**3", "8 * x**3"),
        ("(-exp(x))**2", "exp(x)**2"),
        ("(x**2)**3", "x**6"),
        ("sqrt(x + 1)**4", "(x + 1)**2"),
        ("(2 * x)**0.5", "(2 * x)**0.5"),
        ("(2 * x)**-1", "(2 * x)**-1"),
        ("x**-1 * x", "x**-1 * x"),
        ("x**0.5 * x**0.5", "(x**0.5)**2"),
        ("(x**2)**0.5", "(x**2)**0.5"),
    ],
)
def test_powers_are_collected(text: str, simple: str) -> None:
    """Equal factors become a power, and a power with a positive integer as exponent resolves its base."""
    assert unparse(simplify(parse(text))) == simple


def test_derivative_of_a_long_sum() -> None:
    """The derivative of a sum of many terms is printed and evaluated without deep recursion."""
    text = " + ".join(f"sin({k} * x) * x" for k in range(1, 300))
    tree = parse(text)
    printed = derivative(tree)
    assert "cos(299 * x)" in unparse(printed)
    x, m = Fraction(1, 3), UnboundedBallArithmetic(40)
    value, wanted = Formula(printed, {})(m, x), Formula(tree, {})(m, Dual(x, 1)).derivative
    assert abs(float(value.mid) - float(wanted.mid)) < 1e-12 * abs(float(wanted.mid))
