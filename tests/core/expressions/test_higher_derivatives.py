"""Derivatives of order 2 and 3 of formulas: against mpmath at smooth points, and by both sides where parts tie."""

from __future__ import annotations

import math
import random
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf

import actcli
from actcli.core.evaluation.elementwise import evaluate
from actcli.core.evaluation.quantity import Quantity
from actcli.core.spec import parse
from actcli.number_formats import FLOATS
from tests.support.seeds import SEED
from tests.support.tiers import examples

NAN, INF = math.nan, math.inf

NAMESPACE: dict[str, Any] = {
    **{name: getattr(mpmath, name) for name in ("exp", "sin", "cos", "tanh", "sinh", "cosh", "atan", "erf", "sqrt")},
    "log": mpmath.log,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log1p(mpmath.exp(x)),
    "gelu": lambda x: x * mpmath.ncdf(x),
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
    "mish": lambda x: x * mpmath.tanh(mpmath.log1p(mpmath.exp(x))),
}
SMOOTH = [name for name in NAMESPACE if name not in ("log", "sqrt")]


def formula(source: random.Random, depth: int = 3) -> str:
    """A random formula that is smooth everywhere."""
    if depth == 0 or source.random() < 0.15:
        return source.choice(["x", "x", "x", "2", "3/4", "pi"])
    kind = source.randrange(5)
    parts = [formula(source, depth - 1) for _ in range(2)]
    if kind < 2:
        return f"{source.choice(SMOOTH)}({parts[0]})"
    if kind == 2:
        return f"({parts[0]} {source.choice('+-*')} {parts[1]})"
    if kind == 3:
        return f"({parts[0]})**{source.choice([2, 3])}"
    return f"({parts[0]}) / (2 + ({parts[1]})**2)"


def true_derivative(text: str, x: float, order: int) -> float:
    """The derivative from mpmath, rounded to float64."""
    with mp.workdps(80):
        code = text.replace("3/4", "mpf(3)/4")
        value = mpmath.diff(lambda t: eval(code, {**NAMESPACE, "pi": +mp.pi, "mpf": mpf, "x": t}), mpf(x), order)
        return float(value)


def test_random_formulas() -> None:
    """The derivatives of random smooth formulas are those of mpmath, rounded once."""
    source = random.Random(SEED)
    for _ in range(examples(400)):
        text = formula(source)
        x = [source.uniform(-3, 3) for _ in range(3)]
        order = source.choice([2, 3])
        found = actcli.gradient(text, x, order=order) if "x" in text.replace("exp", "") else None
        if found is None:
            continue
        for at, value in zip(x, found.tolist(), strict=True):
            true = true_derivative(text, at, order)
            assert value == true or abs(true) < 1e-45 or not math.isfinite(true), (text, at, order, value, true)


@pytest.mark.parametrize(
    ("text", "at", "order", "here", "left", "right"),
    [
        ("abs(x)", 0, 2, NAN, 0, 0),
        ("abs(x)**3", 0, 2, 0, 0, 0),
        ("abs(x)**3", 0, 3, NAN, -6, 6),
        ("max(x, 0)**2", 0, 2, NAN, 0, 2),
        ("where(x > 0, x**2, -x**2)", 0, 2, NAN, -2, 2),
        ("where(x > 0, x**4, x**3)", 0, 2, 0, 0, 0),
        ("where(x > 0, x**4, x**3)", 0, 3, NAN, 6, 0),
        ("exp(x) + abs(x - 1)", 1, 2, NAN, math.e, math.e),
        ("where(x == 0, 1, sin(x) / x)", 0, 2, -1 / 3, -1 / 3, -1 / 3),
        ("sqrt(x)", 0, 2, NAN, NAN, INF),
        ("x**1.5", 0, 2, NAN, NAN, INF),
        ("x**2.5", 0, 2, NAN, NAN, 0),
        ("(x**2)**1.5", 0, 2, 0, 0, 0),
        ("clip(x, -1, 2) * x", -1, 2, NAN, 0, 2),
        ("relu(x) * x", 0, 2, NAN, 0, 2),
        ("hard_swish(x) - x / 2", 3, 2, NAN, 1 / 3, 0),
        ("softsign(x)", 0, 2, NAN, 2, -2),
        ("x * floor(x)", 1, 2, NAN, 0, 0),
        ("mod(x, 2)**2", 1, 2, 2, 2, 2),
        ("abs(x) - abs(x) + x**2", 0, 2, 2, 2, 2),
    ],
)
def test_ties(text: str, at: float, order: int, here: float, left: float, right: float) -> None:
    """Where parts tie, a derivative exists if both sides have the same value and derivatives so far."""
    x = np.array([float(at)])
    found = [evaluate(Quantity(parse(text), order, None, side), x, FLOATS["float64"])[0] for side in (0, -1, 1)]
    assert repr([float(value) + 0.0 for value in found]) == repr([float(here), float(left), float(right)])


def test_parameters_of_formulas() -> None:
    """A formula's own parameters take part in higher derivatives."""
    assert actcli.gradient("exp(a * x)", [0.0], order=3, a="1/2").tolist() == [0.125]
    assert actcli.gradient("leaky_relu(x, negative_slope=a) * x", [-1.0], order=2, a=3).tolist() == [6.0]
