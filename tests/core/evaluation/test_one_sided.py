"""Just left and right of a place: values and slopes there, and whether there is a kink between them."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest

from actcli.core.evaluation.one_sided import differ, one_sided, smooth_derivative
from actcli.core.spec import parse


def formula(spec: str) -> Any:
    return parse(spec).evaluate_exact


@pytest.mark.parametrize(
    ("spec", "at", "left", "right"),
    [
        ("relu", 0, (0, 0), (0, 1)),
        ("leaky_relu:negative_slope=1/3", 0, (0, Fraction(1, 3)), (0, 1)),
        ("threshold:threshold=1,value=2", 1, (2, 0), (1, 1)),
        ("abs(3 * x - 1)", Fraction(1, 3), (0, -3), (0, 3)),
        ("where(x >= 2, x**2, 5)", 2, (5, 0), (4, 4)),
    ],
)
def test_values_and_slopes_beside(spec: str, at: Fraction, left: tuple[Any, Any], right: tuple[Any, Any]) -> None:
    """Rational pieces have exact values and slopes on both sides, also at places that no float64 is."""
    assert one_sided(formula(spec), Fraction(at), -1) == left
    assert one_sided(formula(spec), Fraction(at), 1) == right


@pytest.mark.parametrize(
    ("spec", "at", "slope"),
    [
        ("relu", 0, None),
        ("step", 0, None),
        ("threshold:threshold=1,value=1", 1, None),
        ("relu", 1, 1),
        ("softshrink:lambd=0", 0, 1),
        ("leaky_relu:negative_slope=1", 0, 1),
        ("x * abs(x)", 0, 0),
        ("where(x > 0, 1 / x, x)", 0, None),
    ],
)
def test_a_slope_where_there_is_no_kink(spec: str, at: int, slope: int | None) -> None:
    """Where value and slope are the same on both sides the slope is theirs, and elsewhere there is none."""
    assert smooth_derivative(formula(spec), Fraction(at)) == slope


def test_a_slope_that_is_no_exact_number() -> None:
    """A smooth place of a transcendental function has a slope to many digits."""
    found = smooth_derivative(formula("elu"), Fraction(0))
    assert float(getattr(found, "mid", found)) == 1
    found = smooth_derivative(formula("tanh(x)"), Fraction(1))
    assert math.isclose(float(found.mid), 1 / math.cosh(1) ** 2, rel_tol=1e-15)


def test_numbers_that_differ() -> None:
    """What is told apart differs; a ball that holds a number does not differ from it for certain."""
    one = one_sided(formula("exp(x) - exp(x) + 1"), Fraction(1), 0)[0]
    assert differ(1, 2)
    assert not differ(Fraction(1, 2), Fraction(1, 2))
    assert not differ(one, 1)
