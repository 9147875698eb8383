"""One-sided values and derivatives, kinks and jumps."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest

from actcli.core.evaluation.one_sided import Sides, differ, one_sided, smooth_derivative
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
def test_one_sided_values_and_derivatives(
    spec: str, at: Fraction, left: tuple[Any, Any], right: tuple[Any, Any]
) -> None:
    """Rational pieces have exact one-sided values and derivatives, even at points that are not float64."""
    assert one_sided(formula(spec), Fraction(at), -1) == left
    assert one_sided(formula(spec), Fraction(at), 1) == right


@pytest.mark.parametrize(
    ("spec", "at", "derivative"),
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
def test_smooth_derivative(spec: str, at: int, derivative: int | None) -> None:
    """The derivative at a smooth point is exact; there is none at a kink, a jump or outside the domain."""
    assert smooth_derivative(formula(spec), Fraction(at)) == derivative


def test_smooth_derivative_of_transcendental_functions() -> None:
    """The derivative of a transcendental function at a smooth point is a ball of 40 digits."""
    found = smooth_derivative(formula("elu"), Fraction(0))
    assert float(getattr(found, "mid", found)) == 1
    found = smooth_derivative(formula("tanh(x)"), Fraction(1))
    assert math.isclose(float(found.mid), 1 / math.cosh(1) ** 2, rel_tol=1e-15)


def test_overlapping_balls_do_not_differ() -> None:
    """Exact numbers differ if unequal; a ball does not differ from a number that it contains."""
    one = one_sided(formula("exp(x) - exp(x) + 1"), Fraction(1), 0)[0]
    assert differ(1, 2)
    assert not differ(Fraction(1, 2), Fraction(1, 2))
    assert not differ(one, 1)


@pytest.mark.parametrize(
    ("spec", "at", "is_kink", "is_jump"),
    [
        ("relu", 0, True, False),
        ("step", 0, True, True),
        ("where(x == 1, 2, x)", 1, True, True),
        ("hardshrink", Fraction(1, 2), True, True),
        ("tanh", 0, False, False),
        ("elu", 0, False, False),
    ],
)
def test_kinks_and_jumps(spec: str, at: Fraction, is_kink: bool, is_jump: bool) -> None:
    """A jump has different values on its sides or at the point; a kink is a jump or has different derivatives."""
    sides = Sides.of(formula(spec), Fraction(at))
    assert (sides.is_kink, sides.is_jump) == (is_kink, is_jump)
