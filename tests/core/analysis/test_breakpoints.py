"""Breakpoints: listed kinks, unlisted kinks, and points that are smooth with the given parameters."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import pytest

import actcli
from actcli.core.analysis.breakpoints import breakpoints, numeric_kinks, unlisted_kinks
from actcli.core.spec import parse


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("relu", [(0, 0, 0, 1)]),
        ("elu", []),
        ("elu:alpha=2", [(0, 2, 2, 1)]),
        ("leaky_relu:negative_slope=1", []),
        ("prelu@mlx:alpha=1", []),
        ("softshrink:lambd=0", []),
        ("relu@keras:threshold=3,max_value=1", [(3, 0, 0, 0)]),
        ("relu@keras:max_value=2", [(0, 0, 0, 1), (2, 1, 1, 0)]),
        ("threshold:threshold=1,value=2", [(1, 0, 0, 1)]),
        ("xielu@hf:eps=-0.5", [(-0.5, *[0.8 * math.exp(-0.5) - 0.3] * 2, -0.3), (0, -0.3, -0.3, 0.5)]),
        ("softplus@torch:threshold=1", [(1, 1 / (1 + math.exp(-1)), 1 / (1 + math.exp(-1)), 1)]),
        ("relu(3 * x - 1)", [(1 / 3, 0, 0, 3)]),
        ("clipped_gelu", [(10, 1, 1, 0)]),
    ],
)  # fmt: skip
def test_numeric_kinks(spec: str, expected: list[tuple[float, ...]]) -> None:
    """Each kink has its one-sided derivatives and the chosen one; points that are smooth are left out."""
    found = [(kink.at, kink.left, kink.given, kink.right) for kink in numeric_kinks(parse(spec))]
    assert found == [pytest.approx(row, rel=1e-15) for row in expected]


@pytest.mark.parametrize(
    ("spec", "truths"),
    [
        ("abs(x**2 - 2)", [-mpmath.sqrt(2), mpmath.sqrt(2)]),
        ("max(x, cos(x))", [mpmath.findroot(lambda x: mpmath.cos(x) - x, 0.7)]),
        ("where(x**3 > 5, 1, 0)", [mpmath.cbrt(5)]),
        ("where(exp(x) > 2, x + 1e-3, x)", [mpmath.log(2)]),
        ("clipped_gelu:max_value=1", [mpmath.findroot(lambda x: x * mpmath.ncdf(x) - 1, 1.1)]),
        ("abs(x**3)", []),
        ("sigmoid(100 * abs(x**2 + 1))", []),
        ("max(exp(x), 0)", []),
    ],
)
def test_unlisted_kinks(spec: str, truths: list[mpmath.mpf]) -> None:
    """A kink at an irrational point is located to one ulp; parts that do not meet give none."""
    found = unlisted_kinks(parse(spec), -16.0, 16.0)
    assert len(found) == len(truths)
    assert all(abs(x - truth) <= math.ulp(x) for x, truth in zip(found, truths, strict=True))


@pytest.mark.parametrize("spec", ["hard_tanh:min_val=-1,max_val=1e350", "max(x, 1e400) + relu(x + 1)"])
def test_kinks_beyond_float64_are_left_out(spec: str) -> None:
    """A kink beyond the range of float64 is no breakpoint, and the kinks within it remain."""
    assert breakpoints([parse(spec)], -5.0, 5.0) == [-1.0]
    assert [kink.at for kink in numeric_kinks(parse(spec))] == [-1.0]


def test_breakpoints_of_several_functions() -> None:
    """Breakpoints are the kinks of all functions within the range, and no others."""
    bounds = [parse("relu6"), parse("abs(x**2 - 2)"), parse("gelu")]
    points = breakpoints(bounds, -1.0, 7.0)
    assert points == pytest.approx([0.0, math.sqrt(2), 6.0], abs=1e-15)
    assert breakpoints(bounds, 2.0, 5.0) == []


@pytest.mark.parametrize(
    ("spec", "at", "derivative"),
    [
        ("softshrink:lambd=0", 0.0, 1),
        ("prelu@mlx:alpha=1", 0.0, 1),
        ("prelu@mlx:alpha=1/2", 0.0, Fraction(3, 2)),
        ("relu@keras:threshold=3,max_value=1", 1.0, 0),
    ],
)
def test_derivative_at_removable_kink(spec: str, at: float, derivative: Fraction) -> None:
    """Where both sides agree the derivative is theirs; at a true kink it is the chosen one."""
    assert actcli.gradient(spec, at) == derivative
