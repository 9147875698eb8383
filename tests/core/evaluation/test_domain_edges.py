"""Edges of domains at exact rationals: the float64 numbers around an edge are on the right side of it."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf

import actcli
from actcli.core.evaluation import elementwise
from actcli.core.evaluation.exact_digits import format_exact
from actcli.core.evaluation.quantity import Quantity
from actcli.core.spec import parse
from actcli.number_formats import FLOATS
from tests.support.oracle import FORMATS, nearest
from tests.support.points import neighbours
from tests.support.seeds import SEED
from tests.support.tiers import examples

DIGITS = 1500
EXTREMES = ("1e300", "1e-300", "1e-309", "3e-324", "1e-400", "1e400", "1e16", "1e-16", "1e154", "1e-154", "1.7e308")


def real(value: Fraction) -> Any:
    return mpf(value.numerator) / value.denominator


def rounded(value: Any) -> float:
    """Return an mpmath number rounded to float64."""
    sign, mantissa, exponent, bits = value._mpf_
    size = max(min(exponent + bits, 2000), -2000) - bits
    return nearest((-1) ** sign * Fraction(mantissa) * Fraction(2) ** size, FORMATS["float64"])


def around(edge: Fraction) -> list[float]:
    """Return the float64 numbers around an edge, or around the largest if that is nearer to 0."""
    largest = FORMATS["float64"].largest
    return neighbours(float(max(-largest, min(edge, largest))), "float64", 3)


def parameters() -> Iterator[str]:
    dice = random.Random(SEED)
    for _ in range(examples(80)):
        yield f"-{dice.randint(1, 99)}/{dice.randint(1, 99)}"
    yield from (f"-{text}" for text in EXTREMES)


@pytest.mark.parametrize("order", [0, 1])
def test_soft_exponential_at_its_edge(order: int) -> None:
    """For negative alpha f and f' are exact where alpha (x + alpha) < 1, and nan elsewhere."""
    function = actcli.gradient if order else actcli.evaluate
    with mp.workdps(DIGITS):
        for alpha in map(Fraction, parameters()):
            xs = [*around(1 / alpha - alpha), 1.0, 1e300, -1e300]
            inner = [1 - alpha * (Fraction(x) + alpha) for x in xs]
            wanted = [
                math.nan if at <= 0 else rounded(1 / real(at) if order else -mpmath.log(real(at)) / real(alpha))
                for at in inner
            ]
            text = f"{alpha.numerator}/{alpha.denominator}"
            for found in (
                function("soft_exponential", xs, alpha=alpha),
                function(f"soft_exponential:alpha={text}", xs),
            ):
                assert [repr(abs(y)) for y in found.tolist()] == [repr(abs(y)) for y in wanted], alpha


def test_stated_edge() -> None:
    """The float64 next to -8/3 lies inside the domain of soft_exponential:alpha=-1/3."""
    x = [-2.6666666666666665]
    assert actcli.evaluate("soft_exponential", x, alpha="-1/3").tolist() == [-112.64319235768029]
    assert actcli.gradient("soft_exponential", x, alpha="-1/3").tolist() == [2.026619832316723e16]
    assert actcli.gradient("soft_exponential:alpha=-1e300", [1e300]).tolist() == [0.0]


@pytest.mark.parametrize(
    ("form", "reference"),
    [
        ("log({a}*x - {b})", lambda u: mpmath.log(u) if u > 0 else mpmath.nan),
        ("sqrt({a}*x - {b})", lambda u: mpmath.sqrt(u) if u >= 0 else mpmath.nan),
        ("1/({a}*x - {b})", lambda u: 1 / u if u else mpmath.nan),
    ],
)
def test_expressions_at_edges(form: str, reference: Callable[[Any], Any]) -> None:
    """An expression is exact on both sides of a rational edge of its domain."""
    dice = random.Random(SEED)
    with mp.workdps(DIGITS):
        for _ in range(examples(80)):
            a, b, c = dice.randint(1, 99), dice.randint(-99, 99), dice.randint(1, 99)
            xs = around(Fraction(b, a * c))
            wanted = [reference(real(a * Fraction(x) - Fraction(b, c))) for x in xs]
            found = actcli.evaluate(form.format(a=a, b=f"({b}/{c})"), np.array(xs)).tolist()
            assert [repr(y) for y in found] == [
                "nan" if mpmath.isnan(y) else repr(rounded(y) if y else 0.0) for y in wanted
            ], (a, b, c)


@pytest.mark.parametrize("spec", ["log1mexp", "log1mexp@jax"])
def test_poles_that_a_framework_evaluates(spec: str) -> None:
    """log1mexp and its derivative have their limits at 0, as in JAX 0.10.2 and SciPy; outside they are nan."""
    for dtype in ("float64", "float32", "bfloat16"):
        assert actcli.evaluate(spec, [0.0, -0.0], dtype=dtype).tolist() == [-math.inf] * 2
        assert actcli.gradient(spec, [0.0, -0.0], dtype=dtype).tolist() == [math.inf] * 2
        assert np.isnan(actcli.evaluate(spec, [-1e-30, -1.0, -math.inf], dtype=dtype)).all()
    assert np.isnan(actcli.evaluate(spec, [0.0], dtype="float8_e4m3fn")).all()


def test_one_sided_derivatives_at_a_pole() -> None:
    """The derivative from outside the domain is nan, that from inside infinite."""
    bound = parse("log1mexp", {})
    fmt = FLOATS["float64"]
    found = [elementwise.evaluate(Quantity(bound, 1, side=side), np.zeros(1), fmt).tolist() for side in (-1, 0, 1)]
    assert repr(found) == "[[nan], [inf], [inf]]"
    assert format_exact(Quantity(bound), 0.0, 30) == "-inf"


def test_edges_that_no_framework_evaluates() -> None:
    """At its edge, where it has a pole too, soft_exponential is outside its domain, like log(x) at 0."""
    assert np.isnan(actcli.evaluate("soft_exponential:alpha=-0.5", [-1.5, -1.6])).all()
    assert np.isnan(actcli.evaluate("log(x)", [0.0])).all()
